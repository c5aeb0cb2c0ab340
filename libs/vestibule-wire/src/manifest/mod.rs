//! Application manifests: the old form of Azure AD Graph and the `application` of Microsoft Graph, one into the other.
//!
//! Both are JSON objects, and both are read and written as such ([`serde_json::Map`]): this module knows the members'
//! names, places and types, and leaves their values to the directory. `table` holds every correspondence in one place.
//!
//! Nothing is lost. A member that has no counterpart is carried: it stands in the other form under its own name, and
//! an object that keeps members which have no counterpart is carried with these only (`web.redirectUriSettings` becomes
//! the old form's `web` with nothing but `redirectUriSettings`). So `errorUrl` and `orgRestrictions` survive Microsoft
//! Graph, and `notes` and `spa.unheardOf` survive the old form.
//!
//! # Normal forms
//!
//! There and back again gives the same object for a manifest in normal form. One that is not comes back in normal form,
//! with the same meaning. The order of members means nothing.
//!
//! The old form is normal when it
//! - has the names of the manifest page of 2018 to 2024: `id`, `name`, `signInUrl`, `accessTokenAcceptedVersion`,
//!   `allowPublicClient`, `replyUrlsWithType` and `signInAudience`, not `objectId`, `displayName`, `homepage`,
//!   `requestedAccessTokenVersion`, `publicClient` (the boolean), `replyUrls` and `availableToOtherTenants`;
//! - lists `replyUrlsWithType` by type, in the order `Web`, `Spa`, `InstalledClient`, and is not null there;
//! - has `oauth2AllowIdTokenImplicitFlow` if `oauth2AllowImplicitFlow` is true;
//! - says `startDate`, `endDate`, `value` in credentials and `permissionIds` in `preAuthorizedApplications`;
//! - has neither null nor an object without members for `informationalUrls` and for what it carries of `web`, `spa`,
//!   `api`, `publicClient` and `info`.
//!
//! The Microsoft Graph form is normal when it
//! - has all of `web.redirectUris`, `spa.redirectUris` and `publicClient.redirectUris`, as arrays, or none of them;
//! - has `web.implicitGrantSettings.enableIdTokenIssuance` if `enableAccessTokenIssuance` is true there;
//! - says `startDateTime`, `endDateTime`, `key`, `secretText` in credentials and `delegatedPermissionIds` in
//!   `api.preAuthorizedApplications`;
//! - has neither null nor an object without members for `web`, `web.implicitGrantSettings`, `spa`, `api`,
//!   `publicClient` and `info`, and for a carried `informationalUrls`.
//!
//! Every answer of Microsoft Graph v1.0 to `GET /applications/{id}` is normal, and so is what [`to_graph`] returns.
//!
//! ```
//! use vestibule_wire::manifest::{Form, parse, to_graph, to_legacy};
//!
//! let file = br#"{
//!     "name": "Tasks",
//!     "errorUrl": null,
//!     "replyUrlsWithType": [{"url": "https://tasks.contoso.example/signin", "type": "Spa"}]
//! }"#;
//! let (Form::Legacy, manifest) = parse(file)? else { unreachable!() };
//! let application = to_graph(manifest.clone())?;
//! assert_eq!(application["displayName"], "Tasks");
//! assert_eq!(application["spa"]["redirectUris"][0], "https://tasks.contoso.example/signin");
//! assert_eq!(to_legacy(&application), manifest);
//! # Ok::<(), vestibule_wire::manifest::ManifestErrors>(())
//! ```

mod audience;
mod conversion;
mod detect;
mod error;
mod implicit;
mod json;
mod kind;
mod parse;
mod path;
mod platforms;
mod table;
#[cfg(test)]
mod tests;

use serde_json::{Map, Value};

pub use detect::{Form, detect};
pub use error::{MAX_ERRORS, ManifestError, ManifestErrors, Reason};
pub use json::MAX_DEPTH;
pub use parse::{MAX_BYTES, parse};

use conversion::convert;
use kind::Direction;

/// Takes a manifest of the old form, of any year, to the Microsoft Graph form.
///
/// Single-flag manifests, those without `oauth2AllowIdTokenImplicitFlow`, allowed ID tokens with
/// `oauth2AllowImplicitFlow` too. `replyUrls` are those of a public client if `publicClient` is true, else of a web
/// application. Members of two years may stand side by side (Azure AD Graph answered with `replyUrls` and
/// `replyUrlsWithType`) if they say the same. A normal manifest of the Microsoft Graph form comes back as it is.
///
/// # Errors
/// Every known member that is not of its type or contradicts another, and those that [`detect`] refuses.
///
/// Source: "Azure Active Directory Graph app manifest deprecation", on Microsoft Learn.
pub fn to_graph(legacy: Map<String, Value>) -> Result<Map<String, Value>, ManifestErrors> {
    detect(&legacy)?;
    let (graph, faults) = convert(Direction::ToGraph, legacy);
    faults.unless_any(graph)
}

/// Takes a manifest of the Microsoft Graph form to the old form, as the portal's manifest page showed it until 2024.
///
/// A member that is not of its documented type, or whose place in the old form is taken by one that is carried, is
/// carried itself: this cannot fail, and loses nothing. [`parse`] names such members.
pub fn to_legacy(graph: &Map<String, Value>) -> Map<String, Value> {
    convert(Direction::ToLegacy, graph.clone()).0
}
