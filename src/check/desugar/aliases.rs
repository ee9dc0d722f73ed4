//! Other names for records that no relation has: `r = [x, y], r = [v, w]` says that `x = v` and `y = w`.
//!
//! In: a rule of Soufflé's. Out: the same rule with the record in the place of such a variable. Nothing else could tell
//! which type it is of.

use super::variables::{Names, mentioned_by_body, mentioned_by_term};
use crate::syntax::{CompareOp, Literal, LiteralKind, Rule, Term, TermKind};
use std::borrow::Cow;

/// The rule without variables that only equations mention, and one of them with a record.
pub(in crate::check) fn resolved(rule: Cow<'_, Rule>) -> Cow<'_, Rule> {
    let mut rule = rule;
    while let Some(alias) = alias(&rule) {
        let rule = rule.to_mut();
        rule.body.remove(alias.at);
        for literal in &mut rule.body {
            if let LiteralKind::Compare { left, right, .. } = &mut literal.kind {
                for side in [left, right].into_iter().filter(|side| is_variable(side, &alias.name)) {
                    side.kind = alias.record.clone();
                }
            }
        }
    }
    rule
}

/// A variable, and the equation that says which record it is.
struct Alias {
    at: usize,
    name: String,
    record: TermKind,
}

fn alias(rule: &Rule) -> Option<Alias> {
    rule.body.iter().enumerate().find_map(|(at, literal)| {
        let (left, right) = equation(literal)?;
        [(left, right), (right, left)].into_iter().find_map(|(alias, record)| {
            let TermKind::Variable(name) = &alias.kind else { return None };
            let mut within = Names::default();
            mentioned_by_term(record, &mut within);
            let is_alias = matches!(record.kind, TermKind::Record(_)) && !within.contains(name);
            let has_use = |(other, literal): (usize, &Literal)| {
                other != at
                    && equation(literal)
                        .is_some_and(|(left, right)| is_variable(left, name) || is_variable(right, name))
            };
            let is_used = rule.body.iter().enumerate().any(has_use);
            (is_alias && is_used && only_in_equations(rule, name)).then(|| Alias {
                at,
                name: name.clone(),
                record: record.kind.clone(),
            })
        })
    })
}

fn equation(literal: &Literal) -> Option<(&Term, &Term)> {
    match &literal.kind {
        LiteralKind::Compare { op: CompareOp::Eq, left, right } => Some((left, right)),
        LiteralKind::Compare { .. } | LiteralKind::Atom(_) | LiteralKind::Not(_) | LiteralKind::Or(_) => None,
    }
}

fn is_variable(term: &Term, name: &str) -> bool {
    matches!(&term.kind, TermKind::Variable(other) if other == name)
}

/// Whether a variable is nothing but a side of equations.
fn only_in_equations(rule: &Rule, name: &str) -> bool {
    let mut elsewhere = Names::default();
    rule.head.args.iter().for_each(|term| mentioned_by_term(term, &mut elsewhere));
    for literal in &rule.body {
        match equation(literal) {
            Some((left, right)) => {
                let sides = [left, right].into_iter().filter(|side| !is_variable(side, name));
                sides.for_each(|side| mentioned_by_term(side, &mut elsewhere));
            }
            None => mentioned_by_body(std::slice::from_ref(literal), &mut elsewhere),
        }
    }
    !elsewhere.contains(name)
}
