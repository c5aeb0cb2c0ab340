//! What can be done, in the words of the authorization table.

macro_rules! actions {
    ($($(#[doc = $doc:literal])+ $name:ident $kind:ident $words:literal;)+) => {
        /// What can be done to a directory.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Action {
            $($(#[doc = $doc])+ $name,)+
        }

        impl Action {
            /// Everything that can be done.
            pub const ALL: &[Self] = &[$(Self::$name),+];

            /// Whether something is different afterwards.
            pub const fn writes(self) -> bool {
                match self {
                    $(Self::$name => Effect::$kind.writes(),)+
                }
            }

            /// In a few words, for the reference.
            pub const fn words(self) -> &'static str {
                match self {
                    $(Self::$name => $words,)+
                }
            }
        }
    };
}

enum Effect {
    Reads,
    Writes,
}

impl Effect {
    const fn writes(self) -> bool {
        matches!(self, Self::Writes)
    }
}

actions! {
    /// Read the name and address of a user.
    ReadBasicUser Reads "read basic profiles";
    /// Read all of a user.
    ReadUser Reads "read users";
    /// Read which groups and roles a user has.
    ReadUserMembership Reads "read memberships of users";
    /// Make a user.
    CreateUser Writes "create users";
    /// Invite somebody from elsewhere.
    InviteGuest Writes "invite guests";
    /// Change how a person is reached: what people may change of themselves.
    UpdateContact Writes "change contact details";
    /// Change the rest of a profile.
    UpdateUser Writes "change users";
    /// Change what decides whether and as whom a person signs in.
    UpdateSignIn Writes "change sign-in of users";
    /// Delete a user, who can be brought back.
    DeleteUser Writes "delete users";
    /// Bring a deleted user back.
    RestoreUser Writes "restore users";
    /// Delete a deleted user for good.
    PurgeUser Writes "delete users for good";
    /// Set the password of a person.
    ResetPassword Writes "reset passwords";
    /// Change one's own password, knowing it.
    ChangeOwnPassword Writes "change one's own password";
    /// End the sessions of a person.
    RevokeSessions Writes "revoke sessions";

    /// Read a group.
    ReadGroup Reads "read groups";
    /// Read who belongs to a group.
    ReadMembers Reads "read members of groups";
    /// Make a group.
    CreateGroup Writes "create groups";
    /// Change a group.
    UpdateGroup Writes "change groups";
    /// Delete a group, which can be brought back.
    DeleteGroup Writes "delete groups";
    /// Bring a deleted group back.
    RestoreGroup Writes "restore groups";
    /// Delete a deleted group for good.
    PurgeGroup Writes "delete groups for good";
    /// Add and take members.
    ManageMembers Writes "manage members of groups";
    /// Add and take owners of a group.
    ManageGroupOwners Writes "manage owners of groups";

    /// Read applications and service principals.
    ReadApplication Reads "read applications";
    /// Register an application.
    CreateApplication Writes "register applications";
    /// Make a service principal.
    CreateServicePrincipal Writes "create service principals";
    /// Change an application or a service principal.
    UpdateApplication Writes "change applications";
    /// Delete an application or a service principal, which can be brought back.
    DeleteApplication Writes "delete applications";
    /// Bring a deleted application or service principal back.
    RestoreApplication Writes "restore applications";
    /// Delete a deleted application or service principal for good.
    PurgeApplication Writes "delete applications for good";
    /// Add and take credentials of an application or a service principal.
    ManageCredentials Writes "manage credentials of applications";
    /// Say which applications use each other's refresh tokens: whoever owns one does not own the others.
    ManageClientFamilies Writes "manage families of applications";
    /// Add and take owners of an application or a service principal.
    ManageApplicationOwners Writes "manage owners of applications";

    /// Read which permissions were granted.
    ReadGrants Reads "read permission grants";
    /// Grant and withdraw delegated permissions.
    ManageGrants Writes "manage delegated permission grants";
    /// Assign and take app roles.
    AssignAppRole Writes "manage app role assignments";

    /// Read directory roles and who has them.
    ReadRoles Reads "read directory roles";
    /// Give and take directory roles.
    AssignRole Writes "manage directory roles";

    /// Read what was deleted and can be brought back.
    ReadDeleted Reads "read deleted objects";
    /// Read the organization.
    ReadOrganization Reads "read the organization";
    /// Change the organization.
    UpdateOrganization Writes "change the organization";
    /// Read what users may do without an administrator.
    ReadPolicies Reads "read policies";
    /// Change it.
    UpdatePolicies Writes "change policies";
    /// Read the domains.
    ReadDomains Reads "read domains";
    /// Add and remove domains.
    ManageDomains Writes "manage domains";
    /// Read the audit record.
    ReadAudit Reads "read the audit record";
}
