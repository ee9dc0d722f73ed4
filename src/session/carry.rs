//! What stays derived when the program or the facts change.
//!
//! In: a model, and what it was derived from before and after. Out: the part of the model that still stands. Promise:
//! a stratum is kept only if its relations have the same columns and stored facts, its rules are the very same text,
//! and everything it reads is kept or unchanged; so evaluating it again would give the same rows.

use super::Model;
use super::facts::Facts;
use crate::check::{Program, Relation as Described, RelationId, RuleId, StratumId, relations_of};
use crate::eval::{RuleProfile, StratumProfile};
use crate::report::Span;
use crate::store::{Relation, Store};
use std::collections::{BTreeMap, BTreeSet};

/// A program with the facts it is evaluated on.
#[derive(Clone, Copy)]
pub(super) struct Ground<'a> {
    pub(super) program: &'a Program,
    pub(super) facts: &'a Facts,
}

/// The part of a model of `from` that is a part of the model of `to`.
pub(super) fn carry(model: &Model, from: Ground<'_>, to: Ground<'_>) -> Model {
    let names = from.program.relations.enumerate().map(|(id, relation)| (relation.name.as_str(), id)).collect();
    let mut carry = Carry { model, from, to, names, store: to.facts.store.clone(), kept: BTreeMap::new() };
    // A relation of stored facts alone keeps the orders that were made of it, and the classes.
    for (id, relation) in to.program.relations.enumerate().filter(|(_, relation)| relation.stratum.is_none()) {
        let is_stored_only = |old: &RelationId| from.program.relations[*old].stratum.is_none();
        carry.store[id] = match carry.unchanged(id).filter(is_stored_only) {
            Some(old) => model.store[old].clone(),
            None => Relation::start(relation, &to.facts.store[id]),
        };
    }
    for stratum in to.program.strata.ids() {
        carry.stratum(stratum);
        if !carry.kept.contains_key(&stratum) {
            for id in &to.program.strata[stratum].relations {
                carry.store[*id] = Relation::start(&to.program.relations[*id], &to.facts.store[*id]);
            }
        }
    }
    Model { store: carry.store, evaluated: carry.kept, on_demand: 0 }
}

struct Carry<'a> {
    model: &'a Model,
    from: Ground<'a>,
    to: Ground<'a>,
    /// The relations of before, by name.
    names: BTreeMap<&'a str, RelationId>,
    store: Store,
    kept: BTreeMap<StratumId, StratumProfile>,
}

impl Carry<'_> {
    fn stratum(&mut self, id: StratumId) {
        let stratum = &self.to.program.strata[id];
        let olds: Option<Vec<RelationId>> =
            stratum.relations.iter().map(|relation| self.unchanged(*relation)).collect();
        let Some(olds) = olds else { return };
        let Some(old) = olds.first().and_then(|old| self.from.program.relations[*old].stratum) else { return };
        let Some(profile) = self.model.evaluated.get(&old) else { return };
        let same = self.from.program.strata[old].relations.len() == stratum.relations.len()
            && spans(self.from.program, old) == spans(self.to.program, id)
            && self.reads(id).into_iter().all(|read| self.stands(read, id));
        if same {
            for (new, old) in stratum.relations.iter().zip(olds) {
                self.store[*new] = self.model.store[old].clone();
                self.came_up(*new, old);
            }
            let rules: Vec<RuleId> = self.to.program.rules_of(id).collect();
            self.kept.insert(id, renumbered(profile, id, &rules));
        }
    }

    /// The rows that were kept for a time.
    fn came_up(&mut self, new: RelationId, old: RelationId) {
        let upkeep = |program: &'_ Program, relation: RelationId| program.relations[relation].upkeep.clone();
        if let (Some(new), Some(old)) = (upkeep(self.to.program, new), upkeep(self.from.program, old)) {
            self.store[new.came_up] = self.model.store[old.came_up].clone();
        }
    }

    /// The relation of before with the same name, columns and stored facts, if as many of its rows are kept.
    fn unchanged(&self, id: RelationId) -> Option<RelationId> {
        let old = *self.names.get(self.to.program.relations[id].name.as_str())?;
        let (before, after) = (&self.from.program.relations[old], &self.to.program.relations[id]);
        let keeps = |relation: &Described| relation.upkeep.as_ref().map(|upkeep| upkeep.keeps.clone());
        let same = before.columns == after.columns
            && before.is_equivalence == after.is_equivalence
            && keeps(before) == keeps(after)
            && self.from.program.joins(old) == self.to.program.joins(id)
            && self.from.facts.store[old].is_copy_of(&self.to.facts.store[id]);
        same.then_some(old)
    }

    /// Whether what `reader` reads is as it was.
    fn stands(&self, read: RelationId, reader: StratumId) -> bool {
        match self.to.program.relations[read].stratum {
            Some(stratum) => stratum == reader || self.kept.contains_key(&stratum),
            // It may have been derived before, and be only stored now.
            None => self.unchanged(read).is_some_and(|old| self.from.program.relations[old].stratum.is_none()),
        }
    }

    fn reads(&self, id: StratumId) -> BTreeSet<RelationId> {
        let mut read = BTreeSet::new();
        let rules = self.to.program.rules_of(id);
        rules.for_each(|rule| relations_of(&self.to.program.rules[rule].body, &mut read));
        read
    }
}

/// What a stratum cost, under the ids that it and its rules have now.
fn renumbered(profile: &StratumProfile, stratum: StratumId, rules: &[RuleId]) -> StratumProfile {
    let rules = profile.rules.iter().zip(rules).map(|(profile, rule)| RuleProfile { rule: *rule, ..profile.clone() });
    StratumProfile { stratum, rules: rules.collect(), ..profile.clone() }
}

/// Where the rules of a stratum are written: a place in a text that was read never changes.
fn spans(program: &Program, stratum: StratumId) -> Vec<Span> {
    program.rules_of(stratum).map(|rule| program.rules[rule].span).collect()
}
