//! A search that may do so much and no more, and may fail on the way.

use super::{Failure, Session};
use crate::eval::{Effort, Limits};
use std::ops::ControlFlow;

/// Steps that a search may take: on today's machines, about a second's work.
pub(super) const EFFORT: u64 = 3_000_000;

/// What it costs to look at other facts at all.
const SETTING_UP: usize = 2_000;

/// What made a search fail, if something did.
#[derive(Default)]
pub(super) struct Patience {
    failure: Option<Failure>,
}

impl Session {
    /// A copy that may do so much in all that it is asked.
    pub(super) fn in_haste(&self) -> Session {
        let mut copy = self.clone();
        copy.limits.effort = Some(Effort::of(self.effort));
        copy
    }
}

impl Patience {
    /// Does a step of a search; breaks off if its work is done or the step fails.
    pub(super) fn ask<T>(&mut self, limits: &Limits, step: impl FnOnce() -> Result<T, Failure>) -> ControlFlow<(), T> {
        limits.spend(SETTING_UP);
        match step() {
            _ if limits.is_spent() => ControlFlow::Break(()),
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
