//! `POST /users`

use idp_domain::audit::Activity;
use idp_domain::changes::{Change, Changes, Conflict};
use idp_domain::directory::{DirectoryObject, Profile, Upn, User, UserType};
use serde_json::Value;
use vestibule_wire::ids::UserId;

use super::password::{self, NewPassword};
use crate::authorize::{Action, Target};
use crate::body::{self, Members, Moment};
use crate::call::{Call, Record, explain};
use crate::error::{Fault, MemberFault, Refusal};
use crate::list;
use crate::reply::Reply;
use crate::schema::user::{self, USER};

/// What must be said of a user (section 9.3).
const REQUIRED: &[&str] =
    &["accountEnabled", "displayName", "mailNickname", "passwordProfile", "userPrincipalName"];

pub(super) async fn user(call: &Call<'_>) -> Result<Reply, Refusal> {
    // 1. Who may?
    let allowed = call.allow(Action::CreateUser, &Target::DIRECTORY)?;
    // 2. What is said, whole.
    let members = body::members(call.body()?, &USER, Moment::Creating, &[])?;
    let mut user = read(call, &members)?;
    in_domain(call, &user.upn).await?;
    let new = NewPassword::of(&members.set);
    let required = || Refusal::Members(vec![MemberFault::new("passwordProfile/password", Fault::Required)]);
    let secret = new.as_ref().and_then(|new| new.password.clone()).ok_or_else(required)?;
    password::check(&secret, &user)?;
    // Entra: a password that somebody else chose is for one sign-in, unless it is said otherwise.
    user.must_change_password = new.and_then(|new| new.must_change).unwrap_or(true);
    user.password = Some(call.hash(secret).await?);
    // 3. It comes true.
    let object = DirectoryObject::User(user.clone());
    let record = Record::of(Activity::ObjectAdded, &object).changing(members.set.keys().map(String::as_str));
    let committed =
        call.commit(&allowed, Changes::one(Change::CreateUser(Box::new(user.clone()))), [record]).await;
    committed.map_err(|error| {
        explain(error, |conflict| {
            (conflict == Conflict::AlreadyExists).then_some(Refusal::Taken("userPrincipalName"))
        })
    })?;
    // 4. The answer.
    let rendered = user::render(&user, &call.caller().tenant().default_domain);
    Ok(list::made(call, &allowed, &USER, &rendered))
}

fn read(call: &Call<'_>, members: &Members) -> Result<User, Refusal> {
    let missing = REQUIRED.iter().filter(|name| members.set.get(**name).is_none_or(Value::is_null));
    let mut faults: Vec<_> = missing.map(|name| MemberFault::new(*name, Fault::Required)).collect();
    // A name that nobody has, until the one that was said is read.
    let nobody = Upn::parse("nobody@nobody.invalid");
    let nobody = nobody.map_err(|_| Refusal::value("userPrincipalName", "it is missing."))?;
    let mut user = User {
        tenant: call.tenant(),
        id: UserId::new(call.new_id()),
        upn: nobody,
        display_name: String::new(),
        given_name: None,
        surname: None,
        mail: None,
        enabled: false,
        user_type: UserType::Member,
        external: None,
        directory_roles: Vec::new(),
        password: None,
        must_change_password: true,
        valid_from: call.now(),
        created_at: call.now(),
        profile: Profile::default(),
        revision: 1,
    };
    faults.extend(user::apply(&mut user, &members.set).err().unwrap_or_default());
    if faults.is_empty() { Ok(user) } else { Err(Refusal::Members(faults)) }
}

/// A user's name is in a domain of the directory (CN-12).
pub(super) async fn in_domain(call: &Call<'_>, upn: &Upn) -> Result<(), Refusal> {
    let domains = call.directory().domains(call.tenant()).await?;
    if domains.iter().any(|domain| domain == upn.domain()) {
        return Ok(());
    }
    Err(Refusal::Bad {
        message: "The domain portion of the userPrincipalName property is invalid. You must use one of the verified domain names \
                  in your organization."
            .into(),
        target: Some("userPrincipalName".into()),
    })
}
