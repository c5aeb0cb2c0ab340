//! Graph in process: requests through the routes, on a store in memory, by named people and applications with whichever
//! permissions a test gives them.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test says what it expects")]

mod authentication;
mod groups;
mod isolation;
mod ladder;
mod nonsense;
mod queries;
mod roles;
mod transport;
mod users;
mod world;
