//! The words on the wire are spelled in `vestibule-wire` and nowhere else in the server. A second spelling is where a
//! misspelling hides, and where the list of what we speak stops being complete. Tests spell them on purpose: they are
//! the outside view.

use proc_macro2::{TokenStream, TokenTree};
use syn::visit::{self, Visit};

use super::Finding;
use super::source::Source;

const RULE: &str = "protocol-strings";

/// Findings wherever they stand in a literal: they begin or end something longer.
const PARTS: &[&str] = &["urn:ietf:params:oauth", "AADSTS"];

/// Findings as whole words, so that a table may be called `refresh_tokens`.
const WORDS: &[&str] = &[
    // grants
    "authorization_code",
    "client_credentials",
    "refresh_token",
    // errors, RFC 6749 §4.1.2.1 and §5.2, OpenID Connect Core §3.1.2.6, RFC 8628 §3.5
    "access_denied",
    "authorization_pending",
    "consent_required",
    "interaction_required",
    "invalid_client",
    "invalid_grant",
    "invalid_request",
    "invalid_scope",
    "login_required",
    "temporarily_unavailable",
    "unauthorized_client",
    "unsupported_grant_type",
    "unsupported_response_type",
    // client authentication, OpenID Connect Core §9
    "client_secret_basic",
    "client_secret_post",
    "private_key_jwt",
];

pub(crate) fn check(file: &Source) -> Vec<Finding> {
    let Some(rust) = &file.rust else { return Vec::new() };
    if !applies_to(&file.path) {
        return Vec::new();
    }
    let mut reader = Reader { literals: Vec::new() };
    reader.visit_file(&rust.syntax);
    let spelled = reader.literals.iter().filter_map(|(text, line)| Some((spelling(text)?, *line)));
    let advice = |word| format!("\"{word}\" belongs to the wire: use, or add, its type in vestibule-wire");
    spelled.map(|(word, line)| Finding::new(&file.path, line, RULE, advice(word))).collect()
}

fn applies_to(path: &str) -> bool {
    let is_test = |component: &str| component == "tests" || component == "tests.rs";
    path.starts_with("crates/") && !path.split('/').any(is_test)
}

/// The protocol string that a literal spells, if it does.
fn spelling(text: &str) -> Option<&'static str> {
    let mut words = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    let part = PARTS.iter().find(|part| text.contains(**part));
    part.or_else(|| words.find_map(|word| WORDS.iter().find(|known| **known == word))).copied()
}

/// Collects the string literals of what is not a test, and their lines.
struct Reader {
    literals: Vec<(String, usize)>,
}

impl Reader {
    fn read_tokens(&mut self, tokens: TokenStream) {
        for token in tokens {
            match token {
                TokenTree::Group(group) => self.read_tokens(group.stream()),
                TokenTree::Literal(literal) => {
                    if let syn::Lit::Str(literal) = syn::Lit::new(literal) {
                        self.visit_lit_str(&literal);
                    }
                }
                _ => {}
            }
        }
    }
}

impl<'ast> Visit<'ast> for Reader {
    fn visit_lit_str(&mut self, literal: &'ast syn::LitStr) {
        self.literals.push((literal.value(), literal.span().start().line));
    }

    fn visit_macro(&mut self, call: &'ast syn::Macro) {
        self.read_tokens(call.tokens.clone());
    }

    /// Documentation is prose, and prose names what it is about. What `serde` is told is not.
    fn visit_attribute(&mut self, attribute: &'ast syn::Attribute) {
        match &attribute.meta {
            syn::Meta::List(list) => self.read_tokens(list.tokens.clone()),
            _ if attribute.path().is_ident("doc") => {}
            meta => self.visit_meta(meta),
        }
    }

    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        if !is_for_tests(&item.attrs) {
            visit::visit_item_mod(self, item);
        }
    }

    fn visit_item_fn(&mut self, item: &'ast syn::ItemFn) {
        if !is_for_tests(&item.attrs) {
            visit::visit_item_fn(self, item);
        }
    }

    fn visit_item_impl(&mut self, item: &'ast syn::ItemImpl) {
        if !is_for_tests(&item.attrs) {
            visit::visit_item_impl(self, item);
        }
    }
}

/// `#[cfg(test)]`, also as one condition of several; not `#[cfg(not(test))]`.
fn is_for_tests(attributes: &[syn::Attribute]) -> bool {
    attributes.iter().any(|attribute| match &attribute.meta {
        syn::Meta::List(list) if list.path.is_ident("cfg") => {
            let words: Vec<String> = list.tokens.clone().into_iter().flat_map(idents).collect();
            words.iter().any(|word| word == "test") && !words.iter().any(|word| word == "not")
        }
        _ => false,
    })
}

fn idents(token: TokenTree) -> Vec<String> {
    match token {
        TokenTree::Ident(ident) => vec![ident.to_string()],
        TokenTree::Group(group) => group.stream().into_iter().flat_map(idents).collect(),
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(path: &str, text: &str) -> Vec<usize> {
        check(&Source::new(path, text.into())).into_iter().map(|finding| finding.line).collect()
    }

    #[test]
    fn a_spelling_is_found_in_code_macros_and_attributes() {
        let text = "const A: &str = \"invalid_grant\";\n\
                    fn f() { json!({ \"error\": \"invalid_client\" }); }\n\
                    #[serde(rename = \"authorization_code\")]\nstruct S;\n\
                    const B: &str = \"see AADSTS70011: no\";\n\
                    const C: &str = \"urn:ietf:params:oauth:grant-type:jwt-bearer\";\n\
                    fn g() { format!(\"error=invalid_request&state={s}\"); }\n";
        assert_eq!(lines("crates/idp-oauth/src/token.rs", text), [1, 2, 3, 5, 6, 7]);
    }

    #[test]
    fn prose_tests_and_other_words_are_not_spellings() {
        let text = "//! On invalid_grant.\n/// Says invalid_grant.\n#[doc = \"invalid_grant\"]\nfn f() {}\n\
                    const T: &str = \"INSERT INTO refresh_tokens\";\n\
                    #[cfg(test)]\nmod tests { const A: &str = \"invalid_grant\"; }\n\
                    #[cfg(all(test, unix))]\nfn g() { h(\"invalid_grant\"); }\n";
        assert!(lines("crates/idp-oauth/src/token.rs", text).is_empty());
        assert_eq!(lines("crates/a/src/b.rs", "#[cfg(not(test))]\nfn g() { h(\"invalid_grant\"); }\n"), [2]);
    }

    #[test]
    fn only_the_server_is_asked_and_not_its_tests() {
        let text = "const A: &str = \"invalid_grant\";\n";
        assert_eq!(lines("crates/idp-web/src/a.rs", text), [1]);
        for path in [
            "libs/vestibule-wire/src/a.rs",
            "spec/src/a.rs",
            "crates/a/tests/b.rs",
            "crates/a/src/b/tests.rs",
        ] {
            assert!(lines(path, text).is_empty(), "{path}");
        }
    }
}
