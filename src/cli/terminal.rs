//! Where words go: answers to standard output, everything else to standard error.

use super::args::Color;
use std::io::{self, IsTerminal, Write};

/// What a stream can show.
#[derive(Debug, Clone, Copy)]
pub(super) struct Terminal {
    /// Whether a person is looking.
    pub(super) is_terminal: bool,
    /// Whether to use colour.
    pub(super) color: bool,
    /// Columns, where they are known.
    pub(super) width: Option<usize>,
}

impl Terminal {
    pub(super) fn stdout(color: Color) -> Self {
        let stream = io::stdout();
        Self::new(stream.is_terminal(), choice(color, anstream::AutoStream::choice(&stream)))
    }

    pub(super) fn stderr(color: Color) -> Self {
        let stream = io::stderr();
        Self::new(stream.is_terminal(), choice(color, anstream::AutoStream::choice(&stream)))
    }

    fn new(is_terminal: bool, color: bool) -> Self {
        let width = is_terminal.then(width).flatten();
        Self { is_terminal, color, width }
    }
}

fn choice(color: Color, automatic: anstream::ColorChoice) -> bool {
    match color {
        Color::Always => true,
        Color::Never => false,
        Color::Auto => automatic != anstream::ColorChoice::Never,
    }
}

/// Columns of the terminal; `COLUMNS` goes first, as in other tools.
fn width() -> Option<usize> {
    let told = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    told.or_else(|| terminal_size::terminal_size().map(|(width, _)| usize::from(width.0)))
}

/// Writes to standard error; there is nobody to tell when that fails.
pub(super) fn say(text: &str) {
    let _ = writeln!(io::stderr().lock(), "{}", text.trim_end_matches('\n'));
}
