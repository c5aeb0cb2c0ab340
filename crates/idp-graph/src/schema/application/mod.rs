//! `microsoft.graph.application`: its table, how it is shown, how what was written is taken, and its credentials.

mod credentials;
mod entries;
mod render;
mod table;
mod take;
#[cfg(test)]
mod tests;

pub use credentials::{NewCredentials, certificate, new_secret, take_credentials};
pub use render::{key_credential, password_credential, render, roles, scopes, with_keys};
pub use table::APPLICATION;
pub(crate) use table::{
    APP_ROLE, INFO, KEY_CREDENTIAL, PASSWORD_CREDENTIAL, PERMISSION_SCOPE, VERIFIED_PUBLISHER,
};
pub use take::{Source, apply};
