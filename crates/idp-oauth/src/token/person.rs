//! What can be wrong with the person that tokens are asked for.

use idp_domain::directory::User;
use idp_domain::sessions::SignInRefusal;
use idp_domain::tenant::Tenant;
use idp_domain::tokens::TokenForm;
use jiff::Timestamp;
use vestibule_wire::aadsts::{Aadsts, Failure};
use vestibule_wire::ids::ClientId;
use vestibule_wire::oauth::param;

use super::{Exchange, TokenError};

/// Why nothing is issued for a person.
#[derive(Debug)]
pub enum PersonRefusal {
    /// The account is disabled.
    Disabled,
    /// The account is gone.
    NotFound { tenant: String },
    /// The person was invited into the tenant, and has not accepted.
    InvitationPending,
    /// The account is at home in another tenant.
    NotInTenant { issuer: String, tenant: String, client: ClientId, name: String },
    /// The password is not the account's, or there is no such account.
    PasswordWrong,
    /// The password is for one sign-in only, on a page where another is set.
    PasswordExpired,
    /// Too many wrong passwords.
    Locked,
    /// What was granted before is void.
    Revoked { began: Timestamp, valid_from: Timestamp },
}

impl PersonRefusal {
    /// The code and text the client gets.
    pub(super) fn failure(&self) -> Failure {
        match self {
            Self::Disabled => Aadsts::UserDisabled.bare(),
            Self::NotFound { tenant } => Aadsts::UserNotFound.with([("tenant", tenant)]),
            Self::InvitationPending => Aadsts::GuestPending.bare(),
            Self::NotInTenant { issuer, tenant, client, name } => Aadsts::UserNotInTenant.with([
                ("idp", issuer),
                ("tenant", tenant),
                ("app", &client.to_string()),
                ("name", name),
            ]),
            Self::PasswordWrong => Aadsts::PasswordWrong.bare(),
            Self::PasswordExpired => Aadsts::PasswordExpired.bare(),
            Self::Locked => Aadsts::AccountLocked.bare(),
            Self::Revoked { began, valid_from } => Aadsts::GrantRevoked
                .with([("issued", &began.to_string()), ("valid_from", &valid_from.to_string())]),
        }
    }

    pub(super) fn not_found(tenant: &Tenant) -> Self {
        Self::NotFound { tenant: tenant.display_name.clone() }
    }

    pub(super) fn not_in_tenant(exchange: &Exchange<'_>, user: &User) -> Self {
        let client = exchange.client.registration();
        Self::NotInTenant {
            issuer: TokenForm::V1.issuer(exchange.app.origin.as_str(), user.tenant),
            tenant: exchange.tenant.display_name.clone(),
            client: client.client_id(),
            name: client.application.display_name.clone(),
        }
    }
}

impl From<PersonRefusal> for TokenError {
    fn from(refusal: PersonRefusal) -> Self {
        Self::Person(refusal)
    }
}

impl From<SignInRefusal> for TokenError {
    fn from(refusal: SignInRefusal) -> Self {
        match refusal {
            SignInRefusal::Ended => Self::GrantInvalid(param::GRANT_TYPE),
            SignInRefusal::UserDisabled => PersonRefusal::Disabled.into(),
            SignInRefusal::Revoked { began, valid_from } => {
                PersonRefusal::Revoked { began, valid_from }.into()
            }
            // Setting another revokes what began before; until then the grant is as good as revoked.
            SignInRefusal::PasswordChangeDue => PersonRefusal::PasswordExpired.into(),
        }
    }
}
