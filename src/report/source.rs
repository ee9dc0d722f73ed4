//! Texts that programs are read from, and places in them.
//!
//! In: a name and a text. Out: a [`SourceId`], and from then on [`Span`]s, which name a place in nine bytes' worth
//! of numbers. Promise: a span never outlives the [`Sources`] it was made for, and drawing one never panics.

use crate::data::{IdVec, id};
use std::ops::Range;
use std::sync::{Arc, OnceLock};

id! {
    /// One text that was read: a file, a pipe, or what was typed at the prompt.
    SourceId
}

/// A text with the name that diagnostics call it by.
#[derive(Debug, Clone)]
pub struct Source {
    /// Path as the user wrote it, or a word such as `prompt` or `-q`.
    pub name: String,
    /// The whole text.
    pub text: String,
    /// Where lines end; found when it is first asked.
    newlines: OnceLock<Vec<usize>>,
    /// Where its lines come from, if a preprocessor put it together.
    markers: Vec<Marker>,
}

/// A line that a preprocessor left: what follows it are lines of some file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Marker {
    /// How many lines of the text end before those lines begin.
    pub at: usize,
    /// The file.
    pub file: String,
    /// The number of the first of them, no greater than a file may have.
    pub line: u32,
}

/// The markers in a text: `#line 7 "grid.dl"` and `# 7 "grid.dl" 2`.
pub fn markers(text: &str) -> Vec<Marker> {
    let mut markers: Vec<Marker> = Vec::new();
    for (at, line) in text.lines().enumerate() {
        let Some(rest) = line.strip_prefix("#line ").or_else(|| line.strip_prefix("# ")) else { continue };
        let (number, file) = rest.split_once(' ').unwrap_or((rest, ""));
        let Ok(line) = number.parse() else { continue };
        let named = file.strip_prefix('"').and_then(|file| file.split_once('"')).map(|(file, _)| file.to_owned());
        let file = named.or_else(|| markers.last().map(|last| last.file.clone())).unwrap_or_default();
        markers.push(Marker { at: at + 1, file, line });
    }
    markers
}

impl Source {
    /// The file and the line that a line of the text, counted from 0, comes from.
    pub(super) fn origin(&self, line: usize) -> (&str, usize) {
        let before = self.markers.partition_point(|marker| marker.at <= line);
        match before.checked_sub(1).and_then(|at| self.markers.get(at)) {
            Some(marker) => (&marker.file, to_index(marker.line) + line - marker.at),
            None => (&self.name, line + 1),
        }
    }

    /// How many lines end before a byte.
    fn lines_before(&self, byte: usize) -> usize {
        let newlines = || self.text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at).collect();
        self.newlines.get_or_init(newlines).partition_point(|newline| *newline < byte)
    }

    /// The column, counted from 1 in characters, of the character that begins at a byte.
    #[expect(clippy::string_slice, reason = "a character begins there, and behind each newline")]
    pub(super) fn column(&self, byte: usize) -> usize {
        let before = &self.text[..byte];
        before[before.rfind('\n').map_or(0, |newline| newline + 1)..].chars().count() + 1
    }

    /// The bytes of a span that lie in this text, widened to whole characters. A reversed span is empty.
    pub fn clamp(&self, span: Span) -> Range<usize> {
        let inside = |offset: u32| to_index(offset).min(self.text.len());
        let start = self.text.floor_char_boundary(inside(span.start));
        let end = self.text.ceil_char_boundary(inside(span.end));
        start..end.max(start)
    }
}

/// Every text that was read, in the order of reading. A clone shares the texts.
#[derive(Debug, Clone, Default)]
pub struct Sources {
    all: IdVec<SourceId, Arc<Source>>,
}

impl Sources {
    /// Keeps a text and names it.
    pub fn add(&mut self, name: impl Into<String>, text: impl Into<String>) -> SourceId {
        self.keep(name.into(), text.into(), Vec::new())
    }

    /// Keeps a text that a preprocessor put together; its places are those in the files it came from.
    pub fn add_preprocessed(&mut self, name: impl Into<String>, text: impl Into<String>) -> SourceId {
        let text = text.into();
        let markers = markers(&text);
        self.keep(name.into(), text, markers)
    }

    fn keep(&mut self, name: String, text: String, markers: Vec<Marker>) -> SourceId {
        self.all.push(Arc::new(Source { name, text, newlines: OnceLock::new(), markers }))
    }

    /// The text with that id.
    #[expect(clippy::indexing_slicing, reason = "an id was made for a text that is kept from then on")]
    pub fn get(&self, id: SourceId) -> &Source {
        &self.all[id]
    }

    /// The text with that id, if there is one.
    pub fn find(&self, id: SourceId) -> Option<&Source> {
        self.all.get(id).map(Arc::as_ref)
    }

    /// Line and column of a span's start, both counted from 1, the column in characters.
    pub fn line_column(&self, span: Span) -> (usize, usize) {
        let source = self.get(span.source);
        let start = source.clamp(span).start;
        (source.origin(source.lines_before(start)).1, source.column(start))
    }

    /// Line of a span's start, counted from 1.
    pub fn line(&self, span: Span) -> usize {
        let source = self.get(span.source);
        source.origin(source.lines_before(to_index(span.start))).1
    }

    /// The file that a span's start comes from.
    pub fn file(&self, span: Span) -> &str {
        let source = self.get(span.source);
        source.origin(source.lines_before(to_index(span.start))).0
    }

    /// The place as people write it: `rules/regions.dl:61`.
    pub fn place(&self, span: Span) -> String {
        let source = self.get(span.source);
        let (file, line) = source.origin(source.lines_before(to_index(span.start)));
        format!("{file}:{line}")
    }

    /// The text that a span covers.
    pub fn slice(&self, span: Span) -> &str {
        let text = &self.get(span.source).text;
        text.get(span.range()).unwrap_or_default()
    }
}

/// Bytes `start..end` of one source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Span {
    /// The text it lies in.
    pub source: SourceId,
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// From the start of `self` to the end of `other`, which lies behind it in the same source.
    pub fn to(self, other: Span) -> Span {
        Span { end: other.end.max(self.end), ..self }
    }

    /// Its bytes, to be cut out of the text.
    pub fn range(self) -> Range<usize> {
        to_index(self.start)..to_index(self.end)
    }
}

/// A place or a number of 32 bits as an index.
#[inline]
#[expect(clippy::as_conversions, reason = "an index has 32 bits or more")]
pub(crate) const fn to_index(place: u32) -> usize {
    place as usize
}
