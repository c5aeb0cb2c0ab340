//! Optional claims (§3.9), and claims that nobody can ask for (§3.10).

use idp_domain::tokens::TokenForm;
use serde_json::{Value, json};

use super::scene::{Scene, optional};

const EXTENSION: &str = "extension_ab603c56068041afb2f6832e2a17e237_costCenter";

fn alice(form: TokenForm) -> Scene {
    let mut scene = Scene::all_in(form);
    scene.user.profile.set("country", json!("DE"));
    scene.user.profile.set("preferredLanguage", json!("de-DE"));
    scene.user.profile.set(EXTENSION, json!("4711"));
    scene
}

#[test]
fn optional_claims_are_told_in_both_forms_when_they_are_asked_for() {
    let expected = [
        ("acct", "acct", json!(0)),
        ("auth_time", "auth_time", json!(1_767_268_800)),
        ("ctry", "ctry", json!("DE")),
        ("email", "email", json!("alice@contoso.test")),
        ("family_name", "family_name", json!("Liddell")),
        ("given_name", "given_name", json!("Alice")),
        ("ipaddr", "ipaddr", json!("192.0.2.7")),
        ("preferred_username", "preferred_username", json!("alice@contoso.test")),
        ("sid", "sid", json!("5e550000-0000-4000-8000-000000000001")),
        ("upn", "upn", json!("alice@contoso.test")),
        ("xms_pl", "xms_pl", json!("de-de")),
        (EXTENSION, "extn.costCenter", json!("4711")),
    ];
    // Told unasked, by one form or the other.
    let usual = |form, claim: &str, in_id: bool| match (form, claim) {
        (TokenForm::V1, "family_name" | "given_name" | "ipaddr" | "upn") => true,
        (TokenForm::V2, "preferred_username") => true,
        (_, "sid") => in_id,
        _ => false,
    };
    for form in [TokenForm::V1, TokenForm::V2] {
        for (name, claim, value) in &expected {
            let unasked = alice(form).tokens();
            assert_eq!(unasked.access.claims.get(claim).is_some(), usual(form, claim, false), "{claim}");
            assert_eq!(unasked.id.claims.get(claim).is_some(), usual(form, claim, true), "{claim}");
            let asked = alice(form).asking(&[(name, &[])]).tokens();
            assert_eq!(asked.access.claims.get(claim), Some(value), "{form:?}");
            assert_eq!(asked.id.claims.get(claim), Some(value), "{form:?}");
        }
    }
}

#[test]
fn a_login_hint_names_the_account_to_the_client_that_got_it() {
    for form in [TokenForm::V1, TokenForm::V2] {
        let scene = alice(form).asking(&[("login_hint", &[])]);
        for token in [scene.access(), scene.id()] {
            let hint = token["login_hint"].as_str().unwrap();
            let hint = idp_domain::tokens::LoginHint::open(hint, &super::scene::sealer()).unwrap();
            assert_eq!((hint.user, hint.client), (scene.user.id, scene.client.client_id));
        }
    }
}

#[test]
fn optional_claims_of_access_tokens_are_the_resources_to_ask_and_never_the_clients() {
    let mut scene = alice(TokenForm::V2);
    scene.client.optional_claims.access_token = vec![optional("ipaddr", &[])];
    scene.resource.optional_claims.id_token = vec![optional("ipaddr", &[])];
    assert_eq!((scene.access().get("ipaddr"), scene.id().get("ipaddr")), (None, None));
}

#[test]
fn idtyp_tells_the_tokens_of_applications_apart_where_the_resource_asks() {
    for form in [TokenForm::V1, TokenForm::V2] {
        let scene = alice(form);
        assert_eq!((scene.app_only(&[]).claims.get("idtyp"), scene.access().get("idtyp")), (None, None));
        let scene = alice(form).asking(&[("idtyp", &[])]);
        assert_eq!(scene.app_only(&[]).claims["idtyp"], "app");
        assert_eq!(scene.access().get("idtyp"), None);
        let scene = alice(form).asking(&[("idtyp", &["include_user_token"])]);
        assert_eq!(scene.access()["idtyp"], "user");
        assert_eq!(scene.id().get("idtyp"), None);
    }
}

#[test]
fn what_the_clients_program_can_do_is_repeated_to_a_resource_that_asks() {
    for form in [TokenForm::V1, TokenForm::V2] {
        let mut scene = alice(form).asking(&[("xms_cc", &[])]);
        assert_eq!(scene.access().get("xms_cc"), None, "it said nothing");
        scene.capabilities = vec!["CP1".into()];
        assert_eq!(scene.access()["xms_cc"], json!(["CP1"]));
        scene.resource.optional_claims = Default::default();
        assert_eq!(scene.access().get("xms_cc"), None, "nobody asked");
    }
}

#[test]
fn no_manifest_changes_a_claim_that_is_not_its_to_ask() {
    let hostile =
        ["sub", "oid", "tid", "iss", "aud", "roles", "wids", "groups", "scp", "nonce", "appid", "azp", "ver"];
    for form in [TokenForm::V1, TokenForm::V2] {
        let mut scene = alice(form);
        let (access, id) = (scene.access(), scene.id());
        for name in hostile {
            scene.user.profile.set(name, json!("mallory"));
            for application in [&mut scene.client, &mut scene.resource] {
                let mut claim = optional(name, &[]);
                claim.source = Some("user".into());
                application.optional_claims.id_token.push(claim.clone());
                application.optional_claims.access_token.push(claim);
            }
        }
        assert_eq!((scene.access(), scene.id()), (access, id));
    }
}

#[test]
fn an_extension_is_told_behind_its_prefix_and_only_with_a_value() {
    let of = |name: &str, value: Value| {
        let mut scene = Scene::all_in(TokenForm::V2).asking(&[(name, &[])]);
        scene.user.profile.set(name, value);
        let id = scene.id();
        id.as_object().unwrap().keys().filter(|claim| claim.contains("extn")).cloned().collect::<Vec<_>>()
    };
    assert_eq!(of("extension_ab603c56068041afb2f6832e2a17e237_sub", json!("x")), ["extn.sub"]);
    assert_eq!(of(EXTENSION, Value::Null), [""; 0]);
    assert_eq!(of("extension_short_sub", json!("x")), [""; 0]);
    assert_eq!(of("extension_ab603c56068041afb2f6832e2a17e237_", json!("x")), [""; 0]);
}
