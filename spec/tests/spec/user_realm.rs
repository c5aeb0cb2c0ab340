//! `GET /common/userrealm/{upn}?api-version=1.0`: how the accounts of a domain sign in.

use spec::cast::{alice, contoso};
use spec::client::client;
use vestibule_wire::aadsts::Aadsts;

use crate::discovery::document;

#[tokio::test]
async fn accounts_of_a_verified_domain_are_managed() {
    let client = client();
    let host = client.origin().trim_start_matches("https://").to_owned();
    let answer = client.get(&format!("/common/userrealm/{}?api-version=1.0", alice().upn)).await;
    insta::assert_json_snapshot!(document(&answer).replacing(&host, "localhost:8443"));
    for path in [
        "/common/UserRealm/alice@contoso.test?api-version=1.0",
        "/common/userrealm/alice%40contoso.test?api-version=2.1",
        "/common/userrealm/ALICE@CONTOSO.TEST",
        "/contoso.test/userrealm/alice@contoso.test",
    ] {
        let json = document(&client.get(path).await);
        assert_eq!(
            (json.str("account_type"), json.str("domain_name"), json.str("ver")),
            ("Managed", "contoso.test", "1.0"),
            "{path}"
        );
    }
}

#[tokio::test]
async fn accounts_of_another_domain_are_unknown() {
    let json = document(&client().get("/common/userrealm/someone@nowhere.test?api-version=1.0").await);
    assert_eq!((json.str("account_type"), json.str("domain_name")), ("Unknown", "nowhere.test"));
    // MSAL Go refuses an answer in which one of these is empty.
    for member in ["cloud_instance_name", "cloud_audience_urn", "ver"] {
        assert!(!json.str(member).is_empty(), "{member}");
    }
}

#[tokio::test]
async fn lg_01_the_answer_does_not_tell_which_accounts_exist() {
    let client = client();
    let known = document(&client.get(&format!("/common/userrealm/{}", alice().upn)).await);
    for stranger in ["nobody", "root", "alice2", "a'--"] {
        assert_eq!(
            document(&client.get(&format!("/common/userrealm/{stranger}@{}", contoso().domain)).await),
            known,
            "{stranger}"
        );
    }
}

#[tokio::test]
async fn what_is_no_account_name_is_refused() {
    let client = client();
    for name in [
        "alice",
        "@contoso.test",
        "alice@",
        "a@b@c.test",
        "a%00@contoso.test",
        "a%0d%0ab@contoso.test",
        &format!("{}@contoso.test", "x".repeat(2000)),
    ] {
        let answer = client.get(&format!("/common/userrealm/{name}?api-version=1.0")).await;
        let refusal = answer.refused(Aadsts::ParameterInvalid);
        assert!(refusal.message.contains("'user'"), "{}", refusal.message);
    }
}
