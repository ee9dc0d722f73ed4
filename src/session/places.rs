//! Where stored facts come from: the clauses that state them, and the files whose rows fill relations.
//!
//! In: clauses with their places, what was taken back, the data files; in the order in which it happened. Out: the places
//! of the few facts that someone asks after. Promise: a clause costs sixteen bytes, a hash and a push; a row of a data
//! file costs nothing until its file is read again to find it; a clone is cheap. Facts are told apart by a hash of 64
//! bits that nobody can foresee.

use super::data_file::DataFile;
use super::search::Search;
use crate::data::{Symbols, Word};
use crate::eval::{Limits, Stopped};
use crate::explain::Place;
use crate::formats::SoughtRow;
use crate::report::Span;
use hashbrown::{DefaultHashBuilder, HashMap};
use std::hash::BuildHasher;
use std::sync::Arc;

/// Where the facts of a session come from.
#[derive(Debug, Clone, Default)]
pub(super) struct Places {
    hasher: DefaultHashBuilder,
    batches: Vec<Batch>,
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
    Filled(Arc<Filled>),
}

/// A relation, and a file whose rows fill it.
#[derive(Debug)]
struct Filled {
    relation: String,
    file: Arc<DataFile>,
}

/// What is known of where a fact comes from.
#[derive(Debug, Clone, Copy, Default)]
struct Origin {
    /// The clause that stated it first since it was last taken back.
    clause: Option<Span>,
    /// The batches behind the last that took it back.
    since: usize,
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
    pub(super) fn fill(&mut self, relation: String, file: Arc<DataFile>) {
        self.batches.push(Batch::Filled(Arc::new(Filled { relation, file })));
    }

    /// The place of each of these facts, in their order: the clause that stated it first since it was last taken back;
    /// or else the first data file that has had it since, with the line where that can be found.
    pub(super) fn find(
        &self,
        facts: &[Asked<'_>],
        symbols: &Symbols,
        limits: &Limits,
    ) -> Result<Vec<Option<Place>>, Stopped> {
        let origins = self.origins(facts);
        let mut search = Search::new(facts.iter().map(|fact| &fact.row), symbols, limits);
        for (at, batch) in self.batches.iter().enumerate() {
            let Batch::Filled(filled) = batch else { continue };
            search.look(&filled.file, |number| {
                let Origin { clause, since } = origins[&facts[number].key];
                clause.is_none() && since <= at && facts[number].relation == filled.relation
            })?;
        }
        let clause = |fact: &Asked<'_>| origins[&fact.key].clause.map(Place::Clause);
        Ok(facts.iter().zip(search.end()).map(|(fact, row)| clause(fact).or(row)).collect())
    }

    fn origins(&self, facts: &[Asked<'_>]) -> HashMap<Key, Origin> {
        let mut origins: HashMap<Key, Origin> = facts.iter().map(|fact| (fact.key, Origin::default())).collect();
        for (at, batch) in self.batches.iter().enumerate() {
            match batch {
                Batch::Written(written) => written.iter().for_each(|Written { fact, source, start }| {
                    if let Some(Origin { clause: clause @ None, .. }) = origins.get_mut(fact) {
                        *clause = Some(Span { source: *source, start: *start, end: *start });
                    }
                }),
                Batch::TakenBack(facts) => facts.iter().for_each(|fact| {
                    origins.entry(*fact).and_modify(|origin| *origin = Origin { clause: None, since: at });
                }),
                Batch::Filled(_) => {}
            }
        }
        origins
    }
}

/// A fact that is asked after.
#[derive(Debug, Clone)]
pub(super) struct Asked<'a> {
    pub(super) key: Key,
    /// The relation that files would fill: for a citation that of the fact.
    pub(super) relation: &'a str,
    /// The row of such a file.
    pub(super) row: SoughtRow,
}
