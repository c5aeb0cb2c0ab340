//! `microsoft.graph.directoryAudit` and `microsoft.graph.signIn`: the audit record in Graph's words.

use idp_domain::audit::{Activity, AuditEvent};
use jiff::Timestamp;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::texts::time;
use crate::odata::schema::{EntityType, Kind, Property, collection, complex, date_time, guid, int32, string};

const INITIATOR: &[Property] = &[
    complex(
        "app",
        &[
            guid("appId").filterable(),
            string("displayName"),
            guid("servicePrincipalId"),
            string("servicePrincipalName"),
        ],
    ),
    complex(
        "user",
        &[guid("id").filterable(), string("displayName"), string("userPrincipalName"), string("ipAddress")],
    ),
];
const MODIFIED: &[Property] = &[string("displayName"), string("newValue"), string("oldValue")];
const TARGET: &[Property] = &[
    string("displayName"),
    string("groupType"),
    guid("id").filterable(),
    collection("modifiedProperties", &Kind::Complex(MODIFIED)),
    string("type"),
    string("userPrincipalName"),
];

/// Something that was done to the directory.
pub static DIRECTORY_AUDIT: EntityType = EntityType::open("directoryAudit", "auditLogs/directoryAudits")
    .properties(&[
        string("id").shown().filterable().required(),
        date_time("activityDateTime").shown().filterable(),
        string("activityDisplayName").shown().filterable(),
        collection("additionalDetails", &Kind::Any).shown(),
        string("category").shown().filterable(),
        guid("correlationId").shown().filterable(),
        complex("initiatedBy", INITIATOR).shown().filterable(),
        string("loggedByService").shown().filterable(),
        string("operationType").shown(),
        string("result").shown(),
        string("resultReason").shown(),
        collection("targetResources", &Kind::Complex(TARGET)).shown().filterable(),
    ]);

const STATUS: &[Property] =
    &[string("additionalDetails"), int32("errorCode").filterable(), string("failureReason")];

/// Somebody signed in, or tried to.
pub static SIGN_IN: EntityType = EntityType::open("signIn", "auditLogs/signIns").properties(&[
    string("id").shown().filterable().required(),
    string("appDisplayName").shown().filterable(),
    guid("appId").shown().filterable(),
    string("clientAppUsed").shown(),
    string("conditionalAccessStatus").shown(),
    guid("correlationId").shown().filterable(),
    date_time("createdDateTime").shown().filterable(),
    string("ipAddress").shown().filterable(),
    complex("status", STATUS).shown().filterable(),
    string("userDisplayName").shown().filterable(),
    guid("userId").shown().filterable(),
    string("userPrincipalName").shown().filterable(),
]);

/// What is a sign-in.
pub const SIGN_INS: &[Activity] =
    &[Activity::SignIn, Activity::SignInFailed, Activity::AccountLocked, Activity::FlowBlocked];

/// Everything else.
pub fn changes() -> Vec<Activity> {
    Activity::ALL.iter().copied().filter(|activity| !SIGN_INS.contains(activity)).collect()
}

/// What the ids of an event are called, as far as they still are.
#[derive(Debug, Clone, Default)]
pub struct Names {
    /// The person: display name and user principal name.
    pub user: Option<(String, String)>,
    /// The application, and its service principal.
    pub client: Option<(String, Uuid)>,
}

/// The id of an event.
pub fn id(event: &AuditEvent) -> String {
    Uuid::from_bytes(event.id).to_string()
}

/// An entry of the record of what was done.
pub fn directory_audit(event: &AuditEvent, names: &Names) -> Map<String, Value> {
    let (display, category, operation) =
        words(event.activity, event.target.as_ref().map(|target| &*target.kind));
    let target = event.target.as_ref();
    let modified = |target: &idp_domain::audit::Target| -> Vec<Value> {
        let changed = target.changed.iter();
        changed.map(|name| json!({ "displayName": name, "newValue": null, "oldValue": null })).collect()
    };
    let resource = |id: String, name: Option<&str>, kind: Option<String>, modified: Vec<Value>| {
        json!({ "displayName": name, "groupType": null, "id": id, "modifiedProperties": modified, "type": kind,
            "userPrincipalName": null })
    };
    let mut targets = Vec::new();
    if let Some(target) = target {
        targets.push(resource(
            target.id.to_string(),
            Some(&target.name),
            Some(title(&target.kind)),
            modified(target),
        ));
        targets.extend(target.other.map(|other| resource(other.to_string(), None, None, Vec::new())));
    }
    object(json!({
        "id": id(event),
        "activityDateTime": at(event.at),
        "activityDisplayName": display,
        "additionalDetails": [],
        "category": category,
        "correlationId": event.correlation_id.map(|id| id.to_string()),
        "initiatedBy": {
            "user": event.user.map(|user| json!({
                "id": user.to_string(),
                "displayName": names.user.as_ref().map(|(name, _)| name),
                "userPrincipalName": names.user.as_ref().map(|(_, upn)| upn),
                "ipAddress": event.address.map(|address| address.to_string()),
            })),
            "app": event.client.map(|client| json!({
                "appId": client.to_string(),
                "displayName": names.client.as_ref().map(|(name, _)| name),
                "servicePrincipalId": names.client.as_ref().map(|(_, id)| id.to_string()),
                "servicePrincipalName": null,
            })),
        },
        "loggedByService": "Core Directory",
        "operationType": operation,
        "result": if event.activity == Activity::SignOutNotTold { "failure" } else { "success" },
        "resultReason": "",
        "targetResources": targets,
    }))
}

/// An entry of the record of sign-ins.
pub fn sign_in(event: &AuditEvent, names: &Names) -> Map<String, Value> {
    let (code, reason) = match event.activity {
        Activity::SignInFailed => (50126, "Invalid username or password."),
        Activity::AccountLocked => (50053, "The account is locked."),
        Activity::FlowBlocked => (53003, "Access has been blocked by Conditional Access policies."),
        _ => (0, "Other."),
    };
    let policy = if event.activity == Activity::FlowBlocked { "failure" } else { "notApplied" };
    object(json!({
        "id": id(event),
        "appDisplayName": names.client.as_ref().map(|(name, _)| name),
        "appId": event.client.map(|client| client.to_string()),
        "clientAppUsed": "Browser",
        "conditionalAccessStatus": policy,
        "correlationId": event.correlation_id.map(|id| id.to_string()),
        "createdDateTime": at(event.at),
        "ipAddress": event.address.map(|address| address.to_string()),
        "status": { "errorCode": code, "failureReason": reason, "additionalDetails": null },
        "userDisplayName": names.user.as_ref().map(|(name, _)| name),
        "userId": event.user.map(|user| user.to_string()),
        "userPrincipalName": names.user.as_ref().map(|(_, upn)| upn),
    }))
}

fn at(at: Timestamp) -> Value {
    time(at)
}

/// `servicePrincipal` is `ServicePrincipal` there.
fn title(kind: &str) -> String {
    let mut letters = kind.chars();
    letters.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(letters).collect()
}

/// What an activity is called, its category, and what kind of operation it is.
fn words(activity: Activity, kind: Option<&str>) -> (String, &'static str, &'static str) {
    use Activity as A;
    let object = match kind {
        Some("servicePrincipal") => "service principal",
        Some("oAuth2PermissionGrant") => "delegated permission grant",
        Some("user") => "user",
        Some("group") => "group",
        Some("application") => "application",
        _ => "object",
    };
    let of_kind = match kind {
        Some("user") => "UserManagement",
        Some("group") => "GroupManagement",
        Some("application" | "servicePrincipal") => "ApplicationManagement",
        _ => "DirectoryManagement",
    };
    let (display, category, operation) = match activity {
        A::ObjectAdded => (format!("Add {object}"), of_kind, "Add"),
        A::ObjectUpdated => (format!("Update {object}"), of_kind, "Update"),
        A::ObjectDeleted => (format!("Delete {object}"), of_kind, "Delete"),
        A::ObjectRestored => (format!("Restore {object}"), of_kind, "Update"),
        A::ObjectPurged => (format!("Hard delete {object}"), of_kind, "Delete"),
        A::MemberAdded => ("Add member to group".into(), "GroupManagement", "Assign"),
        A::MemberRemoved => ("Remove member from group".into(), "GroupManagement", "Unassign"),
        A::OwnerAdded => (format!("Add owner to {object}"), of_kind, "Assign"),
        A::OwnerRemoved => (format!("Remove owner from {object}"), of_kind, "Unassign"),
        A::RoleAssigned => ("Add member to role".into(), "RoleManagement", "Assign"),
        A::RoleRemoved => ("Remove member from role".into(), "RoleManagement", "Unassign"),
        A::CredentialAdded => {
            (format!("Update {object} – Certificates and secrets management"), of_kind, "Update")
        }
        A::CredentialRemoved => {
            (format!("Update {object} – Certificates and secrets management"), of_kind, "Update")
        }
        A::PasswordReset => ("Reset user password".into(), "UserManagement", "Update"),
        A::PasswordChanged => ("Change user password".into(), "UserManagement", "Update"),
        A::SessionsRevoked => {
            ("Update StsRefreshTokenValidFrom Timestamp".into(), "UserManagement", "Update")
        }
        A::AppRoleAssigned => ("Add app role assignment".into(), "ApplicationManagement", "Assign"),
        A::AppRoleRemoved => ("Remove app role assignment".into(), "ApplicationManagement", "Unassign"),
        A::ConsentGranted => ("Consent to application".into(), "ApplicationManagement", "Assign"),
        A::ConsentRefused => ("Refuse consent to application".into(), "ApplicationManagement", "Update"),
        A::ConsentWithdrawn => {
            ("Remove delegated permission grant".into(), "ApplicationManagement", "Unassign")
        }
        A::TenantCreated => ("Create company".into(), "DirectoryManagement", "Add"),
        A::TenantUpdated => ("Set company information".into(), "DirectoryManagement", "Update"),
        A::DomainAdded => ("Add verified domain".into(), "DirectoryManagement", "Add"),
        A::DomainRemoved => ("Remove verified domain".into(), "DirectoryManagement", "Delete"),
        other => (other.as_str().replace('_', " "), "Authentication", "Update"),
    };
    (display, category, operation)
}

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(members) => members,
        _ => Map::new(),
    }
}

#[cfg(test)]
mod tests {
    use idp_domain::randomness::Randomness;
    use vestibule_wire::ids::TenantId;

    use super::*;

    struct Zeros;

    impl Randomness for Zeros {
        fn fill(&self, buffer: &mut [u8]) {
            buffer.fill(0);
        }
    }

    #[test]
    fn every_activity_is_told_in_every_property_of_one_of_the_tables() {
        for activity in Activity::ALL {
            let event = AuditEvent::new(*activity, TenantId::from_u128(1), Timestamp::UNIX_EPOCH, &Zeros);
            let (entity, shown) = match SIGN_INS.contains(activity) {
                true => (&SIGN_IN, sign_in(&event, &Names::default())),
                false => (&DIRECTORY_AUDIT, directory_audit(&event, &Names::default())),
            };
            assert_eq!(shown.len(), entity.properties.len(), "{activity:?}");
            for property in entity.properties {
                assert!(shown.contains_key(property.name), "{activity:?} {}", property.name);
            }
        }
        assert_eq!(changes().len() + SIGN_INS.len(), Activity::ALL.len());
    }
}
