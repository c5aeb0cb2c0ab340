//! Who the tests are about: contoso with alice and bob, fabrikam, the daemon and the api.

use idp_domain::applications::{
    AppRoleAssignment, Application, ClientSecret, Platform, RedirectUri, Registration, ServicePrincipal,
    SignInAudience,
};
use idp_domain::changes::{Change, SpentKind, SpentMark};
use idp_domain::credentials::PasswordHash;
use idp_domain::directory::{
    DirectoryObject, Group, Link, ObjectKind, Profile, Relation, Upn, User, UserType, role,
};
use idp_domain::policies::{FlowPolicy, FlowSwitch};
use idp_domain::sealed::Month;
use idp_domain::sessions::{Facts, Session};
use idp_domain::tenant::{CompatProfile, Tenant, UserConsent};
use idp_domain::tokens::{Family, FamilyId};
use jiff::Timestamp;
use serde_json::json;
use uuid::Uuid;
use vestibule_wire::graph::{AppRole, MemberType, PermissionScope, PermissionType};
use vestibule_wire::ids::{
    ApplicationId, ClientId, GroupId, ServicePrincipalId, SessionId, TenantId, UserId,
};

pub(crate) const CONTOSO: TenantId = TenantId::from_u128(0xc0);
pub(crate) const FABRIKAM: TenantId = TenantId::from_u128(0xfa);
pub(crate) const ALICE: UserId = UserId::from_u128(0xa11ce);
pub(crate) const BOB: UserId = UserId::from_u128(0xb0b);
pub(crate) const DAEMON: ClientId = ClientId::from_u128(0xdae);
pub(crate) const API: ClientId = ClientId::from_u128(0xa91);
pub(crate) const DAEMON_PRINCIPAL: ServicePrincipalId = ServicePrincipalId::from_u128(0x5da);
pub(crate) const API_PRINCIPAL: ServicePrincipalId = ServicePrincipalId::from_u128(0x5a9);
pub(crate) const STAFF: GroupId = GroupId::from_u128(0x57aff);
pub(crate) const SALES: GroupId = GroupId::from_u128(0x5a1e5);
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
        user_consent: UserConsent::Any,
        flows: FlowPolicy { password_grant: FlowSwitch::BlockedForRoles, device_code: FlowSwitch::Blocked },
        token_lifetime: Some(1800),
        created_at: at(-500),
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
        user_type: UserType::Guest,
        external: None,
        directory_roles: vec![role::GLOBAL_ADMINISTRATOR],
        password: Some(PasswordHash::from_phc("$argon2id$first".into())),
        must_change_password: true,
        valid_from: at(0),
        created_at: at(-100),
        profile: profile("jobTitle", "Engineer"),
        revision: 1,
    }
}

/// What an object carries: one member.
pub(crate) fn profile(name: &str, value: &str) -> Profile {
    let mut profile = Profile::default();
    profile.set(name, value.into());
    profile
}

pub(crate) fn group(tenant: TenantId, id: GroupId, name: &str) -> Group {
    Group {
        tenant,
        id,
        display_name: name.into(),
        mail_nickname: name.to_lowercase().replace(' ', ""),
        mail_enabled: false,
        security_enabled: true,
        assignable_to_role: true,
        created_at: at(-50),
        profile: profile("description", "Everybody"),
        revision: 3,
    }
}

pub(crate) fn application(tenant: TenantId, client_id: ClientId) -> Application {
    let permission = PermissionScope {
        id: Uuid::from_u128(1),
        value: "Files.Read".into(),
        kind: PermissionType::Admin,
        admin_consent_display_name: Some("Read files".into()),
        admin_consent_description: None,
        user_consent_display_name: None,
        user_consent_description: None,
        is_enabled: true,
    };
    let role = AppRole {
        id: Uuid::from_u128(2),
        value: Some("Reader".into()),
        display_name: "Reader".into(),
        description: String::new(),
        allowed_member_types: vec![MemberType::User],
        is_enabled: true,
    };
    let secret = ClientSecret {
        id: Uuid::from_u128(3),
        hash: [9; 32],
        display_name: Some("first".into()),
        hint: Some("abc".into()),
        starts_at: at(0),
        expires_at: at(1000),
    };
    let redirect_uri = RedirectUri::register(Platform::Web, "https://app.contoso.test/callback").unwrap();
    Application {
        sign_in_audience: SignInAudience::AzureADMultipleOrgs,
        redirect_uris: vec![redirect_uri],
        identifier_uris: vec![format!("api://{client_id}")],
        delegated_permissions: vec![permission],
        app_roles: vec![role],
        secrets: vec![secret],
        created_at: at(-10),
        revision: 4,
        ..Application::new(tenant, ApplicationId::new(client_id.guid()), client_id, "The application".into())
    }
}

pub(crate) fn principal(tenant: TenantId, id: ServicePrincipalId, client_id: ClientId) -> ServicePrincipal {
    let mut profile = Profile::default();
    profile.set("tags", json!(["Integrated", "Blue"]));
    ServicePrincipal {
        tenant,
        id,
        client_id,
        enabled: true,
        assignment_required: true,
        created_at: at(-5),
        profile,
        revision: 2,
    }
}

/// A service principal of an application that is at home in contoso.
pub(crate) fn registration(tenant: TenantId, id: ServicePrincipalId, client_id: ClientId) -> Registration {
    Registration {
        principal: principal(tenant, id, client_id),
        application: application(CONTOSO, client_id).into(),
    }
}

/// Creates a service principal under its client id and its Application ID URI.
pub(crate) fn create_principal(tenant: TenantId, id: ServicePrincipalId, client_id: ClientId) -> Change {
    Change::CreateServicePrincipal(Box::new(registration(tenant, id, client_id)))
}

/// A service principal has an app role of the api.
pub(crate) fn assignment(principal: ServicePrincipalId, app_role: Uuid) -> AppRoleAssignment {
    AppRoleAssignment {
        tenant: CONTOSO,
        principal: principal.guid(),
        principal_kind: ObjectKind::ServicePrincipal,
        resource: API_PRINCIPAL,
        app_role,
        created_at: at(7),
    }
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
        root: None,
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

pub(crate) fn create_group(group: Group) -> Change {
    Change::CreateGroup(Box::new(group))
}

/// A group of contoso by this number.
pub(crate) fn group_id(number: u128) -> GroupId {
    GroupId::from_u128(1 << 90 | number)
}

/// A group of contoso has a member.
pub(crate) fn member(group: GroupId, member: Uuid, kind: ObjectKind) -> Link {
    Link {
        tenant: CONTOSO,
        relation: Relation::Member,
        from: group.guid(),
        from_kind: ObjectKind::Group,
        to: member,
        to_kind: kind,
    }
}

pub(crate) fn add_member(group: GroupId, of: Uuid, kind: ObjectKind) -> Change {
    Change::AddLink(member(group, of, kind))
}

pub(crate) fn delete(object: DirectoryObject) -> Change {
    Change::DeleteObject { object: Box::new(object), at: at(99) }
}

pub(crate) fn restore(object: DirectoryObject) -> Change {
    Change::RestoreObject(Box::new(object))
}
