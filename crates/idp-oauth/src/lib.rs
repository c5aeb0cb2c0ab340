//! OAuth 2.0 and OpenID Connect, v2.0 endpoints. One folder an endpoint; each opens with its steps.
//!
//! | endpoint | where |
//! |---|---|
//! | `/{tenant}/oauth2/v2.0/token` | [`token`] |
//! | `/{tenant}/v2.0/.well-known/openid-configuration` and what clients read before anything else | [`discovery`] |

pub mod discovery;
pub mod resources;
pub mod token;
