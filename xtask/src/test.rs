//! `cargo xtask test`: everything that must hold, in named parts. A part that fails does not stop the others, so that
//! one run tells everything.

use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use clap::{Args, ValueEnum};

use crate::interop::{Showing, Suite};
use crate::{debian, generate, interop, shell, tidy};

#[derive(Args)]
pub(crate) struct Options {
    /// Only these parts.
    #[arg(value_enum, value_name = "PART")]
    parts: Vec<Part>,
    /// Say which parts there are, and run nothing.
    #[arg(long)]
    list: bool,
    /// Stop at the first part that fails.
    #[arg(long)]
    fail_fast: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Part {
    /// The source is formatted
    Format,
    /// The tree is as we want it
    Tidy,
    /// No lint has anything to say
    Clippy,
    /// Everything compiles, the `vestibule` binary included
    Build,
    /// The reference pages say what the code says
    Generate,
    /// The tests that live beside the code, on both databases
    Unit,
    /// The product's specification, over HTTP
    Spec,
    /// Other people's clients against a running server
    Interop,
}

/// One row of the summary: a part, or one suite of the interop part.
struct Step {
    name: String,
    run: Box<dyn Fn() -> Result<()>>,
}

struct Row {
    name: String,
    failed: bool,
    took: Duration,
}

pub(crate) fn run(options: &Options) -> Result<ExitCode> {
    if options.list {
        Part::value_variants().iter().for_each(|part| println!("{:<9} {}", part.name(), part.about()));
        return Ok(ExitCode::SUCCESS);
    }
    let mut rows = Vec::new();
    for step in steps(&options.parts, Suite::exists) {
        let row = run_step(&step);
        let failed = row.failed;
        rows.push(row);
        if failed && options.fail_fast {
            break;
        }
    }
    print!("{}", summary(&rows));
    Ok(if rows.iter().any(|row| row.failed) { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// What to run, always in the order of the list: the quick parts first, the builders before those that need them.
fn steps(chosen: &[Part], exists: impl Fn(Suite) -> bool) -> Vec<Step> {
    let wanted = |part: &&Part| chosen.is_empty() || chosen.contains(part);
    Part::value_variants().iter().filter(wanted).flat_map(|part| part.steps(&exists)).collect()
}

fn run_step(Step { name, run }: &Step) -> Row {
    println!("\n── {name}");
    let start = Instant::now();
    let outcome = run();
    let took = start.elapsed();
    match &outcome {
        Ok(()) => println!("── {name} passed in {:.1} s", took.as_secs_f64()),
        Err(error) => println!("── {name} failed in {:.1} s: {error:#}", took.as_secs_f64()),
    }
    Row { name: name.clone(), failed: outcome.is_err(), took }
}

impl Part {
    fn name(self) -> String {
        self.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default()
    }

    fn about(self) -> String {
        self.to_possible_value()
            .and_then(|value| value.get_help().map(ToString::to_string))
            .unwrap_or_default()
    }

    fn steps(self, exists: impl Fn(Suite) -> bool) -> Vec<Step> {
        let run = match self {
            Self::Format => format,
            Self::Tidy => no_findings,
            Self::Clippy => clippy,
            Self::Build => build,
            Self::Generate => generate::check,
            Self::Unit => unit,
            Self::Spec => spec,
            Self::Interop => {
                return Suite::ALL.into_iter().filter(|suite| exists(*suite)).map(Step::suite).collect();
            }
        };
        vec![Step { name: self.name(), run: Box::new(run) }]
    }
}

impl Step {
    fn suite(suite: Suite) -> Self {
        let run = move || match interop::run_suite(suite, false, &[], Showing::Compare)? {
            0 => Ok(()),
            code => bail!("the suite's exit code is {code}"),
        };
        Self { name: format!("interop {}", suite.name()), run: Box::new(run) }
    }
}

fn format() -> Result<()> {
    cargo(&["fmt", "--all", "--check"])
}

fn no_findings() -> Result<()> {
    match tidy::report()? {
        0 => Ok(()),
        count => bail!("findings: {count}"),
    }
}

fn clippy() -> Result<()> {
    cargo(&["clippy", "--workspace", "--all-targets", "--locked", "--", "-D", "warnings"])
}

fn build() -> Result<()> {
    cargo(&["build", "--workspace", "--locked"])
}

fn unit() -> Result<()> {
    debian::ensure(&[debian::POSTGRESQL])?;
    cargo(&["test", "--workspace", "--exclude", "spec", "--locked"])
}

fn spec() -> Result<()> {
    // The specification is black-box: the binary it starts has to be there, and be today's.
    build()?;
    cargo(&["test", "-p", "spec", "--locked"])
}

fn cargo(arguments: &[&str]) -> Result<()> {
    shell::run(shell::cargo().args(arguments))
}

fn summary(rows: &[Row]) -> String {
    let mut text = format!("\n{:<16} {:<7} {:>8}\n", "part", "result", "seconds");
    for row in rows {
        let result = if row.failed { "failed" } else { "passed" };
        text += &format!("{:<16} {:<7} {:>8.1}\n", row.name, result, row.took.as_secs_f64());
    }
    let failed = rows.iter().filter(|row| row.failed).count();
    text + &format!("\n{} passed, {failed} failed\n", rows.len() - failed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(chosen: &[Part], exists: impl Fn(Suite) -> bool) -> Vec<String> {
        steps(chosen, exists).into_iter().map(|step| step.name).collect()
    }

    #[test]
    fn without_a_choice_every_part_runs_and_every_suite_that_exists() {
        let all = names(&[], |suite| suite != Suite::Node);
        let expected = [
            "format",
            "tidy",
            "clippy",
            "build",
            "generate",
            "unit",
            "spec",
            "interop python",
            "interop graph",
            "interop java",
            "interop go",
            "interop browser",
            "interop pages",
        ];
        assert_eq!(all, expected);
    }

    #[test]
    fn chosen_parts_run_in_the_order_of_the_list() {
        assert_eq!(names(&[Part::Spec, Part::Build], |_| true), ["build", "spec"]);
    }

    #[test]
    fn the_last_line_counts_what_passed_and_what_failed() {
        let row = |failed| Row { name: "part".into(), failed, took: Duration::from_millis(1250) };
        let text = summary(&[row(false), row(true), row(false)]);
        assert_eq!(text.lines().last(), Some("2 passed, 1 failed"));
        assert!(text.contains("part             passed       1.2\n"), "{text}");
    }
}
