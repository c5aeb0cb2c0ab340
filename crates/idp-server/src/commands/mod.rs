//! The command line.

mod dev;
mod export;
mod import;
mod init;
mod place;
mod reference;
mod serve;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::ops::{hardening, logging};

/// An identity platform that speaks Entra ID's protocols.
#[derive(Debug, Parser)]
#[command(name = "vestibule", version, about, max_term_width = 100)]
pub(crate) struct CommandLine {
    /// What to log, such as `info`, `debug` or `info,idp_oauth=trace` [default: RUST_LOG, or info; warn for dev, export and import]
    #[arg(long, global = true, value_name = "FILTER")]
    log: Option<String>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Start a ready-made identity provider for development: known users, applications and secrets, on this machine only
    Dev(dev::Arguments),
    /// Start the identity provider that a configuration file describes
    Serve(serve::Arguments),
    /// Make the store, the first tenant and its administrator
    Init(init::Arguments),
    /// Write a tenant with everything in it to a file
    Export(export::Arguments),
    /// Bring a tenant into a store, from a file that `vestibule export` or somebody wrote
    Import(import::Arguments),
    /// Print a page of the reference
    #[command(hide = true)]
    Reference(reference::Arguments),
}

/// Runs what was asked. A failure is one sentence on standard error that says what to do.
pub(crate) fn run(line: CommandLine) -> ExitCode {
    let quiet = matches!(line.command, Command::Dev(_) | Command::Export(_) | Command::Import(_));
    let quiet_by_default = quiet && std::env::var_os("RUST_LOG").is_none();
    let filter = line.log.or_else(|| quiet_by_default.then(|| "warn".to_owned()));
    let outcome = logging::init(filter.as_deref()).map_err(|error| error.to_string()).and_then(|()| {
        hardening::prepare_process();
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
        let runtime = runtime.map_err(|error| format!("the runtime could not be started: {error}"))?;
        runtime.block_on(async {
            match line.command {
                Command::Dev(arguments) => dev::run(arguments).await,
                Command::Serve(arguments) => serve::run(arguments).await,
                Command::Init(arguments) => init::run(arguments).await,
                Command::Export(arguments) => export::run(arguments).await,
                Command::Import(arguments) => import::run(arguments).await,
                Command::Reference(arguments) => reference::print(&arguments),
            }
        })
    });
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(sentence) => {
            eprintln!("vestibule: {sentence}");
            ExitCode::FAILURE
        }
    }
}

/// Any error, as the sentence that the person gets.
fn sentence(error: impl std::fmt::Display) -> String {
    error.to_string()
}
