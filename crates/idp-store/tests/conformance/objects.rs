//! Objects that are made and changed: what they become, and what keeps them from it.

use idp_domain::applications::{Application, Registration, ServicePrincipal};
use idp_domain::changes::{Change, Conflict};
use idp_domain::credentials::{Lockout, LockoutKey, PasswordHash};
use idp_domain::directory::{Group, ObjectKind, Upn, User, UserType};
use idp_domain::policies::FlowPolicy;
use idp_domain::store::{Applications as _, Directory as _, Tenants as _, Users as _};
use idp_domain::tenant::{CompatProfile, Tenant, UserConsent};
use uuid::Uuid;
use vestibule_wire::ids::{ApplicationId, ClientId, ServicePrincipalId};

use crate::actors::*;
use crate::engines::{World, on_every_engine};

fn update_user(user: User) -> Change {
    Change::UpdateUser(Box::new(user))
}

fn update_group(group: Group) -> Change {
    Change::UpdateGroup(Box::new(group))
}

fn update_application(application: Application) -> Change {
    Change::UpdateApplication(Box::new(application))
}

fn update_principal(registration: Registration) -> Change {
    Change::UpdateServicePrincipal(Box::new(registration))
}

fn with_uris(client: ClientId, uris: &[&str]) -> Application {
    let identifier_uris = uris.iter().map(|uri| (*uri).to_owned()).collect();
    Application { identifier_uris, ..application(CONTOSO, client) }
}

async fn named(world: &World, tenant: vestibule_wire::ids::TenantId, name: &str) -> Option<ClientId> {
    world.registration_by_name(tenant, name).await.unwrap().map(|found| found.client_id())
}

on_every_engine! {
    async fn a_user_becomes_what_is_given_but_for_what_has_changes_of_its_own(world) {
        world.make([create_alice()]).await;
        let key = LockoutKey { tenant: CONTOSO, user: ALICE, familiar: true };
        world.make([Change::SetLockout { key, expected: 0, next: Lockout { failures: 3, ..Lockout::default() } }]).await;
        let given = User {
            upn: Upn::parse("builder@contoso.test").unwrap(),
            display_name: "Alice Builder".into(),
            given_name: None,
            surname: Some("Builder".into()),
            mail: None,
            enabled: false,
            user_type: UserType::Member,
            external: None,
            directory_roles: vec![],
            password: Some(PasswordHash::from_phc("$argon2id$other".into())),
            must_change_password: false,
            valid_from: at(999),
            created_at: at(-7),
            profile: profile("officeLocation", "17/3"),
            ..user(CONTOSO, ALICE, "alice@contoso.test")
        };
        world.make([update_user(given.clone())]).await;
        let before = user(CONTOSO, ALICE, "alice@contoso.test");
        let expected = User {
            password: before.password,
            must_change_password: before.must_change_password,
            valid_from: before.valid_from,
            revision: 2,
            ..given.clone()
        };
        assert_eq!(world.user(CONTOSO, ALICE).await.unwrap(), Some(expected.clone()));
        assert_eq!(world.user_by_upn(CONTOSO, &given.upn).await.unwrap(), Some(expected.clone()));
        let old = Upn::parse("alice@contoso.test").unwrap();
        assert_eq!(world.user_by_upn(CONTOSO, &old).await.unwrap(), None);
        assert_eq!(world.lockout(key).await.unwrap().failures, 3);
        // What was decided on before is void, and the old name is free.
        assert_eq!(world.conflict([update_user(given)]).await, Conflict::ObjectChanged);
        let guard = |revision| Change::UserAt { tenant: CONTOSO, user: ALICE, revision };
        assert_eq!(world.conflict([guard(1)]).await, Conflict::UserChanged);
        world.make([guard(2), create_user(user(CONTOSO, BOB, "alice@contoso.test"))]).await;
        assert_eq!(world.user(CONTOSO, ALICE).await.unwrap(), Some(expected));
    }

    async fn a_user_who_changed_or_is_not_there_is_not_updated(world) {
        world.make([create_alice()]).await;
        let alice = user(CONTOSO, ALICE, "alice@contoso.test");
        for stale in [
            User { revision: 0, ..alice.clone() },
            User { revision: 2, ..alice.clone() },
            User { tenant: FABRIKAM, ..alice.clone() },
            user(CONTOSO, BOB, "bob@contoso.test"),
        ] {
            assert_eq!(world.conflict([update_user(stale)]).await, Conflict::ObjectChanged);
        }
        assert_eq!(world.user(CONTOSO, ALICE).await.unwrap(), Some(alice));
    }

    async fn a_user_does_not_take_the_name_of_another(world) {
        world.make([create_alice(), create_user(user(CONTOSO, BOB, "bob@contoso.test"))]).await;
        let thief = user(CONTOSO, BOB, "alice@contoso.test");
        assert_eq!(world.conflict([update_user(thief)]).await, Conflict::AlreadyExists);
        // In another tenant it is another's.
        world.make([create_user(user(FABRIKAM, BOB, "bob@fabrikam.test"))]).await;
        world.make([update_user(user(FABRIKAM, BOB, "alice@contoso.test"))]).await;
    }

    async fn a_group_is_made_once_and_becomes_what_is_given(world) {
        let staff = group(CONTOSO, STAFF, "Staff");
        world.make([create_group(staff.clone())]).await;
        assert_eq!(world.conflict([create_group(group(CONTOSO, STAFF, "Other"))]).await, Conflict::AlreadyExists);
        // Names of groups are nobody's, and ids are a tenant's.
        world.make([create_group(group(CONTOSO, SALES, "Staff")), create_group(group(FABRIKAM, STAFF, "Theirs"))]).await;
        let given = Group {
            display_name: "Crew".into(),
            mail_nickname: "crew".into(),
            mail_enabled: true,
            security_enabled: false,
            assignable_to_role: false,
            created_at: at(1),
            profile: profile("mail", "crew@contoso.test"),
            ..staff.clone()
        };
        world.make([update_group(given.clone())]).await;
        let expected = Group { revision: 4, ..given.clone() };
        assert_eq!(world.group(CONTOSO, STAFF).await.unwrap(), Some(expected.clone()));
        for stale in [given, Group { tenant: FABRIKAM, revision: 4, ..staff.clone() }, Group { id: group_id(9), ..staff }] {
            assert_eq!(world.conflict([update_group(stale)]).await, Conflict::ObjectChanged);
        }
        assert_eq!(world.group(CONTOSO, STAFF).await.unwrap(), Some(expected));
        assert_eq!(world.group(FABRIKAM, STAFF).await.unwrap(), Some(group(FABRIKAM, STAFF, "Theirs")));
    }

    async fn an_application_becomes_what_is_given_and_is_read_so_at_once(world) {
        world.make([create_application(CONTOSO, DAEMON), create_principal(CONTOSO, DAEMON_PRINCIPAL, DAEMON)]).await;
        let mut given = application(CONTOSO, DAEMON);
        for round in 0..3 {
            // Read, and so kept, at each revision.
            assert_eq!(*world.application(DAEMON).await.unwrap().unwrap(), given);
            assert_eq!(*world.registration(CONTOSO, DAEMON).await.unwrap().unwrap().application, given);
            given.display_name = format!("Round {round}");
            given.other.set("notes", round.into());
            world.make([update_application(given.clone())]).await;
            assert_eq!(world.conflict([update_application(given.clone())]).await, Conflict::ObjectChanged);
            given.revision += 1;
        }
        assert_eq!(*world.application(DAEMON).await.unwrap().unwrap(), given);
        let guard = |revision| Change::ApplicationAt { client: DAEMON, revision };
        assert_eq!(world.conflict([guard(4)]).await, Conflict::ApplicationChanged);
        world.make([guard(7)]).await;
        for foreign in [
            Application { tenant: FABRIKAM, ..given.clone() },
            Application { id: ApplicationId::from_u128(5), ..given.clone() },
            Application { client_id: API, ..given.clone() },
        ] {
            assert_eq!(world.conflict([update_application(foreign)]).await, Conflict::ObjectChanged);
        }
        assert_eq!(*world.application(DAEMON).await.unwrap().unwrap(), given);
    }

    async fn an_application_id_uri_is_one_applications_in_its_home_tenant(world) {
        let create = |application| Change::CreateApplication(Box::new(application));
        // Naming it twice is naming it once.
        world.make([create(with_uris(DAEMON, &["api://one", "api://two", "api://one"]))]).await;
        assert_eq!(world.conflict([create(with_uris(API, &["api://free", "api://two"]))]).await, Conflict::AlreadyExists);
        assert_eq!(world.application(API).await.unwrap(), None);
        let theirs = Application { tenant: FABRIKAM, ..with_uris(ClientId::from_u128(0xfab), &["api://one"]) };
        world.make([create(theirs), create(with_uris(API, &["api://three", "API://ONE"]))]).await;
        let taken = Application { revision: 4, ..with_uris(API, &["api://one"]) };
        assert_eq!(world.conflict([update_application(taken)]).await, Conflict::AlreadyExists);
        // What one lets go the other may have.
        world.make([update_application(with_uris(DAEMON, &["api://two"]))]).await;
        world.make([update_application(with_uris(API, &["api://one", "api://three"]))]).await;
    }

    async fn service_principals_go_by_the_names_of_now_in_every_tenant(world) {
        let theirs = ServicePrincipalId::from_u128(0xbeef);
        world.make([
            create_application(CONTOSO, DAEMON),
            create_principal(CONTOSO, DAEMON_PRINCIPAL, DAEMON),
            create_principal(FABRIKAM, theirs, DAEMON),
        ])
        .await;
        world.make([update_application(with_uris(DAEMON, &["api://new", "api://other"]))]).await;
        for tenant in [CONTOSO, FABRIKAM] {
            for name in ["api://new", "api://other"] {
                assert_eq!(named(world, tenant, name).await, Some(DAEMON));
            }
            assert_eq!(named(world, tenant, &format!("api://{DAEMON}")).await, None);
        }
    }

    async fn a_new_name_that_is_taken_is_refused_at_home_and_elsewhere_stays_with_who_has_it(world) {
        // The api has the name in fabrikam, where it is a guest as the daemon is.
        world.make([
            create_application(CONTOSO, DAEMON),
            create_principal(CONTOSO, DAEMON_PRINCIPAL, DAEMON),
            create_principal(FABRIKAM, DAEMON_PRINCIPAL, DAEMON),
        ])
        .await;
        let guest = |tenant| {
            let home = Application { tenant: FABRIKAM, ..with_uris(API, &["api://wanted"]) };
            let principal = principal(tenant, API_PRINCIPAL, API);
            Change::CreateServicePrincipal(Box::new(Registration { principal, application: home.into() }))
        };
        let home = Application { tenant: FABRIKAM, ..with_uris(API, &["api://wanted"]) };
        world.make([Change::CreateApplication(Box::new(home)), guest(FABRIKAM)]).await;
        world.make([update_application(with_uris(DAEMON, &["api://wanted"]))]).await;
        assert_eq!(named(world, CONTOSO, "api://wanted").await, Some(DAEMON));
        assert_eq!(named(world, FABRIKAM, "api://wanted").await, Some(API));
        // The other way round, the name is a guest's at home.
        let before = Application { revision: 5, ..with_uris(DAEMON, &["api://mine"]) };
        world.make([update_application(before), guest(CONTOSO)]).await;
        let again = Application { revision: 6, ..with_uris(DAEMON, &["api://wanted"]) };
        assert_eq!(world.conflict([update_application(again)]).await, Conflict::AlreadyExists);
        assert_eq!(named(world, CONTOSO, "api://wanted").await, Some(API));
        assert_eq!(named(world, CONTOSO, "api://mine").await, Some(DAEMON));
    }

    async fn a_service_principal_becomes_what_is_given(world) {
        world.make([
            create_application(CONTOSO, DAEMON),
            create_principal(CONTOSO, DAEMON_PRINCIPAL, DAEMON),
            create_principal(FABRIKAM, DAEMON_PRINCIPAL, DAEMON),
        ])
        .await;
        let before = registration(CONTOSO, DAEMON_PRINCIPAL, DAEMON);
        let given = ServicePrincipal {
            enabled: false,
            assignment_required: false,
            created_at: at(3),
            profile: profile("notes", "Watch it"),
            ..before.principal.clone()
        };
        let update = |principal| {
            update_principal(Registration { principal, application: before.application.clone() })
        };
        world.make([update(given.clone())]).await;
        let expected = ServicePrincipal { revision: 3, ..given.clone() };
        assert_eq!(world.registration(CONTOSO, DAEMON).await.unwrap().unwrap().principal, expected);
        let untouched = principal(FABRIKAM, DAEMON_PRINCIPAL, DAEMON);
        assert_eq!(world.registration(FABRIKAM, DAEMON).await.unwrap().unwrap().principal, untouched);
        for stale in [
            given.clone(),
            ServicePrincipal { tenant: FABRIKAM, revision: 3, ..given.clone() },
            ServicePrincipal { id: API_PRINCIPAL, revision: 3, ..given.clone() },
        ] {
            assert_eq!(world.conflict([update(stale)]).await, Conflict::ObjectChanged);
        }
        let guard = Change::PrincipalAt { tenant: CONTOSO, principal: DAEMON_PRINCIPAL, revision: 2 };
        assert_eq!(world.conflict([guard]).await, Conflict::ApplicationChanged);
        assert_eq!(named(world, CONTOSO, &format!("api://{DAEMON}")).await, Some(DAEMON));
    }

    async fn a_tenant_becomes_what_is_given(world) {
        world.make([create_contoso(), Change::CreateTenant(Box::new(tenant(FABRIKAM, "fabrikam")))]).await;
        let given = Tenant {
            display_name: "Contoso Ltd".into(),
            default_domain: "contoso.example".into(),
            enabled: false,
            compat: CompatProfile::Entra,
            user_consent: UserConsent::Nothing,
            flows: FlowPolicy::ALLOWED,
            token_lifetime: None,
            created_at: at(2),
            ..tenant(CONTOSO, "contoso")
        };
        let update = |tenant| Change::UpdateTenant(Box::new(tenant));
        world.make([update(given.clone())]).await;
        assert_eq!(world.tenant(CONTOSO).await.unwrap(), Some(Tenant { revision: 2, ..given.clone() }));
        assert_eq!(world.tenant(FABRIKAM).await.unwrap(), Some(tenant(FABRIKAM, "fabrikam")));
        assert_eq!(world.conflict([update(given)]).await, Conflict::TenantChanged);
        assert_eq!(world.conflict([Change::TenantAt { tenant: CONTOSO, revision: 1 }]).await, Conflict::TenantChanged);
    }

    async fn the_domains_of_a_tenant_come_in_the_order_of_their_names(world) {
        let add = |tenant, domain: &str| Change::AddDomain { tenant, domain: domain.into() };
        world.make([create_contoso()]).await;
        let domains = ["b.test", "a-c.test", "ab.test", "A.B.test"];
        world.make(domains.map(|domain| add(CONTOSO, domain))).await;
        world.make([add(FABRIKAM, "fabrikam.test")]).await;
        assert_eq!(world.domains(CONTOSO).await.unwrap(), ["a-c.test", "a.b.test", "ab.test", "b.test"]);
        assert_eq!(world.domains(FABRIKAM).await.unwrap(), ["fabrikam.test"]);
    }

    async fn an_object_exists_as_long_as_it_is_not_deleted(world) {
        world.make([
            create_alice(),
            create_group(group(CONTOSO, STAFF, "Staff")),
            create_application(CONTOSO, DAEMON),
            create_principal(CONTOSO, DAEMON_PRINCIPAL, DAEMON),
        ])
        .await;
        let ids = [
            (ObjectKind::User, ALICE.guid()),
            (ObjectKind::Group, STAFF.guid()),
            (ObjectKind::ServicePrincipal, DAEMON_PRINCIPAL.guid()),
            (ObjectKind::Application, application(CONTOSO, DAEMON).id.guid()),
        ];
        for (code, (kind, id)) in (0..).zip(ids) {
            let exists = |tenant, kind, id| Change::ObjectExists { tenant, kind, id };
            world.make([exists(CONTOSO, kind, id)]).await;
            world.make([spend(&[code]), exists(CONTOSO, kind, id)]).await;
            let another = if kind == ObjectKind::User { ObjectKind::Group } else { ObjectKind::User };
            for fails in [
                exists(FABRIKAM, kind, id),
                exists(CONTOSO, another, id),
                exists(CONTOSO, kind, Uuid::from_u128(0x404)),
            ] {
                assert_eq!(world.conflict([fails.clone()]).await, Conflict::ObjectChanged);
                assert_eq!(world.conflict([spend(b"never"), fails]).await, Conflict::ObjectChanged);
            }
            let object = world.object(CONTOSO, id).await.unwrap().unwrap();
            world.make([delete(object)]).await;
            assert_eq!(world.conflict([exists(CONTOSO, kind, id)]).await, Conflict::ObjectChanged);
        }
        world.make([spend(b"never")]).await;
    }
}
