//! The authorization code at the token endpoint (RFC 6749 §4.1.3): redeemed once, by whom it was meant for.

use std::collections::HashSet;

use spec::cast::{
    GRAPH, TASKS_READ, alice, api, bob, carol, contoso, daemon, fabrikam, native, saas, spa, web,
};
use spec::client::{Client, client};
use spec::server::Server;
use spec::tokens::Jwt;
use spec::world::altered;
use vestibule_wire::aadsts::Aadsts;

use crate::flows::{SignIn, USUAL, redeem, tokens_of};

#[tokio::test]
async fn a_web_application_gets_tokens_for_the_person_who_signed_in() {
    let client = client();
    let sign_in = SignIn::with(spec::browser::browser(), &alice(), web(), |request| {
        request.with("scope", USUAL).with("nonce", "n-0S6_WzA2Mj").with("client_info", "1")
    })
    .await;
    let form = sign_in.redeems().with("client_info", "1");
    let tokens = client.token(&contoso(), &form).await.tokens();
    insta::assert_json_snapshot!(tokens.snapshot(&client, &contoso()).await);
    let id_token = Jwt::verified(&client, &contoso(), tokens.id()).await;
    assert_eq!(id_token.claims.str("nonce"), "n-0S6_WzA2Mj");
}

#[tokio::test]
async fn what_is_not_asked_for_is_not_issued() {
    let tokens = tokens_of(&alice(), web(), TASKS_READ).await;
    assert_eq!(tokens.json.names(), ["token_type", "scope", "expires_in", "ext_expires_in", "access_token"]);
    assert_eq!(tokens.scope(), [TASKS_READ]);
    let tokens = tokens_of(&alice(), web(), &format!("openid {TASKS_READ}")).await;
    let id_token = Jwt::read(tokens.id()).claims;
    for member in ["name", "preferred_username", "oid", "email", "nonce", "auth_time", "login_hint"] {
        assert!(id_token.get(member).is_none(), "{member} without its scope: {id_token:?}");
    }
}

#[tokio::test]
async fn signing_in_without_a_resource_brings_a_token_for_microsoft_graph() {
    let client = client();
    let tokens = tokens_of(&bob(), web(), "openid profile email User.Read").await;
    let access = Jwt::verified(&client, &contoso(), tokens.access()).await;
    assert_eq!(access.claims.str("aud"), GRAPH);
    insta::assert_json_snapshot!("microsoft_graph_for_a_person", access.snapshot(client.origin()));
    assert_eq!(tokens.scope(), ["User.Read", "openid", "profile", "email"]);
    let id = Jwt::verified(&client, &contoso(), tokens.id()).await;
    assert_eq!(
        (id.claims.str("name"), id.claims.str("preferred_username"), id.claims.str("oid")),
        ("Bob Baker", "bob@contoso.test", &*bob().id)
    );
}

#[tokio::test]
async fn the_subject_of_a_person_differs_from_application_to_application_and_stays() {
    let client = client();
    let mut subjects = HashSet::new();
    for application in [web(), spa(), native(), saas()] {
        let mut same = HashSet::new();
        for _ in 0..2 {
            let tokens = tokens_of(&alice(), application.clone(), "openid profile").await;
            let claims = Jwt::verified(&client, &contoso(), tokens.id()).await.claims;
            assert_eq!(claims.str("sub").len(), 43, "base64url of 32 bytes");
            assert_eq!(claims.str("oid"), alice().id);
            same.insert(claims.str("sub").to_owned());
        }
        assert_eq!(same.len(), 1);
        subjects.extend(same);
    }
    assert_eq!(subjects.len(), 4);
}

#[tokio::test]
async fn how_the_client_proved_itself_is_in_the_token() {
    for (application, proof) in [(web(), "1"), (native(), "0"), (spa(), "0")] {
        let tokens = tokens_of(&alice(), application.clone(), USUAL).await;
        let claims = Jwt::read(tokens.access()).claims;
        assert_eq!(
            (claims.str("azpacr"), claims.str("azp"), claims.str("aud")),
            (proof, &*application.client_id, &*api().client_id)
        );
    }
}

#[tokio::test]
async fn cd_01_a_code_is_redeemed_once_and_a_second_time_revokes_what_it_bought() {
    let client = client();
    let sign_in = SignIn::of(&alice(), web(), USUAL).await;
    let tokens = sign_in.tokens(&client, &contoso()).await;
    client.token(&contoso(), &web().refreshes(tokens.refresh())).await.tokens();
    client.token(&contoso(), &sign_in.redeems()).await.refused(Aadsts::CodeRedeemed);
    let refusal = client.token(&contoso(), &web().refreshes(tokens.refresh())).await.is_a_refusal();
    assert_eq!(refusal.json.str("error"), "invalid_grant");
    client.token(&contoso(), &sign_in.redeems()).await.refused(Aadsts::CodeRedeemed);
}

#[tokio::test]
async fn cd_02_sixty_four_redeemers_of_one_code_have_exactly_one_winner() {
    let client = client();
    for _ in 0..2 {
        let sign_in = SignIn::of(&alice(), web(), USUAL).await;
        let redeemers: Vec<_> = (0..64)
            .map(|_| {
                let (client, form) = (client.clone(), sign_in.redeems());
                tokio::spawn(async move { client.token(&contoso(), &form).await })
            })
            .collect();
        let mut winners = Vec::new();
        for redeemer in redeemers {
            let answer = redeemer.await.unwrap();
            match answer.status.as_u16() {
                200 => winners.push(answer.tokens()),
                _ => drop(answer.refused(Aadsts::CodeRedeemed)),
            }
        }
        assert_eq!(winners.len(), 1);
        let refusal = client.token(&contoso(), &web().refreshes(winners[0].refresh())).await.is_a_refusal();
        assert_eq!(refusal.json.str("error"), "invalid_grant", "the winner may be the thief");
    }
}

#[tokio::test]
async fn cd_04_a_redeemed_code_stays_redeemed_when_the_server_is_killed() {
    let server = Server::own();
    let sign_in = SignIn::with(spec::browser::Browser::at(&server), &alice(), web(), |request| {
        request.with("scope", USUAL)
    })
    .await;
    let refresh_token = sign_in.tokens(&Client::of(&server), &contoso()).await.refresh().to_owned();
    let server = server.killed_and_started_again();
    let client = Client::of(&server);
    client.token(&contoso(), &web().refreshes(&refresh_token)).await.tokens();
    client.token(&contoso(), &sign_in.redeems()).await.refused(Aadsts::CodeRedeemed);
}

#[tokio::test]
async fn cd_06_a_code_in_another_clients_hands_is_worth_nothing_and_stays_good_for_its_own() {
    let client = client();
    let sign_in = SignIn::of(&alice(), web(), USUAL).await;
    for thief in [saas(), daemon(), api()] {
        let form =
            sign_in.redeems().with("client_id", &thief.client_id).with("client_secret", thief.secret());
        client.token(&contoso(), &form).await.refused(Aadsts::GrantInvalid);
    }
    let public = sign_in.redeems().with("client_id", native().client_id).without("client_secret");
    client.token(&contoso(), &public).await.refused(Aadsts::GrantInvalid);
    sign_in.tokens(&client, &contoso()).await;
}

#[tokio::test]
async fn cd_07_a_code_belongs_to_its_tenant() {
    let client = client();
    let sign_in = SignIn::of(&carol(), saas(), "openid profile offline_access").await;
    client.token(&contoso(), &sign_in.redeems()).await.refused(Aadsts::CodeOfOtherTenant);
    for authority in ["common", "organizations"] {
        let sign_in = SignIn::of(&carol(), saas(), "openid profile").await;
        let tokens = client.token_at(authority, &sign_in.redeems()).await.tokens();
        assert_eq!(
            Jwt::verified(&client, &fabrikam(), tokens.access()).await.claims.str("tid"),
            fabrikam().id
        );
    }
    sign_in.tokens(&client, &fabrikam()).await;
}

#[tokio::test]
async fn cd_08_the_redirect_uri_must_be_that_of_the_sign_in() {
    let client = client();
    let sign_in = SignIn::of(&alice(), web(), USUAL).await;
    let uri = web().redirect_uri().to_owned();
    for other in [
        &web().redirect_uris[1],
        "https://evil.example/",
        &format!("{uri}/"),
        &format!("{uri}?"),
        &format!("{uri}#"),
        &uri.to_uppercase(),
        "",
    ] {
        client
            .token(&contoso(), &sign_in.redeems().with("redirect_uri", other))
            .await
            .refused(Aadsts::ReplyAddressMismatch);
    }
    client
        .token(&contoso(), &sign_in.redeems().without("redirect_uri"))
        .await
        .refused(Aadsts::ReplyAddressMismatch);
    sign_in.tokens(&client, &contoso()).await;
}

#[tokio::test]
async fn cd_13_a_code_that_was_changed_anywhere_is_no_code() {
    let client = client();
    let sign_in = SignIn::of(&alice(), web(), USUAL).await;
    let code = sign_in.returned.code().to_owned();
    let mut changed: Vec<String> =
        (0..code.len()).step_by(code.len().div_ceil(24)).map(|at| altered(&code, at)).collect();
    changed.extend([
        code[..code.len() - 1].to_owned(),
        format!("{code}A"),
        format!("{code}="),
        format!("A{code}"),
        code.to_uppercase(),
        code[1..].to_owned(),
    ]);
    for text in changed {
        client.token(&contoso(), &sign_in.redeems().with("code", &text)).await.refused(Aadsts::GrantInvalid);
    }
    sign_in.tokens(&client, &contoso()).await;
}

#[tokio::test]
async fn cd_13_one_kind_of_grant_is_not_another() {
    let client = client();
    let sign_in = SignIn::of(&alice(), web(), USUAL).await;
    let code = sign_in.returned.code().to_owned();
    client.token(&contoso(), &web().refreshes(&code)).await.refused(Aadsts::GrantInvalid);
    let tokens = sign_in.tokens(&client, &contoso()).await;
    for other in
        [tokens.refresh(), tokens.access(), tokens.id(), sign_in.browser.jar.get("__Host-idp.sso").unwrap()]
    {
        client.token(&contoso(), &sign_in.redeems().with("code", other)).await.refused(Aadsts::GrantInvalid);
        if other != tokens.refresh() {
            client.token(&contoso(), &web().refreshes(other)).await.refused(Aadsts::GrantInvalid);
        }
    }
}

#[tokio::test]
async fn cd_14_codes_do_not_resemble_each_other() {
    let mut browser = spec::browser::browser();
    let request = web().authorizes(USUAL);
    let address = spec::browser::authorize_at(&contoso().id, &request);
    browser.sign_in(&alice(), &address).await.returned();
    let mut codes = HashSet::new();
    for _ in 0..100 {
        let returned = browser.open(&address).await.returned();
        assert!(returned.code().len() >= 43, "256 bits");
        assert!(returned.code().len() < 2000);
        codes.insert(returned.code().to_owned());
    }
    assert_eq!(codes.len(), 100);
}

#[tokio::test]
async fn cd_24_redeeming_a_code_cannot_widen_its_scope_beyond_consent() {
    let client = client();
    for (scope, code) in [
        ("api://contoso-api/Tasks.Delete", Aadsts::ScopeUnknown),
        ("https://graph.microsoft.com/Nothing.Of.The.Kind", Aadsts::ScopeUnknown),
        ("https://graph.microsoft.com/Directory.ReadWrite.All", Aadsts::ConsentMissing),
        ("api://nowhere/read", Aadsts::ResourceNotFound),
        ("api://contoso-api/Tasks.Read https://graph.microsoft.com/User.Read", Aadsts::ScopeSpansResources),
    ] {
        let sign_in = SignIn::of(&alice(), web(), USUAL).await;
        client.token(&contoso(), &sign_in.redeems().with("scope", scope)).await.refused(code);
    }
}

#[tokio::test]
async fn openid_connect_words_that_were_consented_to_may_be_asked_for_when_the_code_is_redeemed() {
    let client = client();
    // MSAL Go sends a person with the scopes of the application alone, and asks for these here.
    let sign_in = SignIn::of(&alice(), web(), TASKS_READ).await;
    let all = format!("{TASKS_READ} openid profile offline_access");
    let tokens = client.token(&contoso(), &sign_in.redeems().with("scope", &all)).await.tokens();
    let id_token = Jwt::verified(&client, &contoso(), tokens.id()).await;
    assert_eq!(id_token.claims.str("oid"), alice().id);
    let again =
        client.token(&contoso(), &web().refreshes(tokens.refresh()).with("scope", &all)).await.tokens();
    assert_eq!(Jwt::read(again.id()).claims.str("oid"), alice().id);
    assert_ne!(again.refresh(), "");
    // Who does not ask does not get.
    let sign_in = SignIn::of(&alice(), web(), TASKS_READ).await;
    let tokens = client.token(&contoso(), &sign_in.redeems()).await.tokens();
    assert!(tokens.json.get("id_token").is_none() && tokens.json.get("refresh_token").is_none());
}

#[tokio::test]
async fn a_web_application_must_authenticate_and_a_native_one_must_not() {
    let client = client();
    let sign_in = SignIn::of(&alice(), web(), USUAL).await;
    client
        .token(&contoso(), &sign_in.redeems().without("client_secret"))
        .await
        .refused(Aadsts::ClientCredentialMissing);
    client
        .token(&contoso(), &sign_in.redeems().with("client_secret", "wrong-secret-that-nobody-has"))
        .await
        .refused(Aadsts::InvalidClientSecret);
    sign_in.tokens(&client, &contoso()).await;
    let sign_in = SignIn::of(&alice(), native(), USUAL).await;
    client
        .token(&contoso(), &sign_in.redeems().with("client_secret", daemon().secret()))
        .await
        .refused(Aadsts::PublicClientWithCredential);
    sign_in.tokens(&client, &contoso()).await;
}

#[tokio::test]
async fn the_secret_may_travel_in_the_header() {
    let client = client();
    let sign_in = SignIn::of(&alice(), web(), USUAL).await;
    let form = sign_in.redeems().without("client_secret").without("client_id");
    client.token_request(&contoso().id, &form).basic(&web().client_id, web().secret()).send().await.tokens();
}

#[tokio::test]
async fn a_code_is_needed_to_redeem_one() {
    let client = client();
    for form in [web().redeems("x").without("code"), web().redeems("")] {
        let refusal = client.token(&contoso(), &form).await.refused(Aadsts::ParameterMissing);
        assert!(refusal.message.contains("'code'"), "{}", refusal.message);
    }
}

#[tokio::test]
async fn a_default_scope_brings_everything_that_was_consented_to() {
    let client = client();
    let sign_in = SignIn::of(&alice(), web(), "openid api://contoso-api/.default").await;
    let tokens = redeem(&client, &web(), &contoso(), &sign_in.redeems()).await.tokens();
    let access = Jwt::verified(&client, &contoso(), tokens.access()).await;
    assert_eq!(access.scp(), ["Tasks.Read", "Tasks.ReadWrite"]);
    // MSAL Go fails a call when a scope it asked for is not listed.
    assert!(tokens.scope().contains(&"api://contoso-api/.default"), "{:?}", tokens.scope());
}
