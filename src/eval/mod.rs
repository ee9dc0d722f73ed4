//! New facts from old: the engine that runs a plan, and the slow twin that defines what it must find.

mod aggregate;
mod chain;
mod chunk;
mod expr;
mod gather;
mod intersect;
mod joining;
mod limits;
mod local;
mod machine;
pub mod naive;
mod profile;
mod rank;
mod related;
mod upkeep;

#[cfg(test)]
mod profile_tests;

pub use limits::{ArithmeticFault, Effort, Interrupt, Limits, MemoryLimit, Meter, Progress, Stopped};
pub use local::{count, evaluate, rounds, stats};
pub use profile::{Profile, RuleProfile, StratumProfile};
