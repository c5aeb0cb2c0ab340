//! The two dialects of OAuth 2.0 that this server speaks: that of the v1.0 endpoints, which ADAL and programs of its time
//! use, and that of the v2.0 endpoints.
//!
//! They differ at the rim: in the path, in how a request says what it wants (`resource`, or `scope`), in the form of the
//! ID token and in how the token answer is written. All of that is asked here; what lies between does not know which of
//! the two is spoken. Neither does anything that is issued: a code or a refresh token from one endpoint is good at the
//! other.
//!
//! | | v1.0 | v2.0 |
//! |---|---|---|
//! | paths | `/{tenant}/oauth2/…` | `/{tenant}/oauth2/v2.0/…` |
//! | what is wanted | `resource=R` | `scope=R/.default`, or permissions one by one |
//! | ID and refresh token | always, for a person | with `openid` and `offline_access` |
//! | numbers in answers | texts | numbers |
//! | a proof key for native programs | if they like | always |

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use http::request::Parts;
use idp_domain::applications::Platform;
use idp_domain::tokens::TokenForm;
use serde::{Deserialize, Serialize};
use vestibule_wire::form::Form;
use vestibule_wire::oauth::{Figure, param};
use vestibule_wire::scope::{self, MalformedScope, ScopeRequest};

/// A dialect.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Dialect {
    /// That of the v1.0 endpoints.
    V1,
    /// That of the v2.0 endpoints.
    V2,
}

/// What a request wants cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unreadable {
    /// `resource`, in the dialect that has scopes.
    ResourceParameter,
    /// A scope that is none.
    Scope(String),
    /// A resource that nothing can be called.
    Resource,
}

/// The words that a sign-in at the v1.0 endpoints asks for without saying so.
const UNSAID: &str = "openid profile offline_access";

impl Dialect {
    /// The dialect that is spoken at a path.
    pub fn of_path(path: &str) -> Self {
        // The first segment is the tenant's, the one before it is empty.
        if path.split('/').skip(2).any(|segment| segment == "v2.0") { Self::V2 } else { Self::V1 }
    }

    /// The path of an endpoint of a tenant.
    pub fn path(self, tenant: &str, endpoint: &str) -> String {
        match self {
            Self::V1 => format!("/{tenant}/oauth2/{endpoint}"),
            Self::V2 => format!("/{tenant}/oauth2/v2.0/{endpoint}"),
        }
    }

    /// The form of its ID tokens, which is that of its issuers too.
    pub const fn form(self) -> TokenForm {
        match self {
            Self::V1 => TokenForm::V1,
            Self::V2 => TokenForm::V2,
        }
    }

    /// The issuer that its documents and answers name. `tenant` is an id, or the placeholder for one.
    pub fn issuer(self, origin: &str, tenant: &str) -> String {
        self.form().issuer(origin, tenant)
    }

    /// A number, as it is written in answers.
    pub fn figure(self, number: i64) -> Figure {
        match self {
            Self::V1 => Figure::Text(number.to_string()),
            Self::V2 => Figure::Number(number),
        }
    }

    /// The parameter by which a request says what it wants.
    pub const fn wish(self) -> &'static str {
        match self {
            Self::V1 => param::RESOURCE,
            Self::V2 => param::SCOPE,
        }
    }

    /// Whether a code for this kind of program must be asked for with a proof key (RFC 9700 §2.1.1). Programs of the time
    /// of v1.0 have none: of ADAL, native ones cannot send it. A single page always does, since nothing else vouches for
    /// it.
    pub const fn demands_proof_key(self, platform: Platform) -> bool {
        match (self, platform) {
            (_, Platform::Spa) | (Self::V2, Platform::Native) => true,
            (_, Platform::Web) | (Self::V1, Platform::Native) => false,
        }
    }

    /// What a token request wants, as a v2.0 scope; none if it says nothing. v1.0 passes `scope` over.
    pub fn wanted(self, form: &Form) -> Result<Option<String>, Unreadable> {
        match self {
            Self::V1 => form.get(param::RESOURCE).map(all_of).transpose(),
            Self::V2 if form.has(param::RESOURCE) => Err(Unreadable::ResourceParameter),
            Self::V2 => Ok(form.get(param::SCOPE).map(str::to_owned)),
        }
    }

    /// What a sign-in wants, as a v2.0 scope. v1.0 signs in without naming a resource too; a v2.0 request must name
    /// something, and none is the answer if it does not.
    pub fn wanted_at_sign_in(self, form: &Form) -> Result<Option<String>, Unreadable> {
        let wanted = match (self, self.wanted(form)?) {
            (Self::V1, None) => Some(UNSAID.to_owned()),
            (_, wanted) => wanted,
        };
        if let Some(scope) = &wanted {
            ScopeRequest::parse(scope).map_err(|MalformedScope(word)| Unreadable::Scope(word))?;
        }
        Ok(wanted)
    }
}

/// Everything consented to on a resource, and what a sign-in at the v1.0 endpoints comes with.
fn all_of(resource: &str) -> Result<String, Unreadable> {
    let wanted = format!("{UNSAID} {resource}/{}", scope::DEFAULT);
    // One word, and nothing else: a space would make two of it.
    let one = ScopeRequest::parse(&wanted).is_ok_and(|asked| asked.permissions.len() == 1);
    let whole = !resource.is_empty() && !resource.contains(|c: char| c.is_ascii_whitespace());
    if one && whole { Ok(wanted) } else { Err(Unreadable::Resource) }
}

impl<S: Sync> FromRequestParts<S> for Dialect {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        Ok(Self::of_path(parts.uri.path()))
    }
}

#[cfg(test)]
mod tests {
    use vestibule_wire::scope::{Permission, ResourceName};

    use super::*;

    fn wanted(dialect: Dialect, fields: &[(&str, &str)]) -> Result<Option<String>, Unreadable> {
        let form = vestibule_wire::form::encode(fields.iter().copied());
        dialect.wanted_at_sign_in(&Form::parse(form.as_bytes()).unwrap())
    }

    #[test]
    fn the_path_says_which_dialect_is_spoken() {
        for path in
            ["/contoso.test/oauth2/v2.0/token", "/common/v2.0/adminconsent", "/v2.0/oauth2/v2.0/token"]
        {
            assert_eq!(Dialect::of_path(path), Dialect::V2, "{path}");
        }
        for path in ["/contoso.test/oauth2/token", "/common/adminconsent", "/v2.0/oauth2/token", "/", ""] {
            assert_eq!(Dialect::of_path(path), Dialect::V1, "{path}");
        }
    }

    #[test]
    fn a_resource_means_everything_consented_to_on_it() {
        for resource in
            ["api://contoso-api", "https://graph.microsoft.com/", "00000003-0000-0000-c000-000000000000"]
        {
            let text =
                wanted(Dialect::V1, &[("resource", resource), ("scope", "passed over")]).unwrap().unwrap();
            let asked = ScopeRequest::parse(&text).unwrap();
            assert!(asked.oidc.openid && asked.oidc.offline_access);
            assert_eq!(asked.permissions[0].resource, ResourceName::Named(resource.to_owned()));
            assert_eq!(asked.permissions[0].permission, Permission::Default);
        }
    }

    #[test]
    fn az_28_a_resource_is_one_name_and_smuggles_no_scope() {
        for resource in ["a b", "a/.default b", "a\tUser.Read", " a", "a\"", "ä", &"x".repeat(4000)] {
            assert_eq!(
                wanted(Dialect::V1, &[("resource", resource)]),
                Err(Unreadable::Resource),
                "{resource}"
            );
        }
    }

    #[test]
    fn each_dialect_has_its_own_parameter() {
        assert_eq!(wanted(Dialect::V1, &[]).unwrap().as_deref(), Some(UNSAID));
        assert_eq!(wanted(Dialect::V2, &[]), Ok(None));
        let both = [("resource", "api://a"), ("scope", "api://a/read")];
        assert_eq!(wanted(Dialect::V2, &both), Err(Unreadable::ResourceParameter));
    }
}
