//! What is written is read back the same, in every format that can do both.

use super::*;
use crate::data::{Date, Float, Type, Word};
use crate::report::Diagnostic;
use std::io::Cursor;

fn nasty() -> Vec<Value> {
    let texts = [
        "",
        " ",
        "a,b",
        "tab\tin",
        "quote \" in",
        "line\nend",
        "cr\r",
        "@",
        "007",
        "ü漢🦀",
        "'",
        "\\n",
        "true",
        "\u{feff}a",
    ];
    texts.iter().map(|text| Value::symbol(*text)).collect()
}

fn cited(values: Vec<Value>, claims: &[&str]) -> Row {
    Row { values, citations: claims.iter().map(|claim| Value::symbol(*claim)).collect() }
}

/// Writes rows, reads them back with and without their columns known, and compares.
fn round_trip(format: &str, fields: &[Field], rows: &[Row], citations: bool) {
    let format = Format::by_name(format).expect("a format");
    let symbols = Symbols::default();
    let layout = Layout { citations, ..Layout::default() };
    let mut bytes = Vec::new();
    write(format, "r", fields, &mut rows.iter().cloned(), &layout, &mut bytes).expect("written");
    let shown = String::from_utf8_lossy(&bytes).into_owned();
    let table = read_bytes(format, &bytes, Some(fields), &symbols).unwrap_or_else(|e| panic!("{e:?}\n{shown}"));
    assert_eq!(table.rows, rows.len(), "{} {shown:?}", format.name());
    for (at, row) in rows.iter().enumerate() {
        let words = row.values.iter().map(|value| Word::encode(value, &symbols));
        assert_eq!(
            words.collect::<Vec<_>>(),
            table.columns.iter().map(|column| column.get(at)).collect::<Vec<_>>(),
            "{shown}"
        );
        if citations {
            let claims = table.citations.iter().filter(|citation| citation.row == at).map(|citation| citation.claim);
            let expected: Vec<Word> = row.citations.iter().map(|claim| Word::encode(claim, &symbols)).collect();
            assert_eq!(claims.collect::<Vec<_>>(), expected, "{shown}");
        }
    }
}

#[test]
fn symbols_of_every_kind_come_back() {
    let fields = [Field::new("a", Type::Symbol), Field::new("b", Type::Symbol)];
    let rows: Vec<Row> =
        nasty().iter().flat_map(|a| nasty().into_iter().map(|b| cited(vec![a.clone(), b], &[]))).collect();
    for format in ["csv", "tsv", "jsonl"] {
        round_trip(format, &fields, &rows, false);
        round_trip(format, &fields[..1], &nasty().into_iter().map(|a| cited(vec![a], &[])).collect::<Vec<_>>(), false);
    }
}

#[test]
fn every_type_comes_back_with_its_citations() {
    let float = |value| Value::Float(Float::new(value).expect("finite"));
    let fields: Vec<Field> = Type::ALL.iter().map(|ty| Field::new(ty.name(), *ty)).collect();
    let row = |number, unsigned, value, day| {
        let date = Value::Date(Date::parse(day).expect("a date"));
        vec![Value::symbol("s"), Value::Number(number), Value::Unsigned(unsigned), float(value), date]
    };
    let rows = [
        cited(row(i64::MIN, 0, 0.803_000_000_000_000_8, "0000-01-01"), &["c1", "c2"]),
        cited(row(i64::MAX, u64::MAX, -1e-300, "9999-12-31"), &[]),
    ];
    for format in ["csv", "tsv", "jsonl"] {
        round_trip(format, &fields, &rows, true);
    }
    round_trip("facts", &fields, &rows, false);
}

#[test]
fn floats_keep_every_digit() {
    let fields = [Field::new("w", Type::Float)];
    let hard = [-2.292222222222222e92, -922357203685.7759, 1.1844674407370955e20, 5e-324, f64::MAX];
    let row = |value| cited(vec![Value::Float(Float::new(value).expect("finite"))], &[]);
    for format in ["csv", "tsv", "jsonl", "facts"] {
        round_trip(format, &fields, &hard.map(row), false);
    }
}

#[test]
fn what_looks_like_a_byte_order_mark_comes_back_or_is_refused() {
    let fields = [Field::new("\u{feff}a", Type::Symbol)];
    let rows = [cited(vec![Value::symbol("\u{feff}b")], &[])];
    for format in ["csv", "tsv", "jsonl"] {
        round_trip(format, &fields, &rows, false);
    }
    let facts = Format::by_name("facts").expect("a format");
    let written = write(facts, "r", &fields, &mut rows.iter().cloned(), &Layout::default(), &mut Vec::new());
    assert!(written.expect_err("nothing quotes it").to_string().contains("byte order mark"));
}

#[test]
fn a_relation_without_columns_comes_back() {
    for format in ["csv", "tsv", "jsonl", "facts"] {
        round_trip(format, &[], &[], false);
        round_trip(format, &[], &[cited(vec![], &[])], false);
    }
}

fn read_text(format: &str, text: &str, expected: Option<&[Field]>) -> Result<Table, Diagnostic> {
    read_bytes(Format::readable_by_ending(format).expect("a format"), text.as_bytes(), expected, &Symbols::default())
}

fn read_bytes(
    format: Format,
    bytes: &[u8],
    expected: Option<&[Field]>,
    symbols: &Symbols,
) -> Result<Table, Diagnostic> {
    read(format, "f", &mut Cursor::new(bytes), expected, &ReadOptions::default(), symbols, &|_| true).map_err(
        |unread| match unread {
            Unread::Mistake(diagnostic) => diagnostic,
            Unread::Io(_) | Unread::Stopped => panic!("bytes in memory can be read: {unread:?}"),
        },
    )
}

#[test]
fn a_header_names_all_columns_or_is_none() {
    let fields = [Field::new("n", Type::Number), Field::new("s", Type::Symbol)];
    let swapped = read_text("csv", "s,n\nx,1\n", Some(&fields)).expect("read");
    assert_eq!(swapped.columns[0].get(0), Word::number(1));
    assert_eq!(read_text("csv", "1,x\n2,y", Some(&fields)).expect("read").rows, 2);
    assert_eq!(read_text("csv", "\u{feff}n,s\r\n1,x\r\n", Some(&fields)).expect("read").rows, 1);
    let partial = read_text("csv", "n,t\n1,x\n", Some(&fields)).expect_err("a partial match");
    assert_eq!(partial.code, crate::report::Code::BadHeader);
}

#[test]
fn columns_that_a_file_calls_alike_have_names_of_their_own() {
    let table = read_text("csv", "a,x2,a,a,\n1,2,3,4,5\n", None).expect("read");
    let names: Vec<&str> = table.fields.iter().map(|field| &*field.name).collect();
    assert_eq!(names, ["a", "x2", "x3", "x4", ""]);
    let table = read_text("csv", "x2,x2\n1,2\n", None).expect("read");
    assert_eq!(table.fields[1].name, "x3");
}

#[test]
fn a_row_that_does_not_fit_is_named() {
    use crate::report::Code;
    let fields = [Field::new("n", Type::Number), Field::new("s", Type::Symbol)];
    for (text, code, place) in [
        ("1,x\n2\n", Code::WrongFieldCount, "f:2:"),
        ("1,x\n2,y,z\n", Code::WrongFieldCount, "f:2:"),
        ("1,x\n,y\n", Code::BadField, "f:2:"),
        ("1,x\n 2,y\n", Code::BadField, "f:2:"),
        ("1,\"x\n2,y\n", Code::MalformedRow, "f:1:"),
    ] {
        let error = read_text("csv", text, Some(&fields)).expect_err(text);
        assert_eq!((error.code, error.message.starts_with(place)), (code, true), "{text:?} {}", error.message);
    }
    let error = read_text("jsonl", "{\"n\":1,\"s\":\"x\"}\n{\"n\":1", Some(&fields)).expect_err("cut off");
    assert!(error.message.starts_with("f:2: this line is not JSON"), "{}", error.message);
}

#[test]
fn undeclared_columns_take_the_types_of_their_values() {
    let table = read_text("csv", "a,b,c,d\n1,007,0.5,2025-02-18\n-2,8,1e300,2025-02-19\n", None).expect("read");
    let types: Vec<Type> = table.fields.iter().map(|field| field.ty).collect();
    assert_eq!(types, [Type::Number, Type::Symbol, Type::Float, Type::Date]);
    let table =
        read_text("jsonl", "{\"a\":1,\"b\":0.5,\"c\":\"2025-02-18\"}\n[2,1,\"2025-02-19\"]", None).expect("read");
    let types: Vec<Type> = table.fields.iter().map(|field| field.ty).collect();
    assert_eq!(types, [Type::Number, Type::Float, Type::Date]);
}

#[test]
fn rows_without_quotes_refuse_what_they_cannot_hold() {
    let row = Row { values: vec![Value::symbol("a\tb")], citations: vec![] };
    let facts = Format::by_name("facts").expect("a format");
    let fields = [Field::new("a", Type::Symbol)];
    let mut rows = std::iter::once(row);
    assert!(write(facts, "r", &fields, &mut rows, &Layout::default(), &mut Vec::new()).is_err());
}
