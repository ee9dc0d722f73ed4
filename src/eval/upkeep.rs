//! Which of the rows that a round brings are kept, and which of those before they make give way.
//!
//! In: the rows of a stratum after each round. Out: the same without those that lost a choice or give way to another.
//! Promise: what is left depends on the rows alone, not on the order in which they were derived within a round. A row
//! that was left out once does not come back, so whatever the rules of a subsumption say, there is an end.

use super::joining::Joining;
use super::limits::Stopped;
use super::local::Fixpoint;
use super::profile::{RuleProfile, StratumProfile};
use crate::check::{Keeps, Program, RelationId, StratumId, Upkeep};
use crate::data::{SymbolTable, Symbols, Type, Word};
use crate::plan::{Pipeline, RulePlan};
use crate::store::{Brake, Relation, Rows, Run, Store};
use rustc_hash::{FxHashMap, FxHashSet};
use std::cmp::Ordering;

/// The upkeep of one stratum.
#[derive(Default)]
pub(super) struct Keeper<'a> {
    choices: Vec<Choosing<'a>>,
    joined: Vec<Joining<'a>>,
    subsumed: Vec<Subsumed>,
    surpassing: Option<Surpassing<'a>>,
}

/// How rows that give way are found, and what that took.
struct Surpassing<'a> {
    rules: Fixpoint<'a>,
    took: StratumProfile,
}

/// A relation of which a row is kept for each key.
struct Choosing<'a> {
    relation: RelationId,
    types: Vec<Type>,
    symbols: &'a Symbols,
    groups: Vec<Taken<'a>>,
}

/// A group of columns, and the values that it has in rows that are kept.
struct Taken<'a> {
    columns: &'a [usize],
    keys: FxHashSet<Vec<Word>>,
}

/// A relation whose rows give way.
struct Subsumed {
    relation: RelationId,
    types: Vec<Type>,
    came_up: RelationId,
    /// What its rules for giving way derive.
    pairs: RelationId,
    /// The rows that ever gave way.
    left_out: Relation,
}

impl<'a> Keeper<'a> {
    /// The upkeep of a stratum, whose rows give way by these rules.
    pub(super) fn new(program: &'a Program, stratum: StratumId, rules: Fixpoint<'a>) -> Self {
        let mut keeper = Self::default();
        let symbols = rules.symbols;
        for &relation in &program.strata[stratum].relations {
            let of = &program.relations[relation];
            let types: Vec<Type> = of.columns.iter().map(|column| column.ty).collect();
            let Some(Upkeep { keeps, came_up, giving_way }) = &of.upkeep else { continue };
            match keeps {
                Keeps::First(groups) => {
                    let taken = |columns: &'a Vec<usize>| Taken { columns, keys: FxHashSet::default() };
                    let groups = groups.iter().map(taken).collect();
                    keeper.choices.push(Choosing { relation, types, symbols, groups });
                }
                Keeps::Joined(columns) => keeper.joined.push(Joining::new(program, relation, columns[0], symbols)),
                Keeps::Greatest => {
                    let left_out = Relation::new(of.columns.len());
                    let (came_up, pairs) = (*came_up, *giving_way);
                    keeper.subsumed.push(Subsumed { relation, types, came_up, pairs, left_out });
                }
            }
        }
        if !keeper.subsumed.is_empty() {
            let took = StratumProfile::new(stratum, rules.plan.rules.iter().map(|plan| plan.rule));
            keeper.surpassing = Some(Surpassing { rules, took });
        }
        keeper
    }

    /// What its rules took.
    pub(super) fn took(self) -> Vec<RuleProfile> {
        self.surpassing.map_or(Vec::new(), |surpassing| surpassing.took.rules)
    }

    /// Leaves out rows of those that are stored, before any rule is run.
    pub(super) fn begin(&mut self, store: &mut Store) -> Result<(), Stopped> {
        for choosing in &mut self.choices {
            let mut stored = Rows::new(choosing.types.len());
            store[choosing.relation].batches().iter().for_each(|batch| stored.append(batch));
            let kept = choosing.choose(&stored);
            store[choosing.relation] = Relation::new(choosing.types.len());
            store[choosing.relation].extend(kept);
        }
        for joining in &self.joined {
            joining.begin(store)?;
        }
        if let Some(surpassing) = &self.surpassing {
            surpassing.rules.require_orders(store)?;
        }
        for subsumed in &self.subsumed {
            store[subsumed.came_up] = Relation::new(subsumed.types.len());
        }
        for (relation, gone) in self.losers(store, |rule| &rule.first)? {
            store[self.subsumed[relation].relation].remove(gone.clone());
            self.subsumed[relation].left_out.extend(gone);
        }
        Ok(())
    }

    /// Of the rows that a round derived, leaves out those whose keys are taken, and joins those that are to be joined.
    pub(super) fn settle(&mut self, derived: &mut Vec<(RelationId, Rows)>, store: &mut Store) -> Result<(), Stopped> {
        for choosing in &mut self.choices {
            let rows = taken_out(derived, choosing.relation, choosing.types.len());
            derived.push((choosing.relation, choosing.choose(&rows)));
        }
        for joining in &self.joined {
            let rows = taken_out(derived, joining.relation, joining.arity());
            derived.push((joining.relation, joining.join(&rows, store)?));
        }
        Ok(())
    }

    /// Rows of a relation that may not come back.
    pub(super) fn left_out(&self, relation: RelationId) -> Option<&Relation> {
        self.subsumed.iter().find(|subsumed| subsumed.relation == relation).map(|subsumed| &subsumed.left_out)
    }

    /// Takes rows away that give way, now that there are recent ones. Returns how many recent ones are among them.
    pub(super) fn after_round(&mut self, store: &mut Store) -> Result<usize, Stopped> {
        let losers = self.losers(store, |rule| &rule.later)?;
        Ok(losers.into_iter().map(|(relation, gone)| self.subsumed[relation].leave_out(gone, store)).sum())
    }

    /// The rows that give way, by the place of their relation among those that are subsumed. All are found before any is
    /// taken away.
    fn losers(
        &mut self,
        store: &Store,
        pipelines: impl Fn(&'a RulePlan<'a>) -> &'a [Pipeline<'a>],
    ) -> Result<Vec<(usize, Rows)>, Stopped> {
        let Some(Surpassing { rules, took }) = &mut self.surpassing else { return Ok(Vec::new()) };
        let mut tasks = Vec::new();
        rules.cut(pipelines, store, took, &mut tasks);
        let mut pairs: FxHashMap<RelationId, Rows> = FxHashMap::default();
        for (head, rows) in rules.run_tasks(&tasks, store, took)? {
            pairs.entry(head).or_insert_with(|| Rows::new(rows.arity())).append(&rows);
        }
        let of = |(at, subsumed): (usize, &Subsumed)| {
            let pairs = pairs.remove(&subsumed.pairs).and_then(Run::new)?;
            Some((at, subsumed.losers(&pairs, rules.symbols)))
        };
        Ok(self.subsumed.iter().enumerate().filter_map(of).collect())
    }
}

/// The rows of a relation among those that were derived, which are derived no more.
fn taken_out(derived: &mut Vec<(RelationId, Rows)>, relation: RelationId, arity: usize) -> Rows {
    let mut rows = Rows::new(arity);
    derived.retain(|(head, batch)| {
        let is_other = *head != relation;
        if !is_other {
            rows.append(batch);
        }
        is_other
    });
    rows
}

/// Rows in the order of their values, each once.
pub(super) fn by_value(rows: &Rows, types: &[Type], symbols: &Symbols) -> Vec<Vec<Word>> {
    let mut sorted: Vec<Vec<Word>> = (0..rows.len()).map(|row| rows.row(row).collect()).collect();
    let table = symbols.read();
    sorted.sort_by(|a, b| compare(types, a, b, &table));
    sorted.dedup();
    sorted
}

impl Choosing<'_> {
    /// The rows whose keys are all free, the least first; each takes its keys.
    fn choose(&mut self, rows: &Rows) -> Rows {
        let sorted = by_value(rows, &self.types, self.symbols);
        let mut kept = Rows::new(self.types.len());
        for row in sorted {
            let key = |columns: &[usize]| -> Vec<Word> { columns.iter().map(|column| row[*column]).collect() };
            if self.groups.iter().all(|taken| !taken.keys.contains(&key(taken.columns))) {
                self.groups.iter_mut().for_each(|taken| _ = taken.keys.insert(key(taken.columns)));
                kept.push(&row);
            }
        }
        kept
    }
}

impl Subsumed {
    /// The rows that give way by these pairs. Of two that give way to each other, the lesser stays.
    fn losers(&self, pairs: &Run, symbols: &Symbols) -> Rows {
        let arity = self.types.len();
        let turned: Vec<usize> = (arity..2 * arity).chain(0..arity).collect();
        let turned = pairs.rows().permuted(&turned);
        let table = symbols.read();
        let mut gone = Rows::new(arity);
        for at in 0..pairs.len() {
            let pair: Vec<Word> = pairs.rows().row(at).collect();
            let (lesser, greater) = pair.split_at(arity);
            let is_mutual = || pairs.contains(&turned, at);
            if lesser != greater && !(is_mutual() && compare(&self.types, lesser, greater, &table).is_lt()) {
                gone.push(lesser);
            }
        }
        gone.sort(&Brake::NONE);
        gone
    }

    /// Takes rows away for good. Returns how many of them were recent; the others were kept for a time.
    fn leave_out(&mut self, gone: Rows, store: &mut Store) -> usize {
        let recent = store[self.relation].are_recent(&gone);
        let mut kept = Rows::new(gone.arity());
        (0..gone.len()).filter(|row| !recent[*row]).for_each(|row| kept.append_range(&gone, row..row + 1));
        store[self.came_up].extend(kept);
        store[self.relation].remove(gone.clone());
        self.left_out.extend(gone);
        recent.into_iter().filter(|is_recent| *is_recent).count()
    }
}

/// Compares two rows by value.
fn compare(types: &[Type], a: &[Word], b: &[Word], table: &SymbolTable) -> Ordering {
    let columns = types.iter().zip(a.iter().zip(b));
    columns.map(|(ty, (a, b))| a.compare(*b, *ty, table)).find(|ordering| ordering.is_ne()).unwrap_or(Ordering::Equal)
}
