//! What the aggregates of a question ask for. `N = count : { reach(a, X) }?` needs of `reach` only what `a` leads to.
//!
//! In: a rule of a question. Out: the body of an aggregate side by side with the body around it, as one body, since
//! what either binds is given to what the aggregate asks for.

use crate::check::{Literal, RelationId, Rule, relations_of, relations_tested};
use std::collections::BTreeSet;

/// Adds the relations that a question needs whole: those that it does not ask for in an atom, nor in an absent atom,
/// nor in an atom of an aggregate.
pub(super) fn tested_by_question(body: &[Literal], into: &mut BTreeSet<RelationId>) {
    for literal in body {
        match literal {
            Literal::Aggregate(aggregate) => {
                let is_atom = |literal: &&Literal| matches!(literal, Literal::Atom(_));
                let others = aggregate.body.iter().filter(|literal| !is_atom(literal));
                others.for_each(|literal| relations_of(std::slice::from_ref(literal), into));
            }
            Literal::Or(branches) => branches.iter().for_each(|branch| relations_tested(branch, into)),
            Literal::Atom(_) | Literal::Absent(_) | Literal::Compare(_) | Literal::Test(_) => {}
        }
    }
}

/// The rule with the body of its aggregate at `at` behind its own; nothing if it has none there.
pub(super) fn spread(rule: &Rule, at: usize) -> Option<Rule> {
    let Literal::Aggregate(aggregate) = &rule.body[at] else { return None };
    Some(Rule { body: [&rule.body[..], &aggregate.body].concat(), ..rule.clone() })
}

/// Puts a body into the aggregate at `at`.
pub(super) fn put_back(rule: &mut Rule, at: usize, body: &[Literal]) {
    if let Literal::Aggregate(aggregate) = &mut rule.body[at] {
        aggregate.body = body.to_vec();
    }
}
