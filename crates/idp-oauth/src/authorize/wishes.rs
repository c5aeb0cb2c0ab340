//! What the ID token is to carry: `nonce`, and the claims that MSAL asks for by the `claims` parameter
//! (OpenID Connect Core §5.5).

use idp_domain::tokens::IdTokenWishes;
use vestibule_jose::strict_json;
use vestibule_wire::form::Form;
use vestibule_wire::oauth::param;

use super::error::AuthorizeError;

/// Longer ones are refused unread (AZ-42).
const MAX_CLAIMS: usize = 8 * 1024;

/// Reads the parameters. `auth_time` is carried with `max_age` (OpenID Connect Core §2: then it is REQUIRED).
pub(super) fn read(form: &Form, with_max_age: bool) -> Result<IdTokenWishes, AuthorizeError> {
    let mut wishes = IdTokenWishes {
        nonce: form.get(param::NONCE).map(str::to_owned),
        auth_time: with_max_age,
        login_hint: false,
    };
    let Some(text) = form.get(param::CLAIMS) else { return Ok(wishes) };
    if text.len() > MAX_CLAIMS {
        return Err(AuthorizeError::Invalid(param::CLAIMS));
    }
    let claims =
        strict_json::parse_object(text.as_bytes()).map_err(|_| AuthorizeError::Invalid(param::CLAIMS))?;
    // Members that nobody here knows are passed over (OpenID Connect Core §5.5).
    if let Some(id_token) = claims.get("id_token").and_then(|member| member.as_object()) {
        wishes.auth_time |= id_token.contains_key("auth_time");
        wishes.login_hint = id_token.contains_key(param::LOGIN_HINT);
    }
    Ok(wishes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_claims(claims: &str) -> Result<IdTokenWishes, AuthorizeError> {
        read(&Form::parse(vestibule_wire::form::encode([("claims", claims)]).as_bytes()).unwrap(), false)
    }

    #[test]
    fn what_msal_asks_for_is_understood() {
        let wishes = read_claims(
            r#"{"id_token":{"login_hint":{"essential":false},"signin_state":{"essential":false}}}"#,
        )
        .unwrap();
        assert!(wishes.login_hint && !wishes.auth_time);
    }

    #[test]
    fn az_42_hostile_claims_are_invalid() {
        let deep = format!("{}1{}", r#"{"a":"#.repeat(10_000), "}".repeat(10_000));
        for claims in [
            "[]",
            "1",
            "{",
            r#"{"a":1,"a":2}"#,
            &deep[..5000],
            &format!("{{\"a\":\"{}\"}}", "x".repeat(9000)),
        ] {
            assert!(read_claims(claims).is_err());
        }
        assert!(read_claims(r#"{"unknown":{"x":1},"id_token":null}"#).is_ok());
    }
}
