//! The OData core against what clients send, what attackers send, and what nobody would think of (GA-01 to GA-04).
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test says what it expects")]

mod batch;
mod entities;
mod filter;
mod injection;
mod limits;
mod options;
mod properties;
mod render;
