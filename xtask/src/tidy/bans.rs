//! Crates that may not be built, by anyone in the graph. `deny.toml` names them with their reasons.

use super::Finding;
use super::graph::Graph;
use super::policy::Ban;

const RULE: &str = "bans";

pub(crate) fn check(graph: &Graph, bans: &[Ban]) -> Vec<Finding> {
    let built = bans.iter().filter(|ban| graph.built.contains(&ban.name));
    built.map(|ban| Finding::new("Cargo.lock", graph.lock_line(&ban.name), RULE, advice(ban))).collect()
}

fn advice(Ban { name, reason }: &Ban) -> String {
    format!("do without `{name}`: {reason} (`cargo tree --target all -i {name}` says who brings it)")
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;

    #[test]
    fn a_banned_crate_is_a_finding_only_when_it_is_built() {
        let ban = |name: &str| Ban { name: name.to_owned(), reason: "slow".to_owned() };
        let graph = Graph {
            members: Vec::new(),
            packages: Vec::new(),
            built: BTreeSet::from(["heavy".to_owned()]),
            lock_lines: BTreeMap::from([("heavy".to_owned(), 7), ("dormant".to_owned(), 9)]),
        };
        let found = check(&graph, &[ban("heavy"), ban("dormant")]);
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].path.as_str(), found[0].line), ("Cargo.lock", 7));
        assert!(found[0].advice.starts_with("do without `heavy`: slow"));
    }
}
