//! Pairs of small numbers that do not change: for each first number, the list of second numbers. (Compressed sparse
//! rows.)

use rayon::iter::{IndexedParallelIterator, IntoParallelIterator, ParallelIterator};
use rayon::slice::ParallelSliceMut;
use std::ops::Range;

/// Pairs of numbers, ascending.
#[derive(Debug, Clone)]
pub struct Lists {
    /// Where the list of each first number begins, and where the last one ends.
    starts: Vec<u32>,
    seconds: Vec<u32>,
}

impl Lists {
    /// The pairs of these numbers, with first numbers below `bound`; in any order, repeats allowed.
    pub fn new(bound: usize, firsts: Vec<u32>, mut seconds: Vec<u32>) -> Self {
        assert!(u32::try_from(firsts.len()).is_ok(), "fewer than 2^32 rows in one relation");
        if ascend(&firsts, &seconds) {
            return Self { starts: starts(bound, &firsts), seconds };
        }
        // Each start moves to the end of its list while that is filled: so they are shifted by one.
        let mut starts = vec![0; bound + 2];
        firsts.iter().for_each(|first| starts[*first as usize + 2] += 1);
        for at in 2..starts.len() {
            starts[at] += starts[at - 1];
        }
        let mut placed = vec![0; seconds.len()];
        for (first, second) in firsts.iter().zip(&seconds) {
            let start = &mut starts[*first as usize + 1];
            placed[*start as usize] = *second;
            *start += 1;
        }
        starts.pop();
        seconds = placed;
        drop(firsts);
        let mut lists = Self { starts, seconds };
        lists.sort();
        lists
    }

    /// Sorts each list and drops repeats.
    fn sort(&mut self) {
        let mut kept = 0;
        for first in 0..self.bound() {
            let Range { start, end } = self.place(first as u32);
            if !self.seconds[start..end].is_sorted() {
                self.seconds[start..end].sort_unstable();
            }
            self.starts[first] = kept as u32;
            for at in start..end {
                if at == start || self.seconds[at] != self.seconds[at - 1] {
                    self.seconds[kept] = self.seconds[at];
                    kept += 1;
                }
            }
        }
        let bound = self.bound();
        self.starts[bound] = kept as u32;
        self.seconds.truncate(kept);
    }

    /// Below what the first numbers are.
    pub fn bound(&self) -> usize {
        self.starts.len() - 1
    }

    fn place(&self, first: u32) -> Range<usize> {
        self.starts[first as usize] as usize..self.starts[first as usize + 1] as usize
    }

    /// The second numbers of a first one, ascending.
    #[inline]
    pub fn list(&self, first: u32) -> &[u32] {
        &self.seconds[self.place(first)]
    }

    /// How many second numbers a first one has on average.
    pub fn mean(&self) -> f64 {
        self.seconds.len() as f64 / self.bound().max(1) as f64
    }

    /// All pairs, ascending.
    pub fn pairs(&self) -> impl Iterator<Item = (u32, u32)> + '_ {
        (0..self.bound() as u32).flat_map(|first| self.list(first).iter().map(move |second| (first, *second)))
    }

    /// The same pairs the other way round, with first numbers below `bound`.
    pub fn transposed(&self, bound: usize) -> Lists {
        let (firsts, seconds): (Vec<u32>, Vec<u32>) = self.pairs().unzip();
        Lists::new(bound, seconds, firsts)
    }

    /// Bytes that the pairs take.
    pub fn bytes(&self) -> usize {
        4 * (self.starts.len() + self.seconds.len())
    }
}

/// Numbers that one task goes through.
const TASK: usize = 1 << 16;

/// Whether pairs ascend, so that each is there once.
fn ascend(firsts: &[u32], seconds: &[u32]) -> bool {
    let pair = |at: usize| (firsts[at], seconds[at]);
    let tasks = (1..firsts.len()).into_par_iter().with_min_len(TASK);
    tasks.all(|at| pair(at - 1) < pair(at))
}

/// Where the list of each number begins, and where the last one ends, for first numbers that ascend.
fn starts(bound: usize, firsts: &[u32]) -> Vec<u32> {
    let mut starts = vec![0; bound + 1];
    starts.par_chunks_mut(TASK).enumerate().for_each(|(task, starts)| {
        let least = (task * TASK) as u32;
        let mut row = firsts.partition_point(|first| *first < least);
        for (number, start) in (least..).zip(starts) {
            row += firsts[row..].iter().take_while(|first| **first < number).count();
            *start = row as u32;
        }
    });
    starts
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn lists_hold_each_pair_once_in_order() {
        for size in [0_u32, 1, 2, 63, 64, 65, 1000] {
            let pairs: Vec<(u32, u32)> = (0..size).map(|n| (n * 7 % 50, n * n % 30)).collect();
            let (firsts, seconds): (Vec<u32>, Vec<u32>) = pairs.iter().copied().unzip();
            let lists = Lists::new(50, firsts, seconds);
            let wanted: BTreeSet<(u32, u32)> = pairs.into_iter().collect();
            assert!(lists.pairs().eq(wanted.iter().copied()));
            let round: BTreeSet<(u32, u32)> = wanted.iter().map(|(a, b)| (*b, *a)).collect();
            assert!(lists.transposed(30).pairs().eq(round.into_iter()));
        }
    }
}
