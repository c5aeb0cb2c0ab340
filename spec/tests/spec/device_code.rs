//! Device code (RFC 8628): a program on one device asks, a person approves on another. The pages on which they do are
//! looked at in `device_pages`. The actors: Contoso Native, and Contoso Explorer for people of any organisation.

use std::collections::HashSet;
use std::sync::Arc;

use serde_json::json;
use spec::answer::Answer;
use spec::browser::{Browser, Landing, browser};
use spec::cast::{
    Application, Person, TASKS_READ, alice, automation, bob, contoso, daemon, dave, explorer, fabrikam,
    fabrikam_automation, native, web,
};
use spec::client::{Client, client};
use spec::form::Form;
use spec::ordered::Ordered;
use spec::page::Page;
use spec::tokens::Jwt;
use tokio::sync::Barrier;
use vestibule_wire::aadsts::{Aadsts, OAuthError};

use crate::flows::USUAL;
use crate::graph::alone;

const GRANT: &str = "urn:ietf:params:oauth:grant-type:device_code";
pub(crate) const PAGE: &str = "/common/oauth2/deviceauth";

/// The address where devices of an authority ask.
pub(crate) fn asking_at(authority: &str) -> String {
    format!("/{authority}/oauth2/v2.0/devicecode")
}

pub(crate) fn asks(application: &Application, scope: &str) -> Form {
    Form::new().with("client_id", &application.client_id).with("scope", scope)
}

/// What a device got, and how it asks for more.
pub(crate) struct Device {
    pub(crate) client: Client,
    application: Application,
    authority: String,
    pub(crate) json: Ordered,
}

impl Device {
    pub(crate) async fn of(client: &Client, application: Application, authority: &str, scope: &str) -> Self {
        let answer = client.post(&asking_at(authority), &asks(&application, scope)).await;
        answer.is(200).is_not_stored().is_hardened();
        let json = answer.json();
        Self { client: client.clone(), application, authority: authority.to_owned(), json }
    }

    /// Contoso Native asks for the usual.
    pub(crate) async fn usual() -> Self {
        Self::of(&client(), native(), &contoso().id, USUAL).await
    }

    pub(crate) fn polls(&self) -> Form {
        Form::new()
            .with("grant_type", GRANT)
            .with("client_id", &self.application.client_id)
            .with("device_code", self.json.str("device_code"))
    }

    pub(crate) async fn poll(&self) -> Answer {
        self.client.token_at(&self.authority, &self.polls()).await
    }
}

/// Types a code on the page for it.
pub(crate) async fn types(browser: &mut Browser, page: &str, code: &str) -> Page {
    let page = browser.open(page).await.page();
    let form = page.form_with("otc").unwrap_or_else(|| panic!("{}", page.text())).filled("otc", code);
    browser.submit(&page, &form).await.page()
}

/// Types the device's code and signs in, as far as the question whether it was this person.
pub(crate) async fn arrives(browser: &mut Browser, device: &Device, person: &Person) -> Page {
    let page = types(browser, PAGE, device.json.str("user_code")).await;
    let page = browser.continue_as(person, Landing::Page(page)).await.page();
    assert!(page.form_with("handover").is_some(), "{}", page.text());
    page
}

pub(crate) async fn says(browser: &mut Browser, page: &Page, answer: &str) -> Page {
    let form = page.form_with("handover").unwrap().filled("handover", answer);
    browser.submit(page, &form).await.page()
}

pub(crate) async fn approves(device: &Device, person: &Person) -> Page {
    let mut browser = Browser::of(device.client.clone());
    let page = arrives(&mut browser, device, person).await;
    says(&mut browser, &page, "continue").await
}

#[tokio::test]
async fn a_device_asks_a_person_approves_and_the_device_gets_tokens() {
    let device = Device::usual().await;
    let names = [
        "user_code",
        "device_code",
        "verification_uri",
        "verification_url",
        "expires_in",
        "interval",
        "message",
    ];
    assert_eq!(device.json.names(), names, "and no verification_uri_complete (DC-08)");
    assert_eq!((device.json.number("expires_in"), device.json.number("interval")), (900, 5));
    let (code, address) = (device.json.str("user_code"), device.json.str("verification_uri"));
    assert!(code.len() == 9 && !code.contains(['A', 'E', 'I', 'O', 'U', '0', '1']), "{code}");
    assert_eq!(address, format!("{}/devicelogin", device.client.origin()));
    let message = device.json.str("message");
    assert!(message.contains(address) && message.contains(&format!("enter the code {code}")), "{message}");

    device.poll().await.refused(Aadsts::DeviceCodePending);
    let done = approves(&device, &alice()).await;
    let said =
        "You have signed in to the Contoso Native application on your device. You may now close this window.";
    assert!(done.text().contains(said) && done.text().contains("alice@contoso.test"), "{}", done.text());

    let tokens = device.poll().await.tokens();
    let access = Jwt::verified(&device.client, &contoso(), tokens.access()).await;
    assert_eq!(access.claims.str("oid"), alice().id);
    assert_eq!(
        Jwt::verified(&device.client, &contoso(), tokens.id()).await.claims.str("aud"),
        native().client_id
    );
    assert!(tokens.scope().contains(&TASKS_READ));
    // A native application's: no secret, not from a page.
    let refreshed = device.client.token(&contoso(), &native().refreshes(tokens.refresh())).await;
    refreshed.tokens();
}

#[tokio::test]
async fn each_library_names_the_grant_and_the_code_in_its_own_way() {
    let device = Device::usual().await;
    let code = device.json.str("device_code").to_owned();
    let bare = device.polls().with("grant_type", "device_code");
    for form in [
        bare.clone(),
        bare.clone().without("device_code").with("code", &code),
        device.polls().with("code", &code).with("client_info", "1"),
    ] {
        device.client.token(&contoso(), &form).await.refused(Aadsts::DeviceCodePending);
    }
    device.client.token(&contoso(), &bare.with("code", "another")).await.refused(Aadsts::DeviceCodeUnknown);
    let none = device.polls().without("device_code");
    device.client.token(&contoso(), &none).await.refused(Aadsts::ParameterMissing);
}

#[tokio::test]
async fn a_device_may_ask_at_an_alias_and_gets_the_tokens_of_whoever_approves() {
    for (authority, person, tenant) in [("common", alice(), contoso()), ("organizations", dave(), fabrikam())]
    {
        let device = Device::of(&client(), explorer(), authority, "openid profile User.Read").await;
        device.poll().await.refused(Aadsts::DeviceCodePending);
        approves(&device, &person).await;
        let tokens = device.poll().await.tokens();
        let id = Jwt::verified(&device.client, &tenant, tokens.id()).await;
        assert_eq!((id.claims.str("tid"), id.claims.str("oid")), (tenant.id.as_str(), person.id.as_str()));
    }
}

#[tokio::test]
async fn the_message_is_in_the_language_that_the_program_asks_for() {
    let form = asks(&native(), USUAL);
    let path = format!("{}?mkt=de-DE", asking_at(&contoso().id));
    for answer in [
        client().post(&path, &form).await,
        client().post(&asking_at("contoso.test"), &form.with("mkt", "de")).await,
    ] {
        let message = answer.is(200).json().str("message").to_owned();
        assert!(message.starts_with("Öffnen Sie"), "{message}");
    }
}

#[tokio::test]
async fn what_is_asked_may_stand_in_the_query_as_older_programs_have_it() {
    let path = format!("{}?{}", asking_at(&contoso().id), asks(&native(), USUAL).encode());
    client().post(&path, &Form::new()).await.is(200);
}

#[tokio::test]
async fn what_is_wrong_with_a_request_is_said() {
    let at = asking_at(&contoso().id);
    let good = asks(&native(), USUAL);
    for (form, code) in [
        (good.clone().without("client_id"), Aadsts::ParameterMissing),
        (good.clone().without("scope"), Aadsts::ParameterMissing),
        (good.clone().and("scope", "openid"), Aadsts::ParameterRepeated),
        (good.clone().with("client_id", "contoso"), Aadsts::NotAnApplication),
        (good.clone().with("client_id", spec::world::random_guid()), Aadsts::ApplicationNotFound),
        (good.clone().with("scope", "bad\"scope"), Aadsts::ScopeInvalid),
    ] {
        client().post(&at, &form).await.refused(code);
    }
    client().post(&asking_at("nowhere.test"), &good).await.refused(Aadsts::TenantNotFound);
    // One organisation's application, for accounts of any.
    client().post(&asking_at("common"), &good).await.refused(Aadsts::NotMultiTenant);
    client().post(&asking_at(&fabrikam().id), &good).await.refused(Aadsts::ApplicationNotFound);
    client().get(&format!("{at}?{}", good.encode())).await.refused(Aadsts::MethodNotAllowed);
}

/// The v1.0 endpoints, as both ADALs and older programs use them.
#[tokio::test]
async fn a_device_of_the_time_of_v1_asks_for_a_resource_and_sends_its_code_as_code() {
    let client = client();
    let (at, resource) = (format!("/{}/oauth2/devicecode", contoso().id), "https://graph.microsoft.com/");
    let form = Form::new().with("client_id", &native().client_id).with("resource", resource);
    let in_the_query = client.get(&format!("{at}?{}&api-version=1.0", form.encode())).await;
    let in_the_body = client.post(&format!("{at}?api-version=1.0"), &form).await;
    for answer in [in_the_query, in_the_body] {
        let json = answer.is(200).json();
        assert_eq!((json.str("expires_in"), json.str("interval")), ("900", "5"));
        assert_eq!(json.str("verification_url"), format!("{}/devicelogin", client.origin()));
        let device = Device { client: client.clone(), application: native(), authority: contoso().id, json };
        let polls = Form::new()
            .with("grant_type", "device_code")
            .with("client_id", &native().client_id)
            .with("resource", resource)
            .with("code", device.json.str("device_code"));
        let token_endpoint = format!("/{}/oauth2/token?api-version=1.0", contoso().id);
        client.post(&token_endpoint, &polls).await.refused(Aadsts::DeviceCodePending);
        approves(&device, &alice()).await;
        let tokens = client.post(&token_endpoint, &polls).await.tokens();
        assert_eq!(tokens.json.str("resource"), resource);
        tokens.refresh();
        assert_eq!(Jwt::read(tokens.id()).claims.str("ver"), "1.0");
    }
    let twice = form.with("resource", "a b");
    client.post(&at, &twice).await.refused(Aadsts::ParameterInvalid);
    let refused = client.request(http::Method::DELETE, &at).send().await;
    refused.refused(Aadsts::MethodNotAllowed);
}

/// DC-03, and no two alike.
#[tokio::test]
async fn dc_03_codes_are_never_the_same_twice() {
    let mut seen = HashSet::new();
    for _ in 0..20 {
        let device = Device::usual().await;
        assert!(seen.insert(device.json.str("user_code").to_owned()));
        assert!(seen.insert(device.json.str("device_code").to_owned()));
    }
    // A code that was not made here, or was changed.
    let device = Device::usual().await;
    let code = device.json.str("device_code");
    for altered in ["x", &code[..code.len() - 2], &spec::world::altered(code, code.len() / 2)] {
        let form = device.polls().with("device_code", altered);
        device.client.token(&contoso(), &form).await.refused(Aadsts::DeviceCodeUnknown);
    }
}

/// RFC 8628 §3.5 has `slow_down`; most libraries give up when they hear it.
#[tokio::test]
async fn dc_04_a_device_that_does_not_wait_is_never_told_to_slow_down() {
    let device = Device::usual().await;
    for _ in 0..200 {
        device.poll().await.refused(Aadsts::DeviceCodePending);
    }
}

#[tokio::test]
async fn dc_05_who_declines_ends_it() {
    let device = Device::usual().await;
    let mut browser = browser();
    let page = arrives(&mut browser, &device, &bob()).await;
    let done = says(&mut browser, &page, "cancel").await;
    assert!(done.text().contains("Nobody was signed in"), "{}", done.text());
    let refusal = device.poll().await.refused(Aadsts::DeviceCodeDeclined);
    assert_eq!(refusal.json.array("error_codes").len(), 0);
    assert!(refusal.message.starts_with("The person declined"), "{}", refusal.message);
    // Nobody can change their mind: the code leads nowhere now.
    let again = types(&mut browser, PAGE, device.json.str("user_code")).await;
    assert!(again.has("#otcError"), "{}", again.text());
}

#[tokio::test]
async fn dc_05_of_64_who_come_for_the_tokens_at_once_one_gets_them() {
    let device = Device::usual().await;
    approves(&device, &alice()).await;
    let (device, line) = (Arc::new(device), Arc::new(Barrier::new(64)));
    let polls: Vec<_> = (0..64)
        .map(|_| {
            let (device, line) = (Arc::clone(&device), Arc::clone(&line));
            tokio::spawn(async move {
                line.wait().await;
                device.poll().await
            })
        })
        .collect();
    let mut tokens = Vec::new();
    for poll in polls {
        let answer = poll.await.unwrap();
        if answer.status == 200 {
            tokens.push(answer.tokens());
        } else {
            answer.refused(Aadsts::CodeRedeemed);
        }
    }
    assert_eq!(tokens.len(), 1);
    device.poll().await.refused(Aadsts::CodeRedeemed);
    // An impatient device is no thief: what it got is good.
    let refresh = native().refreshes(tokens[0].refresh());
    device.client.token(&contoso(), &refresh).await.tokens();
}

#[tokio::test]
async fn dc_06_another_programs_code_and_another_organisations_are_unknown() {
    let device = Device::of(&client(), explorer(), &contoso().id, "openid User.Read").await;
    approves(&device, &alice()).await;
    let other = device.polls().with("client_id", native().client_id);
    device.client.token(&contoso(), &other).await.refused(Aadsts::DeviceCodeUnknown);
    device.client.token(&fabrikam(), &device.polls()).await.refused(Aadsts::DeviceCodeUnknown);
    // It is still its owner's.
    device.poll().await.tokens();
    // Nor does a code of another kind open anything.
    let form =
        device.polls().with("grant_type", "authorization_code").with("code", device.json.str("device_code"));
    let answer = device.client.token(&contoso(), &form.with("redirect_uri", "http://localhost")).await;
    answer.refused(Aadsts::GrantInvalid);
}

#[tokio::test]
async fn dc_07_an_application_that_keeps_a_secret_gets_no_code() {
    for application in [web(), daemon()] {
        let answer = client().post(&asking_at(&contoso().id), &asks(&application, USUAL)).await;
        answer.refused_as(Aadsts::ClientCredentialMissing, OAuthError::UnauthorizedClient);
    }
}

#[tokio::test]
async fn dc_07_a_device_that_shows_a_secret_or_comes_from_a_page_gets_nothing() {
    let device = Device::usual().await;
    approves(&device, &alice()).await;
    let page =
        device.client.token_request(&contoso().id, &device.polls()).header("origin", "https://evil.test");
    page.send().await.refused(Aadsts::CrossOriginForbidden);
    device.poll().await.tokens();
}

#[tokio::test]
async fn dc_07_an_application_may_become_one_that_keeps_a_secret_while_a_device_waits() {
    let caller = alone(&contoso(), automation()).await;
    let body = json!({ "displayName": "Terminal", "isFallbackPublicClient": true });
    let registered = caller.registers(body).await;
    let application = Application { client_id: registered.client_id.clone(), ..native() };
    let device = Device::of(&client(), application, &contoso().id, "openid").await;
    let mut browser = browser();
    let page = arrives(&mut browser, &device, &alice()).await;
    // Nobody has consented to it yet.
    let form = page.form_with("handover").unwrap().filled("handover", "continue");
    let page = browser.submit(&page, &form).await.page();
    let form = page.form_with("consent").unwrap_or_else(|| panic!("{}", page.text()));
    let done = browser.submit(&page, &form.filled("consent", "accept")).await.page();
    assert!(done.text().contains("You have signed in to the Terminal application"), "{}", done.text());
    let path = format!("/applications/{}", registered.id);
    caller.patch(&path, json!({ "isFallbackPublicClient": false })).await.is(204);
    device.poll().await.refused(Aadsts::ClientCredentialMissing);
}

#[tokio::test]
async fn an_application_that_is_not_in_the_organisation_yet_waits_until_consent_brings_it_in() {
    let caller = alone(&fabrikam(), fabrikam_automation()).await;
    let body = json!({
        "displayName": "Guest Terminal",
        "isFallbackPublicClient": true,
        "signInAudience": "AzureADMultipleOrgs",
    });
    let registered = caller.registers(body).await;
    let application = Application { client_id: registered.client_id, ..native() };
    let device = Device::of(&client(), application, &contoso().id, "openid profile User.Read").await;
    device.poll().await.refused(Aadsts::DeviceCodePending);
    let mut browser = browser();
    let page = arrives(&mut browser, &device, &alice()).await;
    let page = says(&mut browser, &page, "continue").await;
    let form = page.form_with("consent").unwrap_or_else(|| panic!("{}", page.text()));
    browser.submit(&page, &form.filled("consent", "accept")).await.page();
    let tokens = device.poll().await.tokens();
    assert_eq!(Jwt::read(tokens.id()).claims.str("oid"), alice().id);
}

/// DC-14, and AADSTS90055: on a server whose clients can be told apart.
#[tokio::test]
async fn dc_14_who_asks_without_end_is_told_when_to_come_back() {
    let running = crate::production::installed();
    let _serve = running.serve();
    let client = running.client();
    let at = asking_at("common");
    let mut refused = None;
    for _ in 0..70 {
        let answer = client.post(&at, &asks(&native(), "openid")).await;
        if answer.status == 429 {
            refused = Some(answer);
            break;
        }
        answer.refused(Aadsts::ApplicationNotFound);
    }
    let refused = refused.expect("seventy requests in a row, and none too many");
    refused.refused(Aadsts::TooManyRequests);
    let wait: u32 = refused.header("retry-after").unwrap().parse().unwrap();
    assert!((1..=60).contains(&wait), "{wait}");
    // The page for people has a limit of its own.
    Browser::of(client).open("/devicelogin").await.page();
}
