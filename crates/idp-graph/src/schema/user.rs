//! `microsoft.graph.user`.

use idp_domain::credentials::{UnsuitablePassword, suitable};
use idp_domain::directory::{
    CREATION_TYPE, EXTERNAL_AZURE_AD, EXTERNAL_STATE_CHANGED, External, Profile, Upn, User, UserType,
};
use idp_domain::secret::Secret;
use serde_json::{Map, Value, json};

use super::directory_object::DELETED;
use super::texts::{self, MAX_NAME, time};
use crate::authorize::Action;
use crate::error::{Fault, MemberFault};
use crate::etag;
use crate::odata::schema::{
    EntityType, Kind, Navigation, Property, boolean, collection, complex, date_time, guid, string, strings,
};

/// What is set of a password, and never read.
const PASSWORD_PROFILE: &[Property] = &[
    string("password"),
    boolean("forceChangePasswordNextSignIn").required(),
    boolean("forceChangePasswordNextSignInWithMfa").required(),
];
const IDENTITY: &[Property] = &[
    string("signInType").filterable(),
    string("issuer").filterable(),
    string("issuerAssignedId").filterable(),
];

/// A user.
pub static USER: EntityType = EntityType::directory("user", "users")
    .properties(&[
        strings("businessPhones").shown().filterable().writable(),
        string("displayName").shown().filterable().sortable().writable().required(),
        string("givenName").shown().filterable().sortable_when_advanced().writable(),
        string("jobTitle").shown().filterable().writable(),
        string("mail").shown().filterable().sortable_when_advanced().writable(),
        string("mobilePhone").shown().filterable_when_advanced().writable(),
        string("officeLocation").shown().filterable_when_advanced().writable(),
        string("preferredLanguage").shown().filterable_when_advanced().writable(),
        string("surname").shown().filterable().sortable_when_advanced().writable(),
        string("userPrincipalName").shown().filterable().sortable().writable().required(),
        guid("id").shown().filterable().required(),
        boolean("accountEnabled").filterable().writable().required(),
        string("ageGroup").filterable().writable(),
        string("city").filterable().writable(),
        string("companyName").filterable().writable(),
        string("country").filterable().writable(),
        date_time("createdDateTime").filterable(),
        string("creationType"),
        DELETED,
        string("department").filterable().writable(),
        string("employeeId").filterable().writable(),
        string("employeeType").filterable().writable(),
        string("externalUserState").filterable(),
        date_time("externalUserStateChangeDateTime"),
        string("faxNumber").filterable_when_advanced().writable(),
        collection("identities", &Kind::Complex(IDENTITY)).filterable(),
        date_time("lastPasswordChangeDateTime"),
        string("mailNickname").filterable().writable().required(),
        string("onPremisesDistinguishedName"),
        string("onPremisesDomainName"),
        string("onPremisesImmutableId").filterable().writable(),
        date_time("onPremisesLastSyncDateTime"),
        string("onPremisesSamAccountName"),
        string("onPremisesSecurityIdentifier"),
        boolean("onPremisesSyncEnabled").filterable(),
        string("onPremisesUserPrincipalName"),
        strings("otherMails").filterable().writable(),
        string("passwordPolicies").writable(),
        complex("passwordProfile", PASSWORD_PROFILE).writable(),
        string("postalCode").filterable().writable(),
        strings("proxyAddresses").filterable(),
        date_time("signInSessionsValidFromDateTime"),
        string("state").filterable().writable(),
        string("streetAddress").filterable_when_advanced().writable(),
        string("usageLocation").filterable().writable(),
        string("userType").filterable().writable(),
    ])
    .navigations(&[Navigation::one("manager", &USER)]);

/// What is told with `User.ReadBasic.All`.
pub const BASIC: &[&str] =
    &["@odata.type", "@odata.etag", "id", "displayName", "givenName", "surname", "mail", "userPrincipalName"];

/// Members that are carried as they are.
const CARRIED_TEXTS: &[&str] = &[
    "ageGroup",
    "city",
    "companyName",
    "country",
    "department",
    "employeeId",
    "employeeType",
    "faxNumber",
    "jobTitle",
    "mailNickname",
    "mobilePhone",
    "officeLocation",
    "onPremisesImmutableId",
    "passwordPolicies",
    "postalCode",
    "preferredLanguage",
    "state",
    "streetAddress",
    "usageLocation",
];
const CARRIED_LISTS: &[&str] = &["businessPhones", "otherMails"];

/// What people may change of themselves.
const CONTACT: &[&str] = &["businessPhones", "faxNumber", "mobilePhone", "preferredLanguage"];
/// What decides whether and as whom a person signs in.
const SIGN_IN: &[&str] =
    &["accountEnabled", "onPremisesImmutableId", "passwordPolicies", "userPrincipalName", "userType"];

/// `passwordPolicies`: weaker passwords are allowed.
const WEAK_PASSWORDS: &str = "DisableStrongPassword";

/// Whether this may become the password of this user.
pub fn suitable_for(password: &Secret, user: &User) -> Result<(), UnsuitablePassword> {
    let policies = user.profile.text("passwordPolicies").unwrap_or_default();
    match suitable(password, &user.upn) {
        // Entra: what that policy gives up is the classes of characters.
        Err(UnsuitablePassword::Classes) if policies.contains(WEAK_PASSWORDS) => Ok(()),
        verdict => verdict,
    }
}

/// All properties, as they are now.
pub fn render(user: &User, default_domain: &str) -> Map<String, Value> {
    let mail = user.mail.as_deref().map(|mail| format!("SMTP:{mail}"));
    let Value::Object(mut members) = json!({
        "@odata.etag": etag::of(user.revision),
        "id": user.id.to_string(),
        "accountEnabled": user.enabled,
        "createdDateTime": time(user.created_at),
        "deletedDateTime": null,
        "displayName": user.display_name,
        "externalUserState": state(user),
        "externalUserStateChangeDateTime": user.profile.members().get(EXTERNAL_STATE_CHANGED),
        "creationType": user.profile.members().get(CREATION_TYPE),
        "givenName": user.given_name,
        "identities": identities(user, default_domain),
        "lastPasswordChangeDateTime": null,
        "mail": user.mail,
        "onPremisesDistinguishedName": null,
        "onPremisesDomainName": null,
        "onPremisesLastSyncDateTime": null,
        "onPremisesSamAccountName": null,
        "onPremisesSecurityIdentifier": null,
        "onPremisesSyncEnabled": null,
        "onPremisesUserPrincipalName": null,
        "passwordProfile": null,
        "proxyAddresses": mail.into_iter().collect::<Vec<_>>(),
        "signInSessionsValidFromDateTime": time(user.valid_from),
        "surname": user.surname,
        "userPrincipalName": user.upn.as_str(),
        "userType": user.user_type.as_str(),
    }) else {
        return Map::new();
    };
    let carried = user.profile.members();
    for name in CARRIED_TEXTS {
        members.insert((*name).into(), carried.get(*name).cloned().unwrap_or(Value::Null));
    }
    for name in CARRIED_LISTS {
        members.insert((*name).into(), carried.get(*name).cloned().unwrap_or_else(|| json!([])));
    }
    members
}

/// How far somebody from elsewhere has come.
fn state(user: &User) -> Option<&'static str> {
    user.external.as_ref().map(|external| match external {
        External::Invited(_) => "PendingAcceptance",
        External::Home(_) => "Accepted",
    })
}

/// As whom the user signs in: of somebody who accepted it is said that it is elsewhere, and not where.
fn identities(user: &User, default_domain: &str) -> Value {
    match user.external.as_ref().and_then(External::home) {
        Some(_) => json!([{
            "signInType": "federated",
            "issuer": EXTERNAL_AZURE_AD,
            "issuerAssignedId": null,
        }]),
        None => json!([{
            "signInType": "userPrincipalName",
            "issuer": default_domain,
            "issuerAssignedId": user.upn.as_str(),
        }]),
    }
}

/// What the caller must be allowed to do, to write these members.
pub fn actions<'m>(names: impl IntoIterator<Item = &'m str>) -> Vec<Action> {
    let mut actions = Vec::new();
    for name in names {
        let action = if name == "passwordProfile" {
            Action::ResetPassword
        } else if CONTACT.contains(&name) {
            Action::UpdateContact
        } else if SIGN_IN.contains(&name) {
            Action::UpdateSignIn
        } else {
            Action::UpdateUser
        };
        if !actions.contains(&action) {
            actions.push(action);
        }
    }
    actions
}

/// Takes what was written, whose types are right already. What is wrong with it otherwise is all named; nothing of it
/// is to be used then.
pub fn apply(user: &mut User, set: &Map<String, Value>) -> Result<(), Vec<MemberFault>> {
    let mut faults = Vec::new();
    for (name, value) in set {
        if let Err(fault) = take(user, name, value) {
            faults.push(fault);
        }
    }
    if faults.is_empty() { Ok(()) } else { Err(faults) }
}

fn take(user: &mut User, name: &str, value: &Value) -> Result<(), MemberFault> {
    let text = value.as_str().unwrap_or_default();
    match name {
        "displayName" => user.display_name = texts::filled(name, text, MAX_NAME)?,
        "givenName" => user.given_name = texts::optional(name, value, 64)?,
        "surname" => user.surname = texts::optional(name, value, 64)?,
        "mail" if text.is_empty() => user.mail = None,
        "mail" => user.mail = Some(texts::mail(name, text)?),
        "accountEnabled" => user.enabled = value.as_bool().unwrap_or_default(),
        "userPrincipalName" => {
            let malformed = |why: idp_domain::directory::MalformedUpn| {
                MemberFault::new(name, Fault::Value(format!("{why}.")))
            };
            user.upn = Upn::parse(text).map_err(malformed)?;
        }
        "userType" => {
            let unknown = || MemberFault::new(name, Fault::Value("it is Member or Guest.".into()));
            user.user_type = UserType::parse(text).ok_or_else(unknown)?;
        }
        // Taken by whoever may set passwords.
        "passwordProfile" => {}
        _ => carry(&mut user.profile, name, value)?,
    }
    Ok(())
}

fn carry(profile: &mut Profile, name: &str, value: &Value) -> Result<(), MemberFault> {
    let text = value.as_str().unwrap_or_default();
    if !text.is_empty()
        && let Some(rule) = meaningless(name, text)
    {
        return Err(MemberFault::new(name, Fault::Value(rule.into())));
    }
    match name {
        "mailNickname" => drop(texts::nickname(name, text)?),
        "otherMails" => {
            for mail in value.as_array().into_iter().flatten() {
                texts::mail(name, mail.as_str().unwrap_or_default())?;
            }
        }
        _ if value.is_string() => drop(texts::optional(name, value, 1024)?),
        _ => {}
    }
    profile.set(name, if text.is_empty() && value.is_string() { Value::Null } else { value.clone() });
    Ok(())
}

/// What a word would have to be, where it is none of those that mean something.
fn meaningless(name: &str, text: &str) -> Option<&'static str> {
    let policies = ["None", "DisablePasswordExpiration", WEAK_PASSWORDS];
    let (known, rule) = match name {
        "usageLocation" => (
            text.len() == 2 && text.bytes().all(|b| b.is_ascii_alphabetic()),
            "it is a country in two letters (ISO 3166).",
        ),
        "ageGroup" => (["Minor", "NotAdult", "Adult"].contains(&text), "it is Minor, NotAdult or Adult."),
        "passwordPolicies" => (
            text.split(',').all(|word| policies.contains(&word.trim())),
            "it is None, DisablePasswordExpiration, DisableStrongPassword, or the latter two.",
        ),
        _ => return None,
    };
    (!known).then_some(rule)
}

#[cfg(test)]
mod tests {
    use idp_domain::directory::Profile;
    use jiff::Timestamp;
    use vestibule_wire::ids::{TenantId, UserId};

    use super::*;
    use crate::odata::schema::Writable;

    fn alice() -> User {
        User {
            tenant: TenantId::from_u128(1),
            id: UserId::from_u128(2),
            upn: Upn::parse("alice@contoso.test").unwrap(),
            display_name: "Alice".into(),
            given_name: None,
            surname: None,
            mail: Some("alice@contoso.test".into()),
            enabled: true,
            user_type: UserType::Member,
            external: None,
            directory_roles: Vec::new(),
            password: None,
            must_change_password: false,
            valid_from: Timestamp::UNIX_EPOCH,
            created_at: Timestamp::UNIX_EPOCH,
            profile: Profile::default(),
            revision: 3,
        }
    }

    /// The table and the rendering say the same: every property is there, and nothing else.
    #[test]
    fn every_property_of_the_table_is_rendered_and_nothing_else() {
        let rendered = render(&alice(), "contoso.test");
        for property in USER.properties {
            assert!(rendered.contains_key(property.name), "{}", property.name);
        }
        for name in rendered.keys().filter(|name| !name.starts_with('@')) {
            assert!(USER.properties.iter().any(|property| property.name == name), "{name}");
        }
        assert_eq!(rendered["@odata.etag"], "W/\"3\"");
    }

    /// Whatever is written is read back, except the password.
    #[test]
    fn what_is_written_is_read_back() {
        let mut user = alice();
        for property in USER.properties.iter().filter(|property| property.writable == Writable::Always) {
            let value = match (property.name, property.kind) {
                ("passwordProfile", _) => continue,
                ("userPrincipalName" | "mail", _) => json!("bob@contoso.test"),
                ("userType", _) => json!("Guest"),
                ("usageLocation", _) => json!("NL"),
                ("ageGroup", _) => json!("Adult"),
                ("passwordPolicies", _) => json!("DisablePasswordExpiration, DisableStrongPassword"),
                ("otherMails", _) => json!(["bob@home.test"]),
                (_, Kind::Boolean) => json!(false),
                (_, Kind::Collection(_)) => json!(["1"]),
                _ => json!("text"),
            };
            let set = Map::from_iter([(property.name.to_owned(), value.clone())]);
            apply(&mut user, &set).unwrap_or_else(|faults| panic!("{faults:?}"));
            assert_eq!(render(&user, "contoso.test")[property.name], value, "{}", property.name);
        }
    }

    #[test]
    fn values_that_mean_nothing_are_refused_and_all_named() {
        let mut user = alice();
        let Value::Object(set) = json!({ "displayName": " ", "userPrincipalName": "x", "usageLocation": "Holland",
            "passwordPolicies": "All", "mail": "no", "mailNickname": "a b", "userType": "Admin" })
        else {
            panic!()
        };
        assert_eq!(apply(&mut user, &set).unwrap_err().len(), 7);
    }

    #[test]
    fn what_decides_about_signing_in_is_no_contact_detail() {
        assert_eq!(actions(["mobilePhone"]), [Action::UpdateContact]);
        assert_eq!(actions(["accountEnabled", "userPrincipalName"]), [Action::UpdateSignIn]);
        assert_eq!(actions(["passwordProfile", "jobTitle"]), [Action::ResetPassword, Action::UpdateUser]);
    }
}
