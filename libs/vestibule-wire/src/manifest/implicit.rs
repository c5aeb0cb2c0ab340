//! The implicit grant: which tokens the authorize endpoint may hand out.
//!
//! Until 2018 there was one switch, `oauth2AllowImplicitFlow`, and it allowed both ID tokens and access tokens. A
//! manifest without `oauth2AllowIdTokenImplicitFlow` is read in that sense; one that the other way would end up without
//! it gets it, as false.

use serde_json::Value;

use super::conversion::Conversion;
use super::kind::Kind;

pub(crate) const OLD: &[&str] = &["oauth2AllowImplicitFlow", "oauth2AllowIdTokenImplicitFlow"];
pub(crate) const NEW: &[&str] = &[
    "web.implicitGrantSettings.enableAccessTokenIssuance",
    "web.implicitGrantSettings.enableIdTokenIssuance",
];

pub(crate) fn to_graph(conversion: &mut Conversion) {
    let single = conversion.get(OLD[0]) == Some(&Value::Bool(true)) && conversion.get(OLD[1]).is_none();
    conversion.read(OLD[0], &[], NEW[0], Kind::Flag);
    conversion.read(OLD[1], &[], NEW[1], Kind::Flag);
    if single {
        conversion.replace(&[], vec![(NEW[1], Value::Bool(true))]);
    }
}

pub(crate) fn to_legacy(conversion: &mut Conversion) {
    let access_only = conversion.get(NEW[0]) == Some(&Value::Bool(true)) && conversion.get(NEW[1]).is_none();
    conversion.read(NEW[0], &[], OLD[0], Kind::Flag);
    conversion.read(NEW[1], &[], OLD[1], Kind::Flag);
    if access_only {
        conversion.replace(&[], vec![(OLD[1], Value::Bool(false))]);
    }
}
