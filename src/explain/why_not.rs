//! Why a fact does not hold: what every rule that could derive it lacks.
//!
//! In: a row that is not there, or part of one. Out: for each rule the binding that fails the fewest literals, with what
//! holds and what fails under it, and why. A derived row that is missing is followed down, until stored facts are
//! reached; what was followed already is referred to.
//!
//! What is searched for is searched for in haste, in a ground of its own whose time may be short. When that is up, rows
//! are not followed any more, and nothing is told of what stands behind others; whatever is told is looked up in full.

use super::ground::{Fact, Ground};
use super::missing::{Condition, Missing, MissingId, Tried, WhyNot};
use super::proof::{Aggregate, Premise, Proof, Row, Side, Via};
use super::search::nearest::{Attempt, PATIENCE, nearest};
use super::search::solve::Solution;
use super::search::terms::{Binding, Setting};
use super::why::why;
use super::words::{aggregate_text, literal_text};
use crate::check::{self, Atom, Comparison, Literal, RelationId, RuleId, Term, Test, VarId};
use crate::data::{Id, Value, Word};
use crate::eval::{Progress, Stopped};
use indexmap::IndexMap;
use std::collections::BTreeSet;

/// Steps below a fact within which aggregates are told of.
const NEAR: usize = 2;

/// Rows that are followed down at most.
const MOST_MISSING: usize = 100;

/// Why no row is like this. `hasty` is the same ground with as much time as there is for searching.
pub fn why_not<'a>(
    ground: &Ground<'a>,
    hasty: &Ground<'a>,
    relation: RelationId,
    args: &[Option<Value>],
) -> Result<WhyNot, Stopped> {
    let mut asking = Asking { ground, hasty, is_spent: false, missing: IndexMap::new() };
    asking.missing(relation, args.to_vec());
    let mut at = 0;
    while at < asking.missing.len() && ground.go_on().is_continue() {
        let (relation, args) = asking.missing.get_index(at).expect("it was just counted").0.clone();
        let found = match asking.is_spent && at > 0 {
            true => Missing::not_followed(relation, args),
            false => asking.look(relation, args),
        };
        *asking.missing.get_index_mut(at).expect("it was just counted").1 = Some(found);
        at += 1;
    }
    // What ended the search in haste may be meant to end all of it.
    ground.limits().ask(0, Progress::default)?;
    let missing = asking.missing.into_values().flatten().collect();
    ground.end(WhyNot { missing, is_cut: asking.is_spent })
}

struct Asking<'g, 'a> {
    ground: &'g Ground<'a>,
    /// Where searches are made until its time is up.
    hasty: &'g Ground<'a>,
    /// Whether it is.
    is_spent: bool,
    missing: IndexMap<(RelationId, Vec<Option<Value>>), Option<Missing>>,
}

impl<'a> Asking<'_, 'a> {
    fn missing(&mut self, relation: RelationId, args: Vec<Option<Value>>) -> MissingId {
        let entry = self.missing.entry((relation, args));
        let at = entry.index();
        entry.or_insert(None);
        MissingId::from_index(at)
    }

    /// The way that comes nearest; when the time is up, what the row alone binds.
    fn nearest(&mut self, rule: RuleId, pattern: &[Option<Word>]) -> Option<Attempt<'a>> {
        let in_ground = |ground, patience| {
            let setting = Setting { ground, rule: &self.ground.program.rules[rule] };
            nearest(setting, pattern, usize::MAX, &mut { patience }).into_iter().next()
        };
        if !self.is_spent {
            let found = in_ground(self.hasty, PATIENCE);
            match self.hasty.end(found) {
                Ok(found) => return found,
                Err(_) => self.is_spent = true,
            }
        }
        in_ground(self.ground, 0)
    }

    /// The least proof of a fact that holds; nothing when the time is up.
    fn why(&mut self, fact: &Fact) -> Option<Proof> {
        if self.is_spent {
            return None;
        }
        let proof = why(self.hasty, fact).ok();
        self.is_spent = proof.is_none();
        proof
    }

    /// What the rules of a missing row lack.
    fn look(&mut self, relation: RelationId, args: Vec<Option<Value>>) -> Missing {
        let pattern = self.ground.pattern(&args);
        let mut attempts: Vec<(RuleId, Attempt<'a>)> = Vec::new();
        let rules = &self.ground.program.relations[relation].rules;
        for rule in rules {
            attempts.extend(self.nearest(*rule, &pattern).map(|attempt| (*rule, attempt)));
        }
        let unfit = rules.len() - attempts.len();
        attempts.sort_by_key(|(_, attempt)| attempt.failing());
        let attempts = attempts.into_iter().map(|(rule, attempt)| self.tried(rule, &attempt)).collect();
        let described = &self.ground.program.relations[relation];
        let is_stored = described.stored || rules.is_empty();
        let (mut nearest, misspelt) = if is_stored { self.ground.near(relation, &args) } else { (vec![], vec![]) };
        if described.is_equivalence {
            // What its values belong with says as much.
            nearest.clear();
        }
        let apart = self.ground.apart(relation, &args);
        let limit = self.ground.limit_reached(relation);
        Missing { relation, args, is_followed: true, attempts, unfit, apart, nearest, misspelt, limit }
    }

    fn tried(&mut self, rule: RuleId, attempt: &Attempt<'a>) -> Tried {
        let setting = Setting { ground: self.ground, rule: &self.ground.program.rules[rule] };
        let mut conditions: Vec<Condition> = Vec::new();
        for (at, (literal, holds)) in attempt.literals.iter().enumerate() {
            if attempt.within.contains_key(&at) {
                continue;
            }
            let within = attempt.within.iter().filter(|(_, condition)| **condition == at);
            let within = within.filter_map(|(aggregate, _)| match attempt.literals[*aggregate].0 {
                Literal::Aggregate(aggregate) => Some(aggregate),
                _ => None,
            });
            let within: Vec<&check::Aggregate> = within.collect();
            conditions.push(self.condition_around(setting, literal, *holds, &within, attempt));
        }
        Tried { rule, conditions }
    }

    /// A condition with the aggregates that are written within it.
    fn condition_around(
        &mut self,
        setting: Setting<'_, 'a>,
        literal: &'a Literal,
        holds: bool,
        within: &[&'a check::Aggregate],
        attempt: &Attempt<'a>,
    ) -> Condition {
        let binding = &attempt.binding;
        let lacks_value = |aggregate: &&check::Aggregate| {
            let is_ready = aggregate.outer.iter().all(|var| binding[var.index()].is_some());
            is_ready && binding[aggregate.result.index()].is_none()
        };
        if within.iter().any(lacks_value) {
            return Condition::NoValue { text: setting.text(literal, binding) };
        }
        let mut condition = self.condition(setting, literal, holds, binding);
        if let Condition::Decided { from, .. } = &mut condition {
            from.extend(within.iter().filter_map(|aggregate| setting.aggregated(aggregate, binding)));
            if let (Literal::Compare(comparison), false) = (literal, holds) {
                from.extend(self.counted(setting, comparison, attempt));
            }
        }
        condition
    }

    /// The aggregates that the values of a comparison come from, as far as they stand near the top of the proofs of the
    /// facts that the values were found in.
    fn counted(&mut self, setting: Setting<'_, 'a>, comparison: &Comparison, attempt: &Attempt<'a>) -> Vec<Aggregate> {
        let sides = [&comparison.left, &comparison.right];
        let is_compared = |arg: &Term| matches!(arg, Term::Variable(_)) && sides.contains(&arg);
        let mut counted: Vec<Aggregate> = Vec::new();
        for (literal, holds) in &attempt.literals {
            let Literal::Atom(atom) = literal else { continue };
            if !holds || !atom.args.iter().any(is_compared) {
                continue;
            }
            let row: Option<Vec<Word>> = atom.args.iter().map(|arg| setting.word(arg, &attempt.binding)).collect();
            let proof = row.and_then(|row| self.why(&Fact { relation: atom.relation, row }));
            let Some(proof) = proof else { continue };
            for aggregate in proof.near_the_top(NEAR).into_iter().filter_map(Premise::without_reasons) {
                if !counted.contains(&aggregate) {
                    counted.push(aggregate);
                }
            }
        }
        counted
    }

    /// The claims that a fact rests on: those that it cites, or that the stored facts of its least proof cite.
    fn cited_by(&mut self, fact: &Fact) -> Vec<Value> {
        if self.ground.is_stored(fact) {
            return self.ground.citations(fact);
        }
        let proof = self.why(fact);
        let leaves = proof.iter().flat_map(|proof| &proof.nodes).filter_map(|node| match &node.via {
            Via::Stored { citations } => Some(citations),
            Via::Rule { .. } | Via::Equivalence { .. } => None,
        });
        let claims: BTreeSet<Value> = leaves.flatten().cloned().collect();
        claims.into_iter().collect()
    }

    fn condition(
        &mut self,
        setting: Setting<'_, 'a>,
        literal: &'a Literal,
        holds: bool,
        binding: &Binding,
    ) -> Condition {
        let is_ready = setting.is_ready(literal, binding);
        let told = match literal {
            Literal::Atom(atom) => self.asked(setting, atom, holds, binding),
            Literal::Absent(atom) => match setting.args(atom, binding) {
                Some(args) if is_ready => Ok(self.absent(setting, atom, args, holds, binding)),
                Some(_) => Err(Untold::Unreached),
                None => Err(Untold::NoValue),
            },
            Literal::Compare(comparison) => setting.decided_by_values(comparison, holds, binding),
            Literal::Test(test) => setting.decided_by_test(test, holds, binding),
            Literal::Aggregate(aggregate) if is_ready => Ok(setting.told_aggregate(aggregate, holds, binding)),
            Literal::Aggregate(_) | Literal::Or(_) => Err(Untold::Unreached),
        };
        let text = || setting.text(literal, binding);
        told.unwrap_or_else(|untold| match untold {
            Untold::NoValue => Condition::NoValue { text: text() },
            Untold::Unreached => Condition::Unreached { text: text() },
        })
    }

    fn asked(&mut self, setting: Setting<'_, 'a>, atom: &Atom, holds: bool, binding: &Binding) -> Told {
        let args = setting.args(atom, binding).ok_or(Untold::NoValue)?;
        match args.iter().cloned().collect::<Option<Vec<Value>>>() {
            Some(row) if holds => Ok(Condition::Found { relation: atom.relation, row }),
            _ if self.missing.len() >= MOST_MISSING => Err(Untold::Unreached),
            _ => Ok(Condition::Missing { missing: self.missing(atom.relation, args) }),
        }
    }

    fn absent(
        &mut self,
        setting: Setting<'_, 'a>,
        atom: &Atom,
        args: Vec<Option<Value>>,
        holds: bool,
        binding: &Binding,
    ) -> Condition {
        let relation = atom.relation;
        match setting.blocker(atom, binding) {
            Some(row) => {
                let fact = Fact { relation, row };
                let (by, citations) = (self.ground.values(&fact), self.cited_by(&fact));
                Condition::Blocked { relation, args, by, citations }
            }
            None => decided(Premise::Absent { relation, args, because: Vec::new() }, holds),
        }
    }
}

/// What is told of a condition, if anything can be.
type Told = Result<Condition, Untold>;

/// Why nothing is told of a condition.
enum Untold {
    /// A part of it has no value.
    NoValue,
    /// Not every variable of it is bound.
    Unreached,
}

fn decided(premise: Premise, holds: bool) -> Condition {
    Condition::Decided { premise, holds, from: Vec::new() }
}

impl<'a> Setting<'_, 'a> {
    fn decided_by_values(&self, comparison: &Comparison, holds: bool, binding: &Binding) -> Told {
        let sides = [&comparison.left, &comparison.right];
        if !sides.iter().all(|side| self.is_bound(side, binding)) {
            return Err(Untold::Unreached);
        }
        if sides.iter().any(|side| self.value(side, binding).is_none()) {
            return Err(Untold::NoValue);
        }
        Ok(decided(self.compared_as(comparison, holds, binding), holds))
    }

    fn decided_by_test(&self, test: &Test, holds: bool, binding: &Binding) -> Told {
        if !test.args.iter().all(|arg| self.is_bound(arg, binding)) {
            return Err(Untold::Unreached);
        }
        let args = test.args.iter().map(|arg| self.known_side(arg, binding)).collect::<Option<Vec<Side>>>();
        let args = args.ok_or(Untold::NoValue)?;
        Ok(decided(Premise::Test { builtin: test.builtin, args, negated: test.negated }, holds))
    }

    fn told_aggregate(&self, aggregate: &'a check::Aggregate, holds: bool, binding: &Binding) -> Condition {
        let wanted = self.known(aggregate.result, binding);
        match self.aggregated(aggregate, binding) {
            Some(found) if holds && wanted.as_ref() == Some(&found.value) => {
                decided(Premise::Aggregate(Box::new(found)), holds)
            }
            found => {
                let text = self.aggregate_text(aggregate, binding);
                Condition::Aggregate { text, value: found.map(|found| found.value), wanted }
            }
        }
    }

    /// The value of a variable, if it is bound.
    fn known(&self, var: VarId, binding: &Binding) -> Option<Value> {
        binding[var.index()].and_then(|_| self.value(&Term::Variable(var), binding))
    }

    /// A term and its value, if it has one.
    fn known_side(&self, term: &Term, binding: &Binding) -> Option<Side> {
        self.value(term, binding).map(|_| self.side(term, binding))
    }

    /// What is known of the arguments of an atom; nothing where one that is bound has no value.
    fn args(&self, atom: &Atom, binding: &Binding) -> Option<Vec<Option<Value>>> {
        let known = |arg: &Term| match arg {
            Term::Wildcard => Some(None),
            arg if self.is_bound(arg, binding) => self.value(arg, binding).map(Some),
            Term::Variable(_) | Term::Constant(_) | Term::Call { .. } => Some(None),
        };
        atom.args.iter().map(known).collect()
    }

    /// A comparison that holds as a proof would show it; one that fails, as it is written.
    fn compared_as(&self, comparison: &Comparison, holds: bool, binding: &Binding) -> Premise {
        if holds {
            return self.compared(comparison, binding);
        }
        let [left, right] = [&comparison.left, &comparison.right].map(|side| self.side(side, binding));
        Premise::Compare { op: comparison.op, left, right }
    }

    /// An aggregate whose group is bound, with its value and its rows; nothing where it has no value.
    fn aggregated(&self, aggregate: &'a check::Aggregate, binding: &Binding) -> Option<Aggregate> {
        let ty = self.rule.variables[aggregate.result].ty;
        let value = self.aggregate(aggregate, binding)?.decode(ty, &self.ground.symbols.read());
        let row = |solution: &Solution<'a>| Row {
            values: self.named(&aggregate.local, &solution.binding),
            local: self.local(&aggregate.local, &solution.binding),
            target: None,
            premises: Vec::new(),
        };
        let mut rows: Vec<Row> = self.rows_of(aggregate, binding).values().map(row).collect();
        rows.sort_by(|a, b| a.values.cmp(&b.values));
        let text = self.aggregate_text(aggregate, binding);
        Some(Aggregate { op: aggregate.op, value, text, rows, because: Vec::new() })
    }

    fn aggregate_text(&self, aggregate: &check::Aggregate, binding: &Binding) -> String {
        aggregate_text(self.ground.program, self.rule, aggregate, &|var| self.known(var, binding))
    }

    /// A literal with values for the variables that are bound.
    fn text(&self, literal: &Literal, binding: &Binding) -> String {
        literal_text(self.ground.program, self.rule, literal, &|var| self.known(var, binding))
    }
}

impl Ground<'_> {
    /// The words of what is known of a row; a symbol that was never seen is in no row, and made known here so that it can
    /// be looked for.
    pub(in crate::explain) fn pattern(&self, args: &[Option<Value>]) -> Vec<Option<Word>> {
        args.iter().map(|arg| arg.as_ref().map(|value| Word::encode(value, self.symbols))).collect()
    }
}
