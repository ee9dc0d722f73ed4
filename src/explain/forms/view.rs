//! A proof with everything that is needed to show it, whatever the form.
//!
//! In: a proof, the program and the texts that it is about, its evidence, and where its stored facts come from. Out:
//! places and texts as the forms write them.

use super::outline::By;
use crate::check::{Program, RuleId};
use crate::data::IdVec;
use crate::explain::evidence::Evidence;
use crate::explain::proof::{NodeId, Proof};
use crate::explain::words::Words;
use crate::report::{Sources, Span};
use std::sync::Arc;

/// A proof to be shown.
#[derive(Debug, Clone, Copy)]
pub struct View<'a> {
    /// The program whose proof it is, the question included.
    pub program: &'a Program,
    /// The texts that its spans lie in.
    pub sources: &'a Sources,
    /// The proof.
    pub proof: &'a Proof,
    /// The claims that it rests on.
    pub evidence: &'a Evidence,
    /// Where each stored fact comes from.
    pub places: &'a IdVec<NodeId, Option<Place>>,
}

/// Where a stored fact comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// A clause, which starts here.
    Clause(Span),
    /// A row of a data file.
    Row {
        /// The file.
        file: Arc<str>,
        /// The line on which the row begins, if it could be found.
        line: Option<usize>,
    },
}

/// A place in a file, as people write it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct FileLine<'a> {
    pub(super) file: &'a str,
    pub(super) line: Option<usize>,
}

impl std::fmt::Display for FileLine<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.file)?;
        self.line.map_or(Ok(()), |line| write!(f, ":{line}"))
    }
}

impl<'a> View<'a> {
    pub(super) fn words(&self) -> Words<'a> {
        Words::new(self.program)
    }

    /// Where a rule stands.
    pub(super) fn rule_place(&self, rule: RuleId) -> FileLine<'a> {
        self.file_line(self.program.rules[rule].span)
    }

    /// Where what a fact follows by stands: a rule, or the declaration of its relation.
    pub(super) fn by_place(&self, node: NodeId, by: By) -> FileLine<'a> {
        match by {
            By::Rule(rule) => self.rule_place(rule),
            By::Equivalence => {
                let declared = self.program.relations[self.proof.nodes[node].relation].span;
                self.file_line(declared.expect("an equivalence is declared"))
            }
        }
    }

    /// A rule as it is written.
    pub(super) fn rule_text(&self, rule: RuleId) -> &'a str {
        self.sources.slice(self.program.rules[rule].span)
    }

    /// Where a stored fact comes from, if that is known.
    pub(super) fn place(&self, node: NodeId) -> Option<FileLine<'a>> {
        match self.places.get(node)?.as_ref()? {
            Place::Clause(span) => Some(self.file_line(*span)),
            Place::Row { file, line } => Some(FileLine { file, line: *line }),
        }
    }

    fn file_line(&self, span: Span) -> FileLine<'a> {
        FileLine { file: self.sources.file(span), line: Some(self.sources.line(span)) }
    }
}
