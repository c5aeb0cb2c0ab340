//! `microsoft.graph.organization` and `microsoft.graph.domain`: the tenant itself.

use idp_domain::tenant::Tenant;
use serde_json::{Map, Value, json};

use super::directory_object::DELETED;
use super::texts::time;
use crate::etag;
use crate::odata::schema::{
    EntityType, Kind, Property, boolean, collection, date_time, guid, int32, string, strings,
};

const VERIFIED_DOMAIN: &[Property] =
    &[string("capabilities"), boolean("isDefault"), boolean("isInitial"), string("name"), string("type")];

/// The organisation.
pub static ORGANIZATION: EntityType = EntityType::open("organization", "organization").properties(&[
    guid("id").shown().filterable().required(),
    DELETED.shown(),
    strings("businessPhones").shown(),
    string("city").shown(),
    string("country").shown(),
    string("countryLetterCode").shown(),
    date_time("createdDateTime").shown(),
    string("defaultUsageLocation").shown(),
    string("displayName").shown().filterable().writable().required(),
    boolean("onPremisesSyncEnabled").shown(),
    string("preferredLanguage").shown(),
    strings("technicalNotificationMails").shown(),
    string("tenantType").shown(),
    collection("verifiedDomains", &Kind::Complex(VERIFIED_DOMAIN)).shown(),
]);

/// A domain.
pub static DOMAIN: EntityType = EntityType::open("domain", "domains").properties(&[
    string("authenticationType").shown(),
    string("availabilityStatus").shown(),
    string("id").shown().filterable().required(),
    boolean("isAdminManaged").shown(),
    boolean("isDefault").shown().filterable(),
    boolean("isInitial").shown().filterable(),
    boolean("isRoot").shown(),
    boolean("isVerified").shown().filterable(),
    int32("passwordNotificationWindowInDays").shown(),
    int32("passwordValidityPeriodInDays").shown(),
    strings("supportedServices").shown(),
]);

/// The tenant with its domains.
pub fn organization(tenant: &Tenant, domains: &[String]) -> Map<String, Value> {
    let verified: Vec<_> = domains.iter().map(|domain| verified_domain(tenant, domain)).collect();
    object(json!({
        "@odata.etag": etag::of(tenant.revision),
        "id": tenant.id.to_string(),
        "deletedDateTime": null,
        "businessPhones": [],
        "city": null,
        "country": null,
        "countryLetterCode": null,
        "createdDateTime": time(tenant.created_at),
        "defaultUsageLocation": null,
        "displayName": tenant.display_name,
        "onPremisesSyncEnabled": null,
        "preferredLanguage": null,
        "technicalNotificationMails": [],
        "tenantType": "AAD",
        "verifiedDomains": verified,
    }))
}

fn verified_domain(tenant: &Tenant, domain: &str) -> Value {
    let default = tenant.default_domain == domain;
    json!({ "capabilities": "Email, OfficeCommunicationsOnline", "isDefault": default, "isInitial": default,
        "name": domain, "type": "Managed" })
}

/// A domain of the tenant. All there are here are verified.
pub fn domain(tenant: &Tenant, domain: &str, all: &[String]) -> Map<String, Value> {
    let default = tenant.default_domain == domain;
    let root =
        !all.iter().any(|other| domain.strip_suffix(other.as_str()).is_some_and(|sub| sub.ends_with('.')));
    object(json!({
        "authenticationType": "Managed",
        "availabilityStatus": null,
        "id": domain,
        "isAdminManaged": true,
        "isDefault": default,
        "isInitial": default,
        "isRoot": root,
        "isVerified": true,
        // Passwords do not expire here.
        "passwordNotificationWindowInDays": null,
        "passwordValidityPeriodInDays": 2_147_483_647,
        "supportedServices": [],
    }))
}

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(members) => members,
        _ => Map::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_property_of_the_tables_is_rendered_and_nothing_else() {
        let tenant = Tenant { default_domain: "contoso.test".into(), ..Tenant::of_personal_accounts() };
        let all = ["contoso.test".to_owned(), "eu.contoso.test".to_owned()];
        let rendered =
            [(&ORGANIZATION, organization(&tenant, &all)), (&DOMAIN, domain(&tenant, &all[1], &all))];
        for (entity, members) in rendered {
            for property in entity.properties {
                assert!(members.contains_key(property.name), "{}", property.name);
            }
            for name in members.keys().filter(|name| !name.starts_with('@')) {
                assert!(entity.properties.iter().any(|property| property.name == name), "{name}");
            }
        }
        assert_eq!(domain(&tenant, &all[0], &all)["isRoot"], true);
        assert_eq!(domain(&tenant, &all[1], &all)["isRoot"], false);
    }
}
