//! Sorting rows that lie column by column.
//!
//! In: columns of equal length. Out: the same rows ascending, each once. The way depends on what the columns are:
//! pairs of narrow cells are counted into place by their first cell where those lie close together, and else packed
//! into one integer; other narrow rows are sorted as arrays, wide and long ones by their positions.

use crate::data::{Column, Word};
use rayon::iter::{IntoParallelIterator, ParallelIterator};
use rayon::slice::ParallelSliceMut;
use std::cmp::Ordering;

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
    let least = first.iter().min().copied().unwrap_or(0);
    let spread = (first.iter().max().copied().unwrap_or(0) - least) as usize;
    // Counting costs a look at every value between the least and the greatest.
    if first.len() >= 64 && spread / 2 <= first.len() {
        return count_pairs(first, second, least, spread + 1);
    }
    let pack = |(a, b): (&u32, &u32)| u64::from(*a) << 32 | u64::from(*b);
    let mut pairs: Vec<u64> = first.iter().zip(&*second).map(pack).collect();
    sort_slice(&mut pairs, PARALLEL);
    first.clear();
    second.clear();
    first.extend(pairs.iter().map(|pair| (pair >> 32) as u32));
    second.extend(pairs.iter().map(|pair| (pair & u64::from(u32::MAX)) as u32));
}

/// The second cells of the pairs whose first cells lie in one stretch of values.
struct Stretch<'a> {
    /// The least first cell, relative to the least of all.
    from: usize,
    /// Where the second cells of each first cell begin, and where the last ones end.
    starts: &'a [usize],
    seconds: &'a mut [u32],
}

/// Counts the pairs into place by their first cell, of which there are `spread` from `least` on; then sorts the second
/// cells behind each. Each thread fills a stretch of its own.
fn count_pairs(first: &mut Vec<u32>, second: &mut Vec<u32>, least: u32, spread: usize) {
    let mut starts = vec![0_usize; spread + 1];
    first.iter().for_each(|cell| starts[(cell - least) as usize + 1] += 1);
    for at in 0..spread {
        starts[at + 1] += starts[at];
    }
    let mut seconds = vec![0; second.len()];
    let threads = if second.len() < PARALLEL { 1 } else { rayon::current_num_threads() };
    let stretches = stretches(&starts, &mut seconds, threads);
    let (keys, values) = (&*first, &*second);
    stretches.into_par_iter().for_each(|stretch| stretch.fill(keys, values, least));
    drop(std::mem::take(second));
    let mut kept = 0;
    for at in 0..spread {
        let key = least + at as u32;
        let mut before = None;
        for from in starts[at]..starts[at + 1] {
            let value = seconds[from];
            if before.replace(value) != Some(value) {
                (first[kept], seconds[kept]) = (key, value);
                kept += 1;
            }
        }
    }
    first.truncate(kept);
    seconds.truncate(kept);
    *second = seconds;
}

/// Cuts the sorted pairs into as many stretches of about equal length.
fn stretches<'a>(starts: &'a [usize], mut seconds: &'a mut [u32], count: usize) -> Vec<Stretch<'a>> {
    let (mut stretches, mut from) = (Vec::new(), 0);
    let all = seconds.len();
    for part in 1..=count {
        let to = starts.partition_point(|&start| start < all * part / count).max(from);
        let (mine, rest) = seconds.split_at_mut(starts[to] - starts[from]);
        stretches.push(Stretch { from, starts: &starts[from..=to], seconds: mine });
        (seconds, from) = (rest, to);
    }
    stretches
}

impl Stretch<'_> {
    fn fill(self, keys: &[u32], values: &[u32], least: u32) {
        let offset = self.starts[0];
        let mut next: Vec<usize> = self.starts.iter().map(|start| start - offset).collect();
        let buckets = self.starts.len() - 1;
        for (key, value) in keys.iter().zip(values) {
            let bucket = ((key - least) as usize).wrapping_sub(self.from);
            if bucket < buckets {
                self.seconds[next[bucket]] = *value;
                next[bucket] += 1;
            }
        }
        for bounds in self.starts.windows(2) {
            self.seconds[bounds[0] - offset..bounds[1] - offset].sort_unstable();
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
                for (spread, stretch) in [(3, 1), (500, 1), (100_000, 1), (40, 1 << 40)] {
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
