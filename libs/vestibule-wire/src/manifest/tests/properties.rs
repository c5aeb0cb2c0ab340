//! There and back for whatever the table allows, generated from the table itself.

use proptest::collection::{btree_map, vec};
use proptest::option;
use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::super::kind::{Entry, Kind};
use super::super::table::{OLD_ONLY, ROWS, Row, new_paths, old_paths};
use super::super::{Form, ManifestErrors, detect, parse, path, to_graph, to_legacy};

type Members = Map<String, Value>;

fn word() -> impl Strategy<Value = String> {
    "[a-c]{0,3}"
}

/// Any JSON of small size.
fn anything() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i32>().prop_map(Value::from),
        word().prop_map(Value::from)
    ];
    leaf.prop_recursive(3, 16, 3, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..3).prop_map(Value::from),
            btree_map(prop_oneof![word(), known_name()], inner, 0..3)
                .prop_map(|map| map.into_iter().collect()),
        ]
    })
}

/// A name that means something somewhere.
fn known_name() -> impl Strategy<Value = String> {
    let mut names: Vec<String> = old_paths()
        .chain(new_paths())
        .flat_map(|path| path.split('.'))
        .chain(OLD_ONLY.iter().copied())
        .chain([
            "url",
            "type",
            "endDate",
            "endDateTime",
            "permissionIds",
            "delegatedPermissionIds",
            "application",
        ])
        .map(str::to_owned)
        .collect();
    names.sort();
    names.dedup();
    prop::sample::select(names)
}

/// A value of this kind, spelled as the old form (`old`) or Microsoft Graph spells it.
fn value_of(kind: Kind, old: bool) -> BoxedStrategy<Value> {
    let some = match kind {
        Kind::Text => word().prop_map(Value::from).boxed(),
        Kind::Flag => any::<bool>().prop_map(Value::from).boxed(),
        Kind::Integer => (1..3).prop_map(Value::from).boxed(),
        Kind::Texts => vec(word(), 0..3).prop_map(Value::from).boxed(),
        Kind::Object => btree_map(word(), anything(), 0..3).prop_map(|map| map.into_iter().collect()).boxed(),
        Kind::Entries(entries) => vec(item_of(entries, old), 0..3).prop_map(Value::from).boxed(),
    };
    prop_oneof![1 => Just(Value::Null), 6 => some].boxed()
}

fn item_of(entries: &'static [Entry], old: bool) -> BoxedStrategy<Value> {
    let mut item =
        btree_map("x[a-c]", anything(), 0..2).prop_map(|map| map.into_iter().collect::<Members>()).boxed();
    for entry in entries {
        let name = if old { entry.old } else { entry.new };
        item = with(item, name, value_of(entry.kind, old));
    }
    item.prop_map(Value::Object).boxed()
}

/// With or without this member.
fn with(
    to: BoxedStrategy<Members>,
    path: &'static str,
    value: BoxedStrategy<Value>,
) -> BoxedStrategy<Members> {
    (to, option::of(value))
        .prop_map(move |(mut members, value)| {
            if let Some(value) = value.filter(|_| path::is_free(&members, path)) {
                path::insert(&mut members, path, value);
            }
            members
        })
        .boxed()
}

/// What neither form knows, at the top and inside the objects of either; and the members of the table's plain rows.
fn plain_members(old: bool) -> BoxedStrategy<Members> {
    let mut members =
        btree_map("x[a-c]", anything(), 0..3).prop_map(|map| map.into_iter().collect::<Members>()).boxed();
    for unknown in [
        "web.x",
        "spa.x",
        "publicClient.x",
        "api.x",
        "info.x",
        "informationalUrls.x",
        "web.implicitGrantSettings.x",
    ] {
        members = with(members, unknown, anything().boxed());
    }
    for unknown in OLD_ONLY.iter().copied().chain(["notes", "@odata.context"]) {
        members = with(members, unknown, anything().boxed());
    }
    for row in ROWS {
        if let Row::Member { old: before, new: after, kind, .. } = row {
            members = with(members, if old { before } else { after }, value_of(*kind, old));
        }
    }
    members
}

fn flag() -> BoxedStrategy<Value> {
    value_of(Kind::Flag, true)
}

/// A manifest of the later old form, normal but for the order of its reply URLs.
fn legacy() -> BoxedStrategy<Members> {
    let url = (word(), prop::sample::select(vec!["Web", "Spa", "InstalledClient"]))
        .prop_map(|(url, word)| json!({"url": url, "type": word}));
    let mut members = plain_members(true);
    members = with(members, "replyUrlsWithType", vec(url, 0..5).prop_map(Value::from).boxed());
    members = with(members, "allowPublicClient", flag());
    members = with(members, "signInAudience", value_of(Kind::Text, true));
    members = with(members, "oauth2AllowIdTokenImplicitFlow", flag());
    with(members, "oauth2AllowImplicitFlow", flag())
        .prop_map(|mut members| {
            if members.get("oauth2AllowImplicitFlow") == Some(&json!(true)) {
                members.entry("oauth2AllowIdTokenImplicitFlow").or_insert(json!(false));
            }
            // Something to tell the form by.
            members.entry("name").or_insert(Value::Null);
            members
        })
        .boxed()
}

fn in_order(mut manifest: Members) -> Members {
    if let Some(Value::Array(urls)) = manifest.get_mut("replyUrlsWithType") {
        urls.sort_by_key(|url| {
            ["Web", "Spa", "InstalledClient"].iter().position(|word| url["type"] == *word)
        });
    }
    manifest
}

/// A normal manifest of Microsoft Graph.
fn graph() -> BoxedStrategy<Members> {
    let lists = [vec(word(), 0..3), vec(word(), 0..3), vec(word(), 0..3)];
    let mut members = plain_members(false);
    members = (members, option::of(lists))
        .prop_map(|(mut members, lists)| {
            let paths = ["web.redirectUris", "spa.redirectUris", "publicClient.redirectUris"];
            for (path, uris) in paths.into_iter().zip(lists.into_iter().flatten()) {
                path::insert(&mut members, path, uris.into());
            }
            members
        })
        .boxed();
    members = with(members, "isFallbackPublicClient", flag());
    members = with(members, "signInAudience", value_of(Kind::Text, false));
    members = with(members, "web.implicitGrantSettings.enableIdTokenIssuance", flag());
    with(members, "web.implicitGrantSettings.enableAccessTokenIssuance", flag())
        .prop_map(|mut members| {
            let (access, id) = (
                "web.implicitGrantSettings.enableAccessTokenIssuance",
                "web.implicitGrantSettings.enableIdTokenIssuance",
            );
            if path::get(&members, access) == Some(&json!(true)) && path::get(&members, id).is_none() {
                path::insert(&mut members, id, json!(false));
            }
            members
        })
        .boxed()
}

/// A manifest of any year, or rubbish: known names with any value.
fn rubbish() -> impl Strategy<Value = Members> {
    btree_map(known_name(), anything(), 0..8).prop_map(|map| map.into_iter().collect())
}

fn bytes(manifest: &Members) -> Vec<u8> {
    serde_json::to_vec(manifest).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn the_old_form_survives_microsoft_graph(manifest in legacy()) {
        prop_assert_eq!(detect(&manifest), Ok(Form::Legacy));
        let there = to_graph(manifest.clone()).unwrap();
        let back = to_legacy(&there);
        prop_assert_eq!(&back, &in_order(manifest.clone()));
        prop_assert_eq!(to_graph(back).unwrap(), there);
        prop_assert_eq!(parse(&bytes(&manifest)), Ok((Form::Legacy, manifest)));
    }

    #[test]
    fn microsoft_graphs_form_survives_the_old_one(manifest in graph()) {
        let there = to_legacy(&manifest);
        let back = to_graph(there.clone()).unwrap();
        prop_assert_eq!(&back, &manifest);
        prop_assert_eq!(to_legacy(&back), there);
        prop_assert_eq!(to_graph(manifest.clone()).unwrap(), manifest.clone());
    }

    #[test]
    fn whatever_converts_is_normal_from_then_on(manifest in rubbish()) {
        if let Ok(normal) = to_graph(manifest.clone())
            && detect(&manifest) == Ok(Form::Legacy)
        {
            let old = to_legacy(&normal);
            prop_assert_eq!(to_graph(old.clone()).unwrap(), normal.clone());
            prop_assert_eq!(to_legacy(&to_graph(old.clone()).unwrap()), old);
            prop_assert!(normal.is_empty() || parse(&bytes(&normal)).is_ok());
        }
    }

    #[test]
    fn what_parse_accepts_converts_and_rubbish_never_panics(manifest in rubbish()) {
        let _ = to_legacy(&manifest);
        match parse(&bytes(&manifest)) {
            Ok((Form::Legacy, manifest)) => { prop_assert!(to_graph(manifest).is_ok()); }
            Ok((Form::Graph, manifest)) => {
                let there: Result<Members, ManifestErrors> = to_graph(to_legacy(&manifest));
                prop_assert!(there.is_ok(), "{:?}", there);
            }
            Err(errors) => { prop_assert!(errors.iter().count() > 0); }
        }
    }

    #[test]
    fn ga_02_no_bytes_make_it_panic(text in vec(any::<u8>(), 0..64)) {
        let _ = parse(&text);
    }
}
