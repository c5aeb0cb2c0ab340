//! Which member of the workspace may name which: the arrows of `ARCHITECTURE.md`, as a table. What the table does not
//! say may not be, and a member it does not know has to be placed here first.

use super::Finding;
use super::graph::{Graph, Member, Use};

const RULE: &str = "directions";

const WIRE: &str = "vestibule-wire";
const JOSE: &str = "vestibule-jose";
const XML: &str = "vestibule-xml";
const CLIENT: &str = "vestibule-client";
const AXUM: &str = "vestibule-axum";
const DOMAIN: &str = "idp-domain";
const STORE: &str = "idp-store";
const WEB: &str = "idp-web";
const SIGNIN: &str = "idp-signin";
const OAUTH: &str = "idp-oauth";
const SAML: &str = "idp-saml";
const WSFED: &str = "idp-wsfed";
const GRAPH: &str = "idp-graph";
const PORTAL: &str = "idp-portal";
const SERVER: &str = "idp-server";

/// What lies in `libs/`: all that is visible from outside the server, besides HTTP.
const LIBS: &[&str] = &[WIRE, JOSE, XML, CLIENT, AXUM];

/// Each member and what it may name. `idp-server` is the only one that names `idp-store`, and the only one that
/// composes.
const TABLE: &[(&str, &[&str])] = &[
    (WIRE, &[]),
    (JOSE, &[WIRE]),
    (XML, &[WIRE]),
    (CLIENT, &[WIRE, JOSE]),
    (AXUM, &[WIRE, JOSE, XML, CLIENT]),
    (DOMAIN, &[WIRE, JOSE]),
    (STORE, &[WIRE, JOSE, DOMAIN]),
    (WEB, &[WIRE, JOSE, DOMAIN]),
    (SIGNIN, &[WIRE, JOSE, DOMAIN, WEB]),
    (OAUTH, &[WIRE, JOSE, DOMAIN, WEB, SIGNIN]),
    (SAML, &[WIRE, JOSE, XML, DOMAIN, WEB, SIGNIN]),
    (WSFED, &[WIRE, JOSE, XML, DOMAIN, WEB, SIGNIN]),
    (GRAPH, &[WIRE, JOSE, DOMAIN, WEB]),
    (PORTAL, &[WIRE, JOSE, DOMAIN, WEB]),
    (SERVER, &[WIRE, JOSE, XML, DOMAIN, STORE, WEB, SIGNIN, OAUTH, SAML, WSFED, GRAPH, PORTAL]),
    ("spec", LIBS),
    ("bench", LIBS),
    ("xtask", &[]),
];

/// There is no in-memory fake: who tests on top of the ports tests on SQLite in memory, and so names the store for
/// tests only.
const MAY_TEST_ON_THE_STORE: &[&str] = &[WEB, SIGNIN, OAUTH, SAML, WSFED, GRAPH, PORTAL];

pub(crate) fn check(graph: &Graph) -> Vec<Finding> {
    graph.members.iter().flat_map(check_member).collect()
}

fn check_member(member: &Member) -> Vec<Finding> {
    let Some(allowed) = allowed(&member.name, &member.manifest) else {
        let advice = format!("place `{}` in the table in xtask/src/tidy/directions.rs", member.name);
        return vec![Finding::new(&member.manifest, 1, RULE, advice)];
    };
    let wrong = member.uses.iter().filter(|used| !may_use(&member.name, allowed, used));
    wrong.map(|used| finding(member, &used.name, allowed)).collect()
}

/// What a member may name, if it has a place. A scenario or an interop program is placed by its folder, because there
/// are many of them and they are all alike.
fn allowed(name: &str, manifest: &str) -> Option<&'static [&'static str]> {
    if manifest.starts_with("examples/") || manifest.starts_with("interop/") {
        return Some(LIBS);
    }
    TABLE.iter().find(|(member, _)| *member == name).map(|(_, allowed)| *allowed)
}

fn may_use(member: &str, allowed: &[&str], used: &Use) -> bool {
    allowed.contains(&used.name.as_str())
        || (used.dev && used.name == STORE && MAY_TEST_ON_THE_STORE.contains(&member))
        // Tests of a crate may name the crate itself.
        || (used.dev && used.name == member)
}

fn finding(member: &Member, used: &str, allowed: &[&str]) -> Finding {
    let line = member.manifest_text.lines().position(|line| line.trim_start().starts_with(used));
    let list = if allowed.is_empty() { "nothing of the workspace".to_owned() } else { allowed.join(", ") };
    let advice = format!("`{}` may not name `{used}`, only {list}; see ARCHITECTURE.md", member.name);
    Finding::new(&member.manifest, line.map_or(1, |index| index + 1), RULE, advice)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn findings(name: &str, manifest: &str, uses: &[(&str, bool)]) -> Vec<Finding> {
        let manifest_text = uses.iter().map(|(used, _)| format!("{used}.workspace = true\n")).collect();
        let uses = uses.iter().map(|(used, dev)| Use { name: (*used).to_owned(), dev: *dev }).collect();
        check_member(&Member { name: name.to_owned(), manifest: manifest.to_owned(), manifest_text, uses })
    }

    #[test]
    fn the_arrows_lead_inwards() {
        assert!(findings(OAUTH, "m", &[(WIRE, false), (DOMAIN, false), (SIGNIN, false)]).is_empty());
        let found = findings(DOMAIN, "crates/idp-domain/Cargo.toml", &[(WIRE, false), (WEB, false)]);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].line, 2);
        assert!(found[0].advice.starts_with("`idp-domain` may not name `idp-web`"), "{}", found[0].advice);
    }

    #[test]
    fn siblings_never_import_siblings() {
        let siblings = [OAUTH, SAML, WSFED, GRAPH, PORTAL];
        for one in siblings {
            for other in siblings.iter().filter(|other| **other != one) {
                assert_eq!(findings(one, "m", &[(other, false)]).len(), 1, "{one} must not name {other}");
                assert_eq!(
                    findings(one, "m", &[(other, true)]).len(),
                    1,
                    "{one}'s tests must not name {other}"
                );
            }
        }
    }

    #[test]
    fn only_the_server_names_the_store() {
        let naming: Vec<_> =
            TABLE.iter().filter(|(_, may)| may.contains(&STORE)).map(|(name, _)| *name).collect();
        assert_eq!(naming, [SERVER]);
        assert_eq!(findings(OAUTH, "m", &[(STORE, false)]).len(), 1);
        assert!(findings(OAUTH, "m", &[(STORE, true)]).is_empty());
        assert_eq!(findings(DOMAIN, "m", &[(STORE, true)]).len(), 1);
    }

    #[test]
    fn the_libraries_never_name_the_server_not_even_in_tests() {
        for library in LIBS {
            for inside in [DOMAIN, STORE, WEB, SERVER] {
                assert_eq!(
                    findings(library, "m", &[(inside, true)]).len(),
                    1,
                    "{library} must not name {inside}"
                );
            }
        }
    }

    #[test]
    fn what_stands_outside_sees_the_libraries_only() {
        assert!(findings("spec", "spec/Cargo.toml", &[(WIRE, false), (CLIENT, true)]).is_empty());
        assert_eq!(findings("spec", "spec/Cargo.toml", &[(SERVER, true)]).len(), 1);
        assert!(findings("daemon", "examples/daemon/Cargo.toml", &[(CLIENT, false)]).is_empty());
        assert_eq!(findings("daemon", "examples/daemon/Cargo.toml", &[(DOMAIN, false)]).len(), 1);
    }

    #[test]
    fn a_member_without_a_place_is_a_finding() {
        assert_eq!(findings("idp-new", "crates/idp-new/Cargo.toml", &[]).len(), 1);
    }

    /// An arrow back would be a circle, which cargo refuses for good; the table must not promise one.
    #[test]
    fn a_member_comes_after_everything_it_may_name() {
        for (place, (name, allowed)) in TABLE.iter().enumerate() {
            let before = |used: &str| TABLE[..place].iter().any(|(earlier, _)| *earlier == used);
            assert!(allowed.iter().all(|used| before(used)), "{name}");
        }
    }
}
