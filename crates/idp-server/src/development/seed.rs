//! Puts the cast into an empty store.

use std::sync::Arc;

use idp_domain::applications::{
    AppRoleAssignment, Application, BadCertificate, Certificate, ClientSecret, MalformedRedirectUri,
    RedirectUri, Registration, ServicePrincipal, microsoft_graph,
};
use idp_domain::changes::{Change, Changes};
use idp_domain::consent::PermissionGrant;
use idp_domain::credentials::{PasswordHash, client_secret_hash};
use idp_domain::directory::{MalformedUpn, ObjectKind, Profile, Upn, User, UserType, role};
use idp_domain::policies::FlowPolicy;
use idp_domain::sealed::Sealer;
use idp_domain::secret::Secret;
use idp_domain::store::{Store, Unavailable};
use idp_domain::tenant::{CompatProfile, Tenant, UserConsent};
use jiff::{SignedDuration, Timestamp};
use vestibule_wire::graph::{
    AppRole, MemberType, PermissionScope, PermissionType, RequiredResourceAccess, ResourceAccess,
    ResourceAccessType,
};
use vestibule_wire::ids::TenantId;

use super::cast::{
    CONTOSO, ORGANISATIONS, Organisation, PASSWORD, PEOPLE, PROGRAMS, Person, Program, principal_id,
};
use crate::world::SystemRandomness;

/// The cast could not be made.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SeedError {
    #[error("{0}")]
    RedirectUri(#[from] MalformedRedirectUri),
    #[error("{0}")]
    Upn(#[from] MalformedUpn),
    #[error("{0}")]
    Certificate(#[from] BadCertificate),
}

/// The tenant by which a development store without the cast is known. Nothing is in it, and it issues nothing.
pub(crate) const MARK: TenantId = TenantId::from_u128(0xde5e10b0_0000_4000_8000_000000000000);

/// What makes an empty store a development store, for tenants that come from files.
pub(crate) fn mark() -> Change {
    Change::CreateTenant(Box::new(Tenant {
        id: MARK,
        display_name: "Development".into(),
        default_domain: "development.invalid".into(),
        enabled: false,
        ..Tenant::of_personal_accounts()
    }))
}

/// What makes an empty store have the cast.
pub(crate) fn cast(sealer: &Sealer, now: Timestamp) -> Result<Changes, SeedError> {
    let mut changes = Changes::one(Change::CreateTenant(Box::new(Tenant::of_personal_accounts())));
    for organisation in &ORGANISATIONS {
        create_tenant(&mut changes, organisation, now);
    }
    // One hash for all: they have one password, and hashing is slow on purpose.
    let password = PasswordHash::make(&Secret::new(PASSWORD), &SystemRandomness);
    for person in &PEOPLE {
        changes.add(Change::CreateUser(Box::new(user(person, password.clone(), now)?)));
    }
    for program in &PROGRAMS {
        register(&mut changes, program, sealer, now)?;
    }
    // Whoever acts on behalf of people: those that people sign in to, and APIs that call others.
    let delegate = |program: &&Program| program.platform.is_some() || program.kind == "api";
    for program in PROGRAMS.iter().filter(|program| program.consented).filter(delegate) {
        consent(&mut changes, program);
    }
    assign_roles(&mut changes, now);
    Ok(changes)
}

/// Whether a store is a development store.
pub(crate) async fn is_planted<S: Store>(store: &S) -> Result<bool, Unavailable> {
    Ok(store.tenant(CONTOSO).await?.is_some() || store.tenant(MARK).await?.is_some())
}

/// Whether a store has the cast: an organisation of that id, and no mark of one that came from files.
pub(crate) async fn has_cast<S: Store>(store: &S) -> Result<bool, Unavailable> {
    Ok(store.tenant(CONTOSO).await?.is_some() && store.tenant(MARK).await?.is_none())
}

fn create_tenant(changes: &mut Changes, organisation: &Organisation, now: Timestamp) {
    let Organisation { id, name, domain } = organisation;
    changes.add(Change::CreateTenant(Box::new(Tenant {
        id: *id,
        display_name: (*name).to_owned(),
        default_domain: (*domain).to_owned(),
        enabled: true,
        compat: CompatProfile::Entra,
        user_consent: UserConsent::default(),
        flows: FlowPolicy::ALLOWED,
        token_lifetime: None,
        created_at: now,
        revision: 0,
    })));
    changes.add(Change::AddDomain { tenant: *id, domain: (*domain).to_owned() });
    create_principal(changes, *id, 0, &Arc::new(microsoft_graph()), now);
}

fn create_principal(
    changes: &mut Changes,
    tenant: TenantId,
    number: u8,
    application: &Arc<Application>,
    now: Timestamp,
) {
    let principal = ServicePrincipal::new(tenant, principal_id(tenant, number), application.client_id, now);
    let registration = Registration { principal, application: Arc::clone(application) };
    changes.add(Change::CreateServicePrincipal(Box::new(registration)));
}

fn user(person: &Person, password: PasswordHash, now: Timestamp) -> Result<User, MalformedUpn> {
    Ok(User {
        tenant: person.tenant,
        id: person.id,
        upn: Upn::parse(person.upn)?,
        display_name: format!("{} {}", person.given_name, person.surname),
        given_name: Some(person.given_name.to_owned()),
        surname: Some(person.surname.to_owned()),
        mail: Some(person.upn.to_owned()),
        enabled: true,
        user_type: UserType::Member,
        external: None,
        directory_roles: if person.administrator { vec![role::GLOBAL_ADMINISTRATOR] } else { Vec::new() },
        password: Some(password),
        must_change_password: false,
        valid_from: Timestamp::UNIX_EPOCH,
        created_at: now,
        profile: Profile::default(),
        revision: 0,
    })
}

fn register(
    changes: &mut Changes,
    program: &Program,
    sealer: &Sealer,
    now: Timestamp,
) -> Result<(), SeedError> {
    let redirect_uris = match program.platform {
        Some(platform) => program
            .redirect_uris
            .iter()
            .map(|uri| RedirectUri::register(platform, uri))
            .collect::<Result<_, _>>()?,
        None => Vec::new(),
    };
    let secret = program.secret.map(|secret| ClientSecret {
        id: program.permission_id(0, false),
        hash: client_secret_hash(sealer, program.client_id(), &Secret::new(secret)),
        display_name: Some("Published".to_owned()),
        hint: Some(secret.chars().take(3).collect()),
        starts_at: Timestamp::UNIX_EPOCH,
        expires_at: now.saturating_add(SignedDuration::from_hours(100 * 365 * 24)).unwrap_or(Timestamp::MAX),
    });
    let name = program.name.to_owned();
    let application = Application {
        sign_in_audience: program.audience,
        redirect_uris,
        identifier_uris: program.identifier_uri.map(str::to_owned).into_iter().collect(),
        delegated_permissions: (program.scopes.iter().enumerate())
            .map(|(n, scope)| delegated(program, n + 1, scope))
            .collect(),
        app_roles: (program.app_roles.iter().enumerate())
            .map(|(n, role)| app_role(program, n + 1, role))
            .collect(),
        access_token_version: program.access_tokens,
        is_fallback_public_client: program.secret.is_none() && program.key_pair.is_none(),
        implicit_grant: program.implicit_grant,
        logout_url: program.logout_url.map(str::to_owned),
        back_channel_logout_url: program.back_channel_logout_url.map(str::to_owned),
        client_family: program.client_family,
        required_resource_access: vec![required(program)],
        secrets: secret.into_iter().collect(),
        certificates: certificate(program)?.into_iter().collect(),
        publisher_domain: (ORGANISATIONS.iter())
            .find(|organisation| organisation.id == program.tenant)
            .map(|organisation| organisation.domain.to_owned()),
        created_at: now,
        ..Application::new(program.tenant, program.object_id(), program.client_id(), name)
    };
    changes.add(Change::CreateApplication(Box::new(application.clone())));
    let application = Arc::new(application);
    for tenant in program.tenants() {
        create_principal(changes, tenant, program.number, &application, now);
    }
    Ok(())
}

fn certificate(program: &Program) -> Result<Option<Certificate>, BadCertificate> {
    let Some(pair) = &program.key_pair else { return Ok(None) };
    let (id, name) = (program.permission_id(0, true), Some("Published".to_owned()));
    Certificate::read(id, name, pair.certificate.as_bytes()).map(Some)
}

/// What the registration lists of Microsoft Graph.
fn required(program: &Program) -> RequiredResourceAccess {
    let graph = microsoft_graph();
    let (scopes, roles) = program.requires;
    let scopes = (graph.delegated_permissions.iter())
        .filter(|scope| scopes.contains(&&*scope.value))
        .map(|scope| ResourceAccess { id: scope.id, kind: ResourceAccessType::Scope });
    let roles = (graph.app_roles.iter())
        .filter(|role| role.value.as_deref().is_some_and(|value| roles.contains(&value)))
        .map(|role| ResourceAccess { id: role.id, kind: ResourceAccessType::Role });
    RequiredResourceAccess {
        resource_app_id: graph.client_id,
        resource_access: scopes.chain(roles).collect(),
    }
}

fn delegated(program: &Program, number: usize, value: &str) -> PermissionScope {
    let title = Some(format!("{} ({})", words(value), program.name));
    PermissionScope {
        id: program.permission_id(number, false),
        value: value.to_owned(),
        kind: PermissionType::User,
        admin_consent_display_name: title.clone(),
        admin_consent_description: title.clone(),
        user_consent_display_name: title.clone(),
        user_consent_description: title,
        is_enabled: true,
    }
}

fn app_role(program: &Program, number: usize, value: &str) -> AppRole {
    AppRole {
        id: program.permission_id(number, true),
        value: Some(value.to_owned()),
        display_name: words(value),
        description: format!("{} ({})", words(value), program.name),
        allowed_member_types: vec![MemberType::Application, MemberType::User],
        is_enabled: true,
    }
}

/// `Tasks.ReadWrite` in words.
fn words(value: &str) -> String {
    value.replace("ReadWrite", "read and write").replace("Read", "read").replace('.', ": ")
}

/// An administrator has consented to everything that a program of the cast may want, in each of its tenants.
fn consent(changes: &mut Changes, program: &Program) {
    for tenant in program.tenants() {
        let mut grant = |number, scopes: &[&str]| {
            changes.add(Change::GrantPermissions(PermissionGrant {
                tenant,
                client: program.principal_id(tenant),
                resource: principal_id(tenant, number),
                principal: None,
                scopes: scopes.iter().map(|scope| (*scope).to_owned()).collect(),
            }));
        };
        let who = ["openid", "profile", "email", "offline_access", "User.Read"];
        grant(0, &[&who, program.graph_scopes].concat());
        let other_api =
            |api: &&Program| api.kind == "api" && api.tenant == tenant && api.number != program.number;
        for api in PROGRAMS.iter().filter(other_api) {
            grant(api.number, api.scopes);
        }
    }
}

/// The daemons of the API have every role of it; those that look after a directory have roles of Microsoft Graph.
fn assign_roles(changes: &mut Changes, now: Timestamp) {
    let mut assign = |program: &Program, resource, app_role| {
        changes.add(Change::AssignAppRole(AppRoleAssignment {
            tenant: program.tenant,
            principal: program.principal_id(program.tenant).guid(),
            principal_kind: ObjectKind::ServicePrincipal,
            resource,
            app_role,
            created_at: now,
        }));
    };
    let of_the_api = |program: &&Program| program.kind == "daemon" && program.graph_app_roles.is_empty();
    for daemon in PROGRAMS.iter().filter(of_the_api) {
        for api in PROGRAMS.iter().filter(|api| api.kind == "api") {
            for number in 0..api.app_roles.len() {
                assign(daemon, api.principal_id(api.tenant), api.permission_id(number + 1, true));
            }
        }
    }
    let graph = microsoft_graph();
    for program in &PROGRAMS {
        let has = |role: &&AppRole| {
            role.value.as_deref().is_some_and(|value| program.graph_app_roles.contains(&value))
        };
        for role in graph.app_roles.iter().filter(has) {
            assign(program, principal_id(program.tenant, 0), role.id);
        }
    }
}
