//! The specification of Vestibule, over HTTP. One file an endpoint or a grant; a test's name is a sentence, and begins
//! with the id of the attack case it covers, where there is one.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod administrator;
mod authorization_code;
mod authorize;
mod client_authentication;
mod client_credentials;
mod consent;
mod coverage;
mod discovery;
mod flows;
mod front;
mod graph;
mod graph_applications;
mod graph_grants;
mod instance;
mod keys;
mod lockout;
mod logout;
mod pkce;
mod production;
mod redirect_uri;
mod refresh_token;
mod resources;
mod sessions;
mod sign_in;
mod spa;
mod tenant_file;
mod token_endpoint;
mod transport;
mod user_realm;
mod userinfo;
mod what_the_log_says;
