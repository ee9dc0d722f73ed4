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
}

impl Source {
    /// How many lines end before a byte.
    fn lines_before(&self, byte: usize) -> usize {
        let newlines = || self.text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at).collect();
        self.newlines.get_or_init(newlines).partition_point(|newline| *newline < byte)
    }

    /// The bytes of a span that lie in this text, widened to whole characters. A reversed span is empty.
    pub fn clamp(&self, span: Span) -> Range<usize> {
        let inside = |offset: u32| (offset as usize).min(self.text.len());
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
        self.all.push(Arc::new(Source { name: name.into(), text: text.into(), newlines: OnceLock::new() }))
    }

    /// The text with that id.
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
        let text = &source.text;
        let start = text.floor_char_boundary((span.start as usize).min(text.len()));
        let line_start = text[..start].rfind('\n').map_or(0, |newline| newline + 1);
        (source.lines_before(start) + 1, text[line_start..start].chars().count() + 1)
    }

    /// Line of a span's start, counted from 1.
    pub fn line(&self, span: Span) -> usize {
        self.get(span.source).lines_before(span.start as usize) + 1
    }

    /// The place as people write it: `rules/regions.dl:61`.
    pub fn place(&self, span: Span) -> String {
        format!("{}:{}", self.get(span.source).name, self.line(span))
    }

    /// The text that a span covers.
    pub fn slice(&self, span: Span) -> &str {
        let text = &self.get(span.source).text;
        text.get(span.start as usize..span.end as usize).unwrap_or_default()
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
}
