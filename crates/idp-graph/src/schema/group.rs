//! `microsoft.graph.group`.

use idp_domain::directory::Group;
use serde_json::{Map, Value, json};

use super::directory_object::{DELETED, DIRECTORY_OBJECT};
use super::texts::{self, MAX_NAME, time};
use crate::error::{Fault, MemberFault};
use crate::etag;
use crate::odata::schema::{EntityType, Navigation, boolean, date_time, guid, string, strings};

/// A group.
pub static GROUP: EntityType = EntityType::directory("group", "groups")
    .properties(&[
        guid("id").shown().filterable().required(),
        DELETED.shown(),
        string("classification").shown().writable(),
        date_time("createdDateTime").shown().filterable(),
        string("description").shown().filterable_when_advanced().writable(),
        string("displayName").shown().filterable().sortable().writable().required(),
        strings("groupTypes").shown().filterable().writable_on_create(),
        boolean("isAssignableToRole").shown().filterable().writable_on_create(),
        string("mail").shown().filterable().sortable_when_advanced(),
        boolean("mailEnabled").shown().filterable().writable_on_create().required(),
        string("mailNickname").shown().filterable().writable().required(),
        string("membershipRule").shown().filterable(),
        string("membershipRuleProcessingState").shown(),
        date_time("onPremisesLastSyncDateTime").shown(),
        string("onPremisesSamAccountName").shown(),
        string("onPremisesSecurityIdentifier").shown(),
        boolean("onPremisesSyncEnabled").shown().filterable(),
        string("preferredLanguage").shown().writable(),
        strings("proxyAddresses").shown().filterable(),
        boolean("securityEnabled").shown().filterable().writable().required(),
        string("securityIdentifier").shown(),
        string("theme").shown().writable(),
        string("visibility").shown().writable(),
    ])
    .navigations(&[
        Navigation::many("members", &DIRECTORY_OBJECT),
        Navigation::many("owners", &DIRECTORY_OBJECT),
        Navigation::many("memberOf", &DIRECTORY_OBJECT),
    ]);

/// Members that are carried as they are.
const CARRIED_TEXTS: &[&str] = &["classification", "description", "preferredLanguage", "theme", "visibility"];

/// All properties, as they are now.
pub fn render(group: &Group) -> Map<String, Value> {
    let carried = group.profile.members();
    let mail = group.profile.text("mail");
    let Value::Object(mut members) = json!({
        "@odata.etag": etag::of(group.revision),
        "id": group.id.to_string(),
        "deletedDateTime": null,
        "createdDateTime": time(group.created_at),
        "displayName": group.display_name,
        "groupTypes": carried.get("groupTypes").cloned().unwrap_or_else(|| json!([])),
        "isAssignableToRole": if group.assignable_to_role { json!(true) } else { Value::Null },
        "mail": mail,
        "mailEnabled": group.mail_enabled,
        "mailNickname": group.mail_nickname,
        "membershipRule": null,
        "membershipRuleProcessingState": null,
        "onPremisesLastSyncDateTime": null,
        "onPremisesSamAccountName": null,
        "onPremisesSecurityIdentifier": null,
        "onPremisesSyncEnabled": null,
        "proxyAddresses": mail.map(|mail| format!("SMTP:{mail}")).into_iter().collect::<Vec<_>>(),
        "securityEnabled": group.security_enabled,
        "securityIdentifier": security_identifier(group),
    }) else {
        return Map::new();
    };
    for name in CARRIED_TEXTS {
        members.insert((*name).into(), carried.get(*name).cloned().unwrap_or(Value::Null));
    }
    members
}

/// Entra: `S-1-12-1-` and the id as four numbers, as they lie in memory.
fn security_identifier(group: &Group) -> String {
    let mut text = String::from("S-1-12-1");
    for four in group.id.guid().to_bytes_le().chunks_exact(4) {
        let number = u32::from_le_bytes([four[0], four[1], four[2], four[3]]);
        text.push_str(&format!("-{number}"));
    }
    text
}

/// Takes what was written, whose types are right already.
pub fn apply(group: &mut Group, set: &Map<String, Value>) -> Result<(), Vec<MemberFault>> {
    let mut faults = Vec::new();
    for (name, value) in set {
        if let Err(fault) = take(group, name, value) {
            faults.push(fault);
        }
    }
    if !group.mail_enabled && !group.security_enabled {
        let why = "a group is mail-enabled, security-enabled, or both.";
        faults.push(MemberFault::new("securityEnabled", Fault::Value(why.into())));
    }
    if group.assignable_to_role && !group.security_enabled {
        let why = "a group that roles can be assigned to is security-enabled.";
        faults.push(MemberFault::new("isAssignableToRole", Fault::Value(why.into())));
    }
    if faults.is_empty() { Ok(()) } else { Err(faults) }
}

fn take(group: &mut Group, name: &str, value: &Value) -> Result<(), MemberFault> {
    let wrong = |why: &str| Err(MemberFault::new(name, Fault::Value(why.into())));
    let text = value.as_str().unwrap_or_default();
    match name {
        "displayName" => group.display_name = texts::filled(name, text, MAX_NAME)?,
        "mailNickname" => group.mail_nickname = texts::nickname(name, text)?,
        "mailEnabled" => group.mail_enabled = value.as_bool().unwrap_or_default(),
        "securityEnabled" => group.security_enabled = value.as_bool().unwrap_or_default(),
        "isAssignableToRole" => group.assignable_to_role = value.as_bool().unwrap_or_default(),
        "groupTypes" => {
            // GA-10: there are no rules by which somebody could make themselves a member.
            if value.as_array().into_iter().flatten().any(|kind| kind != "Unified") {
                return wrong("it is empty or [\"Unified\"]; dynamic membership is not supported.");
            }
            group.profile.set(name, value.clone());
        }
        "visibility" if !text.is_empty() => {
            if !["Public", "Private", "HiddenMembership"].contains(&text) {
                return wrong("it is Public, Private or HiddenMembership.");
            }
            group.profile.set(name, value.clone());
        }
        _ => {
            let text = texts::optional(name, value, 1024)?;
            group.profile.set(name, text.map_or(Value::Null, Value::String));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use idp_domain::directory::Profile;
    use jiff::Timestamp;
    use vestibule_wire::ids::{GroupId, TenantId};

    use super::*;

    fn sales() -> Group {
        Group {
            tenant: TenantId::from_u128(1),
            id: GroupId::from_u128(0x04030201_0605_0807_0a0b_0c0d0e0f1011),
            display_name: "Sales".into(),
            mail_nickname: "sales".into(),
            mail_enabled: false,
            security_enabled: true,
            assignable_to_role: false,
            created_at: Timestamp::UNIX_EPOCH,
            profile: Profile::default(),
            revision: 1,
        }
    }

    #[test]
    fn every_property_of_the_table_is_rendered_and_nothing_else() {
        let rendered = render(&sales());
        for property in GROUP.properties {
            assert!(rendered.contains_key(property.name), "{}", property.name);
        }
        for name in rendered.keys().filter(|name| !name.starts_with('@')) {
            assert!(GROUP.properties.iter().any(|property| property.name == name), "{name}");
        }
        assert_eq!(rendered["securityIdentifier"], "S-1-12-1-67305985-134678021-218893066-286265102");
    }

    #[test]
    fn ga_10_no_rule_makes_members() {
        let mut group = sales();
        let set = Map::from_iter([("groupTypes".to_owned(), json!(["DynamicMembership"]))]);
        assert_eq!(apply(&mut group, &set).unwrap_err()[0].member, "groupTypes");
    }

    #[test]
    fn a_group_is_for_something() {
        let mut group = sales();
        let set = Map::from_iter([("securityEnabled".to_owned(), json!(false))]);
        assert_eq!(apply(&mut group, &set).unwrap_err()[0].member, "securityEnabled");
    }
}
