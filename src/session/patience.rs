//! A search that is given a second, and may fail on the way.

use super::{Failure, Session};
use crate::eval::Limits;
use std::ops::ControlFlow;
use std::time::Duration;

/// How long a search goes on where there is a clock.
const PATIENCE: Duration = Duration::from_secs(1);

/// What made a search fail, if something did.
#[derive(Default)]
pub(super) struct Patience {
    failure: Option<Failure>,
}

impl Session {
    /// A copy that has a second for all that it is asked, where there is a clock.
    pub(super) fn in_haste(&self) -> Session {
        let mut copy = self.clone();
        copy.limits.until = copy.limits.clock.map(|clock| clock() + PATIENCE);
        copy
    }
}

impl Patience {
    /// Does a step of a search; breaks off if the time is up or the step fails.
    pub(super) fn ask<T>(&mut self, limits: &Limits, step: impl FnOnce() -> Result<T, Failure>) -> ControlFlow<(), T> {
        match step() {
            _ if limits.is_late() => ControlFlow::Break(()),
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
