//! No claim is ever null, or an empty list: what has no value is not there.

use idp_domain::directory::UserType;
use idp_domain::tokens::{Assigned, Delivery, TokenForm};
use proptest::prelude::*;
use serde_json::Value;

use super::scene::{Scene, front_channel, group, groups};

const NAMES: [&str; 20] = [
    "acct",
    "aud",
    "auth_time",
    "ctry",
    "email",
    "family_name",
    "given_name",
    "groups",
    "idtyp",
    "ipaddr",
    "login_hint",
    "preferred_username",
    "sid",
    "upn",
    "verified_primary_email",
    "xms_cc",
    "xms_edov",
    "xms_pl",
    "tenant_ctry",
    "extension_ab603c56068041afb2f6832e2a17e237_x",
];
const WORDS: [&str; 5] = [
    "use_guid",
    "emit_as_roles",
    "include_user_token",
    "include_externally_authenticated_upn",
    "sam_account_name",
];
const PROPERTIES: [&str; 4] =
    ["country", "preferredLanguage", "identities", "extension_ab603c56068041afb2f6832e2a17e237_x"];

fn full(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Array(items) => !items.is_empty() && items.iter().all(full),
        Value::Object(members) => members.values().all(full),
        Value::String(text) => !text.is_empty(),
        _ => true,
    }
}

fn no_claim_is_empty(token: &Value) -> Result<(), TestCaseError> {
    for (claim, value) in token.as_object().unwrap() {
        prop_assert!(full(value), "{claim}: {value}");
    }
    Ok(())
}

fn text() -> impl Strategy<Value = Option<String>> {
    proptest::option::of(prop_oneof![
        Just(String::new()),
        Just("x".to_owned()),
        Just("a@b.example".to_owned())
    ])
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_claim_is_ever_null(
        v1: bool, graph: bool, front: bool, guest: bool,
        given_name in text(), surname in text(), mail in text(),
        names in proptest::sample::subsequence(NAMES.to_vec(), 0..=NAMES.len()),
        words in proptest::sample::subsequence(WORDS.to_vec(), 0..=WORDS.len()),
        properties in proptest::sample::subsequence(PROPERTIES.to_vec(), 0..=PROPERTIES.len()),
        nothing: bool,
        memberships in prop_oneof![Just(0_u128), 1_u128..8, Just(201)],
        claims in prop_oneof![Just("None"), Just("All"), Just("ApplicationGroup"), Just("SecurityGroup")],
        roles in proptest::collection::vec(10_u128..24, 0..4),
        scope in prop_oneof![Just(""), Just("openid "), Just("openid profile email ")],
    ) {
        let form = if v1 { TokenForm::V1 } else { TokenForm::V2 };
        let mut scene = if graph { Scene::with_graph() } else { Scene::all_in(form) };
        scene.id_form = form;
        scene.scope = scene.scope.replace("openid profile ", scope);
        scene.delivery = if front { front_channel() } else { Delivery::Body };
        scene.user.user_type = if guest { UserType::Guest } else { UserType::Member };
        (scene.user.given_name, scene.user.surname, scene.user.mail) = (given_name, surname, mail);
        for property in properties {
            // The store may hold a null that somebody wrote into a whole profile at once.
            let mut members = scene.user.profile.members().clone();
            members.insert(property.into(), if nothing { Value::Null } else { "de".into() });
            scene.user.profile = idp_domain::directory::Profile::new(members);
        }
        let roles: Vec<_> = roles.into_iter().map(uuid::Uuid::from_u128).collect();
        let assigned = Assigned { roles, groups: if memberships > 0 { vec![group(1)] } else { Vec::new() } };
        (scene.standing.client, scene.standing.resource) = (assigned.clone(), assigned);
        scene.standing.groups = groups(memberships);
        let claims = idp_domain::applications::GroupMembershipClaims::parse(claims).unwrap();
        (scene.client.group_membership_claims, scene.resource.group_membership_claims) = (claims, claims);
        let asked: Vec<_> = names.iter().map(|&name| (name, &*words)).collect();
        let scene = scene.asking(&asked);

        let tokens = scene.tokens();
        no_claim_is_empty(&tokens.access.claims)?;
        if !tokens.id.claims.is_null() {
            no_claim_is_empty(&tokens.id.claims)?;
        }
        no_claim_is_empty(&scene.app_only(&[]).claims)?;
    }
}
