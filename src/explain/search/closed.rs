//! Why nothing more holds: the facts that keep an absence absent when others are taken away.
//!
//! In: an atom that no row matches, or the body of an aggregate. Out: facts that hold. Promise: as long as they are
//! derived, whatever stored facts are taken away besides, no row matches the atom, and the body holds in no way in
//! which it does not hold now.
//!
//! Taking facts away can only add a row where a rule asks for an absence or an aggregate, however indirectly. So the
//! rules of such a relation are gone through for all that could make them hold: rows that are there now are followed;
//! an absence that is blocked stays so with one fact that blocks it; an aggregate keeps its value with all its rows. A
//! relation is asked about once for each pattern: a row that were to appear first could not rest on itself.

use super::solve::Goal;
use super::terms::{Binding, Compared, Setting};
use crate::check::{Aggregate, Atom, Literal, RelationId, Term};
use crate::data::{Id, Word};
use crate::explain::ground::{Fact, Ground};
use std::collections::{BTreeSet, HashSet};
use std::ops::ControlFlow;

/// Facts that keep things absent, gathered.
pub(in crate::explain) struct Closing<'g, 'a> {
    ground: &'g Ground<'a>,
    asked: HashSet<(RelationId, Vec<Option<Word>>)>,
    because: BTreeSet<Fact>,
}

impl<'g, 'a> Closing<'g, 'a> {
    /// Why no row is as a negated atom says.
    pub(in crate::explain) fn of_atom(setting: Setting<'g, 'a>, atom: &Atom, binding: &Binding) -> BTreeSet<Fact> {
        let mut closing = Self { ground: setting.ground, asked: HashSet::new(), because: BTreeSet::new() };
        if let Some(pattern) = setting.pattern(atom, binding) {
            closing.relation(atom.relation, pattern);
        }
        closing.because
    }

    /// Why a body holds in no further way.
    pub(in crate::explain) fn of_body(
        setting: Setting<'g, 'a>,
        body: &'a [Literal],
        binding: Binding,
    ) -> BTreeSet<Fact> {
        let mut closing = Self { ground: setting.ground, asked: HashSet::new(), because: BTreeSet::new() };
        closing.body(setting, body, binding);
        closing.because
    }

    /// Keeps a relation from gaining a row like this.
    fn relation(&mut self, relation: RelationId, pattern: Vec<Option<Word>>) {
        if !self.ground.is_fragile(relation) || self.ground.go_on().is_break() {
            return;
        }
        if !self.asked.insert((relation, pattern.clone())) {
            return;
        }
        for rule in &self.ground.program.relations[relation].rules {
            let setting = Setting { ground: self.ground, rule: &self.ground.program.rules[*rule] };
            let mut binding = setting.unbound();
            let mut agrees = true;
            for (arg, word) in setting.rule.args.iter().zip(&pattern) {
                if let Some(word) = word {
                    agrees &= setting.bind_row(std::slice::from_ref(arg), &[*word], &mut binding, &mut Vec::new());
                }
            }
            if agrees {
                let computed = setting.rule.args.iter().zip(&pattern).filter_map(|(arg, word)| Some((arg, (*word)?)));
                let computed = computed.filter(|(arg, _)| matches!(arg, Term::Call { .. }));
                let open = computed.map(|(arg, word)| Goal::Equal(arg, word));
                let open = setting.rule.body.iter().map(Goal::Literal).chain(open).collect();
                Walk { closing: self, setting, open, binding }.go();
            }
        }
    }

    fn body(&mut self, setting: Setting<'g, 'a>, body: &'a [Literal], binding: Binding) {
        Walk { closing: self, setting, open: body.iter().map(Goal::Literal).collect(), binding }.go();
    }
}

/// A walk through everything that could make a body hold.
struct Walk<'c, 'g, 'a> {
    closing: &'c mut Closing<'g, 'a>,
    setting: Setting<'g, 'a>,
    open: Vec<Goal<'a>>,
    binding: Binding,
}

impl<'a> Walk<'_, '_, 'a> {
    fn go(&mut self) {
        if self.setting.ground.go_on().is_break() {
            return;
        }
        // A body that could hold holds now, or cannot be told from one that does.
        let Some(at) = self.next() else { return };
        let goal = self.open.remove(at);
        self.take(goal);
        self.open.insert(at, goal);
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
                Literal::Compare(_) | Literal::Test(_) => setting.is_ready(literal, binding).then_some((0, 0)),
                Literal::Atom(atom) => {
                    // Counts would be better, but what is known of them depends on what was asked before.
                    let pattern = setting.pattern(atom, binding);
                    let open = pattern.iter().flatten().filter(|word| word.is_none()).count();
                    let is_there = pattern.is_some_and(|pattern| setting.ground.any(atom.relation, &pattern));
                    Some(match (setting.ground.is_fragile(atom.relation), is_there) {
                        (false, false) => (1, 0),
                        (false, true) => (3, open),
                        (true, _) => (4, open),
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
            Goal::Literal(Literal::Test(test)) => {
                if setting.test(test, &self.binding) {
                    self.go();
                }
            }
            Goal::Literal(Literal::Compare(comparison)) => match setting.compare(comparison, &self.binding) {
                Compared::Fails => {}
                Compared::Holds => self.go(),
                Compared::Binds(var, word) => self.with(var.index(), word),
            },
            Goal::Literal(Literal::Absent(atom)) => match setting.blocker(atom, &self.binding) {
                Some(row) => {
                    self.closing.because.insert(Fact { relation: atom.relation, row });
                }
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
                self.closing.because.extend(setting.keeps(literal, &self.binding));
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
        self.closing.relation(atom.relation, pattern.clone());
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

impl<'g, 'a> Setting<'g, 'a> {
    /// What keeps a literal that holds from failing when facts are taken away: nothing for what its premises do not say
    /// already.
    pub(in crate::explain) fn keeps(&self, literal: &'a Literal, binding: &Binding) -> BTreeSet<Fact> {
        match literal {
            Literal::Absent(atom) => Closing::of_atom(*self, atom, binding),
            Literal::Aggregate(aggregate) => {
                let mut kept = self.further(aggregate, binding);
                for solution in self.rows_of(aggregate, binding).values() {
                    kept.extend(self.premises(&aggregate.body, solution));
                    for literal in solution.reached(&aggregate.body) {
                        kept.extend(self.keeps(literal, &solution.binding));
                    }
                }
                kept
            }
            Literal::Atom(_) | Literal::Compare(_) | Literal::Test(_) | Literal::Or(_) => BTreeSet::new(),
        }
    }
    /// What keeps an aggregate from ranging over more rows when facts are taken away.
    pub(in crate::explain) fn further(&self, aggregate: &'a Aggregate, binding: &Binding) -> BTreeSet<Fact> {
        Closing::of_body(*self, &aggregate.body, self.group(aggregate, binding))
    }
}
