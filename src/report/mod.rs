//! Where in the text, and what we say: sources and spans, diagnostics and their codes, did-you-mean, drawing.

mod codes;
mod diagnostic;
mod source;

pub use codes::{CODES, Code, CodeRow, Severity};
pub use diagnostic::Diagnostic;
pub use source::{Source, SourceId, Sources, Span};

/// "1 row", "3 rows"
pub fn count(number: usize, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}
