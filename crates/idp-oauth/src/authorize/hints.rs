//! The account that the application would like. A hint chooses among those who are signed in, or fills in a name; it proves
//! nothing, and one that cannot be read is passed over (AZ-39, AZ-40).

use idp_domain::store::Unavailable;
use idp_domain::tokens::LoginHint;
use idp_web::request::RequestInfo;
use idp_web::state::App;
use vestibule_wire::form::Form;
use vestibule_wire::ids::{ClientId, SessionId, TenantId, UserId};
use vestibule_wire::oauth::param;

use crate::id_token_hint::IdTokenHint;

/// The account the application would like.
#[derive(Debug, Default)]
pub(super) struct Hints {
    /// By its name (`login_hint`).
    pub(super) account: Option<String>,
    /// By an ID token of ours (`id_token_hint`, or the `login_hint` claim of one).
    pub(super) user: Option<UserId>,
    /// By its session (`sid`, or that of an ID token whose session is over).
    pub(super) session: Option<SessionId>,
    /// By its organisation (`domain_hint`): one of ours.
    pub(super) organisation: Option<TenantId>,
}

/// Reads the hints of a request of this client.
pub(super) async fn read(
    app: &App,
    info: &RequestInfo,
    form: &Form,
    client: ClientId,
) -> Result<Hints, Unavailable> {
    let mut hints = Hints {
        session: form.get(param::SID).and_then(|text| text.parse().ok()),
        organisation: organisation(app, form).await?,
        ..Hints::default()
    };
    match form.get(param::LOGIN_HINT).filter(|hint| hint.len() <= 2048) {
        Some(name) if name.contains('@') => hints.account = Some(name.chars().take(113).collect()),
        Some(opaque) => hints.user = LoginHint::open(opaque, &app.sealer).map(|hint| hint.user),
        None => {}
    }
    let by_token = form.get(param::ID_TOKEN_HINT).and_then(|token| IdTokenHint::read(app, info, token));
    // A token of one application does not speak for another.
    if let Some(hint) = by_token.filter(|hint| hint.client == client) {
        match app.store.session(hint.tenant, hint.session).await? {
            Some(session) => hints.user = Some(session.user),
            None => hints.session = Some(hint.session),
        }
    }
    Ok(hints)
}

/// A domain of one of our tenants. `organizations` and `consumers` say what the path says better.
async fn organisation(app: &App, form: &Form) -> Result<Option<TenantId>, Unavailable> {
    let Some(domain) = form.get(param::DOMAIN_HINT).filter(|domain| domain.contains('.')) else {
        return Ok(None);
    };
    Ok(app.store.tenant_of_domain(domain).await?.map(|tenant| tenant.id))
}
