//! Looking reasons up in a model.
//!
//! In: facts, rules and a binding to begin with. Out: the ways in which a body holds, or how near it comes; how high
//! proofs are at least; and what keeps an absence absent.
//!
//! - `terms`, `solve`: what terms are worth under a binding, and every way in which a body holds.
//! - `heights`, `rounds`: the least heights of proofs, found from a fact downwards or from the stored facts upwards.
//! - `points`, `links`: what heights are found of, and the pairs that were put into equivalences.
//! - `barred`: what proofs may not use.
//! - `closed`, `closings`: the facts that keep an absence absent, one step of rules down and all the way.
//! - `giving_way`: the rows that a row gives way to, where not every row is kept.
//! - `nearest`: the ways in which a body all but holds.
//! - `one_atom`: the rows that a question of one atom asks for.

pub(in crate::explain) mod barred;
pub(in crate::explain) mod closed;
pub(in crate::explain) mod closings;
mod giving_way;
pub(in crate::explain) mod heights;
pub(in crate::explain) mod links;
pub(in crate::explain) mod nearest;
pub(in crate::explain) mod one_atom;
mod points;
mod rounds;
pub(in crate::explain) mod solve;
pub(in crate::explain) mod terms;
