//! What an application says of whom it is for and of its tokens: words of its manifest that are choices.

use serde::{Deserialize, Serialize};

/// Whose accounts may sign in to an application (`signInAudience`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum SignInAudience {
    /// Accounts of the home tenant.
    AzureADMyOrg,
    /// Work and school accounts of any tenant.
    AzureADMultipleOrgs,
    /// Those and personal accounts.
    AzureADandPersonalMicrosoftAccount,
    /// Personal accounts only.
    PersonalMicrosoftAccount,
}

impl SignInAudience {
    /// Whether accounts of more than one tenant may sign in.
    pub const fn is_multi_tenant(self) -> bool {
        !matches!(self, Self::AzureADMyOrg)
    }

    /// Whether work and school accounts of other tenants may sign in.
    pub const fn takes_other_organisations(self) -> bool {
        matches!(self, Self::AzureADMultipleOrgs | Self::AzureADandPersonalMicrosoftAccount)
    }

    /// Whether personal accounts may sign in.
    pub const fn takes_personal_accounts(self) -> bool {
        matches!(self, Self::AzureADandPersonalMicrosoftAccount | Self::PersonalMicrosoftAccount)
    }
}

/// The form of access tokens for a resource (`api.requestedAccessTokenVersion`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum TokenVersion {
    /// Not said: the v1.0 form, as Entra does.
    #[default]
    Unsaid,
    /// The v1.0 form.
    V1,
    /// The v2.0 form.
    V2,
}

impl TokenVersion {
    /// Whether tokens have the v2.0 form.
    pub const fn is_v2(self) -> bool {
        matches!(self, Self::V2)
    }
}

/// Which groups and roles of a user the tokens of an application tell of (`groupMembershipClaims`). The manifest has a
/// word, or several with commas between them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(into = "Option<String>", try_from = "Option<String>")]
pub struct GroupMembershipClaims {
    /// `SecurityGroup`: security groups, and directory roles.
    pub security_groups: bool,
    /// `DirectoryRole`: directory roles.
    pub directory_roles: bool,
    /// `ApplicationGroup`: groups assigned to the application.
    pub application_groups: bool,
    /// `All`: security groups, distribution lists, directory roles.
    pub all: bool,
}

/// The word is none of them.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("'{0}' is not None, SecurityGroup, DirectoryRole, ApplicationGroup or All")]
pub struct UnknownGroupClaim(pub String);

impl GroupMembershipClaims {
    /// Reads the manifest's text.
    pub fn parse(text: &str) -> Result<Self, UnknownGroupClaim> {
        let mut claims = Self::default();
        for word in text.split(',').map(str::trim) {
            match word {
                "" | "None" => {}
                "SecurityGroup" => claims.security_groups = true,
                "DirectoryRole" => claims.directory_roles = true,
                "ApplicationGroup" => claims.application_groups = true,
                "All" => claims.all = true,
                other => return Err(UnknownGroupClaim(other.to_owned())),
            }
        }
        Ok(claims)
    }

    /// Whether tokens tell of groups.
    pub const fn groups(self) -> bool {
        self.security_groups || self.application_groups || self.all
    }

    /// Whether tokens tell of directory roles (`wids`).
    pub const fn roles(self) -> bool {
        self.security_groups || self.directory_roles || self.all
    }
}

impl TryFrom<Option<String>> for GroupMembershipClaims {
    type Error = UnknownGroupClaim;

    fn try_from(text: Option<String>) -> Result<Self, UnknownGroupClaim> {
        text.map_or_else(|| Ok(Self::default()), |text| Self::parse(&text))
    }
}

impl From<GroupMembershipClaims> for Option<String> {
    fn from(claims: GroupMembershipClaims) -> Self {
        let words = [
            (claims.all, "All"),
            (claims.security_groups, "SecurityGroup"),
            (claims.directory_roles, "DirectoryRole"),
            (claims.application_groups, "ApplicationGroup"),
        ];
        let said: Vec<_> = words.into_iter().filter_map(|(said, word)| said.then_some(word)).collect();
        (!said.is_empty()).then(|| said.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn group_claims_are_read_and_written_in_the_manifests_words() {
        let read = |text: &str| GroupMembershipClaims::parse(text).unwrap();
        assert!(read("SecurityGroup").roles() && read("SecurityGroup").groups());
        assert!(read("DirectoryRole").roles() && !read("DirectoryRole").groups());
        assert!(!read("None").groups());
        assert_eq!(
            Option::<String>::from(read("ApplicationGroup,SecurityGroup")).unwrap(),
            "SecurityGroup, ApplicationGroup"
        );
        assert!(GroupMembershipClaims::parse("Everything").is_err());
    }
}
