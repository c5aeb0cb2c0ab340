//! The words on the wire, as types: what Entra ID, OAuth 2.0 and OpenID Connect programs send and read.
//!
//! This crate owns the spelling of every identifier, parameter, claim, document and error, and nothing else:
//! no I/O, no clock, no cryptography, no decision. A server and a client that both use it cannot disagree on a word.
//!
//! | module | owns |
//! |---|---|
//! | [`ids`] | tenant, client and object identifiers |
//! | [`authority`] | the first path segment: a tenant, a domain, `common`, `organizations`, `consumers` |
//! | [`form`] | `application/x-www-form-urlencoded`, read strictly |
//! | [`scope`] | the `scope` parameter |
//! | [`oauth`] | grant types, response types and modes, prompts, token answers |
//! | [`pkce`] | code challenges and verifiers, as text |
//! | [`client_info`] | the `client_info` member that MSAL keys its accounts by |
//! | [`claims`] | the payload of each token form |
//! | [`discovery`] | OpenID configuration, instance discovery, user realm |
//! | [`graph`] | the parts of Microsoft Graph's application |
//! | [`manifest`] | application manifests, in the old form and in Microsoft Graph's |
//! | [`aadsts`] | the one error table |
//! | [`graph_error`] | Microsoft Graph's error body and its codes |
#![deny(missing_docs)]

pub mod aadsts;
pub mod authority;
pub mod claims;
pub mod client_info;
pub mod discovery;
pub mod form;
pub mod graph;
pub mod graph_error;
pub mod ids;
pub mod manifest;
pub mod oauth;
pub mod pkce;
pub mod scope;
