//! Accounts of people from elsewhere: each is in a tenant once, and found by who they are.

use idp_domain::changes::{Change, Conflict};
use idp_domain::directory::{DirectoryObject, External, HomeAccount, Upn, User, UserType};
use idp_domain::store::Users as _;
use vestibule_wire::ids::UserId;

use crate::actors::*;
use crate::engines::on_every_engine;

fn invited(name: &str) -> External {
    External::Invited(Upn::parse(name).unwrap())
}

fn accepted(user: u128) -> External {
    External::Home(HomeAccount { tenant: FABRIKAM, user: UserId::from_u128(user) })
}

/// A guest of Contoso with this number.
fn guest(number: u128, external: External) -> User {
    let upn = format!("guest{number}#ext#@contoso.test");
    let user = user(CONTOSO, UserId::from_u128(0x9e57 + number), &upn);
    User { user_type: UserType::Guest, external: Some(external), password: None, ..user }
}

fn create(user: &User) -> Change {
    Change::CreateUser(Box::new(user.clone()))
}

fn update(user: &User) -> Change {
    Change::UpdateUser(Box::new(user.clone()))
}

on_every_engine! {
    async fn a_guest_is_found_by_who_they_are_and_in_their_tenant_only(world) {
        let (one, other) = (guest(1, invited("dave@fabrikam.test")), guest(2, accepted(7)));
        world.make([create(&one), create(&other)]).await;
        for user in [&one, &other] {
            let external = user.external.clone().unwrap();
            let found = world.user_from_elsewhere(CONTOSO, &external).await.unwrap();
            assert_eq!(found.as_ref(), Some(user));
            assert_eq!(world.user(CONTOSO, user.id).await.unwrap().as_ref(), Some(user));
            assert_eq!(world.user_from_elsewhere(FABRIKAM, &external).await.unwrap(), None);
        }
        assert_eq!(world.user_from_elsewhere(CONTOSO, &accepted(8)).await.unwrap(), None);
        assert_eq!(world.user_from_elsewhere(CONTOSO, &invited("d@fabrikam.test")).await.unwrap(), None);
    }

    async fn nobody_is_a_guest_of_a_tenant_twice(world) {
        world.make([create(&guest(1, invited("dave@fabrikam.test")))]).await;
        world.make([create(&guest(2, accepted(7)))]).await;
        for again in [invited("dave@fabrikam.test"), accepted(7)] {
            assert_eq!(world.conflict([create(&guest(3, again))]).await, Conflict::AlreadyExists);
        }
        // Nor by accepting what was meant for somebody who is one.
        let twice = guest(1, accepted(7));
        assert_eq!(world.conflict([update(&twice)]).await, Conflict::AlreadyExists);
    }

    async fn accepting_happens_once(world) {
        let before = guest(1, invited("dave@fabrikam.test"));
        world.make([create(&before)]).await;
        let after = User { external: Some(accepted(7)), ..before.clone() };
        world.make([update(&after)]).await;
        assert_eq!(world.conflict([update(&User { external: Some(accepted(8)), ..before })]).await, Conflict::ObjectChanged);
        let found = world.user_from_elsewhere(CONTOSO, &accepted(7)).await.unwrap().unwrap();
        assert_eq!((found.id, found.revision), (after.id, after.revision + 1));
        assert_eq!(world.user_from_elsewhere(CONTOSO, &invited("dave@fabrikam.test")).await.unwrap(), None);
    }

    async fn a_deleted_guest_can_be_invited_anew_and_then_is_not_brought_back(world) {
        let guest_before = guest(1, accepted(7));
        world.make([create(&guest_before)]).await;
        let object = DirectoryObject::User(guest_before.clone());
        world.make([Change::DeleteObject { object: Box::new(object), at: at(5) }]).await;
        assert_eq!(world.user_from_elsewhere(CONTOSO, &accepted(7)).await.unwrap(), None);
        world.make([create(&guest(2, accepted(7)))]).await;
        let object = DirectoryObject::User(guest_before);
        let restored = Change::RestoreObject(Box::new(object));
        assert_eq!(world.conflict([restored]).await, Conflict::AlreadyExists);
    }
}
