//! Redirect URIs at the authorize endpoint: an answer goes to a registered address, or nowhere.

use spec::browser::browser;
use spec::cast::{TASKS_READ, alice, contoso, daemon, native, saas, spa, web};
use spec::client::client;
use vestibule_wire::aadsts::Aadsts;

use crate::authorize::{address, refused_on_page};
use crate::flows::SignIn;

/// Addresses that resemble `http://localhost:3001/auth/callback`, or are nobody's.
const ELSEWHERE: [&str; 32] = [
    "https://evil.example/",
    "https://evil.example/auth/callback",
    "http://localhost:3001/auth/../auth/callback",
    "http://localhost:3001/auth/%2e%2e/auth/callback",
    "http://localhost:3001//auth/callback",
    "http://localhost:3001/auth/Callback",
    "http://localhost:3001@evil.example/auth/callback",
    "http://evil.example@localhost:3001/auth/callback",
    "http://localhost:3001\\@evil.example/auth/callback",
    "http://localhost%40evil.example/auth/callback",
    "http://LOCALHOST:3001/auth/callback",
    "http://localhost.:3001/auth/callback",
    "http://127.0.0.1:3001/auth/callback",
    "http://[::1]:3001/auth/callback",
    "http://2130706433:3001/auth/callback",
    "http://localhost:03001/auth/callback",
    "http://localhost:3009/auth/callback",
    "http://localhost/auth/callback",
    "http://ⓛocalhost:3001/auth/callback",
    "HTTP://localhost:3001/auth/callback",
    "/auth/callback",
    "javascript:alert(1)",
    "data:text/html,x",
    "vbscript:x",
    "file:///etc/passwd",
    "blob:https://a/b",
    "\tjavascript:alert(1)",
    "urn:ietf:wg:oauth:2.0:oob",
    "msauth://com.contoso/x",
    "http://localhost:3001/auth",
    "http://localhost:3001",
    "\"><script>alert(1)</script>",
];

/// What, put behind a registered address, makes it another.
const SUFFIXES: [&str; 13] =
    ["/", "/x", "/..", "/..;/x", "?", "?x=1", "#", "#x", "%23x", "%00", "\0", "\r\nX: y", " "];

#[tokio::test]
async fn az_01_to_az_06_only_a_registered_redirect_uri_is_answered() {
    let uri = web().redirect_uri().to_owned();
    let mut mutations: Vec<String> = ELSEWHERE.map(str::to_owned).into();
    mutations.extend(SUFFIXES.map(|suffix| format!("{uri}{suffix}")));
    mutations.extend([format!(" {uri}"), uri.replacen("://", ":/", 1), uri.replacen("http:", "", 1)]);
    for asked in &mutations {
        let page =
            browser().open(&address(&web().authorizes(TASKS_READ).with("redirect_uri", asked))).await.page();
        // NUL does not even make a form.
        if !asked.contains('\0') {
            page.refused(Aadsts::RedirectUriMismatch);
        }
        assert!(!page.has("script:not([nonce])") && !page.has("a[href^='javascript']"), "{asked}");
    }
}

#[tokio::test]
async fn az_07_a_native_application_may_choose_its_loopback_port() {
    for uri in ["http://localhost:50123", "http://localhost:1/", "http://127.0.0.1:65535", "http://localhost"]
    {
        let sign_in =
            SignIn::with(browser(), &alice(), native(), |request| request.with("redirect_uri", uri)).await;
        let expected = if uri.ends_with('/') { uri.to_owned() } else { format!("{uri}/") };
        assert_eq!(sign_in.returned.to, expected, "entra: a URI without a path is answered at /");
        let answer = client().token(&contoso(), &sign_in.redeems().with("redirect_uri", uri)).await;
        answer.tokens();
    }
    for uri in [
        "http://localhost:50123/x",
        "https://localhost:50123",
        "http://localhost:123456",
        "http://localhost:80@evil.example",
        "http://localhost.evil.example",
        "http://[::1]:80",
    ] {
        refused_on_page(
            &address(&native().authorizes(TASKS_READ).with("redirect_uri", uri)),
            Aadsts::RedirectUriMismatch,
        )
        .await;
    }
    let moved = spa().authorizes(TASKS_READ).with("redirect_uri", "http://localhost:3999/");
    refused_on_page(&address(&moved), Aadsts::RedirectUriMismatch).await;
}

#[tokio::test]
async fn az_12_a_scheme_of_its_own_belongs_to_its_native_application() {
    let own = native().redirect_uris[2].clone();
    assert!(own.starts_with("msal"));
    let sign_in =
        SignIn::with(browser(), &alice(), native(), |request| request.with("redirect_uri", &own)).await;
    assert_eq!(sign_in.returned.to, own);
    for other in [web(), spa(), saas()] {
        refused_on_page(
            &address(&other.authorizes(TASKS_READ).with("redirect_uri", &own)),
            Aadsts::RedirectUriMismatch,
        )
        .await;
    }
}

#[tokio::test]
async fn az_10_without_a_redirect_uri_several_registered_ones_are_none() {
    refused_on_page(
        &address(&web().authorizes(TASKS_READ).without("redirect_uri")),
        Aadsts::RedirectUriMismatch,
    )
    .await;
    let nowhere = |client_id: &str| web().authorizes(TASKS_READ).with("client_id", client_id);
    refused_on_page(&address(&nowhere(&daemon().client_id)), Aadsts::RedirectUriMismatch).await;
    refused_on_page(&address(&nowhere(&daemon().client_id).without("redirect_uri")), Aadsts::NoReplyAddress)
        .await;
}
