//! Applications, service principals, and what was granted to them, as they are read.

use idp_domain::applications::{Application, Registration, microsoft_graph};
use idp_domain::changes::{Change, Conflict};
use idp_domain::consent::PermissionGrant;
use idp_domain::store::Applications as _;
use uuid::Uuid;
use vestibule_wire::ids::{ClientId, ServicePrincipalId, UserId};

use crate::actors::*;
use crate::engines::{World, on_every_engine, past_the_store};

const READER: Uuid = Uuid::from_u128(2);
const WRITER: Uuid = Uuid::from_u128(3);

async fn register_the_daemon(world: &World) {
    world
        .make([create_application(CONTOSO, DAEMON), create_principal(CONTOSO, DAEMON_PRINCIPAL, DAEMON)])
        .await;
}

fn the_daemon() -> Registration {
    Registration {
        principal: principal(CONTOSO, DAEMON_PRINCIPAL, DAEMON),
        application: application(CONTOSO, DAEMON).into(),
    }
}

fn assign(principal: ServicePrincipalId, app_role: Uuid) -> Change {
    Change::AssignAppRole(assignment(principal, app_role))
}

fn grant(principal: Option<UserId>, scopes: &[&str]) -> PermissionGrant {
    PermissionGrant {
        tenant: CONTOSO,
        client: DAEMON_PRINCIPAL,
        resource: API_PRINCIPAL,
        principal,
        scopes: scopes.iter().map(|scope| (*scope).to_owned()).collect(),
    }
}

on_every_engine! {
    async fn an_application_is_found_by_its_client_id_wherever_it_is_at_home(world) {
        world.make([create_application(CONTOSO, DAEMON), create_application(FABRIKAM, API)]).await;
        for (tenant, client) in [(CONTOSO, DAEMON), (FABRIKAM, API)] {
            // Twice, because what was parsed is kept.
            for _ in 0..2 {
                let found = world.application(client).await.unwrap().unwrap();
                assert_eq!(*found, application(tenant, client));
            }
        }
        assert_eq!(world.application(ClientId::from_u128(1)).await.unwrap(), None);
    }

    async fn a_client_id_is_taken_once_in_all_tenants(world) {
        world.make([create_application(CONTOSO, DAEMON)]).await;
        assert_eq!(world.conflict([create_application(FABRIKAM, DAEMON)]).await, Conflict::AlreadyExists);
    }

    async fn a_registration_is_the_application_as_the_tenant_sees_it(world) {
        register_the_daemon(world).await;
        for _ in 0..2 {
            assert_eq!(world.registration(CONTOSO, DAEMON).await.unwrap(), Some(the_daemon()));
        }
    }

    async fn there_is_no_registration_without_a_service_principal_in_the_tenant(world) {
        register_the_daemon(world).await;
        world.make([create_application(CONTOSO, API)]).await;
        assert_eq!(world.registration(CONTOSO, API).await.unwrap(), None);
        assert_eq!(world.registration(FABRIKAM, DAEMON).await.unwrap(), None);
    }

    async fn there_is_no_registration_without_an_application(world) {
        world.make([create_principal(CONTOSO, DAEMON_PRINCIPAL, DAEMON)]).await;
        assert_eq!(world.registration(CONTOSO, DAEMON).await.unwrap(), None);
    }

    async fn another_tenant_has_a_service_principal_of_its_own(world) {
        register_the_daemon(world).await;
        let theirs = ServicePrincipalId::from_u128(0xbeef);
        world.make([create_principal(FABRIKAM, theirs, DAEMON)]).await;
        let seen = world.registration(FABRIKAM, DAEMON).await.unwrap().unwrap();
        assert_eq!(seen.principal, principal(FABRIKAM, theirs, DAEMON));
        assert_eq!(seen.application.tenant, CONTOSO);
    }

    async fn a_registration_is_found_by_client_id_in_any_case_and_by_uri_byte_for_byte(world) {
        register_the_daemon(world).await;
        let uri = format!("api://{DAEMON}");
        let found = [uri.clone(), DAEMON.to_string(), DAEMON.to_string().to_uppercase()];
        for name in found {
            assert_eq!(world.registration_by_name(CONTOSO, &name).await.unwrap(), Some(the_daemon()), "{name}");
        }
        for name in [uri.to_uppercase(), format!("{uri}/"), format!("{uri}\0"), String::new()] {
            assert_eq!(world.registration_by_name(CONTOSO, &name).await.unwrap(), None, "{name:?}");
        }
        assert_eq!(world.registration_by_name(FABRIKAM, &uri).await.unwrap(), None);
    }

    async fn microsoft_graph_is_known_without_being_created(world) {
        let graph = world.application(ClientId::MICROSOFT_GRAPH).await.unwrap().unwrap();
        assert_eq!(*graph, microsoft_graph());
        assert_eq!(world.registration(CONTOSO, ClientId::MICROSOFT_GRAPH).await.unwrap(), None);

        let principal = principal(CONTOSO, API_PRINCIPAL, ClientId::MICROSOFT_GRAPH);
        let registration = Registration { principal, application: graph };
        world.make([Change::CreateServicePrincipal(Box::new(registration.clone()))]).await;
        let expected = Some(registration);
        assert_eq!(world.registration(CONTOSO, ClientId::MICROSOFT_GRAPH).await.unwrap(), expected);
        let by_name = world.registration_by_name(CONTOSO, "https://graph.microsoft.com").await.unwrap();
        assert_eq!(by_name, expected);
    }

    async fn a_service_principal_and_each_of_its_names_are_unique_in_the_tenant(world) {
        world.make([create_principal(CONTOSO, DAEMON_PRINCIPAL, DAEMON)]).await;
        let create = |tenant, id, client, name: &str| {
            let application = Application { identifier_uris: vec![name.into()], ..application(tenant, client) };
            let principal = principal(tenant, id, client);
            Change::CreateServicePrincipal(Box::new(Registration { principal, application: application.into() }))
        };
        let taken = format!("api://{DAEMON}");
        let other = ServicePrincipalId::from_u128(1);
        for change in [
            create(CONTOSO, DAEMON_PRINCIPAL, API, "api://free"),
            create(CONTOSO, other, DAEMON, "api://free"),
            create(CONTOSO, other, API, &taken),
        ] {
            assert_eq!(world.conflict([change]).await, Conflict::AlreadyExists);
        }
        world.make([create(FABRIKAM, DAEMON_PRINCIPAL, DAEMON, &taken)]).await;
    }

    async fn in_another_tenant_a_name_that_is_taken_stays_with_who_has_it(world) {
        register_the_daemon(world).await;
        let uris = vec![format!("api://{DAEMON}"), "https://fabrikam.test/api".to_owned()];
        let theirs = Application { identifier_uris: uris, ..application(FABRIKAM, API) };
        let guest = Registration {
            principal: principal(CONTOSO, API_PRINCIPAL, API),
            application: theirs.clone().into(),
        };
        world.make([
            Change::CreateApplication(Box::new(theirs)),
            Change::CreateServicePrincipal(Box::new(guest.clone())),
        ])
        .await;
        let named = async |name: &str| {
            world.registration_by_name(CONTOSO, name).await.unwrap().map(|found| found.client_id())
        };
        assert_eq!(named(&format!("api://{DAEMON}")).await, Some(DAEMON));
        assert_eq!(named("https://fabrikam.test/api").await, Some(API));
    }

    async fn assigned_roles_are_those_of_the_principal_on_the_resource(world) {
        // Assigning twice is no conflict: it is what was wanted.
        let roles = [READER, WRITER, READER].map(|role| assign(DAEMON_PRINCIPAL, role));
        world.make(roles).await;
        let roles = async |tenant, principal: ServicePrincipalId, resource| {
            world.assigned_roles(tenant, principal.guid(), resource).await.unwrap()
        };
        assert_eq!(roles(CONTOSO, DAEMON_PRINCIPAL, API_PRINCIPAL).await, [READER, WRITER]);
        assert!(roles(FABRIKAM, DAEMON_PRINCIPAL, API_PRINCIPAL).await.is_empty());
        assert!(roles(CONTOSO, API_PRINCIPAL, API_PRINCIPAL).await.is_empty());
        assert!(roles(CONTOSO, DAEMON_PRINCIPAL, DAEMON_PRINCIPAL).await.is_empty());
    }

    async fn permission_grants_are_those_for_everybody_and_for_the_user(world) {
        let everybody = grant(None, &["Files.Read"]);
        let alices = grant(Some(ALICE), &["Files.Write", "Mail.Send"]);
        let bobs = grant(Some(BOB), &[]);
        world.make([&everybody, &alices, &bobs].map(|grant| Change::GrantPermissions(grant.clone()))).await;
        let grants = async |tenant, client, user| world.permission_grants(tenant, client, user).await.unwrap();
        assert_eq!(grants(CONTOSO, DAEMON_PRINCIPAL, ALICE).await, [everybody.clone(), alices]);
        assert_eq!(grants(CONTOSO, DAEMON_PRINCIPAL, BOB).await, [everybody.clone(), bobs]);
        assert_eq!(grants(CONTOSO, DAEMON_PRINCIPAL, UserId::from_u128(1)).await, [everybody]);
        assert!(grants(FABRIKAM, DAEMON_PRINCIPAL, ALICE).await.is_empty());
        assert!(grants(CONTOSO, API_PRINCIPAL, ALICE).await.is_empty());
    }

    async fn a_permission_grant_takes_the_place_of_the_one_before(world) {
        let later = grant(Some(ALICE), &["Files.Write"]);
        world.make([Change::GrantPermissions(grant(Some(ALICE), &["Files.Read"]))]).await;
        world.make([Change::GrantPermissions(later.clone())]).await;
        assert_eq!(world.permission_grants(CONTOSO, DAEMON_PRINCIPAL, ALICE).await.unwrap(), [later]);
    }

    async fn withdrawing_takes_every_grant_of_the_client_on_the_resource(world) {
        let elsewhere = PermissionGrant { resource: DAEMON_PRINCIPAL, ..grant(None, &["User.Read"]) };
        let all = [grant(None, &["Files.Read"]), grant(Some(ALICE), &["Files.Write"]), elsewhere.clone()];
        world.make(all.map(Change::GrantPermissions)).await;
        let (client, resource) = (DAEMON_PRINCIPAL, API_PRINCIPAL);
        let withdraw = |tenant| Change::WithdrawPermissions { tenant, client, resource };
        world.make([withdraw(FABRIKAM)]).await;
        assert_eq!(world.permission_grants(CONTOSO, client, ALICE).await.unwrap().len(), 3);
        world.make([withdraw(CONTOSO), withdraw(CONTOSO)]).await;
        assert_eq!(world.permission_grants(CONTOSO, client, ALICE).await.unwrap(), [elsewhere]);
    }
}

past_the_store! {
    async fn a_document_that_was_kept_is_not_used_at_another_revision(world) {
        register_the_daemon(world).await;
        assert_eq!(world.registration(CONTOSO, DAEMON).await.unwrap(), Some(the_daemon()));
        world.sql(
            "UPDATE applications SET revision = 5, document = REPLACE(document, 'The application', 'Another') \
             WHERE document LIKE '%api://00000000-0000-0000-0000-000000000dae%'",
        )
        .await;
        let seen = world.application(DAEMON).await.unwrap().unwrap();
        assert_eq!((seen.revision, seen.display_name.as_str()), (5, "Another"));
        let registration = world.registration(CONTOSO, DAEMON).await.unwrap().unwrap();
        assert_eq!(registration.application, seen);
    }
}
