//! What a `$skiptoken` says, before it is sealed and after it was opened (GA-03). Sealing is not done here. A token is
//! bound to the collection and the query it was given for; with another query it has expired.

use aws_lc_rs::digest::{Context, SHA256};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};

use super::error::QueryError;
use super::options::QueryOptions;

/// Where a page begins.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PageToken {
    /// The path of the collection: `users`, `groups/{id}/members`.
    collection: String,
    /// What [`query_hash`] says of the query.
    query: String,
    after: After,
}

/// The last object of the page before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct After {
    /// Its value of the property that `$orderby` names, if there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// Its id.
    pub id: String,
}

impl PageToken {
    /// The token for the page behind `after`.
    pub fn new(collection: impl Into<String>, options: &QueryOptions, after: After) -> Self {
        Self { collection: collection.into(), query: query_hash(options), after }
    }

    /// What is to be sealed.
    pub fn to_bytes(&self) -> Vec<u8> {
        // Strings only: this cannot fail, and an empty token is refused when it comes back.
        serde_json::to_vec(self).unwrap_or_default()
    }

    /// What was unsealed.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, QueryError> {
        serde_json::from_slice(bytes).map_err(|_| QueryError::ExpiredPageToken)
    }

    /// Where the page begins, if the token was given for this very query.
    pub fn redeem(self, collection: &str, options: &QueryOptions) -> Result<After, QueryError> {
        if self.collection == collection && self.query == query_hash(options) {
            Ok(self.after)
        } else {
            Err(QueryError::ExpiredPageToken)
        }
    }
}

/// The same for all pages of one query, and for no other query: what is found, and in which order. How much of it is
/// shown may change between pages.
pub fn query_hash(options: &QueryOptions) -> String {
    let order = options.order_by.map(|order| format!("{} {}", order.property, order.descending));
    let parts = [
        options.filter.as_ref().map(ToString::to_string),
        options.search.as_ref().map(ToString::to_string),
        order,
    ];
    let mut context = Context::new(&SHA256);
    for part in parts {
        // The length first, so that no two lists of parts run together into the same bytes.
        context.update(&part.as_ref().map_or(u64::MAX, |part| part.len() as u64).to_be_bytes());
        context.update(part.unwrap_or_default().as_bytes());
    }
    URL_SAFE_NO_PAD.encode(context.finish())
}
