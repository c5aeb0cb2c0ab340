//! The manner in which a program of each platform redeems what it was given: across origins or not, with a credential or
//! without. One rule for codes and refresh tokens.

use super::{Client, Platform};

/// What is wrong with how a grant is presented.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WrongManner {
    /// A web or native application's grant, redeemed across origins.
    CrossOriginForbidden,
    /// A single-page application's grant, not redeemed across origins.
    CrossOriginRequired,
    /// A web application must authenticate.
    CredentialRequired,
    /// A single-page or native application must not.
    CredentialForbidden,
}

impl Platform {
    /// Whether a client may redeem a grant of this platform in this manner. `cross_origin`: the request has an `Origin`.
    pub fn redeemed_by(self, client: &Client, cross_origin: bool) -> Result<(), WrongManner> {
        let authenticated = matches!(client, Client::Confidential(_));
        match (self, cross_origin, authenticated) {
            (Self::Spa, true, false) | (Self::Web, false, true) | (Self::Native, false, false) => Ok(()),
            (Self::Spa, false, _) => Err(WrongManner::CrossOriginRequired),
            (Self::Web | Self::Native, true, _) => Err(WrongManner::CrossOriginForbidden),
            (Self::Web, false, false) => Err(WrongManner::CredentialRequired),
            (Self::Spa | Self::Native, _, true) => Err(WrongManner::CredentialForbidden),
        }
    }
}
