//! What each resource is made of: the table of its properties, what it is rendered to, and how what was written is taken.

pub mod directory_object;
pub mod directory_role;
pub mod group;
pub mod texts;
pub mod user;
