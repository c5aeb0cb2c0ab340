//! Logout (OpenID Connect RP-Initiated Logout): the session ends, and the browser goes where the application registered.

use http::Method;
use spec::browser::{Browser, Landing, authorize_at, browser};
use spec::cast::{alice, bob, contoso, native, saas, web};
use spec::client::client;
use spec::form::Form;
use spec::tokens::Jwt;
use vestibule_wire::aadsts::Aadsts;

use crate::flows::{SignIn, USUAL};

fn logout(form: &Form) -> String {
    format!("/{}/oauth2/v2.0/logout?{}", contoso().id, form.encode())
}

/// Where `web` wants to be afterwards.
fn afterwards() -> String {
    web().redirect_uris[4].clone()
}

async fn is_signed_in(browser: &mut Browser) -> bool {
    let silent = web().authorizes(USUAL).with("prompt", "none");
    browser.open(&authorize_at(&contoso().id, &silent)).await.returned().has("code")
}

/// A browser in which Alice is signed in, and her ID token.
async fn alice_signed_in() -> (Browser, String) {
    let sign_in = SignIn::with(browser(), &alice(), web(), |request| {
        request.with("scope", USUAL).with("claims", r#"{"id_token":{"login_hint":{}}}"#)
    })
    .await;
    let id_token = sign_in.tokens(&client(), &contoso()).await.id().to_owned();
    (sign_in.browser, id_token)
}

#[tokio::test]
async fn with_an_id_token_the_person_is_signed_out_and_sent_back_with_the_state() {
    let (mut browser, id_token) = alice_signed_in().await;
    let form = Form::new()
        .with("id_token_hint", &id_token)
        .with("post_logout_redirect_uri", afterwards())
        .with("state", "a b&c=d/\u{1f512}");
    let returned = browser.open(&logout(&form)).await.returned();
    assert_eq!((&*returned.to, returned.get("state")), (&*afterwards(), "a b&c=d/\u{1f512}"));
    assert!(!is_signed_in(&mut browser).await);
    assert_eq!(browser.jar.get("__Host-idp.sso"), None);
}

#[tokio::test]
async fn with_a_login_hint_of_ours_nobody_is_asked() {
    let (mut browser, id_token) = alice_signed_in().await;
    let hint = Jwt::read(&id_token).claims.str("login_hint").to_owned();
    let form = Form::new().with("logout_hint", hint);
    let page = browser.open(&logout(&form)).await.page();
    assert!(page.text().contains("alice@contoso.test"), "{}", page.text());
    assert!(!is_signed_in(&mut browser).await);
}

#[tokio::test]
async fn ui_06_without_a_proof_the_person_is_asked() {
    let (mut browser, _) = alice_signed_in().await;
    for form in [
        Form::new(),
        Form::new().with("post_logout_redirect_uri", afterwards()),
        Form::new().with("client_id", web().client_id).with("post_logout_redirect_uri", afterwards()),
        Form::new().with("logout_hint", alice().upn),
    ] {
        let page = browser.open(&logout(&form)).await.page();
        assert!(
            page.form_with("ctx").is_some() && page.text().contains("alice@contoso.test"),
            "{}",
            page.text()
        );
        assert!(is_signed_in(&mut browser).await, "an image on another site is not enough: {form:?}");
    }
    let form = Form::new().with("client_id", web().client_id).with("post_logout_redirect_uri", afterwards());
    let page = browser.open(&logout(&form)).await.page();
    assert!(page.text().contains("Contoso Web"), "the application is named");
    let confirm = page.form_with("ctx").unwrap();
    assert_eq!(browser.submit(&page, &confirm).await.returned().to, afterwards());
    assert!(!is_signed_in(&mut browser).await);
}

#[tokio::test]
async fn ui_05_an_address_that_is_not_registered_is_not_gone_to() {
    let own = afterwards();
    for address in [
        "https://evil.example/",
        &format!("{own}/"),
        &format!("{own}?x=1"),
        &format!("{own}#"),
        &own.to_uppercase(),
        "//evil.example",
        "javascript:alert(1)",
        "data:text/html,x",
        "http://localhost:3001@evil.example/signed-out",
        "http://localhost:3001",
        "/signed-out",
        "http://localhost:3001/signed-out/../x",
        "http://127.0.0.1:3001/signed-out",
        &saas().redirect_uris[0],
        &native().redirect_uris[0],
    ] {
        let (mut browser, id_token) = alice_signed_in().await;
        let form = Form::new().with("id_token_hint", &id_token).with("post_logout_redirect_uri", address);
        let page = browser.open(&logout(&form)).await.page();
        assert!(!page.answer.text().contains("evil.example"), "{address}");
        assert!(!is_signed_in(&mut browser).await, "signing out happens all the same: {address}");
    }
}

#[tokio::test]
async fn ui_05_an_address_without_an_application_is_not_gone_to() {
    let form = Form::new().with("post_logout_redirect_uri", afterwards());
    browser().open(&logout(&form)).await.page();
    let other = form.with("client_id", saas().client_id);
    browser().open(&logout(&other)).await.page();
}

#[tokio::test]
async fn ui_07_a_forged_hint_proves_nothing() {
    let (mut browser, id_token) = alice_signed_in().await;
    let access_token = crate::flows::tokens_of(&alice(), web(), USUAL).await.access().to_owned();
    let [header, claims, signature] = id_token.split('.').collect::<Vec<_>>()[..] else {
        panic!("{id_token}")
    };
    let flipped = format!("{}{}", if signature.starts_with('A') { "B" } else { "A" }, &signature[1..]);
    for hint in [
        format!("eyJhbGciOiJub25lIn0.{claims}."),
        format!("{header}.{claims}."),
        format!("{header}.{claims}.{flipped}"),
        access_token,
        "x".to_owned(),
    ] {
        let page = browser.open(&logout(&Form::new().with("id_token_hint", &hint))).await.page();
        assert!(page.form_with("ctx").is_some(), "{}", page.text());
        assert!(is_signed_in(&mut browser).await);
    }
    let other = Form::new().with("id_token_hint", &id_token).with("client_id", saas().client_id);
    browser.open(&logout(&other)).await.page();
    assert!(is_signed_in(&mut browser).await, "a token of one application does not speak for another");
}

#[tokio::test]
async fn somebody_elses_hint_signs_nobody_else_out() {
    let (mut browser, _) = alice_signed_in().await;
    let sign_in = SignIn::of(&bob(), web(), USUAL).await;
    let bobs = sign_in.tokens(&client(), &contoso()).await.id().to_owned();
    browser.open(&logout(&Form::new().with("id_token_hint", bobs))).await.page();
    assert!(is_signed_in(&mut browser).await);
}

#[tokio::test]
async fn lg_18_the_confirmation_is_ours_and_this_browsers() {
    let (mut browser, _) = alice_signed_in().await;
    let page = browser.open(&logout(&Form::new())).await.page();
    let form = page.form_with("ctx").unwrap();
    let request = browser
        .client()
        .request(Method::POST, &form.action)
        .form(&form.fields)
        .header("origin", "https://evil.example");
    let answer = browser.send(request).await;
    spec::page::Page::of(&answer).refused(Aadsts::RequestMalformed);
    let mut other = spec::browser::browser();
    other.submit(&page, &form).await.page().refused(Aadsts::FlowExpired);
    assert!(is_signed_in(&mut browser).await);
}

#[tokio::test]
async fn signing_out_twice_is_as_good_as_once() {
    let (mut browser, id_token) = alice_signed_in().await;
    let form = Form::new().with("id_token_hint", &id_token).with("post_logout_redirect_uri", afterwards());
    for _ in 0..2 {
        assert_eq!(browser.open(&logout(&form)).await.returned().to, afterwards());
    }
    let stranger =
        Form::new().with("client_id", web().client_id).with("post_logout_redirect_uri", afterwards());
    assert_eq!(spec::browser::browser().open(&logout(&stranger)).await.returned().to, afterwards());
}

#[tokio::test]
async fn a_request_may_come_as_a_form_or_from_any_alias() {
    let (mut browser, id_token) = alice_signed_in().await;
    let form = Form::new().with("id_token_hint", &id_token);
    let answer = browser.post("/common/oauth2/v2.0/logout", &form).await;
    assert!(matches!(browser.follow(answer).await, Landing::Page(_)));
    assert!(!is_signed_in(&mut browser).await);
}

#[tokio::test]
async fn lg_15_a_cookie_that_was_copied_ends_with_the_session() {
    let (mut browser, id_token) = alice_signed_in().await;
    let mut copy = browser.clone();
    assert!(is_signed_in(&mut copy).await);
    browser.open(&logout(&Form::new().with("id_token_hint", &id_token))).await.page();
    assert!(!is_signed_in(&mut copy).await);
}

#[tokio::test]
async fn what_is_no_request_is_refused_on_a_page() {
    for path in
        ["/contoso.test/oauth2/v2.0/logout?state=%zz", "/contoso.test/oauth2/v2.0/logout?state=a&state=b"]
    {
        browser().open(path).await.page().refused(Aadsts::SignOutInvalid);
    }
    browser().open("/nowhere.test/oauth2/v2.0/logout").await.page().refused(Aadsts::TenantNotFound);
    let client = client();
    for method in [Method::PUT, Method::DELETE, Method::TRACE] {
        client.request(method, "/common/oauth2/v2.0/logout").send().await.refused(Aadsts::MethodNotAllowed);
    }
}
