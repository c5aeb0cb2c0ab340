//! Running other programs: with their output shown, with their output taken, or for a limited time.

use std::env;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

/// The folder that holds the whole repository: the parent of this crate.
pub(crate) fn root() -> &'static Path {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here)
}

/// The `cargo` that started us, in the repository's root, so that a toolchain named on the command line holds.
pub(crate) fn cargo() -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(root());
    command
}

/// Runs a command with its output shown; anything but success is an error.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let line = spoken(command);
    println!("$ {line}");
    let status = command.stdin(Stdio::null()).status().with_context(|| format!("cannot start `{line}`"))?;
    if !status.success() {
        bail!("`{line}` failed: {status}");
    }
    Ok(())
}

/// Runs a command and returns what it wrote to its standard output.
pub(crate) fn read(command: &mut Command) -> Result<String> {
    let line = spoken(command);
    let output = command.stdin(Stdio::null()).output().with_context(|| format!("cannot start `{line}`"))?;
    if !output.status.success() {
        bail!("`{line}` failed: {}\n{}", output.status, String::from_utf8_lossy(&output.stderr).trim_end());
    }
    String::from_utf8(output.stdout).with_context(|| format!("`{line}` wrote something that is not UTF-8"))
}

/// Waits for a child, but no longer than `limit`; `None` when it is still running then.
pub(crate) fn wait(child: &mut Child, limit: Duration) -> Result<Option<ExitStatus>> {
    let start = Instant::now();
    while start.elapsed() < limit {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status));
        }
        thread::sleep(Duration::from_millis(20));
    }
    Ok(child.try_wait()?)
}

/// Ends a child: politely, and after `patience` without asking.
pub(crate) fn stop(child: &mut Child, patience: Duration) -> Result<()> {
    if child.try_wait()?.is_some() {
        return Ok(());
    }
    // `kill` is a program of its own on some machines only; every shell has it built in.
    let asked = Command::new("sh").args(["-c", "kill -TERM \"$0\"", &child.id().to_string()]).status();
    if asked.is_ok_and(|status| status.success()) && wait(child, patience)?.is_some() {
        return Ok(());
    }
    child.kill()?;
    child.wait()?;
    Ok(())
}

/// Where a program is, if it is on the path or in one of `extra`.
pub(crate) fn find_program(name: &str, extra: &[PathBuf]) -> Option<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    env::split_paths(&path)
        .chain(extra.iter().cloned())
        .map(|folder| folder.join(name))
        .find(|file| file.is_file())
}

/// A command as a person would type it.
pub(crate) fn spoken(command: &Command) -> String {
    let program = Path::new(command.get_program()).file_name().unwrap_or(command.get_program());
    let words = std::iter::once(program).chain(command.get_args());
    words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_shown_without_the_folder_of_its_program() {
        assert_eq!(spoken(Command::new("/usr/bin/cargo").args(["test", "-p", "spec"])), "cargo test -p spec");
    }

    #[test]
    fn a_child_that_outlives_the_limit_is_reported_and_can_be_stopped() {
        let mut child = Command::new("sleep").arg("30").spawn().unwrap();
        assert!(wait(&mut child, Duration::from_millis(50)).unwrap().is_none());
        stop(&mut child, Duration::from_secs(5)).unwrap();
        assert!(child.try_wait().unwrap().is_some());
    }

    #[test]
    fn a_child_that_ignores_the_request_to_end_is_ended() {
        let mut child = Command::new("sh").args(["-c", "trap '' TERM; sleep 5; sleep 5"]).spawn().unwrap();
        thread::sleep(Duration::from_millis(200));
        stop(&mut child, Duration::from_millis(100)).unwrap();
        assert!(child.try_wait().unwrap().is_some());
    }
}
