//! Guests: `tid` and `oid` are those of the directory they visit, and who vouches for them is told apart from it.

use idp_domain::directory::role;
use idp_domain::policies::{Admitted, FlowPolicy, FlowSwitch};
use idp_domain::sessions::Facts;
use idp_domain::tokens::TokenForm;
use serde_json::json;
use vestibule_wire::ids::TenantId;

use super::scene::{CONTOSO, FABRIKAM, Scene, noon};

const HOME: &str = "https://sts.windows.net/fab00000-0000-4000-8000-000000000001/";

#[test]
fn cn_13_a_guests_tokens_are_of_the_directory_visited_and_name_who_vouches() {
    for form in [TokenForm::V1, TokenForm::V2] {
        let scene = Scene::all_in(form).with_guest().asking(&[("acct", &[])]);
        for token in [scene.access(), scene.id()] {
            assert_eq!(token["tid"], json!(CONTOSO));
            assert_eq!(token["oid"], json!(scene.user.id));
            assert_eq!(token["iss"], json!(form.issuer("https://login.example", CONTOSO)));
            assert_eq!((&token["idp"], &token["acct"]), (&json!(HOME), &json!(1)));
        }
        let member = Scene::all_in(form).asking(&[("acct", &[])]).id();
        assert_eq!((member.get("idp"), &member["acct"]), (None, &json!(0)));
    }
}

#[test]
fn a_guests_names_are_told_as_the_application_wants_them() {
    let mut scene = Scene::all_in(TokenForm::V1).with_guest();
    let told = scene.id();
    assert_eq!((told["unique_name"].as_str(), told.get("upn")), (Some("alice@fabrikam.test"), None));

    let external = "include_externally_authenticated_upn";
    for form in [TokenForm::V1, TokenForm::V2] {
        let scene = Scene::all_in(form).with_guest();
        assert_eq!(scene.asking(&[("upn", &[])]).id().get("upn"), None);
        let scene = Scene::all_in(form).with_guest().asking(&[("upn", &[external])]);
        assert_eq!(scene.id()["upn"], "alice_fabrikam.test#EXT#@contoso.test");
        let without = format!("{external}_without_hash");
        let scene = Scene::all_in(form).with_guest().asking(&[("upn", &[&without])]);
        assert_eq!(scene.access()["upn"], "alice_fabrikam.test_EXT_@contoso.test");
    }

    // Somebody who is no directory is named before the name.
    let identities = json!([{ "signInType": "federated", "issuer": "live.com" }]);
    scene.user.profile.set("identities", identities);
    assert_eq!(scene.id()["unique_name"], "live.com#alice@fabrikam.test");
    assert_eq!(scene.id()["idp"], "live.com");
    // "Some other directory" is nobody in particular.
    let identities = json!([{ "signInType": "federated", "issuer": "ExternalAzureAD" }]);
    scene.user.profile.set("identities", identities);
    assert_eq!(scene.id().get("idp"), None);
}

#[test]
fn cn_12_a_member_cannot_be_told_under_the_name_of_somebody_elsewhere() {
    let mut scene = Scene::all_in(TokenForm::V1).with_guest();
    scene.user.user_type = idp_domain::directory::UserType::Member;
    let id = scene.id();
    assert_eq!(id["unique_name"], "alice_fabrikam.test#ext#@contoso.test");
    assert_eq!(id.get("idp"), None);
}

/// A guest whose home is here too: everything is told of the account at home, and nothing of it by the wrong name.
#[test]
fn cn_13_a_guest_of_another_tenant_of_ours_is_told_by_the_name_at_home() {
    for form in [TokenForm::V1, TokenForm::V2] {
        let scene = Scene::all_in(form).with_guest_of_fabrikam();
        let home = form_independent_issuer(FABRIKAM);
        let name = if form == TokenForm::V1 { "unique_name" } else { "preferred_username" };
        for token in [scene.access(), scene.id()] {
            assert_eq!((&token["tid"], &token["oid"]), (&json!(CONTOSO), &json!(scene.user.id)), "{form:?}");
            assert_eq!(token["idp"], json!(home), "{form:?}");
            assert_eq!(token[name], "alice@fabrikam.test", "{form:?}");
            assert_eq!(token.get("upn"), None, "{form:?}");
        }
        assert_eq!(scene.id()["email"], "alice@fabrikam.test", "whose domain is that of the home");
        let told = scene.tokens().issued.client_info.unwrap();
        let at_home = scene.home.unwrap().user;
        assert_eq!((told.uid, told.utid), (at_home.id, FABRIKAM), "the account of clients stays one");
    }
}

fn form_independent_issuer(tenant: TenantId) -> String {
    format!("https://login.example/{tenant}/")
}

#[test]
fn ro_02_a_guest_signs_in_by_no_way_that_is_closed_where_they_did_or_where_they_visit() {
    use FlowSwitch::{Allowed, Blocked, BlockedForRoles};
    let by_program = || Facts::password_in_program(noon(), None);
    for (at_home, here, is_administrator_at_home, admitted) in [
        (Allowed, Allowed, true, true),
        (Blocked, Allowed, false, false),
        (Allowed, Blocked, false, false),
        (BlockedForRoles, Allowed, false, true),
        (BlockedForRoles, Allowed, true, false),
    ] {
        let mut scene = Scene::all_in(TokenForm::V2).with_guest_of_fabrikam();
        let flows = |password_grant| FlowPolicy { password_grant, ..FlowPolicy::ALLOWED };
        scene.tenant.flows = flows(here);
        let home = scene.home.as_mut().unwrap();
        home.tenant.flows = flows(at_home);
        home.user.directory_roles =
            if is_administrator_at_home { vec![role::USER_ADMINISTRATOR] } else { vec![] };
        let checked = Admitted::check(&scene.tenant, scene.signed_in_by(by_program()));
        assert_eq!(checked.is_ok(), admitted, "{at_home:?} {here:?}");
        if let Err(blocked) = checked {
            assert_eq!(blocked.user, Some(scene.user.id), "as they are known here");
        }
    }
}
