//! The unit of everything: what a signature costs on this machine at this moment. Machines change their minds, so it is
//! taken again before and after each load.

use anyhow::Result;

use super::instruments::{Costs, Instruments};

/// CPU seconds for each reading: some thousands of signatures.
const SECONDS: f64 = 0.8;

#[derive(Default)]
pub(super) struct Meter {
    last: Option<Costs>,
}

impl Meter {
    /// Reads the meter.
    pub(super) fn read(&mut self, instruments: &Instruments) -> Result<Costs> {
        let costs = instruments.signatures(SECONDS)?;
        self.last = Some(costs);
        Ok(costs)
    }

    /// Does something between two readings, and says what a signature cost meanwhile: the mean of the two. The reading
    /// after one thing is the one before the next, which follows at once.
    pub(super) fn around<T>(
        &mut self,
        instruments: &Instruments,
        work: impl FnOnce() -> Result<T>,
    ) -> Result<(T, f64)> {
        let before = match self.last.take() {
            Some(costs) => costs,
            None => self.read(instruments)?,
        };
        let done = work()?;
        let after = self.read(instruments)?;
        Ok((done, f64::midpoint(before.signature_us, after.signature_us)))
    }
}
