//! What would make a fact hold: small changes of the stored facts.
//!
//! In: a row that is not there, and someone who can say whether it would be there after some changes. Out: sets of up to
//! three changes, the smallest first: a stored fact more, one fewer, or a compared number moved just far enough.
//! Promise: each set was tried and makes the row hold, and no part of it does.
//!
//! Sets are proposed from what the rules lack: under the bindings that fail the fewest literals, a missing row is stored,
//! or derived in its turn; a row that should not be there loses a stored fact that it rests on; a comparison that fails
//! has the stored number on one of its sides moved, or what it counts given one more row.

use super::critical::critical;
use super::ground::{Fact, Ground};
use super::proof::{Proof, Via};
use super::search::nearest::{Attempt, PATIENCE, nearest, once_more};
use super::search::terms::{Binding, Setting};
use super::why::why_without_facts;
use crate::check::{Aggregate, Atom, CompareOp, Comparison, Literal, RelationId, Term};
use crate::data::{Id, Type, Value, Word};
use std::collections::BTreeSet;
use std::ops::ControlFlow;

/// A change of one stored fact.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Change {
    /// A number in a stored fact is another.
    Move {
        /// The relation.
        relation: RelationId,
        /// The fact as it is.
        from: Vec<Value>,
        /// The fact as it would be.
        to: Vec<Value>,
    },
    /// A stored fact is there no more.
    Remove {
        /// The relation.
        relation: RelationId,
        /// The fact.
        row: Vec<Value>,
    },
    /// A fact is stored.
    Add {
        /// The relation.
        relation: RelationId,
        /// The fact.
        row: Vec<Value>,
    },
}

/// Changes that together make a row hold.
pub type Repair = Vec<Change>;

/// The repairs that were found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Repairs {
    /// The repairs, the smallest first.
    pub found: Vec<Repair>,
    /// Whether all that was proposed was tried, but for what is much like those that were found.
    pub is_complete: bool,
    /// Whether others were left out because they are much like those that were found: the same relations, other values.
    pub left_out: bool,
}

/// Changes in one repair at most.
const MOST_CHANGES: usize = 3;

/// Repairs that are shown.
const MOST_FOUND: usize = 8;

/// Repairs that are shown of those that change the same relations in the same way.
const MOST_ALIKE: usize = 2;

/// Sets that are proposed for one row.
const MOST_PROPOSED: usize = 200;

/// Sets that are tried.
const MOST_TRIED: usize = 200;

/// Bindings of one rule that are looked at.
const MOST_ATTEMPTS: usize = 12;

/// Steps below a fact within which aggregates are given more rows.
const NEAR: usize = 2;

/// Rows that may stand in the way of one absence.
const MOST_BLOCKING: usize = 64;

/// Proofs that are looked for so that none of those rows is left.
const MOST_PROOFS: usize = 300;

/// Rows that are followed down, one below the other.
const DEEPEST: usize = 6;

/// Repairs of a row that is not there. `holds_after` says whether it is there after some changes, or breaks off.
pub fn repairs(
    ground: &Ground<'_>,
    relation: RelationId,
    args: &[Option<Value>],
    holds_after: &mut dyn FnMut(&[Change]) -> ControlFlow<(), bool>,
) -> Repairs {
    let mut proposing = Proposing { ground, above: Vec::new(), patience: PATIENCE, is_cut: false };
    let mut proposed = proposing.holding(relation, ground.pattern(args));
    proposed.sort_by(|a, b| (a.len(), a).cmp(&(b.len(), b)));
    proposed.dedup();
    let mut repairs = Repairs { found: Vec::new(), is_complete: false, left_out: false };
    let is_whole = proposing.patience > 0 && !proposing.is_cut && proposed.len() <= MOST_TRIED;
    repairs.is_complete = is_whole && ground.go_on().is_continue();
    proposed.truncate(MOST_TRIED);
    for repair in proposed {
        let contains = |known: &Repair| known.iter().all(|change| repair.contains(change));
        if repairs.found.iter().any(contains) {
            continue;
        }
        if repairs.found.iter().filter(|known| shape(known) == shape(&repair)).count() >= MOST_ALIKE {
            repairs.left_out = true;
            continue;
        }
        match least_part(&repair, holds_after) {
            ControlFlow::Continue(Some(part)) if !repairs.found.contains(&part) => repairs.found.push(part),
            ControlFlow::Continue(_) => {}
            ControlFlow::Break(()) => return Repairs { is_complete: false, ..repairs },
        }
        if repairs.found.len() == MOST_FOUND {
            repairs.is_complete = false;
            break;
        }
    }
    repairs.found.sort_by(|a, b| (a.len(), a).cmp(&(b.len(), b)));
    repairs
}

/// What a repair does, the values aside.
fn shape(repair: &Repair) -> Vec<(std::mem::Discriminant<Change>, RelationId)> {
    let relation = |change: &Change| match change {
        Change::Move { relation, .. } | Change::Remove { relation, .. } | Change::Add { relation, .. } => *relation,
    };
    repair.iter().map(|change| (std::mem::discriminant(change), relation(change))).collect()
}

/// The smallest part of some changes that makes the row hold; nothing if all of them do not.
fn least_part(
    changes: &Repair,
    holds_after: &mut dyn FnMut(&[Change]) -> ControlFlow<(), bool>,
) -> ControlFlow<(), Option<Repair>> {
    if !holds_after(changes)? {
        return ControlFlow::Continue(None);
    }
    let mut parts: Vec<Repair> = (1..(1_usize << changes.len()) - 1)
        .map(|part| {
            let kept = changes.iter().enumerate().filter(|(at, _)| part >> at & 1 == 1);
            kept.map(|(_, change)| change.clone()).collect()
        })
        .collect();
    parts.sort_by_key(Vec::len);
    for part in parts {
        if holds_after(&part)? {
            return ControlFlow::Continue(Some(part));
        }
    }
    ControlFlow::Continue(Some(changes.clone()))
}

struct Proposing<'g, 'a> {
    ground: &'g Ground<'a>,
    /// The rows that are being proposed for, each for the one before it.
    above: Vec<(RelationId, Vec<Option<Word>>)>,
    /// Steps that may still be spent on looking for ways.
    patience: usize,
    /// Whether a search in between was broken off.
    is_cut: bool,
}

impl<'a> Proposing<'_, 'a> {
    /// Sets of changes that may make a row hold.
    fn holding(&mut self, relation: RelationId, pattern: Vec<Option<Word>>) -> Vec<Repair> {
        let key = (relation, pattern);
        let is_out_of_patience = self.patience == 0 || self.ground.go_on().is_break();
        if self.above.len() == DEEPEST || self.above.contains(&key) || is_out_of_patience {
            return Vec::new();
        }
        let mut proposed = Vec::new();
        let described = &self.ground.program.relations[relation];
        if described.stored || described.rules.is_empty() {
            let row = self.ground.row_like(relation, &key.1);
            proposed.extend(row.map(|row| vec![Change::Add { relation, row }]));
        }
        let pattern = key.1.clone();
        self.above.push(key);
        for rule in &described.rules {
            let setting = Setting { ground: self.ground, rule: &self.ground.program.rules[*rule] };
            for attempt in nearest(setting, &pattern, MOST_CHANGES, &mut self.patience).iter().take(MOST_ATTEMPTS) {
                for attempt in self.ground.filled_in(setting, attempt) {
                    proposed.extend(self.satisfying(setting, &attempt));
                }
            }
            limit(&mut proposed);
        }
        self.above.pop();
        proposed
    }

    /// Sets of changes that may satisfy every literal that fails.
    fn satisfying(&mut self, setting: Setting<'_, 'a>, attempt: &Attempt<'a>) -> Vec<Repair> {
        let failing: Vec<&Literal> =
            attempt.literals.iter().filter(|(_, holds)| !holds).map(|(literal, _)| *literal).collect();
        if attempt.head_fails {
            return Vec::new();
        }
        let mut sets: Vec<Repair> = vec![Vec::new()];
        for literal in failing {
            let fixes = match literal {
                Literal::Atom(atom) => match setting.pattern(atom, &attempt.binding) {
                    Some(pattern) => self.holding(atom.relation, pattern),
                    None => Vec::new(),
                },
                // What waits for the value of another literal may hold when that one does.
                literal if !setting.is_ready(literal, &attempt.binding) => continue,
                Literal::Absent(atom) => self.removing(setting, atom, attempt),
                Literal::Compare(comparison) if setting.has_values(comparison, &attempt.binding) => {
                    let mut fixes = moves(setting, comparison, attempt);
                    fixes.extend(self.counting(setting, comparison, attempt));
                    fixes
                }
                Literal::Compare(_) => continue,
                Literal::Aggregate(aggregate) => self.counting_more(setting, aggregate, &attempt.binding),
                Literal::Test(_) | Literal::Or(_) => Vec::new(),
            };
            sets = combined(&sets, &fixes);
        }
        sets.retain(|set| !set.is_empty());
        sets
    }

    /// Sets of changes that may give a compared value another row to count: one in an aggregate of the rule, or of the
    /// rules near the top of a proof of the fact that the value was found in.
    fn counting(&mut self, setting: Setting<'_, 'a>, comparison: &Comparison, attempt: &Attempt<'a>) -> Vec<Repair> {
        let sides = [&comparison.left, &comparison.right];
        let is_compared = |term: &Term| matches!(term, Term::Variable(_)) && sides.contains(&term);
        let mut sets = Vec::new();
        for (literal, holds) in &attempt.literals {
            match literal {
                Literal::Aggregate(aggregate) if is_compared(&Term::Variable(aggregate.result)) => {
                    sets.extend(self.counting_more(setting, aggregate, &attempt.binding));
                }
                Literal::Atom(atom) if *holds && atom.args.iter().any(is_compared) => {
                    let row: Option<Vec<Word>> =
                        atom.args.iter().map(|arg| setting.word(arg, &attempt.binding)).collect();
                    let fact = row.map(|row| Fact { relation: atom.relation, row });
                    sets.extend(fact.into_iter().flat_map(|fact| self.counting_behind(&fact, NEAR)));
                }
                _ => {}
            }
        }
        sets
    }

    /// The same for the aggregates behind a fact.
    fn counting_behind(&mut self, fact: &Fact, steps: usize) -> Vec<Repair> {
        let mut sets = Vec::new();
        for rule in &self.ground.program.relations[fact.relation].rules {
            let setting = Setting { ground: self.ground, rule: &self.ground.program.rules[*rule] };
            let mut first = None;
            let _ = setting.derivations(&fact.row, &mut |solution| {
                first = Some(solution.clone());
                ControlFlow::Break(())
            });
            let Some(solution) = first else { continue };
            for literal in solution.reached(&setting.rule.body) {
                if let Literal::Aggregate(aggregate) = literal {
                    sets.extend(self.counting_more(setting, aggregate, &solution.binding));
                }
            }
            if steps > 1 {
                for premise in setting.premises(&setting.rule.body, &solution) {
                    sets.extend(self.counting_behind(&premise, steps - 1));
                }
            }
        }
        limit(&mut sets);
        sets
    }

    /// Sets of changes that may give an aggregate another row.
    fn counting_more(&mut self, setting: Setting<'_, 'a>, aggregate: &'a Aggregate, binding: &Binding) -> Vec<Repair> {
        let group = setting.group(aggregate, binding);
        let ways = once_more(setting, &aggregate.body, &group, MOST_CHANGES, &mut self.patience);
        let mut sets = Vec::new();
        for attempt in ways.iter().take(MOST_ATTEMPTS) {
            for attempt in self.ground.filled_in(setting, attempt) {
                sets.extend(self.satisfying(setting, &attempt));
            }
        }
        limit(&mut sets);
        sets
    }

    /// Sets of changes that may take every row away that blocks an absence: the stored facts that hit a proof of each.
    fn removing(&mut self, setting: Setting<'_, 'a>, atom: &Atom, attempt: &Attempt<'a>) -> Vec<Repair> {
        let Some(pattern) = setting.pattern(atom, &attempt.binding) else { return Vec::new() };
        let mut blocking: Vec<Fact> = Vec::new();
        let _ = self.ground.each(atom.relation, &pattern, &mut |row| {
            blocking.push(Fact { relation: atom.relation, row: row.to_vec() });
            if blocking.len() > MOST_BLOCKING { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        });
        if blocking.is_empty() || blocking.len() > MOST_BLOCKING {
            return Vec::new();
        }
        let stored = |proof: Proof| {
            let leaves = proof.nodes.into_items().filter(|node| matches!(node.via, Via::Stored { .. }));
            leaves.map(|node| Change::Remove { relation: node.relation, row: node.row }).collect::<Vec<Change>>()
        };
        let mut proofs = MOST_PROOFS;
        let mut rests_on = |lost: &[Change]| {
            proofs -= 1;
            if proofs == 0 {
                return ControlFlow::Break(());
            }
            let lost: BTreeSet<Fact> = lost.iter().map(|change| self.ground.changed_fact(change)).collect();
            for fact in &blocking {
                match why_without_facts(self.ground, fact, &lost) {
                    Ok(Some(proof)) => return ControlFlow::Continue(Some(stored(proof))),
                    Ok(None) => {}
                    Err(_) => return ControlFlow::Break(()),
                }
            }
            ControlFlow::Continue(None)
        };
        match rests_on(&[]) {
            ControlFlow::Continue(Some(leaves)) => {
                let found = critical(leaves, MOST_CHANGES, &mut rests_on);
                self.is_cut |= found.is_stopped;
                found.sets
            }
            ControlFlow::Continue(None) | ControlFlow::Break(()) => Vec::new(),
        }
    }
}

/// Every set of one list together with every set of another, as far as there are not too many changes.
fn combined(sets: &[Repair], fixes: &[Repair]) -> Vec<Repair> {
    const EACH: usize = 32;
    let mut all = BTreeSet::new();
    for set in sets.iter().take(EACH) {
        for fix in fixes.iter().take(EACH) {
            let together: BTreeSet<&Change> = set.iter().chain(fix).collect();
            if together.len() <= MOST_CHANGES {
                all.insert(together.into_iter().cloned().collect::<Repair>());
            }
        }
    }
    let mut all: Vec<Repair> = all.into_iter().collect();
    limit(&mut all);
    all
}

/// Keeps the smallest sets.
fn limit(sets: &mut Vec<Repair>) {
    sets.sort_by(|a, b| (a.len(), a).cmp(&(b.len(), b)));
    sets.dedup();
    sets.truncate(MOST_PROPOSED);
}

/// Moves of a stored number on one side of a comparison, just far enough for it to hold.
fn moves(setting: Setting<'_, '_>, comparison: &Comparison, attempt: &Attempt<'_>) -> Vec<Repair> {
    let Comparison { op, left, right, ty, .. } = comparison;
    let binding = &attempt.binding;
    let is_bound = setting.is_bound(left, binding) && setting.is_bound(right, binding);
    if *ty != Type::Number || !is_bound {
        return Vec::new();
    }
    let number = |side: &Term| match setting.value(side, binding) {
        Some(Value::Number(number)) => Some(number),
        Some(_) | None => None,
    };
    let (Some(left_value), Some(right_value)) = (number(left), number(right)) else { return Vec::new() };
    // What the left side would have to be, and the right.
    let (left_wanted, right_wanted) = match op {
        CompareOp::Eq | CompareOp::Le | CompareOp::Ge => (Some(right_value), Some(left_value)),
        CompareOp::Ne | CompareOp::Gt => (right_value.checked_add(1), left_value.checked_sub(1)),
        CompareOp::Lt => (right_value.checked_sub(1), left_value.checked_add(1)),
    };
    let mut found = Vec::new();
    for (side, wanted) in [(left, left_wanted), (right, right_wanted)] {
        let (Term::Variable(var), Some(wanted)) = (side, wanted) else { continue };
        for (literal, holds) in &attempt.literals {
            let Literal::Atom(atom) = literal else { continue };
            let row: Option<Vec<Word>> = atom.args.iter().map(|arg| setting.word(arg, binding)).collect();
            let Some(fact) = row.filter(|_| *holds).map(|row| Fact { relation: atom.relation, row }) else { continue };
            if !setting.ground.is_stored(&fact) {
                continue;
            }
            let from = setting.ground.values(&fact);
            for (column, arg) in atom.args.iter().enumerate() {
                if *arg == Term::Variable(*var) {
                    let mut to = from.clone();
                    to[column] = Value::Number(wanted);
                    found.push(vec![Change::Move { relation: atom.relation, from: from.clone(), to }]);
                }
            }
        }
    }
    found
}

impl Ground<'_> {
    /// The fact that a change is about, as it is now.
    fn changed_fact(&self, change: &Change) -> Fact {
        let (relation, row) = match change {
            Change::Add { relation, row } | Change::Remove { relation, row } => (relation, row),
            Change::Move { relation, from, .. } => (relation, from),
        };
        Fact { relation: *relation, row: row.iter().map(|value| Word::encode(value, self.symbols)).collect() }
    }

    /// An attempt with values for the variables of missing rows that nothing bound: values that other rows have in their
    /// place, the least of them.
    fn filled_in<'a>(&self, setting: Setting<'_, 'a>, attempt: &Attempt<'a>) -> Vec<Attempt<'a>> {
        const EACH: usize = 64;
        const MOST: usize = 64;
        const KEPT: usize = 6;
        let mut filled = vec![attempt.clone()];
        let failing = attempt.literals.iter().filter(|(_, holds)| !holds);
        let atoms = failing.filter_map(|(literal, _)| match literal {
            Literal::Atom(atom) => Some(atom),
            Literal::Absent(_) | Literal::Compare(_) | Literal::Test(_) | Literal::Aggregate(_) | Literal::Or(_) => {
                None
            }
        });
        for (column, arg, relation) in
            atoms.flat_map(|atom| atom.args.iter().enumerate().map(|(column, arg)| (column, arg, atom.relation)))
        {
            let Term::Variable(var) = arg else { continue };
            if filled[0].binding[var.index()].is_some() {
                continue;
            }
            let is_named = setting.rule.variables[*var].name != "_";
            let mut values = self.values_in(relation, column);
            if values.is_empty() {
                values = self.constants(setting.rule.variables[*var].ty);
            }
            let values = values.into_iter().take(if is_named { EACH } else { 1 });
            let words: Vec<Word> = values.map(|value| Word::encode(&value, self.symbols)).collect();
            if words.is_empty() {
                continue;
            }
            let with = |attempt: &Attempt<'a>| {
                let bound = words.iter().map(|word| {
                    let mut attempt = attempt.clone();
                    attempt.binding[var.index()] = Some(*word);
                    attempt
                });
                bound.collect::<Vec<_>>()
            };
            filled = filled.iter().flat_map(with).take(MOST).collect();
        }
        // What was not reached before may hold now.
        for Attempt { binding, literals, .. } in &mut filled {
            for (literal, holds) in literals {
                *holds |= !matches!(literal, Literal::Atom(_)) && setting.holds(literal, binding);
            }
        }
        filled.sort_by_key(Attempt::failing);
        filled.truncate(KEPT);
        filled
    }

    /// A row that agrees with what is known; what is not known is the least that other rows have in its place.
    fn row_like(&self, relation: RelationId, pattern: &[Option<Word>]) -> Option<Vec<Value>> {
        let columns = self.program.relations[relation].columns.iter();
        let values = columns.zip(pattern).enumerate().map(|(at, (column, known))| match known {
            Some(word) => Some(word.decode(column.ty, &self.symbols.read())),
            None => {
                let mut values = self.values_in(relation, at).into_iter().chain(self.constants(column.ty));
                values.next()
            }
        });
        values.collect()
    }

    /// The values of a type that stand in rules.
    fn constants(&self, ty: Type) -> BTreeSet<Value> {
        let mut found = BTreeSet::new();
        for rule in &self.program.rules {
            collect(&rule.args, &mut found);
            constants_of(&rule.body, &mut found);
        }
        found.retain(|value| value.ty() == ty);
        found
    }

    /// The values in a column, of the rows that are looked at.
    fn values_in(&self, relation: RelationId, column: usize) -> BTreeSet<Value> {
        const LOOKED_AT: usize = 10_000;
        let columns = &self.program.relations[relation].columns;
        let (mut words, mut looked_at) = (BTreeSet::new(), 0);
        let _ = self.each(relation, &vec![None; columns.len()], &mut |row| {
            words.insert(row[column]);
            looked_at += 1;
            if looked_at < LOOKED_AT { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        });
        let table = self.symbols.read();
        words.into_iter().map(|word| word.decode(columns[column].ty, &table)).collect()
    }
}

/// Adds the constants of a body.
fn constants_of(body: &[Literal], into: &mut BTreeSet<Value>) {
    for literal in body {
        match literal {
            Literal::Atom(atom) | Literal::Absent(atom) => collect(&atom.args, into),
            Literal::Compare(comparison) => collect([&comparison.left, &comparison.right], into),
            Literal::Test(test) => collect(&test.args, into),
            Literal::Aggregate(aggregate) => constants_of(&aggregate.body, into),
            Literal::Or(branches) => branches.iter().for_each(|branch| constants_of(branch, into)),
        }
    }
}

fn collect<'t>(terms: impl IntoIterator<Item = &'t Term>, into: &mut BTreeSet<Value>) {
    for term in terms {
        match term {
            Term::Constant(value) => {
                into.insert(value.clone());
            }
            Term::Call { args, .. } => collect(args, into),
            Term::Variable(_) | Term::Wildcard => {}
        }
    }
}
