//! What is told of a fact that does not hold: a [`WhyNot`], as a proof is of one that holds.

use super::apart::Belongs;
use super::proof::{Aggregate, Premise};
use crate::check::{RelationId, RuleId, SizeLimit};
use crate::data::{IdVec, Value, id};

id! {
    /// A row that is missing.
    MissingId
}

/// Why a fact does not hold: row 0 is what was asked for, the others are what it lacks.
#[derive(Debug, Clone, PartialEq)]
pub struct WhyNot {
    /// The rows that are missing, in the order in which they were met.
    pub missing: IdVec<MissingId, Missing>,
    /// Whether there was no time for all of it: then rules may come nearer than is shown, rows were not followed, and
    /// claims and aggregates are left out that stand behind others.
    pub is_cut: bool,
}

/// A row that is missing, and what its rules lack.
#[derive(Debug, Clone, PartialEq)]
pub struct Missing {
    /// The relation.
    pub relation: RelationId,
    /// What is known of the row.
    pub args: Vec<Option<Value>>,
    /// Whether its rules were looked at: there may have been no time for it.
    pub is_followed: bool,
    /// The rules that could derive it, the one that comes nearest first.
    pub attempts: Vec<Tried>,
    /// Rules whose head can make no such row.
    pub unfit: usize,
    /// Of an equivalence, what the values belong with.
    pub apart: Vec<Belongs>,
    /// Rows of the relation that agree with the most of it, where it is stored.
    pub nearest: Vec<Vec<Value>>,
    /// Values that no row has in their column, and one that is spelt like it.
    pub misspelt: Vec<Misspelt>,
    /// The limit that ended the evaluation of its rules, if one did.
    pub limit: Option<SizeLimit>,
}

impl Missing {
    /// A row that there was no time for.
    pub(super) fn not_followed(relation: RelationId, args: Vec<Option<Value>>) -> Self {
        let (attempts, apart, nearest, misspelt) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        Self { relation, args, is_followed: false, attempts, unfit: 0, apart, nearest, misspelt, limit: None }
    }
}

/// A value that no row has in its column.
#[derive(Debug, Clone, PartialEq)]
pub struct Misspelt {
    /// The column.
    pub column: String,
    /// The value.
    pub value: Value,
    /// One that is there, and spelt much like it.
    pub near: Value,
}

/// What became of one rule.
#[derive(Debug, Clone, PartialEq)]
pub struct Tried {
    /// The rule.
    pub rule: RuleId,
    /// Its literals, in the order of the text.
    pub conditions: Vec<Condition>,
}

impl Tried {
    /// How many conditions hold.
    pub fn holding(&self) -> usize {
        self.conditions.iter().filter(|condition| condition.holds()).count()
    }
}

/// A literal under the binding that comes nearest.
#[derive(Debug, Clone, PartialEq)]
pub enum Condition {
    /// It holds: this row is there.
    Found {
        /// The relation.
        relation: RelationId,
        /// The row.
        row: Vec<Value>,
    },
    /// It fails: no such row is there.
    Missing {
        /// The row, and why it is missing.
        missing: MissingId,
    },
    /// It fails: this row is there, and should not be.
    Blocked {
        /// The relation.
        relation: RelationId,
        /// What should be absent.
        args: Vec<Option<Value>>,
        /// The row that is there.
        by: Vec<Value>,
        /// The claims that it rests on.
        citations: Vec<Value>,
    },
    /// A comparison, a computation, a test, an absence or an aggregate.
    Decided {
        /// What it says. Nothing stands behind it here.
        premise: Premise,
        /// Whether it is so.
        holds: bool,
        /// The aggregates that are written within it; where a comparison fails, those that its values come from too.
        from: Vec<Aggregate>,
    },
    /// It fails: the aggregate has one value, and another is wanted; or it has none.
    Aggregate {
        /// The aggregate as it could be written.
        text: String,
        /// Its value.
        value: Option<Value>,
        /// What is wanted.
        wanted: Option<Value>,
    },
    /// It fails: a term in it has no value.
    NoValue {
        /// The literal, with what is known.
        text: String,
    },
    /// Nothing bound what it needs.
    Unreached {
        /// The literal, with what is known.
        text: String,
    },
}

impl Condition {
    /// Whether it holds.
    pub fn holds(&self) -> bool {
        match self {
            Condition::Found { .. } => true,
            Condition::Decided { holds, .. } => *holds,
            Condition::Missing { .. }
            | Condition::Blocked { .. }
            | Condition::Aggregate { .. }
            | Condition::NoValue { .. }
            | Condition::Unreached { .. } => false,
        }
    }
}
