//! `/policies/authorizationPolicy`: what users may do without an administrator. Here: to what they may consent (CN-01).

use idp_domain::audit::Activity;
use idp_domain::changes::{Change, Changes, Conflict};

use crate::authorize::{Action, Target};
use crate::body::{self, Moment};
use crate::call::{Call, Record, explain};
use crate::error::Refusal;
use crate::list;
use crate::operations::{Answers, Operation, Takes};
use crate::reply::Reply;
use crate::schema::authorization_policy::{self, AUTHORIZATION_POLICY};

/// The operations.
#[rustfmt::skip]
pub const OPERATIONS: &[Operation] = &[
    Operation::get("/policies/authorizationPolicy", "Reads what users may do without an administrator.", &[Action::ReadPolicies], Answers::Entity(&AUTHORIZATION_POLICY), |call| Box::pin(get(call))),
    Operation::patch("/policies/authorizationPolicy", "Changes what users may consent to by themselves, and which ways of signing in are open to them.", &[Action::UpdatePolicies], Takes::Changes(&AUTHORIZATION_POLICY), |call| Box::pin(update(call))),
];

async fn get(call: &Call<'_>) -> Result<Reply, Refusal> {
    let allowed = call.allow(Action::ReadPolicies, &Target::DIRECTORY)?;
    let policy = authorization_policy::render(call.caller().tenant());
    list::one(call, &allowed, &AUTHORIZATION_POLICY, policy).await
}

async fn update(call: &Call<'_>) -> Result<Reply, Refusal> {
    let set = body::members(call.body()?, &AUTHORIZATION_POLICY, Moment::Changing, &[])?.set;
    let allowed = call.allow(Action::UpdatePolicies, &Target::DIRECTORY)?;
    let before = call.caller().tenant();
    call.asked().if_match.holds(before.revision)?;
    let after = authorization_policy::apply(before, &set).map_err(Refusal::Members)?;
    if after == *before {
        return Ok(Reply::done(&allowed));
    }
    let record =
        Record::about(Activity::TenantUpdated, "policy", before.id.guid(), authorization_policy::NAME)
            .changing(set.keys().map(String::as_str));
    let changes = Changes::one(Change::UpdateTenant(Box::new(after)));
    call.commit(&allowed, changes, [record]).await.map_err(|error| {
        // It is decided again; with If-Match, the client is told.
        explain(error, |conflict| {
            (conflict == Conflict::TenantChanged).then_some(Refusal::OutOfDate(Conflict::ObjectChanged))
        })
    })?;
    Ok(Reply::done(&allowed))
}
