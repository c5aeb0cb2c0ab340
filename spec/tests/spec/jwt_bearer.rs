//! On-behalf-of (RFC 7523 §2.1 with `requested_token_use`): an API that was called for a person calls another.

use spec::answer::Answer;
use spec::cast::{Application, Person, alice, api, bob, contoso, daemon, fabrikam, native, portal, web};
use spec::client::{Client, client};
use spec::form::Form;
use spec::tokens::{Jwt, Tokens};
use spec::world::altered;
use vestibule_wire::aadsts::Aadsts;
use vestibule_wire::oauth::GrantType;

use crate::flows::tokens_of;

const ORDERS: &str = "api://contoso-orders/Orders.Read";
const STOCK: &str = "https://stock.contoso.test//user_impersonation";

fn orders() -> Application {
    spec::cast::named("Contoso Orders API")
}

fn stock() -> Application {
    spec::cast::named("Contoso Stock API")
}

/// What this API asks with a token it was called with.
pub(crate) fn acts(api: &Application, assertion: &str, scope: &str) -> Form {
    api.asks(GrantType::JwtBearer.as_str())
        .with("requested_token_use", "on_behalf_of")
        .with("assertion", assertion)
        .with("scope", scope)
}

async fn token_for_the_api(person: &Person, application: Application) -> Tokens {
    tokens_of(person, application, "openid offline_access api://contoso-api/Tasks.Read").await
}

async fn ask(client: &Client, form: &Form) -> Answer {
    client.token(&contoso(), form).await
}

#[tokio::test]
async fn three_apis_in_a_row_know_the_person_who_signed_in_at_the_beginning() {
    let client = client();
    let first = token_for_the_api(&bob(), native()).await;
    let began = Jwt::verified(&client, &contoso(), first.access()).await.claims;
    // The first API takes tokens in the v2.0 form, the second in the v1.0 form; each hop may use either endpoint.
    let second = ask(&client, &acts(&api(), first.access(), ORDERS)).await.tokens();
    let of_second = Jwt::verified(&client, &contoso(), second.access()).await.claims;
    assert_eq!((of_second.str("ver"), of_second.str("aud")), ("1.0", "api://contoso-orders"));
    assert_eq!((of_second.str("appid"), of_second.str("appidacr")), (&*api().client_id, "1"));
    assert_eq!(second.scope(), [ORDERS]);

    let form =
        acts(&orders(), second.access(), "").without("scope").with("resource", "https://stock.contoso.test/");
    let third = client.post(&format!("/{}/oauth2/token", contoso().id), &form).await.tokens();
    assert_eq!(third.json.str("resource"), "https://stock.contoso.test/");
    let of_third = Jwt::verified(&client, &contoso(), third.access()).await.claims;
    assert_eq!((of_third.str("azp"), of_third.str("scp")), (&*orders().client_id, "user_impersonation"));

    // And the last of them asks Microsoft Graph who it is.
    let last =
        ask(&client, &acts(&stock(), third.access(), "https://graph.microsoft.com/User.Read")).await.tokens();
    let at_the_end = Jwt::verified(&client, &contoso(), last.access()).await.claims;
    for claims in [&of_second, &of_third, &at_the_end] {
        assert_eq!((claims.str("oid"), claims.str("tid")), (&*bob().id, &*contoso().id));
    }
    assert_eq!((began.str("oid"), at_the_end.str("upn")), (&*bob().id, "bob@contoso.test"));
    let address = format!("{}/graph/v1.0/me", client.origin());
    let me = client.request(http::Method::GET, &address).bearer(last.access()).send().await;
    let me = spec::ordered::Ordered::parse(&me.is(200).body);
    assert_eq!(me.str("userPrincipalName"), "bob@contoso.test");
}

#[tokio::test]
async fn ob_12_how_the_person_signed_in_goes_along() {
    let client = client();
    let first = token_for_the_api(&alice(), web()).await;
    let tokens =
        ask(&client, &acts(&api(), first.access(), &format!("{ORDERS} openid profile"))).await.tokens();
    let claims = Jwt::verified(&client, &contoso(), tokens.access()).await.claims;
    assert_eq!(claims.get("amr").map(|amr| format!("{amr:?}").contains("pwd")), Some(true));
    let (before, after) = (Jwt::read(first.id()).claims, Jwt::read(tokens.id()).claims);
    assert_eq!(before.str("sid"), after.str("sid"), "the same sign-in");
    assert_eq!(after.str("aud"), api().client_id);
}

#[tokio::test]
async fn ob_14_the_refresh_token_is_the_apis_own() {
    let client = client();
    let first = token_for_the_api(&alice(), native()).await;
    let without = ask(&client, &acts(&api(), first.access(), ORDERS)).await.tokens();
    assert!(without.json.get("refresh_token").is_none());
    let form = acts(&api(), first.access(), &format!("{ORDERS} offline_access"));
    let tokens = ask(&client, &form).await.tokens();
    let renewed = ask(&client, &api().refreshes(tokens.refresh())).await.tokens();
    assert_eq!(renewed.scope(), [ORDERS]);
    ask(&client, &native().refreshes(tokens.refresh())).await.refused(Aadsts::GrantInvalid);
    ask(&client, &orders().refreshes(tokens.refresh())).await.refused(Aadsts::GrantInvalid);
    let bare = Form::new()
        .with("grant_type", "refresh_token")
        .with("client_id", &api().client_id)
        .with("refresh_token", tokens.refresh());
    ask(&client, &bare).await.refused(Aadsts::ClientCredentialMissing);
}

#[tokio::test]
async fn ob_01_a_token_for_another_api_is_nobodys_right() {
    let client = client();
    let first = token_for_the_api(&alice(), native()).await;
    let refusal = ask(&client, &acts(&orders(), first.access(), STOCK)).await;
    refusal.refused(Aadsts::AssertionForOther);
    let graph = tokens_of(&alice(), native(), "openid User.Read").await;
    ask(&client, &acts(&api(), graph.access(), ORDERS)).await.refused(Aadsts::AssertionForOther);
}

#[tokio::test]
async fn ob_02_an_id_token_is_no_assertion() {
    let client = client();
    for application in [web(), portal()] {
        let tokens = token_for_the_api(&alice(), application.clone()).await;
        let answer = ask(&client, &acts(&application, tokens.id(), ORDERS)).await;
        answer.refused(Aadsts::AssertionIsIdToken);
    }
}

#[tokio::test]
async fn ob_03_an_applications_own_token_has_no_person_in_it() {
    let client = client();
    let form = daemon().for_itself("api://contoso-api/.default");
    let own = ask(&client, &form).await.tokens();
    ask(&client, &acts(&api(), own.access(), ORDERS)).await.refused(Aadsts::AssertionOfApplication);
}

#[tokio::test]
async fn ob_04_ob_08_the_tenant_is_the_same_all_along() {
    let client = client();
    let first = token_for_the_api(&alice(), native()).await;
    let form = acts(&api(), first.access(), ORDERS);
    for alias in ["common", "organizations"] {
        client.token_at(alias, &form).await.refused(Aadsts::TenantMissing);
    }
    // The API is not in the other tenant at all.
    client.token_at(&fabrikam().id, &form).await.refused(Aadsts::ApplicationNotFound);
    // An application that is in both is refused a token of the other.
    let saas = spec::cast::saas();
    let own = format!("{}/.default", saas.client_id);
    let tokens = client.token_at(&contoso().id, &saas.for_itself(&own)).await;
    let Some(token) = tokens.status.is_success().then(|| tokens.tokens()) else { return };
    let form = acts(&saas, token.access(), "User.Read");
    client.token_at(&fabrikam().id, &form).await.refused(Aadsts::AssertionInvalid);
}

#[tokio::test]
async fn ob_06_ob_07_only_our_own_signature_counts() {
    let client = client();
    let first = token_for_the_api(&alice(), native()).await;
    let token = first.access();
    let parts: Vec<_> = token.split('.').collect();
    let (head, claims, signature) = (parts[0], parts[1], parts[2]);
    // base64url of {"alg":"none","typ":"JWT"} and of {"alg":"HS256","typ":"JWT"}
    let (none, symmetric) = ("eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0", "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9");
    for (bad, code) in [
        (format!("{none}.{claims}."), Aadsts::TokenInvalid),
        (format!("{none}.{claims}.{signature}"), Aadsts::AssertionInvalid),
        (format!("{symmetric}.{claims}.{signature}"), Aadsts::AssertionInvalid),
        (format!("{head}.{}.{signature}", altered(claims, 20)), Aadsts::AssertionInvalid),
        (format!("{head}.{claims}.{}", altered(signature, 20)), Aadsts::AssertionInvalid),
        (format!("{head}.{claims}"), Aadsts::TokenInvalid),
        ("nonsense".into(), Aadsts::TokenInvalid),
    ] {
        let answer = ask(&client, &acts(&api(), &bad, ORDERS)).await;
        answer.refused_as(code, vestibule_wire::aadsts::OAuthError::InvalidGrant);
    }
}

#[tokio::test]
async fn ob_09_a_missing_parameter_is_a_mistake_and_no_other_grant() {
    let client = client();
    let first = token_for_the_api(&alice(), native()).await;
    let form = acts(&api(), first.access(), ORDERS);
    for name in ["assertion", "requested_token_use", "scope"] {
        for form in [form.clone().without(name), form.clone().with(name, "")] {
            let answer = ask(&client, &form).await;
            assert!(answer.refused(Aadsts::ParameterMissing).message.contains(name));
        }
    }
    for (name, value) in [
        ("requested_token_use", "impersonation"),
        ("requested_token_type", "urn:ietf:params:oauth:token-type:saml2"),
    ] {
        let answer = ask(&client, &form.clone().with(name, value)).await;
        assert!(answer.refused(Aadsts::ParameterInvalid).message.contains(name));
    }
}

#[tokio::test]
async fn ob_10_ob_11_what_nobody_consented_to_is_refused_as_everywhere() {
    let client = client();
    // The stock API calls nobody but Microsoft Graph: what it may there, others may not.
    let first = tokens_of(&alice(), native(), STOCK).await;
    let scope = "https://graph.microsoft.com/Group.ReadWrite.All";
    let json = ask(&client, &acts(&stock(), first.access(), scope)).await;
    json.refused(Aadsts::ConsentMissing);
    assert_eq!(json.json().str("suberror"), "consent_required");
    let unknown = acts(&stock(), first.access(), "api://contoso-api/Nothing.Such");
    ask(&client, &unknown).await.refused(Aadsts::ScopeUnknown);
    let nowhere = acts(&stock(), first.access(), "api://nobody/.default");
    ask(&client, &nowhere).await.refused(Aadsts::ResourceNotFound);
    let several = acts(&stock(), first.access(), "api://contoso-api/Tasks.Read User.Read");
    ask(&client, &several).await.refused(Aadsts::ScopeSpansResources);
}

#[tokio::test]
async fn ob_15_a_public_client_acts_on_behalf_of_nobody() {
    let client = client();
    let first = token_for_the_api(&alice(), native()).await;
    let form = acts(&native(), first.access(), ORDERS);
    ask(&client, &form).await.refused(Aadsts::ClientCredentialMissing);
    let without_secret = acts(&api(), first.access(), ORDERS).without("client_secret");
    ask(&client, &without_secret).await.refused(Aadsts::ClientCredentialMissing);
}

#[tokio::test]
async fn cd_15_a_page_from_elsewhere_acts_on_behalf_of_nobody() {
    let client = client();
    let called_with = token_for_the_api(&alice(), native()).await;
    let form = acts(&api(), called_with.access(), ORDERS);
    let page = client.token_request(&contoso().id, &form).header("origin", "https://evil.test");
    page.send().await.refused(Aadsts::CrossOriginForbidden);
}

#[tokio::test]
async fn a_token_from_the_authorize_endpoint_may_be_presented_too() {
    let client = client();
    let request = portal().authorizes("openid api://contoso-api/Tasks.Read").with("response_type", "token");
    let address = spec::browser::authorize_at(&contoso().id, &request);
    let returned = spec::browser::browser().sign_in(&alice(), &address).await.returned();
    let tokens = ask(&client, &acts(&api(), returned.get("access_token"), ORDERS)).await.tokens();
    assert_eq!(Jwt::read(tokens.access()).claims.str("oid"), alice().id);
}
