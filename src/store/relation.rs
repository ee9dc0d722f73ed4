//! A relation at rest: a set of rows that grows by batches.
//!
//! The life of a row: it is *pending* when a rule has derived it; [`Relation::advance`] drops the pending rows that
//! are known and makes the rest *recent*; the next `advance` makes those *stable*. (After datafrog, McSherry 2018.)
//! Stable rows lie in few sorted runs, each at least twice as long as the next, in every column order that was asked
//! for, in the manner of a log-structured merge tree (O'Neil et al. 1996).
//!
//! A relation that a fixpoint left as a [`Matrix`] stays one. Runs are made of it when someone looks rows up in it. An
//! equivalence is kept as its [`Classes`], and no runs are made of it.
//!
//! Promise: a clone shares its rows with the original, and neither sees what the other does afterwards.

use super::{Brake, Classes, Matrix, Rows, Run};
use crate::data::{Order, Part, Word};
use std::borrow::Cow;
use std::ops::ControlFlow;
use std::sync::Arc;

/// A set of rows.
#[derive(Debug, Clone)]
pub struct Relation {
    arity: usize,
    pending: Vec<Rows>,
    /// All rows, if that is what they lie in. Indexes are then copies, and none of them needs to be there.
    matrix: Option<Arc<Matrix>>,
    /// What all rows follow from, if it is an equivalence. Then there are no indexes.
    classes: Option<Arc<Classes>>,
    /// The first is in natural order, unless there is a matrix or there are classes.
    indexes: Vec<Index>,
}

/// The stable and recent rows in one order.
#[derive(Debug, Clone)]
struct Index {
    order: Order,
    stable: Vec<Arc<Run>>,
    recent: Option<Arc<Run>>,
}

impl Relation {
    /// No rows of so many columns.
    pub fn new(arity: usize) -> Self {
        let natural = Index { order: Order::natural(arity), stable: Vec::new(), recent: None };
        Self { arity, pending: Vec::new(), matrix: None, classes: None, indexes: vec![natural] }
    }

    /// An equivalence of no words: with the rows that are put into it, it has all that follow.
    pub fn equivalence() -> Self {
        Self { arity: 2, pending: Vec::new(), matrix: None, classes: Some(Arc::default()), indexes: Vec::new() }
    }

    /// The equivalence that follows from the rows of this relation.
    pub fn closed(&self) -> Self {
        let mut closed = Self::equivalence();
        self.batches().into_iter().for_each(|rows| closed.insert(rows.into_owned()));
        closed.advance();
        closed.advance();
        closed
    }

    /// The rows of a matrix.
    pub fn of_matrix(arity: usize, matrix: Matrix) -> Self {
        if matrix.is_empty() {
            return Self::new(arity);
        }
        Self { arity, pending: Vec::new(), matrix: Some(Arc::new(matrix)), classes: None, indexes: Vec::new() }
    }

    /// The classes of an equivalence.
    pub fn classes(&self) -> Option<&Classes> {
        self.classes.as_deref()
    }

    /// How many columns a row has.
    pub fn arity(&self) -> usize {
        self.arity
    }

    /// How many rows are stable or recent.
    pub fn len(&self) -> usize {
        match (&self.matrix, &self.classes) {
            (Some(matrix), _) => matrix.len(),
            (None, Some(classes)) => classes.pairs(),
            (None, None) => self.runs(Part::All).map(|run| run.len()).sum(),
        }
    }

    /// Whether no row is stable or recent.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Adds a batch to the pending rows.
    pub fn insert(&mut self, rows: Rows) {
        debug_assert_eq!(rows.arity(), self.arity, "a batch fits its relation");
        if !rows.is_empty() {
            self.lay_out();
            self.pending.push(rows);
        }
    }

    /// Turns a matrix into runs, so that rows can come and go.
    fn lay_out(&mut self) {
        if self.matrix.is_some() {
            let natural = Order::natural(self.arity);
            self.require(&natural);
            let at = self.indexes.iter().position(|index| index.order == natural);
            self.indexes.swap(0, at.expect("it was just required"));
            self.matrix = None;
        }
    }

    /// Bytes that the next [`advance`](Self::advance) may allocate: pending rows are gathered, sorted and filtered,
    /// recent rows are merged with stable ones, for each order.
    pub fn bytes_to_advance(&self) -> usize {
        let pending: usize = self.pending.iter().map(Rows::len).sum();
        if self.classes.is_some() {
            return Classes::bytes_to_extend(pending);
        }
        let merged: usize = self.indexes.iter().map(Index::rows_to_merge).sum();
        ((2 + self.indexes.len()) * pending + merged) * self.arity * size_of::<Word>()
    }

    /// Recent rows become stable, pending rows that are new become recent. Returns how many those are.
    pub fn advance(&mut self) -> usize {
        self.advance_without(None, &Brake::NONE)
    }

    /// The same, but pending rows that are among these are dropped as well. If it is ended early, rows are missing.
    pub fn advance_without(&mut self, unwanted: Option<&Relation>, brake: &Brake<'_>) -> usize {
        if let Some(classes) = &mut self.classes {
            return Arc::make_mut(classes).extend(&std::mem::take(&mut self.pending));
        }
        for index in &mut self.indexes {
            index.settle();
        }
        let more: usize = self.pending.iter().skip(1).map(Rows::len).sum();
        let mut batches = std::mem::take(&mut self.pending).into_iter();
        let Some(mut pending) = batches.next() else { return 0 };
        pending.reserve(more);
        batches.for_each(|batch| pending.append(&batch));
        let natural = &self.indexes[0];
        let mut fresh = Run::sorting(pending, brake);
        let known: Vec<&Arc<Run>> =
            natural.stable.iter().chain(unwanted.into_iter().flat_map(|unwanted| unwanted.runs(Part::All))).collect();
        if !known.is_empty() {
            let is_known = |rows: &Rows, row: usize| known.iter().any(|known| known.contains(rows, row));
            fresh = fresh.and_then(|run| run.without(is_known));
        }
        let Some(fresh) = fresh.map(Arc::new) else { return 0 };
        for index in &mut self.indexes[1..] {
            index.recent = Run::sorting(fresh.rows().permuted(index.order.columns()), brake).map(Arc::new);
        }
        let added = fresh.len();
        self.indexes[0].recent = Some(fresh);
        added
    }

    /// Inserts a batch and makes it stable at once. Returns how many rows were new.
    pub fn extend(&mut self, rows: Rows) -> usize {
        self.insert(rows);
        let added = self.advance();
        self.advance();
        added
    }

    /// Takes rows away, wherever they lie, of a relation that is no equivalence. Returns how many were there.
    pub fn remove(&mut self, rows: Rows) -> usize {
        assert!(self.classes.is_none(), "what was put into an equivalence is not known any more");
        self.lay_out();
        let before = self.len();
        if let Some(gone) = Run::new(rows) {
            for index in &mut self.indexes {
                index.remove(&gone);
            }
        }
        before - self.len()
    }

    /// Whether this is an unchanged copy of the other: the same rows, known without looking at them.
    pub fn is_copy_of(&self, other: &Relation) -> bool {
        let matrices = |relation: &Relation| relation.matrix.as_ref().map(Arc::as_ptr);
        let classes = |relation: &Relation| relation.classes.as_ref().map(Arc::as_ptr);
        self.arity == other.arity
            && matrices(self) == matrices(other)
            && classes(self) == classes(other)
            && (self.matrix.is_some()
                || self.classes.is_some()
                || self.runs(Part::All).map(Arc::as_ptr).eq(other.runs(Part::All).map(Arc::as_ptr)))
    }

    /// Whether a row is stable or recent.
    pub fn contains(&self, row: &[Word]) -> bool {
        if let Some(matrix) = &self.matrix {
            return matrix.contains(row);
        }
        if let Some(classes) = &self.classes {
            return classes.relate(row[0], row[1], Part::All);
        }
        let mut rows = Rows::new(self.arity);
        rows.push(row);
        self.runs(Part::All).any(|run| run.contains(&rows, 0))
    }

    /// Which of these rows are recent.
    pub fn are_recent(&self, rows: &Rows) -> Vec<bool> {
        let is_recent = |row| self.runs(Part::Recent).any(|run| run.contains(rows, row));
        (0..rows.len()).map(is_recent).collect()
    }

    /// Keeps the rows in this order too, from now on. An equivalence has no orders.
    pub fn require(&mut self, order: &Order) {
        self.require_under(order, &Brake::NONE);
    }

    /// The same; if it is ended early, nothing is kept.
    pub fn require_under(&mut self, order: &Order, brake: &Brake<'_>) {
        if self.classes.is_some() || self.indexes.iter().any(|index| index.order == *order) {
            return;
        }
        let reordered = |run: &Arc<Run>| run.reordered(order.columns(), brake).map(Arc::new);
        let (stable, recent) = match &self.matrix {
            Some(matrix) => {
                let run = Run::sorting(matrix.rows().permuted(order.columns()), brake);
                (run.map(Arc::new).into_iter().collect(), None)
            }
            None => {
                let natural = &self.indexes[0];
                let stable = natural.stable.iter().filter_map(reordered).collect();
                (stable, natural.recent.as_ref().and_then(reordered))
            }
        };
        if !brake.is_on() {
            self.indexes.push(Index { order: order.clone(), stable, recent });
        }
    }

    /// Every row, batch by batch, until the visitor has seen enough.
    pub fn scan(&self, visit: &mut dyn FnMut(&Rows) -> ControlFlow<()>) {
        let _ = match (&self.matrix, &self.classes) {
            (Some(matrix), _) => matrix.scan(visit),
            (None, Some(classes)) => classes.scan(visit),
            (None, None) => self.runs(Part::All).try_for_each(|run| visit(run.rows())),
        };
    }

    /// The rows that begin with these words.
    pub fn starting_with(&self, key: &[Word]) -> Rows {
        let known = || key.iter().copied().map(Some).chain(std::iter::repeat(None)).take(self.arity);
        if let Some(matrix) = &self.matrix {
            return matrix.matching(&known().collect::<Vec<_>>());
        }
        if let Some(classes) = &self.classes {
            return classes.matching(&known().collect::<Vec<_>>());
        }
        let mut found = Rows::new(self.arity);
        for run in self.runs(Part::All) {
            found.append_range(run.rows(), run.seek(key, 0));
        }
        found
    }

    /// The rows that have these words where one is given. An order that begins with their columns is kept from now on.
    pub fn matching(&mut self, pattern: &[Option<Word>]) -> Rows {
        if let Some(matrix) = &self.matrix {
            return matrix.matching(pattern);
        }
        if let Some(classes) = &self.classes {
            return classes.matching(pattern);
        }
        let key: Vec<Word> = pattern.iter().copied().flatten().collect();
        let order = order_for(pattern);
        if order == Order::natural(self.arity) {
            return self.starting_with(&key);
        }
        self.require(&order);
        let mut found = Rows::new(self.arity);
        for run in self.runs_in(&order, Part::All) {
            found.append_range(run.rows(), run.seek(&key, 0));
        }
        let places =
            |column| order.columns().iter().position(|other| *other == column).expect("an order has all columns");
        found.permuted(&(0..self.arity).map(places).collect::<Vec<_>>())
    }

    /// How many rows there are like this, exactly. An order that begins with their columns is kept from now on.
    pub fn count(&mut self, pattern: &[Option<Word>]) -> usize {
        let key: Vec<Word> = pattern.iter().copied().flatten().collect();
        if key.is_empty() {
            return self.len();
        }
        if key.len() == self.arity {
            return usize::from(self.contains(&key));
        }
        if let Some(matrix) = &self.matrix {
            return matrix.count(pattern);
        }
        if let Some(classes) = &self.classes {
            return classes.related_to(key[0]).len();
        }
        let order = order_for(pattern);
        self.require(&order);
        self.runs_in(&order, Part::All).map(|run| run.seek(&key, 0).len()).sum()
    }

    /// About how many rows there are like this, or how many have to be looked at to find them.
    pub fn expected(&self, pattern: &[Option<Word>]) -> usize {
        if let Some(matrix) = &self.matrix {
            return matrix.expected(pattern);
        }
        let key: Vec<Word> = pattern.iter().copied().flatten().collect();
        if key.len() == self.arity {
            return usize::from(!self.is_empty());
        }
        if let Some(classes) = &self.classes {
            return key.first().map_or(classes.pairs(), |word| classes.related_to(*word).len());
        }
        let order = order_for(pattern);
        match self.indexes.iter().find(|index| index.order == order) {
            Some(index) => index.runs(Part::All).map(|run| run.seek(&key, 0).len()).sum(),
            // To make an order costs a look at every row, but is done once.
            None => {
                const ONCE: usize = 16;
                self.len().isqrt() + self.len() / ONCE
            }
        }
    }

    /// All rows, in few batches.
    pub fn batches(&self) -> Vec<Cow<'_, Rows>> {
        match (&self.matrix, &self.classes) {
            (Some(matrix), _) => vec![Cow::Owned(matrix.rows())],
            (None, Some(classes)) => vec![Cow::Owned(classes.matching(&[None, None]))],
            (None, None) => self.runs(Part::All).map(|run| Cow::Borrowed(run.rows())).collect(),
        }
    }

    /// The rows in natural order, as runs.
    fn runs(&self, part: Part) -> impl Iterator<Item = &Arc<Run>> {
        self.indexes[0].runs(part)
    }

    /// The rows in an order that was [required](Self::require), as runs.
    pub fn runs_in(&self, order: &Order, part: Part) -> impl Iterator<Item = &Arc<Run>> {
        let index = self.indexes.iter().find(|index| index.order == *order);
        index.expect("a plan's orders are required before it runs").runs(part)
    }
}

/// The order in which rows like this lie side by side.
fn order_for(pattern: &[Option<Word>]) -> Order {
    let known: Vec<usize> = (0..pattern.len()).filter(|column| pattern[*column].is_some()).collect();
    Order::starting_with(&known, pattern.len())
}

impl Index {
    fn runs(&self, part: Part) -> impl Iterator<Item = &Arc<Run>> {
        let (stable, recent) = match part {
            Part::All => (&self.stable[..], &self.recent),
            Part::Stable => (&self.stable[..], &None),
            Part::Recent => (&[][..], &self.recent),
        };
        stable.iter().chain(recent)
    }

    /// Rows that settling copies.
    fn rows_to_merge(&self) -> usize {
        let Some(recent) = &self.recent else { return 0 };
        let (mut run, mut copied) = (recent.len(), 0);
        for last in self.stable.iter().rev() {
            if last.len() >= 2 * run {
                break;
            }
            run += last.len();
            copied += run;
        }
        copied
    }

    /// The recent rows become stable; runs that are not twice as long as their successor are merged with it.
    fn settle(&mut self) {
        let Some(mut run) = self.recent.take() else { return };
        while let Some(last) = self.stable.pop_if(|last| last.len() < 2 * run.len()) {
            run = Arc::new(last.union(&run));
        }
        self.stable.push(run);
    }

    /// Takes rows away, which are given in natural order.
    fn remove(&mut self, gone: &Run) {
        let gone = Run::new(gone.rows().permuted(self.order.columns())).expect("a permuted run has as many rows");
        self.stable = self.stable.iter().filter_map(|run| run.except(&gone)).collect();
        self.recent = self.recent.as_ref().and_then(|run| run.except(&gone));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn rows(values: impl IntoIterator<Item = u64>) -> Rows {
        let mut rows = Rows::new(2);
        for value in values {
            rows.push(&[Word(value), Word(value % 7)]);
        }
        rows
    }

    fn firsts(relation: &Relation, part: Part) -> BTreeSet<u64> {
        relation.runs(part).flat_map(|run| run.rows().column(0).iter()).map(|word| word.0).collect()
    }

    #[test]
    fn rows_pass_from_pending_to_recent_to_stable() {
        let mut relation = Relation::new(2);
        relation.insert(rows([1, 2, 2]));
        assert!(relation.is_empty());
        assert_eq!(relation.advance(), 2);
        relation.insert(rows([2, 3]));
        assert_eq!(relation.advance(), 1);
        assert_eq!(firsts(&relation, Part::Recent), BTreeSet::from([3]));
        assert_eq!(firsts(&relation, Part::Stable), BTreeSet::from([1, 2]));
        assert_eq!(relation.advance(), 0);
        assert_eq!(firsts(&relation, Part::All), BTreeSet::from([1, 2, 3]));
    }

    #[test]
    fn what_an_advance_may_take_is_known_before() {
        let mut relation = Relation::new(2);
        assert_eq!(relation.bytes_to_advance(), 0);
        relation.insert(rows(0..1000));
        relation.insert(rows(500..1500));
        let words = |rows: usize| rows * 2 * size_of::<Word>();
        assert_eq!(relation.bytes_to_advance(), words((2 + 1) * 2000));
        relation.advance();
        assert_eq!(relation.bytes_to_advance(), 0, "the first rows have none to be merged with");
        relation.require(&Order::starting_with(&[1], 2));
        relation.insert(rows(1500..2500));
        assert_eq!(relation.bytes_to_advance(), words((2 + 2) * 1000));
        relation.advance();
        let merged = words(2 * 2500);
        assert_eq!(relation.bytes_to_advance(), merged, "recent rows are merged with stable ones that are as few");
    }

    #[test]
    fn a_copy_is_one_until_either_is_changed() {
        let mut relation = Relation::new(2);
        relation.extend(rows(0..20));
        let mut copy = relation.clone();
        assert!(copy.is_copy_of(&relation) && relation.is_copy_of(&copy));
        copy.extend(rows(20..21));
        assert!(!copy.is_copy_of(&relation) && !relation.is_copy_of(&copy));
        assert!(Relation::new(1).is_copy_of(&Relation::new(1)));
        assert!(!Relation::new(1).is_copy_of(&Relation::new(2)));
        assert!(!Relation::new(2).is_copy_of(&relation));
    }

    #[test]
    fn rows_are_counted_as_they_are_found() {
        let mut relation = Relation::new(2);
        for batch in 0..10 {
            relation.extend(rows(batch * 10..batch * 10 + 15));
        }
        for first in [None, Some(Word(3)), Some(Word(999))] {
            for second in [None, Some(Word(3)), Some(Word(999))] {
                let pattern = [first, second];
                assert_eq!(relation.count(&pattern), relation.matching(&pattern).len(), "{pattern:?}");
            }
        }
    }

    #[test]
    fn an_order_whose_making_is_ended_early_is_not_kept() {
        let mut relation = Relation::new(2);
        relation.extend(rows(0..50));
        let order = Order::starting_with(&[1], 2);
        relation.require_under(&order, &Brake::new(&|| true));
        relation.require(&order);
        assert_eq!(relation.runs_in(&order, Part::All).map(|run| run.len()).sum::<usize>(), 50);
    }

    #[test]
    fn few_runs_hold_many_batches() {
        let mut relation = Relation::new(2);
        for value in 0..10_000 {
            relation.extend(rows([value]));
        }
        assert_eq!(relation.len(), 10_000);
        assert!(relation.runs(Part::All).count() <= 15);
    }

    #[test]
    fn every_order_sees_insertions_and_removals() {
        let mut relation = Relation::new(2);
        let order = Order::starting_with(&[1], 2);
        relation.extend(rows(0..50));
        relation.require(&order);
        relation.extend(rows(50..100));
        let before = relation.clone();
        assert_eq!(relation.remove(rows((0..200).step_by(2))), 50);
        let sevens: usize = relation.runs_in(&order, Part::All).map(|run| run.seek(&[Word(3)], 0).len()).sum();
        assert_eq!(sevens, (0..100).filter(|value| value % 2 == 1 && value % 7 == 3).count());
        assert_eq!((before.len(), relation.len()), (100, 50));
        assert!(relation.contains(&[Word(51), Word(2)]) && !relation.contains(&[Word(50), Word(1)]));
    }
}
