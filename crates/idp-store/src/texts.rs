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
         u.directory_roles, u.password, u.must_change_password, u.valid_from, u.created_at, u.profile, u.external, \
         u.revision"
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

/// How many columns such a list names.
pub(crate) const fn columns_in(list: &str) -> usize {
    let (bytes, mut at, mut count) = (list.as_bytes(), 0, 1);
    while at < bytes.len() {
        if bytes[at] == b',' {
            count += 1;
        }
        at += 1;
    }
    count
}

#[cfg(test)]
pub(crate) mod tests {
    use crate::{
        applications, audit, deleted, devices, grants, groups, keys, links, lockouts, members, names,
        object_keys, objects, permissions, principals, tenants, unindexed, users,
    };

    pub(crate) fn all() -> impl Iterator<Item = &'static str> {
        let nouns = [
            applications::TEXTS,
            audit::TEXTS,
            deleted::TEXTS,
            devices::TEXTS,
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

    fn tables() -> rusqlite::Connection {
        let connection = rusqlite::Connection::open_in_memory().unwrap();
        for migration in crate::migrations::ALL {
            connection.execute_batch(&migration.text("BLOB")).unwrap();
        }
        connection
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
        let connection = tables();
        for sql in all() {
            let statement = connection.prepare(sql).unwrap_or_else(|error| panic!("{error}: {sql}"));
            let highest = parameters(sql).into_iter().max().unwrap_or(0);
            assert_eq!(statement.parameter_count(), highest, "{sql}");
        }
    }

    /// How SQLite goes about a text, step by step.
    fn plan(connection: &rusqlite::Connection, sql: &str) -> Vec<String> {
        let mut statement = connection.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
        let mut rows = statement.raw_query();
        let mut plan = Vec::new();
        while let Some(row) = rows.next().unwrap() {
            plan.push(row.get(3).unwrap());
        }
        plan
    }

    /// However many users and groups there are: what is looked at is what is asked for.
    #[test]
    fn no_text_looks_at_more_than_an_index_leads_it_to() {
        let connection = tables();
        // Few by nature; what a query has made itself; and counting, which walks an index.
        let few = ["signing_keys", "unindexed", "above", "inside", "m"];
        let whole_tenant = [
            tenants::DOMAINS,
            objects::USER_COUNT,
            objects::GROUP_COUNT,
            objects::APPLICATION_COUNT,
            objects::PRINCIPAL_COUNT,
        ];
        // Sorted after it was found: at most the sessions of one browser, the closure of one group.
        let sorted = [grants::SESSIONS_OF_BROWSER, members::INSIDE];
        for sql in all() {
            for step in plan(&connection, sql) {
                let scanned = step.strip_prefix("SCAN ").and_then(|rest| rest.split(' ').next());
                assert!(scanned.is_none_or(|table| few.contains(&table)), "{step}, in: {sql}");
                let by_tenant =
                    step.ends_with("(tenant_id=?)") || step.ends_with("(tenant_id=? AND relation=?)");
                assert!(!by_tenant || whole_tenant.contains(&sql), "{step}, in: {sql}");
                assert!(!step.contains("AUTOMATIC"), "{step}, in: {sql}");
                let sorts_a_page = step.contains("TEMP B-TREE") && sql.contains("LIMIT");
                assert!(!sorts_a_page || sorted.contains(&sql), "{step}, in: {sql}");
            }
        }
    }

    #[test]
    fn a_page_of_users_is_a_range_of_an_index_and_a_row_for_each() {
        let connection = tables();
        let keys = "SEARCH k USING COVERING INDEX sqlite_autoindex_object_keys_1 \
            (tenant_id=? AND kind=? AND property=? AND (value,object_id)>(?,?) AND value<?)";
        let row = "SEARCH u USING INDEX sqlite_autoindex_users_1 (tenant_id=? AND id=?)";
        assert_eq!(plan(&connection, objects::USERS_UP), [keys, row]);
        let range = "SEARCH u USING INDEX sqlite_autoindex_users_1 (tenant_id=? AND id>?)";
        assert_eq!(plan(&connection, objects::USERS), [range]);
    }
}
