//! The engine of one machine: semi-naive evaluation, stratum by stratum, on all threads.
//!
//! Round by round (Bancilhon 1986): every rule is run once over all rows; then, as long as some relation of the
//! stratum got new rows, its rules are run again with one atom over the recent rows. The tasks of a round only read
//! the store; what they derive is inserted when all have ended, so the result does not depend on their order.

use super::aggregate::{Memo, append_output};
use super::chain;
use super::chunk::Chunk;
use super::expr::RowFault;
use super::gather::{Derived, Gathered, Round};
use super::limits::{ArithmeticFault, Limits, Stopped, Watch};
use super::machine::{Machine, Sink};
use super::profile::{Profile, StratumProfile, Timer};
use super::rank::Ranked;
use super::upkeep::Keeper;
use crate::check::{Program, RelationId, Stratum, StratumId};
use crate::data::{Symbols, Word};
use crate::plan::{self, ChainPlan, Choices, Expr, Join, Pipeline, RulePlan, Stats, StepKind, StratumPlan, Use};
use crate::store::{Relation, Rows, Run, Store};
use rayon::iter::{ParallelBridge, ParallelIterator};
use std::ops::{ControlFlow, Range};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// What the planner is told of a store.
pub fn stats(store: &Store) -> Stats {
    let related = store.enumerate().filter_map(|(id, relation)| Some((id, relation.classes()?.words())));
    Stats { rows: store.iter().map(Relation::len).collect(), related: related.collect() }
}

/// Evaluates strata, in order, on a store that holds what they read. Either all their relations are complete, or the
/// reason is given and the store is as it was. Returns what it took.
pub fn evaluate(
    program: &Program,
    strata: &[StratumId],
    store: &mut Store,
    symbols: &Symbols,
    limits: &Limits,
    choices: Choices,
) -> Result<Profile, Stopped> {
    let watch = Watch::new(limits);
    let mut work = store.clone();
    let mut profile = Profile::default();
    let mut stats = stats(&work);
    for &stratum in strata {
        let timer = Timer::whole(limits.clock);
        let start = timer.start();
        let rules = plan::rewrite(program, stratum);
        let limits = &program.strata[stratum];
        // Whole sets of values know nothing of rows that are left out.
        let chains = if program.is_kept_up(stratum) { Use::Never } else { choices.chains };
        let (relations, choices) = (&limits.relations, Choices { chains, ..choices }.within(limits));
        let plan = plan::plan(relations, &rules, &stats, symbols, choices);
        let mut took = StratumProfile::new(stratum, plan.rules.iter().map(|plan| plan.rule));
        let fixpoint = |plan| Fixpoint::new(plan, limits, &stats, symbols, &watch);
        if !fixpoint(&plan).run_chains(&mut work, &mut took)? {
            // Without chains nothing is left out of the plan.
            let plan = match plan.chains {
                Some(_) => &plan::plan(relations, &rules, &stats, symbols, Choices { chains: Use::Never, ..choices }),
                None => &plan,
            };
            let giving_way = plan::rewrite_giving_way(program, stratum);
            let giving_way = plan::plan(relations, &giving_way, &stats, symbols, choices);
            let mut keeper = Keeper::new(program, stratum, fixpoint(&giving_way));
            fixpoint(plan).run(&mut work, &mut took, &mut keeper, &mut |_| ControlFlow::Continue(()))?;
            took.rules.extend(keeper.took());
        }
        for id in relations {
            stats.rows[*id] = work[*id].len();
            stats.related.extend(work[*id].classes().map(|classes| (*id, classes.words())));
        }
        took.time = timer.since(start);
        profile.strata.push(took);
    }
    *store = work;
    Ok(profile)
}

/// Counts the rows that the rule of a stratum derives, which are not kept. Different bindings of the rule must give
/// different rows, as where [`plan::countable`] says so.
pub fn count(
    program: &Program,
    stratum: StratumId,
    store: &mut Store,
    symbols: &Symbols,
    limits: &Limits,
) -> Result<StratumProfile, Stopped> {
    let watch = Watch::new(limits);
    let timer = Timer::whole(limits.clock);
    let start = timer.start();
    let stats = stats(store);
    let rules = plan::rewrite(program, stratum);
    let choices = Choices { chains: Use::Never, ..Choices::default() };
    let plan = plan::plan(&program.strata[stratum].relations, &rules, &stats, symbols, choices);
    let mut took = StratumProfile::new(stratum, plan.rules.iter().map(|plan| plan.rule));
    let limits = &program.strata[stratum];
    let fixpoint = Fixpoint { keeps: Keeps::Counts, ..Fixpoint::new(&plan, limits, &stats, symbols, &watch) };
    fixpoint.require_orders(store)?;
    let mut tasks = Vec::new();
    fixpoint.cut(|rule| &rule.first, store, &mut took, &mut tasks);
    let derived = fixpoint.run_tasks(&tasks, store, &mut took)?;
    took.rounds = 1;
    took.new_rows = derived.iter().map(|(_, rows)| rows.len()).sum();
    let rule = plan.rules.first().expect("a stratum has rules");
    watch.rounds(1, took.new_rows, rule.rule)?;
    took.time = timer.since(start);
    Ok(took)
}

/// Evaluates one stratum that keeps every row, and shows the store after each round, until someone has seen enough. A
/// row appears in the round whose number is that of the rules that follow each other on the shortest way to it.
pub fn rounds(
    program: &Program,
    stratum: StratumId,
    store: &mut Store,
    symbols: &Symbols,
    limits: &Limits,
    visit: &mut dyn FnMut(&Store) -> ControlFlow<()>,
) -> Result<(), Stopped> {
    let watch = Watch::new(limits);
    let stats = stats(store);
    let rules = plan::rewrite(program, stratum);
    let choices = Choices { chains: Use::Never, ..Choices::default() };
    let plan = plan::plan(&program.strata[stratum].relations, &rules, &stats, symbols, choices);
    let mut took = StratumProfile::new(stratum, plan.rules.iter().map(|plan| plan.rule));
    let limits = &program.strata[stratum];
    let fixpoint = Fixpoint::new(&plan, limits, &stats, symbols, &watch);
    fixpoint.run(store, &mut took, &mut Keeper::default(), visit)
}

/// The evaluation of one stratum.
pub(super) struct Fixpoint<'a> {
    pub(super) plan: &'a StratumPlan<'a>,
    /// What may end it.
    limits: &'a Stratum,
    stats: &'a Stats,
    pub(super) symbols: &'a Symbols,
    watch: &'a Watch<'a>,
    keeps: Keeps,
    ranked: Ranked,
}

/// What is kept of the rows that a task derives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Keeps {
    /// The rows, each once.
    Rows,
    /// How often one was derived.
    Counts,
}

/// One pipeline on one piece of what it starts from.
pub(super) struct Task<'a> {
    rule: &'a RulePlan<'a>,
    pipeline: &'a Pipeline<'a>,
    start: Option<Piece<'a>>,
}

/// Rows of a run that the first join of a pipeline goes through.
struct Piece<'a> {
    join: &'a Join,
    run: Arc<Run>,
    range: Range<usize>,
}

/// Rows that one task goes through; so many are worth a thread.
const PIECE: usize = 1 << 13;
/// What the lock of the gathered results promises.
const GATHERED: &str = "putting a result in its place does not panic";

impl<'a> Fixpoint<'a> {
    /// An evaluation that keeps the rows.
    fn new(
        plan: &'a StratumPlan<'a>,
        limits: &'a Stratum,
        stats: &'a Stats,
        symbols: &'a Symbols,
        watch: &'a Watch<'a>,
    ) -> Self {
        Self { plan, limits, stats, symbols, watch, keeps: Keeps::Rows, ranked: Ranked::default() }
    }

    fn run(
        &self,
        store: &mut Store,
        took: &mut StratumProfile,
        keeper: &mut Keeper<'_>,
        visit: &mut dyn FnMut(&Store) -> ControlFlow<()>,
    ) -> Result<(), Stopped> {
        keeper.begin(store)?;
        self.require_orders(store)?;
        if self.plan.rules.is_empty() {
            return Ok(());
        }
        let mut tasks: Vec<Task<'a>> = Vec::new();
        if self.limits.limits.is_empty() {
            self.cut(|rule| &rule.first, store, took, &mut tasks);
        } else {
            // What does not depend on the stratum is there before its first round.
            self.cut(|rule| if rule.later.is_empty() { &rule.first } else { &[] }, store, took, &mut tasks);
            self.round(&tasks, store, took, keeper)?;
            tasks.clear();
            self.cut(|rule| if rule.later.is_empty() { &[] } else { &rule.first }, store, took, &mut tasks);
        }
        while !self.limits.is_full(|relation| store[relation].len()) {
            let added = self.round(&tasks, store, took, keeper)?;
            if added == 0 || visit(store).is_break() {
                return Ok(());
            }
            tasks.clear();
            self.cut(|rule| &rule.later, store, took, &mut tasks);
        }
        Ok(())
    }

    /// Runs tasks, and takes in what they derive. Returns how many rows were new.
    fn round(
        &self,
        tasks: &[Task<'a>],
        store: &mut Store,
        took: &mut StratumProfile,
        keeper: &mut Keeper<'_>,
    ) -> Result<usize, Stopped> {
        let derived = self.run_tasks(tasks, store, took)?;
        let added = self.advance(derived, store, keeper)?;
        took.rounds += 1;
        took.new_rows += added;
        Ok(added)
    }

    /// Evaluates the stratum by its chains, if it has some and they can be.
    fn run_chains(&self, store: &mut Store, took: &mut StratumProfile) -> Result<bool, Stopped> {
        let Some(chains) = &self.plan.chains else { return Ok(false) };
        self.require_orders(store)?;
        let mut tasks: Vec<Task<'a>> = Vec::new();
        self.cut(|rule| &rule.first, store, took, &mut tasks);
        self.round(&tasks, store, took, &mut Keeper::default())?;
        let rule = self.plan.rules.first().expect("a stratum has rules");
        let Some(ground) = chain::prepare(chains, &self.machine(rule, store, 0))? else { return Ok(false) };
        // What the relations hold so far is part of the ground now.
        self.plan.relations.iter().for_each(|id| store[*id] = Relation::new(store[*id].arity()));
        let relations = chain::complete(chains, ground, self.watch, took)?;
        relations.into_iter().for_each(|(id, relation)| store[id] = relation);
        Ok(true)
    }

    fn machine<'m>(&'m self, rule: &'m RulePlan<'_>, store: &'m Store, starts: usize) -> Machine<'m> {
        let Fixpoint { stats, symbols, watch, ref ranked, .. } = *self;
        let RulePlan { rule, written, .. } = *rule;
        Machine { rule, written, store, stats, symbols, watch, starts, memo: Memo::default(), ranked }
    }

    /// Cuts pipelines of every rule into tasks, in order of the rules.
    pub(super) fn cut(
        &self,
        pipelines: impl Fn(&'a RulePlan<'a>) -> &'a [Pipeline<'a>],
        store: &Store,
        took: &mut StratumProfile,
        tasks: &mut Vec<Task<'a>>,
    ) {
        for (rule, took) in self.plan.rules.iter().zip(&mut took.rules) {
            let before = tasks.len();
            tasks.extend(pipelines(rule).iter().flat_map(|pipeline| tasks_of(rule, pipeline, store)));
            took.rounds += usize::from(tasks.len() > before);
        }
    }

    pub(super) fn require_orders(&self, store: &mut Store) -> Result<(), Stopped> {
        let Some(last) = self.plan.rules.last() else { return Ok(()) };
        let mut indexes = Vec::new();
        for rule in &self.plan.rules {
            rule.first.iter().chain(&rule.later).for_each(|pipeline| plan::indexes(&pipeline.steps, &mut indexes));
        }
        for pipeline in self.plan.chains.iter().flat_map(ChainPlan::pipelines) {
            plan::indexes(&pipeline.steps, &mut indexes);
        }
        indexes.into_iter().try_for_each(|index| {
            self.watch.braked(last.rule, |brake| store[index.relation].require_under(index.order, brake))
        })
    }

    /// Inserts what was derived, as far as it is kept. Returns how many rows were new.
    fn advance(
        &self,
        mut derived: Vec<(RelationId, Rows)>,
        store: &mut Store,
        keeper: &mut Keeper<'_>,
    ) -> Result<usize, Stopped> {
        let rule = self.plan.rules.last().expect("a stratum has rules").rule;
        keeper.settle(&mut derived, store)?;
        derived.into_iter().for_each(|(head, rows)| store[head].insert(rows));
        let mut added = 0;
        for relation in &self.plan.relations {
            self.watch.ask(rule, store[*relation].bytes_to_advance())?;
            let left_out = keeper.left_out(*relation);
            added += self.watch.braked(rule, |brake| store[*relation].advance_without(left_out, brake))?;
        }
        added -= keeper.after_round(store)?;
        self.watch.rounds(1, added, rule)?;
        Ok(added)
    }

    /// Runs the tasks of a round. Returns what they derived, in order of the tasks.
    pub(super) fn run_tasks(
        &self,
        tasks: &[Task<'a>],
        store: &Store,
        took: &mut StratumProfile,
    ) -> Result<Vec<(RelationId, Rows)>, Stopped> {
        let size: usize = tasks.iter().map(Task::size).sum();
        self.watch.spend(size);
        let timer = Timer::new(self.watch.clock(), took.rounds, tasks.len(), size);
        let head = |task: usize| tasks[task].rule.written.head;
        let gathered = Mutex::new(Gathered::new(tasks.len()));
        let run = |(at, task): (usize, &Task<'a>)| {
            let result = self.run_task(task, store, size, timer);
            gathered.lock().expect(GATHERED).add(at, result, head);
        };
        if size < 2 * PIECE {
            tasks.iter().enumerate().for_each(run);
        } else {
            // In order, so that few results wait for one before them.
            tasks.iter().enumerate().par_bridge().for_each(run);
        }
        let Round { rows, costs } = gathered.into_inner().expect(GATHERED).end()?;
        let mut rules = took.rules.iter_mut().peekable();
        for (task, (found, time)) in tasks.iter().zip(costs) {
            while rules.next_if(|rule| rule.rule != task.rule.rule).is_some() {}
            let rule = rules.peek_mut().expect("tasks are in order of the rules");
            rule.found = rule.found.map(|before| before + found);
            rule.time = rule.time.map(|before| before + time);
        }
        Ok(rows)
    }

    fn run_task(&self, task: &Task<'a>, store: &Store, starts: usize, timer: Timer) -> Result<Derived, Stopped> {
        let start = timer.start();
        let machine = self.machine(task.rule, store, starts);
        let Pipeline { steps, output, types } = task.pipeline;
        let output = match self.keeps {
            Keeps::Rows => &output[..],
            Keeps::Counts => &[],
        };
        let derived = Derived { rows: Rows::new(output.len()), found: 0, time: Duration::ZERO, fault: None };
        let mut sink = Output { machine: &machine, output, derived };
        match &task.start {
            Some(Piece { join, run, range }) => {
                machine.run_from(steps, join, run, range.clone(), types.len(), &mut sink)?;
            }
            None => machine.run(steps, Chunk::start(types.len()), &mut sink)?,
        }
        let mut derived = sink.derived;
        derived.found = derived.rows.len();
        if self.keeps == Keeps::Rows {
            self.watch.braked(machine.rule, |brake| derived.rows.sort(brake))?;
            derived.rows.shrink();
        }
        derived.time = timer.since(start);
        Ok(derived)
    }
}

impl Task<'_> {
    fn size(&self) -> usize {
        self.start.as_ref().map_or(1, |piece| piece.range.len())
    }
}

/// A pipeline cut into tasks: by the rows of its first join, where it starts with one.
fn tasks_of<'a>(rule: &'a RulePlan<'a>, pipeline: &'a Pipeline<'a>, store: &Store) -> Vec<Task<'a>> {
    let whole = || vec![Task { rule, pipeline, start: None }];
    let Some(StepKind::Join(join)) = pipeline.steps.first().map(|step| &step.kind) else { return whole() };
    if store[join.relation].classes().is_some() {
        return whole();
    }
    let key: Vec<Word> = join.key.iter().map(constant).collect();
    let mut tasks = Vec::new();
    for run in store[join.relation].runs_in(&join.order, join.part) {
        let all = run.seek(&key, 0);
        for start in all.clone().step_by(PIECE) {
            let range = start..all.end.min(start + PIECE);
            tasks.push(Task { rule, pipeline, start: Some(Piece { join, run: run.clone(), range }) });
        }
    }
    tasks
}

fn constant(expr: &Expr) -> Word {
    match expr {
        Expr::Word(word) => *word,
        Expr::Variable(_) | Expr::Call(_) => panic!("nothing is bound before the first step"),
    }
}

/// The end of a rule: rows of its head.
struct Output<'m, 'a> {
    machine: &'m Machine<'a>,
    output: &'m [Expr],
    derived: Derived,
}

impl Output<'_, '_> {
    fn note(&mut self, fault: ArithmeticFault) {
        let known = self.derived.fault.take();
        self.derived.fault = Some(known.map_or(fault.clone(), |known| known.min(fault)));
    }
}

impl Sink for Output<'_, '_> {
    fn bindings(&mut self, chunk: Chunk) -> Result<(), Stopped> {
        let faults = append_output(self.machine, self.output, &chunk, &mut self.derived.rows)?;
        faults.into_iter().for_each(|RowFault { fault, .. }| self.note(fault));
        Ok(())
    }

    fn fault(&mut self, _: &Chunk, _: usize, fault: ArithmeticFault) {
        self.note(fault);
    }
}
