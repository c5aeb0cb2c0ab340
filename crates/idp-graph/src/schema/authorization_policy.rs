//! `microsoft.graph.authorizationPolicy`, as far as it decides anything here.

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
    });
    match policy {
        Value::Object(members) => members,
        _ => Map::new(),
    }
}

/// What users may consent to, when that was written.
pub fn user_consent(set: &Map<String, Value>) -> Result<Option<UserConsent>, MemberFault> {
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
    fn every_property_of_the_table_is_rendered_and_nothing_else() {
        let rendered = render(&Tenant::of_personal_accounts());
        for property in AUTHORIZATION_POLICY.properties {
            assert!(rendered.contains_key(property.name), "{}", property.name);
        }
        assert_eq!(rendered.len(), AUTHORIZATION_POLICY.properties.len() + 1);
    }
}
