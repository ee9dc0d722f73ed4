//! New facts from old.

pub mod naive;
