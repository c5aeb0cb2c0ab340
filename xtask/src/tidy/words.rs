//! Words that say nothing, in the names of files and folders. What such a file holds belongs to the thing it is about.

use super::Finding;

const RULE: &str = "path-words";
const BANNED: &[&str] = &["utils", "util", "helpers", "helper", "common", "manager", "misc"];

pub(crate) fn check(path: &str) -> Option<Finding> {
    let word = path.split('/').map(stem).find(|stem| BANNED.contains(stem))?;
    let advice = format!("`{word}` does not say what is inside: name it for the thing it is about");
    Some(Finding::new(path, 1, RULE, advice))
}

/// A name without its extensions: `helper.test.mjs` is a helper.
fn stem(name: &str) -> &str {
    name.split('.').find(|part| !part.is_empty()).unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_names_are_banned_with_or_without_extension() {
        for path in
            ["crates/a/src/utils.rs", "spec/tests/common/mod.rs", "interop/node/helper.test.mjs", "misc"]
        {
            assert!(check(path).is_some(), "{path}");
        }
    }

    #[test]
    fn a_word_that_merely_contains_one_is_fine() {
        for path in ["crates/a/src/utility_bill.rs", "src/commons.rs", "docs/managers.md", ".gitignore"] {
            assert!(check(path).is_none(), "{path}");
        }
    }
}
