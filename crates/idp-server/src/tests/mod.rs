//! Tests on a moved clock: the whole router, in process, on a store in memory, with the time in the test's hand. What
//! they say is about hours and months; everything else is said in `spec/`, over HTTP.

mod assertions;
mod assignment;
mod back_channel;
mod claims;
mod client_families;
mod device_code;
mod flow_policy;
mod lifetimes;
mod limits;
mod new_password;
mod refresh;
mod revocation;
mod sweep;

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use axum::Router;
use axum::body::Body;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::header::{CONTENT_TYPE, COOKIE, LOCATION, ORIGIN, SET_COOKIE};
use http::{HeaderMap, Request, Response, StatusCode};
use http_body_util::BodyExt as _;
use idp_domain::changes::{Change, Changes};
use idp_domain::clock::Clock;
use idp_domain::keys::{KeyRing, KeyStage, StoredKey};
use idp_domain::randomness::Randomness;
use idp_domain::sealed::{MasterKey, Sealer};
use idp_domain::sessions::{BrowserKey, Facts, Session};
use idp_domain::store::Store as _;
use idp_domain::tenant::CompatProfile;
use idp_domain::tokens::AccessTokenLifetime;
use idp_store::SqlStore;
use idp_web::back_channel::BackChannel;
use idp_web::graph_address::{GraphAddress, OwnHost};
use idp_web::limits::{Addresses, Allowances, Limits};
use idp_web::outbound::{IssuerKeys, Outbound, Reach};
use idp_web::passwords::PasswordPool;
use idp_web::path::OneForm;
use idp_web::state::{App, Origin, Shared};
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use tower::ServiceExt as _;
use vestibule_wire::form;
use vestibule_wire::ids::{SessionId, TenantId};

use crate::development::cast::{CONTOSO, PEOPLE, PROGRAMS, Person, Program};
use crate::development::seed;
use crate::router;
use crate::world::SystemRandomness;

/// RFC 7636 appendix B.
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
const START: i64 = 1_800_000_000;

/// A clock that stands still until it is moved.
#[derive(Clone)]
struct MovedClock(Arc<AtomicI64>);

impl Clock for MovedClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_second(self.0.load(Ordering::SeqCst)).unwrap()
    }
}

/// A server in the test's hand.
pub(super) struct World {
    app: Shared,
    routes: OneForm<OwnHost<Router>>,
    clock: MovedClock,
    browser: BrowserKey,
}

/// An answer, taken in.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) location: Option<String>,
    pub(super) body: Value,
    pub(super) text: String,
    /// `name=value` of the cookies it sets.
    pub(super) cookies: Vec<String>,
    pub(super) headers: HeaderMap,
}

impl World {
    /// A server with the cast, alice signed in in the one browser there is. Everything may be done as often as anybody
    /// likes.
    pub(super) async fn new(compat: CompatProfile) -> Self {
        Self::allowing(&Allowances::none(), compat).await
    }

    /// The same, on which things may be done so often.
    pub(super) async fn allowing(allowances: &Allowances, compat: CompatProfile) -> Self {
        let clock = MovedClock(Arc::new(AtomicI64::new(START)));
        let master = MasterKey::new([7; 32]);
        let sealer = Sealer::new(&master);
        let store = SqlStore::open_sqlite_in_memory().unwrap();
        let keys = [StoredKey::generate(KeyStage::Current, &sealer, clock.now(), &SystemRandomness).unwrap()];
        let cast = seed::cast(&sealer, clock.now()).unwrap();
        store.commit(cast.iter().cloned().map(|change| with_compat(change, compat)).collect()).await.unwrap();
        let told: Arc<dyn Clock> = Arc::new(clock.clone());
        let app = Arc::new(App {
            store: Arc::new(store),
            keys: KeyRing::open(&keys, &sealer).unwrap(),
            sealer,
            passwords: PasswordPool::start(std::num::NonZeroUsize::MIN).unwrap(),
            origin: Origin::parse("https://localhost:8443").unwrap(),
            graph: GraphAddress::under(&Origin::parse("https://localhost:8443").unwrap()),
            lifetime: AccessTokenLifetime::Fixed(3600),
            limits: Limits::allowing(allowances, Addresses::Apart, &told),
            issuers: IssuerKeys::new(Outbound::new(Reach::default(), b"").unwrap()),
            back_channel: BackChannel::new(Outbound::new(Reach::default(), b"").unwrap()),
            clock: Box::new(clock.clone()),
            random: Box::new(SystemRandomness),
        });
        let routes = router::router(Arc::clone(&app));
        let browser = BrowserKey::random(&SystemRandomness);
        let world = Self { app, routes, clock, browser };
        world.sign_in(alice(), false).await;
        world
    }

    /// Begins a session, as the password page does.
    pub(super) async fn sign_in(&self, person: &Person, persistent: bool) {
        let random: &dyn Randomness = &SystemRandomness;
        self.commit(Change::StartSession(Box::new(Session {
            tenant: person.tenant,
            id: SessionId::from_random(random.bytes()),
            user: person.id,
            browser: self.browser.hash(&self.app.sealer),
            facts: Facts::password_in_browser(self.now(), None),
            persistent,
            last_used: self.now(),
        })))
        .await;
    }

    pub(super) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Moves the clock, forwards or back.
    pub(super) fn pass(&self, time: SignedDuration) {
        self.clock.0.fetch_add(time.as_secs(), Ordering::SeqCst);
    }

    pub(super) async fn commit(&self, change: Change) {
        self.app.store.commit(Changes::one(change)).await.unwrap();
    }

    pub(super) async fn user(&self, person: &Person) -> idp_domain::directory::User {
        self.app.store.user(person.tenant, person.id).await.unwrap().unwrap()
    }

    pub(super) async fn tenant(&self, id: TenantId) -> idp_domain::tenant::Tenant {
        self.app.store.tenant(id).await.unwrap().unwrap()
    }

    /// Types this password for alice, in a browser of its own, and says what comes of it.
    pub(super) async fn type_password(&self, password: &str) -> Answer {
        let client = program("web").client_id().to_string();
        let query = form::encode([
            ("client_id", client.as_str()),
            ("response_type", "code"),
            ("redirect_uri", program("web").redirect_uris[0]),
            ("scope", "openid"),
            ("login_hint", alice().upn),
        ]);
        let page = self.visit(&format!("/contoso.test/oauth2/v2.0/authorize?{query}"), None, "").await;
        let form = [("ctx", &*page.ctx()), ("passwd", password)];
        self.visit("/signin/password", Some(&form), &page.cookies.join("; ")).await
    }

    /// Asks for a code silently; `more` is said in place of what is usual, or beyond it.
    pub(super) async fn authorize(&self, program: &Program, more: &[(&str, &str)]) -> Answer {
        let client = program.client_id().to_string();
        let mut query = vec![
            ("client_id", client.as_str()),
            ("response_type", "code"),
            ("redirect_uri", program.redirect_uris[0]),
            ("scope", "openid offline_access api://contoso-api/Tasks.Read"),
            ("prompt", "none"),
            ("code_challenge", CHALLENGE),
            ("code_challenge_method", "S256"),
        ];
        query.retain(|(name, _)| more.iter().all(|(other, _)| other != name));
        query.extend_from_slice(more);
        let cookie = self.session_cookie();
        let uri = format!("/contoso.test/oauth2/v2.0/authorize?{}", form::encode(query));
        self.send(Request::get(uri).header(COOKIE, cookie).body(Body::empty()).unwrap()).await
    }

    /// The cookie of the one browser.
    pub(super) fn session_cookie(&self) -> String {
        format!("__Host-idp.sso={}", URL_SAFE_NO_PAD.encode(self.browser.as_bytes()))
    }

    /// A code, which must be got.
    pub(super) async fn code(&self, program: &Program) -> String {
        let answer = self.authorize(program, &[]).await;
        answer.parameter("code").unwrap_or_else(|| panic!("no code: {answer:?}"))
    }

    pub(super) async fn redeem(&self, program: &Program, code: &str) -> Answer {
        let grant = [
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", program.redirect_uris[0]),
            ("code_verifier", VERIFIER),
        ];
        self.token(program, &grant).await
    }

    pub(super) async fn refresh(&self, program: &Program, token: &str) -> Answer {
        self.token(program, &[("grant_type", "refresh_token"), ("refresh_token", token)]).await
    }

    /// A refresh token, which must be got.
    pub(super) async fn refresh_token(&self, program: &Program) -> String {
        let answer = self.redeem(program, &self.code(program).await).await;
        answer.text("refresh_token")
    }

    /// A token request as this program sends it.
    pub(super) async fn token(&self, program: &Program, grant: &[(&str, &str)]) -> Answer {
        self.send(token_request(program, grant)).await
    }

    /// A page, or a form of one, with these cookies.
    pub(super) async fn visit(&self, path: &str, form: Option<&[(&str, &str)]>, cookies: &str) -> Answer {
        self.send(visit_request(path, form, cookies)).await
    }

    async fn send(&self, request: Request<Body>) -> Answer {
        let response: Response<Body> = self.routes.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.unwrap().to_bytes();
        Answer {
            status: parts.status,
            location: parts.headers.get(LOCATION).map(|value| value.to_str().unwrap().to_owned()),
            body: serde_json::from_slice(&bytes).unwrap_or_default(),
            text: String::from_utf8_lossy(&bytes).into_owned(),
            cookies: (parts.headers.get_all(SET_COOKIE).iter())
                .map(|line| line.to_str().unwrap().split(';').next().unwrap().to_owned())
                .collect(),
            headers: parts.headers,
        }
    }
}

/// A token request as this program sends it.
fn token_request(program: &Program, grant: &[(&str, &str)]) -> Request<Body> {
    let client = program.client_id().to_string();
    let mut body = vec![("client_id", client.as_str())];
    body.extend(program.secret.map(|secret| ("client_secret", secret)));
    body.extend_from_slice(grant);
    let mut request = Request::post("/contoso.test/oauth2/v2.0/token")
        .header(CONTENT_TYPE, "application/x-www-form-urlencoded");
    if program.kind == "spa" {
        request = request.header(ORIGIN, "http://localhost:3000");
    }
    request.body(Body::from(form::encode(body))).unwrap()
}

/// A page, or a form of one, with these cookies.
fn visit_request(path: &str, form: Option<&[(&str, &str)]>, cookies: &str) -> Request<Body> {
    let request = match form {
        None => Request::get(path).header(COOKIE, cookies).body(Body::empty()),
        Some(form) => Request::post(path)
            .header(COOKIE, cookies)
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(form::encode(form.iter().copied()))),
    };
    request.unwrap()
}

impl Answer {
    /// A parameter of the redirect.
    pub(super) fn parameter(&self, name: &str) -> Option<String> {
        let (_, query) = self.location.as_deref()?.split_once('?')?;
        form::Form::parse(query.as_bytes()).unwrap().get(name).map(str::to_owned)
    }

    pub(super) fn text(&self, member: &str) -> String {
        self.body[member].as_str().unwrap_or_else(|| panic!("no {member}: {self:?}")).to_owned()
    }

    /// The AADSTS number of a refusal in JSON.
    pub(super) fn refusal(&self) -> u64 {
        assert!(self.status.is_client_error(), "{self:?}");
        assert_eq!(self.body.get("access_token"), None);
        self.body["error_codes"][0].as_u64().unwrap()
    }

    /// The sealed state in the page.
    pub(super) fn ctx(&self) -> String {
        let (_, rest) = self.text.split_once(r#"name="ctx" value=""#).unwrap_or_else(|| panic!("{self:?}"));
        rest.split('"').next().unwrap().to_owned()
    }

    pub(super) fn is_ok(&self) -> bool {
        self.status == StatusCode::OK
    }
}

/// The cast, with tenants that take another position.
fn with_compat(change: Change, compat: CompatProfile) -> Change {
    match change {
        Change::CreateTenant(mut tenant) => {
            tenant.compat = compat;
            Change::CreateTenant(tenant)
        }
        other => other,
    }
}

pub(super) fn alice() -> &'static Person {
    PEOPLE.iter().find(|person| person.tenant == CONTOSO && person.administrator).unwrap()
}

/// The program with this name.
pub(super) fn named(name: &str) -> &'static Program {
    PROGRAMS.iter().find(|program| program.name == name).unwrap()
}

pub(super) fn program(kind: &str) -> &'static Program {
    PROGRAMS.iter().find(|program| program.kind == kind).unwrap()
}
