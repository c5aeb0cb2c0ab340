//! Who belongs to what: links in both directions, groups within groups.

use idp_domain::changes::{Change, Conflict};
use idp_domain::directory::{DirectoryObject, Link, ObjectKind, Relation};
use idp_domain::store::Directory as _;
use uuid::Uuid;
use vestibule_wire::ids::{GroupId, TenantId};

use crate::actors::*;
use crate::engines::{World, on_every_engine};

const USER: ObjectKind = ObjectKind::User;
const GROUP: ObjectKind = ObjectKind::Group;

async fn have_groups(world: &World, numbers: impl IntoIterator<Item = u128>) {
    let create = |number| create_group(group(CONTOSO, group_id(number), &format!("Group {number}")));
    world.make(numbers.into_iter().map(create)).await;
}

/// Groups within groups, each pair the outer and the inner.
async fn nest(world: &World, pairs: &[(u128, u128)]) {
    world
        .make(pairs.iter().map(|(outer, inner)| add_member(group_id(*outer), group_id(*inner).guid(), GROUP)))
        .await;
}

/// The numbers of the groups somebody is in, and whether directly.
async fn groups_of(world: &World, tenant: TenantId, member: Uuid) -> Vec<(u128, bool)> {
    let groups = world.groups_of(tenant, member).await.unwrap();
    groups.iter().map(|group| (group.id.guid().as_u128() & 0xffff, group.direct)).collect()
}

fn ids(objects: &[DirectoryObject]) -> Vec<Uuid> {
    objects.iter().map(DirectoryObject::id).collect()
}

/// All transitive members, the same whatever the size of the pages.
async fn inside(world: &World, tenant: TenantId, group: GroupId) -> Vec<Uuid> {
    let whole = world.transitive_members(tenant, group, None, 1000).await.unwrap();
    for size in [1, 2, 3] {
        let (mut pages, mut after) = (Vec::new(), None);
        loop {
            let page = world.transitive_members(tenant, group, after, size).await.unwrap();
            after = page.last().map(DirectoryObject::id);
            let ended = page.len() < size as usize;
            pages.extend(page);
            if ended {
                break;
            }
        }
        assert_eq!(pages, whole);
    }
    ids(&whole)
}

on_every_engine! {
    async fn a_link_is_added_once_and_removed_once(world) {
        let link = member(STAFF, ALICE.guid(), USER);
        let is_linked = async |tenant, relation| {
            world.is_linked(tenant, relation, STAFF.guid(), ALICE.guid()).await.unwrap()
        };
        assert!(!is_linked(CONTOSO, Relation::Member).await);
        world.make([Change::AddLink(link)]).await;
        assert!(is_linked(CONTOSO, Relation::Member).await);
        assert!(!is_linked(FABRIKAM, Relation::Member).await);
        assert!(!is_linked(CONTOSO, Relation::Owner).await);
        assert!(!world.is_linked(CONTOSO, Relation::Member, ALICE.guid(), STAFF.guid()).await.unwrap());
        assert_eq!(world.conflict([Change::AddLink(link)]).await, Conflict::AlreadyExists);
        for other in [
            Link { tenant: FABRIKAM, ..link },
            Link { relation: Relation::Owner, ..link },
            Link { to: BOB.guid(), ..link },
            Link { from: SALES.guid(), ..link },
        ] {
            assert_eq!(world.conflict([Change::RemoveLink(other)]).await, Conflict::NotThere);
        }
        // The same link next door, and another relation of the same two, are others.
        world.make([Link { tenant: FABRIKAM, ..link }, Link { relation: Relation::Owner, ..link }].map(Change::AddLink)).await;
        world.make([Change::RemoveLink(link)]).await;
        assert!(!is_linked(CONTOSO, Relation::Member).await);
        assert!(is_linked(FABRIKAM, Relation::Member).await && is_linked(CONTOSO, Relation::Owner).await);
        assert_eq!(world.conflict([Change::RemoveLink(link)]).await, Conflict::NotThere);
    }

    async fn linked_objects_of_every_kind_come_whole_in_the_order_of_their_ids(world) {
        let bob = user(CONTOSO, BOB, "bob@contoso.test");
        let sales = group(CONTOSO, SALES, "Sales");
        let daemon = registration(CONTOSO, DAEMON_PRINCIPAL, DAEMON);
        world.make([
            create_alice(),
            create_user(bob.clone()),
            create_group(group(CONTOSO, STAFF, "Staff")),
            create_group(sales.clone()),
            create_application(CONTOSO, DAEMON),
            create_principal(CONTOSO, DAEMON_PRINCIPAL, DAEMON),
            // Nothing is found where a link leads to nothing, or to what another tenant has.
            create_user(user(FABRIKAM, vestibule_wire::ids::UserId::from_u128(0x9), "f@fabrikam.test")),
        ])
        .await;
        let application = DirectoryObject::Application(daemon.application.clone());
        let mut expected = [
            DirectoryObject::User(user(CONTOSO, ALICE, "alice@contoso.test")),
            DirectoryObject::User(bob),
            DirectoryObject::Group(sales),
            DirectoryObject::ServicePrincipal(daemon),
            application,
        ];
        expected.sort_by_key(DirectoryObject::id);
        let links = expected.iter().map(|object| (object.id(), object.kind()));
        let links = links.chain([(Uuid::from_u128(0x9), USER), (Uuid::from_u128(0x8), GROUP)]);
        world.make(links.map(|(id, kind)| add_member(STAFF, id, kind))).await;
        let from = async |after, limit| world.linked_from(CONTOSO, Relation::Member, STAFF.guid(), after, limit).await.unwrap();
        assert_eq!(from(None, 100).await, expected);
        assert_eq!(from(None, 2).await, expected[..2]);
        assert_eq!(from(Some(expected[1].id()), 2).await, expected[2..4]);
        assert_eq!(from(Some(expected[3].id()), 2).await, expected[4..]);
        assert!(from(None, 0).await.is_empty());
        assert!(world.linked_from(FABRIKAM, Relation::Member, STAFF.guid(), None, 9).await.unwrap().is_empty());
        assert!(world.linked_from(CONTOSO, Relation::Owner, STAFF.guid(), None, 9).await.unwrap().is_empty());
    }

    async fn what_an_object_is_linked_to_comes_in_pages(world) {
        have_groups(world, 1..=5).await;
        world.make([create_alice()]).await;
        world.make((1..=5).map(|number| add_member(group_id(number), ALICE.guid(), USER))).await;
        let owned = Link { relation: Relation::Owner, ..member(group_id(2), ALICE.guid(), USER) };
        let manages = Link { relation: Relation::Manager, from: BOB.guid(), from_kind: USER, ..owned };
        world.make([create_user(user(CONTOSO, BOB, "bob@contoso.test"))]).await;
        world.make([owned, manages].map(Change::AddLink)).await;
        let to = async |relation, after, limit| {
            ids(&world.linked_to(CONTOSO, relation, ALICE.guid(), after, limit).await.unwrap())
        };
        let all: Vec<_> = (1..=5).map(|number| group_id(number).guid()).collect();
        assert_eq!(to(Relation::Member, None, 10).await, all);
        assert_eq!(to(Relation::Member, None, 2).await, all[..2]);
        assert_eq!(to(Relation::Member, Some(all[1]), 2).await, all[2..4]);
        assert!(to(Relation::Member, Some(all[4]), 2).await.is_empty());
        assert_eq!(to(Relation::Owner, None, 10).await, [group_id(2).guid()]);
        assert_eq!(to(Relation::Manager, None, 10).await, [BOB.guid()]);
        assert!(world.linked_to(FABRIKAM, Relation::Member, ALICE.guid(), None, 9).await.unwrap().is_empty());
    }

    async fn groups_are_those_directly_and_through_other_groups_each_once(world) {
        have_groups(world, 1..=6).await;
        // 1 holds 2 and 3, both of which hold 4: a diamond. 5 holds 1 and 4. 6 holds nobody of them.
        nest(world, &[(1, 2), (1, 3), (2, 4), (3, 4), (5, 1), (5, 4)]).await;
        world.make([create_alice(), add_member(group_id(4), ALICE.guid(), USER), add_member(group_id(2), ALICE.guid(), USER)]).await;
        let expected = [(1, false), (2, true), (3, false), (4, true), (5, false)];
        assert_eq!(groups_of(world, CONTOSO, ALICE.guid()).await, expected);
        assert_eq!(groups_of(world, CONTOSO, group_id(2).guid()).await, [(1, true), (5, false)]);
        assert_eq!(groups_of(world, CONTOSO, BOB.guid()).await, []);
        assert_eq!(groups_of(world, FABRIKAM, ALICE.guid()).await, []);
    }

    async fn groups_that_contain_each_other_are_no_trouble(world) {
        have_groups(world, 1..=3).await;
        nest(world, &[(1, 2), (2, 3), (3, 1), (1, 1)]).await;
        world.make([create_alice(), add_member(group_id(3), ALICE.guid(), USER)]).await;
        assert_eq!(groups_of(world, CONTOSO, ALICE.guid()).await, [(1, false), (2, false), (3, true)]);
        // A group is not among its own.
        assert_eq!(groups_of(world, CONTOSO, group_id(1).guid()).await, [(2, false), (3, true)]);
        let mut expected = vec![ALICE.guid(), group_id(2).guid(), group_id(3).guid()];
        expected.sort();
        assert_eq!(inside(world, CONTOSO, group_id(1)).await, expected);
    }

    async fn a_chain_of_groups_may_be_long(world) {
        have_groups(world, 1..=60).await;
        let chain: Vec<_> = (1..60).map(|number| (number, number + 1)).collect();
        nest(world, &chain).await;
        world.make([create_alice(), add_member(group_id(60), ALICE.guid(), USER)]).await;
        assert_eq!(groups_of(world, CONTOSO, ALICE.guid()).await.len(), 60);
        assert_eq!(inside(world, CONTOSO, group_id(1)).await.len(), 60);
    }

    async fn whether_a_group_is_for_security_is_told_with_it(world) {
        let distribution = idp_domain::directory::Group { security_enabled: false, ..group(CONTOSO, SALES, "Sales") };
        world.make([create_group(group(CONTOSO, STAFF, "Staff")), create_group(distribution)]).await;
        world.make([STAFF, SALES].map(|group| add_member(group, ALICE.guid(), USER))).await;
        let mut groups = world.groups_of(CONTOSO, ALICE.guid()).await.unwrap();
        groups.sort_by_key(|group| group.security_enabled);
        assert_eq!(groups.iter().map(|group| (group.id, group.security_enabled)).collect::<Vec<_>>(), [(SALES, false), (STAFF, true)]);
    }

    async fn transitive_members_come_once_in_pages(world) {
        have_groups(world, 1..=3).await;
        nest(world, &[(1, 2), (1, 3), (2, 3)]).await;
        world.make([
            create_alice(),
            create_user(user(CONTOSO, BOB, "bob@contoso.test")),
            add_member(group_id(2), ALICE.guid(), USER),
            add_member(group_id(3), ALICE.guid(), USER),
            add_member(group_id(3), BOB.guid(), USER),
            // Owners are no members.
            Change::AddLink(Link { relation: Relation::Owner, ..member(group_id(1), DAEMON_PRINCIPAL.guid(), ObjectKind::ServicePrincipal) }),
        ])
        .await;
        let mut expected = vec![ALICE.guid(), BOB.guid(), group_id(2).guid(), group_id(3).guid()];
        expected.sort();
        assert_eq!(inside(world, CONTOSO, group_id(1)).await, expected);
        assert_eq!(inside(world, CONTOSO, group_id(3)).await, [BOB.guid(), ALICE.guid()]);
        assert!(inside(world, FABRIKAM, group_id(1)).await.is_empty());
    }

    async fn a_deleted_group_is_no_way_to_other_groups_until_it_is_back(world) {
        have_groups(world, 1..=3).await;
        nest(world, &[(1, 2), (2, 3)]).await;
        world.make([create_alice(), add_member(group_id(3), ALICE.guid(), USER)]).await;
        let middle = DirectoryObject::Group(group(CONTOSO, group_id(2), "Group 2"));
        world.make([delete(middle.clone())]).await;
        assert_eq!(groups_of(world, CONTOSO, ALICE.guid()).await, [(3, true)]);
        assert!(inside(world, CONTOSO, group_id(1)).await.is_empty());
        assert!(world.linked_from(CONTOSO, Relation::Member, group_id(1).guid(), None, 9).await.unwrap().is_empty());
        world.make([restore(middle)]).await;
        assert_eq!(groups_of(world, CONTOSO, ALICE.guid()).await, [(1, false), (2, false), (3, true)]);
        assert_eq!(inside(world, CONTOSO, group_id(1)).await.len(), 3);
    }

    async fn deleted_members_leave_no_holes_in_pages(world) {
        world.make([create_group(group(CONTOSO, STAFF, "Staff"))]).await;
        for number in 1..=6 {
            let id = vestibule_wire::ids::UserId::from_u128(1 << 90 | number);
            let member = user(CONTOSO, id, &format!("user{number}@contoso.test"));
            world.make([create_user(member.clone()), add_member(STAFF, id.guid(), USER)]).await;
            if number % 2 == 0 {
                world.make([delete(DirectoryObject::User(member))]).await;
            }
        }
        let page = world.linked_from(CONTOSO, Relation::Member, STAFF.guid(), None, 3).await.unwrap();
        assert_eq!(ids(&page).iter().map(|id| id.as_u128() & 0xffff).collect::<Vec<_>>(), [1, 3, 5]);
        assert_eq!(inside(world, CONTOSO, STAFF).await.len(), 3);
    }
}
