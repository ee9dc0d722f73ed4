//! Whether an aggregate has its value, and ranges over the rows that are shown and no others.

use super::fold::{count, fold, local};
use super::nodes::Checker;
use super::terms::{Binding, side, value};
use super::verdict::{Verdict, ensure};
use crate::check::{Aggregate, Literal, Rule};
use crate::data::Value;
use crate::explain::proof::{self, Premise, Row};
use std::collections::BTreeSet;

impl<'c> Checker<'c, '_> {
    pub(super) fn aggregate(
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
            let named = aggregate.local.iter().filter(|var| rule.variables[**var].named);
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
}
