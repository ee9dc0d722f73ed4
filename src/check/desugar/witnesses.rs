//! Variables that Soufflé's aggregates share with what stands around them, in a way that Entail's do not.
//!
//! In: a rule of Soufflé's. Out: the same rule as Entail would have it written. Two things are settled:
//!
//! - What an aggregate ranges over is its own, whoever else has a variable of that name: `n = max n : { p(n) }` becomes
//!   `n = max _n'1 : { p(_n'1) }`.
//! - A *witness* is a variable of an aggregate that has no value around it, and yet is used there: it takes the values
//!   with which the aggregate's result is reached. `t(s, n) :- n = max h : { p(s, h) }` becomes
//!   `t(s, n) :- n = m, m = max h' : { p(s', h') }, p(s, h''), m = h''`, in names that nobody can write.

use super::variables::{Names, NewNames, bound_by, names_of_body, names_of_term, rename_aggregate};
use crate::report::Span;
use crate::syntax::{Aggregate, Body, CompareOp, Literal, Rule, Term, TermKind};
use std::borrow::Cow;

/// The rule with its aggregates settled.
pub(in crate::check) fn settle(rule: &Rule) -> Cow<'_, Rule> {
    let mut terms = rule.head.args.iter().chain(rule.body.iter().flat_map(Literal::terms));
    if !terms.any(Term::holds_aggregate) {
        return Cow::Borrowed(rule);
    }
    let mut rule = rule.clone();
    let mut around = Names::default();
    rule.head.args.iter().for_each(|term| names_of_term(term, &mut around));
    names_of_body(&rule.body, &mut around);
    let bound = bound_by(&rule.body, None);
    let unbound: Names = around.difference(&bound).cloned().collect();
    let mut settling = Settling { bound, unbound, within: 0, fresh: 0, grounds: Vec::new(), whole: rule.body.clone() };
    rule.head.args.iter_mut().for_each(|term| settling.term(term, &around));
    settling.body(&mut rule.body, &around);
    rule.body.append(&mut settling.grounds);
    Cow::Owned(rule)
}

struct Settling {
    /// Variables of the rule that have values outside of aggregates, or by their results.
    bound: Names,
    /// Variables of the rule that no condition outside of aggregates gives a value.
    unbound: Names,
    /// How many aggregates are around the place that is being settled.
    within: usize,
    /// How many names were made.
    fresh: usize,
    /// Conditions that give witnesses their values.
    grounds: Body,
    /// The body as it was written.
    whole: Body,
}

impl Settling {
    fn body(&mut self, body: &mut Body, around: &Names) {
        body.iter_mut().flat_map(Literal::terms_mut).for_each(|term| self.term(term, around));
    }

    fn term(&mut self, term: &mut Term, around: &Names) {
        if let TermKind::Aggregate(aggregate) = &mut term.kind {
            let value = self.aggregate(aggregate, around, term.span);
            if let Some(value) = value {
                term.kind = value;
            }
            return;
        }
        term.parts_mut().for_each(|part| self.term(part, around));
    }

    /// Settles one aggregate; returns the variable that stands in its place, if it has witnesses.
    fn aggregate(&mut self, aggregate: &mut Aggregate, around: &Names, span: Span) -> Option<TermKind> {
        let mut targets = Names::default();
        aggregate.target.iter().for_each(|term| names_of_term(term, &mut targets));
        let inner = bound_by(&aggregate.body, None);
        let mut witnesses: Vec<String> = self.unbound.intersection(&inner).cloned().collect();
        witnesses.retain(|name| around.contains(name) && !in_inner_aggregates(&aggregate.body, name));
        witnesses.sort();
        let written = aggregate.clone();
        // A name that only the aggregate's own result is compared with is no value that the aggregate could use.
        let given = bound_by(&self.whole, Some(&written));
        let mut mentioned = targets.clone();
        names_of_body(&aggregate.body, &mut mentioned);
        let own = |name: &String| {
            targets.contains(name) || (self.bound.contains(name) && !given.contains(name) && inner.contains(name))
        };
        let shadows: Vec<String> =
            mentioned.iter().filter(|name| around.contains(*name) && own(name)).cloned().collect();
        let mut renamed = NewNames::default();
        for name in witnesses.iter().cloned().chain(shadows) {
            let new = self.fresh(&name);
            renamed.entry(name).or_insert(new);
        }
        rename_aggregate(aggregate, &renamed);
        let mut within = around.clone();
        names_of_body(&aggregate.body, &mut within);
        aggregate.target.iter().for_each(|term| names_of_term(term, &mut within));
        self.within += 1;
        self.body(&mut aggregate.body, &within);
        self.within -= 1;
        if witnesses.is_empty() {
            return None;
        }
        written.target.as_ref()?;
        let value = TermKind::Variable(self.fresh(aggregate.op.name()));
        let equal =
            |left: TermKind, right: Term| Literal::compare(CompareOp::Eq, Term { kind: left, span }, right, span);
        let aggregated = Term { kind: TermKind::Aggregate(Box::new(aggregate.clone())), span };
        let is_local = |name: &String| !witnesses.contains(name) && (targets.contains(name) || !around.contains(name));
        let reached = self.reached(written, is_local, &witnesses, within);
        self.grounds.push(equal(value.clone(), aggregated));
        self.grounds.extend(reached.body);
        self.grounds.extend(reached.target.map(|target| equal(value.clone(), target)));
        // Within another aggregate it stays, and only tells those outside what it is.
        (self.within == 0).then_some(value)
    }

    /// The rows with which the result of an aggregate is reached: what it ranges over once more, where its witnesses are
    /// those of the rule and its local variables have other names.
    fn reached(
        &mut self,
        written: Aggregate,
        is_local: impl Fn(&String) -> bool,
        witnesses: &[String],
        mut within: Names,
    ) -> Aggregate {
        let mut reached = written;
        let mut names = Names::default();
        names_of_body(&reached.body, &mut names);
        reached.target.iter().for_each(|term| names_of_term(term, &mut names));
        let mut locals: Vec<String> = names.into_iter().filter(is_local).collect();
        locals.sort();
        let others = locals.into_iter().map(|name| (self.fresh(&name), name)).map(|(new, name)| (name, new)).collect();
        rename_aggregate(&mut reached, &others);
        names_of_body(&reached.body, &mut within);
        // Among these conditions the witnesses have their values; they are no witnesses of what it aggregates.
        self.unbound.retain(|name| !witnesses.contains(name));
        self.body(&mut reached.body, &within);
        self.unbound.extend(witnesses.iter().cloned());
        reached
    }

    /// A name that nobody can write.
    fn fresh(&mut self, name: &str) -> String {
        self.fresh += 1;
        format!("_{name}'{}", self.fresh)
    }
}

/// Whether a name stands in an aggregate within a body and not besides: then it is that one's witness.
fn in_inner_aggregates(body: &[Literal], name: &str) -> bool {
    let mut outside = Names::default();
    names_of_body(body, &mut outside);
    !outside.contains(name)
}
