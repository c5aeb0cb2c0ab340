//! The instruments of `cargo xtask bench`: what signs, what asks, what waits for a server to start. Each prints one line
//! of JSON. They sit in a program of their own, built for release, so that what they cost is not the server's.

mod cpu;
mod directory;
mod load;
mod signatures;
mod start;

use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};
use serde::Serialize;

/// Instruments for measuring a server.
#[derive(Parser)]
#[command(name = "bench")]
struct CommandLine {
    #[command(subcommand)]
    instrument: Instrument,
}

#[derive(Subcommand)]
enum Instrument {
    /// What one RSA-2048 signature costs, in CPU time
    Signatures(signatures::Options),
    /// Ask a server the same thing many times
    Load(load::Options),
    /// Write a tenant of any size as a file
    Directory(directory::Options),
    /// How long a server takes from its start to its first answer
    Start(start::Options),
}

fn main() -> ExitCode {
    let outcome = match CommandLine::parse().instrument {
        Instrument::Signatures(options) => signatures::measure(&options).and_then(|costs| print(&costs)),
        Instrument::Load(options) => on_one_thread(load::run(&options)).and_then(|phases| print(&phases)),
        Instrument::Directory(options) => directory::write(&options).and_then(|written| print(&written)),
        Instrument::Start(options) => on_one_thread(start::measure(&options)).and_then(|times| print(&times)),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

/// One thread, because it is to stay on one core, away from the server's.
fn on_one_thread<T>(future: impl Future<Output = Result<T>>) -> Result<T> {
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(future)
}

fn print(figures: &impl Serialize) -> Result<()> {
    println!("{}", serde_json::to_string(figures)?);
    Ok(())
}
