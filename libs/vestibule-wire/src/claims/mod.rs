//! The payload of each token form, one file each. Claims that have no value are left out, never null.
//!
//! Fields borrow, because a payload lives only between the decision and the signature.

mod access_v2;
mod id_v2;

pub use access_v2::{AppAccessToken, ReadAccessToken, UserAccessToken};
pub use id_v2::IdToken;

/// How the client proved who it is: `azpacr` (v2.0), `appidacr` (v1.0).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClientAuthentication {
    /// A public client, which proved nothing: `"0"`.
    None,
    /// A client secret: `"1"`.
    Secret,
    /// A certificate or federated credential: `"2"`.
    Certificate,
}

impl ClientAuthentication {
    /// The value of the claim.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::None => "0",
            Self::Secret => "1",
            Self::Certificate => "2",
        }
    }
}

/// The `ver` claim of v2.0 tokens.
pub const V2: &str = "2.0";
