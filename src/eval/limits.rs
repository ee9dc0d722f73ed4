//! What a run may use up, and how it is stopped.
//!
//! The engine asks a [`Watch`] at every batch of bindings and before every growth. Clocks and signals belong to the
//! caller, who sets the flag of an [`Interrupt`].

use crate::check::RuleId;
use crate::data::Fault;
use crate::report::Span;
use crate::store::Brake;
use std::sync::atomic::{AtomicI64, AtomicU8, AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

/// A flag that ends a run from outside.
#[derive(Debug, Clone, Default)]
pub struct Interrupt(Arc<AtomicU8>);

const RUNNING: u8 = 0;
const INTERRUPTED: u8 = 1;
const TIMED_OUT: u8 = 2;

impl Interrupt {
    /// Ends the run because the user asked for it.
    pub fn interrupt(&self) {
        self.0.store(INTERRUPTED, Ordering::Relaxed);
    }

    /// Ends the run because its time is up.
    pub fn time_out(&self) {
        self.0.store(TIMED_OUT, Ordering::Relaxed);
    }

    /// Whether someone asked for an end.
    pub fn is_raised(&self) -> bool {
        self.0.load(Ordering::Relaxed) != RUNNING
    }

    /// Lets the next run begin.
    pub fn clear(&self) {
        self.0.store(RUNNING, Ordering::Relaxed);
    }
}

/// How far a load or a run has come, for someone who watches from another thread.
#[derive(Debug, Clone, Default)]
pub struct Meter(Arc<Counts>);

#[derive(Debug, Default)]
struct Counts {
    bytes: AtomicUsize,
    rounds: AtomicUsize,
    tuples: AtomicUsize,
}

impl Meter {
    /// Bytes of files that were read.
    pub fn bytes(&self) -> usize {
        self.0.bytes.load(Ordering::Relaxed)
    }

    /// Counts bytes of a file that was read.
    pub fn add_bytes(&self, bytes: usize) {
        self.0.bytes.fetch_add(bytes, Ordering::Relaxed);
    }

    /// Rounds of all fixpoints so far, and the rows that they derived.
    pub fn progress(&self) -> Progress {
        let (rounds, tuples) = (self.0.rounds.load(Ordering::Relaxed), self.0.tuples.load(Ordering::Relaxed));
        Progress { rounds, tuples, rule: None }
    }

    fn add(&self, rounds: usize, tuples: usize) {
        self.0.tuples.fetch_add(tuples, Ordering::Relaxed);
        self.0.rounds.fetch_add(rounds, Ordering::Relaxed);
    }
}

/// What a run may use up.
#[derive(Debug, Clone, Default)]
pub struct Limits {
    /// What was used up so far.
    pub meter: Meter,
    /// The flag that ends the run.
    pub interrupt: Interrupt,
    /// Rows that rules may derive.
    pub max_tuples: Option<usize>,
    /// Rounds of all fixpoints together.
    pub max_rounds: Option<usize>,
    /// Memory of the whole process.
    pub memory: Option<MemoryLimit>,
    /// A monotonic clock for the [`Profile`](super::Profile): the time since some moment. Without it all times are
    /// zero.
    pub clock: Option<fn() -> Duration>,
    /// The work that may be done yet.
    pub effort: Option<Effort>,
}

/// Work that may be done yet, shared by all who do it. It is counted in steps and not timed, so that the same is done
/// every time, on any machine and any number of threads. A step is a row derived, or a binding of some variables of a rule
/// that is looked at.
#[derive(Debug, Clone)]
pub struct Effort(Arc<AtomicI64>);

impl Effort {
    /// So many steps.
    pub fn of(steps: u64) -> Self {
        Effort(Arc::new(AtomicI64::new(i64::try_from(steps).unwrap_or(i64::MAX))))
    }

    /// Does some steps.
    pub fn spend(&self, steps: usize) {
        self.0.fetch_sub(i64::try_from(steps).unwrap_or(i64::MAX), Ordering::Relaxed);
    }

    /// Whether all steps are done.
    pub fn is_spent(&self) -> bool {
        self.0.load(Ordering::Relaxed) <= 0
    }
}

impl Limits {
    /// Counts work.
    pub fn spend(&self, steps: usize) {
        self.effort.iter().for_each(|effort| effort.spend(steps));
    }

    /// Whether the work that may be done is done.
    pub fn is_spent(&self) -> bool {
        self.effort.as_ref().is_some_and(Effort::is_spent)
    }

    /// Bytes that a file may hold which does not tell beforehand how many it does: what memory there may be, since its
    /// rows come to lie there.
    pub fn longest_file(&self) -> u64 {
        self.memory.map_or(1 << 34, |memory| memory.bytes as u64)
    }

    /// Whether work may go on that is about to use so many bytes more. `progress` is what was done so far.
    pub fn ask(&self, bytes: usize, progress: impl Fn() -> Progress) -> Result<(), Stopped> {
        match self.interrupt.0.load(Ordering::Relaxed) {
            RUNNING => {}
            TIMED_OUT => return Err(Stopped::Limit { limit: "--timeout".into(), progress: progress() }),
            _ => return Err(Stopped::Interrupted(progress())),
        }
        if self.is_spent() {
            return Err(Stopped::Limit { limit: "the work for it".into(), progress: progress() });
        }
        match self.memory {
            Some(memory) if (memory.used)().saturating_add(bytes) > memory.bytes => {
                Err(Stopped::Limit { limit: format!("--memory-limit {}", memory.bytes), progress: progress() })
            }
            Some(_) | None => Ok(()),
        }
    }
}

/// A bound on memory, and how to measure it.
#[derive(Debug, Clone, Copy)]
pub struct MemoryLimit {
    /// Bytes.
    pub bytes: usize,
    /// Bytes in use now.
    pub used: fn() -> usize,
}

/// Why a run ended before its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stopped {
    /// Arithmetic had no result.
    Arithmetic(ArithmeticFault),
    /// A limit was reached.
    Limit {
        /// Which, with its value: `--max-tuples 1000`.
        limit: String,
        /// What was done until then.
        progress: Progress,
    },
    /// The user interrupted.
    Interrupted(Progress),
}

/// Arithmetic without a result. The least one of a round is reported, so that it is the same one every time.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ArithmeticFault {
    /// The rule.
    pub rule: RuleId,
    /// The operation.
    pub span: Span,
    /// What was computed: `9223372036854775807 + 1`.
    pub operation: String,
    /// What is wrong with it.
    pub fault: Fault,
}

/// How far a run has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Progress {
    /// Rounds of all fixpoints together.
    pub rounds: usize,
    /// Rows that rules derived.
    pub tuples: usize,
    /// The rule that was being evaluated.
    pub rule: Option<RuleId>,
}

/// The limits of one run, and where it started.
#[derive(Debug)]
pub(super) struct Watch<'a> {
    limits: &'a Limits,
    start: Progress,
}

impl<'a> Watch<'a> {
    pub(super) fn new(limits: &'a Limits) -> Self {
        Self { limits, start: limits.meter.progress() }
    }

    /// Whether the run may go on, now that `rule` is about to use so many bytes more.
    pub(super) fn ask(&self, rule: RuleId, bytes: usize) -> Result<(), Stopped> {
        self.limits.ask(bytes, || self.progress(Some(rule)))
    }

    /// Does work on many rows, which asks by itself whether to go on.
    pub(super) fn braked<R>(&self, rule: RuleId, work: impl FnOnce(&Brake<'_>) -> R) -> Result<R, Stopped> {
        let stopped = OnceLock::new();
        let is_on = || match self.ask(rule, 0) {
            _ if stopped.get().is_some() => true,
            Ok(()) => false,
            Err(reason) => stopped.set(reason).is_ok() || stopped.get().is_some(),
        };
        let result = work(&Brake::new(&is_on));
        stopped.into_inner().map_or(Ok(result), Err)
    }

    /// Counts bindings that were looked at.
    pub(super) fn spend(&self, bindings: usize) {
        self.limits.spend(bindings);
    }

    /// Counts rounds that found so many rows.
    pub(super) fn rounds(&self, rounds: usize, tuples: usize, rule: RuleId) -> Result<(), Stopped> {
        self.limits.meter.add(rounds, tuples);
        self.limits.spend(rounds + tuples);
        let Progress { rounds, tuples, .. } = self.progress(None);
        match (self.limits.max_tuples, self.limits.max_rounds) {
            (Some(max), _) if tuples > max => Err(self.limit(format!("--max-tuples {max}"), rule)),
            (_, Some(max)) if rounds > max => Err(self.limit(format!("--max-rounds {max}"), rule)),
            _ => Ok(()),
        }
    }

    /// What this run did so far.
    pub(super) fn progress(&self, rule: Option<RuleId>) -> Progress {
        let Progress { rounds, tuples, .. } = self.limits.meter.progress();
        Progress { rounds: rounds - self.start.rounds, tuples: tuples - self.start.tuples, rule }
    }

    pub(super) fn clock(&self) -> Option<fn() -> Duration> {
        self.limits.clock
    }

    fn limit(&self, limit: String, rule: RuleId) -> Stopped {
        Stopped::Limit { limit, progress: self.progress(Some(rule)) }
    }
}
