//! The code behind the tables of builtins, by what it works on.

pub(super) mod arithmetic;
pub(super) mod dates;
pub(super) mod extremes;
pub(super) mod ranges;
pub(super) mod souffle;
pub(super) mod texts;
