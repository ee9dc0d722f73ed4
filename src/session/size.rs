//! How many rows the relations of `.printsize` have.
//!
//! Promise: rows that nobody else asks for are counted as they are derived, and not kept.

use super::{Failure, Session};
use crate::check::{Directive, RelationId};
use crate::eval::{self, StratumProfile};
use crate::plan;
use crate::syntax::IoKind;
use std::collections::BTreeMap;

impl Session {
    /// Evaluates what some directives are about. Returns what it took to count the relations that were not kept.
    pub(super) fn evaluate_for(
        &mut self,
        directives: &[Directive],
    ) -> Result<BTreeMap<RelationId, StratumProfile>, Failure> {
        let is_for_size = |relation| {
            let mut about = directives.iter().filter(|directive| directive.relation == relation);
            about.all(|directive| directive.written.kind == IoKind::PrintSize)
        };
        let (mut kept, mut sizes) = (Vec::new(), BTreeMap::new());
        for Directive { relation, .. } in directives {
            let stratum = plan::countable(&self.program, *relation).filter(|stratum| {
                let is_new = !self.model.evaluated.contains_key(stratum) && self.model.store[*relation].is_empty();
                is_new && is_for_size(*relation)
            });
            match stratum {
                Some(stratum) => drop(sizes.insert(*relation, stratum)),
                None => kept.push(*relation),
            }
        }
        self.evaluate(kept)?;
        let count = |(relation, stratum)| {
            let below = plan::needed(&self.program, [relation]).into_iter().filter(|needed| *needed != stratum);
            self.complete(&below.collect::<Vec<_>>())?;
            let took = eval::count(&self.program, stratum, &mut self.model.store, &self.symbols, &self.limits)?;
            Ok((relation, took))
        };
        sizes.into_iter().map(count).collect()
    }
}
