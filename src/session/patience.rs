//! A search that is given a second, and may fail on the way.

use super::Failure;
use crate::eval::Limits;
use std::ops::ControlFlow;
use std::time::Duration;

/// How long a search goes on where there is a clock.
const PATIENCE: Duration = Duration::from_secs(1);

/// Until when a search goes on, and what made it fail.
pub(super) struct Patience {
    deadline: Option<(fn() -> Duration, Duration)>,
    failure: Option<Failure>,
}

impl Patience {
    /// From now on.
    pub(super) fn new(limits: &Limits) -> Self {
        Self { deadline: limits.clock.map(|clock| (clock, clock() + PATIENCE)), failure: None }
    }

    /// Does a step of the search; breaks off if the time is up or the step fails.
    pub(super) fn ask<T>(&mut self, step: impl FnOnce() -> Result<T, Failure>) -> ControlFlow<(), T> {
        if self.deadline.is_some_and(|(clock, end)| clock() > end) {
            return ControlFlow::Break(());
        }
        match step() {
            Ok(found) => ControlFlow::Continue(found),
            Err(failure) => {
                self.failure = Some(failure);
                ControlFlow::Break(())
            }
        }
    }

    /// What made a step fail, if one did.
    pub(super) fn end(self) -> Result<(), Failure> {
        self.failure.map_or(Ok(()), Err)
    }
}
