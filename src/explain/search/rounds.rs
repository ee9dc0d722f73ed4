//! Heights found from the stored facts upwards, where the way down leads to too much.
//!
//! In: facts that hold. Out: for each fact how many rounds it takes to derive it. The rules that lead to the goals are
//! run once more, all strata together, round by round: what an absence or an aggregate asks is asked of the model, which
//! is complete, so positive atoms alone decide when a row is derived. A row appears in the round that is its height; the
//! rounds end with the one that has all goals.

use super::terms::Setting;
use crate::check::{Atom, Extended, Literal, Program, Relation as Described, RelationId, Role, Rule, Stratum, extend};
use crate::data::Id;
use crate::eval::{self, Stopped};
use crate::explain::ground::{Fact, Ground};
use crate::explain::redirect::redirect;
use crate::store::{Relation, Rows, Store};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;

/// What was derived after each round.
pub(in crate::explain) struct Rounds {
    /// The relations that are derived round by round: after no round, after one, and so on.
    rounds: Vec<BTreeMap<RelationId, Relation>>,
    /// The equivalences that no rule derives: their rows are there after no round.
    stored: BTreeMap<RelationId, Relation>,
    /// The goals that the rows of the last round derive at once.
    next: BTreeSet<Fact>,
}

impl Rounds {
    /// Runs rounds until all goals are there.
    pub(in crate::explain) fn run(
        ground: &Ground<'_>,
        barred: &BTreeSet<Fact>,
        goals: &[Fact],
    ) -> Result<Self, Stopped> {
        let relations = derived(ground.program, goals);
        let is_derived = |relation: &RelationId| !ground.program.relations[*relation].rules.is_empty();
        let (derived, stored): (Vec<RelationId>, Vec<RelationId>) = relations.into_iter().partition(is_derived);
        let start_of =
            |id: &RelationId| Relation::start(&ground.program.relations[*id], &ground.stored_rows(*id, barred));
        let stored: BTreeMap<RelationId, Relation> = stored.iter().map(|id| (*id, start_of(id))).collect();
        let mut store: Store = with(ground.model(), &stored);
        let first = RelationId::from_index(ground.program.relations.len());
        let copies: BTreeMap<RelationId, RelationId> =
            derived.iter().enumerate().map(|(at, id)| (*id, RelationId::from_index(first.index() + at))).collect();
        let mut start = BTreeMap::new();
        for relation in &derived {
            let rows = start_of(relation);
            store.push(rows.clone());
            start.insert(*relation, rows);
        }
        let mut rounds = vec![start];
        if derived.is_empty() {
            return Ok(Self { rounds, stored, next: BTreeSet::new() });
        }
        let program = copied(ground.program, &copies);
        let stratum = program.strata.ids().last().expect("the copies have a stratum");
        let mut next = BTreeSet::new();
        eval::rounds(&program, stratum, &mut store, ground.symbols, ground.limits(), &mut |store| {
            let round: BTreeMap<_, _> = copies.iter().map(|(id, copy)| (*id, store[*copy].clone())).collect();
            let is_there = |goal: &&Fact| round.get(&goal.relation).is_none_or(|rows| rows.contains(&goal.row));
            let open: Vec<&Fact> = goals.iter().filter(|goal| !is_there(goal)).collect();
            // The last round would be the largest, and only the goals are wanted of it.
            if open.len() <= FEW {
                let known = ground.over(with(with(ground.model(), &stored), &round));
                if open.iter().all(|goal| ground.derives(&known, goal)) {
                    next.extend(open.into_iter().cloned());
                    rounds.push(round);
                    return ControlFlow::Break(());
                }
            }
            rounds.push(round);
            ControlFlow::Continue(())
        })?;
        Ok(Self { rounds, stored, next })
    }

    /// The height of a fact; nothing if the rounds ended before it.
    pub(in crate::explain) fn height(&self, fact: &Fact) -> Option<u32> {
        if let Some(stored) = self.stored.get(&fact.relation) {
            return stored.contains(&fact.row).then_some(0);
        }
        let has = |round: &BTreeMap<RelationId, Relation>| {
            round.get(&fact.relation).is_some_and(|rows| rows.contains(&fact.row))
        };
        let height = self.rounds.partition_point(|round| !has(round));
        let is_found = height < self.rounds.len() || self.next.contains(fact);
        is_found.then(|| u32::try_from(height).expect("fewer than 2^32 rounds"))
    }

    /// What was known before the round of this number: what the premises of its facts are looked up in.
    pub(in crate::explain) fn before<'a>(&self, ground: &Ground<'a>, height: u32) -> Ground<'a> {
        ground.over(with(with(ground.model(), &self.stored), &self.rounds[height as usize - 1]))
    }
}

/// So many goals are asked for after each round.
const FEW: usize = 1000;

/// A store with other rows in these relations.
fn with(mut store: Store, rows: &BTreeMap<RelationId, Relation>) -> Store {
    rows.iter().for_each(|(relation, rows)| store[*relation] = rows.clone());
    store
}

/// The relations that rules derive on the way to the goals, through positive atoms, and the equivalences among them.
fn derived(program: &Program, goals: &[Fact]) -> Vec<RelationId> {
    let mut found: Vec<RelationId> = Vec::new();
    let mut open: Vec<RelationId> = goals.iter().map(|goal| goal.relation).collect();
    while let Some(relation) = open.pop() {
        let described = &program.relations[relation];
        if (described.rules.is_empty() && !described.is_equivalence) || found.contains(&relation) {
            continue;
        }
        found.push(relation);
        let rules = described.rules.iter();
        rules.for_each(|rule| positive(&program.rules[*rule].body, &mut open));
    }
    found
}

fn positive(body: &[Literal], into: &mut Vec<RelationId>) {
    for literal in body {
        match literal {
            Literal::Atom(atom) => into.push(atom.relation),
            Literal::Or(branches) => branches.iter().for_each(|branch| positive(branch, into)),
            Literal::Absent(_) | Literal::Compare(_) | Literal::Test(_) | Literal::Aggregate(_) => {}
        }
    }
}

/// The program with a copy of each of these relations, all of them in one last stratum: so they take turns.
fn copied(program: &Program, copies: &BTreeMap<RelationId, RelationId>) -> Program {
    let mut relations: Vec<(RelationId, Described)> = Vec::new();
    let mut rules: Vec<Rule> = Vec::new();
    for (relation, copy) in copies {
        let described = &program.relations[*relation];
        let auxiliary = Described {
            name: format!("{}, round by round", described.name),
            role: Role::Auxiliary,
            citations: None,
            rules: Vec::new(),
            stratum: None,
            upkeep: None,
            ..described.clone()
        };
        relations.push((*copy, auxiliary));
        for rule in &described.rules {
            let mut rule = program.rules[*rule].clone();
            rule.head = *copy;
            redirect(&mut rule.body, copies);
            // What a limit left out of the model follows all the same, and is not to be told of; nor is what was not kept.
            let is_limited = described.stratum.is_some_and(|stratum| !program.strata[stratum].limits.is_empty());
            if is_limited || described.upkeep.is_some() || matches!(described.role, Role::CameUp(_)) {
                let (args, span) = (rule.args.clone(), rule.span);
                rule.body.push(Literal::Atom(Atom { relation: *relation, args, span }));
            }
            rules.push(rule);
        }
    }
    relations.sort_by_key(|(copy, _)| *copy);
    let relations = relations.into_iter().map(|(_, relation)| relation).collect();
    let Extended { mut program, strata } = extend(program, relations, rules);
    let strata: Vec<Stratum> = strata.iter().map(|stratum| program.strata[*stratum].clone()).collect();
    program.strata.push(Stratum {
        relations: strata.iter().flat_map(|stratum| stratum.relations.clone()).collect(),
        rules: strata.iter().flat_map(|stratum| stratum.rules.clone()).collect(),
        recursive: true,
        limits: Vec::new(),
    });
    program
}

impl<'a> Ground<'a> {
    /// Whether a rule derives a fact at once from what is known.
    pub(in crate::explain) fn derives(&self, known: &Ground<'a>, fact: &Fact) -> bool {
        let rules = self.program.relations[fact.relation].rules.iter();
        let mut settings = rules.map(|rule| Setting { ground: self, rule: &self.program.rules[*rule] });
        settings.any(|setting| {
            let mut found = false;
            let _ = setting.derivations_from(known, &fact.row, &mut |_| {
                found = true;
                ControlFlow::Break(())
            });
            found
        })
    }

    /// The stored rows of a relation, but for those that are barred, and those that it did not keep.
    fn stored_rows(&self, relation: RelationId, barred: &BTreeSet<Fact>) -> Relation {
        let mut rows = self.stored(relation);
        let mut gone = Rows::new(rows.arity());
        if self.program.relations[relation].upkeep.is_some() {
            let stored = rows
                .batches()
                .into_iter()
                .flat_map(|rows| (0..rows.len()).map(move |at| rows.row(at).collect::<Vec<_>>()).collect::<Vec<_>>());
            let unkept = stored.filter(|row| !self.holds(&Fact { relation, row: row.clone() }));
            unkept.for_each(|row| gone.push(&row));
        }
        barred.iter().filter(|fact| fact.relation == relation).for_each(|fact| gone.push(&fact.row));
        rows.remove(gone);
        rows
    }
}
