//! The rows that a row gives way to, which no model holds: they are looked up for the one row.
//!
//! In: a row of a relation that does not keep every row. Out: rows that came up, and that it gives way to by its rules;
//! kept rows only, if there are such or if it is kept itself.

use super::closed::Step;
use super::solve::{Goal, Solution};
use super::terms::Setting;
use crate::check::{Keeps, RelationId, Role, Term};
use crate::data::{Value, Word};
use crate::explain::ground::{Fact, Ground};
use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::rc::Rc;

impl<'a> Ground<'a> {
    /// The rows that a row gives way to, in order of their values.
    pub(in crate::explain) fn giving_way_to(&self, of: RelationId, row: &[Word]) -> Vec<Vec<Word>> {
        let program = self.program();
        let upkeep = program.relations[of].upkeep.as_ref().expect("only where rows give way");
        let mut found = self.surpassing(upkeep.giving_way, row);
        if upkeep.keeps == Keeps::Greatest {
            let values = |row: &[Word]| self.values(&Fact { relation: of, row: row.to_vec() });
            let own = values(row);
            // Of two that give way to each other, the lesser stays.
            found.retain(|values, greater| {
                own > *values || !self.surpassing(upkeep.giving_way, greater).contains_key(&own)
            });
        }
        let is_kept = |row: &[Word]| self.holds(&Fact { relation: of, row: row.to_vec() });
        if is_kept(row) || found.values().any(|greater| is_kept(greater)) {
            found.retain(|_, greater| is_kept(greater));
        }
        found.into_values().collect()
    }

    /// The other rows that came up and are paired with a row, by their values.
    fn surpassing(&self, giving_way: RelationId, row: &[Word]) -> BTreeMap<Vec<Value>, Vec<Word>> {
        let mut found = BTreeMap::new();
        self.each_surpassing(giving_way, row, &mut |setting, solution| {
            let args = &setting.rule.args[row.len()..];
            let word = |arg| setting.word(arg, &solution.binding).expect("a row that came up has its values");
            let greater: Vec<Word> = args.iter().map(word).collect();
            if greater != row {
                let Role::GivingWay(of) = self.program().relations[giving_way].role else { return };
                found.insert(self.values(&Fact { relation: of, row: greater.clone() }), greater);
            }
        });
        found
    }

    fn each_surpassing(
        &self,
        giving_way: RelationId,
        row: &[Word],
        visit: &mut dyn FnMut(Setting<'_, 'a>, &Solution<'a>),
    ) {
        for rule in &self.program().relations[giving_way].rules {
            let setting = Setting { ground: self, rule: &self.program().rules[*rule] };
            let args: &'a [Term] = &setting.rule.args[..row.len()];
            let mut binding = setting.unbound();
            if setting.bind_row(args, row, &mut binding, &mut Vec::new()) {
                let computed = args.iter().zip(row).filter(|(arg, _)| arg.is_call());
                let computed = computed.map(|(arg, word)| Goal::Equal(arg, *word)).collect();
                let _ = setting.solve_with(&setting.rule.body, computed, binding, &mut |solution| {
                    visit(setting, solution);
                    ControlFlow::Continue(())
                });
            }
        }
    }

    /// What makes a row give way: the first row that it gives way to, as it came up, and what its rule needs beside it.
    pub(in crate::explain) fn surpassed(&self, of: RelationId, row: &[Word], step: &mut Step) {
        let fact = Fact { relation: of, row: row.to_vec() };
        let known = self.surpassed.borrow().get(&fact).cloned();
        let found = known.unwrap_or_else(|| {
            let mut found = Step::default();
            self.look_up_surpassed(of, row, &mut found);
            let found = Rc::new(found);
            self.surpassed.borrow_mut().insert(fact, found.clone());
            found
        });
        step.because.extend(found.because.iter().cloned());
        step.below.extend(found.below.iter().cloned());
    }

    fn look_up_surpassed(&self, of: RelationId, row: &[Word], step: &mut Step) {
        let Some(upkeep) = &self.program().relations[of].upkeep else { return };
        let Some(first) = self.giving_way_to(of, row).into_iter().next() else { return };
        let mut is_found = false;
        self.each_surpassing(upkeep.giving_way, row, &mut |setting, solution| {
            let args = setting.rule.args[row.len()..].iter();
            if !is_found && args.zip(&first).all(|(arg, word)| setting.word(arg, &solution.binding) == Some(*word)) {
                is_found = true;
                step.because.extend(setting.premises(&setting.rule.body, solution));
                for literal in solution.reached(&setting.rule.body) {
                    setting.keep(literal, &solution.binding, step);
                }
            }
        });
    }
}
