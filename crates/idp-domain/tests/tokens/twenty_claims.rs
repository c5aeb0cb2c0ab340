//! The twenty claims of the mission's table (§3.7): each is in the tokens of both forms, under the name it has there.

use idp_domain::tokens::TokenForm;
use serde_json::Value;

use super::scene::Scene;

/// Where to look: in access tokens, or in ID tokens as well.
#[derive(Clone, Copy, PartialEq)]
enum In {
    Access,
    Both,
    Nowhere,
}

struct Row {
    name: &'static str,
    v1: (In, &'static [&'static str]),
    v2: (In, &'static [&'static str]),
}

const fn same(name: &'static str, places: In, claims: &'static [&'static str]) -> Row {
    Row { name, v1: (places, claims), v2: (places, claims) }
}

const TABLE: [Row; 20] = [
    Row { name: "Application ID", v1: (In::Access, &["appid"]), v2: (In::Access, &["azp"]) },
    same("Audience", In::Both, &["aud"]),
    Row {
        name: "Application Authentication Context Class Reference",
        v1: (In::Access, &["appidacr"]),
        v2: (In::Access, &["azpacr"]),
    },
    same("Authentication Instant", In::Both, &["auth_time"]),
    Row { name: "Authentication Method", v1: (In::Both, &["amr"]), v2: (In::Nowhere, &["amr", "acr"]) },
    same("First Name", In::Both, &["given_name"]),
    same("Groups", In::Both, &["groups"]),
    same("Identity Provider", In::Both, &["idp"]),
    same("Issued At", In::Both, &["iat"]),
    same("Issuer", In::Both, &["iss"]),
    same("Last Name", In::Both, &["family_name"]),
    Row {
        name: "Name",
        v1: (In::Both, &["name", "unique_name"]),
        v2: (In::Both, &["name", "preferred_username"]),
    },
    same("Object Id", In::Both, &["oid"]),
    same("Roles", In::Both, &["roles"]),
    same("Scope", In::Access, &["scp"]),
    same("Subject", In::Both, &["sub"]),
    same("Tenant Id", In::Both, &["tid"]),
    same("Token Lifetime", In::Both, &["nbf", "exp"]),
    same("User Principal Name", In::Both, &["upn"]),
    same("Version", In::Both, &["ver"]),
];

/// A guest, so that somebody else vouches for the person; everything optional is asked for.
fn scene(form: TokenForm) -> Scene {
    Scene::all_in(form).with_place().with_guest().asking(&[
        ("auth_time", &[]),
        ("given_name", &[]),
        ("family_name", &[]),
        ("upn", &["include_externally_authenticated_upn"]),
    ])
}

#[test]
fn all_twenty_claims_are_in_tokens_of_both_forms() {
    for form in [TokenForm::V1, TokenForm::V2] {
        let tokens = scene(form).tokens();
        let (access, id) = (&tokens.access.claims, &tokens.id.claims);
        for row in &TABLE {
            let (places, claims) = if form == TokenForm::V1 { row.v1 } else { row.v2 };
            for claim in claims {
                let has = |token: &Value| token.get(claim).is_some_and(|value| !value.is_null());
                assert_eq!(
                    has(access),
                    places != In::Nowhere,
                    "{form:?} access token, {}: {claim}",
                    row.name
                );
                assert_eq!(has(id), places == In::Both, "{form:?} ID token, {}: {claim}", row.name);
            }
        }
        assert_eq!((&access["ver"], &id["ver"]), (&form.version().into(), &form.version().into()));
    }
}
