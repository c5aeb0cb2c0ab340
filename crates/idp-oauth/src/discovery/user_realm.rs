//! `GET /common/userrealm/{upn}?api-version=1.0`: how the accounts of a domain sign in.
//!
//! Answers by the domain alone, so that nobody learns from it which accounts exist (LG-01).

use axum::body::Body;
use axum::extract::{Path, State};
use http::Response;
use idp_domain::directory::Upn;
use idp_web::request::RequestInfo;
use idp_web::state::{App, Shared};
use vestibule_wire::aadsts::{Aadsts, Failure};
use vestibule_wire::discovery::{CLOUD_AUDIENCE, UserRealm};

/// The document.
pub async fn get(
    State(app): State<Shared>,
    Path((_, upn)): Path<(String, String)>,
    info: RequestInfo,
) -> Response<Body> {
    let Ok(upn) = Upn::parse(&upn) else {
        return super::document::<UserRealm<'_>>(
            &app,
            &info,
            Err(Aadsts::ParameterInvalid.with([("name", "user")])),
        );
    };
    let realm = realm(&app, &upn).await;
    super::document(&app, &info, realm)
}

async fn realm<'a>(app: &'a App, upn: &'a Upn) -> Result<UserRealm<'a>, Failure> {
    let tenant = app.store.tenant_of_domain(upn.domain()).await.map_err(|_| Aadsts::ServiceBusy.bare())?;
    Ok(UserRealm {
        ver: "1.0",
        account_type: if tenant.is_some() { "Managed" } else { "Unknown" },
        domain_name: upn.domain(),
        cloud_instance_name: app.origin.authority(),
        cloud_audience_urn: CLOUD_AUDIENCE,
    })
}
