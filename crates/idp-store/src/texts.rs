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

/// The columns of an object, in the order in which its row is read. Queries call the tables `u`, `g`, `a` and `p`.
macro_rules! columns {
    (user) => {
        "u.tenant_id, u.id, u.upn, u.display_name, u.given_name, u.surname, u.mail, u.enabled, u.user_type, \
         u.directory_roles, u.password, u.must_change_password, u.valid_from, u.created_at, u.profile, u.revision"
    };
    (group) => {
        "g.tenant_id, g.id, g.display_name, g.mail_nickname, g.mail_enabled, g.security_enabled, \
         g.assignable_to_role, g.created_at, g.profile, g.revision"
    };
    (application) => {
        "a.document, a.revision"
    };
    (principal) => {
        "p.tenant_id, p.id, p.client_id, p.enabled, p.assignment_required, p.created_at, p.profile, p.revision"
    };
}
pub(crate) use columns;

#[cfg(test)]
pub(crate) mod tests {
    use crate::{
        applications, audit, deleted, grants, groups, keys, links, lockouts, members, names, object_keys,
        objects, permissions, principals, tenants, unindexed, users,
    };

    pub(crate) fn all() -> impl Iterator<Item = &'static str> {
        let nouns = [
            applications::TEXTS,
            audit::TEXTS,
            deleted::TEXTS,
            grants::TEXTS,
            groups::TEXTS,
            keys::TEXTS,
            links::TEXTS,
            lockouts::TEXTS,
            members::TEXTS,
            names::TEXTS,
            object_keys::TEXTS,
            objects::TEXTS,
            permissions::TEXTS,
            principals::TEXTS,
            tenants::TEXTS,
            unindexed::TEXTS,
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
