//! What the planner knows of the facts: plain counts.

use crate::check::RelationId;
use crate::data::IdVec;

/// Rows of each relation.
#[derive(Debug, Clone)]
pub struct Stats {
    /// How many rows a relation has now.
    pub rows: IdVec<RelationId, usize>,
}

impl Stats {
    /// How many rows to expect for one binding of all but `free` of a relation's `arity` columns: as if each column
    /// were equally selective.
    pub fn expected(rows: usize, arity: usize, free: usize) -> f64 {
        if free == 0 {
            return 1.0_f64.min(rows as f64);
        }
        (rows as f64).powf(free as f64 / arity as f64)
    }
}
