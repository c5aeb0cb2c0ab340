//! Every package's licence must leave us a choice from the list in `deny.toml`.

use super::Finding;
use super::graph::{Graph, Package};
use super::policy::Licenses;
use super::spdx;

const RULE: &str = "licences";

pub(crate) fn check(graph: &Graph, policy: &Licenses) -> Vec<Finding> {
    let objections = graph.packages.iter().filter_map(|package| {
        let objection = objection(&package.name, package.license.as_deref(), policy)?;
        Some((package, objection))
    });
    let finding = |(Package { name, version, .. }, objection): (&Package, String)| {
        Finding::new("Cargo.lock", graph.lock_line(name), RULE, format!("{name} {version}: {objection}"))
    };
    objections.map(finding).collect()
}

/// What is wrong with a package's licence, if anything.
fn objection(name: &str, licence: Option<&str>, policy: &Licenses) -> Option<String> {
    let Some(expression) = licence else {
        return Some("it states no licence; do without it".to_owned());
    };
    let exceptions = policy.exceptions.iter().filter(|exception| exception.name == name);
    let allowed: Vec<&String> = policy.allow.iter().chain(exceptions.flat_map(|e| &e.allow)).collect();
    match spdx::is_satisfied(expression, |term| allowed.iter().any(|allowed| allowed.as_str() == term)) {
        Ok(true) => None,
        Ok(false) => Some(format!("`{expression}` leaves no choice that deny.toml allows; do without it")),
        Err(error) => Some(format!("`{expression}` is no licence expression: {error}")),
    }
}

#[cfg(test)]
mod tests {
    use super::super::policy::Exception;
    use super::*;

    fn policy() -> Licenses {
        let exception = Exception { name: "selectors".to_owned(), allow: vec!["MPL-2.0".to_owned()] };
        Licenses { allow: vec!["MIT".to_owned(), "ISC".to_owned()], exceptions: vec![exception] }
    }

    #[test]
    fn an_exception_holds_for_its_crate_only() {
        assert_eq!(objection("selectors", Some("MPL-2.0"), &policy()), None);
        assert!(objection("other", Some("MPL-2.0"), &policy()).unwrap().contains("leaves no choice"));
    }

    #[test]
    fn a_package_must_state_a_licence_that_can_be_read() {
        assert_eq!(objection("a", Some("MIT AND ISC"), &policy()), None);
        assert!(objection("a", None, &policy()).unwrap().contains("no licence"));
        assert!(objection("a", Some("MIT AND"), &policy()).unwrap().contains("no licence expression"));
    }
}
