//! The steps: one file a form. Each is let in by the guard, decides one thing, and shows what comes next.

pub(crate) mod account;
pub(crate) mod consent;
pub(crate) mod hand_over;
pub(crate) mod invitation;
pub(crate) mod new_password;
pub(crate) mod password;
pub(crate) mod pick;
pub(crate) mod stay;
