//! Where a person must be assigned (§5.6), and that no more is read than tokens tell.

use idp_domain::applications::{DEFAULT_ACCESS, TokenVersion};
use idp_domain::tokens::{AssignedNeeds, Needs};
use vestibule_wire::graph::MemberType;

use super::scene::{API, SHOP, Scene, group, permission};

#[test]
fn somebody_who_is_not_assigned_gets_no_token_where_one_must_be() {
    let mut scene = Scene::with_api(TokenVersion::V2);
    assert!(scene.granted().is_ok());
    scene.client_requires_assignment = true;
    assert_eq!(scene.granted().unwrap_err().0.client_id(), SHOP);
    scene.standing.client.roles = vec![DEFAULT_ACCESS];
    assert!(scene.granted().is_ok(), "assigned, to no role in particular");
    scene.resource_requires_assignment = true;
    assert_eq!(scene.granted().unwrap_err().0.client_id(), API);
    // An assignment elsewhere does not count, nor does a group that was not read as one.
    scene.standing.resource.groups = vec![group(1)];
    assert!(scene.granted().is_err());
    scene.standing.resource.roles = vec![DEFAULT_ACCESS];
    assert!(scene.granted().is_ok());
}

/// An API and a shop that offer nothing and ask for nothing.
fn plain() -> Scene {
    let mut scene = Scene::with_api(TokenVersion::V2);
    scene.client.app_roles.clear();
    scene.resource.app_roles.clear();
    scene
}

#[test]
fn of_plain_applications_nothing_is_read() {
    assert_eq!(plain().needs(), Needs::default());
    let mut graph = Scene::with_graph();
    graph.client.app_roles.clear();
    assert_eq!(graph.needs(), Needs::default());
    // Roles for applications are not for people.
    let mut scene = Scene::with_api(TokenVersion::V2);
    for role in scene.client.app_roles.iter_mut().chain(&mut scene.resource.app_roles) {
        role.allowed_member_types = vec![MemberType::Application];
    }
    assert_eq!(scene.needs(), Needs::default());
}

#[test]
fn what_a_token_tells_of_is_read_and_nothing_else() {
    let roles = AssignedNeeds { roles: true, groups: false };
    let groups = AssignedNeeds { roles: false, groups: true };
    let both = AssignedNeeds { roles: true, groups: true };

    let scene = Scene::with_api(TokenVersion::V2);
    assert_eq!(scene.needs(), Needs { client: roles, resource: roles, ..Needs::default() });
    let mut scene = scene;
    scene.scope = scene.scope.replace("openid ", "");
    assert_eq!(scene.needs(), Needs { resource: roles, ..Needs::default() }, "there is no ID token");

    let mut scene = plain();
    scene.client_requires_assignment = true;
    assert_eq!(scene.needs().client, roles);
    scene.client.group_membership_claims.application_groups = true;
    assert_eq!(scene.needs(), Needs { client: both, ..Needs::default() });
    scene.resource.group_membership_claims.application_groups = true;
    assert_eq!(scene.needs(), Needs { client: both, resource: groups, ..Needs::default() });
    scene.resource.group_membership_claims.all = true;
    assert!(scene.needs().groups);

    let mut scene = plain();
    scene.resource.group_membership_claims.directory_roles = true;
    assert_eq!(scene.needs(), Needs::default(), "the user is read with their directory roles");
}

#[test]
fn domains_are_read_only_for_a_mail_address_that_may_be_told() {
    let mut scene = plain();
    scene.user.mail = Some("alice@other.example".into());
    assert!(!scene.needs().domains, "nobody asks");
    scene.scope.push_str(" email");
    assert!(scene.needs().domains);
    scene.user.mail = Some("alice@contoso.test".into());
    assert!(!scene.needs().domains, "the default domain is known to be verified");
    assert!(plain().with_guest().needs().domains, "a guest's is told unasked");
    let mut scene = plain().asking(&[("xms_edov", &[])]);
    scene.user.mail = Some("alice@other.example".into());
    assert!(scene.needs().domains);
}

#[test]
fn a_client_that_is_the_resource_too_is_looked_at_once() {
    let mut scene = Scene::with_api(TokenVersion::V2);
    scene.client.delegated_permissions = vec![permission(1, "Tasks.Read")];
    scene.resource = scene.client.clone();
    scene.scope = format!("openid {SHOP}/Tasks.Read");
    scene.client_requires_assignment = true;
    scene.resource_requires_assignment = true;
    let needs = scene.needs();
    assert_eq!(needs.client, AssignedNeeds::default());
    assert!(needs.resource.roles);
    assert!(scene.granted().is_err());
    scene.standing.resource.roles = vec![uuid::Uuid::from_u128(21)];
    let tokens = scene.tokens();
    assert_eq!(tokens.id.claims["roles"], serde_json::json!(["Customer"]));
    assert_eq!(tokens.access.claims["roles"], serde_json::json!(["Customer"]));
}
