//! The payload of each token form, one file each. Claims that have no value are left out, never null.
//!
//! What several forms tell in the same words is a part of its own ([`Person`], [`Memberships`]), flattened into them. Fields
//! borrow where they can, because a payload lives only between the decision and the signature.

pub mod access_v1;
pub mod access_v2;
pub mod id_v1;
pub mod id_v2;
pub mod logout;
mod memberships;
pub mod optional;
mod person;
mod read;

pub use memberships::{Elsewhere, Groups, Memberships};
pub use person::Person;
pub use read::ReadAccessToken;

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

/// The `ver` claim of v1.0 tokens.
pub const V1: &str = "1.0";
/// The `ver` claim of v2.0 tokens.
pub const V2: &str = "2.0";

/// Values of `amr` (RFC 8176, and Entra's own).
pub mod amr {
    /// A password.
    pub const PASSWORD: &str = "pwd";
}

/// The `acr` claim of v1.0 tokens: the sign-in met the basics of ISO/IEC 29115.
pub const ACR_BASICS: &str = "1";

/// The `idtyp` of an application's own token.
pub const IDTYP_APP: &str = "app";
/// The `idtyp` of a user's token.
pub const IDTYP_USER: &str = "user";
