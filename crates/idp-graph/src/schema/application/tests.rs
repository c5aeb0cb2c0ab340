//! Applications there and back: what is shown is taken, and comes to the same.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use idp_domain::applications::{Application, Certificate, ClientSecret, FederatedCredential, Platform};
use idp_domain::directory::Profile;
use jiff::Timestamp;
use proptest::prelude::*;
use serde_json::{Map, Value, json};
use uuid::Uuid;
use vestibule_wire::ids::{ApplicationId, ClientId, TenantId};
use vestibule_wire::manifest::Form;

use super::*;
use crate::body::{self, Moment};
use crate::error::{Fault, Refusal};
use crate::manifest;

fn tasks() -> Application {
    let id = ApplicationId::from_u128(3);
    Application::new(TenantId::from_u128(1), id, ClientId::from_u128(2), "Tasks".into())
}

fn object(value: Value) -> Map<String, Value> {
    value.as_object().unwrap().clone()
}

fn new_id() -> Uuid {
    Uuid::from_u128(77)
}

/// As a PATCH does it: the table first, then the application.
fn patched(application: &Application, body: Value) -> Result<Application, Vec<String>> {
    let body = object(body);
    let set = match body::members(&body, &APPLICATION, Moment::Changing, &[]) {
        Ok(members) => members.set,
        Err(Refusal::Members(faults)) => return Err(faults.into_iter().map(|fault| fault.member).collect()),
        Err(other) => panic!("{other:?}"),
    };
    let mut new = application.clone();
    apply(&mut new, &set, Source::Request)
        .map_err(|faults| faults.into_iter().map(|fault| fault.member).collect::<Vec<_>>())?;
    Ok(new)
}

#[test]
fn every_property_of_the_table_is_rendered_and_nothing_else() {
    let rendered = render(&tasks());
    for property in APPLICATION.properties {
        assert!(rendered.contains_key(property.name), "{}", property.name);
    }
    for name in rendered.keys().filter(|name| !name.starts_with('@')) {
        assert!(APPLICATION.properties.iter().any(|property| property.name == name), "{name}");
    }
}

#[test]
fn ga_05_what_the_directory_says_is_not_written() {
    for (name, value) in [
        ("id", json!("x")),
        ("appId", json!("00000003-0000-0000-c000-000000000000")),
        ("publisherDomain", json!("microsoft.com")),
        ("verifiedPublisher", json!({ "displayName": "Microsoft" })),
        ("disabledByMicrosoftStatus", Value::Null),
        ("tenant", json!("x")),
        ("secrets", json!([])),
        ("isAdmin", json!(true)),
        ("@entries", json!({})),
    ] {
        let found = patched(&tasks(), json!({ name: value })).unwrap_err();
        assert_eq!(found, [name]);
    }
    let nested = patched(&tasks(), json!({ "api": { "x": 1 }, "web": { "y": 1 }, "info": { "z": 1 } }));
    assert_eq!(nested.unwrap_err(), ["api/x", "info/z", "web/y"]);
    // Not even past the table.
    let mut app = tasks();
    let set = object(json!({ "verifiedPublisher": { "displayName": "Microsoft" }, "api": { "x": 1 } }));
    let faults = apply(&mut app, &set, Source::Request).unwrap_err();
    assert!(faults.iter().all(|fault| fault.what == Fault::Unknown) && faults.len() == 2);
}

#[test]
fn az_05_to_az_09_each_redirect_uri_at_fault_is_named() {
    let body = json!({
        "web": { "redirectUris": ["https://a.example/ok", "http://a.example/", "javascript:alert(1)"] },
        "spa": { "redirectUris": ["https://a.example/#x", "msal://auth"] },
        "publicClient": { "redirectUris": ["msal://auth", "https://a.example/*", "data:text/html,x"] },
    });
    let found = patched(&tasks(), body).unwrap_err();
    for member in [
        "web/redirectUris[1]",
        "web/redirectUris[2]",
        "spa/redirectUris[0]",
        "spa/redirectUris[1]",
        "publicClient/redirectUris[1]",
        "publicClient/redirectUris[2]",
    ] {
        assert!(found.contains(&member.to_owned()), "{member} in {found:?}");
    }
    assert_eq!(found.len(), 6);
}

#[test]
fn what_is_not_named_stays_and_null_takes_away() {
    let web = json!({ "web": {
        "redirectUris": ["https://a.example/"], "logoutUrl": "https://a.example/out",
        "backChannelLogoutUrl": "https://a.example/back", "homePageUrl": "https://a.example",
        "implicitGrantSettings": { "enableIdTokenIssuance": true },
    }});
    let first = patched(&tasks(), web).unwrap();
    let second = patched(&first, json!({ "web": { "redirectUris": ["https://b.example/"] } })).unwrap();
    let shown = render(&second);
    assert_eq!(shown["web"]["redirectUris"], json!(["https://b.example/"]));
    assert_eq!(shown["web"]["redirectUriSettings"], json!([{ "uri": "https://b.example/", "index": null }]));
    assert_eq!(shown["web"]["logoutUrl"], "https://a.example/out");
    assert_eq!(shown["web"]["backChannelLogoutUrl"], "https://a.example/back");
    assert_eq!(shown["web"]["homePageUrl"], "https://a.example");
    assert!(second.implicit_grant.id_token && !second.implicit_grant.access_token);
    let third = patched(&second, json!({ "web": null, "description": "d" })).unwrap();
    assert_eq!(render(&third)["web"], render(&tasks())["web"]);
    assert_eq!(render(&patched(&third, json!({ "description": null })).unwrap())["description"], Value::Null);
}

#[test]
fn a_list_of_permissions_says_which_entry_cannot_be_read() {
    let id = Uuid::from_u128(9).to_string();
    let body = json!({ "appRoles": [
        { "id": id, "isEnabled": true, "allowedMemberTypes": ["User"], "value": "a", "origin": "Application" },
        { "id": id, "isEnabled": true, "allowedMemberTypes": ["Everybody"], "value": "b" },
    ], "requiredResourceAccess": [{ "resourceAppId": id, "resourceAccess": [{ "id": id, "type": "Both" }] }],
      "signInAudience": "Everybody", "groupMembershipClaims": "Everybody", "api": { "requestedAccessTokenVersion": 3 } });
    let mut found = patched(&tasks(), body).unwrap_err();
    found.sort();
    let expected = [
        "api/requestedAccessTokenVersion",
        "appRoles[1]",
        "groupMembershipClaims",
        "requiredResourceAccess[0]",
        "signInAudience",
    ];
    assert_eq!(found, expected);
}

fn secret(number: u128) -> ClientSecret {
    ClientSecret {
        id: Uuid::from_u128(number),
        hash: [9; 32],
        display_name: Some("ci".into()),
        hint: Some("aB3".into()),
        starts_at: Timestamp::UNIX_EPOCH,
        expires_at: Timestamp::from_second(4_000_000_000).unwrap(),
    }
}

fn certificate_of(number: u128) -> Certificate {
    let at = |seconds| Timestamp::from_second(seconds).unwrap();
    Certificate {
        id: Uuid::from_u128(number),
        display_name: None,
        der: "AAEC".into(),
        thumbprint: "q83v".into(),
        starts_at: at(0),
        expires_at: at(4_000_000_000),
        parsed: Default::default(),
    }
}

#[test]
fn ga_06_no_secret_and_no_hash_of_one_is_ever_shown() {
    let app = Application { secrets: vec![secret(1)], certificates: vec![certificate_of(2)], ..tasks() };
    let shown = render(&app);
    assert_eq!(shown["passwordCredentials"][0]["secretText"], Value::Null);
    assert_eq!(shown["passwordCredentials"][0]["hint"], "aB3");
    assert_eq!(shown["keyCredentials"][0]["key"], Value::Null);
    let written = Value::Object(manifest::write(&app, Form::Graph)).to_string();
    assert!(!written.contains("hash") && !written.contains("[9,9"), "{written}");
    let mut with_keys_shown = shown;
    with_keys(&mut with_keys_shown, &app.certificates);
    assert_eq!(with_keys_shown["keyCredentials"][0]["key"], "AAEC");
}

#[test]
fn ga_06_credentials_are_kept_by_their_ids_and_never_chosen() {
    let app =
        Application { secrets: vec![secret(1), secret(2)], certificates: vec![certificate_of(3)], ..tasks() };
    let take = |body: Value, creating| {
        let mut new = app.clone();
        let taken = take_credentials(&mut new, &object(body), creating, &new_id);
        taken.map(|made| (new, made.secrets.len())).map_err(|faults| faults[0].member.clone())
    };
    let keep =
        json!({ "passwordCredentials": [{ "keyId": Uuid::from_u128(2).to_string(), "displayName": "x" }] });
    let (kept, made) = take(keep, false).unwrap();
    assert_eq!((kept.secrets, made), (vec![secret(2)], 0));
    assert_eq!(kept.certificates.len(), 1, "what is not named at all stays");
    let new = json!({ "passwordCredentials": [{ "displayName": "x" }] });
    assert_eq!(take(new.clone(), false).unwrap_err(), "passwordCredentials[0]/keyId");
    assert_eq!(take(new, true).unwrap().1, 1);
    let chosen = json!({ "passwordCredentials": [{ "secretText": "hunter2" }] });
    assert_eq!(take(chosen, true).unwrap_err(), "passwordCredentials[0]/secretText");
    for (body, member) in [
        (json!({ "key": "AAEC" }), "key"),
        (json!({ "key": "!" }), "key"),
        (json!({}), "key"),
        (json!({ "type": "Symmetric", "key": "AAEC" }), "type"),
        (json!({ "usage": "Encrypt", "key": "AAEC" }), "usage"),
    ] {
        let found = take(json!({ "keyCredentials": [body] }), false).unwrap_err();
        assert_eq!(found, format!("keyCredentials[0]/{member}"));
    }
}

#[test]
fn a_certificate_is_taken_in_der_or_pem_and_for_no_longer_than_it_says() {
    let pkcs8 = vestibule_jose::SigningKey::generate_pkcs8().unwrap();
    let now = Timestamp::from_second(1_800_000_000).unwrap();
    let der = idp_domain::keys::self_signed(&pkcs8, now).unwrap();
    let pem = format!("-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n", STANDARD.encode(&der));
    let take = |entry: Value| {
        let mut app = tasks();
        let set = object(json!({ "keyCredentials": [entry] }));
        // As the table lets it through.
        body::members(&set, &APPLICATION, Moment::Changing, &[]).unwrap();
        take_credentials(&mut app, &set, false, &new_id).map(|_| app.certificates.remove(0))
    };
    let whole =
        take(json!({ "key": STANDARD.encode(&der), "type": "AsymmetricX509Cert", "usage": "Verify" }))
            .unwrap();
    assert_eq!((whole.id, whole.der.as_str()), (new_id(), &*STANDARD.encode(&der)));
    assert_eq!(take(json!({ "key": STANDARD.encode(&pem) })).unwrap(), whole);
    let dated = |from: &str, until: &str| {
        take(json!({ "key": STANDARD.encode(&der), "startDateTime": from, "endDateTime": until }))
    };
    let narrowed = dated("2027-02-01T00:00:00Z", "2028-01-01T00:00:00Z").unwrap();
    assert!(narrowed.is_valid_at("2027-06-01T00:00:00Z".parse().unwrap()));
    assert!(!narrowed.is_valid_at("2028-06-01T00:00:00Z".parse().unwrap()));
    let widened = dated("1999-01-01T00:00:00Z", "2999-01-01T00:00:00Z").unwrap();
    assert_eq!((widened.starts_at, widened.expires_at), (whole.starts_at, whole.expires_at));
    assert!(dated("2028-01-01T00:00:00Z", "2027-01-01T00:00:00Z").is_err());
}

/// What the portal's manifest page downloaded: members of both kinds, known here and not.
fn portal() -> Value {
    let id = |number: u128| Uuid::from_u128(number).to_string();
    json!({
        "id": id(3), "acceptMappedClaims": true, "accessTokenAcceptedVersion": 2, "addIns": [],
        "allowPublicClient": true, "appId": id(2),
        "appRoles": [{ "allowedMemberTypes": ["User", "Application"], "description": "May approve",
            "displayName": "Approver", "id": id(10), "isEnabled": true, "lang": "en", "origin": "Application",
            "value": "Approve" }],
        "oauth2AllowUrlPathMatching": true, "errorUrl": "https://tasks.contoso.example/error",
        "groupMembershipClaims": "SecurityGroup", "identifierUris": ["api://tasks"],
        "informationalUrls": { "privacy": "https://contoso.example/p", "support": null },
        "keyCredentials": [], "knownClientApplications": [id(20)],
        "logoutUrl": "https://tasks.contoso.example/out",
        "backChannelLogoutUrl": "https://tasks.contoso.example/back", "name": "Chores", "notes": "ours",
        "oauth2AllowIdTokenImplicitFlow": true, "oauth2AllowImplicitFlow": false,
        "oauth2Permissions": [{ "adminConsentDescription": "Read tasks", "adminConsentDisplayName": "Read", "id": id(11),
            "isEnabled": true, "lang": null, "origin": "Application", "type": "User",
            "userConsentDescription": "Read your tasks", "userConsentDisplayName": "Read", "value": "Tasks.Read" }],
        "optionalClaims": { "idToken": [{ "name": "email", "source": null, "essential": false,
            "additionalProperties": [] }], "accessToken": [], "saml2Token": [] },
        "orgRestrictions": [{ "x": 1 }],
        "passwordCredentials": [{ "keyId": id(12), "value": null, "hint": "a1B", "endDate": "2023-01-01T00:00:00Z" }],
        "preAuthorizedApplications": [{ "appId": id(21), "permissionIds": [id(11)] }],
        "replyUrlsWithType": [
            { "url": "https://tasks.contoso.example/in", "type": "Web" },
            { "url": "https://tasks.contoso.example/", "type": "Spa" },
            { "url": "http://localhost", "type": "InstalledClient" } ],
        "requiredResourceAccess": [{ "resourceAppId": id(30), "resourceAccess": [{ "id": id(31), "type": "Scope" }] }],
        "signInUrl": "https://tasks.contoso.example", "signInAudience": "AzureADMultipleOrgs", "tags": ["HideApp"],
        "verifiedPublisher": { "displayName": "Microsoft" }, "publisherDomain": "microsoft.com",
    })
}

fn file(value: &Value) -> Vec<u8> {
    serde_json::to_vec(value).unwrap()
}

#[test]
fn a_manifest_of_the_portal_is_taken_and_comes_back_with_all_it_said() {
    let (form, app) = manifest::read(&file(&portal()), &tasks(), &new_id).unwrap();
    assert_eq!(form, Form::Legacy);
    assert_eq!(app.display_name, "Chores");
    assert_eq!(
        app.redirect_uris.iter().map(|uri| uri.platform).collect::<Vec<_>>(),
        [Platform::Web, Platform::Spa, Platform::Native]
    );
    assert!(app.access_token_version.is_v2() && app.implicit_grant.id_token && app.is_fallback_public_client);
    assert!(app.secrets.is_empty(), "a hint is no secret");
    assert_eq!(app.verified_publisher, tasks().verified_publisher, "CN-08: no file vouches for anybody");
    assert_eq!(app.publisher_domain, None);
    let back = Value::Object(manifest::write(&app, Form::Legacy));
    for (name, value) in portal().as_object().unwrap() {
        match name.as_str() {
            "passwordCredentials" | "verifiedPublisher" | "publisherDomain" => {}
            "informationalUrls" => assert_eq!(back[name]["privacy"], value["privacy"]),
            "oauth2Permissions" => {
                for (member, value) in
                    value[0].as_object().unwrap().iter().filter(|(_, value)| !value.is_null())
                {
                    assert_eq!(back[name][0][member], *value, "{member}");
                }
            }
            _ => assert_eq!(back[name], *value, "{name}"),
        }
    }
}

#[test]
fn an_application_comes_back_from_both_forms_as_it_went() {
    let (_, mut app) = manifest::read(&file(&portal()), &tasks(), &new_id).unwrap();
    app.secrets = vec![secret(1)];
    app.certificates = vec![certificate_of(5)];
    app.token_lifetime = Some(7200);
    app.federated_credentials = vec![FederatedCredential {
        id: Uuid::from_u128(6),
        name: "main".into(),
        issuer: "https://token.example".into(),
        subject: "s".into(),
        audiences: vec!["a".into()],
        description: None,
    }];
    for form in [Form::Graph, Form::Legacy] {
        let written = manifest::write(&app, form);
        let (read_as, back) = manifest::read(&file(&Value::Object(written)), &app, &new_id).unwrap();
        assert_eq!(read_as, form);
        assert_eq!(back, app, "{form:?}");
    }
}

#[test]
fn a_broken_manifest_names_its_members() {
    let broken = json!({ "name": "x", "replyUrlsWithType": [{ "url": "javascript:alert(1)", "type": "Web" }],
        "appRoles": [{ "value": "a" }] });
    let faults = manifest::read(&file(&broken), &tasks(), &new_id).unwrap_err();
    let members: Vec<_> = faults.iter().map(|fault| fault.member.as_str()).collect();
    assert_eq!(members, ["appRoles[0]", "web/redirectUris[0]"]);
    assert!(manifest::read(b"{", &tasks(), &new_id).is_err());
    let typed = manifest::read(br#"{"name": 5}"#, &tasks(), &new_id).unwrap_err();
    assert_eq!(typed[0].member, "name");
}

fn texts() -> impl Strategy<Value = String> {
    "[a-zA-Z0-9 .äß]{0,12}"
}

fn value() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i32>().prop_map(Value::from),
        texts().prop_map(Value::from),
        prop::collection::vec(texts(), 0..3).prop_map(Value::from),
        prop::collection::btree_map("[a-zA-Z@]{1,8}", texts(), 0..3).prop_map(|map| json!(map)),
        Just(json!([{ "id": Uuid::from_u128(4).to_string(), "value": "a", "more": 1 }])),
    ]
}

fn documents() -> impl Strategy<Value = Map<String, Value>> {
    let names: Vec<&'static str> = APPLICATION.properties.iter().map(|property| property.name).collect();
    let name = prop_oneof![3 => prop::sample::select(names).prop_map(str::to_owned), 1 => "[a-z@]{1,6}"];
    prop::collection::btree_map(name, value(), 0..8).prop_map(|map| map.into_iter().collect())
}

proptest! {
    /// Whatever is written, nothing panics; and what is taken is shown as it is taken again.
    #[test]
    fn what_is_taken_is_shown_and_taken_again(document in documents()) {
        let mut first = tasks();
        if apply(&mut first, &document, Source::Manifest).is_ok() {
            let written = manifest::write(&first, Form::Graph);
            let mut second = Application { created_at: first.created_at, ..tasks() };
            prop_assert!(apply(&mut second, &written, Source::Manifest).is_ok());
            prop_assert_eq!(render(&first), render(&second));
            prop_assert_eq!(carried(&first.other), carried(&second.other));
        }
    }

    #[test]
    fn ga_05_a_request_changes_nothing_that_the_table_does_not_open(document in documents()) {
        let mut app = Application { secrets: vec![secret(1)], certificates: vec![certificate_of(2)], ..tasks() };
        let before = app.clone();
        let _ = apply(&mut app, &document, Source::Request);
        prop_assert_eq!((app.tenant, app.id, app.client_id), (before.tenant, before.id, before.client_id));
        prop_assert_eq!(&app.secrets, &before.secrets);
        prop_assert_eq!(&app.certificates, &before.certificates);
        prop_assert_eq!(&app.verified_publisher, &before.verified_publisher);
        prop_assert_eq!(&app.publisher_domain, &before.publisher_domain);
        for name in app.other.members().keys() {
            let known = APPLICATION.properties.iter().any(|property| property.name == name);
            prop_assert!(known || name == "@entries", "{}", name);
        }
    }
}

/// What was carried, but for what is the same without a value.
fn carried(other: &Profile) -> Vec<(String, Value)> {
    let empty = |value: &Value| matches!(value, Value::Array(list) if list.is_empty());
    let said = other.members().iter().filter(|(_, value)| !empty(value) && **value != json!(false));
    said.map(|(name, value)| (name.clone(), value.clone())).collect()
}
