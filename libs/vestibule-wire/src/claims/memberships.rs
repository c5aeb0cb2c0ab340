//! Groups and roles: `groups`, or what stands for it when they are too many, `roles`, `wids`.

use serde::Serialize;
use uuid::Uuid;

/// What the subject belongs to and may be.
#[derive(Debug, Default, Serialize)]
pub struct Memberships {
    /// The groups, if the token tells of them.
    #[serde(flatten)]
    pub groups: Option<Groups>,
    /// App roles assigned to the subject.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub roles: Vec<String>,
    /// Template ids of the directory roles held.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub wids: Vec<Uuid>,
}

/// The groups of a user, in one of three ways.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub enum Groups {
    /// Here they are.
    Listed {
        /// Object ids.
        groups: Vec<String>,
    },
    /// There are too many for a token that travels in a URL.
    Some {
        /// `true`
        hasgroups: bool,
    },
    /// There are too many for any token (OpenID Connect Core §5.6.2, distributed claims).
    Elsewhere(Elsewhere),
}

/// Where to ask for the groups.
#[derive(Debug, Serialize)]
pub struct Elsewhere {
    #[serde(rename = "_claim_names")]
    names: Names,
    #[serde(rename = "_claim_sources")]
    sources: Sources,
}

#[derive(Debug, Serialize)]
struct Names {
    groups: &'static str,
}

#[derive(Debug, Serialize)]
struct Sources {
    src1: Source,
}

#[derive(Debug, Serialize)]
struct Source {
    endpoint: String,
}

impl Elsewhere {
    /// The groups are to be asked for at this URL.
    pub const fn at(endpoint: String) -> Self {
        Self { names: Names { groups: "src1" }, sources: Sources { src1: Source { endpoint } } }
    }
}
