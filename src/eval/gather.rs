//! Putting together what the tasks of a round derive, while they run.
//!
//! In: results of tasks, as they end. Out: the same in order of the tasks. Promise: a batch is copied to its place as
//! soon as those before it are there, so that what a round derives is not held twice.

use super::limits::{ArithmeticFault, Stopped};
use crate::check::RelationId;
use crate::store::Rows;
use std::collections::BTreeMap;
use std::time::Duration;

/// What one task found.
pub(super) struct Derived {
    pub(super) rows: Rows,
    /// How many rows there were before duplicates were dropped.
    pub(super) found: usize,
    pub(super) time: Duration,
    pub(super) fault: Option<ArithmeticFault>,
}

/// What the tasks of a round derived, as far as it is known.
pub(super) struct Gathered {
    /// By the number of the task: results that wait for those before them.
    early: BTreeMap<usize, Result<Derived, Stopped>>,
    /// How many results are in their place.
    placed: usize,
    rows: Vec<(RelationId, Rows)>,
    /// The rows found and the time taken by each task in its place.
    costs: Vec<(usize, Duration)>,
    fault: Option<ArithmeticFault>,
    stopped: Option<Stopped>,
}

/// All that the tasks of a round derived.
pub(super) struct Round {
    /// Batches in order of the tasks, those that follow each other for one relation as one.
    pub(super) rows: Vec<(RelationId, Rows)>,
    /// The rows found and the time taken by each task.
    pub(super) costs: Vec<(usize, Duration)>,
}

impl Gathered {
    /// Nothing yet.
    pub(super) fn new(tasks: usize) -> Self {
        let costs = Vec::with_capacity(tasks);
        Self { early: BTreeMap::new(), placed: 0, rows: Vec::new(), costs, fault: None, stopped: None }
    }

    /// Takes the result of a task. `head` says which relation a task derives.
    pub(super) fn add(&mut self, task: usize, result: Result<Derived, Stopped>, head: impl Fn(usize) -> RelationId) {
        self.early.insert(task, result);
        while let Some(result) = self.early.remove(&self.placed) {
            let head = head(self.placed);
            self.placed += 1;
            match result {
                Ok(derived) => self.place(head, derived),
                Err(stopped) => {
                    self.stopped.get_or_insert(stopped);
                }
            }
        }
    }

    fn place(&mut self, head: RelationId, Derived { rows, found, time, fault }: Derived) {
        self.costs.push((found, time));
        self.fault = self.fault.take().into_iter().chain(fault).min();
        match self.rows.last_mut() {
            Some((last, gathered)) if *last == head => gathered.append(&rows),
            _ => self.rows.push((head, rows)),
        }
    }

    /// All of it; or why the run was stopped, or the least of the faults.
    pub(super) fn end(self) -> Result<Round, Stopped> {
        debug_assert!(self.early.is_empty(), "every task has a result");
        match (self.stopped, self.fault) {
            (Some(stopped), _) => Err(stopped),
            (None, Some(fault)) => Err(Stopped::Arithmetic(fault)),
            (None, None) => Ok(Round { rows: self.rows, costs: self.costs }),
        }
    }
}
