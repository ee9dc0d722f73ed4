//! Where in the text, and what we say: sources and spans, diagnostics and their codes, did-you-mean, drawing.

#![cfg_attr(
    not(test),
    warn(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::indexing_slicing,
        clippy::string_slice,
        clippy::as_conversions,
        clippy::panic,
        clippy::unreachable
    )
)]

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
pub use json::{draw_json, visible_json};
pub(crate) use source::to_index;
pub use source::{Marker, Source, SourceId, Sources, Span, markers};
pub use suggest::nearest;
pub use visible::visible;

/// "1 row", "3 rows", "1,204 rows"
pub fn count(number: usize, noun: &str) -> String {
    format!("{} {noun}{}", grouped(number), if number == 1 { "" } else { "s" })
}

/// `99,980`
pub fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let groups: Vec<&str> = digits.as_bytes().rchunks(3).rev().filter_map(|group| str::from_utf8(group).ok()).collect();
    groups.join(",")
}
