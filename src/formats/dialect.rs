//! How the records of a file are cut into fields.
//!
//! Where a file of comma-separated values has a quote anywhere, it is read as RFC 4180 has it. Where it has none, a
//! record is a line, an empty line is a record with an empty field, and a lone carriage return is text. The two differ
//! in nothing else, so what does not hold such a thing is cut into lines before anyone knows whether a quote will come.

use super::blocks::Block;
use super::fields::{Fields, Lines, Spelt};
use super::mistake::Trouble;
use super::quoted::Quoted;
use memchr::{memchr, memchr_iter};

/// What stands between fields, and whether quotes mean anything.
#[derive(Debug, Clone)]
pub(super) struct Dialect {
    delimiter: String,
    quoting: Option<u8>,
    /// Whether square brackets keep a field together.
    brackets: bool,
}

/// What looks at the fields of a block.
pub(super) trait Visit {
    /// What comes of it.
    type Seen;

    fn visit<'b, F: Fields<'b>>(self, bytes: &'b [u8], fields: F) -> Self::Seen;
}

impl Dialect {
    /// Fields may be quoted.
    pub(super) fn quoted(delimiter: u8) -> Self {
        Self { delimiter: char::from(delimiter).to_string(), quoting: Some(delimiter), brackets: false }
    }

    /// Quotes are characters like others.
    pub(super) fn raw(delimiter: &str) -> Self {
        Self { delimiter: delimiter.to_owned(), quoting: None, brackets: false }
    }

    /// The same, but where the delimiter has a comma, which stands between the fields of records too, brackets keep
    /// these together.
    pub(super) fn of_records(delimiter: &str) -> Self {
        Self { brackets: delimiter.contains(','), ..Self::raw(delimiter) }
    }

    /// What stands between fields that may be quoted.
    pub(super) fn quoting(&self) -> Option<u8> {
        self.quoting
    }

    /// Looks at a block. `any_quotes` tells whether there is a quote anywhere in the file, which may take long.
    pub(super) fn visit<V: Visit>(
        &self,
        block: &Block,
        any_quotes: &dyn Fn() -> Result<bool, Trouble>,
        visit: V,
    ) -> Result<V::Seen, Trouble> {
        let bytes = block.bytes();
        if let Some(delimiter) = self.quoting
            && (block.quotes || (has_lone_return(bytes) && any_quotes()?))
        {
            return Ok(visit.visit(bytes, Quoted::new(bytes, delimiter)));
        }
        if self.brackets && memchr(b'[', bytes).is_some() {
            return Ok(visit.visit(bytes, Spelt::bracketed(bytes, self.delimiter.as_bytes())));
        }
        Ok(match *self.delimiter.as_bytes() {
            [delimiter] if Lines::can_cut_by(delimiter) => visit.visit(bytes, Lines::new(bytes, delimiter)),
            [..] => visit.visit(bytes, Spelt::new(bytes, self.delimiter.as_bytes())),
        })
    }
}

fn has_lone_return(bytes: &[u8]) -> bool {
    memchr_iter(b'\r', bytes).any(|at| bytes.get(at + 1) != Some(&b'\n'))
}
