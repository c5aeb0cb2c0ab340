//! CPU time: of this process, and of another. Wall time says who else was busy; CPU time says what something costs.

use std::fs;
use std::time::Duration;

use anyhow::{Context, Result};
use rustix::time::{ClockId, clock_gettime};

/// The CPU time this process has used.
pub(crate) fn own() -> Duration {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    Duration::new(time.tv_sec.try_into().unwrap_or(0), time.tv_nsec.try_into().unwrap_or(0))
}

/// The CPU time another process has used in all of its threads, in steps of the kernel's clock tick (10 ms).
pub(crate) fn of(pid: u32) -> Result<Duration> {
    let path = format!("/proc/{pid}/stat");
    let text =
        fs::read_to_string(&path).with_context(|| format!("cannot read {path}: has the server ended?"))?;
    let ticks = ticks(&text).with_context(|| format!("{path} is not as proc(5) says"))?;
    Ok(Duration::from_secs_f64(ticks as f64 / rustix::param::clock_ticks_per_second() as f64))
}

/// The CPU time of another process's threads that are still there, to the nanosecond.
pub(crate) fn of_threads(pid: u32) -> Result<Duration> {
    let folder = format!("/proc/{pid}/task");
    let mut nanoseconds = 0;
    for thread in fs::read_dir(&folder).with_context(|| format!("cannot read {folder}"))? {
        // Time on the CPU, time waiting for it, and how often: Documentation/scheduler/sched-stats.rst. A thread may
        // have ended meanwhile.
        let text = fs::read_to_string(thread?.path().join("schedstat")).unwrap_or_default();
        nanoseconds += text.split_whitespace().next().and_then(|word| word.parse().ok()).unwrap_or(0);
    }
    Ok(Duration::from_nanos(nanoseconds))
}

/// proc(5): `utime` and `stime` are fields 14 and 15. Field 2 is the program's name, in parentheses, and may hold
/// anything.
fn ticks(stat: &str) -> Option<u64> {
    let (_, rest) = stat.rsplit_once(')')?;
    let mut fields = rest.split_whitespace().skip(11);
    let mut next = || fields.next()?.parse::<u64>().ok();
    Some(next()? + next()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ticks_are_found_behind_a_name_with_blanks_and_parentheses() {
        let stat = "42 (a (b) c) S 1 42 42 0 -1 4194304 100 0 0 0 250 50 0 0 20 0 4 0 1 2 3";
        assert_eq!(ticks(stat), Some(300));
        assert_eq!(ticks("42 (a) S 1"), None);
    }

    #[test]
    fn both_ways_of_reading_agree_on_this_process() {
        let before = own();
        while own() < before + Duration::from_millis(50) {}
        let (own, other) = (own(), of(std::process::id()).unwrap());
        assert!(own.abs_diff(other) < Duration::from_millis(30), "{own:?} {other:?}");
    }
}
