//! Terms and literals under a binding, once more.

use super::verdict::{Verdict, ensure};
use crate::check::{CompareOp, Literal, Term, Test, VarId};
use crate::data::Value;
use crate::explain::proof::Side;
use std::collections::BTreeMap;

/// What the variables of a rule stand for, as far as they are bound.
pub(super) type Binding = BTreeMap<VarId, Value>;

pub(super) fn calls(args: &[Term]) -> impl Iterator<Item = &Term> {
    args.iter().filter(|arg| arg.is_call())
}

/// Whether a term and its value are shown as they are.
pub(super) fn side(term: &Term, shown: &Side, binding: &Binding) -> Verdict<()> {
    ensure(filled(term, binding).as_ref() == Some(&shown.term), "other operands than the rule's")?;
    ensure(value(term, binding).as_ref() == Some(&shown.value), "the term has another value")
}

/// A term with values for its variables.
pub(super) fn filled(term: &Term, binding: &Binding) -> Option<Term> {
    Some(match term {
        Term::Variable(var) => Term::Constant(binding.get(var)?.clone()),
        Term::Constant(_) | Term::Wildcard => term.clone(),
        Term::Call { function, args, span } => {
            let args = args.iter().map(|arg| filled(arg, binding)).collect::<Option<Vec<Term>>>()?;
            Term::Call { function: function.clone(), args, span: *span }
        }
    })
}

pub(super) fn value(term: &Term, binding: &Binding) -> Option<Value> {
    match term {
        Term::Variable(var) => binding.get(var).cloned(),
        Term::Constant(value) => Some(value.clone()),
        Term::Call { function, args, .. } => {
            let args = args.iter().map(|arg| value(arg, binding)).collect::<Option<Vec<Value>>>()?;
            function.value(&args).ok().flatten()
        }
        Term::Wildcard => None,
    }
}

pub(super) fn is_bound(term: &Term, binding: &Binding) -> bool {
    match term {
        Term::Variable(var) => binding.contains_key(var),
        Term::Constant(_) | Term::Wildcard => true,
        Term::Call { args, .. } => args.iter().all(|arg| is_bound(arg, binding)),
    }
}

/// The variable that has one of several values, and none yet.
pub(super) fn given_by(test: &Test, binding: &Binding) -> Option<VarId> {
    test.binds().filter(|var| !binding.contains_key(var))
}

pub(super) fn is_ready(literal: &Literal, binding: &Binding) -> bool {
    let bound = |term: &Term| is_bound(term, binding);
    match literal {
        // What an argument computes may have to wait for another literal; then the atom is taken twice.
        Literal::Atom(atom) => {
            let opens = |arg: &Term| matches!(arg, Term::Variable(_)) && !bound(arg);
            atom.args.iter().any(opens) || calls(&atom.args).all(bound)
        }
        Literal::Or(_) => true,
        Literal::Absent(atom) => atom.args.iter().all(bound),
        Literal::Test(test) => test.args.iter().skip(usize::from(test.binds().is_some())).all(bound),
        Literal::Compare(comparison) => {
            let lone = |term: &Term| matches!(term, Term::Variable(_)) && comparison.op == CompareOp::Eq;
            let (left, right) = (&comparison.left, &comparison.right);
            bound(left) && bound(right) || lone(left) && bound(right) || lone(right) && bound(left)
        }
        Literal::Aggregate(aggregate) => aggregate.outer.iter().all(|var| binding.contains_key(var)),
    }
}
