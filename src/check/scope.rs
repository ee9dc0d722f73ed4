//! Which variables does an aggregate share with what stands around it?
//!
//! A name in an aggregate is shared if it also occurs around the aggregate: in the head, in a condition that must
//! hold together with it, or around an enclosing aggregate. What occurs only in other branches of a `;`, or only in
//! other aggregates, is not around it.

use super::VarId;
use super::draft::Mention;
use crate::report::Span;
use crate::syntax::{Aggregate, Literal, LiteralKind, Term, TermKind};
use indexmap::IndexMap;
use rustc_hash::{FxBuildHasher, FxHashMap};

type Names<'a, T> = IndexMap<&'a str, T, FxBuildHasher>;

/// A clause or an aggregate: the bodies around a place in it, and its variables by name.
pub(super) struct Frame<'a> {
    /// The head of a clause, or what an aggregate ranges over.
    terms: &'a [Term],
    /// The bodies around the place that is being read, the outermost first.
    path: Vec<Step<'a>>,
    /// Variables of the frames around this one.
    shared: Names<'a, Mention>,
    own: FxHashMap<&'a str, VarId>,
    /// Every variable that belongs to this frame, in order of first occurrence.
    pub(super) local: Vec<VarId>,
}

struct Step<'a> {
    body: &'a [Literal],
    at: usize,
}

/// A name and where it is written.
#[derive(Debug, Clone, Copy)]
pub(super) struct NameAt<'a> {
    pub(super) name: &'a str,
    pub(super) span: Span,
}

impl<'a> Frame<'a> {
    /// A clause with this head.
    pub(super) fn new(terms: &'a [Term]) -> Self {
        Frame { terms, path: Vec::new(), shared: Names::default(), own: FxHashMap::default(), local: Vec::new() }
    }

    /// An aggregate.
    pub(super) fn of_aggregate(aggregate: &'a Aggregate) -> Self {
        Frame::new(aggregate.target.as_slice())
    }

    pub(super) fn enter(&mut self, body: &'a [Literal]) {
        self.path.push(Step { body, at: 0 });
    }

    pub(super) fn step_to(&mut self, at: usize) {
        self.path.last_mut().expect("a body was entered").at = at;
    }

    pub(super) fn leave(&mut self) {
        self.path.pop();
    }

    /// The variable that a name stands for, if it was seen before.
    pub(super) fn find(&self, name: &str) -> Option<VarId> {
        self.shared.get(name).map(|mention| mention.variable).or_else(|| self.own.get(name).copied())
    }

    pub(super) fn own(&mut self, name: &'a str, variable: VarId) {
        self.own.insert(name, variable);
        self.local.push(variable);
    }

    pub(super) fn share(&mut self, name: &'a str, mention: Mention) {
        self.shared.insert(name, mention);
    }

    /// Whether the name belongs to a frame around this one.
    pub(super) fn shares(&self, name: &str) -> bool {
        self.shared.contains_key(name)
    }

    /// The variables that this frame shares with those around it, each where it stands first.
    pub(super) fn outer(&self) -> Vec<Mention> {
        self.shared.values().copied().collect()
    }

    /// The names around an aggregate at the current place, each with its first place.
    pub(super) fn visible(&self) -> FxHashMap<&'a str, Span> {
        let mut found = Names::default();
        for term in self.terms {
            names_of_term(term, Depth::Outside, &mut found);
        }
        for (depth, step) in self.path.iter().enumerate() {
            let innermost = depth + 1 == self.path.len();
            for (at, literal) in step.body.iter().enumerate() {
                let on_the_way = at == step.at && !innermost;
                if !on_the_way {
                    names_of_literal(literal, Depth::Outside, &mut found);
                }
            }
        }
        found.into_iter().collect()
    }

    /// Every name in an aggregate, those of aggregates within it included, in order of first occurrence.
    pub(super) fn mentioned_in(aggregate: &'a Aggregate) -> Vec<NameAt<'a>> {
        let mut found = Names::default();
        names_of_aggregate(aggregate, &mut found);
        found.into_iter().map(|(name, span)| NameAt { name, span }).collect()
    }
}

/// Whether names within aggregates count.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Depth {
    Outside,
    Everything,
}

fn names_of_aggregate<'a>(aggregate: &'a Aggregate, found: &mut Names<'a, Span>) {
    if let Some(target) = &aggregate.target {
        names_of_term(target, Depth::Everything, found);
    }
    for literal in &aggregate.body {
        names_of_literal(literal, Depth::Everything, found);
    }
}

fn names_of_literal<'a>(literal: &'a Literal, depth: Depth, found: &mut Names<'a, Span>) {
    match &literal.kind {
        LiteralKind::Atom(atom) | LiteralKind::Not(atom) => {
            for term in atom.args.iter().chain(atom.citation.as_deref()) {
                names_of_term(term, depth, found);
            }
        }
        LiteralKind::Compare { left, right, .. } => {
            names_of_term(left, depth, found);
            names_of_term(right, depth, found);
        }
        LiteralKind::Or(branches) => {
            for literal in branches.iter().flatten() {
                names_of_literal(literal, depth, found);
            }
        }
    }
}

fn names_of_term<'a>(term: &'a Term, depth: Depth, found: &mut Names<'a, Span>) {
    match &term.kind {
        TermKind::Variable(name) => {
            found.entry(name.as_str()).or_insert(term.span);
        }
        TermKind::Aggregate(aggregate) => match depth {
            Depth::Outside => {}
            Depth::Everything => names_of_aggregate(aggregate, found),
        },
        _ => term.parts().for_each(|part| names_of_term(part, depth, found)),
    }
}
