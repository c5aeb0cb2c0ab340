//! Directory roles: what somebody may do to the directory itself. Named by the ids of their templates, which are the
//! same in every tenant.

use uuid::Uuid;

/// A built-in directory role.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DirectoryRole {
    /// The template id: a value of `wids`.
    pub template: Uuid,
    /// The name people know it by.
    pub name: &'static str,
    /// What it may do.
    pub description: &'static str,
    /// Whoever holds it can reach everything there is: only a Global Administrator may give it, take it, or set the
    /// password of somebody who holds it.
    pub privileged: bool,
}

macro_rules! roles {
    ($($constant:ident $template:literal $name:literal $privileged:literal $description:literal;)+) => {
        $(
            #[doc = concat!($name, ": ", $description)]
            pub const $constant: Uuid = Uuid::from_u128($template);
        )+

        /// All built-in roles.
        pub const ALL: &[DirectoryRole] = &[$(
            DirectoryRole { template: $constant, name: $name, description: $description, privileged: $privileged },
        )+];
    };
}

roles! {
    GLOBAL_ADMINISTRATOR 0x62e90394_69f5_4237_9190_012177145e10 "Global Administrator" true
        "Can manage everything in the directory.";
    PRIVILEGED_ROLE_ADMINISTRATOR 0xe8611ab8_c189_46e8_94e1_60213ab1f814 "Privileged Role Administrator" true
        "Can manage role assignments.";
    APPLICATION_ADMINISTRATOR 0x9b895d92_2cd3_44c7_9d02_a6ac2d5ea5c3 "Application Administrator" true
        "Can manage applications and service principals, and consent to their permissions.";
    CLOUD_APPLICATION_ADMINISTRATOR 0x158c047a_c907_4556_b7ef_446551a6b5f7 "Cloud Application Administrator" true
        "Can manage applications and service principals, and consent to their permissions.";
    USER_ADMINISTRATOR 0xfe930be7_5e62_47db_91af_98c3a49a38b1 "User Administrator" false
        "Can manage users and groups, but nobody who administers.";
    GROUPS_ADMINISTRATOR 0xfdd7a751_b60b_444a_984c_02652fe8fa1c "Groups Administrator" false
        "Can manage groups.";
    HELPDESK_ADMINISTRATOR 0x729827e3_9c14_49f7_bb1b_9608f156bbb8 "Helpdesk Administrator" false
        "Can reset the passwords of people who do not administer.";
    GLOBAL_READER 0xf2ef992c_3afb_46b9_b7cf_a126ee74c451 "Global Reader" false
        "Can read everything a Global Administrator can, and change nothing.";
    DIRECTORY_READERS 0x88d8e3e3_8f55_4a1e_953a_9b9898b8876b "Directory Readers" false
        "Can read the directory.";
    DIRECTORY_WRITERS 0x9360feb5_f418_4baa_8175_e2a00bac4301 "Directory Writers" false
        "Can read the directory, and manage groups.";
    GUEST_INVITER 0x95e79109_95c0_4d8e_aee3_d01accf2d47b "Guest Inviter" false
        "Can invite people from elsewhere.";
}

/// The value of `wids` that every ordinary member's tokens have.
pub const ORDINARY_MEMBER: Uuid = Uuid::from_u128(0xb79fbf4d_3ef9_4689_8143_76b194e85509);

/// The value of `wids` that an application's own tokens for Microsoft Graph have.
pub const ORDINARY_APPLICATION: Uuid = Uuid::from_u128(0x0997a1d0_0d1d_4acb_b408_d5ca73121e90);

/// The role with this template.
pub fn find(template: Uuid) -> Option<&'static DirectoryRole> {
    ALL.iter().find(|role| role.template == template)
}

/// The name people know a role by.
pub fn name(template: Uuid) -> Option<&'static str> {
    find(template).map(|role| role.name)
}

/// Whether whoever holds these roles administers in a way that only a Global Administrator may touch.
pub fn any_privileged(held: &[Uuid]) -> bool {
    held.iter().filter_map(|template| find(*template)).any(|role| role.privileged)
}
