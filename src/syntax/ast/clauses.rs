//! A program as it is written: statements, clauses, conditions.

use super::declarations::{
    ComponentDecl, FunctorDecl, InstanceDecl, IoDirective, LatticeDecl, Pragma, RelationDecl, TypeDecl,
};
use super::terms::{CompareOp, Term};
use crate::report::Span;

/// One source, parsed.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Ast {
    /// Clauses, queries and directives in the order they were written.
    pub items: Vec<Item>,
    /// Every comment that is not a doc comment, in the order they were written.
    pub comments: Vec<Comment>,
}

/// A comment, with its markers.
#[derive(Debug, Clone, PartialEq)]
pub struct Comment {
    /// The text from `%`, `//` or `/*` to the end of the line or `*/`.
    pub text: String,
    /// Where it stands.
    pub span: Span,
}

/// One statement of a program, with the doc comment above it.
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    /// The `///` lines above it.
    pub doc: Option<Doc>,
    /// The statement.
    pub kind: ItemKind,
    /// From its first character to the `.`, `?` or `~` that ends it.
    pub span: Span,
}

/// A doc comment: its lines without `///` and one space, joined by newlines.
#[derive(Debug, Clone, PartialEq)]
pub struct Doc {
    /// The text.
    pub text: String,
    /// From the first `///` to the end of the last line.
    pub span: Span,
}

/// What a statement is.
#[derive(Debug, Clone, PartialEq)]
pub enum ItemKind {
    /// `p(a, b) @ c1, c2.`
    Fact(Fact),
    /// `p(X) :- q(X).`; a clause with several heads is a rule for each.
    Rule(Rule),
    /// `p(X, A) <= p(X, B) :- A <= B.`
    Subsumption(Subsumption),
    /// `:- q(X).`
    Constraint(Body),
    /// `?- q(X).` and `q(X)?`
    Query(Body),
    /// `q(a)~` and `q(a) @ c1~`; only at the prompt and behind `--retract`.
    Retraction(Fact),
    /// `.decl p(x: symbol)`
    Relation(RelationDecl),
    /// `.type State <: symbol`
    Type(TypeDecl),
    /// `.functor f(x: number): number`
    Functor(FunctorDecl),
    /// `.lattice Level<> { Lub -> max(_, _) }`
    Lattice(LatticeDecl),
    /// `.comp Graph<Node> : Base { … }`
    Component(ComponentDecl),
    /// `.init g = Graph<city>`
    Instance(InstanceDecl),
    /// `.override p`, within a component.
    Override(Name),
    /// `.pragma "key" "value"`
    Pragma(Pragma),
    /// `.input`, `.output`, `.printsize`, `.limitsize`
    Io(IoDirective),
    /// `.include "other.dl"`
    Include(Text),
}

/// An atom said to hold, and the claims it rests on.
#[derive(Debug, Clone, PartialEq)]
pub struct Fact {
    /// The atom; its `citation` is `None`.
    pub atom: Atom,
    /// The claims behind `@`.
    pub citations: Vec<Term>,
}

/// A head and the body that derives it.
#[derive(Debug, Clone, PartialEq)]
pub struct Rule {
    /// The head; its `citation` is `None`.
    pub head: Atom,
    /// The body.
    pub body: Body,
    /// What `.plan` behind it says; it changes no answer.
    pub orders: Vec<JoinOrder>,
}

/// `0: (2, 1)` behind `.plan`: a wish about the order in which a recursive rule joins its atoms.
#[derive(Debug, Clone, PartialEq)]
pub struct JoinOrder {
    /// For which of its recursive atoms, counted from 0, being the one that is new in a round.
    pub version: u32,
    /// The numbers of the atoms, counted from 1.
    pub atoms: Vec<u32>,
    /// From the version to the bracket that ends the order.
    pub span: Span,
}

/// A row that gives way to another of its relation, and the condition for it.
#[derive(Debug, Clone, PartialEq)]
pub struct Subsumption {
    /// The row that gives way.
    pub lesser: Atom,
    /// The row that stays, of the same relation.
    pub greater: Atom,
    /// When it does.
    pub body: Body,
}

/// Literals that must all hold. `a, b ; c` is one literal, [`LiteralKind::Or`].
pub type Body = Vec<Literal>;

/// One condition of a body.
#[derive(Debug, Clone, PartialEq)]
pub struct Literal {
    /// What it says.
    pub kind: LiteralKind,
    /// Where it stands, a `not` included.
    pub span: Span,
}

impl Literal {
    /// `left < right`, said to stand at a place.
    pub fn compare(op: CompareOp, left: Term, right: Term, span: Span) -> Self {
        Self { kind: LiteralKind::Compare { op, left, right }, span }
    }

    /// The atoms that it asks for, negated ones too: those of all its branches, and not those within aggregates.
    pub fn atoms(&self) -> Vec<&Atom> {
        match &self.kind {
            LiteralKind::Atom(atom) | LiteralKind::Not(atom) => vec![atom],
            LiteralKind::Compare { .. } => Vec::new(),
            LiteralKind::Or(branches) => branches.iter().flatten().flat_map(Literal::atoms).collect(),
        }
    }

    /// The terms that it is about, in the order they are written: those of all its branches, and not the parts of terms.
    pub fn terms(&self) -> Vec<&Term> {
        match &self.kind {
            LiteralKind::Atom(atom) | LiteralKind::Not(atom) => {
                atom.args.iter().chain(atom.citation.as_deref()).collect()
            }
            LiteralKind::Compare { left, right, .. } => vec![left, right],
            LiteralKind::Or(branches) => branches.iter().flatten().flat_map(Literal::terms).collect(),
        }
    }

    /// The same, to be changed.
    pub fn terms_mut(&mut self) -> Vec<&mut Term> {
        match &mut self.kind {
            LiteralKind::Atom(atom) | LiteralKind::Not(atom) => {
                atom.args.iter_mut().chain(atom.citation.as_deref_mut()).collect()
            }
            LiteralKind::Compare { left, right, .. } => vec![left, right],
            LiteralKind::Or(branches) => branches.iter_mut().flatten().flat_map(Literal::terms_mut).collect(),
        }
    }
}

/// What a condition says.
#[derive(Debug, Clone, PartialEq)]
pub enum LiteralKind {
    /// `p(X)`; also a builtin predicate such as `contains("a", X)`.
    Atom(Atom),
    /// `not p(X)` and `!p(X)`.
    Not(Atom),
    /// `X < Y + 1`
    Compare {
        /// The sign between the two sides.
        op: CompareOp,
        /// The left side.
        left: Term,
        /// The right side.
        right: Term,
    },
    /// `(p(X) ; q(X), r(X))`, at least two branches.
    Or(Vec<Body>),
}

/// `p(X, a) @ C`
#[derive(Debug, Clone, PartialEq)]
pub struct Atom {
    /// The relation's name.
    pub name: Name,
    /// The arguments; none for `p` and `p()`.
    pub args: Vec<Term>,
    /// The term behind `@`, in a body.
    pub citation: Option<Box<Term>>,
    /// From the name to the last character, the citation included.
    pub span: Span,
}

/// A name and its place.
#[derive(Debug, Clone, PartialEq)]
pub struct Name {
    /// The name.
    pub text: String,
    /// Where it stands.
    pub span: Span,
}

/// A quoted text in a directive, unescaped, and its place.
#[derive(Debug, Clone, PartialEq)]
pub struct Text {
    /// The text between the quotes.
    pub text: String,
    /// Where it stands, quotes included.
    pub span: Span,
}
