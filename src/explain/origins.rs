//! Where a fact may come from: the stored facts that some derivation of it, followed backwards, can reach.
//!
//! In: a fact that holds. Out: stored facts, in order of relation and value. Every way to derive it counts, and every way
//! to derive what that needs: rows of aggregates and what keeps absences absent too.

use super::ground::{Fact, Ground};
use super::search::links::Links;
use super::search::solve::Solution;
use super::search::terms::Setting;
use crate::check::{Literal, RelationId};
use crate::data::Word;
use crate::eval::Stopped;
use indexmap::IndexSet;
use std::collections::BTreeSet;
use std::ops::ControlFlow;

/// The stored facts that a fact may come from.
pub fn origins(ground: &Ground<'_>, fact: &Fact) -> Result<Vec<Fact>, Stopped> {
    let mut reached: IndexSet<Fact> = IndexSet::from([fact.clone()]);
    let (links, mut classes) = (Links::new(ground), BTreeSet::new());
    let mut at = 0;
    while let Some(fact) = reached.get_index(at).cloned() {
        at += 1;
        if ground.program.relations[fact.relation].is_equivalence {
            pairs_of_class(&links, &fact, &mut classes, &mut reached);
        }
        for rule in &ground.program.relations[fact.relation].rules {
            let setting = Setting { ground, rule: &ground.program.rules[*rule] };
            let flow = setting.derivations(&fact.row, &mut |solution| {
                setting.needs(&setting.rule.body, solution, &mut reached);
                ControlFlow::Continue(())
            });
            if flow.is_break() {
                break;
            }
        }
        if ground.go_on().is_break() {
            break;
        }
    }
    let mut stored: Vec<Fact> = reached.into_iter().filter(|fact| ground.is_stored(fact)).collect();
    stored.sort_by_cached_key(|fact| (fact.relation, ground.values(fact)));
    ground.end(stored)
}

/// Adds the pairs that were put into the class of a pair of an equivalence, unless that was met.
fn pairs_of_class(
    links: &Links<'_, '_>,
    pair: &Fact,
    classes: &mut BTreeSet<(RelationId, Word)>,
    into: &mut IndexSet<Fact>,
) {
    let mut open = pair.row.clone();
    while let Some(value) = open.pop() {
        if classes.insert((pair.relation, value)) {
            for link in links.at(pair.relation, value).iter() {
                into.insert(link.pair.clone());
                open.push(link.to);
            }
        }
    }
}

impl<'a> Setting<'_, 'a> {
    /// Adds everything that a solved body needs.
    fn needs(&self, body: &'a [Literal], solution: &Solution<'a>, into: &mut IndexSet<Fact>) {
        into.extend(self.premises(body, solution));
        for literal in solution.reached(body) {
            into.extend(self.keeps(literal, &solution.binding));
            if let Literal::Aggregate(aggregate) = literal {
                // Of a disjunction inside, every branch that holds.
                let group = self.group(aggregate, &solution.binding);
                let _ = self.solve(&aggregate.body, group, &mut |solution| {
                    self.needs(&aggregate.body, solution, into);
                    ControlFlow::Continue(())
                });
            }
        }
    }
}
