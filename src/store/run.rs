//! Sorted, distinct, immutable rows: what relations are made of.
//!
//! In: [`Rows`] in any order. Out: a [`Run`], which is never empty and never changes, so that handles on it can be
//! shared between a session's past and present. Promise: rows are ascending in the run's own column order.

use super::{Brake, Rows};
use crate::data::{Path, Symbols, Word};
use std::cmp::Ordering;
use std::ops::Range;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

/// Sorted, distinct rows; at least one.
#[derive(Debug)]
pub struct Run {
    rows: Rows,
    starts: OnceLock<Option<Starts>>,
    followed: Mutex<Vec<Followed>>,
}

/// The same rows, by what paths lead to.
#[derive(Debug, Clone)]
struct Followed {
    paths: Vec<Path>,
    run: Option<Arc<Run>>,
}

/// Where the rows of each first word begin, for words that lie close together.
#[derive(Debug)]
struct Starts {
    least: u64,
    starts: Vec<u32>,
}

impl Run {
    /// Sorts a batch into a run; none if the batch is empty.
    pub fn new(rows: Rows) -> Option<Run> {
        Self::sorting(rows, &Brake::NONE)
    }

    /// The same; none if it is ended early.
    pub fn sorting(mut rows: Rows, brake: &Brake<'_>) -> Option<Run> {
        rows.sort(brake);
        if brake.is_on() { None } else { Self::sorted(rows) }
    }

    /// The same rows by another order of columns; none if it is ended early.
    pub fn reordered(&self, order: &[usize], brake: &Brake<'_>) -> Option<Run> {
        let rows = self.rows.reordered(order, brake);
        if brake.is_on() { None } else { Self::sorted(rows) }
    }

    /// A batch that is already sorted and distinct.
    fn sorted(rows: Rows) -> Option<Run> {
        debug_assert!((1..rows.len()).all(|row| rows.compare(row - 1, &rows, row).is_lt()), "a run ascends");
        (!rows.is_empty()).then(|| Run { rows, starts: OnceLock::new(), followed: Mutex::default() })
    }

    /// How many rows; at least one.
    #[allow(clippy::len_without_is_empty, reason = "a run is never empty")]
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// The rows.
    pub fn rows(&self) -> &Rows {
        &self.rows
    }

    /// Gets ready for so many lookups: if that is worth it, where the rows of each first word begin is noted down.
    pub fn prepare(&self, lookups: usize) {
        const WORTH: usize = 32;
        if self.len() >= 256 && lookups >= self.len() / WORTH {
            self.starts.get_or_init(|| Starts::new(&self.rows));
        }
    }

    /// The rows of a run in natural order with what paths lead to before their columns, without the rows in which a path
    /// leads nowhere. They are sorted when they are first asked for; none, and nothing is kept, if that is ended early.
    pub fn following(&self, paths: &[Path], symbols: &Symbols, brake: &Brake<'_>) -> Option<Arc<Run>> {
        let known = self.followed().iter().find(|followed| followed.paths == paths).cloned();
        if let Some(Followed { run, .. }) = known {
            return run;
        }
        // Without the lock, so that nobody waits for a thread that sorts; whoever is first is kept.
        let run = Run::sorting(self.followed_by(paths, symbols), brake).map(Arc::new);
        let mut all = self.followed();
        if !brake.is_on() && !all.iter().any(|followed| followed.paths == paths) {
            all.push(Followed { paths: paths.to_vec(), run: run.clone() });
        }
        run
    }

    /// Bytes that are about to be allocated for that, if it was not asked for before.
    pub fn bytes_to_follow(&self, paths: &[Path]) -> usize {
        let is_known = self.followed().iter().any(|followed| followed.paths == paths);
        if is_known { 0 } else { self.len() * (paths.len() + self.rows.arity()) * size_of::<Word>() }
    }

    fn followed(&self) -> MutexGuard<'_, Vec<Followed>> {
        self.followed.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn followed_by(&self, paths: &[Path], symbols: &Symbols) -> Rows {
        let mut rows = Rows::new(paths.len() + self.rows.arity());
        let table = symbols.read();
        let mut all = Vec::with_capacity(rows.arity());
        for row in 0..self.len() {
            all.clear();
            all.extend(paths.iter().map_while(|path| path.follow(self.rows.column(path.column).get(row), &table)));
            if all.len() == paths.len() {
                all.extend(self.rows.row(row));
                rows.push(&all);
            }
        }
        rows
    }

    /// The rows that begin with `key`, searched for from row `from` on. If there are none, the range is empty and
    /// stands where they would be.
    pub fn seek(&self, key: &[Word], from: usize) -> Range<usize> {
        let mut range = from..self.len();
        for (at, word) in key.iter().enumerate() {
            if at == 0
                && let Some(Some(starts)) = self.starts.get()
            {
                range = starts.range(*word);
                if range.is_empty() {
                    break;
                }
                continue;
            }
            let column = self.rows.column(at);
            let start = column.gallop(range.clone(), *word, false);
            range = start..column.gallop(start..range.end, *word, true);
            if range.is_empty() {
                break;
            }
        }
        range
    }

    /// Whether the run has this row.
    pub fn contains(&self, rows: &Rows, row: usize) -> bool {
        if self.rows.compare(0, rows, row).is_gt() || self.rows.compare(self.len() - 1, rows, row).is_lt() {
            return false;
        }
        self.find(0, rows, row).is_ok()
    }

    /// The place of a row among those from a place on, or else where it would stand.
    fn find(&self, from: usize, rows: &Rows, row: usize) -> Result<usize, usize> {
        let (mut low, mut high) = (from, self.len());
        while low < high {
            let middle = low.midpoint(high);
            match self.rows.compare(middle, rows, row) {
                Ordering::Less => low = middle + 1,
                Ordering::Greater => high = middle,
                Ordering::Equal => return Ok(middle),
            }
        }
        Err(low)
    }

    /// The rows that another run does not have, none if it has all of them. What lies between the other's rows is copied
    /// without a look at it, and a run that loses nothing not at all.
    pub fn except(self: &Arc<Self>, gone: &Run) -> Option<Arc<Run>> {
        let mut kept = Rows::new(self.rows.arity());
        let (mut copied, mut from) = (0, 0);
        for row in 0..gone.len() {
            match self.find(from, &gone.rows, row) {
                Ok(place) => {
                    kept.append_range(&self.rows, copied..place);
                    copied = place + 1;
                    from = copied;
                }
                Err(place) => from = place,
            }
        }
        if copied == 0 {
            return Some(self.clone());
        }
        kept.append_range(&self.rows, copied..self.len());
        Self::sorted(kept).map(Arc::new)
    }

    /// The rows of either of two runs.
    pub fn union(&self, other: &Run) -> Run {
        let mut rows = Rows::with_capacity(self.rows.arity(), self.len() + other.len());
        let (mut a, mut b) = (0, 0);
        while a < self.len() && b < other.len() {
            match self.rows.compare(a, &other.rows, b) {
                Ordering::Less => a = copy_below(&mut rows, &self.rows, a, &other.rows, b),
                Ordering::Greater => b = copy_below(&mut rows, &other.rows, b, &self.rows, a),
                Ordering::Equal => a += 1,
            }
        }
        rows.append_range(&self.rows, a..self.len());
        rows.append_range(&other.rows, b..other.len());
        Run::sorted(rows).expect("a union of runs has the rows of both")
    }

    /// The rows that `known` does not accept; none if it accepts all. `known` is asked in ascending order.
    pub fn without(self, mut known: impl FnMut(&Rows, usize) -> bool) -> Option<Run> {
        let fresh: Vec<bool> = (0..self.len()).map(|row| !known(&self.rows, row)).collect();
        if fresh.iter().all(|&fresh| fresh) {
            return Some(self);
        }
        let mut rows = Rows::new(self.rows.arity());
        let mut at = 0;
        while at < fresh.len() {
            let end = at + fresh[at..].iter().take_while(|&&flag| flag == fresh[at]).count();
            if fresh[at] {
                rows.append_range(&self.rows, at..end);
            }
            at = end;
        }
        Run::sorted(rows)
    }
}

impl Starts {
    /// None where words are wide, or few among those between the least and the greatest.
    fn new(rows: &Rows) -> Option<Self> {
        const SPREAD: usize = 4;
        if rows.arity() == 0 {
            return None;
        }
        let (base, cells) = rows.column(0).narrow()?;
        let (least, greatest) = (*cells.first()?, *cells.last()?);
        let spread = (greatest - least) as usize;
        if spread > SPREAD * cells.len() || u32::try_from(cells.len()).is_err() {
            return None;
        }
        let mut starts = vec![0; spread + 2];
        cells.iter().for_each(|cell| starts[(cell - least) as usize + 1] += 1);
        for at in 1..starts.len() {
            starts[at] += starts[at - 1];
        }
        Some(Self { least: base + u64::from(least), starts })
    }

    fn range(&self, word: Word) -> Range<usize> {
        let at = word.0.checked_sub(self.least).and_then(|at| usize::try_from(at).ok());
        match at.filter(|at| at + 1 < self.starts.len()) {
            Some(at) => self.starts[at] as usize..self.starts[at + 1] as usize,
            None => 0..0,
        }
    }
}

/// Copies the rows of `from` at `at` and behind that lie below row `bound` of `other`; returns where it stopped.
fn copy_below(rows: &mut Rows, from: &Rows, at: usize, other: &Rows, bound: usize) -> usize {
    let (mut step, mut end) = (1, at + 1);
    while end + step < from.len() && from.compare(end + step, other, bound).is_lt() {
        end += step;
        step *= 2;
    }
    while step > 0 {
        if end + step <= from.len() && from.compare(end + step - 1, other, bound).is_lt() {
            end += step;
        } else {
            step /= 2;
        }
    }
    rows.append_range(from, at..end);
    end
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn run(values: &[(u64, u64)]) -> Option<Run> {
        let mut rows = Rows::new(2);
        for &(a, b) in values {
            rows.push(&[Word(a), Word(b)]);
        }
        Run::new(rows)
    }

    fn pairs(run: &Run) -> Vec<(u64, u64)> {
        (0..run.len()).map(|row| (run.rows().column(0).get(row).0, run.rows().column(1).get(row).0)).collect()
    }

    /// A small generator of numbers, so that the tests need no library.
    fn numbers(seed: u64) -> impl Iterator<Item = u64> {
        std::iter::successors(Some(seed.wrapping_mul(2).wrapping_add(1)), |x| {
            Some(x.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407))
        })
        .map(|x| x >> 33)
    }

    fn random_pairs(seed: u64, count: usize) -> Vec<(u64, u64)> {
        let values: Vec<u64> = numbers(seed).take(2 * count).collect();
        values.chunks(2).map(|pair| (pair[0] % 40, pair[1] % 40)).collect()
    }

    #[test]
    fn runs_behave_like_sets() {
        for seed in 0..200 {
            let (left, right) = (random_pairs(seed, 1 + seed as usize), random_pairs(seed + 1000, 50));
            let (a, b) = (run(&left).expect("not empty"), run(&right).expect("not empty"));
            let (set_a, set_b) = (BTreeSet::from_iter(left), BTreeSet::from_iter(right));
            assert_eq!(pairs(&a), Vec::from_iter(set_a.iter().copied()));
            assert_eq!(pairs(&a.union(&b)), Vec::from_iter(set_a.union(&set_b).copied()));
            let rest = a.without(|rows, row| b.contains(rows, row));
            assert_eq!(rest.as_ref().map_or(Vec::new(), pairs), Vec::from_iter(set_a.difference(&set_b).copied()));
        }
    }

    #[test]
    fn what_an_order_of_fields_may_take_is_known_before_and_asked_for_once() {
        let pairs = run(&[(1, 2), (3, 4), (3, 5)]).expect("not empty");
        let paths = [Path { column: 1, fields: Vec::new() }];
        assert_eq!(pairs.bytes_to_follow(&paths), 3 * (1 + 2) * size_of::<Word>());
        let followed = pairs.following(&paths, &Symbols::default(), &Brake::NONE).expect("not empty");
        assert_eq!(followed.rows().row(0).collect::<Vec<_>>(), [Word(2), Word(1), Word(2)]);
        assert_eq!(pairs.bytes_to_follow(&paths), 0);
    }

    #[test]
    fn seek_finds_the_rows_behind_a_key() {
        for seed in 0..50 {
            let values = random_pairs(seed, 600);
            let all = run(&values).expect("not empty");
            let mut from = 0;
            for key in 0..41 {
                let range = all.seek(&[Word(key)], from);
                from = range.end;
                let found: BTreeSet<_> = range.map(|row| all.rows().column(1).get(row).0).collect();
                assert_eq!(found, values.iter().filter(|pair| pair.0 == key).map(|pair| pair.1).collect());
            }
            let (a, b) = values[0];
            assert_eq!(all.seek(&[Word(a), Word(b)], 0).len(), 1);
            let found = (0..50).map(|key| all.seek(&[Word(key)], 0));
            let found: Vec<_> = found.filter(|range| !range.is_empty()).collect();
            all.prepare(usize::MAX);
            let prepared = (0..50).map(|key| all.seek(&[Word(key)], 0));
            assert_eq!(prepared.filter(|range| !range.is_empty()).collect::<Vec<_>>(), found);
            assert_eq!(all.seek(&[Word(a), Word(b)], 0).len(), 1);
        }
    }

    #[test]
    fn a_run_without_columns_has_one_row() {
        let rows = Rows::from_columns(Vec::new(), 5);
        let run = Run::new(rows).expect("not empty");
        assert_eq!((run.len(), run.seek(&[], 0)), (1, 0..1));
    }
}
