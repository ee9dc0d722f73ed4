//! Text to tree and back: tokens, grammar, tree, printer.

#![cfg_attr(
    not(test),
    warn(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::indexing_slicing,
        clippy::string_slice,
        clippy::as_conversions,
        clippy::panic,
        clippy::unreachable
    )
)]

mod ast;
mod chars;
mod components;
mod conditions;
mod cursor;
mod directives;
mod docs;
mod format;
mod grammar;
mod lattices;
mod literals;
mod pieces;
mod printer;
mod souffle;
mod statements;
#[cfg(test)]
mod grammar_tests;
#[cfg(test)]
mod hostile_tests;
mod terms;
mod tokens;

pub use ast::{
    Aggregate, AggregateOp, Ast, Atom, Body, BranchDecl, ColumnDecl, Comment, CompareOp, ComponentDecl, ComponentUse,
    Doc, Fact, FunctorDecl, HintKind, InstanceDecl, IoDirective, IoKind, IoParam, Item, ItemKind, JoinOrder,
    LatticeDecl, LatticeKind, LatticePart, Literal, LiteralKind, Name, Pragma, Qualifier, QualifierKind, RelationDecl,
    Rule, Subsumption, Term, TermKind, Text, TypeDecl, TypeDefinition,
};
pub use format::format;
pub use grammar::{parse, parse_file, parse_in};
pub use printer::{Spell, Within, print, print_in};
pub use statements::{Statement, end_of_words, ended, first_statement, is_directive, quoted};
