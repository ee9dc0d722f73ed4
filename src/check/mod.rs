//! A tree to a [`Program`], or to the reasons why not.
//!
//! [`check`] takes all files of a program, [`question`] what is asked of a checked one, [`pattern`] what is retracted,
//! [`extend`] what a rewriting adds.
//! Each file here asks one question of a program; all their complaints are returned together, in the order of the text.

mod aliases;
mod alternatives;
mod bounded;
mod chains;
mod clashes;
mod components;
mod constrain;
mod directives;
mod draft;
mod equivalence;
mod extend;
mod facts;
mod filled;
mod finish;
mod functors;
mod inference;
mod inline;
mod interlocked;
mod join_orders;
mod lattices;
mod lower;
mod names;
mod namespaces;
mod needed;
mod numbering;
mod overloads;
mod program;
mod question;
mod reads;
mod records;
mod renaming;
mod retraction;
mod safety;
mod schema;
mod scope;
mod strata;
mod subtypes;
mod tree_reads;
mod tree_variables;
mod unbound;
mod unfolding;
mod unused;
mod upkeep;
mod whole;
mod witnesses;
pub mod written;

#[cfg(test)]
mod tests;

pub use components::instantiate;
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
