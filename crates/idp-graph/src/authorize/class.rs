//! What something is done to: objects by their privilege, since what may be done depends on that of the target, not on
//! the caller having "some" role (CN-09).

use std::collections::HashSet;
use std::sync::LazyLock;

use idp_domain::applications::{AppRoleAssignment, Application, microsoft_graph};
use idp_domain::directory::{Group, ObjectKind, User, role};
use uuid::Uuid;
use vestibule_wire::ids::ClientId;

use super::table::TABLE;
use super::{Holder, Standing};

/// The classes of targets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Class {
    /// The directory as a whole: its lists, what is not there yet, its settings.
    Directory,
    /// The caller's own account.
    Myself,
    /// The account of a person without directory roles.
    Person,
    /// The account of a person who holds roles, none of which is privileged.
    Administrator,
    /// The account of a person who holds a privileged role.
    PrivilegedAdministrator,
    /// A group.
    Group,
    /// A group that directory roles can be given to.
    RoleAssignableGroup,
    /// An application or a service principal.
    Application,
    /// An application or a service principal that may write to the directory without a person.
    PrivilegedApplication,
    /// A directory role.
    Role,
    /// A directory role that only a Global Administrator may give.
    PrivilegedRole,
}

impl Class {
    /// Every class.
    pub const ALL: &[Self] = &[
        Self::Directory,
        Self::Myself,
        Self::Person,
        Self::Administrator,
        Self::PrivilegedAdministrator,
        Self::Group,
        Self::RoleAssignableGroup,
        Self::Application,
        Self::PrivilegedApplication,
        Self::Role,
        Self::PrivilegedRole,
    ];

    /// In a few words, for the reference.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Directory => "the directory",
            Self::Myself => "oneself",
            Self::Person => "people without roles",
            Self::Administrator => "people with roles",
            Self::PrivilegedAdministrator => "people with privileged roles",
            Self::Group => "groups",
            Self::RoleAssignableGroup => "role-assignable groups",
            Self::Application => "applications",
            Self::PrivilegedApplication => "applications that may write to the directory by themselves",
            Self::Role => "roles",
            Self::PrivilegedRole => "privileged roles",
        }
    }
}

/// Something that is to be done something to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Target {
    /// What it is; an administrator's own account is both their own and an administrator's.
    classes: [Class; 2],
    /// The caller owns it.
    owned: bool,
}

impl Target {
    /// The directory as a whole.
    pub const DIRECTORY: Self = Self::of(Class::Directory);

    /// What is made now and will be the caller's own.
    pub const OWN_TO_BE: Self = Self { owned: true, ..Self::DIRECTORY };

    const fn of(class: Class) -> Self {
        Self { classes: [class, class], owned: false }
    }

    /// Some object of a kind, not privileged.
    pub const fn any_of_kind(kind: ObjectKind) -> Self {
        Self::of(match kind {
            ObjectKind::User => Class::Person,
            ObjectKind::Group => Class::Group,
            ObjectKind::Application | ObjectKind::ServicePrincipal => Class::Application,
        })
    }

    /// A target of this class, for tests of the table.
    #[cfg(test)]
    pub(crate) const fn sample(class: Class, owned: bool) -> Self {
        Self { classes: [class, class], owned }
    }

    /// An account.
    pub fn user(standing: &Standing, user: &User) -> Self {
        let class = if user.directory_roles.is_empty() {
            Class::Person
        } else if role::any_privileged(&user.directory_roles) {
            Class::PrivilegedAdministrator
        } else {
            Class::Administrator
        };
        let own = standing.is(user.id);
        Self { classes: [class, if own { Class::Myself } else { class }], owned: false }
    }

    /// A group, and whether the caller owns it.
    pub const fn group(group: &Group, owned: bool) -> Self {
        Self::group_to_be(group.assignable_to_role, owned)
    }

    /// A group that is not there yet.
    pub const fn group_to_be(assignable_to_role: bool, owned: bool) -> Self {
        let class = if assignable_to_role { Class::RoleAssignableGroup } else { Class::Group };
        Self { owned, ..Self::of(class) }
    }

    /// An application or its service principal, by what is assigned to that, and whether the caller owns it.
    ///
    /// `assigned` are the app roles that the service principal has of Microsoft Graph.
    pub fn application(assigned: &[Uuid], owned: bool) -> Self {
        let class = if assigned.iter().any(|role| PRIVILEGED_PERMISSIONS.contains(role)) {
            Class::PrivilegedApplication
        } else {
            Class::Application
        };
        Self { owned, ..Self::of(class) }
    }

    /// An app role of this resource that is to be assigned, or permissions on it that are to be granted to an application
    /// without a person. Entra: those of Microsoft Graph are not for administrators of applications to give.
    pub fn app_role(resource: &Application) -> Self {
        let graph = resource.client_id == ClientId::MICROSOFT_GRAPH;
        Self::of(if graph { Class::PrivilegedApplication } else { Class::Application })
    }

    /// A directory role.
    pub fn role(template: Uuid) -> Self {
        Self::of(if role::any_privileged(&[template]) { Class::PrivilegedRole } else { Class::Role })
    }

    pub(super) fn is(&self, class: Class) -> bool {
        self.classes.contains(&class)
    }

    pub(super) const fn is_owned(&self) -> bool {
        self.owned
    }
}

/// The app roles of Microsoft Graph that let an application write to the directory by itself, whoever runs it: all that
/// the table lets do anything but read. What is confined to applications of its own is not among them.
static PRIVILEGED_PERMISSIONS: LazyLock<HashSet<Uuid>> = LazyLock::new(|| {
    let writes = |value: &str| {
        TABLE.iter().any(|row| {
            matches!(row.holder, Holder::Application(name) if name == value)
                && row.may.iter().any(|action| action.writes())
        })
    };
    let roles = microsoft_graph().app_roles;
    roles.iter().filter(|role| role.value.as_deref().is_some_and(writes)).map(|role| role.id).collect()
});

/// The app roles of one resource among assignments.
pub fn roles_on(assignments: &[AppRoleAssignment], resource: Uuid) -> Vec<Uuid> {
    let on = assignments.iter().filter(|assignment| assignment.resource.guid() == resource);
    on.map(|assignment| assignment.app_role).collect()
}
