//! What a commit promises as a whole: all or nothing, the first conflict named, the record written with the thing; and
//! the changes that are no noun's.

use idp_domain::audit::{Activity, AuditEvent, Target};
use idp_domain::changes::{Change, Conflict, SpentKind};
use idp_domain::keys::{KeyStage, StoredKey};
use idp_domain::store::{Directory as _, Grants as _, Keys as _, Tenants as _};
use vestibule_wire::ids::CorrelationId;

use crate::actors::*;
use crate::engines::on_every_engine;

fn event(id: u8, second: i64, activity: Activity) -> AuditEvent {
    AuditEvent {
        id: [id; 16],
        tenant: CONTOSO,
        at: at(second),
        activity,
        user: None,
        client: None,
        address: None,
        correlation_id: None,
        target: None,
    }
}

fn key(kid: &str, stage: KeyStage, second: i64) -> StoredKey {
    StoredKey {
        kid: kid.into(),
        stage,
        sealed: vec![1, 2, 3],
        certificate: vec![0x30, 0],
        created_at: at(second),
    }
}

on_every_engine! {
    async fn nothing_is_written_when_the_last_of_several_expectations_fails(world) {
        world.make([spend(b"spent")]).await;
        let id = family_id(1);
        let changes = [
            create_contoso(),
            spend(b"unspent"),
            start_family(id),
            Change::StartSession(Box::new(session(SESSION, BROWSER, at(0)))),
            Change::RecordAudit(event(1, 0, Activity::CodeRedeemed)),
            spend(b"spent"),
        ];
        assert_eq!(world.conflict(changes).await, Conflict::AlreadySpent(SpentKind::AuthorizationCode));
        assert_eq!(world.tenant(CONTOSO).await.unwrap(), None);
        assert_eq!(world.family(CONTOSO, id).await.unwrap(), None);
        assert_eq!(world.session(CONTOSO, SESSION).await.unwrap(), None);
        assert!(world.audit_events(CONTOSO, &[], None, 10).await.unwrap().is_empty());
        world.make([spend(b"unspent")]).await;
    }

    async fn nothing_is_written_when_a_guard_at_the_end_fails(world) {
        let guard = Change::TenantAt { tenant: CONTOSO, revision: 1 };
        assert_eq!(world.conflict([spend(b"code"), guard]).await, Conflict::TenantChanged);
        world.make([spend(b"code")]).await;
    }

    async fn the_first_expectation_that_failed_is_named(world) {
        let tenant = || Change::TenantAt { tenant: CONTOSO, revision: 1 };
        let user = || Change::UserAt { tenant: CONTOSO, user: ALICE, revision: 1 };
        let persist = || Change::PersistSession { tenant: CONTOSO, session: SESSION };
        // Guards alone, and guards before and after a write.
        assert_eq!(world.conflict([tenant(), user()]).await, Conflict::TenantChanged);
        assert_eq!(world.conflict([user(), tenant()]).await, Conflict::UserChanged);
        assert_eq!(world.conflict([user(), persist(), tenant()]).await, Conflict::UserChanged);
        assert_eq!(world.conflict([persist(), tenant(), user()]).await, Conflict::SessionEnded);
    }

    async fn later_changes_of_a_commit_see_the_earlier_ones(world) {
        let id = family_id(1);
        world
            .make([
                create_contoso(),
                Change::TenantAt { tenant: CONTOSO, revision: 1 },
                start_family(id),
                Change::FamilyLive { tenant: CONTOSO, family: id },
                Change::RotateFamily { tenant: CONTOSO, family: id, from: 0 },
                Change::RotateFamily { tenant: CONTOSO, family: id, from: 1 },
            ])
            .await;
        assert_eq!(world.family(CONTOSO, id).await.unwrap().unwrap().generation, 2);
    }

    async fn a_hundred_changes_are_one_commit(world) {
        let codes: Vec<_> = (0..100_u8).map(|n| spend(&[n])).collect();
        world.make(codes).await;
        assert_eq!(world.conflict([spend(b"new"), spend(&[99])]).await, Conflict::AlreadySpent(SpentKind::AuthorizationCode));
        world.make([spend(b"new")]).await;
    }

    async fn what_happened_is_found_latest_first_in_its_tenant_only(world) {
        let told = AuditEvent {
            user: Some(ALICE),
            client: Some(DAEMON),
            address: Some("2001:db8::1".parse().unwrap()),
            correlation_id: Some(CorrelationId::from_u128(7)),
            target: Some(Target {
                kind: "Group".into(),
                id: STAFF.guid(),
                name: "Staff".into(),
                other: Some(ALICE.guid()),
                changed: vec!["displayName".into()],
            }),
            ..event(1, 10, Activity::CodeReplayed)
        };
        let bare = event(2, 20, Activity::SignIn);
        world.make([told.clone(), bare.clone()].map(Change::RecordAudit)).await;
        assert_eq!(world.audit_events(CONTOSO, &[], None, 10).await.unwrap(), [bare.clone(), told]);
        assert_eq!(world.audit_events(CONTOSO, &[], None, 1).await.unwrap(), [bare]);
        assert!(world.audit_events(FABRIKAM, &[], None, 10).await.unwrap().is_empty());
    }

    async fn events_come_in_pages_without_loss_or_repetition(world) {
        // Several in the same second, and more of one activity than of the other.
        let activity = |n| if n % 3 == 0 { Activity::MemberAdded } else { Activity::SignIn };
        let events: Vec<_> = (0..20_u8).map(|n| event(n, i64::from(n / 4), activity(n))).collect();
        world.make(events.iter().cloned().map(Change::RecordAudit)).await;
        let both = [Activity::SignIn, Activity::MemberAdded, Activity::SignIn];
        for (asked, count) in [(&[][..], 20), (&both[..], 20), (&both[1..2], 7), (&[Activity::SignOut], 0)] {
            let (mut seen, mut after) = (Vec::new(), None);
            loop {
                let page = world.audit_events(CONTOSO, asked, after, 3).await.unwrap();
                after = page.last().map(|event| (event.at, event.id));
                let ended = page.len() < 3;
                seen.extend(page);
                if ended {
                    break;
                }
            }
            let mut expected: Vec<_> =
                events.iter().filter(|event| asked.is_empty() || asked.contains(&event.activity)).cloned().collect();
            expected.reverse();
            assert_eq!((seen.len(), seen), (count, expected));
        }
        assert!(world.audit_events(FABRIKAM, &both, None, 10).await.unwrap().is_empty());
    }

    async fn an_event_is_recorded_once(world) {
        let record = || Change::RecordAudit(event(1, 0, Activity::SignIn));
        world.make([record()]).await;
        assert_eq!(world.conflict([record()]).await, Conflict::AlreadyExists);
    }

    async fn every_activity_is_read_back(world) {
        for (id, activity) in (0..).zip(Activity::ALL.iter().copied()) {
            world.make([Change::RecordAudit(event(id, i64::from(id), activity))]).await;
            assert_eq!(world.audit_events(CONTOSO, &[], None, 1).await.unwrap()[0].activity, activity);
        }
    }

    async fn signing_keys_come_oldest_first(world) {
        assert!(world.signing_keys().await.unwrap().is_empty());
        let keys = [
            key("new", KeyStage::Next, 30),
            key("old", KeyStage::Retired, 10),
            key("now", KeyStage::Current, 20),
        ];
        world.make(keys.clone().map(Change::AddSigningKey)).await;
        let [next, retired, current] = keys;
        assert_eq!(world.signing_keys().await.unwrap(), [retired, current, next.clone()]);
        assert_eq!(world.conflict([Change::AddSigningKey(next)]).await, Conflict::AlreadyExists);
    }
}
