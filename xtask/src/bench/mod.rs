//! `cargo xtask bench`: what the release server costs, beside what it cannot cost less than: its signatures.
//!
//! The measure is CPU time, of the server, per answer; every figure stands in relation to the CPU time of a signature
//! taken on the same core just before and just after. Wall times are printed too, and are worth what the machine's other
//! work leaves them. The instruments are the crate `bench`; this module starts and stops things and draws conclusions.

mod codes;
mod directory;
mod instruments;
mod meter;
mod parts;
mod postgres;
mod report;
mod server;

use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::{Args, ValueEnum};
use tempfile::TempDir;

use self::instruments::Instruments;
use self::meter::Meter;
use self::report::Report;

#[derive(Args)]
pub(crate) struct Options {
    /// Only these parts.
    #[arg(value_enum, value_name = "PART")]
    parts: Vec<Part>,
    /// Also write everything to a file, as JSON.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// How many requests to measure in each phase of a load.
    #[arg(long, value_name = "N", default_value_t = 3000)]
    requests: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Part {
    /// RSA-2048 signatures by `openssl` and by aws-lc-rs
    Signatures,
    /// Client credentials at 1, 16 and 64 connections
    Tokens,
    /// Codes: authorize, redeem and refresh, on SQLite and PostgreSQL
    Codes,
    /// The OpenID configuration
    Discovery,
    /// A page of people, a person, groups and a sign-in, among 100 and among 100,000
    Directory,
    /// From start to first answer
    Start,
    /// Memory, idle and after load
    Memory,
}

/// What all parts work with.
struct Bench {
    instruments: Instruments,
    meter: Meter,
    report: Report,
    requests: usize,
    /// For programs and data folders; gone at the end.
    place: TempDir,
}

pub(crate) fn run(options: &Options) -> Result<ExitCode> {
    let place = tempfile::Builder::new().prefix("vestibule-bench-").tempdir()?;
    let mut bench = Bench {
        instruments: Instruments::build(place.path())?,
        meter: Meter::default(),
        report: Report::default(),
        requests: options.requests,
        place,
    };
    for part in Part::value_variants() {
        if options.parts.is_empty() || options.parts.contains(part) {
            part.run(&mut bench).with_context(|| format!("the part {part:?} could not be measured"))?;
        }
    }
    print!("{}", bench.report.table());
    if let Some(path) = &options.json {
        fs::write(path, bench.report.json()?).with_context(|| format!("cannot write {}", path.display()))?;
    }
    Ok(ExitCode::SUCCESS)
}

impl Part {
    fn run(self, bench: &mut Bench) -> Result<()> {
        match self {
            Self::Signatures => parts::signatures(bench),
            Self::Tokens => parts::tokens(bench),
            Self::Codes => codes::measure(bench),
            Self::Discovery => parts::discovery(bench),
            Self::Directory => directory::measure(bench),
            Self::Start => parts::start(bench),
            Self::Memory => parts::memory(bench),
        }
    }
}
