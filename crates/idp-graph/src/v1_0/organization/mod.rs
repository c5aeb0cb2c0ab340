//! `/organization` and `/domains`: the tenant itself.
//!
//! All domains there are here are verified: they come with the tenant, or from whoever runs the server. Graph's way of
//! adding one and proving it by DNS is not offered, so that nobody takes a domain that is not theirs (CN-12).

use idp_domain::audit::Activity;
use idp_domain::changes::{Change, Changes, Conflict};
use idp_domain::tenant::Tenant;
use serde_json::Value;

use crate::authorize::{Action, Target};
use crate::body::{self, Moment};
use crate::call::{Call, Record, explain};
use crate::error::Refusal;
use crate::list::{self, List, Source};
use crate::operations::{Answers, Operation, Takes};
use crate::path::Key;
use crate::reply::Reply;
use crate::schema::tenant::{self, DOMAIN, ORGANIZATION};
use crate::schema::texts::{self, MAX_NAME};

const READ: &[Action] = &[Action::ReadOrganization];
const READ_DOMAINS: &[Action] = &[Action::ReadDomains];

/// The operations.
#[rustfmt::skip]
pub const OPERATIONS: &[Operation] = &[
    Operation::get("/organization", "Lists the organization, which is one.", READ, Answers::Collection(&ORGANIZATION), |call| Box::pin(list_organization(call))),
    Operation::get("/organization/{id}", "Reads the organization.", READ, Answers::Entity(&ORGANIZATION), |call| Box::pin(get_organization(call))),
    Operation::patch("/organization/{id}", "Changes the organization.", &[Action::UpdateOrganization], Takes::Changes(&ORGANIZATION), |call| Box::pin(update_organization(call))),
    Operation::get("/domains", "Lists domains.", READ_DOMAINS, Answers::Collection(&DOMAIN), |call| Box::pin(list_domains(call))),
    Operation::get("/domains/{id}", "Reads a domain.", READ_DOMAINS, Answers::Entity(&DOMAIN), |call| Box::pin(get_domain(call))),
];

async fn list_organization(call: &Call<'_>) -> Result<Reply, Refusal> {
    let allowed = call.allow(Action::ReadOrganization, &Target::DIRECTORY)?;
    let domains = call.directory().domains(call.tenant()).await?;
    let one = tenant::organization(call.caller().tenant(), &domains);
    List::new(&ORGANIZATION, Source::Given(vec![one])).answer(call, &allowed).await
}

async fn get_organization(call: &Call<'_>) -> Result<Reply, Refusal> {
    let allowed = call.allow(Action::ReadOrganization, &Target::DIRECTORY)?;
    own(call)?;
    let domains = call.directory().domains(call.tenant()).await?;
    list::one(call, &allowed, &ORGANIZATION, tenant::organization(call.caller().tenant(), &domains)).await
}

async fn update_organization(call: &Call<'_>) -> Result<Reply, Refusal> {
    let set = body::members(call.body()?, &ORGANIZATION, Moment::Changing, &[])?.set;
    let allowed = call.allow(Action::UpdateOrganization, &Target::DIRECTORY)?;
    own(call)?;
    let before = call.caller().tenant();
    call.asked().if_match.holds(before.revision)?;
    let Some(name) = set.get("displayName").and_then(Value::as_str) else { return Ok(Reply::done(&allowed)) };
    let display_name =
        texts::filled("displayName", name, MAX_NAME).map_err(|fault| Refusal::Members(vec![fault]))?;
    let after = Tenant { display_name, ..before.clone() };
    let record =
        Record::about(Activity::TenantUpdated, "organization", before.id.guid(), &before.display_name)
            .changing(["displayName"]);
    let committed =
        call.commit(&allowed, Changes::one(Change::UpdateTenant(Box::new(after))), [record]).await;
    committed.map_err(|error| {
        // It is decided again; with If-Match, the client is told.
        explain(error, |conflict| {
            (conflict == Conflict::TenantChanged).then_some(Refusal::OutOfDate(Conflict::ObjectChanged))
        })
    })?;
    Ok(Reply::done(&allowed))
}

/// CN-17: there is one organization, the caller's.
fn own(call: &Call<'_>) -> Result<(), Refusal> {
    let text = match call.key(0)? {
        Key::Id(text) | Key::By(_, text) => text,
    };
    if *text == call.tenant().to_string() { Ok(()) } else { Err(Refusal::NotFound(text.clone())) }
}

async fn list_domains(call: &Call<'_>) -> Result<Reply, Refusal> {
    let allowed = call.allow(Action::ReadDomains, &Target::DIRECTORY)?;
    let all = call.directory().domains(call.tenant()).await?;
    let shown = all.iter().map(|domain| tenant::domain(call.caller().tenant(), domain, &all)).collect();
    List::new(&DOMAIN, Source::Given(shown)).answer(call, &allowed).await
}

async fn get_domain(call: &Call<'_>) -> Result<Reply, Refusal> {
    let allowed = call.allow(Action::ReadDomains, &Target::DIRECTORY)?;
    let text = match call.key(0)? {
        Key::Id(text) | Key::By(_, text) => text,
    };
    let all = call.directory().domains(call.tenant()).await?;
    if !all.contains(text) {
        return Err(Refusal::NotFound(text.clone()));
    }
    list::one(call, &allowed, &DOMAIN, tenant::domain(call.caller().tenant(), text, &all)).await
}
