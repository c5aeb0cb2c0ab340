//! Which of the two forms a manifest has.
//!
//! A form tells itself by a member that conversion never leaves behind: a path of the table that only this form has.
//! So what [`to_graph`](super::to_graph) wrote is never taken for the old form again, whatever it carries.

use serde_json::{Map, Value};

use super::error::{Faults, ManifestErrors, Reason};
use super::path;
use super::platforms::PUBLIC_CLIENT;
use super::table::{OLD_ONLY, new_paths, old_paths};

/// The form of a manifest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// An `application` of Microsoft Graph v1.0: `displayName`, `web`, `api`, …
    Graph,
    /// An `Application` of Azure AD Graph, as the portal's manifest page showed it until 2024: `name`,
    /// `replyUrlsWithType`, …; or as it did until 2018: `displayName`, `replyUrls`, `availableToOtherTenants`, …
    Legacy,
}

/// Tells the form of a manifest by its members.
///
/// A document that says nothing either way (`{"displayName": "x"}`) is [`Form::Legacy`] if it has a member that only
/// ever stood in the old form (`errorUrl`, `orgRestrictions`, …), and otherwise [`Form::Graph`].
///
/// # Errors
/// [`Reason::OtherForm`] for each member of the Microsoft Graph form in a document that has members of the old form too.
///
/// ```
/// use vestibule_wire::manifest::{Form, detect};
/// let manifest = serde_json::json!({"name": "Tasks", "appRoles": []});
/// assert_eq!(detect(manifest.as_object().unwrap()).unwrap(), Form::Legacy);
///
/// let mixed = serde_json::json!({"name": "Tasks", "web": {"redirectUris": []}});
/// let errors = detect(mixed.as_object().unwrap()).unwrap_err();
/// assert_eq!(
///     errors.to_string(),
///     "web.redirectUris is of the Microsoft Graph form, but name of the Azure AD Graph form"
/// );
/// ```
pub fn detect(manifest: &Map<String, Value>) -> Result<Form, ManifestErrors> {
    let there = |path: &&'static str| match path::get(manifest, path) {
        // In the new form it is an object, and its members speak for themselves.
        Some(value) => *path != PUBLIC_CLIENT || value.is_boolean(),
        None => false,
    };
    let old: Vec<_> = old_paths().filter(|path| !new_paths().any(|new| new == *path)).filter(there).collect();
    let new: Vec<_> = new_paths().filter(|path| !old_paths().any(|old| old == *path)).filter(there).collect();
    match (old.as_slice(), new.as_slice()) {
        ([], []) if OLD_ONLY.iter().any(|name| manifest.contains_key(*name)) => Ok(Form::Legacy),
        ([], _) => Ok(Form::Graph),
        (_, []) => Ok(Form::Legacy),
        (old, new) => {
            let mut faults = Faults::default();
            for member in new {
                faults.add(*member, Reason::OtherForm(old.iter().map(|name| (*name).to_owned()).collect()));
            }
            faults.unless_any(Form::Graph)
        }
    }
}

/// Whether the document has any member of an application.
pub(crate) fn is_application(manifest: &Map<String, Value>) -> bool {
    let first = |path: &'static str| path.split_once('.').map_or(path, |(head, _)| head);
    old_paths()
        .chain(new_paths())
        .map(first)
        .chain(OLD_ONLY.iter().copied())
        .any(|name| manifest.contains_key(name))
}
