//! Changes of stored facts, and sets of them that make a row hold.

use crate::check::RelationId;
use crate::data::Value;

/// A change of one stored fact.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Change {
    /// A number in a stored fact is another.
    Move {
        /// The relation.
        relation: RelationId,
        /// The fact as it is.
        from: Vec<Value>,
        /// The fact as it would be.
        to: Vec<Value>,
    },
    /// A stored fact is there no more.
    Remove {
        /// The relation.
        relation: RelationId,
        /// The fact.
        row: Vec<Value>,
    },
    /// A fact is stored.
    Add {
        /// The relation.
        relation: RelationId,
        /// The fact.
        row: Vec<Value>,
    },
}

/// Changes that together make a row hold.
pub type Repair = Vec<Change>;

/// The repairs that were found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Repairs {
    /// The repairs, the smallest first.
    pub found: Vec<Repair>,
    /// Whether all that was proposed was tried, but for what is much like those that were found.
    pub is_complete: bool,
    /// Whether others were left out because they are much like those that were found: the same relations, other values.
    pub left_out: bool,
}
