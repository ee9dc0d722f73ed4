//! What could make a row appear when others are taken away, one step of rules down.
//!
//! In: a pattern that rows match, or the body of an aggregate. Out: a [`Step`]: facts that hold, and patterns. Promise: as
//! long as the facts are derived and the patterns gain no row, whatever stored facts are taken away besides, the pattern
//! gains no row either, and the body holds in no way in which it does not hold now. What comes out depends on the model
//! alone, never on what was asked before.
//!
//! Taking facts away can only add a row where a rule asks for an absence or an aggregate, however indirectly. So the
//! rules of such a relation are gone through for all that could make them hold: rows that are there now are followed, and
//! others must not come to be; an absence that is blocked stays so with one fact that blocks it; an aggregate keeps its
//! value with all its rows.

use super::solve::Goal;
use super::terms::{Binding, Compared, Setting};
use crate::check::{Aggregate, Atom, Literal, RelationId, Role};
use crate::data::{Id, Word};
use crate::explain::ground::{Fact, Ground};
use std::collections::BTreeSet;
use std::ops::ControlFlow;

/// Rows of a relation: those with these words where one is given.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(in crate::explain) struct Pattern {
    pub(in crate::explain) relation: RelationId,
    pub(in crate::explain) words: Vec<Option<Word>>,
}

/// What is to stay as it is, so that nothing appears.
#[derive(Debug, Default)]
pub(in crate::explain) struct Step {
    /// Facts that are to stay.
    pub(in crate::explain) because: BTreeSet<Fact>,
    /// Patterns that may gain rows, and are to gain none.
    pub(in crate::explain) below: BTreeSet<Pattern>,
}

impl Step {
    /// What could give a pattern another row.
    pub(in crate::explain) fn of(ground: &Ground<'_>, pattern: &Pattern) -> Self {
        let mut step = Self::default();
        step.stored(ground, pattern);
        let described = &ground.program.relations[pattern.relation];
        // Any pair that is put into an equivalence may be what was missing between two values.
        let of_any = |words: &[Option<Word>]| vec![None; words.len()];
        let words = if described.is_equivalence { of_any(&pattern.words) } else { pattern.words.clone() };
        for rule in &described.rules {
            let setting = Setting { ground, rule: &ground.program.rules[*rule] };
            let mut binding = setting.unbound();
            let mut agrees = true;
            for (arg, word) in setting.rule.args.iter().zip(&words) {
                if let Some(word) = word {
                    agrees &= setting.bind_row(std::slice::from_ref(arg), &[*word], &mut binding, &mut Vec::new());
                }
            }
            if agrees {
                let computed = setting.rule.args.iter().zip(&words);
                let computed = computed.filter_map(|(arg, word)| Some((arg, (*word)?)));
                let computed = computed.filter(|(arg, _)| arg.is_call());
                let open = computed.map(|(arg, word)| Goal::Equal(arg, word));
                let open = setting.rule.body.iter().map(Goal::Literal).chain(open).collect();
                Walk { step: &mut step, setting, open, binding, derives: true }.go();
            }
        }
        step
    }

    /// Stored rows like this that gave way before any rule used them may come up.
    fn stored(&mut self, ground: &Ground<'_>, pattern: &Pattern) {
        let Role::CameUp(of) = ground.program.relations[pattern.relation].role else { return };
        let rows = ground.stored(of).matching(&pattern.words);
        for at in 0..rows.len() {
            let row: Vec<Word> = rows.row(at).collect();
            if !ground.holds(&Fact { relation: pattern.relation, row: row.clone() }) {
                ground.surpassed(of, &row, self);
            }
        }
    }

    /// Keeps a relation from gaining rows like this. A row that is there cannot appear.
    fn keep(&mut self, ground: &Ground<'_>, relation: RelationId, words: Vec<Option<Word>>) {
        let is_one_row = words.iter().all(Option::is_some);
        if ground.is_fragile(relation) && !(is_one_row && ground.any(relation, &words)) {
            let words = ground.widened(relation, words);
            self.below.insert(Pattern { relation, words });
        }
    }
}

/// A walk through everything that could make a body hold.
struct Walk<'s, 'g, 'a> {
    step: &'s mut Step,
    setting: Setting<'g, 'a>,
    open: Vec<Goal<'a>>,
    binding: Binding,
    /// Whether what is gone through is all of a rule's body.
    derives: bool,
}

impl<'a> Walk<'_, '_, 'a> {
    fn go(&mut self) {
        if self.setting.ground.go_on().is_break() {
            return;
        }
        // A body that could hold holds now, or cannot be told from one that does.
        let Some(at) = self.next() else { return self.passed_over() };
        let goal = self.open.remove(at);
        self.take(goal);
        self.open.insert(at, goal);
    }

    /// A row that follows and yet never was kept stays away as long as it gives way.
    fn passed_over(&mut self) {
        let Setting { ground, rule } = self.setting;
        let Role::CameUp(of) = ground.program.relations[rule.head].role else { return };
        let is_known = self.derives && rule.args.iter().all(|arg| self.setting.is_bound(arg, &self.binding));
        let row = || rule.args.iter().map(|arg| self.setting.word(arg, &self.binding)).collect::<Option<Vec<Word>>>();
        if let Some(row) = is_known.then(row).flatten()
            && !ground.holds(&Fact { relation: rule.head, row: row.clone() })
        {
            ground.surpassed(of, &row, self.step);
        }
    }

    /// What names the fewest facts first: conditions, rows that cannot become more, absences, the rest.
    fn next(&self) -> Option<usize> {
        let costs = self.open.iter().enumerate().filter_map(|(at, goal)| Some((self.cost(goal)?, at)));
        costs.min().map(|(_, at)| at)
    }

    fn cost(&self, goal: &Goal<'a>) -> Option<(u8, usize)> {
        let (setting, binding) = (self.setting, &self.binding);
        match goal {
            Goal::Equal(term, word) => {
                let is_known = setting.is_bound(term, binding) || setting.inverted(term, *word, binding).is_some();
                is_known.then_some((0, 0))
            }
            Goal::Literal(literal) => match literal {
                Literal::Test(test) if setting.given_by(test, binding).is_some() => Some((5, 0)),
                Literal::Compare(_) | Literal::Test(_) => setting.is_ready(literal, binding).then_some((0, 0)),
                Literal::Atom(atom) => {
                    // An estimate would do, but estimates depend on what was asked before.
                    let pattern = setting.pattern(atom, binding);
                    let rows = pattern.map_or(0, |pattern| setting.ground.count(atom.relation, &pattern));
                    Some(match (setting.ground.is_fragile(atom.relation), rows) {
                        (false, 0) => (1, 0),
                        (false, rows) => (3, rows),
                        (true, rows) => (4, rows),
                    })
                }
                Literal::Absent(_) => setting.is_ready(literal, binding).then_some((2, 0)),
                Literal::Aggregate(_) => setting.is_ready(literal, binding).then_some((5, 0)),
                Literal::Or(_) => Some((6, 0)),
            },
        }
    }

    fn take(&mut self, goal: Goal<'a>) {
        let setting = self.setting;
        match goal {
            Goal::Equal(term, word) => match setting.inverted(term, word, &self.binding) {
                Some((var, word)) => self.with(var.index(), word),
                None if setting.word(term, &self.binding) == Some(word) => self.go(),
                None => {}
            },
            Goal::Literal(Literal::Test(test)) => match setting.given_by(test, &self.binding) {
                Some((var, given)) => {
                    let words = setting.each(test, given, &self.binding);
                    words.into_iter().for_each(|word| self.with(var.index(), word));
                }
                None if setting.test(test, &self.binding) => self.go(),
                None => {}
            },
            Goal::Literal(Literal::Compare(comparison)) => match setting.compare(comparison, &self.binding) {
                Compared::Fails => {}
                Compared::Holds => self.go(),
                Compared::Binds(var, word) => self.with(var.index(), word),
            },
            Goal::Literal(Literal::Absent(atom)) => match setting.blocker(atom, &self.binding) {
                Some(row) => match setting.ground.program.relations[atom.relation].role {
                    Role::GivingWay(of) => setting.ground.surpassed(of, &row[..row.len() / 2], self.step),
                    _ => _ = self.step.because.insert(Fact { relation: atom.relation, row }),
                },
                None => self.go(),
            },
            Goal::Literal(Literal::Atom(atom)) => self.atom(atom),
            Goal::Literal(Literal::Or(branches)) => {
                for branch in branches {
                    let before = self.open.len();
                    self.open.extend(branch.iter().map(Goal::Literal));
                    self.go();
                    self.open.truncate(before);
                }
            }
            Goal::Literal(literal @ Literal::Aggregate(aggregate)) => {
                setting.keep(literal, &self.binding, self.step);
                match (setting.aggregate(aggregate, &self.binding), self.binding[aggregate.result.index()]) {
                    (None, _) => {}
                    (Some(word), Some(known)) if word != known => {}
                    (Some(_), Some(_)) => self.go(),
                    (Some(word), None) => self.with(aggregate.result.index(), word),
                }
            }
        }
    }

    fn atom(&mut self, atom: &'a Atom) {
        let setting = self.setting;
        let Some(pattern) = setting.pattern(atom, &self.binding) else { return };
        self.step.keep(setting.ground, atom.relation, pattern.clone());
        let mut bound = Vec::new();
        let _ = setting.ground.each(atom.relation, &pattern, &mut |row| {
            if setting.bind_row(&atom.args, row, &mut self.binding, &mut bound) {
                let before = self.open.len();
                let open = atom.args.iter().zip(row).filter(|(arg, _)| !setting.is_bound(arg, &self.binding));
                self.open.extend(open.map(|(arg, word)| Goal::Equal(arg, *word)).collect::<Vec<_>>());
                self.go();
                self.open.truncate(before);
            }
            bound.drain(..).for_each(|var| self.binding[var.index()] = None);
            ControlFlow::Continue(())
        });
    }

    fn with(&mut self, var: usize, word: Word) {
        self.binding[var] = Some(word);
        self.go();
        self.binding[var] = None;
    }
}

impl<'a> Setting<'_, 'a> {
    /// What keeps a literal that holds from failing when facts are taken away: nothing for what its premises do not say
    /// already.
    pub(in crate::explain) fn keep(&self, literal: &'a Literal, binding: &Binding, step: &mut Step) {
        match literal {
            Literal::Absent(atom) => {
                if let Some(words) = self.pattern(atom, binding) {
                    step.keep(self.ground, atom.relation, words);
                }
            }
            Literal::Aggregate(aggregate) => {
                self.keep_rows(aggregate, binding, step);
                for solution in self.rows_of(aggregate, binding).values() {
                    step.because.extend(self.premises(&aggregate.body, solution));
                    for literal in solution.reached(&aggregate.body) {
                        self.keep(literal, &solution.binding, step);
                    }
                }
            }
            Literal::Atom(_) | Literal::Compare(_) | Literal::Test(_) | Literal::Or(_) => {}
        }
    }

    /// What keeps an aggregate from ranging over more rows when facts are taken away.
    pub(in crate::explain) fn keep_rows(&self, aggregate: &'a Aggregate, binding: &Binding, step: &mut Step) {
        let open = aggregate.body.iter().map(Goal::Literal).collect();
        Walk { step, setting: *self, open, binding: self.group(aggregate, binding), derives: false }.go();
    }
}
