//! Smart lockout: wrong passwords lock an account for a while. On servers of their own: nobody else's account is locked.

use spec::browser::{Browser, authorize_at};
use spec::cast::{Person, bob, contoso, web};
use spec::page::Page;
use spec::server::Server;

use crate::flows::USUAL;

fn address() -> String {
    authorize_at(&contoso().id, &web().authorizes(USUAL).with("login_hint", bob().upn))
}

/// Tries a password in this browser; the page that answers.
async fn attempt(browser: &mut Browser, person: &Person, password: &str) -> Page {
    let request = web().authorizes(USUAL).with("login_hint", &person.upn).with("prompt", "login");
    let page = browser.open(&authorize_at(&contoso().id, &request)).await.page();
    let form = page.form_with("passwd").unwrap().filled("passwd", password);
    browser.submit(&page, &form).await.page()
}

fn said(page: &Page) -> String {
    page.text_of("#passwordError").unwrap_or_default()
}

async fn guesses(browser: &mut Browser, person: &Person, count: usize) -> String {
    let mut last = String::new();
    for n in 0..count {
        last = said(&attempt(browser, person, &format!("wrong password number {n}")).await);
    }
    last
}

#[tokio::test]
async fn lg_02_ten_wrong_passwords_lock_and_then_the_right_one_is_refused_too() {
    let server = Server::own();
    let mut browser = Browser::at(&server);
    let wrong = guesses(&mut browser, &bob(), 9).await;
    let tenth = guesses(&mut browser, &bob(), 1).await;
    assert!(!wrong.is_empty() && !tenth.is_empty());
    let mut browser = Browser::at(&server);
    guesses(&mut browser, &bob(), 10).await;
    let right = attempt(&mut browser, &bob(), &bob().password).await;
    assert!(right.form_with("passwd").is_some(), "{}", right.text());
    assert_eq!(browser.jar.get("__Host-idp.sso"), None);
}

#[tokio::test]
async fn lg_02_the_same_wrong_password_counts_once() {
    let server = Server::own();
    let mut browser = Browser::at(&server);
    for _ in 0..25 {
        attempt(&mut browser, &bob(), "the same wrong password").await;
    }
    let right = attempt(&mut browser, &bob(), &bob().password).await;
    assert!(right.form_with("stay").is_some(), "{}", right.text());
}

#[tokio::test]
async fn lg_03_guesses_at_once_are_not_worth_more_than_guesses_in_turn() {
    let server = Server::own();
    let guesses: Vec<_> = (0..40)
        .map(|n| {
            let mut browser = Browser::at(&server);
            tokio::spawn(async move {
                let page = browser.open(&address()).await.page();
                // One of them is right, and comes late.
                let password = if n == 39 { bob().password } else { format!("wrong password number {n}") };
                let form = page.form_with("passwd").unwrap().filled("passwd", &password);
                if n == 39 {
                    tokio::time::sleep(std::time::Duration::from_millis(1500)).await;
                }
                browser.submit(&page, &form).await.page().form_with("stay").is_some()
            })
        })
        .collect();
    let mut winners = 0;
    for guess in guesses {
        winners += usize::from(guess.await.unwrap());
    }
    assert_eq!(winners, 0, "after ten wrong ones the account is locked");
}

#[tokio::test]
async fn lg_05_a_stranger_cannot_lock_the_owner_out_of_a_familiar_browser() {
    let server = Server::own();
    let mut owner = Browser::at(&server);
    owner.sign_in(&bob(), &address()).await.returned();
    let mut stranger = Browser::at(&server);
    guesses(&mut stranger, &bob(), 12).await;
    let right = attempt(&mut stranger, &bob(), &bob().password).await;
    assert!(right.form_with("passwd").is_some(), "the stranger's browser is locked out: {}", right.text());
    let right = attempt(&mut owner, &bob(), &bob().password).await;
    assert!(right.form_with("stay").is_some(), "the owner's is not: {}", right.text());
}

#[tokio::test]
async fn lg_01_an_account_that_does_not_exist_reads_locked_like_one_that_does() {
    let server = Server::own();
    let nobody = Person { upn: "nobody@contoso.test".to_owned(), ..bob() };
    let locked = guesses(&mut Browser::at(&server), &bob(), 12).await;
    let unknown = guesses(&mut Browser::at(&server), &nobody, 12).await;
    assert_eq!(locked, unknown, "twelve guesses tell which accounts exist");
}

#[tokio::test]
async fn lg_07_a_forged_address_changes_nothing() {
    let server = Server::own();
    let mut browser = Browser::at(&server);
    for n in 0..12 {
        browser.headers = vec![
            ("x-forwarded-for".to_owned(), format!("203.0.113.{n}")),
            ("forwarded".to_owned(), "for=unparsable\"".to_owned()),
        ];
        attempt(&mut browser, &bob(), &format!("wrong password number {n}")).await;
    }
    let right = attempt(&mut browser, &bob(), &bob().password).await;
    assert!(right.form_with("passwd").is_some(), "{}", right.text());
}

/// A measurement: run it alone, on a machine that does nothing else.
#[tokio::test]
#[ignore = "a measurement, for a quiet machine"]
async fn lg_01_nobodys_password_takes_as_long_to_refuse_as_somebodys() {
    let server = Server::own();
    let dev = server.dev();
    let mut took = [Vec::new(), Vec::new()];
    for n in 0..9 {
        for person in &dev.users {
            let nobody = Person {
                upn: format!("nobody{n}@{}", person.upn.split('@').nth(1).unwrap()),
                ..person.clone()
            };
            for (kind, account) in [person, &nobody].into_iter().enumerate() {
                let mut browser = Browser::at(&server);
                let request = web().authorizes(USUAL).with("login_hint", &account.upn);
                let page = browser.open(&authorize_at(&contoso().id, &request)).await.page();
                let form =
                    page.form_with("passwd").unwrap().filled("passwd", &format!("wrong password number {n}"));
                let began = std::time::Instant::now();
                browser.submit(&page, &form).await.page();
                took[kind].push(began.elapsed());
            }
        }
    }
    let [somebody, nobody] = took.map(|mut times| {
        times.sort_unstable();
        times[times.len() / 2]
    });
    println!("somebody {somebody:?}, nobody {nobody:?}");
    let difference = somebody.abs_diff(nobody);
    assert!(
        difference * 20 < somebody.max(nobody),
        "more than 5 %: somebody {somebody:?}, nobody {nobody:?}"
    );
}
