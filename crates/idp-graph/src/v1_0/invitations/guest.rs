//! The account of somebody who is invited.

use idp_domain::directory::{
    CREATION_TYPE, EXTERNAL_STATE_CHANGED, External, MalformedUpn, Profile, Upn, User, UserType,
};
use jiff::Timestamp;
use vestibule_wire::ids::UserId;

use crate::call::Call;

/// How often another number is tried behind a name that somebody has.
const NUMBERS: u32 = 100;
/// More before the `@` than this is no user name.
const LOCAL: usize = 64;

/// What the inviter said.
pub(super) struct Invited {
    pub(super) address: String,
    /// The same as a user name, which whoever accepts has at home.
    pub(super) name: Upn,
    pub(super) display_name: String,
    pub(super) redirect: String,
    pub(super) user_type: UserType,
    /// The user who is to accept again.
    pub(super) again: Option<UserId>,
}

/// The user, as they are made at once: without a password, and without anybody who could be them yet.
pub(super) fn user(call: &Call<'_>, upn: Upn, said: &Invited) -> User {
    let mut user = User {
        tenant: call.tenant(),
        id: UserId::new(call.new_id()),
        upn,
        display_name: said.display_name.clone(),
        given_name: None,
        surname: None,
        mail: Some(said.name.to_string()),
        enabled: true,
        user_type: said.user_type,
        external: None,
        directory_roles: Vec::new(),
        password: None,
        must_change_password: false,
        // Nothing was revoked here. When they sign in is a matter of their home.
        valid_from: Timestamp::UNIX_EPOCH,
        created_at: call.now(),
        profile: Profile::default(),
        revision: 1,
    };
    user.profile.set(CREATION_TYPE, "Invitation".into());
    invite(&mut user, &said.name, call.now());
    user
}

/// Whoever has this name at home can accept to be this user.
pub(super) fn invite(user: &mut User, name: &Upn, now: Timestamp) {
    user.external = Some(External::Invited(name.clone()));
    user.profile.set(EXTERNAL_STATE_CHANGED, now.to_string().into());
}

/// What people are called of whom nothing is known but their address.
pub(super) fn called(name: &Upn) -> String {
    name.as_str().split('@').next().unwrap_or_default().to_owned()
}

/// The names here, in the order in which they are tried: `{local}_{domain}#ext#@{default domain}`, then with a number.
pub(super) fn names(name: &Upn, domain: &str) -> impl Iterator<Item = Result<Upn, MalformedUpn>> {
    (0..NUMBERS).map(move |number| numbered(name, domain, number))
}

fn numbered(name: &Upn, domain: &str, number: u32) -> Result<Upn, MalformedUpn> {
    let suffix = if number == 0 { "#ext#".to_owned() } else { format!("{number}#ext#") };
    let home = name.as_str().replacen('@', "_", 1);
    let room = LOCAL.saturating_sub(suffix.len());
    let home: String = home.chars().take(room).collect();
    Upn::parse(&format!("{home}{suffix}@{domain}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_a_guest_is_made_of_the_name_at_home() {
        let bob = Upn::parse("Bob.Smith@Fabrikam.Test").unwrap();
        let named = |number| numbered(&bob, "contoso.test", number).unwrap().to_string();
        assert_eq!(named(0), "bob.smith_fabrikam.test#ext#@contoso.test");
        assert_eq!(named(2), "bob.smith_fabrikam.test2#ext#@contoso.test");
        let long = Upn::parse(&format!("{}@{}.example", "n".repeat(64), "d".repeat(30))).unwrap();
        assert!(numbered(&long, "contoso.test", 7).unwrap().as_str().contains("7#ext#@"));
    }
}
