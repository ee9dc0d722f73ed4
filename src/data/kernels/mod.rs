//! The code behind the table of builtins, by what it works on.

pub(super) mod arithmetic;
pub(super) mod dates;
pub(super) mod texts;
