//! A program to the steps that evaluate it: same answers, less work.
//!
//! In: a checked [`Program`], the counts of the facts. Out: for a stratum, pipelines of steps. Promise: whatever the
//! counts, the steps mean the same.

mod chain;
mod countable;
mod demand;
mod fields;
mod lower;
mod naming;
mod order;
mod print;
#[cfg(test)]
mod print_tests;
mod rank;
mod rewrite;
mod stats;
mod step;
mod variables;
mod wording;

pub use chain::{Chain, ChainPlan, ClassId, Ends, Filter, Keeps, Link, Node, Source, UNIT, View, ViewId};
pub use countable::countable;
pub use demand::{Estimate, OnDemand, on_demand};
pub use print::describe;
pub use rewrite::{PASSES, Pass, Rewritten, rewrite, rewrite_giving_way};
pub use stats::Stats;
pub use step::{
    Aggregate, Branch, Call, Compare, Each, Expr, Intersect, Join, Lookup, Pipeline, Rank, RankKey, RulePlan, Step,
    StepKind, StratumPlan, Test,
};

use crate::check::{Literal, Program, RelationId, Rule, Stratum, StratumId, Term, VarId, relations_of};
use crate::data::{Order, Part, Path, Symbols, Type};
use lower::{Lowering, Scope};
use std::borrow::Cow;
use std::collections::BTreeSet;
use variables::Variables;

/// A literal to be evaluated, and which rows of its relation it looks at.
#[derive(Debug, Clone, Copy)]
pub struct Goal<'p> {
    literal: &'p Literal,
    part: Part,
}

impl<'p> Goal<'p> {
    /// The literals of a body, over all rows.
    fn all(body: &'p [Literal]) -> Vec<Goal<'p>> {
        body.iter().map(|literal| Goal { literal, part: Part::All }).collect()
    }

    /// Several literals, over all rows.
    fn each(literals: &[&'p Literal]) -> Vec<Goal<'p>> {
        literals.iter().map(|literal| Goal { literal, part: Part::All }).collect()
    }
}

/// The strata that the given relations depend on, in order.
pub fn needed(program: &Program, goals: impl IntoIterator<Item = RelationId>) -> Vec<StratumId> {
    let mut strata = BTreeSet::new();
    let mut open: Vec<StratumId> = goals.into_iter().filter_map(|goal| program.relations[goal].stratum).collect();
    while let Some(stratum) = open.pop() {
        if strata.insert(stratum) {
            let mut read = BTreeSet::new();
            program.rules_of(stratum).for_each(|rule| relations_of(&program.rules[rule].body, &mut read));
            open.extend(read.into_iter().filter_map(|relation| program.relations[relation].stratum));
        }
    }
    strata.into_iter().collect()
}

/// How a stratum is evaluated, now that the relations it reads have these counts. `growing` are the relations that
/// its rules derive.
pub fn plan<'p>(
    growing: &[RelationId],
    rules: &'p [Rewritten],
    stats: &Stats,
    symbols: &Symbols,
    choices: Choices,
) -> StratumPlan<'p> {
    let worth = match choices.chains {
        Use::Never => false,
        Use::Always => true,
        Use::WhereWorth => rows_read(rules, stats) >= Choices::WORTH_CHAINS,
    };
    let chains = if worth { chain::chains(growing, rules, stats, symbols, choices) } else { None };
    // The general engine is left with the rules that start the recursion.
    let starts = |body: &[Literal]| chains.is_none() || !chain::reads_any(body, growing);
    let grown = grown(growing, rules, stats);
    let rules = rules.iter().map(|rule| plan_rule(rule, growing, [stats, &grown], symbols, choices, starts)).collect();
    StratumPlan { relations: growing.to_vec(), rules, chains }
}

/// Rows of all relations that rules read or add to.
fn rows_read(rules: &[Rewritten], stats: &Stats) -> usize {
    let mut read = BTreeSet::new();
    rules.iter().for_each(|rewritten| relations_of(&rewritten.rule.body, &mut read));
    read.extend(rules.iter().map(|rewritten| rewritten.rule.head));
    read.into_iter().map(|relation| stats.rows[relation]).sum()
}

/// What a planner may choose from. The meaning is the same whatever it chooses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Choices {
    /// Whether chains are evaluated set by set.
    pub chains: Use,
    /// Whether a variable that several atoms bind is bound by all of them together.
    pub intersections: Use,
    /// Whether counts of what comes before are looked up in what was sorted once.
    pub ranks: Use,
}

impl Choices {
    /// What is left to choose for a stratum: sets of values know no rounds, after which a limit on sizes would count them.
    pub fn within(self, stratum: &Stratum) -> Self {
        if stratum.limits.is_empty() { self } else { Self { chains: Use::Never, ..self } }
    }

    /// Below so many rows, to set chains up takes longer than to run them.
    const WORTH_CHAINS: usize = 200;
}

/// Whether a way of evaluation is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Use {
    /// Not at all.
    Never,
    /// Where it can be.
    Always,
    /// Where it can be and should be faster.
    #[default]
    WhereWorth,
}

/// Steps that find out which bindings of `bound` can be extended so that these literals hold, with the value of
/// `output` for each; literals whose inputs nothing binds are left out, of a branch of a disjunction only in that
/// branch. `types` has an entry for every variable.
pub fn plan_rest<'p>(
    literals: &[&'p Literal],
    bound: &BTreeSet<VarId>,
    output: VarId,
    types: &[Type],
    stats: &Stats,
    symbols: &Symbols,
) -> Pipeline<'p> {
    let lowering = Lowering::new(types.to_vec(), stats, symbols, Choices::default());
    lowering.pipeline(Goal::each(literals), bound, &[Term::Variable(output)], &Scope::default())
}

fn plan_rule<'p>(
    Rewritten { id, rule }: &'p Rewritten,
    growing: &[RelationId],
    [now, grown]: [&Stats; 2],
    symbols: &Symbols,
    choices: Choices,
    starts: impl Fn(&[Literal]) -> bool,
) -> RulePlan<'p> {
    let lower = |goals: Vec<Goal<'p>>, stats: &Stats| {
        let types = rule.variables.iter().map(|variable| variable.ty).collect();
        Lowering::new(types, stats, symbols, choices).pipeline(goals, &Variables::new(), &rule.args, &Scope::default())
    };
    let bodies: Vec<&'p [Literal]> = bodies(rule).into_iter().filter(|body| starts(body)).collect();
    let first = bodies.iter().map(|body| lower(Goal::all(body), now)).collect();
    let later = bodies.iter().flat_map(|body| variants(body, growing)).map(|goals| lower(goals, grown)).collect();
    RulePlan { rule: *id, written: rule, first, later }
}

/// The bodies of a rule: one that is a disjunction is as many rules.
fn bodies(rule: &Rule) -> Vec<&[Literal]> {
    match &rule.body[..] {
        [Literal::Or(branches)] => branches.iter().map(Vec::as_slice).collect(),
        body => vec![body],
    }
}

/// What to expect in later rounds: a relation that grows may become as large as the largest that is read.
fn grown<'s>(growing: &[RelationId], rules: &[Rewritten], stats: &'s Stats) -> Cow<'s, Stats> {
    let mut read = BTreeSet::new();
    rules.iter().for_each(|rule| relations_of(&rule.rule.body, &mut read));
    if !growing.iter().any(|relation| read.contains(relation)) {
        return Cow::Borrowed(stats);
    }
    let most = read.into_iter().map(|relation| stats.rows[relation]).max().unwrap_or_default();
    let mut grown = stats.clone();
    growing.iter().for_each(|relation| grown.rows[*relation] = most.max(stats.rows[*relation]));
    Cow::Owned(grown)
}

/// The ways in which a new row can take part in a body: for each atom whose relation grows, the atom over recent
/// rows, the growing atoms before it over stable rows, everything else over all. A disjunction around it is replaced
/// by the branch it stands in.
fn variants<'p>(body: &'p [Literal], growing: &[RelationId]) -> Vec<Vec<Goal<'p>>> {
    let mut found = Vec::new();
    let mut before = Vec::new();
    for (at, literal) in body.iter().enumerate() {
        let behind = Goal::all(&body[at + 1..]);
        for within in recent_within(literal, growing) {
            found.push(before.iter().copied().chain(within).chain(behind.iter().copied()).collect());
        }
        let grows = matches!(literal, Literal::Atom(atom) if growing.contains(&atom.relation));
        before.push(Goal { literal, part: if grows { Part::Stable } else { Part::All } });
    }
    found
}

/// The ways in which a new row can take part in one literal.
fn recent_within<'p>(literal: &'p Literal, growing: &[RelationId]) -> Vec<Vec<Goal<'p>>> {
    match literal {
        Literal::Atom(atom) if growing.contains(&atom.relation) => vec![vec![Goal { literal, part: Part::Recent }]],
        Literal::Or(branches) => branches.iter().flat_map(|branch| variants(branch, growing)).collect(),
        Literal::Atom(_) | Literal::Absent(_) | Literal::Compare(_) | Literal::Test(_) | Literal::Aggregate(_) => {
            Vec::new()
        }
    }
}

/// What the steps of a pipeline look rows up in.
#[derive(Debug, Clone, Copy)]
pub struct Index<'a> {
    /// The relation.
    pub relation: RelationId,
    /// The order of its columns.
    pub order: &'a Order,
    /// What stands before them.
    pub paths: &'a [Path],
}

impl<'a> Index<'a> {
    fn of(join: &'a Join) -> Self {
        Self { relation: join.relation, order: &join.order, paths: &join.paths }
    }
}

/// Adds every index in which the steps of a pipeline look rows up.
pub fn indexes<'a>(steps: &'a [Step<'_>], into: &mut Vec<Index<'a>>) {
    for step in steps {
        match &step.kind {
            StepKind::Join(join) => into.push(Index::of(join)),
            StepKind::Intersect(intersect) => into.extend(intersect.sides.iter().map(Index::of)),
            StepKind::Lookup(lookup) => {
                into.push(Index { relation: lookup.relation, order: &lookup.order, paths: &[] });
            }
            StepKind::Aggregate(aggregate) => {
                indexes(&aggregate.body.steps, into);
                aggregate.rank.iter().for_each(|rank| indexes(&rank.body.steps, into));
            }
            StepKind::Either(branches) => branches.iter().for_each(|branch| indexes(&branch.steps, into)),
            StepKind::Compute(_) | StepKind::Compare(_) | StepKind::Test(_) | StepKind::Each(_) => {}
        }
    }
}
