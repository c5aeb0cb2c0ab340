//! Passwords: what may become one, and `POST /me/changePassword`.

use idp_domain::audit::Activity;
use idp_domain::changes::{Change, Changes};
use idp_domain::credentials::{Attempt, LockoutKey};
use idp_domain::directory::{DirectoryObject, User};
use idp_domain::secret::Secret;
use serde_json::{Map, Value};

use super::{subject, target};
use crate::authorize::Action;
use crate::body;
use crate::call::{Call, Record};
use crate::error::{Fault, MemberFault, Refusal};
use crate::operations::Takes;
use crate::reply::Reply;
use crate::schema::user::suitable_for;

/// What a `passwordProfile` says.
pub(super) struct NewPassword {
    /// The password, if there is one.
    pub(super) password: Option<Secret>,
    /// Whether it is for one sign-in only, if that is said.
    pub(super) must_change: Option<bool>,
}

impl NewPassword {
    /// Reads it from a body whose types are right.
    pub(super) fn of(set: &Map<String, Value>) -> Option<Self> {
        let profile = set.get("passwordProfile")?.as_object()?;
        let truth = |name: &str| profile.get(name).and_then(Value::as_bool);
        Some(Self {
            password: profile.get("password").and_then(Value::as_str).map(Secret::new),
            must_change: truth("forceChangePasswordNextSignIn")
                .or_else(|| truth("forceChangePasswordNextSignInWithMfa")),
        })
    }
}

/// Whether this may become the password of this user.
pub(super) fn check(password: &Secret, user: &User) -> Result<(), Refusal> {
    Ok(suitable_for(password, user)?)
}

/// `POST /me/changePassword`
pub(super) async fn change(call: &Call<'_>) -> Result<Reply, Refusal> {
    let user = subject(call, &[Action::ChangeOwnPassword]).await?;
    let allowed = call.allow(Action::ChangeOwnPassword, &target(call, &user))?;
    let Takes::Arguments(properties) = call.asked().operation.takes else { return Err(Refusal::Denied) };
    let arguments = body::arguments(call.body()?, properties)?;
    let text = |name: &str| {
        let missing = || Refusal::Members(vec![MemberFault::new(name, Fault::Required)]);
        arguments.get(name).and_then(Value::as_str).map(Secret::new).ok_or_else(missing)
    };
    let (current, new) = (text("currentPassword")?, text("newPassword")?);
    if new.expose() == current.expose() {
        return Err(Refusal::Bad {
            message: "The new password is the one that is to be changed.".into(),
            target: Some("newPassword".into()),
        });
    }
    check(&new, &user)?;
    // LG-03: an attempt is counted before anybody learns what it came to, here as on the page.
    counted(call, &user, &current).await?;
    if !call.verify(user.password.clone(), current.clone()).await? {
        return Err(wrong());
    }
    // At once: whatever may still go wrong, the right password is not among the wrong ones the next time.
    call.forget_attempts(user.id).await?;
    let hash = call.hash(new).await?;
    let (tenant, id, revision) = (call.tenant(), user.id, user.revision);
    let changes =
        Changes::one(Change::SetPassword { tenant, user: id, revision, password: hash, at: call.now() });
    let record = Record::of(Activity::PasswordChanged, &DirectoryObject::User(user));
    call.commit(&allowed, changes, [record]).await?;
    Ok(Reply::done(&allowed))
}

async fn counted(call: &Call<'_>, user: &User, current: &Secret) -> Result<(), Refusal> {
    let key = LockoutKey { tenant: call.tenant(), user: user.id, familiar: false };
    let lockout = call.users().lockout(key).await?;
    let hash = call.sealer().keyed_hash("tried password", &[user.id.as_bytes(), current.expose().as_bytes()]);
    match lockout.attempt(&hash, call.now()) {
        Attempt::Locked { .. } | Attempt::KnownWrong => Err(wrong()),
        Attempt::Counted(next) => {
            let locked = next.locked_until > lockout.locked_until;
            let activity = if locked { Activity::AccountLocked } else { Activity::SignInFailed };
            call.count_attempt(key, lockout.revision, next, activity).await?;
            Ok(())
        }
    }
}

fn wrong() -> Refusal {
    Refusal::Bad {
        message: "The specified password does not match the current one, or the account is locked.".into(),
        target: Some("currentPassword".into()),
    }
}
