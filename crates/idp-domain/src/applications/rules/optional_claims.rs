//! Optional claims: names that mean something (section 3.9), or directory extensions of the user.

use vestibule_wire::graph::OptionalClaim;

use super::{Circumstances, Findings, Rule};
use crate::applications::Application;

/// The predefined claims, in alphabetical order.
const KNOWN: &[&str] = &[
    "acct",
    "acrs",
    "aud",
    "auth_time",
    "ctry",
    "email",
    "family_name",
    "fwd",
    "given_name",
    "groups",
    "idtyp",
    "in_corp",
    "ipaddr",
    "login_hint",
    "onprem_sid",
    "preferred_username",
    "pwd_exp",
    "pwd_url",
    "sid",
    "tenant_ctry",
    "tenant_region_scope",
    "upn",
    "verified_primary_email",
    "verified_secondary_email",
    "vnet",
    "xms_cc",
    "xms_edov",
    "xms_pdl",
    "xms_pl",
    "xms_tpl",
    "ztdid",
];

/// Whether this is a predefined optional claim.
pub fn is_known(name: &str) -> bool {
    KNOWN.binary_search(&name).is_ok()
}

pub(super) fn check(new: &Application, circumstances: &Circumstances<'_>, found: &mut Findings) {
    let claims = &new.optional_claims;
    for (kind, list) in [
        ("idToken", &claims.id_token),
        ("accessToken", &claims.access_token),
        ("saml2Token", &claims.saml2_token),
    ] {
        for (index, claim) in list.iter().enumerate() {
            let member = format!("optionalClaims.{kind}[{index}]");
            if list[..index].iter().any(|other| other.name == claim.name && other.source == claim.source) {
                let reason = format!("'{}' is there twice", claim.name.escape_debug());
                found.add(format!("{member}.name"), Rule::Duplicate, reason);
            }
            if !circumstances.registered_before {
                of_claim(claim, &member, found);
            }
        }
    }
}

fn of_claim(claim: &OptionalClaim, member: &str, found: &mut Findings) {
    let name = claim.name.escape_debug();
    match claim.source.as_deref() {
        Some("user") if is_extension(&claim.name) => {}
        Some("user") => {
            let reason = format!("'{name}' is not a directory extension, which the source 'user' needs");
            found.add(format!("{member}.name"), Rule::Unknown, reason);
        }
        Some(other) => {
            let reason = format!("'{}' is not a source: null, or 'user'", other.escape_debug());
            found.add(format!("{member}.source"), Rule::Unknown, reason);
        }
        None if is_known(&claim.name) => {}
        None => {
            found.add(format!("{member}.name"), Rule::Unknown, format!("'{name}' is not an optional claim"))
        }
    }
}

/// `extension_{client id without hyphens}_{name}`
fn is_extension(name: &str) -> bool {
    let rest = name.strip_prefix("extension_").or_else(|| name.strip_prefix("extn."));
    rest.is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_'))
}
