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
    /// In how many ways one relation is asked for, where these lead to each other. An answer on demand derives no more
    /// rows than there are, but each of them perhaps in each of these ways.
    pub ways: usize,
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
        const FACTOR: usize = 4;
        (self.ways > 1).then_some(self.read.saturating_mul(FACTOR))
    }
}

/// What is spared if these strata are not evaluated.
pub(super) fn estimate(program: &Program, stats: &Stats, strata: &[StratumId], ways: usize) -> Estimate {
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
    Estimate { spared, read, ways }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_large_is_spared_until_it_would_have_paid_to_evaluate_it() {
        let estimate = |spared| Estimate { spared, read: 1000, ways: 1 };
        assert!(!estimate(1e4).is_worthwhile(0));
        assert!(estimate(1e8).is_worthwhile(0));
        assert!(estimate(1e8).is_worthwhile(99_999_999));
        assert!(!estimate(1e8).is_worthwhile(100_000_000));
    }

    #[test]
    fn only_what_is_asked_for_in_several_ways_may_be_given_up() {
        let estimate = |ways| Estimate { spared: 1e8, read: 1000, ways };
        assert_eq!([0, 1, 2].map(|ways| estimate(ways).most_rows()), [None, None, Some(4000)]);
    }
}
