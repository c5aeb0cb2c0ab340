//! Every sentence is there, in every language, with the same blanks to fill; and every one is said somewhere.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use fluent_syntax::ast::{Entry, Expression, InlineExpression, Pattern, PatternElement};
use idp_web::pages::Locale;

use crate::samples;

const EN: &str = include_str!("../../messages/en.ftl");
const DE: &str = include_str!("../../messages/de.ftl");

/// Id to variables.
type Messages = BTreeMap<String, BTreeSet<String>>;

#[test]
fn every_language_has_every_sentence_with_the_same_variables() {
    assert_eq!(messages(EN), messages(DE));
}

#[test]
fn every_sentence_is_used_and_every_used_sentence_exists() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut sources = String::new();
    for folder in ["templates", "src/pages"] {
        for entry in fs::read_dir(root.join(folder)).unwrap() {
            sources.push_str(&fs::read_to_string(entry.unwrap().path()).unwrap());
        }
    }
    let messages = messages(EN);
    for id in messages.keys() {
        assert!(sources.contains(&format!("\"{id}\"")), "{id} is never said");
    }
    for call in [".t(\"", ".say(\""] {
        for (at, _) in sources.match_indices(call) {
            let id = sources[at + call.len()..].split('"').next().unwrap();
            assert!(messages.contains_key(id), "{id} is not in the messages");
        }
    }
}

#[test]
fn no_page_shows_an_id_or_an_unfilled_blank() {
    let ids = messages(EN);
    for locale in Locale::ALL {
        for page in samples::pages(locale, None).unwrap() {
            assert!(!page.html.contains("{$"), "{}: a blank is not filled", page.name);
            for id in ids.keys().filter(|id| id.contains('-')) {
                let shown =
                    [format!(">{id}<"), format!(">{id} <")].iter().any(|shown| page.html.contains(shown));
                assert!(!shown, "{}: {id} has no text", page.name);
            }
        }
    }
}

#[test]
fn no_sentence_contains_a_mark_of_our_own() {
    for source in [EN, DE] {
        assert!(!source.contains(|c| ('\u{e000}'..='\u{f8ff}').contains(&c)));
    }
}

fn messages(source: &str) -> Messages {
    let resource = fluent_syntax::parser::parse(source).expect("the file is good Fluent");
    let mut messages = Messages::new();
    for entry in resource.body {
        match entry {
            Entry::Message(message) => {
                let mut variables = BTreeSet::new();
                collect(message.value.as_ref().expect("a message has a text"), &mut variables);
                let id = message.id.name.to_owned();
                assert!(messages.insert(id, variables).is_none(), "{} is there twice", message.id.name);
            }
            Entry::Comment(_) | Entry::GroupComment(_) | Entry::ResourceComment(_) => {}
            Entry::Term(_) | Entry::Junk { .. } => panic!("neither terms nor junk: {entry:?}"),
        }
    }
    messages
}

fn collect(pattern: &Pattern<&str>, variables: &mut BTreeSet<String>) {
    for element in &pattern.elements {
        match element {
            PatternElement::TextElement { .. } => {}
            PatternElement::Placeable { expression: Expression::Inline(inline) } => {
                variable(inline, variables)
            }
            PatternElement::Placeable { expression: Expression::Select { selector, variants } } => {
                variable(selector, variables);
                variants.iter().for_each(|variant| collect(&variant.value, variables));
            }
        }
    }
}

fn variable(inline: &InlineExpression<&str>, variables: &mut BTreeSet<String>) {
    match inline {
        InlineExpression::VariableReference { id } => drop(variables.insert(id.name.to_owned())),
        other => panic!("only variables: {other:?}"),
    }
}
