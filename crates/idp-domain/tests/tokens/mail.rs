//! Mail addresses: told only when the tenant has proved to own the domain.

use idp_domain::tokens::TokenForm;
use serde_json::json;

use super::scene::Scene;

const CLAIMS: &[(&str, &[&str])] = &[("email", &[]), ("xms_edov", &[]), ("verified_primary_email", &[])];

#[test]
fn cn_11_a_mail_address_of_somebody_elses_domain_is_not_told() {
    for form in [TokenForm::V1, TokenForm::V2] {
        let mut scene = Scene::all_in(form).asking(CLAIMS);
        scene.scope.push_str(" email");
        scene.user.mail = Some("boss@victim.example".into());
        for token in [scene.access(), scene.id()] {
            assert_eq!((token.get("email"), &token["xms_edov"]), (None, &json!(false)));
            assert_eq!(token.get("verified_primary_email"), None);
        }
        // A domain that only looks like ours is not ours.
        for mail in
            ["x@evil-contoso.test", "x@contoso.test.evil.example", "x@sub.contoso.test", "contoso.test"]
        {
            scene.user.mail = Some(mail.into());
            assert_eq!(scene.id().get("email"), None, "{mail}");
        }
        // An application can say that it knows what it does; that the address is unverified is told nevertheless.
        scene.user.mail = Some("boss@victim.example".into());
        let behaviors = json!({ "removeUnverifiedEmailClaim": false });
        scene.client.other.set("authenticationBehaviors", behaviors);
        let id = scene.id();
        assert_eq!((id["email"].as_str(), &id["xms_edov"]), (Some("boss@victim.example"), &json!(false)));
        assert_eq!(scene.access().get("email"), None, "the API did not say so");
    }
}

#[test]
fn cn_11_a_guests_mail_address_is_told_only_if_its_domain_is_ours() {
    for form in [TokenForm::V1, TokenForm::V2] {
        let mut scene = Scene::all_in(form).with_guest();
        assert_eq!(scene.id().get("email"), None);
        scene.standing.domains = vec!["fabrikam.test".into()];
        assert_eq!(scene.id()["email"], "alice@fabrikam.test", "a guest's by default");
    }
}

#[test]
fn a_verified_mail_address_is_told_to_those_who_ask() {
    let verified = json!(["alice@contoso.test"]);
    for form in [TokenForm::V1, TokenForm::V2] {
        let scene = Scene::all_in(form).asking(CLAIMS);
        for token in [scene.access(), scene.id()] {
            assert_eq!((&token["email"], &token["xms_edov"]), (&json!("alice@contoso.test"), &json!(true)));
            assert_eq!(token["verified_primary_email"], verified);
        }
        assert_eq!(Scene::all_in(form).id().get("email"), None, "nobody asked");
    }
    let mut scene = Scene::all_in(TokenForm::V2);
    scene.scope.push_str(" email");
    assert_eq!(scene.id()["email"], "alice@contoso.test");
    scene.user.mail = None;
    assert_eq!(scene.id().get("email"), None);
}
