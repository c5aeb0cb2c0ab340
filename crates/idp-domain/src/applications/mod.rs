//! Applications and service principals, and the two roles they play: the client that asks, the resource asked for.
//!
//! An *application* is a registration, in its home tenant only. A *service principal* is what it is in one tenant:
//! the object that permissions are granted to and on. A request at a tenant needs both, read together as a
//! [`Registration`].

mod application;
mod assignment;
mod audience;
mod certificate;
mod client;
mod client_secret;
mod credentials;
mod first_party;
mod key_possession;
mod manner;
mod redirect_uri;
mod resource;
pub mod rules;
mod service_principal;

pub use application::{Application, ImplicitGrant};
pub use assignment::{AppRoleAssignment, DEFAULT_ACCESS};
pub use audience::{GroupMembershipClaims, SignInAudience, TokenVersion, UnknownGroupClaim};
pub use certificate::BadCertificate;
pub use client::{
    AssertionRefusal, AuthenticatedClient, Client, ClientRefusal, MatchedCredential, Mismatch, PublicClient,
    Realm, ValidityWindow,
};
pub use client_secret::{EndsTooSoon, NewSecret};
pub use credentials::{Certificate, ClientSecret, FederatedCredential, ParsedKey};
pub use first_party::microsoft_graph;
pub use key_possession::{KeyPossession, NotProved};
pub use manner::WrongManner;
pub use redirect_uri::{MalformedRedirectUri, Platform, RedirectUri, TrustedRedirect};
pub use resource::{AssignedRoles, NotAssigned, Resource};
pub use service_principal::{Registration, ServicePrincipal};
