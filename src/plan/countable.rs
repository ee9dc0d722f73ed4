//! Can a relation be counted without being kept?
//!
//! In: a program whose rules are checked. Out: whether each binding of the variables of a relation's one rule is a row
//! of its own, which no other derivation gives once more. Then the bindings can be counted as they come.

use crate::check::{Literal, Program, RelationId, Rule, StratumId, Term, VarId, relations_of};
use std::collections::BTreeSet;

/// The stratum of a relation that nobody reads, if its rows can be counted without being kept. Where it has stored facts,
/// they can not.
pub fn countable(program: &Program, relation: RelationId) -> Option<StratumId> {
    let [rule] = &program.relations[relation].rules[..] else { return None };
    let rule = &program.rules[*rule];
    let stratum = program.relations[relation].stratum?;
    let is_alone = !program.strata[stratum].recursive && program.strata[stratum].relations.len() == 1;
    let described = &program.relations[relation];
    let is_as_derived = !described.is_equivalence && described.upkeep.is_none();
    (is_alone && is_as_derived && tells_bindings_apart(rule) && !is_read(program, relation)).then_some(stratum)
}

/// Whether different bindings give different rows.
fn tells_bindings_apart(rule: &Rule) -> bool {
    let shown: BTreeSet<VarId> = rule.args.iter().filter_map(variable).collect();
    let is_plain = |term: &Term| matches!(term, Term::Variable(_) | Term::Constant(_));
    let is_simple = |literal: &Literal| match literal {
        Literal::Atom(_) | Literal::Absent(_) | Literal::Compare(_) | Literal::Test(_) => true,
        Literal::Aggregate(_) | Literal::Or(_) => false,
    };
    rule.args.iter().all(is_plain)
        && rule.body.iter().all(is_simple)
        && rule.variables.ids().all(|variable| shown.contains(&variable))
}

fn variable(term: &Term) -> Option<VarId> {
    match term {
        Term::Variable(variable) => Some(*variable),
        Term::Wildcard | Term::Constant(_) | Term::Call { .. } => None,
    }
}

fn is_read(program: &Program, relation: RelationId) -> bool {
    let mut read = BTreeSet::new();
    program.rules.iter().for_each(|rule| relations_of(&rule.body, &mut read));
    read.contains(&relation)
}
