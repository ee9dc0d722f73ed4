//! What every reader is given, and what it gives back.

use super::number::parse_number;
use super::{Field, Format};
use crate::data::{Column, Date, Dialect, Float, Symbols, Type, Word};
use crate::report::{Code, Diagnostic};
use std::io;

/// How a file is read, where that is not the format's own choice.
#[derive(Debug, Clone, Default)]
pub struct ReadOptions {
    /// As Soufflé reads: nothing is quoted, and there is no header unless `headers` says so. In its dialect, fields behind
    /// those that are wanted are passed over.
    pub raw: bool,
    /// Whether fields of a raw file may be quoted after all.
    pub quoted: bool,
    /// What stands between fields.
    pub delimiter: Option<String>,
    /// Whether the first row is a header, in a raw file.
    pub headers: bool,
    /// Whose values these are: Soufflé's numbers have a width.
    pub dialect: Dialect,
    /// What the rows are called, in a file that has those of several relations.
    pub title: Option<String>,
    /// For each column of the relation, the field of the file that fills it.
    pub columns: Option<Vec<usize>>,
}

/// How a file was read, to read it again.
#[derive(Debug, Clone)]
pub struct ReadAs {
    /// Its format.
    pub format: Format,
    /// What was not the format's own choice.
    pub options: ReadOptions,
    /// The columns that it turned out to have.
    pub fields: Vec<Field>,
    /// Whether a `.decl` told them.
    pub declared: bool,
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

/// Is told of bytes that were read, and says whether to go on. Threads ask at the same time.
pub type Watch<'a> = dyn Fn(usize) -> bool + Sync + 'a;

/// Why there is no table.
#[derive(Debug)]
pub enum Unread {
    /// The file is at fault.
    Mistake(Diagnostic),
    /// The system is.
    Io(io::Error),
    /// The [`Watch`] said so.
    Stopped,
}

impl From<Diagnostic> for Unread {
    fn from(diagnostic: Diagnostic) -> Self {
        Unread::Mistake(diagnostic)
    }
}

impl From<io::Error> for Unread {
    fn from(error: io::Error) -> Self {
        Unread::Io(error)
    }
}

/// A file to be read.
pub(super) struct Input<'a> {
    pub(super) name: &'a str,
    pub(super) expected: Option<&'a [Field]>,
    pub(super) options: &'a ReadOptions,
    pub(super) symbols: &'a Symbols,
    pub(super) watch: &'a Watch<'a>,
    /// How many bytes are read together.
    pub(super) block: usize,
}

impl Input<'_> {
    /// Whether fields behind those that are wanted are passed over.
    pub(super) fn is_lenient(&self) -> bool {
        self.options.raw && self.options.dialect != Dialect::Entail
    }

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
        let shown = String::from_utf8_lossy(text.get(..80).unwrap_or(text)).into_owned();
        let ty = field.ty.with_article();
        let message = format!("`{}` is not {ty}, as column `{}` needs", super::escape(&shown), field.name);
        self.error(Code::BadField, line, &message).help(format!("{ty} looks like {}", example(field.ty)))
    }
}

fn example(ty: Type) -> &'static str {
    match ty {
        Type::Symbol => "any text",
        Type::Number => "`-12`, without spaces, plus signs or points",
        Type::Unsigned => "`12` or `0x1f`, without spaces, signs or points",
        Type::Float => "`0.5` or `1e3`",
        Type::Date => "`2025-02-18`",
        Type::Record => "`[1, nil]` or `$Branch(1)`, with the fields of its type",
    }
}

/// The word of a text in a column; none if it does not fit. The text of a symbol is interned.
pub(super) fn parse(field: &Field, text: &str, symbols: &Symbols) -> Option<Word> {
    match field.ty {
        Type::Symbol => Some(Word::symbol(symbols.intern(text))),
        Type::Number => parse_number(text.as_bytes()).map(Word::number),
        Type::Unsigned => parse_unsigned(text).map(Word::unsigned),
        Type::Float => parse_float(text).map(Word::float),
        Type::Date => Date::parse(text).map(Word::date),
        Type::Record => field.record(text).map(|record| Word::encode(&record, symbols)),
    }
}

/// Digits: decimal ones, or behind `0x` and `0b` those of other bases; nothing else.
pub(super) fn parse_unsigned(text: &str) -> Option<u64> {
    let (digits, base) = match text.split_at_checked(2) {
        Some(("0x", digits)) => (digits, 16),
        Some(("0b", digits)) => (digits, 2),
        Some(_) | None => (text, 10),
    };
    let spelt = digits.chars().all(|digit| digit.is_digit(base));
    spelt.then(|| u64::from_str_radix(digits, base).ok()).flatten()
}

/// A finite float in digits; no words such as `inf`.
pub(super) fn parse_float(text: &str) -> Option<Float> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let spelt = digits.starts_with(|c: char| c.is_ascii_digit())
        && digits.bytes().all(|byte| byte.is_ascii_digit() || b"+-.eE".contains(&byte));
    spelt.then(|| text.parse().ok().and_then(Float::new)).flatten()
}
