//! Changes to accounts: passwords, lockout counters, who is enabled.

use idp_domain::changes::{Change, Conflict};
use idp_domain::credentials::{Lockout, LockoutKey, PasswordHash};
use idp_domain::directory::User;
use idp_domain::store::{Applications as _, Users as _};

use crate::actors::*;
use crate::engines::{World, on_every_engine};

const STRANGER: LockoutKey = LockoutKey { tenant: CONTOSO, user: ALICE, familiar: false };
const FAMILIAR: LockoutKey = LockoutKey { familiar: true, ..STRANGER };
const NAMESAKE: LockoutKey = LockoutKey { tenant: FABRIKAM, ..STRANGER };

fn failed_once() -> Lockout {
    Lockout { failures: 1, last_failure: Some(at(1)), last_wrong: vec![[1; 32]], ..Lockout::default() }
}

fn locked() -> Lockout {
    Lockout {
        failures: 0,
        level: 2,
        locked_until: Some(at(120)),
        last_failure: Some(at(60)),
        last_wrong: vec![[1; 32], [2; 32], [3; 32]],
        revision: 0,
    }
}

fn set(key: LockoutKey, expected: i64, next: Lockout) -> Change {
    Change::SetLockout { key, expected, next }
}

async fn alice(world: &World) -> User {
    world.user(CONTOSO, ALICE).await.unwrap().unwrap()
}

on_every_engine! {
    async fn a_counter_that_never_counted_is_the_default(world) {
        assert_eq!(world.lockout(STRANGER).await.unwrap(), Lockout::default());
    }

    async fn lg_03_a_lockout_counter_moves_from_the_expected_revision_to_the_next(world) {
        world.make([set(STRANGER, 0, failed_once())]).await;
        assert_eq!(world.lockout(STRANGER).await.unwrap(), Lockout { revision: 1, ..failed_once() });
        world.make([set(STRANGER, 1, locked())]).await;
        assert_eq!(world.lockout(STRANGER).await.unwrap(), Lockout { revision: 2, ..locked() });
        for stale in [0, 1, 3] {
            assert_eq!(world.conflict([set(STRANGER, stale, failed_once())]).await, Conflict::LockoutMoved);
        }
        assert_eq!(world.conflict([set(NAMESAKE, 2, failed_once())]).await, Conflict::LockoutMoved);
    }

    async fn lg_05_familiar_and_unfamiliar_browsers_have_counters_of_their_own(world) {
        world.make([set(STRANGER, 0, locked())]).await;
        assert_eq!(world.lockout(FAMILIAR).await.unwrap(), Lockout::default());
        assert_eq!(world.lockout(NAMESAKE).await.unwrap(), Lockout::default());
        world.make([FAMILIAR, NAMESAKE].map(|key| set(key, 0, failed_once()))).await;
        world.make([set(FAMILIAR, 1, failed_once())]).await;
        assert_eq!(world.lockout(STRANGER).await.unwrap(), Lockout { revision: 1, ..locked() });
        assert_eq!(world.lockout(NAMESAKE).await.unwrap().revision, 1);
    }

    async fn both_counters_of_a_user_are_forgotten_and_those_of_no_other(world) {
        world.make([STRANGER, FAMILIAR, NAMESAKE].map(|key| set(key, 0, failed_once()))).await;
        let clear = Change::ClearLockouts { tenant: CONTOSO, user: ALICE };
        world.make([clear.clone(), clear]).await;
        assert_eq!(world.lockout(STRANGER).await.unwrap(), Lockout::default());
        assert_eq!(world.lockout(FAMILIAR).await.unwrap(), Lockout::default());
        assert_eq!(world.lockout(NAMESAKE).await.unwrap().revision, 1);
        // And it counts from the beginning again.
        world.make([set(STRANGER, 0, failed_once())]).await;
    }

    async fn a_new_password_is_asked_for_at_the_revision_it_was_decided_on(world) {
        world.make([create_alice()]).await;
        let ask = |tenant, revision, required| Change::RequireNewPassword { tenant, user: ALICE, revision, required };
        assert_eq!(world.conflict([ask(CONTOSO, 2, false)]).await, Conflict::UserChanged);
        assert_eq!(world.conflict([ask(FABRIKAM, 1, false)]).await, Conflict::UserChanged);
        world.make([ask(CONTOSO, 1, false)]).await;
        assert!(!alice(world).await.must_change_password);
        // With another password in the same commit: each at the revision that the one before leaves.
        let password = PasswordHash::from_phc("$argon2id$second".into());
        let set = Change::SetPassword { tenant: CONTOSO, user: ALICE, revision: 2, password, at: at(500) };
        world.make([set, ask(CONTOSO, 3, true)]).await;
        let user = alice(world).await;
        assert_eq!((user.must_change_password, user.valid_from, user.revision), (true, at(500), 4));
    }

    async fn lg_23_another_password_ends_what_began_before_it(world) {
        world.make([create_alice()]).await;
        let password = PasswordHash::from_phc("$argon2id$second".into());
        let set = |tenant, revision| Change::SetPassword {
            tenant, user: ALICE, revision, password: password.clone(), at: at(500),
        };
        assert_eq!(world.conflict([set(CONTOSO, 2)]).await, Conflict::UserChanged);
        assert_eq!(world.conflict([set(FABRIKAM, 1)]).await, Conflict::UserChanged);
        world.make([set(CONTOSO, 1)]).await;
        let expected = User {
            password: Some(password.clone()),
            must_change_password: false,
            valid_from: at(500),
            revision: 2,
            ..user(CONTOSO, ALICE, "alice@contoso.test")
        };
        assert_eq!(alice(world).await, expected);
        assert_eq!(world.conflict([set(CONTOSO, 1)]).await, Conflict::UserChanged);
    }

    async fn a_user_is_disabled_and_enabled_at_another_revision_each_time(world) {
        world.make([create_alice()]).await;
        let set = |tenant, enabled| Change::SetUserEnabled { tenant, user: ALICE, enabled };
        world.make([set(CONTOSO, false)]).await;
        assert_eq!((alice(world).await.enabled, alice(world).await.revision), (false, 2));
        world.make([set(CONTOSO, true)]).await;
        assert_eq!((alice(world).await.enabled, alice(world).await.revision), (true, 3));
        assert_eq!(world.conflict([set(FABRIKAM, false)]).await, Conflict::UserChanged);
    }

    async fn grants_that_were_revoked_stay_revoked(world) {
        world.make([create_alice()]).await;
        let revoke = |tenant, valid_from| Change::RevokeUserGrants { tenant, user: ALICE, valid_from };
        world.make([revoke(CONTOSO, at(100))]).await;
        assert_eq!((alice(world).await.valid_from, alice(world).await.revision), (at(100), 2));
        // A clock that is behind does not bring them back.
        world.make([revoke(CONTOSO, at(50))]).await;
        assert_eq!((alice(world).await.valid_from, alice(world).await.revision), (at(100), 3));
        assert_eq!(world.conflict([revoke(FABRIKAM, at(200))]).await, Conflict::UserChanged);
    }

    async fn a_service_principal_is_disabled_at_another_revision(world) {
        world
            .make([create_application(CONTOSO, DAEMON), create_principal(CONTOSO, DAEMON_PRINCIPAL, DAEMON)])
            .await;
        let set = |tenant| Change::SetPrincipalEnabled { tenant, principal: DAEMON_PRINCIPAL, enabled: false };
        world.make([set(CONTOSO)]).await;
        let seen = world.registration(CONTOSO, DAEMON).await.unwrap().unwrap().principal;
        assert_eq!((seen.enabled, seen.revision), (false, 3));
        assert_eq!(world.conflict([set(FABRIKAM)]).await, Conflict::ApplicationChanged);
    }
}
