//! The pages as a browser, a translator, a stranger and a screen reader get them.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test says what it expects")]

mod consent;
mod contrast;
mod escaping;
mod samples;
mod sentences;
mod structure;
