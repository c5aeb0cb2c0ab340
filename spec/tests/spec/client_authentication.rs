//! Client authentication (RFC 6749 §2.3): the same for every grant, so one grant stands for all.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use http::Method;
use spec::answer::Answer;
use spec::cast::{API_DEFAULT, api, contoso, daemon, native, spa, web};
use spec::client::{client, token_path};
use spec::form::Form;
use spec::refusal::Refusal;
use vestibule_wire::aadsts::Aadsts;
use vestibule_wire::oauth::GrantType;

/// A token request without any authentication.
fn unauthenticated() -> Form {
    daemon().for_itself(API_DEFAULT).without("client_secret").without("client_id")
}

/// RFC 6749 §5.2: 401. A client that did not use the `Authorization` header is not told of a scheme: libraries would show
/// that, and not the error.
#[track_caller]
fn is_unauthorized(answer: &Answer, code: Aadsts) -> Refusal {
    let refusal = answer.refused(code);
    assert_eq!(answer.status, 401);
    assert_eq!(answer.header("www-authenticate"), None);
    refusal
}

/// RFC 6749 §5.2: 401, and for a client that used the `Authorization` header the scheme it should use.
#[track_caller]
fn is_challenged(answer: &Answer, code: Aadsts) -> Refusal {
    let refusal = answer.refused(code);
    assert_eq!(answer.status, 401);
    let challenge = answer.header("www-authenticate").unwrap_or_default();
    assert!(challenge.starts_with("Basic realm="), "{challenge}");
    refusal
}

#[tokio::test]
async fn ca_01_only_the_exact_secret_is_accepted() {
    let client = client();
    let secret = daemon().secret().to_owned();
    let half = &secret[..secret.len() / 2];
    let (web, api) = (web(), api());
    let wrong = [
        "wrong-secret-that-nobody-has",
        half,
        &secret[1..],
        &format!("{secret} "),
        &format!(" {secret}"),
        &format!("{secret}\n"),
        &secret.to_uppercase(),
        &format!("{secret}{secret}"),
        web.secret(),
        api.secret(),
        "' OR '1'='1",
        "*",
        &"x".repeat(10_000),
        "\u{feff}dev",
        "ßecret",
    ];
    for wrong in wrong {
        let answer =
            client.token(&contoso(), &daemon().for_itself(API_DEFAULT).with("client_secret", wrong)).await;
        let refusal = is_unauthorized(&answer, Aadsts::InvalidClientSecret);
        assert!(refusal.message.contains(&daemon().client_id), "{}", refusal.message);
    }
}

#[tokio::test]
async fn ca_01_a_wrong_secret_is_a_whole_error_body() {
    let client = client();
    let answer = client
        .token(
            &contoso(),
            &daemon().for_itself(API_DEFAULT).with("client_secret", "wrong-secret-that-nobody-has"),
        )
        .await;
    insta::assert_json_snapshot!(answer.refused(Aadsts::InvalidClientSecret).snapshot(client.origin()));
}

#[tokio::test]
async fn ca_04_a_public_client_must_not_present_a_secret() {
    let client = client();
    for program in [native(), spa()] {
        let form = program.for_itself(API_DEFAULT).with("client_secret", daemon().secret());
        is_unauthorized(&client.token(&contoso(), &form).await, Aadsts::PublicClientWithCredential);
        let request = client
            .token_request(&contoso().id, &program.for_itself(API_DEFAULT))
            .basic(&program.client_id, daemon().secret());
        is_challenged(&request.send().await, Aadsts::PublicClientWithCredential);
    }
}

#[tokio::test]
async fn ca_05_a_client_without_a_credential_is_told_what_is_missing() {
    let client = client();
    for form in [
        unauthenticated().with("client_id", daemon().client_id),
        daemon().for_itself(API_DEFAULT).with("client_secret", ""),
    ] {
        is_unauthorized(&client.token(&contoso(), &form).await, Aadsts::ClientCredentialRequired);
    }
}

#[tokio::test]
async fn ca_06_two_ways_of_authenticating_at_once_are_refused() {
    let client = client();
    let both = daemon().for_itself(API_DEFAULT);
    for form in [both.clone(), both.with("client_secret", "wrong-secret-that-nobody-has")] {
        let request =
            client.token_request(&contoso().id, &form).basic(&daemon().client_id, daemon().secret());
        request.send().await.refused(Aadsts::RequestMalformed);
    }
}

#[tokio::test]
async fn ca_07_basic_credentials_are_form_encoded_and_the_scheme_is_in_any_case() {
    let client = client();
    let (id, secret) = (daemon().client_id, daemon().secret().to_owned());
    let encoded = secret.replace('-', "%2D").replace('~', "%7E");
    for credentials in [
        format!("{id}:{secret}"),
        format!("{id}:{encoded}"),
        format!("{}:{secret}", id.to_uppercase()),
        format!("{}:{secret}", id.replace('-', "%2d")),
    ] {
        for scheme in ["Basic", "basic", "BASIC"] {
            let header = format!("{scheme} {}", STANDARD.encode(&credentials));
            client
                .token_request(&contoso().id, &unauthenticated())
                .authorization(&header)
                .send()
                .await
                .tokens();
        }
    }
}

#[tokio::test]
async fn ca_07_malformed_basic_credentials_are_refused() {
    let client = client();
    let (id, secret) = (daemon().client_id, daemon().secret().to_owned());
    let good = STANDARD.encode(format!("{id}:{secret}"));
    let url_safe = URL_SAFE_NO_PAD.encode(format!("{id}:\u{ff}\u{fe}{secret}"));
    for header in [
        format!("Basic {}", STANDARD.encode(id.as_bytes())),
        format!("Basic {}", STANDARD.encode([id.as_bytes(), b":\xff\xfe"].concat())),
        format!("Basic {}", STANDARD.encode(format!("{id}:%zz"))),
        format!("Basic {}", STANDARD.encode(format!("{id}:%00"))),
        format!("Basic {}", STANDARD.encode(format!("{id}:"))),
        format!("Basic {}", STANDARD.encode(format!(":{secret}"))),
        format!("Basic {good} trailing"),
        format!("Basic {good},"),
        format!("Basic  {good}"),
        format!("Basic {}", &good[..good.len() - 3]),
        format!("Basic {url_safe}"),
        "Basic".to_owned(),
        "Basic ".to_owned(),
        format!("Bearer {good}"),
        format!("Digest {good}"),
        good.clone(),
        format!("Basic {}", "A".repeat(4000)),
    ] {
        let answer =
            client.token_request(&contoso().id, &unauthenticated()).authorization(&header).send().await;
        let refusal = answer.is_a_refusal();
        assert!([400, 401].contains(&answer.status.as_u16()), "{header}: {}", answer.shown());
        assert!(
            ["invalid_client", "unauthorized_client"].contains(&refusal.json.str("error")),
            "{header}: {}",
            answer.shown()
        );
    }
    let bearer =
        client.token_request(&contoso().id, &unauthenticated()).authorization("Bearer x").send().await;
    is_challenged(&bearer, Aadsts::ClientAuthenticationMalformed);
}

#[tokio::test]
async fn ca_08_the_client_id_of_the_header_must_be_that_of_the_body() {
    let client = client();
    let request = |body: &str| {
        let form = unauthenticated().with("client_id", body);
        client.token_request(&contoso().id, &form).basic(&daemon().client_id, daemon().secret()).send()
    };
    is_challenged(&request(&web().client_id).await, Aadsts::ClientIdMismatch);
    request(&daemon().client_id).await.tokens();
    request(&daemon().client_id.to_uppercase()).await.tokens();
}

#[tokio::test]
async fn ca_09_guessing_a_secret_neither_succeeds_nor_locks_its_owner_out() {
    let client = client();
    let guesses: Vec<_> = (0..100)
        .map(|n| {
            let client = client.clone();
            let guess = format!("dev-daemon-secret-4Q8~guess-number-{n:04}");
            tokio::spawn(async move {
                client.token(&contoso(), &daemon().for_itself(API_DEFAULT).with("client_secret", guess)).await
            })
        })
        .collect();
    for guess in guesses {
        guess.await.unwrap().refused(Aadsts::InvalidClientSecret);
    }
    client.token(&contoso(), &daemon().for_itself(API_DEFAULT)).await.tokens();
}

#[tokio::test]
async fn ca_28_a_client_certificate_in_a_header_is_nobodys() {
    let client = client();
    for header in
        ["x-ssl-cert", "x-client-cert", "x-forwarded-client-cert", "x-arr-clientcert", "ssl-client-cert"]
    {
        let form = unauthenticated().with("client_id", daemon().client_id);
        let request =
            client.token_request(&contoso().id, &form).header(header, "-----BEGIN%20CERTIFICATE-----%0AMIIB");
        is_unauthorized(&request.send().await, Aadsts::ClientCredentialRequired);
    }
}

#[tokio::test]
async fn a_client_that_nobody_registered_is_not_found() {
    let client = client();
    let unknown = "11111111-1111-4111-8111-111111111111";
    let answer = client.token(&contoso(), &daemon().for_itself(API_DEFAULT).with("client_id", unknown)).await;
    let refusal = answer.refused(Aadsts::ApplicationNotFound);
    assert!(
        refusal.message.contains(unknown) && refusal.message.contains("'Contoso'"),
        "{}",
        refusal.message
    );
}

#[tokio::test]
async fn az_31_a_client_id_that_is_no_guid_is_no_application() {
    let client = client();
    let huge = "9".repeat(15_000);
    for id in [
        "contoso",
        "' OR 1=1 --",
        "*)(uid=*",
        "{\"$ne\":null}",
        "../../etc/passwd",
        "<script>alert(1)</script>",
        "\u{202e}gpj",
        &huge,
        "da7a0000-0000-4000-8000-00000000000",
        "{da7a0000-0000-4000-8000-000000000004}",
        "da7a0000000040008000000000000004",
    ] {
        let refusal = client
            .token(&contoso(), &daemon().for_itself(API_DEFAULT).with("client_id", id))
            .await
            .refused(Aadsts::NotAnApplication);
        assert!(refusal.message.len() < 400, "{}", refusal.message);
    }
}

#[tokio::test]
async fn a_missing_client_id_is_named() {
    let client = client();
    for form in [
        daemon().for_itself(API_DEFAULT).without("client_id"),
        daemon().for_itself(API_DEFAULT).with("client_id", ""),
    ] {
        let refusal = client.token(&contoso(), &form).await.refused(Aadsts::ParameterMissing);
        assert!(refusal.message.contains("'client_id'"), "{}", refusal.message);
    }
}

#[tokio::test]
async fn cd_18_credentials_in_the_query_are_not_looked_at() {
    let client = client();
    let form = unauthenticated().with("client_id", daemon().client_id);
    let path = format!("{}?client_secret={}", token_path(&contoso().id), daemon().secret());
    client.request(Method::POST, &path).form(&form).send().await.refused(Aadsts::ClientCredentialRequired);
    let everything = format!("{}?{}", token_path(&contoso().id), daemon().for_itself(API_DEFAULT).encode());
    client
        .request(Method::POST, &everything)
        .form(&Form::new())
        .send()
        .await
        .refused(Aadsts::ParameterMissing);
}

#[tokio::test]
async fn a_client_is_authenticated_before_its_grant_is_looked_at() {
    let client = client();
    for grant in GrantType::ALL {
        let form = daemon()
            .asks(grant.as_str())
            .with("client_secret", "wrong-secret-that-nobody-has")
            .with("scope", API_DEFAULT)
            .with("code", "none")
            .with("refresh_token", "none")
            .with("device_code", "none")
            .with("username", "nobody@contoso.test")
            .with("password", "certainly-not-this-one")
            .with("assertion", "none")
            .with("requested_token_use", "on_behalf_of");
        is_unauthorized(&client.token(&contoso(), &form).await, Aadsts::InvalidClientSecret);
    }
}
