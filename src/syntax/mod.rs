//! Text to tree and back: tokens, grammar, tree, printer.

mod ast;
mod chars;
mod conditions;
mod cursor;
mod directives;
mod docs;
mod grammar;
mod literals;
mod printer;
#[cfg(test)]
mod grammar_tests;
mod terms;
mod tokens;

pub use ast::{
    Aggregate, AggregateOp, Ast, Atom, Body, ColumnDecl, Comment, CompareOp, Doc, Fact, IoDirective, IoKind, IoParam,
    Item, ItemKind, Literal, LiteralKind, Name, RelationDecl, Rule, Term, TermKind, Text, TypeDecl,
};
pub use grammar::parse;
pub use printer::print;
