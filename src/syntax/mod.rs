//! Text to tree and back: tokens, grammar, tree, printer.

mod ast;

pub use ast::{
    Aggregate, AggregateOp, Ast, Atom, Body, ColumnDecl, Comment, CompareOp, Doc, Fact, IoDirective, IoKind, IoParam,
    Item, ItemKind, Literal, LiteralKind, Name, RelationDecl, Rule, Term, TermKind, Text, TypeDecl,
};
