//! `cargo xtask tidy`: the pedant. It reads the tree and the dependency graph and prints every finding as
//! `path:line: rule: what to do`. Each rule is a file of its own; this one gathers them and takes the exemptions off.

mod bans;
mod directions;
mod exemptions;
mod graph;
mod licences;
mod policy;
mod protocol;
mod sizes;
mod source;
mod spdx;
mod text;
mod unfinished;
mod words;

use std::path::Path;
use std::process::ExitCode;

use anyhow::Result;

use crate::shell;

/// Something that is not as we want it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Finding {
    path: String,
    line: usize,
    rule: &'static str,
    advice: String,
}

impl Finding {
    fn new(path: &str, line: usize, rule: &'static str, advice: impl Into<String>) -> Self {
        Self { path: path.to_owned(), line, rule, advice: advice.into() }
    }
}

pub(crate) fn run() -> Result<ExitCode> {
    Ok(if report()? == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Prints every finding and returns how many there are.
pub(crate) fn report() -> Result<usize> {
    let findings = findings(shell::root())?;
    for Finding { path, line, rule, advice } in &findings {
        println!("{path}:{line}: {rule}: {advice}");
    }
    println!("findings: {}", findings.len());
    Ok(findings.len())
}

fn findings(root: &Path) -> Result<Vec<Finding>> {
    let policy = policy::read(root)?;
    let graph = graph::read(root)?;

    let mut findings = Vec::new();
    findings.extend(directions::check(&graph));
    findings.extend(bans::check(&graph, &policy.bans.deny));
    findings.extend(licences::check(&graph, &policy.licenses));
    for file in source::read_tree(root)? {
        findings.extend(words::check(&file.path));
        findings.extend(text::check(&file));
        findings.extend(sizes::check(&file));
        findings.extend(unfinished::check(&file));
        findings.extend(protocol::check(&file));
    }
    let mut findings = exemptions::apply(root, findings)?;
    findings.sort();
    Ok(findings)
}
