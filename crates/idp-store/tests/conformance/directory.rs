//! Tenants, domains and users, as they are read.

use idp_domain::changes::{Change, Conflict};
use idp_domain::directory::{Upn, User};
use idp_domain::store::{Store as _, Tenants as _, Users as _};

use crate::actors::*;
use crate::engines::{on_every_engine, past_the_store};

on_every_engine! {
    async fn a_store_answers_as_soon_as_it_is_open(world) {
        world.ping().await.unwrap();
        assert_eq!(world.tenant(CONTOSO).await.unwrap(), None);
        world.make([]).await;
    }

    async fn a_tenant_is_found_by_its_id(world) {
        let mut fabrikam = tenant(FABRIKAM, "fabrikam");
        fabrikam.enabled = false;
        world.make([create_contoso(), Change::CreateTenant(Box::new(fabrikam.clone()))]).await;
        assert_eq!(world.tenant(CONTOSO).await.unwrap(), Some(tenant(CONTOSO, "contoso")));
        assert_eq!(world.tenant(FABRIKAM).await.unwrap(), Some(fabrikam));
    }

    async fn a_tenant_is_found_by_its_verified_domains_in_any_case(world) {
        world.make([create_contoso(), Change::AddDomain { tenant: CONTOSO, domain: "Contoso.Test".into() }]).await;
        for spelling in ["contoso.test", "CONTOSO.test"] {
            assert_eq!(world.tenant_of_domain(spelling).await.unwrap().unwrap().id, CONTOSO);
        }
        assert_eq!(world.tenant_of_domain("test").await.unwrap(), None);
        assert_eq!(world.tenant_of_domain("contoso.test\0").await.unwrap(), None);
    }

    async fn the_default_domain_finds_nothing_until_it_is_added(world) {
        world.make([create_contoso()]).await;
        assert_eq!(world.tenant_of_domain("contoso.test").await.unwrap(), None);
    }

    async fn a_tenant_that_exists_is_not_created_again(world) {
        world.make([create_contoso()]).await;
        assert_eq!(world.conflict([create_contoso()]).await, Conflict::AlreadyExists);
    }

    async fn a_domain_belongs_to_one_tenant(world) {
        world.make([create_contoso(), Change::AddDomain { tenant: CONTOSO, domain: "contoso.test".into() }]).await;
        let again = Change::AddDomain { tenant: FABRIKAM, domain: "CONTOSO.TEST".into() };
        assert_eq!(world.conflict([again]).await, Conflict::AlreadyExists);
    }

    async fn a_user_is_found_by_id_and_by_name_with_everything_there_is(world) {
        let alice = user(CONTOSO, ALICE, "alice@contoso.test");
        let bob = User {
            given_name: None,
            surname: Some("Builder".into()),
            mail: None,
            enabled: false,
            directory_roles: Vec::new(),
            password: None,
            must_change_password: false,
            revision: 7,
            ..user(CONTOSO, BOB, "bob@contoso.test")
        };
        world.make([create_user(alice.clone()), create_user(bob.clone())]).await;
        for user in [alice, bob] {
            assert_eq!(world.user(CONTOSO, user.id).await.unwrap(), Some(user.clone()));
            assert_eq!(world.user_by_upn(CONTOSO, &user.upn).await.unwrap(), Some(user));
        }
    }

    async fn a_user_is_not_found_from_another_tenant(world) {
        world.make([create_alice()]).await;
        let upn = Upn::parse("alice@contoso.test").unwrap();
        assert_eq!(world.user(FABRIKAM, ALICE).await.unwrap(), None);
        assert_eq!(world.user_by_upn(FABRIKAM, &upn).await.unwrap(), None);
    }

    async fn a_users_id_and_name_are_unique_in_the_tenant(world) {
        world.make([create_alice()]).await;
        let same_id = create_user(user(CONTOSO, ALICE, "other@contoso.test"));
        let same_name = create_user(user(CONTOSO, BOB, "alice@contoso.test"));
        assert_eq!(world.conflict([same_id]).await, Conflict::AlreadyExists);
        assert_eq!(world.conflict([same_name]).await, Conflict::AlreadyExists);
        world.make([create_user(user(FABRIKAM, ALICE, "alice@contoso.test"))]).await;
    }
}

past_the_store! {
    async fn a_row_that_is_damaged_makes_the_store_unavailable_and_says_nothing_of_it(world) {
        world.make([create_alice()]).await;
        world.sql("UPDATE users SET directory_roles = 'not a list' WHERE upn LIKE 'alice%'").await;
        let unavailable = world.user(CONTOSO, ALICE).await.unwrap_err();
        assert!(!unavailable.to_string().contains("not a list"), "{unavailable}");
        world.sql("UPDATE users SET directory_roles = '[]' WHERE upn LIKE 'alice%'").await;
    }
}
