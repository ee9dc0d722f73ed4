//! The binding of a rule that comes nearest to deriving a fact that does not hold.
//!
//! In: a rule, and what is known of the row that it should derive. Out: the ways to bind its variables that leave the
//! fewest literals unsatisfied. Literals that can be decided are; an atom either matches a row or is left to fail, and
//! what it would have bound is bound by another atom, or not at all. First no literal may fail, then one, and so on,
//! until there is a way or too much was tried. A comparison or a test counts as one with the aggregates written within it.

use super::solve::Solution;
use super::terms::{Binding, Compared, Setting};
use crate::check::{Aggregate, Literal, Term, VarId};
use crate::data::{Id, Value, Word};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::{ControlFlow, RangeInclusive};

/// One way to bind the variables of a rule, and what fails under it.
#[derive(Debug, Clone)]
pub(in crate::explain) struct Attempt<'a> {
    pub(in crate::explain) binding: Binding,
    /// The literals, in the order of the text, with the branches that were taken; and whether each holds.
    pub(in crate::explain) literals: Vec<(&'a Literal, bool)>,
    /// The places of the aggregates that are written within a condition, each with the place of that condition.
    pub(in crate::explain) within: BTreeMap<usize, usize>,
    /// Heads that compute something else.
    pub(in crate::explain) head_fails: bool,
}

impl Attempt<'_> {
    /// How many conditions fail, and the head.
    pub(in crate::explain) fn failing(&self) -> usize {
        self.failing_places().len() + usize::from(self.head_fails)
    }

    /// The places of the conditions that fail; one fails with the aggregates within it.
    fn failing_places(&self) -> BTreeSet<usize> {
        let failing = self.literals.iter().enumerate().filter(|(_, (_, holds))| !holds);
        failing.map(|(at, _)| self.within.get(&at).copied().unwrap_or(at)).collect()
    }
}

/// Steps that may be spent on one rule.
pub(in crate::explain) const PATIENCE: usize = 200_000;

/// Ways that are kept of those that fail as few literals.
const MOST: usize = 256;

/// The ways that fail the fewest literals, at most so many; the best first. `pattern` is what is known of the row.
/// Nothing if the head can make no such row. Steps are taken from `patience`; when it is used up, the one way is what the
/// row alone binds.
pub(in crate::explain) fn nearest<'a>(
    setting: Setting<'_, 'a>,
    pattern: &[Option<Word>],
    most_failing: usize,
    patience: &mut usize,
) -> Vec<Attempt<'a>> {
    let mut binding = setting.unbound();
    for (arg, word) in setting.rule.args.iter().zip(pattern) {
        if let Some(word) = word
            && !setting.bind_row(std::slice::from_ref(arg), &[*word], &mut binding, &mut Vec::new())
        {
            return Vec::new();
        }
    }
    for (arg, word) in setting.rule.args.iter().zip(pattern) {
        if let Some((var, word)) = word.and_then(|word| setting.inverted(arg, word, &binding)) {
            binding[var.index()] = Some(word);
        }
    }
    let computed = setting.rule.args.iter().zip(pattern).filter_map(|(arg, word)| Some((arg, (*word)?)));
    let computed: Vec<(&Term, Word)> = computed.filter(|(arg, _)| arg.is_call()).collect();
    let mut within = Vec::new();
    setting.aggregates_within(&setting.rule.body, &mut within);
    let body = Body { setting, literals: &setting.rule.body, within: &within, computed: &computed };
    let ways = body.ways(&binding, 0..=most_failing, patience);
    // Too much was tried: nothing but what the row says is bound.
    let alone = || attempt(body, &Solution::of(binding.clone()), &setting.rule.body.iter().collect::<Vec<_>>());
    if ways.is_empty() { vec![alone()] } else { ways }
}

/// The ways in which a body comes nearest to holding once more, in a way in which it does not hold now.
pub(in crate::explain) fn once_more<'a>(
    setting: Setting<'_, 'a>,
    literals: &'a [Literal],
    binding: &Binding,
    most_failing: usize,
    patience: &mut usize,
) -> Vec<Attempt<'a>> {
    let mut within = Vec::new();
    setting.aggregates_within(literals, &mut within);
    Body { setting, literals, within: &within, computed: &[] }.ways(binding, 1..=most_failing, patience)
}

/// An aggregate that is written within a condition.
#[derive(Clone, Copy)]
struct Within<'a> {
    literal: &'a Literal,
    aggregate: &'a Aggregate,
    condition: &'a Literal,
}

/// Whether a comparison or a test uses the result of an aggregate.
fn is_around(literal: &Literal, result: VarId) -> bool {
    let mentions = |term: &Term| term.mentions(result);
    match literal {
        Literal::Compare(comparison) => mentions(&comparison.left) || mentions(&comparison.right),
        Literal::Test(test) => test.args.iter().any(mentions),
        Literal::Atom(_) | Literal::Absent(_) | Literal::Aggregate(_) | Literal::Or(_) => false,
    }
}

/// What is to hold.
#[derive(Clone, Copy)]
struct Body<'s, 'g, 'a> {
    setting: Setting<'g, 'a>,
    literals: &'a [Literal],
    within: &'s [Within<'a>],
    /// What the head computes, and should.
    computed: &'s [(&'a Term, Word)],
}

impl<'a> Body<'_, '_, 'a> {
    /// The ways that fail the fewest literals, of as many as are allowed, the best first.
    fn ways(self, binding: &Binding, allowed: RangeInclusive<usize>, patience: &mut usize) -> Vec<Attempt<'a>> {
        let least = *allowed.start();
        for allowed in allowed.take_while(|allowed| *allowed <= self.literals.len() + 1) {
            let mut search = Search {
                body: self,
                open: self.literals.iter().collect(),
                solution: Solution::of(binding.clone()),
                skipped: Vec::new(),
                allowed,
                patience,
                found: Vec::new(),
            };
            let _ = search.go();
            let mut found = search.found;
            found.retain(|attempt| attempt.failing() >= least);
            if !found.is_empty() {
                found.sort_by_cached_key(|attempt| rank(self.setting, attempt));
                found.dedup_by(|a, b| a.binding == b.binding && a.literals.len() == b.literals.len());
                return found;
            }
        }
        Vec::new()
    }
}

/// The later the first literal fails the nearer; then the least values.
fn rank(setting: Setting<'_, '_>, attempt: &Attempt<'_>) -> (usize, Vec<std::cmp::Reverse<usize>>, Vec<Option<Value>>) {
    let failing: Vec<std::cmp::Reverse<usize>> = attempt.failing_places().into_iter().map(std::cmp::Reverse).collect();
    let types = setting.rule.variables.iter().map(|variable| variable.ty);
    let table = setting.ground.symbols.read();
    let values = attempt.binding.iter().zip(types).map(|(word, ty)| word.map(|word| word.decode(ty, &table)));
    (attempt.failing(), failing, values.collect())
}

struct Search<'s, 'g, 'a> {
    body: Body<'s, 'g, 'a>,
    open: Vec<&'a Literal>,
    solution: Solution<'a>,
    /// The literals that fail.
    skipped: Vec<&'a Literal>,
    allowed: usize,
    patience: &'s mut usize,
    found: Vec<Attempt<'a>>,
}

impl<'a> Search<'_, '_, 'a> {
    fn go(&mut self) -> ControlFlow<()> {
        self.body.setting.ground.go_on()?;
        if *self.patience == 0 || self.found.len() >= MOST {
            return ControlFlow::Break(());
        }
        *self.patience -= 1;
        let Some(at) = self.next() else { return self.end() };
        let literal = self.open.remove(at);
        let flow = self.take(literal);
        self.open.insert(at, literal);
        flow
    }

    fn next(&self) -> Option<usize> {
        let binding = &self.solution.binding;
        let gives = |literal: &Literal| matches!(literal, Literal::Test(test) if self.body.setting.given_by(test, binding).is_some());
        let is_ready = |literal: &&Literal| self.body.setting.is_ready(literal, binding);
        let ready = self.open.iter().position(|literal| is_ready(literal) && !gives(literal));
        let rows = |literal: &Literal| match literal {
            Literal::Atom(atom) => {
                let pattern = self.body.setting.pattern(atom, binding);
                Some(pattern.map_or(0, |pattern| self.body.setting.ground.expected(atom.relation, &pattern)))
            }
            Literal::Or(_) => Some(usize::MAX),
            literal if gives(literal) => Some(usize::MAX - 1),
            Literal::Absent(_) | Literal::Compare(_) | Literal::Test(_) | Literal::Aggregate(_) => None,
        };
        ready.or_else(|| {
            let open = self.open.iter().enumerate().filter_map(|(at, literal)| Some((rows(literal)?, at)));
            open.min().map(|(_, at)| at)
        })
    }

    fn take(&mut self, literal: &'a Literal) -> ControlFlow<()> {
        let setting = self.body.setting;
        match literal {
            Literal::Or(branches) => {
                return branches.iter().enumerate().try_for_each(|(number, branch)| {
                    let before = self.open.len();
                    self.open.extend(branch);
                    self.solution.choose(literal, number);
                    let flow = self.go();
                    self.solution.unchoose();
                    self.open.truncate(before);
                    flow
                });
            }
            Literal::Atom(atom) => {
                let binding = self.solution.binding.clone();
                if let Some(pattern) = setting.pattern(atom, &binding) {
                    let mut bound = Vec::new();
                    setting.ground.each(atom.relation, &pattern, &mut |row| {
                        let agrees = setting.bind_row(&atom.args, row, &mut self.solution.binding, &mut bound);
                        let flow = if agrees { self.go() } else { ControlFlow::Continue(()) };
                        bound.drain(..).for_each(|var| self.solution.binding[var.index()] = None);
                        flow
                    })?;
                }
            }
            Literal::Compare(comparison) => match setting.compare(comparison, &self.solution.binding) {
                Compared::Fails => {}
                Compared::Holds => return self.go(),
                Compared::Binds(var, word) => return self.with(var.index(), word),
            },
            Literal::Aggregate(aggregate) => {
                let value = setting.aggregate(aggregate, &self.solution.binding);
                match (value, self.solution.binding[aggregate.result.index()]) {
                    (Some(word), Some(known)) if word == known => return self.go(),
                    (Some(word), None) => return self.with(aggregate.result.index(), word),
                    (None, _) | (Some(_), Some(_)) => {}
                }
            }
            Literal::Test(test) if let Some((var, given)) = setting.given_by(test, &self.solution.binding) => {
                let words = setting.each(test, given, &self.solution.binding);
                words.into_iter().try_for_each(|word| self.with(var.index(), word))?;
            }
            Literal::Absent(_) | Literal::Test(_) => {
                if setting.holds(literal, &self.solution.binding) {
                    return self.go();
                }
            }
        }
        self.skipped.push(literal);
        let flow = if self.failing() <= self.allowed { self.go() } else { ControlFlow::Continue(()) };
        self.skipped.pop();
        flow
    }

    /// How many conditions fail.
    fn failing(&self) -> usize {
        let condition = |literal: &&'a Literal| {
            let within = self.body.within.iter().find(|within| std::ptr::eq(within.literal, *literal));
            std::ptr::from_ref(within.map_or(*literal, |within| within.condition))
        };
        self.skipped.iter().map(condition).collect::<BTreeSet<_>>().len()
    }

    fn with(&mut self, var: usize, word: Word) -> ControlFlow<()> {
        self.solution.binding[var] = Some(word);
        let flow = self.go();
        self.solution.binding[var] = None;
        flow
    }

    fn end(&mut self) -> ControlFlow<()> {
        let open: Vec<&'a Literal> = self.skipped.iter().chain(&self.open).copied().collect();
        let attempt = attempt(self.body, &self.solution, &open);
        if attempt.failing() <= self.allowed {
            self.found.push(attempt);
        }
        ControlFlow::Continue(())
    }
}

/// What holds under a binding and what does not. `open` were left to fail, or never reached.
fn attempt<'a>(body: Body<'_, '_, 'a>, solution: &Solution<'a>, open: &[&'a Literal]) -> Attempt<'a> {
    let Body { setting, literals, computed, .. } = body;
    let reached = solution.reached(literals);
    let place = |literal: &Literal| reached.iter().position(|other| std::ptr::eq(*other, literal));
    let mut within = BTreeMap::new();
    let mut binding = solution.binding.clone();
    for Within { literal, aggregate, condition } in body.within {
        let (Some(at), Some(condition)) = (place(literal), place(condition)) else { continue };
        within.insert(at, condition);
        // The comparison around it may have bound what it should be.
        let is_ready = setting.is_ready(literal, &binding);
        binding[aggregate.result.index()] = is_ready.then(|| setting.aggregate(aggregate, &binding)).flatten();
    }
    let is_part = |at: usize| within.iter().any(|(aggregate, condition)| *aggregate == at || *condition == at);
    let is_open = |literal: &Literal| open.iter().any(|other| std::ptr::eq(*other, literal));
    let holds = |at, literal| (is_part(at) || !is_open(literal)) && setting.holds(literal, &binding);
    let literals = reached.iter().enumerate().map(|(at, literal)| (*literal, holds(at, literal))).collect();
    let head_fails = computed
        .iter()
        .any(|(term, word)| setting.is_bound(term, &binding) && setting.word(term, &binding) != Some(*word));
    Attempt { binding, literals, within, head_fails }
}

impl<'a> Setting<'_, 'a> {
    /// Finds the aggregates of a body that are written within a comparison or a test.
    fn aggregates_within(&self, body: &'a [Literal], found: &mut Vec<Within<'a>>) {
        for literal in body {
            match literal {
                Literal::Aggregate(aggregate) if !self.rule.variables[aggregate.result].named => {
                    let condition = body.iter().find(|other| is_around(other, aggregate.result));
                    found.extend(condition.map(|condition| Within { literal, aggregate, condition }));
                }
                Literal::Or(branches) => branches.iter().for_each(|branch| self.aggregates_within(branch, found)),
                Literal::Atom(_)
                | Literal::Absent(_)
                | Literal::Compare(_)
                | Literal::Test(_)
                | Literal::Aggregate(_) => {}
            }
        }
    }

    /// Whether a literal holds under a binding, as far as its variables are bound.
    pub(in crate::explain) fn holds(&self, literal: &'a Literal, binding: &Binding) -> bool {
        match literal {
            Literal::Atom(atom) => {
                let is_bound = atom.args.iter().all(|arg| self.is_bound(arg, binding));
                let pattern = self.pattern(atom, binding);
                is_bound && pattern.is_some_and(|pattern| self.ground.any(atom.relation, &pattern))
            }
            Literal::Absent(atom) => self.is_ready(literal, binding) && self.is_absent(atom, binding),
            Literal::Test(test) => test.args.iter().all(|arg| self.is_bound(arg, binding)) && self.test(test, binding),
            Literal::Compare(comparison) => {
                let sides = [&comparison.left, &comparison.right];
                sides.iter().all(|side| self.is_bound(side, binding))
                    && matches!(self.compare(comparison, binding), Compared::Holds)
            }
            Literal::Aggregate(aggregate) => {
                self.is_ready(literal, binding)
                    && binding[aggregate.result.index()].is_some()
                    && self.aggregate(aggregate, binding) == binding[aggregate.result.index()]
            }
            Literal::Or(_) => false,
        }
    }
}
