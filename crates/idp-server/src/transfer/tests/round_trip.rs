//! Out of one store and into another.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use idp_domain::applications::{AuthenticatedClient, ClientRefusal};
use idp_domain::clock::Clock as _;
use idp_domain::directory::{DirectoryObject, ObjectKind, Seek, Upn, User};
use idp_domain::keys::{KeyStage, StoredKey};
use idp_domain::secret::Secret;
use idp_domain::store::{Applications as _, Directory as _, Users as _};
use jiff::Timestamp;
use serde_json::Value;

use super::{Place, acme};
use crate::development::cast::{CONTOSO, PASSWORD, PROGRAMS};
use crate::development::seed;
use crate::world::{SystemClock, SystemRandomness};

async fn with_cast(key: u8) -> Place {
    let place = Place::new(key);
    place.commit(seed::cast(&place.sealer, SystemClock.now()).unwrap()).await;
    place
}

#[tokio::test]
async fn a_tenant_that_goes_through_a_file_is_the_same_to_the_byte_and_so_are_its_secrets() {
    let from = with_cast(7).await;
    let (contoso, fabrikam) =
        (from.export("contoso.test", true).await, from.export("fabrikam.test", true).await);
    let to = Place::new(7);
    // Fabrikam has service principals of Contoso's applications; the order of the files does not matter to that.
    to.import(&[&fabrikam, &contoso]).await;
    assert_eq!(to.export("contoso.test", true).await, contoso);
    assert_eq!(to.export("fabrikam.test", true).await, fabrikam);

    let alice = Upn::parse("alice@contoso.test").unwrap();
    let alice = to.store.user_by_upn(CONTOSO, &alice).await.unwrap().unwrap();
    assert!(alice.password.unwrap().verify(&Secret::new(PASSWORD)));
    let web = &PROGRAMS[0];
    let registration = to.store.registration(CONTOSO, web.client_id()).await.unwrap().unwrap();
    let by = |secret: &str| {
        AuthenticatedClient::by_secret(
            registration.clone(),
            &Secret::new(secret),
            &to.sealer,
            SystemClock.now(),
        )
    };
    assert!(by(web.secret.unwrap()).is_ok());
    assert!(matches!(by("another"), Err(ClientRefusal::WrongSecret)));
}

#[tokio::test]
async fn ds_11_a_file_without_secrets_has_none_and_what_is_sealed_opens_under_its_key_only() {
    let from = with_cast(7).await;
    let open = from.export("contoso.test", false).await;
    let sealed = from.export("contoso.test", true).await;
    for word in ["passwordHash", "\"secrets\"", "sealed", "argon2"] {
        assert!(!open.contains(word), "{word}");
    }
    for word in ["argon2", PASSWORD, PROGRAMS[0].secret.unwrap()] {
        assert!(!sealed.contains(word), "{word}");
    }
    let elsewhere = Place::new(8);
    let told = elsewhere.decide(super::Audience::Developers, &[&sealed]).await.unwrap_err();
    assert!(
        told.iter().any(|fault| fault.starts_with("users[0].passwordHash: it does not open")),
        "{told:#?}"
    );
    assert!(told.iter().any(|fault| fault.starts_with("applications[0].secrets[0].sealed: ")), "{told:#?}");
    elsewhere.import(&[&open]).await;
    assert_eq!(elsewhere.export("contoso.test", true).await, open, "nobody has a password there");
}

#[tokio::test]
async fn what_somebody_wrote_comes_out_whole_and_goes_in_again() {
    let first = Place::new(7);
    first.import(&[&acme().to_string()]).await;
    let written = first.export("acme.test", true).await;
    let second = Place::new(7);
    second.import(&[&written]).await;
    assert_eq!(second.export("acme.test", true).await, written);

    let file: Value = serde_json::from_str(&written).unwrap();
    let organization = &file["organization"];
    for (name, value) in acme()["organization"].as_object().unwrap() {
        assert_eq!(&organization[name], value, "{name}");
    }
    let ben = &file["users"][1];
    for (name, value) in acme()["users"][1].as_object().unwrap() {
        match name.as_str() {
            "password" => assert!(ben["password"].is_null() && ben["passwordHash"].is_string()),
            "userPrincipalName" => assert_eq!(ben[name], "ben@eu.acme.test"),
            _ => assert_eq!(&ben[name], value, "{name}"),
        }
    }
    let staff =
        file["groups"].as_array().unwrap().iter().find(|group| group["displayName"] == "Staff").unwrap();
    assert_eq!(staff["members"], serde_json::json!(["Acme Robot", "Sales", "ann@acme.test"]));
    let web =
        file["applications"].as_array().unwrap().iter().find(|app| app["displayName"] == "Acme Web").unwrap();
    assert_eq!(web["unheardOf"], serde_json::json!([1, null]));
    assert_eq!(web["federatedIdentityCredentials"][0]["name"], "pipeline");
    assert_eq!(web["owners"][0], "ann@acme.test");
    assert!(web.get("spa").is_none() && web.get("tags").is_none(), "what goes without saying: {web}");
    assert_eq!(file["oauth2PermissionGrants"].as_array().unwrap().len(), 2);
    assert_eq!(file["appRoleAssignments"].as_array().unwrap().len(), 4);
    assert_eq!(
        file["servicePrincipals"].as_array().unwrap().len(),
        4,
        "Microsoft Graph's, and none of the draft's"
    );
    let draft = file["applications"]
        .as_array()
        .unwrap()
        .iter()
        .find(|app| app["displayName"] == "Acme Draft")
        .unwrap();
    assert_eq!(draft["servicePrincipal"], false);
}

#[tokio::test]
async fn names_that_several_have_are_written_as_ids() {
    let place = Place::new(7);
    let mut file = acme();
    let twin = serde_json::json!({ "id": "11111111-1111-4111-8111-111111111111", "displayName": "SALES" });
    file["groups"].as_array_mut().unwrap().push(twin);
    file["groups"][0]["members"][1] = serde_json::json!("11111111-1111-4111-8111-111111111111");
    place.import(&[&file.to_string()]).await;
    let written = place.export("acme.test", false).await;
    let again = Place::new(7);
    again.import(&[&written]).await;
    assert_eq!(again.export("acme.test", false).await, written);
    assert!(written.contains("\"11111111-1111-4111-8111-111111111111\",\n"), "{written}");
}

#[tokio::test]
async fn a_manifest_of_the_older_form_is_taken() {
    let place = Place::new(7);
    let mut file = acme();
    let legacy = serde_json::json!({ "name": "Acme Old", "replyUrlsWithType": [{ "url": "https://old.acme.test/in", "type": "Web" }],
        "oauth2AllowIdTokenImplicitFlow": true, "errorUrl": "https://old.acme.test/error", "appRoles": [] });
    file["applications"].as_array_mut().unwrap().push(legacy);
    place.import(&[&file.to_string()]).await;
    let written = place.export("acme.test", false).await;
    let out: Arc<Value> = Arc::new(serde_json::from_str(&written).unwrap());
    let old =
        out["applications"].as_array().unwrap().iter().find(|app| app["displayName"] == "Acme Old").unwrap();
    assert_eq!(old["web"]["redirectUris"][0], "https://old.acme.test/in");
    assert_eq!(old["errorUrl"], "https://old.acme.test/error");
    let again = Place::new(7);
    again.import(&[&written]).await;
    assert_eq!(again.export("acme.test", false).await, written);
}

/// An application of which everything is said that there is to say.
fn everything(certificate: &[u8]) -> Value {
    let scope = "33333333-3333-4333-8333-333333333333";
    serde_json::json!({
        "displayName": "Everything", "signInAudience": "AzureADMultipleOrgs", "description": "All of it.", "notes": "ours",
        "groupMembershipClaims": "SecurityGroup", "identifierUris": ["api://acme.test/everything"], "tags": ["a", "b"],
        "isFallbackPublicClient": true, "tokenLifetime": 1200, "serviceManagementReference": "7", "uniqueName": "everything",
        "api": { "acceptMappedClaims": true, "requestedAccessTokenVersion": 2,
            "knownClientApplications": ["44444444-4444-4444-8444-444444444444"],
            "oauth2PermissionScopes": [
                { "id": scope, "value": "A", "type": "Admin", "isEnabled": false, "adminConsentDisplayName": "a",
                  "adminConsentDescription": "b", "userConsentDisplayName": "c", "userConsentDescription": "d", "lang": null, "extra": 1 }],
            "preAuthorizedApplications": [{ "appId": "44444444-4444-4444-8444-444444444444", "delegatedPermissionIds": [scope] }] },
        "appRoles": [{ "id": "55555555-5555-4555-8555-555555555555", "value": "R", "displayName": "r", "description": "r",
            "allowedMemberTypes": ["User"], "isEnabled": false }],
        "web": { "redirectUris": ["https://acme.test/b", "https://acme.test/a"], "logoutUrl": "https://acme.test/out",
            "backChannelLogoutUrl": "https://acme.test/back",
            "homePageUrl": "https://acme.test/", "unheardOf": { "x": null },
            "implicitGrantSettings": { "enableIdTokenIssuance": true, "enableAccessTokenIssuance": true } },
        "spa": { "redirectUris": ["https://acme.test/spa"] }, "publicClient": { "redirectUris": ["acme://auth"] },
        "info": { "marketingUrl": "https://acme.test/m", "privacyStatementUrl": "https://acme.test/p",
            "supportUrl": "https://acme.test/s", "termsOfServiceUrl": "https://acme.test/t" },
        "optionalClaims": { "idToken": [{ "name": "upn", "essential": true, "additionalProperties": ["include_externally_authenticated_upn"] }],
            "accessToken": [], "saml2Token": [] },
        "requiredResourceAccess": [{ "resourceAppId": "00000003-0000-0000-c000-000000000000",
            "resourceAccess": [{ "id": "e1fe6dd8-ba31-4d61-89e7-88639da4683d", "type": "Scope" }] }],
        "parentalControlSettings": { "countriesBlockedForMinors": ["NL"], "legalAgeGroupRule": "Allow" },
        "servicePrincipalLockConfiguration": { "isEnabled": true, "allProperties": null }, "errorUrl": "https://acme.test/e",
        "verifiedPublisher": { "displayName": "Acme Ltd", "verifiedPublisherId": "1", "addedDateTime": "2026-01-01T00:00:00Z" },
        "keyCredentials": [{ "key": STANDARD.encode(certificate), "displayName": "CN=a", "type": "AsymmetricX509Cert", "usage": "Verify" }],
        "clientSecret": "everything-secret-published"
    })
}

/// The text could be the same and less than what was there: here the objects themselves are compared.
#[tokio::test]
async fn nothing_of_an_object_is_lost_on_the_way() {
    let first = Place::new(7);
    let key =
        StoredKey::generate(KeyStage::Current, &first.sealer, SystemClock.now(), &SystemRandomness).unwrap();
    let mut file = acme();
    file["applications"].as_array_mut().unwrap().push(everything(&key.certificate));
    first.import(&[&file.to_string()]).await;
    let written = first.export("acme.test", true).await;
    let second = Place::new(7);
    second.import(&[&written]).await;
    assert_eq!(second.export("acme.test", true).await, written);
    let tenant = first.tenant_id("acme.test").await;
    for kind in ObjectKind::ALL {
        let all = async |place: &Place| {
            let found = place.store.objects(tenant, kind, &Seek::All, None, 1000).await.unwrap();
            found.into_iter().map(|(_, object)| plain(object)).collect::<Vec<_>>()
        };
        let (here, there) = (all(&first).await, all(&second).await);
        assert!(here.len() >= 2 && here == there, "{here:#?}\n{there:#?}");
    }
    let everything: Value = serde_json::from_str(&written).unwrap();
    let listed = everything["applications"].as_array().unwrap().iter();
    let written = listed.clone().find(|app| app["displayName"] == "Everything").unwrap();
    for (name, value) in self::everything(&key.certificate).as_object().unwrap() {
        match name.as_str() {
            "clientSecret" | "keyCredentials" | "optionalClaims" => {}
            // Null says nothing.
            "api" => assert_eq!(written[name]["oauth2PermissionScopes"][0]["extra"], 1),
            "web" => assert_eq!(written[name]["unheardOf"], value["unheardOf"]),
            _ => assert_eq!(&written[name], value, "{name}"),
        }
    }
}

/// Without what is of the store: how often it changed there, and since when it takes sign-ins.
fn plain(object: DirectoryObject) -> DirectoryObject {
    match object {
        DirectoryObject::User(user) => {
            DirectoryObject::User(User { revision: 0, valid_from: Timestamp::UNIX_EPOCH, ..user })
        }
        other => other,
    }
}
