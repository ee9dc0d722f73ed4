//! What would make a fact hold: small changes of the stored facts.
//!
//! - `change`: changes, and sets of them. `search`: the sets that were tried and make a row hold.
//! - `proposing`: sets that may. `moves`, `counting`, `removing`: those for a comparison and for an absence that fail.
//!   `values`: what stands where a missing row leaves a choice.

pub(super) mod change;
mod counting;
mod moves;
mod proposing;
mod removing;
pub(super) mod search;
mod values;
