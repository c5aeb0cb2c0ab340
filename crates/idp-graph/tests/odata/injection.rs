//! GA-01: what injects elsewhere. Each payload is either refused with a typed error or is a plain literal; there is
//! nothing in between.

use idp_graph::odata::filter::Filter;
use idp_graph::odata::options::QueryOptions;
use vestibule_wire::form;

use crate::entities::{USER, named, people};

const PAYLOADS: &[&str] = &[
    // SQL
    "' or '1'='1",
    "' OR 1=1 --",
    "'; DROP TABLE users; --",
    "' UNION SELECT secret FROM users --",
    "1; SELECT 1",
    "\" or \"\"=\"",
    "') or ('1'='1",
    "admin'--",
    "x' AND 1=(SELECT COUNT(*) FROM t); --",
    "' || '1",
    "'+'",
    "%' or 1=1 --",
    "_",
    "%",
    "\\' or 1=1",
    "$1",
    "?",
    ":id",
    "' LIMIT 1 OFFSET 1 --",
    "1 or pg_sleep(5)",
    "'; ATTACH DATABASE 'x' AS y; --",
    "randomblob(1000000000)",
    "load_extension('x')",
    "CASE WHEN 1=1 THEN 1 END",
    // OData
    "displayName eq 'x' or true",
    "1 eq 1",
    "displayName eq displayName",
    "' or 1 eq 1 or displayName eq '",
    "x' or startswith(displayName,'a') or displayName eq 'y",
    "$it/displayName eq 'x'",
    "$root/users",
    "@odata.type",
    "secret eq 'x'",
    "startswith(secret,'a')",
    "password",
    "secret asc",
    "passwordHash",
    "tenantId eq 'other'",
    "displayName eq $filter",
    "concat(displayName,'x') eq 'y'",
    "length(displayName) gt 1",
    "cast(id,Edm.String) eq 'x'",
    "isof('microsoft.graph.user')",
    "microsoft.graph.user/displayName eq 'x'",
    "memberOf/any(m:m/id eq 'x')",
    "manager/displayName eq 'x'",
    "geo.distance(a,b) lt 1",
    "now() gt createdDateTime",
    "@p1",
    "displayName eq @p1",
    "members($expand=members($expand=members))",
    "memberOf($filter=id eq 'x')",
    "memberOf($levels=max)",
    "memberOf($select=secret;$select=id)",
    "memberOf/$ref",
    "*/$ref",
    "$value",
    "displayName desc,secret",
    "displayName;secret",
    "displayName desc nulls first",
    "displayName/secret",
    "identities/secret",
    // scripts, templates, formats, directories, LDAP, XML, JSON
    "<script>alert(1)</script>",
    "{{7*7}}",
    "${7*7}",
    "#{7*7}",
    "%s%s%n",
    "../../etc/passwd",
    "*)(uid=*))(|(uid=*",
    "<!ENTITY x SYSTEM 'file:///etc/passwd'>",
    "{\"$ne\":null}",
    "[$regex]",
    "$where=1",
    "__proto__",
    "constructor",
    "(a+)+$",
    "\r\nSet-Cookie: a=b",
    "a\u{0}b",
    "\u{2019} or 1 eq 1",
    "\u{202e}eman",
    "\u{feff}displayName",
    "=1+1",
    "|calc",
    "`id`",
    "$(id)",
    "\u{1f4a9}",
    "a&$filter=accountEnabled",
    "a%27%20or%201",
    "/*",
    "*/",
    "--",
    "#",
    ";",
];

const OPTIONS: &[&str] = &["$filter", "$orderby", "$select", "$expand", "$search"];

#[test]
fn ga_01_a_payload_instead_of_an_option_is_refused() {
    let mut tried = 0;
    for payload in PAYLOADS {
        for option in OPTIONS {
            let query = form::encode([(*option, *payload), ("$count", "true")]);
            tried += 1;
            // None of them is a name of ours or a condition by itself.
            let Ok(options) = QueryOptions::parse(Some(&query), &USER, true) else { continue };
            panic!("{option}={payload} means {options:?}");
        }
    }
    assert!(tried >= 300, "{tried}");
}

#[test]
fn ga_01_a_payload_between_quotes_is_a_plain_literal() {
    for payload in PAYLOADS {
        let literal = payload.replace('\'', "''");
        for filter in [
            format!("displayName eq '{literal}'"),
            format!("startswith(displayName,'{literal}')"),
            format!("displayName in ('{literal}')"),
        ] {
            let filter = Filter::parse(&filter, &USER, false).unwrap();
            assert!(filter.matches(&named(payload)), "{filter}");
            assert!(!people().iter().any(|person| filter.matches(person)), "{filter}");
        }
    }
}

#[test]
fn ga_01_a_payload_that_breaks_out_of_its_quotes_finds_nobody() {
    for payload in PAYLOADS {
        for frame in
            ["displayName eq 'PAYLOAD'", "startswith(displayName,'PAYLOAD')", "displayName in ('PAYLOAD')"]
        {
            let Ok(filter) = Filter::parse(&frame.replace("PAYLOAD", payload), &USER, false) else {
                continue;
            };
            // The one that is itself a right condition may find whom it describes: that is what a filter is for.
            let is_condition = payload.contains("startswith(displayName");
            let finds = people().iter().any(|person| filter.matches(person));
            assert!(is_condition || !finds, "{frame} with {payload}");
        }
    }
}

#[test]
fn ga_01_a_payload_in_a_search_is_words() {
    for payload in PAYLOADS {
        let query = form::encode([("$search", format!("\"displayName:{payload}\"").as_str())]);
        let Ok(options) = QueryOptions::parse(Some(&query), &USER, true) else { continue };
        let search = options.search.unwrap();
        assert!(search.matches(&named(payload)), "{search}");
    }
}
