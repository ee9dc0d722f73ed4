//! Pairs of small numbers, row by row: for each first number, the set of second numbers.

use super::bits::{Bits, Block};
use rayon::iter::{IntoParallelRefIterator, ParallelIterator};
use std::ops::Range;

/// Pairs of numbers. The first are below a bound that is set from the start; each that has a pair has a row.
#[derive(Debug, Clone, Default)]
pub struct Grid {
    /// For each first number, where its row lies among `rows`.
    places: Vec<u32>,
    rows: Vec<Bits>,
    /// The first numbers that have a row, in the order of `rows`.
    firsts: Vec<u32>,
    len: usize,
    row_bytes: usize,
}

const NONE: u32 = u32::MAX;

/// Rows with their first numbers, which ascend.
pub type GridRows = Vec<(u32, Bits)>;

impl Grid {
    /// No pairs, with first numbers below `bound`.
    pub fn new(bound: usize) -> Self {
        Self { places: vec![NONE; bound], ..Self::default() }
    }

    /// How many pairs there are.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Below what the first numbers are.
    pub fn bound(&self) -> usize {
        self.places.len()
    }

    /// Bytes that the pairs take.
    pub fn bytes(&self) -> usize {
        4 * self.places.len() + self.rows.len() * (size_of::<Bits>() + 4) + self.row_bytes
    }

    /// The second numbers of a first one.
    #[inline]
    pub fn row(&self, first: u32) -> Option<&Bits> {
        let place = self.places[first as usize];
        (place != NONE).then(|| &self.rows[place as usize])
    }

    /// Adds the pairs of a row.
    pub fn union(&mut self, first: u32, row: &Bits) {
        if row.is_empty() {
            return;
        }
        let place = self.places[first as usize];
        if place == NONE {
            return self.push(first, row.clone());
        }
        let known = &mut self.rows[place as usize];
        let (before, bytes) = (known.len(), known.bytes());
        known.union(row);
        self.len += known.len() - before;
        self.row_bytes = self.row_bytes + known.bytes() - bytes;
    }

    /// Takes a row in that was not there before.
    pub fn push(&mut self, first: u32, row: Bits) {
        debug_assert_eq!(self.places[first as usize], NONE, "a first number has one row");
        if !row.is_empty() {
            self.places[first as usize] = u32::try_from(self.rows.len()).expect("fewer than 2^32 rows");
            if self.rows.len() == self.rows.capacity() {
                // Twice the room would be half empty on average, and rows are what memory goes to.
                self.rows.reserve_exact(8 + self.rows.len() / 4);
            }
            self.len += row.len();
            self.row_bytes += row.bytes();
            self.rows.push(row);
            self.firsts.push(first);
        }
    }

    /// Takes all pairs out, at a cost of the rows there are. Returns the first numbers that had one.
    pub fn clear(&mut self) -> Vec<u32> {
        self.firsts.iter().for_each(|first| self.places[*first as usize] = NONE);
        self.rows = Vec::new();
        (self.len, self.row_bytes) = (0, 0);
        std::mem::take(&mut self.firsts)
    }

    /// The first numbers that have a row, in the order in which they came.
    pub fn firsts_in_use(&self) -> impl Iterator<Item = u32> + '_ {
        self.firsts.iter().copied()
    }

    /// The first numbers that have a row, ascending.
    pub fn firsts(&self) -> impl Iterator<Item = u32> + '_ {
        (0..).zip(&self.places).filter(|(_, place)| **place != NONE).map(|(first, _)| first)
    }

    /// The rows with their first numbers, ascending.
    pub fn rows(&self) -> impl Iterator<Item = (u32, &Bits)> {
        self.firsts().filter_map(|first| Some((first, self.row(first)?)))
    }
}

/// The same pairs the other way round. `rows` ascend by their first number.
///
/// The second numbers are cut into stretches, and each thread gathers, sorts and lays out the pairs of one stretch
/// after another, so that no more than a few million pairs lie about singly at a time.
pub fn transposed(rows: &[(u32, &Bits)]) -> GridRows {
    match &stretches(rows)[..] {
        // Few pairs are not worth waking threads for.
        [only] => transposed_stretch(rows, only),
        stretches => {
            let turned: Vec<GridRows> = stretches.par_iter().map(|stretch| transposed_stretch(rows, stretch)).collect();
            turned.into_iter().flatten().collect()
        }
    }
}

/// Positions of words, cut so that the rows have about as many numbers in each stretch.
fn stretches(rows: &[(u32, &Bits)]) -> Vec<Range<u32>> {
    const FEW: usize = 1 << 15;
    const MANY: usize = 1 << 20;
    let all: usize = rows.iter().map(|(_, row)| row.len()).sum();
    if all <= FEW {
        return std::iter::once(0..u32::MAX).collect();
    }
    let threads = rayon::current_num_threads();
    let most = if threads == 1 { MANY } else { (all / (2 * threads)).clamp(FEW, MANY) };
    let mut counts: Vec<usize> = Vec::new();
    for (_, row) in rows {
        row.each_block(|Block { at, word }| {
            if counts.len() <= at as usize {
                counts.resize(at as usize + 1, 0);
            }
            counts[at as usize] += word.count_ones() as usize;
        });
    }
    let (mut stretches, mut from, mut pairs) = (Vec::new(), 0, 0);
    for (at, count) in (0..).zip(&counts) {
        pairs += count;
        if pairs >= most {
            stretches.push(from..at + 1);
            (from, pairs) = (at + 1, 0);
        }
    }
    stretches.push(from..u32::MAX);
    stretches
}

/// The rows whose second numbers become the first ones, as far as they lie in a stretch.
fn transposed_stretch(rows: &[(u32, &Bits)], stretch: &Range<u32>) -> GridRows {
    let mut pairs: Vec<u64> = Vec::new();
    for (first, row) in rows {
        row.each_block_within(stretch, &mut |block| {
            pairs.extend(block.numbers().map(|second| u64::from(second) << 32 | u64::from(*first)));
        });
    }
    pairs.sort_unstable();
    let mut firsts: Vec<u32> = Vec::new();
    let row = |chunk: &[u64]| {
        firsts.clear();
        firsts.extend(chunk.iter().map(|pair| (pair & u64::from(u32::MAX)) as u32));
        ((chunk[0] >> 32) as u32, Bits::of(&firsts))
    };
    pairs.chunk_by(|a, b| a >> 32 == b >> 32).map(row).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn a_grid_holds_pairs_and_turns_them_round() {
        for bound in [1, 63, 64, 65, 511, 512, 513, 4095, 4096, 4097] {
            let mut grid = Grid::new(bound as usize);
            let mut wanted = BTreeSet::new();
            for step in [1, 7, 64] {
                for first in (0..bound).step_by(step) {
                    let row: Vec<u32> = (first / 2..bound).step_by(step * 11).collect();
                    wanted.extend(row.iter().map(|second| (first, *second)));
                    grid.union(first, &Bits::of(&row));
                }
            }
            let pairs = |rows: &[(u32, &Bits)]| {
                let mut pairs = Vec::new();
                rows.iter().for_each(|(first, row)| row.each(|second| pairs.push((*first, second))));
                pairs
            };
            let rows: Vec<_> = grid.rows().collect();
            assert_eq!(pairs(&rows), wanted.iter().copied().collect::<Vec<_>>());
            assert_eq!(grid.len(), wanted.len());
            let round = transposed(&rows);
            let round: Vec<_> = round.iter().map(|(first, row)| (*first, row)).collect();
            let turned: BTreeSet<_> = wanted.iter().map(|(first, second)| (*second, *first)).collect();
            assert_eq!(pairs(&round), turned.into_iter().collect::<Vec<_>>());
        }
    }
}
