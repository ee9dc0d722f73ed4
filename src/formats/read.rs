//! What every reader is given, and what it gives back.

use super::Field;
use crate::data::{Column, Date, Float, Symbols, Type, Word};
use crate::report::{Code, Diagnostic};

/// How a file is read, where that is not the format's own choice.
#[derive(Debug, Clone, Default)]
pub struct ReadOptions {
    /// As Soufflé reads: nothing is quoted, and there is no header unless `headers` says so.
    pub raw: bool,
    /// What stands between fields.
    pub delimiter: Option<String>,
    /// Whether the first row is a header, in a raw file.
    pub headers: bool,
    /// For each column of the relation, the field of the file that fills it.
    pub columns: Option<Vec<usize>>,
}

/// The rows of a file.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    /// The columns, in the relation's order.
    pub fields: Vec<Field>,
    /// The words of each column.
    pub columns: Vec<Column>,
    /// How many rows there are.
    pub rows: usize,
    /// What rows rest on, in order of the rows.
    pub citations: Vec<RowCitation>,
    /// Whether the file says what its rows rest on.
    pub has_citations: bool,
}

/// A claim that a row rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RowCitation {
    /// The row.
    pub row: usize,
    /// The claim, a symbol.
    pub claim: Word,
}

/// A file to be read.
pub(super) struct Input<'a> {
    pub(super) name: &'a str,
    pub(super) bytes: &'a [u8],
    pub(super) expected: Option<&'a [Field]>,
    pub(super) options: &'a ReadOptions,
    pub(super) symbols: &'a Symbols,
}

impl Input<'_> {
    /// A mistake in a line of the file.
    pub(super) fn error(&self, code: Code, line: usize, message: &str) -> Diagnostic {
        Diagnostic::bare(code, format!("{}:{line}: {message}", super::escape(self.name)))
    }

    /// A row with too many or too few fields.
    pub(super) fn wrong_count(&self, line: usize, expected: usize, got: usize) -> Diagnostic {
        let fields = crate::report::count(expected, "field");
        self.error(Code::WrongFieldCount, line, &format!("expected {fields}, got {got}"))
            .help("give every row one field for each column")
    }

    /// A field that does not fit its column.
    pub(super) fn bad_field(&self, line: usize, field: &Field, text: &[u8]) -> Diagnostic {
        let shown = String::from_utf8_lossy(&text[..text.len().min(80)]).into_owned();
        let message = format!("`{}` is not a {}, as column `{}` needs", super::escape(&shown), field.ty, field.name);
        self.error(Code::BadField, line, &message).help(format!("a {} looks like {}", field.ty, example(field.ty)))
    }

    /// A text that is not UTF-8.
    pub(super) fn not_utf8(&self, line: usize) -> Diagnostic {
        self.error(Code::MalformedRow, line, "this row is not UTF-8 text").help("save the file as UTF-8")
    }
}

fn example(ty: Type) -> &'static str {
    match ty {
        Type::Symbol => "any text",
        Type::Number => "`-12`, without spaces, plus signs or points",
        Type::Float => "`0.5` or `1e3`",
        Type::Date => "`2025-02-18`",
    }
}

/// The word of a field's text in a column of this type; none if it does not fit. The text of a symbol is interned.
pub(super) fn parse(ty: Type, text: &str, symbols: &Symbols) -> Option<Word> {
    match ty {
        Type::Symbol => Some(Word::symbol(symbols.intern(text))),
        Type::Number => parse_number(text.as_bytes()).map(Word::number),
        Type::Float => parse_float(text).map(Word::float),
        Type::Date => Date::parse(text).map(Word::date),
    }
}

/// Digits with a minus in front or not; nothing else.
pub(super) fn parse_number(text: &[u8]) -> Option<i64> {
    let (digits, negative) = match text {
        [b'-', digits @ ..] => (digits, true),
        digits => (digits, false),
    };
    if digits.is_empty() {
        return None;
    }
    // Downwards, since the least number has no positive counterpart.
    let negated = digits.iter().try_fold(0_i64, |number, digit| {
        let digit = digit.is_ascii_digit().then(|| i64::from(digit - b'0'))?;
        number.checked_mul(10)?.checked_sub(digit)
    })?;
    if negative { Some(negated) } else { negated.checked_neg() }
}

/// A finite float in digits; no words such as `inf`.
pub(super) fn parse_float(text: &str) -> Option<Float> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let spelt = digits.starts_with(|c: char| c.is_ascii_digit())
        && digits.bytes().all(|byte| byte.is_ascii_digit() || b"+-.eE".contains(&byte));
    spelt.then(|| text.parse().ok().and_then(Float::new)).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_digits_and_a_minus() {
        for (text, number) in [("0", 0), ("-0", 0), ("007", 7), ("-9223372036854775808", i64::MIN)] {
            assert_eq!(parse_number(text.as_bytes()), Some(number), "{text}");
        }
        for text in ["", "-", "+1", " 1", "1 ", "1e3", "0x10", "12abc", "1.0", "9223372036854775808", "1e20", "NaN"] {
            assert_eq!(parse_number(text.as_bytes()), None, "{text}");
        }
    }
}
