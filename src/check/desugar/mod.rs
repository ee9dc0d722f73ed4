//! What stands for something plainer is spelt out, before names become ids.
//!
//! In: trees as they were parsed. Out: trees without instances, relations that stand for conditions, numbers for rows,
//! conditions on values that are joined, witnesses of aggregates, and other names for records. Promise: they mean the
//! same, and places in the text stay.
//!
//! - `components`, by `renaming`: what instances hold.
//! - `inline`, `unfolding`: rules in the place of atoms. `numbering`: counters. `bounded`: columns that join.
//! - `witnesses`, `aliases`: one rule of Soufflé's, as Entail would have it.
//! - `variables`, `reads`, `alternatives`: questions asked of trees.

mod aliases;
mod alternatives;
mod bounded;
mod components;
mod inline;
mod numbering;
mod reads;
mod renaming;
mod unfolding;
mod variables;
mod witnesses;

pub use components::instantiate;

pub(super) use aliases::resolved;
pub(super) use bounded::{is_made, spell_out, spelt_out};
pub(super) use numbering::{misplaced, numbered};
pub(super) use reads::{relations_of, relations_of_term};
pub(super) use unfolding::unfolded;
pub(super) use variables::{Names, bound_by, mentioned_by_body};
pub(super) use witnesses::settle;
