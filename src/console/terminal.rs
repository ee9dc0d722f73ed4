//! What a stream can show.

use super::settings::Color;
use std::io::{self, IsTerminal, Write};

/// A stream, as far as output is laid out for it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Terminal {
    /// Whether a person is looking.
    pub(crate) is_terminal: bool,
    /// Whether to use colour.
    pub(crate) color: bool,
}

impl Terminal {
    pub(crate) fn stdout(color: Color) -> Self {
        let stream = io::stdout();
        Self { is_terminal: stream.is_terminal(), color: choice(color, anstream::AutoStream::choice(&stream)) }
    }

    pub(crate) fn stderr(color: Color) -> Self {
        let stream = io::stderr();
        Self { is_terminal: stream.is_terminal(), color: choice(color, anstream::AutoStream::choice(&stream)) }
    }

    /// Columns, where they are known: asked each time, since windows change.
    pub(crate) fn width(self) -> Option<usize> {
        self.is_terminal.then(width).flatten()
    }

    /// Lines, where they are known.
    pub(crate) fn height(self) -> Option<usize> {
        self.is_terminal.then(terminal_size::terminal_size).flatten().map(|(_, height)| usize::from(height.0))
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
pub(crate) fn say(text: &str) {
    let _ = writeln!(io::stderr().lock(), "{}", text.trim_end_matches('\n'));
}
