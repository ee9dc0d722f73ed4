//! Why nothing more holds: the facts that keep an absence absent when others are taken away.
//!
//! In: a literal that holds, or an aggregate. Out: facts that hold. Promise: as long as they are derived, whatever stored
//! facts are taken away besides, the literal does not come to fail, and the aggregate ranges over no further row.
//!
//! One [`Step`] leads to patterns, and these to others: a graph, in which the facts of everything that is reached are
//! gathered. A circle is no harm, since a row that were to appear first could not rest on itself. Absences of one model
//! have most of the graph in common, so each pattern is gone through once for all of them, and what leads to no fact is
//! not followed again.

use super::closed::{Pattern, Step};
use super::terms::{Binding, Setting};
use crate::check::{Aggregate, Literal};
use crate::data::{Id, IdVec, id};
use crate::explain::ground::{Fact, FactId, FactTable, Ground};
use indexmap::IndexSet;
use rustc_hash::FxBuildHasher;
use std::collections::BTreeSet;

id! {
    /// A pattern that was asked about.
    PatternId
}

/// The patterns that were asked about, and what keeps each from gaining a row.
#[derive(Default)]
pub(in crate::explain) struct Closings {
    patterns: IndexSet<Pattern, FxBuildHasher>,
    facts: FactTable,
    /// Of every pattern, once all that it leads to was gone through.
    closings: IdVec<PatternId, Closing>,
    searches: u32,
}

/// What keeps a pattern from gaining a row.
struct Closing {
    because: Vec<FactId>,
    /// Other patterns, of which each leads to a fact.
    below: Vec<PatternId>,
    /// The last search that met it.
    search: u32,
}

impl<'a> Setting<'_, 'a> {
    /// What keeps a literal that holds from failing: nothing for what its premises do not say already.
    pub(in crate::explain) fn keeps(&self, literal: &'a Literal, binding: &Binding) -> BTreeSet<Fact> {
        let mut step = Step::default();
        self.keep(literal, binding, &mut step);
        self.ground.closings.borrow_mut().behind(self.ground, step)
    }

    /// What keeps an aggregate from ranging over more rows.
    pub(in crate::explain) fn further(&self, aggregate: &'a Aggregate, binding: &Binding) -> BTreeSet<Fact> {
        let mut step = Step::default();
        self.keep_rows(aggregate, binding, &mut step);
        self.ground.closings.borrow_mut().behind(self.ground, step)
    }
}

impl Closings {
    /// The facts of a step and of all that it leads to. Nothing to rely on where the ground was stopped.
    fn behind(&mut self, ground: &Ground<'_>, step: Step) -> BTreeSet<Fact> {
        let known = self.closings.len();
        let Closing { because, below, .. } = self.closing(step);
        self.go_through(ground);
        if ground.go_on().is_break() {
            // A walk that was broken off says too little.
            self.patterns.truncate(known);
            self.closings.truncate(known);
            return BTreeSet::new();
        }
        self.prune(known);
        self.gather(because, below).into_iter().map(|fact| self.facts.fact(fact).clone()).collect()
    }

    fn closing(&mut self, step: Step) -> Closing {
        let because = step.because.into_iter().map(|fact| self.facts.add(fact).0).collect();
        let below = step.below.into_iter().map(|pattern| PatternId::from_index(self.patterns.insert_full(pattern).0));
        Closing { because, below: below.collect(), search: 0 }
    }

    /// Goes through the patterns that are new, and those that they bring in.
    fn go_through(&mut self, ground: &Ground<'_>) {
        while let Some(pattern) = self.patterns.get_index(self.closings.len()) {
            if ground.go_on().is_break() {
                return;
            }
            let step = Step::of(ground, pattern);
            let closing = self.closing(step);
            self.closings.push(closing);
        }
    }

    /// Of the patterns from this one on: forgets the ways to those that lead to no fact.
    fn prune(&mut self, first: usize) {
        let new = || (first..self.closings.len()).map(PatternId::from_index);
        let mut users: Vec<Vec<PatternId>> = new().map(|_| Vec::new()).collect();
        for user in new() {
            let below = self.closings[user].below.iter().filter(|below| below.index() >= first);
            below.for_each(|below| users[below.index() - first].push(user));
        }
        let is_old_and_leads = |below: &PatternId| below.index() < first && self.closings[*below].leads();
        let starts = |closing: &Closing| !closing.because.is_empty() || closing.below.iter().any(is_old_and_leads);
        let mut open: Vec<PatternId> = new().filter(|pattern| starts(&self.closings[*pattern])).collect();
        let mut lead: BTreeSet<PatternId> = open.iter().copied().collect();
        while let Some(pattern) = open.pop() {
            open.extend(users[pattern.index() - first].iter().filter(|user| lead.insert(**user)));
        }
        for pattern in new().collect::<Vec<_>>() {
            let mut below = std::mem::take(&mut self.closings[pattern].below);
            below.retain(|below| match below.index() < first {
                true => self.closings[*below].leads(),
                false => lead.contains(below),
            });
            self.closings[pattern].below = below;
        }
    }

    /// The facts of all that is reached.
    fn gather(&mut self, because: Vec<FactId>, below: Vec<PatternId>) -> BTreeSet<FactId> {
        self.searches += 1;
        let mut found: BTreeSet<FactId> = because.into_iter().collect();
        let mut open = below;
        while let Some(pattern) = open.pop() {
            let closing = &mut self.closings[pattern];
            if std::mem::replace(&mut closing.search, self.searches) != self.searches {
                found.extend(&closing.because);
                open.extend(&closing.below);
            }
        }
        found
    }
}

impl Closing {
    /// Whether a fact is reached. Known once it was pruned.
    fn leads(&self) -> bool {
        !self.because.is_empty() || !self.below.is_empty()
    }
}
