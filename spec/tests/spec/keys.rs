//! `GET /{tenant}/discovery/v2.0/keys` and `/{tenant}/discovery/keys` (RFC 7517 §5): the published signing keys.

use std::collections::HashSet;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use spec::cast::{API_DEFAULT, contoso, daemon, fabrikam};
use spec::client::{Client, client};
use spec::ordered::Ordered;
use spec::server::Server;
use spec::tokens::Jwt;
use vestibule_jose::{Jwks, KeyId};
use vestibule_wire::aadsts::Aadsts;

use crate::discovery::document;

async fn keys(client: &Client, authority: &str) -> Vec<Ordered> {
    let answer = client.get(&format!("/{authority}/discovery/v2.0/keys")).await;
    document(&answer).array("keys").to_vec()
}

#[tokio::test]
async fn the_shape_of_a_key() {
    let client = client();
    let answer = client.get("/contoso.test/discovery/v2.0/keys").await;
    let json = document(&answer)
        .redacted(&["kid", "x5t", "n", "x5c"])
        .replacing(client.origin(), "https://localhost:8443");
    insta::assert_json_snapshot!(
        json.replacing(client.origin().trim_start_matches("https://"), "localhost:8443")
    );
}

#[tokio::test]
async fn ds_02_nothing_but_public_members_is_published_and_there_is_more_than_one_key() {
    let keys = keys(&client(), "common").await;
    assert!(keys.len() > 1, "the next key is published before it signs: {}", keys.len());
    for key in &keys {
        for secret in ["d", "p", "q", "dp", "dq", "qi", "oth", "k"] {
            assert!(key.get(secret).is_none(), "{secret}");
        }
        assert_eq!((key.str("kty"), key.str("use"), key.str("e")), ("RSA", "sig", "AQAB"));
    }
}

#[tokio::test]
async fn ds_08_a_key_is_named_by_the_thumbprint_of_its_certificate() {
    let keys = keys(&client(), "common").await;
    for key in &keys {
        let certificate = STANDARD.decode(key.strings("x5c")[0]).unwrap();
        let thumbprint = KeyId::from_certificate_der(&certificate);
        assert_eq!((key.str("kid"), key.str("x5t")), (thumbprint.as_str(), thumbprint.as_str()));
        assert_eq!(key.str("kid").len(), 27);
        assert_eq!(key.strings("x5c").len(), 1);
    }
    let names: HashSet<_> = keys.iter().map(|key| key.str("kid")).collect();
    assert_eq!(names.len(), keys.len());
}

#[tokio::test]
async fn ds_12_keys_have_2048_bits_and_differ_from_server_to_server() {
    let client = client();
    let document = client.get("/common/discovery/v2.0/keys").await;
    let ours = Jwks::parse(&document.body).unwrap();
    assert!(ours.keys.iter().all(|key| key.public().bits() == 2048));
    let other = Server::own();
    let theirs = Client::of(&other).get("/common/discovery/v2.0/keys").await;
    for key in Jwks::parse(&theirs.body).unwrap().keys {
        assert!(!ours.keys.iter().any(|own| own.public().modulus() == key.public().modulus()));
    }
}

#[tokio::test]
async fn one_set_of_keys_signs_for_all_tenants_and_each_document_says_for_whom() {
    let client = client();
    let common = keys(&client, "common").await;
    for (authority, tenant) in [
        ("common", "{tenantid}"),
        ("organizations", "{tenantid}"),
        ("contoso.test", &contoso().id),
        (&fabrikam().id, &fabrikam().id),
    ] {
        let keys = keys(&client, authority).await;
        assert_eq!(keys.len(), common.len());
        for (key, same) in keys.iter().zip(&common) {
            assert_eq!(key.str("n"), same.str("n"));
            assert_eq!(key.str("issuer"), format!("{}/{tenant}/v2.0", client.origin()), "{authority}");
        }
    }
}

#[tokio::test]
async fn the_keys_of_v1_are_the_same_and_do_not_say_for_whom() {
    let client = client();
    for authority in ["common", "contoso.test", &*fabrikam().id] {
        let v1 = client.get(&format!("/{authority}/discovery/keys")).await;
        let v1 = document(&v1).array("keys").to_vec();
        let v2 = keys(&client, authority).await;
        assert_eq!(v1.len(), v2.len());
        for (key, same) in v1.iter().zip(&v2) {
            assert_eq!(key.names(), ["kty", "use", "kid", "x5t", "n", "e", "x5c"]);
            assert_eq!((key.str("kid"), key.str("n")), (same.str("kid"), same.str("n")));
        }
    }
    client.get("/nowhere.test/discovery/keys").await.refused(Aadsts::TenantNotFound);
}

#[tokio::test]
async fn tokens_are_signed_with_a_published_key_that_stays() {
    let client = client();
    let published: Vec<_> =
        keys(&client, "common").await.iter().map(|key| key.str("kid").to_owned()).collect();
    let mut used = HashSet::new();
    for _ in 0..5 {
        let tokens = client.token(&contoso(), &daemon().for_itself(API_DEFAULT)).await.tokens();
        used.insert(Jwt::verified(&client, &contoso(), tokens.access()).await.header.str("kid").to_owned());
    }
    assert_eq!(used.len(), 1, "the next key is published, and does not sign yet");
    assert!(used.iter().all(|kid| published.contains(kid)));
}

#[tokio::test]
async fn jw_13_a_tenants_keys_do_not_verify_another_tenants_tokens() {
    let client = client();
    let tokens = client.token(&contoso(), &daemon().for_itself(API_DEFAULT)).await.tokens();
    let document = client.get(&format!("/{}/discovery/v2.0/keys", fabrikam().id)).await;
    let jwt = Jwks::parse(&document.body).unwrap().verifier().unwrap().verify(tokens.access()).unwrap();
    let (issuer, audience) = (contoso().issuer(Server::shared()), spec::cast::api().client_id);
    let refused =
        vestibule_jose::Validation::new(&issuer, &[&audience], spec::world::now()).check(jwt).unwrap_err();
    assert_eq!(refused, vestibule_jose::Refused::KeyIssuer);
}

#[tokio::test]
async fn an_unknown_tenant_has_no_keys() {
    client().get("/nowhere.test/discovery/v2.0/keys").await.refused(Aadsts::TenantNotFound);
}

#[tokio::test]
async fn ds_05_keys_outlive_a_server_that_is_killed() {
    let server = Server::own();
    let before = keys(&Client::of(&server), "common").await;
    let server = server.killed_and_started_again();
    let after = keys(&Client::of(&server), "common").await;
    let names = |keys: &[Ordered]| keys.iter().map(|key| key.str("kid").to_owned()).collect::<HashSet<_>>();
    assert_eq!(names(&before), names(&after));
}
