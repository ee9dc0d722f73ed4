//! What was written: the tree that [`parse`](super::parse) returns and [`print`](super::print) writes back.
//!
//! Names are still text and every node knows its place. Nothing here has been checked.

use crate::data::Value;
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

/// An argument, or one side of a comparison.
#[derive(Debug, Clone, PartialEq)]
pub struct Term {
    /// What it is.
    pub kind: TermKind,
    /// Where it stands.
    pub span: Span,
}

impl Term {
    /// The terms that it is made of, in the order they are written; not what stands within an aggregate.
    pub fn parts(&self) -> impl Iterator<Item = &Term> {
        let (list, pair): (&[Term], [Option<&Term>; 2]) = match &self.kind {
            TermKind::Variable(_) | TermKind::Wildcard | TermKind::Constant { .. } => (&[], [None; 2]),
            TermKind::Aggregate(_) | TermKind::Nil | TermKind::Counter => (&[], [None; 2]),
            TermKind::Call { args, .. } | TermKind::Branch { args, .. } | TermKind::Foreign { args, .. } => {
                (args, [None; 2])
            }
            TermKind::Record(args) => (args, [None; 2]),
            TermKind::Binary { left, right, .. } => (&[], [Some(left), Some(right)]),
            TermKind::Negative(inner) | TermKind::Cast { term: inner, .. } => (&[], [Some(inner), None]),
        };
        list.iter().chain(pair.into_iter().flatten())
    }

    /// The same, to be changed.
    pub fn parts_mut(&mut self) -> impl Iterator<Item = &mut Term> {
        let (list, pair): (&mut [Term], [Option<&mut Term>; 2]) = match &mut self.kind {
            TermKind::Variable(_) | TermKind::Wildcard | TermKind::Constant { .. } => (&mut [], [None, None]),
            TermKind::Aggregate(_) | TermKind::Nil | TermKind::Counter => (&mut [], [None, None]),
            TermKind::Call { args, .. } | TermKind::Branch { args, .. } | TermKind::Foreign { args, .. } => {
                (args, [None, None])
            }
            TermKind::Record(args) => (args, [None, None]),
            TermKind::Binary { left, right, .. } => (&mut [], [Some(left), Some(right)]),
            TermKind::Negative(inner) | TermKind::Cast { term: inner, .. } => (&mut [], [Some(inner), None]),
        };
        list.iter_mut().chain(pair.into_iter().flatten())
    }

    /// Whether it is an aggregate, or made of one.
    pub fn holds_aggregate(&self) -> bool {
        matches!(self.kind, TermKind::Aggregate(_)) || self.parts().any(Term::holds_aggregate)
    }

    /// Whether it stands for one value by itself: a constant, or a record of such.
    pub fn is_ground(&self) -> bool {
        match &self.kind {
            TermKind::Constant { .. } | TermKind::Nil => true,
            TermKind::Record(_) | TermKind::Branch { .. } => self.parts().all(Term::is_ground),
            _ => false,
        }
    }
}

/// What a term is.
#[derive(Debug, Clone, PartialEq)]
pub enum TermKind {
    /// `X`, `_ignored`
    Variable(String),
    /// `_`
    Wildcard,
    /// `russia`, `"The Moscow Times"`, `42`, `0x1f`, `1.5`, `2025-02-18`
    Constant {
        /// What it stands for.
        value: Value,
        /// How it was spelt, where that is not how the printer would spell it: `0x1f`, `"russia"`.
        spelling: Option<Box<str>>,
    },
    /// `strlen(X)`
    Call {
        /// The function.
        name: Name,
        /// Its arguments.
        args: Vec<Term>,
    },
    /// `X + 1`
    Binary {
        /// `+ - * / mod ^`, as in the table of builtins.
        op: &'static str,
        /// The left operand.
        left: Box<Term>,
        /// The right operand.
        right: Box<Term>,
    },
    /// `-X`; a minus before a number literal is part of the literal.
    Negative(Box<Term>),
    /// `count X : { p(X) }`
    Aggregate(Box<Aggregate>),
    /// `[X, Y]`
    Record(Vec<Term>),
    /// `nil`
    Nil,
    /// `$Circle(R)`, and `$Point` without fields.
    Branch {
        /// The branch.
        name: Name,
        /// Its fields.
        args: Vec<Term>,
    },
    /// `as(X, node)`
    Cast {
        /// The term.
        term: Box<Term>,
        /// The type that it is taken for.
        ty: Name,
    },
    /// `autoinc()`, `$`: another number each time.
    Counter,
    /// `@f(X)`: a function of a library.
    Foreign {
        /// The function.
        name: Name,
        /// Its arguments.
        args: Vec<Term>,
    },
}

/// `sum E : { … }`
#[derive(Debug, Clone, PartialEq)]
pub struct Aggregate {
    /// Which.
    pub op: AggregateOp,
    /// What it ranges over; none for `count : { … }` alone.
    pub target: Option<Term>,
    /// The body between the braces.
    pub body: Body,
}

/// The aggregates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum AggregateOp {
    /// Distinct values, or distinct bindings of the body.
    Count,
    /// Sum over the distinct bindings of the body.
    Sum,
    /// The least.
    Min,
    /// The greatest.
    Max,
    /// Arithmetic mean over the distinct bindings of the body.
    Mean,
}

impl AggregateOp {
    /// Every aggregate, in the order in which help lists them.
    pub const ALL: [AggregateOp; 5] =
        [AggregateOp::Count, AggregateOp::Sum, AggregateOp::Min, AggregateOp::Max, AggregateOp::Mean];

    /// As written.
    pub fn name(self) -> &'static str {
        match self {
            AggregateOp::Count => "count",
            AggregateOp::Sum => "sum",
            AggregateOp::Min => "min",
            AggregateOp::Max => "max",
            AggregateOp::Mean => "mean",
        }
    }
}

/// The comparisons.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum CompareOp {
    /// `=`
    Eq,
    /// `!=`
    Ne,
    /// `<`
    Lt,
    /// `<=`
    Le,
    /// `>`
    Gt,
    /// `>=`
    Ge,
}

impl CompareOp {
    /// Every comparison.
    pub const ALL: [CompareOp; 6] =
        [CompareOp::Eq, CompareOp::Ne, CompareOp::Lt, CompareOp::Le, CompareOp::Gt, CompareOp::Ge];

    /// As written.
    pub fn sign(self) -> &'static str {
        match self {
            CompareOp::Eq => "=",
            CompareOp::Ne => "!=",
            CompareOp::Lt => "<",
            CompareOp::Le => "<=",
            CompareOp::Gt => ">",
            CompareOp::Ge => ">=",
        }
    }

    /// The comparison that holds where this one does not.
    pub fn opposite(self) -> CompareOp {
        match self {
            CompareOp::Eq => CompareOp::Ne,
            CompareOp::Ne => CompareOp::Eq,
            CompareOp::Lt => CompareOp::Ge,
            CompareOp::Le => CompareOp::Gt,
            CompareOp::Gt => CompareOp::Le,
            CompareOp::Ge => CompareOp::Lt,
        }
    }

    /// The comparison that holds when its sides change places.
    pub fn turned(self) -> CompareOp {
        match self {
            CompareOp::Eq | CompareOp::Ne => self,
            CompareOp::Lt => CompareOp::Gt,
            CompareOp::Le => CompareOp::Ge,
            CompareOp::Gt => CompareOp::Lt,
            CompareOp::Ge => CompareOp::Le,
        }
    }

    /// Whether two values that compare like this satisfy it.
    pub fn accepts(self, ordering: std::cmp::Ordering) -> bool {
        match self {
            CompareOp::Eq => ordering.is_eq(),
            CompareOp::Ne => ordering.is_ne(),
            CompareOp::Lt => ordering.is_lt(),
            CompareOp::Le => ordering.is_le(),
            CompareOp::Gt => ordering.is_gt(),
            CompareOp::Ge => ordering.is_ge(),
        }
    }
}

/// `.decl p(x: symbol, n: number)`
#[derive(Debug, Clone, PartialEq)]
pub struct RelationDecl {
    /// The relation.
    pub name: Name,
    /// Its columns.
    pub columns: Vec<ColumnDecl>,
    /// What stands behind them.
    pub qualifiers: Vec<Qualifier>,
}

impl RelationDecl {
    /// Whether a hint stands behind its columns.
    pub fn says(&self, hint: HintKind) -> bool {
        self.qualifiers.iter().any(|qualifier| qualifier.kind == QualifierKind::Hint(hint))
    }
}

/// What a `.decl` says of a relation besides its columns.
#[derive(Debug, Clone, PartialEq)]
pub struct Qualifier {
    /// What it says.
    pub kind: QualifierKind,
    /// Where it stands.
    pub span: Span,
}

/// The qualifiers of a relation.
#[derive(Debug, Clone, PartialEq)]
pub enum QualifierKind {
    /// `equivalence`, in Soufflé's dialect `eqrel`: with each pair all that make it an equivalence.
    Equivalence {
        /// As it is written.
        word: &'static str,
    },
    /// `choice-domain x, (y, z)`: of rows that agree on one of these groups of columns, one is kept.
    Choice(Vec<Vec<Name>>),
    /// `overridable`: a component that inherits it may replace its rules.
    Overridable,
    /// A wish about how it is kept or evaluated, which changes no answer: `btree`, `inline`, `magic`.
    Hint(HintKind),
}

/// Wishes about how a relation is kept or evaluated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HintKind {
    /// `btree`
    Btree,
    /// `btree_delete`
    BtreeDelete,
    /// `brie`
    Brie,
    /// `inline`
    Inline,
    /// `no_inline`
    NoInline,
    /// `magic`
    Magic,
    /// `no_magic`
    NoMagic,
}

impl HintKind {
    /// Every hint.
    pub const ALL: [HintKind; 7] = [
        HintKind::Btree,
        HintKind::BtreeDelete,
        HintKind::Brie,
        HintKind::Inline,
        HintKind::NoInline,
        HintKind::Magic,
        HintKind::NoMagic,
    ];

    /// As written.
    pub fn name(self) -> &'static str {
        match self {
            HintKind::Btree => "btree",
            HintKind::BtreeDelete => "btree_delete",
            HintKind::Brie => "brie",
            HintKind::Inline => "inline",
            HintKind::NoInline => "no_inline",
            HintKind::Magic => "magic",
            HintKind::NoMagic => "no_magic",
        }
    }
}

/// `n: number`; no type means `symbol`.
#[derive(Debug, Clone, PartialEq)]
pub struct ColumnDecl {
    /// The column.
    pub name: Name,
    /// Its type, or a subtype's name.
    pub ty: Option<Name>,
    /// Whether `<>` stands behind the type: the values for one key are joined.
    pub is_lattice: bool,
}

/// `.type State <: symbol`
#[derive(Debug, Clone, PartialEq)]
pub struct TypeDecl {
    /// The new type.
    pub name: Name,
    /// What it is.
    pub definition: TypeDefinition,
}

/// What a named type is.
#[derive(Debug, Clone, PartialEq)]
pub enum TypeDefinition {
    /// `<: symbol`: part of another.
    Part(Name),
    /// `= a | b`: the values of any of these; `= a` is another name.
    Union(Vec<Name>),
    /// `= [x: number, y: number]`
    Record(Vec<ColumnDecl>),
    /// `= Circle { r: number } | Point {}`
    Branches(Vec<BranchDecl>),
}

/// `Circle { r: number }`
#[derive(Debug, Clone, PartialEq)]
pub struct BranchDecl {
    /// The branch.
    pub name: Name,
    /// Its fields.
    pub fields: Vec<ColumnDecl>,
}

/// `.functor f(x: number): number`
#[derive(Debug, Clone, PartialEq)]
pub struct FunctorDecl {
    /// The function.
    pub name: Name,
    /// The types of its arguments.
    pub params: Vec<Name>,
    /// The type of its value.
    pub result: Name,
    /// Whether it is `stateful`: given the tables of symbols and records.
    pub stateful: bool,
}

/// `.lattice Level<> { Bottom -> 0, Lub -> max(_, _), Glb -> min(_, _) }`
#[derive(Debug, Clone, PartialEq)]
pub struct LatticeDecl {
    /// The type whose values are ordered.
    pub name: Name,
    /// What it says.
    pub parts: Vec<LatticePart>,
}

/// `Lub -> max(_, _)`
#[derive(Debug, Clone, PartialEq)]
pub struct LatticePart {
    /// Which part of the lattice.
    pub kind: LatticeKind,
    /// A value; or a function of two `_`.
    pub term: Term,
    /// From the part's name to the end of the term.
    pub span: Span,
}

/// The parts of a lattice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LatticeKind {
    /// The least value.
    Bottom,
    /// The greatest value.
    Top,
    /// The least upper bound of two values.
    Lub,
    /// The greatest lower bound of two values.
    Glb,
    /// Whether a value is no greater than another.
    Leq,
}

impl LatticeKind {
    /// Every part.
    pub const ALL: [LatticeKind; 5] =
        [LatticeKind::Bottom, LatticeKind::Top, LatticeKind::Lub, LatticeKind::Glb, LatticeKind::Leq];

    /// As written.
    pub fn name(self) -> &'static str {
        match self {
            LatticeKind::Bottom => "Bottom",
            LatticeKind::Top => "Top",
            LatticeKind::Lub => "Lub",
            LatticeKind::Glb => "Glb",
            LatticeKind::Leq => "Leq",
        }
    }
}

/// `.comp Graph<Node> : Base<Node> { … }`
#[derive(Debug, Clone, PartialEq)]
pub struct ComponentDecl {
    /// The component.
    pub name: Name,
    /// Names that stand for types or components.
    pub params: Vec<Name>,
    /// The components that it inherits from.
    pub bases: Vec<ComponentUse>,
    /// What it holds.
    pub items: Vec<Item>,
}

/// `Base<Node>`
#[derive(Debug, Clone, PartialEq)]
pub struct ComponentUse {
    /// The component.
    pub name: Name,
    /// What its parameters stand for.
    pub args: Vec<Name>,
}

/// `.init g = Graph<city>`
#[derive(Debug, Clone, PartialEq)]
pub struct InstanceDecl {
    /// The prefix of its names.
    pub name: Name,
    /// The component.
    pub component: ComponentUse,
}

/// `.pragma "key" "value"`
#[derive(Debug, Clone, PartialEq)]
pub struct Pragma {
    /// The key.
    pub key: Text,
    /// The value, if there is one.
    pub value: Option<Text>,
}

/// `.input p(IO=file, filename="p.csv")`
#[derive(Debug, Clone, PartialEq)]
pub struct IoDirective {
    /// Which.
    pub kind: IoKind,
    /// The relation.
    pub relation: Name,
    /// `key=value`, in order; a value is a word, a quoted text or a number.
    pub params: Vec<IoParam>,
}

/// The directives that name a relation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum IoKind {
    /// `.input`
    Input,
    /// `.output`
    Output,
    /// `.printsize`
    PrintSize,
    /// `.limitsize`
    LimitSize,
}

/// `filename="p.csv"`
#[derive(Debug, Clone, PartialEq)]
pub struct IoParam {
    /// The key.
    pub key: Name,
    /// The value, unquoted and unescaped.
    pub value: Text,
}
