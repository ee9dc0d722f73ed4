//! Has every variable a value wherever one is needed?
//!
//! In: a clause. Out: a message for each variable that lacks one. What binds: an argument of a positive atom that is
//! nothing but a variable; `=` with a lone variable, once the other side has a value or several; an aggregate its
//! result, once its group has values; `;` what each of its branches binds. The order in which conditions are written
//! does not matter. A variable that lacks a value only because another one does is not mentioned.

use super::draft::{Aggregate, Atom, Clause, Literal, Mention, Term};
use super::schema::Schema;
use super::unbound::{self, Misses, Need};
use super::{CompareOp, VarId};
use crate::report::Diagnostic;
use rustc_hash::{FxHashMap, FxHashSet};

/// Complains about every variable of a clause that has no value.
pub(super) fn check(clause: &Clause, schema: &Schema, diagnostics: &mut Vec<Diagnostic>) {
    let mut state = BodyState::default();
    state.settle(&clause.body, None);
    let bound = Bound { own: &state.bound, around: None };
    let mut search = Search::default();
    search.body(&clause.body, &state, bound);
    for term in &clause.args {
        search.needed(term, bound, Need::Head);
    }
    unbound::report(clause, schema, search.misses, diagnostics);
}

/// The variables with a value at a place: those of a body and of the bodies around it.
#[derive(Clone, Copy)]
pub(super) struct Bound<'a> {
    own: &'a FxHashSet<VarId>,
    around: Option<&'a Bound<'a>>,
}

impl<'a> Bound<'a> {
    /// What a body and those around it bind.
    pub(super) fn of(state: &'a BodyState, around: Option<&'a Bound<'a>>) -> Self {
        Bound { own: &state.bound, around }
    }

    /// These variables.
    pub(super) fn given(variables: &'a FxHashSet<VarId>) -> Self {
        Bound { own: variables, around: None }
    }

    fn has(&self, variable: VarId) -> bool {
        self.own.contains(&variable) || self.around.is_some_and(|around| around.has(variable))
    }

    fn has_all(&self, term: &Term) -> bool {
        let mut all = true;
        term.each_variable(&mut |variable, _| all &= self.has(variable));
        all
    }
}

/// How far the search for bound variables has come in one body. It only ever learns more, so that a body that is
/// visited again goes on where it stopped.
#[derive(Default)]
pub(super) struct BodyState {
    started: bool,
    bound: FxHashSet<VarId>,
    /// The conditions that may bind something once more is bound.
    waiting: Vec<usize>,
    /// The branches of each `;`, by the position of the condition.
    branches: FxHashMap<usize, Vec<BodyState>>,
    /// The equations of which one side, a record, is taken apart to give variables their values.
    apart: FxHashMap<usize, Side>,
}

/// A side of an equation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Left,
    Right,
}

impl BodyState {
    /// The side of an equation that is taken apart, if one is.
    pub(super) fn taken_apart(&self, at: usize) -> Option<Side> {
        self.apart.get(&at).copied()
    }

    /// What is known of the branches of the `;` at this position.
    pub(super) fn branches(&self, at: usize) -> &[BodyState] {
        &self.branches[&at]
    }

    /// Binds what can be bound. A record is made wherever its fields are known, and taken apart only where nothing else
    /// helps.
    pub(super) fn settle(&mut self, body: &[Literal], around: Option<&Bound<'_>>) {
        if !self.started {
            self.started = true;
            self.waiting = (0..body.len()).collect();
        }
        self.bind(body, around);
        while self.take_apart(body, around) {
            self.bind(body, around);
        }
    }

    /// Takes one record apart. Whether there was one.
    fn take_apart(&mut self, body: &[Literal], around: Option<&Bound<'_>>) -> bool {
        let mut order = self.waiting.clone();
        order.sort_unstable();
        for at in order {
            let Literal::Compare { op: CompareOp::Eq, left, right, .. } = &body[at] else { continue };
            let bound = Bound { own: &self.bound, around };
            for (side, pattern, other) in [(Side::Left, left, right), (Side::Right, right, left)] {
                let mut taken = Vec::new();
                pattern.each_taken(&mut |variable| taken.extend((!bound.has(variable)).then_some(variable)));
                if pattern.is_record() && !taken.is_empty() && bound.has_all(other) {
                    self.bound.extend(taken);
                    self.apart.insert(at, side);
                    self.waiting.retain(|waiting| *waiting != at);
                    return true;
                }
            }
        }
        false
    }

    fn bind(&mut self, body: &[Literal], around: Option<&Bound<'_>>) {
        loop {
            let before = self.bound.len();
            let visited = std::mem::take(&mut self.waiting);
            let mut waiting: Vec<usize> =
                visited.into_iter().filter(|at| !self.visit(*at, &body[*at], around)).collect();
            // Backwards next time, since equations are often written in the order that they are solved or in its
            // reverse.
            waiting.reverse();
            self.waiting = waiting;
            if self.bound.len() == before {
                return;
            }
        }
    }

    /// Lets a condition bind what it can. Whether it will never bind more.
    fn visit(&mut self, at: usize, literal: &Literal, around: Option<&Bound<'_>>) -> bool {
        match literal {
            Literal::Atom(atom) => {
                self.bound.extend(atom.args.iter().filter_map(Term::lone_variable));
                true
            }
            Literal::Broken(terms) => {
                for term in terms {
                    term.each_variable(&mut |variable, _| {
                        self.bound.insert(variable);
                    });
                }
                true
            }
            Literal::Compare { op: CompareOp::Eq, left, right, .. } => {
                let bound = Bound { own: &self.bound, around };
                let bindings = [(left, right), (right, left)]
                    .map(|(side, other)| side.lone_variable().filter(|_| bound.has_all(other)));
                self.bound.extend(bindings.iter().flatten());
                bindings.iter().any(Option::is_some)
            }
            Literal::Aggregate(aggregate) => {
                let bound = Bound { own: &self.bound, around };
                let grouped = aggregate.outer.iter().all(|mention| bound.has(mention.variable));
                if grouped {
                    self.bound.insert(aggregate.result);
                }
                grouped
            }
            Literal::OneOf { args, .. } => {
                let bound = Bound { own: &self.bound, around };
                let (value, given) = args.split_first().expect("a value stands before the others");
                let is_given = given.iter().all(|term| bound.has_all(term));
                self.bound.extend(value.lone_variable().filter(|_| is_given));
                is_given
            }
            Literal::Or(branches) => self.visit_branches(at, branches, around),
            Literal::Absent(_) | Literal::Compare { .. } | Literal::Test { .. } => true,
        }
    }

    fn visit_branches(&mut self, at: usize, branches: &[Vec<Literal>], around: Option<&Bound<'_>>) -> bool {
        let mut states = self.branches.remove(&at).unwrap_or_default();
        states.resize_with(branches.len(), BodyState::default);
        let bound = Bound { own: &self.bound, around };
        for (branch, state) in branches.iter().zip(&mut states) {
            state.settle(branch, Some(&bound));
        }
        let (first, rest) = states.split_first().expect("`;` has branches");
        let common: Vec<VarId> = first
            .bound
            .iter()
            .filter(|variable| rest.iter().all(|state| state.bound.contains(variable)))
            .copied()
            .collect();
        let done = states.iter().all(|state| state.waiting.is_empty());
        self.bound.extend(common);
        self.branches.insert(at, states);
        done
    }
}

/// A walk over everything that needs a value.
#[derive(Default)]
struct Search {
    misses: Misses,
}

impl Search {
    fn body(&mut self, body: &[Literal], state: &BodyState, bound: Bound<'_>) {
        for (at, literal) in body.iter().enumerate() {
            match literal {
                Literal::Atom(atom) => self.computed_arguments(atom, bound),
                Literal::Absent(atom) => {
                    for (column, term) in atom.args.iter().enumerate() {
                        self.needed(term, bound, Need::Absent { relation: atom.relation, column });
                    }
                }
                Literal::Compare { op: CompareOp::Eq, left, right, .. } => self.equation(left, right, bound),
                Literal::Compare { left, right, .. } => {
                    self.needed(left, bound, Need::Comparison);
                    self.needed(right, bound, Need::Comparison);
                }
                Literal::Test { args, .. } => {
                    for term in args {
                        self.needed(term, bound, Need::Test);
                    }
                }
                Literal::OneOf { args, .. } => self.one_of(args, bound),
                Literal::Aggregate(aggregate) => self.aggregate(aggregate, bound),
                Literal::Or(branches) => {
                    for (branch, state) in branches.iter().zip(&state.branches[&at]) {
                        self.misses.bound_in_some_branch(state.bound.iter().copied());
                        self.body(branch, state, Bound { own: &state.bound, around: Some(&bound) });
                    }
                }
                Literal::Broken(_) => {}
            }
        }
    }

    fn computed_arguments(&mut self, atom: &Atom, bound: Bound<'_>) {
        for term in atom.args.iter().filter(|term| term.lone_variable().is_none()) {
            self.needed(term, bound, Need::Computed);
        }
    }

    /// A lone variable without a value lacks it because of the other side.
    fn equation(&mut self, left: &Term, right: &Term, bound: Bound<'_>) {
        for (side, other) in [(left, right), (right, left)] {
            match side.lone_variable() {
                Some(variable) if !bound.has(variable) => {
                    self.misses.add(Mention { variable, span: side.span }, Need::Equation);
                    let mut explained = false;
                    other.each_variable(&mut |cause, _| explained |= cause != variable && !bound.has(cause));
                    if explained {
                        self.misses.explain(variable);
                    }
                }
                Some(_) => {}
                None if side.is_record() => self.parts(side, other, bound),
                None => self.needed(side, bound, Need::Computed),
            }
        }
    }

    /// One of several values lacks one because these cannot be told.
    fn one_of(&mut self, args: &[Term], bound: Bound<'_>) {
        let (value, given) = args.split_first().expect("a value stands before the others");
        given.iter().for_each(|term| self.needed(term, bound, Need::Computed));
        value.each_variable(&mut |variable, span| {
            if !bound.has(variable) {
                self.misses.add(Mention { variable, span }, Need::Equation);
                self.misses.explain(variable);
            }
        });
    }

    /// The parts of a record lack values because the record does.
    fn parts(&mut self, record: &Term, other: &Term, bound: Bound<'_>) {
        let mut taken = FxHashSet::default();
        record.each_taken(&mut |variable| {
            taken.insert(variable);
        });
        let explained = !bound.has_all(other);
        record.each_variable(&mut |variable, span| {
            if !bound.has(variable) {
                let need = if taken.contains(&variable) { Need::Equation } else { Need::Computed };
                self.misses.add(Mention { variable, span }, need);
                if explained && taken.contains(&variable) {
                    self.misses.explain(variable);
                }
            }
        });
    }

    fn aggregate(&mut self, aggregate: &Aggregate, bound: Bound<'_>) {
        let mut group: FxHashSet<VarId> = FxHashSet::default();
        for mention in &aggregate.outer {
            if !bound.has(mention.variable) {
                self.misses.add(*mention, Need::Group(aggregate.op));
                if mention.variable != aggregate.result {
                    self.misses.explain(aggregate.result);
                }
            }
            group.insert(mention.variable);
        }
        let around = Bound { own: &group, around: None };
        let mut state = BodyState::default();
        state.settle(&aggregate.body, Some(&around));
        let inside = Bound { own: &state.bound, around: Some(&around) };
        self.body(&aggregate.body, &state, inside);
        if let Some(target) = &aggregate.target {
            self.needed(target, inside, Need::Target(aggregate.op));
        }
    }

    fn needed(&mut self, term: &Term, bound: Bound<'_>, need: Need) {
        term.each_variable(&mut |variable, span| {
            if !bound.has(variable) {
                self.misses.add(Mention { variable, span }, need);
            }
        });
    }
}
