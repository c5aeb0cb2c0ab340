//! By what right: one file a grant. A grant reads, decides, and returns a [`super::Right`] or a [`super::Refusal`].

mod authorization_code;
mod client_credentials;
mod delegation;
mod refresh_token;

pub(super) use authorization_code::AuthorizationCodeGrant;
pub(super) use client_credentials::ClientCredentialsGrant;
pub(super) use refresh_token::RefreshTokenGrant;
