//! Counts of what comes before: `count : { p(Y), Y < X }` is the place of `X` among the `Y`s.
//!
//! In: a count. Out: where its body compares what is counted with what is asked for, the body without that comparison;
//! what it finds is sorted once and then searched for every `X`. The comparison may also be one value after the other:
//! `(A < X ; A = X, B < Y)`.

use super::lower::{Lowering, Scope, of_expr};
use super::order::order;
use super::variables::{self, Variables};
use super::{Expr, Goal, Pipeline, Rank, RankKey, Use};
use crate::check::{Aggregate, AggregateOp, CompareOp, Comparison, Literal, Term, VarId};
use crate::data::Type;

impl Lowering<'_> {
    /// The count by rank, if there is such a comparison and the choice is left to do so.
    pub(super) fn rank<'p>(&mut self, aggregate: &'p Aggregate, group_number: VarId) -> Option<Rank<'p>> {
        const WORTH: usize = 4;
        let worth = match self.choices.ranks {
            Use::Never => return None,
            Use::Always => 1,
            Use::WhereWorth => WORTH,
        };
        if aggregate.op != AggregateOp::Count {
            return None;
        }
        let at = (0..aggregate.body.len()).find(|at| self.is_rank(aggregate, *at))?;
        let Ordering { op, pairs } = ordering(&aggregate.body[at], aggregate)?;
        let rest = without(&aggregate.body, at);
        let base = base(aggregate, &rest, &pairs);

        let mut output = vec![Expr::Variable(group_number)];
        match &aggregate.target {
            Some(target) => output.push(self.expr(target)),
            None => {
                let mut tags = Variables::new();
                rest.iter().for_each(|literal| self.tags_in(std::slice::from_ref(literal), &mut tags));
                output.extend(aggregate.local.iter().copied().chain(tags).map(Expr::Variable));
            }
        }
        output.extend(pairs.iter().map(|pair| self.expr(pair.counted)));
        let mut wanted = Variables::new();
        output.iter().for_each(|expr| of_expr(expr, &mut wanted));
        let mut bound = base.clone();
        bound.insert(group_number);
        let scope = Scope { literals: Vec::new(), outside: outside(aggregate, &pairs) };
        let (steps, _) = self.body(Goal::each(&rest), &bound, &wanted, &scope);
        Some(Rank {
            op,
            keys: pairs.iter().map(|pair| RankKey { ty: pair.ty, asked: self.expr(pair.asked) }).collect(),
            base: base.into_iter().collect(),
            body: Pipeline { steps, output, types: self.types.clone() },
            worth,
        })
    }

    /// Whether several groups can share what is counted once this literal is left out.
    fn is_rank(&self, aggregate: &Aggregate, at: usize) -> bool {
        let Some(Ordering { pairs, .. }) = ordering(&aggregate.body[at], aggregate) else { return false };
        let rest = without(&aggregate.body, at);
        let base = base(aggregate, &rest, &pairs);
        let ordered = order(Goal::each(&rest), &base, &outside(aggregate, &pairs), self.stats);
        let bound_alone = pairs.iter().all(|pair| variables::is_bound(pair.counted, &ordered.bound));
        base.len() < aggregate.outer.len() && ordered.left_over.is_empty() && bound_alone
    }
}

fn without(body: &[Literal], at: usize) -> Vec<&Literal> {
    body.iter().enumerate().filter(|(other, _)| *other != at).map(|(_, literal)| literal).collect()
}

/// The variables of the group that what is counted depends on.
fn base(aggregate: &Aggregate, rest: &[&Literal], pairs: &[Pair<'_>]) -> Variables {
    let mut mentioned = Variables::new();
    rest.iter().for_each(|literal| variables::of_literal(literal, &mut mentioned));
    aggregate.target.iter().for_each(|target| variables::of_term(target, &mut mentioned));
    pairs.iter().for_each(|pair| variables::of_term(pair.counted, &mut mentioned));
    aggregate.outer.iter().copied().filter(|var| mentioned.contains(var)).collect()
}

/// What is mentioned besides the body that is left.
fn outside(aggregate: &Aggregate, pairs: &[Pair<'_>]) -> Variables {
    let mut outside: Variables = aggregate.outer.iter().copied().collect();
    aggregate.target.iter().for_each(|target| variables::of_term(target, &mut outside));
    pairs.iter().for_each(|pair| variables::of_term(pair.counted, &mut outside));
    outside
}

/// What is counted, by a comparison of order with what is asked for.
struct Ordering<'p> {
    op: CompareOp,
    /// One after the other: those behind count where all before are equal.
    pairs: Vec<Pair<'p>>,
}

#[derive(Clone, Copy, PartialEq)]
struct Pair<'p> {
    counted: &'p Term,
    asked: &'p Term,
    ty: Type,
}

/// `Y < X`, or `(A < X ; A = X, B < Y)`.
fn ordering<'p>(literal: &'p Literal, aggregate: &Aggregate) -> Option<Ordering<'p>> {
    match literal {
        Literal::Compare(comparison) => {
            let (op, pair) = turned(comparison, aggregate)?;
            op.is_order().then(|| Ordering { op, pairs: vec![pair] })
        }
        Literal::Or(branches) => one_after_the_other(branches, aggregate),
        Literal::Atom(_) | Literal::Absent(_) | Literal::Test(_) | Literal::Aggregate(_) => None,
    }
}

fn one_after_the_other<'p>(branches: &'p [Vec<Literal>], aggregate: &Aggregate) -> Option<Ordering<'p>> {
    let mut pairs: Vec<Pair<'p>> = Vec::new();
    let mut ops = Vec::new();
    for branch in branches {
        let compared = branch.iter().map(|literal| match literal {
            Literal::Compare(comparison) => turned(comparison, aggregate),
            Literal::Atom(_) | Literal::Absent(_) | Literal::Test(_) | Literal::Aggregate(_) | Literal::Or(_) => None,
        });
        let compared = compared.collect::<Option<Vec<(CompareOp, Pair<'p>)>>>()?;
        let ((op, last), equal) = compared.split_last()?;
        let same = |((op, pair), before): (&(CompareOp, Pair<'p>), &Pair<'p>)| *op == CompareOp::Eq && pair == before;
        if equal.len() != pairs.len() || !equal.iter().zip(&pairs).all(same) {
            return None;
        }
        pairs.push(*last);
        ops.push(*op);
    }
    let (last, before) = ops.split_last()?;
    (last.is_order() && before.iter().all(|op| *op == last.strict())).then_some(Ordering { op: *last, pairs })
}

/// A comparison with what is counted on the left.
fn turned<'p>(comparison: &'p Comparison, aggregate: &Aggregate) -> Option<(CompareOp, Pair<'p>)> {
    let Comparison { op, left, right, ty, .. } = comparison;
    let is_local = |term: &Term| aggregate.local.iter().any(|var| term.mentions(*var));
    match (is_local(left), is_local(right)) {
        (true, false) => Some((*op, Pair { counted: left, asked: right, ty: *ty })),
        (false, true) => Some((op.turned(), Pair { counted: right, asked: left, ty: *ty })),
        (true, true) | (false, false) => None,
    }
}
