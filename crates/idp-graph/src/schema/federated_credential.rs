//! `microsoft.graph.federatedIdentityCredential`.

use idp_domain::applications::FederatedCredential;
use serde_json::{Map, Value, json};

use crate::odata::schema::{EntityType, guid, string, strings};

/// Whose tokens an application may present as its own proof.
pub static FEDERATED_CREDENTIAL: EntityType =
    EntityType::open("federatedIdentityCredential", "federatedIdentityCredentials").properties(&[
        guid("id").shown().filterable().required(),
        strings("audiences").shown().writable(),
        string("description").shown().writable(),
        string("issuer").shown().filterable().writable().required(),
        string("name").shown().filterable().writable_on_create().required(),
        string("subject").shown().filterable().writable().required(),
    ]);

/// All properties.
pub fn render(credential: &FederatedCredential) -> Map<String, Value> {
    match json!(credential) {
        Value::Object(members) => members,
        _ => Map::new(),
    }
}

/// Takes what was written, whose types are right already.
pub fn apply(credential: &mut FederatedCredential, set: &Map<String, Value>) {
    for (name, value) in set {
        let text = value.as_str().map(str::to_owned);
        match name.as_str() {
            "name" => credential.name = text.unwrap_or_default(),
            "issuer" => credential.issuer = text.unwrap_or_default(),
            "subject" => credential.subject = text.unwrap_or_default(),
            "description" => credential.description = text.filter(|text| !text.is_empty()),
            _ => {
                let texts = value.as_array().into_iter().flatten().filter_map(Value::as_str);
                credential.audiences = texts.map(str::to_owned).collect();
            }
        }
    }
}
