//! `POST /servicePrincipals/{id}/addPassword`, `…/removePassword`.
//!
//! A service principal has no secrets of its own here: those of an application at home are the application's, and of an
//! application of another tenant nobody here makes any.

use std::sync::Arc;

use idp_domain::applications::{Application, Registration};

use super::subject::{subject, target};
use crate::authorize::{Action, Allowed};
use crate::call::Call;
use crate::error::Refusal;
use crate::reply::Reply;
use crate::v1_0::applications::{make_password, take_password_away};

pub(super) async fn add(call: &Call<'_>) -> Result<Reply, Refusal> {
    let (allowed, application) = manageable(call).await?;
    make_password(call, &allowed, &application).await
}

pub(super) async fn remove(call: &Call<'_>) -> Result<Reply, Refusal> {
    let (allowed, application) = manageable(call).await?;
    take_password_away(call, &allowed, &application).await
}

async fn manageable(call: &Call<'_>) -> Result<(Allowed, Arc<Application>), Refusal> {
    let registration = subject(call).await?;
    let allowed = call.allow(Action::ManageCredentials, &target(call, &registration).await?)?;
    at_home(registration).map(|application| (allowed, application))
}

fn at_home(registration: Registration) -> Result<Arc<Application>, Refusal> {
    if registration.is_at_home() {
        return Ok(registration.application);
    }
    Err(Refusal::Bad {
        message: "The application is registered in another tenant. Its secrets are made there.".into(),
        target: None,
    })
}
