//! What directives say: of relations, types, functions, lattices, components, files.

use super::clauses::{Item, Name, Text};
use super::terms::Term;
use crate::report::Span;

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

impl IoKind {
    /// As written.
    pub fn directive(self) -> &'static str {
        match self {
            IoKind::Input => ".input",
            IoKind::Output => ".output",
            IoKind::PrintSize => ".printsize",
            IoKind::LimitSize => ".limitsize",
        }
    }
}

/// `filename="p.csv"`
#[derive(Debug, Clone, PartialEq)]
pub struct IoParam {
    /// The key.
    pub key: Name,
    /// The value, unquoted and unescaped.
    pub value: Text,
}
