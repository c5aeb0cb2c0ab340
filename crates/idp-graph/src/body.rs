//! JSON bodies: bounded in size, depth and time, and looked at whole, against the table of the entity, before anything of
//! them is used (GA-05). Every member at fault is named.

use std::time::Duration;

use axum::body::Body;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::HeaderMap;
use http::header::{CONTENT_ENCODING, CONTENT_TYPE};
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use jiff::Timestamp;
use serde_json::{Map, Value};
use uuid::Uuid;
use vestibule_jose::strict_json::{JsonError, parse_object};

use crate::error::{Fault, MemberFault, Refusal};
use crate::odata::schema::{EntityType, Kind, Property, Writable};

/// The largest body that is read.
pub const MAX_BODY: usize = 1024 * 1024;
/// How long a body may take to arrive (CD-20).
const PATIENCE: Duration = Duration::from_secs(10);
/// No text of an entity is longer, in characters.
const MAX_TEXT: usize = 4096;
/// No list of an entity has more elements (section 5.8: a manifest has 1,200 entries).
const MAX_ELEMENTS: usize = 1200;

/// Reads a body as one JSON object; none if it is empty.
pub async fn read(headers: &HeaderMap, body: &mut Body) -> Result<Option<Map<String, Value>>, Refusal> {
    let reading = Limited::new(body, MAX_BODY).collect();
    let bytes = match tokio::time::timeout(PATIENCE, reading).await {
        Ok(Ok(collected)) => collected.to_bytes(),
        Ok(Err(cause)) if cause.is::<LengthLimitError>() => return Err(Refusal::TooLarge),
        Ok(Err(_)) | Err(_) => return Err(Refusal::Incomplete),
    };
    if bytes.is_empty() {
        return Ok(None);
    }
    if !is_json(headers) {
        return Err(Refusal::NotJson);
    }
    parse(&bytes).map(Some)
}

/// Takes what was not read of a body, and forgets it. A client that is still sending when it is refused would otherwise
/// find the connection closed, and not read why (RFC 9112 §9.6).
pub async fn discard(mut body: Body) {
    let mut left = MAX_BODY;
    let taking = async {
        while let Some(Ok(frame)) = body.frame().await {
            left = left.saturating_sub(frame.data_ref().map_or(0, |data| data.len()));
            if left == 0 {
                break;
            }
        }
    };
    let _ = tokio::time::timeout(PATIENCE, taking).await;
}

/// Reads text as one JSON object.
pub fn parse(bytes: &[u8]) -> Result<Map<String, Value>, Refusal> {
    parse_object(bytes).map_err(|error: JsonError| Refusal::Malformed(format!("The payload is {error}.")))
}

fn is_json(headers: &HeaderMap) -> bool {
    // JW-41: nothing compressed.
    if headers.contains_key(CONTENT_ENCODING) {
        return false;
    }
    let value = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let mut pieces = value.split(';').map(str::trim);
    let named = pieces.next().is_some_and(|kind| kind.eq_ignore_ascii_case("application/json"));
    let utf8 = pieces.all(|parameter| match parameter.split_once('=') {
        Some((name, charset)) if name.eq_ignore_ascii_case("charset") => {
            charset.trim_matches('"').eq_ignore_ascii_case("utf-8")
        }
        _ => true,
    });
    named && utf8
}

/// What a body may say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// The object is being made.
    Creating,
    /// The object is there.
    Changing,
}

/// The members of a body, each of which may be there and is of its type.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Members {
    /// What is set, in the spelling of the table.
    pub set: Map<String, Value>,
    /// The objects that are linked by `name@odata.bind`.
    pub bound: Vec<(&'static str, Vec<String>)>,
}

/// Checks a body against the table of an entity. `binds` are the relations that may be set with it.
pub fn members(
    body: &Map<String, Value>,
    entity: &EntityType,
    moment: Moment,
    binds: &'static [&'static str],
) -> Result<Members, Refusal> {
    let writable = |property: &Property| match (property.writable, moment) {
        (Writable::Always, _) | (Writable::OnCreate, Moment::Creating) => Ok(()),
        (Writable::OnCreate, Moment::Changing) => Err(Fault::OnlyOnCreate),
        (Writable::Never, _) => Err(Fault::ReadOnly),
    };
    check(body, entity.properties, writable, binds)
}

/// Checks the arguments of an action.
pub fn arguments(
    body: &Map<String, Value>,
    properties: &'static [Property],
) -> Result<Map<String, Value>, Refusal> {
    check(body, properties, |_| Ok(()), &[]).map(|members| members.set)
}

fn check(
    body: &Map<String, Value>,
    properties: &'static [Property],
    writable: impl Fn(&Property) -> Result<(), Fault>,
    binds: &'static [&'static str],
) -> Result<Members, Refusal> {
    let mut members = Members::default();
    let mut faults = Vec::new();
    for (name, value) in body {
        if let Some((relation, annotation)) = name.split_once('@') {
            let bind = binds.iter().find(|bind| **bind == relation && annotation == "odata.bind");
            match (bind, annotation) {
                (Some(bind), _) => match references(value) {
                    Some(ids) => members.bound.push((bind, ids)),
                    None => {
                        faults.push(MemberFault::new(name, Fault::Type("a list of addresses of objects")))
                    }
                },
                // What clients repeat of what they read says nothing new.
                (None, "odata.type" | "odata.context" | "odata.etag" | "odata.id") => {}
                (None, _) => faults.push(MemberFault::new(name, Fault::Unknown)),
            }
            continue;
        }
        match properties.iter().find(|property| property.name == name) {
            None => faults.push(MemberFault::new(name, Fault::Unknown)),
            Some(property) => match writable(property) {
                Err(fault) => faults.push(MemberFault::new(name, fault)),
                Ok(()) => {
                    of_property(name, value, property, &mut faults);
                    members.set.insert(name.clone(), value.clone());
                }
            },
        }
    }
    if faults.is_empty() { Ok(members) } else { Err(Refusal::Members(faults)) }
}

fn of_property(path: &str, value: &Value, property: &Property, faults: &mut Vec<MemberFault>) {
    match value {
        Value::Null if property.nullable => {}
        Value::Null => faults.push(MemberFault::new(path, Fault::Null)),
        _ => of_kind(path, value, &property.kind, faults),
    }
}

fn of_kind(path: &str, value: &Value, kind: &Kind, faults: &mut Vec<MemberFault>) {
    let mut wrong = |what| faults.push(MemberFault::new(path, what));
    let text = value.as_str();
    match kind {
        Kind::Any => {}
        Kind::String => match text {
            None => wrong(Fault::Type(kind.edm())),
            Some(text) if text.chars().count() > MAX_TEXT => {
                wrong(Fault::Value(format!("it is longer than {MAX_TEXT} characters.")));
            }
            Some(text) if text.contains('\0') => wrong(Fault::Value("it contains a NUL character.".into())),
            Some(_) => {}
        },
        Kind::Boolean if value.is_boolean() => {}
        Kind::Int32 if value.as_i64().is_some_and(|number| i32::try_from(number).is_ok()) => {}
        Kind::Guid if text.is_some_and(|text| text.len() == 36 && Uuid::try_parse(text).is_ok()) => {}
        Kind::DateTime if text.is_some_and(|text| text.parse::<Timestamp>().is_ok()) => {}
        Kind::Binary if text.is_some_and(|text| STANDARD.decode(text).is_ok()) => {}
        Kind::Boolean | Kind::Int32 | Kind::Guid | Kind::DateTime | Kind::Binary => {
            wrong(Fault::Type(kind.edm()));
        }
        Kind::Collection(element) => match value.as_array() {
            None => wrong(Fault::Type("Collection")),
            Some(elements) if elements.len() > MAX_ELEMENTS => {
                wrong(Fault::Value(format!("it has more than {MAX_ELEMENTS} elements.")));
            }
            Some(elements) => {
                for (index, value) in elements.iter().enumerate() {
                    of_kind(&format!("{path}[{index}]"), value, element, faults);
                }
            }
        },
        Kind::Complex(properties) => match value.as_object() {
            None => wrong(Fault::Type("an object")),
            Some(inner) => {
                for (name, value) in inner.iter().filter(|(name, _)| !name.contains("@odata.")) {
                    let path = format!("{path}/{name}");
                    match properties.iter().find(|property| property.name == name) {
                        Some(property) => of_property(&path, value, property, faults),
                        None => faults.push(MemberFault::new(path, Fault::Unknown)),
                    }
                }
            }
        },
    }
}

/// One address, or a list of them.
fn references(value: &Value) -> Option<Vec<String>> {
    match value {
        Value::String(one) => Some(vec![one.clone()]),
        Value::Array(several) => several.iter().map(|one| one.as_str().map(str::to_owned)).collect(),
        _ => None,
    }
}

/// The id at the end of an address of an object: `https://…/v1.0/directoryObjects/{id}`, or `…/users/{id}`.
///
/// The host is not looked at: clients for Microsoft's own cloud write its name (section 9.1), and the id means an object
/// of the caller's tenant, whatever stands before it.
pub fn referenced_id(address: &str) -> Option<Uuid> {
    let last = address.trim_end_matches('/').rsplit('/').next()?;
    let inner = last.split_once('(').and_then(|(_, rest)| rest.strip_suffix(')')).unwrap_or(last);
    let id = inner.trim_matches('\'');
    if id.len() == 36 { Uuid::try_parse(id).ok() } else { None }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::odata::schema::{boolean, complex, date_time, guid, string, strings};

    static THING: EntityType = EntityType::directory("thing", "things").properties(&[
        guid("id").required(),
        string("displayName").writable().required(),
        boolean("enabled").writable(),
        strings("tags").writable(),
        string("kind").writable_on_create(),
        date_time("when").writable(),
        complex("profile", &[string("a"), boolean("b").required()]).writable(),
    ]);

    fn faults(body: Value, moment: Moment) -> Vec<(String, Fault)> {
        match members(body.as_object().unwrap(), &THING, moment, &["owners"]) {
            Err(Refusal::Members(faults)) => {
                faults.into_iter().map(|fault| (fault.member, fault.what)).collect()
            }
            Ok(_) => Vec::new(),
            Err(other) => panic!("{other:?}"),
        }
    }

    #[test]
    fn ga_05_what_is_not_writable_is_refused_and_all_of_it_is_named() {
        let body = json!({ "id": "x", "isAdmin": true, "tenantId": "y", "displayName": null, "enabled": "yes",
            "tags": ["a", 1], "kind": "k", "profile": { "a": 1, "b": null, "c": 2 }, "members@odata.bind": [] });
        let found = faults(body, Moment::Changing);
        for expected in [
            ("id", Fault::ReadOnly),
            ("isAdmin", Fault::Unknown),
            ("tenantId", Fault::Unknown),
            ("displayName", Fault::Null),
            ("enabled", Fault::Type("Edm.Boolean")),
            ("tags[1]", Fault::Type("Edm.String")),
            ("kind", Fault::OnlyOnCreate),
            ("profile/a", Fault::Type("Edm.String")),
            ("profile/b", Fault::Null),
            ("profile/c", Fault::Unknown),
            ("members@odata.bind", Fault::Unknown),
        ] {
            assert!(found.contains(&(expected.0.into(), expected.1.clone())), "{expected:?} in {found:?}");
        }
        assert_eq!(found.len(), 11, "{found:?}");
    }

    #[test]
    fn what_is_said_once_may_be_said_when_it_is_made() {
        let body = json!({ "kind": "k", "displayName": "d", "owners@odata.bind": ["https://x/y"], "@odata.type": "t",
            "when": "2026-08-13T21:24:29Z" });
        let read = members(body.as_object().unwrap(), &THING, Moment::Creating, &["owners"]).unwrap();
        assert_eq!(read.bound, [("owners", vec!["https://x/y".to_owned()])]);
        assert_eq!(read.set.len(), 3);
    }

    #[test]
    fn a_body_is_one_json_object_not_nested_too_deeply() {
        for bad in ["", "[]", "{", "{\"a\":1,\"a\":2}", "null", "{\"a\":1} x", "\u{feff}{}"] {
            assert!(matches!(parse(bad.as_bytes()), Err(Refusal::Malformed(_))), "{bad:?}");
        }
        let deep = format!("{{\"a\":{}1{}}}", "[".repeat(10_000), "]".repeat(10_000));
        assert!(matches!(parse(deep.as_bytes()), Err(Refusal::Malformed(_))));
    }

    #[test]
    fn an_address_names_an_object_whatever_the_host() {
        let id = Uuid::from_u128(0x00000003_0000_4000_8000_000000000001);
        for address in [
            format!("https://graph.microsoft.com/v1.0/directoryObjects/{id}"),
            format!("https://localhost:8443/graph/v1.0/users('{id}')"),
            format!("https://h/v1.0/directoryObjects/{id}/"),
        ] {
            assert_eq!(referenced_id(&address), Some(id), "{address}");
        }
        assert_eq!(referenced_id("https://graph.microsoft.com/v1.0/users/alice@contoso.test"), None);
    }
}
