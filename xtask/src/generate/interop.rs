//! The table of libraries and flows, from what the suites of `interop/` showed (`cells.rs`) and from
//! `interop/does-not-apply.json`, which says by hand why a library has no such flow.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};
use serde::Deserialize;

use crate::cells::{Cell, Dialect, Flow, Outcome, Table};
use crate::interop::Suite;

const HEAD: &str = "# Libraries and flows\n\n\
    What other people's libraries, unmodified, did against this server when the suites of `interop/` last ran: ✔ passes, \
    ✗ fails, – does not apply, for the reason at the number; where nothing stands, no test shows anything. One row for \
    each library, version and dialect: v2.0 are the endpoints below `/{tenant}/oauth2/v2.0/`, v1.0 those below \
    `/{tenant}/oauth2/`.\n\n";
const REASONS: &str = "interop/does-not-apply.json";

/// Why some flows of some libraries need no test.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DoesNotApply {
    libraries: Vec<String>,
    /// Only where the library speaks this one.
    dialect: Option<Dialect>,
    flows: Vec<Flow>,
    reason: String,
}

impl DoesNotApply {
    fn names(&self, row: &Row) -> bool {
        self.libraries.contains(&row.library) && self.dialect.is_none_or(|dialect| dialect == row.dialect)
    }
}

/// Sorted by name, then by version as a person counts, then by dialect.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Row {
    in_lower_case: String,
    library: String,
    numbers: Vec<u64>,
    version: String,
    dialect: Dialect,
}

impl Row {
    fn of(cell: &Cell) -> Self {
        Self {
            in_lower_case: cell.library.trim_start_matches('@').to_lowercase(),
            library: cell.library.clone(),
            numbers: cell.version.split('.').map(|part| part.parse().unwrap_or_default()).collect(),
            version: cell.version.clone(),
            dialect: cell.dialect,
        }
    }
}

/// The page.
pub(super) fn page(root: &Path) -> Result<String> {
    let table = Table::read()?;
    if let Some(stale) = table.suites().find(|name| !Suite::ALL.iter().any(|suite| suite.name() == *name)) {
        bail!("the table of libraries has cells of a suite `{stale}` that there is not");
    }
    let reasons = fs::read_to_string(root.join(REASONS)).with_context(|| format!("cannot read {REASONS}"))?;
    let reasons: Vec<DoesNotApply> = serde_json::from_str(&reasons).context(REASONS)?;
    render(table.cells(), &reasons)
}

fn render<'a>(cells: impl Iterator<Item = &'a Cell>, reasons: &[DoesNotApply]) -> Result<String> {
    let mut rows: BTreeMap<Row, BTreeMap<Flow, Outcome>> = BTreeMap::new();
    for cell in cells {
        let outcome = rows.entry(Row::of(cell)).or_default().entry(cell.flow).or_insert(cell.outcome);
        *outcome = cell.outcome.max(*outcome);
    }
    for DoesNotApply { libraries, .. } in reasons {
        if let Some(stale) = libraries.iter().find(|name| !rows.keys().any(|row| row.library == **name)) {
            bail!("{REASONS} names `{stale}`, of which no test shows anything");
        }
    }

    let mut page = HEAD.to_owned();
    let headings: Vec<_> = Flow::ALL.iter().map(|flow| flow.heading().0).collect();
    let _ = writeln!(page, "| Library | Version | Dialect | {} |", headings.join(" | "));
    let _ = writeln!(page, "|---|---|---|{}", ":-:|".repeat(Flow::ALL.len()));
    let mut footnotes: Vec<&str> = Vec::new();
    for (row, shown) in &rows {
        let _ = write!(page, "| {} | {} | {} |", row.library, row.version, row.dialect.as_str());
        for flow in Flow::ALL {
            let reason = reasons.iter().find(|reason| reason.names(row) && reason.flows.contains(&flow));
            match (shown.get(&flow), reason) {
                (Some(_), Some(reason)) => bail!(
                    "a test shows what {REASONS} says does not apply: {} of {}: {}",
                    flow.heading().0,
                    row.library,
                    reason.reason
                ),
                (Some(Outcome::Passes), None) => page += " ✔ |",
                (Some(Outcome::Fails), None) => page += " ✗ |",
                (None, Some(reason)) => {
                    let _ = write!(page, " –<sup>{}</sup> |", number_of(&reason.reason, &mut footnotes));
                }
                (None, None) => page += " |",
            }
        }
        page.push('\n');
    }

    page += "\n## What the columns mean\n\n";
    for flow in Flow::ALL {
        let (heading, meaning) = flow.heading();
        let _ = writeln!(page, "- **{heading}**: {meaning}");
    }
    if !footnotes.is_empty() {
        page += "\n## Why something does not apply\n\n";
        for (index, reason) in footnotes.iter().enumerate() {
            let _ = writeln!(page, "{}. {reason}", index + 1);
        }
    }
    Ok(page)
}

/// Footnotes are numbered as the table, read line by line, first needs them.
fn number_of<'a>(reason: &'a str, footnotes: &mut Vec<&'a str>) -> usize {
    let at = footnotes.iter().position(|known| *known == reason).unwrap_or_else(|| {
        footnotes.push(reason);
        footnotes.len() - 1
    });
    at + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell(library: &str, version: &str, flow: Flow, outcome: Outcome) -> Cell {
        Cell { library: library.into(), version: version.into(), dialect: Dialect::V2, flow, outcome }
    }

    fn reason(library: &str, flows: &[Flow], reason: &str) -> DoesNotApply {
        let libraries = vec![library.to_owned()];
        DoesNotApply { libraries, dialect: None, flows: flows.to_vec(), reason: reason.into() }
    }

    fn row_of<'a>(page: &'a str, beginning: &str) -> Vec<&'a str> {
        let line = page.lines().find(|line| line.starts_with(beginning)).unwrap();
        line.split('|').map(str::trim).skip(4).take(Flow::ALL.len()).collect()
    }

    #[test]
    fn a_cell_passes_fails_does_not_apply_or_is_empty() {
        let cells = [
            cell("B", "1.0", Flow::ClientSecret, Outcome::Passes),
            cell("B", "1.0", Flow::ClientCertificate, Outcome::Fails),
        ];
        let reasons = [reason("B", &[Flow::Hybrid, Flow::Implicit], "It has none.")];
        let page = render(cells.iter(), &reasons).unwrap();
        let row = row_of(&page, "| B | 1.0 | v2.0 |");
        assert_eq!(row[..6], ["✔", "✗", "", "", "–<sup>1</sup>", "–<sup>1</sup>"]);
        assert!(page.ends_with("\n1. It has none.\n"), "{page}");
    }

    #[test]
    fn rows_are_sorted_as_a_person_would() {
        let cells = [("b", "10.0"), ("b", "9.1"), ("A", "2")]
            .map(|(library, version)| cell(library, version, Flow::Code, Outcome::Passes));
        let page = render(cells.iter(), &[]).unwrap();
        let places: Vec<_> = ["| A |", "| b | 9.1", "| b | 10.0"].map(|row| page.find(row).unwrap()).into();
        assert!(places.is_sorted(), "{page}");
    }

    #[test]
    fn what_does_not_apply_must_be_a_library_of_the_table_and_must_not_be_shown() {
        let cells = [cell("B", "1.0", Flow::Code, Outcome::Passes)];
        let problem = |reason: DoesNotApply| render(cells.iter(), &[reason]).unwrap_err().to_string();
        assert!(problem(reason("C", &[Flow::Code], "No.")).contains("`C`"));
        assert!(problem(reason("B", &[Flow::Code], "No.")).contains("Code of B: No."));
    }
}
