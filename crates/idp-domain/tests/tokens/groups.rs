//! Groups, app roles and directory roles in tokens (§3.8).

use idp_domain::applications::TokenVersion;
use idp_domain::directory::{TransitiveGroup, role};
use idp_domain::tokens::TokenForm;
use serde_json::{Value, json};

use super::scene::{ORIGIN, Scene, front_channel, group, groups};

fn telling(claims: &str) -> Scene {
    let mut scene = Scene::with_api(TokenVersion::V2).with_place();
    let claims = idp_domain::applications::GroupMembershipClaims::parse(claims).unwrap();
    scene.client.group_membership_claims = claims;
    scene.resource.group_membership_claims = claims;
    scene
}

fn listed(token: &Value) -> usize {
    token["groups"].as_array().map_or(0, Vec::len)
}

#[test]
fn a_token_lists_two_hundred_groups_and_of_more_it_says_where_to_ask() {
    for form in [TokenForm::V1, TokenForm::V2] {
        let mut scene = Scene::all_in(form).with_place();
        for (count, fit) in [(199, true), (200, true), (201, false)] {
            scene.standing.groups = groups(count);
            for token in [scene.access(), scene.id()] {
                assert_eq!(listed(&token), if fit { count as usize } else { 0 }, "{count}");
                assert_eq!(token.get("groups").is_some(), fit);
                assert_eq!(token.get("_claim_names").is_none(), fit);
                assert_eq!(token.get("_claim_sources").is_none(), fit);
                assert_eq!(token.get("hasgroups"), None);
                if !fit {
                    let user = scene.user.id;
                    let endpoint = format!("{ORIGIN}/graph/v1.0/users/{user}/getMemberObjects");
                    assert_eq!(token["_claim_names"], json!({ "groups": "src1" }));
                    assert_eq!(token["_claim_sources"], json!({ "src1": { "endpoint": endpoint } }));
                }
            }
        }
    }
}

#[test]
fn a_token_that_a_browser_carries_says_from_six_groups_on_only_that_there_are_some() {
    let mut scene = telling("SecurityGroup");
    scene.delivery = front_channel();
    for (count, fit) in [(5, true), (6, false), (201, false)] {
        scene.standing.groups = groups(count);
        let id = scene.id();
        assert_eq!(listed(&id), if fit { count as usize } else { 0 }, "{count}");
        assert_eq!(id.get("hasgroups"), (!fit).then_some(&Value::Bool(true)));
        assert_eq!(id.get("_claim_names"), None);
    }
}

#[test]
fn which_groups_are_told_is_for_the_manifest_of_the_audience_to_say() {
    let with_lists = |claims: &str| {
        let mut scene = telling(claims);
        let list = TransitiveGroup { id: group(9), security_enabled: false, direct: true };
        scene.standing.groups = [groups(2), vec![list]].concat();
        scene.standing.client.groups = vec![group(9)];
        scene.standing.resource.groups = vec![group(1)];
        let tokens = scene.tokens();
        [tokens.access.claims, tokens.id.claims].map(|token| {
            let groups = token["groups"].as_array().cloned().unwrap_or_default();
            let last = |id: &Value| id.as_str().unwrap().chars().last().unwrap();
            (groups.iter().map(last).collect::<String>(), token.get("wids").is_some())
        })
    };
    let both = |groups: &str, wids| [(groups.to_owned(), wids), (groups.to_owned(), wids)];
    assert_eq!(with_lists("None"), both("", false));
    assert_eq!(with_lists("SecurityGroup"), both("12", true));
    assert_eq!(with_lists("All"), both("129", true));
    assert_eq!(with_lists("DirectoryRole"), both("", true));
    // Each application is told of the groups that are assigned to it.
    assert_eq!(with_lists("ApplicationGroup"), [("1".to_owned(), false), ("9".to_owned(), false)]);
    assert_eq!(
        with_lists("SecurityGroup, ApplicationGroup"),
        [("12".to_owned(), true), ("129".to_owned(), true)]
    );
}

#[test]
fn the_client_asks_for_its_id_tokens_and_the_resource_for_its_access_tokens() {
    let mut scene = telling("SecurityGroup");
    scene.resource.group_membership_claims = Default::default();
    assert_eq!((listed(&scene.access()), listed(&scene.id())), (0, 2));
    assert_eq!(scene.access()["roles"], json!(["Reader"]));
    assert_eq!(scene.id()["roles"], json!(["Customer"]));
}

#[test]
fn groups_can_take_the_place_of_app_roles() {
    let scene = telling("SecurityGroup").asking(&[("groups", &["emit_as_roles"])]);
    for token in [scene.access(), scene.id()] {
        assert_eq!(token["roles"], json!([group(1), group(2)]));
        assert_eq!(token.get("groups"), None);
    }
    // Too many are told of as ever, and app roles stay out.
    let mut scene = scene;
    scene.standing.groups = groups(201);
    assert_eq!(scene.access().get("roles"), None);
    assert_eq!(scene.access()["_claim_names"], json!({ "groups": "src1" }));
    // The optional claim alone brings no groups.
    let scene = telling("None").asking(&[("groups", &["emit_as_roles"])]);
    assert_eq!((scene.access().get("roles"), scene.access().get("groups")), (None, None));
}

#[test]
fn directory_roles_are_told_by_their_templates_to_those_who_ask_and_to_microsoft_graph() {
    let mut scene = Scene::with_graph();
    assert_eq!(scene.access()["wids"], json!([role::ORDINARY_MEMBER]));
    assert_eq!(scene.id().get("wids"), None, "the shop did not ask");
    scene.user.directory_roles = vec![role::GLOBAL_READER];
    assert_eq!(scene.access()["wids"], json!([role::GLOBAL_READER, role::ORDINARY_MEMBER]));
    let guest = scene.with_guest();
    assert_eq!(guest.access()["wids"], json!([role::GLOBAL_READER]), "a guest is no ordinary member");
}

#[test]
fn a_role_that_is_disabled_or_gone_is_in_no_token() {
    let mut scene = telling("None");
    scene.standing.resource.roles.push(uuid::Uuid::from_u128(0xdead));
    assert_eq!(scene.access()["roles"], json!(["Reader"]));
    scene.resource.app_roles[0].is_enabled = false;
    assert_eq!(scene.access().get("roles"), None);
}

#[test]
fn an_applications_own_token_tells_no_groups() {
    let mut scene = telling("All").asking(&[("groups", &["emit_as_roles"])]);
    scene.standing.groups = groups(3);
    for version in [TokenVersion::V1, TokenVersion::V2] {
        scene.resource.access_token_version = version;
        let token = scene.app_only(&[11]).claims;
        assert_eq!((token.get("groups"), token["roles"].clone()), (None, json!(["Reader"])));
        assert_eq!(token.get("wids"), None);
    }
}
