//! OAuth 2.0 and OpenID Connect. One folder or file an endpoint; each opens with its steps. Each is there in two dialects,
//! and what differs between them is asked of [`dialect::Dialect`].
//!
//! | endpoint of v2.0 | of v1.0 | where |
//! |---|---|---|
//! | `/{tenant}/oauth2/v2.0/authorize` | `/{tenant}/oauth2/authorize` | [`authorize`] |
//! | `/{tenant}/v2.0/adminconsent` | `/{tenant}/adminconsent` | [`admin_consent`] |
//! | `/{tenant}/oauth2/v2.0/devicecode` | `/{tenant}/oauth2/devicecode` | [`device`] |
//! | `/{tenant}/oauth2/v2.0/token` | `/{tenant}/oauth2/token` | [`token`] |
//! | `/{tenant}/oauth2/v2.0/logout` | `/{tenant}/oauth2/logout` | [`logout`] |
//! | `/oidc/userinfo` | `/{tenant}/openid/userinfo` | [`userinfo`] |
//! | `/{tenant}/v2.0/.well-known/openid-configuration` and what clients read before anything else | `/{tenant}/.well-known/openid-configuration` | [`discovery`] |

pub mod admin_consent;
pub mod authorize;
mod delegation;
pub mod device;
pub mod dialect;
pub mod discovery;
mod id_token_hint;
pub mod logout;
pub mod token;
pub mod userinfo;
