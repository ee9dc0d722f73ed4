//! JSON as Soufflé has it: one array of all rows, each an array of values or an object of them.
//!
//! Records are arrays and objects likewise, `nil` is `null`, and a branch is an object of its name, of which Soufflé writes
//! none: `{"$Circle": [2]}`. The row of a relation without columns is `null`.

use super::json::{Cells, Parsed, reason};
use super::read::Input;
use super::{Field, Output, RecordKind};
use crate::data::{Dialect, Form, Record, RecordTypeId, Tag, Value};
use crate::report::{Code, Diagnostic};
use memchr::memchr_iter;
use serde_json::Value as Json;
use serde_json::value::RawValue;
use std::io::{self, Write};

/// The rows of a file, with the lines on which they begin.
pub(super) fn elements(input: &Input<'_>, bytes: &[u8]) -> Result<Vec<Parsed>, Diagnostic> {
    if bytes.trim_ascii().is_empty() {
        return Ok(Vec::new());
    }
    let wrong = |line: usize, error: &serde_json::Error| {
        let message = format!("this is no array of rows in JSON: {}", reason(error));
        input.error(Code::MalformedRow, line, &message).help("write `[[value, value], [value, value]]`")
    };
    let raw: Vec<&RawValue> = serde_json::from_slice(bytes).map_err(|error| wrong(error.line(), &error))?;
    let (mut line, mut seen) = (1, 0);
    let rows = raw.into_iter().map(|raw| {
        let start = raw.get().as_ptr().addr() - bytes.as_ptr().addr();
        #[expect(clippy::indexing_slicing, reason = "rows are parts of the bytes, one behind the other")]
        let between = &bytes[seen..start];
        line += memchr_iter(b'\n', between).count();
        seen = start;
        let parsed: Json = serde_json::from_str(raw.get()).map_err(|error| wrong(line, &error))?;
        let cells = match parsed {
            Json::Object(cells) => Cells::Named(cells),
            Json::Array(cells) => Cells::InOrder(cells),
            Json::Null if input.expected.is_some_and(<[Field]>::is_empty) => Cells::InOrder(Vec::new()),
            Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => {
                let diagnostic = input.error(Code::MalformedRow, line, "this row is neither an object nor an array");
                return Err(diagnostic.help("write `{\"column\": value}` or `[value]` for each row"));
            }
        };
        Ok(Parsed { line, cells })
    });
    rows.collect()
}

pub(super) fn write(output: &mut Output<'_>) -> io::Result<()> {
    let Output { fields, rows, layout, out, .. } = output;
    let mut writer = Writer { out: *out, dialect: layout.dialect, objects: layout.objects };
    write!(writer.out, "[")?;
    for (at, row) in rows.enumerate() {
        if at > 0 {
            writeln!(writer.out, ",")?;
        }
        if fields.is_empty() {
            writeln!(writer.out, "null")?;
            continue;
        }
        let names = fields.iter().map(|field| field.name.as_str());
        let cells = row.values.iter().zip(fields.iter().map(|field| field.records.as_ref()));
        writer.list(names, cells.map(|(value, records)| Cell { value, records: records.map(Records::of) }))?;
    }
    writeln!(writer.out, "]")
}

/// A value, and what is known of it if it is a record.
struct Cell<'a> {
    value: &'a Value,
    records: Option<Records<'a>>,
}

/// The type of a record.
#[derive(Clone, Copy)]
struct Records<'a> {
    kind: &'a RecordKind,
    ty: RecordTypeId,
}

impl<'a> Records<'a> {
    fn of(kind: &'a RecordKind) -> Self {
        Self { kind, ty: kind.ty }
    }

    /// The form of a record of this type.
    fn form(self, record: &Record) -> Option<&'a Form> {
        let forms = &self.kind.types.get(self.ty).forms;
        forms.iter().find(|form| form.shape.tag == *record.tag())
    }
}

struct Writer<'o> {
    out: &'o mut dyn Write,
    dialect: Dialect,
    /// Whether what belongs together is an object with names, not an array.
    objects: bool,
}

impl Writer<'_> {
    fn list<'a>(
        &mut self,
        names: impl Iterator<Item = &'a str>,
        cells: impl Iterator<Item = Cell<'a>>,
    ) -> io::Result<()> {
        write!(self.out, "{}", if self.objects { "{" } else { "[" })?;
        for (at, (name, cell)) in names.zip(cells).enumerate() {
            if at > 0 {
                write!(self.out, ", ")?;
            }
            if self.objects {
                write!(self.out, "{}: ", serde_json::to_string(name)?)?;
            }
            self.cell(cell)?;
        }
        write!(self.out, "{}", if self.objects { "}" } else { "]" })
    }

    fn cell(&mut self, Cell { value, records }: Cell<'_>) -> io::Result<()> {
        match value {
            Value::Symbol(_) | Value::Date(_) => write!(self.out, "{}", serde_json::to_string(value)?),
            Value::Number(_) | Value::Unsigned(_) | Value::Float(_) => {
                write!(self.out, "{}", self.dialect.printed(value))
            }
            Value::Record(record) => {
                #[expect(
                    clippy::expect_used,
                    reason = "only declared columns are written so, and their `.decl` says of which type records are"
                )]
                let records = records.expect("a column of records says of which type they are");
                self.record(record, records)
            }
        }
    }

    fn record(&mut self, record: &Record, records: Records<'_>) -> io::Result<()> {
        let Some(form) = records.form(record) else { return write!(self.out, "null") };
        let branch = match record.tag() {
            Tag::Nil | Tag::Plain => None,
            Tag::Branch(name) => Some(name),
        };
        if let Some(name) = branch {
            write!(self.out, "{{{}: ", serde_json::to_string(&format!("${name}"))?)?;
        }
        let names = form.fields.iter().map(|field| field.name.as_str());
        let cells = record
            .fields()
            .iter()
            .zip(&form.fields)
            .map(|(value, field)| Cell { value, records: field.record.map(|ty| Records { ty, ..records }) });
        self.list(names, cells)?;
        write!(self.out, "{}", if branch.is_some() { "}" } else { "" })
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Format, Layout, ReadOptions, Row, Unread, read, write};
    use super::*;
    use crate::data::{Symbols, Type};
    use std::io::Cursor;

    fn table(text: &str) -> Result<usize, Unread> {
        let fields = [Field::new("x", Type::Number), Field::new("y", Type::Symbol)];
        let (format, mut source) = (Format::json_array(), Cursor::new(text.as_bytes().to_vec()));
        let symbols = Symbols::default();
        let options = ReadOptions::default();
        read(format, "p.json", &mut source, Some(&fields), &options, &symbols, &|_| true).map(|table| table.rows)
    }

    #[test]
    fn a_mistake_is_told_with_the_line_of_its_row() {
        assert_eq!(table("[[1, \"a\"],\n {\"y\": \"b\", \"x\": 2}]").expect("two rows"), 2);
        assert_eq!(table(" \n").expect("no rows"), 0);
        for (text, told) in [
            ("[[1, \"a\"],\n[2, 3]]", "p.json:2: `3` is not a symbol, as column `y` needs"),
            ("[[1, \"a\"],\n\n[2]]", "p.json:3: expected 2 fields, got 1"),
            ("[[1, \"a\"],\n7]", "p.json:2: this row is neither an object nor an array"),
            ("{\"x\": 1}", "p.json:1: this is no array of rows in JSON: invalid type: map, expected a sequence"),
        ] {
            match table(text) {
                Err(Unread::Mistake(diagnostic)) => assert_eq!(diagnostic.message, told),
                other => panic!("{text}: {other:?}"),
            }
        }
    }

    #[test]
    fn rows_are_arrays_or_objects() {
        let fields = [Field::new("x", Type::Number), Field::new("y", Type::Symbol)];
        let row = |x, y: &str| Row { values: vec![Value::Number(x), Value::symbol(y)], citations: Vec::new() };
        let written = |objects| {
            let (mut out, layout) = (Vec::new(), Layout { objects, ..Layout::default() });
            let mut rows = [row(1, "a\"b"), row(-2, "c")].into_iter();
            write(Format::json_array(), "p", &fields, &mut rows, &layout, &mut out).expect("written");
            String::from_utf8(out).expect("text")
        };
        assert_eq!(written(false), "[[1, \"a\\\"b\"],\n[-2, \"c\"]]\n");
        assert_eq!(written(true), "[{\"x\": 1, \"y\": \"a\\\"b\"},\n{\"x\": -2, \"y\": \"c\"}]\n");
    }
}
