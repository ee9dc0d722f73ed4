//! Text to tree and back: tokens, grammar, tree, printer.

mod ast;
mod chars;
mod conditions;
mod cursor;
mod directives;
mod docs;
mod format;
mod grammar;
mod literals;
mod printer;
mod statements;
#[cfg(test)]
mod grammar_tests;
#[cfg(test)]
mod hostile_tests;
mod terms;
mod tokens;

pub use ast::{
    Aggregate, AggregateOp, Ast, Atom, Body, ColumnDecl, Comment, CompareOp, Doc, Fact, IoDirective, IoKind, IoParam,
    Item, ItemKind, Literal, LiteralKind, Name, RelationDecl, Rule, Term, TermKind, Text, TypeDecl,
};
pub use format::format;
pub use grammar::parse;
pub use printer::{print, spelled};
pub use statements::{DIRECTIVES, Statement, end_of_words, ended, first_statement, quoted};
