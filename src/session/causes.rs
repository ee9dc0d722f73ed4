//! Which of several changes caused a difference.
//!
//! In: what differs with all changes made. Out: for each difference the changes without which, all others made, it would
//! not be there; where there are none, those that are enough alone. Each is found by evaluating, once for each change
//! that is left out and once for each that is made alone, and of the program only what the differences need.

use super::assumed::Assumed;
use super::diff::{Cause, Difference, Subjects};
use super::{Failure, Session};
use crate::check::RelationId;
use crate::eval::{Progress, Stopped};
use std::collections::BTreeSet;

/// Causes are looked for among so many changes.
const MOST_CHANGES: usize = 32;

/// What is made of the changes, to see what becomes of the differences.
#[derive(Clone, Copy)]
enum Trial {
    /// All but one.
    Without(usize),
    /// One.
    Alone(usize),
}

impl Session {
    /// Finds what caused each difference that the layers from this one on make; says why if that cannot be done.
    pub(super) fn find_causes(
        &self,
        layer: usize,
        subjects: &Subjects,
        found: &mut [Difference],
    ) -> Result<Option<String>, Failure> {
        let changes = self.assumed_from(layer).filter(|change| change.counts()).count();
        if found.is_empty() {
            return Ok(None);
        }
        if changes > MOST_CHANGES {
            return Ok(Some(format!(
                "{changes} changes are too many to look for causes; up to {MOST_CHANGES} are looked at"
            )));
        }
        if changes == 1 {
            found.iter_mut().for_each(|difference| difference.cause = Some(Cause::Each(vec![0])));
            return Ok(None);
        }
        let trials = (0..changes).map(Trial::Without).chain((0..changes).map(Trial::Alone));
        for trial in trials {
            let reason = match self.try_out(layer, trial, subjects, found) {
                Ok(true) => continue,
                Ok(false) => "some of the changes make no sense without the others",
                Err(Failure::Stopped(Stopped::Arithmetic(_))) => {
                    "some of the changes without the others lead to arithmetic without a result"
                }
                Err(failure) => return Err(failure),
            };
            found.iter_mut().for_each(|difference| difference.cause = None);
            return Ok(Some(reason.into()));
        }
        found.iter_mut().for_each(|difference| {
            difference.cause.get_or_insert(Cause::Together);
        });
        Ok(None)
    }

    /// Sees which differences are there when only some of the changes are made, if they can be made.
    fn try_out(
        &self,
        layer: usize,
        trial: Trial,
        subjects: &Subjects,
        found: &mut [Difference],
    ) -> Result<bool, Failure> {
        let of_interest = |difference: &&mut Difference| match trial {
            Trial::Without(_) => true,
            Trial::Alone(_) => !matches!(difference.cause, Some(Cause::Each(_))),
        };
        let mut found: Vec<&mut Difference> = found.iter_mut().filter(of_interest).collect();
        if found.is_empty() {
            return Ok(true);
        }
        self.limits.ask(0, Progress::default)?;
        let Some(mut tried) = self.replay(layer, &self.made_in(layer, trial))? else { return Ok(false) };
        let wanted: BTreeSet<usize> = found.iter().map(|difference| difference.subject).collect();
        let wanted: Vec<RelationId> =
            wanted.into_iter().filter_map(|subject| subjects.all[subject].under(&tried.program)).collect();
        tried.evaluate(wanted)?;
        for difference in &mut found {
            let is_there = difference.is_in(&tried, subjects);
            difference.learn(trial, is_there == difference.gained);
        }
        Ok(true)
    }

    /// For each change of the layers from this one on, whether it is made. What no answer depends on always is.
    fn made_in(&self, layer: usize, trial: Trial) -> Vec<bool> {
        let mut number = 0;
        let is_made = |change: &Assumed| {
            let this = number;
            number += usize::from(change.counts());
            match trial {
                _ if !change.counts() => true,
                Trial::Without(left_out) => this != left_out,
                Trial::Alone(made) => this == made,
            }
        };
        self.assumed_from(layer).map(is_made).collect()
    }
}

impl Difference {
    /// Takes in whether a trial shows it.
    fn learn(&mut self, trial: Trial, is_shown: bool) {
        match (trial, &mut self.cause) {
            (Trial::Without(change), Some(Cause::Each(changes))) if !is_shown => changes.push(change),
            (Trial::Without(change), _) if !is_shown => self.cause = Some(Cause::Each(vec![change])),
            (Trial::Alone(change), Some(Cause::AnyOf(changes))) if is_shown => changes.push(change),
            (Trial::Alone(change), _) if is_shown => self.cause = Some(Cause::AnyOf(vec![change])),
            (Trial::Without(_) | Trial::Alone(_), _) => {}
        }
    }
}
