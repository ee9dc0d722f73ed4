//! Can one aggregate be computed before the other? What Soufflé asks of two aggregates of one rule.
//!
//! In: a rule of Soufflé's. Out: a message for each two conditions with aggregates of which each names a variable that it
//! gives no value and the other does. Conditions on both sides of a `;` never meet. That a third condition may give the
//! variables their values does not count: Soufflé does not look for one.

use super::desugar::{Names, bound_by, mentioned_by_body};
use crate::report::{Code, Diagnostic};
use crate::syntax::{Aggregate, Literal, LiteralKind, Rule, Term, TermKind};

/// Looks at the aggregates of a rule.
pub(super) fn check(rule: &Rule) -> Vec<Diagnostic> {
    let mut said = Vec::new();
    meet(&rule.body, &mut Vec::new(), &mut said);
    said
}

/// A condition with an aggregate.
struct Condition<'a> {
    literal: &'a Literal,
    mentioned: Names,
    /// The variables that it gives values, within its aggregates too.
    bound: Names,
}

impl<'a> Condition<'a> {
    fn new(literal: &'a Literal) -> Option<Condition<'a>> {
        let aggregates = aggregates(literal);
        if aggregates.is_empty() {
            return None;
        }
        let alone = std::slice::from_ref(literal);
        let mut mentioned = Names::default();
        mentioned_by_body(alone, &mut mentioned);
        let mut bound = bound_by(alone, None);
        bound.extend(aggregates.iter().flat_map(|aggregate| bound_by(&aggregate.body, None)));
        Some(Condition { literal, mentioned, bound })
    }

    /// A variable that the other condition has to give a value.
    fn needs(&self, other: &Condition<'_>) -> Option<&str> {
        let needed = self.mentioned.iter().find(|name| !self.bound.contains(*name) && other.bound.contains(*name));
        needed.map(String::as_str)
    }
}

/// Has each condition of a body meet those that hold at once with it.
fn meet<'a>(body: &'a [Literal], around: &mut Vec<Condition<'a>>, said: &mut Vec<Diagnostic>) {
    let outside = around.len();
    for literal in body {
        if let LiteralKind::Or(_) = literal.kind {
            continue;
        }
        if let Some(condition) = Condition::new(literal) {
            said.extend(around.iter().filter_map(|other| interlocked(other, &condition)));
            around.push(condition);
        }
    }
    for literal in body {
        if let LiteralKind::Or(branches) = &literal.kind {
            branches.iter().for_each(|branch| meet(branch, around, said));
        }
    }
    around.truncate(outside);
}

fn interlocked(first: &Condition<'_>, second: &Condition<'_>) -> Option<Diagnostic> {
    let (ours, theirs) = (second.needs(first)?, first.needs(second)?);
    let message = format!("neither of two aggregates comes first: one needs `{theirs}`, and the other `{ours}`");
    Some(
        Diagnostic::new(Code::Interlocked, second.literal.span, message)
            .label(format!("gives `{theirs}` a value, and needs `{ours}`"))
            .also(first.literal.span, format!("gives `{ours}` a value, and needs `{theirs}`"))
            .help("derive one of them in a rule of its own"),
    )
}

/// The aggregates of a condition, without those within them.
fn aggregates(literal: &Literal) -> Vec<&Aggregate> {
    let mut found = Vec::new();
    literal.terms().into_iter().for_each(|term| collect(term, &mut found));
    found
}

fn collect<'a>(term: &'a Term, found: &mut Vec<&'a Aggregate>) {
    if let TermKind::Aggregate(aggregate) = &term.kind {
        found.push(aggregate);
    }
    term.parts().for_each(|part| collect(part, found));
}
