//! Answers on demand: a question that says which rows it wants need not pay for the others.
//!
//! In: a checked program with a question's rules, and the counts of the facts. Out: the program with auxiliary rules, in
//! which the question reads copies of the relations it needs, that hold no more than what it leads to; and what to
//! expect of that. Promise: the question has the same answers, and no fault that it would not have anyway; no relation
//! that a user can name is touched.
//!
//! What a rule needs the absence or an aggregate of is whole, with everything that it rests on, and so is what is asked
//! for without a single value given, and so is an equivalence. The rest is rewritten by magic sets. Nothing rests on a
//! question, so what itself needs the absence or an aggregate of is asked for like the rest.

mod adorned;
mod aggregates;
mod choices;
mod ground;
mod passage;
mod rules;
mod shape;
mod worth;

pub use worth::Estimate;

use super::{Stats, needed};
use crate::check::{Extended, Program, RelationId, StratumId, extend, relations_tested};
use crate::data::IdVec;
use ground::Ground;
use rules::{Writer, find_selective};
use std::collections::BTreeSet;

/// A rule whose choices stand for more bodies than this keeps them.
const MOST_BODIES: usize = 64;

/// More copies than this are never worth their while.
const MOST_COPIES: usize = 1 << 16;

/// A relation that is asked for in more ways than this is better evaluated.
const MOST_WAYS: usize = 8;

/// How often it is tried again with more relations that are whole.
const ATTEMPTS: usize = 16;

/// How questions are answered on demand.
#[derive(Debug)]
pub struct OnDemand {
    /// The program with the auxiliary rules.
    pub program: Program,
    /// The strata of the given program that must be complete first.
    pub whole: Vec<StratumId>,
    /// The strata of the auxiliary rules and of the questions, in order.
    pub strata: Vec<StratumId>,
    /// What to decide by whether it is worth while.
    pub estimate: Estimate,
}

/// How to answer questions on demand; nothing if they want everything, if it is there already, or if it is not worth
/// while.
pub fn on_demand(
    program: &Program,
    questions: &[RelationId],
    is_evaluated: impl Fn(StratumId) -> bool,
    stats: &Stats,
    is_worthwhile: impl Fn(&Estimate) -> bool,
) -> Option<OnDemand> {
    let strata: Vec<StratumId> = needed(program, questions.iter().copied());
    let strata: Vec<StratumId> = strata.into_iter().filter(|stratum| !is_evaluated(*stratum)).collect();
    // What is not worth while if everything were spared need not be looked at more closely.
    if !is_worthwhile(&worth::estimate(program, stats, &strata, false)) {
        return None;
    }
    let mut whole: IdVec<RelationId, bool> = program.relations.ids().map(|_| true).collect();
    let mut tested = BTreeSet::new();
    for stratum in strata.iter().map(|stratum| &program.strata[*stratum]) {
        stratum.relations.iter().for_each(|relation| whole[*relation] = false);
        let is_question = stratum.relations.iter().any(|relation| questions.contains(relation));
        let wholly = if is_question { aggregates::tested_by_question } else { relations_tested };
        stratum.rules.iter().for_each(|rule| wholly(&program.rules[*rule].body, &mut tested));
        // Of a relation of limited size only the whole evaluation tells which rows it has.
        tested.extend(stratum.relations.iter().filter(|_| !stratum.limits.is_empty()));
        // What a value is equivalent to may follow from any pair.
        tested.extend(stratum.relations.iter().filter(|relation| program.relations[**relation].is_equivalence));
    }
    // Which rows are kept depends on all that come up.
    let kept_up = strata.iter().filter(|stratum| program.is_kept_up(**stratum));
    tested.extend(kept_up.flat_map(|stratum| &program.strata[*stratum].relations));
    complete(program, tested, &mut whole);
    for _ in 0..ATTEMPTS {
        match attempt(program, questions, &strata, &whole, stats) {
            Attempt::Needs(more) => complete(program, more, &mut whole),
            Attempt::Wants(found) => return found.map(|found| *found).filter(|found| is_worthwhile(&found.estimate)),
        }
    }
    None
}

/// What came of it.
enum Attempt {
    /// These have to be whole.
    Needs(BTreeSet<RelationId>),
    /// There is nothing to gain, or this.
    Wants(Option<Box<OnDemand>>),
}

fn attempt(
    program: &Program,
    questions: &[RelationId],
    strata: &[StratumId],
    whole: &IdVec<RelationId, bool>,
    stats: &Stats,
) -> Attempt {
    let is_whole = |stratum: &StratumId| program.strata[*stratum].relations.iter().any(|relation| whole[*relation]);
    let (complete, spared): (Vec<StratumId>, Vec<StratumId>) = strata.iter().partition(|stratum| is_whole(stratum));
    let relations = spared.iter().flat_map(|stratum| &program.strata[*stratum].relations).copied();
    let mut ground = match Ground::new(program, stats, relations) {
        Ok(ground) => ground,
        Err(more) => return Attempt::Needs(more),
    };
    let alone = spared.iter().map(|stratum| &program.strata[*stratum]).filter(|stratum| !stratum.recursive);
    let alone = alone.flat_map(|stratum| &stratum.relations).copied().filter(|relation| !questions.contains(relation));
    find_selective(&mut ground, alone);
    let mut writer = Writer::new(&ground);
    let is_small = writer.questions(questions);
    if !writer.unbound.is_empty() {
        return Attempt::Needs(writer.unbound);
    }
    if !is_small || !writer.asks() {
        return Attempt::Wants(None);
    }
    let may_stray = writer.may_stray();
    let copied: Vec<RelationId> = writer.copied().map(|asked| asked.relation).collect();
    let mut spared_by_it: Vec<StratumId> = needed(program, copied);
    spared_by_it.retain(|stratum| spared.binary_search(stratum).is_ok());
    let estimate = worth::estimate(program, stats, &spared_by_it, may_stray);
    let Extended { program, strata } = extend(program, writer.relations, writer.rules);
    Attempt::Wants(Some(Box::new(OnDemand { program, whole: complete, strata, estimate })))
}

/// Makes relations whole, with everything that they rest on.
fn complete(program: &Program, relations: BTreeSet<RelationId>, whole: &mut IdVec<RelationId, bool>) {
    for stratum in needed(program, relations) {
        program.strata[stratum].relations.iter().for_each(|relation| whole[*relation] = true);
    }
}
