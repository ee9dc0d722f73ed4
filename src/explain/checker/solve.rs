//! Bodies solved once more, in the plainest way.

use super::fold::{count, fold, local};
use super::nodes::Checker;
use super::terms::{Binding, calls, given_by, is_bound, is_ready, value};
use crate::check::{Aggregate, Atom, Comparison, Literal, Rule, Term, Test, VarId};
use crate::data::{Value, Word};
use std::collections::BTreeMap;
use std::ops::ControlFlow;

impl Checker<'_, '_> {
    /// Every way in which a body holds in the model: the first literal that can be decided is taken, again and again.
    pub(super) fn solve(&self, rule: &Rule, literals: &[&Literal], binding: Binding, visit: &mut dyn FnMut(&Binding)) {
        let Some(at) = decidable(literals, &binding) else {
            if literals.is_empty() {
                visit(&binding);
            }
            return;
        };
        let mut others = literals.to_vec();
        let literal = others.remove(at);
        match literal {
            Literal::Or(branches) => {
                for branch in branches {
                    let open: Vec<&Literal> = others.iter().copied().chain(branch).collect();
                    self.solve(rule, &open, binding.clone(), visit);
                }
            }
            Literal::Atom(atom) => {
                // What an argument computes from variables of the others is compared when these are bound.
                others.extend(calls(&atom.args).any(|call| !is_bound(call, &binding)).then_some(literal));
                for row in self.rows(atom, &binding) {
                    self.solve(rule, &others, bound_by_row(atom, row, binding.clone()), visit);
                }
            }
            Literal::Absent(_) | Literal::Compare(_) | Literal::Test(_) | Literal::Aggregate(_) => {
                for binding in self.decided(rule, literal, binding) {
                    self.solve(rule, &others, binding, visit);
                }
            }
        }
    }

    /// The bindings under which a literal that reads no row holds.
    fn decided(&self, rule: &Rule, literal: &Literal, binding: Binding) -> Vec<Binding> {
        match literal {
            Literal::Absent(atom) => {
                let has_values = atom.args.iter().all(|arg| *arg == Term::Wildcard || value(arg, &binding).is_some());
                let holds = has_values && self.rows(atom, &binding).is_empty();
                holds.then_some(binding).into_iter().collect()
            }
            Literal::Test(test) => tested(test, binding),
            Literal::Compare(comparison) => compared(comparison, binding).into_iter().collect(),
            Literal::Aggregate(aggregate) => {
                let result = self.aggregated(rule, aggregate, &binding);
                let holds = |result: &Value| binding.get(&aggregate.result).is_none_or(|known| known == result);
                let result = result.filter(holds).into_iter();
                result.map(|result| with(binding.clone(), aggregate.result, result)).collect()
            }
            Literal::Atom(_) | Literal::Or(_) => Vec::new(),
        }
    }

    /// The value of an aggregate whose group is bound.
    fn aggregated(&self, rule: &Rule, aggregate: &Aggregate, binding: &Binding) -> Option<Value> {
        let group: Binding = aggregate.outer.iter().map(|var| (*var, binding[var].clone())).collect();
        let mut rows: BTreeMap<Vec<Option<Value>>, Option<Value>> = BTreeMap::new();
        self.solve(rule, &aggregate.body.iter().collect::<Vec<_>>(), group, &mut |solution| {
            let target = aggregate.target.as_ref().and_then(|target| value(target, solution));
            rows.insert(local(aggregate, solution), target);
        });
        match aggregate.target {
            None => Some(count(rows.len())),
            Some(_) => {
                let ty = rule.variables[aggregate.result].ty;
                fold(aggregate, ty, rows.into_values().flatten().collect())
            }
        }
    }

    /// The rows of the model that an atom matches under a binding, what is not bound aside.
    pub(super) fn rows(&self, atom: &Atom, binding: &Binding) -> Vec<Vec<Value>> {
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

/// The first literal that can be decided; one that gives a variable several values only where there is no other.
fn decidable(literals: &[&Literal], binding: &Binding) -> Option<usize> {
    let gives = |literal: &Literal| matches!(literal, Literal::Test(test) if given_by(test, binding).is_some());
    let ready = |literal: &&Literal| is_ready(literal, binding);
    let first = literals.iter().position(|literal| ready(literal) && !gives(literal));
    first.or_else(|| literals.iter().position(ready))
}

fn with(mut binding: Binding, var: VarId, value: Value) -> Binding {
    binding.insert(var, value);
    binding
}

fn bound_by_row(atom: &Atom, row: Vec<Value>, mut binding: Binding) -> Binding {
    for (arg, value) in atom.args.iter().zip(row) {
        if let Term::Variable(var) = arg {
            binding.insert(*var, value);
        }
    }
    binding
}

fn tested(test: &Test, binding: Binding) -> Vec<Binding> {
    let values = |args: &[Term]| args.iter().map(|arg| value(arg, &binding)).collect::<Option<Vec<Value>>>();
    let row = test.builtin.row();
    match given_by(test, &binding) {
        Some(var) => {
            let given = values(&test.args[1..]).into_iter().flat_map(|given| row.each(&given));
            given.map(|value| with(binding.clone(), var, value)).collect()
        }
        None => {
            let holds = values(&test.args).is_some_and(|values| row.holds(&values) == Some(!test.negated));
            holds.then_some(binding).into_iter().collect()
        }
    }
}

fn compared(comparison: &Comparison, binding: Binding) -> Option<Binding> {
    let sides = [&comparison.left, &comparison.right];
    let [left, right] = sides.map(|side| is_bound(side, &binding).then(|| value(side, &binding)));
    match (sides, left, right) {
        ([Term::Variable(var), _], None, Some(Some(value))) | ([_, Term::Variable(var)], Some(Some(value)), None) => {
            Some(with(binding, *var, value))
        }
        (_, Some(Some(left)), Some(Some(right))) => comparison.op.accepts(left.cmp(&right)).then_some(binding),
        _ => None,
    }
}
