//! Entail: a Datalog engine whose answers cite their sources.

pub mod data;
pub mod report;
pub mod formats;
pub mod syntax;
pub mod check;
pub mod plan;
pub mod store;
pub mod eval;
