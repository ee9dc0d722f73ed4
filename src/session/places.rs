//! Where stored facts come from: the clauses that state them, and the files whose rows fill relations.
//!
//! In: clauses with their places, what was taken back, the names of data files; in the order in which it happened. Out:
//! the places of the few facts that someone asks after. Promise: a clause costs sixteen bytes, a hash and a push; a row
//! of a data file costs nothing; a clone is cheap. Facts are told apart by a hash of 64 bits that nobody can foresee.

use crate::data::Word;
use crate::explain::Place;
use crate::report::Span;
use hashbrown::{DefaultHashBuilder, HashMap};
use std::collections::{BTreeMap, BTreeSet};
use std::hash::BuildHasher;
use std::sync::Arc;

/// Where the facts of a session come from.
#[derive(Debug, Clone, Default)]
pub(super) struct Places {
    hasher: DefaultHashBuilder,
    batches: Vec<Batch>,
    /// The files that filled a relation.
    files: Arc<BTreeMap<String, BTreeSet<Arc<str>>>>,
}

/// A fact, whatever ids the program gives its relation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Key(u64);

/// A fact that a clause states.
#[derive(Debug, Clone, Copy)]
pub(super) struct Written {
    fact: Key,
    source: crate::report::SourceId,
    start: u32,
}

#[derive(Debug, Clone)]
enum Batch {
    Written(Arc<Vec<Written>>),
    TakenBack(Arc<Vec<Key>>),
}

impl Places {
    /// The key of a fact.
    pub(super) fn key(&self, relation: &str, row: &[Word]) -> Key {
        Key(self.hasher.hash_one((relation, row)))
    }

    /// A fact with the clause that states it.
    pub(super) fn written(&self, relation: &str, row: &[Word], span: Span) -> Written {
        Written { fact: self.key(relation, row), source: span.source, start: span.start }
    }

    /// Adds clauses, in the order of the text.
    pub(super) fn add(&mut self, mut written: Vec<Written>) {
        if written.is_empty() {
            return;
        }
        // Each batch is larger than the next, so that a long conversation has few of them.
        while let Some(Batch::Written(before)) = self.batches.last()
            && before.len() <= written.len()
        {
            written.splice(..0, before.iter().copied());
            self.batches.pop();
        }
        self.batches.push(Batch::Written(Arc::new(written)));
    }

    /// Forgets facts that were taken back.
    pub(super) fn forget(&mut self, facts: Vec<Key>) {
        if !facts.is_empty() {
            self.batches.push(Batch::TakenBack(Arc::new(facts)));
        }
    }

    /// Notes a file whose rows fill a relation.
    pub(super) fn fill(&mut self, relation: &str, file: Arc<str>) {
        Arc::make_mut(&mut self.files).entry(relation.to_owned()).or_default().insert(file);
    }

    /// The place of each of these facts, in their order: the clause that stated it first since it was last taken back;
    /// or else the data file, where only one can have it.
    pub(super) fn find(&self, facts: &[Asked<'_>]) -> Vec<Option<Place>> {
        let mut found: HashMap<Key, Option<Span>> = facts.iter().map(|fact| (fact.key, None)).collect();
        for batch in &self.batches {
            match batch {
                Batch::Written(written) => written.iter().for_each(|Written { fact, source, start }| {
                    if let Some(place @ None) = found.get_mut(fact) {
                        *place = Some(Span { source: *source, start: *start, end: *start });
                    }
                }),
                Batch::TakenBack(facts) => facts.iter().for_each(|fact| {
                    found.entry(*fact).and_modify(|place| *place = None);
                }),
            }
        }
        let place = |fact: &Asked<'_>| match found[&fact.key] {
            Some(span) => Some(Place::Clause(span)),
            None => self.only_file(fact.relation).map(Place::File),
        };
        facts.iter().map(place).collect()
    }

    fn only_file(&self, relation: &str) -> Option<Arc<str>> {
        let mut files = self.files.get(relation)?.iter();
        files.next().filter(|_| files.next().is_none()).cloned()
    }
}

/// A fact that is asked after.
#[derive(Debug, Clone, Copy)]
pub(super) struct Asked<'a> {
    pub(super) key: Key,
    /// The relation that files would fill: for a citation that of the fact.
    pub(super) relation: &'a str,
}
