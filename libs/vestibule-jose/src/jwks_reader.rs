//! What is taken from a foreign key set, and what is left.
//!
//! Owns the verdict on each entry (RFC 7517 §4, §5; RFC 7518 §6.3). A key set is written by someone else and changes
//! without notice: an entry we cannot use is dropped, so that it does not cost us the others.

use serde_json::{Map, Value};

use crate::algorithm::Algorithm;
use crate::jwk::{Jwk, Jwks, JwksError};
use crate::public_key::RsaPublicKey;
use crate::strict_json;
use crate::thumbprint::KeyId;

/// RFC 7518 §6.3.2 and §6.4: the private members of RSA, and the symmetric key. Whoever publishes them has lost the
/// key.
const SECRET_MEMBERS: [&str; 8] = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

pub(crate) fn read(document: &[u8]) -> Result<Vec<Jwk>, JwksError> {
    if document.len() > Jwks::MAX_BYTES {
        return Err(JwksError::TooLarge);
    }
    let set = strict_json::parse_object(document).map_err(JwksError::Json)?;
    let Some(Value::Array(entries)) = set.get("keys") else {
        return Err(JwksError::NoKeys);
    };
    if entries.len() > Jwks::MAX_KEYS {
        return Err(JwksError::TooManyKeys);
    }
    Ok(unambiguous(entries.iter().filter_map(usable).collect()))
}

/// The key in an entry, or `None` when it cannot verify.
fn usable(entry: &Value) -> Option<Jwk> {
    let members = entry.as_object()?;
    let signs = text(members, "kty")? == Some("RSA")
        && matches!(text(members, "use")?, None | Some("sig"))
        && members.get("key_ops").is_none_or(lists_verify)
        && !SECRET_MEMBERS.iter().any(|secret| members.contains_key(*secret));
    if !signs {
        return None;
    }
    let name = |member| text(members, member)?.map(KeyId::new).transpose().ok();
    Some(Jwk {
        key: RsaPublicKey::from_jwk_members(text(members, "n")??, text(members, "e")??).ok()?,
        algorithm: text(members, "alg")?.map_or(Some(Algorithm::Rs256), Algorithm::from_name)?,
        kid: name("kid")?,
        x5t: name("x5t")?,
        x5c: certificates(members.get("x5c")),
        cloud_instance_name: text(members, "cloud_instance_name")?.map(str::to_owned),
        issuer: text(members, "issuer")?.map(str::to_owned),
    })
}

/// `None` when the member is there but no string, `Some(None)` when it is absent.
fn text<'entry>(members: &'entry Map<String, Value>, name: &str) -> Option<Option<&'entry str>> {
    members.get(name).map_or(Some(None), |value| value.as_str().map(Some))
}

fn lists_verify(key_ops: &Value) -> bool {
    key_ops.as_array().is_some_and(|ops| ops.iter().any(|op| op == "verify"))
}

/// `x5c` as it stands. It is for display: no signature is ever checked with it.
fn certificates(x5c: Option<&Value>) -> Vec<String> {
    let entries = x5c.and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    entries.iter().filter_map(Value::as_str).map(str::to_owned).collect()
}

/// Drops every key whose `kid` another key also has; of exact repetitions one stays.
fn unambiguous(keys: Vec<Jwk>) -> Vec<Jwk> {
    let mut distinct: Vec<Jwk> = Vec::with_capacity(keys.len());
    for jwk in keys {
        if !distinct.iter().any(|seen| same_key(seen, &jwk)) {
            distinct.push(jwk);
        }
    }
    let shares_its_kid =
        |jwk: &Jwk| jwk.kid.is_some() && distinct.iter().filter(|other| other.kid == jwk.kid).count() > 1;
    distinct.iter().filter(|jwk| !shares_its_kid(jwk)).cloned().collect()
}

fn same_key(one: &Jwk, other: &Jwk) -> bool {
    one.kid == other.kid
        && one.key == other.key
        && one.algorithm == other.algorithm
        && one.issuer == other.issuer
}
