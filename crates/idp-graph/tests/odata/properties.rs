//! What holds for every text and every filter.

use idp_graph::odata::filter::Filter;
use idp_graph::odata::fold::fold;
use idp_graph::odata::options::QueryOptions;
use idp_graph::odata::seek::Seek;
use proptest::prelude::*;
use serde_json::{Map, Value};

use crate::entities::{INDEXED, USER, people};

/// Filters as clients would write them, all of them right.
fn filter() -> impl Strategy<Value = String> {
    let text = prop_oneof![
        Just("alice".to_owned()),
        Just("RED".to_owned()),
        Just("x".to_owned()),
        Just("bob O'Brien".to_owned()),
        Just("émile".to_owned()),
        "[a-zA-Zé' ]{0,4}",
    ]
    .prop_map(|text: String| format!("'{}'", text.replace('\'', "''")));
    let name = prop_oneof![Just("displayName"), Just("userPrincipalName"), Just("mail"), Just("office/city")];
    let op = prop_oneof![Just("eq"), Just("eq"), Just("ne"), Just("ge")];
    let leaf = prop_oneof![
        (name.clone(), op, text.clone()).prop_map(|(name, op, text)| format!("{name} {op} {text}")),
        (name.clone(), text.clone()).prop_map(|(name, text)| format!("startswith({name},{text})")),
        (name.clone(), prop::collection::vec(text.clone(), 1..4))
            .prop_map(|(name, list)| format!("{name} in ({})", list.join(","))),
        text.clone().prop_map(|text| format!("tags/any(t:t eq {text})")),
        (text.clone(), text)
            .prop_map(|(a, b)| format!("tags/any(t:t eq {a} or startswith(t,{b}) and t ne {b})")),
        (-2i32..12).prop_map(|number| format!("rank le {number}")),
        Just("identities/any(c:c/issuerAssignedId eq 'al' and c/issuer eq 'contoso.test')".to_owned()),
        Just("tags/$count eq 0".to_owned()),
        Just("mail eq null".to_owned()),
        Just("accountEnabled".to_owned()),
    ];
    leaf.prop_recursive(4, 24, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 2..4).prop_map(|all| all.join(" and ")),
            prop::collection::vec(inner.clone(), 2..4).prop_map(|all| all.join(" or ")),
            inner.clone().prop_map(|one| format!("({one})")),
            inner.prop_map(|one| format!("not ({one})")),
        ]
    })
}

/// What an index brings, if it does what [`Seek`] says.
fn sought(seek: &Seek, person: &Map<String, Value>) -> bool {
    let texts = |property: &str| -> Vec<String> {
        let mut values: Vec<&Value> = Vec::new();
        let (first, member) = property.split_once('/').unwrap_or((property, ""));
        match person.get(first) {
            Some(Value::Array(elements)) if member.is_empty() => values.extend(elements),
            Some(Value::Array(elements)) => values.extend(elements.iter().filter_map(|e| e.get(member))),
            Some(value) => values.push(value),
            None => {}
        }
        values.into_iter().filter_map(Value::as_str).map(fold).collect()
    };
    match seek {
        Seek::Any => true,
        Seek::Equals { property, value } => texts(property).contains(value),
        Seek::OneOf { property, values } => texts(property).iter().any(|text| values.contains(text)),
        Seek::StartsWith { property, prefix } => texts(property).iter().any(|text| text.starts_with(prefix)),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn no_text_makes_the_parser_panic(text in any::<String>(), eventual: bool) {
        let _ = Filter::parse(&text, &USER, eventual);
        let _ = QueryOptions::parse(Some(&text), &USER, eventual);
        for option in ["$filter", "$select", "$orderby", "$expand", "$search", "$top", "$count"] {
            let query = vestibule_wire::form::encode([(option, text.as_str()), ("$count", "true")]);
            let _ = QueryOptions::parse(Some(&query), &USER, eventual);
        }
    }

    #[test]
    fn no_heap_of_tokens_makes_the_parser_panic(
        words in prop::collection::vec(prop::sample::select(vec![
            "displayName", "tags", "identities", "extra", "eq", "in", "not", "and", "or", "any", "all", "$count", "(",
            ")", ",", "/", ":", "x", "'a'", "''", "1", "null", "true", "startswith", "2026-01-01", "accountEnabled",
        ]), 0..24)
    ) {
        let text = words.join(" ");
        if let Ok(filter) = Filter::parse(&text, &USER, true) {
            let printed = filter.to_string();
            prop_assert_eq!(Filter::parse(&printed, &USER, true), Ok(filter), "{} → {}", text, printed);
        }
    }

    #[test]
    fn what_is_written_is_read_back_as_the_same(text in filter()) {
        let filter = Filter::parse(&text, &USER, true);
        prop_assert!(filter.is_ok(), "{}: {:?}", text, filter);
        let printed = filter.as_ref().map(ToString::to_string).unwrap_or_default();
        prop_assert_eq!(Filter::parse(&printed, &USER, true), filter, "{} → {}", text, printed);
    }

    #[test]
    fn an_index_never_hides_what_the_filter_finds(text in filter()) {
        let filter = Filter::parse(&text, &USER, true).unwrap();
        let seek = Seek::find(&filter, INDEXED);
        for person in people() {
            prop_assert!(!filter.matches(&person) || sought(&seek, &person), "{}: {:?}", text, seek);
        }
    }

    #[test]
    fn every_text_is_a_plain_literal_between_quotes(text in any::<String>()) {
        let quoted = format!("displayName eq '{}'", text.replace('\'', "''"));
        prop_assume!(quoted.len() <= idp_graph::odata::filter::MAX_LENGTH);
        let filter = Filter::parse(&quoted, &USER, false).unwrap();
        prop_assert!(filter.matches(&crate::entities::named(&text)));
        let other = format!("{text}.");
        prop_assert!(!filter.matches(&crate::entities::named(&other)));
    }
}
