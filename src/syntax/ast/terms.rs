//! Terms, and the signs and words that they are made with.

use super::clauses::{Body, Name};
use crate::data::Value;
use crate::report::Span;

/// An argument, or one side of a comparison.
#[derive(Debug, Clone, PartialEq)]
pub struct Term {
    /// What it is.
    pub kind: TermKind,
    /// Where it stands.
    pub span: Span,
}

impl Term {
    /// A variable, said to stand at a place.
    pub fn variable(name: impl Into<String>, span: Span) -> Self {
        Self { kind: TermKind::Variable(name.into()), span }
    }

    /// The terms that it is made of, in the order they are written; not what stands within an aggregate.
    pub fn parts(&self) -> impl Iterator<Item = &Term> {
        let (list, pair): (&[Term], [Option<&Term>; 2]) = match &self.kind {
            TermKind::Variable(_) | TermKind::Wildcard | TermKind::Constant { .. } => (&[], [None; 2]),
            TermKind::Aggregate(_) | TermKind::Nil | TermKind::Counter => (&[], [None; 2]),
            TermKind::Call { args, .. } | TermKind::Branch { args, .. } | TermKind::Foreign { args, .. } => {
                (args, [None; 2])
            }
            TermKind::Record(args) => (args, [None; 2]),
            TermKind::Binary { left, right, .. } => (&[], [Some(left), Some(right)]),
            TermKind::Negative(inner) | TermKind::Cast { term: inner, .. } => (&[], [Some(inner), None]),
        };
        list.iter().chain(pair.into_iter().flatten())
    }

    /// The same, to be changed.
    pub fn parts_mut(&mut self) -> impl Iterator<Item = &mut Term> {
        let (list, pair): (&mut [Term], [Option<&mut Term>; 2]) = match &mut self.kind {
            TermKind::Variable(_) | TermKind::Wildcard | TermKind::Constant { .. } => (&mut [], [None, None]),
            TermKind::Aggregate(_) | TermKind::Nil | TermKind::Counter => (&mut [], [None, None]),
            TermKind::Call { args, .. } | TermKind::Branch { args, .. } | TermKind::Foreign { args, .. } => {
                (args, [None, None])
            }
            TermKind::Record(args) => (args, [None, None]),
            TermKind::Binary { left, right, .. } => (&mut [], [Some(left), Some(right)]),
            TermKind::Negative(inner) | TermKind::Cast { term: inner, .. } => (&mut [], [Some(inner), None]),
        };
        list.iter_mut().chain(pair.into_iter().flatten())
    }

    /// Whether it is an aggregate, or made of one.
    pub fn holds_aggregate(&self) -> bool {
        matches!(self.kind, TermKind::Aggregate(_)) || self.parts().any(Term::holds_aggregate)
    }

    /// Whether it stands for one value by itself: a constant, or a record of such.
    pub fn is_ground(&self) -> bool {
        match &self.kind {
            TermKind::Constant { .. } | TermKind::Nil => true,
            TermKind::Record(_) | TermKind::Branch { .. } => self.parts().all(Term::is_ground),
            _ => false,
        }
    }
}

/// What a term is.
#[derive(Debug, Clone, PartialEq)]
pub enum TermKind {
    /// `X`, `_ignored`
    Variable(String),
    /// `_`
    Wildcard,
    /// `russia`, `"The Moscow Times"`, `42`, `0x1f`, `1.5`, `2025-02-18`
    Constant {
        /// What it stands for.
        value: Value,
        /// How it was spelt, where that is not how the printer would spell it: `0x1f`, `"russia"`.
        spelling: Option<Box<str>>,
    },
    /// `strlen(X)`
    Call {
        /// The function.
        name: Name,
        /// Its arguments.
        args: Vec<Term>,
    },
    /// `X + 1`
    Binary {
        /// `+ - * / mod ^`, as in the table of builtins.
        op: &'static str,
        /// The left operand.
        left: Box<Term>,
        /// The right operand.
        right: Box<Term>,
    },
    /// `-X`; a minus before a number literal is part of the literal.
    Negative(Box<Term>),
    /// `count X : { p(X) }`
    Aggregate(Box<Aggregate>),
    /// `[X, Y]`
    Record(Vec<Term>),
    /// `nil`
    Nil,
    /// `$Circle(R)`, and `$Point` without fields.
    Branch {
        /// The branch.
        name: Name,
        /// Its fields.
        args: Vec<Term>,
    },
    /// `as(X, node)`
    Cast {
        /// The term.
        term: Box<Term>,
        /// The type that it is taken for.
        ty: Name,
    },
    /// `autoinc()`, `$`: another number each time.
    Counter,
    /// `@f(X)`: a function of a library.
    Foreign {
        /// The function.
        name: Name,
        /// Its arguments.
        args: Vec<Term>,
    },
}

/// `sum E : { … }`
#[derive(Debug, Clone, PartialEq)]
pub struct Aggregate {
    /// Which.
    pub op: AggregateOp,
    /// What it ranges over; none for `count : { … }` alone.
    pub target: Option<Term>,
    /// The body between the braces.
    pub body: Body,
}

/// The aggregates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum AggregateOp {
    /// Distinct values, or distinct bindings of the body.
    Count,
    /// Sum over the distinct bindings of the body.
    Sum,
    /// The least.
    Min,
    /// The greatest.
    Max,
    /// Arithmetic mean over the distinct bindings of the body.
    Mean,
}

impl AggregateOp {
    /// Every aggregate, in the order in which help lists them.
    pub const ALL: [AggregateOp; 5] =
        [AggregateOp::Count, AggregateOp::Sum, AggregateOp::Min, AggregateOp::Max, AggregateOp::Mean];

    /// As written.
    pub fn name(self) -> &'static str {
        match self {
            AggregateOp::Count => "count",
            AggregateOp::Sum => "sum",
            AggregateOp::Min => "min",
            AggregateOp::Max => "max",
            AggregateOp::Mean => "mean",
        }
    }
}

/// The comparisons.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum CompareOp {
    /// `=`
    Eq,
    /// `!=`
    Ne,
    /// `<`
    Lt,
    /// `<=`
    Le,
    /// `>`
    Gt,
    /// `>=`
    Ge,
}

impl CompareOp {
    /// Every comparison.
    pub const ALL: [CompareOp; 6] =
        [CompareOp::Eq, CompareOp::Ne, CompareOp::Lt, CompareOp::Le, CompareOp::Gt, CompareOp::Ge];

    /// As written.
    pub fn sign(self) -> &'static str {
        match self {
            CompareOp::Eq => "=",
            CompareOp::Ne => "!=",
            CompareOp::Lt => "<",
            CompareOp::Le => "<=",
            CompareOp::Gt => ">",
            CompareOp::Ge => ">=",
        }
    }

    /// The comparison that holds where this one does not.
    pub fn opposite(self) -> CompareOp {
        match self {
            CompareOp::Eq => CompareOp::Ne,
            CompareOp::Ne => CompareOp::Eq,
            CompareOp::Lt => CompareOp::Ge,
            CompareOp::Le => CompareOp::Gt,
            CompareOp::Gt => CompareOp::Le,
            CompareOp::Ge => CompareOp::Lt,
        }
    }

    /// The comparison that holds when its sides change places.
    pub fn turned(self) -> CompareOp {
        match self {
            CompareOp::Eq | CompareOp::Ne => self,
            CompareOp::Lt => CompareOp::Gt,
            CompareOp::Le => CompareOp::Ge,
            CompareOp::Gt => CompareOp::Lt,
            CompareOp::Ge => CompareOp::Le,
        }
    }

    /// The same comparison without equal values: `<` where it is `<=`.
    pub fn strict(self) -> CompareOp {
        match self {
            CompareOp::Lt | CompareOp::Le => CompareOp::Lt,
            CompareOp::Gt | CompareOp::Ge => CompareOp::Gt,
            CompareOp::Eq | CompareOp::Ne => self,
        }
    }

    /// Whether it asks which of two values is greater.
    pub fn is_order(self) -> bool {
        match self {
            CompareOp::Lt | CompareOp::Le | CompareOp::Gt | CompareOp::Ge => true,
            CompareOp::Eq | CompareOp::Ne => false,
        }
    }

    /// Whether two values that compare like this satisfy it.
    pub fn accepts(self, ordering: std::cmp::Ordering) -> bool {
        match self {
            CompareOp::Eq => ordering.is_eq(),
            CompareOp::Ne => ordering.is_ne(),
            CompareOp::Lt => ordering.is_lt(),
            CompareOp::Le => ordering.is_le(),
            CompareOp::Gt => ordering.is_gt(),
            CompareOp::Ge => ordering.is_ge(),
        }
    }
}
