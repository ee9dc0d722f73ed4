//! What is promised of any bytes: a function for each target of the fuzzer.
//!
//! In: bytes. Out: nothing, or a panic where a promise is broken.

mod drawing;
mod evaluation;
mod explain;
mod input;
mod parse;
mod print;
mod prompt;
mod rows;

/// A target: it is given any bytes, and panics where something is not as it is promised.
pub(crate) type Target = fn(&[u8]);

/// All of them, by the name of their corpus.
pub(crate) const TARGETS: &[(&str, Target)] = &[
    ("parse", parse::run),
    ("print", print::run),
    ("rows", rows::run),
    ("prompt", prompt::run),
    ("drawing", drawing::run),
    ("evaluation", evaluation::run),
    ("explain", explain::run),
];
