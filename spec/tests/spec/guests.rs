//! Guests: invited by Microsoft Graph, accepted on the way into an application, signed in with the account they have at home.

use http::Method;
use serde_json::{Value, json};
use spec::answer::Answer;
use spec::browser::{Browser, Landing, authorize_at, browser};
use spec::cast::{
    Person, alice, api, automation, contoso, dave, fabrikam, fabrikam_automation, native, portal, saas, web,
};
use spec::client::client;
use spec::form::Form;
use spec::page::Page;
use spec::tokens::{Jwt, Tokens};
use spec::world::random_text;
use vestibule_wire::aadsts::Aadsts;

use crate::device_code::{Device, says, types};
use crate::graph::{alone, json_of};
use crate::jwt_bearer::acts;

const REDIRECT: &str = "https://contoso.test/welcome?from=invitation";

/// Somebody of Fabrikam whom nobody knows yet.
async fn newcomer() -> Person {
    let name = format!("g{}", &random_text().to_lowercase().replace(['-', '_'], "x")[..12]);
    let (upn, password) = (format!("{name}@fabrikam.test"), "Correct-Horse-7");
    let body = json!({
        "accountEnabled": true, "displayName": "A Newcomer", "mailNickname": name, "userPrincipalName": upn,
        "passwordProfile": { "password": password, "forceChangePasswordNextSignIn": false },
    });
    let made =
        alone(&fabrikam(), fabrikam_automation()).await.send(Method::POST, "/users", Some(&body)).await;
    let id = json_of(made.is(201))["id"].as_str().unwrap().to_owned();
    Person { tenant: fabrikam().id, id, upn, password: password.into(), roles: Vec::new() }
}

/// The invitation of this address into Contoso.
async fn invited(address: &str) -> Value {
    json_of(
        invite(json!({ "invitedUserEmailAddress": address, "inviteRedirectUrl": REDIRECT })).await.is(201),
    )
}

async fn invite(body: Value) -> Answer {
    alone(&contoso(), automation()).await.send(Method::POST, "/invitations", Some(&body)).await
}

fn id_of(invitation: &Value) -> String {
    invitation["invitedUser"]["id"].as_str().unwrap().to_owned()
}

/// Signs in to Contoso as far as the question whether to be a guest.
async fn arrives(browser: &mut Browser, guest: &Person) -> Page {
    let request = web().authorizes("openid profile email offline_access User.Read");
    let page = browser.sign_in(guest, &authorize_at(&contoso().id, &request)).await.page();
    assert!(page.form_with("invitation").is_some(), "{}", page.text());
    page
}

async fn answers(browser: &mut Browser, page: &Page, answer: &str) -> Landing {
    let form = page.form_with("invitation").unwrap().filled("invitation", answer);
    browser.submit(page, &form).await
}

/// A guest of Contoso, who has accepted; and the browser they did it in.
async fn guest() -> (Person, String, Browser, Tokens) {
    let guest = newcomer().await;
    let id = id_of(&invited(&guest.upn).await);
    let mut browser = browser();
    let page = arrives(&mut browser, &guest).await;
    let returned = answers(&mut browser, &page, "accept").await.returned();
    let tokens = client().token(&contoso(), &web().redeems(returned.code())).await.tokens();
    (guest, id, browser, tokens)
}

async fn contosos_user(id: &str) -> Value {
    let path = format!("/users/{id}?$select=id,externalUserState,userType,identities,userPrincipalName");
    json_of(alone(&contoso(), automation()).await.get(&path).await.is(200))
}

/// What somebody of Fabrikam's own directory changes there.
async fn at_home(method: Method, path: &str, body: Option<&Value>) {
    let answer = alone(&fabrikam(), fabrikam_automation()).await.send(method, path, body).await;
    assert!(answer.status.is_success(), "{}", answer.shown());
}

#[tokio::test]
async fn cn_13_a_guest_signs_in_with_the_account_they_have_at_home() {
    let (guest, id, _, tokens) = guest().await;
    let claims = Jwt::verified(&client(), &contoso(), tokens.id()).await.claims;
    assert_eq!((claims.str("tid"), claims.str("oid")), (contoso().id.as_str(), id.as_str()));
    assert_eq!((claims.str("preferred_username"), claims.str("email")), (&*guest.upn, &*guest.upn));
    assert!(claims.str("idp").ends_with(&format!("/{}/", fabrikam().id)), "{}", claims.str("idp"));
    // Whoever looks after Contoso sees that they came, and that they had accepted.
    let seen = alone(&contoso(), automation()).await.get("/auditLogs/signIns?$top=50").await;
    let seen = json_of(seen.is(200))["value"].as_array().unwrap().clone();
    assert!(
        seen.iter().any(|event| event["userId"] == json!(id) && event["appId"] == json!(web().client_id))
    );
    // Graph knows them as somebody from elsewhere, who reads themselves and nobody else.
    let user = contosos_user(&id).await;
    assert_eq!((&user["userType"], &user["externalUserState"]), (&json!("Guest"), &json!("Accepted")));
    assert_eq!(user["identities"][0]["issuer"], "ExternalAzureAD");
    let me = client().request(Method::GET, "/graph/v1.0/me").bearer(tokens.access()).send().await;
    assert_eq!(json_of(me.is(200))["id"], json!(id));
    let others = format!("/graph/v1.0/users/{}", alice().id);
    client().request(Method::GET, &others).bearer(tokens.access()).send().await.is(403);
}

#[tokio::test]
async fn an_invitation_that_is_declined_leaves_everything_as_it_was() {
    let guest = newcomer().await;
    let id = id_of(&invited(&guest.upn).await);
    let mut browser = browser();
    let page = arrives(&mut browser, &guest).await;
    let declined = answers(&mut browser, &page, "cancel").await.page();
    assert!(declined.text().contains("You are not a guest of Contoso"), "{}", declined.text());
    assert_eq!(contosos_user(&id).await["externalUserState"], "PendingAcceptance");
    // Nobody is somebody there for having been asked.
    let silent = web().authorizes("openid").with("prompt", "none");
    let returned = browser.open(&authorize_at(&contoso().id, &silent)).await.returned();
    returned.refused(Aadsts::LoginRequired, &silent);
    arrives(&mut browser, &guest).await;
}

#[tokio::test]
async fn whoever_is_nobodys_guest_is_refused_and_an_invitation_is_for_one_person() {
    let (guest, stranger) = (newcomer().await, newcomer().await);
    let id = id_of(&invited(&guest.upn).await);
    let request = web().authorizes("openid");
    let page = browser().sign_in(&stranger, &authorize_at(&contoso().id, &request)).await.page();
    page.refused(Aadsts::UserNotInTenant);
    // A question that the one it is for was asked is not answered by another, whatever browser it is carried to.
    let mut first = browser();
    let page = arrives(&mut first, &guest).await;
    let mut second = browser();
    second.sign_in(&stranger, &authorize_at(&fabrikam().id, &saas().authorizes("openid"))).await;
    let form = page.form_with("invitation").unwrap().filled("invitation", "accept");
    second.submit(&page, &form).await.page().refused(Aadsts::FlowExpired);
    assert_eq!(second.get("/signin/invitation").await.status, 400, "it is no page to go to");
    assert_eq!(contosos_user(&id).await["externalUserState"], "PendingAcceptance");
}

#[tokio::test]
async fn the_link_of_an_invitation_leads_through_the_question_to_where_the_inviter_said() {
    let guest = newcomer().await;
    let invitation = invited(&guest.upn).await;
    assert_eq!(invitation["status"], "PendingAcceptance");
    let link = invitation["inviteRedeemUrl"].as_str().unwrap().to_owned();
    let mut browser = browser();
    let page = browser.sign_in(&guest, &link).await.page();
    let returned = answers(&mut browser, &page, "accept").await.returned();
    assert_eq!(returned.to, "https://contoso.test/welcome");
    assert_eq!(browser.open(&link).await.returned().to, "https://contoso.test/welcome", "a second time, too");
    assert_eq!(invited(&guest.upn).await["status"], "Completed", "whoever is known is not invited twice");
    browser.open(&format!("/{}/redeem/resume", contoso().id)).await.page().refused(Aadsts::RequestMalformed);
    // A link that is another tenant's, or was changed, leads nowhere.
    for link in [
        link.replace(&contoso().id, &fabrikam().id),
        format!("{link}x"),
        link.split('?').next().unwrap().into(),
    ] {
        browser.open(&link).await.page().refused(Aadsts::ParameterInvalid);
    }
}

#[tokio::test]
async fn a_guest_is_asked_once_and_then_signed_in_silently_and_out_everywhere() {
    let (_, id, mut browser, tokens) = guest().await;
    let silent = web().authorizes("openid profile").with("prompt", "none");
    let returned = browser.open(&authorize_at(&contoso().id, &silent)).await.returned();
    let again = client().token(&contoso(), &web().redeems(returned.code())).await.tokens();
    assert_eq!(Jwt::read(again.id()).claims.str("oid"), id);
    // An ID token from where they are a guest names the session they have at home.
    let out = Form::new().with("id_token_hint", tokens.id());
    let page = browser.open(&format!("/{}/oauth2/v2.0/logout?{}", contoso().id, out.encode())).await.page();
    assert!(page.text().contains("signed out"), "{}", page.text());
    let returned = browser.open(&authorize_at(&contoso().id, &silent)).await.returned();
    returned.refused(Aadsts::LoginRequired, &silent);
}

#[tokio::test]
async fn rt_04_a_refresh_token_is_good_wherever_its_person_is_somebody() {
    let client = client();
    let guest = newcomer().await;
    // Signed in at home only, by a program that both tenants know.
    let request = saas().authorizes("openid profile offline_access User.Read");
    let returned = browser().sign_in(&guest, &authorize_at(&fabrikam().id, &request)).await.returned();
    let home = client.token(&fabrikam(), &saas().redeems(returned.code())).await.tokens();
    let asks = |token: &str| saas().refreshes(token).with("scope", "openid profile User.Read");
    // Neither invited nor a guest, then invited, then a guest.
    client.token(&contoso(), &asks(home.refresh())).await.refused(Aadsts::UserNotInTenant);
    let id = id_of(&invited(&guest.upn).await);
    client.token(&contoso(), &asks(home.refresh())).await.refused(Aadsts::GuestPending);
    let mut browser = browser();
    let page = arrives(&mut browser, &guest).await;
    answers(&mut browser, &page, "accept").await;
    let visited = client.token(&contoso(), &asks(home.refresh())).await.tokens();
    let claims = Jwt::read(visited.access()).claims;
    assert_eq!((claims.str("tid"), claims.str("oid")), (contoso().id.as_str(), id.as_str()));
    // The next one goes home again: it is one token for all tenants, as MSAL keeps it.
    let back = client.token(&fabrikam(), &asks(visited.refresh())).await.tokens();
    let claims = Jwt::read(back.access()).claims;
    assert_eq!((claims.str("tid"), claims.str("oid")), (fabrikam().id.as_str(), guest.id.as_str()));
}

#[tokio::test]
async fn rt_08_what_ends_an_account_at_home_ends_the_guest() {
    let client = client();
    for (method, path, body, code) in [
        (Method::POST, "/revokeSignInSessions", None, Aadsts::GrantRevoked),
        (Method::PATCH, "", Some(json!({ "accountEnabled": false })), Aadsts::UserDisabled),
        (Method::DELETE, "", None, Aadsts::UserNotFound),
    ] {
        let (guest, _, _, tokens) = guest().await;
        at_home(method, &format!("/users/{}{path}", guest.id), body.as_ref()).await;
        client.token(&contoso(), &web().refreshes(tokens.refresh())).await.refused(code);
        let me = client.request(Method::GET, "/graph/v1.0/me").bearer(tokens.access());
        me.send().await.is(401);
        let asked = client.request(Method::GET, "/oidc/userinfo").bearer(tokens.access());
        asked.send().await.is(401);
    }
}

/// When a sign-in was is known to the second, so that what began in the second of a revocation began before it; but not what
/// came after.
#[tokio::test]
async fn rt_08_whoever_signs_in_right_after_a_revocation_is_signed_in() {
    let (client, person) = (client(), newcomer().await);
    for _ in 0..4 {
        at_home(Method::POST, &format!("/users/{}/revokeSignInSessions", person.id), None).await;
        let request = saas().authorizes("openid offline_access User.Read");
        let returned = browser().sign_in(&person, &authorize_at(&fabrikam().id, &request)).await.returned();
        let tokens = client.token(&fabrikam(), &saas().redeems(returned.code())).await.tokens();
        let me = client.request(Method::GET, "/graph/v1.0/me").bearer(tokens.access());
        me.send().await.is(200);
        client.token(&fabrikam(), &saas().refreshes(tokens.refresh())).await.tokens();
    }
}

#[tokio::test]
async fn rt_08_what_ends_a_guest_here_leaves_the_account_at_home() {
    let (guest, id, _, tokens) = guest().await;
    let contosos = alone(&contoso(), automation()).await;
    let disabled = json!({ "accountEnabled": false });
    contosos.send(Method::PATCH, &format!("/users/{id}"), Some(&disabled)).await.is(204);
    client().token(&contoso(), &web().refreshes(tokens.refresh())).await.refused(Aadsts::UserDisabled);
    let page =
        browser().sign_in(&guest, &authorize_at(&contoso().id, &web().authorizes("openid"))).await.page();
    page.refused(Aadsts::UserDisabled);
    let request = saas().authorizes("openid profile User.Read");
    browser().sign_in(&guest, &authorize_at(&fabrikam().id, &request)).await.returned();
}

#[tokio::test]
async fn cn_13_a_guest_has_no_password_here_and_does_not_sign_in_by_the_name_they_are_given() {
    let (guest, id, _, _) = guest().await;
    let upn = contosos_user(&id).await["userPrincipalName"].as_str().unwrap().to_owned();
    assert!(upn.ends_with("#ext#@contoso.test"), "{upn}");
    let reset = json!({ "passwordProfile": { "password": "Correct-Horse-8", "forceChangePasswordNextSignIn": false } });
    alone(&contoso(), automation()).await.send(Method::PATCH, &format!("/users/{id}"), Some(&reset)).await;
    let under_that_name = Person { upn, password: "Correct-Horse-8".into(), ..guest };
    let request = web().authorizes("openid");
    let landing = browser().sign_in(&under_that_name, &authorize_at(&contoso().id, &request)).await;
    assert!(matches!(landing, Landing::Page(_)), "{landing:?}");
}

#[tokio::test]
async fn an_invitation_says_what_is_wrong_with_it() {
    let address = || format!("{}@example.test", &random_text().to_lowercase().replace(['-', '_'], "x")[..10]);
    let usual = |member: &str, value: Value| {
        let mut body = json!({ "invitedUserEmailAddress": address(), "inviteRedirectUrl": REDIRECT });
        body[member] = value;
        body
    };
    for (member, value) in [
        ("invitedUserEmailAddress", json!("nobody")),
        ("invitedUserEmailAddress", json!("")),
        ("invitedUserEmailAddress", json!("new@contoso.test")),
        ("inviteRedirectUrl", json!("javascript:alert(1)")),
        ("inviteRedirectUrl", json!("/welcome")),
        ("invitedUserType", json!("Friend")),
        ("sendInvitationMessage", json!(true)),
        ("resetRedemption", json!(true)),
    ] {
        let refused = invite(usual(member, value.clone())).await;
        let error = json_of(refused.is(400))["error"].clone();
        assert!(
            error.to_string().contains(member) || member == "resetRedemption",
            "{member} {value}: {error}"
        );
    }
    // A user of the same name is no reason not to invite.
    let same = address();
    let first = id_of(&invited(&same).await);
    assert_eq!(id_of(&invited(&same.to_uppercase()).await), first);
    assert_ne!(id_of(&invited(&same.replace('@', ".x@")).await), first);
}

#[tokio::test]
async fn a_guest_can_be_made_to_accept_again_as_somebody_else() {
    let ((_, id, _, tokens), other) = (guest().await, newcomer().await);
    let again = json!({
        "invitedUserEmailAddress": other.upn, "inviteRedirectUrl": REDIRECT, "resetRedemption": true,
        "invitedUser": { "id": id },
    });
    assert_eq!(json_of(invite(again).await.is(201))["status"], "PendingAcceptance");
    client().token(&contoso(), &web().refreshes(tokens.refresh())).await.refused(Aadsts::UserNotFound);
    let mut browser = browser();
    let page = arrives(&mut browser, &other).await;
    let returned = answers(&mut browser, &page, "accept").await.returned();
    let tokens = client().token(&contoso(), &web().redeems(returned.code())).await.tokens();
    let claims = Jwt::read(tokens.id()).claims;
    assert_eq!((claims.str("oid"), claims.str("preferred_username")), (&*id, &*other.upn));
    // Somebody who is at home cannot become anybody else's.
    let takes_over = json!({
        "invitedUserEmailAddress": dave().upn, "inviteRedirectUrl": REDIRECT, "resetRedemption": true,
        "invitedUser": { "id": alice().id },
    });
    invite(takes_over).await.is(400);
}

#[tokio::test]
async fn a_guest_is_the_same_by_every_grant() {
    let (client, (guest, id, mut browser, _)) = (client(), guest().await);
    let is_the_guest = async |token: &str| {
        let claims = Jwt::verified(&client, &contoso(), token).await.claims;
        assert_eq!((claims.str("tid"), claims.str("oid")), (contoso().id.as_str(), id.as_str()));
        assert!(claims.str("idp").ends_with(&format!("/{}/", fabrikam().id)), "{}", claims.str("idp"));
    };
    // A code for an API, which calls another on behalf of them.
    let request = web().authorizes("openid offline_access api://contoso-api/Tasks.Read");
    let returned = browser.open(&authorize_at(&contoso().id, &request)).await.returned();
    let first = client.token(&contoso(), &web().redeems(returned.code())).await.tokens();
    is_the_guest(first.access()).await;
    let orders = "api://contoso-orders/Orders.Read offline_access";
    let second = client.token(&contoso(), &acts(&api(), first.access(), orders)).await.tokens();
    is_the_guest(second.access()).await;
    let renewed = client.token(&contoso(), &api().refreshes(second.refresh())).await.tokens();
    is_the_guest(renewed.access()).await;
    // Another device.
    let device = Device::usual().await;
    let page =
        types(&mut browser, &format!("/{}/oauth2/deviceauth", contoso().id), device.json.str("user_code"))
            .await;
    let page = browser.continue_as(&guest, Landing::Page(page)).await.page();
    assert!(
        says(&mut browser, &page, "continue").await.text().contains("You are signed in"),
        "{}",
        page.text()
    );
    is_the_guest(device.poll().await.tokens().access()).await;
    // Tokens from the authorize endpoint.
    let request = portal().authorizes("openid profile").with("response_type", "id_token").with("nonce", "n");
    let returned = browser.open(&authorize_at(&contoso().id, &request)).await.returned();
    is_the_guest(returned.get("id_token")).await;
    // But nobody is asked anything where a program is given the password.
    let typed = native().asks("password").with("username", &guest.upn).with("password", &guest.password);
    let typed = typed.with("scope", "openid User.Read");
    client.token(&contoso(), &typed).await.refused(Aadsts::UserNotInTenant);
    // What ends the account at home ends what the API has of them.
    at_home(Method::POST, &format!("/users/{}/revokeSignInSessions", guest.id), None).await;
    client.token(&contoso(), &acts(&api(), first.access(), orders)).await.refused(Aadsts::GrantRevoked);
    client.token(&contoso(), &api().refreshes(renewed.refresh())).await.refused(Aadsts::GrantRevoked);
}
