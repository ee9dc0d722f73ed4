//! Values for what a missing row leaves open: the least that other rows have in the same place, or that stand in rules.

use crate::check::{Literal, RelationId, Term};
use crate::data::{Id, Type, Value, Word};
use crate::explain::ground::Ground;
use crate::explain::search::nearest::Attempt;
use crate::explain::search::terms::Setting;
use std::collections::BTreeSet;
use std::ops::ControlFlow;

impl Ground<'_> {
    /// An attempt with values for the variables of missing rows that nothing bound: values that other rows have in their
    /// place, the least of them.
    pub(super) fn filled_in<'a>(&self, setting: Setting<'_, 'a>, attempt: &Attempt<'a>) -> Vec<Attempt<'a>> {
        const EACH: usize = 64;
        const MOST: usize = 64;
        const KEPT: usize = 6;
        let mut filled = vec![attempt.clone()];
        let failing = attempt.literals.iter().filter(|(_, holds)| !holds);
        let atoms = failing.filter_map(|(literal, _)| match literal {
            Literal::Atom(atom) => Some(atom),
            Literal::Absent(_) | Literal::Compare(_) | Literal::Test(_) | Literal::Aggregate(_) | Literal::Or(_) => {
                None
            }
        });
        for (column, arg, relation) in
            atoms.flat_map(|atom| atom.args.iter().enumerate().map(|(column, arg)| (column, arg, atom.relation)))
        {
            let Term::Variable(var) = arg else { continue };
            if filled[0].binding[var.index()].is_some() {
                continue;
            }
            let is_named = setting.rule.variables[*var].name != "_";
            let mut values = self.values_in(relation, column);
            if values.is_empty() {
                values = self.constants(setting.rule.variables[*var].ty);
            }
            let values = values.into_iter().take(if is_named { EACH } else { 1 });
            let words: Vec<Word> = values.map(|value| Word::encode(&value, self.symbols)).collect();
            if words.is_empty() {
                continue;
            }
            let with = |attempt: &Attempt<'a>| {
                let bound = words.iter().map(|word| {
                    let mut attempt = attempt.clone();
                    attempt.binding[var.index()] = Some(*word);
                    attempt
                });
                bound.collect::<Vec<_>>()
            };
            filled = filled.iter().flat_map(with).take(MOST).collect();
        }
        // What was not reached before may hold now.
        for Attempt { binding, literals, .. } in &mut filled {
            for (literal, holds) in literals {
                *holds |= !matches!(literal, Literal::Atom(_)) && setting.holds(literal, binding);
            }
        }
        filled.sort_by_key(Attempt::failing);
        filled.truncate(KEPT);
        filled
    }

    /// A row that agrees with what is known; what is not known is the least that other rows have in its place.
    pub(super) fn row_like(&self, relation: RelationId, pattern: &[Option<Word>]) -> Option<Vec<Value>> {
        let columns = self.program.relations[relation].columns.iter();
        let values = columns.zip(pattern).enumerate().map(|(at, (column, known))| match known {
            Some(word) => Some(word.decode(column.ty, &self.symbols.read())),
            None => {
                let mut values = self.values_in(relation, at).into_iter().chain(self.constants(column.ty));
                values.next()
            }
        });
        values.collect()
    }

    /// The values of a type that stand in rules.
    fn constants(&self, ty: Type) -> BTreeSet<Value> {
        let mut found = BTreeSet::new();
        for rule in &self.program.rules {
            collect(&rule.args, &mut found);
            constants_of(&rule.body, &mut found);
        }
        found.retain(|value| value.ty() == ty);
        found
    }

    /// The values in a column, of the rows that are looked at.
    fn values_in(&self, relation: RelationId, column: usize) -> BTreeSet<Value> {
        const LOOKED_AT: usize = 10_000;
        let columns = &self.program.relations[relation].columns;
        let (mut words, mut looked_at) = (BTreeSet::new(), 0);
        let _ = self.each(relation, &vec![None; columns.len()], &mut |row| {
            words.insert(row[column]);
            looked_at += 1;
            if looked_at < LOOKED_AT { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        });
        let table = self.symbols.read();
        words.into_iter().map(|word| word.decode(columns[column].ty, &table)).collect()
    }
}

/// Adds the constants of a body.
fn constants_of(body: &[Literal], into: &mut BTreeSet<Value>) {
    for literal in body {
        collect(literal.terms(), into);
        match literal {
            Literal::Aggregate(aggregate) => constants_of(&aggregate.body, into),
            Literal::Or(branches) => branches.iter().for_each(|branch| constants_of(branch, into)),
            Literal::Atom(_) | Literal::Absent(_) | Literal::Compare(_) | Literal::Test(_) => {}
        }
    }
}

fn collect<'t>(terms: impl IntoIterator<Item = &'t Term>, into: &mut BTreeSet<Value>) {
    for term in terms {
        match term {
            Term::Constant(value) => {
                into.insert(value.clone());
            }
            Term::Call { args, .. } => collect(args, into),
            Term::Variable(_) | Term::Wildcard => {}
        }
    }
}
