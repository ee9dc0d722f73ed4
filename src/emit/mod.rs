//! A program as another engine reads it.
//!
//! In: a checked program, and the rows that are stored. Out: the text of a Soufflé program that derives the same rows
//! from them, or the places where Soufflé cannot say the same. Promise: a difference in meaning is refused, never made
//! silently; the same program gives the same text.
//!
//! Soufflé declares everything, knows no subtypes that a computed value fits, no days, no questions and no constraints,
//! and takes fewer things into an aggregate. So types are those that were inferred, days are texts such as
//! `"2025-02-18"`, whose order is theirs, a question or a constraint is a relation of its own, and what an aggregate
//! cannot hold is derived beside it.
//!
//! - `names`: what relations, types and columns are called there.
//! - `values`: constants, and whether numbers need 64 bits.
//! - `functions`: the table of builtins and how Soufflé writes each.
//! - `clauses`: rules, `aggregates` within them, and what is computed with `days`.
//! - `souffle`: the program around them.

mod aggregates;
mod clauses;
mod days;
mod functions;
mod names;
mod souffle;
mod values;

pub use souffle::{Stored, souffle};

use crate::report::{Code, Diagnostic, Span};

/// What is said of something that Soufflé cannot say.
fn unsaid(span: Span, what: impl Into<String>, why: &str) -> Diagnostic {
    Diagnostic::new(Code::NotInSouffle, span, what).label(why)
}
