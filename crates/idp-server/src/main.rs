//! `vestibule`: the identity platform as one program. This crate composes: it names the store, opens the keys, lays out
//! the routes and starts listening. What happens behind a route is in the crates it comes from.

mod admission;
mod commands;
mod config;
mod development;
mod listen;
mod master_key;
mod node;
mod ops;
mod router;
#[cfg(test)]
mod tests;
mod tls;
mod transfer;
mod upkeep;
mod whole_file;
mod world;

use std::process::ExitCode;

use clap::Parser as _;

fn main() -> ExitCode {
    commands::run(commands::CommandLine::parse())
}
