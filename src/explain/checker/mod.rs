//! A second opinion on proofs, apart from whatever found them.
//!
//! - `check`: whether a proof is one. `nodes`, `aggregates`: whether a node is an instance of its rule. `verdict`: what is
//!   wrong.
//! - `solve`, `terms`, `fold`: bodies, terms and aggregates once more; nothing of it is shared with the rest.

mod aggregates;
pub(super) mod check;
mod fold;
mod nodes;
mod solve;
mod terms;
mod verdict;
