//! What was measured, for people and for programs, with the targets beside it.

use std::fmt::Write as _;

use anyhow::Result;
use serde::Serialize;

use super::instruments::{Phase, Placement};

/// Microseconds in a second.
const MICROS: f64 = 1e6;

#[derive(Default, Serialize)]
pub(super) struct Report {
    loads: Vec<Load>,
    figures: Vec<Figure>,
    not_measured: Vec<Missing>,
}

/// Something asked many times.
#[derive(Serialize)]
pub(super) struct Load {
    what: String,
    connections: usize,
    /// Server and load each had a core of their own.
    pinned: bool,
    requests: usize,
    /// By the wall clock.
    per_second: f64,
    per_server_cpu_second: f64,
    server_cpu_us: f64,
    /// What an RSA-2048 signature cost meanwhile.
    signature_us: f64,
    /// What one answer cost, in signatures.
    in_signatures: f64,
    /// The share of it that was signing.
    efficiency: Option<f64>,
    /// The CPU time of whoever asked: near 1, it was that side that was too slow.
    asking_cpu_share: f64,
    p50_ms: f64,
    p99_ms: f64,
    target: Option<Target>,
}

/// One number.
#[derive(Serialize)]
pub(super) struct Figure {
    pub(super) what: String,
    pub(super) value: f64,
    pub(super) unit: &'static str,
    pub(super) target: Option<Target>,
}

#[derive(Serialize)]
struct Missing {
    what: String,
    why: String,
}

/// What was wanted, and whether it was met.
#[derive(Serialize)]
pub(super) struct Target {
    wanted: String,
    met: bool,
}

impl Target {
    pub(super) fn at_least(name: &str, wanted: f64, measured: f64) -> Self {
        Self { wanted: format!("{name} at least {wanted}"), met: measured >= wanted }
    }

    pub(super) fn below(name: &str, wanted: f64, measured: f64) -> Self {
        Self { wanted: format!("{name} below {wanted}"), met: measured < wanted }
    }

    fn verdict(target: Option<&Self>) -> String {
        target.map_or_else(String::new, |Self { wanted, met }| {
            format!("{}: {wanted}", if *met { "met" } else { "NOT MET" })
        })
    }
}

impl Load {
    /// `signatures` is how many an answer holds.
    pub(super) fn new(
        what: impl Into<String>,
        placement: Placement,
        phase: &Phase,
        signature_us: f64,
        signatures: u8,
    ) -> Self {
        let requests = phase.requests as f64;
        let server_cpu_us = phase.server_seconds * MICROS / requests;
        let in_signatures = server_cpu_us / signature_us;
        Self {
            what: what.into(),
            connections: phase.connections,
            pinned: placement == Placement::Apart,
            requests: phase.requests,
            per_second: requests / phase.seconds,
            per_server_cpu_second: requests / phase.server_seconds,
            server_cpu_us,
            signature_us,
            in_signatures,
            efficiency: (signatures > 0).then(|| f64::from(signatures) / in_signatures),
            asking_cpu_share: phase.own_seconds / phase.seconds,
            p50_ms: phase.p50_us / 1000.0,
            p99_ms: phase.p99_us / 1000.0,
            target: None,
        }
    }

    pub(super) fn wanting_efficiency(mut self, wanted: f64) -> Self {
        self.target = self.efficiency.map(|measured| Target::at_least("efficiency", wanted, measured));
        self
    }

    pub(super) fn wanting_per_server_cpu_second(mut self, wanted: f64) -> Self {
        self.target = Some(Target::at_least("per CPU-s", wanted, self.per_server_cpu_second));
        self
    }

    fn line(&self) -> String {
        let efficiency = self.efficiency.map_or_else(|| "-".to_owned(), |share| format!("{share:.2}"));
        format!(
            "{:<24} {:>5} {:<6} {:>8.0} {:>10.0} {:>8.1} {:>8.2} {:>6} {:>8.2} {:>8.2}  {}",
            self.what,
            self.connections,
            if self.pinned { "apart" } else { "free" },
            self.per_second,
            self.per_server_cpu_second,
            self.server_cpu_us,
            self.in_signatures,
            efficiency,
            self.p50_ms,
            self.p99_ms,
            Target::verdict(self.target.as_ref())
        )
    }
}

impl Figure {
    pub(super) fn new(what: impl Into<String>, value: f64, unit: &'static str) -> Self {
        Self { what: what.into(), value, unit, target: None }
    }

    pub(super) fn wanting_below(mut self, wanted: f64) -> Self {
        self.target = Some(Target::below(self.unit, wanted, self.value));
        self
    }

    fn line(&self) -> String {
        let (unit, verdict) = (self.unit, Target::verdict(self.target.as_ref()));
        format!("{:<54} {:>10.1} {unit:<14} {verdict}", self.what, self.value)
    }
}

impl Report {
    pub(super) fn load(&mut self, load: Load) {
        self.loads.push(load);
    }

    pub(super) fn figure(&mut self, figure: Figure) {
        self.figures.push(figure);
    }

    pub(super) fn not_measured(&mut self, what: impl Into<String>, why: impl Into<String>) {
        self.not_measured.push(Missing { what: what.into(), why: why.into() });
    }

    /// For people.
    pub(super) fn table(&self) -> String {
        let mut text = String::new();
        for figure in &self.figures {
            let _ = writeln!(text, "{}", figure.line().trim_end());
        }
        if !self.loads.is_empty() {
            let _ = writeln!(
                text,
                "\n{:<24} {:>5} {:<6} {:>8} {:>10} {:>8} {:>8} {:>6} {:>8} {:>8}  target\n{:<24} {:>5} {:<6} {:>8} {:>10} {:>8} {:>8} {:>6} {:>8} {:>8}",
                "what",
                "conns",
                "cores",
                "per s",
                "per CPU-s",
                "CPU µs",
                "in sign-",
                "effi-",
                "p50 ms",
                "p99 ms",
                "",
                "",
                "",
                "(wall)",
                "(server)",
                "(server)",
                "atures",
                "ciency",
                "(wall)",
                "(wall)",
            );
        }
        for load in &self.loads {
            let _ = writeln!(text, "{}", load.line().trim_end());
        }
        for Missing { what, why } in &self.not_measured {
            let _ = writeln!(text, "\nnot measured: {what}: {why}");
        }
        text
    }

    /// For programs.
    pub(super) fn json(&self) -> Result<String> {
        Ok(serde_json::to_string_pretty(self)? + "\n")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn phase() -> Phase {
        Phase {
            name: "tokens".into(),
            connections: 16,
            requests: 1000,
            seconds: 0.5,
            server_seconds: 0.4,
            own_seconds: 0.1,
            p50_us: 8000.0,
            p99_us: 9000.0,
        }
    }

    #[test]
    fn efficiency_is_the_share_that_was_signing() {
        let load = Load::new("tokens", Placement::Apart, &phase(), 300.0, 1).wanting_efficiency(0.75);
        assert!((load.server_cpu_us - 400.0).abs() < 1e-6);
        assert!((load.in_signatures - 4.0 / 3.0).abs() < 1e-6);
        assert!(load.line().ends_with("met: efficiency at least 0.75"), "{}", load.line());
        let load = Load::new("tokens", Placement::Apart, &phase(), 290.0, 1).wanting_efficiency(0.75);
        assert!(load.line().ends_with("NOT MET: efficiency at least 0.75"), "{}", load.line());
    }

    #[test]
    fn what_could_not_be_measured_is_said() {
        let mut report = Report::default();
        report.figure(Figure::new("memory idle", 24.0, "MiB").wanting_below(25.0));
        report.not_measured("codes", "no route");
        let text = report.table();
        assert!(text.contains("24.0 MiB"), "{text}");
        assert!(text.contains("met: MiB below 25"), "{text}");
        assert!(text.ends_with("not measured: codes: no route\n"), "{text}");
    }
}
