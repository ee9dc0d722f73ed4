//! A comparison that fails, mended by a count: an aggregate that its value comes from is given one more row.

use super::change::Repair;
use super::proposing::{MOST_ATTEMPTS, MOST_CHANGES, Proposing, limit};
use crate::check::{Aggregate, Comparison, Literal, Term};
use crate::data::Word;
use crate::explain::ground::Fact;
use crate::explain::search::nearest::{Attempt, once_more};
use crate::explain::search::terms::{Binding, Setting};
use std::ops::ControlFlow;

/// Steps below a fact within which aggregates are given more rows.
const NEAR: usize = 2;

impl<'a> Proposing<'_, 'a> {
    /// Sets of changes that may give a compared value another row to count: one in an aggregate of the rule, or of the
    /// rules near the top of a proof of the fact that the value was found in.
    pub(super) fn counting(
        &mut self,
        setting: Setting<'_, 'a>,
        comparison: &Comparison,
        attempt: &Attempt<'a>,
    ) -> Vec<Repair> {
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
    pub(super) fn counting_more(
        &mut self,
        setting: Setting<'_, 'a>,
        aggregate: &'a Aggregate,
        binding: &Binding,
    ) -> Vec<Repair> {
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
}
