//! Every way in which a body holds, with a binding given to begin with.
//!
//! In: a rule over a model, a binding, literals. Out: the extensions of the binding that satisfy all of them, each with
//! the branch that was taken of every `;`. Literals are taken in whatever order leaves the least to look at, so
//! solutions come in no particular order.

use super::terms::{Binding, Compared, Setting};
use crate::check::{Aggregate, Literal, Term};
use crate::data::{Id, Value, Word};
use crate::eval::naive;
use crate::explain::ground::Ground;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::ops::ControlFlow;

/// One way in which a body holds.
#[derive(Debug, Clone)]
pub(in crate::explain) struct Solution<'a> {
    /// What the variables stand for; those of branches that were not taken stay unbound.
    pub(in crate::explain) binding: Binding,
    /// The branch taken of each disjunction that was met.
    choices: Vec<(&'a Literal, usize)>,
}

impl<'a> Solution<'a> {
    /// No branch is taken yet.
    pub(in crate::explain) fn of(binding: Binding) -> Self {
        Self { binding, choices: Vec::new() }
    }

    /// Takes a branch of a disjunction.
    pub(in crate::explain) fn choose(&mut self, disjunction: &'a Literal, branch: usize) {
        self.choices.push((disjunction, branch));
    }

    /// Takes the last choice back.
    pub(in crate::explain) fn unchoose(&mut self) {
        self.choices.pop();
    }

    /// The literals in the order of the text; a disjunction is replaced by the branch that was taken, if one was.
    pub(in crate::explain) fn reached(&self, body: &'a [Literal]) -> Vec<&'a Literal> {
        let mut literals = Vec::new();
        for literal in body {
            match (literal, self.taken(literal)) {
                (Literal::Or(branches), Some(branch)) => literals.extend(self.reached(&branches[branch])),
                (other, _) => literals.push(other),
            }
        }
        literals
    }

    /// The branches that were taken, in the order of the text.
    pub(in crate::explain) fn branches(&self, body: &[Literal]) -> Vec<usize> {
        let mut taken = Vec::new();
        for literal in body {
            if let Literal::Or(branches) = literal {
                let branch = self.branch(literal);
                taken.push(branch);
                taken.extend(self.branches(&branches[branch]));
            }
        }
        taken
    }

    fn branch(&self, disjunction: &Literal) -> usize {
        self.taken(disjunction).expect("every disjunction of a solved body has a branch that holds")
    }

    fn taken(&self, disjunction: &Literal) -> Option<usize> {
        let taken = self.choices.iter().find(|(literal, _)| std::ptr::eq(*literal, disjunction));
        taken.map(|(_, branch)| *branch)
    }
}

/// What is still to hold.
#[derive(Debug, Clone, Copy)]
pub(in crate::explain) enum Goal<'a> {
    Literal(&'a Literal),
    /// A term of an atom is what its column holds.
    Equal(&'a Term, Word),
}

/// A visitor of solutions.
pub(in crate::explain) type Visit<'v, 'a> = dyn FnMut(&Solution<'a>) -> ControlFlow<()> + 'v;

impl<'a> Setting<'_, 'a> {
    /// Visits every extension of a binding that satisfies a body.
    pub(in crate::explain) fn solve(
        &self,
        body: &'a [Literal],
        binding: Binding,
        visit: &mut Visit<'_, 'a>,
    ) -> ControlFlow<()> {
        self.solve_with(body, Vec::new(), binding, visit)
    }

    /// The same, where some more goals are to hold as well.
    pub(in crate::explain) fn solve_with(
        &self,
        body: &'a [Literal],
        more: Vec<Goal<'a>>,
        binding: Binding,
        visit: &mut Visit<'_, 'a>,
    ) -> ControlFlow<()> {
        let open = body.iter().map(Goal::Literal).chain(more).collect();
        Search { setting: *self, positive: self.ground, open, solution: Solution::of(binding), visit }.go()
    }

    /// Visits every way in which the rule derives a row.
    pub(in crate::explain) fn derivations(&self, row: &[Word], visit: &mut Visit<'_, 'a>) -> ControlFlow<()> {
        self.derivations_from(self.ground, row, visit)
    }

    /// Visits every way in which the rule derives a row from rows of another model; what is absent and what aggregates
    /// range over is still looked up in this one.
    pub(in crate::explain) fn derivations_from(
        &self,
        positive: &Ground<'a>,
        row: &[Word],
        visit: &mut Visit<'_, 'a>,
    ) -> ControlFlow<()> {
        let mut binding = self.unbound();
        if !self.bind_row(&self.rule.args, row, &mut binding, &mut Vec::new()) {
            return ControlFlow::Continue(());
        }
        let computed = self.rule.args.iter().zip(row).filter(|(arg, _)| !self.is_bound(arg, &binding));
        let computed = computed.map(|(arg, word)| Goal::Equal(arg, *word));
        let open = self.rule.body.iter().map(Goal::Literal).chain(computed).collect();
        Search { setting: *self, positive, open, solution: Solution::of(binding), visit }.go()
    }

    /// Visits every row that the rule derives and that has these words where one is given.
    pub(in crate::explain) fn derived(
        &self,
        pattern: &[Option<Word>],
        visit: &mut dyn FnMut(Vec<Word>) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        let mut binding = self.unbound();
        let given = || self.rule.args.iter().zip(pattern).filter_map(|(arg, word)| Some((arg, (*word)?)));
        for (arg, word) in given() {
            if !self.bind_row(std::slice::from_ref(arg), &[word], &mut binding, &mut Vec::new()) {
                return ControlFlow::Continue(());
            }
        }
        let computed = given().filter(|(arg, _)| !self.is_bound(arg, &binding));
        let computed = computed.map(|(arg, word)| Goal::Equal(arg, word));
        let open = self.rule.body.iter().map(Goal::Literal).chain(computed).collect();
        let visit = &mut |solution: &Solution<'a>| {
            let row: Option<Vec<Word>> = self.rule.args.iter().map(|arg| self.word(arg, &solution.binding)).collect();
            // What is computed of other variables may differ from what is given.
            let agrees =
                |row: &Vec<Word>| row.iter().zip(pattern).all(|(word, given)| given.is_none_or(|it| it == *word));
            row.filter(agrees).map_or(ControlFlow::Continue(()), &mut *visit)
        };
        Search { setting: *self, positive: self.ground, open, solution: Solution::of(binding), visit }.go()
    }

    /// The value of an aggregate whose group is bound; none where it fails.
    pub(in crate::explain) fn aggregate(&self, aggregate: &'a Aggregate, binding: &Binding) -> Option<Word> {
        let rows = self.rows_of(aggregate, binding);
        let value = match &aggregate.target {
            None => Some(Value::Number(i64::try_from(rows.len()).expect("fewer than 2^63 rows fit in memory"))),
            Some(target) => {
                let mut values: Vec<Value> =
                    rows.values().filter_map(|solution| self.value(target, &solution.binding)).collect();
                values.sort();
                let ty = self.rule.variables[aggregate.result].ty;
                naive::fold(aggregate, ty, values).ok().flatten()
            }
        };
        value.map(|value| Word::encode(&value, self.ground.symbols))
    }

    /// What an aggregate ranges over: for each binding of its local variables, the way in which its body holds. There
    /// are several only where branches of a disjunction agree; the first of these is taken.
    pub(in crate::explain) fn rows_of(
        &self,
        aggregate: &'a Aggregate,
        binding: &Binding,
    ) -> BTreeMap<Vec<Option<Word>>, Solution<'a>> {
        let mut rows = BTreeMap::new();
        let _ = self.solve(&aggregate.body, self.group(aggregate, binding), &mut |solution| {
            let local = aggregate.local.iter().map(|var| solution.binding[var.index()]).collect();
            match rows.entry(local) {
                Entry::Vacant(free) => {
                    free.insert(solution.clone());
                }
                Entry::Occupied(mut known) => {
                    if solution.branches(&aggregate.body) < known.get().branches(&aggregate.body) {
                        known.insert(solution.clone());
                    }
                }
            }
            ControlFlow::Continue(())
        });
        rows
    }

    /// The binding that the body of an aggregate starts with.
    pub(in crate::explain) fn group(&self, aggregate: &Aggregate, binding: &Binding) -> Binding {
        let mut group = self.unbound();
        aggregate.outer.iter().for_each(|var| group[var.index()] = binding[var.index()]);
        group
    }

    /// Whether a literal other than an atom or a disjunction can be decided.
    pub(in crate::explain) fn is_ready(&self, literal: &Literal, binding: &Binding) -> bool {
        let is_bound = |term: &Term| self.is_bound(term, binding);
        match literal {
            Literal::Compare(comparison) => self.is_decided(comparison, binding),
            Literal::Test(test) => self.given_by(test, binding).is_some() || test.args.iter().all(is_bound),
            Literal::Absent(atom) => atom.args.iter().all(is_bound),
            Literal::Aggregate(aggregate) => aggregate.outer.iter().all(|var| binding[var.index()].is_some()),
            Literal::Atom(_) | Literal::Or(_) => false,
        }
    }
}

struct Search<'s, 'g, 'a, 'v> {
    setting: Setting<'g, 'a>,
    /// Where atoms find their rows.
    positive: &'s Ground<'a>,
    open: Vec<Goal<'a>>,
    solution: Solution<'a>,
    visit: &'s mut Visit<'v, 'a>,
}

impl<'a> Search<'_, '_, 'a, '_> {
    fn go(&mut self) -> ControlFlow<()> {
        self.setting.ground.go_on()?;
        let Some(at) = self.next() else {
            return if self.open.is_empty() { (self.visit)(&self.solution) } else { ControlFlow::Continue(()) };
        };
        let goal = self.open.remove(at);
        let flow = self.take(goal);
        self.open.insert(at, goal);
        flow
    }

    /// The goal to take next: what can be decided, then the atom with the fewest rows, then a disjunction. None is left
    /// but what lacks a value, and that cannot hold.
    fn next(&self) -> Option<usize> {
        let binding = &self.solution.binding;
        let decided = self.open.iter().position(|goal| match goal {
            Goal::Equal(term, word) => {
                self.setting.is_bound(term, binding) || self.setting.inverted(term, *word, binding).is_some()
            }
            Goal::Literal(Literal::Aggregate(_)) => false,
            Goal::Literal(Literal::Test(test)) if self.setting.given_by(test, binding).is_some() => false,
            Goal::Literal(literal) => self.setting.is_ready(literal, binding),
        });
        decided.or_else(|| self.cheapest()).or_else(|| {
            let ready = |goal: &Goal| matches!(goal, Goal::Literal(literal) if self.setting.is_ready(literal, binding));
            let choice = |goal: &Goal| matches!(goal, Goal::Literal(Literal::Or(_)));
            self.open.iter().position(ready).or_else(|| self.open.iter().position(choice))
        })
    }

    fn cheapest(&self) -> Option<usize> {
        let rows = |goal: &Goal| match goal {
            Goal::Literal(Literal::Atom(atom)) => {
                let pattern = self.setting.pattern(atom, &self.solution.binding);
                Some(pattern.map_or(0, |pattern| self.positive.expected(atom.relation, &pattern)))
            }
            Goal::Literal(_) | Goal::Equal(..) => None,
        };
        let atoms = self.open.iter().enumerate().filter_map(|(at, goal)| Some((rows(goal)?, at)));
        atoms.min().map(|(_, at)| at)
    }

    fn take(&mut self, goal: Goal<'a>) -> ControlFlow<()> {
        let setting = self.setting;
        let binding = &self.solution.binding;
        let holds = match goal {
            Goal::Equal(term, word) => match setting.inverted(term, word, binding) {
                Some((var, word)) => return self.with(var.index(), word),
                None => setting.word(term, binding) == Some(word),
            },
            Goal::Literal(Literal::Test(test)) => match setting.given_by(test, binding) {
                Some((var, given)) => {
                    let words = setting.each(test, given, binding);
                    return words.into_iter().try_for_each(|word| self.with(var.index(), word));
                }
                None => setting.test(test, binding),
            },
            Goal::Literal(Literal::Absent(atom)) => setting.is_absent(atom, binding),
            Goal::Literal(Literal::Compare(comparison)) => match setting.compare(comparison, binding) {
                Compared::Fails => false,
                Compared::Holds => true,
                Compared::Binds(var, word) => return self.with(var.index(), word),
            },
            Goal::Literal(Literal::Aggregate(aggregate)) => {
                let known = binding[aggregate.result.index()];
                match (setting.aggregate(aggregate, binding), known) {
                    (None, _) => false,
                    (Some(word), Some(known)) => word == known,
                    (Some(word), None) => return self.with(aggregate.result.index(), word),
                }
            }
            Goal::Literal(literal @ Literal::Or(branches)) => {
                return branches.iter().enumerate().try_for_each(|(number, branch)| {
                    let before = self.open.len();
                    self.open.extend(branch.iter().map(Goal::Literal));
                    self.solution.choose(literal, number);
                    let flow = self.go();
                    self.solution.unchoose();
                    self.open.truncate(before);
                    flow
                });
            }
            Goal::Literal(Literal::Atom(atom)) => {
                let Some(pattern) = setting.pattern(atom, binding) else { return ControlFlow::Continue(()) };
                let (mut bound, positive) = (Vec::new(), self.positive);
                return positive.each(atom.relation, &pattern, &mut |row| {
                    let agrees = setting.bind_row(&atom.args, row, &mut self.solution.binding, &mut bound);
                    let flow = if agrees { self.matched(&atom.args, row) } else { ControlFlow::Continue(()) };
                    bound.drain(..).for_each(|var| self.solution.binding[var.index()] = None);
                    flow
                });
            }
        };
        if holds { self.go() } else { ControlFlow::Continue(()) }
    }

    /// Goes on with a variable bound.
    fn with(&mut self, var: usize, word: Word) -> ControlFlow<()> {
        self.solution.binding[var] = Some(word);
        let flow = self.go();
        self.solution.binding[var] = None;
        flow
    }

    /// Goes on with a row that agrees, terms aside that cannot be computed yet.
    fn matched(&mut self, args: &'a [Term], row: &[Word]) -> ControlFlow<()> {
        let before = self.open.len();
        let binding = &self.solution.binding;
        let open = args.iter().zip(row).filter(|(arg, _)| !self.setting.is_bound(arg, binding));
        self.open.extend(open.map(|(arg, word)| Goal::Equal(arg, *word)).collect::<Vec<_>>());
        let flow = self.go();
        self.open.truncate(before);
        flow
    }
}
