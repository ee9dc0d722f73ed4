//! Rows that are much like one that is missing, and what in it may be a slip of the hand.
//!
//! In: a relation and what is known of a row. Out: the stored or derived rows that agree with the most of it, and for each
//! symbol that no row has in its column, one that is spelt much like it.

use super::ground::{Fact, Ground};
use super::missing::Misspelt;
use crate::check::RelationId;
use crate::data::{Type, Value, Word};
use crate::report::nearest;
use std::collections::BTreeSet;
use std::ops::ControlFlow;

/// Rows that are shown for a missing one.
const MOST_NEAREST: usize = 3;

/// Rows of a relation that are looked at for one that is near.
const LOOKED_AT: usize = 1_000_000;

impl Ground<'_> {
    /// The rows of a relation that agree with the most of a row, and the values that no row has.
    pub(super) fn near(&self, relation: RelationId, args: &[Option<Value>]) -> (Vec<Vec<Value>>, Vec<Misspelt>) {
        let columns = &self.program.relations[relation].columns;
        let wanted = self.pattern(args);
        let mut best: Vec<(std::cmp::Reverse<usize>, Vec<Value>)> = Vec::new();
        let mut seen: Vec<BTreeSet<Word>> = vec![BTreeSet::new(); columns.len()];
        let mut looked_at = 0;
        let _ = self.each(relation, &vec![None; columns.len()], &mut |row| {
            looked_at += 1;
            let agrees = row.iter().zip(&wanted).filter(|(word, wanted)| Some(**word) == **wanted).count();
            for (seen, word) in seen.iter_mut().zip(row) {
                seen.insert(*word);
            }
            if agrees > 0 && best.get(MOST_NEAREST - 1).is_none_or(|(known, _)| agrees >= known.0) {
                let values = self.values(&Fact { relation, row: row.to_vec() });
                let key = (std::cmp::Reverse(agrees), values);
                let at = best.binary_search(&key).unwrap_or_else(|at| at);
                best.insert(at, key);
                best.truncate(MOST_NEAREST);
            }
            if looked_at < LOOKED_AT { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        });
        let mut misspelt = Vec::new();
        for (((column, value), word), seen) in columns.iter().zip(args).zip(&wanted).zip(&seen) {
            let (Some(value @ Value::Symbol(text)), Some(word)) = (value, word) else { continue };
            if column.ty != Type::Symbol || seen.contains(word) {
                continue;
            }
            let table = self.symbols.read();
            let mut texts: Vec<&str> = seen.iter().map(|word| table.text(word.as_symbol())).collect();
            texts.sort_unstable();
            if let Some(near) = nearest(text, texts) {
                let near = Value::symbol(near);
                misspelt.push(Misspelt { column: column.name.clone(), value: value.clone(), near });
            }
        }
        (best.into_iter().map(|(_, row)| row).collect(), misspelt)
    }
}
