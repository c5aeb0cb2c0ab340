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

/// The form in which values are compared: each character in lower case, whatever stands beside it, so that the beginning of
/// a value is also the beginning of its form.
pub fn lower(value: &str) -> String {
    value.chars().flat_map(char::to_lowercase).collect()
}

/// The form in which values are found: as they are compared, and no longer than a key may be.
pub fn fold(value: &str) -> String {
    value.chars().flat_map(char::to_lowercase).take(MAX_KEY).collect()
}

type Keys = Vec<(Indexed, String)>;

fn add(values: &mut Keys, property: Indexed, value: &str) {
    if !value.is_empty() {
        values.push((property, lower(value)));
    }
}

impl User {
    /// The keys under which it is to be found.
    pub fn keys(&self) -> Vec<(Indexed, String)> {
        keys(self.values())
    }

    fn values(&self) -> Keys {
        let mut values = Vec::new();
        add(&mut values, Indexed::DisplayName, &self.display_name);
        add(&mut values, Indexed::UserPrincipalName, self.upn.as_str());
        let texts = [
            (Indexed::Mail, self.mail.as_deref()),
            (Indexed::GivenName, self.given_name.as_deref()),
            (Indexed::Surname, self.surname.as_deref()),
            (Indexed::MailNickname, self.profile.text("mailNickname")),
        ];
        for (property, text) in texts {
            add(&mut values, property, text.unwrap_or_default());
        }
        for role in &self.directory_roles {
            add(&mut values, Indexed::DirectoryRole, &role.to_string());
        }
        values
    }
}

impl Group {
    /// The keys under which it is to be found.
    pub fn keys(&self) -> Vec<(Indexed, String)> {
        keys(self.values())
    }

    fn values(&self) -> Keys {
        let mut values = Vec::new();
        add(&mut values, Indexed::DisplayName, &self.display_name);
        add(&mut values, Indexed::MailNickname, &self.mail_nickname);
        add(&mut values, Indexed::Mail, self.profile.text("mail").unwrap_or_default());
        values
    }
}

impl Application {
    /// The keys under which it is to be found.
    pub fn keys(&self) -> Vec<(Indexed, String)> {
        keys(self.values())
    }

    fn values(&self) -> Keys {
        let mut values = Vec::new();
        add(&mut values, Indexed::DisplayName, &self.display_name);
        add(&mut values, Indexed::AppId, &self.client_id.to_string());
        for uri in &self.identifier_uris {
            add(&mut values, Indexed::IdentifierUri, uri);
        }
        for tag in self.other.texts("tags") {
            add(&mut values, Indexed::Tag, tag);
        }
        values
    }
}

impl Registration {
    /// The keys under which the service principal is to be found.
    pub fn keys(&self) -> Vec<(Indexed, String)> {
        keys(self.values())
    }

    fn values(&self) -> Keys {
        let mut values = Vec::new();
        add(&mut values, Indexed::DisplayName, &self.application.display_name);
        add(&mut values, Indexed::AppId, &self.application.client_id.to_string());
        for name in self.names() {
            add(&mut values, Indexed::ServicePrincipalName, &name);
        }
        for tag in self.principal.profile.texts("tags") {
            add(&mut values, Indexed::Tag, tag);
        }
        values
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

    /// The values of an indexed property, as they are compared.
    pub fn values_of(&self, property: Indexed) -> impl Iterator<Item = String> {
        let values = match self {
            Self::User(user) => user.values(),
            Self::Group(group) => group.values(),
            Self::Application(application) => application.values(),
            Self::ServicePrincipal(registration) => registration.values(),
        };
        values.into_iter().filter_map(move |(of, value)| (of == property).then_some(value))
    }
}

/// The values, cut off and each once.
fn keys(values: Keys) -> Keys {
    let mut keys: Keys = values.into_iter().map(|(property, value)| (property, cut(value))).collect();
    let mut seen = std::collections::HashSet::new();
    keys.retain(|key| seen.insert(key.clone()));
    keys
}

fn cut(value: String) -> String {
    if value.len() <= MAX_KEY { value } else { value.chars().take(MAX_KEY).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::applications::microsoft_graph;

    #[test]
    fn the_beginning_of_a_value_is_the_beginning_of_its_key() {
        // A sigma at the end of a word has another form, and at the end of a prefix is not at the end of a word.
        assert!(fold("ΟΔΥΣΣΕΥΣ").starts_with(&fold("ΟΔΥΣ")));
        assert_eq!(fold(&"İ".repeat(300)).chars().count(), MAX_KEY);
    }

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
