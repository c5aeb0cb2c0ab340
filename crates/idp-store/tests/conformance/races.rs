//! Many callers at once: of those that want the same single thing, one gets it, and the others hear why not.

use std::sync::Arc;

use idp_domain::applications::Application;
use idp_domain::changes::{Change, Changes, Conflict, SpentKind};
use idp_domain::credentials::{Lockout, LockoutKey};
use idp_domain::directory::{DirectoryObject, Group, Indexed, ObjectKind, Relation, Seek, Upn, User};
use idp_domain::store::{Directory as _, Grants as _, Users as _};
use idp_domain::tokens::Family;
use tokio::sync::Barrier;
use vestibule_wire::ids::{ClientId, UserId};

use crate::actors::*;
use crate::engines::{World, conflict, on_every_engine};

const CALLERS: usize = 64;

/// What becomes of each caller's changes when all commit at once.
pub(crate) async fn at_once(world: &World, changes: impl Fn(usize) -> Changes) -> Vec<Option<Conflict>> {
    let line = Arc::new(Barrier::new(CALLERS));
    let callers: Vec<_> = (0..CALLERS)
        .map(|caller| {
            let (store, line, changes) = (Arc::clone(&world.store), Arc::clone(&line), changes(caller));
            tokio::spawn(async move {
                line.wait().await;
                conflict(&store, changes).await
            })
        })
        .collect();
    let mut outcomes = Vec::new();
    for caller in callers {
        outcomes.push(caller.await.unwrap());
    }
    outcomes
}

/// One got it, and everybody else heard `reason`.
pub(crate) fn assert_one_winner(outcomes: &[Option<Conflict>], reason: Conflict) {
    assert_eq!(outcomes.iter().filter(|outcome| outcome.is_none()).count(), 1, "{outcomes:?}");
    assert!(outcomes.iter().flatten().all(|conflict| *conflict == reason), "{outcomes:?}");
}

/// Each caller redeems the code for a family of its own, so that two winners would leave two families.
pub(crate) async fn redeem_at_once(world: &World, round: u128) {
    let family = |caller: usize| family_id(round << 64 | caller as u128);
    let code = round.to_be_bytes();
    let redeem = |caller| Changes::one(spend(&code)).and(start_family(family(caller)));
    let outcomes = at_once(world, redeem).await;
    assert_one_winner(&outcomes, Conflict::AlreadySpent(SpentKind::AuthorizationCode));
    for (caller, outcome) in outcomes.iter().enumerate() {
        let started = world.family(CONTOSO, family(caller)).await.unwrap().is_some();
        assert_eq!(started, outcome.is_none(), "caller {caller} of round {round}");
    }
}

on_every_engine! {
    /// Also fault RF-11.
    async fn cd_02_of_64_who_redeem_one_code_one_wins(world) {
        for round in 0..20 {
            redeem_at_once(world, round).await;
        }
    }

    async fn rt_02_of_64_who_rotate_one_family_one_wins_each_generation(world) {
        let id = family_id(1);
        world.make([start_family(id)]).await;
        for from in 0..20 {
            let rotate = |_| Changes::one(Change::RotateFamily { tenant: CONTOSO, family: id, from });
            assert_one_winner(&at_once(world, rotate).await, Conflict::FamilyMoved);
        }
        assert_eq!(world.family(CONTOSO, id).await.unwrap().unwrap().generation, 20);
    }

    /// Whoever begins a family out of another holds that one, so that its end is the end of both.
    async fn rt_07_nothing_begins_out_of_a_family_that_is_revoked_at_the_same_time(world) {
        for round in 0..20 {
            let root = family_id(round << 64);
            world.make([start_family(root)]).await;
            let begun = |caller: usize| family_id(round << 64 | (1 + caller as u128));
            at_once(world, |caller| {
                if caller % 16 == 0 {
                    return Changes::one(Change::RevokeFamily { tenant: CONTOSO, family: root });
                }
                let child = Family { root: Some(root), ..family(begun(caller)) };
                let guard = Change::FamilyLive { tenant: CONTOSO, family: root };
                Changes::one(guard).and(Change::StartFamily(Box::new(child)))
            })
            .await;
            for caller in 0..CALLERS {
                let found = world.family(CONTOSO, begun(caller)).await.unwrap();
                assert!(found.is_none_or(|family| family.revoked), "caller {caller} of round {round}");
            }
        }
    }

    async fn lg_03_of_64_attempts_that_are_counted_at_once_one_is(world) {
        let key = LockoutKey { tenant: CONTOSO, user: ALICE, familiar: false };
        for expected in 0..20 {
            let count = |caller: usize| {
                let failures = u32::try_from(caller).unwrap();
                Changes::one(Change::SetLockout { key, expected, next: Lockout { failures, ..Lockout::default() } })
            };
            let outcomes = at_once(world, count).await;
            assert_one_winner(&outcomes, Conflict::LockoutMoved);
            let winner = outcomes.iter().position(Option::is_none).unwrap();
            let counter = world.lockout(key).await.unwrap();
            assert_eq!((counter.failures as usize, counter.revision), (winner, expected + 1));
        }
    }

    async fn of_64_who_take_one_user_name_one_gets_it(world) {
        let create = |caller: usize| {
            let id = UserId::from_u128(1 + caller as u128);
            Changes::one(create_user(user(CONTOSO, id, "alice@contoso.test")))
        };
        assert_one_winner(&at_once(world, create).await, Conflict::AlreadyExists);
    }

    async fn of_64_who_add_one_link_one_does(world) {
        for round in 0..5 {
            let add = |_| Changes::one(add_member(group_id(round), ALICE.guid(), ObjectKind::User));
            assert_one_winner(&at_once(world, add).await, Conflict::AlreadyExists);
        }
    }

    async fn of_64_who_change_a_group_at_one_revision_one_does(world) {
        world.make([create_group(group(CONTOSO, STAFF, "Staff"))]).await;
        for revision in 3..8 {
            let change = |caller: usize| {
                let display_name = format!("Group of {caller}");
                Changes::one(Change::UpdateGroup(Box::new(Group { display_name, revision, ..group(CONTOSO, STAFF, "") })))
            };
            let outcomes = at_once(world, change).await;
            assert_one_winner(&outcomes, Conflict::ObjectChanged);
            let winner = format!("Group of {}", outcomes.iter().position(Option::is_none).unwrap());
            let found = world.group(CONTOSO, STAFF).await.unwrap().unwrap();
            assert_eq!((found.display_name.as_str(), found.revision), (winner.as_str(), revision + 1));
            // It is found by the winner's name, and by no other.
            let seek = Seek::StartsWith(Indexed::DisplayName, "group of".into());
            let found = world.objects(CONTOSO, ObjectKind::Group, &seek, None, 100).await.unwrap();
            assert_eq!(found.iter().map(|(_, object)| object.display_name()).collect::<Vec<_>>(), [winner]);
        }
    }

    async fn of_64_who_take_one_application_id_uri_one_gets_it(world) {
        for round in 0..3 {
            let create = |caller: usize| {
                let client = ClientId::from_u128(1 << 80 | round << 64 | caller as u128);
                let identifier_uris = vec![format!("api://wanted/{round}")];
                let application = Application { identifier_uris, ..application(CONTOSO, client) };
                Changes::one(Change::CreateApplication(Box::new(application)))
            };
            assert_one_winner(&at_once(world, create).await, Conflict::AlreadyExists);
        }
    }

    /// Each has a name already, so that it is an update, not an insertion, that meets the others.
    async fn of_64_users_who_take_one_name_one_gets_it(world) {
        let id = |caller: usize| UserId::from_u128(1 + caller as u128);
        let own = |caller: usize| user(CONTOSO, id(caller), &format!("user{caller}@contoso.test"));
        world.make((0..CALLERS).map(|caller| create_user(own(caller)))).await;
        let take = |caller: usize| {
            let upn = Upn::parse("wanted@contoso.test").unwrap();
            Changes::one(Change::UpdateUser(Box::new(User { upn, ..own(caller) })))
        };
        assert_one_winner(&at_once(world, take).await, Conflict::AlreadyExists);
    }

    /// A member is not added to a group that was deleted before.
    async fn nobody_joins_a_group_after_its_acknowledged_deletion(world) {
        let staff = group(CONTOSO, STAFF, "Staff");
        world.make([create_group(staff.clone())]).await;
        let outcomes = at_once(world, |caller| {
            if caller == CALLERS / 2 {
                return Changes::one(delete(DirectoryObject::Group(staff.clone())));
            }
            let (tenant, kind, id) = (CONTOSO, ObjectKind::Group, STAFF.guid());
            let user = UserId::from_u128(1 + caller as u128).guid();
            Changes::one(Change::ObjectExists { tenant, kind, id }).and(add_member(STAFF, user, ObjectKind::User))
        })
        .await;
        assert_eq!(outcomes[CALLERS / 2], None);
        for (caller, outcome) in outcomes.iter().enumerate().filter(|(caller, _)| *caller != CALLERS / 2) {
            let user = UserId::from_u128(1 + caller as u128).guid();
            let joined = world.is_linked(CONTOSO, Relation::Member, STAFF.guid(), user).await.unwrap();
            assert_eq!(joined, outcome.is_none());
            assert!(matches!(outcome, None | Some(Conflict::ObjectChanged)));
        }
    }

    /// Each guards the revision it read and then writes the same row: the store must not wait for itself.
    async fn of_64_who_guard_a_user_and_change_it_one_wins(world) {
        world.make([create_alice()]).await;
        for revision in 1..=5 {
            let change = |_| {
                let (tenant, user) = (CONTOSO, ALICE);
                Changes::one(Change::UserAt { tenant, user, revision })
                    .and(Change::SetUserEnabled { tenant, user, enabled: revision % 2 == 0 })
            };
            assert_one_winner(&at_once(world, change).await, Conflict::UserChanged);
        }
    }

    /// The order of steps inside a commit differs between callers, and nobody loses for it.
    async fn callers_that_want_different_things_all_get_them(world) {
        world.make([create_contoso(), create_alice()]).await;
        let change = |caller: usize| {
            let tenant = Change::TenantAt { tenant: CONTOSO, revision: 1 };
            let user = Change::UserAt { tenant: CONTOSO, user: ALICE, revision: 1 };
            let (first, second) = if caller.is_multiple_of(2) { (tenant, user) } else { (user, tenant) };
            let code = spend(&caller.to_be_bytes());
            Changes::one(first).and(code).and(second).and(start_family(family_id(caller as u128)))
        };
        let outcomes = at_once(world, change).await;
        assert!(outcomes.iter().all(Option::is_none), "{outcomes:?}");
    }

    /// A commit that was guarded by the enabled user is over before the disabling is acknowledged, or it fails.
    async fn nothing_is_granted_after_an_acknowledged_disable(world) {
        world.make([create_alice()]).await;
        let disable = Change::SetUserEnabled { tenant: CONTOSO, user: ALICE, enabled: false };
        let outcomes = at_once(world, |caller| {
            if caller == CALLERS / 2 {
                return Changes::one(disable.clone());
            }
            let guard = Change::UserAt { tenant: CONTOSO, user: ALICE, revision: 1 };
            Changes::one(start_family(family_id(caller as u128))).and(guard)
        })
        .await;
        assert_eq!(outcomes[CALLERS / 2], None);
        for (caller, outcome) in outcomes.iter().enumerate().filter(|(caller, _)| *caller != CALLERS / 2) {
            let started = world.family(CONTOSO, family_id(caller as u128)).await.unwrap().is_some();
            assert_eq!(started, outcome.is_none());
            assert!(matches!(outcome, None | Some(Conflict::UserChanged)));
        }
        let late = [start_family(family_id(1000)), Change::UserAt { tenant: CONTOSO, user: ALICE, revision: 1 }];
        assert_eq!(world.conflict(late).await, Conflict::UserChanged);
    }
}
