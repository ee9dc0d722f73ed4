//! Facts at rest: relations of sorted runs. Knows no rule and no plan.

mod relation;
mod rows;
mod run;
mod sort;

pub use relation::Relation;
pub use rows::Rows;
pub use run::Run;

use crate::check::RelationId;
use crate::data::IdVec;

/// The relations of a program, by id.
pub type Store = IdVec<RelationId, Relation>;
