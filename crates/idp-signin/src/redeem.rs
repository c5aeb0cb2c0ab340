//! Following the link of an invitation: `GET /{tenant}/redeem?rd=…`, and the way back.
//!
//! 1. which invitation?   2. who signs in, and accepts on the way?   3. on to where the inviter said
//!
//! No protocol waits at the end of it. Who comes without the link, by an application of the tenant, accepts there.

use axum::body::Body;
use axum::extract::{Path, RawQuery, State};
use http::{HeaderMap, Response};
use idp_domain::directory::{External, InvitationLink, User};
use idp_domain::tenant::Tenant;
use idp_web::pages::HttpAddress;
use idp_web::request::RequestInfo;
use idp_web::show::{self, Context, Languages};
use idp_web::state::{App, Shared};
use idp_web::{answer, directory};
use vestibule_wire::aadsts::{Aadsts, Failure};
use vestibule_wire::form::Form;
use vestibule_wire::ids::ClientId;

use crate::begin::{Begun, begin};
use crate::conversation::SignInRequest;
use crate::finish::finish;
use crate::refusal::{FlowRefusal, refused};

/// The handle of the link.
const RD: &str = "rd";

/// `GET /{tenant}/redeem`
pub(crate) async fn get(
    State(app): State<Shared>,
    Path(segment): Path<String>,
    RawQuery(query): RawQuery,
    info: RequestInfo,
    headers: HeaderMap,
) -> Response<Body> {
    let form = Form::parse(query.as_deref().unwrap_or_default().as_bytes()).unwrap_or_default();
    let languages = Languages::of(&form);
    let refuse = |failure| {
        let context = Context { languages: languages.clone(), ..Context::default() };
        show::error(&app, &info, &failure, context)
    };
    // 1. Which invitation?
    let (tenant, user, link) = match invitation(&app, &segment, &form).await {
        Ok(found) => found,
        Err(failure) => return refuse(failure),
    };
    // 2. Who signs in?
    match begin(&app, &info, &headers, wanted(&segment, &tenant, &user, &link, &languages)).await {
        Ok(Begun::Page(page)) => page,
        // Somebody who accepted before.
        Ok(Begun::SignedIn(_)) => answer::see_other(&link.redirect),
        Ok(Begun::InteractionNeeded(_)) => refuse(Aadsts::RequestMalformed.bare()),
        Err(cause) => refused(&app, &info, FlowRefusal::from(cause)),
    }
}

/// `GET /{tenant}/redeem/resume`
pub(crate) async fn resume(
    State(app): State<Shared>,
    RawQuery(query): RawQuery,
    info: RequestInfo,
    headers: HeaderMap,
) -> Response<Body> {
    let form = Form::parse(query.as_deref().unwrap_or_default().as_bytes()).unwrap_or_default();
    match finish(&app, &info, &headers, form.get(crate::guard::CTX)).await {
        // 3. On to where the inviter said.
        Ok(finished) => answer::see_other(&finished.state),
        Err(turned) => turned.page(&app, &info),
    }
}

/// The invitation of a link, if it stands: the account is there, and nobody was put in its place.
async fn invitation(
    app: &App,
    segment: &str,
    form: &Form,
) -> Result<(Tenant, User, InvitationLink), Failure> {
    let directory = directory::resolve(&*app.store, segment).await.map_err(|refusal| refusal.failure())?;
    let unknown = || Aadsts::ParameterInvalid.with([("name", RD)]);
    let link = form.get(RD).and_then(|handle| InvitationLink::open(handle, &app.sealer));
    let link = link.ok_or_else(unknown)?;
    let tenant = directory.tenant().filter(|tenant| tenant.id == link.tenant).ok_or_else(unknown)?;
    let user =
        app.store.user(link.tenant, link.user).await.map_err(|cause| FlowRefusal::from(cause).failure())?;
    let user = user.filter(|user| user.external.is_some()).ok_or_else(unknown)?;
    Ok((tenant.clone(), user, link))
}

fn wanted(
    segment: &str,
    tenant: &Tenant,
    user: &User,
    link: &InvitationLink,
    languages: &Languages,
) -> SignInRequest {
    let account_hint = match &user.external {
        Some(External::Invited(name)) => Some(name.to_string()),
        _ => None,
    };
    let ends_at = HttpAddress::parse(&link.redirect).map(|address| address.origin().to_owned());
    let here = format!("/{}/redeem", segment.to_ascii_lowercase());
    SignInRequest {
        tenant: Some(tenant.id),
        organisation: Some(tenant.display_name.clone()),
        account_hint,
        languages: languages.clone(),
        ends_at: ends_at.unwrap_or_default(),
        resume: format!("{here}/resume"),
        state: link.redirect.clone(),
        ..SignInRequest::by(ClientId::MY_APPS, &tenant.display_name)
    }
}
