//! The token endpoint (RFC 6749 §3.2): `POST /{tenant}/oauth2/v2.0/token`, `POST /{tenant}/oauth2/token`.
//!
//! 1. which directory?   2. what is asked?   3. who asks?   4. by what right?   5. mint   6. remember   7. answer
//!
//! The steps belong to the endpoint, so no grant can forget one. A grant is one file in [`grants`] and answers the
//! fourth question only, if the organisation lets it.

mod answer;
mod assertion_failure;
mod capabilities;
mod client_auth;
mod error;
mod federation;
pub mod grants;
mod person;
mod request;
mod secret;

use axum::body::Body;
use axum::extract::{Path, Request, State};
use http::header::AUTHORIZATION;
use http::{Method, Response};
use idp_domain::applications::Client;
use idp_domain::audit::{Activity, AuditEvent};
use idp_domain::changes::{Change, Changes, Conflict, SpentKind};
use idp_domain::directory::Account;
use idp_domain::policies::FlowBlocked;
use idp_domain::sessions::SignedIn;
use idp_domain::store::CommitError;
use idp_domain::tenant::{Directory, Tenant};
use idp_domain::tokens::{Granted, issue};
use idp_web::request::RequestInfo;
use idp_web::state::{App, Shared};
use idp_web::{accounts, answer as web, body, cors, directory};
use vestibule_wire::ids::{TenantId, UserId};

use crate::delegation::{self, Asked, DelegationRefusal};
use crate::dialect::Dialect;
use answer::Refused;
pub use error::TokenError;
pub use person::PersonRefusal;
use request::TokenRequest;

/// What a grant decides: the proof, what must be remembered with it, and what a replay of a single-use thing means.
pub struct Right {
    /// What may be issued.
    pub granted: Granted,
    /// What comes true together with issuing it.
    pub changes: Changes,
    /// The refusal if what the request presents was spent before.
    pub if_spent: Option<Refusal>,
}

/// A refusal, with what must be remembered of it.
pub struct Refusal {
    /// Why.
    pub error: TokenError,
    /// What comes true although nothing is issued.
    pub remember: Changes,
}

impl<E: Into<TokenError>> From<E> for Refusal {
    fn from(error: E) -> Self {
        Self { error: error.into(), remember: Changes::none() }
    }
}

/// What the steps of one exchange share.
pub(crate) struct Exchange<'a> {
    app: &'a App,
    info: &'a RequestInfo,
    tenant: Tenant,
    /// The tenant was named by the path, not by what was presented.
    tenant_in_path: bool,
    client: Client,
    /// The request came across origins.
    cross_origin: bool,
    /// What the client's program says it can do.
    capabilities: &'a [String],
    dialect: Dialect,
}

impl Exchange<'_> {
    /// What the client may have on behalf of a person, in the manner of this exchange.
    async fn delegate(&self, signed_in: SignedIn, asked: Asked) -> Result<Granted, DelegationRefusal> {
        let granted = delegation::grant(self.app, &self.tenant, &self.client, signed_in, asked).await?;
        Ok(granted.capable_of(self.capabilities.to_vec()).with_id_token_in(self.dialect.form()))
    }

    /// The person, as they are now. Whoever presents what they were given once hears that the account is gone.
    async fn person(&self, id: UserId) -> Result<Account, TokenError> {
        self.person_of(self.tenant.id, id).await
    }

    /// The same, of the tenant of a sign-in that is continued in another.
    async fn person_of(&self, tenant: TenantId, id: UserId) -> Result<Account, TokenError> {
        let account = accounts::find(self.app, tenant, id).await?;
        account.ok_or_else(|| PersonRefusal::not_found(&self.tenant).into())
    }

    /// Something that happened in this exchange, for the record.
    fn event(&self, activity: Activity) -> AuditEvent {
        AuditEvent {
            client: Some(self.client.registration().client_id()),
            address: self.info.address,
            correlation_id: Some(self.info.reference.correlation_id),
            ..AuditEvent::new(activity, self.tenant.id, self.info.now(), &*self.app.random)
        }
    }
}

/// `POST /{tenant}/oauth2/v2.0/token`, `POST /{tenant}/oauth2/token`
pub async fn post(
    State(app): State<Shared>,
    Path(segment): Path<String>,
    dialect: Dialect,
    info: RequestInfo,
    request: Request,
) -> Response<Body> {
    let tried_header = request.headers().contains_key(AUTHORIZATION);
    let outcome = exchange(&app, dialect, &segment, &info, request).await;
    answer::write(&app, dialect, &info, outcome, tried_header)
}

/// A preflight for single-page applications.
pub async fn options(info: RequestInfo) -> Response<Body> {
    cors::preflight("POST, OPTIONS", info.origin.as_deref())
}

/// Any other method. Secrets in a query are never looked at (CD-18).
pub async fn other(State(app): State<Shared>, method: Method, info: RequestInfo) -> Response<Body> {
    web::method_not_allowed(&app, &method, "POST, OPTIONS", &info)
}

/// How often a decision is made again because what it was decided on changed meanwhile.
const TRIES: usize = 3;

async fn exchange(
    app: &App,
    dialect: Dialect,
    segment: &str,
    info: &RequestInfo,
    request: Request,
) -> answer::Outcome {
    let (parts, body) = request.into_parts();
    // 1. Which directory?
    let mut directory = directory::resolve(&*app.store, segment).await?;
    // 2. What is asked?
    let form = body::read_form(&parts, body).await?;
    let asked = TokenRequest::parse(dialect, &parts.headers, &form)?;
    // 3. to 7., on what is so now.
    for _ in 0..TRIES {
        match attempt(app, info, &directory, &asked).await? {
            Attempt::Answered(answer) => return Ok(*answer),
            Attempt::OutOfDate(conflict) => tracing::debug!(%conflict, "deciding again"),
        }
        directory = directory::resolve(&*app.store, segment).await?;
    }
    Err(TokenError::Busy.into())
}

/// What comes of deciding once.
enum Attempt {
    Answered(Box<answer::Answer>),
    /// Something it was decided on changed before it could be remembered.
    OutOfDate(Conflict),
}

async fn attempt(
    app: &App,
    info: &RequestInfo,
    directory: &Directory,
    asked: &TokenRequest,
) -> Result<Attempt, Refused> {
    // 3. Who asks?
    let tenant = asked.grant.tenant(app, directory).await?;
    let client =
        match client_auth::identify(app, info, &tenant, directory, asked.client_id, &asked.presented).await {
            Ok(client) => client,
            Err(error @ TokenError::ClientNotFound { .. }) => {
                return Err(asked.grant.of_a_stranger(app, directory, error).await.into());
            }
            Err(error) => return Err(error.into()),
        };
    let tenant_in_path = directory.tenant().is_some();
    let exchange = Exchange {
        app,
        info,
        tenant,
        tenant_in_path,
        client,
        cross_origin: info.origin.is_some(),
        capabilities: &asked.capabilities,
        dialect: asked.dialect,
    };
    match decide(&exchange, asked).await {
        Ok(attempt) => Ok(attempt),
        Err(error) => Err(Refused::to(&exchange, error)),
    }
}

async fn decide(exchange: &Exchange<'_>, asked: &TokenRequest) -> Result<Attempt, TokenError> {
    let Exchange { app, info, .. } = exchange;
    // Not too often? Of clients that have proved who they are: anybody could use up what the others have.
    if let Client::Confidential(_) = exchange.client {
        app.limits.tokens_by_client(asked.client_id)?;
    }
    // 4. By what right? Where the organisation has none of it, no grant is asked (RO-02).
    let permitted = asked.grant.flow().map_or(Ok(()), |flow| exchange.tenant.flows.decide(flow, None));
    let decided = match permitted {
        Ok(()) => asked.grant.decide(exchange).await,
        Err(blocked) => Err(TokenError::Blocked(blocked).into()),
    };
    let right = match decided {
        Ok(right) => right,
        Err(refusal) => return Err(remember(app, recorded(exchange, refusal)).await),
    };
    // 5. Mint.
    let mut issued = issue(&app.mint(), right.granted, info.now())?;
    // 6. Remember: single use, audit and the revisions all this was decided on, in one commit.
    let guards = std::mem::take(&mut issued.guards);
    let proof = exchange.client.changes();
    match app.store.commit(right.changes.with(proof).with(guards)).await {
        // 7. Answer.
        Ok(()) => Ok(Attempt::Answered(Box::new(answer::Answer::new(exchange, asked, issued)?))),
        Err(CommitError::Conflict(Conflict::AlreadySpent(SpentKind::ClientAssertion))) => {
            Err(remember(app, client_auth::replayed(exchange, &asked.presented)).await)
        }
        Err(CommitError::Conflict(Conflict::AlreadySpent(_) | Conflict::DeviceMoved)) => {
            let unexplained = || TokenError::GrantInvalid(asked.grant.parameter()).into();
            Err(remember(app, right.if_spent.unwrap_or_else(unexplained)).await)
        }
        Err(CommitError::Conflict(Conflict::FamilyMoved)) => {
            Err(TokenError::GrantInvalid(asked.grant.parameter()))
        }
        Err(CommitError::Conflict(conflict)) => Ok(Attempt::OutOfDate(conflict)),
        Err(CommitError::Unavailable(cause)) => Err(cause.into()),
    }
}

/// What an organisation forbids, it is told of, whichever step found it (DC-10).
fn recorded(exchange: &Exchange<'_>, mut refusal: Refusal) -> Refusal {
    if let TokenError::Blocked(FlowBlocked { user, .. }) = refusal.error {
        let event = AuditEvent { user, ..exchange.event(Activity::FlowBlocked) };
        refusal.remember.add(Change::RecordAudit(event));
    }
    refusal
}

/// Makes what a refusal must remember come true. If the store cannot, nobody is told "remembered": the answer is "busy".
async fn remember(app: &App, refusal: Refusal) -> TokenError {
    if refusal.remember.is_empty() {
        return refusal.error;
    }
    match app.store.commit(refusal.remember).await {
        Ok(()) => refusal.error,
        Err(cause) => {
            tracing::error!(%cause, "a refusal could not be remembered");
            TokenError::Busy
        }
    }
}
