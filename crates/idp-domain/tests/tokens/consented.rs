//! What was consented to, and what needs no consent.

use idp_domain::applications::TokenVersion;
use idp_domain::consent::ConsentRefusal;
use uuid::Uuid;
use vestibule_wire::graph::PreAuthorizedApplication;
use vestibule_wire::ids::ClientId;

use super::scene::{API, API_URI, SHOP, Scene};

fn asking(scope: &str) -> Scene {
    Scene { scope: format!("{API_URI}/{scope}"), ..Scene::with_api(TokenVersion::V2) }
}

fn scp(scene: &Scene) -> String {
    scene.access()["scp"].as_str().unwrap().to_owned()
}

fn allow(scene: &mut Scene, client: ClientId, permission: u128) {
    let delegated_permission_ids = vec![Uuid::from_u128(permission)];
    scene.resource.pre_authorized.push(PreAuthorizedApplication { app_id: client, delegated_permission_ids });
}

#[test]
fn a_resource_can_allow_a_client_beforehand() {
    let mut scene = asking("Tasks.Write");
    let missing = |scene: &Scene| scene.consented().unwrap_err();
    assert_eq!(missing(&scene), ConsentRefusal::Missing(vec![scene.scope.clone()]));
    // Another client, another permission: neither is this one.
    allow(&mut scene, API, 2);
    allow(&mut scene, SHOP, 1);
    assert!(matches!(missing(&scene), ConsentRefusal::Missing(_)));
    allow(&mut scene, SHOP, 2);
    assert_eq!(scp(&scene), "Tasks.Write");
}

#[test]
fn default_brings_everything_granted_or_allowed_beforehand() {
    let mut scene = asking(".default");
    assert_eq!(scp(&scene), "Tasks.Read");
    allow(&mut scene, SHOP, 2);
    assert_eq!(scp(&scene), "Tasks.Read Tasks.Write");
    scene.grants.clear();
    assert_eq!(scp(&scene), "Tasks.Write");
    scene.resource.pre_authorized.clear();
    assert!(matches!(scene.consented(), Err(ConsentRefusal::Missing(_))));
}

#[test]
fn a_disabled_permission_is_in_no_token() {
    let mut scene = asking("Tasks.Read");
    scene.resource.delegated_permissions[0].is_enabled = false;
    allow(&mut scene, SHOP, 1);
    assert!(matches!(scene.consented(), Err(ConsentRefusal::Unknown(_))));
    scene.scope = format!("{API_URI}/.default");
    assert!(matches!(scene.consented(), Err(ConsentRefusal::Missing(_))));
}

#[test]
fn permissions_are_asked_for_in_any_case_and_told_as_registered() {
    assert_eq!(scp(&asking("tasks.READ")), "Tasks.Read");
}

#[test]
fn default_of_microsoft_graph_does_not_list_offline_access() {
    let mut scene = Scene::with_graph();
    scene.scope = "https://graph.microsoft.com/.default".into();
    scene.grants = vec!["openid".into(), "offline_access".into(), "User.Read".into()];
    assert_eq!(scp(&scene), "openid User.Read");
}
