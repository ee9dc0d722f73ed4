//! An absence that fails, mended: every row that blocks it is taken away, by the stored facts that hit all their proofs.

use super::change::{Change, Repair};
use super::proposing::{MOST_CHANGES, Proposing};
use crate::check::Atom;
use crate::data::Word;
use crate::explain::critical::critical;
use crate::explain::ground::{Fact, Ground};
use crate::explain::proof::{Proof, Via};
use crate::explain::search::nearest::Attempt;
use crate::explain::search::terms::Setting;
use crate::explain::why::why_without_facts;
use std::collections::BTreeSet;
use std::ops::ControlFlow;

/// Rows that may stand in the way of one absence.
const MOST_BLOCKING: usize = 64;

/// Proofs that are looked for so that none of those rows is left.
const MOST_PROOFS: usize = 300;

impl<'a> Proposing<'_, 'a> {
    /// Sets of changes that may take every row away that blocks an absence: the stored facts that hit a proof of each.
    pub(super) fn removing(&mut self, setting: Setting<'_, 'a>, atom: &Atom, attempt: &Attempt<'a>) -> Vec<Repair> {
        let Some(pattern) = setting.pattern(atom, &attempt.binding) else { return Vec::new() };
        let mut blocking: Vec<Fact> = Vec::new();
        let _ = self.ground.each(atom.relation, &pattern, &mut |row| {
            blocking.push(Fact { relation: atom.relation, row: row.to_vec() });
            if blocking.len() > MOST_BLOCKING { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        });
        if blocking.is_empty() || blocking.len() > MOST_BLOCKING {
            return Vec::new();
        }
        let stored = |proof: Proof| {
            let leaves = proof.nodes.into_items().filter(|node| matches!(node.via, Via::Stored { .. }));
            leaves.map(|node| Change::Remove { relation: node.relation, row: node.row }).collect::<Vec<Change>>()
        };
        let mut proofs = MOST_PROOFS;
        let mut rests_on = |lost: &[Change]| {
            proofs -= 1;
            if proofs == 0 {
                return ControlFlow::Break(());
            }
            let lost: BTreeSet<Fact> = lost.iter().map(|change| self.ground.changed_fact(change)).collect();
            for fact in &blocking {
                match why_without_facts(self.ground, fact, &lost) {
                    Ok(Some(proof)) => return ControlFlow::Continue(Some(stored(proof))),
                    Ok(None) => {}
                    Err(_) => return ControlFlow::Break(()),
                }
            }
            ControlFlow::Continue(None)
        };
        match rests_on(&[]) {
            ControlFlow::Continue(Some(leaves)) => {
                let found = critical(leaves, MOST_CHANGES, &mut rests_on);
                self.is_cut |= found.is_stopped;
                found.sets
            }
            ControlFlow::Continue(None) | ControlFlow::Break(()) => Vec::new(),
        }
    }
}

impl Ground<'_> {
    /// The fact that a change is about, as it is now.
    fn changed_fact(&self, change: &Change) -> Fact {
        let (relation, row) = match change {
            Change::Add { relation, row } | Change::Remove { relation, row } => (relation, row),
            Change::Move { relation, from, .. } => (relation, from),
        };
        Fact { relation: *relation, row: row.iter().map(|value| Word::encode(value, self.symbols)).collect() }
    }
}
