//! `users`: Graph's members, directory roles by name, the manager, and passwords: sealed, or plain in a file that
//! somebody wrote.

use idp_domain::credentials::PasswordHash;
use idp_domain::directory::{
    CREATION_TYPE, EXTERNAL_STATE_CHANGED, External, HomeAccount, Profile, Upn, User, UserType, role,
};
use idp_domain::sealed::Sealer;
use idp_domain::secret::Secret;
use idp_graph::body::{self, Moment};
use idp_graph::odata::schema::Writable;
use idp_graph::schema::texts::time;
use idp_graph::schema::user::{self, USER};
use serde_json::{Value, json};
use uuid::Uuid;
use vestibule_wire::ids::UserId;

use super::entry::{Entry, guid_of};
use super::format::Members;
use super::ids;
use super::import::Scene;
use super::seals::{self, Owner};

/// The name at home of somebody who was invited and has not accepted.
const INVITED_AS: &str = "invitedUserEmailAddress";
/// The account at home of a guest: `{tenant id}/{object id}`.
const HOME_ACCOUNT: &str = "homeAccount";

/// What is told of how a guest came, and cannot be written through Graph.
const KEPT_OF_GUESTS: &[&str] = &[CREATION_TYPE, EXTERNAL_STATE_CHANGED];

/// A user as the file has it.
#[derive(Debug)]
pub(super) struct Read {
    pub(super) at: String,
    pub(super) user: User,
    /// Who manages the user, as the file calls them.
    pub(super) manager: Option<String>,
    /// A password that is still to be hashed.
    pub(super) password: Option<Secret>,
}

pub(super) fn write(user: &User, manager: Option<&str>, sealer: Option<&Sealer>) -> Members {
    let shown = user::render(user, "");
    let mut members = Members::new();
    for property in USER.properties.iter().filter(|property| property.writable != Writable::Never) {
        if let Some(value) = shown.get(property.name).filter(|value| says_something(property.name, value)) {
            members.insert(property.name.to_owned(), value.clone());
        }
    }
    let mut say = |name: &str, value: Value| drop(members.insert(name.to_owned(), value));
    say("id", json!(user.id));
    say("createdDateTime", time(user.created_at));
    let mut roles: Vec<_> = user.directory_roles.iter().map(|role| called(*role)).collect();
    roles.sort_unstable();
    if !roles.is_empty() {
        say("directoryRoles", json!(roles));
    }
    if let Some(manager) = manager {
        say("manager", json!(manager));
    }
    match &user.external {
        Some(External::Invited(name)) => say(INVITED_AS, json!(name.as_str())),
        Some(External::Home(HomeAccount { tenant, user })) => {
            say(HOME_ACCOUNT, json!(format!("{tenant}/{user}")));
        }
        None => {}
    }
    for name in KEPT_OF_GUESTS {
        if let Some(value) = user.profile.members().get(*name) {
            say(name, value.clone());
        }
    }
    if user.must_change_password {
        say("forceChangePasswordNextSignIn", json!(true));
    }
    if let (Some(sealer), Some(password)) = (sealer, &user.password) {
        say("passwordHash", json!(seals::seal(sealer, &owner(user), &password.as_phc())));
    }
    members
}

/// Whether a member is other than what it is when it is left out.
fn says_something(name: &str, value: &Value) -> bool {
    match name {
        "accountEnabled" => *value != json!(true),
        "userType" => *value != json!(UserType::default().as_str()),
        _ => !value.is_null() && value.as_array().is_none_or(|list| !list.is_empty()),
    }
}

fn called(template: Uuid) -> String {
    role::name(template).map_or_else(|| template.to_string(), str::to_owned)
}

fn owner(user: &User) -> Owner {
    Owner { tenant: user.tenant, object: user.id.guid(), secret: Uuid::nil() }
}

/// Reads a user; none if it is not clear who it is.
pub(super) fn read(mut entry: Entry<'_>, scene: &Scene<'_>) -> Option<Read> {
    let upn = match entry.peek("userPrincipalName").map(Upn::parse) {
        Some(Ok(upn)) => Some(upn),
        Some(Err(malformed)) => {
            entry.fault("userPrincipalName", malformed);
            None
        }
        None => {
            entry.required("userPrincipalName");
            None
        }
    };
    let upn = upn?;
    if !scene.domains.iter().any(|domain| domain == upn.domain()) {
        let domain = upn.domain();
        entry.fault("userPrincipalName", format_args!("{domain} is not one of organization.domains"));
    }
    let tenant = scene.tenant;
    let named = entry.guid("id");
    let local = upn.as_str().split('@').next().unwrap_or_default().to_owned();
    let mut user = User {
        tenant,
        id: UserId::new(named.unwrap_or_else(|| ids::of(tenant, "user", &[upn.as_str()]))),
        upn,
        display_name: local,
        given_name: None,
        surname: None,
        mail: None,
        enabled: true,
        user_type: UserType::default(),
        external: external(&mut entry),
        directory_roles: roles(&mut entry),
        password: None,
        must_change_password: entry.flag("forceChangePasswordNextSignIn").unwrap_or(false),
        valid_from: scene.now,
        created_at: entry.time("createdDateTime").unwrap_or(scene.now),
        profile: Profile::default(),
        revision: 0,
    };
    for name in KEPT_OF_GUESTS {
        user.profile.set(name, entry.text(name).map_or(Value::Null, Value::String));
    }
    let manager = entry.text("manager");
    let (plain, sealed) = (entry.text("password").map(Secret::new), entry.text("passwordHash"));
    graphs_members(&mut entry, &mut user);
    let password = password(&mut entry, &mut user, plain, sealed, scene.sealer);
    Some(Read { at: entry.at, user, manager, password })
}

/// The members that Graph has, by its table and its rules.
fn graphs_members(entry: &mut Entry<'_>, user: &mut User) {
    if entry.take("passwordProfile").is_some() {
        entry.fault(
            "passwordProfile",
            "say password, and forceChangePasswordNextSignIn if it is to be changed",
        );
    }
    match body::members(&entry.rest(), &USER, Moment::Creating, &[]) {
        Ok(members) => {
            if let Err(faults) = user::apply(user, &members.set) {
                entry.faults.of_members(&entry.at, faults);
            }
        }
        Err(refusal) => entry.faults.of_refusal(&entry.at, refusal),
    }
}

/// Whose account it is, of somebody from elsewhere.
fn external(entry: &mut Entry<'_>) -> Option<External> {
    let (invited, home) = (entry.text(INVITED_AS), entry.text(HOME_ACCOUNT));
    match (invited, home) {
        (Some(_), Some(_)) => {
            entry.fault(HOME_ACCOUNT, format_args!("it is one of this and {INVITED_AS}, not both"));
            None
        }
        (Some(name), None) => match Upn::parse(&name) {
            Ok(name) => Some(External::Invited(name)),
            Err(malformed) => {
                entry.fault(INVITED_AS, malformed);
                None
            }
        },
        (None, Some(ids)) => {
            let home = External::from_key(&format!("home:{ids}"));
            if home.is_none() {
                entry.fault(HOME_ACCOUNT, "it is {tenant id}/{object id} of the account at home");
            }
            home
        }
        (None, None) => None,
    }
}

fn roles(entry: &mut Entry<'_>) -> Vec<Uuid> {
    let mut held = Vec::new();
    for (index, text) in entry.texts("directoryRoles").iter().enumerate() {
        let at = format!("directoryRoles[{index}]");
        let by_name = |role: &&role::DirectoryRole| role.name.eq_ignore_ascii_case(text);
        let found = guid_of(text).and_then(role::find).or_else(|| role::ALL.iter().find(by_name));
        match found {
            Some(role) if held.contains(&role.template) => entry.fault(&at, "it is there twice"),
            Some(role) => held.push(role.template),
            None => entry.fault(&at, format_args!("there is no directory role '{text}'")),
        }
    }
    held
}

/// The password: opened, or still to be hashed.
fn password(
    entry: &mut Entry<'_>,
    user: &mut User,
    plain: Option<Secret>,
    sealed: Option<String>,
    sealer: &Sealer,
) -> Option<Secret> {
    if let Some(sealed) = sealed {
        if plain.is_some() {
            entry.fault("password", "passwordHash is there too; say one of them");
        }
        match seals::open(sealer, &owner(user), &sealed) {
            Some(phc) => user.password = Some(PasswordHash::from_phc(phc)),
            None => entry.fault(
                "passwordHash",
                "it does not open: it was sealed under another master key, or for another user or tenant",
            ),
        }
        return None;
    }
    if let Some(Err(unsuitable)) = plain.as_ref().map(|password| user::suitable_for(password, user)) {
        entry.fault("password", unsuitable);
    }
    plain
}
