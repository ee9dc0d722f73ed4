//! Is this a proof? A second opinion, apart from whatever found it.
//!
//! In: a proof, and the model that it speaks of. Out: the first [`Flaw`], if it has one. Promise: a proof without a flaw
//! is true. Each node is stored, or an instance of its rule: the premises, in the order of the text, are the literals of
//! its body with values for the variables, and what they say is so. No node rests on itself. That nothing else is there,
//! where a proof says so, is looked up in the model.
//!
//! Nothing here is shared with planning, evaluation, or the search for proofs: terms are evaluated and bodies are solved
//! once more, in the plainest way.

use super::ground::{Fact, Ground};
use super::proof::{self, Node, NodeId, Premise, Proof, Row, Side, Via};
use super::words::aggregate_text;
use crate::check::{Aggregate, AggregateOp, Atom, CompareOp, Literal, Rule, Term, VarId};
use crate::data::{IdVec, Type, Value, Word};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;

/// What is wrong with a proof.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flaw {
    /// The node where it is wrong.
    pub node: NodeId,
    /// What is wrong.
    pub what: &'static str,
}

type Binding = BTreeMap<VarId, Value>;

/// What is wrong, the node aside.
type Verdict<T> = Result<T, &'static str>;

/// Checks every node of a proof.
pub fn check(ground: &Ground<'_>, proof: &Proof) -> Result<(), Flaw> {
    let mut seen = BTreeSet::new();
    for (id, node) in proof.nodes.enumerate() {
        let verdict = match seen.insert((node.relation, &node.row)) {
            true => Checker { ground, proof }.node(node),
            false => Err("the fact is proved twice"),
        };
        verdict.map_err(|what| Flaw { node: id, what })?;
    }
    well_founded(proof)
}

/// No node rests on itself: nodes can be taken away, one after the other, that rest on none that is left.
fn well_founded(proof: &Proof) -> Result<(), Flaw> {
    let mut users: IdVec<NodeId, Vec<NodeId>> = proof.nodes.ids().map(|_| Vec::new()).collect();
    let mut open: IdVec<NodeId, usize> = proof.nodes.ids().map(|_| 0).collect();
    for (id, node) in proof.nodes.enumerate() {
        if let Via::Rule { premises, .. } = &node.via {
            premises.iter().for_each(|premise| {
                premise.each_node(&mut |below| {
                    users[below].push(id);
                    open[id] += 1;
                });
            });
        }
    }
    let mut done: Vec<NodeId> = proof.nodes.ids().filter(|id| open[*id] == 0).collect();
    while let Some(id) = done.pop() {
        for user in std::mem::take(&mut users[id]) {
            open[user] -= 1;
            if open[user] == 0 {
                done.push(user);
            }
        }
    }
    let circle = proof.nodes.ids().find(|id| open[*id] > 0);
    circle.map_or(Ok(()), |node| Err(Flaw { node, what: "the fact rests on itself" }))
}

struct Checker<'c, 'a> {
    ground: &'c Ground<'a>,
    proof: &'c Proof,
}

/// A literal, and the premises that are said to be its.
struct Claim<'c> {
    literal: &'c Literal,
    premises: &'c [Premise],
}

impl<'c> Checker<'c, '_> {
    fn node(&self, node: &Node) -> Verdict<()> {
        match &node.via {
            Via::Stored { citations } => {
                let fact = self.fact(node).filter(|fact| self.ground.is_stored(fact)).ok_or("it is not stored")?;
                ensure(self.ground.citations(&fact) == *citations, "it cites other claims")
            }
            Via::Rule { rule, premises } => {
                let derives = self.ground.program.relations[node.relation].rules.contains(rule);
                ensure(derives, "the rule derives another relation")?;
                let rule = &self.ground.program.rules[*rule];
                let literals: Vec<&Literal> = rule.body.iter().collect();
                self.instance(rule, &literals, premises, Binding::new(), Vec::new(), &|binding, rest| {
                    let row: Option<Vec<Value>> = rule.args.iter().map(|arg| value(arg, binding)).collect();
                    ensure(row.as_ref() == Some(&node.row), "the rule derives another fact")?;
                    ensure(self.computed(&rule.args, rest, binding)?.is_empty(), "there are premises too many")
                })
                .map(|_| ())
            }
        }
    }

    fn fact(&self, node: &Node) -> Option<Fact> {
        let table = self.ground.symbols.read();
        let row = node.row.iter().map(|value| Word::find(value, &table)).collect::<Option<Vec<Word>>>()?;
        Some(Fact { relation: node.relation, row })
    }

    /// Finds which literals the premises are said to be, one after the other, with the values that they give to
    /// variables; then whether all of it is so. Of a disjunction any branch will do. Returns the binding.
    fn instance(
        &self,
        rule: &'c Rule,
        literals: &[&'c Literal],
        premises: &'c [Premise],
        mut binding: Binding,
        mut claims: Vec<Claim<'c>>,
        end: &dyn Fn(&Binding, &'c [Premise]) -> Verdict<()>,
    ) -> Verdict<Binding> {
        let Some((literal, rest)) = literals.split_first() else {
            claims.iter().try_for_each(|claim| self.claim(rule, claim, &binding))?;
            return end(&binding, premises).map(|()| binding);
        };
        if let Literal::Or(branches) = literal {
            let mut verdict = Err("no branch holds");
            for branch in branches {
                let literals: Vec<&Literal> = branch.iter().chain(rest.iter().copied()).collect();
                let claims = claims.iter().map(|claim| Claim { ..*claim }).collect();
                verdict = self.instance(rule, &literals, premises, binding.clone(), claims, end);
                if verdict.is_ok() {
                    break;
                }
            }
            return verdict;
        }
        let own = 1 + match literal {
            Literal::Atom(atom) | Literal::Absent(atom) => calls(&atom.args).count(),
            Literal::Compare(_) | Literal::Test(_) | Literal::Aggregate(_) | Literal::Or(_) => 0,
        };
        let (own, behind) = premises.split_at_checked(own).ok_or("a premise is missing")?;
        self.bind(literal, &own[0], &mut binding)?;
        claims.push(Claim { literal, premises: own });
        self.instance(rule, rest, behind, binding, claims, end)
    }

    /// Takes the values over that a premise gives to variables. Whether they are right is asked later.
    fn bind(&self, literal: &Literal, premise: &Premise, binding: &mut Binding) -> Verdict<()> {
        let mut give = |var: VarId, value: &Value| {
            binding.entry(var).or_insert_with(|| value.clone());
        };
        match (literal, premise) {
            (Literal::Atom(atom), Premise::Fact(node)) => {
                let node = self.proof.nodes.get(*node).ok_or("there is no such node")?;
                ensure(node.relation == atom.relation && node.row.len() == atom.args.len(), "another relation")?;
                for (arg, value) in atom.args.iter().zip(&node.row) {
                    if let Term::Variable(var) = arg {
                        give(*var, value);
                    }
                }
                Ok(())
            }
            (Literal::Compare(comparison), Premise::Compare { left, right, .. }) => {
                for (term, side) in [(&comparison.left, left), (&comparison.right, right)] {
                    if let (Term::Variable(var), CompareOp::Eq) = (term, comparison.op) {
                        give(*var, &side.value);
                    }
                }
                Ok(())
            }
            (Literal::Compare(comparison), Premise::Compute(side)) => {
                for term in [&comparison.left, &comparison.right] {
                    if let Term::Variable(var) = term {
                        give(*var, &side.value);
                    }
                }
                Ok(())
            }
            (Literal::Aggregate(aggregate), Premise::Aggregate(shown)) => {
                give(aggregate.result, &shown.value);
                Ok(())
            }
            (Literal::Absent(_), Premise::Absent { .. }) | (Literal::Test(_), Premise::Test { .. }) => Ok(()),
            _ => Err("the premise is of another kind than its literal"),
        }
    }

    /// Whether premises say what their literal does under a binding, and whether it is so.
    fn claim(&self, rule: &'c Rule, claim: &Claim<'c>, binding: &Binding) -> Verdict<()> {
        let (first, computed) = claim.premises.split_first().ok_or("a premise is missing")?;
        match (claim.literal, first) {
            (Literal::Atom(atom), Premise::Fact(node)) => {
                let row: Option<Vec<Value>> = atom.args.iter().map(|arg| value(arg, binding)).collect();
                ensure(row.as_ref() == Some(&self.proof.nodes[*node].row), "the fact does not match the atom")?;
                ensure(self.computed(&atom.args, computed, binding)?.is_empty(), "there are premises too many")
            }
            (Literal::Absent(atom), Premise::Absent { relation, args, because }) => {
                ensure(because.iter().all(|node| self.proof.nodes.get(*node).is_some()), "there is no such node")?;
                self.absent(atom, *relation == atom.relation, args, binding)?;
                ensure(self.computed(&atom.args, computed, binding)?.is_empty(), "there are premises too many")
            }
            (Literal::Compare(comparison), Premise::Compare { op, left, right }) => {
                ensure(*op == comparison.op, "another comparison")?;
                side(&comparison.left, left, binding)?;
                side(&comparison.right, right, binding)?;
                ensure(op.accepts(left.value.cmp(&right.value)), "the comparison does not hold")
            }
            (Literal::Compare(comparison), Premise::Compute(computed)) => {
                ensure(comparison.op == CompareOp::Eq, "another comparison")?;
                let (lone, call) = match (&comparison.left, &comparison.right) {
                    (call @ Term::Call { .. }, lone) | (lone, call) => (lone, call),
                };
                side(call, computed, binding)?;
                ensure(value(lone, binding).as_ref() == Some(&computed.value), "it is equal to something else")
            }
            (Literal::Test(test), Premise::Test { builtin, args, negated }) => {
                ensure(*builtin == test.builtin && *negated == test.negated, "another predicate")?;
                ensure(args.len() == test.args.len(), "other arguments")?;
                test.args.iter().zip(args).try_for_each(|(term, shown)| side(term, shown, binding))?;
                let values: Vec<Value> = args.iter().map(|side| side.value.clone()).collect();
                ensure(builtin.row().holds(&values) != *negated, "the predicate does not hold")
            }
            (Literal::Aggregate(aggregate), Premise::Aggregate(shown)) => {
                let text = aggregate_text(self.ground.program, rule, aggregate, &|var| binding.get(&var).cloned());
                ensure(text == shown.text, "another aggregate")?;
                self.aggregate(rule, aggregate, shown, binding)
            }
            _ => Err("the premise is of another kind than its literal"),
        }
    }

    /// The computations of an atom's arguments, at the front of some premises. Returns the others.
    fn computed(&self, args: &[Term], mut premises: &'c [Premise], binding: &Binding) -> Verdict<&'c [Premise]> {
        for call in calls(args) {
            let (Premise::Compute(shown), rest) = premises.split_first().ok_or("a computation is missing")? else {
                return Err("a computation is missing");
            };
            side(call, shown, binding)?;
            premises = rest;
        }
        Ok(premises)
    }

    fn absent(&self, atom: &Atom, same: bool, args: &[Option<Value>], binding: &Binding) -> Verdict<()> {
        ensure(same && args.len() == atom.args.len(), "another relation")?;
        for (term, shown) in atom.args.iter().zip(args) {
            let is_shown = match term {
                Term::Wildcard => shown.is_none(),
                Term::Variable(_) | Term::Constant(_) | Term::Call { .. } => {
                    shown.is_some() && value(term, binding) == *shown
                }
            };
            ensure(is_shown, "other values than the atom's")?;
        }
        ensure(self.rows(atom, binding).is_empty(), "it is there")
    }

    fn aggregate(
        &self,
        rule: &'c Rule,
        aggregate: &'c Aggregate,
        shown: &'c proof::Aggregate,
        binding: &Binding,
    ) -> Verdict<()> {
        ensure(shown.op == aggregate.op, "another aggregate")?;
        ensure(shown.because.iter().all(|node| self.proof.nodes.get(*node).is_some()), "there is no such node")?;
        let group: Binding = aggregate.outer.iter().filter_map(|var| Some((*var, binding.get(var)?.clone()))).collect();
        let mut values = Vec::new();
        let mut rows = BTreeSet::new();
        for row in &shown.rows {
            let (local, target) = self.row(rule, aggregate, row, group.clone())?;
            ensure(rows.insert(local), "a row is counted twice")?;
            values.extend(target);
        }
        let mut all = BTreeSet::new();
        self.solve(rule, &aggregate.body.iter().collect::<Vec<_>>(), group, &mut |solution| {
            if aggregate.target.as_ref().is_none_or(|target| value(target, solution).is_some()) {
                all.insert(local(aggregate, solution));
            }
        });
        ensure(rows == all, "it ranges over other rows")?;
        let value = match aggregate.target {
            None => Some(count(rows.len())),
            Some(_) => fold(aggregate, rule.variables[aggregate.result].ty, values),
        };
        let is_so = value.as_ref() == Some(&shown.value) && binding.get(&aggregate.result) == value.as_ref();
        ensure(is_so, "the aggregate has another value")
    }

    /// The bindings of a row's own variables, and what it contributes.
    fn row(
        &self,
        rule: &'c Rule,
        aggregate: &'c Aggregate,
        row: &'c Row,
        group: Binding,
    ) -> Verdict<(Vec<Option<Value>>, Option<Value>)> {
        let literals: Vec<&Literal> = aggregate.body.iter().collect();
        // Of a disjunction, the branch that binds what the row has.
        let end = |binding: &Binding, rest: &[Premise]| {
            ensure(local(aggregate, binding) == row.local, "a row has other values")?;
            let named = aggregate.local.iter().filter(|var| rule.variables[**var].is_named());
            let named = named.filter_map(|var| Some((&rule.variables[*var].name, binding.get(var)?)));
            ensure(named.eq(row.values.iter().map(|(name, value)| (name, value))), "a row shows other values")?;
            ensure(rest.is_empty(), "there are premises too many")
        };
        let binding = self.instance(rule, &literals, &row.premises, group, Vec::new(), &end)?;
        match (&aggregate.target, &row.target) {
            (None, None) => {}
            (Some(term), Some(shown)) => side(term, shown, &binding)?,
            (None, Some(_)) | (Some(_), None) => return Err("a row contributes something else"),
        }
        Ok((local(aggregate, &binding), row.target.as_ref().map(|target| target.value.clone())))
    }

    /// Every way in which a body holds in the model: the first literal that can be decided is taken, again and again.
    fn solve(&self, rule: &Rule, literals: &[&Literal], binding: Binding, visit: &mut dyn FnMut(&Binding)) {
        let ready = literals.iter().position(|literal| is_ready(literal, &binding));
        let Some(at) = ready else {
            if literals.is_empty() {
                visit(&binding);
            }
            return;
        };
        let mut others = literals.to_vec();
        let literal = others.remove(at);
        match literal {
            Literal::Or(branches) => branches.iter().for_each(|branch| {
                self.solve(rule, &others.iter().copied().chain(branch).collect::<Vec<_>>(), binding.clone(), visit);
            }),
            Literal::Atom(atom) => {
                for row in self.rows(atom, &binding) {
                    let mut extended = binding.clone();
                    let vars = atom.args.iter().zip(row).filter_map(|(arg, value)| match arg {
                        Term::Variable(var) => Some((*var, value)),
                        Term::Wildcard | Term::Constant(_) | Term::Call { .. } => None,
                    });
                    vars.for_each(|(var, value)| {
                        extended.insert(var, value);
                    });
                    let again = calls(&atom.args).any(|call| !is_bound(call, &binding)).then_some(literal);
                    let open: Vec<&Literal> = others.iter().copied().chain(again).collect();
                    self.solve(rule, &open, extended, visit);
                }
            }
            Literal::Absent(atom) => {
                let has_values = atom.args.iter().all(|arg| *arg == Term::Wildcard || value(arg, &binding).is_some());
                if has_values && self.rows(atom, &binding).is_empty() {
                    self.solve(rule, &others, binding, visit);
                }
            }
            Literal::Test(test) => {
                let values: Option<Vec<Value>> = test.args.iter().map(|arg| value(arg, &binding)).collect();
                if values.is_some_and(|values| test.builtin.row().holds(&values) != test.negated) {
                    self.solve(rule, &others, binding, visit);
                }
            }
            Literal::Compare(comparison) => {
                let sides = [&comparison.left, &comparison.right];
                let [left, right] = sides.map(|side| is_bound(side, &binding).then(|| value(side, &binding)));
                let extended = match (sides, left, right) {
                    ([Term::Variable(var), _], None, Some(Some(value)))
                    | ([_, Term::Variable(var)], Some(Some(value)), None) => Some((*var, value)),
                    (_, Some(Some(left)), Some(Some(right))) if comparison.op.accepts(left.cmp(&right)) => None,
                    _ => return,
                };
                self.solve(rule, &others, binding.into_iter().chain(extended).collect(), visit);
            }
            Literal::Aggregate(aggregate) => {
                let group: Binding = aggregate.outer.iter().map(|var| (*var, binding[var].clone())).collect();
                let mut rows: BTreeMap<Vec<Option<Value>>, Option<Value>> = BTreeMap::new();
                self.solve(rule, &aggregate.body.iter().collect::<Vec<_>>(), group, &mut |solution| {
                    let target = aggregate.target.as_ref().and_then(|target| value(target, solution));
                    rows.insert(local(aggregate, solution), target);
                });
                let result = match aggregate.target {
                    None => Some(count(rows.len())),
                    Some(_) => {
                        let ty = rule.variables[aggregate.result].ty;
                        fold(aggregate, ty, rows.into_values().flatten().collect())
                    }
                };
                let Some(result) = result else { return };
                if binding.get(&aggregate.result).is_none_or(|known| *known == result) {
                    self.solve(rule, &others, binding.into_iter().chain([(aggregate.result, result)]).collect(), visit);
                }
            }
        }
    }

    /// The rows of the model that an atom matches under a binding, what is not bound aside.
    fn rows(&self, atom: &Atom, binding: &Binding) -> Vec<Vec<Value>> {
        let relation = &self.ground.program.relations[atom.relation];
        let mut pattern = Vec::new();
        for arg in &atom.args {
            let is_known = *arg != Term::Wildcard && is_bound(arg, binding);
            let word = if is_known {
                let Some(value) = value(arg, binding) else { return Vec::new() };
                let Some(word) = Word::find(&value, &self.ground.symbols.read()) else { return Vec::new() };
                Some(word)
            } else {
                None
            };
            pattern.push(word);
        }
        let mut rows = Vec::new();
        let _ = self.ground.each(atom.relation, &pattern, &mut |row| {
            let table = self.ground.symbols.read();
            let values = row.iter().zip(&relation.columns).map(|(word, column)| word.decode(column.ty, &table));
            rows.push(values.collect::<Vec<Value>>());
            ControlFlow::Continue(())
        });
        // `p(X, X)`: what is bound by one column is asked of the other.
        rows.retain(|row| {
            let mut first: BTreeMap<VarId, &Value> = BTreeMap::new();
            atom.args.iter().zip(row).all(|(arg, value)| match arg {
                Term::Variable(var) => *first.entry(*var).or_insert(value) == value,
                Term::Wildcard | Term::Constant(_) | Term::Call { .. } => true,
            })
        });
        rows
    }
}

fn ensure(holds: bool, what: &'static str) -> Verdict<()> {
    if holds { Ok(()) } else { Err(what) }
}

fn calls(args: &[Term]) -> impl Iterator<Item = &Term> {
    args.iter().filter(|arg| matches!(arg, Term::Call { .. }))
}

/// Whether a term and its value are shown as they are.
fn side(term: &Term, shown: &Side, binding: &Binding) -> Verdict<()> {
    ensure(filled(term, binding).as_ref() == Some(&shown.term), "other operands than the rule's")?;
    ensure(value(term, binding).as_ref() == Some(&shown.value), "the term has another value")
}

/// A term with values for its variables.
fn filled(term: &Term, binding: &Binding) -> Option<Term> {
    Some(match term {
        Term::Variable(var) => Term::Constant(binding.get(var)?.clone()),
        Term::Constant(_) | Term::Wildcard => term.clone(),
        Term::Call { function, args, span } => {
            let args = args.iter().map(|arg| filled(arg, binding)).collect::<Option<Vec<Term>>>()?;
            Term::Call { function: function.clone(), args, span: *span }
        }
    })
}

fn value(term: &Term, binding: &Binding) -> Option<Value> {
    match term {
        Term::Variable(var) => binding.get(var).cloned(),
        Term::Constant(value) => Some(value.clone()),
        Term::Call { function, args, .. } => {
            let args = args.iter().map(|arg| value(arg, binding)).collect::<Option<Vec<Value>>>()?;
            function.value(&args).ok().flatten()
        }
        Term::Wildcard => None,
    }
}

fn is_bound(term: &Term, binding: &Binding) -> bool {
    match term {
        Term::Variable(var) => binding.contains_key(var),
        Term::Constant(_) | Term::Wildcard => true,
        Term::Call { args, .. } => args.iter().all(|arg| is_bound(arg, binding)),
    }
}

fn is_ready(literal: &Literal, binding: &Binding) -> bool {
    let bound = |term: &Term| is_bound(term, binding);
    match literal {
        // What an argument computes may have to wait for another literal; then the atom is taken twice.
        Literal::Atom(atom) => {
            let opens = |arg: &Term| matches!(arg, Term::Variable(_)) && !bound(arg);
            atom.args.iter().any(opens) || calls(&atom.args).all(bound)
        }
        Literal::Or(_) => true,
        Literal::Absent(atom) => atom.args.iter().all(bound),
        Literal::Test(test) => test.args.iter().all(bound),
        Literal::Compare(comparison) => {
            let lone = |term: &Term| matches!(term, Term::Variable(_)) && comparison.op == CompareOp::Eq;
            let (left, right) = (&comparison.left, &comparison.right);
            bound(left) && bound(right) || lone(left) && bound(right) || lone(right) && bound(left)
        }
        Literal::Aggregate(aggregate) => aggregate.outer.iter().all(|var| binding.contains_key(var)),
    }
}

/// The values of a solution's own variables.
fn local(aggregate: &Aggregate, binding: &Binding) -> Vec<Option<Value>> {
    aggregate.local.iter().map(|var| binding.get(var).cloned()).collect()
}

fn count(number: usize) -> Value {
    Value::Number(i64::try_from(number).expect("fewer than 2^63 rows fit in memory"))
}

/// The value of an aggregate over what its rows contribute.
fn fold(aggregate: &Aggregate, ty: Type, mut values: Vec<Value>) -> Option<Value> {
    values.sort();
    let number = |value: &Value| match value {
        Value::Number(number) => Some(i128::from(*number)),
        Value::Unsigned(number) => Some(i128::from(*number)),
        _ => None,
    };
    let exact = values.iter().map(number).sum::<Option<i128>>();
    let total = || match exact {
        Some(sum) => sum as f64,
        None => values.iter().map(|value| if let Value::Float(float) = value { float.get() } else { 0.0 }).sum(),
    };
    let dialect = aggregate.dialect;
    match (aggregate.op, ty) {
        (AggregateOp::Count, _) => Some(count(values.iter().collect::<BTreeSet<_>>().len())),
        (AggregateOp::Min, _) => values.first().cloned(),
        (AggregateOp::Max, _) => values.last().cloned(),
        (AggregateOp::Sum, Type::Float) => dialect.float(total()).ok().map(Value::Float),
        (AggregateOp::Sum, Type::Unsigned) => dialect.unsigned(exact?).ok().map(Value::Unsigned),
        (AggregateOp::Sum, _) => dialect.number(exact?).ok().map(Value::Number),
        (AggregateOp::Mean, _) if values.is_empty() => None,
        (AggregateOp::Mean, _) => dialect.float(total() / values.len() as f64).ok().map(Value::Float),
    }
}
