//! The objects of a directory under one name, for what is done to all of them alike.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use uuid::Uuid;
use vestibule_wire::ids::TenantId;

use super::{Group, User};
use crate::applications::{Application, Registration};

/// What kinds of objects there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum ObjectKind {
    /// A user.
    User,
    /// A group.
    Group,
    /// An application.
    Application,
    /// A service principal.
    ServicePrincipal,
}

/// An object of a directory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DirectoryObject {
    /// A user.
    User(User),
    /// A group.
    Group(Group),
    /// An application, at home here.
    Application(Arc<Application>),
    /// A service principal, with its application.
    ServicePrincipal(Registration),
}

impl ObjectKind {
    /// Every kind.
    pub const ALL: [Self; 4] = [Self::User, Self::Group, Self::Application, Self::ServicePrincipal];

    /// The number in the store.
    pub const fn number(self) -> i64 {
        match self {
            Self::User => 1,
            Self::Group => 2,
            Self::Application => 3,
            Self::ServicePrincipal => 4,
        }
    }

    /// Reads the number back.
    pub fn from_number(number: i64) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.number() == number)
    }
}

impl DirectoryObject {
    /// What kind it is.
    pub const fn kind(&self) -> ObjectKind {
        match self {
            Self::User(_) => ObjectKind::User,
            Self::Group(_) => ObjectKind::Group,
            Self::Application(_) => ObjectKind::Application,
            Self::ServicePrincipal(_) => ObjectKind::ServicePrincipal,
        }
    }

    /// The directory.
    pub fn tenant(&self) -> TenantId {
        match self {
            Self::User(user) => user.tenant,
            Self::Group(group) => group.tenant,
            Self::Application(application) => application.tenant,
            Self::ServicePrincipal(registration) => registration.principal.tenant,
        }
    }

    /// The object id.
    pub fn id(&self) -> Uuid {
        match self {
            Self::User(user) => user.id.guid(),
            Self::Group(group) => group.id.guid(),
            Self::Application(application) => application.id.guid(),
            Self::ServicePrincipal(registration) => registration.principal.id.guid(),
        }
    }

    /// What people call it.
    pub fn display_name(&self) -> &str {
        match self {
            Self::User(user) => &user.display_name,
            Self::Group(group) => &group.display_name,
            Self::Application(application) => &application.display_name,
            Self::ServicePrincipal(registration) => &registration.application.display_name,
        }
    }

    /// How often it changed.
    pub fn revision(&self) -> i64 {
        match self {
            Self::User(user) => user.revision,
            Self::Group(group) => group.revision,
            Self::Application(application) => application.revision,
            Self::ServicePrincipal(registration) => registration.principal.revision,
        }
    }
}
