//! What tokens say, in every form, and who gets them.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test says what it expects")]

mod consented;
mod forms;
mod groups;
mod guests;
mod lifetimes;
mod logout;
mod mail;
mod never_null;
mod optional;
mod scene;
mod standing;
mod twenty_claims;
