//! The order in which the literals of a body are evaluated.
//!
//! In: literals and what is bound before them. Out: the same literals, each where its inputs are bound, cheapest
//! first: what only filters or computes comes as soon as it can, then the atom that is expected to multiply the
//! bindings least (the greedy order of Selinger et al. 1979, without its search). Literals whose inputs are never
//! bound are left over; a checked rule leaves none.

use super::fields::{self, Field};
use super::variables::{self, Variables};
use super::{Goal, Stats};
use crate::check::{Atom, Literal};
use crate::data::Part;

/// A body in evaluation order.
#[derive(Debug)]
pub(super) struct Ordered<'p> {
    /// The literals that can be evaluated, in order.
    pub goals: Vec<Goal<'p>>,
    /// What is bound at the end.
    pub bound: Variables,
    /// Those whose inputs nothing binds.
    pub left_over: Vec<Goal<'p>>,
    /// How many bindings to expect for one at the start.
    pub expected: f64,
}

/// Orders a body. `outside` are the variables that the rest of the rule mentions.
pub(super) fn order<'p>(goals: Vec<Goal<'p>>, bound: &Variables, outside: &Variables, stats: &Stats) -> Ordered<'p> {
    let mut ordered = Ordered { goals: Vec::new(), bound: bound.clone(), left_over: Vec::new(), expected: 1.0 };
    let mut waiting: Vec<Waiting<'p>> = waiting(goals, outside);
    loop {
        let costs = waiting.iter().map(|goal| goal.cost(&ordered.bound, stats));
        let cheapest = costs.enumerate().filter_map(|(at, cost)| Some((at, cost?)));
        let Some((at, cost)) = cheapest.min_by(|(_, a), (_, b)| a.total_cmp(b)) else { break };
        let chosen = waiting.remove(at);
        ordered.expected *= if cost < 0.0 { 1.0 } else { cost };
        variables::bound_by(chosen.goal.literal, &mut ordered.bound);
        ordered.goals.push(chosen.goal);
    }
    ordered.left_over = waiting.iter().map(|waiting| waiting.goal).collect();
    ordered
}

/// A literal that has no place yet, the variables it shares with others, and what others say of the records in it.
struct Waiting<'p> {
    goal: Goal<'p>,
    outside: Variables,
    fields: Vec<Field<'p>>,
}

fn waiting<'p>(goals: Vec<Goal<'p>>, outside: &Variables) -> Vec<Waiting<'p>> {
    let literals: Vec<&Literal> = goals.iter().map(|goal| goal.literal).collect();
    let is_or = |literal: &Literal| matches!(literal, Literal::Or(_));
    goals
        .into_iter()
        .map(|goal| {
            // Only a disjunction asks what the literals beside it mention.
            let mut shared = if is_or(goal.literal) { outside.clone() } else { Variables::new() };
            if is_or(goal.literal) {
                let beside = literals.iter().filter(|other| !std::ptr::eq(**other, goal.literal));
                beside.for_each(|other| variables::of_literal(other, &mut shared));
            }
            let fields = if let Literal::Atom(_) = goal.literal { fields::all(&literals) } else { Vec::new() };
            Waiting { goal, outside: shared, fields }
        })
        .collect()
}

impl Waiting<'_> {
    /// How many bindings one binding is expected to become; negative for what should come at once, none where the
    /// inputs are not bound.
    fn cost(&self, bound: &Variables, stats: &Stats) -> Option<f64> {
        const AT_ONCE: f64 = -2.0;
        // Behind the tests that may spare it: arithmetic can have a fault, which is dear to weigh.
        const ARITHMETIC: f64 = -1.2;
        const AGGREGATE: f64 = -1.0;
        // How many values to choose from is seldom known before.
        const SEVERAL: f64 = 30.0;
        match self.goal.literal {
            Literal::Atom(atom) => Some(self.atom_cost(atom, bound, stats)),
            Literal::Absent(atom) => atom.args.iter().all(|arg| variables::is_bound(arg, bound)).then_some(AT_ONCE),
            Literal::Test(test) => match variables::given_by(test, bound) {
                Some(_) => Some(SEVERAL),
                None => test.args.iter().all(|arg| variables::is_bound(arg, bound)).then_some(AT_ONCE),
            },
            Literal::Compare(comparison) => {
                let both = [&comparison.left, &comparison.right].iter().all(|side| variables::is_bound(side, bound));
                let calls = [&comparison.left, &comparison.right].iter().any(|side| side.is_call());
                let cost = if calls { ARITHMETIC } else { AT_ONCE };
                (both || variables::bound_by_equation(comparison, bound).is_some()).then_some(cost)
            }
            Literal::Aggregate(aggregate) => aggregate.outer.iter().all(|var| bound.contains(var)).then_some(AGGREGATE),
            Literal::Or(branches) => self.or_cost(branches, bound, stats),
        }
    }

    /// A disjunction is ready when whatever it shares with the rest of the rule is bound, or every branch binds it.
    fn or_cost(&self, branches: &[Vec<Literal>], bound: &Variables, stats: &Stats) -> Option<f64> {
        let mut mentioned = Variables::new();
        variables::of_literal(self.goal.literal, &mut mentioned);
        let by_every = variables::bound_by_every(branches);
        let open = |var| self.outside.contains(var) && !bound.contains(var) && !by_every.contains(var);
        if mentioned.iter().any(open) {
            return None;
        }
        branches.iter().try_fold(0.0, |sum, branch| {
            let ordered = order(Goal::all(branch), bound, &self.outside, stats);
            ordered.left_over.is_empty().then_some(sum + ordered.expected)
        })
    }

    /// An atom is cheaper by the fields that are known of what it binds.
    fn atom_cost(&self, atom: &Atom, bound: &Variables, stats: &Stats) -> f64 {
        const FULLY_BOUND: f64 = -1.5;
        if self.goal.part == Part::Recent {
            return -3.0;
        }
        let free: Variables = {
            let mut all = Variables::new();
            atom.args.iter().for_each(|arg| variables::of_term(arg, &mut all));
            &all - bound
        };
        if free.is_empty() {
            return FULLY_BOUND;
        }
        let known = self.fields.iter().filter(|field| free.contains(&field.of) && field.is_known(bound)).count();
        stats.matches(atom.relation, atom.args.len() + known, free.len())
    }
}
