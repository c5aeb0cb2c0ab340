//! The harness of the specification: a server, people and programs with names, and what every answer must be.
//!
//! The tests in `tests/spec` speak HTTP to a running `vestibule dev` and know nothing of how it is made: they see the
//! wire, the data folder's `dev.json`, and the libraries that are for everybody.
//!
//! | module | owns |
//! |---|---|
//! | [`server`] | a running server: started, found, stopped |
//! | [`installation`] | `vestibule init` and `vestibule serve`, with a configuration |
//! | [`cast`] | who is who: people, organisations, programs |
//! | [`client`] | requests, and [`answer`]s to them |
//! | [`refusal`] | what every refusal must be, and must not say |
//! | [`tokens`] | token answers; tokens verified against the published keys |
//! | [`browser`] | a browser without scripts: cookies, [`page`]s, forms, redirects |
//! | [`form`] | parameters |
//! | [`ordered`] | JSON with its members in the order of the wire |
//! | [`receiver`] | applications that are told of sign-outs, well or badly |
//! | [`raw`] | bytes on a TLS connection, for what no HTTP client would send |
//! | [`secrets`] | every secret of the run, to look for where none may be |
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test harness fails by panicking"
)]

pub mod answer;
pub mod assertion;
pub mod browser;
pub mod cast;
pub mod client;
pub mod form;
pub mod installation;
pub mod issuer;
pub mod jar;
pub mod ordered;
pub mod page;
pub mod raw;
pub mod receiver;
pub mod refusal;
pub mod secrets;
pub mod server;
pub mod tokens;
pub mod world;
