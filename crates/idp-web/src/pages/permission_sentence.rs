//! What well-known permissions mean, in everyday words.
//!
//! These are OpenID Connect's scopes and the common permissions of Graph. Any other resource says itself what its
//! permissions mean, and may call them `User.Read` too: never look those up here.

use super::{Locale, messages};

/// Whose data a permission reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// One person's, while they use the application: they consent for themselves.
    You,
    /// Everyone's who uses the application: an administrator consents for the organisation.
    Everyone,
    /// Anybody's, while nobody is signed in: an application permission.
    Unattended,
}

/// The sentence for a permission one person grants for themselves.
pub fn permission_sentence(locale: Locale, value: &str) -> Option<String> {
    permission_sentence_reaching(Reach::You, locale, value)
}

/// The sentence for a permission of OpenID Connect or Graph, if it is a well-known one.
pub fn permission_sentence_reaching(reach: Reach, locale: Locale, value: &str) -> Option<String> {
    Some(messages::text(locale, id(reach, value)?, None).into_owned())
}

#[rustfmt::skip] // a table reads by columns
fn id(reach: Reach, value: &str) -> Option<&'static str> {
    use Reach::{Everyone, Unattended, You};
    Some(match (value, reach) {
        ("openid", You) => "permission-openid",
        ("openid", Everyone) => "permission-openid-everyone",
        ("profile", You) => "permission-profile",
        ("profile", Everyone) => "permission-profile-everyone",
        ("email", You) => "permission-email",
        ("email", Everyone) => "permission-email-everyone",
        ("offline_access", You) => "permission-offline-access",
        ("offline_access", Everyone) => "permission-offline-access-everyone",
        ("User.Read", You) => "permission-user-read",
        ("User.Read", Everyone) => "permission-user-read-everyone",
        ("User.ReadBasic.All", _) => "permission-user-read-basic-all",
        ("User.Read.All", _) => "permission-user-read-all",
        ("User.ReadWrite.All", _) => "permission-user-read-write-all",
        ("User.Invite.All", _) => "permission-user-invite-all",
        ("Group.Read.All", _) => "permission-group-read-all",
        ("Group.ReadWrite.All", _) => "permission-group-read-write-all",
        ("Directory.Read.All", _) => "permission-directory-read-all",
        ("Directory.ReadWrite.All", _) => "permission-directory-read-write-all",
        ("Directory.AccessAsUser.All", You) => "permission-directory-access-as-user-all",
        ("Directory.AccessAsUser.All", Everyone) => "permission-directory-access-as-user-all-everyone",
        ("Application.Read.All", _) => "permission-application-read-all",
        ("Application.ReadWrite.All", _) => "permission-application-read-write-all",
        ("AppRoleAssignment.ReadWrite.All", _) => "permission-app-role-assignment-read-write-all",
        ("Mail.Read", You) => "permission-mail-read",
        ("Mail.Read", Everyone) => "permission-mail-read-everyone",
        ("Mail.Read", Unattended) => "permission-mail-read-unattended",
        ("Mail.Send", You) => "permission-mail-send",
        ("Mail.Send", Everyone) => "permission-mail-send-everyone",
        ("Mail.Send", Unattended) => "permission-mail-send-unattended",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_well_known_permission_has_a_sentence_in_every_language() {
        assert_eq!(
            permission_sentence(Locale::En, "User.Read").as_deref(),
            Some("Sign you in and read your profile")
        );
        assert_eq!(
            permission_sentence(Locale::De, "User.Read").as_deref(),
            Some("Sie anmelden und Ihr Profil lesen")
        );
    }

    #[test]
    fn cn_01_the_sentence_says_how_far_a_permission_reaches() {
        let said = |reach| permission_sentence_reaching(reach, Locale::En, "Mail.Read").unwrap();
        assert_eq!(said(Reach::You), "Read your mail");
        assert_eq!(said(Reach::Everyone), "Read the mail of everyone who uses it");
        assert_eq!(said(Reach::Unattended), "Read the mail in every mailbox");
    }

    #[test]
    fn other_permissions_have_none() {
        for value in ["Orders.Read", "user.read", "User.Read ", "", "permission-openid"] {
            assert_eq!(permission_sentence(Locale::En, value), None, "{value:?}");
        }
        assert_eq!(permission_sentence_reaching(Reach::Unattended, Locale::En, "openid"), None);
    }
}
