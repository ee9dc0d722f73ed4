//! Facts at rest: relations of sorted runs, or of rows of bits. Knows no rule and no plan.

mod bits;
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
pub use domain::Domain;
pub use grid::{Grid, GridRows, transposed};
pub use lists::Lists;
pub use marks::Marks;
pub use matrix::{Matrix, Shape};
pub use relation::Relation;
pub use rows::Rows;
pub use run::Run;
pub use scratch::Scratch;

use crate::check::RelationId;
use crate::data::IdVec;

/// The relations of a program, by id.
pub type Store = IdVec<RelationId, Relation>;
