//! How often is tried, on a clock that the tests move, and who has a place. What is told is seen from outside (`spec`).

use std::cell::{Cell, RefCell};
use std::time::Duration;

use http::StatusCode;
use tokio::time::Instant;
use vestibule_wire::ids::TenantId;

use super::attempts::{NotTold, attempts};
use super::places::{OF_ONE, PLACES, Place, Places};
use crate::outbound::NotFetched;

/// An application that answers so, one answer after the other, each after so many seconds; and what came of it, how often
/// it was asked, and how many seconds it all took.
async fn answers(
    replies: Vec<(u64, Result<StatusCode, NotTold>)>,
    jitter: u16,
) -> (Result<(), NotTold>, usize, u64) {
    let (began, asked) = (Instant::now(), Cell::new(0));
    let replies = RefCell::new(replies.into_iter());
    let attempt = || {
        asked.set(asked.get() + 1);
        let (after, reply) = replies.borrow_mut().next().expect("asked more often than expected");
        async move {
            tokio::time::sleep(Duration::from_secs(after)).await;
            reply
        }
    };
    let outcome = attempts(attempt, || jitter).await;
    (outcome, asked.get(), began.elapsed().as_secs())
}

fn status(code: u16) -> (u64, Result<StatusCode, NotTold>) {
    (0, Ok(StatusCode::from_u16(code).unwrap()))
}

fn fails(after: u64, cause: NotFetched) -> (u64, Result<StatusCode, NotTold>) {
    (after, Err(cause.into()))
}

#[tokio::test(start_paused = true)]
async fn ui_10_what_says_that_it_is_done_is_told_once() {
    for code in [200, 204] {
        let (outcome, asked, _) = answers(vec![status(code)], 0).await;
        assert!(outcome.is_ok() && asked == 1, "{code}");
    }
}

#[tokio::test(start_paused = true)]
async fn ui_10_what_fails_is_told_three_times_at_most_with_pauses_that_grow() {
    for jitter in [0, u16::MAX] {
        let slow = || fails(3, NotFetched::TooSlow);
        let (outcome, asked, seconds) = answers(vec![slow(), slow(), slow()], jitter).await;
        assert!(matches!(outcome, Err(NotTold::NotReached(NotFetched::TooSlow))));
        // Three seconds each, and half of 1 + 4 seconds, or one and a half times that.
        assert_eq!((asked, seconds), (3, 9 + if jitter == 0 { 2 } else { 7 }));
    }
    let (outcome, asked, _) = answers(vec![status(500), status(503), status(429)], 0).await;
    assert!(matches!(outcome, Err(NotTold::Refused(StatusCode::TOO_MANY_REQUESTS))) && asked == 3);
    let broken = fails(0, NotFetched::NoAnswer("reset".into()));
    let (outcome, asked, _) = answers(vec![status(502), broken, status(200)], 0).await;
    assert!(outcome.is_ok() && asked == 3);
}

#[tokio::test(start_paused = true)]
async fn ui_09_ui_10_what_was_understood_and_refused_and_what_is_out_of_reach_is_not_tried_again() {
    for code in [201, 202, 301, 302, 307, 308, 400, 401, 403, 404, 405, 410, 413] {
        let (outcome, asked, _) = answers(vec![status(code)], 0).await;
        assert!(matches!(outcome, Err(NotTold::Refused(_))) && asked == 1, "{code}");
    }
    for cause in [NotFetched::Address, NotFetched::OutOfReach] {
        let (outcome, asked, seconds) = answers(vec![fails(0, cause)], 0).await;
        assert!(matches!(outcome, Err(NotTold::NotReached(_))));
        assert_eq!((asked, seconds), (1, 0));
    }
}

#[tokio::test]
async fn ui_10_the_queue_is_bounded_and_no_organisation_fills_it() {
    let places = Places::default();
    let tenant = |number: u128| TenantId::from_u128(number);
    let mut taken: Vec<Place> = Vec::new();
    for _ in 0..OF_ONE {
        taken.extend(places.take(tenant(1)));
    }
    assert_eq!(taken.len(), OF_ONE);
    assert!(places.take(tenant(1)).is_none(), "the organisation has all of its own");
    for number in 2.. {
        let before = taken.len();
        taken.extend((0..OF_ONE).map_while(|_| places.take(tenant(number))));
        if taken.len() == before {
            break;
        }
    }
    assert_eq!(taken.len(), PLACES as usize);
    assert!(tokio::time::timeout(Duration::ZERO, places.empty()).await.is_err());
    // A place that is given back can be taken again.
    taken.pop();
    taken.extend(places.take(tenant(9)));
    assert_eq!(taken.len(), PLACES as usize);
    taken.clear();
    places.empty().await;
}

#[tokio::test]
async fn ui_10_the_applications_of_one_organisation_are_told_a_few_at_a_time() {
    let places = Places::default();
    let (slow, other) = (TenantId::from_u128(1), TenantId::from_u128(2));
    let waiting: Vec<_> = (0..20).filter_map(|_| places.take(slow)).collect();
    let mut turns = Vec::new();
    for place in &waiting {
        if let Ok(turn) = tokio::time::timeout(Duration::ZERO, place.turn()).await {
            turns.extend(turn);
        }
    }
    assert_eq!(turns.len(), super::AT_ONCE / 4);
    let quick = places.take(other).unwrap();
    assert!(quick.turn().await.is_some(), "another organisation does not wait for them");
}
