//! Facts at rest: relations of sorted runs, of rows of bits, or of classes. Knows no rule and no plan.

mod bits;
mod brake;
mod classes;
mod domain;
mod grid;
mod lists;
mod marks;
mod matrix;
mod relation;
mod rows;
mod run;
mod scratch;
mod sort;

pub use bits::{Bits, Block};
pub use brake::Brake;
pub use classes::Classes;
pub use domain::Domain;
pub use grid::{Grid, GridRows, transposed};
pub use lists::Lists;
pub use marks::Marks;
pub use matrix::{Matrix, Shape};
pub use relation::Relation;
pub use rows::Rows;
pub use run::Run;
pub use scratch::Scratch;

use crate::check::{self, RelationId};
use crate::data::IdVec;

/// The relations of a program, by id.
pub type Store = IdVec<RelationId, Relation>;

impl Relation {
    /// The rows of a relation before anything is derived, if these are stored: of an equivalence, all that follow.
    pub fn start(described: &check::Relation, stored: &Relation) -> Self {
        if described.is_equivalence { stored.closed() } else { stored.clone() }
    }
}
