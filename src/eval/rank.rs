//! Counting what comes before: what there is to count is sorted once, and searched for every group.
//!
//! In: a [`Rank`] of a plan, and groups. Out: the counts of those groups for which it is worth it and that can be told
//! so. An error of arithmetic is left to whoever counts group by group: without the comparison more is computed than is
//! asked for.

use super::aggregate::{Found, Outcome};
use super::chunk::Chunk;
use super::expr::settle;
use super::limits::Stopped;
use super::machine::Machine;
use crate::check::CompareOp;
use crate::data::{SymbolTable, Word};
use crate::plan::{Aggregate, Rank};
use rustc_hash::FxHashMap;
use std::cmp::Ordering;
use std::ops::Range;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// What was sorted so far for the tasks of a stratum.
#[derive(Default)]
pub(super) struct Ranked(Mutex<Known>);

/// By the place of the aggregate in the plan, and the values that what it counts depends on.
type Known = FxHashMap<(usize, Vec<Word>), Arc<Keys>>;

/// What is compared of all that is counted, in the order in which the comparison comes to accept it.
struct Keys {
    /// The words of one key behind those of the other; none where arithmetic has no result.
    sorted: Option<Vec<Word>>,
}

impl Ranked {
    /// Tasks only look up or add something here, and never wait for another while they do.
    fn known(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Machine<'_> {
    /// The counts of groups, as far as they are found this way.
    pub(super) fn counts(
        &self,
        aggregate: &Aggregate<'_>,
        rank: &Rank<'_>,
        groups: &[Vec<Word>],
    ) -> Result<Vec<Option<Outcome>>, Stopped> {
        let chunk = Chunk::of_rows(aggregate.body.types.len(), &aggregate.group, groups);
        let asked: Vec<_> = rank.keys.iter().map(|key| self.evaluate(&key.asked, &chunk, &mut Vec::new())).collect();
        let has_value = settle(groups.len(), &asked, &mut Vec::new());
        let base = |row: usize| rank.base.iter().map(|var| chunk.column(*var)[row]).collect();
        let bases: Vec<Vec<Word>> = (0..groups.len()).map(base).collect();
        let keys = self.keys(aggregate, rank, &bases)?;
        let symbols = self.symbols.read();
        let counts = bases.iter().enumerate().map(|(row, base)| {
            let keys = keys.get(base).filter(|_| has_value[row])?.sorted.as_ref()?;
            let asked: Vec<Word> = asked.iter().map(|column| column.words[row]).collect();
            let count = count(keys, rank, &asked, &symbols);
            Some(Outcome::Value(Word::number(i64::try_from(count).expect("rows fit in memory"))))
        });
        Ok(counts.collect())
    }

    /// What is counted for each base that is known or for which enough groups ask.
    fn keys(
        &self,
        aggregate: &Aggregate<'_>,
        rank: &Rank<'_>,
        bases: &[Vec<Word>],
    ) -> Result<FxHashMap<Vec<Word>, Arc<Keys>>, Stopped> {
        let id = std::ptr::from_ref(aggregate).addr();
        let mut asking: FxHashMap<&Vec<Word>, usize> = FxHashMap::default();
        bases.iter().for_each(|base| *asking.entry(base).or_default() += 1);
        let mut keys = FxHashMap::default();
        let mut fresh: Vec<Vec<Word>> = Vec::new();
        {
            let known = self.ranked.known();
            for (base, groups) in asking {
                match known.get(&(id, base.clone())) {
                    Some(known) => drop(keys.insert(base.clone(), known.clone())),
                    None if groups >= rank.worth => fresh.push(base.clone()),
                    None => {}
                }
            }
        }
        fresh.sort_unstable();
        // Without the lock: another task may sort the same meanwhile, but none waits.
        let found = self.found(&rank.body, aggregate.group_number, &rank.base, &fresh)?;
        let ranges: Vec<Range<usize>> = found.ranges().collect();
        for ((base, fault), range) in fresh.into_iter().zip(&found.faults).zip(ranges) {
            let sorted = if fault.is_none() { Some(self.sorted(rank, &found, range)?) } else { None };
            let sorted = self.ranked.known().entry((id, base.clone())).or_insert(Arc::new(Keys { sorted })).clone();
            keys.insert(base, sorted);
        }
        Ok(keys)
    }

    /// What is compared of the rows of one base. Of what is counted once though it stands in several rows, that counts
    /// which is first to come before anything.
    fn sorted(&self, rank: &Rank<'_>, found: &Found, rows: Range<usize>) -> Result<Vec<Word>, Stopped> {
        let width = rank.keys.len();
        let distinct = found.rows.arity() - width;
        self.watch.ask(self.rule, rows.len() * width * size_of::<Word>())?;
        let symbols = self.symbols.read();
        let mut all: Vec<Word> = Vec::new();
        let mut before = None;
        for row in rows {
            let key: Vec<Word> = found.rows.row(row).skip(distinct).collect();
            let same = |other: usize| found.rows.row(row).take(distinct).eq(found.rows.row(other).take(distinct));
            if before.replace(row).is_some_and(same) {
                let at = all.len() - width;
                if order(rank, &key, &all[at..], &symbols).is_lt() {
                    all[at..].copy_from_slice(&key);
                }
            } else {
                all.extend(key);
            }
        }
        let mut keys: Vec<&[Word]> = all.chunks_exact(width).collect();
        keys.sort_unstable_by(|a, b| order(rank, a, b, &symbols));
        Ok(keys.concat())
    }
}

/// How many keys satisfy the comparison with what is asked for: those that do stand first.
fn count(words: &[Word], rank: &Rank<'_>, asked: &[Word], symbols: &SymbolTable) -> usize {
    let width = asked.len();
    let (mut low, mut high) = (0, words.len() / width);
    while low < high {
        let middle = low.midpoint(high);
        let key = &words[middle * width..(middle + 1) * width];
        if rank.op.accepts(compare(rank, key, asked, symbols)) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    low
}

/// Those that more values accept come first.
fn order(rank: &Rank<'_>, a: &[Word], b: &[Word], symbols: &SymbolTable) -> Ordering {
    match rank.op {
        CompareOp::Gt | CompareOp::Ge => compare(rank, b, a, symbols),
        CompareOp::Lt | CompareOp::Le | CompareOp::Eq | CompareOp::Ne => compare(rank, a, b, symbols),
    }
}

fn compare(rank: &Rank<'_>, a: &[Word], b: &[Word], symbols: &SymbolTable) -> Ordering {
    let compared = rank.keys.iter().zip(a.iter().zip(b)).map(|(key, (a, b))| a.compare(*b, key.ty, symbols));
    compared.into_iter().find(|ordering| ordering.is_ne()).unwrap_or(Ordering::Equal)
}
