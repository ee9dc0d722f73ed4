//! What an evaluation took: rounds, rows and time, rule by rule.
//!
//! Promise: all but the times depends on the program and its facts alone. Times are those of the clock in
//! [`Limits`](super::Limits), and zero without one; it is read twice for each task, never for a row.

use crate::check::{RuleId, StratumId};
use std::time::Duration;

/// What an evaluation took.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Profile {
    /// The strata, in the order in which they were evaluated.
    pub strata: Vec<StratumProfile>,
}

/// What a stratum took.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StratumProfile {
    /// The stratum.
    pub stratum: StratumId,
    /// Its rounds, with the last, which finds nothing new.
    pub rounds: usize,
    /// Rows that were not there before.
    pub new_rows: usize,
    /// How long it took, with planning, indexing, sorting and merging.
    pub time: Duration,
    /// Its rules, in the order they were written.
    pub rules: Vec<RuleProfile>,
}

/// What a rule took.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleProfile {
    /// The rule.
    pub rule: RuleId,
    /// Rounds in which it had rows to start from.
    pub rounds: usize,
    /// Rows that it found, each as often as it was found. Of rows that were found as whole sets of values, it is not
    /// known how often.
    pub found: Option<usize>,
    /// How long its pipelines ran, on all threads together. Of many small rounds this is an estimate: only some are
    /// timed, and stand for the others. Of rules whose sets are put together at once, it is not known.
    pub time: Option<Duration>,
}

impl StratumProfile {
    /// Nothing was done yet.
    pub(super) fn new(stratum: StratumId, rules: impl IntoIterator<Item = RuleId>) -> Self {
        let rules =
            rules.into_iter().map(|rule| RuleProfile { rule, rounds: 0, found: Some(0), time: Some(Duration::ZERO) });
        Self { stratum, rounds: 0, new_rows: 0, time: Duration::ZERO, rules: rules.collect() }
    }

    /// Counts what a chain did in some rounds; how often it found rows, if that is known.
    pub(super) fn chain(&mut self, rule: RuleId, rounds: usize, found: Option<usize>) {
        let profile = self.rules.iter_mut().find(|profile| profile.rule == rule);
        let profile = profile.expect("a chain is a rule of its stratum");
        profile.rounds += rounds;
        profile.found = profile.found.zip(found).map(|(before, found)| before + found);
        profile.time = None;
    }
}

/// A monotonic clock.
pub(super) type Clock = fn() -> Duration;

/// The clock of one round. To read it takes as long as a tenth of a task of one row, so when there have been many
/// rounds, only one small one in [`ONE_IN`](Timer::ONE_IN) is timed and counts as so many.
#[derive(Debug, Clone, Copy)]
pub(super) struct Timer {
    clock: Option<Clock>,
    weight: u32,
}

impl Timer {
    /// How many rounds are timed whatever their size.
    const FIRST: usize = 64;
    /// Rows of a task from which on a reading is lost in the work.
    const SMALL: usize = 64;
    /// A prime, so that it falls in step with no other period.
    const ONE_IN: u32 = 17;

    /// For work that is timed whatever its size.
    pub(super) fn whole(clock: Option<Clock>) -> Self {
        Self { clock, weight: 1 }
    }

    /// For a round of so many tasks over so many rows; rounds are counted from 0.
    pub(super) fn new(clock: Option<Clock>, round: usize, tasks: usize, rows: usize) -> Self {
        if round < Self::FIRST || rows >= Self::SMALL * tasks {
            return Self::whole(clock);
        }
        let timed = round.is_multiple_of(Self::ONE_IN as usize);
        Self { clock: clock.filter(|_| timed), weight: Self::ONE_IN }
    }

    /// What the clock shows.
    pub(super) fn start(self) -> Duration {
        self.clock.map_or(Duration::ZERO, |clock| clock())
    }

    /// The time since then, with that of the rounds that this one stands for.
    pub(super) fn since(self, start: Duration) -> Duration {
        self.start().saturating_sub(start) * self.weight
    }
}
