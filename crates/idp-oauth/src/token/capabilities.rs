//! What a client's program says it can do: the `claims` parameter, `access_token`, `xms_cc`. MSAL sends it with every
//! request when it is told to (`CP1`: it understands claims challenges). Anything else in the parameter is passed over.

use serde_json::Value;
use vestibule_jose::strict_json;
use vestibule_wire::claims::optional;
use vestibule_wire::form::Form;
use vestibule_wire::oauth::param;

/// Longer parameters are passed over unread (AZ-42).
const MAX_CLAIMS: usize = 8 * 1024;
/// More, or longer, or other than letters and digits, are no capabilities: they would be signed.
const MAX_CAPABILITIES: usize = 8;
const MAX_CAPABILITY: usize = 16;

/// The capabilities.
pub(super) fn read(form: &Form) -> Vec<String> {
    let text = form.get(param::CLAIMS).filter(|text| text.len() <= MAX_CLAIMS);
    let claims = text.and_then(|text| strict_json::parse_object(text.as_bytes()).ok());
    let values = claims.as_ref().and_then(|claims| {
        claims.get("access_token")?.get(optional::XMS_CC)?.get("values").and_then(Value::as_array)
    });
    let words = values.into_iter().flatten().filter_map(Value::as_str);
    words.filter(|word| is_capability(word)).take(MAX_CAPABILITIES).map(str::to_owned).collect()
}

fn is_capability(word: &str) -> bool {
    (1..=MAX_CAPABILITY).contains(&word.len()) && word.bytes().all(|b| b.is_ascii_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(claims: &str) -> Vec<String> {
        read(&Form::parse(vestibule_wire::form::encode([("claims", claims)]).as_bytes()).unwrap())
    }

    #[test]
    fn what_msal_sends_is_understood() {
        assert_eq!(of(r#"{"access_token":{"xms_cc":{"values":["CP1"]}}}"#), ["CP1"]);
        assert_eq!(
            of(r#"{"access_token":{"nbf":{"essential":true},"xms_cc":{"values":["cp1","x"]}}}"#),
            ["cp1", "x"]
        );
    }

    #[test]
    fn az_42_hostile_claims_are_passed_over() {
        let deep = format!("{}1{}", r#"{"access_token":"#.repeat(300), "}".repeat(300));
        let many = format!(r#"{{"access_token":{{"xms_cc":{{"values":[{}"x"]}}}}}}"#, r#""a","#.repeat(100));
        for claims in [
            "",
            "[]",
            "{",
            "null",
            &deep,
            r#"{"access_token":{"xms_cc":["CP1"]}}"#,
            r#"{"access_token":{"xms_cc":{"values":"CP1"}}}"#,
            r#"{"access_token":{"xms_cc":{"values":["","a b","\"}]}","ä",7,null,{}]}}}"#,
            r#"{"access_token":{"xms_cc":{"values":["CP1"]}},"access_token":{}}"#,
            &format!(r#"{{"access_token":{{"xms_cc":{{"values":["{}"]}}}}}}"#, "x".repeat(17)),
            &format!(r#"{{"x":"{}","access_token":{{"xms_cc":{{"values":["CP1"]}}}}}}"#, "x".repeat(9000)),
        ] {
            assert_eq!(of(claims), [""; 0], "{}", &claims[..claims.len().min(60)]);
        }
        assert_eq!(of(&many).len(), MAX_CAPABILITIES);
    }
}
