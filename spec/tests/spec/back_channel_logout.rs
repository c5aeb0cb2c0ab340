//! A sign-out is told to the applications by the server itself (OpenID Connect Back-Channel Logout).

use std::time::{Duration, Instant};

use http::Method;
use serde_json::{Value, json};
use spec::browser::{Browser, authorize_at};
use spec::cast::{Application, alice, bob, contoso, explorer, web};
use spec::client::{Client, client};
use spec::form::Form;
use spec::receiver::{Heard, Receiver, Reply};
use spec::server::Server;
use spec::tokens::Jwt;
use spec::world::{now, within};
use vestibule_jose::{Jwks, Validation};

use crate::flows::SignIn;
use crate::graph::{Caller, json_of, person};
use crate::graph_applications::Registered;

/// Longer than three tries of three seconds, and the pauses between them.
const PATIENCE: Duration = Duration::from_secs(60);
/// What is waited for takes three seconds at least: nobody waited.
const AT_ONCE: Duration = Duration::from_millis(2500);

/// Registers a program that wants to be told there, and that everybody has consented to.
async fn wants(administrator: &Caller, address: &str) -> Registered {
    let web = json!({ "redirectUris": ["https://registered.example/in"], "backChannelLogoutUrl": address });
    let made = administrator.registers(json!({ "displayName": "Told", "web": web })).await;
    let grant = json!({ "clientId": made.principal, "consentType": "AllPrincipals",
        "resourceId": administrator.graph().await, "scope": "openid profile email offline_access" });
    administrator.post("/oauth2PermissionGrants", grant).await.is(201);
    made
}

/// Uses a program, in a browser where a session is or begins.
async fn uses(browser: &mut Browser, application: &Application) -> String {
    let request = application.authorizes("openid profile").with("login_hint", alice().upn);
    let returned = browser.sign_in(&alice(), &authorize_at(&contoso().id, &request)).await.returned();
    returned.code().to_owned()
}

/// A browser in which Alice is signed in, and an ID token of that session, which signs out without a question.
async fn signed_in() -> (Browser, String) {
    signed_in_at(Server::shared()).await
}

async fn signed_in_at(server: &Server) -> (Browser, String) {
    let mut browser = Browser::at(server);
    let code = uses(&mut browser, &web()).await;
    let id_token = Client::of(server).token(&contoso(), &web().redeems(&code)).await.tokens().id().to_owned();
    (browser, id_token)
}

/// Signs out, and says how long that took.
async fn signs_out(browser: &mut Browser, id_token: &str) -> Duration {
    let began = Instant::now();
    let request = Form::new().with("id_token_hint", id_token);
    let path = format!("/{}/oauth2/v2.0/logout?{}", contoso().id, request.encode());
    browser.open(&path).await.page().answer.is(200);
    began.elapsed()
}

/// What the record says came of telling this program: `success` or `failure`, once for each time.
async fn results(administrator: &Caller, client_id: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (activity, result) in [("sign%20out%20told", "success"), ("sign%20out%20not%20told", "failure")] {
        let path =
            format!("/auditLogs/directoryAudits?$top=500&$filter=activityDisplayName%20eq%20'{activity}'");
        for entry in json_of(administrator.get(&path).await.is(200))["value"].as_array().unwrap() {
            assert_eq!(entry["result"], result);
            if entry["initiatedBy"]["app"]["appId"] == client_id {
                assert!(entry["correlationId"].is_string(), "{entry}");
                found.push(result.to_owned());
            }
        }
    }
    found
}

/// The same, when there is something.
async fn result(administrator: &Caller, client_id: &str) -> String {
    let began = Instant::now();
    loop {
        if let Some(result) = results(administrator, client_id).await.pop() {
            return result;
        }
        assert!(began.elapsed() < PATIENCE, "nothing was recorded");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

async fn heard(receiver: &Receiver, path: &str) -> Heard {
    within(PATIENCE, path, || receiver.heard(path).pop()).await
}

/// Signs in to a program at one of the endpoints, and out again: the ID token it got, and what it was told.
async fn told(dialect: &str) -> (Jwt, Heard) {
    let administrator = person(&alice()).await;
    let receiver = Receiver::start(Server::shared()).await;
    let made = wants(&administrator, &receiver.at("/out", Reply::Status(200))).await;
    let (secret, _) = administrator.secret_of(&made).await;
    let program = made.program(&secret, &contoso());
    let (mut browser, _) = signed_in().await;
    let request = program.authorizes("openid profile").with("prompt", "none");
    let at = |name: &str| format!("/{}/oauth2/{dialect}{name}", contoso().id);
    let returned = browser.open(&format!("{}?{}", at("authorize"), request.encode())).await.returned();
    let answer = client().post(&at("token"), &program.redeems(returned.code())).await;
    let id_token = answer.tokens().id().to_owned();
    signs_out(&mut browser, &id_token).await;
    let heard = heard(&receiver, "/out").await;
    assert_eq!(result(&administrator, &made.client_id).await, "success");
    assert_eq!(receiver.heard("/out").len(), 1, "told once");
    (Jwt::verified(&client(), &contoso(), &id_token).await, heard)
}

/// Verifies a logout token as an application does (Back-Channel Logout §2.6).
async fn verified(token: &str, like: &Jwt, dialect: &str) -> Jwt {
    let keys = client().get(&format!("/{}/discovery/{dialect}keys", contoso().id)).await;
    let jwt = Jwks::parse(&keys.is(200).body).unwrap().verifier().unwrap().verify(token).unwrap();
    assert_eq!(jwt.header_typ(), Some("logout+jwt"));
    Validation::new(like.claims.str("iss"), &[like.claims.str("aud")], now()).check(jwt).unwrap();
    Jwt::read(token)
}

#[tokio::test]
async fn ui_11_an_application_is_told_in_exactly_this_form() {
    for (dialect, version) in [("", "v1"), ("v2.0/", "v2")] {
        let (id_token, heard) = told(dialect).await;
        let head = heard.head.to_ascii_lowercase();
        assert!(head.starts_with("post /out http/1.1\r\n"), "{head}");
        assert!(head.contains("content-type: application/x-www-form-urlencoded\r\n"), "{head}");
        assert!(!head.contains("\r\ncookie:") && !head.contains("\r\nauthorization:"), "{head}");
        let names: Vec<_> = heard.form.pairs().map(|(name, _)| name).collect();
        assert_eq!(names, ["logout_token"]);
        let token = verified(heard.token(), &id_token, dialect).await;
        for claim in ["iss", "aud", "sub", "sid"] {
            assert_eq!(token.claims.str(claim), id_token.claims.str(claim), "{claim}");
        }
        let (iat, exp) = (token.claims.number("iat"), token.claims.number("exp"));
        assert!((now() - 60..=now()).contains(&iat) && exp == iat + 120, "{iat} {exp}");
        let shown = token.snapshot(client().origin()).redacted(&["jti", "aud"]);
        insta::assert_json_snapshot!(format!("logout_token_{version}"), shown);
    }
}

#[tokio::test]
async fn ui_11_a_logout_token_is_no_other_token() {
    let (_, heard) = told("v2.0/").await;
    let token = heard.token();
    client().request(Method::GET, "/oidc/userinfo").bearer(token).send().await.is(401);
    client().request(Method::GET, "/graph/v1.0/me").bearer(token).send().await.is(401);
    let (mut browser, id_token) = signed_in().await;
    // Whoever has no ID token is asked (UI-06).
    let request = Form::new().with("id_token_hint", token);
    let path = format!("/{}/oauth2/v2.0/logout?{}", contoso().id, request.encode());
    assert!(browser.open(&path).await.page().has("#idSIButton9"));
    signs_out(&mut browser, &id_token).await;
    let obo = web().asks("urn:ietf:params:oauth:grant-type:jwt-bearer").with("assertion", token);
    let obo = obo.with("requested_token_use", "on_behalf_of").with("scope", "openid");
    client().token(&contoso(), &obo).await.is(400);
}

#[tokio::test]
async fn ui_10_ui_13_applications_that_are_slow_or_broken_hold_up_nobody_and_are_told_three_times_at_most() {
    let administrator = person(&alice()).await;
    let receiver = Receiver::start(Server::shared()).await;
    let elsewhere = receiver.at("/elsewhere", Reply::Status(200));
    // How each answers, how often it is told, and what is recorded.
    let scenes = [
        (Reply::Never, 3, "failure"),
        (Reply::Hangup, 3, "failure"),
        (Reply::EndlessHeader, 3, "failure"),
        (Reply::Status(500), 3, "failure"),
        (Reply::Status(503), 3, "failure"),
        (Reply::Once(502), 2, "success"),
        (Reply::Status(400), 1, "failure"),
        (Reply::Status(404), 1, "failure"),
        (Reply::Redirect(elsewhere), 1, "failure"),
        (Reply::Endless, 1, "success"),
        (Reply::Status(204), 1, "success"),
        (Reply::Status(200), 1, "success"),
    ];
    let (mut browser, id_token) = signed_in().await;
    let mut programs = Vec::new();
    for (number, (reply, ..)) in scenes.iter().enumerate() {
        let made = wants(&administrator, &receiver.at(&format!("/{number}"), reply.clone())).await;
        uses(&mut browser, &made.program("", &contoso())).await;
        programs.push(made);
    }
    let took = signs_out(&mut browser, &id_token).await;
    assert!(took < AT_ONCE, "{took:?}");
    for (number, (made, (reply, times, expected))) in programs.iter().zip(&scenes).enumerate() {
        assert_eq!(result(&administrator, &made.client_id).await, *expected, "{reply:?}");
        let heard = receiver.heard(&format!("/{number}"));
        assert_eq!(heard.len(), *times, "{reply:?}");
        // Each try has a fresh token, of the same news.
        let news: Vec<_> =
            heard.iter().map(|heard| Jwt::read(heard.token()).claims.str("jti").to_owned()).collect();
        assert!(news.iter().all(|id| *id == news[0]), "{news:?}");
        assert_eq!(results(&administrator, &made.client_id).await.len(), 1, "recorded once");
    }
    assert!(receiver.heard("/elsewhere").is_empty(), "a redirect was followed");
    // What the sockets of both sides hold, and no more.
    assert!(receiver.taken() < 8 * 1024 * 1024, "{} bytes were taken", receiver.taken());
}

#[tokio::test]
async fn ui_13_as_many_applications_as_a_browser_remembers_are_told_and_who_was_not_is_recorded() {
    let administrator = person(&alice()).await;
    let receiver = Receiver::start(Server::shared()).await;
    let (mut browser, id_token) = signed_in().await;
    let mut programs = Vec::new();
    for number in 0..33 {
        let reply = if number % 8 == 7 { Reply::Status(400) } else { Reply::Status(200) };
        let made = wants(&administrator, &receiver.at(&format!("/{number}"), reply)).await;
        uses(&mut browser, &made.program("", &contoso())).await;
        programs.push(made);
    }
    let took = signs_out(&mut browser, &id_token).await;
    assert!(took < AT_ONCE, "{took:?}");
    let began = Instant::now();
    // The oldest gave way to the newest.
    for (number, made) in programs.iter().enumerate().skip(1) {
        let expected = if number % 8 == 7 { "failure" } else { "success" };
        assert_eq!(result(&administrator, &made.client_id).await, expected);
        assert_eq!(receiver.heard(&format!("/{number}")).len(), 1);
    }
    assert!(began.elapsed() < PATIENCE);
    assert_eq!(results(&administrator, &programs[0].client_id).await, Vec::<String>::new());
    // Nobody is told twice.
    signs_out(&mut browser, &id_token).await;
    assert_eq!(results(&administrator, &programs[1].client_id).await.len(), 1);
}

#[tokio::test]
async fn in_development_a_program_on_this_machine_needs_no_tls_to_be_told() {
    let administrator = person(&alice()).await;
    let receiver = Receiver::without_tls().await;
    let made = wants(&administrator, &receiver.at("/out?x=1", Reply::Status(200))).await;
    let (mut browser, id_token) = signed_in().await;
    uses(&mut browser, &made.program("", &contoso())).await;
    signs_out(&mut browser, &id_token).await;
    heard(&receiver, "/out?x=1").await;
}

#[tokio::test]
async fn neither_an_application_that_was_disabled_nor_one_of_another_account_is_told() {
    let administrator = person(&alice()).await;
    let receiver = Receiver::start(Server::shared()).await;
    let [told, disabled, of_bob] = ["/told", "/disabled", "/bob"];
    let mut made = Vec::new();
    for path in [told, disabled, of_bob] {
        made.push(wants(&administrator, &receiver.at(path, Reply::Status(200))).await);
    }
    let (mut browser, id_token) = signed_in().await;
    uses(&mut browser, &made[0].program("", &contoso())).await;
    uses(&mut browser, &made[1].program("", &contoso())).await;
    let program = made[2].program("", &contoso());
    let request = program.authorizes("openid").with("prompt", "login").with("login_hint", bob().upn);
    browser.sign_in(&bob(), &authorize_at(&contoso().id, &request)).await.returned().code();
    let path = format!("/servicePrincipals/{}", made[1].principal);
    administrator.patch(&path, json!({ "accountEnabled": false })).await.is(204);
    signs_out(&mut browser, &id_token).await;
    assert_eq!(result(&administrator, &made[0].client_id).await, "success");
    // Notices leave in one go: had there been others, they would be under way.
    for (path, made) in [(disabled, &made[1]), (of_bob, &made[2])] {
        assert!(receiver.heard(path).is_empty(), "{path}");
        assert!(results(&administrator, &made.client_id).await.is_empty(), "{path}");
    }
}

#[tokio::test]
async fn ui_09_where_an_application_wants_to_be_told_is_registered_shown_and_taken_away_again() {
    let administrator = person(&alice()).await;
    let made = administrator.registers(json!({ "displayName": "Told" })).await;
    let path = format!("/applications/{}", made.id);
    let web = async || -> Value { json_of(administrator.get(&path).await.is(200))["web"].clone() };
    assert_eq!(web().await.get("backChannelLogoutUrl"), None, "without one, the object is Graph's");
    let address = "https://registered.example/back-channel-logout";
    administrator.patch(&path, json!({ "web": { "backChannelLogoutUrl": address } })).await.is(204);
    assert_eq!(web().await["backChannelLogoutUrl"], address);
    // As the manifest has it, and back.
    let manifest = format!("{path}/manifest");
    let downloaded = json_of(administrator.get(&manifest).await.is(200));
    assert!(downloaded.to_string().contains(address), "{downloaded}");
    administrator.patch(&path, json!({ "web": { "backChannelLogoutUrl": null } })).await.is(204);
    administrator.send(Method::PUT, &manifest, Some(&downloaded)).await.is(204);
    assert_eq!(web().await["backChannelLogoutUrl"], address);
    for bad in [
        "http://registered.example/out",
        "https://registered.example/out#x",
        "https://u:p@registered.example/out",
        "javascript:alert(1)",
        "/out",
        &format!("https://registered.example/{}", "x".repeat(255)),
    ] {
        let refused = administrator.patch(&path, json!({ "web": { "backChannelLogoutUrl": bad } })).await;
        assert!(refused.is(400).text().contains("backChannelLogoutUrl"), "{bad}: {}", refused.shown());
    }
    assert_eq!(web().await["backChannelLogoutUrl"], address);
}

/// Alice, with a token for the Graph of this server.
async fn administrator_of(server: &Server) -> Caller {
    let scope = "https://graph.microsoft.com/.default";
    let asking = |request: Form| request.with("scope", scope);
    let sign_in = SignIn::with(Browser::at(server), &alice(), explorer(), asking).await;
    let client = Client::of(server);
    let token = sign_in.tokens(&client, &contoso()).await.access().to_owned();
    Caller { client, token }
}

#[tokio::test]
async fn ui_10_a_server_that_stops_tells_for_a_while_and_records_who_was_not_told() {
    let server = Server::own();
    let receiver = Receiver::start(&server).await;
    let administrator = administrator_of(&server).await;
    let slow = wants(&administrator, &receiver.at("/slow", Reply::Never)).await;
    let later = wants(&administrator, &receiver.at("/later", Reply::Once(503))).await;
    let (mut browser, id_token) = signed_in_at(&server).await;
    for made in [&slow, &later] {
        uses(&mut browser, &made.program("", &contoso())).await;
    }
    signs_out(&mut browser, &id_token).await;
    heard(&receiver, "/slow").await;
    heard(&receiver, "/later").await;
    let began = Instant::now();
    // The applications go on listening meanwhile.
    let server = tokio::task::spawn_blocking(|| server.stopped_and_started_again()).await.unwrap();
    assert!(began.elapsed() < Duration::from_secs(30), "{:?}", began.elapsed());
    let administrator = administrator_of(&server).await;
    assert_eq!(results(&administrator, &slow.client_id).await, ["failure"]);
    assert_eq!(results(&administrator, &later.client_id).await, ["success"]);
}
