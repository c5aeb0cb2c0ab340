//! One sign-out ends the session everywhere: the applications it was used with are told (OpenID Connect Front-Channel Logout).

use spec::browser::{Browser, authorize_at, browser};
use spec::cast::{Application, alice, bob, contoso, portal, saas, web};
use spec::client::client;
use spec::form::Form;
use spec::page::Page;
use spec::tokens::Jwt;

/// Signs in to this program, in a browser where a session may be.
async fn uses(browser: &mut Browser, application: &Application) -> Jwt {
    let request = application.authorizes("openid profile User.Read");
    let returned = browser.sign_in(&alice(), &authorize_at(&contoso().id, &request)).await.returned();
    let tokens = client().token(&contoso(), &application.redeems(returned.code())).await.tokens();
    Jwt::verified(&client(), &contoso(), tokens.id()).await
}

fn logout_at(request: &Form) -> String {
    format!("/{}/oauth2/v2.0/logout?{}", contoso().id, request.encode())
}

/// The addresses of the hidden frames.
fn told(page: &Page) -> Vec<String> {
    page.attributes("iframe", "src")
}

#[tokio::test]
async fn ui_08_whom_the_session_was_used_with_is_told_in_hidden_frames() {
    let mut browser = browser();
    let portal_token = uses(&mut browser, &portal()).await;
    uses(&mut browser, &saas()).await;
    uses(&mut browser, &web()).await; // has no logout URL
    let back = "http://localhost:3006/signed-out";
    let tokens = uses_again(&mut browser).await;
    let request =
        Form::new().with("id_token_hint", tokens).with("post_logout_redirect_uri", back).with("state", "s p");
    let page = browser.open(&logout_at(&request)).await.page();
    let (issuer, sid) =
        (format!("{}/{}/v2.0", client().origin(), contoso().id), portal_token.claims.str("sid").to_owned());
    let with = Form::new().with("iss", issuer).with("sid", sid).encode();
    assert_eq!(
        told(&page),
        [
            format!("https://localhost:3006/front-channel-logout?{with}"),
            format!("https://localhost:3002/front-channel-logout?{with}")
        ]
    );
    let policy = page.answer.header("content-security-policy").unwrap().to_owned();
    assert!(policy.ends_with("frame-src https://localhost:3006 https://localhost:3002"), "{policy}");
    // On by itself, with scripts and without, and by hand.
    assert_eq!(page.answer.header("refresh"), Some("5; url=http://localhost:3006/signed-out?state=s+p"));
    assert_eq!(page.attributes("a.primary", "href"), ["http://localhost:3006/signed-out?state=s+p"]);
    // Nobody is told twice: the session is over, and so is what was known of it.
    let again = browser.open(&logout_at(&Form::new())).await.page();
    assert!(told(&again).is_empty());
}

/// The ID token of the program used last.
async fn uses_again(browser: &mut Browser) -> String {
    let request = portal().authorizes("openid profile").with("response_type", "code").with("prompt", "none");
    let returned = browser.open(&authorize_at(&contoso().id, &request)).await.returned();
    let tokens = client().token(&contoso(), &portal().redeems(returned.code())).await.tokens();
    tokens.id().to_owned()
}

#[tokio::test]
async fn an_application_that_does_not_say_who_it_is_is_gone_back_to_if_the_session_was_used_with_it() {
    let mut browser = browser();
    uses(&mut browser, &web()).await;
    let request = Form::new().with("post_logout_redirect_uri", "http://localhost:3001/signed-out");
    let page = browser.open(&logout_at(&request)).await.page();
    // UI-06: anybody could have sent the browser here.
    let form = page.forms().remove(0);
    let returned = browser.submit(&page, &form).await.returned();
    assert_eq!(returned.to, "http://localhost:3001/signed-out");
}

#[tokio::test]
async fn ui_05_an_address_of_an_application_that_was_not_used_is_not_gone_to() {
    let mut browser = browser();
    uses(&mut browser, &portal()).await;
    for address in
        ["http://localhost:3001/signed-out", "https://evil.example/", "http://localhost:3006/signed-out/x"]
    {
        let request = Form::new().with("post_logout_redirect_uri", address);
        let page = browser.open(&logout_at(&request)).await.page();
        assert!(page.has("#idSIButton9"), "{}", page.text());
        assert!(!page.answer.text().contains(address));
    }
}

#[tokio::test]
async fn another_account_of_the_browser_stays_signed_in_and_its_applications_hear_nothing() {
    let mut browser = browser();
    uses(&mut browser, &portal()).await;
    let request = saas().authorizes("openid profile").with("prompt", "login").with("login_hint", &bob().upn);
    browser.sign_in(&bob(), &authorize_at(&contoso().id, &request)).await.returned();
    let hint = {
        let request =
            portal().authorizes("openid profile").with("prompt", "none").with("login_hint", &alice().upn);
        let returned = browser.open(&authorize_at(&contoso().id, &request)).await.returned();
        client().token(&contoso(), &portal().redeems(returned.code())).await.tokens().id().to_owned()
    };
    let page = browser.open(&logout_at(&Form::new().with("id_token_hint", hint))).await.page();
    assert_eq!(told(&page).len(), 1, "{:?}", told(&page));
    assert!(told(&page)[0].starts_with("https://localhost:3006/"));
    let request = saas().authorizes("openid profile").with("prompt", "none");
    browser.open(&authorize_at(&contoso().id, &request)).await.returned().code();
}
