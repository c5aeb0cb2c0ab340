//! Applications, service principals and what is granted to them, over Graph: what is registered there works at the token
//! endpoint, and what is taken away there stops working.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::Method;
use serde_json::{Value, json};
use spec::cast::{
    Application, Tenant, alice, automation, bob, contoso, explorer, fabrikam, fabrikam_automation, saas,
};
use spec::client::client;
use spec::secrets;
use spec::world::{now, random_guid};
use vestibule_jose::{KeyId, SigningKey, TokenHeader};
use vestibule_wire::aadsts::Aadsts;

use crate::graph::{Caller, alone, json_of, person};

const GRAPH_DEFAULT: &str = "https://graph.microsoft.com/.default";
/// `User.ReadWrite.All`, as an application permission: what makes an application privileged.
pub(crate) const USER_READ_WRITE_ALL: &str = "741f803b-c850-494e-b5df-cde7c675a1ca";

impl Caller {
    pub(crate) async fn post(&self, path: &str, body: Value) -> spec::answer::Answer {
        self.send(Method::POST, path, Some(&body)).await
    }

    pub(crate) async fn patch(&self, path: &str, body: Value) -> spec::answer::Answer {
        self.send(Method::PATCH, path, Some(&body)).await
    }

    pub(crate) async fn delete(&self, path: &str) -> spec::answer::Answer {
        self.send(Method::DELETE, path, None).await
    }

    /// Registers an application and its service principal.
    pub(crate) async fn registers(&self, body: Value) -> Registered {
        let made = self.post("/applications", body).await;
        let application = json_of(made.is(201));
        let client_id = application["appId"].as_str().unwrap().to_owned();
        let made = self.post("/servicePrincipals", json!({ "appId": client_id })).await;
        let principal = json_of(made.is(201));
        let text = |value: &Value| value["id"].as_str().unwrap().to_owned();
        Registered { id: text(&application), principal: text(&principal), client_id }
    }

    /// Makes a secret.
    pub(crate) async fn secret_of(&self, application: &Registered) -> (String, String) {
        let body = json!({ "passwordCredential": { "displayName": "ci" } });
        let made = self.post(&format!("/applications/{}/addPassword", application.id), body).await;
        let made = json_of(made.is(200));
        let secret = made["secretText"].as_str().unwrap().to_owned();
        assert_eq!(secret.len(), 40);
        assert_eq!(made["hint"], secret[..3]);
        secrets::record(&secret);
        (secret, made["keyId"].as_str().unwrap().to_owned())
    }

    /// The service principal of Microsoft Graph.
    pub(crate) async fn graph(&self) -> String {
        let found = self.get("/servicePrincipals(appId='00000003-0000-0000-c000-000000000000')").await;
        json_of(found.is(200))["id"].as_str().unwrap().to_owned()
    }

    pub(crate) async fn assigns(&self, principal: &str, resource: &str, role: &str) -> spec::answer::Answer {
        let body = json!({ "principalId": principal, "resourceId": resource, "appRoleId": role });
        self.post(&format!("/servicePrincipals/{resource}/appRoleAssignedTo"), body).await
    }
}

/// What was registered: the two object ids, and the client id.
pub(crate) struct Registered {
    pub(crate) id: String,
    pub(crate) principal: String,
    pub(crate) client_id: String,
}

impl Registered {
    /// As a program with this secret.
    pub(crate) fn program(&self, secret: &str, tenant: &Tenant) -> Application {
        Application {
            name: "registered".into(),
            tenant: tenant.id.clone(),
            client_id: self.client_id.clone(),
            kind: "web".into(),
            client_secret: Some(secret.to_owned()),
            certificate: None,
            private_key: None,
            redirect_uris: vec!["https://registered.example/in".into()],
            identifier_uri: None,
            scopes: Vec::new(),
            app_roles: Vec::new(),
            multi_tenant: false,
        }
    }
}

pub(crate) fn code_of(answer: &spec::answer::Answer) -> String {
    json_of(answer)["error"]["code"].as_str().unwrap_or_else(|| panic!("{}", answer.shown())).to_owned()
}

#[tokio::test]
async fn ga_06_a_secret_is_shown_once_and_works_until_it_is_taken_away() {
    let alice = person(&alice()).await;
    let made = alice.registers(json!({ "displayName": "Robot" })).await;
    let (secret, key) = alice.secret_of(&made).await;
    let robot = made.program(&secret, &contoso());
    client().token(&contoso(), &robot.for_itself(GRAPH_DEFAULT)).await.tokens();
    for path in [
        format!("/applications/{}", made.id),
        format!("/applications/{}?$select=passwordCredentials,keyCredentials", made.id),
        format!("/servicePrincipals/{}", made.principal),
        format!("/applications/{}/manifest", made.id),
        format!("/applications?$filter=appId%20eq%20'{}'", made.client_id),
    ] {
        let shown = alice.get(&path).await;
        shown.is(200).repeats_no_secret();
        assert!(!shown.text().contains(&secret), "{path}");
    }
    let shown = json_of(&alice.get(&format!("/applications(appId='{}')", made.client_id)).await);
    assert_eq!(shown["passwordCredentials"][0]["keyId"], key);
    assert_eq!(shown["passwordCredentials"][0]["secretText"], Value::Null);
    let remove = format!("/applications/{}/removePassword", made.id);
    alice.post(&remove, json!({ "keyId": random_guid() })).await.is(400);
    alice.post(&remove, json!({ "keyId": key })).await.is(204);
    client().token(&contoso(), &robot.for_itself(GRAPH_DEFAULT)).await.refused(Aadsts::InvalidClientSecret);
    // An application may be made with secrets; those are shown in the answer alone.
    let body = json!({ "displayName": "Robot", "passwordCredentials": [{ "displayName": "first" }] });
    let made = json_of(alice.post("/applications", body).await.is(201));
    secrets::record(made["passwordCredentials"][0]["secretText"].as_str().unwrap());
    let chosen = json!({ "displayName": "Robot", "passwordCredentials": [{ "secretText": "hunter2" }] });
    alice.post("/applications", chosen).await.is(400);
}

/// A certificate for a key of the test's own: in base64, and the key that it names.
fn certificate() -> (String, SigningKey) {
    let pkcs8 = SigningKey::generate_pkcs8().unwrap();
    let pair =
        rcgen::KeyPair::from_pkcs8_der_and_sign_algo(&pkcs8.as_slice().into(), &rcgen::PKCS_RSA_SHA256)
            .unwrap();
    let der = rcgen::CertificateParams::default().self_signed(&pair).unwrap().der().to_vec();
    let key = SigningKey::from_pkcs8(&pkcs8, KeyId::from_certificate_der(&der)).unwrap();
    (STANDARD.encode(der), key)
}

#[tokio::test]
async fn an_application_rolls_its_certificates_by_proof_of_the_one_before() {
    let alice = person(&alice()).await;
    let made = alice.registers(json!({ "displayName": "Rolling" })).await;
    let path = format!("/applications/{}", made.id);
    let proof = |key: &SigningKey| {
        let claims = json!({ "iss": made.id, "aud": "00000002-0000-0000-c000-000000000000", "nbf": now() - 60,
            "exp": now() + 600 });
        key.sign(TokenHeader::KidOnly, &claims).unwrap()
    };
    let ((first, first_key), (second, second_key)) = (certificate(), certificate());
    let added = |key: &str, proof: String| json!({ "keyCredential": { "type": "AsymmetricX509Cert", "usage": "Verify", "key": key }, "proof": proof });
    // Nothing proves an application that has no certificate.
    alice.post(&format!("{path}/addKey"), added(&first, proof(&first_key))).await.is(403);
    let body =
        json!({ "keyCredentials": [{ "type": "AsymmetricX509Cert", "usage": "Verify", "key": first }] });
    alice.patch(&path, body).await.is(204);
    alice.post(&format!("{path}/addKey"), added(&second, proof(&second_key))).await.is(403);
    let made =
        json_of(alice.post(&format!("{path}/addKey"), added(&second, proof(&first_key))).await.is(200));
    let shown = json_of(alice.get(&format!("{path}?$select=keyCredentials")).await.is(200));
    let keys: Vec<_> =
        shown["keyCredentials"].as_array().unwrap().iter().map(|key| key["key"].as_str()).collect();
    assert_eq!(keys, [Some(&*first), Some(&*second)]);
    assert_eq!(json_of(&alice.get(&path).await)["keyCredentials"][0]["key"], Value::Null);
    let old = shown["keyCredentials"][0]["keyId"].clone();
    assert_eq!(shown["keyCredentials"][1]["keyId"], made["keyId"]);
    let remove = format!("{path}/removeKey");
    alice.post(&remove, json!({ "keyId": old, "proof": proof(&second_key) })).await.is(204);
    alice.post(&remove, json!({ "keyId": made["keyId"], "proof": proof(&first_key) })).await.is(403);
}

#[tokio::test]
async fn az_05_to_az_09_cn_10_a_registration_is_looked_at_whole_and_nothing_of_a_bad_one_is_kept() {
    let alice = person(&alice()).await;
    let made = alice.registers(json!({ "displayName": "Strict" })).await;
    let path = format!("/applications/{}", made.id);
    let role = json!({ "id": random_guid(), "isEnabled": true, "value": "Do", "displayName": "d", "description": "d",
        "allowedMemberTypes": ["Application"] });
    let good = json!({
        "identifierUris": [format!("api://{}", made.client_id), "https://strict.contoso.test"],
        "appRoles": [role],
        "web": { "redirectUris": ["https://strict.example/in"] },
    });
    alice.patch(&path, good).await.is(204);
    let before = json_of(&alice.get(&path).await);
    let redirect = |uri: &str| json!({ "web": { "redirectUris": [uri] }, "displayName": "Changed" });
    for (body, code) in [
        (redirect("https://a.example/#x"), "Request_BadRequest"),
        (redirect("javascript:alert(1)"), "Request_BadRequest"),
        (redirect("http://a.example/"), "Request_BadRequest"),
        (redirect("https://a.example/*"), "Request_BadRequest"),
        (json!({ "spa": { "redirectUris": ["https://strict.example/in"] } }), "DuplicateValue"),
        (json!({ "identifierUris": ["https://fabrikam.test/strict"] }), "HostNameNotOnVerifiedDomain"),
        (
            json!({ "identifierUris": ["api://00000003-0000-0000-c000-000000000000"] }),
            "HostNameNotOnVerifiedDomain",
        ),
        (json!({ "appRoles": [] }), "CannotDeleteOrUpdateEnabledEntitlement"),
        (
            json!({ "signInAudience": "AzureADandPersonalMicrosoftAccount", "appRoles": [] }),
            "CannotDeleteOrUpdateEnabledEntitlement",
        ),
        (json!({ "signInAudience": "PersonalMicrosoftAccount" }), "InvalidAccessTokenVersion"),
        (json!({ "tokenLifetime": 5 }), "InvalidValue"),
        (json!({ "appId": "00000003-0000-0000-c000-000000000000" }), "Request_BadRequest"),
        (json!({ "verifiedPublisher": { "displayName": "Microsoft" } }), "Request_BadRequest"),
    ] {
        let answer = alice.patch(&path, body.clone()).await;
        answer.is(400);
        assert_eq!(code_of(&answer), code, "{body}: {}", answer.shown());
    }
    assert_eq!(json_of(&alice.get(&path).await), before);
    // Another application of the tenant cannot have the name.
    let other = alice.registers(json!({ "displayName": "Other" })).await;
    let body = json!({ "identifierUris": ["https://strict.contoso.test"] });
    let answer = alice.patch(&format!("/applications/{}", other.id), body).await;
    assert_eq!(code_of(answer.is(400)), "Request_MultipleObjectsWithSameKeyValue");
}

#[tokio::test]
async fn ga_11_an_application_that_changed_meanwhile_is_not_overwritten() {
    let alice = person(&alice()).await;
    let made = alice.registers(json!({ "displayName": "Raced" })).await;
    let path = format!("/applications/{}", made.id);
    let etag = json_of(&alice.get(&path).await)["@odata.etag"].as_str().unwrap().to_owned();
    let send = |name: &str| {
        let body = json!({ "displayName": name }).to_string();
        let request = alice.client.request(Method::PATCH, &format!("/graph/v1.0{path}")).bearer(&alice.token);
        request.header("if-match", &etag).body("application/json", body).send()
    };
    send("First").await.is(204);
    send("Second").await.is(412);
    assert_eq!(json_of(&alice.get(&path).await)["displayName"], "First");
}

#[tokio::test]
async fn cn_09_an_owner_keeps_an_application_until_it_may_write_to_the_directory() {
    let (alice, bob) = (person(&alice()).await, person(&bob()).await);
    let made = bob.registers(json!({ "displayName": "Bobs Tool" })).await;
    let owners = json_of(bob.get(&format!("/applications/{}/owners", made.id)).await.is(200));
    assert_eq!(owners["value"][0]["userPrincipalName"], "bob@contoso.test");
    bob.secret_of(&made).await;
    // It is not his to give it permissions.
    bob.assigns(&made.principal, &bob.graph().await, USER_READ_WRITE_ALL).await.is(403);
    alice.assigns(&made.principal, &alice.graph().await, USER_READ_WRITE_ALL).await.is(201);
    let path = format!("/applications/{}", made.id);
    let mine =
        json!({ "@odata.id": format!("https://graph.microsoft.com/v1.0/users/{}", spec::cast::bob().id) });
    for (method, path, body) in [
        (Method::POST, format!("{path}/addPassword"), json!({})),
        (Method::POST, format!("/servicePrincipals/{}/addPassword", made.principal), json!({})),
        (Method::POST, format!("{path}/owners/$ref"), mine.clone()),
        (Method::POST, format!("/servicePrincipals/{}/owners/$ref", made.principal), mine),
        (Method::PATCH, path.clone(), json!({ "web": { "redirectUris": ["https://evil.example/"] } })),
        (Method::PATCH, path.clone(), json!({ "keyCredentials": [] })),
        (
            Method::POST,
            format!("{path}/federatedIdentityCredentials"),
            json!({ "name": "evil", "issuer": "https://evil.example", "subject": "s", "audiences": ["a"] }),
        ),
        (Method::PUT, format!("{path}/manifest"), json!({ "displayName": "Mine" })),
        (Method::DELETE, path.clone(), Value::Null),
    ] {
        let answer = bob.send(method.clone(), &path, Some(&body)).await;
        assert_eq!(answer.status.as_u16(), 403, "{method} {path}: {}", answer.shown());
    }
}

#[tokio::test]
async fn cn_09_it_may_write_to_the_directory_again_when_its_service_principal_is_restored() {
    let (alice, bob) = (person(&alice()).await, person(&bob()).await);
    let made = bob.registers(json!({ "displayName": "Bobs Sleeper" })).await;
    let (application, principal) =
        (format!("/applications/{}", made.id), format!("/servicePrincipals/{}", made.principal));
    alice.assigns(&made.principal, &alice.graph().await, USER_READ_WRITE_ALL).await.is(201);
    alice.delete(&principal).await.is(204);
    bob.post(&format!("{application}/addPassword"), json!({})).await.is(403);
    bob.delete(&application).await.is(403);
    alice.delete(&application).await.is(204);
    let deleted = format!("/directory/deletedItems/{}", made.id);
    bob.post(&format!("{deleted}/restore"), json!({})).await.is(403);
    let asleep = format!("/directory/deletedItems/{}", made.principal);
    alice.post(&format!("{asleep}/restore"), json!({})).await.is(400);
    alice.post(&format!("{deleted}/restore"), json!({})).await.is(200);
    bob.post(&format!("{application}/addPassword"), json!({})).await.is(403);
    alice.post(&format!("{asleep}/restore"), json!({})).await.is(200);
    bob.post(&format!("{application}/addPassword"), json!({})).await.is(403);
}

#[tokio::test]
async fn somebody_who_does_not_administer_makes_250_objects() {
    let alice = person(&alice()).await;
    let name = format!("q{}", &random_guid()[..8]);
    let upn = format!("{name}@contoso.test");
    let password = "Correct-Horse-7";
    let body = json!({ "accountEnabled": true, "displayName": "Busy", "mailNickname": name, "userPrincipalName": upn,
        "passwordProfile": { "password": password, "forceChangePasswordNextSignIn": false } });
    let id = json_of(alice.post("/users", body).await.is(201))["id"].as_str().unwrap().to_owned();
    let tenant = contoso().id;
    let busy = spec::cast::Person { tenant, id, upn, password: password.into(), roles: Vec::new() };
    let busy = person(&busy).await;
    for number in 0..250 {
        busy.post("/applications", json!({ "displayName": format!("Busy {number}") })).await.is(201);
    }
    let answer = busy.post("/applications", json!({ "displayName": "Too Busy" })).await;
    assert_eq!(code_of(answer.is(403)), "Directory_QuotaExceeded");
}

#[tokio::test]
async fn cn_05_an_application_for_other_organisations_gets_its_service_principal_there_and_no_other_does() {
    let carol = alone(&fabrikam(), fabrikam_automation()).await;
    let alice = person(&alice()).await;
    let only = json_of(alice.post("/applications", json!({ "displayName": "Only Ours" })).await.is(201));
    for id in [only["appId"].as_str().unwrap(), &random_guid()] {
        let answer = carol.post("/servicePrincipals", json!({ "appId": id })).await;
        assert_eq!(code_of(answer.is(400)), "NoBackingApplicationObject");
        assert!(json_of(&answer)["error"]["message"].as_str().unwrap().contains("does not reference"));
    }
    let body = json!({ "displayName": "For All", "signInAudience": "AzureADMultipleOrgs" });
    let all = alice.registers(body).await;
    let there = json_of(carol.post("/servicePrincipals", json!({ "appId": all.client_id })).await.is(201));
    assert_eq!(there["appOwnerOrganizationId"], contoso().id);
    let again = carol.post("/servicePrincipals", json!({ "appId": all.client_id })).await;
    assert!(again.is(409).text().contains("already in use"), "{}", again.shown());
    // The registration is still not theirs.
    for path in [format!("/applications/{}", all.id), format!("/applications(appId='{}')", all.client_id)] {
        carol.get(&path).await.is(404);
        carol.patch(&path, json!({ "displayName": "Ours" })).await.is(404);
    }
    let path = format!("/servicePrincipals/{}", there["id"].as_str().unwrap());
    carol.post(&format!("{path}/addPassword"), json!({})).await.is(400);
    carol.delete(&path).await.is(204);
}

#[tokio::test]
async fn federated_credentials_are_found_by_name_and_keep_it() {
    let alice = person(&alice()).await;
    let made = alice.registers(json!({ "displayName": "Federated" })).await;
    let path = format!("/applications/{}/federatedIdentityCredentials", made.id);
    let body = json!({ "name": "Main-Branch", "issuer": "https://token.example", "subject": "repo:x:ref:main",
        "audiences": ["api://AzureADTokenExchange"], "description": "ours" });
    let credential = json_of(alice.post(&path, body.clone()).await.is(201));
    alice.post(&path, body).await.is(409);
    alice.post(&path, json!({ "name": "x" })).await.is(400);
    let found = json_of(alice.get(&format!("{path}/main-branch")).await.is(200));
    assert_eq!(found["id"], credential["id"]);
    let by_id = format!("{path}/{}", credential["id"].as_str().unwrap());
    alice.patch(&by_id, json!({ "name": "other" })).await.is(400);
    alice.patch(&by_id, json!({ "audiences": [] })).await.is(400);
    alice.patch(&by_id, json!({ "subject": "repo:x:ref:next" })).await.is(204);
    assert_eq!(json_of(alice.get(&path).await.is(200))["value"][0]["subject"], "repo:x:ref:next");
    alice.delete(&by_id).await.is(204);
    alice.get(&by_id).await.is(404);
}

#[tokio::test]
async fn a_manifest_of_the_old_form_becomes_the_application_and_is_read_back() {
    let alice = person(&alice()).await;
    let made = alice.registers(json!({ "displayName": "Old" })).await;
    let path = format!("/applications/{}/manifest", made.id);
    let manifest = json!({
        "name": "Kept In Git", "errorUrl": "https://old.example/error", "allowPublicClient": true,
        "accessTokenAcceptedVersion": 2,
        "replyUrlsWithType": [{ "url": "https://old.example/in", "type": "Web" }, { "url": "http://localhost", "type": "InstalledClient" }],
        "oauth2Permissions": [{ "id": random_guid(), "value": "Old.Read", "type": "User", "isEnabled": true, "lang": "en" }],
    });
    alice.send(Method::PUT, &path, Some(&manifest)).await.is(204);
    let shown = json_of(alice.get(&format!("/applications/{}", made.id)).await.is(200));
    assert_eq!(shown["displayName"], "Kept In Git");
    assert_eq!(shown["publicClient"]["redirectUris"], json!(["http://localhost"]));
    assert!(shown.get("errorUrl").is_none(), "what Graph does not have, it does not show");
    let back = json_of(alice.get(&format!("{path}?form=legacy")).await.is(200));
    for (name, value) in manifest.as_object().unwrap().iter().filter(|(name, _)| *name != "oauth2Permissions")
    {
        assert_eq!(&back[name], value, "{name}");
    }
    assert_eq!(back["oauth2Permissions"][0]["lang"], "en");
    let bad = json!({ "name": "x", "replyUrlsWithType": [{ "url": "javascript:alert(1)", "type": "Web" }] });
    alice.send(Method::PUT, &path, Some(&bad)).await.is(400);
    assert_eq!(json_of(&alice.get(&format!("{path}?form=legacy")).await), back);
}

#[tokio::test]
async fn a_deleted_application_is_nobody_until_it_is_brought_back() {
    let alice = person(&alice()).await;
    let made = alice.registers(json!({ "displayName": "Gone" })).await;
    let (secret, _) = alice.secret_of(&made).await;
    let asks = made.program(&secret, &contoso()).for_itself(GRAPH_DEFAULT);
    alice.delete(&format!("/applications/{}", made.id)).await.is(204);
    alice.get(&format!("/applications/{}", made.id)).await.is(404);
    alice.get(&format!("/servicePrincipals/{}", made.principal)).await.is(404);
    client().token(&contoso(), &asks).await.refused(Aadsts::ApplicationNotFound);
    for kind in ["application", "servicePrincipal"] {
        alice.get(&format!("/directory/deletedItems/microsoft.graph.{kind}")).await.is(200);
    }
    for id in [&made.id, &made.principal] {
        alice.get(&format!("/directory/deletedItems/{id}")).await.is(200);
        alice.post(&format!("/directory/deletedItems/{id}/restore"), json!({})).await.is(200);
    }
    client().token(&contoso(), &asks).await.tokens();
    for id in [&made.id, &made.principal] {
        let kind = if *id == made.id { "applications" } else { "servicePrincipals" };
        let gone = alice.delete(&format!("/{kind}/{id}")).await;
        assert!(matches!(gone.status.as_u16(), 204 | 404), "{}", gone.shown());
        alice.delete(&format!("/directory/deletedItems/{id}")).await.is(204);
        alice.get(&format!("/directory/deletedItems/{id}")).await.is(404);
    }
}

#[tokio::test]
async fn what_was_done_is_in_the_audit_log_and_who_signed_in_too() {
    let alice = person(&alice()).await;
    let made = alice.registers(json!({ "displayName": "Audited" })).await;
    let log = json_of(alice.get("/auditLogs/directoryAudits?$top=200").await.is(200));
    let entries = log["value"].as_array().unwrap();
    let entry = entries.iter().find(|entry| entry["targetResources"][0]["id"] == made.id.as_str());
    let entry = entry.unwrap_or_else(|| panic!("{log}"));
    assert_eq!(entry["initiatedBy"]["user"]["userPrincipalName"], "alice@contoso.test");
    assert_eq!(entry["initiatedBy"]["app"]["appId"], explorer().client_id);
    let first = json_of(alice.get("/auditLogs/signIns?$top=1").await.is(200));
    let next = first["@odata.nextLink"].as_str().unwrap().split("/graph/v1.0").nth(1).unwrap().to_owned();
    let second = json_of(alice.get(&next).await.is(200));
    assert_ne!(first["value"][0]["id"], second["value"][0]["id"]);
    person(&bob()).await.get("/auditLogs/signIns").await.is(403);
}

#[tokio::test]
async fn cn_17_there_is_one_organization_the_callers() {
    let alice = person(&alice()).await;
    let all = json_of(alice.get("/organization").await.is(200));
    assert_eq!(all["value"].as_array().unwrap().len(), 1);
    assert_eq!(all["value"][0]["id"], contoso().id);
    assert_eq!(all["value"][0]["verifiedDomains"][0]["name"], "contoso.test");
    let other = format!("/organization/{}", fabrikam().id);
    alice.get(&other).await.is(404);
    alice.patch(&other, json!({ "displayName": "Ours" })).await.is(404);
    let own = format!("/organization/{}", contoso().id);
    alice.patch(&own, json!({ "displayName": "Contoso" })).await.is(204);
    person(&bob()).await.patch(&own, json!({ "displayName": "Bobs" })).await.is(403);
    assert_eq!(json_of(alice.get("/domains").await.is(200))["value"][0]["id"], "contoso.test");
    alice.get("/domains/fabrikam.test").await.is(404);
    alice.post("/domains", json!({ "id": "fabrikam.test" })).await.is(405);
}

/// Clients of Azure CLI's kind look applications up so.
#[tokio::test]
async fn applications_and_service_principals_are_found_by_their_names() {
    let daemon = alone(&contoso(), automation()).await;
    let saas = saas();
    let one = |path: String| {
        let daemon = &daemon;
        async move {
            let found = json_of(daemon.get(&path).await.is(200));
            assert_eq!(found["value"].as_array().unwrap().len(), 1, "{path}: {found}");
            found["value"][0].clone()
        }
    };
    one(format!("/applications?$filter=appId%20eq%20'{}'", saas.client_id)).await;
    let uris = "/applications?$filter=identifierUris/any(s:s%20eq%20'api://contoso-api')";
    assert_eq!(one(uris.to_owned()).await["identifierUris"], json!(["api://contoso-api"]));
    let names = "/servicePrincipals?$filter=servicePrincipalNames/any(c:c%20eq%20'api://contoso-api')";
    let principal = one(names.to_owned()).await;
    assert_eq!(principal["appOwnerOrganizationId"], contoso().id);
    one(format!("/servicePrincipals?$filter=appId%20eq%20'{}'&$select=id,appId,displayName", saas.client_id))
        .await;
    let graph =
        daemon.get("/servicePrincipals(appId='00000003-0000-0000-c000-000000000000')?$select=appRoles").await;
    assert!(json_of(graph.is(200))["appRoles"].as_array().unwrap().len() > 20);
    daemon
        .patch(&format!("/servicePrincipals/{}", daemon.graph().await), json!({ "accountEnabled": false }))
        .await
        .is(400);
}
