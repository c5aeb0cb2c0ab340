//! The session of a browser: its cookie, and the accounts in it.

use spec::browser::{authorize_at, browser};
use spec::cast::{Person, alice, bob, carol, contoso, saas, web};
use spec::page::Page;
use vestibule_wire::aadsts::Aadsts;

use crate::authorize::address;
use crate::flows::{SignIn, USUAL};

#[tokio::test]
async fn who_is_signed_in_is_not_asked_again_until_it_is_wanted() {
    let sign_in = SignIn::of(&alice(), web(), USUAL).await;
    let session = sign_in.returned.get("session_state").to_owned();
    let mut browser = sign_in.browser;
    let again = browser.open(&address(&web().authorizes(USUAL))).await.returned();
    assert_eq!(again.get("session_state"), session);
    for (prompt, field) in [("login", "passwd"), ("select_account", "account")] {
        let hinted = web().authorizes(USUAL).with("prompt", prompt).with("login_hint", alice().upn);
        let page = browser.open(&authorize_at(&contoso().id, &hinted)).await.page();
        assert!(page.form_with(field).is_some(), "{prompt}: {}", page.text());
    }
}

#[tokio::test]
async fn lg_12_the_session_cookie_is_new_after_each_sign_in() {
    let mut browser = browser();
    browser.jar.set("__Host-idp.sso", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
    let mut keys = vec![browser.jar.get("__Host-idp.sso").unwrap().to_owned()];
    for person in [alice(), bob(), alice()] {
        let request = web().authorizes(USUAL).with("prompt", "login").with("login_hint", &person.upn);
        browser.sign_in(&person, &authorize_at(&contoso().id, &request)).await.returned();
        let key = browser.jar.get("__Host-idp.sso").unwrap().to_owned();
        assert!(!keys.contains(&key), "the cookie was there before");
        keys.push(key);
    }
    for old in &keys[..keys.len() - 1] {
        let mut thief = spec::browser::browser();
        thief.jar.set("__Host-idp.sso", old);
        let silent = web().authorizes(USUAL).with("prompt", "none");
        thief
            .open(&authorize_at(&contoso().id, &silent))
            .await
            .returned()
            .refused(Aadsts::LoginRequired, &silent);
    }
}

#[tokio::test]
async fn lg_13_four_cookies_and_no_more() {
    // Their attributes are checked as they arrive, whichever test they arrive in.
    let sign_in = SignIn::of(&alice(), web(), USUAL).await;
    assert_eq!(
        sign_in.browser.jar.names(),
        ["__Host-idp.apps", "__Host-idp.flow", "__Host-idp.known", "__Host-idp.sso"]
    );
}

#[tokio::test]
async fn lg_14_a_session_cookie_that_was_changed_is_none() {
    let jar = SignIn::of(&alice(), web(), USUAL).await.browser.jar;
    let good = jar.get("__Host-idp.sso").unwrap().to_owned();
    let silent = web().authorizes(USUAL).with("prompt", "none");
    let flipped = format!("{}{}", if good.starts_with('A') { "B" } else { "A" }, &good[1..]);
    for bad in [
        flipped.as_str(),
        &good[1..],
        &format!("{good}A"),
        "",
        "x",
        &"A".repeat(4000),
        jar.get("__Host-idp.flow").unwrap(),
        jar.get("__Host-idp.known").unwrap(),
    ] {
        let mut browser = browser();
        browser.jar.set("__Host-idp.sso", bad);
        browser
            .open(&authorize_at(&contoso().id, &silent))
            .await
            .returned()
            .refused(Aadsts::LoginRequired, &silent);
    }
}

#[tokio::test]
async fn lg_16_several_accounts_of_a_browser_do_not_mix() {
    let mut browser = browser();
    let login = |person: &Person| {
        authorize_at(
            "common",
            &saas().authorizes("openid profile").with("prompt", "login").with("login_hint", &person.upn),
        )
    };
    for person in [alice(), carol()] {
        browser.sign_in(&person, &login(&person)).await.returned();
    }
    let silent = saas().authorizes("openid profile").with("prompt", "none");
    browser
        .open(&authorize_at("common", &silent))
        .await
        .returned()
        .refused(Aadsts::AccountSelectionRequired, &silent);
    for person in [alice(), carol()] {
        let hinted = silent.clone().with("login_hint", &person.upn);
        let returned = browser.open(&authorize_at("common", &hinted)).await.returned();
        assert!(returned.get("iss").contains(&person.tenant));
        let own = browser.open(&authorize_at(&person.tenant, &silent)).await.returned();
        assert_eq!(own.get("session_state"), returned.get("session_state"));
        let picker = browser.open(&authorize_at("common", &saas().authorizes("openid profile"))).await;
        let picked = browser.continue_as(&person, picker).await.returned();
        assert_eq!(picked.get("session_state"), returned.get("session_state"));
    }
}

#[tokio::test]
async fn lg_10_picking_an_account_is_not_giving_its_password() {
    let mut browser = SignIn::of(&alice(), web(), USUAL).await.browser;
    let asked = |name: &str, value: &str| address(&web().authorizes(USUAL).with(name, value));
    let picker = browser.open(&asked("prompt", "select_account")).await.page();
    let form = picker.form_with("account").unwrap();
    let (_, account, _) = form.buttons.iter().find(|(.., text)| text.contains(&alice().upn)).unwrap();
    // The control: where the session is enough, the pick is.
    browser.submit(&picker, &form.clone().filled("account", account)).await.returned().code();
    for (name, value) in [("prompt", "login"), ("max_age", "0")] {
        let page = browser.open(&asked(name, value)).await.page();
        let ctx = page.form_with("ctx").unwrap().fields.get("ctx").unwrap().to_owned();
        let forged = form.fields.clone().with("ctx", &ctx).with("account", account);
        let answer = browser.post(&form.action, &forged).await;
        assert!(Page::of(&answer).form_with("passwd").is_some(), "{name}: {}", answer.shown());
        let resumed = browser.get(&format!("/contoso.test/oauth2/v2.0/authorize/resume?ctx={ctx}")).await;
        assert_eq!(resumed.header("location"), None, "{name}: {}", resumed.shown());
    }
}
