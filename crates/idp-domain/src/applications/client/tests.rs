//! Who is let in by an assertion, and who is not.

use std::sync::Arc;

use jiff::Timestamp;
use serde_json::{Value, json};
use uuid::Uuid;
use vestibule_jose::client_assertion::ClientAssertion;
use vestibule_jose::{KeyId, SigningKey, TokenHeader};
use vestibule_wire::authority::Authority;
use vestibule_wire::ids::{ServicePrincipalId, TenantId};

use super::*;
use crate::applications::{Application, Certificate, FederatedCredential, ServicePrincipal, microsoft_graph};
use crate::keys::self_signed;
use crate::tenant::{CompatProfile, Tenant};

const NOW: i64 = 1_800_000_000;
const ORIGIN: &str = "https://login.example";
const TENANT: TenantId = TenantId::from_u128(7);

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(seconds).unwrap()
}

/// A client with a certificate, in a tenant.
struct Scene {
    registration: Registration,
    key: SigningKey,
    compat: CompatProfile,
}

fn scene() -> Scene {
    let pkcs8 = SigningKey::generate_pkcs8().unwrap();
    let der = self_signed(&pkcs8, at(NOW)).unwrap();
    let key = SigningKey::from_pkcs8(&pkcs8, KeyId::from_certificate_der(&der)).unwrap();
    let certificate = Certificate::read(Uuid::nil(), None, &der).unwrap();
    let application = Application { certificates: vec![certificate], tenant: TENANT, ..microsoft_graph() };
    let id = ServicePrincipalId::from_u128(9);
    let principal = ServicePrincipal::new(TENANT, id, application.client_id, at(0));
    let registration = Registration { principal, application: Arc::new(application) };
    Scene { registration, key, compat: CompatProfile::Entra }
}

impl Scene {
    fn claims(&self) -> Value {
        let client = self.registration.client_id();
        let aud = format!("{ORIGIN}/{TENANT}/oauth2/v2.0/token");
        json!({ "iss": client, "sub": client, "aud": aud, "jti": "1", "nbf": NOW, "exp": NOW + 600 })
    }

    fn with(&self, name: &str, value: Value) -> Value {
        let mut claims = self.claims();
        claims[name] = value;
        claims
    }

    /// What becomes of an assertion that this client's key has signed.
    fn presents(&self, claims: &Value, now: i64) -> Result<AuthenticatedClient, AssertionRefusal> {
        self.presents_signed_by(&self.key, claims, now)
    }

    fn presents_signed_by(
        &self,
        key: &SigningKey,
        claims: &Value,
        now: i64,
    ) -> Result<AuthenticatedClient, AssertionRefusal> {
        let text = key.sign(TokenHeader::KidAndX5t, claims).unwrap();
        let tenant = Tenant { id: TENANT, compat: self.compat, ..Tenant::of_personal_accounts() };
        let asked_as = &Authority::Tenant(TENANT);
        let realm = Realm { origin: ORIGIN, tenant: &tenant, domains: &[], asked_as };
        let assertion = ClientAssertion::read(&text).unwrap();
        AuthenticatedClient::by_certificate(self.registration.clone(), &assertion, &realm, at(now))
    }
}

fn spent(client: AuthenticatedClient) -> Vec<SpentMark> {
    let changes = Client::Confidential(client).changes();
    let marks = changes.iter().map(|change| match change {
        Change::Spend(mark) => mark.clone(),
        other => panic!("{other:?}"),
    });
    marks.collect()
}

#[test]
fn a_client_that_signs_with_its_own_key_is_let_in() {
    let scene = scene();
    let client = scene.presents(&scene.claims(), NOW).unwrap();
    assert_eq!(client.registration().client_id(), scene.registration.client_id());
    assert_eq!(Client::Confidential(client).authentication(), ClientAuthentication::Certificate);
}

#[test]
fn ca_12_the_key_of_another_application_is_nobodys_here() {
    let (scene, other) = (scene(), self::scene());
    let refused = scene.presents_signed_by(&other.key, &scene.claims(), NOW).unwrap_err();
    assert_eq!(refused, AssertionRefusal::KeyNotFound);
    let without = Scene {
        registration: Registration { application: Arc::new(microsoft_graph()), ..scene.registration.clone() },
        ..scene
    };
    assert_eq!(without.presents(&without.claims(), NOW).unwrap_err(), AssertionRefusal::KeyNotFound);
}

#[test]
fn ca_15_a_certificate_counts_within_its_dates_only() {
    let mut scene = scene();
    let decade = 12 * 365 * 86_400;
    for now in [NOW + decade, NOW - decade] {
        let mut claims = scene.with("exp", json!(now + 600));
        claims["nbf"] = json!(now);
        assert_eq!(scene.presents(&claims, now).unwrap_err(), AssertionRefusal::KeyOutOfDate);
    }
    // The same certificate once more, with dates that somebody wrote: the one that counts now is taken.
    let mut application = Application::clone(&scene.registration.application);
    let expired = Certificate { expires_at: at(NOW - 1), ..application.certificates[0].clone() };
    application.certificates.insert(0, expired);
    scene.registration.application = Arc::new(application);
    assert!(scene.presents(&scene.claims(), NOW).is_ok());
}

#[test]
fn ca_16_issuer_and_subject_are_both_the_client() {
    let scene = scene();
    let other = json!("11111111-1111-4111-8111-111111111111");
    let refused = |name| scene.presents(&scene.with(name, other.clone()), NOW).unwrap_err();
    assert_eq!(refused("iss"), AssertionRefusal::OtherClient);
    assert_eq!(refused("sub"), AssertionRefusal::SubjectMismatch);
    let client = scene.registration.client_id().to_string().to_uppercase();
    assert!(scene.presents(&scene.with("iss", json!(client)), NOW).is_ok(), "a GUID is the same in capitals");
}

#[test]
fn ca_17_the_audience_is_this_tenant_and_one_string() {
    let scene = scene();
    let refused = |aud| scene.presents(&scene.with("aud", aud), NOW).unwrap_err();
    assert_eq!(refused(json!("https://login.example/other.test/v2.0")), AssertionRefusal::Audience);
    let own = scene.claims()["aud"].clone();
    assert_eq!(refused(json!([own])), AssertionRefusal::SeveralAudiences);
    assert_eq!(refused(json!([])), AssertionRefusal::SeveralAudiences);
}

#[test]
fn ca_18_ca_19_an_assertion_is_good_in_its_time_only() {
    let scene = scene();
    for now in [NOW + 901, NOW - 301] {
        let refused = scene.presents(&scene.claims(), now).unwrap_err();
        assert!(matches!(refused, AssertionRefusal::OutOfTime(_)), "{refused:?}");
    }
    for (name, seconds) in [("exp", NOW + 86_401), ("iat", NOW + 301), ("nbf", NOW + 301)] {
        let refused = scene.presents(&scene.with(name, json!(seconds)), NOW).unwrap_err();
        assert!(matches!(refused, AssertionRefusal::OutOfTime(_)), "{name}");
    }
}

#[test]
fn a_disabled_application_is_told_so_once_it_has_proved_who_it_is() {
    let mut scene = scene();
    scene.registration.principal.enabled = false;
    assert_eq!(scene.presents(&scene.claims(), NOW).unwrap_err(), AssertionRefusal::Disabled);
    let wrong = scene.with("aud", json!("x"));
    assert_eq!(scene.presents(&wrong, NOW).unwrap_err(), AssertionRefusal::Audience);
}

#[test]
fn ca_20_only_the_strict_position_spends_an_assertion_and_by_its_jti() {
    let mut scene = scene();
    let once = |scene: &Scene, claims: &Value| spent(scene.presents(claims, NOW).unwrap());
    assert_eq!(once(&scene, &scene.claims()), []);
    scene.compat = CompatProfile::Strict;
    let first = once(&scene, &scene.claims());
    assert_eq!(first.len(), 1);
    assert_eq!(first[0].kind, crate::changes::SpentKind::ClientAssertion);
    assert_eq!(first, once(&scene, &scene.with("iat", json!(NOW))), "whatever else it says");
    assert_ne!(first, once(&scene, &scene.with("jti", json!("2"))));
    let mut nameless = scene.claims();
    nameless.as_object_mut().unwrap().remove("jti");
    let all = once(&scene, &nameless);
    assert_eq!(all, once(&scene, &nameless), "what has no name is known by all it says");
    nameless["iat"] = json!(NOW);
    assert_ne!(all, once(&scene, &nameless));
}

#[test]
fn ca_26_a_federated_credential_is_found_byte_for_byte_or_what_differs_is_named() {
    let credential = |issuer: &str, subject: &str, audience: &str| FederatedCredential {
        id: Uuid::nil(),
        name: "ci".into(),
        issuer: issuer.into(),
        subject: subject.into(),
        audiences: vec![audience.into()],
        description: None,
    };
    let application = Application {
        federated_credentials: vec![
            credential("https://i.example", "one", "api://x"),
            credential("https://i.example", "two", "api://y"),
        ],
        ..microsoft_graph()
    };
    let found = |issuer: &str, subject: &str, audience: Value| {
        let key = self::scene().key;
        let claims = json!({ "iss": issuer, "sub": subject, "aud": audience, "exp": NOW });
        let assertion = ClientAssertion::read(&key.sign(TokenHeader::KidOnly, &claims).unwrap()).unwrap();
        let found = application.federated_credential(assertion.claimed());
        assert_eq!(
            microsoft_graph().federated_credential(assertion.claimed()).unwrap_err(),
            Mismatch::NoCredentials
        );
        found.map(|credential| credential.issuer().to_owned())
    };
    assert_eq!(found("https://i.example", "two", json!("api://y")), Ok("https://i.example".into()));
    assert_eq!(found("https://i.example", "two", json!(["api://y"])), Ok("https://i.example".into()));
    for issuer in ["https://I.example", "https://i.example/", "https://i.exampl"] {
        assert_eq!(found(issuer, "two", json!("api://y")), Err(Mismatch::Issuer));
    }
    assert_eq!(found("https://i.example", "Two", json!("api://y")), Err(Mismatch::Subject));
    assert_eq!(found("https://i.example", "two", json!("api://x")), Err(Mismatch::Audience));
    assert_eq!(found("https://i.example", "two", json!(["api://y", "z"])), Err(Mismatch::Audience));
}
