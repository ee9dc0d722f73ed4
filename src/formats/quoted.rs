//! Records with quoted fields, as RFC 4180 has them and as lenient readers take them.
//!
//! A quote opens a field if nothing of the field stands before it; the first one that is not doubled closes it, and
//! what stands behind that belongs to the field as it is. Elsewhere a quote is a character like others. A record ends
//! with a line feed, a carriage return or both; empty lines are none.

use super::fields::{Field, Fields, Number, find};
use super::number::{Leading, leading_number};
use memchr::memchr;

pub(super) struct Quoted<'b> {
    bytes: &'b [u8],
    delimiter: u8,
    position: usize,
    unquoted: Vec<u8>,
}

impl<'b> Quoted<'b> {
    pub(super) fn new(bytes: &'b [u8], delimiter: u8) -> Self {
        Self { bytes, delimiter, position: 0, unquoted: Vec::new() }
    }

    /// Where what is not quoted ends.
    fn end(&self, start: usize) -> usize {
        find(self.bytes, start, [self.delimiter, b'\n', b'\r'])
    }

    /// Goes on behind a field that ends here. Returns whether it is the last one of its record.
    #[inline]
    fn pass(&mut self, end: usize) -> bool {
        #[expect(clippy::indexing_slicing, reason = "a field ends within the bytes")]
        let (len, last) = match self.bytes[end..] {
            [] => (0, true),
            [b'\r', b'\n', ..] => (2, true),
            [byte, ..] => (1, byte != self.delimiter),
        };
        self.position = end + len;
        last
    }

    /// The field that a quote opened before `start`.
    #[expect(clippy::indexing_slicing, reason = "what is behind a byte of the text lies within the text or is its end")]
    fn next_quoted(&mut self, start: usize) -> Field {
        let end = memchr(b'"', &self.bytes[start..]).map_or(self.bytes.len(), |quote| start + quote);
        let behind = (end + 1).min(self.bytes.len());
        if self.end(behind) == behind {
            return Field { start, end, unquoted: false, last: self.pass(behind) };
        }
        self.unquoted.clear();
        let mut at = start;
        loop {
            let end = memchr(b'"', &self.bytes[at..]).map_or(self.bytes.len(), |quote| at + quote);
            self.unquoted.extend_from_slice(&self.bytes[at..end]);
            at = end + 1;
            if self.bytes.get(at) != Some(&b'"') {
                break;
            }
            self.unquoted.push(b'"');
            at += 1;
        }
        let at = at.min(self.bytes.len());
        let end = self.end(at);
        self.unquoted.extend_from_slice(&self.bytes[at..end]);
        Field { start: 0, end: self.unquoted.len(), unquoted: true, last: self.pass(end) }
    }
}

impl<'b> Fields<'b> for Quoted<'b> {
    fn at(&self, position: usize) -> Self {
        Self { position, unquoted: Vec::new(), ..*self }
    }

    fn position(&self) -> usize {
        self.position
    }

    #[inline]
    fn begin(&mut self) -> bool {
        while matches!(self.bytes.get(self.position), Some(b'\n' | b'\r')) {
            self.position += 1;
        }
        self.position < self.bytes.len()
    }

    #[inline]
    fn is_blank(&self) -> bool {
        false
    }

    #[inline]
    fn next(&mut self) -> Field {
        let start = self.position;
        if self.bytes.get(start) == Some(&b'"') {
            return self.next_quoted(start + 1);
        }
        let end = self.end(start);
        Field { start, end, unquoted: false, last: self.pass(end) }
    }

    #[inline]
    fn number(&mut self) -> Option<Number> {
        let start = self.position;
        let Leading { number, len } = leading_number(self.bytes.get(start..)?)?;
        let end = start + len;
        let ends = self.bytes.get(end).is_some_and(|byte| *byte == self.delimiter || matches!(byte, b'\n' | b'\r'));
        ends.then(|| Number { number, start, end, last: self.pass(end) })
    }

    fn unquoted(&self) -> &[u8] {
        &self.unquoted
    }
}
