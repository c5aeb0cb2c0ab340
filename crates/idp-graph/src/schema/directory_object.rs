//! `microsoft.graph.directoryObject`: what users, groups, applications and service principals have together, and any of
//! them where a list may hold all.

use idp_domain::directory::{DirectoryObject, ObjectKind};
use serde_json::{Map, Value, json};

use super::application::{self, APPLICATION};
use super::group::{self, GROUP};
use super::service_principal::{self, SERVICE_PRINCIPAL};
use super::user::{self, USER};
use crate::call::kind_word;
use crate::odata::schema::{EntityType, Property, boolean, date_time, guid, string, strings};

/// When it was deleted; null for what is there.
pub const DELETED: Property = date_time("deletedDateTime");

/// Any object. The properties of its kinds are named here so that they can be selected in mixed lists.
pub static DIRECTORY_OBJECT: EntityType = EntityType::directory("directoryObject", "directoryObjects")
    .properties(&[
        guid("id").shown().filterable().required(),
        DELETED.shown(),
        string("displayName").shown().filterable().sortable(),
        string("description").shown(),
        strings("businessPhones").shown(),
        string("givenName").shown(),
        string("jobTitle").shown(),
        string("mail").shown().filterable(),
        string("mobilePhone").shown(),
        string("officeLocation").shown(),
        string("preferredLanguage").shown(),
        string("surname").shown(),
        string("userPrincipalName").shown().filterable(),
        boolean("accountEnabled"),
        string("userType"),
        strings("groupTypes").shown(),
        boolean("isAssignableToRole").shown(),
        boolean("mailEnabled").shown(),
        string("mailNickname").shown(),
        boolean("securityEnabled").shown().filterable(),
        string("visibility").shown(),
        guid("appId").shown().filterable(),
        string("appDisplayName").shown(),
        string("servicePrincipalType").shown(),
        guid("roleTemplateId").shown(),
        date_time("createdDateTime").shown(),
    ]);

/// All properties of an object, with its type.
pub fn render(object: &DirectoryObject, default_domain: &str) -> Map<String, Value> {
    let mut members = match object {
        DirectoryObject::User(user) => user::render(user, default_domain),
        DirectoryObject::Group(group) => group::render(group),
        DirectoryObject::Application(found) => application::render(found),
        DirectoryObject::ServicePrincipal(registration) => service_principal::render(registration),
    };
    members.insert("@odata.type".into(), json!(format!("#microsoft.graph.{}", kind_word(object.kind()))));
    members
}

/// The table of a kind of object, where it has one of its own.
pub fn entity_of(kind: ObjectKind) -> &'static EntityType {
    match kind {
        ObjectKind::User => &USER,
        ObjectKind::Group => &GROUP,
        ObjectKind::Application => &APPLICATION,
        ObjectKind::ServicePrincipal => &SERVICE_PRINCIPAL,
    }
}

/// The table that `@odata.type` names.
pub fn entity_named(odata_type: &str) -> Option<&'static EntityType> {
    let name = odata_type.strip_prefix("#microsoft.graph.")?;
    ObjectKind::ALL.into_iter().find(|kind| kind_word(*kind) == name).map(entity_of)
}
