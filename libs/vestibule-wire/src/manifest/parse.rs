//! A manifest out of a file: the text, what tools wrap around it, and its form.

use serde_json::{Map, Value};

use super::conversion::convert;
use super::detect::is_application;
use super::error::{ManifestErrors, Reason};
use super::kind::Direction;
use super::{Form, detect, json, to_graph};

/// At most this many bytes in one manifest. Entra's own limit, 1,200 entries in all collections, stays far below.
pub const MAX_BYTES: usize = 1024 * 1024;

/// Reads a manifest file, in either form.
///
/// What it takes: a JSON object of at most [`MAX_BYTES`], with or without a UTF-8 byte order mark. What programs put
/// around an application is taken off: an array of one (`az ad app list`), a collection `{"value": [ … ]}` of one (the
/// answer to `GET /applications?$filter=…`), and `{"application": { … }, "servicePrincipal": { … }}` (the answer of
/// `applicationTemplates/{id}/instantiate`). Members such as `@odata.context` are kept as they are.
///
/// What it does not take: comments, trailing commas, a member name twice in an object (two programs would read two
/// different manifests), nesting beyond [`MAX_DEPTH`](super::MAX_DEPTH). The types of known members are checked, so
/// that what is returned converts without error; their values are the directory's business.
///
/// # Errors
/// Everything that is wrong with the text, or if nothing is, everything that is wrong with the members.
///
/// ```
/// use vestibule_wire::manifest::{Form, parse};
/// let file = b"\xef\xbb\xbf{\"id\": null, \"name\": \"Tasks\", \"replyUrlsWithType\": []}";
/// let (form, manifest) = parse(file).unwrap();
/// assert_eq!((form, manifest["name"].as_str()), (Form::Legacy, Some("Tasks")));
///
/// let errors = parse(br#"{"name": 5, "replyUrlsWithType": [{"url": "https://a.example", "type": "web"}]}"#);
/// assert_eq!(
///     errors.unwrap_err().to_string(),
///     "name must be a string; replyUrlsWithType[0].type must be one of Web, Spa, InstalledClient"
/// );
/// ```
pub fn parse(bytes: &[u8]) -> Result<(Form, Map<String, Value>), ManifestErrors> {
    if bytes.len() > MAX_BYTES {
        return Err(ManifestErrors::of_document(Reason::TooLarge));
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let text = std::str::from_utf8(bytes).map_err(|_| ManifestErrors::of_document(Reason::NotUtf8))?;
    let manifest = unwrap(json::read(text)?)?;
    let form = detect(&manifest)?;
    let manifest = match form {
        Form::Legacy => to_graph(manifest.clone()).map(|_| manifest)?,
        Form::Graph => convert(Direction::ToLegacy, manifest.clone()).1.unless_any(manifest)?,
    };
    Ok((form, manifest))
}

fn unwrap(document: Value) -> Result<Map<String, Value>, ManifestErrors> {
    let refused = |reason| Err(ManifestErrors::of_document(reason));
    match document {
        Value::Object(members) if is_application(&members) => Ok(members),
        Value::Object(mut members) => match (members.remove("value"), members.remove("application")) {
            (Some(Value::Array(list)), None) => one(list),
            (None, Some(application @ Value::Object(_))) => one(vec![application]),
            _ => refused(Reason::NotAnApplication),
        },
        Value::Array(list) => one(list),
        _ => refused(Reason::Expected("an object")),
    }
}

fn one(mut list: Vec<Value>) -> Result<Map<String, Value>, ManifestErrors> {
    let reason = match (list.pop(), list.len()) {
        (Some(Value::Object(members)), 0) if is_application(&members) => return Ok(members),
        (Some(_), more @ 1..) => Reason::Several(more + 1),
        _ => Reason::NotAnApplication,
    };
    Err(ManifestErrors::of_document(reason))
}
