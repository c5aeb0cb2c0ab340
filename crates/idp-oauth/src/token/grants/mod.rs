//! By what right: one file a grant. A grant reads, decides, and returns a [`super::Right`] or a [`super::Refusal`].

use idp_domain::applications::{Client, Platform};
use idp_domain::sealed::Month;
use idp_domain::sessions::SignedIn;
use idp_domain::tokens::{Family, FamilyId};

use super::{Exchange, TokenError};

mod authorization_code;
mod client_credentials;
mod device_code;
mod on_behalf_of;
mod password;
mod refresh_token;
mod shared_refresh_token;

pub(super) use authorization_code::AuthorizationCodeGrant;
pub(super) use client_credentials::ClientCredentialsGrant;
pub(super) use device_code::DeviceCodeGrant;
pub(super) use on_behalf_of::OnBehalfOfGrant;
pub(super) use password::PasswordGrant;
pub(super) use refresh_token::RefreshTokenGrant;

/// The kind of program a client is in a grant that has no redirect URI to say so: one that keeps a secret, or one that does
/// not. It must come in that kind's manner, here as where it redeems a code (CD-15).
fn platform_of(exchange: &Exchange<'_>) -> Result<Platform, TokenError> {
    let platform = match exchange.client {
        Client::Confidential(_) => Platform::Web,
        Client::Public(_) => Platform::Native,
    };
    let manner = platform.redeemed_by(&exchange.client, exchange.cross_origin);
    manner.map(|()| platform).map_err(|wrong| TokenError::manner(wrong, exchange))
}

/// The family that begins with an exchange.
fn started(
    exchange: &Exchange<'_>,
    platform: Platform,
    id: FamilyId,
    signed_in: &SignedIn,
    scope: &str,
) -> Family {
    let now = exchange.info.now();
    Family {
        tenant: exchange.tenant.id,
        id,
        month: Month::of(now),
        user: signed_in.user().id,
        client: exchange.client.registration().client_id(),
        session: signed_in.session(),
        facts: signed_in.facts().clone(),
        platform,
        scope: scope.to_owned(),
        started_at: now,
        generation: 0,
        revoked: false,
        root: None,
    }
}
