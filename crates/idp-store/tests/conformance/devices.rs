//! What devices asked for: found by either code, answered once, redeemed once, forgotten when its time is over.

use idp_domain::changes::{Change, Changes, Conflict, Over};
use idp_domain::device::{Approval, DeviceKey, DeviceRequest, DeviceState};
use idp_domain::sealed::Hour;
use idp_domain::sessions::Facts;
use idp_domain::store::{Devices as _, Grants as _};

use crate::actors::*;
use crate::engines::{World, on_every_engine};
use crate::races::{assert_one_winner, at_once};

fn request(number: u8) -> DeviceRequest {
    DeviceRequest {
        key: DeviceKey([number; 32]),
        user_code: [number ^ 0xff; 32],
        client: DAEMON,
        tenant: Some(CONTOSO),
        scope: "openid offline_access".into(),
        asked_from: Some("2001:db8::7".parse().unwrap()),
        asked_at: at(0),
        state: DeviceState::Pending,
    }
}

fn ask(request: &DeviceRequest) -> Change {
    Change::AskDevice(Box::new(request.clone()))
}

fn approved() -> DeviceState {
    let facts = Facts { carried_over: true, ..Facts::password_in_browser(at(1), None) };
    DeviceState::Approved(Approval { tenant: CONTOSO, user: ALICE, session: SESSION, facts })
}

fn answer(number: u8, state: DeviceState) -> Change {
    Change::AnswerDevice { request: DeviceKey([number; 32]), state: Box::new(state) }
}

fn redeem(number: u8) -> Change {
    Change::RedeemDevice { request: DeviceKey([number; 32]) }
}

async fn state(world: &World, number: u8) -> Option<DeviceState> {
    let found = world.device_request(DeviceKey([number; 32])).await.unwrap();
    found.map(|request| request.state)
}

on_every_engine! {
    async fn a_request_is_found_by_its_key_and_by_its_user_code_and_by_nothing_else(world) {
        let bare = DeviceRequest { tenant: None, asked_from: None, scope: String::new(), ..request(2) };
        world.make([ask(&request(1)), ask(&bare)]).await;
        for request in [request(1), bare] {
            assert_eq!(world.device_request(request.key).await.unwrap(), Some(request.clone()));
            let by_code = world.device_request_by_user_code(&request.user_code).await.unwrap();
            assert_eq!(by_code, Some(request.clone()));
            assert_eq!(world.device_request(DeviceKey(request.user_code)).await.unwrap(), None);
            assert_eq!(world.device_request_by_user_code(&request.key.0).await.unwrap(), None);
        }
    }

    async fn no_two_requests_share_a_code(world) {
        world.make([ask(&request(1))]).await;
        let same_key = DeviceRequest { key: request(1).key, ..request(2) };
        let same_user_code = DeviceRequest { user_code: request(1).user_code, ..request(2) };
        for taken in [same_key, same_user_code] {
            assert_eq!(world.conflict([ask(&taken)]).await, Conflict::AlreadyExists);
        }
        assert_eq!(world.device_request(request(1).key).await.unwrap(), Some(request(1)));
    }

    async fn dc_05_a_request_is_answered_once_and_redeemed_once(world) {
        world.make([ask(&request(1)), ask(&request(2)), ask(&request(3))]).await;
        // Nobody has answered, and nobody asked.
        for unanswered in [redeem(1), redeem(9), answer(9, approved())] {
            assert_eq!(world.conflict([unanswered]).await, Conflict::DeviceMoved);
        }
        world.make([answer(1, approved())]).await;
        assert_eq!(state(world, 1).await, Some(approved()));
        for again in [approved(), DeviceState::Declined] {
            assert_eq!(world.conflict([answer(1, again)]).await, Conflict::DeviceMoved);
        }
        world.make([redeem(1)]).await;
        assert_eq!(state(world, 1).await, Some(DeviceState::Redeemed));
        for over in [redeem(1), answer(1, approved())] {
            assert_eq!(world.conflict([over]).await, Conflict::DeviceMoved);
        }
        world.make([answer(2, DeviceState::Declined)]).await;
        assert_eq!(state(world, 2).await, Some(DeviceState::Declined));
        for declined in [redeem(2), answer(2, approved())] {
            assert_eq!(world.conflict([declined]).await, Conflict::DeviceMoved);
        }
        assert_eq!(state(world, 3).await, Some(DeviceState::Pending), "the neighbour is as it was");
    }

    async fn dc_05_of_64_who_redeem_one_device_code_one_wins(world) {
        for round in 1..10 {
            world.make([ask(&request(round)), answer(round, approved())]).await;
            let family = |caller: usize| family_id(u128::from(round) << 64 | caller as u128);
            let redemption = |caller| Changes::one(redeem(round)).and(start_family(family(caller)));
            let outcomes = at_once(world, redemption).await;
            assert_one_winner(&outcomes, Conflict::DeviceMoved);
            for (caller, outcome) in outcomes.iter().enumerate() {
                let started = world.family(CONTOSO, family(caller)).await.unwrap().is_some();
                assert_eq!(started, outcome.is_none(), "caller {caller} of round {round}");
            }
        }
    }

    async fn of_64_who_answer_one_request_one_is_heard(world) {
        world.make([ask(&request(1))]).await;
        let say = |caller: usize| {
            Changes::one(answer(1, if caller.is_multiple_of(2) { approved() } else { DeviceState::Declined }))
        };
        let outcomes = at_once(world, say).await;
        assert_one_winner(&outcomes, Conflict::DeviceMoved);
        let winner = outcomes.iter().position(Option::is_none).unwrap();
        let heard = if winner.is_multiple_of(2) { approved() } else { DeviceState::Declined };
        assert_eq!(state(world, 1).await, Some(heard));
    }

    async fn dc_14_requests_whose_hour_is_over_are_forgotten_so_many_at_a_time(world) {
        let hour = |number: u8| DeviceRequest { asked_at: at(3600 * i64::from(number)), ..request(number) };
        let requests: Vec<_> = (1..=5).map(hour).collect();
        world.make(requests.iter().map(ask)).await;
        let forget = |before: Hour, at_most| Change::Forget { over: Over::Devices(before), at_most };
        let left = async || {
            let mut left = 0;
            for request in &requests {
                left += usize::from(world.device_request(request.key).await.unwrap().is_some());
            }
            left
        };
        world.make([forget(requests[0].until(), 10)]).await;
        assert_eq!(left().await, 5);
        world.make([forget(requests[3].until(), 2)]).await;
        assert_eq!(left().await, 3);
        world.make([forget(requests[3].until(), 2), forget(requests[3].until(), 2)]).await;
        assert_eq!(left().await, 2);
        assert_eq!(state(world, 4).await, Some(DeviceState::Pending));
    }
}
