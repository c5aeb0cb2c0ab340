//! `POST /invitations`
//!
//! Whoever is known already is not invited twice: the answer is about the account they have. No mail is sent; the inviter
//! delivers `inviteRedeemUrl`.

use idp_domain::audit::Activity;
use idp_domain::changes::{Change, Changes, Conflict};
use idp_domain::directory::{DirectoryObject, External, HomeAccount, InvitationLink, Upn, User, UserType};
use idp_web::pages::HttpAddress;
use serde_json::{Map, Value};
use vestibule_wire::ids::UserId;

use super::guest::{self, Invited};
use crate::authorize::{Action, Allowed, Target};
use crate::body::{self, Moment};
use crate::call::{Call, Record, explain};
use crate::error::{Fault, MemberFault, Refusal};
use crate::list;
use crate::reply::Reply;
use crate::schema::invitation::{self, INVITATION, Told};

pub(super) async fn invitation(call: &Call<'_>) -> Result<Reply, Refusal> {
    // 1. Who may?
    let mut allowed = call.allow(Action::InviteGuest, &Target::DIRECTORY)?;
    // 2. What is said, whole.
    let set = body::members(call.body()?, &INVITATION, Moment::Creating, &[])?.set;
    let said = read(&set)?;
    if said.user_type == UserType::Member {
        allowed = call.allow(Action::CreateUser, &Target::DIRECTORY)?;
    }
    not_ours(call, &said.name).await?;
    // 3. It comes true, unless it was before.
    let (user, change) = match (known(call, &said.name).await?, said.again) {
        (_, Some(id)) => {
            let user;
            (allowed, user) = reset(call, id, &said.name).await?;
            (user.clone(), Some((Change::UpdateUser(Box::new(user)), Activity::ObjectUpdated)))
        }
        (Some(user), None) => (user, None),
        (None, None) => {
            let upn = free_name(call, &said.name).await?;
            let user = guest::user(call, upn, &said);
            (user.clone(), Some((Change::CreateUser(Box::new(user)), Activity::ObjectAdded)))
        }
    };
    if let Some((change, activity)) = change {
        let object = DirectoryObject::User(user.clone());
        let record = Record::of(activity, &object).changing(["externalUserState"]);
        call.commit(&allowed, Changes::one(change), [record]).await.map_err(|error| {
            explain(error, |conflict| {
                (conflict == Conflict::AlreadyExists).then_some(Refusal::Taken("invitedUserEmailAddress"))
            })
        })?;
    }
    // 4. The answer.
    let link = InvitationLink { tenant: call.tenant(), user: user.id, redirect: said.redirect.clone() };
    let handle = link.seal(call.sealer(), call.now(), call.random());
    let redeem = format!("{}/{}/redeem?rd={handle}", call.origin(), call.tenant());
    let told = Told {
        id: call.new_id(),
        user: &user,
        address: &said.address,
        redeem: &redeem,
        redirect: &said.redirect,
        reset: said.again.is_some(),
    };
    Ok(list::made(call, &allowed, &INVITATION, &invitation::render(&told)))
}

fn read(set: &Map<String, Value>) -> Result<Invited, Refusal> {
    let text = |name: &'static str| set.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
    let needed = ["invitedUserEmailAddress", "inviteRedirectUrl"];
    let missing = needed.iter().filter(|name| text(name).is_none());
    let faults: Vec<_> = missing.map(|name| MemberFault::new(*name, Fault::Required)).collect();
    if !faults.is_empty() {
        return Err(Refusal::Members(faults));
    }
    let truth = |name: &str| set.get(name).and_then(Value::as_bool).unwrap_or_default();
    if truth("sendInvitationMessage") {
        let why = "no mail is sent from here. Leave it out, and deliver inviteRedeemUrl yourself.";
        return Err(Refusal::value("sendInvitationMessage", why));
    }
    let address = text("invitedUserEmailAddress").unwrap_or_default().trim().to_owned();
    let name = Upn::parse(&address).map_err(|_| {
        Refusal::value("invitedUserEmailAddress", "it is not an address like name@domain.example.")
    })?;
    let redirect = text("inviteRedirectUrl").and_then(HttpAddress::parse);
    let redirect = redirect.ok_or_else(|| {
        Refusal::value("inviteRedirectUrl", "it is not an address that begins with https:// or http://.")
    })?;
    let user_type = match text("invitedUserType") {
        None => UserType::Guest,
        Some(word) => UserType::parse(word)
            .ok_or_else(|| Refusal::value("invitedUserType", "it is Guest or Member."))?,
    };
    Ok(Invited {
        display_name: text("invitedUserDisplayName").map_or_else(|| guest::called(&name), str::to_owned),
        address,
        name,
        redirect: redirect.as_str().to_owned(),
        user_type,
        again: again(set, truth("resetRedemption"))?,
    })
}

/// The user who is to accept again, perhaps as somebody else.
fn again(set: &Map<String, Value>, reset: bool) -> Result<Option<UserId>, Refusal> {
    if !reset {
        return Ok(None);
    }
    let id = set.get("invitedUser").and_then(|user| user.get("id")).and_then(Value::as_str);
    let id = id.ok_or_else(|| {
        Refusal::value("invitedUser", "resetRedemption is about a user who is there: say invitedUser.id.")
    })?;
    crate::call::read_id(id).map(|id| Some(UserId::new(id)))
}

/// Nobody is a guest at home.
async fn not_ours(call: &Call<'_>, name: &Upn) -> Result<(), Refusal> {
    let owner = call.tenants().tenant_of_domain(name.domain()).await?;
    if owner.is_some_and(|owner| owner.id == call.tenant()) {
        let why = "the domain is one of this directory's own, whose people are no guests here.";
        return Err(Refusal::value("invitedUserEmailAddress", why));
    }
    Ok(())
}

/// The account here of whoever has this name at home, invited or accepted.
async fn known(call: &Call<'_>, name: &Upn) -> Result<Option<User>, Refusal> {
    let invited = External::Invited(name.clone());
    if let Some(user) = call.users().user_from_elsewhere(call.tenant(), &invited).await? {
        return Ok(Some(user));
    }
    let Some(tenant) = call.tenants().tenant_of_domain(name.domain()).await? else { return Ok(None) };
    let Some(there) = call.users().user_by_upn(tenant.id, name).await? else { return Ok(None) };
    let accepted = External::Home(HomeAccount::of(&there));
    Ok(call.users().user_from_elsewhere(call.tenant(), &accepted).await?)
}

/// The first name that nobody has.
async fn free_name(call: &Call<'_>, name: &Upn) -> Result<Upn, Refusal> {
    for upn in guest::names(name, &call.caller().tenant().default_domain) {
        let upn = upn.map_err(|_| Refusal::value("invitedUserEmailAddress", "it is too long."))?;
        if call.users().user_by_upn(call.tenant(), &upn).await?.is_none() {
            return Ok(upn);
        }
    }
    Err(Refusal::Taken("userPrincipalName"))
}

/// The same user as if they had not accepted: id, groups and roles stay.
async fn reset(call: &Call<'_>, id: UserId, name: &Upn) -> Result<(Allowed, User), Refusal> {
    let user = call.users().user(call.tenant(), id).await?;
    let mut user = user.ok_or_else(|| Refusal::NotFound(id.to_string()))?;
    if user.external.is_none() {
        return Err(Refusal::value("invitedUser", "this user is at home here."));
    }
    // Whoever else can become this user gets what they have: as much as setting a password does.
    let allowed = call.allow(Action::ResetPassword, &Target::user(call.caller().standing(), &user))?;
    guest::invite(&mut user, name, call.now());
    // What was granted to whoever it was until now is theirs no more.
    user.valid_from = User::void_until(call.now());
    Ok((allowed, user))
}
