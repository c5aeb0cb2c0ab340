//! What `vestibule dev` starts with: two organisations and one of every kind of application, all with fixed ids.
//! The tables are in [`cast`]; everything else here reads them. With `--seed` it starts from files instead, and what is
//! known of those is [`seeded`].

pub(crate) mod cast;
pub(crate) mod dev_json;
pub(crate) mod plant;
pub(crate) mod roster;
pub(crate) mod seed;
pub(crate) mod seeded;
pub(crate) mod summary;
