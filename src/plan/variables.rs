//! Which variables a term or a literal mentions, needs, and binds.

use crate::check::{CompareOp, Comparison, Literal, Term, Test, VarId};
use std::collections::BTreeSet;

/// A set of variables of one rule.
pub(super) type Variables = BTreeSet<VarId>;

/// Adds the variables of a term.
pub(super) fn of_term(term: &Term, into: &mut Variables) {
    match term {
        Term::Variable(var) => {
            into.insert(*var);
        }
        Term::Wildcard | Term::Constant(_) => {}
        Term::Call { args, .. } => args.iter().for_each(|arg| of_term(arg, into)),
    }
}

/// Adds the variables of a literal that the literals beside it can see: not those local to an aggregate.
pub(super) fn of_literal(literal: &Literal, into: &mut Variables) {
    match literal {
        Literal::Aggregate(aggregate) => {
            into.insert(aggregate.result);
            into.extend(&aggregate.outer);
        }
        Literal::Or(branches) => branches.iter().flatten().for_each(|literal| of_literal(literal, into)),
        Literal::Atom(_) | Literal::Absent(_) | Literal::Compare(_) | Literal::Test(_) => {
            literal.terms().into_iter().for_each(|term| of_term(term, into));
        }
    }
}

/// Whether every variable of a term is bound.
pub(super) fn is_bound(term: &Term, bound: &Variables) -> bool {
    match term {
        Term::Variable(var) => bound.contains(var),
        Term::Wildcard | Term::Constant(_) => true,
        Term::Call { args, .. } => args.iter().all(|arg| is_bound(arg, bound)),
    }
}

/// The variable that an equation binds, and the term it is bound to.
pub(super) fn bound_by_equation<'p>(comparison: &'p Comparison, bound: &Variables) -> Option<(VarId, &'p Term)> {
    if comparison.op != CompareOp::Eq {
        return None;
    }
    let sides = [(&comparison.left, &comparison.right), (&comparison.right, &comparison.left)];
    sides.into_iter().find_map(|(side, other)| match side {
        Term::Variable(var) if !bound.contains(var) && is_bound(other, bound) => Some((*var, other)),
        Term::Variable(_) | Term::Wildcard | Term::Constant(_) | Term::Call { .. } => None,
    })
}

/// The variable that a test gives values to, where it has none yet.
pub(super) fn given_by(test: &Test, bound: &Variables) -> Option<VarId> {
    test.binds().filter(|var| !bound.contains(var) && test.args[1..].iter().all(|arg| is_bound(arg, bound)))
}

/// Adds the variables that a literal binds once it has been evaluated.
pub(super) fn bound_by(literal: &Literal, into: &mut Variables) {
    match literal {
        Literal::Atom(_) | Literal::Compare(_) => of_literal(literal, into),
        Literal::Aggregate(aggregate) => {
            into.insert(aggregate.result);
        }
        Literal::Test(test) => into.extend(test.binds()),
        Literal::Absent(_) => {}
        Literal::Or(branches) => into.extend(bound_by_every(branches)),
    }
}

/// The variables that every branch binds.
pub(super) fn bound_by_every(branches: &[Vec<Literal>]) -> Variables {
    let of_branch = |branch: &Vec<Literal>| {
        let mut bound = Variables::new();
        branch.iter().for_each(|literal| bound_by(literal, &mut bound));
        bound
    };
    branches.iter().map(of_branch).reduce(|a, b| &a & &b).unwrap_or_default()
}
