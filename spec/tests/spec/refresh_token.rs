//! Refresh tokens (RFC 6749 §6), in Entra's manner: for any resource that was consented to, and good until they expire.

use spec::cast::{
    GRAPH, TASKS_READ, alice, api, bob, carol, contoso, daemon, fabrikam, native, saas, spa, web,
};
use spec::client::client;
use spec::tokens::Jwt;
use spec::world::altered;
use vestibule_wire::aadsts::Aadsts;

use crate::flows::{SignIn, USUAL, redeem, tokens_of};

#[tokio::test]
async fn a_refresh_token_brings_tokens_like_the_first() {
    let client = client();
    for application in [web(), native(), spa()] {
        let first = tokens_of(&alice(), application.clone(), USUAL).await;
        let again =
            redeem(&client, &application, &contoso(), &application.refreshes(first.refresh())).await.tokens();
        assert_eq!(again.json.names(), first.json.names());
        assert_eq!(again.scope(), first.scope());
        assert_ne!(again.refresh(), first.refresh());
        let (then, now) = (
            Jwt::verified(&client, &contoso(), first.id()).await,
            Jwt::verified(&client, &contoso(), again.id()).await,
        );
        for member in ["sub", "oid", "sid", "aud", "preferred_username"] {
            assert_eq!(now.claims.get(member), then.claims.get(member), "{member}");
        }
    }
}

#[tokio::test]
async fn rt_01_in_entras_manner_a_used_refresh_token_stays_good() {
    let client = client();
    let tokens = tokens_of(&alice(), web(), USUAL).await;
    let next = client.token(&contoso(), &web().refreshes(tokens.refresh())).await.tokens();
    client.token(&contoso(), &web().refreshes(tokens.refresh())).await.tokens();
    client.token(&contoso(), &web().refreshes(next.refresh())).await.tokens();
}

#[tokio::test]
async fn rt_02_sixty_four_uses_at_once_all_succeed_and_die_with_their_family() {
    let client = client();
    let sign_in = SignIn::of(&alice(), web(), USUAL).await;
    let tokens = sign_in.tokens(&client, &contoso()).await;
    let uses: Vec<_> = (0..64)
        .map(|_| {
            let (client, form) = (client.clone(), web().refreshes(tokens.refresh()));
            tokio::spawn(async move { client.token(&contoso(), &form).await.tokens().refresh().to_owned() })
        })
        .collect();
    let mut descendants = Vec::new();
    for task in uses {
        descendants.push(task.await.unwrap());
    }
    // A replayed code revokes the family.
    client.token(&contoso(), &sign_in.redeems()).await.refused(Aadsts::CodeRedeemed);
    for token in descendants.iter().take(8) {
        let refusal = client.token(&contoso(), &web().refreshes(token)).await.is_a_refusal();
        assert_eq!(refusal.json.str("error"), "invalid_grant");
    }
}

#[tokio::test]
async fn rt_03_a_refresh_token_is_its_own_clients_only() {
    let client = client();
    let tokens = tokens_of(&alice(), web(), USUAL).await;
    for thief in [saas(), daemon(), api()] {
        client.token(&contoso(), &thief.refreshes(tokens.refresh())).await.refused(Aadsts::GrantInvalid);
    }
    client.token(&contoso(), &native().refreshes(tokens.refresh())).await.refused(Aadsts::GrantInvalid);
    client
        .token(&contoso(), &web().refreshes(tokens.refresh()).without("client_secret"))
        .await
        .refused(Aadsts::ClientCredentialMissing);
    client
        .token(
            &contoso(),
            &web().refreshes(tokens.refresh()).with("client_secret", "wrong-secret-that-nobody-has"),
        )
        .await
        .refused(Aadsts::InvalidClientSecret);
    client.token(&contoso(), &web().refreshes(tokens.refresh())).await.tokens();
}

#[tokio::test]
async fn rt_04_a_refresh_token_is_not_taken_where_its_person_is_nobody() {
    let client = client();
    let sign_in = SignIn::of(&carol(), saas(), "openid profile offline_access").await;
    let tokens = sign_in.tokens(&client, &fabrikam()).await;
    client.token(&contoso(), &saas().refreshes(tokens.refresh())).await.refused(Aadsts::UserNotInTenant);
    for authority in ["common", "organizations", "fabrikam.test"] {
        let tokens = client.token_at(authority, &saas().refreshes(tokens.refresh())).await.tokens();
        assert_eq!(
            Jwt::verified(&client, &fabrikam(), tokens.access()).await.claims.str("tid"),
            fabrikam().id
        );
    }
}

#[tokio::test]
async fn rt_05_a_resource_that_nobody_consented_to_needs_the_person() {
    let client = client();
    let tokens = tokens_of(&alice(), web(), USUAL).await;
    let own = format!("{}/.default", web().client_id);
    client
        .token(&contoso(), &web().refreshes(tokens.refresh()).with("scope", own))
        .await
        .refused(Aadsts::ConsentMissing);
    for (scope, code) in [
        ("api://contoso-api/Tasks.Delete", Aadsts::ScopeUnknown),
        ("api://nowhere/x", Aadsts::ResourceNotFound),
        ("\"", Aadsts::ScopeInvalid),
    ] {
        client.token(&contoso(), &web().refreshes(tokens.refresh()).with("scope", scope)).await.refused(code);
    }
}

#[tokio::test]
async fn rt_06_one_sign_in_brings_tokens_for_several_resources() {
    let client = client();
    let tokens = tokens_of(&alice(), native(), USUAL).await;
    for (scope, audience, granted) in [
        ("https://graph.microsoft.com/User.Read", "https://graph.microsoft.com", vec!["User.Read"]),
        ("User.Read", GRAPH, vec!["User.Read"]),
        ("api://contoso-api/Tasks.ReadWrite", &*api().client_id, vec!["Tasks.ReadWrite"]),
        ("api://contoso-api/tasks.read", &*api().client_id, vec!["Tasks.Read"]),
    ] {
        let form = native().refreshes(tokens.refresh()).with("scope", scope);
        let other = client.token(&contoso(), &form).await.tokens();
        let access = Jwt::verified(&client, &contoso(), other.access()).await;
        assert_eq!((access.claims.str("aud"), access.scp()), (audience, granted), "{scope}");
        assert!(other.scope().contains(&scope), "in the spelling of the request: {:?}", other.scope());
    }
}

#[tokio::test]
async fn rt_11_without_offline_access_there_is_no_refresh_token() {
    let client = client();
    let scope = format!("openid {TASKS_READ}");
    for redeemed in [None, Some(&scope)] {
        let form = SignIn::of(&bob(), web(), &scope).await.redeems();
        let form = if let Some(scope) = redeemed { form.with("scope", scope) } else { form };
        assert!(client.token(&contoso(), &form).await.tokens().json.get("refresh_token").is_none());
    }
}

#[tokio::test]
async fn rt_12_a_single_page_applications_refresh_token_says_when_it_ends() {
    let client = client();
    let first = tokens_of(&alice(), spa(), USUAL).await;
    let ends = first.json.number("refresh_token_expires_in");
    assert!((86_390..=86_400).contains(&ends), "{ends}");
    let again = redeem(&client, &spa(), &contoso(), &spa().refreshes(first.refresh())).await.tokens();
    assert!(again.json.number("refresh_token_expires_in") <= ends, "it does not slide");
    assert!(tokens_of(&alice(), web(), USUAL).await.json.get("refresh_token_expires_in").is_none());
}

#[tokio::test]
async fn rt_14_a_refresh_token_that_was_changed_anywhere_is_none() {
    let client = client();
    let token = tokens_of(&alice(), web(), USUAL).await.refresh().to_owned();
    let mut changed: Vec<String> =
        (0..token.len()).step_by(token.len().div_ceil(24)).map(|at| altered(&token, at)).collect();
    changed.extend(
        (0..token.len()).step_by(token.len().div_ceil(12)).skip(1).map(|length| token[..length].to_owned()),
    );
    changed.extend([format!("{token}A"), format!("{token}="), format!(" {token}"), token.to_lowercase()]);
    for text in changed {
        client.token(&contoso(), &web().refreshes(&text)).await.refused(Aadsts::GrantInvalid);
    }
}

#[tokio::test]
async fn rt_19_a_refreshed_id_token_has_no_nonce_of_the_first() {
    let client = client();
    let sign_in = SignIn::with(spec::browser::browser(), &alice(), web(), |request| {
        request.with("scope", USUAL).with("nonce", "once").with("max_age", "3600")
    })
    .await;
    let first = sign_in.tokens(&client, &contoso()).await;
    let then = Jwt::read(first.id()).claims;
    assert_eq!(then.str("nonce"), "once");
    assert!(then.get("auth_time").is_some(), "max_age was asked: {then:?}");
    let again = client.token(&contoso(), &web().refreshes(first.refresh())).await.tokens();
    let now = Jwt::verified(&client, &contoso(), again.id()).await.claims;
    assert!(now.get("nonce").is_none(), "{now:?}");
    assert!(now.get("auth_time").is_none_or(|time| Some(time) == then.get("auth_time")));
}

#[tokio::test]
async fn a_refresh_token_is_needed_to_refresh() {
    let refusal = client().token(&contoso(), &web().refreshes("")).await.refused(Aadsts::ParameterMissing);
    assert!(refusal.message.contains("'refresh_token'"), "{}", refusal.message);
}

#[tokio::test]
async fn signing_out_ends_the_session_and_not_the_refresh_tokens() {
    let client = client();
    let mut sign_in = SignIn::of(&alice(), web(), USUAL).await;
    let tokens = sign_in.tokens(&client, &contoso()).await;
    sign_in
        .browser
        .open(&format!("/contoso.test/oauth2/v2.0/logout?id_token_hint={}", tokens.id()))
        .await
        .page();
    client.token(&contoso(), &web().refreshes(tokens.refresh())).await.tokens();
}
