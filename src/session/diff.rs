//! What assumptions change: the conclusions gained and lost, and which of the assumed changes caused each.
//!
//! In: a session with layers. Out: a [`Diff`]: the difference of two evaluations, and for each row of it a [`Cause`],
//! which is found by making the changes again without one of them, and one of them alone: at most twice as many
//! evaluations as there are changes. Promise: rows are in order; a cause says nothing that an evaluation did not show.

use super::assumed::Assumed;
use super::{Failure, Session};
use crate::check::{Program, RelationId};
use crate::data::{Type, Value, Word};
use crate::eval::Progress;
use crate::report::Span;
use crate::store::Relation;
use std::collections::BTreeSet;
use std::ops::ControlFlow;
use std::sync::Arc;

/// After so many rows it is asked whether to go on.
const PIECE: usize = 4096;

/// What the changes of layers do to what follows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diff {
    /// The changes, in the order in which they were made.
    pub changes: Vec<DiffChange>,
    /// Rows of derived relations that are there only with the changes, or only without them; by name of the relation,
    /// then by value.
    pub conclusions: Vec<Conclusion>,
    /// Violations of constraints that are there only with the changes, or only without them, in the order of the text.
    pub violations: Vec<Violation>,
    /// Why no causes are given, where none are.
    pub causes_missing: Option<String>,
}

/// An assumed change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DiffChange {
    /// The layer that it was made in, counted from 1 at the bottom.
    pub layer: usize,
    /// The change as it could be typed.
    pub text: String,
}

/// A row that was gained or lost.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conclusion {
    /// The relation.
    pub relation: String,
    /// The row.
    pub row: Vec<Value>,
    /// Whether it was gained; else it was lost.
    pub gained: bool,
    /// What caused it.
    pub cause: Option<Cause>,
}

/// A breach of a constraint that came or went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// What the constraint promises.
    pub promise: Option<String>,
    /// Where it is written.
    pub span: Span,
    /// The variables.
    pub variables: Vec<String>,
    /// Their values.
    pub row: Vec<Value>,
    /// Whether the constraint is broken with the changes; else it is mended by them.
    pub broken: bool,
    /// What caused it.
    pub cause: Option<Cause>,
}

/// Which of the changes caused a difference, by their places in [`Diff::changes`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cause {
    /// Without any one of these, and with all others, it would not be there.
    Each(Vec<usize>),
    /// No single change is needed for it, and any one of these alone is enough.
    AnyOf(Vec<usize>),
    /// No single change is needed, and none is enough.
    Together,
}

impl Session {
    /// What the layers change, from the one with this index on: `0` compares with what is known without assumptions.
    /// Without a layer nothing is changed.
    pub fn diff(&mut self, layer: usize) -> Result<Diff, Failure> {
        let counts = |change: &&Assumed| change.counts();
        let number = |at: usize| self.layers[at].changes.iter().filter(counts).map(move |change| (at + 1, change));
        let changes = (layer..self.layers.len()).flat_map(number);
        let changes = changes.map(|(layer, change)| DiffChange { layer, text: change.to_string() }).collect();
        let mut diff = Diff { changes, conclusions: Vec::new(), violations: Vec::new(), causes_missing: None };
        let limits = self.limits.clone();
        let Some(below) = self.layers.get_mut(layer) else { return Ok(diff) };
        let before = Arc::make_mut(&mut below.before);
        let subjects = Subjects::of(&before.program, &self.program);
        before.limits = limits;
        before.evaluate(subjects.under(&before.program))?;
        self.evaluate(subjects.under(&self.program))?;
        let mut found = self.differences(&self.layers[layer].before, &subjects)?;
        diff.causes_missing = self.find_causes(layer, &subjects, &mut found)?;
        for difference in found {
            match &subjects.all[difference.subject] {
                Subject::Relation(name) => diff.conclusions.push(difference.conclusion(name)),
                Subject::Constraint(span) => diff.violations.push(self.violation(*span, difference)),
            }
        }
        Ok(diff)
    }

    /// The rows that two sessions do not share, in order.
    fn differences(&self, before: &Session, subjects: &Subjects) -> Result<Vec<Difference>, Failure> {
        let mut found = Vec::new();
        for (subject, what) in subjects.all.iter().enumerate() {
            let first = found.len();
            for (here, there, gained) in [(self, before, true), (before, self, false)] {
                let Some(relation) = what.under(&here.program) else { continue };
                let columns = &here.program.relations[relation].columns;
                let rows = &here.model.store[relation];
                let types: Vec<Type> = columns.iter().map(|column| column.ty).collect();
                let other = there.typed_rows(what, &types);
                if other.is_some_and(|other| other.is_copy_of(rows)) {
                    continue;
                }
                let mut only_here: Vec<Vec<Word>> = Vec::new();
                let mut asked = Ok(());
                rows.scan(&mut |rows| {
                    for row in 0..rows.len() {
                        if row % PIECE == 0 {
                            let bytes = PIECE * types.len() * size_of::<Value>();
                            asked = self.limits.ask(bytes, Progress::default);
                            if asked.is_err() {
                                return ControlFlow::Break(());
                            }
                        }
                        let row: Vec<Word> = rows.row(row).collect();
                        if !other.is_some_and(|other| other.contains(&row)) {
                            only_here.push(row);
                        }
                    }
                    ControlFlow::Continue(())
                });
                asked?;
                let table = self.symbols.read();
                found.extend(only_here.into_iter().map(|words| {
                    let values = words.iter().zip(columns).map(|(word, column)| word.decode(column.ty, &table));
                    Difference { subject, row: values.collect(), words, gained, cause: None }
                }));
            }
            found[first..].sort_by(|a, b| a.row.cmp(&b.row));
        }
        Ok(found)
    }

    /// The rows of a relation or a constraint, if they are of these types: the types of columns that only rules fill
    /// may change with the rules.
    pub(super) fn typed_rows(&self, subject: &Subject, types: &[Type]) -> Option<&Relation> {
        let relation = subject.under(&self.program)?;
        let columns = self.program.relations[relation].columns.iter().map(|column| column.ty);
        columns.eq(types.iter().copied()).then(|| &self.model.store[relation])
    }

    fn violation(&self, span: Span, difference: Difference) -> Violation {
        let constraint = self.program.constraints.iter().find(|constraint| constraint.span == span);
        let constraint = constraint.expect("a constraint that is broken or mended is part of the program");
        let columns = &self.program.relations[constraint.relation].columns;
        Violation {
            promise: constraint.message.clone(),
            span,
            variables: columns.iter().map(|column| column.name.clone()).collect(),
            row: difference.row,
            broken: difference.gained,
            cause: difference.cause,
        }
    }
}

/// A row that is there only with the changes, or only without them.
pub(super) struct Difference {
    /// Its place among the subjects.
    pub(super) subject: usize,
    words: Vec<Word>,
    row: Vec<Value>,
    pub(super) gained: bool,
    pub(super) cause: Option<Cause>,
}

impl Difference {
    /// Whether a session has the row.
    pub(super) fn is_in(&self, session: &Session, subjects: &Subjects) -> bool {
        let types: Vec<Type> = self.row.iter().map(Value::ty).collect();
        let rows = session.typed_rows(&subjects.all[self.subject], &types);
        rows.is_some_and(|rows| rows.contains(&self.words))
    }

    fn conclusion(self, relation: &str) -> Conclusion {
        Conclusion { relation: relation.to_owned(), row: self.row, gained: self.gained, cause: self.cause }
    }
}

/// What is compared: the derived relations by name, then the constraints.
pub(super) struct Subjects {
    pub(super) all: Vec<Subject>,
}

/// Rows that programs share whatever ids they give to what holds them.
pub(super) enum Subject {
    Relation(String),
    Constraint(Span),
}

impl Subjects {
    fn of(before: &Program, after: &Program) -> Self {
        let derived = |program: &Program| -> Vec<String> {
            let relations = program.named().map(|id| &program.relations[id]);
            relations.filter(|relation| relation.is_derived()).map(|relation| relation.name.clone()).collect()
        };
        let names: BTreeSet<String> = derived(before).into_iter().chain(derived(after)).collect();
        let constraints = after.constraints.iter().map(|constraint| Subject::Constraint(constraint.span));
        Subjects { all: names.into_iter().map(Subject::Relation).chain(constraints).collect() }
    }

    /// The relations of a program that hold them.
    fn under(&self, program: &Program) -> Vec<RelationId> {
        self.all.iter().filter_map(|subject| subject.under(program)).collect()
    }
}

impl Subject {
    /// The relation of a program that holds it.
    pub(super) fn under(&self, program: &Program) -> Option<RelationId> {
        match self {
            Subject::Relation(name) => program.relation(name),
            Subject::Constraint(span) => {
                let constraint = program.constraints.iter().find(|constraint| constraint.span == *span);
                constraint.map(|constraint| constraint.relation)
            }
        }
    }
}
