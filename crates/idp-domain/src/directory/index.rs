//! How objects are found: the properties that are indexed, and the keys under which an object is to be found.

use super::{DirectoryObject, Group, ObjectKind, User};
use crate::applications::{Application, Registration};

/// A key is cut off after this many characters. What is longer is found by its beginning and then compared.
pub const MAX_KEY: usize = 256;

/// An indexed property.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Indexed {
    /// `displayName`
    DisplayName,
    /// `userPrincipalName`
    UserPrincipalName,
    /// `mail`
    Mail,
    /// `mailNickname`
    MailNickname,
    /// `givenName`
    GivenName,
    /// `surname`
    Surname,
    /// `appId`
    AppId,
    /// `identifierUris`
    IdentifierUri,
    /// `servicePrincipalNames`
    ServicePrincipalName,
    /// `tags`
    Tag,
    /// The directory roles held.
    DirectoryRole,
}

/// Where to look for objects of one kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Seek {
    /// All of them, in the order of their ids.
    All,
    /// Those whose property has one of these values, whatever the case; in the order of value and id.
    OneOf(Indexed, Vec<String>),
    /// Those whose property begins so, whatever the case; in the order of value and id.
    StartsWith(Indexed, String),
    /// All that have the property, in its order.
    Ordered {
        /// The property.
        by: Indexed,
        /// From the last to the first.
        descending: bool,
    },
}

/// The last object of a page: the next page begins after it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Position {
    /// Its key in the order of the page; empty when that order is by id.
    pub key: String,
    /// Its id.
    pub id: uuid::Uuid,
}

impl Indexed {
    /// The number in the store.
    pub const fn number(self) -> i64 {
        match self {
            Self::DisplayName => 1,
            Self::UserPrincipalName => 2,
            Self::Mail => 3,
            Self::MailNickname => 4,
            Self::GivenName => 5,
            Self::Surname => 6,
            Self::AppId => 7,
            Self::IdentifierUri => 8,
            Self::ServicePrincipalName => 9,
            Self::Tag => 10,
            Self::DirectoryRole => 11,
        }
    }

    /// The name in Graph; none for what is no property there.
    pub const fn property(self) -> Option<&'static str> {
        match self {
            Self::DisplayName => Some("displayName"),
            Self::UserPrincipalName => Some("userPrincipalName"),
            Self::Mail => Some("mail"),
            Self::MailNickname => Some("mailNickname"),
            Self::GivenName => Some("givenName"),
            Self::Surname => Some("surname"),
            Self::AppId => Some("appId"),
            Self::IdentifierUri => Some("identifierUris"),
            Self::ServicePrincipalName => Some("servicePrincipalNames"),
            Self::Tag => Some("tags"),
            Self::DirectoryRole => None,
        }
    }

    /// Which properties of a kind of object are indexed.
    pub const fn of(kind: ObjectKind) -> &'static [Self] {
        match kind {
            ObjectKind::User => &[
                Self::DisplayName,
                Self::UserPrincipalName,
                Self::Mail,
                Self::MailNickname,
                Self::GivenName,
                Self::Surname,
                Self::DirectoryRole,
            ],
            ObjectKind::Group => &[Self::DisplayName, Self::Mail, Self::MailNickname],
            ObjectKind::Application => &[Self::DisplayName, Self::AppId, Self::IdentifierUri, Self::Tag],
            ObjectKind::ServicePrincipal => {
                &[Self::DisplayName, Self::AppId, Self::ServicePrincipalName, Self::Tag]
            }
        }
    }
}

/// The form in which values are compared: lower case, and no longer than a key may be.
pub fn fold(value: &str) -> String {
    value.to_lowercase().chars().take(MAX_KEY).collect()
}

type Keys = Vec<(Indexed, String)>;

fn add(keys: &mut Keys, property: Indexed, value: &str) {
    if !value.is_empty() {
        keys.push((property, fold(value)));
    }
}

impl User {
    /// The keys under which it is to be found.
    pub fn keys(&self) -> Vec<(Indexed, String)> {
        let mut keys = Vec::new();
        add(&mut keys, Indexed::DisplayName, &self.display_name);
        add(&mut keys, Indexed::UserPrincipalName, self.upn.as_str());
        let texts = [
            (Indexed::Mail, self.mail.as_deref()),
            (Indexed::GivenName, self.given_name.as_deref()),
            (Indexed::Surname, self.surname.as_deref()),
            (Indexed::MailNickname, self.profile.text("mailNickname")),
        ];
        for (property, text) in texts {
            add(&mut keys, property, text.unwrap_or_default());
        }
        for role in &self.directory_roles {
            add(&mut keys, Indexed::DirectoryRole, &role.to_string());
        }
        distinct(keys)
    }
}

impl Group {
    /// The keys under which it is to be found.
    pub fn keys(&self) -> Vec<(Indexed, String)> {
        let mut keys = Vec::new();
        add(&mut keys, Indexed::DisplayName, &self.display_name);
        add(&mut keys, Indexed::MailNickname, &self.mail_nickname);
        add(&mut keys, Indexed::Mail, self.profile.text("mail").unwrap_or_default());
        distinct(keys)
    }
}

impl Application {
    /// The keys under which it is to be found.
    pub fn keys(&self) -> Vec<(Indexed, String)> {
        let mut keys = Vec::new();
        add(&mut keys, Indexed::DisplayName, &self.display_name);
        add(&mut keys, Indexed::AppId, &self.client_id.to_string());
        for uri in &self.identifier_uris {
            add(&mut keys, Indexed::IdentifierUri, uri);
        }
        for tag in self.other.texts("tags") {
            add(&mut keys, Indexed::Tag, tag);
        }
        distinct(keys)
    }
}

impl Registration {
    /// The keys under which the service principal is to be found.
    pub fn keys(&self) -> Vec<(Indexed, String)> {
        let mut keys = Vec::new();
        add(&mut keys, Indexed::DisplayName, &self.application.display_name);
        add(&mut keys, Indexed::AppId, &self.application.client_id.to_string());
        for name in self.names() {
            add(&mut keys, Indexed::ServicePrincipalName, &name);
        }
        for tag in self.principal.profile.texts("tags") {
            add(&mut keys, Indexed::Tag, tag);
        }
        distinct(keys)
    }
}

impl DirectoryObject {
    /// The keys under which it is to be found.
    pub fn keys(&self) -> Vec<(Indexed, String)> {
        match self {
            Self::User(user) => user.keys(),
            Self::Group(group) => group.keys(),
            Self::Application(application) => application.keys(),
            Self::ServicePrincipal(registration) => registration.keys(),
        }
    }
}

fn distinct(mut keys: Keys) -> Keys {
    let mut seen = std::collections::HashSet::new();
    keys.retain(|key| seen.insert(key.clone()));
    keys
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::applications::microsoft_graph;

    #[test]
    fn keys_are_folded_distinct_and_of_properties_of_their_kind() {
        let mut application = microsoft_graph();
        application.identifier_uris = vec!["API://Ä".into(), "api://ä".into(), "x".repeat(1000)];
        let keys = application.keys();
        let uris: Vec<_> = keys.iter().filter(|(property, _)| *property == Indexed::IdentifierUri).collect();
        assert_eq!(uris.len(), 2);
        assert_eq!(uris[0].1, "api://ä");
        assert_eq!(uris[1].1.len(), MAX_KEY);
        assert!(keys.iter().all(|(property, _)| Indexed::of(ObjectKind::Application).contains(property)));
    }
}
