//! Random numbers.
//!
//! In: a seed, or bytes. Out: the same choices on every machine.

use std::collections::VecDeque;

/// A small pseudo-random generator (splitmix64), whose first throws may be told to it.
pub(crate) struct Dice {
    state: u64,
    /// Throws to come, a byte each, before any is random.
    told: VecDeque<u8>,
}

impl Dice {
    /// The throws of a seed.
    pub(crate) fn new(seed: u64) -> Self {
        Self { state: seed, told: VecDeque::new() }
    }

    /// These throws, and then those of seed 0: a byte that changes changes one throw, so that a fuzzer can steer.
    pub(crate) fn told(throws: &[u8]) -> Self {
        Self { state: 0, told: throws.iter().copied().collect() }
    }

    /// A number below `bound`.
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        if let Some(throw) = self.told.pop_front() {
            return usize::from(throw) % bound;
        }
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.state ^ (self.state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) % bound as u64).expect("a remainder fits")
    }

    /// A number from `low` to `high`, both included.
    pub(crate) fn between(&mut self, low: usize, high: usize) -> usize {
        low + self.below(high - low + 1)
    }

    /// True so many times in a hundred.
    pub(crate) fn percent(&mut self, chance: usize) -> bool {
        self.below(100) < chance
    }

    /// One of several.
    pub(crate) fn pick<T: Clone>(&mut self, choices: &[T]) -> T {
        choices[self.below(choices.len())].clone()
    }

    /// Any order.
    pub(crate) fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            items.swap(last, self.below(last + 1));
        }
    }
}
