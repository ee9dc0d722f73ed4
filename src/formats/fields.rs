//! A block of records cut into fields.
//!
//! In: bytes. Out: the place of one field after the other, and whether it is the last of its record. There is a way for
//! each kind of file: [`Lines`] where a record is a line and a byte stands between fields, which is most of them,
//! [`Spelt`] where a longer or stranger text does, or where brackets keep fields together,
//! [`Quoted`](super::quoted::Quoted) where fields may be quoted.

use super::number::{Leading, leading_number};

/// A field of a record.
#[derive(Debug, Clone, Copy)]
pub(super) struct Field {
    /// Where it begins.
    pub(super) start: usize,
    /// Where it ends.
    pub(super) end: usize,
    /// Whether these are places of what [`Fields::unquoted`] returns, not of the block.
    pub(super) unquoted: bool,
    /// Whether it is the last one of its record.
    pub(super) last: bool,
}

impl Field {
    /// Its bytes, of those that it was cut from.
    #[inline]
    #[expect(clippy::indexing_slicing, reason = "a field lies within what it was cut from")]
    pub(super) fn of<'t>(&self, bytes: &'t [u8]) -> &'t [u8] {
        &bytes[self.start..self.end]
    }
}

/// A number as a whole field.
#[derive(Debug, Clone, Copy)]
pub(super) struct Number {
    pub(super) number: i64,
    /// Where it begins.
    pub(super) start: usize,
    /// Where it ends.
    pub(super) end: usize,
    /// Whether it is the last one of its record.
    pub(super) last: bool,
}

/// What a block is cut by.
pub(super) trait Fields<'b>: Sized {
    /// The same from a place on at which a record begins.
    fn at(&self, position: usize) -> Self;

    /// Where the next field begins.
    fn position(&self) -> usize;

    /// Whether there is another record, which then begins at the [`position`](Self::position).
    fn begin(&mut self) -> bool;

    /// Whether the record that begins here is an empty line that is a record only where nothing is quoted.
    fn is_blank(&self) -> bool;

    /// The next field.
    fn next(&mut self) -> Field;

    /// The next field if it is a number, and easily seen to be one. If not, it is still the next field.
    fn number(&mut self) -> Option<Number>;

    /// The text of the last field that had quotes to be taken out of it.
    fn unquoted(&self) -> &[u8];
}

/// A record a line, a byte between fields.
pub(super) struct Lines<'b> {
    bytes: &'b [u8],
    delimiter: u8,
    position: usize,
}

impl<'b> Lines<'b> {
    pub(super) fn new(bytes: &'b [u8], delimiter: u8) -> Self {
        Self { bytes, delimiter, position: 0 }
    }

    /// Whether lines can be cut by this byte: it is no part of a line end, nor of a number.
    pub(super) fn can_cut_by(delimiter: u8) -> bool {
        !matches!(delimiter, b'\n' | b'\r' | b'-' | b'0'..=b'9')
    }
}

impl<'b> Fields<'b> for Lines<'b> {
    fn at(&self, position: usize) -> Self {
        Self { position, ..*self }
    }

    fn position(&self) -> usize {
        self.position
    }

    #[inline]
    fn begin(&mut self) -> bool {
        self.position < self.bytes.len()
    }

    #[inline]
    fn is_blank(&self) -> bool {
        matches!(self.bytes.get(self.position..), Some([b'\n', ..] | [b'\r', b'\n', ..]))
    }

    #[inline]
    fn next(&mut self) -> Field {
        let start = self.position;
        let end = find(self.bytes, start, [self.delimiter, b'\n']);
        self.position = end + 1;
        match self.bytes.get(end) {
            Some(b'\n') => {
                #[expect(clippy::indexing_slicing, reason = "a byte stands before the end, which is one of the bytes")]
                let returned = end > start && self.bytes[end - 1] == b'\r';
                Field { start, end: end - usize::from(returned), unquoted: false, last: true }
            }
            other => Field { start, end, unquoted: false, last: other.is_none() },
        }
    }

    #[inline]
    fn number(&mut self) -> Option<Number> {
        let start = self.position;
        let Leading { number, len } = leading_number(self.bytes.get(start..)?)?;
        let end = start + len;
        let (len, last) = match self.bytes.get(end..)? {
            [byte, ..] if *byte == self.delimiter => (1, false),
            [b'\n', ..] => (1, true),
            [b'\r', b'\n', ..] => (2, true),
            [..] => return None,
        };
        self.position = end + len;
        Some(Number { number, start, end, last })
    }

    fn unquoted(&self) -> &[u8] {
        &[]
    }
}

/// A record a line, a text between fields.
pub(super) struct Spelt<'b> {
    bytes: &'b [u8],
    delimiter: &'b [u8],
    /// Whether the text may stand in a field, between square brackets.
    brackets: bool,
    position: usize,
    /// Where the line ends, and where the next one begins.
    line: (usize, usize),
}

impl<'b> Spelt<'b> {
    pub(super) fn new(bytes: &'b [u8], delimiter: &'b [u8]) -> Self {
        Self { bytes, delimiter, brackets: false, position: 0, line: (0, 0) }
    }

    /// The same where fields are kept together by square brackets: `[1, nil],2` are two.
    pub(super) fn bracketed(bytes: &'b [u8], delimiter: &'b [u8]) -> Self {
        Self { brackets: true, ..Self::new(bytes, delimiter) }
    }

    /// Where in a line the delimiter stands first.
    fn find(&self, line: &[u8]) -> Option<usize> {
        if !self.brackets {
            return memchr::memmem::find(line, self.delimiter);
        }
        let (mut depth, mut rest) = (0_usize, line);
        while let [first, behind @ ..] = rest {
            if depth == 0 && rest.starts_with(self.delimiter) {
                return Some(line.len() - rest.len());
            }
            match first {
                b'[' => depth += 1,
                b']' => depth = depth.saturating_sub(1),
                _ => {}
            }
            rest = behind;
        }
        None
    }
}

impl<'b> Fields<'b> for Spelt<'b> {
    fn at(&self, position: usize) -> Self {
        Self { position, line: (0, position), ..*self }
    }

    fn position(&self) -> usize {
        self.position
    }

    fn begin(&mut self) -> bool {
        self.position = self.line.1;
        let line = Lines::new(self.bytes, b'\n').at(self.position).next();
        let end = self.bytes.get(self.position..).and_then(|rest| memchr::memchr(b'\n', rest));
        self.line = (line.end, end.map_or(self.bytes.len(), |end| self.position + end + 1));
        self.position < self.bytes.len()
    }

    fn is_blank(&self) -> bool {
        self.position == self.line.0
    }

    fn next(&mut self) -> Field {
        let (start, line) = (self.position, self.line.0);
        #[expect(clippy::indexing_slicing, reason = "a field begins no later than its line ends")]
        let found = self.find(&self.bytes[start..line]);
        let end = found.map_or(line, |found| start + found);
        self.position = end + self.delimiter.len();
        Field { start, end, unquoted: false, last: found.is_none() }
    }

    fn number(&mut self) -> Option<Number> {
        None
    }

    fn unquoted(&self) -> &[u8] {
        &[]
    }
}

/// The first place from `start` on at which one of these bytes stands, or the end. Eight bytes are looked at together:
/// fields are too short for more to pay.
#[inline]
pub(super) fn find<const N: usize>(bytes: &[u8], start: usize, wanted: [u8; N]) -> usize {
    const ONES: u64 = 0x0101_0101_0101_0101;
    let mut at = start;
    while let Some(eight) = bytes.get(at..).and_then(|rest| rest.first_chunk()) {
        let eight = u64::from_le_bytes(*eight);
        let mut found = 0;
        for byte in wanted {
            // Zero where the byte is the wanted one; what a zero borrows from the next byte does not matter, since only
            // the first is looked for.
            let other = eight ^ (ONES.wrapping_mul(u64::from(byte)));
            found |= other.wrapping_sub(ONES) & !other & (ONES << 7);
        }
        if found != 0 {
            #[expect(clippy::as_conversions, reason = "it is the number of one of eight bytes")]
            return at + (found.trailing_zeros() / 8) as usize;
        }
        at += 8;
    }
    let rest = bytes.get(at..).unwrap_or_default();
    at + rest.iter().position(|byte| wanted.contains(byte)).unwrap_or(rest.len())
}
