//! `PATCH /users/{id}`, `PATCH /me`

use idp_domain::audit::Activity;
use idp_domain::changes::{Change, Changes, Conflict};
use idp_domain::directory::{DirectoryObject, User};
use serde_json::{Map, Value};

use super::password::{self, NewPassword};
use super::{another_administrator, create, subject, target};
use crate::authorize::Allowed;
use crate::body::{self, Moment};
use crate::call::{Call, Record, explain};
use crate::error::Refusal;
use crate::reply::Reply;
use crate::schema::user::{self, USER};

pub(super) async fn user(call: &Call<'_>) -> Result<Reply, Refusal> {
    // 1. What is said, whole.
    let members = body::members(call.body()?, &USER, Moment::Changing, &[])?;
    // 2. Who may? Each member needs its own right (GA-05).
    let actions = user::actions(members.set.keys().map(String::as_str));
    let needed = if actions.is_empty() { call.asked().operation.needs } else { &actions };
    let before = subject(call, needed).await?;
    let target = target(call, &before);
    let mut proofs = Vec::new();
    for action in &actions {
        proofs.push(call.allow(*action, &target)?);
    }
    call.asked().if_match.holds(before.revision)?;
    let Some(allowed) = proofs.pop() else {
        // Nothing changes, and whoever may change something is told so.
        let mut allowed = call.asked().operation.needs.iter().map(|action| call.allow(*action, &target));
        let allowed = allowed.find_map(Result::ok).ok_or(Refusal::Denied)?;
        return Ok(Reply::done(&allowed));
    };
    // 3. It comes true.
    change(call, &allowed, before, &members.set).await?;
    Ok(Reply::done(&allowed))
}

async fn change(
    call: &Call<'_>,
    allowed: &Allowed,
    before: User,
    set: &Map<String, Value>,
) -> Result<(), Refusal> {
    let mut user = before.clone();
    user::apply(&mut user, set).map_err(Refusal::Members)?;
    if user.upn != before.upn {
        create::in_domain(call, &user.upn).await?;
    }
    let mut changes = match before.enabled && !user.enabled {
        true => another_administrator(call, &before).await?,
        false => Changes::none(),
    };
    let mut records = Vec::new();
    let object = DirectoryObject::User(before.clone());
    let profile: Vec<&str> =
        set.keys().map(String::as_str).filter(|name| *name != "passwordProfile").collect();
    if !profile.is_empty() {
        changes.add(Change::UpdateUser(Box::new(user.clone())));
        user.revision += 1;
        records.push(Record::of(Activity::ObjectUpdated, &object).changing(profile));
    }
    if let Some(new) = NewPassword::of(set) {
        changes = changes.with(set_password(call, &user, new).await?);
        records.push(Record::of(Activity::PasswordReset, &object));
    }
    // `"passwordProfile": null` asks for nothing.
    if records.is_empty() {
        return Ok(());
    }
    let committed = call.commit(allowed, changes, records).await;
    committed.map_err(|error| {
        explain(error, |conflict| {
            (conflict == Conflict::AlreadyExists).then_some(Refusal::Taken("userPrincipalName"))
        })
    })
}

/// The password, and whether it is for one sign-in only.
async fn set_password(call: &Call<'_>, user: &User, new: NewPassword) -> Result<Changes, Refusal> {
    let (tenant, id) = (call.tenant(), user.id);
    let mut revision = user.revision;
    let mut changes = Changes::none();
    let mut required = new.must_change;
    if let Some(secret) = new.password {
        password::check(&secret, user)?;
        let password = call.hash(secret).await?;
        changes.add(Change::SetPassword { tenant, user: id, revision, password, at: call.now() });
        changes.add(Change::ClearLockouts { tenant, user: id });
        revision += 1;
        required = Some(new.must_change.unwrap_or(true));
    }
    if let Some(required) = required {
        changes.add(Change::RequireNewPassword { tenant, user: id, revision, required });
    }
    Ok(changes)
}
