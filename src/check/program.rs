//! A program that was checked: names are ids, columns have types, every variable is bound, strata are in order.
//!
//! Made only by [`check`](super::check): a `Program` in hand is the proof.

use crate::data::{BuiltinId, Dialect, Function, IdVec, Notation, RecordTypeId, RecordTypes, Type, Value, id};
use crate::formats::Field;
use crate::report::Span;
pub use crate::syntax::{AggregateOp, CompareOp};

id! {
    /// A relation of a program.
    RelationId
}
id! {
    /// A rule of a program.
    RuleId
}
id! {
    /// A variable of one rule.
    VarId
}
id! {
    /// A stratum of a program.
    StratumId
}

/// A checked program.
#[derive(Debug, Clone)]
pub struct Program {
    /// The language that it is written in, and its questions.
    pub dialect: Dialect,
    /// Every relation: the named ones, and those that citations, queries and constraints live in.
    pub relations: IdVec<RelationId, Relation>,
    /// Every rule, those that queries and constraints became included.
    pub rules: IdVec<RuleId, Rule>,
    /// Groups of rules in the order in which they can be evaluated.
    pub strata: IdVec<StratumId, Stratum>,
    /// The facts written as clauses, shared by the programs that only add questions.
    pub facts: Facts,
    /// The queries, in the order they were written.
    pub queries: Vec<Query>,
    /// The constraints, in the order they were written.
    pub constraints: Vec<Constraint>,
    /// `.input`, `.output`, `.printsize` and `.limitsize`, in the order they were written.
    pub directives: Vec<Directive>,
    /// The relations by name.
    pub(super) names: indexmap::IndexMap<String, RelationId>,
    /// The types that `.type` makes.
    pub(super) subtypes: super::subtypes::Subtypes,
    /// The functions of libraries that `.functor` declares.
    pub(super) functors: super::functors::Functors,
    /// The columns whose values are joined.
    pub(super) lattices: super::lattices::Lattices,
}

impl Program {
    /// The relation that a user calls by this name.
    pub fn relation(&self, name: &str) -> Option<RelationId> {
        self.names.get(name).copied()
    }

    /// The program to which a condition on a column that joins is one on its rows; nothing where no column joins.
    pub fn of_rows(&self) -> Option<Program> {
        let without_lattices = || Program { lattices: super::lattices::Lattices::default(), ..self.clone() };
        (!self.lattices.is_empty()).then(without_lattices)
    }

    /// Whether a `.type` makes types.
    pub fn has_subtypes(&self) -> bool {
        !self.subtypes.is_empty()
    }

    /// A column as files have it.
    pub fn field(&self, column: &Column) -> Field {
        self.subtypes.field(column)
    }

    /// The rules of a stratum, and behind them those by which its rows give way.
    pub fn rules_of(&self, stratum: StratumId) -> impl Iterator<Item = RuleId> {
        let Stratum { relations, rules, .. } = &self.strata[stratum];
        rules.iter().copied().chain(relations.iter().flat_map(|relation| self.taking_away(*relation)).copied())
    }

    /// The rules that are run to find rows that give way. Where columns join, what gives way is known when it is joined.
    pub fn taking_away(&self, relation: RelationId) -> &[RuleId] {
        match self.relations[relation].upkeep.as_ref().map(|upkeep| &upkeep.keeps) {
            Some(Keeps::Greatest | Keeps::First(_)) => self.giving_way(relation),
            Some(Keeps::Joined(_)) | None => &[],
        }
    }

    /// The rules that say which rows of a relation give way.
    pub fn giving_way(&self, relation: RelationId) -> &[RuleId] {
        self.relations[relation].upkeep.as_ref().map_or(&[], |upkeep| &self.relations[upkeep.giving_way].rules)
    }

    /// How the values of each column are joined that joins, in the order of the columns.
    pub fn joins(&self, relation: RelationId) -> Vec<&Function> {
        let keeps = self.relations[relation].upkeep.as_ref().map(|upkeep| &upkeep.keeps);
        if !matches!(keeps, Some(Keeps::Joined(_))) {
            return Vec::new();
        }
        let rules = self.giving_way(relation).iter().map(|rule| &self.rules[*rule]);
        let literals = rules.flat_map(|rule| &rule.body);
        let functions = literals.filter_map(|literal| match literal {
            Literal::Compare(Comparison { left: Term::Call { function, .. }, .. }) => Some(function),
            _ => None,
        });
        functions.collect()
    }

    /// Whether some relation of a stratum does not keep every row.
    pub fn is_kept_up(&self, stratum: StratumId) -> bool {
        self.strata[stratum].relations.iter().any(|relation| self.relations[*relation].upkeep.is_some())
    }

    /// The relations that a user can name, in the order of their first mention.
    pub fn named(&self) -> impl Iterator<Item = RelationId> {
        self.names.values().copied()
    }
}

impl Program {
    /// The types of records.
    pub fn record_types(&self) -> &RecordTypes {
        &self.subtypes.records
    }

    /// The type of the records in a column.
    pub fn record_type(&self, column: &Column) -> Option<RecordTypeId> {
        self.subtypes.record(column.subtype.as_deref())
    }
}

/// A relation: its name and columns, and what it is for.
#[derive(Debug, Clone)]
pub struct Relation {
    /// The name; one that a user cannot write where `role` is not [`Role::Named`].
    pub name: String,
    /// The columns.
    pub columns: Vec<Column>,
    /// What it is for.
    pub role: Role,
    /// The doc comment of its `.decl`.
    pub doc: Option<String>,
    /// Where it is declared, or else first said to exist; nowhere for a relation that only a data file names.
    pub span: Option<Span>,
    /// Whether a `.decl` declares it.
    pub declared: bool,
    /// Whether it is an equivalence: whatever is put into it, it has all pairs that follow.
    pub is_equivalence: bool,
    /// Whether a fact, an `.input` or a data file puts rows into it.
    pub stored: bool,
    /// The relation `p@(columns…, citation)` of this relation's citations, if any text speaks of them.
    pub citations: Option<RelationId>,
    /// The rules that derive it.
    pub rules: Vec<RuleId>,
    /// The stratum it is derived in; none where it has no rules and keeps every row.
    pub stratum: Option<StratumId>,
    /// Which of its rows are kept, if not all.
    pub upkeep: Option<Upkeep>,
}

impl Relation {
    /// Whether its rows may be others than those that are stored.
    pub fn is_derived(&self) -> bool {
        !self.rules.is_empty() || self.is_equivalence || self.upkeep.is_some()
    }
}

/// Which rows of a relation are kept while it grows, and the relations beside it that tell of the others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upkeep {
    /// Which are.
    pub keeps: Keeps,
    /// Rows that were kept for a time, until a later round brought what they gave way to. To an explanation, every row
    /// that ever was kept.
    pub came_up: RelationId,
    /// A row, then one that it gives way to. Its rules are known, its rows are not: they are looked up one by one.
    pub giving_way: RelationId,
}

/// Which rows of a relation are kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Keeps {
    /// Of rows that agree on the columns of one of these groups, the first.
    First(Vec<Vec<usize>>),
    /// Those that give way to no other.
    Greatest,
    /// Of rows that agree on all but these columns, the last, one: with what all of them have in these, joined.
    Joined(Vec<usize>),
}

/// A column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// Its type.
    pub ty: Type,
    /// The name of the subtype it was declared with, if it was.
    pub subtype: Option<String>,
}

/// What a relation is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// The user's own.
    Named,
    /// The citations of the stored facts of a relation: its columns, then the claim.
    Citations(RelationId),
    /// The answers of a query.
    Query,
    /// The violations of a constraint.
    Constraint,
    /// A part of how one question is answered; the name says what it holds.
    Auxiliary,
    /// The rows of a relation that came up and did not all stay.
    CameUp(RelationId),
    /// Which rows of a relation give way to which.
    GivingWay(RelationId),
}

/// Rules that are evaluated together, until nothing new follows.
#[derive(Debug, Clone)]
pub struct Stratum {
    /// The relations derived here.
    pub relations: Vec<RelationId>,
    /// Their rules, in the order they were written.
    pub rules: Vec<RuleId>,
    /// Whether a relation here depends on itself.
    pub recursive: bool,
    /// What ends the evaluation before that.
    pub limits: Vec<SizeLimit>,
}

/// Soufflé's `.limitsize p(n=100)`: the rules of a stratum are run no further when a relation has so many rows. First all
/// rules are run that do not depend on the stratum, then all of them, round by round; a round is always run to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SizeLimit {
    /// The relation.
    pub relation: RelationId,
    /// How many rows are enough.
    pub rows: usize,
}

impl Stratum {
    /// Whether some relation has as many rows as are enough.
    pub fn is_full(&self, rows: impl Fn(RelationId) -> usize) -> bool {
        self.limits.iter().any(|limit| rows(limit.relation) >= limit.rows)
    }
}

/// A checked rule.
#[derive(Debug, Clone)]
pub struct Rule {
    /// The relation it derives.
    pub head: RelationId,
    /// What it puts into each column. No [`Term::Wildcard`].
    pub args: Vec<Term>,
    /// The conditions; none for a fact with arguments to compute, such as `p(1 + 2).`
    pub body: Vec<Literal>,
    /// The variables, those of aggregates and one for each `_` of a positive atom included.
    pub variables: IdVec<VarId, Variable>,
    /// Where it is written.
    pub span: Span,
}

/// A variable of a rule.
#[derive(Debug, Clone)]
pub struct Variable {
    /// Its name; `_` for a wildcard, which is a variable of its own each time.
    pub name: String,
    /// Whether the text names it: `_` has no name, and the result of an aggregate within a larger term is called after
    /// the aggregate.
    pub named: bool,
    /// Its type.
    pub ty: Type,
    /// Where it stands first.
    pub span: Span,
}

/// One condition of a checked body.
#[derive(Debug, Clone)]
pub enum Literal {
    /// A row like this is there.
    Atom(Atom),
    /// No row like this is there.
    Absent(Atom),
    /// Two values compare like this. `=` with a lone variable on one side binds it.
    Compare(Comparison),
    /// A builtin predicate holds, or does not.
    Test(Test),
    /// A variable is the aggregate of a body.
    Aggregate(Aggregate),
    /// One of several bodies holds.
    Or(Vec<Vec<Literal>>),
}

impl Literal {
    /// The terms that it is about; not those of an aggregate, nor of alternatives.
    pub fn terms(&self) -> Vec<&Term> {
        match self {
            Literal::Atom(atom) | Literal::Absent(atom) => atom.args.iter().collect(),
            Literal::Compare(comparison) => vec![&comparison.left, &comparison.right],
            Literal::Test(test) => test.args.iter().collect(),
            Literal::Aggregate(_) | Literal::Or(_) => Vec::new(),
        }
    }
}

/// A relation with arguments.
#[derive(Debug, Clone)]
pub struct Atom {
    /// The relation; for `p(X) @ C` the relation of citations, with the claim as its last argument.
    pub relation: RelationId,
    /// The arguments. [`Term::Wildcard`] only in an absent atom.
    pub args: Vec<Term>,
    /// Where it is written.
    pub span: Span,
}

/// A comparison of two terms of one type.
#[derive(Debug, Clone)]
pub struct Comparison {
    /// The sign.
    pub op: CompareOp,
    /// The left side.
    pub left: Term,
    /// The right side.
    pub right: Term,
    /// The type of both sides.
    pub ty: Type,
    /// Where it is written.
    pub span: Span,
}

/// A builtin predicate with arguments. One of several values, as in `X = range(1, 9)`, is its first argument: always a
/// variable, which it binds where nothing else does.
#[derive(Debug, Clone)]
pub struct Test {
    /// The predicate.
    pub builtin: BuiltinId,
    /// Its arguments.
    pub args: Vec<Term>,
    /// Whether a `not` stands before it.
    pub negated: bool,
    /// Where it is written.
    pub span: Span,
}

impl Test {
    /// The variable that it gives values to, once its other arguments have theirs.
    pub fn binds(&self) -> Option<VarId> {
        match (self.builtin.row().notation, self.args.first()) {
            (Notation::OneOf, Some(Term::Variable(var))) => Some(*var),
            _ => None,
        }
    }
}

/// `N = sum E : { … }`. An aggregate that is written inside a larger term stands before it with a variable of its
/// own.
#[derive(Debug, Clone)]
pub struct Aggregate {
    /// The variable that the value is compared with or bound to.
    pub result: VarId,
    /// Which aggregate.
    pub op: AggregateOp,
    /// Whose arithmetic it follows.
    pub dialect: Dialect,
    /// What it ranges over; none for `count : { … }`.
    pub target: Option<Term>,
    /// The body between the braces.
    pub body: Vec<Literal>,
    /// The variables of the body that also occur outside it: the group. Bound outside.
    pub outer: Vec<VarId>,
    /// The other variables of the body and the target, in order of first occurrence. The distinct bindings of these,
    /// for one value of `outer`, are what it ranges over; a local that a branch of `;` does not bind has no value
    /// there, which differs from every value.
    pub local: Vec<VarId>,
    /// Where it is written.
    pub span: Span,
}

/// An argument or one side of a comparison.
#[derive(Debug, Clone, PartialEq)]
pub enum Term {
    /// A variable.
    Variable(VarId),
    /// Any value; only in an absent atom.
    Wildcard,
    /// A value.
    Constant(Value),
    /// A function with arguments.
    Call {
        /// The function.
        function: Function,
        /// Its arguments.
        args: Vec<Term>,
        /// Where it is written.
        span: Span,
    },
}

impl Term {
    /// Whether it is computed.
    pub fn is_call(&self) -> bool {
        matches!(self, Term::Call { .. })
    }

    /// Whether a variable occurs in it.
    pub fn mentions(&self, wanted: VarId) -> bool {
        match self {
            Term::Variable(var) => *var == wanted,
            Term::Call { args, .. } => args.iter().any(|arg| arg.mentions(wanted)),
            Term::Wildcard | Term::Constant(_) => false,
        }
    }
}

/// Facts that several programs share.
#[derive(Debug, Clone, Default)]
pub struct Facts(pub(super) std::sync::Arc<Vec<Fact>>);

impl std::ops::Deref for Facts {
    type Target = [Fact];
    fn deref(&self) -> &[Fact] {
        &self.0
    }
}

impl<'a> IntoIterator for &'a Facts {
    type Item = &'a Fact;
    type IntoIter = std::slice::Iter<'a, Fact>;
    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}

/// A fact written as a clause.
#[derive(Debug, Clone)]
pub struct Fact {
    /// The relation.
    pub relation: RelationId,
    /// The values, in the types of the columns.
    pub row: Vec<Value>,
    /// The claims it rests on; none for a fact that is just said.
    pub citations: Vec<Value>,
    /// Where it is written.
    pub span: Span,
}

/// A query: the relation that holds its answers.
#[derive(Debug, Clone)]
pub struct Query {
    /// The answers: a column for each named variable, in order of first appearance.
    pub relation: RelationId,
    /// Where it is written.
    pub span: Span,
}

/// A constraint: the relation that holds its violations.
#[derive(Debug, Clone)]
pub struct Constraint {
    /// The violations: a column for each named variable, in order of first appearance.
    pub relation: RelationId,
    /// Its doc comment.
    pub message: Option<String>,
    /// Where it is written.
    pub span: Span,
}

/// `.input p(…)` and its like, with the relation found.
#[derive(Debug, Clone)]
pub struct Directive {
    /// The relation.
    pub relation: RelationId,
    /// The directive as written.
    pub written: crate::syntax::IoDirective,
    /// Where it is written.
    pub span: Span,
}
