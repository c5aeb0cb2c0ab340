//! What has a test: every route, grant type and error code must; of the attack cases it says how many do.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use vestibule_wire::aadsts::Aadsts;
use vestibule_wire::oauth::GrantType;

/// Codes that no request can bring about yet. The list may only shrink: an entry with a test fails.
const OUT_OF_REACH: [(Aadsts, &str); 7] = [
    (Aadsts::AssertionNotInTime, "needs a clock that can be moved from outside"),
    (Aadsts::GrantExpired, "needs a clock that can be moved from outside"),
    (Aadsts::DeviceCodeExpired, "needs a clock that can be moved from outside"),
    (Aadsts::RefreshTokenInactive, "needs a clock that can be moved from outside"),
    (Aadsts::RefreshTokenOfSpaExpired, "needs a clock that can be moved from outside"),
    (Aadsts::ServiceBusy, "needs a store that fails"),
    (Aadsts::ServerFailed, "needs a key that cannot sign"),
];

/// How many attack cases there are in each group, and how many programmes of faults (RF).
const GROUPS: [(&str, u8); 19] = [
    ("AZ", 55),
    ("CD", 29),
    ("CA", 28),
    ("RT", 20),
    ("DC", 14),
    ("OB", 15),
    ("RO", 9),
    ("JW", 41),
    ("DS", 13),
    ("UI", 15),
    ("LG", 30),
    ("CN", 19),
    ("GA", 19),
    ("SM", 29),
    ("WF", 12),
    ("KB", 12),
    ("TP", 19),
    ("ST", 15),
    ("RF", 42),
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// The texts of all Rust files below a folder, this one left out.
fn sources(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        if entry.is_dir() {
            found.extend(sources(&entry));
        } else if entry.extension().is_some_and(|kind| kind == "rs") && !entry.ends_with("coverage.rs") {
            found.push(fs::read_to_string(&entry).unwrap());
        }
    }
    found
}

fn specification() -> String {
    sources(&root().join("spec")).concat()
}

/// The first string literal after each occurrence of a word.
fn literals_after<'a>(text: &'a str, word: &str) -> Vec<&'a str> {
    text.split(word).skip(1).filter_map(|rest| rest.split('"').nth(1)).collect()
}

#[test]
fn every_route_has_a_test() {
    let router = fs::read_to_string(root().join("crates/idp-server/src/router.rs")).unwrap();
    let steps = fs::read_to_string(root().join("crates/idp-signin/src/path.rs")).unwrap();
    let mut routes = literals_after(&router, ".route(");
    routes.extend(literals_after(&steps, "pub(crate) const "));
    assert!(routes.len() > 15, "the routes are written in another way now: {routes:?}");
    let specification = specification();
    for route in routes {
        // Tests write other tenants than `{tenant}`: what they must have in common is the rest.
        let literal =
            route.split(['{', '}']).filter(|piece| piece.starts_with('/')).max_by_key(|piece| piece.len());
        let literal = literal.unwrap_or(route);
        assert!(specification.contains(literal), "no test of the route {route}");
    }
}

#[test]
fn every_grant_type_has_a_file_of_tests() {
    for grant in GrantType::ALL {
        // A URN ends in the name.
        let name = grant.as_str().rsplit(':').next().unwrap_or_default().replace('-', "_");
        let file = root().join(format!("spec/tests/spec/{name}.rs"));
        let text = fs::read_to_string(&file).unwrap_or_else(|_| panic!("{} is missing", file.display()));
        assert!(text.contains("#[tokio::test]"), "{} has no tests", file.display());
    }
}

#[test]
fn every_error_code_has_a_test_or_a_reason() {
    let specification = specification();
    let tested = |code: Aadsts| {
        let name = format!("Aadsts::{}", code.name());
        specification.match_indices(&name).any(|(at, _)| {
            specification[at + name.len()..]
                .chars()
                .next()
                .is_none_or(|next| !next.is_alphanumeric() && next != '_')
        })
    };
    for code in Aadsts::ALL {
        let reason = OUT_OF_REACH.iter().find(|(exempt, _)| exempt == code);
        match (tested(*code), reason) {
            (true, None) | (false, Some(_)) => {}
            (true, Some(_)) => panic!("{} has a test: take it off the list", code.name()),
            (false, None) => panic!("AADSTS{} ({}) has no test", code.row().number, code.name()),
        }
    }
}

#[test]
fn the_attack_cases_with_a_test() {
    let mut covered: BTreeMap<&str, BTreeSet<u8>> = BTreeMap::new();
    for text in ["spec", "crates", "libs"].iter().flat_map(|folder| sources(&root().join(folder))) {
        for name in text.split("fn ").skip(1).filter_map(|rest| rest.split('(').next()) {
            for (group, number) in cases(name) {
                let Some((group, total)) = GROUPS.iter().find(|(known, _)| *known == group) else { continue };
                assert!((1..=*total).contains(&number), "no such case: {name}");
                covered.entry(group).or_default().insert(number);
            }
        }
    }
    println!("{:<6} {:>7} {:>6}  missing", "group", "covered", "total");
    for (group, total) in GROUPS {
        let with = covered.remove(group).unwrap_or_default();
        let missing: Vec<_> = (1..=total)
            .filter(|number| !with.contains(number))
            .map(|number| format!("{number:02}"))
            .collect();
        println!("{group:<6} {:>7} {total:>6}  {}", with.len(), missing.join(" "));
    }
}

/// The cases in the name of a test: `az_01_to_az_06_…` has six, `st_01_st_05_…` two.
fn cases(name: &str) -> Vec<(String, u8)> {
    let mut words = name.split('_').peekable();
    let mut found: Vec<(String, u8)> = Vec::new();
    let mut range = false;
    while let Some(group) = words.next() {
        if group == "to" && !found.is_empty() {
            range = true;
            continue;
        }
        let number =
            words.peek().filter(|digits| digits.len() == 2).and_then(|digits| digits.parse::<u8>().ok());
        // `cd_02_of_64_…` is about one case, not about the 64th of a group.
        let known = GROUPS.iter().any(|(name, _)| name.eq_ignore_ascii_case(group));
        let Some(number) = number.filter(|_| known) else { break };
        words.next();
        let group = group.to_ascii_uppercase();
        let first = if range { found.last().map_or(number, |(_, last)| last + 1) } else { number };
        found.extend((first..=number).map(|number| (group.clone(), number)));
        range = false;
    }
    found
}

#[test]
fn the_log_is_looked_at_last() {
    let main = fs::read_to_string(root().join("spec/tests/spec/main.rs")).unwrap();
    let mut modules: Vec<_> =
        main.lines().filter_map(|line| line.strip_prefix("mod ")?.strip_suffix(';')).collect();
    modules.sort_unstable();
    assert_eq!(modules.last(), Some(&"what_the_log_says"), "tests run in the order of their names");
}
