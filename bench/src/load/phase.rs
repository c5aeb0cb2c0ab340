//! One phase: connections, a warm-up, and the measurement.

use std::cell::Cell;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use futures_util::future::try_join_all;
use serde::Serialize;

use super::https::{Answer, Connection, Endpoint, Request};
use crate::cpu;

/// How much, and for how long at most.
pub(super) struct Phase {
    pub(super) pid: u32,
    pub(super) connections: usize,
    pub(super) requests: usize,
    pub(super) warm_up: usize,
    pub(super) limit: Duration,
}

/// What was measured.
#[derive(Serialize)]
pub(crate) struct Figures {
    name: &'static str,
    connections: usize,
    requests: usize,
    /// By the wall clock.
    seconds: f64,
    /// CPU time of the server.
    server_seconds: f64,
    /// CPU time of this program: when it is near `seconds`, it was this side that was too slow.
    own_seconds: f64,
    /// Half of the answers took no longer.
    p50_us: f64,
    /// All but a hundredth of the answers took no longer.
    p99_us: f64,
}

/// What is asked, by number, and what is done with each answer.
pub(super) struct Script<'a> {
    pub(super) ask: &'a dyn Fn(usize) -> Result<Request>,
    pub(super) take: &'a dyn Fn(usize, Answer) -> Result<()>,
}

impl Phase {
    /// The same, when there is only so much to ask with.
    pub(super) fn at_most(&self, total: usize) -> Self {
        let Self { pid, connections, warm_up, limit, .. } = *self;
        Self { pid, connections, requests: self.requests.min(total.saturating_sub(warm_up)), warm_up, limit }
    }

    /// The same request every time, answered 200.
    pub(super) async fn repeat(
        &self,
        name: &'static str,
        endpoint: &Endpoint,
        request: &Request,
    ) -> Result<Figures> {
        let ask = |_| Ok(request.clone());
        let take = |_, answer: Answer| answer.expect_ok();
        self.run(name, endpoint, &Script { ask: &ask, take: &take }).await
    }

    /// Something that takes several requests, one after the other on connections of its own.
    pub(super) async fn one_by_one(
        &self,
        name: &'static str,
        times: usize,
        does: impl AsyncFn() -> Result<()>,
    ) -> Result<Figures> {
        does().await?;
        let (began, server, own) = (Instant::now(), cpu::of(self.pid)?, cpu::own());
        let mut took = Vec::new();
        while took.len() < times && began.elapsed() < self.limit {
            let begins = Instant::now();
            does().await?;
            took.push(begins.elapsed());
        }
        let (seconds, server, own) = (began.elapsed(), cpu::of(self.pid)? - server, cpu::own() - own);
        took.sort_unstable();
        Ok(Figures {
            name,
            connections: 1,
            requests: took.len(),
            seconds: seconds.as_secs_f64(),
            server_seconds: server.as_secs_f64(),
            own_seconds: own.as_secs_f64(),
            p50_us: percentile(&took, 50),
            p99_us: percentile(&took, 99),
        })
    }

    pub(super) async fn run(
        &self,
        name: &'static str,
        endpoint: &Endpoint,
        script: &Script<'_>,
    ) -> Result<Figures> {
        let mut connections = Vec::new();
        for _ in 0..self.connections {
            connections.push(endpoint.connect().await?);
        }
        self.ask_all(&mut connections, script, 0, self.warm_up).await?;
        let (began, server, own) = (Instant::now(), cpu::of(self.pid)?, cpu::own());
        let mut took =
            self.ask_all(&mut connections, script, self.warm_up, self.warm_up + self.requests).await?;
        let (seconds, server, own) = (began.elapsed(), cpu::of(self.pid)? - server, cpu::own() - own);
        if took.is_empty() {
            bail!("nothing was answered within {:?}", self.limit);
        }
        took.sort_unstable();
        Ok(Figures {
            name,
            connections: self.connections,
            requests: took.len(),
            seconds: seconds.as_secs_f64(),
            server_seconds: server.as_secs_f64(),
            own_seconds: own.as_secs_f64(),
            p50_us: percentile(&took, 50),
            p99_us: percentile(&took, 99),
        })
    }

    /// Asks numbers `from..to` on all connections, each taking the next one that nobody has; says how long each took.
    async fn ask_all(
        &self,
        connections: &mut [Connection],
        script: &Script<'_>,
        from: usize,
        to: usize,
    ) -> Result<Vec<Duration>> {
        let next = Cell::new(from);
        let deadline = Instant::now() + self.limit;
        let workers = connections.iter_mut().map(|connection| {
            let next = &next;
            async move {
                let mut took = Vec::new();
                while next.get() < to {
                    let number = next.replace(next.get() + 1);
                    let began = Instant::now();
                    if began > deadline {
                        break;
                    }
                    let answer = connection.send((script.ask)(number)?).await?;
                    took.push(began.elapsed());
                    (script.take)(number, answer)?;
                }
                Ok::<_, anyhow::Error>(took)
            }
        });
        Ok(try_join_all(workers).await?.concat())
    }
}

/// In microseconds; `sorted` is not empty.
fn percentile(sorted: &[Duration], percent: usize) -> f64 {
    let place = (sorted.len() * percent / 100).min(sorted.len().saturating_sub(1));
    sorted.get(place).map_or(0.0, |took| took.as_secs_f64() * 1e6)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_stay_within_what_was_measured() {
        let millis: Vec<Duration> = (1..=200).map(Duration::from_millis).collect();
        assert!((percentile(&millis, 50) - 101_000.0).abs() < 1.0);
        assert!((percentile(&millis, 99) - 199_000.0).abs() < 1.0);
        assert!((percentile(&millis[..1], 99) - 1000.0).abs() < 1.0);
    }
}
