//! Conditions asked of other relations.

use crate::check::{Literal, RelationId};
use std::collections::BTreeMap;

/// Lets the atoms of a body that need rows to be there read other relations. Absent atoms and aggregates go on asking
/// those that they name, which are complete.
pub(super) fn redirect(body: &mut [Literal], others: &BTreeMap<RelationId, RelationId>) {
    for literal in body {
        match literal {
            Literal::Atom(atom) => atom.relation = others.get(&atom.relation).copied().unwrap_or(atom.relation),
            Literal::Or(branches) => branches.iter_mut().for_each(|branch| redirect(branch, others)),
            Literal::Absent(_) | Literal::Compare(_) | Literal::Test(_) | Literal::Aggregate(_) => {}
        }
    }
}
