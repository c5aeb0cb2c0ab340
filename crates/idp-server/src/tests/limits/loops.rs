//! AZ-54: who asks for the same again and again, without anybody being asked, is told so.

use jiff::SignedDuration;
use vestibule_wire::ids::ClientId;

use super::{limited, times};
use crate::development::cast::PEOPLE;
use crate::tests::{Answer, World, program};

async fn ten_a_minute() -> World {
    limited(|allowances| allowances.same_request = times(10)).await
}

fn is_a_loop(answer: &Answer) {
    assert_eq!(answer.parameter("error").as_deref(), Some("invalid_grant"), "{answer:?}");
    let description = answer.parameter("error_description").unwrap();
    assert!(description.starts_with("AADSTS50196"), "{description}");
    assert_eq!(answer.parameter("code"), None);
}

#[tokio::test]
async fn az_54_the_eleventh_silent_request_of_a_minute_for_the_same_is_a_loop() {
    let world = ten_a_minute().await;
    let web = program("web");
    let ask = |n: u32, more: &'static [(&'static str, &'static str)]| {
        let world = &world;
        // What differs each time.
        let (state, nonce) = (format!("state-{n}"), format!("nonce-{n}"));
        async move {
            let mut asked = vec![("state", &*state), ("nonce", &*nonce)];
            asked.extend_from_slice(more);
            world.authorize(web, &asked).await
        }
    };
    for n in 0..10 {
        assert!(ask(n, &[]).await.parameter("code").is_some(), "{n}");
    }
    let eleventh = ask(11, &[]).await;
    is_a_loop(&eleventh);
    assert_eq!(eleventh.parameter("state").as_deref(), Some("state-11"));
    // Other requests of the same session.
    for other in [&[("scope", "openid")][..], &[("prompt", "consent")], &[("response_mode", "form_post")]] {
        let answer = ask(12, other).await;
        assert!(
            !answer.text.contains("50196") && answer.parameter("error").is_none(),
            "{other:?}: {answer:?}"
        );
    }
    assert!(world.authorize(program("spa"), &[]).await.parameter("code").is_some(), "another client");
    world.pass(SignedDuration::from_mins(1));
    assert!(ask(13, &[]).await.parameter("code").is_some());
}

#[tokio::test]
async fn az_54_another_session_is_not_the_same_request() {
    let world = ten_a_minute().await;
    let bob = PEOPLE.iter().find(|person| person.upn == "bob@contoso.test").unwrap();
    world.sign_in(bob, false).await;
    for _ in 0..10 {
        let alices = world.authorize(program("web"), &[("login_hint", "alice@contoso.test")]).await;
        assert!(alices.parameter("code").is_some(), "{alices:?}");
    }
    is_a_loop(&world.authorize(program("web"), &[("login_hint", "alice@contoso.test")]).await);
    let bobs = world.authorize(program("web"), &[("login_hint", bob.upn)]).await;
    assert!(bobs.parameter("code").is_some(), "{bobs:?}");
}

#[tokio::test]
async fn az_54_a_request_that_is_wrong_is_told_so_however_often_it_is_made() {
    let world = ten_a_minute().await;
    for _ in 0..12 {
        let answer = world.authorize(program("web"), &[("redirect_uri", "https://evil.example")]).await;
        assert!(answer.location.is_none() && answer.text.contains("AADSTS50011"), "{answer:?}");
        let stranger = ClientId::from_u128(7).to_string();
        let answer = world.authorize(program("web"), &[("client_id", &stranger)]).await;
        assert!(answer.text.contains("AADSTS700016"), "{answer:?}");
        let answer = world.authorize(program("web"), &[("response_mode", "query"), ("scope", "")]).await;
        assert_ne!(answer.parameter("error").as_deref(), Some("invalid_grant"));
    }
    assert!(world.authorize(program("web"), &[]).await.parameter("code").is_some(), "nothing was counted");
}

#[tokio::test]
async fn az_54_a_sign_in_that_is_refreshed_in_a_loop_is_told_so_and_other_scopes_are_not() {
    let world = ten_a_minute().await;
    let web = program("web");
    let refresh = |token: String, scope: &'static str| {
        let world = &world;
        async move {
            let grant = [("grant_type", "refresh_token"), ("refresh_token", &*token), ("scope", scope)];
            world.token(web, &grant).await
        }
    };
    let first = world.refresh_token(web).await;
    let mut token = first.clone();
    for _ in 0..10 {
        token = refresh(token, "api://contoso-api/Tasks.Read").await.text("refresh_token");
    }
    let looped = refresh(token.clone(), "api://contoso-api/Tasks.Read").await;
    assert_eq!((looped.refusal(), &*looped.text("error")), (50196, "invalid_grant"));
    assert_eq!(refresh(first, "api://contoso-api/Tasks.Read").await.refusal(), 50196, "of the same family");
    assert!(refresh(token.clone(), "User.Read").await.is_ok());
    let other = world.refresh_token(web).await;
    assert!(refresh(other, "api://contoso-api/Tasks.Read").await.is_ok(), "another sign-in");
    world.pass(SignedDuration::from_mins(1));
    assert!(refresh(token, "api://contoso-api/Tasks.Read").await.is_ok());
}
