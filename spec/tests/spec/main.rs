//! The specification of Vestibule, over HTTP. One file an endpoint or a grant; a test's name is a sentence, and begins
//! with the id of the attack case it covers, where there is one.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod administrator;
mod authorization_code;
mod authorize;
mod client_assertion;
mod client_authentication;
mod client_credentials;
mod client_families;
mod consent;
mod coverage;
mod device_code;
mod device_pages;
mod discovery;
mod federated_credentials;
mod flow_policy;
mod flows;
mod front;
mod graph;
mod graph_applications;
mod graph_grants;
mod hints;
mod implicit;
mod instance;
mod jwt_bearer;
mod keys;
mod lockout;
mod logout;
mod password;
mod pkce;
mod production;
mod redirect_uri;
mod refresh_token;
mod resources;
mod sessions;
mod sign_in;
mod single_sign_out;
mod spa;
mod taken_away;
mod tenant_file;
mod token_endpoint;
mod transport;
mod user_realm;
mod userinfo;
mod v1_endpoints;
mod what_the_log_says;
