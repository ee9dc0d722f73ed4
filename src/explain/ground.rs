//! What explanations stand on: a program with its model, and what of the model is stored.
//!
//! Promise: nothing here changes what is known. Orders that lookups need are made on copies of the relations' handles,
//! and dropped with the explanation.

use super::fragile::{Fragility, fragility};
use super::search::closed::Step;
use super::search::closings::Closings;
use crate::check::{Program, RelationId, Role, SizeLimit};
use crate::data::{Id, IdVec, Symbols, Value, Word};
use crate::eval::{Limits, Progress, Stopped};
use crate::store::{Relation, Rows, Store};
use rustc_hash::FxHashMap;
use std::cell::{Cell, RefCell};
use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::rc::Rc;

/// A fact: a row of a relation.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fact {
    /// The relation.
    pub relation: RelationId,
    /// Its words.
    pub row: Vec<Word>,
}

/// A program, its model, and the stored part of it.
pub struct Ground<'a> {
    pub(super) program: &'a Program,
    pub(super) symbols: &'a Symbols,
    limits: &'a Limits,
    /// All rows: every relation that an explanation meets is complete here.
    model: RefCell<Store>,
    /// The rows that need no rule.
    stored: &'a Store,
    /// Stored rows with the orders in which they were looked up.
    looked_up: RefCell<BTreeMap<RelationId, Relation>>,
    /// What taking facts away may do to each relation.
    fragility: IdVec<RelationId, Fragility>,
    /// What is known by now of what keeps absences absent.
    pub(super) closings: RefCell<Closings>,
    /// What is known by now of why rows give way.
    pub(super) surpassed: RefCell<FxHashMap<Fact, Rc<Step>>>,
    /// Ways to derive facts that a search from above may look at; then it is made from below.
    pub most_ways: usize,
    steps: Cell<u64>,
    stopped: RefCell<Option<Stopped>>,
}

/// So many ways take about a second.
pub const MOST_WAYS: usize = 1_500_000;

/// Steps between two looks at the limits.
const PATIENCE: u64 = 1 << 12;

impl<'a> Ground<'a> {
    /// `model` has the complete rows of everything that is explained; `stored` those that were loaded or told.
    pub fn new(
        program: &'a Program,
        model: &Store,
        stored: &'a Store,
        symbols: &'a Symbols,
        limits: &'a Limits,
    ) -> Self {
        let mut model = model.clone();
        for relation in program.relations.ids() {
            if let Some(upkeep) = &program.relations[relation].upkeep {
                let kept = model[relation].clone();
                kept.batches().into_iter().for_each(|rows| _ = model[upkeep.came_up].extend(rows.into_owned()));
            }
        }
        Self::of(program, model, stored, symbols, limits)
    }

    fn of(program: &'a Program, model: Store, stored: &'a Store, symbols: &'a Symbols, limits: &'a Limits) -> Self {
        Self {
            program,
            symbols,
            limits,
            model: RefCell::new(model),
            stored,
            looked_up: RefCell::default(),
            fragility: fragility(program),
            closings: RefCell::default(),
            surpassed: RefCell::default(),
            most_ways: MOST_WAYS,
            steps: Cell::new(0),
            stopped: RefCell::new(None),
        }
    }

    /// The program.
    pub fn program(&self) -> &'a Program {
        self.program
    }

    /// The relations as they are, by their handles.
    pub(super) fn model(&self) -> Store {
        self.model.borrow().clone()
    }

    /// The same over other rows.
    pub(super) fn over(&self, model: Store) -> Ground<'a> {
        let ground = Ground::of(self.program, model, self.stored, self.symbols, self.limits);
        Ground { most_ways: self.most_ways, ..ground }
    }

    pub(super) fn limits(&self) -> &'a Limits {
        self.limits
    }

    /// The stored rows of a relation. Those of questions have none; those that came up are those of the relation itself.
    pub(super) fn stored(&self, relation: RelationId) -> Relation {
        let arity = self.program.relations[relation].columns.len();
        self.stored.get(self.stored_in(relation)).cloned().unwrap_or_else(|| Relation::new(arity))
    }

    /// The relation that the stored rows of another are rows of.
    pub(super) fn stored_in(&self, relation: RelationId) -> RelationId {
        match self.program.relations[relation].role {
            Role::CameUp(of) => of,
            Role::Named | Role::Citations(_) | Role::Query | Role::Constraint => relation,
            Role::Auxiliary | Role::GivingWay(_) => relation,
        }
    }

    /// The fact by which one is known: what came up and is stored is the stored fact.
    pub(super) fn known_as(&self, fact: Fact) -> Fact {
        let stored = Fact { relation: self.stored_in(fact.relation), ..fact.clone() };
        if self.is_stored(&stored) { stored } else { fact }
    }

    /// The same, but a row that gave way before it was kept came up as well.
    pub fn with_candidate(self, relation: RelationId, args: &[Option<Value>]) -> Self {
        let row: Option<Vec<Word>> = self.pattern(args).into_iter().collect();
        if let (Some(upkeep), Some(row)) = (&self.program.relations[relation].upkeep, row) {
            let came_up = Fact { relation: upkeep.came_up, row };
            if self.is_stored(&came_up) || self.derives(&self, &came_up) {
                let mut rows = Rows::new(came_up.row.len());
                rows.push(&came_up.row);
                self.model.borrow_mut()[came_up.relation].extend(rows);
            }
        }
        self
    }

    /// Notes what stopped a search.
    pub(super) fn stop(&self, stopped: Stopped) {
        *self.stopped.borrow_mut() = Some(stopped);
    }

    /// Whether a fact is stored.
    pub(super) fn is_stored(&self, fact: &Fact) -> bool {
        self.stored.get(self.stored_in(fact.relation)).is_some_and(|relation| relation.contains(&fact.row))
    }

    /// The limit that ended the evaluation of a relation's rules, if one did.
    pub(super) fn limit_reached(&self, relation: RelationId) -> Option<SizeLimit> {
        let stratum = &self.program.strata[self.program.relations[relation].stratum?];
        let model = self.model.borrow();
        stratum.limits.iter().copied().find(|limit| model[limit.relation].len() >= limit.rows)
    }

    /// The stored rows that have these words where one is given.
    pub(super) fn stored_like(&self, relation: RelationId, pattern: &[Option<Word>]) -> Vec<Vec<Word>> {
        let mut looked_up = self.looked_up.borrow_mut();
        let rows = looked_up.entry(relation).or_insert_with(|| self.stored(relation)).matching(pattern);
        (0..rows.len()).map(|at| rows.row(at).collect()).collect()
    }

    /// Whether a fact holds.
    pub fn holds(&self, fact: &Fact) -> bool {
        if let Role::GivingWay(_) = self.program.relations[fact.relation].role {
            return self.any(fact.relation, &fact.row.iter().copied().map(Some).collect::<Vec<_>>());
        }
        self.model.borrow()[fact.relation].contains(&fact.row)
    }

    /// Whether taking facts away may give this relation rows.
    pub(super) fn is_fragile(&self, relation: RelationId) -> bool {
        self.fragility[relation].gains
    }

    /// A pattern of rows that takes in this one, so that going back through rules meets as many patterns as there are
    /// words, and no more: a word that no row has in its place may be any.
    pub(super) fn widened(&self, relation: RelationId, mut words: Vec<Option<Word>>) -> Vec<Option<Word>> {
        if self.fragility[relation].is_endless {
            for at in 0..words.len() {
                let mut alone = vec![None; words.len()];
                alone[at] = words[at];
                if !self.any(relation, &alone) {
                    words[at] = None;
                }
            }
        }
        words
    }

    /// The claims that a stored fact cites, in order of their texts; of a citation, the claim that it names.
    pub(super) fn citations(&self, fact: &Fact) -> Vec<Value> {
        if let (Role::Citations(_), Some(claim)) = (self.program.relations[fact.relation].role, self.values(fact).pop())
        {
            return vec![claim];
        }
        let Some(citations) = self.program.relations[fact.relation].citations else { return Vec::new() };
        let Some(relation) = self.stored.get(citations) else { return Vec::new() };
        let rows = relation.starting_with(&fact.row);
        let claims = rows.column(fact.row.len());
        let ty = self.program.relations[citations].columns[fact.row.len()].ty;
        let table = self.symbols.read();
        let mut claims: Vec<Value> = claims.iter().map(|claim| claim.decode(ty, &table)).collect();
        claims.sort();
        claims
    }

    /// The values of a fact.
    pub fn values(&self, fact: &Fact) -> Vec<Value> {
        let table = self.symbols.read();
        let types = self.program.relations[fact.relation].columns.iter().map(|column| column.ty);
        fact.row.iter().zip(types).map(|(word, ty)| word.decode(ty, &table)).collect()
    }

    /// Compares two rows by value, column by column in this order.
    pub(super) fn compare(&self, relation: RelationId, order: &[usize], a: &[Word], b: &[Word]) -> Ordering {
        let columns = &self.program.relations[relation].columns;
        let unequal = order.iter().find(|column| a[**column] != b[**column]);
        unequal
            .map_or(Ordering::Equal, |column| a[*column].compare(b[*column], columns[*column].ty, &self.symbols.read()))
    }

    /// Visits the rows that have these words where one is given, in no particular order.
    pub(super) fn each(
        &self,
        relation: RelationId,
        pattern: &[Option<Word>],
        visit: &mut dyn FnMut(&[Word]) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        let mut row = Vec::with_capacity(pattern.len());
        if let Role::GivingWay(of) = self.program.relations[relation].role {
            let (lesser, greater) = pattern.split_at(pattern.len() / 2);
            let Some(lesser) = lesser.iter().copied().collect::<Option<Vec<Word>>>() else {
                return ControlFlow::Continue(());
            };
            let agrees =
                |row: &Vec<Word>| row.iter().zip(greater).all(|(word, wanted)| wanted.is_none_or(|it| it == *word));
            let mut rows = self.giving_way_to(of, &lesser).into_iter().filter(agrees);
            return rows.try_for_each(|greater| visit(&[&lesser[..], &greater].concat()));
        }
        if let Some(key) = pattern.iter().copied().collect::<Option<Vec<Word>>>() {
            let holds = self.model.borrow()[relation].contains(&key);
            return if holds { visit(&key) } else { ControlFlow::Continue(()) };
        }
        if pattern.iter().all(Option::is_none) {
            // A handle of its own, so that the visitor may look things up as well.
            let all: Relation = self.model.borrow()[relation].clone();
            let mut flow = ControlFlow::Continue(());
            all.scan(&mut |rows| {
                flow = (0..rows.len()).try_for_each(|at| {
                    self.go_on()?;
                    row.clear();
                    row.extend(rows.row(at));
                    visit(&row)
                });
                flow
            });
            return flow;
        }
        let rows = self.model.borrow_mut()[relation].matching(pattern);
        (0..rows.len()).try_for_each(|at| {
            self.go_on()?;
            row.clear();
            row.extend(rows.row(at));
            visit(&row)
        })
    }

    /// Whether a row has these words where one is given.
    pub(super) fn any(&self, relation: RelationId, pattern: &[Option<Word>]) -> bool {
        self.each(relation, pattern, &mut |_| ControlFlow::Break(())).is_break()
    }

    /// How many rows [`each`](Self::each) would visit.
    pub(super) fn count(&self, relation: RelationId, pattern: &[Option<Word>]) -> usize {
        self.model.borrow_mut()[relation].count(pattern)
    }

    /// About how many rows [`each`](Self::each) would visit.
    pub(super) fn expected(&self, relation: RelationId, pattern: &[Option<Word>]) -> usize {
        self.model.borrow()[relation].expected(pattern)
    }

    /// Whether there is time and memory left; if not, the explanation comes to nothing, and [`Ground::end`] says why.
    pub(super) fn go_on(&self) -> ControlFlow<()> {
        let steps = self.steps.get() + 1;
        self.steps.set(steps);
        self.limits.spend(1);
        if steps.is_multiple_of(PATIENCE)
            && let Err(stopped) = self.limits.ask(0, Progress::default)
        {
            *self.stopped.borrow_mut() = Some(stopped);
        }
        if self.stopped.borrow().is_some() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }

    /// How many steps were taken.
    pub(super) fn steps(&self) -> u64 {
        self.steps.get()
    }

    /// What was found, unless the search for it was stopped.
    pub(super) fn end<T>(&self, found: T) -> Result<T, Stopped> {
        self.stopped.borrow_mut().take().map_or(Ok(found), Err)
    }
}

/// Numbers facts, so that each is kept once.
#[derive(Default)]
pub(super) struct FactTable {
    facts: indexmap::IndexSet<Fact, rustc_hash::FxBuildHasher>,
}

crate::data::id! {
    /// A fact of a [`FactTable`].
    FactId
}

impl FactTable {
    /// The number of a fact, and whether it is new.
    pub(super) fn add(&mut self, fact: Fact) -> (FactId, bool) {
        let (at, is_new) = self.facts.insert_full(fact);
        (FactId::from_index(at), is_new)
    }

    pub(super) fn fact(&self, id: FactId) -> &Fact {
        &self.facts[id.index()]
    }
}
