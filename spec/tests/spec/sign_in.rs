//! Signing in: the pages, the cookies, and what ties them together.

use spec::browser::{Browser, Landing, authorize_at, browser};
use spec::cast::{Person, TASKS_READ, alice, bob, carol, contoso, saas, web};
use spec::form::Form;
use spec::page::{Page, PageForm};
use spec::server::Server;
use spec::world::altered;
use vestibule_wire::aadsts::Aadsts;

use crate::flows::{SignIn, USUAL};

fn address() -> String {
    authorize_at(&contoso().id, &web().authorizes(USUAL))
}

/// The page that asks for the password of this person.
async fn password_page(browser: &mut Browser, person: &Person) -> Page {
    let page = browser.open(&address()).await.page();
    let form = page.form_with("loginfmt").unwrap().filled("loginfmt", &person.upn);
    browser.submit(&page, &form).await.page()
}

/// The form in which this person gives a password.
fn password_form(page: &Page, password: &str) -> PageForm {
    page.form_with("passwd").unwrap_or_else(|| panic!("{}", page.text())).filled("passwd", password)
}

#[tokio::test]
async fn a_person_names_the_account_then_the_password_then_whether_to_stay() {
    let mut browser = browser();
    let first = browser.open(&address()).await.page();
    for id in ["#i0116[name=loginfmt]", "#idSIButton9", "h1", "label[for=i0116]"] {
        assert!(first.has(id), "{id}: {}", first.answer.text());
    }
    assert!(first.text().contains("Contoso Web"), "the application is always named");
    let second = password_page(&mut browser, &alice()).await;
    for id in [
        "#i0118[name=passwd]",
        "#idSIButton9",
        "#idBtn_Back",
        "label[for=i0118]",
        "input[autocomplete=current-password]",
    ] {
        assert!(second.has(id), "{id}: {}", second.answer.text());
    }
    assert!(second.text().contains("alice@contoso.test") && second.text().contains("Contoso Web"));
    let form = password_form(&second, &alice().password);
    let third = browser.submit(&second, &form).await.page();
    assert!(third.has("#idSIButton9[name=stay][value=yes]") && third.has("#idBtn_Back[name=stay][value=no]"));
    let stay = third.form_with("stay").unwrap().filled("stay", "yes");
    browser.submit(&third, &stay).await.returned().code();
}

#[tokio::test]
async fn two_sign_ins_of_one_person_at_the_same_moment_both_succeed() {
    // A person with two tabs, two devices, or a test suite with two threads.
    let server = Server::own();
    let people: Vec<_> = (0..4)
        .map(|_| {
            let mut browser = Browser::at(&server);
            tokio::spawn(async move {
                let page = password_page(&mut browser, &alice()).await;
                let form = password_form(&page, &alice().password);
                browser.submit(&page, &form).await.page().form_with("stay").is_some()
            })
        })
        .collect();
    let mut signed_in = 0;
    for person in people {
        signed_in += usize::from(person.await.unwrap());
    }
    assert_eq!(signed_in, 4, "the right password was refused");
}

#[tokio::test]
async fn a_login_hint_skips_the_first_question() {
    let request = web().authorizes(USUAL).with("login_hint", bob().upn);
    let page = browser().open(&authorize_at(&contoso().id, &request)).await.page();
    assert!(page.form_with("passwd").is_some() && page.text().contains("bob@contoso.test"));
}

#[tokio::test]
async fn lg_01_a_wrong_account_and_a_wrong_password_read_the_same() {
    let mut seen = Vec::new();
    for upn in [bob().upn, "nobody@contoso.test".to_owned(), "someone@nowhere.test".to_owned()] {
        let mut browser = browser();
        let stranger = Person { upn: upn.clone(), ..bob() };
        let page = password_page(&mut browser, &stranger).await;
        let form = password_form(&page, "not the password");
        let answer = browser.submit(&page, &form).await.page();
        assert!(answer.text_of("#passwordError[role=alert]").is_some(), "{}", answer.text());
        let (initial, rest) =
            (upn.chars().next().unwrap().to_uppercase().to_string(), answer.text().replace(&upn, "[upn]"));
        seen.push((answer.answer.status, rest.replacen(&format!(" {initial} "), " [initial] ", 1)));
    }
    assert_eq!(seen[0], seen[1]);
    assert_eq!(seen[0], seen[2]);
}

#[tokio::test]
async fn a_person_of_another_organisation_is_told_so_after_the_right_password_only() {
    let server = Server::own();
    let mut browser = Browser::at(&server);
    let page = password_page(&mut browser, &carol()).await;
    let wrong = browser.submit(&page, &password_form(&page, "not the password")).await.page();
    assert!(wrong.has("#passwordError"));
    let form = password_form(&wrong, &carol().password);
    browser.submit(&wrong, &form).await.page().refused(Aadsts::UserNotInTenant);
}

#[tokio::test]
async fn a_password_that_was_right_in_the_wrong_place_is_still_right_in_the_right_one() {
    let server = Server::own();
    let mut browser = Browser::at(&server);
    let page = password_page(&mut browser, &carol()).await;
    browser
        .submit(&page, &password_form(&page, &carol().password))
        .await
        .page()
        .refused(Aadsts::UserNotInTenant);
    let own = authorize_at("common", &saas().authorizes("openid profile"));
    let landing = Browser::at(&server).sign_in(&carol(), &own).await;
    assert!(
        matches!(landing, Landing::Returned(_)),
        "the right password was refused: {}",
        landing.page().text()
    );
}

#[tokio::test]
async fn what_is_no_account_name_is_asked_for_again() {
    for typed in ["", " ", "alice", "@", "a@b@c", "\"><script>alert(1)</script>", "a@contoso.test\0"] {
        let mut browser = browser();
        let page = browser.open(&address()).await.page();
        let form = page.form_with("loginfmt").unwrap().filled("loginfmt", typed);
        let again = browser.submit(&page, &form).await.page();
        if typed.contains('\0') {
            again.refused(Aadsts::RequestMalformed);
            continue;
        }
        assert!(
            again.has("#usernameError[role=alert]") && again.has("#i0116[aria-invalid=true]"),
            "{typed}: {}",
            again.text()
        );
        assert!(!again.has("script"), "{typed}");
    }
}

#[tokio::test]
async fn lg_24_an_account_name_is_taken_in_any_case_and_with_spaces_around_it() {
    for typed in ["ALICE@CONTOSO.TEST", " alice@contoso.test ", "Alice@Contoso.test"] {
        let same = Person { upn: typed.to_owned(), ..alice() };
        browser().sign_in(&same, &address()).await.returned().code();
    }
}

#[tokio::test]
async fn lg_22_every_byte_of_a_password_counts() {
    let server = Server::own();
    let right = alice().password;
    for wrong in [
        format!("{right} "),
        format!(" {right}"),
        right.to_uppercase(),
        format!("{right}\u{301}"),
        format!("{right}{}", "x".repeat(100)),
        right[..right.len() - 1].to_owned(),
    ] {
        let impostor = Person { password: wrong.clone(), ..alice() };
        let page = Browser::at(&server).sign_in(&impostor, &address()).await.page();
        assert!(page.has("#passwordError"), "{}", page.text());
    }
}

#[tokio::test]
async fn ro_06_a_password_without_end_is_refused_quickly() {
    let server = Server::own();
    let mut browser = Browser::at(&server);
    for password in ["x".repeat(15_000), "p\u{0}w".to_owned(), "\u{202e}".repeat(300)] {
        let page = password_page(&mut browser, &bob()).await;
        let began = std::time::Instant::now();
        let form = password_form(&page, &password);
        let landing = browser.submit(&page, &form).await;
        assert!(landing.page().answer.issues_nothing().status.as_u16() < 500);
        assert!(began.elapsed().as_secs() < 3);
    }
}

#[tokio::test]
async fn lg_18_a_form_from_elsewhere_is_refused() {
    let mut browser = browser();
    for (name, value) in [
        ("origin", "https://evil.example"),
        ("origin", "null"),
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
        ("sec-fetch-site", "none"),
    ] {
        let page = password_page(&mut browser, &alice()).await;
        let form = password_form(&page, &alice().password);
        let request =
            browser.client().request(http::Method::POST, &form.action).form(&form.fields).header(name, value);
        let answer = browser.send(request).await;
        Page::of(&answer).refused(Aadsts::RequestMalformed);
    }
}

#[tokio::test]
async fn lg_18_every_form_needs_its_state_and_its_cookie() {
    for path in [
        "/signin/account",
        "/signin/password",
        "/signin/new-password",
        "/signin/pick",
        "/signin/stay",
        "/signin/switch",
        "/signout",
    ] {
        let mut browser = browser();
        let page = browser.open(&address()).await.page();
        let good = page.form_with("loginfmt").unwrap().fields;
        let ctx = good.get("ctx").unwrap().to_owned();
        let filled = good.with("passwd", "x").with("stay", "yes").with("account", "x").with("newpasswd", "x");
        for (what, form) in [
            ("none", filled.clone().without("ctx")),
            ("empty", filled.clone().with("ctx", "")),
            ("changed", filled.clone().with("ctx", altered(&ctx, ctx.len() / 2))),
            ("twice", filled.clone().and("ctx", &ctx)),
            ("a code", filled.clone().with("ctx", "canary-code-canary")),
        ] {
            let answer = browser.post(path, &form).await;
            let code = Page::of(&answer)
                .text_of("#errorText")
                .unwrap_or_else(|| panic!("{path}, {what}: {}", answer.shown()));
            assert!(
                code.starts_with("AADSTS9002313") || code.starts_with("AADSTS50089"),
                "{path}, {what}: {code}"
            );
        }
        browser.jar.remove("__Host-idp.flow");
        let answer = browser.post(path, &filled).await;
        assert!(Page::of(&answer).has("#errorText"), "{path} without the cookie: {}", answer.shown());
        let get = browser.get(path).await;
        assert!(Page::of(&get).has("#errorText"), "{path} by GET: {}", get.shown());
    }
}

#[tokio::test]
async fn az_33_a_conversation_is_not_taken_up_in_another_browser() {
    let (mut attacker, mut victim) = (browser(), browser());
    let page = password_page(&mut attacker, &alice()).await;
    victim.open(&address()).await.page();
    let form = password_form(&page, &alice().password);
    victim.submit(&page, &form).await.page().refused(Aadsts::FlowExpired);
    assert_eq!(victim.jar.get("__Host-idp.sso"), None);
}

#[tokio::test]
async fn az_32_an_attackers_way_back_is_not_walked_by_a_victim() {
    let mut attacker = browser();
    let page = password_page(&mut attacker, &bob()).await;
    let form = password_form(&page, &bob().password);
    let stay = attacker.submit(&page, &form).await.page();
    let form = stay.form_with("stay").unwrap().filled("stay", "no");
    let answer = attacker.post(&form.action, &form.fields).await;
    assert_eq!(answer.status, 303);
    let resume = answer.header("location").unwrap().to_owned();
    let mut victim = SignIn::of(&alice(), web(), USUAL).await.browser;
    victim.open(&resume).await.page().refused(Aadsts::FlowExpired);
    attacker.open(&resume).await.returned().code();
}

#[tokio::test]
async fn az_34_the_state_of_a_conversation_cannot_be_changed() {
    let mut browser = browser();
    let page = password_page(&mut browser, &alice()).await;
    let form = password_form(&page, &alice().password);
    let ctx = form.fields.get("ctx").unwrap().to_owned();
    for at in (0..ctx.len()).step_by(ctx.len().div_ceil(20)) {
        let changed = altered(&ctx, at);
        browser
            .submit(&page, &form.clone().filled("ctx", &changed))
            .await
            .page()
            .refused(Aadsts::RequestMalformed);
    }
}

#[tokio::test]
async fn az_52_a_step_that_was_taken_is_not_taken_again() {
    let mut browser = browser();
    let page = password_page(&mut browser, &alice()).await;
    let form = password_form(&page, &alice().password);
    let stay = browser.submit(&page, &form).await.page();
    let answered = stay.form_with("stay").unwrap().filled("stay", "no");
    browser.submit(&page, &form).await.page().refused(Aadsts::FlowExpired);
    let answer = browser.post(&answered.action, &answered.fields).await;
    let resume = answer.header("location").unwrap_or_else(|| panic!("{}", answer.shown())).to_owned();
    browser.open(&resume).await.returned().code();
    browser.open(&resume).await.page().refused(Aadsts::FlowExpired);
}

#[tokio::test]
async fn lg_10_no_step_is_skipped() {
    let mut browser = browser();
    let first = browser.open(&address()).await.page();
    let ctx = first.form_with("loginfmt").unwrap().fields.get("ctx").unwrap().to_owned();
    let form = Form::new().with("ctx", &ctx).with("stay", "yes");
    Page::of(&browser.post("/signin/stay", &form).await).refused(Aadsts::FlowExpired);
    let resume = format!("/{}/oauth2/v2.0/authorize/resume?ctx={ctx}", contoso().id);
    browser.open(&resume).await.page().refused(Aadsts::FlowExpired);
    let form = Form::new().with("ctx", &ctx).with("newpasswd", "x").with("confirmnewpasswd", "x");
    assert!(Page::of(&browser.post("/signin/new-password", &form).await).has("#errorText"));
    assert_eq!(browser.jar.get("__Host-idp.sso"), None);
}

#[tokio::test]
async fn az_50_every_way_on_after_a_form_is_a_303() {
    let mut browser = browser();
    let page = password_page(&mut browser, &alice()).await;
    let stay = browser.submit(&page, &password_form(&page, &alice().password)).await.page();
    let form = stay.form_with("stay").unwrap().filled("stay", "yes");
    let answer = browser.post(&form.action, &form.fields).await;
    answer.is(303).is_not_stored().is_hardened();
    let to = answer.header("location").unwrap();
    assert!(
        to.starts_with(&format!("/{}/oauth2/v2.0/authorize/resume?", contoso().id)),
        "a path of our own: {to}"
    );
}

#[tokio::test]
async fn lg_17_staying_signed_in_keeps_the_cookie_for_90_days() {
    for (choice, kept) in [("yes", true), ("no", false)] {
        let mut browser = browser();
        let page = password_page(&mut browser, &alice()).await;
        let stay = browser.submit(&page, &password_form(&page, &alice().password)).await.page();
        let form = stay.form_with("stay").unwrap().filled("stay", choice);
        let answer = browser.post(&form.action, &form.fields).await;
        let session = answer
            .headers_named("set-cookie")
            .into_iter()
            .find(|cookie| cookie.starts_with("__Host-idp.sso="));
        assert_eq!(
            session.is_some_and(|cookie| cookie.contains("Max-Age=7776000")),
            kept,
            "{choice}: {session:?}"
        );
    }
}

#[tokio::test]
async fn lg_28_a_page_leads_nowhere_but_on() {
    for name in ["returnUrl", "wreply", "RelayState", "post_login", "redirect", "next", "continue"] {
        let request = web().authorizes(TASKS_READ).with(name, "https://evil.example/");
        let mut browser = browser();
        let page = browser.open(&authorize_at(&contoso().id, &request)).await.page();
        assert!(!page.answer.text().contains("evil.example"), "{name}");
    }
}

#[tokio::test]
async fn az_51_az_53_lg_29_no_page_is_kept_framed_or_fed_from_elsewhere() {
    // Each page is checked as it is read, whichever test it is read in; here they all are.
    let mut browser = browser();
    let mut pages = vec![browser.open(&address()).await.page()];
    pages.push(password_page(&mut browser, &alice()).await);
    pages.push(browser.submit(&pages[1], &password_form(&pages[1], "not the password")).await.page());
    pages.push(browser.submit(&pages[1], &password_form(&pages[1], &alice().password)).await.page());
    pages.push(browser.open("/contoso.test/oauth2/v2.0/logout").await.page());
    pages.push(browser.open(&authorize_at("nowhere.test", &web().authorizes(USUAL))).await.page());
    for page in pages {
        assert_eq!(page.answer.header("x-frame-options"), Some("DENY"));
        assert_eq!(page.answer.header("cache-control"), Some("no-store"));
        assert_eq!(page.answer.header("referrer-policy"), Some("same-origin"));
        assert!(page.answer.body.len() < 30_000, "{} bytes", page.answer.body.len());
    }
}

#[tokio::test]
async fn lg_19_an_account_name_is_shown_as_text() {
    for name in [
        "<b>x</b>@contoso.test",
        "\"onfocus=alert(1)@contoso.test",
        "{{7*7}}@contoso.test",
        "a&lt;b@contoso.test",
    ] {
        let mut browser = browser();
        let page = browser.open(&address()).await.page();
        let form = page.form_with("loginfmt").unwrap().filled("loginfmt", name);
        let next = browser.submit(&page, &form).await.page();
        assert!(!next.has("b") && !next.has("main script"), "{name}: {}", next.answer.text());
        assert!(next.answer.text().contains("contoso.test"), "{name}");
    }
}

#[tokio::test]
async fn lg_30_a_page_may_send_its_form_to_us_and_to_the_application_only() {
    let page = browser().open(&address()).await.page();
    let policy = page.answer.header("content-security-policy").unwrap().to_owned();
    let action =
        policy.split(';').map(str::trim).find(|directive| directive.starts_with("form-action")).unwrap();
    assert!(["form-action 'self'", "form-action 'self' http://localhost:3001"].contains(&action), "{action}");
}
