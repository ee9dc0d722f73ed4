//! A tree to a [`Program`], or to the reasons why not.

mod program;

pub use program::{
    Aggregate, AggregateOp, Atom, Column, CompareOp, Comparison, Constraint, Directive, Fact, Literal, Program, Query,
    Relation, RelationId, Role, Rule, RuleId, Stratum, StratumId, Term, Test, VarId, Variable,
};
