//! What would make a fact hold: small changes of the stored facts.
//!
//! In: a row that is not there, and someone who can say whether it would be there after some changes. Out: sets of up to
//! three changes, the smallest first: a stored fact more, one fewer, or a compared number moved just far enough.
//! Promise: each set was tried and makes the row hold, and no part of it does.

use super::change::{Change, Repair, Repairs};
use super::proposing::Proposing;
use crate::check::RelationId;
use crate::data::Value;
use crate::explain::ground::Ground;
use crate::explain::search::nearest::PATIENCE;
use std::ops::ControlFlow;

/// Repairs that are shown.
const MOST_FOUND: usize = 8;

/// Repairs that are shown of those that change the same relations in the same way.
const MOST_ALIKE: usize = 2;

/// Sets that are tried.
const MOST_TRIED: usize = 200;

/// Repairs of a row that is not there. `holds_after` says whether it is there after some changes, or breaks off.
pub fn repairs(
    ground: &Ground<'_>,
    relation: RelationId,
    args: &[Option<Value>],
    holds_after: &mut dyn FnMut(&[Change]) -> ControlFlow<(), bool>,
) -> Repairs {
    let mut proposing = Proposing { ground, above: Vec::new(), patience: PATIENCE, is_cut: false };
    let mut proposed = proposing.holding(relation, ground.pattern(args));
    proposed.sort_by(|a, b| (a.len(), a).cmp(&(b.len(), b)));
    proposed.dedup();
    let mut repairs = Repairs { found: Vec::new(), is_complete: false, left_out: false };
    let is_whole = proposing.patience > 0 && !proposing.is_cut && proposed.len() <= MOST_TRIED;
    repairs.is_complete = is_whole && ground.go_on().is_continue();
    proposed.truncate(MOST_TRIED);
    for repair in proposed {
        let contains = |known: &Repair| known.iter().all(|change| repair.contains(change));
        if repairs.found.iter().any(contains) {
            continue;
        }
        if repairs.found.iter().filter(|known| shape(known) == shape(&repair)).count() >= MOST_ALIKE {
            repairs.left_out = true;
            continue;
        }
        match least_part(&repair, holds_after) {
            ControlFlow::Continue(Some(part)) if !repairs.found.contains(&part) => repairs.found.push(part),
            ControlFlow::Continue(_) => {}
            ControlFlow::Break(()) => return Repairs { is_complete: false, ..repairs },
        }
        if repairs.found.len() == MOST_FOUND {
            repairs.is_complete = false;
            break;
        }
    }
    repairs.found.sort_by(|a, b| (a.len(), a).cmp(&(b.len(), b)));
    repairs
}

/// What a repair does, the values aside.
fn shape(repair: &Repair) -> Vec<(std::mem::Discriminant<Change>, RelationId)> {
    let relation = |change: &Change| match change {
        Change::Move { relation, .. } | Change::Remove { relation, .. } | Change::Add { relation, .. } => *relation,
    };
    repair.iter().map(|change| (std::mem::discriminant(change), relation(change))).collect()
}

/// The smallest part of some changes that makes the row hold; nothing if all of them do not.
fn least_part(
    changes: &Repair,
    holds_after: &mut dyn FnMut(&[Change]) -> ControlFlow<(), bool>,
) -> ControlFlow<(), Option<Repair>> {
    if !holds_after(changes)? {
        return ControlFlow::Continue(None);
    }
    let mut parts: Vec<Repair> = (1..(1_usize << changes.len()) - 1)
        .map(|part| {
            let kept = changes.iter().enumerate().filter(|(at, _)| part >> at & 1 == 1);
            kept.map(|(_, change)| change.clone()).collect()
        })
        .collect();
    parts.sort_by_key(Vec::len);
    for part in parts {
        if holds_after(&part)? {
            return ControlFlow::Continue(Some(part));
        }
    }
    ControlFlow::Continue(Some(changes.clone()))
}
