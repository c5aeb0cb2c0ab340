//! What the interop suites show, as cells of one table: a library, in one version and one dialect, goes through a flow or
//! fails in it.
//!
//! A test that shows a cell appends a line of JSON to the file that [`RESULTS`] names. What a whole run of a suite showed
//! is the suite's part of `docs/reference/interop.json`, which is committed and tells no times, so that only a change of
//! what is so changes it. The page is rendered from it in `generate/interop.rs`.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use serde::{Deserialize, Serialize};

use crate::shell;

/// The variable by which a suite is told where to write what it shows.
pub(crate) const RESULTS: &str = "VESTIBULE_INTEROP_RESULTS";

/// One thing that a library does against the server.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Cell {
    pub(crate) library: String,
    pub(crate) version: String,
    pub(crate) dialect: Dialect,
    pub(crate) flow: Flow,
    pub(crate) outcome: Outcome,
}

/// Which of the two families of endpoints the library speaks to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) enum Dialect {
    #[serde(rename = "v1.0")]
    V1,
    #[serde(rename = "v2.0")]
    V2,
}

/// The columns, in their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Flow {
    ClientSecret,
    ClientCertificate,
    FederatedCredential,
    Code,
    Hybrid,
    Implicit,
    Silent,
    SecondResource,
    DeviceCode,
    Password,
    OnBehalfOf,
    Logout,
    Userinfo,
    ProtectedApi,
    Graph,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Outcome {
    Passes,
    // Greater than the other, because one test that fails outweighs those that pass.
    Fails,
}

impl Dialect {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::V1 => "v1.0",
            Self::V2 => "v2.0",
        }
    }
}

impl Flow {
    pub(crate) const ALL: [Self; 15] = [
        Self::ClientSecret,
        Self::ClientCertificate,
        Self::FederatedCredential,
        Self::Code,
        Self::Hybrid,
        Self::Implicit,
        Self::Silent,
        Self::SecondResource,
        Self::DeviceCode,
        Self::Password,
        Self::OnBehalfOf,
        Self::Logout,
        Self::Userinfo,
        Self::ProtectedApi,
        Self::Graph,
    ];

    /// The heading of the column, and what a mark in it means.
    pub(crate) fn heading(self) -> (&'static str, &'static str) {
        match self {
            Self::ClientSecret => {
                ("Secret", "client credentials: an application signs in as itself, with a secret")
            }
            Self::ClientCertificate => {
                ("Certificate", "the same, with an assertion that its certificate's key signed")
            }
            Self::FederatedCredential => {
                ("Federated", "the same, with a token of another issuer that it trusts")
            }
            Self::Code => ("Code", "authorization code, with PKCE where the library knows it"),
            Self::Hybrid => ("Hybrid", "a code and an ID token at once, from the authorization endpoint"),
            Self::Implicit => ("Implicit", "tokens straight from the authorization endpoint"),
            Self::Silent => {
                ("Silent", "a token without a page: from the cache, and by a refresh token or a hidden frame")
            }
            Self::SecondResource => ("2nd resource", "a refresh token of one resource opens another one"),
            Self::DeviceCode => ("Device", "a person signs in on another device than the one that asks"),
            Self::Password => ("Password", "the application itself has the person's name and password"),
            Self::OnBehalfOf => ("On behalf of", "an API calls another API for the person who called it"),
            Self::Logout => ("Sign-out", "the session at the server ends, and the person comes back"),
            Self::Userinfo => ("UserInfo", "the access token opens the UserInfo endpoint"),
            Self::ProtectedApi => ("API", "the library protects an API: it verifies access tokens"),
            Self::Graph => ("Graph", "the library works on the directory through Microsoft Graph"),
        }
    }
}

/// What all the tests of one run showed: each cell once, sorted.
pub(crate) fn of_run(results: &Path) -> Result<Vec<Cell>> {
    // No test that shows a cell: no file.
    let text = if results.exists() { fs::read_to_string(results)? } else { String::new() };
    let lines = text.lines().enumerate();
    let cells = lines.map(|(index, line)| {
        serde_json::from_str(line)
            .with_context(|| format!("line {} of what the suite showed: {line}", index + 1))
    });
    Ok(each_once(cells.collect::<Result<_>>()?))
}

/// Sorted, and of cells that differ in their outcome alone, the one that fails.
pub(crate) fn each_once(mut cells: Vec<Cell>) -> Vec<Cell> {
    cells.sort_by(|one, other| other.cmp(one));
    cells.dedup_by(|one, other| one.place() == other.place());
    cells.reverse();
    cells
}

/// All cells, by the suite that shows them.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Table(BTreeMap<String, Vec<Cell>>);

impl Table {
    pub(crate) fn read() -> Result<Self> {
        let path = path();
        let text = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
        serde_json::from_str(&text).map(Self).with_context(|| format!("cannot understand {}", path.display()))
    }

    /// Puts what a run of `suite` showed in the place of what was there.
    pub(crate) fn replace(&mut self, suite: &str, cells: Vec<Cell>) {
        if cells.is_empty() {
            self.0.remove(suite);
        } else {
            self.0.insert(suite.to_owned(), cells);
        }
    }

    /// Puts what a run of `suite` that failed showed beside what was there: the tests that it did not come to show nothing.
    pub(crate) fn amend(&mut self, suite: &str, shown: Vec<Cell>) {
        let there = self.0.get(suite).into_iter().flatten();
        let untouched = there.filter(|cell| !shown.iter().any(|new| new.place() == cell.place())).cloned();
        let mut cells: Vec<_> = untouched.collect();
        cells.extend(shown);
        cells.sort();
        self.replace(suite, cells);
    }

    pub(crate) fn write(&self) -> Result<()> {
        let path = path();
        fs::write(&path, self.text()?).with_context(|| format!("cannot write {}", path.display()))
    }

    /// Whether a run of `suite` showed the cells that are committed, and no others.
    pub(crate) fn compare(&self, suite: &str, shown: &[Cell]) -> Result<()> {
        let committed = self.0.get(suite).map(Vec::as_slice).unwrap_or_default();
        let lacking = |of: &[Cell], among: &[Cell]| -> Vec<String> {
            of.iter().filter(|cell| !among.contains(cell)).map(Cell::spoken).collect()
        };
        let (new, gone) = (lacking(shown, committed), lacking(committed, shown));
        if new.is_empty() && gone.is_empty() {
            return Ok(());
        }
        bail!(
            "the table of libraries is out of date: shown but not in it: [{}]; in it but not shown: [{}]. \
             Run: cargo xtask interop {suite}",
            new.join("; "),
            gone.join("; "),
        )
    }

    pub(crate) fn suites(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    pub(crate) fn cells(&self) -> impl Iterator<Item = &Cell> {
        self.0.values().flatten()
    }

    /// A line for each cell, so that a diff shows which one changed.
    fn text(&self) -> Result<String> {
        let mut suites = Vec::new();
        for (suite, cells) in &self.0 {
            let lines: Vec<_> = cells.iter().map(serde_json::to_string).collect::<Result<_, _>>()?;
            suites.push(format!(
                "  {}: [\n    {}\n  ]",
                serde_json::to_string(suite)?,
                lines.join(",\n    ")
            ));
        }
        Ok(format!("{{\n{}\n}}\n", suites.join(",\n")))
    }
}

impl Cell {
    /// Where it is in the table.
    fn place(&self) -> (&str, &str, Dialect, Flow) {
        (&self.library, &self.version, self.dialect, self.flow)
    }

    fn spoken(&self) -> String {
        let Self { library, version, dialect, flow, outcome } = self;
        let (heading, _) = flow.heading();
        format!("{library} {version} {}, {heading}: {outcome:?}", dialect.as_str())
    }
}

fn path() -> PathBuf {
    shell::root().join("docs/reference/interop.json")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell(flow: Flow, outcome: Outcome) -> Cell {
        let (library, version) = ("MSAL Cobol".to_owned(), "1.2.3".to_owned());
        Cell { library, version, dialect: Dialect::V2, flow, outcome }
    }

    #[test]
    fn a_cell_that_one_test_fails_fails_however_many_pass() {
        let (passes, fails) = (cell(Flow::Code, Outcome::Passes), cell(Flow::Code, Outcome::Fails));
        let other = cell(Flow::ClientSecret, Outcome::Passes);
        let lines: Vec<_> = [&passes, &fails, &other, &passes, &other]
            .map(|cell| serde_json::to_string(cell).unwrap() + "\n")
            .into_iter()
            .collect();
        let folder = tempfile::tempdir().unwrap();
        let results = folder.path().join("results");
        assert_eq!(of_run(&results).unwrap(), [], "nothing was shown");
        fs::write(&results, lines.concat()).unwrap();
        assert_eq!(of_run(&results).unwrap(), [other, fails]);
    }

    #[test]
    fn a_flow_that_is_no_column_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        let results = folder.path().join("results");
        let line = serde_json::to_string(&cell(Flow::Code, Outcome::Passes)).unwrap();
        fs::write(&results, line.replace("\"code\"", "\"cod\"")).unwrap();
        assert!(format!("{:#}", of_run(&results).unwrap_err()).contains("unknown variant `cod`"));
    }

    #[test]
    fn the_file_has_a_line_for_each_cell_and_is_read_as_it_was_written() {
        let mut table = Table::default();
        table.replace("b", vec![cell(Flow::Code, Outcome::Passes), cell(Flow::Silent, Outcome::Fails)]);
        table.replace("a", vec![cell(Flow::Code, Outcome::Passes)]);
        table.replace("c", Vec::new());
        let text = table.text().unwrap();
        assert_eq!(text.lines().count(), 9, "{text}");
        assert_eq!(Table(serde_json::from_str(&text).unwrap()), table);
    }

    #[test]
    fn a_run_that_failed_takes_nothing_away_that_it_did_not_come_to() {
        let mut table = Table::default();
        table.replace("a", vec![cell(Flow::Code, Outcome::Passes), cell(Flow::Silent, Outcome::Passes)]);
        table.amend("a", vec![cell(Flow::Silent, Outcome::Fails), cell(Flow::Hybrid, Outcome::Passes)]);
        let expected = [
            cell(Flow::Code, Outcome::Passes),
            cell(Flow::Hybrid, Outcome::Passes),
            cell(Flow::Silent, Outcome::Fails),
        ];
        assert_eq!(table.cells().collect::<Vec<_>>(), expected.iter().collect::<Vec<_>>());
        table.amend("a", Vec::new());
        assert_eq!(table.cells().count(), 3);
    }

    #[test]
    fn a_cell_too_many_and_a_cell_too_few_are_both_told() {
        let mut table = Table::default();
        table.replace("a", vec![cell(Flow::Code, Outcome::Passes)]);
        table.compare("a", &[cell(Flow::Code, Outcome::Passes)]).unwrap();
        table.compare("b", &[]).unwrap();
        let problem = table.compare("a", &[cell(Flow::Silent, Outcome::Passes)]).unwrap_err().to_string();
        assert!(problem.contains("not in it: [MSAL Cobol 1.2.3 v2.0, Silent: Passes]"), "{problem}");
        assert!(problem.contains("not shown: [MSAL Cobol 1.2.3 v2.0, Code: Passes]"), "{problem}");
    }
}
