//! What was written: the tree that [`parse`](super::parse) returns and [`print`](super::print) writes back.
//!
//! Names are still text and every node knows its place. Nothing here has been checked.

mod clauses;
mod declarations;
mod terms;

pub use clauses::{
    Ast, Atom, Body, Comment, Doc, Fact, Item, ItemKind, JoinOrder, Literal, LiteralKind, Name, Rule, Subsumption, Text,
};
pub use declarations::{
    BranchDecl, ColumnDecl, ComponentDecl, ComponentUse, FunctorDecl, HintKind, InstanceDecl, IoDirective, IoKind,
    IoParam, LatticeDecl, LatticeKind, LatticePart, Pragma, Qualifier, QualifierKind, RelationDecl, TypeDecl,
    TypeDefinition,
};
pub use terms::{Aggregate, AggregateOp, CompareOp, Term, TermKind};
