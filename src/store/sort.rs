//! Sorting rows that lie column by column.
//!
//! In: columns of equal length. Out: the same rows ascending, each once. The way depends on what the columns are:
//! pairs of narrow cells are counted into place by their first cell where those lie close together, and else packed
//! into one integer each; other narrow rows are sorted as arrays, wide and long ones by their positions.

use crate::data::{Column, Word, range_of};
use rayon::iter::{IndexedParallelIterator, IntoParallelRefMutIterator, ParallelIterator};
use rayon::slice::{ParallelSlice, ParallelSliceMut};
use std::cmp::Ordering;
use std::ops::Range;

/// Batches this long are sorted on all threads.
const PARALLEL: usize = 1 << 15;

/// Sorts rows and drops repeats.
pub(super) fn sort(columns: &mut [Column]) {
    if ascends(columns) {
        return;
    }
    match narrow(columns) {
        Some(mut cells) => match &mut cells[..] {
            [only] => sort_slice(only, PARALLEL),
            [first, second] => sort_pairs(first, second),
            [_, _, _] => sort_arrays::<u32, 3>(&mut cells),
            [_, _, _, _] => sort_arrays::<u32, 4>(&mut cells),
            _ => sort_positions(columns),
        },
        None => sort_wide(columns),
    }
}

fn sort_wide(columns: &mut [Column]) {
    let words = |columns: &[Column]| columns.iter().map(|column| column.iter().collect()).collect();
    let mut copy: Vec<Vec<Word>> = if columns.len() <= 4 { words(columns) } else { Vec::new() };
    let mut parts: Vec<&mut Vec<Word>> = copy.iter_mut().collect();
    match columns.len() {
        1 => sort_slice(parts[0], PARALLEL),
        2 => sort_arrays::<Word, 2>(&mut parts),
        3 => sort_arrays::<Word, 3>(&mut parts),
        4 => sort_arrays::<Word, 4>(&mut parts),
        _ => return sort_positions(columns),
    }
    for (column, words) in columns.iter_mut().zip(copy) {
        *column = words.into_iter().collect();
    }
}

/// Whether the rows are ascending and distinct already.
fn ascends(columns: &[Column]) -> bool {
    let len = columns[0].len();
    let cells: Option<Vec<&[u32]>> = columns.iter().map(|column| Some(column.narrow()?.1)).collect();
    match cells.as_deref() {
        Some([only]) => only.is_sorted_by(|a, b| a < b),
        Some([first, second]) => (1..len)
            .all(|row| first[row - 1] < first[row] || first[row - 1] == first[row] && second[row - 1] < second[row]),
        _ => (1..len).all(|row| compare(columns, row - 1, row).is_lt()),
    }
}

fn compare(columns: &[Column], a: usize, b: usize) -> Ordering {
    let unequal = columns.iter().map(|column| column.compare(a, column, b)).find(|ordering| ordering.is_ne());
    unequal.unwrap_or(Ordering::Equal)
}

fn narrow(columns: &mut [Column]) -> Option<Vec<&mut Vec<u32>>> {
    columns.iter_mut().map(Column::narrow_mut).collect()
}

fn sort_slice<T: Ord + Send>(items: &mut Vec<T>, parallel: usize) {
    if items.len() < parallel {
        items.sort_unstable();
    } else {
        items.par_sort_unstable();
    }
    items.dedup();
}

/// Sorts narrow rows as arrays, which keeps a row's cells side by side.
fn sort_arrays<T: Ord + Copy + Send, const ARITY: usize>(columns: &mut [&mut Vec<T>]) {
    let mut rows: Vec<[T; ARITY]> =
        (0..columns[0].len()).map(|row| std::array::from_fn(|column| columns[column][row])).collect();
    sort_slice(&mut rows, PARALLEL);
    for (at, column) in columns.iter_mut().enumerate() {
        column.clear();
        column.extend(rows.iter().map(|row| row[at]));
    }
}

/// Sorts wide rows by sorting their positions.
fn sort_positions(columns: &mut [Column]) {
    let mut positions: Vec<usize> = (0..columns[0].len()).collect();
    if positions.len() < PARALLEL {
        positions.sort_unstable_by(|&a, &b| compare(columns, a, b));
    } else {
        positions.par_sort_unstable_by(|&a, &b| compare(columns, a, b));
    }
    positions.dedup_by(|a, b| compare(columns, *a, *b).is_eq());
    for column in columns {
        *column = column.pick(&positions);
    }
}

/// Sorts pairs of cells.
fn sort_pairs(first: &mut Vec<u32>, second: &mut Vec<u32>) {
    let (least, greatest) = range_of(first).unwrap_or_default();
    let spread = greatest - least;
    // Counting costs a look at every value between the least and the greatest.
    if first.len() >= 64 && spread as usize / 2 <= first.len() {
        let ranges = Ranges::new(least, spread, first.len());
        let kept = count_pairs(first, second, ranges);
        first.truncate(kept);
        second.truncate(kept);
        return;
    }
    let pack = |(a, b): (&u32, &u32)| u64::from(*a) << 32 | u64::from(*b);
    let mut pairs: Vec<u64> = first.iter().zip(&*second).map(pack).collect();
    sort_slice(&mut pairs, PARALLEL);
    first.clear();
    second.clear();
    first.extend(pairs.iter().map(|pair| (pair >> 32) as u32));
    second.extend(pairs.iter().map(|pair| (pair & u64::from(u32::MAX)) as u32));
}

/// Ranges of first cells, of equal width: a cell's range is in its upper bits, its place there in the lower ones.
#[derive(Debug, Clone, Copy)]
struct Ranges {
    least: u32,
    /// Bits of the place in a range.
    bits: u32,
    count: usize,
}

impl Ranges {
    /// One for a few pairs, else as many as can be written to side by side; more only if places would not fit 16 bits.
    fn new(least: u32, spread: u32, pairs: usize) -> Self {
        let upper = if pairs < PARALLEL { 0 } else { 8 };
        let bits = (u32::BITS - spread.leading_zeros()).saturating_sub(upper).min(u16::BITS);
        Self { least, bits, count: (spread >> bits) as usize + 1 }
    }

    fn range(self, cell: u32) -> usize {
        ((cell - self.least) >> self.bits) as usize
    }

    fn place(self, cell: u32) -> u16 {
        ((cell - self.least) & ((1 << self.bits) - 1)) as u16
    }
}

/// Counts pairs into place. Each thread first sorts some of the pairs by the range that their first cell lies in; then
/// each counts the pairs of one range after the other into place, which are few enough to stay near the processor.
/// (Counting all pairs into place at once took half as long again: every pair lands somewhere else.) Returns how many
/// pairs are left without repeats.
fn count_pairs(first: &mut [u32], second: &mut [u32], ranges: Ranges) -> usize {
    let parallel = first.len() >= PARALLEL;
    let parts: Vec<Parted> = if parallel {
        let share = first.len().div_ceil(4 * rayon::current_num_threads());
        let shares = first.par_chunks(share).zip(second.par_chunks(share));
        shares.map(|(first, second)| Parted::new(first, second, ranges)).collect()
    } else {
        vec![Parted::new(first, second, ranges)]
    };
    let (mut firsts, mut seconds) = (&mut *first, &mut *second);
    let mut sorted: Vec<Sorted> = Vec::with_capacity(ranges.count);
    for range in 0..ranges.count {
        let len = parts.iter().map(|part| part.rows(range).len()).sum();
        let (first, second);
        (first, firsts) = firsts.split_at_mut(len);
        (second, seconds) = seconds.split_at_mut(len);
        sorted.push(Sorted { range, first, second, kept: 0 });
    }
    if parallel {
        sorted.par_iter_mut().with_max_len(1).for_each(|sorted| sorted.fill(&parts, ranges));
    } else {
        sorted.iter_mut().for_each(|sorted| sorted.fill(&parts, ranges));
    }
    let lens: Vec<(usize, usize)> = sorted.iter().map(|sorted| (sorted.first.len(), sorted.kept)).collect();
    let (mut from, mut to) = (0, 0);
    for (len, kept) in lens {
        if from != to {
            first.copy_within(from..from + kept, to);
            second.copy_within(from..from + kept, to);
        }
        (from, to) = (from + len, to + kept);
    }
    to
}

/// Pairs in the order of their ranges.
struct Parted {
    /// Where the pairs of each range begin, and where the last ones end.
    starts: Vec<usize>,
    /// The places of the first cells in their ranges.
    places: Vec<u16>,
    seconds: Vec<u32>,
}

impl Parted {
    fn new(first: &[u32], second: &[u32], ranges: Ranges) -> Self {
        let mut starts = vec![0; ranges.count + 1];
        first.iter().for_each(|cell| starts[ranges.range(*cell) + 1] += 1);
        for range in 0..ranges.count {
            starts[range + 1] += starts[range];
        }
        let mut next = starts.clone();
        let (mut places, mut seconds) = (vec![0; first.len()], vec![0; second.len()]);
        for (first, second) in first.iter().zip(second) {
            let next = &mut next[ranges.range(*first)];
            (places[*next], seconds[*next]) = (ranges.place(*first), *second);
            *next += 1;
        }
        Self { starts, places, seconds }
    }

    fn rows(&self, range: usize) -> Range<usize> {
        self.starts[range]..self.starts[range + 1]
    }
}

/// Where the pairs of one range go.
struct Sorted<'a> {
    range: usize,
    first: &'a mut [u32],
    second: &'a mut [u32],
    /// How many there are without repeats, at the start of both.
    kept: usize,
}

impl Sorted<'_> {
    fn fill(&mut self, parts: &[Parted], ranges: Ranges) {
        let mut ends = vec![0_usize; (1 << ranges.bits) + 1];
        for part in parts {
            part.places[part.rows(self.range)].iter().for_each(|place| ends[usize::from(*place) + 1] += 1);
        }
        for place in 1..ends.len() {
            ends[place] += ends[place - 1];
        }
        // Where pairs begin moves to where they end, as they are filled in.
        let mut seconds = vec![0; self.second.len()];
        for part in parts {
            let rows = part.rows(self.range);
            for (place, second) in part.places[rows.clone()].iter().zip(&part.seconds[rows]) {
                let next = &mut ends[usize::from(*place)];
                seconds[*next] = *second;
                *next += 1;
            }
        }
        let (from, mut start) = (ranges.least + ((self.range as u32) << ranges.bits), 0);
        for (place, end) in ends[..1 << ranges.bits].iter().enumerate() {
            if start < *end {
                self.keep(from + place as u32, &mut seconds[start..*end]);
            }
            start = *end;
        }
    }

    /// Appends the pairs of one first cell.
    fn keep(&mut self, first: u32, seconds: &mut [u32]) {
        if seconds.len() < PARALLEL {
            seconds.sort_unstable();
        } else {
            seconds.par_sort_unstable();
        }
        let mut before = None;
        for second in seconds {
            if before.replace(*second) != Some(*second) {
                (self.first[self.kept], self.second[self.kept]) = (first, *second);
                self.kept += 1;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    /// A small generator of numbers, so that the tests need no library.
    fn numbers(seed: u64) -> impl Iterator<Item = u64> {
        std::iter::successors(Some(seed.wrapping_mul(2).wrapping_add(1)), |x| {
            Some(x.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407))
        })
        .map(|x| x >> 33)
    }

    #[test]
    fn every_way_of_sorting_sorts_and_drops_repeats() {
        for arity in 1..7 {
            for len in [0, 1, 2, 63, 64, 65, 1000, 40_000] {
                for (spread, stretch) in [(1, 1), (3, 1), (500, 1), (70_000, 1), (100_000, 1), (40, 1 << 40)] {
                    let mut source = numbers(len as u64 + spread);
                    let mut word = || Word(source.next().expect("endless") % spread * stretch + 7);
                    let mut columns: Vec<Column> = (0..arity).map(|_| (0..len).map(|_| word()).collect()).collect();
                    let row =
                        |columns: &[Column], row| columns.iter().map(|column| column.get(row)).collect::<Vec<_>>();
                    let wanted: BTreeSet<Vec<Word>> = (0..len).map(|at| row(&columns, at)).collect();
                    sort(&mut columns);
                    let sorted: Vec<Vec<Word>> = (0..columns[0].len()).map(|at| row(&columns, at)).collect();
                    assert_eq!(sorted, wanted.into_iter().collect::<Vec<_>>(), "{arity} columns, {len} rows, {spread}");
                }
            }
        }
    }
}
