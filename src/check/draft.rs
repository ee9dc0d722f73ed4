//! A clause between tree and program: names are ids, the shape is final, types are not known yet.
//!
//! Made by [`lower`](super::lower), asked by every check, made final by [`finish`](super::finish). Every term still
//! knows its place, because messages about types and safety point at terms.

use super::inference::NodeId;
use super::overloads::ChoiceId;
use super::{AggregateOp, CompareOp, RelationId, VarId};
use crate::data::{Foreign, IdVec, Tag, Value};
use crate::report::Span;
use std::sync::Arc;

/// A rule, or a query or constraint that became one.
#[derive(Debug)]
pub(super) struct Clause {
    pub(super) kind: Kind,
    pub(super) head: RelationId,
    pub(super) args: Vec<Term>,
    pub(super) body: Vec<Literal>,
    pub(super) variables: IdVec<VarId, Variable>,
    pub(super) span: Span,
}

/// What a clause is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Kind {
    Rule,
    /// Rows of this relation give way: the head is one of them, then the one that it gives way to.
    Subsumption(RelationId),
    Query,
    Constraint {
        message: Option<String>,
    },
}

#[derive(Debug)]
pub(super) struct Variable {
    pub(super) name: String,
    pub(super) span: Span,
    pub(super) node: NodeId,
    /// How often the text writes it.
    pub(super) uses: u32,
    pub(super) origin: Origin,
}

/// Where a variable comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Origin {
    /// The clause itself.
    Clause,
    /// The body of an aggregate.
    Aggregate,
    /// `_`, or an aggregate within a larger term.
    Unnamed,
}

#[derive(Debug)]
pub(super) enum Literal {
    Atom(Atom),
    Absent(Atom),
    Compare {
        op: CompareOp,
        left: Term,
        right: Term,
        span: Span,
    },
    Test {
        choice: ChoiceId,
        args: Vec<Term>,
        negated: bool,
        span: Span,
    },
    /// `X = range(1, 9)`: the first argument, a variable, is any of the values that the others give.
    OneOf {
        choice: ChoiceId,
        args: Vec<Term>,
        span: Span,
    },
    Aggregate(Aggregate),
    Or(Vec<Vec<Literal>>),
    /// A condition that has been complained about: whatever it mentions counts as bound.
    Broken(Vec<Term>),
}

#[derive(Debug)]
pub(super) struct Atom {
    pub(super) relation: RelationId,
    pub(super) args: Vec<Term>,
    pub(super) span: Span,
}

#[derive(Debug)]
pub(super) struct Aggregate {
    pub(super) result: VarId,
    pub(super) op: AggregateOp,
    pub(super) target: Option<Term>,
    pub(super) body: Vec<Literal>,
    /// The group, each with the place where the aggregate mentions it first.
    pub(super) outer: Vec<Mention>,
    pub(super) local: Vec<VarId>,
    pub(super) span: Span,
}

/// A variable at a place.
#[derive(Debug, Clone, Copy)]
pub(super) struct Mention {
    pub(super) variable: VarId,
    pub(super) span: Span,
}

#[derive(Debug)]
pub(super) struct Term {
    pub(super) kind: TermKind,
    pub(super) span: Span,
}

#[derive(Debug)]
pub(super) enum TermKind {
    Variable(VarId),
    Wildcard,
    Constant {
        value: Value,
        node: NodeId,
    },
    Call {
        choice: ChoiceId,
        args: Vec<Term>,
    },
    /// `[X, Y]`, `$Circle(R)`
    Record {
        tag: Tag,
        args: Vec<Term>,
        node: NodeId,
    },
    /// `@f(X)`
    Foreign {
        function: Arc<Foreign>,
        args: Vec<Term>,
        node: NodeId,
    },
    /// `as(X, node)`
    Cast {
        term: Box<Term>,
        node: NodeId,
    },
    /// A term that has been complained about.
    Broken {
        args: Vec<Term>,
        node: NodeId,
    },
}

impl Term {
    /// The variable, if the term is nothing else.
    pub(super) fn lone_variable(&self) -> Option<VarId> {
        match self.kind {
            TermKind::Variable(variable) => Some(variable),
            TermKind::Wildcard | TermKind::Constant { .. } | TermKind::Call { .. } => None,
            TermKind::Record { .. } | TermKind::Foreign { .. } => None,
            TermKind::Cast { .. } | TermKind::Broken { .. } => None,
        }
    }

    /// Calls `visit` with every variable that a record taken apart gives a value: `X` and `Y` of `[X, [Y, Z + 1]]`.
    pub(super) fn each_taken(&self, visit: &mut impl FnMut(VarId)) {
        match &self.kind {
            TermKind::Variable(variable) => visit(*variable),
            TermKind::Record { args, .. } => args.iter().for_each(|arg| arg.each_taken(visit)),
            TermKind::Wildcard | TermKind::Constant { .. } | TermKind::Call { .. } => {}
            TermKind::Foreign { .. } | TermKind::Cast { .. } | TermKind::Broken { .. } => {}
        }
    }

    /// Whether it is a record of parts.
    pub(super) fn is_record(&self) -> bool {
        matches!(self.kind, TermKind::Record { .. })
    }

    /// Calls `visit` with every variable in the term, from left to right.
    pub(super) fn each_variable(&self, visit: &mut impl FnMut(VarId, Span)) {
        match &self.kind {
            TermKind::Variable(variable) => visit(*variable, self.span),
            TermKind::Wildcard | TermKind::Constant { .. } => {}
            TermKind::Call { args, .. }
            | TermKind::Foreign { args, .. }
            | TermKind::Record { args, .. }
            | TermKind::Broken { args, .. } => {
                for arg in args {
                    arg.each_variable(visit);
                }
            }
            TermKind::Cast { term, .. } => term.each_variable(visit),
        }
    }
}
