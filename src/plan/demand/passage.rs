//! Which bindings a body passes on, literal by literal, to the relations that it asks for: sideways information
//! passing (Beeri & Ramakrishnan 1991).
//!
//! In: a rule and the arguments of its head that are given. Out: for each atom over a relation that is asked for, what
//! is given of it, and the literals that the given values come from. Promise: those literals compute nothing that could
//! have a fault, so that asking invents none, and they are no more than what is needed.

use super::adorned::{Adorned, Adornment};
use super::ground::{Access, Ground};
use crate::check::{Atom, CompareOp, Comparison, Literal, RelationId, Rule, Term, VarId};
use crate::plan::variables::{self, Variables};
use crate::plan::{Goal, Stats, order};
use std::collections::{BTreeMap, BTreeSet};

/// What a body passes on.
#[derive(Debug, Default)]
pub(super) struct Passage {
    /// The atoms over relations that are asked for, in the order in which they are asked.
    pub(super) calls: Vec<Call>,
    /// The relations of which nothing would be given.
    pub(super) unbound: BTreeSet<RelationId>,
    /// Whether more must be gone through than what the given values lead to.
    pub(super) scans: bool,
}

/// An atom over a relation that is asked for.
#[derive(Debug)]
pub(super) struct Call {
    /// The position of the atom in the body.
    pub(super) literal: usize,
    pub(super) asked: Adorned,
    /// The positions of the literals that what is given comes from.
    pub(super) before: Vec<usize>,
}

/// What `rule` passes on when the variables among `given` have values. `narrow` may choose to give less.
pub(super) fn pass<'t>(
    ground: &Ground<'_>,
    rule: &Rule,
    given: impl IntoIterator<Item = &'t Term>,
    narrow: &mut dyn FnMut(Adorned) -> Adorned,
) -> Passage {
    let mut passing = Passing {
        ground,
        rule,
        waiting: (0..rule.body.len()).collect(),
        sets: Vec::new(),
        known: BTreeMap::new(),
        placed: Vec::new(),
        passage: Passage::default(),
    };
    passing.give(given);
    while passing.filter() || passing.join() || passing.call(narrow) || passing.generate() {}
    passing.absences(narrow);
    passing.finish()
}

/// A body of which some literals have been placed.
struct Passing<'a> {
    ground: &'a Ground<'a>,
    rule: &'a Rule,
    /// The literals that have no place yet.
    waiting: BTreeSet<usize>,
    /// Variables whose values belong together.
    sets: Vec<Bindings>,
    known: BTreeMap<VarId, Known>,
    /// The literals that can be passed on, in order.
    placed: Vec<Placed>,
    passage: Passage,
}

/// Variables that have values together, in so many ways.
#[derive(Debug, Clone, Copy)]
struct Bindings {
    expected: f64,
    /// Whether there is one way, for certain.
    single: bool,
}

/// Where the value of a variable comes from.
#[derive(Debug, Clone, Copy)]
struct Known {
    set: usize,
    /// The literal; none where it is given.
    by: Option<usize>,
}

/// A literal that can be passed on.
struct Placed {
    literal: usize,
    /// Its variables that had values before.
    inputs: Variables,
    /// Whether it only tests.
    filters: bool,
}

/// What can be done with a literal now.
enum Ready {
    /// It can be placed: it binds these variables, to values of which there are so many.
    Place {
        binds: Variables,
        expected: f64,
    },
    /// It will never be passed on.
    Leave,
    Wait,
}

impl<'a> Passing<'a> {
    fn give<'t>(&mut self, given: impl IntoIterator<Item = &'t Term>) {
        let variables = given.into_iter().filter_map(|term| match term {
            Term::Variable(var) => Some(*var),
            Term::Wildcard | Term::Constant(_) | Term::Call { .. } => None,
        });
        self.sets.push(Bindings { expected: 1.0, single: false });
        self.known.extend(variables.map(|var| (var, Known { set: 0, by: None })));
    }

    /// Places a literal that only tests, or that is an equation.
    fn filter(&mut self) -> bool {
        for at in self.waiting.clone() {
            match self.tests(&self.rule.body[at]) {
                Ready::Place { binds, expected } => {
                    self.place(at, binds, expected);
                    return true;
                }
                Ready::Leave => {
                    self.waiting.remove(&at);
                }
                Ready::Wait => {}
            }
        }
        false
    }

    fn tests(&self, literal: &Literal) -> Ready {
        let mut mentioned = Variables::new();
        variables::of_literal(literal, &mut mentioned);
        let test = |terms: &[Term]| {
            if terms.iter().any(Term::is_call) || mentioned.is_empty() {
                Ready::Leave
            } else if self.is_one_set(&mentioned) {
                Ready::Place { binds: Variables::new(), expected: 1.0 }
            } else {
                Ready::Wait
            }
        };
        match literal {
            Literal::Compare(comparison) => self.comparison(comparison, &mentioned),
            Literal::Test(found) => test(&found.args),
            Literal::Absent(atom) if self.ground.access(atom.relation) == Access::Whole => test(&atom.args),
            Literal::Absent(_) => Ready::Leave,
            Literal::Aggregate(_) => Ready::Leave,
            Literal::Atom(_) | Literal::Or(_) => Ready::Wait,
        }
    }

    fn comparison(&self, comparison: &Comparison, mentioned: &Variables) -> Ready {
        let Comparison { op, left, right, .. } = comparison;
        let place = |binds| Ready::Place { binds, expected: 1.0 };
        if left.is_call() || right.is_call() || mentioned.is_empty() {
            return Ready::Leave;
        }
        match variables::bound_by_equation(comparison, &self.values()) {
            Some((var, _)) => place(Variables::from([var])),
            None if self.is_one_set(mentioned) => place(Variables::new()),
            None if *op == CompareOp::Eq && self.are_known(mentioned) => place(Variables::new()),
            None => Ready::Wait,
        }
    }

    /// Places the atom over a whole relation, or the choice between such, that multiplies the bindings least, among
    /// those that share a value with what is known.
    fn join(&mut self) -> bool {
        let ready = self.waiting.iter().filter_map(|&at| match &self.rule.body[at] {
            Literal::Atom(atom) if self.ground.access(atom.relation) == Access::Whole => self.joins(at, atom),
            Literal::Or(branches) => self.chooses(at, branches),
            Literal::Atom(_) | Literal::Absent(_) | Literal::Compare(_) | Literal::Test(_) | Literal::Aggregate(_) => {
                None
            }
        });
        let Some(Join { at, binds, expected }) = ready.min_by(|a, b| a.expected.total_cmp(&b.expected)) else {
            return false;
        };
        self.place(at, binds, expected);
        true
    }

    fn joins(&self, at: usize, atom: &Atom) -> Option<Join> {
        let is_known = |arg: &Term| matches!(arg, Term::Constant(_)) || self.is_known(arg);
        if atom.args.iter().any(Term::is_call) || !atom.args.iter().any(is_known) {
            return None;
        }
        let binds = &self.mentioned(at) - &self.values();
        let expected = self.ground.stats.matches(atom.relation, atom.args.len(), binds.len());
        Some(Join { at, binds, expected })
    }

    fn chooses(&self, at: usize, branches: &[Vec<Literal>]) -> Option<Join> {
        let (mentioned, known) = (self.mentioned(at), self.values());
        if mentioned.is_disjoint(&known) || branches.iter().flatten().any(may_fault) {
            return None;
        }
        let mut outside: Variables = self.rule.args.iter().fold(Variables::new(), |mut found, arg| {
            variables::of_term(arg, &mut found);
            found
        });
        let beside = self.rule.body.iter().enumerate().filter(|(other, _)| *other != at);
        beside.for_each(|(_, other)| variables::of_literal(other, &mut outside));
        let goals = Goal::each(&[&self.rule.body[at]]);
        let ordered = order::order(goals, &known, &outside, self.ground.stats);
        let binds = &variables::bound_by_every(branches) - &known;
        ordered.left_over.is_empty().then_some(Join { at, binds, expected: ordered.expected })
    }

    /// Asks for the relation of which most is known.
    fn call(&mut self, narrow: &mut dyn FnMut(Adorned) -> Adorned) -> bool {
        let asked = self.waiting.iter().filter_map(|&at| {
            let atom = self.asked(at)?;
            let free = atom.args.iter().filter(|arg| !self.is_given(arg)).count();
            let gives = free < atom.args.len() || atom.args.is_empty();
            gives.then_some((at, atom, Stats::expected(self.ground.most, atom.args.len(), free)))
        });
        let Some((at, atom, expected)) = asked.min_by(|(.., a), (.., b)| a.total_cmp(b)) else { return false };
        self.ask(at, atom, self.adornment(atom), narrow);
        self.pass_on(at, atom, expected);
        true
    }

    /// Asks whether what a question wants to be absent is. What is known by now is all that will be.
    fn absences(&mut self, narrow: &mut dyn FnMut(Adorned) -> Adorned) {
        for (at, literal) in self.rule.body.iter().enumerate() {
            let Literal::Absent(atom) = literal else { continue };
            let adornment = self.adornment(atom);
            match self.ground.access(atom.relation) {
                Access::Whole => {}
                Access::OnDemand | Access::Selective if adornment.gives_nothing() => {
                    self.passage.unbound.insert(atom.relation);
                }
                Access::OnDemand | Access::Selective => self.ask(at, atom, adornment, narrow),
            }
        }
    }

    fn ask(&mut self, at: usize, atom: &Atom, adornment: Adornment, narrow: &mut dyn FnMut(Adorned) -> Adorned) {
        let asked = narrow(Adorned { relation: atom.relation, adornment });
        let given = asked.given(&atom.args).into_iter().fold(Variables::new(), |mut found, arg| {
            variables::of_term(arg, &mut found);
            found
        });
        let before = self.sources(given);
        self.passage.calls.push(Call { literal: at, asked, before });
    }

    /// What is given of an atom: constants, and known values that belong together. Values that do not would be given in
    /// every combination.
    fn adornment(&self, atom: &Atom) -> Adornment {
        let sets: BTreeSet<usize> = atom.args.iter().filter_map(|arg| self.set_of(arg)).collect();
        let several = sets.iter().copied().filter(|set| !self.sets[*set].single);
        let chosen = several.min_by(|a, b| self.sets[*a].expected.total_cmp(&self.sets[*b].expected));
        let is_bound = |arg: &Term| {
            matches!(arg, Term::Constant(_))
                || self.set_of(arg).is_some_and(|set| self.sets[set].single || Some(set) == chosen)
        };
        let bound = atom.args.iter().enumerate().filter(|(_, arg)| is_bound(arg)).map(|(column, _)| column);
        Adornment::new(atom.args.len(), bound)
    }

    /// Starts from something that needs no values: few rows, or a relation whose rules ask for little.
    fn generate(&mut self) -> bool {
        for at in self.waiting.clone() {
            let Literal::Atom(atom) = &self.rule.body[at] else { continue };
            let expected = self.ground.stats.rows[atom.relation] as f64;
            match self.ground.access(atom.relation) {
                Access::Whole if self.ground.is_small(atom.relation) && !atom.args.iter().any(Term::is_call) => {
                    self.place(at, self.mentioned(at), expected);
                    return true;
                }
                Access::Selective => {
                    let asked = Adorned { relation: atom.relation, adornment: Adornment::new(atom.args.len(), []) };
                    self.passage.calls.push(Call { literal: at, asked, before: Vec::new() });
                    self.pass_on(at, atom, expected);
                    return true;
                }
                Access::Whole | Access::OnDemand => {}
            }
        }
        false
    }

    /// Places an atom that was asked for, unless it computes.
    fn pass_on(&mut self, at: usize, atom: &Atom, expected: f64) {
        if atom.args.iter().any(Term::is_call) {
            self.waiting.remove(&at);
        } else {
            let binds = &self.mentioned(at) - &self.values();
            self.place(at, binds, expected);
        }
    }

    /// Gives a literal its place. What it mentions belongs together from now on.
    fn place(&mut self, at: usize, binds: Variables, expected: f64) {
        let inputs = &self.mentioned(at) & &self.values();
        let together: BTreeSet<usize> = inputs.iter().map(|var| self.known[var].set).collect();
        let ways = |set: &usize| self.sets[*set];
        let expected = together.iter().map(ways).map(|set| set.expected).product::<f64>() * expected;
        let is_equation = matches!(self.rule.body[at], Literal::Compare(_));
        let single = together.iter().map(ways).all(|set| set.single) && (binds.is_empty() || is_equation);
        let set = self.sets.len();
        self.sets.push(Bindings { expected, single });
        self.known.values_mut().filter(|known| together.contains(&known.set)).for_each(|known| known.set = set);
        self.placed.push(Placed { literal: at, inputs, filters: binds.is_empty() && self.asked(at).is_none() });
        self.known.extend(binds.into_iter().map(|var| (var, Known { set, by: Some(at) })));
        self.waiting.remove(&at);
    }

    /// The literals that the values of these variables come from, and those that test nothing but these and what was
    /// met on the way.
    fn sources(&self, variables: Variables) -> Vec<usize> {
        let mut open: Vec<VarId> = variables.iter().copied().collect();
        let mut met = variables;
        met.extend(self.known.iter().filter(|(_, known)| known.by.is_none()).map(|(var, _)| *var));
        let mut literals = BTreeSet::new();
        while let Some(var) = open.pop() {
            if let Some(by) = self.known[&var].by
                && literals.insert(by)
            {
                let placed = self.placed.iter().find(|placed| placed.literal == by).expect("it bound a variable");
                open.extend(&placed.inputs);
                met.extend(self.mentioned(by));
            }
        }
        let tests = self.placed.iter().filter(|placed| placed.filters && placed.inputs.is_subset(&met));
        literals.extend(tests.map(|placed| placed.literal));
        self.placed.iter().map(|placed| placed.literal).filter(|literal| literals.contains(literal)).collect()
    }

    fn finish(self) -> Passage {
        let Self { ground, rule, waiting, mut passage, .. } = self;
        for literal in waiting.into_iter().map(|at| &rule.body[at]) {
            match literal {
                Literal::Atom(atom) if ground.access(atom.relation) != Access::Whole => {
                    passage.unbound.insert(atom.relation);
                }
                Literal::Atom(atom) => passage.scans |= !atom.args.is_empty(),
                Literal::Or(_) => passage.scans = true,
                Literal::Absent(_) | Literal::Compare(_) | Literal::Test(_) | Literal::Aggregate(_) => {}
            }
        }
        passage.scans |= rule.body.iter().any(|literal| matches!(literal, Literal::Aggregate(_)));
        passage
    }

    /// The atom there, if its relation is asked for.
    fn asked(&self, at: usize) -> Option<&'a Atom> {
        match &self.rule.body[at] {
            Literal::Atom(atom) if self.ground.access(atom.relation) != Access::Whole => Some(atom),
            Literal::Atom(_)
            | Literal::Absent(_)
            | Literal::Compare(_)
            | Literal::Test(_)
            | Literal::Aggregate(_)
            | Literal::Or(_) => None,
        }
    }

    fn mentioned(&self, at: usize) -> Variables {
        let mut mentioned = Variables::new();
        variables::of_literal(&self.rule.body[at], &mut mentioned);
        mentioned
    }

    fn values(&self) -> Variables {
        self.known.keys().copied().collect()
    }

    fn set_of(&self, arg: &Term) -> Option<usize> {
        match arg {
            Term::Variable(var) => self.known.get(var).map(|known| known.set),
            Term::Wildcard | Term::Constant(_) | Term::Call { .. } => None,
        }
    }

    fn is_known(&self, arg: &Term) -> bool {
        self.set_of(arg).is_some()
    }

    fn is_given(&self, arg: &Term) -> bool {
        matches!(arg, Term::Constant(_)) || self.is_known(arg)
    }

    fn are_known(&self, variables: &Variables) -> bool {
        variables.iter().all(|var| self.known.contains_key(var))
    }

    fn is_one_set(&self, variables: &Variables) -> bool {
        let sets: BTreeSet<Option<usize>> =
            variables.iter().map(|var| self.known.get(var).map(|known| known.set)).collect();
        sets.len() == 1 && !sets.contains(&None)
    }
}

/// A literal that can be joined with what is known.
struct Join {
    at: usize,
    binds: Variables,
    expected: f64,
}

/// Whether a literal may have a fault: what is computed may.
pub(super) fn may_fault(literal: &Literal) -> bool {
    match literal {
        Literal::Aggregate(_) => true,
        Literal::Or(branches) => branches.iter().flatten().any(may_fault),
        Literal::Atom(_) | Literal::Absent(_) | Literal::Compare(_) | Literal::Test(_) => {
            literal.terms().into_iter().any(Term::is_call)
        }
    }
}
