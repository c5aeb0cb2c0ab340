//! What an application may say of itself: every rule of a registration, each family in a file of its own.
//!
//! [`check`] looks at the whole of it before any of it is stored, and names every member at fault by its path in Graph.
//! What needs other objects (that no other application of the tenant has the Application ID URI) is an expectation of
//! the commit. Sources: entra-behaviour §2.3 (redirect URIs), §5.2, §5.3; "Validation differences by supported account
//! types" of the Microsoft identity platform.

mod addresses;
mod client_family;
mod clients;
mod credentials;
mod display_name;
mod entitlements;
mod federated_credentials;
mod identifier_uris;
mod identity;
mod optional_claims;
mod permissions;
mod personal_accounts;
mod redirect_uris;
mod required_access;
mod size;
#[cfg(test)]
mod tests;
mod token_lifetime;

use super::Application;

pub use addresses::is_web_address;
pub use identity::is_reserved;
pub use optional_claims::is_known as is_known_optional_claim;
pub use token_lifetime::TOKEN_LIFETIME;

/// What a rule needs to know besides the application.
#[derive(Debug, Clone, Copy, Default)]
pub struct Circumstances<'a> {
    /// The verified domains of the tenant, in lower case.
    pub domains: &'a [String],
    /// It was registered elsewhere, or for SAML: names that can no longer be taken are kept, such as `urn:` names, those
    /// that end with a slash and those on other domains, and so are optional claims that nobody here knows.
    pub registered_before: bool,
}

/// What is wrong with one member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The path in Graph's names: `api.oauth2PermissionScopes[1].value`.
    pub member: String,
    /// Which rule it breaks.
    pub rule: Rule,
    /// What is wrong, in a sentence.
    pub reason: String,
}

/// The rules, as far as clients tell them apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Rule {
    /// The value has not the form it must have.
    Form,
    /// It is too long, or empty where it may not be.
    Length,
    /// There are too many.
    Count,
    /// It is there twice.
    Duplicate,
    /// An Application ID URI is not on a domain of the organisation.
    NotOnVerifiedDomain,
    /// An enabled permission is removed or changed.
    EnabledEntitlement,
    /// Personal accounts need access tokens of version 2.
    TokenVersion,
    /// Not possible with personal accounts.
    PersonalAccounts,
    /// It names something that is not there.
    Unknown,
    /// It cannot be changed.
    Immutable,
    /// It belongs to a well-known application.
    Reserved,
    /// It is out of bounds.
    Range,
}

/// Looks at all of an application, and at what became of it if there is one already.
pub fn check(
    new: &Application,
    old: Option<&Application>,
    circumstances: &Circumstances<'_>,
) -> Result<(), Vec<Problem>> {
    let mut found = Findings::default();
    // First, and alone: what follows compares entries with one another.
    size::check(new, &mut found);
    if !found.0.is_empty() {
        return found.unless_any();
    }
    identity::check(new, old, &mut found);
    display_name::check(new, &mut found);
    identifier_uris::check(new, old, circumstances, &mut found);
    permissions::check(new, &mut found);
    entitlements::check(new, old, &mut found);
    redirect_uris::check(new, &mut found);
    addresses::check(new, &mut found);
    required_access::check(new, &mut found);
    clients::check(new, &mut found);
    client_family::check(new, &mut found);
    optional_claims::check(new, circumstances, &mut found);
    federated_credentials::check(new, old, &mut found);
    token_lifetime::check(new, &mut found);
    credentials::check(new, &mut found);
    personal_accounts::check(new, &mut found);
    found.unless_any()
}

/// No more problems of one application are told.
const MAX_PROBLEMS: usize = 100;

/// The problems found so far.
#[derive(Debug, Default)]
struct Findings(Vec<Problem>);

impl Findings {
    fn add(&mut self, member: impl Into<String>, rule: Rule, reason: impl Into<String>) {
        if self.0.len() < MAX_PROBLEMS {
            self.0.push(Problem { member: member.into(), rule, reason: reason.into() });
        }
    }

    /// At most so many; says so otherwise.
    fn at_most(&mut self, limit: usize, found: usize, member: &str, rule: Rule) {
        if found > limit {
            self.add(member, rule, format!("there are {found}, and at most {limit} are possible"));
        }
    }

    fn unless_any(self) -> Result<(), Vec<Problem>> {
        if self.0.is_empty() { Ok(()) } else { Err(self.0) }
    }
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.member, self.reason)
    }
}
