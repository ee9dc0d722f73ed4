//! What stands between two values that an equivalence does not relate: each belongs with others.
//!
//! In: a pair of an equivalence that does not hold, as far as it is given. Out: for each value that is given, what it
//! belongs with. Promise: the least values are named, and how many there are besides.

use super::ground::Ground;
use crate::check::RelationId;
use crate::data::{Value, Word};
use std::ops::ControlFlow;

/// Values that are named of one class.
const MOST_NAMED: usize = 3;

/// A value, and what it belongs with.
#[derive(Debug, Clone, PartialEq)]
pub struct Belongs {
    /// The value.
    pub value: Value,
    /// The least of the other values of its class.
    pub with: Vec<Value>,
    /// How many there are besides.
    pub more: usize,
    /// Whether it is related to itself, as every value is that some pair mentions.
    pub is_known: bool,
}

impl Ground<'_> {
    /// What the values belong with of a pair that does not hold; nothing where the relation is no equivalence.
    pub(super) fn apart(&self, relation: RelationId, args: &[Option<Value>]) -> Vec<Belongs> {
        if !self.program.relations[relation].is_equivalence {
            return Vec::new();
        }
        let mut found: Vec<Belongs> = Vec::new();
        for value in args.iter().flatten() {
            if found.iter().all(|known| known.value != *value) {
                found.push(self.belongs(relation, value));
            }
        }
        found
    }

    fn belongs(&self, relation: RelationId, value: &Value) -> Belongs {
        let ty = self.program.relations[relation].columns[0].ty;
        let (mut with, mut more, mut is_known) = (Vec::new(), 0, false);
        if let Some(word) = Word::find(value, &self.symbols.read()) {
            let _ = self.each(relation, &[Some(word), None], &mut |row| {
                is_known = true;
                if row[1] != word {
                    let other = row[1].decode(ty, &self.symbols.read());
                    let at = with.binary_search(&other).unwrap_or_else(|at| at);
                    with.insert(at, other);
                    more += with.len().saturating_sub(MOST_NAMED);
                    with.truncate(MOST_NAMED);
                }
                ControlFlow::Continue(())
            });
        }
        Belongs { value: value.clone(), with, more, is_known }
    }
}
