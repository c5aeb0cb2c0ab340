//! Who may consent to what: contoso's own application, fabrikam's shop that contoso's people sign in to, and its API.

use std::sync::Arc;

use jiff::Timestamp;
use uuid::Uuid;
use vestibule_wire::graph::{
    AppRole, MemberType, PermissionScope, PermissionType, PreAuthorizedApplication, RequiredResourceAccess,
    ResourceAccess, ResourceAccessType, VerifiedPublisher,
};
use vestibule_wire::ids::{ApplicationId, ClientId, ServicePrincipalId, TenantId, UserId};
use vestibule_wire::scope::{ResourceName, ScopeRequest};

use super::{
    Assessment, Beneficiary, Manner, Matter, Party, PermissionGrant, Question, Unanswerable, assess,
};
use crate::applications::{Application, ServicePrincipal, SignInAudience, microsoft_graph};
use crate::audit::{Activity, AuditEvent};
use crate::changes::Change;
use crate::clock_and_dice::Dice;
use crate::directory::{Profile, Upn, User, UserType, role};
use crate::tenant::{Tenant, UserConsent};

const CONTOSO: TenantId = TenantId::from_u128(1);
const FABRIKAM: TenantId = TenantId::from_u128(2);
const SHOP: ClientId = ClientId::from_u128(0x5409);
const API: ClientId = ClientId::from_u128(0xa91);
const READ: Uuid = Uuid::from_u128(0x4ead);
const MANAGE: Uuid = Uuid::from_u128(0x3a4a9e);
const ROLE: Uuid = Uuid::from_u128(0x401e);

fn tenant(user_consent: UserConsent) -> Tenant {
    Tenant { id: CONTOSO, user_consent, ..Tenant::of_personal_accounts() }
}

fn person(roles: &[Uuid]) -> User {
    User {
        tenant: CONTOSO,
        id: UserId::from_u128(0xb0b),
        upn: Upn::parse("bob@contoso.test").unwrap(),
        display_name: "Bob".into(),
        given_name: None,
        surname: None,
        mail: None,
        enabled: true,
        user_type: UserType::Member,
        external: None,
        directory_roles: roles.to_vec(),
        password: None,
        must_change_password: false,
        valid_from: Timestamp::UNIX_EPOCH,
        created_at: Timestamp::UNIX_EPOCH,
        profile: Profile::default(),
        revision: 7,
    }
}

fn scope(id: Uuid, value: &str, kind: PermissionType) -> PermissionScope {
    PermissionScope {
        id,
        value: value.into(),
        kind,
        admin_consent_display_name: None,
        admin_consent_description: None,
        user_consent_display_name: None,
        user_consent_description: None,
        is_enabled: true,
    }
}

fn needs(resource: ClientId, scopes: &[Uuid], roles: &[Uuid]) -> RequiredResourceAccess {
    let access = |kind| move |id: &Uuid| ResourceAccess { id: *id, kind };
    let scopes = scopes.iter().map(access(ResourceAccessType::Scope));
    RequiredResourceAccess {
        resource_app_id: resource,
        resource_access: scopes.chain(roles.iter().map(access(ResourceAccessType::Role))).collect(),
    }
}

/// The shop is at home in `home` and in contoso; the API is contoso's, with one permission for users, one for
/// administrators and one app role.
fn matter(home: TenantId, roles: &[Uuid]) -> Matter {
    let new = |client: ClientId, home, name: &str| {
        Application::new(home, ApplicationId::new(client.guid()), client, name.into())
    };
    let shop = Application {
        sign_in_audience: SignInAudience::AzureADMultipleOrgs,
        required_resource_access: vec![needs(API, &[READ, MANAGE], &[ROLE])],
        ..new(SHOP, home, "Shop")
    };
    let api = Application {
        identifier_uris: vec!["api://api".into()],
        delegated_permissions: vec![
            scope(READ, "Read", PermissionType::User),
            scope(MANAGE, "Manage", PermissionType::Admin),
        ],
        app_roles: vec![AppRole {
            id: ROLE,
            value: Some("Work".into()),
            display_name: "Work".into(),
            description: String::new(),
            allowed_member_types: vec![MemberType::Application],
            is_enabled: true,
        }],
        ..new(API, CONTOSO, "Api")
    };
    let party = |application: Application| Party {
        principal: Some(principal(application.client_id)),
        application: Arc::new(application),
    };
    Matter {
        tenant: tenant(UserConsent::LowRisk),
        user: person(roles),
        client: SHOP,
        parties: vec![party(shop), party(api), party(microsoft_graph())],
        named: vec![
            (ResourceName::Named("api://api".into()), API),
            (ResourceName::MicrosoftGraph, ClientId::MICROSOFT_GRAPH),
        ],
        grants: Vec::new(),
        assigned: Vec::new(),
    }
}

fn principal(client: ClientId) -> ServicePrincipal {
    ServicePrincipal::new(CONTOSO, ServicePrincipalId::new(client.guid()), client, Timestamp::UNIX_EPOCH)
}

fn edit(matter: &mut Matter, client: ClientId, change: impl FnOnce(&mut Application)) {
    let party = matter.parties.iter_mut().find(|party| party.application.client_id == client).unwrap();
    change(Arc::make_mut(&mut party.application));
}

fn grant(matter: &mut Matter, resource: ClientId, scopes: &[&str], principal: Option<UserId>) {
    matter.grants.push(PermissionGrant {
        tenant: CONTOSO,
        client: ServicePrincipalId::new(SHOP.guid()),
        resource: ServicePrincipalId::new(resource.guid()),
        principal,
        scopes: scopes.iter().map(|scope| (*scope).to_owned()).collect(),
    });
}

fn asked(scope: &str) -> ScopeRequest {
    ScopeRequest::parse(scope).unwrap()
}

fn question(matter: &Matter, scope: &str, manner: Manner) -> Question {
    match assess(matter, &asked(scope), manner).unwrap() {
        Assessment::Ask(question) => question,
        other => panic!("{other:?}"),
    }
}

fn administrator_needed(matter: &Matter, scope: &str, manner: Manner) -> Question {
    match assess(matter, &asked(scope), manner).unwrap() {
        Assessment::AdministratorNeeded(question) => question,
        other => panic!("{other:?}"),
    }
}

fn settled(matter: &Matter, scope: &str) -> bool {
    matches!(assess(matter, &asked(scope), Manner::Missing).unwrap(), Assessment::Settled)
}

fn values(question: &Question) -> Vec<&str> {
    question.wanted.iter().map(|wanted| wanted.permission.value()).collect()
}

fn event() -> AuditEvent {
    AuditEvent::new(Activity::ConsentGranted, CONTOSO, Timestamp::UNIX_EPOCH, &Dice)
}

fn accepted(matter: &Matter, question: &Question, everybody: bool) -> Vec<Change> {
    let changes = question.accept(matter, everybody, Timestamp::UNIX_EPOCH, &Dice, &event());
    changes.iter().cloned().collect()
}

fn granted(changes: &[Change], resource: ClientId) -> Option<&PermissionGrant> {
    let resource = ServicePrincipalId::new(resource.guid());
    changes.iter().find_map(|change| match change {
        Change::GrantPermissions(grant) if grant.resource == resource => Some(grant),
        _ => None,
    })
}

#[test]
fn a_user_consents_to_a_user_permission_and_only_for_themselves() {
    let matter = matter(CONTOSO, &[]);
    let question = question(&matter, "openid api://api/Read", Manner::Missing);
    assert_eq!(question.beneficiary, Beneficiary::Person);
    assert_eq!(values(&question), ["Read", "openid", "profile", "offline_access"]);
    // Ticking a box that was not there changes nothing.
    let changes = accepted(&matter, &question, true);
    let grant = granted(&changes, API).unwrap();
    assert_eq!((grant.principal, &grant.scopes[..]), (Some(matter.user.id), &["Read".to_owned()][..]));
}

#[test]
fn cn_04_a_plain_user_cannot_grant_what_is_for_administrators() {
    let matter = matter(CONTOSO, &[]);
    administrator_needed(&matter, "api://api/Manage", Manner::Missing);
    administrator_needed(&matter, "api://api/Read api://api/Manage", Manner::Missing);
    administrator_needed(&matter, "api://api/.default", Manner::Organisation);
    let helpdesk = self::matter(CONTOSO, &[role::HELPDESK_ADMINISTRATOR, role::GLOBAL_READER]);
    administrator_needed(&helpdesk, "api://api/Manage", Manner::Missing);
}

#[test]
fn an_administrator_is_asked_for_whom_and_may_say_everybody() {
    for role in [
        role::GLOBAL_ADMINISTRATOR,
        role::PRIVILEGED_ROLE_ADMINISTRATOR,
        role::APPLICATION_ADMINISTRATOR,
        role::CLOUD_APPLICATION_ADMINISTRATOR,
    ] {
        let matter = matter(CONTOSO, &[role]);
        let question = question(&matter, "api://api/Manage", Manner::Missing);
        assert_eq!(question.beneficiary, Beneficiary::PersonOrEverybody);
        let grants = |everybody| granted(&accepted(&matter, &question, everybody), API).unwrap().principal;
        assert_eq!(grants(true), None);
        assert_eq!(grants(false), Some(matter.user.id));
    }
}

#[test]
fn app_roles_of_microsoft_graph_are_not_for_those_who_administer_applications() {
    let user_read_all = Uuid::from_u128(0xdf021288_bdef_4463_88db_98f22de89214);
    for (role, may) in [
        (role::GLOBAL_ADMINISTRATOR, true),
        (role::PRIVILEGED_ROLE_ADMINISTRATOR, true),
        (role::APPLICATION_ADMINISTRATOR, false),
        (role::CLOUD_APPLICATION_ADMINISTRATOR, false),
    ] {
        let mut matter = matter(CONTOSO, &[role]);
        edit(&mut matter, SHOP, |shop| {
            shop.required_resource_access = vec![needs(ClientId::MICROSOFT_GRAPH, &[], &[user_read_all])];
        });
        let assessment = assess(&matter, &asked(".default"), Manner::Organisation).unwrap();
        assert_eq!(matches!(assessment, Assessment::Ask(_)), may, "{role}");
    }
}

#[test]
fn administrator_consent_grants_delegated_permissions_and_app_roles_to_all() {
    let matter = matter(CONTOSO, &[role::GLOBAL_ADMINISTRATOR]);
    let question = question(&matter, ".default", Manner::Organisation);
    assert_eq!(question.beneficiary, Beneficiary::Everybody);
    let changes = accepted(&matter, &question, false);
    let grant = granted(&changes, API).unwrap();
    assert_eq!((grant.principal, &grant.scopes[..]), (None, &["Read".to_owned(), "Manage".to_owned()][..]));
    let assigned: Vec<_> = changes
        .iter()
        .filter_map(|change| match change {
            Change::AssignAppRole(assignment) => Some((assignment.principal, assignment.app_role)),
            _ => None,
        })
        .collect();
    assert_eq!(assigned, [(SHOP.guid(), ROLE)]);
}

#[test]
fn cn_06_an_old_grant_does_not_cover_a_new_permission() {
    let mut matter = matter(CONTOSO, &[]);
    edit(&mut matter, API, |api| {
        api.delegated_permissions.push(scope(Uuid::from_u128(9), "Write", PermissionType::User));
    });
    let bob = matter.user.id;
    grant(&mut matter, API, &["Read"], Some(bob));
    assert!(settled(&matter, "api://api/Read"));
    let question = question(&matter, "api://api/Read api://api/Write", Manner::Missing);
    let new: Vec<_> = question.wanted.iter().filter(|wanted| !wanted.granted && !wanted.customary).collect();
    assert_eq!(new.len(), 1);
    assert_eq!(new[0].permission.value(), "Write");
    let changes = accepted(&matter, &question, false);
    assert_eq!(granted(&changes, API).unwrap().scopes, ["Read", "Write"]);
}

#[test]
fn default_asks_for_the_registration_once_and_then_for_nothing() {
    let mut matter = matter(CONTOSO, &[role::GLOBAL_ADMINISTRATOR]);
    let first = question(&matter, "api://api/.default", Manner::Missing);
    assert_eq!(values(&first), ["Read", "Manage", "openid", "profile", "offline_access"]);
    grant(&mut matter, API, &["Read"], None);
    assert!(settled(&matter, "api://api/.default"));
    let again = question(&matter, "api://api/.default", Manner::Again);
    assert_eq!(values(&again), ["Read", "Manage", "openid", "profile", "offline_access"]);
}

#[test]
fn a_pre_authorised_client_needs_nobodys_consent() {
    let mut matter = matter(FABRIKAM, &[]);
    edit(&mut matter, API, |api| {
        api.pre_authorized =
            vec![PreAuthorizedApplication { app_id: SHOP, delegated_permission_ids: vec![MANAGE] }];
    });
    assert!(settled(&matter, "api://api/Manage"));
    assert!(!settled(&matter, "api://api/Read"));
    assert!(settled(&matter, "api://api/.default"));
}

#[test]
fn cn_01_strangers_get_no_more_from_a_user_than_who_they_are_unless_somebody_vouches() {
    let mut stranger = matter(FABRIKAM, &[]);
    administrator_needed(&stranger, "api://api/Read", Manner::Missing);
    administrator_needed(&stranger, "Mail.Read", Manner::Missing);
    assert_eq!(
        values(&question(&stranger, "openid email User.Read", Manner::Missing)),
        ["User.Read", "openid", "profile", "email", "offline_access"]
    );
    edit(&mut stranger, SHOP, |shop| {
        shop.verified_publisher =
            VerifiedPublisher { display_name: Some("Shop".into()), ..VerifiedPublisher::default() };
    });
    question(&stranger, "api://api/Read", Manner::Missing);

    let mut strict = matter(CONTOSO, &[]);
    strict.tenant = tenant(UserConsent::Nothing);
    administrator_needed(&strict, "openid", Manner::Missing);
    let mut lax = matter(FABRIKAM, &[]);
    lax.tenant = tenant(UserConsent::Any);
    question(&lax, "api://api/Read", Manner::Missing);
}

#[test]
fn cn_01_where_users_may_consent_to_nothing_they_let_no_application_in_that_asks_for_nothing() {
    let mut stranger = matter(FABRIKAM, &[]);
    stranger.parties[0].principal = None;
    edit(&mut stranger, SHOP, |shop| shop.required_resource_access.clear());
    let graph = ResourceName::Named("https://graph.microsoft.com".into());
    stranger.named.push((graph, ClientId::MICROSOFT_GRAPH));
    let scope = "https://graph.microsoft.com/.default";
    question(&stranger, scope, Manner::Missing);
    stranger.tenant = tenant(UserConsent::Nothing);
    administrator_needed(&stranger, scope, Manner::Missing);
}

#[test]
fn cn_07_what_everybody_was_granted_does_not_become_a_grant_of_ones_own() {
    let mut matter = matter(CONTOSO, &[]);
    grant(&mut matter, API, &["Manage"], None);
    let question = question(&matter, "api://api/Manage api://api/Read", Manner::Again);
    let changes = accepted(&matter, &question, false);
    let own = granted(&changes, API).unwrap();
    assert_eq!((own.principal, &own.scopes[..]), (Some(matter.user.id), &["Read".to_owned()][..]));
}

#[test]
fn where_assignment_is_required_users_cannot_consent() {
    let mut matter = matter(CONTOSO, &[]);
    let shop = matter.parties.iter_mut().find(|party| party.application.client_id == SHOP).unwrap();
    shop.principal.as_mut().unwrap().assignment_required = true;
    administrator_needed(&matter, "api://api/Read", Manner::Missing);
}

#[test]
fn an_application_of_another_organisation_comes_in_with_consent_and_one_for_its_own_does_not() {
    let mut matter = matter(FABRIKAM, &[]);
    matter.parties[0].principal = None;
    let first = question(&matter, "openid", Manner::Missing);
    let changes = accepted(&matter, &first, false);
    let made = changes.iter().filter(|change| matches!(change, Change::CreateServicePrincipal(_))).count();
    assert_eq!(made, 1);
    let grant = granted(&changes, ClientId::MICROSOFT_GRAPH).unwrap();
    assert_ne!(grant.client, ServicePrincipalId::new(SHOP.guid()));
    assert_eq!(grant.scopes, ["openid", "profile", "offline_access"]);

    edit(&mut matter, SHOP, |shop| shop.sign_in_audience = SignInAudience::AzureADMyOrg);
    let refused = assess(&matter, &asked("openid"), Manner::Missing).unwrap_err();
    assert_eq!(refused, Unanswerable::ClientNotHere);
}

#[test]
fn a_resource_comes_in_with_a_client_that_it_knows_and_asks_for_what_it_needs_itself() {
    let mut matter = matter(FABRIKAM, &[role::GLOBAL_ADMINISTRATOR]);
    matter.parties[0].principal = None;
    matter.parties[1].principal = None;
    let refused = assess(&matter, &asked("api://api/.default"), Manner::Missing).unwrap_err();
    assert_eq!(refused, Unanswerable::ResourceNotHere(API.to_string()));

    let user_read = Uuid::from_u128(0xe1fe6dd8_ba31_4d61_89e7_88639da4683d);
    edit(&mut matter, API, |api| {
        api.sign_in_audience = SignInAudience::AzureADMultipleOrgs;
        api.known_clients = vec![SHOP];
        api.required_resource_access = vec![needs(ClientId::MICROSOFT_GRAPH, &[user_read], &[])];
    });
    let both = question(&matter, "api://api/.default", Manner::Missing);
    assert_eq!(values(&both), ["Read", "Manage", "User.Read", "openid", "profile", "offline_access"]);
    assert_eq!(both.wanted[2].client, API);
    let changes = accepted(&matter, &both, true);
    let made = changes.iter().filter(|change| matches!(change, Change::CreateServicePrincipal(_))).count();
    assert_eq!(made, 2);
}

#[test]
fn what_does_not_exist_or_is_disabled_cannot_be_consented_to() {
    let mut matter = matter(CONTOSO, &[role::GLOBAL_ADMINISTRATOR]);
    assert!(matches!(
        assess(&matter, &asked("api://api/Nothing"), Manner::Missing),
        Err(Unanswerable::NoSuchPermission(_))
    ));
    edit(&mut matter, API, |api| api.delegated_permissions[0].is_enabled = false);
    assert!(assess(&matter, &asked("api://api/Read"), Manner::Missing).is_err());
    assert!(assess(&matter, &asked("api://other/Read"), Manner::Missing).is_err());
}

#[test]
fn cn_03_another_question_has_another_digest() {
    let matter = matter(CONTOSO, &[role::GLOBAL_ADMINISTRATOR]);
    let read = question(&matter, "api://api/Read", Manner::Missing);
    let manage = question(&matter, "api://api/Manage", Manner::Missing);
    let everybody = question(&matter, "api://api/Read", Manner::Organisation);
    assert_eq!(read.digest(), question(&matter, "api://api/Read", Manner::Missing).digest());
    assert_ne!(read.digest(), manage.digest());
    assert_ne!(read.digest(), everybody.digest());
}

#[test]
fn an_answer_holds_only_while_person_tenant_and_applications_are_as_they_were() {
    let matter = matter(CONTOSO, &[role::GLOBAL_ADMINISTRATOR]);
    let question = question(&matter, "api://api/Read", Manner::Missing);
    let changes = accepted(&matter, &question, true);
    let has = |wanted: &dyn Fn(&Change) -> bool| changes.iter().any(wanted);
    assert!(has(&|change| matches!(change, Change::UserAt { revision: 7, .. })));
    assert!(has(&|change| matches!(change, Change::TenantAt { .. })));
    assert!(has(&|change| matches!(change, Change::ApplicationAt { client: API, .. })));
    assert!(has(&|change| matches!(change, Change::ApplicationAt { client: SHOP, .. })));
    assert!(has(&|change| matches!(
        change,
        Change::RecordAudit(event) if event.target.as_ref().is_some_and(|target| target.changed[0] == "Read")
    )));
}
