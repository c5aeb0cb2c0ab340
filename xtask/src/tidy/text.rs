//! What no text of the repository may hold: the paths of somebody's machine, the names of package registries (which one
//! is used is for the machine to say), and open ends nobody filed.
//!
//! The needles are assembled from pieces, because this file is read by its own rule.

use super::Finding;
use super::source::Source;

/// Paths that exist on one machine only.
const PATHS: &[&str] = &[concat!("/wo", "rk/"), concat!("/ro", "ot/"), concat!("/tmp", "/bash")];

const REGISTRIES: &[&str] = &[
    concat!("crates", ".io"),
    concat!("registry.npmjs", ".org"),
    concat!("pypi", ".org"),
    concat!("files.pythonhosted", ".org"),
    concat!("proxy.golang", ".org"),
    concat!("repo.maven.apache", ".org"),
    concat!("repo1.maven", ".org"),
];

/// Written by package managers, which put down where they looked.
const LOCK_FILES: &[&str] = &["Cargo.lock", "package-lock.json"];

const OPEN_ENDS: &[&str] = &[concat!("TO", "DO"), concat!("FIX", "ME")];

pub(crate) fn check(file: &Source) -> Vec<Finding> {
    let name = file.path.rsplit('/').next().unwrap_or_default();
    if LOCK_FILES.contains(&name) {
        return Vec::new();
    }
    let lines = file.text.lines().enumerate();
    lines.flat_map(|(index, line)| check_line(&file.path, index + 1, line)).collect()
}

fn check_line(path: &str, number: usize, line: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    if let Some(found) = PATHS.iter().find(|needle| holds_absolute_path(line, needle)) {
        let advice = format!("`{found}…` exists on one machine only: make the path relative or an argument");
        findings.push(Finding::new(path, number, "local-path", advice));
    }
    if let Some(found) = REGISTRIES.iter().find(|needle| line.contains(**needle)) {
        let advice = format!("do not name `{found}`: which registry is used is the machine's to say");
        findings.push(Finding::new(path, number, "registry-host", advice));
    }
    if let Some(found) = OPEN_ENDS.iter().find(|needle| holds_word(line, needle) && !refers_to_an_issue(line))
    {
        let advice = format!("finish it, or file an issue and write {found} (#123)");
        findings.push(Finding::new(path, number, "open-end", advice));
    }
    findings
}

/// The needle begins a path: nothing that could be an earlier part of the same path stands before it.
fn holds_absolute_path(line: &str, needle: &str) -> bool {
    line.match_indices(needle).any(|(at, _)| !line[..at].ends_with(continues_a_path))
}

fn continues_a_path(character: char) -> bool {
    character.is_alphanumeric() || "_-.~)}]>*".contains(character)
}

fn holds_word(line: &str, word: &str) -> bool {
    line.split(|c: char| !c.is_alphanumeric() && c != '_').any(|part| part == word)
}

/// `#123`, or the address of an issue.
fn refers_to_an_issue(line: &str) -> bool {
    let number_follows = |mark: &str| {
        line.match_indices(mark)
            .any(|(at, _)| line[at + mark.len()..].starts_with(|c: char| c.is_ascii_digit()))
    };
    number_follows("#") || number_follows("/issues/")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules(path: &str, text: &str) -> Vec<&'static str> {
        check(&Source::new(path, text.into())).into_iter().map(|finding| finding.rule).collect()
    }

    #[test]
    fn the_paths_of_one_machine_are_findings() {
        let path = PATHS[0];
        for text in [format!("cd {path}main"), format!("{path}main"), format!("file://{path}main")] {
            assert_eq!(rules("a.md", &text), ["local-path"], "{text}");
        }
        for text in
            [format!("docs{path}main"), format!("$HOME{path}x"), format!("~{path}x"), format!("../a{path}")]
        {
            assert!(rules("a.md", &text).is_empty(), "{text}");
        }
    }

    #[test]
    fn registries_are_named_in_lock_files_only() {
        let text = format!("resolved \"https://{}/x\"", REGISTRIES[1]);
        assert_eq!(rules("interop/node/package.json", &text), ["registry-host"]);
        assert!(rules("interop/node/package-lock.json", &text).is_empty());
    }

    #[test]
    fn an_open_end_needs_an_issue() {
        let word = OPEN_ENDS[0];
        assert_eq!(rules("a.rs", &format!("// {word}: later")), ["open-end"]);
        assert!(rules("a.rs", &format!("// {word} (#12): later")).is_empty());
        assert!(rules("a.rs", &format!("// {word}: https://host/owner/name/issues/12")).is_empty());
        assert!(rules("a.rs", &format!("MAS{word}NS")).is_empty());
    }
}
