//! The variables of trees: which there are, which of them have values, and new names for them.
//!
//! What stands within an aggregate is left out where that is not said.

use crate::syntax::{Aggregate, Body, CompareOp, Literal, LiteralKind, Term, TermKind};
use indexmap::IndexSet;
use rustc_hash::{FxBuildHasher, FxHashMap};

/// Names in the order of first mention.
pub(super) type Names = IndexSet<String, FxBuildHasher>;

/// What to call variables instead.
pub(super) type NewNames = FxHashMap<String, String>;

/// The variables of a body, without those within aggregates.
pub(super) fn names_of_body(body: &[Literal], names: &mut Names) {
    for literal in body {
        match &literal.kind {
            LiteralKind::Atom(atom) | LiteralKind::Not(atom) => {
                atom.args.iter().for_each(|term| names_of_term(term, names));
            }
            LiteralKind::Compare { left, right, .. } => {
                names_of_term(left, names);
                names_of_term(right, names);
            }
            LiteralKind::Or(branches) => branches.iter().for_each(|branch| names_of_body(branch, names)),
        }
    }
}

/// The variables of a term.
pub(super) fn names_of_term(term: &Term, names: &mut Names) {
    if let TermKind::Variable(name) = &term.kind {
        names.insert(name.clone());
    }
    term.parts().for_each(|part| names_of_term(part, names));
}

/// The variables that the conditions of a body give values. Aggregates have values, but for the one that is left out.
pub(super) fn bound_by(body: &[Literal], left_out: Option<&Aggregate>) -> Names {
    bound_with(body, left_out, Names::default())
}

/// The same, and the variables that have values from outside.
pub(super) fn bound_beside(body: &[Literal], around: &Names) -> Names {
    bound_with(body, None, around.clone())
}

fn bound_with(body: &[Literal], left_out: Option<&Aggregate>, mut bound: Names) -> Names {
    loop {
        let before = bound.len();
        bind(body, left_out, &mut bound);
        if bound.len() == before {
            return bound;
        }
    }
}

fn bind(body: &[Literal], left_out: Option<&Aggregate>, bound: &mut Names) {
    for literal in body {
        match &literal.kind {
            LiteralKind::Atom(atom) => atom.args.iter().for_each(|term| take_apart(term, bound)),
            LiteralKind::Not(_) => {}
            LiteralKind::Compare { op: CompareOp::Eq, left, right } => {
                for (one, other) in [(left, right), (right, left)] {
                    if has_value(one, left_out, bound) {
                        take_apart(other, bound);
                    }
                }
            }
            LiteralKind::Compare { .. } => {}
            LiteralKind::Or(branches) => {
                let every = branches.iter().map(|branch| {
                    let mut within = bound.clone();
                    bind(branch, left_out, &mut within);
                    within
                });
                if let Some(all) = every.reduce(|one, other| one.intersection(&other).cloned().collect()) {
                    bound.extend(all);
                }
            }
        }
    }
}

/// What a term that has a value gives values to.
fn take_apart(term: &Term, bound: &mut Names) {
    match &term.kind {
        TermKind::Variable(name) => {
            bound.insert(name.clone());
        }
        TermKind::Record(args) | TermKind::Branch { args, .. } => args.iter().for_each(|arg| take_apart(arg, bound)),
        TermKind::Cast { term, .. } => take_apart(term, bound),
        _ => {}
    }
}

/// Whether a term has a value where these variables have one.
pub(super) fn has_value(term: &Term, left_out: Option<&Aggregate>, bound: &Names) -> bool {
    match &term.kind {
        TermKind::Variable(name) => bound.contains(name),
        TermKind::Wildcard => false,
        TermKind::Aggregate(aggregate) => left_out != Some(&**aggregate),
        _ => term.parts().all(|part| has_value(part, left_out, bound)),
    }
}

/// The terms that a term is made of.
pub(super) fn parts_mut(term: &mut Term) -> Vec<&mut Term> {
    match &mut term.kind {
        TermKind::Variable(_)
        | TermKind::Wildcard
        | TermKind::Constant { .. }
        | TermKind::Nil
        | TermKind::Counter
        | TermKind::Aggregate(_) => Vec::new(),
        TermKind::Call { args, .. }
        | TermKind::Foreign { args, .. }
        | TermKind::Branch { args, .. }
        | TermKind::Record(args) => args.iter_mut().collect(),
        TermKind::Binary { left, right, .. } => vec![left, right],
        TermKind::Negative(inner) | TermKind::Cast { term: inner, .. } => vec![inner],
    }
}

/// Renames variables in all of an aggregate, those within it included.
pub(super) fn rename_aggregate(aggregate: &mut Aggregate, names: &NewNames) {
    aggregate.target.iter_mut().for_each(|term| rename_term(term, names));
    rename_body(&mut aggregate.body, names);
}

/// Renames variables in all of a body, aggregates included.
pub(super) fn rename_body(body: &mut Body, names: &NewNames) {
    for literal in body {
        match &mut literal.kind {
            LiteralKind::Atom(atom) | LiteralKind::Not(atom) => {
                atom.args.iter_mut().for_each(|term| rename_term(term, names));
            }
            LiteralKind::Compare { left, right, .. } => {
                rename_term(left, names);
                rename_term(right, names);
            }
            LiteralKind::Or(branches) => branches.iter_mut().for_each(|branch| rename_body(branch, names)),
        }
    }
}

fn rename_term(term: &mut Term, names: &NewNames) {
    match &mut term.kind {
        TermKind::Variable(name) => {
            if let Some(new) = names.get(name) {
                name.clone_from(new);
            }
        }
        TermKind::Aggregate(aggregate) => rename_aggregate(aggregate, names),
        _ => parts_mut(term).into_iter().for_each(|part| rename_term(part, names)),
    }
}

/// The variables of a body, and those within its aggregates.
pub(super) fn mentioned_by_body(body: &[Literal], names: &mut Names) {
    for literal in body {
        match &literal.kind {
            LiteralKind::Atom(atom) | LiteralKind::Not(atom) => {
                atom.args.iter().for_each(|term| mentioned_by_term(term, names));
            }
            LiteralKind::Compare { left, right, .. } => {
                mentioned_by_term(left, names);
                mentioned_by_term(right, names);
            }
            LiteralKind::Or(branches) => branches.iter().for_each(|branch| mentioned_by_body(branch, names)),
        }
    }
}

/// The variables of a term, and those within its aggregates.
pub(super) fn mentioned_by_term(term: &Term, names: &mut Names) {
    match &term.kind {
        TermKind::Variable(name) => {
            names.insert(name.clone());
        }
        TermKind::Aggregate(aggregate) => {
            aggregate.target.iter().for_each(|target| mentioned_by_term(target, names));
            mentioned_by_body(&aggregate.body, names);
        }
        _ => term.parts().for_each(|part| mentioned_by_term(part, names)),
    }
}
