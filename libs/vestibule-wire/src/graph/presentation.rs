//! What a person is told about an application when it asks for consent.

use serde::{Deserialize, Serialize};

/// Links (`info`).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct InformationalUrl {
    /// The picture; read-only.
    pub logo_url: Option<String>,
    /// The marketing page.
    pub marketing_url: Option<String>,
    /// The privacy statement, shown on the consent page.
    pub privacy_statement_url: Option<String>,
    /// The support page.
    pub support_url: Option<String>,
    /// The terms of service, shown on the consent page.
    pub terms_of_service_url: Option<String>,
}

/// Who vouches for an application (`verifiedPublisher`).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct VerifiedPublisher {
    /// The publisher's verified name; none, and the publisher is not verified.
    pub display_name: Option<String>,
    /// The publisher's id.
    pub verified_publisher_id: Option<String>,
    /// When it was verified, in RFC 3339.
    pub added_date_time: Option<String>,
}
