//! Where in the text, and what we say: sources and spans, diagnostics and their codes, did-you-mean, drawing.

mod codes;
mod diagnostic;
mod draw;
mod json;
mod source;
mod suggest;
mod visible;

pub use codes::{CODES, Code, CodeRow, Severity};
pub use diagnostic::Diagnostic;
pub use draw::{Style, draw};
pub use json::draw_json;
pub use source::{Source, SourceId, Sources, Span};
pub use suggest::nearest;
pub use visible::{is_hidden, visible};

/// "1 row", "3 rows"
pub fn count(number: usize, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}
