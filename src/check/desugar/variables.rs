//! The variables of trees: which there are, which of them have values, and new names for them.
//!
//! What stands within an aggregate is left out where that is not said.

use crate::syntax::{Aggregate, Body, CompareOp, Literal, LiteralKind, Term, TermKind};
use indexmap::IndexSet;
use rustc_hash::{FxBuildHasher, FxHashMap};

/// Names in the order of first mention.
pub(in crate::check) type Names = IndexSet<String, FxBuildHasher>;

/// What to call variables instead.
pub(super) type NewNames = FxHashMap<String, String>;

/// The variables of a body, without those within aggregates.
pub(super) fn names_of_body(body: &[Literal], names: &mut Names) {
    body.iter().flat_map(Literal::terms).for_each(|term| names_of_term(term, names));
}

/// The variables of a term.
pub(super) fn names_of_term(term: &Term, names: &mut Names) {
    if let TermKind::Variable(name) = &term.kind {
        names.insert(name.clone());
    }
    term.parts().for_each(|part| names_of_term(part, names));
}

/// The variables that the conditions of a body give values. Aggregates have values, but for the one that is left out.
pub(in crate::check) fn bound_by(body: &[Literal], left_out: Option<&Aggregate>) -> Names {
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
            LiteralKind::Atom(_) => literal.terms().into_iter().for_each(|term| take_apart(term, bound)),
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

/// Renames variables in all of an aggregate, those within it included.
pub(super) fn rename_aggregate(aggregate: &mut Aggregate, names: &NewNames) {
    aggregate.target.iter_mut().for_each(|term| rename_term(term, names));
    rename_body(&mut aggregate.body, names);
}

/// Renames variables in all of a body, aggregates included.
pub(super) fn rename_body(body: &mut Body, names: &NewNames) {
    body.iter_mut().flat_map(Literal::terms_mut).for_each(|term| rename_term(term, names));
}

fn rename_term(term: &mut Term, names: &NewNames) {
    match &mut term.kind {
        TermKind::Variable(name) => {
            if let Some(new) = names.get(name) {
                name.clone_from(new);
            }
        }
        TermKind::Aggregate(aggregate) => rename_aggregate(aggregate, names),
        _ => term.parts_mut().for_each(|part| rename_term(part, names)),
    }
}

/// The variables of a body, and those within its aggregates.
pub(in crate::check) fn mentioned_by_body(body: &[Literal], names: &mut Names) {
    body.iter().flat_map(Literal::terms).for_each(|term| mentioned_by_term(term, names));
}

/// The variables of a term, and those within its aggregates.
pub(super) fn mentioned_by_term(term: &Term, names: &mut Names) {
    each_mention(term, &mut |name| _ = names.insert(name.to_owned()));
}

/// Calls `visit` with the variables of a term, each as often as it stands there; those within aggregates too.
pub(super) fn each_mention(term: &Term, visit: &mut dyn FnMut(&str)) {
    match &term.kind {
        TermKind::Variable(name) => visit(name),
        TermKind::Aggregate(aggregate) => {
            let within = aggregate.target.iter().chain(aggregate.body.iter().flat_map(Literal::terms));
            within.for_each(|term| each_mention(term, visit));
        }
        _ => term.parts().for_each(|part| each_mention(part, visit)),
    }
}
