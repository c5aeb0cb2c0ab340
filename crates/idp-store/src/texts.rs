//! The SQL: one text per query, read by both engines, beside the noun it is about.
//!
//! Parameters are `$1`, `$2`, … in the order of their first appearance, because SQLite numbers a `$name` when it first
//! meets it and PostgreSQL goes by the number. What CockroachDB and YugabyteDB lack is not used.

/// Names the texts of a noun, and lists them for the tests below.
macro_rules! texts {
    ($($(#[$doc:meta])* $name:ident = $text:expr;)+) => {
        $($(#[$doc])* pub(crate) const $name: &str = $text;)+

        #[cfg(test)]
        pub(crate) const TEXTS: &[&str] = &[$($name),+];
    };
}
pub(crate) use texts;

#[cfg(test)]
pub(crate) mod tests {
    use crate::{applications, audit, grants, keys, lockouts, permissions, tenants, users};

    pub(crate) fn all() -> impl Iterator<Item = &'static str> {
        let nouns = [
            applications::TEXTS,
            audit::TEXTS,
            grants::TEXTS,
            keys::TEXTS,
            lockouts::TEXTS,
            permissions::TEXTS,
            tenants::TEXTS,
            users::TEXTS,
        ];
        nouns.into_iter().flatten().copied()
    }

    /// The numbers of the parameters, in order of appearance.
    fn parameters(sql: &str) -> Vec<usize> {
        let parts = sql.split('$').skip(1);
        let digits = |part: &str| part.chars().take_while(char::is_ascii_digit).collect::<String>();
        parts.map(|part| digits(part).parse().unwrap()).collect()
    }

    #[test]
    fn parameters_are_numbered_in_the_order_in_which_they_first_appear() {
        for sql in all() {
            let mut highest = 0;
            for number in parameters(sql) {
                assert!(number <= highest + 1, "${number} too early in: {sql}");
                highest = highest.max(number);
            }
        }
    }

    #[test]
    fn st_08_no_text_holds_a_quoted_value() {
        for sql in all() {
            assert!(!sql.contains(['\'', '"', ';', '?']), "{sql}");
        }
    }

    #[test]
    fn every_text_fits_the_tables() {
        let connection = rusqlite::Connection::open_in_memory().unwrap();
        for migration in crate::migrations::ALL {
            connection.execute_batch(&migration.text("BLOB")).unwrap();
        }
        for sql in all() {
            let statement = connection.prepare(sql).unwrap_or_else(|error| panic!("{error}: {sql}"));
            let highest = parameters(sql).into_iter().max().unwrap_or(0);
            assert_eq!(statement.parameter_count(), highest, "{sql}");
        }
    }
}
