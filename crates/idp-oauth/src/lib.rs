//! OAuth 2.0 and OpenID Connect, v2.0 endpoints. One folder or file an endpoint; each opens with its steps.
//!
//! | endpoint | where |
//! |---|---|
//! | `/{tenant}/oauth2/v2.0/authorize` | [`authorize`] |
//! | `/{tenant}/adminconsent`, `/{tenant}/v2.0/adminconsent` | [`admin_consent`] |
//! | `/{tenant}/oauth2/v2.0/token` | [`token`] |
//! | `/{tenant}/oauth2/v2.0/logout` | [`logout`] |
//! | `/oidc/userinfo` | [`userinfo`] |
//! | `/{tenant}/v2.0/.well-known/openid-configuration` and what clients read before anything else | [`discovery`] |

pub mod admin_consent;
pub mod authorize;
pub mod discovery;
pub mod logout;
pub mod resources;
pub mod token;
pub mod userinfo;
