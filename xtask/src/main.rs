//! `cargo xtask`: the chores of this repository, one file each. They need nothing but the Rust toolchain to start and
//! install the rest themselves, so that a laptop and continuous integration run the same thing.

mod bench;
mod cells;
mod debian;
mod generate;
mod interop;
mod server;
mod shell;
mod test;
mod tidy;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// The chores of this repository.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct CommandLine {
    #[command(subcommand)]
    chore: Chore,
}

#[derive(Subcommand)]
enum Chore {
    /// Report everything in the tree that is not as we want it.
    Tidy,
    /// Write the reference pages from the code's own tables.
    Generate(generate::Options),
    /// Run every test, or the named parts.
    Test(test::Options),
    /// Run one suite of other people's clients against a fresh server.
    Interop(interop::Options),
    /// Measure the release server, beside what its signatures cost.
    Bench(bench::Options),
}

fn main() -> ExitCode {
    let outcome = match CommandLine::parse().chore {
        Chore::Tidy => tidy::run(),
        Chore::Generate(options) => generate::run(&options),
        Chore::Test(options) => test::run(&options),
        Chore::Interop(options) => interop::run(&options),
        Chore::Bench(options) => bench::run(&options),
    };
    outcome.unwrap_or_else(|error| {
        eprintln!("error: {error:#}");
        ExitCode::FAILURE
    })
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::CommandLine;

    #[test]
    fn the_command_line_is_consistent() {
        CommandLine::command().debug_assert();
    }
}
