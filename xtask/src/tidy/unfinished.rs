//! `todo!` and `unimplemented!`: what is not there yet is not in the tree yet.

use proc_macro2::{TokenStream, TokenTree};

use super::Finding;
use super::source::Source;

const RULE: &str = "unfinished";
const MACROS: &[&str] = &["todo", "unimplemented"];

pub(crate) fn check(file: &Source) -> Vec<Finding> {
    let Some(rust) = &file.rust else { return Vec::new() };
    let mut calls = Vec::new();
    collect(rust.tokens.clone(), &mut calls);
    let finding =
        |(name, line)| Finding::new(&file.path, line, RULE, format!("write what `{name}!` stands for"));
    calls.into_iter().map(finding).collect()
}

/// Tokens and not syntax, because the arguments of a macro are only tokens and may hold another macro.
fn collect(tokens: TokenStream, calls: &mut Vec<(String, usize)>) {
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        match token {
            TokenTree::Group(group) => collect(group.stream(), calls),
            TokenTree::Ident(name) if MACROS.contains(&name.to_string().as_str()) => {
                if matches!(tokens.peek(), Some(TokenTree::Punct(mark)) if mark.as_char() == '!') {
                    calls.push((name.to_string(), name.span().start().line));
                }
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_are_found_wherever_they_hide() {
        let text = "fn f() {\n    todo!()\n}\nfn g() { vec![\n    std::unimplemented!(\"later\")\n] }\n";
        let found = check(&Source::new("a.rs", text.into()));
        assert_eq!(found.iter().map(|finding| finding.line).collect::<Vec<_>>(), [2, 5]);
    }

    #[test]
    fn the_words_alone_are_no_calls() {
        let text = "#![deny(clippy::todo)]\n// todo!()\nconst A: &str = \"todo!\"; fn todo() {}\n";
        assert!(check(&Source::new("a.rs", text.into())).is_empty());
    }
}
