//! Hints of the authorize endpoint: `login_hint`, `id_token_hint`, `domain_hint`, `sid`. They choose; they prove nothing.

use spec::browser::{Browser, authorize_at, browser};
use spec::cast::{Person, alice, bob, contoso, dave, saas, web};
use spec::client::client;
use spec::form::Form;
use spec::tokens::Jwt;
use spec::world::altered;
use vestibule_wire::aadsts::Aadsts;

/// Signs this person in beside whoever is signed in, and returns the ID token.
async fn joins(browser: &mut Browser, person: &Person) -> String {
    let request =
        saas().authorizes("openid profile User.Read").with("prompt", "login").with("login_hint", &person.upn);
    let returned = browser.sign_in(person, &authorize_at("organizations", &request)).await.returned();
    client().token_at("organizations", &saas().redeems(returned.code())).await.tokens().id().to_owned()
}

fn silent() -> Form {
    saas().authorizes("openid profile User.Read").with("prompt", "none")
}

/// Who is signed in by this request, without a page.
async fn who(browser: &mut Browser, request: &Form) -> String {
    let returned = browser.open(&authorize_at("organizations", request)).await.returned();
    let tokens = client().token_at("organizations", &saas().redeems(returned.code())).await.tokens();
    Jwt::read(tokens.id()).claims.str("preferred_username").to_owned()
}

#[tokio::test]
async fn az_39_an_id_token_of_ours_names_the_account_it_is_about() {
    let mut browser = browser();
    let (of_alice, of_bob) = (joins(&mut browser, &alice()).await, joins(&mut browser, &bob()).await);
    let returned = browser.open(&authorize_at("organizations", &silent())).await.returned();
    returned.refused(Aadsts::AccountSelectionRequired, &Form::new().with("state", returned.get("state")));
    for (token, person) in [(&of_alice, alice()), (&of_bob, bob())] {
        assert_eq!(who(&mut browser, &silent().with("id_token_hint", token)).await, person.upn);
    }
}

#[tokio::test]
async fn az_39_a_hint_that_is_none_of_ours_or_anothers_is_passed_over() {
    let mut browser = browser();
    let (of_alice, _) = (joins(&mut browser, &alice()).await, joins(&mut browser, &bob()).await);
    // Of another application, in the same browser.
    let request = web().authorizes("openid profile").with("prompt", "none").with("login_hint", &alice().upn);
    let returned = browser.open(&authorize_at(&contoso().id, &request)).await.returned();
    let other = client().token(&contoso(), &web().redeems(returned.code())).await.tokens();
    let signature = of_alice.rfind('.').unwrap() + 20;
    let parts: Vec<_> = of_alice.split('.').collect();
    let unsigned = format!("eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0.{}.", parts[1]);
    for hint in [altered(&of_alice, signature).as_str(), &unsigned, other.id(), other.access(), "nonsense"] {
        let request = silent().with("id_token_hint", hint);
        let returned = browser.open(&authorize_at("organizations", &request)).await.returned();
        returned.refused(Aadsts::AccountSelectionRequired, &request);
    }
}

#[tokio::test]
async fn az_40_a_domain_chooses_among_those_who_are_signed_in_and_no_more() {
    let mut browser = browser();
    joins(&mut browser, &alice()).await;
    joins(&mut browser, &dave()).await;
    for (domain, person) in [("contoso.test", alice()), ("Fabrikam.test", dave())] {
        assert_eq!(who(&mut browser, &silent().with("domain_hint", domain)).await, person.upn);
    }
    for domain in ["organizations", "evil.example", "\"><script>", "contoso.test\r\nx: y", "nobody.test"] {
        let request = silent().with("domain_hint", domain);
        let returned = browser.open(&authorize_at("organizations", &request)).await.returned();
        returned.refused(Aadsts::AccountSelectionRequired, &request);
    }
}

#[tokio::test]
async fn an_id_token_of_a_session_that_is_over_signs_nobody_else_in() {
    let mut browser = browser();
    let of_alice = joins(&mut browser, &alice()).await;
    let hint = Form::new().with("id_token_hint", &of_alice);
    browser.open(&format!("/{}/oauth2/v2.0/logout?{}", contoso().id, hint.encode())).await;
    joins(&mut browser, &bob()).await;
    let request = silent().with("id_token_hint", &of_alice);
    let returned = browser.open(&authorize_at("organizations", &request)).await.returned();
    returned.refused(Aadsts::SessionNotFound, &request);
}
