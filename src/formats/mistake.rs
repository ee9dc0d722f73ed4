//! What is wrong with a file of records: found by whichever thread, told with the line that it is in.

use super::Field;
use super::read::{Input, Unread};
use crate::report::{Code, Diagnostic};

/// Why a file or a part of it was not read.
#[derive(Debug)]
pub(super) enum Trouble {
    /// Something at an offset of the file is wrong.
    Mistake(u64, Mistake),
    /// What has no place, or was told already.
    Unread(Unread),
}

/// What is wrong.
#[derive(Debug)]
pub(super) enum Mistake {
    /// A record is not UTF-8.
    NotUtf8,
    /// A record has too many or too few fields.
    WrongCount { expected: usize, got: usize },
    /// A field does not fit its column.
    BadField { column: usize, text: Vec<u8> },
    /// A quote is never closed.
    OpenQuote,
    /// A record is longer than can be read.
    TooLong,
}

impl<E: Into<Unread>> From<E> for Trouble {
    fn from(error: E) -> Self {
        Trouble::Unread(error.into())
    }
}

impl Mistake {
    /// What to say of it. `fields` are the columns as far as they are known.
    pub(super) fn describe(&self, input: &Input<'_>, line: usize, fields: &[Field]) -> Diagnostic {
        match self {
            Mistake::NotUtf8 => {
                input.error(Code::MalformedRow, line, "this row is not UTF-8 text").help("save the file as UTF-8")
            }
            Mistake::WrongCount { expected, got } => input.wrong_count(line, *expected, *got),
            #[expect(clippy::indexing_slicing, reason = "the columns are known before a field is said not to fit one")]
            Mistake::BadField { column, text } => input.bad_field(line, &fields[*column], text),
            Mistake::OpenQuote => input
                .error(Code::MalformedRow, line, "this quote is never closed")
                .help("end the field with `\"`; a quote inside it is doubled"),
            Mistake::TooLong => {
                input.error(Code::MalformedRow, line, "this row is longer than 1 GiB").help("does its line ever end?")
            }
        }
    }
}
