//! Who the tests are about: contoso with alice and bob, fabrikam, the daemon and the api.

use idp_domain::applications::{
    AppRole, Application, ClientSecret, DelegatedPermission, Platform, RedirectUri, ServicePrincipal,
    SignInAudience,
};
use idp_domain::changes::{Change, SpentKind, SpentMark};
use idp_domain::credentials::PasswordHash;
use idp_domain::directory::{Upn, User, role};
use idp_domain::sealed::Month;
use idp_domain::sessions::{Facts, Session};
use idp_domain::tenant::{CompatProfile, Tenant};
use idp_domain::tokens::{Family, FamilyId};
use jiff::Timestamp;
use uuid::Uuid;
use vestibule_wire::ids::{ApplicationId, ClientId, ServicePrincipalId, SessionId, TenantId, UserId};

pub(crate) const CONTOSO: TenantId = TenantId::from_u128(0xc0);
pub(crate) const FABRIKAM: TenantId = TenantId::from_u128(0xfa);
pub(crate) const ALICE: UserId = UserId::from_u128(0xa11ce);
pub(crate) const BOB: UserId = UserId::from_u128(0xb0b);
pub(crate) const DAEMON: ClientId = ClientId::from_u128(0xdae);
pub(crate) const API: ClientId = ClientId::from_u128(0xa91);
pub(crate) const DAEMON_PRINCIPAL: ServicePrincipalId = ServicePrincipalId::from_u128(0x5da);
pub(crate) const API_PRINCIPAL: ServicePrincipalId = ServicePrincipalId::from_u128(0x5a9);
pub(crate) const SESSION: SessionId = SessionId::from_u128(0x5e5);
pub(crate) const BROWSER: [u8; 32] = [0xb4; 32];

pub(crate) fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_800_000_000 + second).unwrap()
}

pub(crate) fn tenant(id: TenantId, name: &str) -> Tenant {
    Tenant {
        id,
        display_name: name.into(),
        default_domain: format!("{name}.test"),
        enabled: true,
        compat: CompatProfile::Strict,
        revision: 1,
    }
}

pub(crate) fn user(tenant: TenantId, id: UserId, upn: &str) -> User {
    User {
        tenant,
        id,
        upn: Upn::parse(upn).unwrap(),
        display_name: "Alice Ängström".into(),
        given_name: Some("Alice".into()),
        surname: None,
        mail: Some("alice@mail.test".into()),
        enabled: true,
        directory_roles: vec![role::GLOBAL_ADMINISTRATOR],
        password: Some(PasswordHash::from_phc("$argon2id$first".into())),
        must_change_password: true,
        valid_from: at(0),
        revision: 1,
    }
}

pub(crate) fn application(tenant: TenantId, client_id: ClientId) -> Application {
    Application {
        tenant,
        id: ApplicationId::new(client_id.guid()),
        client_id,
        display_name: "The application".into(),
        sign_in_audience: SignInAudience::AzureADMultipleOrgs,
        redirect_uris: vec![
            RedirectUri::register(Platform::Web, "https://app.contoso.test/callback").unwrap(),
        ],
        identifier_uris: vec![format!("api://{client_id}")],
        delegated_permissions: vec![DelegatedPermission {
            id: Uuid::from_u128(1),
            value: "Files.Read".into(),
            admin_only: false,
        }],
        app_roles: vec![AppRole { id: Uuid::from_u128(2), value: "Reader".into() }],
        is_fallback_public_client: false,
        secrets: vec![ClientSecret { id: Uuid::from_u128(3), hash: [9; 32], expires_at: at(1000) }],
        revision: 4,
    }
}

pub(crate) fn principal(tenant: TenantId, id: ServicePrincipalId, client_id: ClientId) -> ServicePrincipal {
    ServicePrincipal { tenant, id, client_id, enabled: true, assignment_required: true, revision: 2 }
}

/// Creates a service principal under its client id and its Application ID URI.
pub(crate) fn create_principal(tenant: TenantId, id: ServicePrincipalId, client_id: ClientId) -> Change {
    let names = vec![client_id.to_string(), format!("api://{client_id}")];
    Change::CreateServicePrincipal { principal: principal(tenant, id, client_id), names }
}

pub(crate) fn session(id: SessionId, browser: [u8; 32], last_used: Timestamp) -> Session {
    Session {
        tenant: CONTOSO,
        id,
        user: ALICE,
        browser,
        facts: Facts::password_in_browser(at(0), Some([192, 0, 2, 1].into())),
        persistent: false,
        last_used,
    }
}

pub(crate) fn family_id(number: u128) -> FamilyId {
    FamilyId::from_bytes(Uuid::from_u128(1 << 100 | number).as_bytes()).unwrap()
}

pub(crate) fn family(id: FamilyId) -> Family {
    Family {
        tenant: CONTOSO,
        id,
        month: Month::of(at(0)),
        user: ALICE,
        client: DAEMON,
        session: SESSION,
        facts: Facts::password_in_browser(at(0), None),
        platform: Platform::Spa,
        scope: "openid offline_access".into(),
        started_at: at(1),
        generation: 0,
        revoked: false,
    }
}

pub(crate) fn start_family(id: FamilyId) -> Change {
    Change::StartFamily(Box::new(family(id)))
}

pub(crate) fn spend(code: &[u8]) -> Change {
    Change::Spend(SpentMark::new(SpentKind::AuthorizationCode, code, at(0)))
}

pub(crate) fn create_user(user: User) -> Change {
    Change::CreateUser(Box::new(user))
}

pub(crate) fn create_alice() -> Change {
    create_user(user(CONTOSO, ALICE, "alice@contoso.test"))
}

pub(crate) fn create_contoso() -> Change {
    Change::CreateTenant(Box::new(tenant(CONTOSO, "contoso")))
}

pub(crate) fn create_application(tenant: TenantId, client: ClientId) -> Change {
    Change::CreateApplication(Box::new(application(tenant, client)))
}
