//! What the ports promise, on every engine: one test for each sentence of their documentation and for each change.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on has failed"
)]

mod accounts;
mod actors;
mod changes;
mod deletions;
mod devices;
mod directory;
mod engines;
mod granted;
mod guards;
mod guests;
mod links;
mod lists;
mod neighbours;
mod objects;
mod on_postgres;
mod on_sqlite;
mod postgres_server;
mod postgres_tls;
mod races;
mod registrations;
mod secrets;
mod sign_ins;
mod upgrades;
