//! The `scope` parameter of the v2.0 endpoints (RFC 6749 §3.3, with Entra's meaning).
//!
//! A scope is one of the four OpenID Connect words, or a permission of a resource: `{resource}/{permission}`, where the
//! resource is an Application ID URI or a client id, and everything after the *last* slash is the permission
//! (`https://vault.example//user_impersonation` means the resource `https://vault.example/`). A permission without a
//! resource (`User.Read`) is Microsoft Graph's. `{resource}/.default` asks for everything consented to.

use std::fmt;

/// At most this many scopes in one request (AZ-25). Entra's own limit is in the length of the URL.
pub const MAX_SCOPES: usize = 100;

/// `.default`: every permission of the resource that has been consented to.
pub const DEFAULT: &str = ".default";

/// Which of the OpenID Connect scopes were asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct OidcScopes {
    /// `openid`: an ID token.
    pub openid: bool,
    /// `profile`: name, user name and object id.
    pub profile: bool,
    /// `email`: the mail address.
    pub email: bool,
    /// `offline_access`: a refresh token.
    pub offline_access: bool,
}

impl OidcScopes {
    /// The words that token answers and access tokens list: all but `offline_access`, which live answers omit.
    pub fn listed(self) -> impl Iterator<Item = &'static str> {
        [(self.openid, "openid"), (self.profile, "profile"), (self.email, "email")]
            .into_iter()
            .filter_map(|(asked, word)| asked.then_some(word))
    }

    /// Of these words, those that `keep` says yes to.
    #[must_use]
    pub fn filter(self, keep: impl Fn(&str) -> bool) -> Self {
        Self {
            openid: self.openid && keep("openid"),
            profile: self.profile && keep("profile"),
            email: self.email && keep("email"),
            offline_access: self.offline_access && keep("offline_access"),
        }
    }

    /// These words and those of `others`.
    #[must_use]
    pub const fn and(self, others: Self) -> Self {
        Self {
            openid: self.openid || others.openid,
            profile: self.profile || others.profile,
            email: self.email || others.email,
            offline_access: self.offline_access || others.offline_access,
        }
    }

    /// Whether a scope is one of the four words.
    pub fn is_word(scope: &str) -> bool {
        Self::default().set(scope)
    }

    fn set(&mut self, word: &str) -> bool {
        let flag = match word {
            "openid" => &mut self.openid,
            "profile" => &mut self.profile,
            "email" => &mut self.email,
            "offline_access" => &mut self.offline_access,
            _ => return false,
        };
        *flag = true;
        true
    }
}

/// The resource a scope names, as spelled.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum ResourceName {
    /// No resource was named: Microsoft Graph.
    MicrosoftGraph,
    /// An Application ID URI or a client id.
    Named(String),
}

impl fmt::Display for ResourceName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::MicrosoftGraph => f.write_str("Microsoft Graph"),
            Self::Named(name) => f.write_str(name),
        }
    }
}

/// What is asked of a resource.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Permission {
    /// `.default`.
    Default,
    /// A delegated permission by its value.
    Named(String),
}

/// One scope that names a permission.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResourceScope {
    /// The scope exactly as the client wrote it. MSAL Go fails the call when the answer spells it differently.
    pub spelled: String,
    /// The resource.
    pub resource: ResourceName,
    /// The permission.
    pub permission: Permission,
}

/// A `scope` parameter, taken apart.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ScopeRequest {
    /// The OpenID Connect words.
    pub oidc: OidcScopes,
    /// The permissions, in the order asked, without repetitions.
    pub permissions: Vec<ResourceScope>,
}

/// The parameter could not be understood (AADSTS70011); carries the offending scope.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MalformedScope(pub String);

impl ScopeRequest {
    /// Takes a `scope` parameter apart.
    ///
    /// ```
    /// # use vestibule_wire::scope::{ScopeRequest, Permission, ResourceName};
    /// let asked = ScopeRequest::parse("openid api://contoso-api/Tasks.Read").unwrap();
    /// assert!(asked.oidc.openid);
    /// assert_eq!(asked.permissions[0].resource, ResourceName::Named("api://contoso-api".into()));
    /// assert_eq!(asked.permissions[0].permission, Permission::Named("Tasks.Read".into()));
    /// ```
    pub fn parse(text: &str) -> Result<Self, MalformedScope> {
        let mut request = Self::default();
        for (index, word) in text.split_ascii_whitespace().enumerate() {
            // RFC 6749 appendix A.4: scope-token = 1*( %x21 / %x23-5B / %x5D-7E ).
            let legal = word.bytes().all(|b| matches!(b, 0x21 | 0x23..=0x5b | 0x5d..=0x7e));
            if !legal || word.len() > 512 || index >= MAX_SCOPES {
                return Err(MalformedScope(word.chars().take(512).collect()));
            }
            if request.oidc.set(word) {
                continue;
            }
            let scope = ResourceScope::parse(word)?;
            if !request.permissions.contains(&scope) {
                request.permissions.push(scope);
            }
        }
        match request.mixes_default() {
            Some(spelled) => Err(MalformedScope(spelled.to_owned())),
            None => Ok(request),
        }
    }

    /// The distinct resources named, in the order asked.
    pub fn resources(&self) -> Vec<&ResourceName> {
        let mut seen = Vec::new();
        for scope in &self.permissions {
            if !seen.contains(&&scope.resource) {
                seen.push(&scope.resource);
            }
        }
        seen
    }

    /// AZ-26: `.default` of a resource beside a named permission of the same resource contradicts itself.
    fn mixes_default(&self) -> Option<&str> {
        let named = |resource: &ResourceName| {
            self.permissions.iter().any(|s| s.resource == *resource && s.permission != Permission::Default)
        };
        self.permissions
            .iter()
            .find(|s| s.permission == Permission::Default && named(&s.resource))
            .map(|s| s.spelled.as_str())
    }
}

impl ResourceScope {
    fn parse(word: &str) -> Result<Self, MalformedScope> {
        let (resource, permission) = match word.rsplit_once('/') {
            None => (ResourceName::MicrosoftGraph, word),
            Some((resource, permission)) if !resource.is_empty() && !permission.is_empty() => {
                (ResourceName::Named(resource.to_owned()), permission)
            }
            Some(_) => return Err(MalformedScope(word.to_owned())),
        };
        let permission = match permission {
            DEFAULT => Permission::Default,
            name => Permission::Named(name.to_owned()),
        };
        Ok(Self { spelled: word.to_owned(), resource, permission })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(text: &str) -> ResourceScope {
        let mut parsed = ScopeRequest::parse(text).unwrap();
        assert_eq!(parsed.permissions.len(), 1);
        parsed.permissions.remove(0)
    }

    #[test]
    fn a_scope_without_a_resource_is_microsoft_graphs() {
        assert_eq!(one("User.Read").resource, ResourceName::MicrosoftGraph);
    }

    #[test]
    fn az_27_the_double_slash_belongs_to_the_resource() {
        assert_eq!(
            one("https://vault.example//.default").resource,
            ResourceName::Named("https://vault.example/".into())
        );
    }

    #[test]
    fn az_25_too_many_or_illegal_scopes_are_malformed() {
        let many = (0..500).map(|i| format!("s{i}")).collect::<Vec<_>>().join(" ");
        for text in [many.as_str(), "a\"b", "a\\b", "ä", "api://x/", "/x", &"x".repeat(64 * 1024)] {
            assert!(ScopeRequest::parse(text).is_err(), "{}", &text[..text.len().min(20)]);
        }
    }

    #[test]
    fn az_26_default_beside_named_permissions_of_the_same_resource_is_refused() {
        assert!(ScopeRequest::parse("api://x/.default api://x/read").is_err());
        assert!(ScopeRequest::parse("api://x/.default openid offline_access").is_ok());
        assert!(ScopeRequest::parse("api://x/.default User.Read").is_ok());
    }

    #[test]
    fn repeated_scopes_count_once() {
        assert_eq!(ScopeRequest::parse("a a  a").unwrap().permissions.len(), 1);
    }
}
