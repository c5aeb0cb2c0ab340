//! A whole tenant as one file: what `vestibule export` writes, and `vestibule import` and `vestibule dev --seed` read.
//!
//! The file is described in `docs/guide/tenant-file.md`. [`export`] reads a tenant out of a store; [`import`] looks at
//! all of one or several files, and only if nothing is wrong with any of them says what makes the store have them, in
//! one commit. What an object is in the file stands in the file of its kind, reading and writing together.

mod applications;
mod assignments;
mod draft;
mod entry;
mod export;
mod faults;
mod format;
mod grants;
mod groups;
mod ids;
mod import;
mod names;
mod organization;
mod seals;
mod service_principals;
mod settle;
#[cfg(test)]
mod tests;
mod users;

pub(crate) use export::{Secrets, export};
pub(crate) use format::{Document, parse};
pub(crate) use import::{Audience, Import, Imported, import};
