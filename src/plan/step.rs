//! What a plan is made of: pipelines of steps, each of which turns bindings into more or fewer bindings.

use crate::check::{AggregateOp, CompareOp, Literal, RelationId, Rule, RuleId, VarId};
use crate::data::{BuiltinId, Dialect, Function, Order, Part, Path, Type, Word};
use crate::report::Span;

/// How one stratum is evaluated.
#[derive(Debug)]
pub struct StratumPlan<'p> {
    /// The relations it derives.
    pub relations: Vec<RelationId>,
    /// Its rules. The bodies that are chains have no pipelines.
    pub rules: Vec<RulePlan<'p>>,
    /// How its recursive rules are evaluated set by set, if they are.
    pub chains: Option<super::ChainPlan<'p>>,
}

/// How one rule is evaluated.
#[derive(Debug)]
pub struct RulePlan<'p> {
    /// The rule.
    pub rule: RuleId,
    /// The rule as rewritten.
    pub written: &'p Rule,
    /// What is run once, over all rows.
    pub first: Vec<Pipeline<'p>>,
    /// What is run in every later round: one pipeline for each atom whose relation grows, over its recent rows.
    pub later: Vec<Pipeline<'p>>,
}

/// Steps in the order in which they run, from one binding of nothing to the rows of a head.
#[derive(Debug)]
pub struct Pipeline<'p> {
    /// The steps.
    pub steps: Vec<Step<'p>>,
    /// What comes out, column by column.
    pub output: Vec<Expr>,
    /// The types of the variables, those that the plan added included.
    pub types: Vec<Type>,
}

/// One step.
#[derive(Debug)]
pub struct Step<'p> {
    /// What it does.
    pub kind: StepKind<'p>,
    /// The literal it serves: the one that fails when this step has a fault.
    pub literal: &'p Literal,
    /// The other literals that must hold for such a fault to count; empty where no fault is possible.
    pub others: Vec<&'p Literal>,
    /// The variables that are bound before this step and needed behind it; of a disjunction, those that it binds too.
    pub carry: Vec<VarId>,
}

/// What a step does.
#[derive(Debug)]
pub enum StepKind<'p> {
    /// Extends a binding by the matching rows of a relation.
    Join(Join),
    /// Extends a binding by the values on which several relations agree.
    Intersect(Intersect),
    /// Keeps a binding for which a matching row is there, or is not.
    Lookup(Lookup),
    /// Binds variables to the values of terms; a binding for which a term has no value goes no further.
    Compute(Vec<(VarId, Expr)>),
    /// Keeps a binding whose two sides compare like this.
    Compare(Compare),
    /// Keeps a binding for which a builtin predicate holds, or does not.
    Test(Test),
    /// Extends a binding by each of several values.
    Each(Each),
    /// Binds a variable to an aggregate of a body.
    Aggregate(Box<Aggregate<'p>>),
    /// Runs every branch and goes on with what any of them lets through.
    Either(Vec<Branch<'p>>),
}

/// Matching rows of a relation, looked up by a prefix of an order.
#[derive(Debug)]
pub struct Join {
    /// The relation.
    pub relation: RelationId,
    /// Which of its rows.
    pub part: Part,
    /// The order it is looked up in.
    pub order: Order,
    /// What stands before the columns of the order, if rows are looked up by what their records are made of.
    pub paths: Vec<Path>,
    /// What the rows are looked up by, the first paths or columns of the order: variables that are bound, or words.
    pub key: Vec<Expr>,
    /// What stands behind the key, by position, with the variable that each binds.
    pub binds: Vec<(usize, VarId)>,
    /// Pairs of positions whose columns must be equal.
    pub equal: Vec<(usize, usize)>,
}

/// One variable that several relations bind: for each binding, the relation with the fewest matches proposes values,
/// and the others are asked for each. (The generic join of Ngo, Ré and Rudra 2013, which is worst-case optimal, in the
/// manner of datafrog's and datatoad's count, propose and intersect.)
#[derive(Debug)]
pub struct Intersect {
    /// The variable.
    pub var: VarId,
    /// Whether something behind needs its value; if not, one is enough.
    pub wanted: bool,
    /// The relations. Each binds the variable alone, to the column behind its key.
    pub sides: Vec<Join>,
}

/// A test for a matching row.
#[derive(Debug)]
pub struct Lookup {
    /// The relation.
    pub relation: RelationId,
    /// Which of its rows.
    pub part: Part,
    /// The order it is looked up in.
    pub order: Order,
    /// The first columns of the order: variables that are bound, or words.
    pub key: Vec<Expr>,
    /// Whether a binding passes when there is no such row.
    pub absent: bool,
}

/// A comparison of two terms.
#[derive(Debug)]
pub struct Compare {
    /// The sign.
    pub op: CompareOp,
    /// The type of both sides.
    pub ty: Type,
    /// The left side.
    pub left: Expr,
    /// The right side.
    pub right: Expr,
}

/// A builtin predicate.
#[derive(Debug)]
pub struct Test {
    /// The predicate.
    pub builtin: BuiltinId,
    /// Its arguments.
    pub args: Vec<Expr>,
    /// Whether a binding passes when it does not hold.
    pub negated: bool,
}

/// A function of several values.
#[derive(Debug)]
pub struct Each {
    /// The variable that each value is bound to.
    pub var: VarId,
    /// The function, whose first argument the value is.
    pub builtin: BuiltinId,
    /// The other arguments.
    pub given: Vec<Expr>,
}

/// An aggregate of a body, for each distinct value of its group.
#[derive(Debug)]
pub struct Aggregate<'p> {
    /// The variable that the value is bound to.
    pub result: VarId,
    /// Which aggregate.
    pub op: AggregateOp,
    /// Whose arithmetic it follows.
    pub dialect: Dialect,
    /// Where it is written.
    pub span: Span,
    /// The type of what it ranges over; of no meaning to a count.
    pub ty: Type,
    /// The variables that tell groups apart.
    pub group: Vec<VarId>,
    /// A variable that numbers the groups of a batch; bound before the body runs and carried to its end.
    pub group_number: VarId,
    /// The body. Its output is the group's number, then what makes a binding distinct.
    pub body: Pipeline<'p>,
    /// What it ranges over: a column of the body's output; none for a count of bindings.
    pub target: Option<usize>,
    /// For a count of what comes before: how it is found for many groups at once.
    pub rank: Option<Rank<'p>>,
}

/// A count of what comes before what is asked for: what there is to count is sorted, and then searched for each group.
#[derive(Debug)]
pub struct Rank<'p> {
    /// How what is counted compares with what is asked for.
    pub op: CompareOp,
    /// What is compared, one after the other.
    pub keys: Vec<RankKey>,
    /// The variables of the group that what is counted depends on; groups that agree on them share it.
    pub base: Vec<VarId>,
    /// The body without the comparison. Its output is the group's number, then what makes a binding distinct, then the
    /// side of each key that is counted.
    pub body: Pipeline<'p>,
    /// How many groups must share what is sorted.
    pub worth: usize,
}

/// A value that is compared.
#[derive(Debug)]
pub struct RankKey {
    /// Its type.
    pub ty: Type,
    /// What is asked for.
    pub asked: Expr,
}

/// One way through an `Either`.
#[derive(Debug)]
pub struct Branch<'p> {
    /// The steps.
    pub steps: Vec<Step<'p>>,
    /// Variables that this branch leaves open, and those that say which branch it was.
    pub fill: Vec<(VarId, Word)>,
}

/// A term with its constants as words.
#[derive(Debug, Clone)]
pub enum Expr {
    /// The value of a variable.
    Variable(VarId),
    /// A value.
    Word(Word),
    /// A function with arguments.
    Call(Call),
}

/// A function with arguments.
#[derive(Debug, Clone)]
pub struct Call {
    /// The function.
    pub function: Function,
    /// The arguments.
    pub args: Vec<Expr>,
    /// Where it is written.
    pub span: Span,
}
