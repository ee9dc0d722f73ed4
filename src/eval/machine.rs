//! Running a pipeline: batches of bindings go through the steps, depth first, so that no more than one batch waits at
//! each step.
//!
//! In: steps, a batch of bindings, and a [`Sink`] for what comes out at the end. Promise: what comes out does not
//! depend on how bindings are cut into batches.
//!
//! A fault counts only if the literals that do not need its value can be satisfied; so when a step has one, the other
//! literals are run from the faulty bindings, and only those that get through stop the run.

use super::aggregate::append_output;
use super::chunk::Chunk;
use super::expr::{RowFault, settle};
use super::limits::{ArithmeticFault, Stopped, Watch};
use super::rank::Ranked;
use super::related;
use crate::check::{RelationId, Rule, RuleId, VarId};
use crate::data::{Id, Order, Part, Symbols, Type, Word};
use crate::plan::{self, Branch, Compare, Each, Expr, Join, Lookup, Pipeline, Stats, Step, StepKind, Test};
use crate::store::{Rows, Run, Store};
use std::cmp::Ordering;
use std::ops::Range;
use std::sync::Arc;

/// What the steps of one rule run on.
pub(super) struct Machine<'a> {
    pub(super) rule: RuleId,
    /// The rule as rewritten.
    pub(super) written: &'a Rule,
    pub(super) store: &'a Store,
    pub(super) stats: &'a Stats,
    pub(super) symbols: &'a Symbols,
    pub(super) watch: &'a Watch<'a>,
    /// How many bindings the pipeline starts from, about.
    pub(super) starts: usize,
    /// Aggregates of groups that were met before.
    pub(super) memo: super::aggregate::Memo,
    /// What aggregates count was sorted for other tasks too.
    pub(super) ranked: &'a Ranked,
}

/// Where bindings arrive that got through all steps.
pub(super) trait Sink {
    fn bindings(&mut self, chunk: Chunk) -> Result<(), Stopped>;
    /// A fault that counts, of one binding of a chunk.
    fn fault(&mut self, chunk: &Chunk, row: usize, fault: ArithmeticFault);
}

impl<'a> Machine<'a> {
    /// Sends a batch through the steps.
    pub(super) fn run(&self, steps: &[Step<'_>], chunk: Chunk, sink: &mut dyn Sink) -> Result<(), Stopped> {
        if chunk.is_empty() {
            return Ok(());
        }
        let Some((step, rest)) = steps.split_first() else { return sink.bindings(chunk) };
        self.watch.spend(chunk.len());
        self.watch.ask(self.rule, 0)?;
        match &step.kind {
            StepKind::Join(join) => self.join(step, join, rest, &chunk, sink),
            StepKind::Intersect(intersect) => self.intersect(step, intersect, rest, &chunk, sink),
            StepKind::Lookup(lookup) => {
                let flags = self.lookup(lookup, &chunk);
                self.run(rest, chunk.keep(&flags, &step.carry), sink)
            }
            StepKind::Compute(computed) => self.compute(step, computed, rest, chunk, sink),
            StepKind::Compare(compare) => {
                let flags = self.comparison(step, compare, &chunk, sink)?;
                self.run(rest, chunk.keep(&flags, &step.carry), sink)
            }
            StepKind::Test(test) => {
                let flags = self.test(step, test, &chunk, sink)?;
                self.run(rest, chunk.keep(&flags, &step.carry), sink)
            }
            StepKind::Each(each) => self.one_of(step, each, rest, &chunk, sink),
            StepKind::Aggregate(aggregate) => {
                let (values, flags) = self.aggregate(step, aggregate, &chunk, sink)?;
                let mut out = chunk.keep(&flags, &step.carry);
                out.set(aggregate.result, kept(&values, &flags));
                self.run(rest, out, sink)
            }
            StepKind::Either(branches) => self.either(step, branches, rest, &chunk, sink),
        }
    }

    /// The output of a pipeline for the bindings of a chunk, sorted. Its steps must not be able to fault.
    pub(super) fn rows(&self, pipeline: &Pipeline<'_>, seeds: Chunk) -> Result<Rows, Stopped> {
        let mut found = Found { machine: self, output: &pipeline.output, rows: Rows::new(pipeline.output.len()) };
        self.run(&pipeline.steps, seeds, &mut found)?;
        self.watch.braked(self.rule, |brake| found.rows.sort(brake))?;
        Ok(found.rows)
    }

    /// Sends the matches of a join whose key is bound by no variable through the steps behind it: the rows `range` of
    /// one of its runs.
    pub(super) fn run_from(
        &self,
        steps: &[Step<'_>],
        join: &Join,
        run: &Run,
        range: Range<usize>,
        variables: usize,
        sink: &mut dyn Sink,
    ) -> Result<(), Stopped> {
        let (step, rest) = steps.split_first().expect("a pipeline that starts with a join has a step");
        let mut matches = Matches { machine: self, step, join, rest, sink, out: Chunk::new(variables) };
        matches.add(&Chunk::start(variables), 0, run, range)?;
        matches.flush()
    }

    fn join(
        &self,
        step: &Step<'_>,
        join: &Join,
        rest: &[Step<'_>],
        chunk: &Chunk,
        sink: &mut dyn Sink,
    ) -> Result<(), Stopped> {
        let mut key = Key::new(&join.key);
        let mut matches = Matches { machine: self, step, join, rest, sink, out: Chunk::new(chunk.variables()) };
        if let Some(classes) = self.store[join.relation].classes() {
            return matches.add_related(chunk, classes);
        }
        let mut probes = self.probes_of(join)?;
        for row in 0..chunk.len() {
            let ascending = key.move_to(chunk, row);
            for probe in &mut probes {
                let mut range = probe.seek(&key.words, ascending);
                if !range.is_empty() {
                    // Where nothing of the rows is wanted, one is as good as all.
                    if join.binds.is_empty() && join.equal.is_empty() {
                        range.end = range.start + 1;
                    }
                    matches.add(chunk, row, &probe.run, range)?;
                }
            }
        }
        matches.flush()
    }

    /// For each binding, whether a matching row is there, or is not.
    fn lookup(&self, lookup: &Lookup, chunk: &Chunk) -> Vec<bool> {
        let mut key = Key::new(&lookup.key);
        if let Some(classes) = self.store[lookup.relation].classes() {
            return related::lookup(lookup, classes, chunk);
        }
        let mut probes = self.probes(lookup.relation, &lookup.order, lookup.part);
        (0..chunk.len())
            .map(|row| {
                let ascending = key.move_to(chunk, row);
                let found = probes.iter_mut().fold(false, |found, probe| {
                    let range = probe.seek(&key.words, ascending);
                    found || !range.is_empty()
                });
                found != lookup.absent
            })
            .collect()
    }

    pub(super) fn probes(&self, relation: RelationId, order: &Order, part: Part) -> Vec<Probe> {
        self.store[relation].runs_in(order, part).map(|run| Probe::new(run.clone(), self.starts)).collect()
    }

    /// The runs that a join looks rows up in.
    fn probes_of(&self, join: &Join) -> Result<Vec<Probe>, Stopped> {
        if join.paths.is_empty() {
            return Ok(self.probes(join.relation, &join.order, join.part));
        }
        let mut probes = Vec::new();
        for run in self.store[join.relation].runs_in(&join.order, join.part) {
            self.watch.ask(self.rule, run.bytes_to_follow(&join.paths))?;
            let run = self.watch.braked(self.rule, |brake| run.following(&join.paths, self.symbols, brake))?;
            probes.extend(run.map(|run| Probe::new(run, self.starts)));
        }
        Ok(probes)
    }

    fn compute(
        &self,
        step: &Step<'_>,
        computed: &[(VarId, Expr)],
        rest: &[Step<'_>],
        chunk: Chunk,
        sink: &mut dyn Sink,
    ) -> Result<(), Stopped> {
        let mut faults = Vec::new();
        let values: Vec<_> = computed.iter().map(|(_, expr)| self.evaluate(expr, &chunk, &mut faults)).collect();
        let flags = settle(chunk.len(), &values, &mut faults);
        self.weigh(step, &chunk, faults, sink)?;
        let columns: Vec<Vec<Word>> = values.iter().map(|value| kept(&value.words, &flags)).collect();
        let mut out = chunk.keep(&flags, &step.carry);
        for ((var, _), column) in computed.iter().zip(columns) {
            out.set(*var, column);
        }
        self.run(rest, out, sink)
    }

    fn comparison(
        &self,
        step: &Step<'_>,
        compare: &Compare,
        chunk: &Chunk,
        sink: &mut dyn Sink,
    ) -> Result<Vec<bool>, Stopped> {
        let mut faults = Vec::new();
        let sides = [&compare.left, &compare.right].map(|side| self.evaluate(side, chunk, &mut faults));
        let mut flags = settle(chunk.len(), &sides, &mut faults);
        self.compare(compare.op, compare.ty, &sides[0].words, &sides[1].words, &mut flags);
        self.weigh(step, chunk, faults, sink)?;
        Ok(flags)
    }

    fn test(&self, step: &Step<'_>, test: &Test, chunk: &Chunk, sink: &mut dyn Sink) -> Result<Vec<bool>, Stopped> {
        let mut faults = Vec::new();
        let args: Vec<_> = test.args.iter().map(|arg| self.evaluate(arg, chunk, &mut faults)).collect();
        let mut flags = settle(chunk.len(), &args, &mut faults);
        let builtin = test.builtin.row();
        for (row, flag) in flags.iter_mut().enumerate().filter(|(_, flag)| **flag) {
            *flag = builtin.holds(&self.values(builtin, &args, row)) == Some(!test.negated);
        }
        self.weigh(step, chunk, faults, sink)?;
        Ok(flags)
    }

    /// Goes on with what any branch lets through. What comes through several is one binding from here on: so many choices
    /// one behind the other are not multiplied out.
    fn either(
        &self,
        step: &Step<'_>,
        branches: &[Branch<'_>],
        rest: &[Step<'_>],
        chunk: &Chunk,
        sink: &mut dyn Sink,
    ) -> Result<(), Stopped> {
        let mut through = Chunk::new(chunk.variables());
        for branch in branches {
            let mut onward = Onward { machine: self, step, branch, rest, through, sink: &mut *sink };
            self.run(&branch.steps, chunk.clone(), &mut onward)?;
            through = onward.through;
        }
        self.run(rest, through.distinct(), sink)
    }

    /// Goes on with every value of a function of several.
    fn one_of(
        &self,
        step: &Step<'_>,
        each: &Each,
        rest: &[Step<'_>],
        chunk: &Chunk,
        sink: &mut dyn Sink,
    ) -> Result<(), Stopped> {
        let mut faults = Vec::new();
        let given: Vec<_> = each.given.iter().map(|arg| self.evaluate(arg, chunk, &mut faults)).collect();
        let flags = settle(chunk.len(), &given, &mut faults);
        self.weigh(step, chunk, faults, sink)?;
        let builtin = each.builtin.row();
        let mut out = Chunk::new(chunk.variables());
        for row in (0..chunk.len()).filter(|row| flags[*row]) {
            for value in self.each_value(builtin, &given, row) {
                out.extend(each.var, [Word::encode(&value, self.symbols)]);
                step.carry.iter().for_each(|var| out.extend(*var, [chunk.column(*var)[row]]));
                out.grow(1);
                if out.len() >= Chunk::CAPACITY {
                    let full = std::mem::replace(&mut out, Chunk::new(chunk.variables()));
                    self.run(rest, full, sink)?;
                }
            }
        }
        self.run(rest, out, sink)
    }

    /// Tells the sink of those faults for whose bindings the other literals can be satisfied.
    pub(super) fn weigh(
        &self,
        step: &Step<'_>,
        chunk: &Chunk,
        faults: Vec<RowFault>,
        sink: &mut dyn Sink,
    ) -> Result<(), Stopped> {
        if faults.is_empty() {
            return Ok(());
        }
        let positions: Vec<usize> = faults.iter().map(|fault| fault.row).collect();
        let mut faulty = chunk.pick(&positions);
        let number = VarId::from_index(self.written.variables.len().max(chunk.variables()));
        faulty.set(number, (0..positions.len() as u64).map(Word).collect());
        let mut types: Vec<Type> = self.written.variables.iter().map(|var| var.ty).collect();
        types.resize(number.index() + 1, Type::Number);
        let bound = faulty.bound().collect();
        let mut marks = Marks { number, marked: vec![false; positions.len()] };
        let rest = plan::plan_rest(&step.others, &bound, number, &types, self.stats, self.symbols);
        self.with_orders(&rest.steps, |machine| machine.run(&rest.steps, faulty, &mut marks))?;
        for (RowFault { row, fault }, _) in faults.into_iter().zip(marks.marked).filter(|(_, marked)| *marked) {
            sink.fault(chunk, row, fault);
        }
        Ok(())
    }

    /// Runs on a store that offers every order these steps need.
    fn with_orders<R>(&self, steps: &[Step<'_>], run: impl FnOnce(&Machine<'_>) -> R) -> R {
        let mut indexes = Vec::new();
        plan::indexes(steps, &mut indexes);
        let mut store = self.store.clone();
        indexes.into_iter().for_each(|index| store[index.relation].require(index.order));
        let (memo, ranked) = (super::aggregate::Memo::default(), Ranked::default());
        run(&Machine { store: &store, memo, ranked: &ranked, ..*self })
    }
}

/// The words whose flag is set.
pub(super) fn kept(words: &[Word], flags: &[bool]) -> Vec<Word> {
    words.iter().zip(flags).filter(|(_, flag)| **flag).map(|(word, _)| *word).collect()
}

/// Bindings that a join gathers until there are enough to hand on.
pub(super) struct Matches<'m, 'a> {
    machine: &'m Machine<'a>,
    step: &'m Step<'m>,
    pub(super) join: &'m Join,
    rest: &'m [Step<'m>],
    sink: &'m mut dyn Sink,
    pub(super) out: Chunk,
}

impl Matches<'_, '_> {
    /// Adds the rows of a range as matches of one binding.
    fn add(&mut self, chunk: &Chunk, row: usize, run: &Run, mut range: Range<usize>) -> Result<(), Stopped> {
        while !range.is_empty() {
            let piece = range.start..range.end.min(range.start + Chunk::CAPACITY);
            range.start = piece.end;
            let added = if self.join.equal.is_empty() {
                for (at, var) in &self.join.binds {
                    self.out.extend(*var, run.rows().column(*at).words(piece.clone()));
                }
                piece.len()
            } else {
                self.add_equal(run, piece)
            };
            self.carry(chunk, row, added)?;
            if !self.out.is_empty() && added < Chunk::CAPACITY / 2 && !range.is_empty() {
                self.machine.watch.ask(self.machine.rule, 0)?;
            }
        }
        Ok(())
    }

    /// Completes the last so many matches by what was bound before.
    pub(super) fn carry(&mut self, chunk: &Chunk, row: usize, added: usize) -> Result<(), Stopped> {
        for var in &self.step.carry {
            self.out.extend(*var, std::iter::repeat_n(chunk.column(*var)[row], added));
        }
        self.out.grow(added);
        if self.out.len() >= Chunk::CAPACITY { self.flush() } else { Ok(()) }
    }

    /// Adds the rows whose repeated variables agree.
    fn add_equal(&mut self, run: &Run, piece: Range<usize>) -> usize {
        let agree = |row: &usize| {
            self.join.equal.iter().all(|&(a, b)| run.rows().column(a).get(*row) == run.rows().column(b).get(*row))
        };
        let rows: Vec<usize> = piece.filter(agree).collect();
        for (at, var) in &self.join.binds {
            let column = run.rows().column(*at);
            self.out.extend(*var, rows.iter().map(|&row| column.get(row)));
        }
        rows.len()
    }

    pub(super) fn flush(&mut self) -> Result<(), Stopped> {
        let empty = Chunk::new(self.out.variables());
        let full = std::mem::replace(&mut self.out, empty);
        self.machine.run(self.rest, full, self.sink)
    }
}

/// A run, and where the last key was found in it.
pub(super) struct Probe {
    pub(super) run: Arc<Run>,
    at: usize,
}

impl Probe {
    /// For about so many lookups.
    fn new(run: Arc<Run>, lookups: usize) -> Self {
        run.prepare(lookups);
        Self { run, at: 0 }
    }

    pub(super) fn seek(&mut self, key: &[Word], ascending: bool) -> Range<usize> {
        let range = self.run.seek(key, if ascending { self.at } else { 0 });
        self.at = range.start;
        range
    }
}

/// The words that one binding gives the columns of a lookup.
pub(super) struct Key<'e> {
    exprs: &'e [Expr],
    pub(super) words: Vec<Word>,
}

impl<'e> Key<'e> {
    pub(super) fn new(exprs: &'e [Expr]) -> Self {
        Self { exprs, words: Vec::with_capacity(exprs.len()) }
    }

    /// Fills in the words of a binding. Says whether they lie at or behind those before.
    pub(super) fn move_to(&mut self, chunk: &Chunk, row: usize) -> bool {
        let fresh = self.words.len() < self.exprs.len();
        let mut change = Ordering::Equal;
        for (at, expr) in self.exprs.iter().enumerate() {
            let word = match expr {
                Expr::Variable(var) => chunk.column(*var)[row],
                Expr::Word(word) => *word,
                Expr::Call(_) => panic!("a plan computes the calls of a key in steps before"),
            };
            if fresh {
                self.words.push(word);
            } else {
                change = change.then(word.cmp(&self.words[at]));
                self.words[at] = word;
            }
        }
        change.is_ge()
    }
}

/// The end of a branch: what gets through is gathered with that of the other branches.
struct Onward<'m, 'a, 's> {
    machine: &'m Machine<'a>,
    /// The disjunction.
    step: &'m Step<'m>,
    branch: &'m Branch<'m>,
    rest: &'m [Step<'m>],
    through: Chunk,
    sink: &'s mut dyn Sink,
}

impl Sink for Onward<'_, '_, '_> {
    fn bindings(&mut self, mut chunk: Chunk) -> Result<(), Stopped> {
        for (var, word) in &self.branch.fill {
            chunk.set(*var, vec![*word; chunk.len()]);
        }
        for var in &self.step.carry {
            self.through.extend(*var, chunk.column(*var).iter().copied());
        }
        self.through.grow(chunk.len());
        if self.through.len() < Chunk::CAPACITY {
            return Ok(());
        }
        let empty = Chunk::new(self.through.variables());
        let full = std::mem::replace(&mut self.through, empty);
        self.machine.run(self.rest, full.distinct(), self.sink)
    }

    fn fault(&mut self, chunk: &Chunk, row: usize, fault: ArithmeticFault) {
        self.sink.fault(chunk, row, fault);
    }
}

/// The rows of a pipeline that does not fault.
struct Found<'m, 'a> {
    machine: &'m Machine<'a>,
    output: &'m [Expr],
    rows: Rows,
}

impl Sink for Found<'_, '_> {
    fn bindings(&mut self, chunk: Chunk) -> Result<(), Stopped> {
        let faults = append_output(self.machine, self.output, &chunk, &mut self.rows)?;
        assert!(faults.is_empty(), "no step of such a pipeline computes");
        Ok(())
    }

    fn fault(&mut self, _: &Chunk, _: usize, fault: ArithmeticFault) {
        panic!("no step of such a pipeline can fault: {fault:?}");
    }
}

/// Notes which of the bindings at the start get through, by the number they carry.
struct Marks {
    number: VarId,
    marked: Vec<bool>,
}

impl Sink for Marks {
    fn bindings(&mut self, chunk: Chunk) -> Result<(), Stopped> {
        for word in chunk.column(self.number) {
            self.marked[word.0 as usize] = true;
        }
        Ok(())
    }

    fn fault(&mut self, chunk: &Chunk, row: usize, _: ArithmeticFault) {
        self.marked[chunk.column(self.number)[row].0 as usize] = true;
    }
}
