//! Sets of changes that may make a row hold, from what its rules lack.
//!
//! Under the bindings that fail the fewest literals, a missing row is stored, or derived in its turn; a row that should
//! not be there loses a stored fact that it rests on; a comparison that fails has the stored number on one of its sides
//! moved, or what it counts given one more row.

use super::change::{Change, Repair};
use super::moves::moves;
use crate::check::{Literal, RelationId};
use crate::data::Word;
use crate::explain::ground::Ground;
use crate::explain::search::nearest::{Attempt, nearest};
use crate::explain::search::terms::Setting;
use std::collections::BTreeSet;

/// Changes in one repair at most.
pub(super) const MOST_CHANGES: usize = 3;

/// Sets that are proposed for one row.
const MOST_PROPOSED: usize = 200;

/// Bindings of one rule that are looked at.
pub(super) const MOST_ATTEMPTS: usize = 12;

/// Rows that are followed down, one below the other.
const DEEPEST: usize = 6;

pub(super) struct Proposing<'g, 'a> {
    pub(super) ground: &'g Ground<'a>,
    /// The rows that are being proposed for, each for the one before it.
    pub(super) above: Vec<(RelationId, Vec<Option<Word>>)>,
    /// Steps that may still be spent on looking for ways.
    pub(super) patience: usize,
    /// Whether a search in between was broken off.
    pub(super) is_cut: bool,
}

impl<'a> Proposing<'_, 'a> {
    /// Sets of changes that may make a row hold.
    pub(super) fn holding(&mut self, relation: RelationId, pattern: Vec<Option<Word>>) -> Vec<Repair> {
        let key = (relation, pattern);
        let is_out_of_patience = self.patience == 0 || self.ground.go_on().is_break();
        if self.above.len() == DEEPEST || self.above.contains(&key) || is_out_of_patience {
            return Vec::new();
        }
        let mut proposed = Vec::new();
        let described = &self.ground.program.relations[relation];
        let stored_in = self.ground.stored_in(relation);
        if self.ground.program.relations[stored_in].stored || described.rules.is_empty() {
            let row = self.ground.row_like(relation, &key.1);
            proposed.extend(row.map(|row| vec![Change::Add { relation: stored_in, row }]));
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
    pub(super) fn satisfying(&mut self, setting: Setting<'_, 'a>, attempt: &Attempt<'a>) -> Vec<Repair> {
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
pub(super) fn limit(sets: &mut Vec<Repair>) {
    sets.sort_by(|a, b| (a.len(), a).cmp(&(b.len(), b)));
    sets.dedup();
    sets.truncate(MOST_PROPOSED);
}
