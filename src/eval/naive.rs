//! The meaning of the language, in the plainest code: the slow twin that every engine must agree with.
//!
//! In: a checked [`Program`] and the stored rows of its relations. Out: the stratified model, every relation with
//! all of its rows, or the [`Fault`] that stops the run. Promise: no index, no plan, no trick. Where this file and
//! an engine differ, the engine is wrong. Rules are run over and over on whole sets of rows until nothing new
//! follows, stratum by stratum; the doc comments say what a rule means, and are the place to look it up.

use crate::check::{Aggregate, AggregateOp, Atom, CompareOp, Comparison, Keeps, Literal, Program};
use crate::check::{RelationId, Rule, RuleId, Stratum, Term, Test, VarId, relations_of};
use crate::data::{Fault, Type, Value};
use std::collections::{BTreeMap, BTreeSet};

/// The rows of one relation.
pub type Rows = BTreeSet<Vec<Value>>;

/// The rows of every relation.
pub type Model = BTreeMap<RelationId, Rows>;

/// The stratified model of a program: its own facts, what is stored beside them, and all that follows.
///
/// Of several faults one is returned; which one depends on the order of the text and is no part of the meaning.
pub fn model(program: &Program, stored: &Model) -> Result<Model, Fault> {
    let mut model = facts(program, stored);
    for (relation, rows) in &mut model {
        close(program, *relation, rows);
    }
    for stratum in &program.strata {
        complete(program, stratum, &mut model)?;
    }
    Ok(model)
}

/// The rows that need no rule. A fact `p(a) @ c.` is a row of `p`, and of `p`'s relation of citations with `c` behind.
fn facts(program: &Program, stored: &Model) -> Model {
    let mut model: Model = program.relations.ids().map(|relation| (relation, Rows::new())).collect();
    for (&relation, rows) in stored {
        model.entry(relation).or_default().extend(rows.iter().cloned());
    }
    for fact in &program.facts {
        model.entry(fact.relation).or_default().insert(fact.row.clone());
        if let Some(citations) = program.relations[fact.relation].citations {
            let cited = fact.citations.iter().map(|claim| fact.row.iter().chain([claim]).cloned().collect());
            model.entry(citations).or_default().extend(cited);
        }
    }
    model
}

/// Runs the rules of a stratum until nothing new follows, from the stored rows that are kept.
///
/// Where sizes are limited, those rules are run first that do not depend on the stratum, once; then all of them, round by
/// round, until a relation has as many rows as are enough.
fn complete(program: &Program, stratum: &Stratum, model: &mut Model) -> Result<(), Fault> {
    let mut left_out = Model::new();
    let stored = stratum.relations.iter().map(|relation| (*relation, model.remove(relation).unwrap_or_default()));
    let stored = stored.collect();
    add(program, stratum, stored, model, &mut left_out)?;
    if !stratum.limits.is_empty() {
        let depends = |rule: &&RuleId| {
            let mut read = BTreeSet::new();
            relations_of(&program.rules[**rule].body, &mut read);
            stratum.relations.iter().any(|relation| read.contains(relation))
        };
        let first: Vec<RuleId> = stratum.rules.iter().filter(|rule| !depends(rule)).copied().collect();
        grow(program, stratum, &first, model, &mut left_out)?;
    }
    while !stratum.is_full(|relation| model[&relation].len())
        && grow(program, stratum, &stratum.rules, model, &mut left_out)?
    {}
    Ok(())
}

/// Runs rules once on the model as it stands. Whether a row was new and stayed.
fn grow(
    program: &Program,
    stratum: &Stratum,
    rules: &[RuleId],
    model: &mut Model,
    left_out: &mut Model,
) -> Result<bool, Fault> {
    let mut derived = Model::new();
    for &rule in rules {
        let rule = &program.rules[rule];
        derived.entry(rule.head).or_default().extend(consequences(rule, model)?);
    }
    add(program, stratum, derived, model, left_out)
}

/// Adds the rows of a round to the model, as far as they are kept. Whether a row was new and stayed.
///
/// Of a relation that chooses, the rows come in order, and one is kept if no row before it agrees with it on a group of
/// columns. Of one that joins, the rows for each key become one. Then all rows are found that give way to a row that is
/// there, and taken away together. A row that was left out does not come back.
fn add(
    program: &Program,
    stratum: &Stratum,
    rows: Model,
    model: &mut Model,
    left_out: &mut Model,
) -> Result<bool, Fault> {
    let mut new: Vec<(RelationId, Vec<Value>)> = Vec::new();
    let mut is_closer = false;
    for (relation, rows) in rows {
        if let Some(Keeps::Joined(columns)) = program.relations[relation].upkeep.as_ref().map(|upkeep| &upkeep.keeps) {
            let changed = join(program, relation, columns[0], rows, model)?;
            new.extend(changed.into_iter().map(|row| (relation, row)));
            continue;
        }
        let (known, left_out) = (model.entry(relation).or_default(), left_out.entry(relation).or_default());
        for row in rows {
            let is_free = match program.relations[relation].upkeep.as_ref().map(|upkeep| &upkeep.keeps) {
                Some(Keeps::First(groups)) => {
                    groups.iter().all(|group| known.iter().all(|kept| differ(group, kept, &row)))
                }
                Some(Keeps::Greatest | Keeps::Joined(_)) | None => !left_out.contains(&row),
            };
            if is_free && known.insert(row.clone()) {
                new.push((relation, row));
            }
        }
        let before = known.len();
        close(program, relation, known);
        is_closer |= known.len() > before;
    }
    let mut gone: Vec<(RelationId, Rows)> = Vec::new();
    for relation in &stratum.relations {
        gone.push((*relation, giving_way(program, *relation, model)?));
    }
    for (relation, rows) in gone {
        model.entry(relation).or_default().retain(|row| !rows.contains(row));
        if let Some(upkeep) = &program.relations[relation].upkeep {
            let was_kept = |row: &&Vec<Value>| !new.contains(&(relation, (*row).clone()));
            model.entry(upkeep.came_up).or_default().extend(rows.iter().filter(was_kept).cloned());
        }
        left_out.entry(relation).or_default().extend(rows);
    }
    Ok(is_closer || new.iter().any(|(relation, row)| model[relation].contains(row)))
}

/// Joins the rows of a round, in their order, with the row that is there for their key: the columns before the first that
/// joins. Returns the rows that took the place of others. One that was there before does not come back.
///
/// A row that came up is one that was there, or one that the next was made of.
fn join(
    program: &Program,
    relation: RelationId,
    key: usize,
    rows: Rows,
    model: &mut Model,
) -> Result<Vec<Vec<Value>>, Fault> {
    let upkeep = program.relations[relation].upkeep.as_ref().expect("what joins does not keep every row");
    let mut keys: BTreeMap<Vec<Value>, Vec<Vec<Value>>> = BTreeMap::new();
    for row in rows {
        keys.entry(row[..key].to_vec()).or_default().push(row);
    }
    let mut changed = Vec::new();
    for (key, rows) in keys {
        let known = model.entry(relation).or_default();
        let before = known.iter().find(|row| row.starts_with(&key)).cloned();
        let mut joined = before.clone();
        let mut came_up = Rows::new();
        for row in rows {
            let Some(so_far) = joined else {
                joined = Some(row);
                continue;
            };
            let next = least_above(program, relation, key.len(), &so_far, &row)?.unwrap_or_else(|| so_far.clone());
            if next != so_far && next != row {
                came_up.extend([so_far, row]);
            }
            joined = Some(next);
        }
        let joined = joined.filter(|joined| before.as_ref() != Some(joined));
        let there_before = model.entry(upkeep.came_up).or_default();
        if let Some(joined) = joined.filter(|joined| !there_before.contains(joined)) {
            there_before.extend(came_up.into_iter().chain(before.clone()));
            let known = model.entry(relation).or_default();
            known.retain(|row| before.as_ref() != Some(row));
            known.insert(joined.clone());
            changed.push(joined);
        }
    }
    Ok(changed)
}

/// What two rows of one key have in common columns, and in the others the least upper bound of both; nothing where there
/// is none.
fn least_above(
    program: &Program,
    relation: RelationId,
    key: usize,
    one: &[Value],
    other: &[Value],
) -> Result<Option<Vec<Value>>, Fault> {
    let mut joined = one[..key].to_vec();
    for (column, lub) in (key..).zip(program.joins(relation)) {
        match lub.value(&[one[column].clone(), other[column].clone()])? {
            Some(value) => joined.push(value),
            None => return Ok(None),
        }
    }
    Ok(Some(joined))
}

fn differ(columns: &[usize], one: &[Value], other: &[Value]) -> bool {
    columns.iter().any(|column| one[*column] != other[*column])
}

/// The rows of a relation that give way to another row of it. Of two that give way to each other, the lesser stays.
fn giving_way(program: &Program, relation: RelationId, model: &Model) -> Result<Rows, Fault> {
    let mut pairs = Rows::new();
    for rule in program.taking_away(relation) {
        pairs.extend(consequences(&program.rules[*rule], model)?);
    }
    let mut gone = Rows::new();
    for pair in &pairs {
        let (lesser, greater) = pair.split_at(pair.len() / 2);
        let is_mutual = pairs.contains(&[greater, lesser].concat());
        if lesser != greater && !(is_mutual && lesser < greater) {
            gone.insert(lesser.to_vec());
        }
    }
    Ok(gone)
}

/// An equivalence has, with the rows that are put into it, every row that follows: `(y, x)`, `(x, x)` and `(y, y)` from
/// `(x, y)`, and `(x, z)` from `(x, y)` and `(y, z)`.
fn close(program: &Program, relation: RelationId, rows: &mut Rows) {
    if !program.relations[relation].is_equivalence {
        return;
    }
    loop {
        let mut closed = rows.clone();
        for [x, y] in rows.iter().map(|row| [&row[0], &row[1]]) {
            let pairs = rows.iter().filter(|row| row[0] == *y).map(|row| [x, &row[1]]);
            let pairs = pairs.chain([[y, x], [x, x], [y, y]]);
            closed.extend(pairs.map(|pair| pair.map(Value::clone).to_vec()));
        }
        if closed.len() == rows.len() {
            return;
        }
        *rows = closed;
    }
}

/// The rows that one rule derives: its head for each binding that satisfies the body. A head with a term that has no
/// value derives nothing; a fault in a head counts, since the body holds.
fn consequences(rule: &Rule, model: &Model) -> Result<Rows, Fault> {
    let body = Conjunction { rule, model };
    let mut rows = Rows::new();
    for binding in body.solutions(&rule.body, Binding::new())? {
        rows.extend(values(&rule.args, &binding)?);
    }
    Ok(rows)
}

/// What the variables of a body stand for, as far as they are bound.
type Binding = BTreeMap<VarId, Value>;

/// The bodies of a rule, its own and those inside its aggregates, over a model.
struct Conjunction<'a> {
    rule: &'a Rule,
    model: &'a Model,
}

/// What is still to hold.
#[derive(Debug, Clone)]
enum Goal<'a> {
    Literal(&'a Literal),
    /// The argument of an atom is the value of its column.
    Equal(&'a Term, Value),
}

impl<'a> Conjunction<'a> {
    /// Every extension of a binding that satisfies a body, or the fault that counts.
    fn solutions(&self, body: &'a [Literal], from: Binding) -> Result<Vec<Binding>, Fault> {
        let mut found = Vec::new();
        self.solve(body.iter().map(Goal::Literal).collect(), from, None, &mut found)?;
        Ok(found)
    }

    /// Solves a body by taking the first goal that can be evaluated with what is bound, again and again. The order in
    /// which literals are written or taken never matters.
    ///
    /// `a ; b` stands for a body with `a` in its place and another with `b`, so a body is solved as if it were written
    /// out in disjunctive normal form. `p(X, Y + 1)` stands for `p(X, T), T = Y + 1`.
    ///
    /// A fault counts only for a binding that satisfies every goal that does not need the value that is missing. So a
    /// goal that faults is put aside and the others are solved without it; those that can never be evaluated without
    /// it are left out. If the others have a solution the run stops with the fault, else the binding just has no
    /// result. A second fault met on the way changes nothing: its goal is put aside as well.
    fn solve(
        &self,
        mut goals: Vec<Goal<'a>>,
        binding: Binding,
        fault: Option<Fault>,
        found: &mut Vec<Binding>,
    ) -> Result<(), Fault> {
        let ready = goals.iter().position(|goal| is_ready(goal, &binding));
        let choice = || goals.iter().position(|goal| matches!(goal, Goal::Literal(Literal::Or(_))));
        let Some(at) = ready.or_else(choice) else {
            assert!(fault.is_some() || goals.is_empty(), "a checked body binds every variable: {goals:?}");
            found.push(binding);
            return fault.map_or(Ok(()), Err);
        };
        let goal = goals.remove(at);
        let others = goals;
        let with = |more: Vec<Goal<'a>>| others.iter().cloned().chain(more).collect();
        match goal {
            Goal::Literal(Literal::Or(branches)) => branches.iter().try_for_each(|branch| {
                self.solve(with(branch.iter().map(Goal::Literal).collect()), binding.clone(), fault, found)
            }),
            Goal::Literal(Literal::Atom(atom)) => {
                self.model[&atom.relation].iter().try_for_each(|row| match matches(atom, row, &binding) {
                    Some((binding, computed)) => self.solve(with(computed), binding, fault, found),
                    None => Ok(()),
                })
            }
            goal => match self.extensions(&goal, &binding) {
                Ok(extended) => {
                    extended.into_iter().try_for_each(|binding| self.solve(others.clone(), binding, fault, found))
                }
                Err(met) => self.solve(others, binding, fault.or(Some(met)), found),
            },
        }
    }

    /// The extensions of a binding that satisfy one goal that is ready: none where it fails, several where a variable has
    /// one of several values.
    fn extensions(&self, goal: &Goal<'a>, binding: &Binding) -> Result<Vec<Binding>, Fault> {
        let extended = match goal {
            Goal::Literal(Literal::Test(test)) if test.binds().is_some() => return one_of(test, binding),
            Goal::Equal(term, wanted) => Ok(keep(binding, value(term, binding)?.is_some_and(|value| value == *wanted))),
            Goal::Literal(Literal::Absent(atom)) => self.absent(atom, binding),
            Goal::Literal(Literal::Compare(comparison)) => compare(comparison, binding),
            Goal::Literal(Literal::Test(test)) => holds(test, binding),
            Goal::Literal(Literal::Aggregate(aggregate)) => {
                let value = self.aggregate(aggregate, binding)?;
                Ok(value.and_then(|value| bind(binding, aggregate.result, value)))
            }
            Goal::Literal(Literal::Atom(_) | Literal::Or(_)) => unreachable!("`solve` takes these apart"),
        };
        extended.map(Vec::from_iter)
    }

    /// `not p(X, _)`: the binding itself if no row agrees. With an argument that has no value, it fails too.
    fn absent(&self, atom: &Atom, binding: &Binding) -> Result<Option<Binding>, Fault> {
        let is_open = |arg: &&Term| matches!(arg, Term::Wildcard);
        let Some(known) = values(atom.args.iter().filter(|arg| !is_open(arg)), binding)? else { return Ok(None) };
        let agrees = |row: &Vec<Value>| {
            let columns = atom.args.iter().zip(row).filter(|(arg, _)| !is_open(arg)).map(|(_, value)| value);
            columns.eq(&known)
        };
        Ok(keep(binding, !self.model[&atom.relation].iter().any(agrees)))
    }

    /// `sum E : { … }`: the value of an aggregate for one binding of its group; none where it fails.
    ///
    /// It ranges over the distinct bindings of its local variables that satisfy the body; a variable that a branch
    /// leaves unbound is nothing there, which differs from every value. A binding for which the target has no value
    /// is dropped. A fault that counts inside is a fault of the aggregate.
    fn aggregate(&self, aggregate: &'a Aggregate, binding: &Binding) -> Result<Option<Value>, Fault> {
        let group = aggregate.outer.iter().map(|variable| (*variable, binding[variable].clone())).collect();
        let solutions = self.solutions(&aggregate.body, group)?;
        let local = |solution: &Binding| -> Vec<_> {
            aggregate.local.iter().map(|variable| solution.get(variable).cloned()).collect()
        };
        let witnesses: BTreeMap<_, _> = solutions.into_iter().map(|solution| (local(&solution), solution)).collect();
        let Some(target) = &aggregate.target else { return Ok(Some(count(witnesses.len()))) };
        let mut collected = Vec::new();
        for witness in witnesses.values() {
            collected.extend(value(target, witness)?);
        }
        collected.sort();
        fold(aggregate, self.rule.variables[aggregate.result].ty, collected)
    }
}

/// What an aggregate makes of its sorted values, one for each binding: `s(a, 5). s(b, 5). s(c, 1).` sums to 11.
///
/// `count` takes each value once. `count` and `sum` of nothing are 0, the others of nothing fail. Numbers are added
/// in 128 bits and must fit at the end; in Soufflé's dialect they wrap around there. Floats are added from the least to
/// the greatest, and the total must be finite. A mean is the total, as a float, divided by how many there are.
pub(crate) fn fold(aggregate: &Aggregate, ty: Type, mut sorted: Vec<Value>) -> Result<Option<Value>, Fault> {
    let size = sorted.len() as f64;
    let dialect = aggregate.dialect;
    let float = |float: f64| dialect.float(float).map(|float| Some(Value::Float(float)));
    match (aggregate.op, ty) {
        (AggregateOp::Count, _) => {
            sorted.dedup();
            Ok(Some(count(sorted.len())))
        }
        (AggregateOp::Min, _) => Ok(sorted.first().cloned()),
        (AggregateOp::Max, _) => Ok(sorted.last().cloned()),
        (AggregateOp::Sum, Type::Float) => float(total(&sorted)),
        (AggregateOp::Sum, Type::Unsigned) => {
            dialect.unsigned(sorted.iter().filter_map(exact).sum()).map(|sum| Some(Value::Unsigned(sum)))
        }
        (AggregateOp::Sum, _) => {
            dialect.number(sorted.iter().filter_map(exact).sum()).map(|sum| Some(Value::Number(sum)))
        }
        (AggregateOp::Mean, _) if sorted.is_empty() => Ok(None),
        (AggregateOp::Mean, _) => float(total(&sorted) / size),
    }
}

/// The sum as a float: of numbers the exact sum, rounded once; of floats, added in the order given.
fn total(values: &[Value]) -> f64 {
    let add = |sum: f64, value: &Value| if let Value::Float(float) = value { sum + float.get() } else { sum };
    match values.iter().map(exact).sum::<Option<i128>>() {
        Some(exact) => exact as f64,
        None => values.iter().fold(0.0, add),
    }
}

fn exact(value: &Value) -> Option<i128> {
    match value {
        Value::Number(number) => Some(i128::from(*number)),
        Value::Unsigned(number) => Some(i128::from(*number)),
        _ => None,
    }
}

fn count(count: usize) -> Value {
    Value::Number(i64::try_from(count).expect("fewer than 2^63 bindings fit in memory"))
}

/// `p(X, a, Y + 1)` and a row: the binding extended by the row's values, and what is left to hold for arguments that
/// compute. None where the row disagrees.
fn matches<'a>(atom: &'a Atom, row: &[Value], binding: &Binding) -> Option<(Binding, Vec<Goal<'a>>)> {
    let mut extended = binding.clone();
    let mut computed = Vec::new();
    for (arg, value) in atom.args.iter().zip(row) {
        match arg {
            Term::Variable(variable) => extended = bind(&extended, *variable, value.clone())?,
            Term::Constant(constant) if constant == value => {}
            Term::Constant(_) => return None,
            Term::Call { .. } => computed.push(Goal::Equal(arg, value.clone())),
            Term::Wildcard => {}
        }
    }
    Some((extended, computed))
}

/// `X < Y + 1`: two values of one type, in answer order. `=` with a lone variable on one side that is not bound yet
/// binds it to the value of the other. With a side that has no value, it fails.
fn compare(comparison: &Comparison, binding: &Binding) -> Result<Option<Binding>, Fault> {
    let Comparison { op, left, right, .. } = comparison;
    for (lone, other) in [(left, right), (right, left)] {
        if let Some(variable) = unbound(lone, binding) {
            let value = value(other, binding)?;
            return Ok(value.and_then(|value| bind(binding, variable, value)));
        }
    }
    let Some(sides) = values([left, right], binding)? else { return Ok(None) };
    Ok(keep(binding, op.accepts(sides[0].cmp(&sides[1]))))
}

/// `contains("a", X)`, `not contains("a", X)`. With an argument that has no value, both fail.
fn holds(test: &Test, binding: &Binding) -> Result<Option<Binding>, Fault> {
    let Some(args) = values(&test.args, binding)? else { return Ok(None) };
    Ok(keep(binding, test.builtin.row().holds(&args) == Some(!test.negated)))
}

// `X = range(1, 9)`: a binding for each value that `X` may have, of which there are none where an argument has none.
fn one_of(test: &Test, binding: &Binding) -> Result<Vec<Binding>, Fault> {
    let (variable, given) = (test.binds().expect("it gives a variable its value"), &test.args[1..]);
    let Some(given) = values(given, binding)? else { return Ok(Vec::new()) };
    Ok(test.builtin.row().each(&given).filter_map(|value| bind(binding, variable, value)).collect())
}

/// Whether a goal can be evaluated: what it needs is bound. A choice is never ready; it is written out when nothing
/// else is left.
fn is_ready(goal: &Goal, binding: &Binding) -> bool {
    let bound = |term: &Term| is_bound(term, binding);
    let literal = match goal {
        Goal::Equal(term, _) => return bound(term),
        Goal::Literal(literal) => literal,
    };
    match literal {
        Literal::Atom(_) => true,
        Literal::Absent(atom) => atom.args.iter().all(bound),
        Literal::Compare(Comparison { op, left, right, .. }) => {
            let binds =
                |lone: &Term, other: &Term| *op == CompareOp::Eq && unbound(lone, binding).is_some() && bound(other);
            bound(left) && bound(right) || binds(left, right) || binds(right, left)
        }
        Literal::Test(test) => test.args.iter().skip(usize::from(test.binds().is_some())).all(bound),
        Literal::Aggregate(aggregate) => aggregate.outer.iter().all(|variable| binding.contains_key(variable)),
        Literal::Or(_) => false,
    }
}

fn is_bound(term: &Term, binding: &Binding) -> bool {
    match term {
        Term::Variable(variable) => binding.contains_key(variable),
        Term::Wildcard | Term::Constant(_) => true,
        Term::Call { args, .. } => args.iter().all(|arg| is_bound(arg, binding)),
    }
}

/// The variable that a term is, if it is one and not bound.
fn unbound(term: &Term, binding: &Binding) -> Option<VarId> {
    match term {
        Term::Variable(variable) if !binding.contains_key(variable) => Some(*variable),
        Term::Variable(_) | Term::Wildcard | Term::Constant(_) | Term::Call { .. } => None,
    }
}

/// The value of a term whose variables are bound; none where a builtin lies outside its domain.
fn value(term: &Term, binding: &Binding) -> Result<Option<Value>, Fault> {
    match term {
        Term::Variable(variable) => Ok(Some(binding[variable].clone())),
        Term::Constant(value) => Ok(Some(value.clone())),
        Term::Call { function, args, .. } => match values(args, binding)? {
            Some(args) => function.value(&args),
            None => Ok(None),
        },
        Term::Wildcard => unreachable!("a wildcard stands only in absent atoms"),
    }
}

/// The values of several terms. None where one of them has none, even if another faults: what fails without the
/// missing value fails.
fn values<'t>(terms: impl IntoIterator<Item = &'t Term>, binding: &Binding) -> Result<Option<Vec<Value>>, Fault> {
    let results: Vec<_> = terms.into_iter().map(|term| value(term, binding)).collect();
    if results.iter().any(|result| matches!(result, Ok(None))) {
        return Ok(None);
    }
    Ok(Some(results.into_iter().filter_map(Result::transpose).collect::<Result<_, _>>()?))
}

/// The binding with one more variable bound, unless it is bound to another value.
fn bind(binding: &Binding, variable: VarId, value: Value) -> Option<Binding> {
    let mut extended = binding.clone();
    let known = extended.entry(variable).or_insert_with(|| value.clone());
    (*known == value).then_some(extended)
}

fn keep(binding: &Binding, holds: bool) -> Option<Binding> {
    holds.then(|| binding.clone())
}
