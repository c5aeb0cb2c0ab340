//! Proof Key for Code Exchange (RFC 7636).

use spec::browser::{authorize_at, browser};
use spec::cast::{Application, TASKS_READ, alice, contoso, native, spa, web};
use spec::client::client;
use spec::form::Form;
use spec::world::Pkce;
use vestibule_wire::aadsts::Aadsts;

use crate::flows::{SignIn, USUAL};

async fn refused_at_authorize(application: &Application, change: impl FnOnce(Form) -> Form, code: Aadsts) {
    let request = change(application.authorizes(TASKS_READ));
    let returned = browser().open(&authorize_at(&contoso().id, &request)).await.returned();
    returned.refused(code, &request);
}

#[tokio::test]
async fn az_44_only_a_sha_256_challenge_is_taken() {
    let good = Pkce::new().challenge;
    for application in [web(), spa(), native()] {
        for method in ["plain", "s256", "S512", "none", ""] {
            let change =
                |request: Form| request.with("code_challenge", &good).with("code_challenge_method", method);
            refused_at_authorize(&application, change, Aadsts::CodeChallengeMethodInvalid).await;
        }
        refused_at_authorize(
            &application,
            |request| request.with("code_challenge", &good),
            Aadsts::CodeChallengeMethodInvalid,
        )
        .await;
        for challenge in [
            &good[1..],
            &format!("{good}A"),
            &"a".repeat(129),
            &format!("{}+", &good[1..]),
            &format!("{} ", &good[1..]),
        ] {
            let change = |request: Form| {
                request.with("code_challenge", challenge).with("code_challenge_method", "S256")
            };
            refused_at_authorize(&application, change, Aadsts::CodeChallengeInvalid).await;
        }
        refused_at_authorize(
            &application,
            |request| request.with("code_challenge_method", "S256"),
            Aadsts::ParameterMissing,
        )
        .await;
    }
}

#[tokio::test]
async fn az_45_programs_that_cannot_keep_a_secret_need_a_challenge() {
    for application in [spa(), native()] {
        refused_at_authorize(&application, |request| request, Aadsts::CodeChallengeRequired).await;
    }
}

#[tokio::test]
async fn cd_09_the_verifier_must_be_that_of_the_challenge() {
    let client = client();
    let sign_in = SignIn::of(&alice(), web(), USUAL).await;
    let good = sign_in.pkce.verifier.clone();
    for wrong in [
        Pkce::new().verifier.as_str(),
        &sign_in.pkce.challenge,
        &good[1..],
        &format!("{good}A"),
        &good.to_uppercase(),
        "short",
        &"a".repeat(129),
        &"a".repeat(15_000),
        "ä",
        &format!("{} ", &good[1..]),
    ] {
        client
            .token(&contoso(), &sign_in.redeems().with("code_verifier", wrong))
            .await
            .refused(Aadsts::CodeVerifierMismatch);
    }
    sign_in.tokens(&client, &contoso()).await;
}

#[tokio::test]
async fn cd_10_a_verifier_for_a_code_without_a_challenge_is_refused() {
    let client = client();
    let without = |request: Form| request.without("code_challenge").without("code_challenge_method");
    let sign_in = SignIn::with(browser(), &alice(), web(), without).await;
    client.token(&contoso(), &sign_in.redeems()).await.refused(Aadsts::CodeVerifierMismatch);
    client.token(&contoso(), &sign_in.redeems().without("code_verifier")).await.tokens();
}

#[tokio::test]
async fn cd_11_a_code_with_a_challenge_is_not_redeemed_without_the_verifier() {
    let client = client();
    let sign_in = SignIn::of(&alice(), web(), USUAL).await;
    client
        .token(&contoso(), &sign_in.redeems().without("code_verifier"))
        .await
        .refused(Aadsts::CodeVerifierMismatch);
    client
        .token(&contoso(), &sign_in.redeems().with("code_verifier", ""))
        .await
        .refused(Aadsts::CodeVerifierMismatch);
    sign_in.tokens(&client, &contoso()).await;
}

#[tokio::test]
async fn cd_12_a_code_from_another_session_does_not_fit_this_ones_proof() {
    let client = client();
    let victim = SignIn::of(&alice(), web(), USUAL).await;
    let attacker = SignIn::of(&spec::cast::bob(), web(), USUAL).await;
    let injected = attacker.redeems().with("code", victim.returned.code());
    client.token(&contoso(), &injected).await.refused(Aadsts::CodeVerifierMismatch);
}
