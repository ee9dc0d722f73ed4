//! What was said statement by statement, so that it can be written down before it is lost.

use crate::check::{Fact, Program};
use crate::data::Value;
use crate::report::SourceId;
use crate::syntax::Ast;
use std::collections::BTreeSet;
use std::sync::Arc;

/// The statements that did not come from a file.
#[derive(Debug, Clone, Default)]
pub(super) struct Told {
    /// The texts they stand in.
    sources: Arc<BTreeSet<SourceId>>,
    /// The facts, in the order they were told.
    facts: Vec<Arc<Vec<ToldFact>>>,
}

/// A fact that was told. It may have been retracted since.
#[derive(Debug)]
pub(super) struct ToldFact {
    pub(super) relation: String,
    pub(super) row: Vec<Value>,
    /// None for a fact that was just said.
    pub(super) citations: Vec<Value>,
}

impl Told {
    /// Adds the statements of a tree, whose facts were checked.
    pub(super) fn add(&mut self, ast: &Ast, program: &Program, facts: &[Fact]) {
        Arc::make_mut(&mut self.sources).extend(ast.items.iter().map(|item| item.span.source));
        let told = facts.iter().map(|fact| ToldFact {
            relation: program.relations[fact.relation].name.clone(),
            row: fact.row.clone(),
            citations: fact.citations.clone(),
        });
        if !facts.is_empty() {
            self.facts.push(Arc::new(told.collect()));
        }
    }

    pub(super) fn said_in(&self, source: SourceId) -> bool {
        self.sources.contains(&source)
    }

    pub(super) fn facts(&self) -> impl Iterator<Item = &ToldFact> {
        self.facts.iter().flat_map(|batch| batch.iter())
    }
}
