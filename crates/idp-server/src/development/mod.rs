//! What `vestibule dev` starts with: two organisations and one of every kind of application, all with fixed ids.
//! The tables are in [`cast`]; everything else here reads them.

pub(crate) mod cast;
pub(crate) mod dev_json;
pub(crate) mod seed;
pub(crate) mod summary;
