//! Bodies solved once more, in the plainest way.

use super::fold::{count, fold, local};
use super::nodes::Checker;
use super::terms::{Binding, calls, given_by, is_bound, is_ready, value};
use crate::check::{Atom, Literal, Rule, Term, VarId};
use crate::data::{Value, Word};
use std::collections::BTreeMap;
use std::ops::ControlFlow;

impl Checker<'_, '_> {
    /// Every way in which a body holds in the model: the first literal that can be decided is taken, again and again.
    pub(super) fn solve(&self, rule: &Rule, literals: &[&Literal], binding: Binding, visit: &mut dyn FnMut(&Binding)) {
        let gives = |literal: &Literal| matches!(literal, Literal::Test(test) if given_by(test, &binding).is_some());
        let ready = |literal: &&Literal| is_ready(literal, &binding);
        let first = literals.iter().position(|literal| ready(literal) && !gives(literal));
        let Some(at) = first.or_else(|| literals.iter().position(ready)) else {
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
            Literal::Test(test) if let Some(var) = given_by(test, &binding) => {
                let given: Option<Vec<Value>> = test.args[1..].iter().map(|arg| value(arg, &binding)).collect();
                for value in given.into_iter().flat_map(|given| test.builtin.row().each(&given)) {
                    self.solve(rule, &others, binding.clone().into_iter().chain([(var, value)]).collect(), visit);
                }
            }
            Literal::Test(test) => {
                let values: Option<Vec<Value>> = test.args.iter().map(|arg| value(arg, &binding)).collect();
                if values.is_some_and(|values| test.builtin.row().holds(&values) == Some(!test.negated)) {
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
