//! `GET /common/discovery/instance`: whether an authority is one of ours.

use spec::answer::Answer;
use spec::client::{Client, client};
use spec::form::Form;
use vestibule_wire::aadsts::Aadsts;

use crate::discovery::document;

async fn ask(client: &Client, endpoint: &str) -> Answer {
    let query = Form::new().with("api-version", "1.1").with("authorization_endpoint", endpoint).encode();
    client.get(&format!("/common/discovery/instance?{query}")).await
}

#[tokio::test]
async fn our_own_authority_is_known_with_and_without_its_port() {
    let client = client();
    let host = client.origin().trim_start_matches("https://").to_owned();
    let answer = ask(&client, &format!("{}/contoso.test/oauth2/v2.0/authorize", client.origin())).await;
    insta::assert_json_snapshot!(document(&answer).replacing(&host, "localhost:8443"));
    // MSAL Python drops the port.
    let bare = ask(&client, "https://localhost/contoso.test/oauth2/v2.0/authorize").await;
    assert_eq!(document(&bare), document(&answer));
    let aliases: Vec<_> =
        document(&answer).array("metadata").iter().map(|entry| entry.strings("aliases").join(" ")).collect();
    assert_eq!(aliases, [host, "localhost".to_owned()]);
}

#[tokio::test]
async fn an_unknown_host_is_an_invalid_instance() {
    let client = client();
    for endpoint in [
        "https://login.microsoftonline.com/common/oauth2/v2.0/authorize",
        "https://evil.example/common/oauth2/v2.0/authorize",
        "https://localhost.evil.example/common/oauth2/v2.0/authorize",
        "https://localhost@evil.example/common/oauth2/v2.0/authorize",
        "http://localhost/common/oauth2/v2.0/authorize",
    ] {
        let refusal = ask(&client, endpoint).await.refused(Aadsts::InstanceUnknown);
        insta::allow_duplicates! { insta::assert_json_snapshot!(refusal.snapshot(client.origin())); }
    }
}

#[tokio::test]
async fn what_is_no_address_is_malformed() {
    let client = client();
    for endpoint in [
        "/common/oauth2/v2.0/authorize",
        "https://",
        "https://localhost",
        "https://localhost/",
        "https://localhost/<b>/authorize",
    ] {
        ask(&client, endpoint).await.refused(Aadsts::InstanceMalformed);
    }
    client.get("/common/discovery/instance?api-version=1.1").await.refused(Aadsts::ParameterMissing);
    client.get("/common/discovery/instance").await.refused(Aadsts::ParameterMissing);
    client
        .get("/common/discovery/instance?authorization_endpoint=%zz")
        .await
        .refused(Aadsts::RequestMalformed);
}
