//! One clause, from tree to draft: names become ids, aggregates step out of terms, `@` becomes an atom.
//!
//! In: a rule, query or constraint, and the schema. Out: a [`Clause`], whatever is wrong with it: a part that makes
//! no sense is complained about here and stands in the draft as broken, so that no later check stumbles over it.

mod aggregates;
mod clause;
mod conditions;
mod terms;
mod variables;

pub(super) use clause::{Workshop, WrittenClause, lower};
