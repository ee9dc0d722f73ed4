//! Any file is read as rows, or refused; rows that were read are written and read back the same, and found again on their
//! lines.

use super::input::Bytes;
use entail::data::{Dialect, Symbols, Type};
use entail::formats::{Field, Format, Layout, ReadAs, ReadOptions, Row, SoughtRow, Table, Unread, lines, read, write};
use entail::report::Diagnostic;
use std::io::Cursor;

pub(super) fn run(bytes: &[u8]) {
    let mut bytes = Bytes(bytes);
    let format = match bytes.byte() % 5 {
        0 => Format::by_name("csv"),
        1 => Format::by_name("tsv"),
        2 => Format::by_name("jsonl"),
        3 => Format::by_name("facts"),
        _ => Some(Format::json_array()),
    };
    let format = format.expect("a format");
    let [raw, quoted, headers, is_souffle, is_declared, ..] = bytes.flags::<8>();
    let delimiter = [None, Some(","), Some("::"), Some(" ")][usize::from(bytes.byte() % 4)].filter(|_| raw);
    let dialect = if is_souffle { Dialect::ALL[1] } else { Dialect::Entail };
    let (delimiter, raw_quotes) = (delimiter.map(str::to_owned), raw && quoted);
    let options = ReadOptions { raw, quoted: raw_quotes, delimiter, headers, dialect, ..ReadOptions::default() };
    let expected: Vec<Field> = match is_declared {
        true => (0..bytes.byte() % 6).map(|at| Field::new(&format!("x{at}"), any_type(&mut bytes))).collect(),
        false => Vec::new(),
    };
    let expected = is_declared.then_some(&expected[..]);
    let symbols = Symbols::default();
    let Ok(table) = rows(format, bytes.0, expected, &options, &symbols) else { return };
    assert!(table.columns.iter().all(|column| column.len() == table.rows), "{table:?}");
    are_found(format, bytes.0, &table, expected.is_some(), &options, &symbols);
    if !raw && !is_souffle {
        come_back(format, &table, &symbols);
    }
}

fn any_type(bytes: &mut Bytes<'_>) -> Type {
    let types: Vec<Type> = Type::ALL.into_iter().collect();
    types[usize::from(bytes.byte()) % types.len()]
}

fn rows(
    format: Format,
    bytes: &[u8],
    expected: Option<&[Field]>,
    options: &ReadOptions,
    symbols: &Symbols,
) -> Result<Table, Diagnostic> {
    read(format, "file", &mut Cursor::new(bytes), expected, options, symbols, &|_| true).map_err(
        |unread| match unread {
            Unread::Mistake(diagnostic) => diagnostic,
            Unread::Io(_) | Unread::Stopped => panic!("bytes in memory can be read: {unread:?}"),
        },
    )
}

/// Every row of a table stands on a line of its file.
fn are_found(format: Format, bytes: &[u8], table: &Table, declared: bool, options: &ReadOptions, symbols: &Symbols) {
    let file = ReadAs { format, options: options.clone(), fields: table.fields.clone(), declared };
    let words = |row| table.columns.iter().map(|column| column.get(row)).collect();
    let sought: Vec<SoughtRow> = (0..table.rows).map(|row| SoughtRow { words: words(row), claim: None }).collect();
    let found = lines(&file, &mut Cursor::new(bytes), &sought, symbols, &|_| true).expect("it was read before");
    let last = 1 + bytes.iter().filter(|byte| matches!(byte, b'\n' | b'\r')).count();
    for (row, line) in found.iter().enumerate() {
        assert!(line.is_some_and(|line| (1..=last).contains(&line)), "row {row} of {table:?} is on line {line:?}");
    }
}

/// What is written of a table is read back the same, where the format can hold it: Soufflé's facts rest on nothing.
fn come_back(format: Format, table: &Table, symbols: &Symbols) {
    let values = |row: usize| {
        let symbols = symbols.read();
        let values = table.columns.iter().zip(&table.fields).map(|(column, field)| (column.get(row), field.ty));
        let claims = table.citations.iter().filter(|citation| citation.row == row).map(|citation| citation.claim);
        Row {
            values: values.map(|(word, ty)| word.decode(ty, &symbols)).collect(),
            citations: claims.map(|claim| claim.decode(Type::Symbol, &symbols)).collect(),
        }
    };
    let layout = Layout { citations: table.has_citations, ..Layout::default() };
    let mut written = Vec::new();
    if write(format, "file", &table.fields, &mut (0..table.rows).map(values), &layout, &mut written).is_err() {
        return;
    }
    let again = rows(format, &written, Some(&table.fields), &ReadOptions::default(), symbols);
    let shown = String::from_utf8_lossy(&written);
    let again = again.unwrap_or_else(|mistake| panic!("{table:?} is written as {shown:?}: {}", mistake.message));
    assert_eq!((&again.columns, again.rows), (&table.columns, table.rows), "{shown:?}");
    if Some(format) != Format::by_name("facts") {
        assert_eq!(again.citations, table.citations, "{shown:?}");
    }
}
