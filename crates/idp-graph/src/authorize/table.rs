//! The authorization table: who may do what to what. What it does not say is refused.
//!
//! A person needs two rows: one for a right of their own (a directory role, being a member or a guest, owning the target)
//! and one for a permission that the application was granted on their behalf. An application alone needs one.
//!
//! Source: Microsoft Graph permissions reference and Entra built-in roles. Narrower than those in three places: no
//! permission lets an application touch people who administer, an owner of an application that may write to the
//! directory by itself gains nothing by owning it (CN-09), and privileged roles are given by Global Administrators alone.

use idp_domain::directory::role;
use uuid::Uuid;

use super::Action::{self, *};
use super::Class::{self, *};

/// Who has a right.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Holder {
    /// A person who holds this directory role.
    Role(Uuid),
    /// A person at home in the directory.
    Member,
    /// A person who was invited.
    Guest,
    /// A person at home here who owns the target.
    Owner,
    /// An application with this delegated permission, on behalf of a person.
    Scope(&'static str),
    /// An application with this app role, alone.
    Application(&'static str),
    /// An application with this app role, alone, on what it owns.
    OwningApplication(&'static str),
}

/// A row: the holder may do each of these to each of those.
#[derive(Debug, Clone, Copy)]
pub struct Row {
    /// Who.
    pub holder: Holder,
    /// What.
    pub may: &'static [Action],
    /// To what.
    pub on: &'static [Class],
}

const fn row(holder: Holder, may: &'static [Action], on: &'static [Class]) -> Row {
    Row { holder, may, on }
}

use Holder::{Application as App, Guest, Member, Owner, OwningApplication, Role as Held, Scope};

const EVERYTHING: &[Class] = Class::ALL;
const ACCOUNTS: &[Class] = &[Directory, Myself, Person, Administrator, PrivilegedAdministrator];
const PEOPLE: &[Class] = &[Directory, Person];
const GROUPS: &[Class] = &[Directory, Group, RoleAssignableGroup];
const PLAIN_GROUPS: &[Class] = &[Directory, Group];
const ROLE_GROUPS: &[Class] = &[RoleAssignableGroup];
const APPLICATIONS: &[Class] = &[Directory, Application, PrivilegedApplication];
const PLAIN_APPLICATIONS: &[Class] = &[Directory, Application];
const ROLES: &[Class] = &[Directory, Role, PrivilegedRole];

const READ_USERS: &[Action] = &[ReadBasicUser, ReadUser, ReadUserMembership];
const READ_GROUPS: &[Action] = &[ReadGroup, ReadMembers];
const READ_MEMBERSHIPS: &[Action] = &[ReadGroup, ReadMembers, ReadUserMembership];
const READ_SETTINGS: &[Action] = &[ReadOrganization, ReadPolicies, ReadDomains];
const READ_DELETED: &[Action] = &[ReadDeleted];
const READ_ALL: &[Action] = &[
    ReadBasicUser,
    ReadUser,
    ReadUserMembership,
    ReadGroup,
    ReadMembers,
    ReadApplication,
    ReadGrants,
    ReadRoles,
    ReadDeleted,
    ReadOrganization,
    ReadPolicies,
    ReadDomains,
];
const READ_ALL_AND_AUDIT: &[Action] = &[
    ReadBasicUser,
    ReadUser,
    ReadUserMembership,
    ReadGroup,
    ReadMembers,
    ReadApplication,
    ReadGrants,
    ReadRoles,
    ReadDeleted,
    ReadOrganization,
    ReadPolicies,
    ReadDomains,
    ReadAudit,
];
const KEEP_USERS: &[Action] = &[CreateUser, InviteGuest, UpdateContact, UpdateUser, UpdateSignIn];
const MANAGE_USERS: &[Action] = &[
    CreateUser,
    InviteGuest,
    UpdateContact,
    UpdateUser,
    UpdateSignIn,
    DeleteUser,
    RestoreUser,
    PurgeUser,
    ResetPassword,
    RevokeSessions,
];
const OF_ONESELF: &[Action] = &[UpdateContact, ChangeOwnPassword, RevokeSessions];
const MANAGE_GROUPS: &[Action] =
    &[CreateGroup, UpdateGroup, DeleteGroup, RestoreGroup, PurgeGroup, ManageMembers, ManageGroupOwners];
const KEEP_GROUP: &[Action] = &[UpdateGroup, DeleteGroup, ManageMembers, ManageGroupOwners];
const MANAGE_APPLICATIONS: &[Action] = &[
    CreateApplication,
    CreateServicePrincipal,
    UpdateApplication,
    DeleteApplication,
    RestoreApplication,
    PurgeApplication,
    ManageCredentials,
    ManageApplicationOwners,
];
const KEEP_APPLICATION: &[Action] = &[
    CreateServicePrincipal,
    UpdateApplication,
    DeleteApplication,
    ManageCredentials,
    ManageApplicationOwners,
];
const GRANT: &[Action] = &[ReadGrants, ManageGrants, AssignAppRole];

/// The table.
pub const TABLE: &[Row] = &[
    // What people may.
    row(Held(role::GLOBAL_ADMINISTRATOR), Action::ALL, EVERYTHING),
    row(Held(role::PRIVILEGED_ROLE_ADMINISTRATOR), READ_ALL, EVERYTHING),
    row(Held(role::PRIVILEGED_ROLE_ADMINISTRATOR), &[UpdatePolicies], &[Directory]),
    row(Held(role::PRIVILEGED_ROLE_ADMINISTRATOR), &[AssignRole], &[Directory, Role]),
    row(Held(role::PRIVILEGED_ROLE_ADMINISTRATOR), MANAGE_GROUPS, ROLE_GROUPS),
    row(Held(role::PRIVILEGED_ROLE_ADMINISTRATOR), GRANT, APPLICATIONS),
    row(Held(role::APPLICATION_ADMINISTRATOR), READ_ALL, EVERYTHING),
    row(Held(role::APPLICATION_ADMINISTRATOR), MANAGE_APPLICATIONS, PLAIN_APPLICATIONS),
    row(Held(role::APPLICATION_ADMINISTRATOR), GRANT, PLAIN_APPLICATIONS),
    row(Held(role::CLOUD_APPLICATION_ADMINISTRATOR), READ_ALL, EVERYTHING),
    row(Held(role::CLOUD_APPLICATION_ADMINISTRATOR), MANAGE_APPLICATIONS, PLAIN_APPLICATIONS),
    row(Held(role::CLOUD_APPLICATION_ADMINISTRATOR), GRANT, PLAIN_APPLICATIONS),
    row(Held(role::USER_ADMINISTRATOR), READ_ALL, EVERYTHING),
    row(Held(role::USER_ADMINISTRATOR), MANAGE_USERS, PEOPLE),
    row(Held(role::USER_ADMINISTRATOR), MANAGE_GROUPS, PLAIN_GROUPS),
    row(Held(role::GROUPS_ADMINISTRATOR), READ_ALL, EVERYTHING),
    row(Held(role::GROUPS_ADMINISTRATOR), MANAGE_GROUPS, PLAIN_GROUPS),
    row(Held(role::HELPDESK_ADMINISTRATOR), READ_ALL, EVERYTHING),
    row(Held(role::HELPDESK_ADMINISTRATOR), &[ResetPassword, RevokeSessions], &[Person]),
    row(Held(role::GLOBAL_READER), READ_ALL_AND_AUDIT, EVERYTHING),
    row(Held(role::DIRECTORY_READERS), READ_ALL, EVERYTHING),
    row(Held(role::DIRECTORY_WRITERS), READ_ALL, EVERYTHING),
    row(Held(role::DIRECTORY_WRITERS), MANAGE_GROUPS, PLAIN_GROUPS),
    row(Held(role::GUEST_INVITER), &[InviteGuest], &[Directory]),
    row(Member, READ_USERS, ACCOUNTS),
    row(Member, READ_GROUPS, GROUPS),
    row(Member, &[ReadApplication], APPLICATIONS),
    row(Member, &[ReadRoles], ROLES),
    row(Member, READ_SETTINGS, &[Directory]),
    row(Member, &[CreateGroup], &[Group]),
    row(Member, &[CreateApplication], &[Directory]),
    row(Member, OF_ONESELF, &[Myself]),
    row(Guest, READ_USERS, &[Myself]),
    row(Guest, OF_ONESELF, &[Myself]),
    row(Owner, KEEP_GROUP, &[Group]),
    row(Owner, KEEP_APPLICATION, &[Application]),
    // What applications may on behalf of people.
    row(Scope("User.Read"), READ_USERS, &[Myself]),
    row(Scope("User.Read"), &[ReadOrganization], &[Directory]),
    row(Scope("User.ReadWrite"), READ_USERS, &[Myself]),
    row(Scope("User.ReadWrite"), &[ReadOrganization], &[Directory]),
    row(Scope("User.ReadWrite"), OF_ONESELF, &[Myself]),
    row(Scope("User.ReadBasic.All"), &[ReadBasicUser], ACCOUNTS),
    row(Scope("User.Read.All"), READ_USERS, ACCOUNTS),
    row(Scope("User.Read.All"), READ_DELETED, PEOPLE),
    row(Scope("User.ReadWrite.All"), READ_USERS, ACCOUNTS),
    row(Scope("User.ReadWrite.All"), READ_DELETED, PEOPLE),
    row(Scope("User.ReadWrite.All"), MANAGE_USERS, ACCOUNTS),
    row(Scope("User.Invite.All"), &[InviteGuest], &[Directory]),
    row(Scope("GroupMember.Read.All"), READ_MEMBERSHIPS, EVERYTHING),
    row(Scope("GroupMember.ReadWrite.All"), READ_MEMBERSHIPS, EVERYTHING),
    row(Scope("GroupMember.ReadWrite.All"), &[ManageMembers], &[Group]),
    row(Scope("Group.Read.All"), READ_MEMBERSHIPS, EVERYTHING),
    row(Scope("Group.Read.All"), READ_DELETED, PLAIN_GROUPS),
    row(Scope("Group.ReadWrite.All"), READ_MEMBERSHIPS, EVERYTHING),
    row(Scope("Group.ReadWrite.All"), READ_DELETED, PLAIN_GROUPS),
    row(Scope("Group.ReadWrite.All"), MANAGE_GROUPS, PLAIN_GROUPS),
    row(Scope("Application.Read.All"), &[ReadApplication, ReadDeleted], APPLICATIONS),
    row(Scope("Application.ReadWrite.All"), &[ReadApplication, ReadDeleted], APPLICATIONS),
    row(Scope("Application.ReadWrite.All"), MANAGE_APPLICATIONS, APPLICATIONS),
    row(Scope("AppRoleAssignment.ReadWrite.All"), &[ReadGrants, AssignAppRole], APPLICATIONS),
    row(Scope("DelegatedPermissionGrant.ReadWrite.All"), &[ReadGrants, ManageGrants], APPLICATIONS),
    row(Scope("RoleManagement.Read.Directory"), &[ReadRoles], ROLES),
    row(Scope("RoleManagement.ReadWrite.Directory"), &[ReadRoles, AssignRole], ROLES),
    row(Scope("RoleManagement.ReadWrite.Directory"), MANAGE_GROUPS, ROLE_GROUPS),
    row(Scope("Organization.Read.All"), &[ReadOrganization], &[Directory]),
    row(Scope("Organization.ReadWrite.All"), &[ReadOrganization, UpdateOrganization], &[Directory]),
    row(Scope("Domain.Read.All"), &[ReadDomains], &[Directory]),
    row(Scope("Domain.ReadWrite.All"), &[ReadDomains, ManageDomains], &[Directory]),
    row(Scope("Policy.Read.All"), &[ReadPolicies], &[Directory]),
    row(Scope("Policy.ReadWrite.Authorization"), &[ReadPolicies, UpdatePolicies], &[Directory]),
    row(Scope("AuditLog.Read.All"), &[ReadAudit], &[Directory]),
    row(Scope("Directory.Read.All"), READ_ALL, EVERYTHING),
    row(Scope("Directory.ReadWrite.All"), READ_ALL, EVERYTHING),
    // Microsoft Graph: it neither deletes users nor sets passwords.
    row(Scope("Directory.ReadWrite.All"), KEEP_USERS, ACCOUNTS),
    row(Scope("Directory.ReadWrite.All"), MANAGE_GROUPS, PLAIN_GROUPS),
    row(Scope("Directory.ReadWrite.All"), MANAGE_APPLICATIONS, APPLICATIONS),
    row(Scope("Directory.ReadWrite.All"), &[ManageGrants], APPLICATIONS),
    row(Scope("Directory.AccessAsUser.All"), Action::ALL, EVERYTHING),
    // What applications may by themselves.
    row(App("User.ReadBasic.All"), &[ReadBasicUser], ACCOUNTS),
    row(App("User.Read.All"), READ_USERS, ACCOUNTS),
    row(App("User.Read.All"), READ_DELETED, PEOPLE),
    row(App("User.ReadWrite.All"), READ_USERS, ACCOUNTS),
    row(App("User.ReadWrite.All"), READ_DELETED, PEOPLE),
    row(App("User.ReadWrite.All"), MANAGE_USERS, PEOPLE),
    row(App("User.Invite.All"), &[InviteGuest], &[Directory]),
    row(App("GroupMember.Read.All"), READ_MEMBERSHIPS, EVERYTHING),
    row(App("GroupMember.ReadWrite.All"), READ_MEMBERSHIPS, EVERYTHING),
    row(App("GroupMember.ReadWrite.All"), &[ManageMembers], &[Group]),
    row(App("Group.Read.All"), READ_MEMBERSHIPS, EVERYTHING),
    row(App("Group.Read.All"), READ_DELETED, PLAIN_GROUPS),
    row(App("Group.ReadWrite.All"), READ_MEMBERSHIPS, EVERYTHING),
    row(App("Group.ReadWrite.All"), READ_DELETED, PLAIN_GROUPS),
    row(App("Group.ReadWrite.All"), MANAGE_GROUPS, PLAIN_GROUPS),
    row(App("Application.Read.All"), &[ReadApplication, ReadDeleted], APPLICATIONS),
    row(App("Application.ReadWrite.All"), &[ReadApplication, ReadDeleted], APPLICATIONS),
    row(App("Application.ReadWrite.All"), MANAGE_APPLICATIONS, PLAIN_APPLICATIONS),
    row(App("Application.ReadWrite.OwnedBy"), &[ReadApplication], APPLICATIONS),
    row(OwningApplication("Application.ReadWrite.OwnedBy"), MANAGE_APPLICATIONS, PLAIN_APPLICATIONS),
    row(App("AppRoleAssignment.ReadWrite.All"), &[ReadGrants, AssignAppRole], APPLICATIONS),
    row(App("DelegatedPermissionGrant.ReadWrite.All"), &[ReadGrants, ManageGrants], APPLICATIONS),
    row(App("RoleManagement.Read.Directory"), &[ReadRoles], ROLES),
    row(App("RoleManagement.ReadWrite.Directory"), &[ReadRoles, AssignRole], ROLES),
    row(App("RoleManagement.ReadWrite.Directory"), MANAGE_GROUPS, ROLE_GROUPS),
    row(App("Organization.Read.All"), &[ReadOrganization], &[Directory]),
    row(App("Organization.ReadWrite.All"), &[ReadOrganization, UpdateOrganization], &[Directory]),
    row(App("Domain.Read.All"), &[ReadDomains], &[Directory]),
    row(App("Domain.ReadWrite.All"), &[ReadDomains, ManageDomains], &[Directory]),
    row(App("Policy.Read.All"), &[ReadPolicies], &[Directory]),
    row(App("Policy.ReadWrite.Authorization"), &[ReadPolicies, UpdatePolicies], &[Directory]),
    row(App("AuditLog.Read.All"), &[ReadAudit], &[Directory]),
    row(App("Directory.Read.All"), READ_ALL, EVERYTHING),
    row(App("Directory.ReadWrite.All"), READ_ALL, EVERYTHING),
    row(App("Directory.ReadWrite.All"), KEEP_USERS, PEOPLE),
    row(App("Directory.ReadWrite.All"), MANAGE_GROUPS, PLAIN_GROUPS),
    row(App("Directory.ReadWrite.All"), MANAGE_APPLICATIONS, PLAIN_APPLICATIONS),
];

impl Row {
    /// Whether the row says so.
    pub fn says(&self, action: Action, class: Class) -> bool {
        self.may.contains(&action) && self.on.contains(&class)
    }
}
