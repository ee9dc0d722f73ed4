//! How many rows the relations of `.printsize` have.
//!
//! Promise: rows that nobody else asks for are counted as they are derived, and not kept.

use super::{Failure, Session};
use crate::check::{Directive, RelationId};
use crate::eval;
use crate::plan;
use crate::syntax::IoKind;
use std::collections::BTreeMap;

impl Session {
    /// Evaluates what some directives are about. Returns the sizes of the relations whose rows were only counted.
    pub(super) fn evaluate_for(&mut self, directives: &[Directive]) -> Result<BTreeMap<RelationId, usize>, Failure> {
        let is_for_size = |relation| {
            let mut about = directives.iter().filter(|directive| directive.relation == relation);
            about.all(|directive| directive.written.kind == IoKind::PrintSize)
        };
        // Profiles tell what was kept.
        let profiled = self.limits.clock.is_some();
        let (mut kept, mut sizes) = (Vec::new(), BTreeMap::new());
        for Directive { relation, .. } in directives {
            let stratum = plan::countable(&self.program, *relation).filter(|stratum| {
                let is_new = !self.model.evaluated.contains_key(stratum) && self.model.store[*relation].is_empty();
                is_new && !profiled && is_for_size(*relation)
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
            let rows = eval::count(&self.program, stratum, &mut self.model.store, &self.symbols, &self.limits)?;
            Ok((relation, rows))
        };
        sizes.into_iter().map(count).collect()
    }
}
