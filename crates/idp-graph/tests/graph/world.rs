//! A server in the test's hand: two organisations, their people, a store in memory, and tokens for whoever a test wants to
//! be, with whichever permissions.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use axum::Router;
use axum::body::Body;
use http::{HeaderMap, Method, Request, StatusCode};
use http_body_util::BodyExt as _;
use idp_domain::applications::{Application, Registration, ServicePrincipal, microsoft_graph};
use idp_domain::audit::AuditEvent;
use idp_domain::changes::{Change, Changes};
use idp_domain::clock::Clock;
use idp_domain::credentials::PasswordHash;
use idp_domain::directory::{Profile, Upn, User, UserType, role};
use idp_domain::keys::{KeyRing, KeyStage, StoredKey};
use idp_domain::policies::FlowPolicy;
use idp_domain::randomness::Randomness;
use idp_domain::sealed::{MasterKey, Sealer};
use idp_domain::secret::Secret;
use idp_domain::store::Store as _;
use idp_domain::tenant::{CompatProfile, Tenant, UserConsent};
use idp_domain::tokens::AccessTokenLifetime;
use idp_store::SqlStore;
use idp_web::back_channel::BackChannel;
use idp_web::graph_address::GraphAddress;
use idp_web::limits::{Addresses, Allowances, Limits};
use idp_web::outbound::{IssuerKeys, Outbound, Reach};
use idp_web::passwords::PasswordPool;
use idp_web::path::OneForm;
use idp_web::state::{App, Origin, Shared};
use jiff::Timestamp;
use serde_json::{Value, json};
use tower::ServiceExt as _;
use uuid::Uuid;
use vestibule_jose::TokenHeader;
use vestibule_wire::ids::{ApplicationId, ClientId, ServicePrincipalId, TenantId, UserId};

pub(crate) const ORIGIN: &str = "https://login.example.test";
pub(crate) const CONTOSO: TenantId = TenantId::from_u128(0xc0_0000);
pub(crate) const FABRIKAM: TenantId = TenantId::from_u128(0xfa_0000);
/// The application that people use.
pub(crate) const PORTAL: ClientId = ClientId::from_u128(0x90a1);
pub(crate) const PORTAL_PRINCIPAL: ServicePrincipalId = ServicePrincipalId::from_u128(0x90a2);
pub(crate) const PASSWORD: &str = "Correct-Horse-7";
const START: i64 = 1_800_000_000;

/// A person: name, roles, and whether they are a guest.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Person {
    pub(crate) id: UserId,
    pub(crate) upn: &'static str,
    pub(crate) roles: &'static [Uuid],
    pub(crate) user_type: UserType,
}

const fn person(id: u128, upn: &'static str, roles: &'static [Uuid]) -> Person {
    Person { id: UserId::from_u128(id), upn, roles, user_type: UserType::Member }
}

/// Global Administrator of Contoso.
pub(crate) const ALICE: Person = person(0xa11ce, "alice@contoso.test", &[role::GLOBAL_ADMINISTRATOR]);
/// Another one.
pub(crate) const ADA: Person = person(0xada, "ada@contoso.test", &[role::GLOBAL_ADMINISTRATOR]);
/// A plain user of Contoso.
pub(crate) const BOB: Person = person(0xb0b, "bob@contoso.test", &[]);
/// Another one.
pub(crate) const BEN: Person = person(0xbe4, "ben@contoso.test", &[]);
/// Helpdesk Administrator of Contoso.
pub(crate) const HELEN: Person = person(0x4e1e4, "helen@contoso.test", &[role::HELPDESK_ADMINISTRATOR]);
/// User Administrator of Contoso.
pub(crate) const URSULA: Person = person(0x0a5, "ursula@contoso.test", &[role::USER_ADMINISTRATOR]);
/// Privileged Role Administrator of Contoso.
pub(crate) const PETER: Person =
    person(0x9e7e4, "peter@contoso.test", &[role::PRIVILEGED_ROLE_ADMINISTRATOR]);
/// A guest in Contoso.
pub(crate) const GRETA: Person =
    Person { user_type: UserType::Guest, ..person(0x94e7a, "greta@contoso.test", &[]) };
/// Global Administrator of Fabrikam.
pub(crate) const CAROL: Person = person(0xca401, "carol@fabrikam.test", &[role::GLOBAL_ADMINISTRATOR]);

const OF_CONTOSO: [Person; 8] = [ALICE, ADA, BOB, BEN, HELEN, URSULA, PETER, GRETA];

#[derive(Clone)]
struct MovedClock(Arc<AtomicI64>);

impl Clock for MovedClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_second(self.0.load(Ordering::SeqCst)).unwrap()
    }
}

/// Numbers in order: never the same twice, which is all that these tests need.
struct Numbers(AtomicU64);

impl Randomness for Numbers {
    fn fill(&self, buffer: &mut [u8]) {
        for chunk in buffer.chunks_mut(8) {
            let number = self.0.fetch_add(1, Ordering::SeqCst).wrapping_mul(0x9e37_79b9_7f4a_7c15);
            chunk.copy_from_slice(&number.to_le_bytes()[..chunk.len()]);
        }
    }
}

pub(crate) struct World {
    pub(crate) app: Shared,
    routes: OneForm<Router>,
    clock: MovedClock,
}

/// An answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
    pub(crate) json: Value,
}

/// A request, by somebody.
pub(crate) struct Asking<'w> {
    world: &'w World,
    token: String,
    version: &'static str,
    headers: Vec<(&'static str, String)>,
}

impl World {
    pub(crate) async fn new() -> Self {
        let master = MasterKey::new([7; 32]);
        let (sealer, clock) = (Sealer::new(&master), MovedClock(Arc::new(AtomicI64::new(START))));
        let random = Numbers(AtomicU64::new(1));
        let key = StoredKey::generate(KeyStage::Current, &sealer, clock.now(), &random).unwrap();
        let store = SqlStore::open_sqlite_in_memory().unwrap();
        store.commit(cast(clock.now())).await.unwrap();
        let told: Arc<dyn Clock> = Arc::new(clock.clone());
        let app = Arc::new(App {
            store: Arc::new(store),
            keys: KeyRing::open(&[key], &sealer).unwrap(),
            sealer,
            passwords: PasswordPool::start(std::num::NonZeroUsize::MIN).unwrap(),
            origin: Origin::parse(ORIGIN).unwrap(),
            graph: GraphAddress::under(&Origin::parse(ORIGIN).unwrap()),
            lifetime: AccessTokenLifetime::default(),
            issuers: IssuerKeys::new(Outbound::new(Reach::default(), b"").unwrap()),
            back_channel: BackChannel::new(Outbound::new(Reach::default(), b"").unwrap()),
            limits: Limits::allowing(&Allowances::none(), Addresses::Shared, &told),
            clock: Box::new(clock.clone()),
            random: Box::new(random),
        });
        let routes = OneForm(idp_graph::routes().with_state(Shared::clone(&app)));
        Self { app, routes, clock }
    }

    /// Time passes.
    pub(crate) fn pass(&self, seconds: i64) {
        self.clock.0.fetch_add(seconds, Ordering::SeqCst);
    }

    /// A person, by way of the portal, with these delegated permissions.
    pub(crate) fn as_person(&self, tenant: TenantId, person: Person, scopes: &str) -> Asking<'_> {
        let now = self.clock.now().as_second();
        self.with_token(&json!({
            "aud": "00000003-0000-0000-c000-000000000000", "iss": format!("{ORIGIN}/{tenant}/"), "iat": now - 300,
            "nbf": now - 300, "exp": now + 3600, "appid": PORTAL, "oid": person.id, "sub": "s", "tid": tenant,
            "ver": "1.0", "scp": scopes,
        }))
    }

    /// With everything that the person may.
    pub(crate) fn of(&self, person: Person) -> Asking<'_> {
        self.as_person(CONTOSO, person, "Directory.AccessAsUser.All")
    }

    /// The portal alone, with these application permissions; a token in the v2.0 form.
    pub(crate) fn as_application(&self, permissions: &[&str]) -> Asking<'_> {
        let now = self.clock.now().as_second();
        self.with_token(&json!({
            "aud": format!("{ORIGIN}/graph"), "iss": format!("{ORIGIN}/{CONTOSO}/v2.0"), "iat": now - 300,
            "nbf": now - 300, "exp": now + 3600, "azp": PORTAL, "oid": PORTAL_PRINCIPAL, "sub": "s", "tid": CONTOSO,
            "ver": "2.0", "roles": permissions,
        }))
    }

    pub(crate) fn with_token(&self, claims: &Value) -> Asking<'_> {
        let token = self.app.keys.current().sign(TokenHeader::KidOnly, claims).unwrap();
        Asking { world: self, token: format!("Bearer {token}"), version: "v1.0", headers: Vec::new() }
    }

    pub(crate) fn with_authorization(&self, header: &str) -> Asking<'_> {
        Asking { world: self, token: header.to_owned(), version: "v1.0", headers: Vec::new() }
    }

    /// What was recorded, the latest first.
    pub(crate) async fn recorded(&self) -> Vec<AuditEvent> {
        let all = idp_domain::audit::Activity::ALL;
        self.app.store.audit_events(CONTOSO, all, None, 100).await.unwrap()
    }

    /// Makes changes past Graph.
    pub(crate) async fn commit(&self, change: Change) {
        self.app.store.commit(Changes::one(change)).await.unwrap();
    }
}

impl Asking<'_> {
    pub(crate) fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// Under another version.
    pub(crate) fn version(self, version: &'static str) -> Self {
        Self { version, ..self }
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, None).await
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Answer {
        self.send(Method::POST, path, Some(body)).await
    }

    pub(crate) async fn patch(&self, path: &str, body: Value) -> Answer {
        self.send(Method::PATCH, path, Some(body)).await
    }

    pub(crate) async fn delete(&self, path: &str) -> Answer {
        self.send(Method::DELETE, path, None).await
    }

    pub(crate) async fn send(&self, method: Method, path: &str, body: Option<Value>) -> Answer {
        let body = body.map(|body| body.to_string());
        self.send_text(method, path, body.as_deref()).await
    }

    pub(crate) async fn send_text(&self, method: Method, path: &str, body: Option<&str>) -> Answer {
        // As clients write it: what may not stand in a URI is escaped.
        let path = path.replace(' ', "%20").replace('"', "%22");
        let mut request = Request::builder().method(method).uri(format!("/graph/{}{path}", self.version));
        if !self.token.is_empty() {
            request = request.header("authorization", &self.token);
        }
        for (name, value) in &self.headers {
            request = request.header(*name, value);
        }
        let has_type = self.headers.iter().any(|(name, _)| *name == "content-type");
        if body.is_some() && !has_type {
            request = request.header("content-type", "application/json");
        }
        let request =
            request.body(body.map_or_else(Body::empty, |body| Body::from(body.to_owned()))).unwrap();
        let response = self.world.routes.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.unwrap().to_bytes();
        let text = String::from_utf8(bytes.to_vec()).unwrap();
        let json = serde_json::from_str(&text).unwrap_or(Value::Null);
        Answer { status: parts.status, headers: parts.headers, text, json }
    }
}

impl Answer {
    #[track_caller]
    pub(crate) fn is(self, status: u16) -> Self {
        assert_eq!(self.status.as_u16(), status, "{}", self.text);
        self
    }

    /// Refused, with this code.
    #[track_caller]
    pub(crate) fn refused(self, status: u16, code: &str) -> Self {
        let answer = self.is(status);
        assert_eq!(answer.json["error"]["code"], code, "{}", answer.text);
        answer
    }

    /// Refused because the caller may not.
    #[track_caller]
    pub(crate) fn denied(self) -> Self {
        self.refused(403, "Authorization_RequestDenied")
    }

    /// There is no such object.
    #[track_caller]
    pub(crate) fn not_found(self) -> Self {
        self.refused(404, "Request_ResourceNotFound")
    }

    pub(crate) fn message(&self) -> &str {
        self.json["error"]["message"].as_str().unwrap_or_default()
    }

    /// One member of each object of a list.
    pub(crate) fn each(&self, member: &str) -> Vec<&str> {
        self.json["value"].as_array().unwrap().iter().map(|object| object[member].as_str().unwrap()).collect()
    }

    pub(crate) fn id(&self) -> String {
        self.json["id"].as_str().unwrap_or_else(|| panic!("{}", self.text)).to_owned()
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }
}

fn cast(now: Timestamp) -> Changes {
    let mut changes = Changes::none();
    for (id, name) in [(CONTOSO, "contoso"), (FABRIKAM, "fabrikam")] {
        changes.add(Change::CreateTenant(Box::new(Tenant {
            id,
            display_name: name.into(),
            default_domain: format!("{name}.test"),
            enabled: true,
            compat: CompatProfile::Entra,
            user_consent: UserConsent::default(),
            flows: FlowPolicy::ALLOWED,
            token_lifetime: None,
            created_at: now,
            revision: 1,
        })));
        changes.add(Change::AddDomain { tenant: id, domain: format!("{name}.test") });
    }
    let numbers = Numbers(AtomicU64::new(1_000_000));
    let password = PasswordHash::make(&Secret::new(PASSWORD), &numbers);
    for person in OF_CONTOSO {
        changes.add(Change::CreateUser(Box::new(user(CONTOSO, person, password.clone(), now))));
    }
    changes.add(Change::CreateUser(Box::new(user(FABRIKAM, CAROL, password, now))));
    let portal =
        Application::new(CONTOSO, ApplicationId::new(Uuid::from_u128(0x90a3)), PORTAL, "Portal".into());
    let graph = Arc::new(microsoft_graph());
    let portal = Arc::new(portal);
    changes.add(Change::CreateApplication(Box::new((*portal).clone())));
    for (tenant, id) in [(CONTOSO, PORTAL_PRINCIPAL), (FABRIKAM, ServicePrincipalId::from_u128(0x90a4))] {
        let principal = ServicePrincipal { revision: 1, ..ServicePrincipal::new(tenant, id, PORTAL, now) };
        let registration = Registration { principal, application: Arc::clone(&portal) };
        changes.add(Change::CreateServicePrincipal(Box::new(registration)));
    }
    let id = ServicePrincipalId::from_u128(0x64a);
    let principal = ServicePrincipal {
        revision: 1,
        ..ServicePrincipal::new(CONTOSO, id, ClientId::MICROSOFT_GRAPH, now)
    };
    let registration = Registration { principal, application: graph };
    changes.and(Change::CreateServicePrincipal(Box::new(registration)))
}

fn user(tenant: TenantId, person: Person, password: PasswordHash, now: Timestamp) -> User {
    let name = person.upn.split('@').next().unwrap_or_default();
    let mut display_name = name.to_owned();
    display_name[..1].make_ascii_uppercase();
    User {
        tenant,
        id: person.id,
        upn: Upn::parse(person.upn).unwrap(),
        display_name,
        given_name: None,
        surname: None,
        mail: Some(person.upn.into()),
        enabled: true,
        user_type: person.user_type,
        external: None,
        directory_roles: person.roles.to_vec(),
        password: Some(password),
        must_change_password: false,
        valid_from: now,
        created_at: now,
        profile: Profile::default(),
        revision: 1,
    }
}
