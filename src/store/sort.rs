//! Sorting rows that lie column by column.
//!
//! In: columns of equal length. Out: the same rows ascending, each once. The way depends on what the columns are:
//! pairs of narrow cells are counted into place by their first cell where those lie close together, and else packed
//! into one integer each; other narrow rows are sorted as arrays, wide and long ones by their positions. However many
//! there are, a [`Brake`] is asked after each part of them.

use super::Brake;
use crate::data::{Column, Word, range_of};
use rayon::iter::{IndexedParallelIterator, IntoParallelRefMutIterator, ParallelIterator};
use rayon::slice::{ParallelSlice, ParallelSliceMut};
use std::cmp::Ordering;
use std::ops::Range;

/// Batches this long are sorted on all threads.
const PARALLEL: usize = 1 << 15;

/// So many are sorted without asking whether to go on.
const AT_ONCE: usize = if cfg!(test) { 42_000 } else { 1 << 22 };

/// Sorts rows and drops repeats.
pub(super) fn sort(columns: &mut [Column], brake: &Brake<'_>) {
    if ascends(columns) {
        return;
    }
    match narrow(columns) {
        Some(mut cells) => match &mut cells[..] {
            [only] => sort_vec(only, brake),
            [first, second] => sort_pairs(first, second, brake),
            [_, _, _] => sort_arrays::<u32, 3>(&mut cells, brake),
            [_, _, _, _] => sort_arrays::<u32, 4>(&mut cells, brake),
            _ => sort_positions(columns, brake),
        },
        None => sort_wide(columns, brake),
    }
}

fn sort_wide(columns: &mut [Column], brake: &Brake<'_>) {
    let words = |columns: &[Column]| columns.iter().map(|column| column.iter().collect()).collect();
    let mut copy: Vec<Vec<Word>> = if columns.len() <= 4 { words(columns) } else { Vec::new() };
    let mut parts: Vec<&mut Vec<Word>> = copy.iter_mut().collect();
    match columns.len() {
        1 => sort_vec(parts[0], brake),
        2 => sort_arrays::<Word, 2>(&mut parts, brake),
        3 => sort_arrays::<Word, 3>(&mut parts, brake),
        4 => sort_arrays::<Word, 4>(&mut parts, brake),
        _ => return sort_positions(columns, brake),
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

fn sort_vec<T: Ord + Send>(items: &mut Vec<T>, brake: &Brake<'_>) {
    sort_slice(items, &T::cmp, brake);
    items.dedup();
}

/// Sorts on all threads what is worth it. What is too long to be sorted at once is parted in the middle first, which takes
/// time in proportion to its length.
fn sort_slice<T: Send>(items: &mut [T], compare: &(impl Fn(&T, &T) -> Ordering + Sync), brake: &Brake<'_>) {
    if items.len() < PARALLEL {
        return items.sort_unstable_by(compare);
    }
    if brake.is_on() {
        return;
    }
    if items.len() <= AT_ONCE {
        return items.par_sort_unstable_by(compare);
    }
    let (below, _, above) = items.select_nth_unstable_by(items.len() / 2, compare);
    rayon::join(|| sort_slice(below, compare, brake), || sort_slice(above, compare, brake));
}

/// Sorts narrow rows as arrays, which keeps a row's cells side by side.
fn sort_arrays<T: Ord + Copy + Send, const ARITY: usize>(columns: &mut [&mut Vec<T>], brake: &Brake<'_>) {
    let mut rows: Vec<[T; ARITY]> =
        (0..columns[0].len()).map(|row| std::array::from_fn(|column| columns[column][row])).collect();
    sort_vec(&mut rows, brake);
    for (at, column) in columns.iter_mut().enumerate() {
        column.clear();
        column.extend(rows.iter().map(|row| row[at]));
    }
}

/// Sorts wide rows by sorting their positions.
fn sort_positions(columns: &mut [Column], brake: &Brake<'_>) {
    let mut positions: Vec<usize> = (0..columns[0].len()).collect();
    sort_slice(&mut positions, &|a: &usize, b: &usize| compare(columns, *a, *b), brake);
    positions.dedup_by(|a, b| compare(columns, *a, *b).is_eq());
    for column in columns {
        *column = column.pick(&positions);
    }
}

/// Sorts pairs of cells.
fn sort_pairs(first: &mut Vec<u32>, second: &mut Vec<u32>, brake: &Brake<'_>) {
    let (least, greatest) = range_of(first).unwrap_or_default();
    let spread = greatest - least;
    // Counting costs a look at every value between the least and the greatest.
    if first.len() >= 64 && spread as usize / 2 <= first.len() {
        let ranges = Ranges::new(least, spread, first.len());
        let kept = count_pairs(first, second, ranges, brake);
        first.truncate(kept);
        second.truncate(kept);
        return;
    }
    let pack = |(a, b): (&u32, &u32)| u64::from(*a) << 32 | u64::from(*b);
    let mut pairs: Vec<u64> = first.iter().zip(&*second).map(pack).collect();
    sort_vec(&mut pairs, brake);
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

/// Counts pairs into place, in place. Returns how many are left without repeats.
fn count_pairs(first: &mut [u32], second: &mut [u32], ranges: Ranges, brake: &Brake<'_>) -> usize {
    let parts = parted(first, second, ranges, 0..ranges.count);
    fill(&parts, [first, second], ranges, 0..ranges.count, brake)
}

/// The same pairs the other way round, sorted; none where another way is taken to sort them. What is held besides both
/// is a part of them, since the ranges are gone through in groups.
pub(super) fn turned(columns: &[Column], brake: &Brake<'_>) -> Option<Vec<Column>> {
    const GROUPS: usize = 4;
    let [second, first] = columns else { return None };
    let ((base, first), (second_base, second)) = (first.narrow()?, second.narrow()?);
    let (least, greatest) = range_of(first)?;
    let spread = greatest - least;
    if first.len() < PARALLEL || spread as usize / 2 > first.len() {
        return None;
    }
    let ranges = Ranges::new(least, spread, first.len());
    let (mut firsts, mut seconds) = (vec![0; first.len()], vec![0; first.len()]);
    let mut kept = 0;
    for group in 0..GROUPS {
        let group = ranges.count * group / GROUPS..ranges.count * (group + 1) / GROUPS;
        let parts = parted(first, second, ranges, group.clone());
        kept += fill(&parts, [&mut firsts[kept..], &mut seconds[kept..]], ranges, group, brake);
    }
    firsts.truncate(kept);
    seconds.truncate(kept);
    Some(vec![Column::from_cells(base, firsts), Column::from_cells(second_base, seconds)])
}

/// The pairs whose first cells lie in some ranges, share by share. Each thread sorts shares of them by range; then each
/// counts the pairs of one range after the other into place ([`fill`]), which are few enough to stay near the processor.
/// (Counting all pairs into place at once took half as long again: every pair lands somewhere else.)
fn parted(first: &[u32], second: &[u32], ranges: Ranges, group: Range<usize>) -> Vec<Parted> {
    if first.len() < PARALLEL {
        return vec![Parted::new(first, second, ranges, group)];
    }
    let share = first.len().div_ceil(4 * rayon::current_num_threads());
    let shares = first.par_chunks(share).zip(second.par_chunks(share));
    shares.map(|(first, second)| Parted::new(first, second, ranges, group.clone())).collect()
}

/// Puts pairs into their places, from the start. Returns how many there are without repeats.
fn fill(
    parts: &[Parted],
    [first, second]: [&mut [u32]; 2],
    ranges: Ranges,
    group: Range<usize>,
    brake: &Brake<'_>,
) -> usize {
    let (mut firsts, mut seconds) = (&mut *first, &mut *second);
    let mut sorted: Vec<Sorted> = Vec::with_capacity(group.len());
    for range in group {
        let len = parts.iter().map(|part| part.rows(range).len()).sum();
        let (first, second);
        (first, firsts) = firsts.split_at_mut(len);
        (second, seconds) = seconds.split_at_mut(len);
        sorted.push(Sorted { range, first, second, kept: 0 });
    }
    if parts.len() > 1 {
        sorted.par_iter_mut().with_max_len(1).for_each(|sorted| sorted.fill(parts, ranges, brake));
    } else {
        sorted.iter_mut().for_each(|sorted| sorted.fill(parts, ranges, brake));
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
    /// The first range.
    from: usize,
    /// Where the pairs of each range begin, and where the last ones end.
    starts: Vec<usize>,
    /// The places of the first cells in their ranges.
    places: Vec<u16>,
    seconds: Vec<u32>,
}

impl Parted {
    /// Of pairs whose first cells lie in some ranges; the others are left out.
    fn new(first: &[u32], second: &[u32], ranges: Ranges, group: Range<usize>) -> Self {
        let from = group.start;
        let place = |cell: u32| ranges.range(cell).wrapping_sub(from);
        let mut starts = vec![0; group.len() + 1];
        for cell in first {
            if let Some(count) = starts[1..].get_mut(place(*cell)) {
                *count += 1;
            }
        }
        for range in 0..group.len() {
            starts[range + 1] += starts[range];
        }
        let mut next = starts[..group.len()].to_vec();
        let pairs = starts[group.len()];
        let (mut places, mut seconds) = (vec![0; pairs], vec![0; pairs]);
        for (first, second) in first.iter().zip(second) {
            if let Some(next) = next.get_mut(place(*first)) {
                (places[*next], seconds[*next]) = (ranges.place(*first), *second);
                *next += 1;
            }
        }
        Self { from, starts, places, seconds }
    }

    fn rows(&self, range: usize) -> Range<usize> {
        self.starts[range - self.from]..self.starts[range - self.from + 1]
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
    fn fill(&mut self, parts: &[Parted], ranges: Ranges, brake: &Brake<'_>) {
        if brake.is_on() {
            return;
        }
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
                self.keep(from + place as u32, &mut seconds[start..*end], brake);
            }
            start = *end;
        }
    }

    /// Appends the pairs of one first cell.
    fn keep(&mut self, first: u32, seconds: &mut [u32], brake: &Brake<'_>) {
        sort_slice(seconds, &u32::cmp, brake);
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
    use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

    /// A small generator of numbers, so that the tests need no library.
    fn numbers(seed: u64) -> impl Iterator<Item = u64> {
        std::iter::successors(Some(seed.wrapping_mul(2).wrapping_add(1)), |x| {
            Some(x.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407))
        })
        .map(|x| x >> 33)
    }

    #[test]
    fn pairs_turned_round_are_sorted() {
        for (len, spread) in
            [(PARALLEL, 3), (PARALLEL + 1, 500), (40_000, 30_000), (100_000, 150_000), (200_000, 70_000)]
        {
            let mut source = numbers(spread);
            let mut columns: Vec<Column> = (0..2)
                .map(|_| (0..len).map(|_| Word(source.next().expect("endless") % spread + 7)).collect())
                .collect();
            let turned = turned(&columns, &Brake::NONE).expect("long pairs that lie close together");
            columns.reverse();
            sort(&mut columns, &Brake::NONE);
            assert_eq!(turned, columns, "{len} pairs over {spread}");
        }
    }

    #[test]
    fn however_many_rows_there_are_the_brake_ends_it_soon() {
        for (arity, spread, stretch) in [
            (1, 1 << 30, 1),
            (2, 1 << 30, 1),
            (2, 150_000, 1),
            (2, 1, 1),
            (3, 1 << 30, 1),
            (5, 9, 1),
            (2, 1 << 30, 1 << 33),
        ] {
            let mut source = numbers(spread);
            let mut word = || Word(source.next().expect("endless") % spread * stretch + 7);
            let drawn: Vec<Column> = (0..arity).map(|_| (0..3 * AT_ONCE).map(|_| word()).collect()).collect();
            let asked = AtomicUsize::new(0);
            let sorted_until = |most: usize| {
                asked.store(0, Relaxed);
                let is_on = || asked.fetch_add(1, Relaxed) >= most;
                let mut columns = drawn.clone();
                sort(&mut columns, &Brake::new(&is_on));
                columns
            };
            let sorted = sorted_until(usize::MAX);
            assert!(asked.load(Relaxed) >= 3, "{arity} columns over {spread}: asked {asked:?} times");
            assert!(spread == 1 || sorted_until(0) != sorted, "{arity} columns over {spread}: the brake is not obeyed");
        }
    }

    #[test]
    fn every_way_of_sorting_sorts_and_drops_repeats() {
        for arity in 1..7 {
            for len in [0, 1, 2, 63, 64, 65, 1000, 40_000, AT_ONCE + 1] {
                for (spread, stretch) in [(1, 1), (3, 1), (500, 1), (70_000, 1), (100_000, 1), (40, 1 << 40)] {
                    let mut source = numbers(len as u64 + spread);
                    let mut word = || Word(source.next().expect("endless") % spread * stretch + 7);
                    let mut columns: Vec<Column> = (0..arity).map(|_| (0..len).map(|_| word()).collect()).collect();
                    let row =
                        |columns: &[Column], row| columns.iter().map(|column| column.get(row)).collect::<Vec<_>>();
                    let wanted: BTreeSet<Vec<Word>> = (0..len).map(|at| row(&columns, at)).collect();
                    sort(&mut columns, &Brake::NONE);
                    let sorted: Vec<Vec<Word>> = (0..columns[0].len()).map(|at| row(&columns, at)).collect();
                    assert_eq!(sorted, wanted.into_iter().collect::<Vec<_>>(), "{arity} columns, {len} rows, {spread}");
                }
            }
        }
    }
}
