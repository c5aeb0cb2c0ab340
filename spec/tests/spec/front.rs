//! What is not part of a protocol: the front page, the lookup of error codes, the stylesheet, and what is not there.

use http::Method;
use spec::browser::browser;
use spec::client::client;
use spec::page::Page;
use vestibule_wire::aadsts::Aadsts;

#[tokio::test]
async fn the_front_page_leads_to_the_discovery_document() {
    let page = browser().open("/").await.page();
    assert_eq!(page.answer.status, 200);
    assert!(page.answer.text().contains("/common/v2.0/.well-known/openid-configuration"), "{}", page.text());
}

#[tokio::test]
async fn every_code_that_an_answer_points_to_is_explained() {
    for code in Aadsts::ALL.iter().filter(|code| code.row().looked_up) {
        let page = browser().open(&format!("/error?code={}", code.row().number)).await.page();
        assert_eq!(page.answer.status, 200, "{}", code.name());
        assert!(
            page.text().contains(&format!("AADSTS{}", code.row().number)),
            "{}: {}",
            code.name(),
            page.text()
        );
    }
}

#[tokio::test]
async fn a_code_that_nobody_knows_is_not_found_and_not_repeated() {
    for code in ["", "0", "-1", "99999999999999999999", "<script>alert(1)</script>", "50058 OR 1=1", "%ff"] {
        let page = browser().open(&format!("/error?code={code}")).await.page();
        assert_eq!(page.answer.status, 404, "{code}");
        assert!(!page.answer.text().contains("<script>alert"), "{code}");
    }
    Page::of(&client().get("/error").await);
}

#[tokio::test]
async fn the_stylesheet_is_kept_for_ever_and_named_by_its_content() {
    let client = client();
    let page = client.get("/").await;
    let path = page
        .text()
        .split("href=\"/assets/")
        .nth(1)
        .and_then(|rest| rest.split('"').next())
        .unwrap()
        .to_owned();
    let answer = client.get(&format!("/assets/{path}")).await;
    answer.is(200).is_hardened();
    assert_eq!(answer.header("content-type"), Some("text/css; charset=utf-8"));
    assert_eq!(answer.header("cache-control"), Some("public, max-age=31536000, immutable"));
    for other in ["/assets/x.css", "/assets/..%2f..%2fetc%2fpasswd", "/assets/", "/assets/%00"] {
        let answer = client.get(other).await;
        assert!([400, 404].contains(&answer.status.as_u16()), "{other}: {}", answer.shown());
    }
}

#[tokio::test]
async fn what_is_not_there_is_not_found() {
    for path in [
        "/nothing",
        "/nothing/here/at/all",
        "/.env",
        "/.git/config",
        "/admin",
        "/metrics",
        "/healthz",
        "/debug/pprof",
        "/common/oauth2/v2.0/nothing",
    ] {
        let page = browser().open(path).await.page();
        assert_eq!(page.answer.status, 404, "{path}");
    }
}

#[tokio::test]
async fn st_11_nothing_for_operators_is_on_this_address() {
    let client = client();
    for path in ["/metrics", "/healthz", "/readyz", "/debug", "/actuator", "/status", "/server-status"] {
        let answer = client.get(path).await;
        assert_eq!(answer.status, 404, "{path}");
        assert!(!answer.text().contains("vestibule_"), "{path}");
    }
}

#[tokio::test]
async fn a_native_application_ends_on_an_empty_page() {
    let answer = client().get("/common/oauth2/nativeclient?code=canary-code-canary&state=x").await;
    answer.is(200).is_hardened().is_not_stored();
    assert!(answer.body.is_empty(), "the address says everything, the page nothing");
}

#[tokio::test]
async fn a_page_speaks_the_language_that_is_asked_for() {
    let client = client();
    for (header, language) in [("de-AT,en;q=0.5", "de"), ("en", "en"), ("fr", "en"), ("de;q=0", "en")] {
        let answer = client.request(Method::GET, "/").header("accept-language", header).send().await;
        assert_eq!(answer.header("content-language"), Some(language), "{header}");
        assert!(answer.text().contains(&format!("<html lang=\"{language}\">")));
    }
}
