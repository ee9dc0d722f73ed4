//! A tree to a [`Program`], or to the reasons why not.
//!
//! [`check`] takes all files of a program, [`question`] what is asked of a checked one, [`pattern`] what is retracted,
//! [`extend`] what a rewriting adds.
//! Each file here asks one question of a program; all their complaints are returned together, in the order of the text.

mod chains;
mod clashes;
mod constrain;
mod desugar;
mod directives;
mod draft;
mod equivalence;
mod extend;
mod facts;
mod filled;
mod finish;
mod functors;
mod inference;
mod interlocked;
mod join_orders;
mod lattices;
mod lower;
mod names;
mod namespaces;
mod needed;
mod overloads;
mod program;
mod question;
mod reads;
mod records;
mod retraction;
mod safety;
mod schema;
mod scope;
mod strata;
mod subtypes;
mod unbound;
mod unused;
mod upkeep;
mod whole;
pub mod written;

#[cfg(test)]
mod tests;

pub use desugar::instantiate;
pub use directives::size_limit;
pub use extend::{Extended, extend};
pub use needed::needed;
pub use program::{
    Aggregate, AggregateOp, Atom, Column, CompareOp, Comparison, Constraint, Directive, Fact, Facts, Keeps, Literal,
    Program, Query, Relation, RelationId, Role, Rule, RuleId, SizeLimit, Stratum, StratumId, Term, Test, Upkeep, VarId,
    Variable,
};
pub use question::question;
pub use reads::{relations_of, relations_tested};
pub use retraction::{Retraction, pattern};
pub use schema::{Declarations, declarations};
pub use whole::{Loaded, check};
