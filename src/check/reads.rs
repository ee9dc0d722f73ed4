//! Which relations does a body read?

use super::{Literal, RelationId};
use std::collections::BTreeSet;

/// Adds the relations that a body reads.
pub fn relations_of(body: &[Literal], into: &mut BTreeSet<RelationId>) {
    for literal in body {
        match literal {
            Literal::Atom(atom) | Literal::Absent(atom) => {
                into.insert(atom.relation);
            }
            Literal::Aggregate(aggregate) => relations_of(&aggregate.body, into),
            Literal::Or(branches) => branches.iter().for_each(|branch| relations_of(branch, into)),
            Literal::Compare(_) | Literal::Test(_) => {}
        }
    }
}

/// Adds the relations of which a body needs to know every row: those that it negates, and those within its aggregates.
pub fn relations_tested(body: &[Literal], into: &mut BTreeSet<RelationId>) {
    for literal in body {
        match literal {
            Literal::Absent(atom) => {
                into.insert(atom.relation);
            }
            Literal::Aggregate(aggregate) => relations_of(&aggregate.body, into),
            Literal::Or(branches) => branches.iter().for_each(|branch| relations_tested(branch, into)),
            Literal::Atom(_) | Literal::Compare(_) | Literal::Test(_) => {}
        }
    }
}
