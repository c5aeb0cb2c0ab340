//! The authorize endpoint (RFC 6749 §3.1): what is told to the person, what to the application, and in which way.

use http::Method;
use spec::browser::{authorize_at, browser};
use spec::cast::{GRAPH, alice, api, carol, contoso, fabrikam, saas, web};
use spec::client::client;
use spec::form::Form;
use spec::page::Page;
use spec::world::Pkce;
use vestibule_wire::aadsts::{Aadsts, OAuthError};

use crate::flows::{SignIn, USUAL};

pub(crate) fn address(request: &Form) -> String {
    authorize_at(&contoso().id, request)
}

/// A request that is refused before anybody can be told: on a page, with no way to the application.
pub(crate) async fn refused_on_page(address: &str, code: Aadsts) -> Page {
    let page = browser().open(address).await.page();
    page.refused(code);
    page
}

#[tokio::test]
async fn az_13_a_parameter_twice_is_refused() {
    let every = web()
        .authorizes(USUAL)
        .with("nonce", "n")
        .with("response_mode", "query")
        .with("prompt", "none")
        .with("login_hint", "a@b.test")
        .with("claims", "{}")
        .with("max_age", "1")
        .with("code_challenge", Pkce::new().challenge)
        .with("code_challenge_method", "S256")
        .with("unknown", "x");
    for (name, value) in every.pairs() {
        for second in [value, "other"] {
            let request = every.clone().and(name, second);
            if ["client_id", "redirect_uri"].contains(&name) {
                refused_on_page(&address(&request), Aadsts::ParameterRepeated).await;
                continue;
            }
            let returned = browser().open(&address(&request)).await.returned();
            let described = returned.get("error_description");
            assert!(
                described.starts_with("AADSTS90004: ") && described.contains(&format!("'{name}'")),
                "{described}"
            );
            assert!(!returned.has("code"));
        }
    }
}

#[tokio::test]
async fn az_14_a_parameter_in_query_and_body_is_there_twice() {
    let request = web().authorizes(USUAL);
    for (name, value) in request.pairs() {
        let path =
            format!("/{}/oauth2/v2.0/authorize?{}", contoso().id, Form::new().with(name, value).encode());
        let answer = browser().post(&path, &request).await;
        match name {
            "client_id" | "redirect_uri" => drop(Page::of(&answer).refused(Aadsts::ParameterRepeated)),
            _ => assert!(answer.header("location").unwrap().contains("AADSTS90004"), "{}", answer.shown()),
        }
    }
}

#[tokio::test]
async fn a_request_may_come_as_a_form() {
    let mut browser = browser();
    let answer =
        browser.post(&format!("/{}/oauth2/v2.0/authorize", contoso().id), &web().authorizes(USUAL)).await;
    assert!(Page::of(&answer).form_with("loginfmt").is_some());
}

#[tokio::test]
async fn az_15_response_types_are_sets_of_words_and_only_codes_are_enabled() {
    for (asked, code) in [
        ("token", Aadsts::TokenResponseDisabled),
        ("id_token", Aadsts::IdTokenResponseDisabled),
        ("code id_token", Aadsts::IdTokenResponseDisabled),
        ("id_token code", Aadsts::IdTokenResponseDisabled),
        ("id_token token", Aadsts::TokenResponseDisabled),
        ("token id_token code", Aadsts::TokenResponseDisabled),
        ("code code", Aadsts::ResponseTypeUnsupported),
        ("CODE", Aadsts::ResponseTypeUnsupported),
        ("code none", Aadsts::ResponseTypeUnsupported),
        ("<b>", Aadsts::ResponseTypeUnsupported),
        ("device_code", Aadsts::ResponseTypeUnsupported),
    ] {
        let request = web().authorizes(USUAL).with("response_type", asked).with("nonce", "n");
        let returned = browser().open(&address(&request)).await.returned();
        returned.refused(code, &request);
    }
    let missing = web().authorizes(USUAL).without("response_type");
    browser().open(&address(&missing)).await.returned().refused(Aadsts::ParameterMissing, &missing);
}

#[tokio::test]
async fn az_16_az_17_no_token_travels_in_a_url_whoever_is_signed_in_and_however_it_is_asked() {
    let mut signed_in = SignIn::of(&alice(), web(), USUAL).await.browser;
    for mode in ["query", "fragment", "form_post"] {
        for asked in
            ["token", "id_token", "code token", "code id_token", "id_token token", "code id_token token"]
        {
            for prompt in ["none", "login", "select_account"] {
                let request = web()
                    .authorizes(USUAL)
                    .with("response_type", asked)
                    .with("response_mode", mode)
                    .with("nonce", "n")
                    .with("prompt", prompt);
                let returned = signed_in.open(&address(&request)).await.returned();
                assert_eq!(returned.get("error"), "unsupported_response_type", "{asked} by {mode}");
                assert!(!returned.has("access_token") && !returned.has("id_token") && !returned.has("code"));
                // OAuth 2.0 Multiple Response Types §5: errors travel where the tokens would have.
                assert_eq!(returned.mode, if mode == "query" { "fragment" } else { mode });
            }
        }
    }
}

#[tokio::test]
async fn az_18_there_are_three_response_modes() {
    for mode in ["web_message", "QUERY", "query.jwt", "fragment ", "none"] {
        let request = web().authorizes(USUAL).with("response_mode", mode);
        browser()
            .open(&address(&request))
            .await
            .returned()
            .refused(Aadsts::ResponseModeUnsupported, &request);
    }
    for mode in ["query", "fragment", "form_post"] {
        let sign_in =
            SignIn::with(browser(), &alice(), web(), |request| request.with("response_mode", mode)).await;
        assert_eq!((sign_in.returned.mode, &*sign_in.returned.to), (mode, web().redirect_uri()));
        sign_in.tokens(&client(), &contoso()).await;
    }
}

#[tokio::test]
async fn az_46_an_answer_has_a_code_the_state_the_session_and_the_issuer() {
    let state = "a b+c&d=e/ä#%20\u{1f512}\"'<>";
    let sign_in = SignIn::with(browser(), &alice(), web(), |request| {
        request.with("state", state).with("client_info", "1")
    })
    .await;
    let returned = sign_in.returned;
    assert_eq!(returned.get("state"), state, "byte for byte");
    assert_eq!(
        returned.get("iss"),
        format!("{}/{}/v2.0", client().origin(), contoso().id),
        "AZ-46, RFC 9207 §2"
    );
    assert!(spec::refusal::is_guid(returned.get("session_state")));
    let names: Vec<_> = returned.fields.pairs().map(|(name, _)| name).collect();
    assert_eq!(names, ["code", "client_info", "session_state", "iss", "state"]);
    returned.answer.is_not_stored();
}

#[tokio::test]
async fn az_19_az_20_a_form_post_page_holds_hostile_values_and_goes_to_the_application_only() {
    let mut browser = browser();
    browser.sign_in(&alice(), &address(&web().authorizes(USUAL))).await.returned();
    for payload in [
        "\"><script>alert(1)</script>",
        "</form><form action=https://evil.example>",
        "'onmouseover=alert(1) x='",
        "\u{2028}\u{2029}",
        "javascript:alert(1)",
        "${7*7}{{7*7}}",
        "<!--",
        "]]>",
        "&quot;&#x22;",
        "<img src=x onerror=alert(1)>",
    ] {
        let request = web().authorizes(USUAL).with("response_mode", "form_post").with("state", payload);
        let returned = browser.open(&address(&request)).await.returned();
        assert_eq!((returned.get("state"), &*returned.to), (payload, web().redirect_uri()));
        let policy = returned.answer.header("content-security-policy").unwrap().to_owned();
        assert!(policy.contains("form-action http://localhost:3001;"), "{policy}");
        let page = Page::of(&returned.answer);
        assert_eq!(page.forms().len(), 1, "{payload}");
        assert!(!page.has("img"), "{payload}");
    }
}

#[tokio::test]
async fn az_21_line_breaks_in_the_state_stay_in_the_state() {
    let mut browser = browser();
    browser.sign_in(&alice(), &address(&web().authorizes(USUAL))).await.returned();
    for state in ["a\r\nSet-Cookie: x=y", "a\nLocation: https://evil.example/", "\u{85}", "\t"] {
        let answer = browser.get(&address(&web().authorizes(USUAL).with("state", state))).await;
        assert_eq!(
            answer.headers_named("set-cookie").iter().filter(|cookie| cookie.starts_with("x=")).count(),
            0
        );
        let returned = browser.follow(answer).await.returned();
        assert_eq!(returned.get("state"), state);
    }
    for broken in ["state=%ff%fe", "state=%zz", "state=a%00b", "state=%c0%80"] {
        let path = format!("{}&{broken}", address(&web().authorizes(USUAL).without("state")));
        browser.open(&path).await.page().refused(Aadsts::RequestMalformed);
    }
}

#[tokio::test]
async fn az_22_state_and_nonce_are_bounded() {
    for (name, length, fine) in [
        ("state", 1, true),
        ("state", 4096, true),
        ("state", 4097, false),
        ("nonce", 512, true),
        ("nonce", 1025, false),
    ] {
        let request = web().authorizes(USUAL).with(name, "x".repeat(length));
        let landing = browser().open(&address(&request)).await;
        if fine {
            landing.page();
        } else {
            landing.returned().refused(Aadsts::ParameterInvalid, &request);
        }
    }
}

#[tokio::test]
async fn az_22_a_state_of_any_length_that_is_taken_comes_back_from_a_whole_sign_in() {
    let ordinary = "x".repeat(4096);
    let escaped = "\"\\".repeat(600);
    for state in [&ordinary, &escaped] {
        let request = web().authorizes(USUAL).with("state", state);
        let returned = browser().sign_in(&alice(), &address(&request)).await.returned();
        assert_eq!(returned.get("state"), state);
    }
    // What would not fit is told at once, not after the password.
    let request = web().authorizes(USUAL).with("state", "\"\\".repeat(2048));
    browser().open(&address(&request)).await.returned().refused(Aadsts::ParameterInvalid, &request);
}

#[tokio::test]
async fn az_25_az_26_scopes_that_cannot_be_meant_are_told_to_the_application() {
    let many = (0..500).map(|n| format!("s{n}")).collect::<Vec<_>>().join(" ");
    for (scope, code) in [
        (many.as_str(), Aadsts::ScopeInvalid),
        ("api://contoso-api/.default api://contoso-api/Tasks.Read", Aadsts::ScopeInvalid),
        ("a\"b", Aadsts::ScopeInvalid),
        ("api://contoso-api/", Aadsts::ScopeInvalid),
        ("", Aadsts::ParameterMissing),
    ] {
        let request = web().authorizes(scope);
        browser().open(&address(&request)).await.returned().refused(code, &request);
    }
}

#[tokio::test]
async fn az_27_what_the_resource_does_not_offer_is_refused_when_the_person_has_signed_in() {
    let mut browser = browser();
    browser.sign_in(&alice(), &address(&web().authorizes(USUAL))).await.returned();
    for (scope, code, error) in [
        ("api://contoso-api/Tasks.Delete", Aadsts::ScopeUnknown, Aadsts::ScopeUnknown.row().error),
        ("api://contoso-api//Tasks.Read", Aadsts::ResourceNotFound, OAuthError::InvalidResource),
        ("api://nowhere/Tasks.Read", Aadsts::ResourceNotFound, OAuthError::InvalidResource),
        (
            "api://contoso-api/Tasks.Read api://nowhere/x",
            Aadsts::ResourceNotFound,
            OAuthError::InvalidResource,
        ),
    ] {
        let request = web().authorizes(scope);
        browser.open(&address(&request)).await.returned().refused_as(code, error, &request);
    }
}

#[tokio::test]
async fn az_29_an_application_of_one_organisation_is_refused_elsewhere() {
    for tenant in [fabrikam().id, "fabrikam.test".to_owned()] {
        refused_on_page(&authorize_at(&tenant, &web().authorizes(USUAL)), Aadsts::ApplicationNotFound).await;
    }
    for alias in ["common", "organizations"] {
        let page =
            refused_on_page(&authorize_at(alias, &web().authorizes(USUAL)), Aadsts::NotMultiTenant).await;
        assert!(page.text().contains("Contoso Web"), "{}", page.text());
    }
}

#[tokio::test]
async fn a_multi_tenant_application_takes_people_of_every_organisation_by_any_alias() {
    for (authority, person) in [
        ("common", alice()),
        ("organizations", carol()),
        ("fabrikam.test", carol()),
        ("contoso.test", alice()),
    ] {
        let mut browser = browser();
        let request = saas().authorizes("openid profile");
        let returned = browser.sign_in(&person, &authorize_at(authority, &request)).await.returned();
        assert!(returned.get("iss").contains(&person.tenant), "{:?}", returned.fields);
        let tokens = client().token_at(authority, &saas().redeems(returned.code())).await.tokens();
        assert_eq!(spec::tokens::Jwt::read(tokens.id()).claims.str("tid"), person.tenant);
    }
}

#[tokio::test]
async fn az_31_a_client_that_is_not_known_gets_a_page() {
    for client_id in [
        "",
        "x",
        "11111111-1111-4111-8111-111111111111",
        "' OR 1=1--",
        "<script>alert(1)</script>",
        "\u{202e}",
        GRAPH,
    ] {
        let code = match client_id {
            "" => Aadsts::ParameterMissing,
            GRAPH => Aadsts::RedirectUriMismatch,
            _ => Aadsts::ApplicationNotFound,
        };
        refused_on_page(&address(&web().authorizes(USUAL).with("client_id", client_id)), code).await;
    }
    refused_on_page(&address(&web().authorizes(USUAL).without("client_id")), Aadsts::ParameterMissing).await;
    refused_on_page(&address(&api().authorizes_nowhere()), Aadsts::NoReplyAddress).await;
}

#[tokio::test]
async fn az_35_prompt_none_never_shows_a_page() {
    let silent = web().authorizes(USUAL).with("prompt", "none");
    let returned = browser().open(&address(&silent)).await.returned();
    assert_eq!(
        returned.refused(Aadsts::LoginRequired, &silent).split('.').next(),
        Some("AADSTS50058: A silent sign-in request was sent but no user is signed in")
    );
    let sign_in = SignIn::of(&alice(), web(), USUAL).await;
    let session = sign_in.returned.get("session_state").to_owned();
    let mut signed_in = sign_in.browser;
    let returned = signed_in.open(&address(&silent)).await.returned();
    assert_eq!(returned.get("session_state"), session);
    for (change, code) in [
        (silent.clone().with("login_hint", "bob@contoso.test"), Aadsts::LoginRequired),
        (silent.clone().with("sid", "11111111-1111-4111-8111-111111111111"), Aadsts::SessionNotFound),
        (silent.clone().with("max_age", "0"), Aadsts::LoginRequired),
    ] {
        signed_in.open(&address(&change)).await.returned().refused(code, &change);
    }
    let unknown = silent.with("scope", "api://contoso-api/Tasks.Delete");
    assert!(signed_in.open(&address(&unknown)).await.returned().has("error"));
}

#[tokio::test]
async fn az_36_prompt_takes_one_value() {
    for prompt in ["none login", "login consent", "NONE", "nothing", "admin_consent login"] {
        let request = web().authorizes(USUAL).with("prompt", prompt);
        browser().open(&address(&request)).await.returned().refused(Aadsts::PromptUnsupported, &request);
    }
}

#[tokio::test]
async fn az_38_max_age_is_a_whole_number_of_seconds() {
    for age in
        ["-1", "1e30", "NaN", "9223372036854775808", "1;", " ", "0x10", "1.5", "99999999999999999999", "+1"]
    {
        let request = web().authorizes(USUAL).with("max_age", age);
        browser().open(&address(&request)).await.returned().refused(Aadsts::ParameterInvalid, &request);
    }
    let mut signed_in = SignIn::of(&alice(), web(), USUAL).await.browser;
    signed_in.open(&address(&web().authorizes(USUAL).with("max_age", "3600"))).await.returned().code();
    let page = signed_in.open(&address(&web().authorizes(USUAL).with("max_age", "0"))).await.page();
    assert!(page.form_with("passwd").is_some(), "0 is always: {}", page.text());
}

#[tokio::test]
async fn az_39_an_id_token_hint_signs_nobody_in() {
    let tokens = crate::flows::tokens_of(&alice(), web(), USUAL).await;
    for hint in [tokens.id(), tokens.access(), "eyJhbGciOiJub25lIn0.e30.", "x"] {
        let request = web().authorizes(USUAL).with("prompt", "none").with("id_token_hint", hint);
        browser().open(&address(&request)).await.returned().refused(Aadsts::LoginRequired, &request);
    }
}

#[tokio::test]
async fn az_40_az_41_hints_are_shown_escaped_and_lead_nowhere_else() {
    for payload in [
        "\"><script>alert(1)</script>@contoso.test",
        "a@contoso.test\r\nX: y",
        "'onfocus=alert(1) '@x.test",
        "javascript:alert(1)@x.test",
    ] {
        let request = web().authorizes(USUAL).with("login_hint", payload).with("domain_hint", "evil.example");
        let page = browser().open(&address(&request)).await.page();
        assert!(!page.has("script:not([nonce])"), "{payload}");
    }
}

#[tokio::test]
async fn az_42_the_claims_parameter_is_bounded() {
    let deep = format!("{}1{}", r#"{"a":"#.repeat(1000), "}".repeat(1000));
    for claims in ["[]", "1", "{", r#"{"a":1,"a":2}"#, &deep, &format!("{{\"a\":\"{}\"}}", "x".repeat(9000))]
    {
        let request = web().authorizes(USUAL).with("claims", claims);
        browser().open(&address(&request)).await.returned().refused(Aadsts::ParameterInvalid, &request);
    }
    let asked = r#"{"id_token":{"auth_time":{"essential":true},"login_hint":{},"x":null},"access_token":{"xms_cc":{"values":["CP1"]}}}"#;
    let sign_in = SignIn::with(browser(), &alice(), web(), |request| {
        request.with("scope", USUAL).with("claims", asked)
    })
    .await;
    let id_token = spec::tokens::Jwt::read(sign_in.tokens(&client(), &contoso()).await.id()).claims;
    assert!(id_token.get("auth_time").is_some() && id_token.get("login_hint").is_some(), "{id_token:?}");
}

#[tokio::test]
async fn az_43_request_objects_are_not_taken_and_never_fetched() {
    let canary = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let at = format!("http://{}/request.jwt", canary.local_addr().unwrap());
    for (name, value, code) in [
        ("request", "eyJhbGciOiJub25lIn0.e30.", Aadsts::RequestObjectUnsupported),
        ("request_uri", &at, Aadsts::RequestUriUnsupported),
    ] {
        let request = web().authorizes(USUAL).with(name, value);
        browser().open(&address(&request)).await.returned().refused(code, &request);
    }
    let silence = tokio::time::timeout(std::time::Duration::from_millis(300), canary.accept()).await;
    assert!(silence.is_err(), "the canary was heard");
}

#[tokio::test]
async fn a_resource_parameter_belongs_to_the_other_version() {
    let request = web().authorizes(USUAL).with("resource", "api://contoso-api");
    browser()
        .open(&address(&request))
        .await
        .returned()
        .refused(Aadsts::ResourceParameterUnsupported, &request);
}

#[tokio::test]
async fn az_47_the_endpoint_takes_get_and_post() {
    let client = client();
    for method in [Method::PUT, Method::DELETE, Method::PATCH, Method::TRACE, Method::OPTIONS] {
        let answer = client.request(method, &address(&web().authorizes(USUAL))).send().await;
        answer.refused(Aadsts::MethodNotAllowed);
        assert!(answer.header("allow").unwrap().contains("GET, POST"));
    }
}

#[tokio::test]
async fn az_47_a_head_request_issues_no_code() {
    let mut signed_in = SignIn::of(&alice(), web(), USUAL).await.browser;
    let request = signed_in.client().request(Method::HEAD, &address(&web().authorizes(USUAL)));
    let answer = signed_in.send(request).await;
    assert!(!answer.header("location").unwrap_or_default().contains("code="), "{}", answer.shown());
}

#[tokio::test]
async fn az_48_no_header_changes_where_anything_goes() {
    for (name, value) in [
        ("host", "evil.example"),
        ("x-forwarded-host", "evil.example"),
        ("forwarded", "host=evil.example"),
        ("x-forwarded-proto", "http"),
        ("x-original-url", "/evil"),
    ] {
        let mut browser = browser();
        browser.headers.push((name.to_owned(), value.to_owned()));
        let page = browser.open(&address(&web().authorizes(USUAL))).await.page();
        assert!(
            !page.answer.text().contains("evil") && !format!("{:?}", page.answer.headers).contains("evil"),
            "{name}"
        );
    }
}

#[tokio::test]
async fn az_49_the_directory_of_the_path_decides() {
    refused_on_page(&authorize_at("nowhere.test", &web().authorizes(USUAL)), Aadsts::TenantNotFound).await;
    refused_on_page(&authorize_at("consumers", &saas().authorizes(USUAL)), Aadsts::NotForConsumers).await;
    for segment in ["contoso", "a..b", "%00", "contoso.test%2ffabrikam.test"] {
        refused_on_page(&authorize_at(segment, &web().authorizes(USUAL)), Aadsts::TenantMalformed).await;
    }
    let upper = browser().open(&authorize_at("CONTOSO.test", &web().authorizes(USUAL))).await.page();
    assert!(upper.form_with("loginfmt").is_some());
}
