//! CA-09 and LG-06: guessing the secret of an application, and one password at many accounts.

use idp_domain::audit::Activity;
use jiff::SignedDuration;
use vestibule_wire::form;

use super::{address, limited, times};
use crate::development::cast::{PASSWORD, PEOPLE, Program};
use crate::tests::{Answer, World, alice, program, visit_request};

/// For itself, with the secret it has.
const FOR_ITSELF: [(&str, &str); 2] =
    [("grant_type", "client_credentials"), ("scope", "api://contoso-api/.default")];

fn guessing(secret: &'static str) -> Program {
    let daemon = program("daemon");
    Program { secret: Some(secret), key_pair: None, ..*daemon }
}

#[tokio::test]
async fn ca_09_of_a_thousand_wrong_secrets_twenty_are_looked_at_and_the_client_goes_on_elsewhere() {
    let world = limited(|allowances| allowances.wrong_secrets = times(20)).await;
    let stranger = guessing("a-secret-that-nobody-has");
    let mut wrong = 0;
    for _ in 0..1000 {
        let answer = world.token_from(address(1), &stranger, &FOR_ITSELF).await;
        match answer.refusal() {
            7_000_215 => wrong += 1,
            _ => assert!(answer.refusal() == 90055 && answer.wait() <= 600, "{answer:?}"),
        }
    }
    assert_eq!(wrong, 20);
    // There even the right one is not looked at; elsewhere nothing is otherwise, nor for other clients there.
    let client = program("daemon");
    world.token_from(address(1), client, &FOR_ITSELF).await.wait();
    assert!(world.token_from(address(2), client, &FOR_ITSELF).await.is_ok());
    let other = world.token_from(address(1), program("api"), &FOR_ITSELF).await;
    assert_ne!(other.status, 429, "{other:?}");
    let record = world.on_record(Activity::SecretsGuessed).await;
    assert_eq!(record.len(), 1, "one, and not one a guess");
    assert_eq!((record[0].client, record[0].address), (Some(client.client_id()), Some(address(1))));
    world.pass(SignedDuration::from_mins(10));
    assert!(world.token_from(address(1), client, &FOR_ITSELF).await.is_ok());
}

#[tokio::test]
async fn ca_09_the_right_secret_is_taken_however_often() {
    let world = limited(|allowances| allowances.wrong_secrets = times(2)).await;
    for _ in 0..50 {
        assert!(world.token_from(address(1), program("daemon"), &FOR_ITSELF).await.is_ok());
    }
}

/// One password at an account, as a program that is given passwords sends it.
async fn tries(world: &World, from: u32, account: &str, password: &str) -> Answer {
    let grant = [
        ("grant_type", "password"),
        ("username", account),
        ("password", password),
        ("scope", "openid api://contoso-api/Tasks.Read"),
    ];
    world.token_from(address(from), program("web"), &grant).await
}

#[tokio::test]
async fn lg_06_one_password_at_many_accounts_from_one_address_is_no_more_looked_at_there() {
    let world = limited(|allowances| allowances.wrong_passwords = times(8)).await;
    let mut wrong = 0;
    for n in 0..40 {
        // People there are, and people there are not: nobody can tell which.
        let account = if n % 4 == 0 { "bob@contoso.test".into() } else { format!("user{n}@contoso.test") };
        let answer = tries(&world, 1, &account, "Summer-2026!").await;
        match answer.refusal() {
            50126 => wrong += 1,
            _ => assert!(answer.refusal() == 90055 && answer.wait() <= 600, "{answer:?}"),
        }
    }
    assert_eq!(wrong, 8);
    assert_eq!(tries(&world, 1, alice().upn, PASSWORD).await.refusal(), 90055, "nor is the right one");
    assert!(tries(&world, 2, alice().upn, PASSWORD).await.is_ok(), "elsewhere it is");
    let record = world.on_record(Activity::PasswordsSprayed).await;
    assert_eq!(record.len(), 1);
    assert_eq!((record[0].user, record[0].address), (None, Some(address(1))));
    world.pass(SignedDuration::from_mins(10));
    assert!(tries(&world, 1, alice().upn, PASSWORD).await.is_ok());
}

/// Types a password for alice on a page, in a browser with these cookies; the answer and the cookies it has then.
async fn types(world: &World, from: u32, password: &str, cookies: &[String]) -> (Answer, Vec<String>) {
    let client = program("web").client_id().to_string();
    let query = form::encode([
        ("client_id", client.as_str()),
        ("response_type", "code"),
        ("redirect_uri", program("web").redirect_uris[0]),
        ("scope", "openid"),
        ("login_hint", alice().upn),
        ("prompt", "login"),
    ]);
    let path = format!("/contoso.test/oauth2/v2.0/authorize?{query}");
    let page = world.send_from(address(from), visit_request(&path, None, &cookies.join("; "))).await;
    let cookies = [cookies, &page.cookies].concat();
    let form = [("ctx", &*page.ctx()), ("passwd", password)];
    let answer = world
        .send_from(address(from), visit_request("/signin/password", Some(&form), &cookies.join("; ")))
        .await;
    let cookies = [&cookies[..], &answer.cookies].concat();
    (answer, cookies)
}

#[tokio::test]
async fn lg_06_from_many_addresses_it_is_no_more_looked_at_anywhere_but_where_the_account_is_familiar() {
    let world = limited(|allowances| {
        allowances.wrong_passwords = times(5);
        allowances.wrong_passwords_of_all = times(12);
    })
    .await;
    let (signed_in, familiar) = types(&world, 500, PASSWORD, &[]).await;
    assert!(signed_in.text.contains("name=\"stay\""), "{signed_in:?}");
    let mut wrong = 0;
    for n in 0..40 {
        let account = format!("user{n}@contoso.test");
        let answer = tries(&world, n % 20, &account, "Summer-2026!").await;
        wrong += u32::from(answer.refusal() == 50126);
    }
    assert_eq!(wrong, 12);
    assert_eq!(world.on_record(Activity::PasswordsSprayed).await.len(), 1);
    // A browser that nobody knows is told to wait, on a page; alice's own goes on, right or wrong.
    let (strange, _) = types(&world, 600, PASSWORD, &[]).await;
    assert!(strange.wait() <= 600 && strange.text.contains("AADSTS90055"), "{strange:?}");
    let (mistyped, _) = types(&world, 500, "mistyped", &familiar).await;
    assert!(mistyped.text.contains("role=\"alert\"") && mistyped.is_ok(), "{mistyped:?}");
    let (again, _) = types(&world, 500, PASSWORD, &familiar).await;
    assert!(again.text.contains("name=\"stay\""), "{again:?}");
}

#[tokio::test]
async fn lg_06_what_trips_at_a_name_of_no_organisation_is_on_record_when_it_meets_one() {
    let world = limited(|allowances| allowances.wrong_passwords = times(1)).await;
    for account in ["a@nowhere.test", "b@nowhere.test", "no name at all"] {
        tries(&world, 1, account, "Summer-2026!").await;
    }
    assert!(world.on_record(Activity::PasswordsSprayed).await.is_empty());
    for person in &PEOPLE {
        tries(&world, 1, person.upn, "Summer-2026!").await;
    }
    assert_eq!(world.on_record(Activity::PasswordsSprayed).await.len(), 1);
}
