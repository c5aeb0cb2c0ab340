//! Sessions, families and spent marks.

use idp_domain::changes::{Change, Changes, Conflict, Over, SpentKind, SpentMark};
use idp_domain::sealed::Month;
use idp_domain::sessions::Session;
use idp_domain::store::Grants as _;
use idp_domain::tokens::Family;
use vestibule_wire::ids::SessionId;

use crate::actors::*;
use crate::engines::{conflict, on_every_engine};

fn start(session: Session) -> Change {
    Change::StartSession(Box::new(session))
}

fn start_session() -> Change {
    start(session(SESSION, BROWSER, at(0)))
}

on_every_engine! {
    async fn a_session_is_found_by_its_id_in_its_tenant_only(world) {
        let persistent = Session { persistent: true, ..session(SESSION, BROWSER, at(5)) };
        world.make([start(persistent.clone())]).await;
        assert_eq!(world.session(CONTOSO, SESSION).await.unwrap(), Some(persistent));
        assert_eq!(world.session(FABRIKAM, SESSION).await.unwrap(), None);
        assert_eq!(world.session(CONTOSO, SessionId::from_u128(1)).await.unwrap(), None);
    }

    async fn a_session_starts_once(world) {
        world.make([start_session()]).await;
        assert_eq!(world.conflict([start_session()]).await, Conflict::AlreadyExists);
    }

    async fn lg_17_a_session_that_was_ended_is_not_found(world) {
        let end = |tenant| Change::EndSession { tenant, session: SESSION };
        world.make([start_session(), end(FABRIKAM)]).await;
        assert!(world.session(CONTOSO, SESSION).await.unwrap().is_some());
        // Ending what is over is no conflict.
        world.make([end(CONTOSO), end(CONTOSO)]).await;
        assert_eq!(world.session(CONTOSO, SESSION).await.unwrap(), None);
        assert!(world.sessions_of_browser(&BROWSER).await.unwrap().is_empty());
    }

    async fn the_sessions_of_a_browser_come_most_recently_used_first_from_any_tenant(world) {
        let one = session(SessionId::from_u128(1), BROWSER, at(10));
        let two = Session { tenant: FABRIKAM, ..session(SessionId::from_u128(2), BROWSER, at(30)) };
        let three = session(SessionId::from_u128(3), BROWSER, at(20));
        let elsewhere = session(SessionId::from_u128(4), [1; 32], at(40));
        world.make([one.clone(), two.clone(), three.clone(), elsewhere].map(start)).await;
        assert_eq!(world.sessions_of_browser(&BROWSER).await.unwrap(), [two, three, one]);
    }

    async fn at_most_twenty_sessions_of_a_browser_are_found(world) {
        let sessions = (0..25).map(|n| start(session(SessionId::from_u128(1 + n), BROWSER, at(n as i64))));
        world.make(sessions).await;
        let found = world.sessions_of_browser(&BROWSER).await.unwrap();
        assert_eq!((found.len(), found[0].last_used, found[19].last_used), (20, at(24), at(5)));
    }

    async fn a_session_is_touched_and_kept(world) {
        world.make([start_session()]).await;
        let (tenant, session) = (CONTOSO, SESSION);
        let touch = Change::TouchSession { tenant, session, at: at(3600) };
        world.make([touch, Change::PersistSession { tenant, session }]).await;
        let found = world.session(CONTOSO, SESSION).await.unwrap().unwrap();
        assert_eq!((found.last_used, found.persistent), (at(3600), true));
    }

    async fn a_session_that_is_over_or_foreign_is_neither_touched_nor_kept(world) {
        world.make([start_session()]).await;
        let touch = |tenant| Change::TouchSession { tenant, session: SESSION, at: at(3600) };
        let persist = |tenant| Change::PersistSession { tenant, session: SESSION };
        assert_eq!(world.conflict([touch(FABRIKAM)]).await, Conflict::SessionEnded);
        assert_eq!(world.conflict([persist(FABRIKAM)]).await, Conflict::SessionEnded);
        world.make([Change::EndSession { tenant: CONTOSO, session: SESSION }]).await;
        assert_eq!(world.conflict([touch(CONTOSO)]).await, Conflict::SessionEnded);
        assert_eq!(world.conflict([persist(CONTOSO)]).await, Conflict::SessionEnded);
    }

    async fn lg_15_a_browsers_sessions_go_on_under_another_cookie(world) {
        let (one, two) = (session(SESSION, BROWSER, at(0)), session(SessionId::from_u128(2), [1; 32], at(0)));
        world.make([one.clone(), two.clone()].map(start)).await;
        let moved = [2; 32];
        world.make([Change::MoveBrowser { from: BROWSER, to: moved }]).await;
        assert!(world.sessions_of_browser(&BROWSER).await.unwrap().is_empty());
        assert_eq!(world.sessions_of_browser(&moved).await.unwrap(), [Session { browser: moved, ..one }]);
        assert_eq!(world.sessions_of_browser(&[1; 32]).await.unwrap(), [two]);
        // A browser without sessions has nothing to move.
        world.make([Change::MoveBrowser { from: BROWSER, to: moved }]).await;
    }

    async fn cd_02_a_thing_is_spent_once(world) {
        world.make([spend(b"code")]).await;
        assert_eq!(world.conflict([spend(b"code")]).await, Conflict::AlreadySpent(SpentKind::AuthorizationCode));
        world.make([spend(b"another code")]).await;
        // The same hash of another kind is another thing.
        world.make([Change::Spend(SpentMark::new(SpentKind::SignIn, b"code", at(0)))]).await;
        // When it would have expired makes no difference.
        let later = Change::Spend(SpentMark::new(SpentKind::AuthorizationCode, b"code", at(1_000_000)));
        assert_eq!(world.conflict([later]).await, Conflict::AlreadySpent(SpentKind::AuthorizationCode));
    }

    async fn cd_02_marks_whose_hour_is_over_are_forgotten_so_many_at_a_time(world) {
        let mark = |hour: i64, id: &[u8]| SpentMark::new(SpentKind::AuthorizationCode, id, at(3600 * hour));
        let marks: Vec<_> = (0..5_u8).map(|n| mark(i64::from(n) - 10, &[n])).collect();
        world.make(marks.iter().cloned().map(Change::Spend)).await;
        let forget = |before, at_most| Change::Forget { over: Over::SpentMarks(before), at_most };
        world.make([forget(marks[0].until, 10)]).await;
        // Nothing was forgotten: each is still spent.
        for mark in &marks {
            assert_eq!(world.conflict([Change::Spend(mark.clone())]).await, Conflict::AlreadySpent(mark.kind));
        }
        world.make([forget(marks[4].until, 2), forget(marks[4].until, 1)]).await;
        let mut left = 0;
        for mark in &marks {
            left += usize::from(conflict(&world.store, Changes::one(Change::Spend(mark.clone()))).await.is_some());
        }
        assert_eq!(left, 2);
        assert_eq!(world.conflict([Change::Spend(marks[4].clone())]).await, Conflict::AlreadySpent(marks[4].kind));
    }

    async fn lg_17_sessions_that_are_over_are_forgotten_so_many_of_each_kind_at_a_time(world) {
        let id = |n: u128| SessionId::from_u128(1 + n);
        let before = |n: i64| at(n - 100);
        let sessions: Vec<_> = (0..6_u8)
            .map(|n| Session {
                tenant: if n % 2 == 0 { CONTOSO } else { FABRIKAM },
                persistent: n >= 3,
                ..session(id(n.into()), [n; 32], before(n.into()))
            })
            .collect();
        world.make(sessions.iter().cloned().map(start)).await;
        let left = async || {
            let mut left = Vec::new();
            for (n, session) in sessions.iter().enumerate() {
                if world.session(session.tenant, session.id).await.unwrap().is_some() {
                    left.push(n);
                }
            }
            left
        };
        let forget = |persistent, others, at_most| {
            Change::Forget { over: Over::Sessions { persistent: before(persistent), others: before(others) }, at_most }
        };
        world.make([forget(2, -1, 9)]).await;
        assert_eq!(left().await, [0, 1, 2, 3, 4, 5]);
        world.make([forget(3, 1, 9)]).await;
        assert_eq!(left().await, [2, 4, 5]);
        world.make([forget(9, 9, 1)]).await;
        assert_eq!(left().await.len(), 1);
    }

    async fn rt_13_families_that_nobody_used_for_months_are_forgotten_so_many_at_a_time(world) {
        let month = |n: u16| Month::from_number(n);
        let start = |n: u128, of: u16| Change::StartFamily(Box::new(Family { month: month(of), ..family(family_id(n)) }));
        world.make([start(1, 10), start(2, 10), start(3, 11), start(4, 12)]).await;
        // Used again, and written down; never backwards.
        let moved = |n: u128, to: u16| Change::MoveFamily { tenant: CONTOSO, family: family_id(n), to: month(to) };
        world.make([moved(2, 13), moved(4, 11), moved(9, 13)]).await;
        world.make([Change::MoveFamily { tenant: FABRIKAM, family: family_id(1), to: month(13) }]).await;
        let left = async || {
            let mut left = Vec::new();
            for n in 1..=4 {
                let found = world.family(CONTOSO, family_id(n)).await.unwrap();
                left.extend(found.map(|family| (n, family.month.number())));
            }
            left
        };
        let forget = |before, at_most| Change::Forget { over: Over::Families(month(before)), at_most };
        world.make([forget(10, 9)]).await;
        assert_eq!(left().await, [(1, 10), (2, 13), (3, 11), (4, 12)]);
        world.make([forget(12, 1)]).await;
        assert_eq!(left().await.len(), 3);
        world.make([forget(12, 9)]).await;
        assert_eq!(left().await, [(2, 13), (4, 12)]);
    }

    async fn a_family_is_found_by_its_id_in_its_tenant_only(world) {
        let id = family_id(1);
        world.make([start_family(id)]).await;
        assert_eq!(world.family(CONTOSO, id).await.unwrap(), Some(family(id)));
        assert_eq!(world.family(FABRIKAM, id).await.unwrap(), None);
        assert_eq!(world.family(CONTOSO, family_id(2)).await.unwrap(), None);
    }

    async fn a_family_starts_once(world) {
        world.make([start_family(family_id(1))]).await;
        assert_eq!(world.conflict([start_family(family_id(1))]).await, Conflict::AlreadyExists);
    }

    async fn rt_02_a_family_moves_to_its_next_generation_once(world) {
        let id = family_id(1);
        let rotate = |tenant, from| Change::RotateFamily { tenant, family: id, from };
        world.make([start_family(id), rotate(CONTOSO, 0)]).await;
        for stale in [rotate(CONTOSO, 0), rotate(CONTOSO, 2), rotate(FABRIKAM, 1)] {
            assert_eq!(world.conflict([stale]).await, Conflict::FamilyMoved);
        }
        world.make([rotate(CONTOSO, 1)]).await;
        assert_eq!(world.family(CONTOSO, id).await.unwrap(), Some(Family { generation: 2, ..family(id) }));
    }

    async fn rt_03_a_revoked_family_is_found_and_never_moves_again(world) {
        let id = family_id(1);
        let revoke = |tenant| Change::RevokeFamily { tenant, family: id };
        world.make([start_family(id), revoke(FABRIKAM)]).await;
        assert!(!world.family(CONTOSO, id).await.unwrap().unwrap().revoked);
        world.make([revoke(CONTOSO)]).await;
        assert_eq!(world.family(CONTOSO, id).await.unwrap(), Some(Family { revoked: true, ..family(id) }));
        let rotate = Change::RotateFamily { tenant: CONTOSO, family: id, from: 0 };
        assert_eq!(world.conflict([rotate]).await, Conflict::FamilyMoved);
        // Once more, and one that never was: the caller wants it dead, and it is.
        world.make([revoke(CONTOSO), Change::RevokeFamily { tenant: CONTOSO, family: family_id(9) }]).await;
    }

    async fn rt_07_what_began_out_of_a_family_is_revoked_with_it_and_not_the_other_way_round(world) {
        let (root, begun, neighbour) = (family_id(1), family_id(2), family_id(3));
        let of = |tenant, id, root| Change::StartFamily(Box::new(Family { tenant, root, ..family(id) }));
        world.make([start_family(root), of(CONTOSO, begun, Some(root)), of(FABRIKAM, neighbour, Some(root))]).await;
        let found = async |tenant, id| world.family(tenant, id).await.unwrap().unwrap();
        assert_eq!(found(CONTOSO, begun).await, Family { root: Some(root), ..family(begun) });
        world.make([Change::RevokeFamily { tenant: CONTOSO, family: begun }]).await;
        assert!(!found(CONTOSO, root).await.revoked);
        world.make([of(CONTOSO, family_id(4), Some(root))]).await;
        world.make([Change::RevokeFamily { tenant: CONTOSO, family: root }]).await;
        assert!(found(CONTOSO, root).await.revoked && found(CONTOSO, family_id(4)).await.revoked);
        assert!(!found(FABRIKAM, neighbour).await.revoked);
    }
}
