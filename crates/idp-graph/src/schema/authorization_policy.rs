//! `microsoft.graph.authorizationPolicy`, as far as it decides anything here.

use idp_domain::policies::FlowSwitch;
use idp_domain::tenant::{Tenant, UserConsent};
use serde_json::{Map, Value, json};

use crate::error::{Fault, MemberFault};
use crate::etag;
use crate::odata::schema::{EntityType, Property, boolean, complex, string, strings};

/// What people call it.
pub const NAME: &str = "Authorization Policy";
/// The member that says what users may.
pub const ROLE_PERMISSIONS: &str = "defaultUserRolePermissions";
const CONSENT: &str = "permissionGrantPoliciesAssigned";
/// Who may give a password to a program. Not Graph's, where that is a matter of Conditional Access.
pub const PASSWORD_GRANT: &str = "passwordGrant";
/// Who may sign in for another device. The same.
pub const DEVICE_CODE: &str = "deviceCode";

const PERMISSIONS: &[Property] = &[
    boolean("allowedToCreateApps"),
    boolean("allowedToCreateSecurityGroups"),
    boolean("allowedToReadOtherUsers"),
    strings(CONSENT),
];

/// The policy.
pub static AUTHORIZATION_POLICY: EntityType =
    EntityType::open("authorizationPolicy", "policies/authorizationPolicy").properties(&[
        string("id").shown(),
        string("displayName").shown(),
        string("description").shown(),
        complex(ROLE_PERMISSIONS, PERMISSIONS).shown().writable(),
        string(PASSWORD_GRANT).shown().writable(),
        string(DEVICE_CODE).shown().writable(),
    ]);

/// Entra's policies on consent, by what they let users do.
const POLICIES: [(UserConsent, &str); 2] = [
    (UserConsent::Any, "ManagePermissionGrantsForSelf.microsoft-user-default-legacy"),
    (UserConsent::LowRisk, "ManagePermissionGrantsForSelf.microsoft-user-default-low"),
];

/// The policy of a tenant.
pub fn render(tenant: &Tenant) -> Map<String, Value> {
    let assigned: Vec<_> = POLICIES
        .iter()
        .filter_map(|(consent, policy)| (*consent == tenant.user_consent).then_some(*policy))
        .collect();
    let policy = json!({
        "@odata.etag": etag::of(tenant.revision),
        "id": "authorizationPolicy",
        "displayName": NAME,
        "description": "What users may do without an administrator.",
        ROLE_PERMISSIONS: {
            "allowedToCreateApps": true,
            "allowedToCreateSecurityGroups": true,
            "allowedToReadOtherUsers": true,
            CONSENT: assigned,
        },
        PASSWORD_GRANT: tenant.flows.password_grant.as_str(),
        DEVICE_CODE: tenant.flows.device_code.as_str(),
    });
    match policy {
        Value::Object(members) => members,
        _ => Map::new(),
    }
}

/// What becomes of a tenant when this is written. Every member at fault is named.
pub fn apply(tenant: &Tenant, set: &Map<String, Value>) -> Result<Tenant, Vec<MemberFault>> {
    let (mut after, mut faults) = (tenant.clone(), Vec::new());
    match user_consent(set) {
        Ok(consent) => after.user_consent = consent.unwrap_or(after.user_consent),
        Err(fault) => faults.push(fault),
    }
    let places =
        [(PASSWORD_GRANT, &mut after.flows.password_grant), (DEVICE_CODE, &mut after.flows.device_code)];
    for (name, place) in places {
        let Some(value) = set.get(name) else { continue };
        match value.as_str().and_then(FlowSwitch::parse) {
            Some(switch) => *place = switch,
            None => {
                let words = FlowSwitch::ALL.map(FlowSwitch::as_str).join(", ");
                faults.push(MemberFault::new(name, Fault::Value(format!("it is one of {words}."))));
            }
        }
    }
    if faults.is_empty() { Ok(after) } else { Err(faults) }
}

/// What users may consent to, when that was written.
fn user_consent(set: &Map<String, Value>) -> Result<Option<UserConsent>, MemberFault> {
    let Some(Value::Object(permissions)) = set.get(ROLE_PERMISSIONS) else { return Ok(None) };
    let fault = |member: &str, why: &str| {
        Err(MemberFault::new(format!("{ROLE_PERMISSIONS}/{member}"), Fault::Value(why.into())))
    };
    for (name, value) in permissions {
        if name != CONSENT && *value != Value::Bool(true) {
            return fault(name, "it cannot be taken from users here.");
        }
    }
    let Some(assigned) = permissions.get(CONSENT).and_then(Value::as_array) else { return Ok(None) };
    let known =
        |text: &Value| POLICIES.iter().find(|(_, policy)| text == policy).map(|(consent, _)| *consent);
    match assigned.as_slice() {
        [] => Ok(Some(UserConsent::Nothing)),
        [only] if known(only).is_some() => Ok(known(only)),
        _ => fault(
            CONSENT,
            "it is empty, or one of ManagePermissionGrantsForSelf.microsoft-user-default-legacy and \
             ManagePermissionGrantsForSelf.microsoft-user-default-low.",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(permissions: Value) -> Result<Option<UserConsent>, MemberFault> {
        user_consent(&Map::from_iter([(ROLE_PERMISSIONS.to_owned(), permissions)]))
    }

    #[test]
    fn what_is_written_is_read_back() {
        for consent in [UserConsent::Any, UserConsent::LowRisk, UserConsent::Nothing] {
            let tenant = Tenant { user_consent: consent, ..Tenant::of_personal_accounts() };
            assert_eq!(user_consent(&render(&tenant)).unwrap(), Some(consent));
        }
    }

    #[test]
    fn cn_01_what_is_no_policy_on_consent_is_refused_and_named() {
        for permissions in [
            json!({ CONSENT: ["ManagePermissionGrantsForSelf.everything"] }),
            json!({ CONSENT: [POLICIES[0].1, POLICIES[1].1] }),
            json!({ CONSENT: [7] }),
            json!({ "allowedToCreateApps": false }),
        ] {
            assert!(written(permissions).unwrap_err().member.starts_with(ROLE_PERMISSIONS));
        }
        assert_eq!(written(json!({})).unwrap(), None);
    }

    #[test]
    fn ro_01_dc_10_the_switches_are_written_and_read_back_and_nothing_else_is() {
        let tenant = Tenant::of_personal_accounts();
        for switch in FlowSwitch::ALL {
            let set = Map::from_iter([(PASSWORD_GRANT.to_owned(), json!(switch.as_str()))]);
            let after = apply(&tenant, &set).unwrap();
            assert_eq!(after.flows.password_grant, switch);
            assert_eq!(after.flows.device_code, tenant.flows.device_code);
            assert_eq!(apply(&tenant, &render(&after)).unwrap(), after);
        }
        for bad in [json!("Blocked"), json!(null), json!(false), json!("")] {
            let set =
                Map::from_iter([PASSWORD_GRANT, DEVICE_CODE].map(|name| (name.to_owned(), bad.clone())));
            let faults = apply(&tenant, &set).unwrap_err();
            let at: Vec<_> = faults.iter().map(|fault| fault.member.as_str()).collect();
            assert_eq!(at, [PASSWORD_GRANT, DEVICE_CODE], "{bad}");
        }
    }

    #[test]
    fn every_property_of_the_table_is_rendered_and_nothing_else() {
        let rendered = render(&Tenant::of_personal_accounts());
        for property in AUTHORIZATION_POLICY.properties {
            assert!(rendered.contains_key(property.name), "{}", property.name);
        }
        assert_eq!(rendered.len(), AUTHORIZATION_POLICY.properties.len() + 1);
    }
}
