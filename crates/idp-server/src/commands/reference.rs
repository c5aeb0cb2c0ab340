//! `vestibule reference`: the reference pages, printed from the tables that the behaviour itself comes from. Hidden, since
//! it is of use to `cargo xtask generate` alone, which keeps what it prints in `docs/reference/`.

use std::fmt::Write as _;
use std::io::{self, Write as _};

use clap::{Args, Command, CommandFactory as _, ValueEnum};
use vestibule_wire::aadsts::Aadsts;

use super::{CommandLine, sentence};
use crate::config;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Which page
    #[arg(value_enum)]
    page: Page,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Page {
    Errors,
    Settings,
    Graph,
    Openapi,
    CommandLine,
}

/// Prints a page, in Markdown.
pub(super) fn print(arguments: &Arguments) -> Result<(), String> {
    let page = match arguments.page {
        Page::Errors => errors(),
        Page::Settings => settings(),
        Page::Graph => idp_graph::reference::page(),
        Page::Openapi => openapi()?,
        Page::CommandLine => command_line(CommandLine::command()),
    };
    io::stdout().lock().write_all(page.as_bytes()).map_err(sentence)
}

fn errors() -> String {
    let mut page = String::from(
        "# Errors\n\n\
         Every code this server knows, in the order of the table in `libs/vestibule-wire/src/aadsts.rs`. *Status* is that of \
         the token endpoint; the authorize endpoint tells the application by a redirect, or the person on a page. The last \
         column but one says whether answers carry `error_uri`, the address of the page that explains the code. `{…}` stands \
         for what the request said.\n\n\
         | Code | Name in the source | OAuth error | Status | Suberror | `error_uri` | Message |\n\
         |---|---|---|---|---|---|---|\n",
    );
    for code in Aadsts::ALL {
        let row = code.row();
        let _ = writeln!(
            page,
            "| {} | `{}` | `{}` | {} | {} | {} | {} |",
            row.label(),
            code.name(),
            row.error.as_str(),
            row.status,
            row.suberror.map(|suberror| format!("`{suberror}`")).unwrap_or_default(),
            if row.looked_up { "yes" } else { "no" },
            cell(row.text),
        );
    }
    page
}

fn settings() -> String {
    let mut page = String::from(
        "# Settings\n\n\
         What `vestibule serve`, `init`, `export` and `import` read: a TOML file named by `--config` or `VESTIBULE_CONFIG`, and \
         environment variables, which go over it. A key with a dot stands in a table: `tls.key` is `key` under `[tls]`. A key \
         that is not in this list is refused. The table is `SETTINGS` in `crates/idp-server/src/config.rs`.\n\n\
         | Key | Environment variable | Example | Meaning |\n\
         |---|---|---|---|\n",
    );
    for setting in config::settings() {
        let _ = writeln!(
            page,
            "| `{}` | `{}` | `{}` | {} |",
            setting.key,
            setting.variable,
            setting.example,
            cell(setting.meaning)
        );
    }
    page
}

/// The document of a server at its usual address in development.
fn openapi() -> Result<String, String> {
    let document = idp_graph::openapi::document("https://localhost:8443/graph");
    serde_json::to_string_pretty(&document).map(|text| text + "\n").map_err(sentence)
}

/// The help of the program and of each of its commands, as `--help` prints it.
fn command_line(mut program: Command) -> String {
    // Before this the commands do not have the options of the whole program, nor their full names.
    program.build();
    let mut page = String::from("# Command line\n\nWhat `--help` says.\n");
    help(&mut page, &mut program);
    for command in program.get_subcommands_mut() {
        if !command.is_hide_set() && command.get_name() != "help" {
            help(&mut page, command);
        }
    }
    page
}

fn help(page: &mut String, command: &mut Command) {
    let text = command.render_long_help().to_string();
    let lines: Vec<_> = text.trim_end().lines().map(str::trim_end).collect();
    let name = command.get_bin_name().unwrap_or(command.get_name());
    let _ = write!(page, "\n## `{name}`\n\n```text\n{}\n```\n", lines.join("\n"));
}

/// A bar would end the cell of a table; what looks like a tag would vanish.
fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('<', "&lt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_error_and_every_setting_has_its_row() {
        let rows = |page: &str| page.lines().filter(|line| line.starts_with("| ")).count() - 1;
        assert_eq!(rows(&errors()), Aadsts::ALL.len());
        assert_eq!(rows(&settings()), config::settings().count());
    }

    #[test]
    fn the_commands_for_people_are_there_and_the_hidden_one_is_not() {
        let page = command_line(CommandLine::command());
        for command in [
            "vestibule",
            "vestibule dev",
            "vestibule serve",
            "vestibule init",
            "vestibule export",
            "vestibule import",
        ] {
            assert!(page.contains(&format!("\n## `{command}`\n")), "{command}");
        }
        assert!(!page.contains("reference"));
        assert!(page.contains("--listen <ADDR:PORT>"));
    }
}
