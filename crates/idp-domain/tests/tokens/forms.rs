//! Snapshots of every form. Opaque values are left out.

use idp_domain::applications::TokenVersion;
use idp_domain::tokens::TokenForm;
use serde_json::Value;

use super::scene::{Opened, SHOP, Scene};

fn header_of(token: &Opened) -> Vec<&str> {
    token.header.as_object().unwrap().keys().map(String::as_str).collect()
}

macro_rules! snapshot {
    ($name:literal, $claims:expr) => {
        insta::assert_json_snapshot!($name, $claims, { ".aio" => "[sealed]", ".rh" => "[opaque]", ".uti" => "[22 characters]" })
    };
}

fn everything(scene: Scene) -> Scene {
    let mut scene =
        scene.with_place().asking(&[("acct", &[]), ("sid", &[]), ("email", &[]), ("xms_edov", &[])]);
    scene.user.directory_roles = vec![idp_domain::directory::role::GLOBAL_READER];
    scene
}

#[test]
fn access_tokens_of_an_application_for_itself() {
    let v1 = Scene::with_api(TokenVersion::V1).app_only(&[11]);
    snapshot!("access_v1_application", v1.claims);
    assert_eq!(header_of(&v1), ["alg", "kid", "typ", "x5t"]);
    assert_eq!(v1.header["kid"], v1.header["x5t"]);

    let v2 = Scene::with_api(TokenVersion::V2).app_only(&[11]);
    snapshot!("access_v2_application", v2.claims);
    assert_eq!(header_of(&v2), ["alg", "kid", "typ"]);

    let mut scene = Scene::with_graph();
    // Microsoft Graph's are in the v1.0 form, whatever its registration says.
    scene.resource.access_token_version = TokenVersion::V2;
    snapshot!("access_graph_application", scene.app_only(&[]).claims);
}

#[test]
fn access_tokens_for_a_user() {
    snapshot!("access_v1_user", Scene::with_api(TokenVersion::V1).access());
    snapshot!("access_v2_user", Scene::with_api(TokenVersion::V2).access());
    snapshot!("access_graph_user", Scene::with_graph().access());
    snapshot!("access_v1_user_with_everything", everything(Scene::with_api(TokenVersion::V1)).access());
    snapshot!("access_v2_user_with_everything", everything(Scene::with_api(TokenVersion::V2)).access());
}

#[test]
fn id_tokens() {
    for (form, plain, full) in
        [(TokenForm::V1, "id_v1", "id_v1_with_everything"), (TokenForm::V2, "id_v2", "id_v2_with_everything")]
    {
        let mut scene = Scene::all_in(form);
        insta::assert_json_snapshot!(plain, scene.id(), { ".rh" => "[opaque]", ".uti" => "[22 characters]" });
        scene.wishes.nonce = Some("n-0S6_WzA2Mj".into());
        scene.wishes.auth_time = true;
        scene.wishes.login_hint = true;
        insta::assert_json_snapshot!(full, everything(scene).id(), {
            ".rh" => "[opaque]", ".uti" => "[22 characters]", ".login_hint" => "[sealed]",
        });
    }
}

#[test]
fn a_v2_id_token_without_profile_tells_who_signed_in_by_the_subject_alone() {
    let mut scene =
        Scene::all_in(TokenForm::V2).asking(&[("given_name", &[]), ("family_name", &[]), ("upn", &[])]);
    scene.scope = scene.scope.replace("profile ", "");
    let id = scene.id();
    for claim in ["name", "preferred_username", "oid", "given_name", "family_name", "upn"] {
        assert_eq!(id.get(claim), None, "{claim}");
    }
    assert_eq!(id["sub"].as_str().unwrap().len(), 43);
}

#[test]
fn the_audience_of_a_v1_token_is_the_resource_as_it_was_asked_for() {
    let mut scene = Scene::with_api(TokenVersion::V1);
    let client_id = scene.resource.client_id.to_string();
    let audience = |scene: &mut Scene, scope: &str| -> Value {
        scene.scope = scope.into();
        scene.access()["aud"].clone()
    };
    assert_eq!(audience(&mut scene, "api://contoso-api/Tasks.Read"), "api://contoso-api");
    scene.resource.identifier_uris.push("https://api.contoso.test/".into());
    assert_eq!(audience(&mut scene, "https://api.contoso.test//Tasks.Read"), "https://api.contoso.test/");
    assert_eq!(audience(&mut scene, &format!("{client_id}/Tasks.Read")), client_id);
    assert_eq!(audience(&mut scene, &format!("{}/Tasks.Read", client_id.to_uppercase())), client_id);
    // What is not one of its names is nobody's audience, however the resource was found.
    for name in ["api://elsewhere", "api://contoso-api/", "https://api.contoso.test", "API://contoso-api"] {
        assert_eq!(audience(&mut scene, &format!("{name}/Tasks.Read")), client_id, "{name}");
    }

    let mut scene = scene.asking(&[("aud", &["use_guid"])]);
    assert_eq!(audience(&mut scene, "api://contoso-api/Tasks.Read"), client_id);
    scene.resource.access_token_version = TokenVersion::V2;
    scene.resource.optional_claims = Default::default();
    assert_eq!(audience(&mut scene, "api://contoso-api/Tasks.Read"), client_id);

    let mut graph = Scene::with_graph();
    assert_eq!(audience(&mut graph, "User.Read"), "00000003-0000-0000-c000-000000000000");
    assert_eq!(audience(&mut graph, "openid"), "00000003-0000-0000-c000-000000000000");
    assert_eq!(audience(&mut graph, "https://graph.microsoft.com/User.Read"), "https://graph.microsoft.com");
    assert_eq!(
        audience(&mut graph, "https://graph.microsoft.com//User.Read"),
        "https://graph.microsoft.com/"
    );
}

#[test]
fn the_subject_is_another_for_every_audience_and_the_same_in_both_forms() {
    let (v1, v2) = (Scene::all_in(TokenForm::V1).tokens(), Scene::all_in(TokenForm::V2).tokens());
    assert_eq!(v1.access.claims["sub"], v2.access.claims["sub"]);
    assert_eq!(v1.id.claims["sub"], v2.id.claims["sub"]);
    assert_ne!(v1.access.claims["sub"], v1.id.claims["sub"]);
    // A client that is its own resource is one audience.
    let mut own = Scene::all_in(TokenForm::V2);
    own.resource = own.client.clone();
    own.resource.delegated_permissions = vec![super::scene::permission(1, "Tasks.Read")];
    own.client = own.resource.clone();
    own.scope = format!("openid {SHOP}/Tasks.Read");
    let own = own.tokens();
    assert_eq!(own.access.claims["sub"], own.id.claims["sub"]);
    assert_eq!(own.id.claims["sub"], v2.id.claims["sub"]);
}

#[test]
fn how_the_client_authenticated_is_told_in_both_forms() {
    for (form, claim) in [(TokenForm::V1, "appidacr"), (TokenForm::V2, "azpacr")] {
        let mut scene = Scene::all_in(form);
        assert_eq!(scene.access()[claim], "1");
        scene.public = true;
        assert_eq!(scene.access()[claim], "0");
    }
}
