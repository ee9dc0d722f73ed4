//! What the planner knows of the facts: plain counts.

use crate::check::RelationId;
use crate::data::IdVec;
use std::collections::BTreeMap;

/// Rows of each relation.
#[derive(Debug, Clone)]
pub struct Stats {
    /// How many rows a relation has now.
    pub rows: IdVec<RelationId, usize>,
    /// How many values an equivalence relates; nothing for other relations.
    pub related: BTreeMap<RelationId, usize>,
}

impl Stats {
    /// Whether a relation is an equivalence, which is looked up by its classes.
    pub fn is_equivalence(&self, relation: RelationId) -> bool {
        self.related.contains_key(&relation)
    }

    /// How many rows to expect for one binding of all but `free` of a relation's `arity` columns. In an equivalence each
    /// value has its class.
    pub fn matches(&self, relation: RelationId, arity: usize, free: usize) -> f64 {
        let rows = self.rows[relation];
        match self.related.get(&relation) {
            Some(values) if free == 1 && *values > 0 => rows as f64 / *values as f64,
            Some(_) | None => Self::expected(rows, arity, free),
        }
    }

    /// How many of so many rows to expect for one binding of all but `free` of `arity` columns: as if each column were
    /// equally selective.
    pub fn expected(rows: usize, arity: usize, free: usize) -> f64 {
        if free == 0 {
            return 1.0_f64.min(rows as f64);
        }
        (rows as f64).powf(free as f64 / arity as f64)
    }
}
