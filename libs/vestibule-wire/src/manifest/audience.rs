//! Who may sign in: `signInAudience`, which was `availableToOtherTenants` in 2015.

use serde_json::Value;

use super::conversion::Conversion;
use super::error::Reason;
use super::kind::Kind;

pub(crate) const OLD: &[&str] = &[OTHER_TENANTS, AUDIENCE];
pub(crate) const NEW: &[&str] = &[AUDIENCE];

const OTHER_TENANTS: &str = "availableToOtherTenants";
const AUDIENCE: &str = "signInAudience";
const ONE_TENANT: &str = "AzureADMyOrg";
const ALL_TENANTS: &str = "AzureADMultipleOrgs";

pub(crate) fn to_graph(conversion: &mut Conversion) {
    let audience = match conversion.get(AUDIENCE) {
        None => None,
        Some(_) => match conversion.typed(AUDIENCE, Kind::Text) {
            None => return,
            said => said,
        },
    };
    let Some(others) = conversion.typed(OTHER_TENANTS, Kind::Flag) else { return };
    let word = match (&audience, &others) {
        (Some(Value::String(word)), Value::Bool(others)) if !agree(word, *others) => {
            return conversion.fault(OTHER_TENANTS, Reason::Contradicts(AUDIENCE.to_owned()));
        }
        (Some(said @ Value::String(_)), _) => Some(said.clone()),
        (_, Value::Bool(true)) => Some(ALL_TENANTS.into()),
        (_, Value::Bool(false)) => Some(ONE_TENANT.into()),
        _ => audience,
    };
    conversion.replace(OLD, word.map(|word| (AUDIENCE, word)).into_iter().collect());
}

/// Azure AD Graph answered with both. What the old one said of personal accounts is not written anywhere.
fn agree(audience: &str, others: bool) -> bool {
    match audience {
        ONE_TENANT => !others,
        ALL_TENANTS | "AzureADandPersonalMicrosoftAccount" => others,
        _ => true,
    }
}

pub(crate) fn to_legacy(conversion: &mut Conversion) {
    conversion.read(AUDIENCE, &[], AUDIENCE, Kind::Text);
}
