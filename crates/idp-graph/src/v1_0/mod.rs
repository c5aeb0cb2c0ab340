//! The operations of Graph v1.0, a folder for each resource. Each brings its part of the table.

pub mod app_role_assignments;
pub mod applications;
pub mod audit_logs;
pub mod deleted_items;
pub mod directory_objects;
pub mod directory_roles;
pub mod groups;
pub mod invitations;
mod links;
mod memberships;
pub mod organization;
pub mod permission_grants;
pub mod policies;
pub mod role_management;
pub mod service_principals;
pub mod users;

use crate::operations::Operation;

/// The table, part by part.
pub static OPERATIONS: &[&[Operation]] = &[
    users::OPERATIONS,
    groups::OPERATIONS,
    applications::OPERATIONS,
    service_principals::OPERATIONS,
    permission_grants::OPERATIONS,
    app_role_assignments::OPERATIONS,
    organization::OPERATIONS,
    invitations::OPERATIONS,
    policies::OPERATIONS,
    audit_logs::OPERATIONS,
    directory_objects::OPERATIONS,
    directory_roles::OPERATIONS,
    role_management::OPERATIONS,
    deleted_items::OPERATIONS,
];
