//! Soufflé's language, as of its version 2.5, to the same tree as Entail's own.
//!
//! In: a text. Out: the tree and the mistakes, with the promises of [`parse`](super::parse). What changes no answer is
//! read and dropped: `.once`, annotations.

mod conditions;
mod declarations;
mod directives;
mod grammar;
mod literals;
mod names;
mod terms;
#[cfg(test)]
mod tests;
mod tokens;

pub(in crate::syntax) use directives::is_name as is_directive;
pub(in crate::syntax) use grammar::statement;
pub(in crate::syntax) use terms::{SIGN, binding};
pub(in crate::syntax) use tokens::lex;
