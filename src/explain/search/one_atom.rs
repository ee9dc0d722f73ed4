//! A question of one atom: what it asks for can be looked up where it lies.

use crate::check::{Atom, Literal, Program, RelationId, Term, VarId};
use crate::data::{Value, Word};
use crate::eval::Stopped;
use crate::explain::ground::{Fact, Ground};
use std::collections::{BTreeSet, HashSet};
use std::ops::ControlFlow;

/// A question of one atom whose arguments are values, `_`, and variables, each of which occurs once.
pub struct OneAtom<'a> {
    atom: &'a Atom,
    /// The columns of the answer: where its variables stand, in order.
    columns: Vec<usize>,
}

/// What a question matches.
pub struct Matches {
    /// The row of the first answer, the least one where `_` leaves a choice.
    pub first: Option<Fact>,
    /// How many answers there are.
    pub answers: usize,
}

impl<'a> OneAtom<'a> {
    /// The question that this relation holds the answers of, if it is of this kind.
    pub fn of(program: &'a Program, goal: RelationId) -> Option<Self> {
        let [rule] = program.relations[goal].rules[..] else { return None };
        let rule = &program.rules[rule];
        let [Literal::Atom(atom)] = &rule.body[..] else { return None };
        let mut seen: BTreeSet<VarId> = BTreeSet::new();
        let mut columns = Vec::new();
        for (column, arg) in atom.args.iter().enumerate() {
            match arg {
                Term::Variable(var) if !seen.insert(*var) => return None,
                Term::Variable(var) if rule.variables[*var].name == "_" => {}
                Term::Variable(_) => columns.push(column),
                Term::Constant(_) | Term::Wildcard => {}
                Term::Call { .. } => return None,
            }
        }
        Some(Self { atom, columns })
    }

    /// The relation that is asked.
    pub fn relation(&self) -> RelationId {
        self.atom.relation
    }

    /// The values that are given.
    pub fn given(&self) -> Vec<Option<Value>> {
        let given = |arg: &Term| match arg {
            Term::Constant(value) => Some(value.clone()),
            Term::Variable(_) | Term::Wildcard | Term::Call { .. } => None,
        };
        self.atom.args.iter().map(given).collect()
    }

    /// Looks the answers up. The relation is complete.
    pub fn matches(&self, ground: &Ground<'_>) -> Result<Matches, Stopped> {
        let given = self.given();
        let known = given.iter().flatten().map(|value| Word::find(value, &ground.symbols.read()));
        if known.clone().any(|word| word.is_none()) {
            return Ok(Matches { first: None, answers: 0 });
        }
        let leaves_choice = self.columns.len() + given.iter().flatten().count() < given.len();
        let (mut rows, mut distinct): (usize, HashSet<Vec<Word>>) = (0, HashSet::new());
        let mut least: Option<Vec<Word>> = None;
        // Answers are in order of their own columns; what `_` stands for comes behind.
        let order: Vec<usize> = self.columns.iter().copied().chain(0..given.len()).collect();
        let relation = self.atom.relation;
        let _ = ground.each(relation, &ground.pattern(&given), &mut |row| {
            rows += 1;
            if leaves_choice {
                distinct.insert(self.columns.iter().map(|column| row[*column]).collect());
            }
            if least.as_ref().is_none_or(|known| ground.compare(relation, &order, row, known).is_lt()) {
                least = Some(row.to_vec());
            }
            ControlFlow::Continue(())
        });
        let answers = if leaves_choice { distinct.len() } else { rows };
        let first = least.map(|row| Fact { relation, row });
        ground.end(Matches { first, answers })
    }
}
