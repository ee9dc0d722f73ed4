//! Is it cheaper to answer a question on demand than to evaluate what it needs and keep that?
//!
//! In: plain counts. Promise: what is decided depends on nothing else.

use crate::check::{Program, RelationId, StratumId, relations_of};
use crate::data::IdVec;
use crate::plan::Stats;
use std::collections::BTreeSet;

/// What there is to decide by.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Estimate {
    /// How many rows there may be in the relations that need not be evaluated.
    pub spared: f64,
    /// How many rows there are to derive them from.
    pub read: usize,
    /// Whether an answer on demand may derive many more rows than there would be without it.
    pub may_stray: bool,
}

impl Estimate {
    /// Whether to answer on demand, now that answers on demand have derived so many rows since the last change. What
    /// would have been evaluated by now, had it been evaluated at once, is better evaluated and kept.
    pub fn is_worthwhile(&self, derived: usize) -> bool {
        /// So many rows are derived before anyone waits, and then the next question has its answer already.
        const FEW: f64 = (1 << 20) as f64;
        self.spared > FEW && self.spared > derived as f64
    }

    /// How many rows to derive before it is given up, where it may be a detour.
    pub fn most_rows(&self) -> Option<usize> {
        /// A search that meets every row once in each of a few ways is no detour.
        const FACTOR: usize = 8;
        self.may_stray.then_some(self.read.saturating_mul(FACTOR))
    }
}

/// What is spared if these strata are not evaluated.
pub(super) fn estimate(program: &Program, stats: &Stats, strata: &[StratumId], may_stray: bool) -> Estimate {
    let mut sizes: IdVec<RelationId, f64> = stats.rows.iter().map(|rows| *rows as f64).collect();
    let mut all_read = BTreeSet::new();
    for &id in strata {
        let stratum = &program.strata[id];
        let mut read = BTreeSet::new();
        stratum.rules.iter().for_each(|rule| relations_of(&program.rules[*rule].body, &mut read));
        let rows: f64 = read.iter().chain(&stratum.relations).map(|relation| sizes[*relation]).sum();
        for relation in &stratum.relations {
            // A recursive relation of two columns may hold every pair of the values that it is made from.
            let is_square = stratum.recursive && program.relations[*relation].columns.len() > 1;
            sizes[*relation] = if is_square { rows * rows } else { rows };
        }
        all_read.extend(read);
    }
    let spared = strata.iter().flat_map(|id| &program.strata[*id].relations).map(|relation| sizes[*relation]).sum();
    let read = all_read.into_iter().map(|relation| stats.rows[relation]).sum();
    Estimate { spared, read, may_stray }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_large_is_spared_until_it_would_have_paid_to_evaluate_it() {
        let estimate = |spared| Estimate { spared, read: 1000, may_stray: false };
        assert!(!estimate(1e4).is_worthwhile(0));
        assert!(estimate(1e8).is_worthwhile(0));
        assert!(estimate(1e8).is_worthwhile(99_999_999));
        assert!(!estimate(1e8).is_worthwhile(100_000_000));
    }

    #[test]
    fn only_what_may_stray_may_be_given_up() {
        let estimate = |may_stray| Estimate { spared: 1e8, read: 1000, may_stray };
        assert_eq!([false, true].map(|may_stray| estimate(may_stray).most_rows()), [None, Some(8000)]);
    }
}
