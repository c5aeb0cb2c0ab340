//! What each resource is made of: the table of its properties, what it is rendered to, and how what was written is taken.

pub mod application;
pub mod audit_log;
pub mod authorization_policy;
pub mod directory_object;
pub mod directory_role;
pub mod federated_credential;
pub mod grants;
pub mod group;
pub mod invitation;
pub mod service_principal;
pub mod tenant;
pub mod texts;
pub mod user;
