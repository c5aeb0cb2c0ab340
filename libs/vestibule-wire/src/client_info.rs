//! `client_info`: who signed in, told to the client without its having to read a token.
//!
//! MSAL keys its accounts by `uid.utid`. The value is base64url *without padding* (MSAL Go refuses padding).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;

use crate::ids::{TenantId, UserId};

/// The members of `client_info`: the user's object id and tenant, both in the *home* tenant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ClientInfo {
    /// Object id in the home tenant.
    pub uid: UserId,
    /// Home tenant.
    pub utid: TenantId,
}

impl ClientInfo {
    /// The value as it travels.
    pub fn encode(&self) -> String {
        let ClientInfo { uid, utid } = self;
        URL_SAFE_NO_PAD.encode(format!(r#"{{"uid":"{uid}","utid":"{utid}"}}"#))
    }
}
