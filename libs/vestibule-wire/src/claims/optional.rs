//! The words of `optionalClaims`: the claims an application can ask for, and what changes their values.
//!
//! ```
//! use vestibule_wire::claims::optional;
//!
//! let name = "extension_ab603c56068041afb2f6832e2a17e237_skypeId";
//! assert_eq!(optional::extension(name).as_deref(), Some("extn.skypeId"));
//! assert_eq!(optional::extension("extension_sub"), None);
//! ```

/// `acct`
pub const ACCT: &str = "acct";
/// `aud`, with [`USE_GUID`].
pub const AUD: &str = "aud";
/// `auth_time`
pub const AUTH_TIME: &str = "auth_time";
/// `ctry`
pub const CTRY: &str = "ctry";
/// `email`
pub const EMAIL: &str = "email";
/// `family_name`
pub const FAMILY_NAME: &str = "family_name";
/// `given_name`
pub const GIVEN_NAME: &str = "given_name";
/// `groups`, with [`EMIT_AS_ROLES`].
pub const GROUPS: &str = "groups";
/// `idtyp`, with [`INCLUDE_USER_TOKEN`].
pub const IDTYP: &str = "idtyp";
/// `ipaddr`
pub const IPADDR: &str = "ipaddr";
/// `login_hint`
pub const LOGIN_HINT: &str = "login_hint";
/// `preferred_username`
pub const PREFERRED_USERNAME: &str = "preferred_username";
/// `sid`
pub const SID: &str = "sid";
/// `upn`, with [`EXTERNAL_UPN`] or [`EXTERNAL_UPN_WITHOUT_HASH`].
pub const UPN: &str = "upn";
/// `verified_primary_email`
pub const VERIFIED_PRIMARY_EMAIL: &str = "verified_primary_email";
/// `xms_cc`
pub const XMS_CC: &str = "xms_cc";
/// `xms_edov`
pub const XMS_EDOV: &str = "xms_edov";
/// `xms_pl`
pub const XMS_PL: &str = "xms_pl";

/// Of `aud`: the client id, however the resource was asked for.
pub const USE_GUID: &str = "use_guid";
/// Of `groups`: in `roles`, in place of app roles.
pub const EMIT_AS_ROLES: &str = "emit_as_roles";
/// Of `idtyp`: in tokens for users too.
pub const INCLUDE_USER_TOKEN: &str = "include_user_token";
/// Of `upn`: of guests too, as `name_home.example#EXT#@here.example`.
pub const EXTERNAL_UPN: &str = "include_externally_authenticated_upn";
/// Of `upn`: of guests too, as `name_home.example_EXT_@here.example`.
pub const EXTERNAL_UPN_WITHOUT_HASH: &str = "include_externally_authenticated_upn_without_hash";

/// The `source` of directory extensions.
pub const SOURCE_USER: &str = "user";

/// The claim of a directory extension: `extension_{client id without hyphens}_{attribute}` is told as `extn.{attribute}`.
pub fn extension(name: &str) -> Option<String> {
    let (application, attribute) = name.strip_prefix("extension_")?.split_once('_')?;
    let is_id = application.len() == 32 && application.bytes().all(|b| b.is_ascii_hexdigit());
    (is_id && !attribute.is_empty()).then(|| format!("extn.{attribute}"))
}
