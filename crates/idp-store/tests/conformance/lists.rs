//! Lists of objects and searches: what is found, in which order, and that pages fit together.

use idp_domain::applications::{Application, Registration, ServicePrincipal, microsoft_graph};
use idp_domain::changes::Change;
use idp_domain::directory::{DirectoryObject, Group, Indexed, ObjectKind, Seek, User, role};
use idp_domain::store::Directory as _;
use serde_json::json;
use uuid::Uuid;
use vestibule_wire::ids::{ClientId, GroupId, ServicePrincipalId, TenantId, UserId};

use crate::actors::*;
use crate::engines::{World, on_every_engine};

/// Everything a seek finds, page by page; the same whatever the size of the pages.
async fn found(world: &World, tenant: TenantId, kind: ObjectKind, seek: &Seek) -> Vec<DirectoryObject> {
    let whole = world.objects(tenant, kind, seek, None, 1000).await.unwrap();
    for size in [1, 2, 3] {
        let (mut pages, mut after) = (Vec::new(), None);
        loop {
            let page = world.objects(tenant, kind, seek, after.as_ref(), size).await.unwrap();
            after = page.last().map(|(position, _)| position.clone());
            let ended = page.len() < size as usize;
            pages.extend(page);
            if ended {
                break;
            }
        }
        assert_eq!(pages, whole, "in pages of {size}");
    }
    assert!(whole.iter().all(|(position, object)| position.id == object.id() && object.tenant() == tenant));
    whole.into_iter().map(|(_, object)| object).filter(|object| !object.id().is_nil()).collect()
}

async fn names(world: &World, kind: ObjectKind, seek: &Seek) -> Vec<String> {
    found(world, CONTOSO, kind, seek).await.iter().map(|object| object.display_name().to_owned()).collect()
}

async fn ids(world: &World, tenant: TenantId, kind: ObjectKind, seek: &Seek) -> Vec<u128> {
    found(world, tenant, kind, seek).await.iter().map(|object| object.id().as_u128() & 0xffff).collect()
}

fn one_of(property: Indexed, values: &[&str]) -> Seek {
    Seek::OneOf(property, values.iter().map(|value| (*value).to_owned()).collect())
}

fn starts_with(property: Indexed, beginning: &str) -> Seek {
    Seek::StartsWith(property, beginning.to_owned())
}

const fn ordered(by: Indexed, descending: bool) -> Seek {
    Seek::Ordered { by, descending }
}

fn named_user(number: u128, name: &str) -> Change {
    let upn = format!("user{number}@contoso.test");
    create_user(User {
        display_name: name.into(),
        ..user(CONTOSO, UserId::from_u128(1 << 90 | number), &upn)
    })
}

async fn have_users(world: &World, names: &[&str]) {
    world.make((1..).zip(names).map(|(number, name)| named_user(number, name))).await;
    // The same number and name next door.
    let foreign =
        User { display_name: names[0].into(), ..user(FABRIKAM, UserId::from_u128(1), "f@fabrikam.test") };
    world.make([create_user(foreign)]).await;
}

fn tagged(number: u128, tags: &[&str]) -> Application {
    let mut application = application(CONTOSO, ClientId::from_u128(1 << 90 | number));
    application.other.set("tags", json!(tags));
    application
}

on_every_engine! {
    async fn all_objects_of_a_kind_come_in_the_order_of_their_ids(world) {
        let order = [7_u128, 2, 9, 4];
        world.make(order.map(|n| named_user(n, "A name"))).await;
        world.make(order.map(|n| create_group(group(CONTOSO, group_id(n), "A group")))).await;
        for n in order {
            let client = ClientId::from_u128(1 << 90 | n);
            let id = ServicePrincipalId::from_u128(1 << 90 | n);
            world.make([create_application(CONTOSO, client), create_principal(CONTOSO, id, client)]).await;
        }
        world.make([create_user(user(FABRIKAM, UserId::from_u128(3), "f@fabrikam.test"))]).await;
        for kind in ObjectKind::ALL {
            let mut seen = ids(world, CONTOSO, kind, &Seek::All).await;
            seen.retain(|id| *id > 1);
            assert_eq!(seen, [2, 4, 7, 9], "{kind:?}");
        }
        assert_eq!(ids(world, FABRIKAM, ObjectKind::User, &Seek::All).await, [3]);
        assert_eq!(ids(world, FABRIKAM, ObjectKind::Group, &Seek::All).await, [0_u128; 0]);
    }

    async fn what_is_listed_is_whole(world) {
        let alice = user(CONTOSO, ALICE, "alice@contoso.test");
        let staff = group(CONTOSO, STAFF, "Staff");
        let registered = registration(CONTOSO, DAEMON_PRINCIPAL, DAEMON);
        world.make([
            create_user(alice.clone()),
            create_group(staff.clone()),
            create_application(CONTOSO, DAEMON),
            create_principal(CONTOSO, DAEMON_PRINCIPAL, DAEMON),
        ])
        .await;
        let by_name = |name: &str| one_of(Indexed::DisplayName, &[name]);
        let by_app_id = one_of(Indexed::AppId, &[&DAEMON.to_string().to_uppercase()]);
        let upn = one_of(Indexed::UserPrincipalName, &["ALICE@contoso.test"]);
        for (kind, seek, object) in [
            (ObjectKind::User, upn, DirectoryObject::User(alice)),
            (ObjectKind::Group, by_name("STAFF"), DirectoryObject::Group(staff)),
            (ObjectKind::Application, by_app_id.clone(), DirectoryObject::Application(registered.application.clone())),
            (ObjectKind::ServicePrincipal, by_app_id, DirectoryObject::ServicePrincipal(registered)),
        ] {
            assert_eq!(found(world, CONTOSO, kind, &seek).await, std::slice::from_ref(&object));
            assert!(found(world, CONTOSO, kind, &Seek::All).await.contains(&object));
            assert!(found(world, FABRIKAM, kind, &seek).await.is_empty());
            assert!(found(world, FABRIKAM, kind, &Seek::All).await.is_empty());
            assert_eq!(world.object(CONTOSO, object.id()).await.unwrap(), Some(object.clone()));
            assert_eq!(world.object(FABRIKAM, object.id()).await.unwrap(), None);
        }
        assert_eq!(world.object(CONTOSO, Uuid::from_u128(77)).await.unwrap(), None);
    }

    async fn values_are_equal_whatever_the_case_in_any_script(world) {
        have_users(world, &["ÄNGSTRÖM", "ängström", "Angstrom", "Ангел", "ΟΔΥΣΣΕΥΣ", "100%", "a_b"]).await;
        let is = |values: &[&str]| one_of(Indexed::DisplayName, values);
        for (values, expected) in [
            (&["Ängström"][..], &[1_u128, 2][..]),
            (&["АНГЕЛ"], &[4]),
            (&["Οδυσσευσ"], &[5]),
            (&["100%"], &[6]),
            (&["A_B"], &[7]),
            (&["a%"], &[]),
            (&["ang"], &[]),
            (&[""], &[]),
            (&["angstrom\0"], &[]),
            (&[], &[]),
            // In the order of the values, not of the question.
            (&["АНГЕЛ", "angstrom", "nobody", "ANGSTROM", "100%"], &[6, 3, 4]),
        ] {
            assert_eq!(ids(world, CONTOSO, ObjectKind::User, &is(values)).await, expected, "{values:?}");
        }
        assert_eq!(ids(world, FABRIKAM, ObjectKind::User, &is(&["ängström"])).await, [1]);
    }

    async fn a_beginning_is_found_byte_for_byte_whatever_is_in_it(world) {
        have_users(world, &["50% off", "50x off", "50", "a_b", "aXb", "ÿ", "ÿz", "\u{10ffff}", "\u{10ffff}z", "Zoë"]).await;
        let begins = |beginning: &str| starts_with(Indexed::DisplayName, beginning);
        for (beginning, expected) in [
            ("50", &[3_u128, 1, 2][..]),
            ("50%", &[1]),
            ("a_", &[4]),
            ("%", &[]),
            ("_", &[]),
            ("ÿ", &[6, 7]),
            ("Ÿ", &[6, 7]),
            ("\u{10ffff}", &[8, 9]),
            ("ZO", &[10]),
            ("zoe", &[]),
            ("a_b\0", &[]),
        ] {
            assert_eq!(ids(world, CONTOSO, ObjectKind::User, &begins(beginning)).await, expected, "{beginning:?}");
        }
        // Everything begins with nothing.
        assert_eq!(ids(world, CONTOSO, ObjectKind::User, &begins("")).await.len(), 10);
        assert_eq!(ids(world, FABRIKAM, ObjectKind::User, &begins("50")).await, [1]);
    }

    async fn an_order_is_that_of_the_bytes_and_backwards_its_exact_reverse(world) {
        have_users(world, &["b", "a-c", "ab", "A b", "ä", "a b", "z", "_"]).await;
        let forwards = names(world, ObjectKind::User, &ordered(Indexed::DisplayName, false)).await;
        assert_eq!(forwards, ["_", "A b", "a b", "a-c", "ab", "b", "z", "ä"]);
        let mut backwards = found(world, CONTOSO, ObjectKind::User, &ordered(Indexed::DisplayName, true)).await;
        backwards.reverse();
        assert_eq!(backwards, found(world, CONTOSO, ObjectKind::User, &ordered(Indexed::DisplayName, false)).await);
    }

    async fn what_lacks_the_property_is_not_in_its_order(world) {
        let without = User { given_name: None, surname: None, mail: Some(String::new()), ..user(CONTOSO, ALICE, "alice@contoso.test") };
        let with = User { surname: Some("Builder".into()), ..user(CONTOSO, BOB, "bob@contoso.test") };
        world.make([create_user(without), create_user(with)]).await;
        for descending in [false, true] {
            let seek = ordered(Indexed::Surname, descending);
            assert_eq!(ids(world, CONTOSO, ObjectKind::User, &seek).await, [0xb0b]);
        }
        assert_eq!(ids(world, CONTOSO, ObjectKind::User, &ordered(Indexed::Mail, false)).await, [0xb0b]);
        // A property that this kind of object does not have.
        assert!(found(world, CONTOSO, ObjectKind::User, &ordered(Indexed::Tag, false)).await.is_empty());
    }

    async fn an_object_that_is_found_by_several_values_is_found_once(world) {
        let tags: [&[&str]; 4] = [&["red", "blue", "Red"], &["green"], &["blue", "blueish"], &[]];
        for (number, tags) in (1..).zip(tags) {
            world.make([Change::CreateApplication(Box::new(tagged(number, tags)))]).await;
        }
        let tagged = async |seek| ids(world, CONTOSO, ObjectKind::Application, &seek).await;
        assert_eq!(tagged(one_of(Indexed::Tag, &["RED", "Blue", "green"])).await, [1, 3, 2]);
        assert_eq!(tagged(one_of(Indexed::Tag, &["red", "blueish"])).await, [3, 1]);
        assert_eq!(tagged(starts_with(Indexed::Tag, "b")).await, [1, 3]);
        assert_eq!(tagged(starts_with(Indexed::Tag, "bluei")).await, [3]);
        assert_eq!(tagged(ordered(Indexed::Tag, false)).await, [1, 3, 2]);
        assert_eq!(tagged(ordered(Indexed::Tag, true)).await, [1, 2, 3]);
    }

    async fn who_holds_a_directory_role_is_found_once(world) {
        let holds = |id, upn, roles: &[Uuid]| {
            create_user(User { directory_roles: roles.to_vec(), ..user(CONTOSO, id, upn) })
        };
        let both = [role::USER_ADMINISTRATOR, role::GLOBAL_READER];
        world.make([holds(ALICE, "alice@contoso.test", &both), holds(BOB, "bob@contoso.test", &both[1..])]).await;
        let values = [both[0].to_string(), both[1].to_string()];
        let seek = one_of(Indexed::DirectoryRole, &values.each_ref().map(String::as_str));
        assert_eq!(ids(world, CONTOSO, ObjectKind::User, &seek).await.len(), 2);
        let seek = one_of(Indexed::DirectoryRole, &[&values[0]]);
        assert_eq!(ids(world, CONTOSO, ObjectKind::User, &seek).await, [ALICE.guid().as_u128() & 0xffff]);
    }

    async fn a_value_that_is_longer_than_a_key_is_compared_as_a_whole(world) {
        let long = |end: &str| format!("{}{end}", "Ä".repeat(300));
        let (one, two, other) = (long("one"), long("two"), long("other"));
        have_users(world, &[&one, &two, &other]).await;
        let upper = one.to_uppercase();
        for (values, expected) in [(&[upper.as_str()][..], &[1_u128][..]), (&[&one, &other], &[1, 3]), (&[&long("o")], &[])] {
            let seek = one_of(Indexed::DisplayName, values);
            assert_eq!(ids(world, CONTOSO, ObjectKind::User, &seek).await, expected);
        }
        for (end, expected) in [("o", &[1_u128, 3][..]), ("TWO", &[2]), ("", &[1, 2, 3]), ("x", &[])] {
            let seek = starts_with(Indexed::DisplayName, &long(end));
            assert_eq!(ids(world, CONTOSO, ObjectKind::User, &seek).await, expected, "{end}");
        }
        assert_eq!(ids(world, CONTOSO, ObjectKind::User, &ordered(Indexed::DisplayName, false)).await, [1, 2, 3]);
    }

    async fn a_page_of_nothing_is_empty(world) {
        have_users(world, &["A"]).await;
        for seek in [Seek::All, one_of(Indexed::DisplayName, &["a"]), ordered(Indexed::DisplayName, true)] {
            assert!(world.objects(CONTOSO, ObjectKind::User, &seek, None, 0).await.unwrap().is_empty());
        }
    }

    async fn objects_that_come_and_go_between_pages_move_no_others(world) {
        have_users(world, &["b", "d", "f", "h"]).await;
        let seek = ordered(Indexed::DisplayName, false);
        let first = world.objects(CONTOSO, ObjectKind::User, &seek, None, 2).await.unwrap();
        let seen: Vec<_> = first.iter().map(|(_, object)| object.display_name()).collect();
        assert_eq!(seen, ["Alice Ängström", "b"]);
        let (last, b) = &first[1];
        world.make([named_user(90, "a"), named_user(91, "c"), delete(b.clone())]).await;
        let second = world.objects(CONTOSO, ObjectKind::User, &seek, Some(last), 2).await.unwrap();
        let seen: Vec<_> = second.iter().map(|(_, object)| object.display_name()).collect();
        assert_eq!(seen, ["c", "d"]);
    }

    async fn an_object_is_found_by_what_it_is_now(world) {
        world.make([create_alice(), create_group(group(CONTOSO, STAFF, "Staff"))]).await;
        let alice = User { display_name: "Alice Builder".into(), mail: None, ..user(CONTOSO, ALICE, "builder@contoso.test") };
        let staff = Group { display_name: "Crew".into(), ..group(CONTOSO, STAFF, "Staff") };
        world.make([
            Change::UpdateUser(Box::new(alice)),
            Change::UpdateGroup(Box::new(staff)),
            Change::SetUserEnabled { tenant: CONTOSO, user: ALICE, enabled: false },
        ])
        .await;
        let user = async |property, value| !ids(world, CONTOSO, ObjectKind::User, &one_of(property, &[value])).await.is_empty();
        assert!(user(Indexed::DisplayName, "alice builder").await);
        assert!(user(Indexed::UserPrincipalName, "builder@contoso.test").await);
        assert!(!user(Indexed::DisplayName, "alice ängström").await);
        assert!(!user(Indexed::UserPrincipalName, "alice@contoso.test").await);
        assert!(!user(Indexed::Mail, "alice@mail.test").await);
        assert_eq!(names(world, ObjectKind::Group, &starts_with(Indexed::DisplayName, "")).await, ["Crew", "Neighbours"]);
    }

    async fn a_service_principal_is_found_by_its_applications_names_of_now_in_every_tenant(world) {
        let theirs = ServicePrincipalId::from_u128(0xbeef);
        world.make([
            create_application(CONTOSO, DAEMON),
            create_principal(CONTOSO, DAEMON_PRINCIPAL, DAEMON),
            create_principal(FABRIKAM, theirs, DAEMON),
        ])
        .await;
        let renamed = Application {
            display_name: "Renamed".into(),
            identifier_uris: vec!["api://renamed".into()],
            ..application(CONTOSO, DAEMON)
        };
        world.make([Change::UpdateApplication(Box::new(renamed))]).await;
        for (tenant, id) in [(CONTOSO, DAEMON_PRINCIPAL), (FABRIKAM, theirs)] {
            let count = async |property, value: &str| {
                let found = found(world, tenant, ObjectKind::ServicePrincipal, &one_of(property, &[value])).await;
                assert!(found.iter().all(|object| object.id() == id.guid() && object.display_name() == "Renamed"));
                found.len()
            };
            assert_eq!(count(Indexed::DisplayName, "renamed").await, 1);
            assert_eq!(count(Indexed::ServicePrincipalName, "API://renamed").await, 1);
            assert_eq!(count(Indexed::ServicePrincipalName, &DAEMON.to_string()).await, 1);
            assert_eq!(count(Indexed::AppId, &DAEMON.to_string()).await, 1);
            assert_eq!(count(Indexed::Tag, "blue").await, 1);
            assert_eq!(count(Indexed::DisplayName, "the application").await, 0);
            assert_eq!(count(Indexed::ServicePrincipalName, &format!("api://{DAEMON}")).await, 0);
        }
    }

    async fn microsoft_graph_is_listed_and_a_service_principal_without_an_application_is_not(world) {
        let graph = Registration {
            principal: ServicePrincipal::new(CONTOSO, API_PRINCIPAL, ClientId::MICROSOFT_GRAPH, at(0)),
            application: microsoft_graph().into(),
        };
        let before = world.count(CONTOSO, ObjectKind::ServicePrincipal).await.unwrap();
        let create = Change::CreateServicePrincipal(Box::new(graph.clone()));
        world.make([create, create_principal(CONTOSO, DAEMON_PRINCIPAL, DAEMON)]).await;
        let expected = [DirectoryObject::ServicePrincipal(graph.clone())];
        for seek in [
            Seek::All,
            one_of(Indexed::DisplayName, &["microsoft graph"]),
            starts_with(Indexed::ServicePrincipalName, "https://GRAPH."),
            one_of(Indexed::AppId, &["00000003-0000-0000-C000-000000000000"]),
        ] {
            assert_eq!(found(world, CONTOSO, ObjectKind::ServicePrincipal, &seek).await, expected, "{seek:?}");
        }
        assert_eq!(world.service_principal(CONTOSO, API_PRINCIPAL).await.unwrap(), Some(graph));
        assert_eq!(world.service_principal(FABRIKAM, API_PRINCIPAL).await.unwrap(), None);
        assert_eq!(world.service_principal(CONTOSO, DAEMON_PRINCIPAL).await.unwrap(), None);
        assert_eq!(world.count(CONTOSO, ObjectKind::ServicePrincipal).await.unwrap(), before + 1);
    }

    async fn objects_are_counted_by_kind_and_tenant(world) {
        let counts = async |tenant| {
            let mut counts = Vec::new();
            for kind in ObjectKind::ALL {
                counts.push(world.count(tenant, kind).await.unwrap());
            }
            counts
        };
        let before = counts(CONTOSO).await;
        world.make([
            create_alice(),
            create_group(group(CONTOSO, STAFF, "Staff")),
            create_application(CONTOSO, DAEMON),
            create_principal(CONTOSO, DAEMON_PRINCIPAL, DAEMON),
        ])
        .await;
        assert_eq!(counts(CONTOSO).await, before.iter().map(|count| count + 1).collect::<Vec<_>>());
        assert_eq!(counts(FABRIKAM).await, [0; 4]);
    }

    async fn objects_are_read_by_their_ids_in_their_tenant_only(world) {
        let staff = group(CONTOSO, STAFF, "Staff");
        let daemon = application(CONTOSO, DAEMON);
        world.make([create_group(staff.clone()), create_application(CONTOSO, DAEMON), create_principal(CONTOSO, DAEMON_PRINCIPAL, DAEMON)]).await;
        assert_eq!(world.group(CONTOSO, STAFF).await.unwrap(), Some(staff));
        assert_eq!(world.group(FABRIKAM, STAFF).await.unwrap(), None);
        assert_eq!(world.group(CONTOSO, GroupId::new(ALICE.guid())).await.unwrap(), None);
        assert_eq!(world.application_object(CONTOSO, daemon.id).await.unwrap(), Some(daemon.clone().into()));
        assert_eq!(world.application_object(FABRIKAM, daemon.id).await.unwrap(), None);
        let registered = registration(CONTOSO, DAEMON_PRINCIPAL, DAEMON);
        assert_eq!(world.service_principal(CONTOSO, DAEMON_PRINCIPAL).await.unwrap(), Some(registered));
        assert_eq!(world.service_principal(FABRIKAM, DAEMON_PRINCIPAL).await.unwrap(), None);
    }
}
