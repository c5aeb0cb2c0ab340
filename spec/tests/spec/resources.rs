//! What anybody may use up without signing in: rows, threads, memory, places to wait. And what a race may not win.

use std::fs;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use http::Method;
use spec::answer::Answer;
use spec::browser::{Browser, authorize_at, browser};
use spec::cast::{TASKS_READ, alice, bob, carol, contoso, daemon, dave, native, saas, spa, web};
use spec::client::{Client, client};
use spec::page::{Page, PageForm};
use spec::raw::Raw;
use spec::server::Server;
use spec::tokens::Jwt;
use spec::world::{random_text, within};
use tokio::task::JoinSet;
use vestibule_wire::aadsts::Aadsts;

use crate::flows::{SignIn, USUAL, redeem, tokens_of};

const DISCOVERY: &str = "/common/v2.0/.well-known/openid-configuration";
const MIB: usize = 1024 * 1024;

fn address() -> String {
    authorize_at(&contoso().id, &web().authorizes(USUAL))
}

/// Memory of a process that is in use, in bytes. Linux tells; elsewhere it is nothing.
fn memory(process: u32) -> usize {
    let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.map_or(0, |line| line.trim().trim_end_matches("kB").trim().parse::<usize>().unwrap() * 1024)
}

/// The bytes of the tables, with those not yet written back. They change with every row.
fn tables(server: &Server) -> Vec<Vec<u8>> {
    let files = ["vestibule.db", "vestibule.db-wal"];
    files.map(|name| fs::read(server.data().join(name)).unwrap_or_default()).into()
}

#[tokio::test]
async fn tp_13_whoever_has_not_signed_in_leaves_no_row_behind() {
    let server = Server::own();
    let usual = Browser::at(&server);
    let before = tables(&server);
    let mut visitors = JoinSet::new();
    for _ in 0..6 {
        let usual = usual.clone();
        visitors.spawn(async move {
            for _ in 0..50 {
                usual.clone().open(&address()).await.page();
            }
            for n in 0..9 {
                let mut browser = usual.clone();
                let page = browser.open(&address()).await.page();
                let upn = if n % 2 == 0 { bob().upn } else { format!("nobody{n}@contoso.test") };
                let form = page.form_with("loginfmt").unwrap().filled("loginfmt", &upn);
                assert!(browser.submit(&page, &form).await.page().form_with("passwd").is_some());
            }
        });
    }
    visitors.join_all().await;
    let after = tables(&server);
    let sizes = |tables: &[Vec<u8>]| tables.iter().map(Vec::len).collect::<Vec<_>>();
    assert!(before == after, "something was written: {:?}, then {:?} bytes", sizes(&before), sizes(&after));
    // And what is written is seen: a sign-in is.
    Browser::at(&server).sign_in(&bob(), &address()).await.returned().code();
    assert!(tables(&server) != before);
}

/// A browser at the page for the password of an account, and the form with a wrong one.
async fn before_the_password(usual: &Browser, upn: &str) -> (Browser, PageForm) {
    let mut browser = usual.clone();
    let request = web().authorizes(USUAL).with("login_hint", upn);
    let page = browser.open(&authorize_at(&contoso().id, &request)).await.page();
    let form = page.form_with("passwd").unwrap().filled("passwd", "not the password of anybody");
    (browser, form)
}

/// The slowest discovery document, and the most memory, while something goes on.
async fn watched<T>(server: &Server, what: impl Future<Output = T>) -> (T, Duration, usize) {
    let (client, process) = (Client::of(server), server.process());
    client.get(DISCOVERY).await.is(200);
    let stop = Arc::new(AtomicBool::new(false));
    let told = Arc::clone(&stop);
    let watcher = tokio::spawn(async move {
        let (mut slowest, mut most) = (Duration::ZERO, 0);
        while !told.load(Ordering::Relaxed) {
            let began = Instant::now();
            client.get(DISCOVERY).await.is(200);
            slowest = slowest.max(began.elapsed());
            most = most.max(memory(process));
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        (slowest, most)
    });
    let outcome = what.await;
    stop.store(true, Ordering::Relaxed);
    let (slowest, most) = watcher.await.unwrap();
    (outcome, slowest, most)
}

/// A post of a storm: whether somebody has the account, what came back, and when.
struct Post {
    known: bool,
    answer: Answer,
    took: Duration,
}

/// So many wrong passwords in each of four connections, ready to be sent: one takes a hundred requests at a time.
async fn brewed(
    server: &Server,
    posts: usize,
    known: impl Fn(usize) -> bool,
) -> Vec<(bool, Browser, PageForm)> {
    let people = [alice(), bob(), carol(), dave()];
    let mut ready = Vec::new();
    for person in people {
        let usual = Browser::at(server);
        for n in 0..posts {
            let upn = if known(n) { person.upn.clone() } else { format!("nobody{n}-{}", person.upn) };
            let (browser, form) = before_the_password(&usual, &upn).await;
            ready.push((known(n), browser, form));
        }
    }
    ready
}

/// Sends them all at once.
async fn break_loose(ready: Vec<(bool, Browser, PageForm)>) -> Vec<Post> {
    let mut posts = JoinSet::new();
    for (known, mut browser, form) in ready {
        posts.spawn(async move {
            let began = Instant::now();
            let answer = browser.post(&form.action, &form.fields).await;
            Post { known, answer, took: began.elapsed() }
        });
    }
    posts.join_all().await
}

/// The answer says that the password is wrong, or to come back later.
#[track_caller]
fn is_wrong_or_busy(answer: &Answer) {
    let page = Page::of(answer);
    match answer.status.as_u16() {
        200 => assert!(page.has("#passwordError"), "{}", answer.shown()),
        503 => assert!(answer.header("retry-after").is_some(), "no Retry-After: {}", answer.shown()),
        _ => panic!("{}", answer.shown()),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lg_23_tp_11_a_storm_of_passwords_is_answered_and_holds_up_nobody_else() {
    let server = Server::own();
    let ready = brewed(&server, 30, |_| false).await;
    let (process, before) = (server.process(), memory(server.process()));
    let (posts, slowest, most) = watched(&server, break_loose(ready)).await;
    assert_eq!(posts.len(), 120);
    posts.iter().for_each(|post| is_wrong_or_busy(&post.answer));
    let longest = posts.iter().map(|post| post.took).max().unwrap();
    println!("posts {longest:?}, documents {slowest:?}, {} MiB and then {} MiB", before / MIB, most / MIB);
    assert!(longest < Duration::from_secs(15), "{longest:?}");
    assert!(slowest < Duration::from_secs(1), "the discovery document took {slowest:?}");
    assert!(most < 120 * MIB, "{} MiB", most / MIB);
    let given_back = || (memory(process) < before + 16 * MIB).then_some(());
    within(Duration::from_secs(5), "giving the memory back", given_back).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lg_01_lg_23_a_full_queue_does_not_tell_which_accounts_exist() {
    let server = Server::own();
    // More than the queue takes on two cores; with more cores nobody may have to wait.
    let posts = break_loose(brewed(&server, 50, |n| n % 24 == 23).await).await;
    posts.iter().for_each(|post| is_wrong_or_busy(&post.answer));
    let busy = |known: bool| {
        let some = posts.iter().filter(|post| post.known == known);
        some.filter(|post| post.answer.status == 503).count()
    };
    println!("told to wait: {} who exist, {} who do not", busy(true), busy(false));
    assert!(busy(true) == 0 || busy(false) > 0, "only accounts that exist were told to wait");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tp_07_two_thousand_languages_take_no_memory() {
    let server = Server::own();
    let client = Client::of(&server);
    let ask = async |from: usize, to: usize| {
        let mut tasks = JoinSet::new();
        for part in 0..8 {
            let client = client.clone();
            tasks.spawn(async move {
                for n in (from..to).filter(|n| n % 8 == part) {
                    let language = format!("x{n}-{},de;q=0.{}", random_text(), n % 10);
                    let request = web().authorizes(USUAL).with("ui_locales", format!("{} en", random_text()));
                    let request = client.request(Method::GET, &authorize_at(&contoso().id, &request));
                    request.header("accept-language", language).send().await.is(200);
                }
            });
        }
        tasks.join_all().await;
    };
    // What a server needs once it has been busy.
    ask(0, 400).await;
    let before = memory(server.process());
    ask(400, 2400).await;
    let after = memory(server.process());
    println!("{} KiB, then {} KiB", before / 1024, after / 1024);
    assert!(after < before + 8 * MIB, "{} KiB more", (after - before) / 1024);
}

#[tokio::test]
async fn tp_18_az_48_no_host_header_is_on_any_page_or_in_any_address() {
    let hostile = [
        ("host", "evil.example"),
        ("x-forwarded-host", "evil.example"),
        ("x-forwarded-server", "evil.example"),
        ("x-host", "evil.example"),
        ("x-original-host", "evil.example"),
        ("forwarded", "for=1.2.3.4;host=evil.example;proto=http"),
        ("x-forwarded-for", "evil.example"),
        ("via", "1.1 evil.example"),
    ];
    let mut browser = browser();
    browser.headers = hostile.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let mut answers = Vec::new();
    for path in [
        "/",
        "/error?code=50058",
        "/nothing",
        "/contoso.test/oauth2/v2.0/logout",
        "/nowhere.test/oauth2/v2.0/authorize",
        "/common/oauth2/v2.0/authorize",
        "/common/oauth2/nativeclient",
        "/common/discovery/v2.0/keys",
        "/common/discovery/instance?authorization_endpoint=https://localhost/common/oauth2/v2.0/authorize&api-version=1.1",
        "/common/userrealm/alice@contoso.test?api-version=1.0",
        "/oidc/userinfo",
    ] {
        answers.push(browser.get(path).await);
    }
    let form = daemon().for_itself("nothing");
    let mut request = client().token_request(&contoso().id, &form);
    for (name, value) in hostile {
        request = request.header(name, value);
    }
    answers.push(request.send().await);
    let first = browser.open(&address()).await.page();
    let form = first.form_with("loginfmt").unwrap().filled("loginfmt", &alice().upn);
    let second = browser.submit(&first, &form).await.page();
    let wrong = second.form_with("passwd").unwrap().filled("passwd", "not the password");
    let third = browser.submit(&second, &wrong).await.page();
    let right = third.form_with("passwd").unwrap().filled("passwd", &alice().password);
    let fourth = browser.submit(&third, &right).await.page();
    let stay = fourth.form_with("stay").unwrap().filled("stay", "yes");
    answers.push(browser.post(&stay.action, &stay.fields).await);
    answers.extend([first, second, third, fourth].map(|page| page.answer));
    answers.push(browser.get("/contoso.test/oauth2/v2.0/logout").await);
    for answer in answers {
        let all = format!("{:?} {}", answer.headers, answer.text());
        assert!(!all.contains("evil.example") && !all.contains("1.2.3.4"), "{}", answer.shown());
    }
}

#[tokio::test]
async fn az_24_each_id_token_has_the_nonce_of_its_own_request() {
    let client = client();
    for nonce in ["the same nonce", "the same nonce", "another"] {
        let request = |form: spec::form::Form| form.with("scope", USUAL).with("nonce", nonce);
        let sign_in = SignIn::with(browser(), &alice(), web(), request).await;
        let tokens = sign_in.tokens(&client, &contoso()).await;
        // Whether it was seen before is for the application to say.
        assert_eq!(Jwt::verified(&client, &contoso(), tokens.id()).await.claims.str("nonce"), nonce);
    }
}

#[tokio::test]
async fn az_23_without_a_nonce_no_id_token_comes_by_way_of_the_browser() {
    for asked in ["id_token", "code id_token", "id_token token"] {
        for mode in ["fragment", "form_post"] {
            let request = web().authorizes(USUAL).with("response_type", asked).with("response_mode", mode);
            let mut signed_in = browser();
            let returned = signed_in.sign_in(&bob(), &authorize_at(&contoso().id, &request)).await.returned();
            assert!(returned.has("error") && !returned.has("id_token"), "{asked}: {returned:?}");
        }
    }
}

#[tokio::test]
async fn az_37_an_iframe_without_cookies_is_told_that_somebody_must_sign_in() {
    for mode in ["query", "fragment", "form_post"] {
        let silent = web().authorizes(USUAL).with("prompt", "none").with("response_mode", mode);
        let request = browser().client().request(Method::GET, &authorize_at(&contoso().id, &silent));
        let request = request.header("sec-fetch-site", "cross-site").header("sec-fetch-dest", "iframe");
        let answer = request.send().await;
        answer.is(if mode == "form_post" { 200 } else { 302 }).is_hardened().is_not_stored();
        let returned = browser().follow(answer).await.returned();
        assert_eq!(returned.mode, mode);
        returned.refused(Aadsts::LoginRequired, &silent);
    }
}

#[tokio::test]
async fn rt_07_there_are_no_families_of_applications() {
    let client = client();
    let tokens = tokens_of(&alice(), native(), USUAL).await;
    assert!(tokens.json.get("foci").is_none(), "{:?}", tokens.json);
    for other in [web(), spa(), saas()] {
        for family in [None, Some("1")] {
            let form = other.refreshes(tokens.refresh());
            let form =
                family.map_or(form.clone(), |family| form.with("foci", family).with("family_id", family));
            let refusal = redeem(&client, &other, &contoso(), &form).await.is_a_refusal();
            assert_eq!(refusal.json.str("error"), "invalid_grant", "{}", other.kind);
        }
    }
    client.token(&contoso(), &native().refreshes(tokens.refresh())).await.tokens();
}

#[tokio::test]
async fn rt_17_a_client_that_lost_the_answer_asks_again() {
    let client = client();
    let tokens = tokens_of(&alice(), web(), USUAL).await;
    let body = web().refreshes(tokens.refresh()).encode();
    let head = format!(
        "POST /{}/oauth2/v2.0/token HTTP/1.1\r\nHost: localhost\r\nContent-Length: {}\r\n\
         Content-Type: application/x-www-form-urlencoded\r\n\r\n{body}",
        contoso().id,
        body.len()
    );
    for patience in [0, 5, 30, 200] {
        let mut raw = Raw::connect(Server::shared()).await;
        assert!(raw.send(&head).await);
        tokio::time::sleep(Duration::from_millis(patience)).await;
        drop(raw);
        client.token(&contoso(), &web().refreshes(tokens.refresh())).await.tokens();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rt_18_when_a_revocation_is_answered_no_refresh_that_begins_later_succeeds() {
    let client = client();
    for _ in 0..3 {
        let sign_in = SignIn::of(&alice(), web(), USUAL).await;
        let first = sign_in.tokens(&client, &contoso()).await.refresh().to_owned();
        let mut refreshers = JoinSet::new();
        for _ in 0..8 {
            let (client, mut token) = (client.clone(), first.clone());
            refreshers.spawn(async move {
                let mut last = Instant::now();
                for _ in 0..60 {
                    let began = Instant::now();
                    let answer = client.token(&contoso(), &web().refreshes(&token)).await;
                    if answer.status != 200 {
                        assert_eq!(answer.is_a_refusal().json.str("error"), "invalid_grant");
                        return (last, token);
                    }
                    token = answer.tokens().refresh().to_owned();
                    last = began;
                }
                panic!("nothing was revoked");
            });
        }
        tokio::time::sleep(Duration::from_millis(60)).await;
        // A code that comes a second time revokes all that it bought.
        client.token(&contoso(), &sign_in.redeems()).await.refused(Aadsts::CodeRedeemed);
        let revoked = Instant::now();
        for (last, token) in refreshers.join_all().await {
            assert!(last <= revoked, "a refresh succeeded that began {:?} too late", last - revoked);
            let answer = client.token(&contoso(), &web().refreshes(&token)).await;
            assert_eq!(answer.is_a_refusal().json.str("error"), "invalid_grant");
        }
    }
}

#[tokio::test]
async fn tp_09_numbers_without_end_are_refused_and_add_up_to_nothing() {
    let numbers = [
        "-1",
        "9223372036854775807",
        "9223372036854775808",
        "18446744073709551616",
        "1e400",
        "٣",
        "0x10",
        "1_0",
    ];
    for number in numbers {
        let request = web().authorizes(TASKS_READ).with("max_age", number);
        let answer = browser().get(&authorize_at(&contoso().id, &request)).await;
        assert!([200, 302].contains(&answer.status.as_u16()), "{number}: {}", answer.shown());
        let answer = client().get(&format!("/error?code={number}")).await;
        assert_eq!(answer.status, 404, "{number}");
    }
    for length in ["-1", "18446744073709551616", "99999999999999999999", "0x1", "1e3", "1,1"] {
        let mut raw = Raw::connect(Server::shared()).await;
        let head = format!(
            "POST /common/oauth2/v2.0/token HTTP/1.1\r\nHost: localhost\r\nContent-Length: {length}\r\n\r\n"
        );
        raw.send(head).await;
        let answer = raw.read(Duration::from_secs(2)).await;
        assert!(
            answer.statuses.iter().all(|status| (400..500).contains(status)),
            "{length}: {}",
            answer.text
        );
    }
}
