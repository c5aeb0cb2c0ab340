//! Logout tokens, in the form of either endpoint.

use std::collections::BTreeSet;

use idp_domain::tokens::{EndedSession, TokenForm, logout_token};
use serde_json::json;
use vestibule_wire::ids::{SessionId, UserId};

use super::scene::{CONTOSO, Opened, SHOP, Scene, noon, open, with_mint};

fn ended(form: TokenForm) -> EndedSession {
    EndedSession {
        tenant: CONTOSO,
        user: UserId::from_u128(1),
        session: SessionId::from_random([5; 16]),
        client: SHOP,
        form,
        news: [7; 16],
    }
}

fn token_of(ended: &EndedSession) -> Opened {
    open(&with_mint(|mint| logout_token(mint, ended, noon()).unwrap()))
}

#[test]
fn ui_11_a_logout_token_says_what_the_specification_asks_for_and_nothing_else() {
    for (form, name) in [(TokenForm::V1, "logout_v1"), (TokenForm::V2, "logout_v2")] {
        let token = token_of(&ended(form));
        insta::assert_json_snapshot!(name, token.claims);
        // Back-Channel Logout §2.4, and RFC 8725 §3.11: nobody takes it for an ID token, nor an ID token for it.
        let header: BTreeSet<_> = token.header.as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(header, BTreeSet::from(["alg", "kid", "typ"]));
        assert_eq!((&token.header["typ"], &token.header["alg"]), (&json!("logout+jwt"), &json!("RS256")));
    }
}

#[test]
fn ui_11_a_logout_token_names_the_person_the_session_and_the_issuer_as_the_id_token_did() {
    for form in [TokenForm::V1, TokenForm::V2] {
        let scene = Scene::all_in(form);
        let id = scene.id();
        let session: SessionId = id["sid"].as_str().unwrap().parse().unwrap();
        let ended = EndedSession { user: scene.user.id, session, ..ended(form) };
        let told = token_of(&ended).claims;
        for claim in ["iss", "aud", "sub", "sid"] {
            assert_eq!(told[claim], id[claim], "{claim}");
        }
    }
}

#[test]
fn ui_11_news_has_one_name_in_however_many_attempts() {
    let (first, again) = (token_of(&ended(TokenForm::V2)), token_of(&ended(TokenForm::V2)));
    assert_eq!(first.claims["jti"], again.claims["jti"]);
    let other = token_of(&EndedSession { news: [8; 16], ..ended(TokenForm::V2) });
    assert_ne!(first.claims["jti"], other.claims["jti"]);
}
