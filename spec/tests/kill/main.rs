//! Twenty-five hard kills under load (RF-01 in its short form): what was acknowledged is there afterwards, and no code
//! is redeemed twice, before or after (CD-04).
//!
//! Each round signs programs in through one browser's session, kills the server at a moment of its own, starts it again
//! on what lay on the disk, and asks about everything the clients were told.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use reqwest::{Certificate, StatusCode, redirect::Policy};
use spec::browser::{Browser, authorize_at};
use spec::cast::{Application, TASKS_READ, Tenant};
use spec::form::Form;
use spec::server::Server;
use tokio::task::JoinSet;

const ROUNDS: u64 = 25;
const WORKERS: usize = 8;

/// What a client knows of a code when the server is gone.
enum Known {
    /// It was redeemed: the answer arrived, with this refresh token.
    Redeemed { code: String, refresh: String },
    /// It was being redeemed: nobody knows.
    Unknown { code: String },
}

/// One program, and where it asks.
#[derive(Clone)]
struct Load {
    http: reqwest::Client,
    origin: String,
    cookies: String,
    web: Application,
    contoso: Tenant,
}

#[tokio::test(flavor = "multi_thread")]
async fn rf_01_twenty_five_kills_under_load_lose_no_acknowledged_write_and_redeem_no_code_twice() {
    let mut server = Server::own();
    let mut cookies = sign_in(&server).await;
    let (mut acknowledged, mut unknown) = (0, 0);
    for round in 0..ROUNDS {
        let load = Load::new(&server, &cookies);
        // Moments spread over the load, another one each round.
        let known = load.until_killed(Duration::from_millis(60 + round * 37 % 400), &server).await;
        server = server.killed_and_started_again();
        let after = Load::new(&server, &cookies);
        for knowledge in &known {
            match knowledge {
                Known::Redeemed { code, refresh } => {
                    acknowledged += 1;
                    // The acknowledged write is there: the family lives,
                    assert_eq!(
                        after.refreshes(refresh).await,
                        StatusCode::OK,
                        "round {round}: a family was lost"
                    );
                    // and so is the spent mark: the code is dead.
                    assert_eq!(
                        after.redeems(code).await,
                        StatusCode::BAD_REQUEST,
                        "round {round}: redeemed twice"
                    );
                }
                Known::Unknown { code } => {
                    unknown += 1;
                    let tries = [after.redeems(code).await, after.redeems(code).await];
                    assert_eq!(tries[1], StatusCode::BAD_REQUEST, "round {round}: redeemed twice");
                }
            }
        }
        // The session was acknowledged before the first kill.
        assert!(after.code().await.is_some(), "round {round}: the session was lost");
        cookies = after.cookies;
    }
    println!("{ROUNDS} kills, {acknowledged} acknowledged redemptions, {unknown} under way");
    assert!(acknowledged > ROUNDS * 5, "there was hardly any load: {acknowledged} redemptions");
}

/// Signs alice in by the pages, and stays with her cookies.
async fn sign_in(server: &Server) -> String {
    let alice = server.dev().users.iter().find(|person| person.upn.starts_with("alice")).unwrap().clone();
    let web = server.dev().applications.iter().find(|application| application.kind == "web").unwrap();
    let mut browser = Browser::at(server);
    browser.sign_in(&alice, &authorize_at(&alice.tenant, &web.authorizes(TASKS_READ))).await.returned();
    browser.jar.header().unwrap()
}

impl Load {
    fn new(server: &Server, cookies: &str) -> Self {
        let http = reqwest::Client::builder()
            .tls_certs_only([Certificate::from_pem(&server.ca()).unwrap()])
            .redirect(Policy::none())
            .resolve("localhost", server.address())
            .no_proxy()
            .timeout(Duration::from_secs(30))
            .build()
            .unwrap();
        let find = |kind: &str| server.dev().applications.iter().find(|a| a.kind == kind).unwrap().clone();
        let contoso = server.dev().tenants.iter().find(|tenant| tenant.domain == "contoso.test").unwrap();
        Self {
            http,
            origin: server.origin().to_owned(),
            cookies: cookies.to_owned(),
            web: find("web"),
            contoso: contoso.clone(),
        }
    }

    /// Loads the server from all sides until it is killed, and says what the clients know.
    async fn until_killed(&self, after: Duration, server: &Server) -> Vec<Known> {
        let over = Arc::new(AtomicBool::new(false));
        let mut workers = JoinSet::new();
        for _ in 0..WORKERS {
            let (load, over) = (self.clone(), Arc::clone(&over));
            workers.spawn(async move { load.redeem_until(&over).await });
        }
        tokio::time::sleep(after).await;
        server.kill();
        over.store(true, Ordering::SeqCst);
        workers.join_all().await.into_iter().flatten().collect()
    }

    async fn redeem_until(&self, over: &AtomicBool) -> Vec<Known> {
        let mut known = Vec::new();
        while !over.load(Ordering::SeqCst) {
            let Some(code) = self.code().await else { break };
            let answer = match self.token(&self.web.redeems(&code)).send().await {
                Ok(answer) if answer.status() == StatusCode::OK => answer.text().await,
                Ok(answer) => panic!("{}", answer.status()),
                Err(gone) => Err(gone),
            };
            known.push(match answer {
                Ok(text) => Known::Redeemed { code, refresh: member(&text, "refresh_token") },
                Err(_) => Known::Unknown { code },
            });
        }
        known
    }

    /// A code by the session, unless the server is gone.
    async fn code(&self) -> Option<String> {
        let request =
            self.web.authorizes(&format!("openid offline_access {TASKS_READ}")).with("prompt", "none");
        let address = format!("{}{}", self.origin, path(&authorize_at(&self.contoso.id, &request)));
        let answer = self.http.get(address).header("cookie", &self.cookies).send().await.ok()?;
        let location = answer.headers().get("location")?.to_str().unwrap().to_owned();
        let (_, query) = location.split_once('?')?;
        Form::decode(query).get("code").map(str::to_owned)
    }

    async fn redeems(&self, code: &str) -> StatusCode {
        self.token(&self.web.redeems(code)).send().await.unwrap().status()
    }

    async fn refreshes(&self, token: &str) -> StatusCode {
        self.token(&self.web.refreshes(token)).send().await.unwrap().status()
    }

    fn token(&self, form: &Form) -> reqwest::RequestBuilder {
        let address = format!("{}/{}/oauth2/v2.0/token", self.origin, self.contoso.id);
        self.http
            .post(address)
            .header("content-type", "application/x-www-form-urlencoded")
            .body(form.encode())
    }
}

/// The path of an address on our origin.
fn path(address: &str) -> &str {
    match address.strip_prefix("https://") {
        Some(rest) => &rest[rest.find('/').unwrap()..],
        None => address,
    }
}

fn member(json: &str, name: &str) -> String {
    let object: serde_json::Value = serde_json::from_str(json).unwrap();
    object[name].as_str().unwrap().to_owned()
}
