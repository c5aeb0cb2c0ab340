//! Randomness for unit tests: a counter, so that values differ and runs repeat.

use std::sync::atomic::{AtomicU64, Ordering};

use crate::randomness::Randomness;

pub(crate) struct Dice;

static ROLLS: AtomicU64 = AtomicU64::new(1);

impl Randomness for Dice {
    fn fill(&self, buffer: &mut [u8]) {
        for chunk in buffer.chunks_mut(8) {
            let roll =
                ROLLS.fetch_add(1, Ordering::Relaxed).wrapping_mul(0x9e37_79b9_7f4a_7c15).to_be_bytes();
            chunk.copy_from_slice(&roll[..chunk.len()]);
        }
    }
}
