//! Resource owner password credentials (RFC 6749 §4.3): a program that was given the password itself.

use spec::answer::Answer;
use spec::cast::{Application, Person, alice, bob, contoso, dave, fabrikam, native, saas, spa, web};
use spec::client::{Client, client};
use spec::form::Form;
use spec::tokens::Jwt;
use vestibule_wire::aadsts::Aadsts;

const SCOPE: &str = "openid profile offline_access api://contoso-api/Tasks.Read";

fn types(application: &Application, person: &Person) -> Form {
    application
        .asks("password")
        .with("username", &person.upn)
        .with("password", &person.password)
        .with("scope", SCOPE)
}

async fn ask(client: &Client, form: &Form) -> Answer {
    client.token(&contoso(), form).await
}

#[tokio::test]
async fn a_native_program_gets_everything_for_a_password() {
    let client = client();
    let tokens = ask(&client, &types(&native(), &alice()).with("client_info", "1")).await.tokens();
    insta::assert_json_snapshot!(tokens.snapshot(&client, &contoso()).await);
    let renewed =
        ask(&client, &native().refreshes(tokens.refresh()).with("scope", "User.Read")).await.tokens();
    assert_eq!(renewed.scope(), ["User.Read"]);
}

#[tokio::test]
async fn a_web_application_proves_who_it_is_besides() {
    let client = client();
    let tokens = ask(&client, &types(&web(), &bob())).await.tokens();
    assert_eq!(Jwt::read(tokens.access()).claims.str("azpacr"), "1");
    let bare = types(&web(), &bob()).without("client_secret");
    ask(&client, &bare).await.refused(Aadsts::ClientCredentialMissing);
    ask(&client, &types(&web(), &bob()).with("client_secret", "wrong-secret-of-nobody"))
        .await
        .refused(Aadsts::InvalidClientSecret);
    let renewed = ask(&client, &web().refreshes(tokens.refresh())).await.tokens();
    assert!(renewed.json.get("refresh_token").is_some());
}

#[tokio::test]
async fn adal_asks_for_a_resource() {
    let form = types(&native(), &alice()).with("scope", "openid").with("resource", "api://contoso-api");
    let tokens = client().post(&format!("/{}/oauth2/token", contoso().id), &form).await.tokens();
    assert_eq!(tokens.scope(), ["Tasks.Read", "Tasks.ReadWrite"]);
    assert_eq!(Jwt::read(tokens.id()).claims.str("ver"), "1.0");
}

#[tokio::test]
async fn ro_01_not_at_common_and_not_for_personal_accounts() {
    let client = client();
    for alias in ["common", "consumers", "9188040d-6c67-4c5b-b112-36a304b66dad"] {
        let answer = client.token_at(alias, &types(&native(), &alice())).await;
        answer.refused(Aadsts::GrantTypeNotHere);
    }
    // At `organizations` the name of the account says which tenant.
    let form = types(&saas(), &dave()).with("scope", "openid profile User.Read");
    let tokens = client.token_at("organizations", &form).await.tokens();
    assert_eq!(Jwt::read(tokens.id()).claims.str("tid"), fabrikam().id);
}

#[tokio::test]
async fn ro_05_a_wrong_name_and_a_wrong_password_read_the_same() {
    let client = client();
    let wrong = types(&native(), &bob()).with("password", "certainly-not-this-one");
    let known = ask(&client, &wrong).await;
    known.refused(Aadsts::PasswordWrong);
    for name in ["nobody@contoso.test", "nobody@nowhere.test", "not a name", "dave@contoso.test"] {
        let answer = ask(&client, &wrong.clone().with("username", name)).await;
        answer.refused(Aadsts::PasswordWrong);
        assert_eq!(answer.json().names(), known.json().names());
        let organizations = client.token_at("organizations", &wrong.clone().with("username", name)).await;
        assert!(organizations.status.is_client_error());
    }
}

#[tokio::test]
async fn ro_04_only_who_knows_the_password_hears_more() {
    let client = client();
    // An account of another tenant, with its right password and with a wrong one.
    ask(&client, &types(&native(), &dave())).await.refused(Aadsts::UserNotInTenant);
    let wrong = types(&native(), &dave()).with("password", "certainly-not-this-one");
    ask(&client, &wrong).await.refused(Aadsts::PasswordWrong);
}

#[tokio::test]
async fn ro_06_passwords_are_bounded_and_taken_as_they_are() {
    let client = client();
    for password in
        ["x".repeat(60_000), "x".repeat(257), "nul\u{0}inside-it".into(), format!("{} ", alice().password)]
    {
        let answer = ask(&client, &types(&native(), &alice()).with("password", password)).await;
        assert!(answer.status.is_client_error(), "{}", answer.shown());
    }
    for name in ["username", "password", "scope"] {
        let answer = ask(&client, &types(&native(), &alice()).without(name)).await;
        assert!(answer.refused(Aadsts::ParameterMissing).message.contains(name));
    }
}

#[tokio::test]
async fn what_nobody_consented_to_cannot_be_asked_here() {
    let form = types(&native(), &alice()).with("scope", "Group.ReadWrite.All");
    let answer = ask(&client(), &form).await;
    answer.refused(Aadsts::ConsentMissing);
    assert_eq!(answer.json().str("suberror"), "consent_required");
}

#[tokio::test]
async fn a_single_page_is_public_and_gets_no_cors_for_it() {
    let answer = ask(&client(), &types(&spa(), &alice())).await;
    answer.tokens();
}

#[tokio::test]
async fn cd_15_a_page_from_elsewhere_redeems_no_password() {
    let client = client();
    for application in [native(), web()] {
        let form = types(&application, &alice());
        let page = client.token_request(&contoso().id, &form).header("origin", "https://evil.test");
        page.send().await.refused(Aadsts::CrossOriginForbidden);
    }
}
