//! JSON: an object a row (jsonl, read and written) or an object an answer (json, written). How rows are read is shared
//! with [`json_array`](super::json_array).

use super::blocks::{BYTE_ORDER_MARK, Source};
use super::read::{Input, RowCitation, Table, Unread, parse};
use super::shape::CITATIONS;
use super::sniff::Sniffed;
use super::sought::Sought;
use super::{Field, Kind, Output, Row};
use crate::data::{Column, Float, Type, Value, Word};
use crate::report::{Code, Diagnostic};
use serde_json::{Map, Value as Json};
use std::io;

pub(super) fn write_whole(output: &mut Output<'_>) -> io::Result<()> {
    let names: Vec<&str> = output.fields.iter().map(|field| field.name.as_str()).collect();
    let types: Vec<&str> = output.fields.iter().map(Field::type_name).collect();
    write!(output.out, "{{\"schema\":1,\"query\":{}", serde_json::to_string(output.title)?)?;
    write!(output.out, ",\"columns\":{}", serde_json::to_string(&names)?)?;
    write!(output.out, ",\"types\":{},\"rows\":[", serde_json::to_string(&types)?)?;
    for (at, row) in (&mut *output.rows).enumerate() {
        let values: Vec<Json> = row.values.iter().zip(output.fields).map(|(value, field)| json(value, field)).collect();
        write!(output.out, "{}{}", if at > 0 { "," } else { "" }, serde_json::to_string(&values)?)?;
    }
    writeln!(output.out, "]}}")
}

pub(super) fn write_lines(output: &mut Output<'_>) -> io::Result<()> {
    for row in &mut *output.rows {
        let mut object = Map::new();
        for (value, field) in row.values.iter().zip(output.fields) {
            object.insert(field.name.clone(), json(value, field));
        }
        if output.layout.citations {
            object.insert(CITATIONS.into(), Json::String(Row::cited(&row)));
        }
        serde_json::to_writer(&mut *output.out, &object)?;
        writeln!(output.out)?;
    }
    Ok(())
}

fn json(value: &Value, field: &Field) -> Json {
    match value {
        Value::Symbol(text) if field.kind == Kind::Truth => Json::Bool(&**text == "true"),
        #[expect(clippy::expect_used, reason = "a value is texts, finite numbers and lists of them")]
        value => serde_json::to_value(value).expect("a value has text keys and finite numbers"),
    }
}

/// A row, parsed.
#[derive(Debug)]
pub(super) struct Parsed {
    /// The line on which it begins.
    pub(super) line: usize,
    pub(super) cells: Cells,
}

#[derive(Debug)]
pub(super) enum Cells {
    Named(Map<String, Json>),
    InOrder(Vec<Json>),
}

/// Cuts a file into rows.
pub(super) type Cut = fn(&Input<'_>, &[u8]) -> Result<Vec<Parsed>, Diagnostic>;

pub(super) fn read(input: &Input<'_>, cut: Cut, source: &mut dyn Source) -> Result<Table, Unread> {
    let lines = cut(input, &whole(input, source)?)?;
    let fields = match input.expected {
        Some(fields) => fields.to_vec(),
        None => sniffed(&lines),
    };
    let has_citations =
        lines.iter().any(|line| matches!(&line.cells, Cells::Named(cells) if cells.contains_key(CITATIONS)));
    let columns = vec![Column::new(); fields.len()];
    let mut table = Table { columns, rows: 0, citations: Vec::new(), has_citations, fields };
    for line in &lines {
        add(line, &mut table, input)?;
    }
    Ok(table)
}

/// The line on which each row stands first, in a file that was read before.
pub(super) fn find(
    input: &Input<'_>,
    cut: Cut,
    sought: &Sought<'_>,
    source: &mut dyn Source,
) -> Result<Vec<Option<usize>>, Unread> {
    let fields = sought.fields.to_vec();
    let columns = vec![Column::new(); fields.len()];
    let none = Table { columns, rows: 0, citations: Vec::new(), has_citations: false, fields };
    let mut found = vec![None; sought.len()];
    for row in cut(input, &whole(input, source)?)? {
        let mut table = none.clone();
        add(&row, &mut table, input)?;
        #[expect(clippy::indexing_slicing, reason = "there is a place for each row that is sought")]
        sought.in_table(&table).iter().for_each(|sought| _ = found[sought.sought].get_or_insert(row.line));
        if !found.contains(&None) {
            break;
        }
    }
    Ok(found)
}

fn whole(input: &Input<'_>, source: &mut dyn Source) -> Result<Vec<u8>, Unread> {
    let mut bytes = Vec::new();
    source.read_to_end(&mut bytes)?;
    if !(input.watch)(bytes.len()) {
        return Err(Unread::Stopped);
    }
    if bytes.starts_with(BYTE_ORDER_MARK) {
        bytes.drain(..BYTE_ORDER_MARK.len());
    }
    Ok(bytes)
}

/// A row a line.
pub(super) fn lines(input: &Input<'_>, bytes: &[u8]) -> Result<Vec<Parsed>, Diagnostic> {
    let lines = (1..).zip(bytes.split(|&byte| byte == b'\n'));
    let lines = lines.filter(|(_, bytes)| !bytes.trim_ascii().is_empty()).map(|(line, bytes)| {
        let parsed: Json = serde_json::from_slice(bytes).map_err(|error| {
            input.error(Code::MalformedRow, line, &format!("this line is not JSON: {}", reason(&error)))
        })?;
        let cells = match parsed {
            Json::Object(cells) => Cells::Named(cells),
            Json::Array(cells) => Cells::InOrder(cells),
            Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => {
                let diagnostic = input.error(Code::MalformedRow, line, "this line is neither an object nor an array");
                return Err(diagnostic.help("write `{\"column\": value}` or `[value]`, a line for each row"));
            }
        };
        Ok(Parsed { line, cells })
    });
    lines.collect()
}

/// What is wrong, without the place.
pub(super) fn reason(error: &serde_json::Error) -> String {
    let reason = error.to_string();
    reason.split(" at line").next().unwrap_or(&reason).to_owned()
}

/// The columns of a file that no `.decl` declares: the keys of its first object, or as many as its first array has.
fn sniffed(lines: &[Parsed]) -> Vec<Field> {
    let names: Vec<String> = match lines.first().map(|line| &line.cells) {
        Some(Cells::Named(cells)) => cells.keys().filter(|key| *key != CITATIONS).cloned().collect(),
        Some(Cells::InOrder(cells)) => (1..=cells.len()).map(|at| format!("x{at}")).collect(),
        None => Vec::new(),
    };
    let column = |(at, name): (usize, &String)| {
        let cells = lines.iter().filter_map(|line| match &line.cells {
            Cells::Named(cells) => cells.get(name),
            Cells::InOrder(cells) => cells.get(at),
        });
        Field::new(name, sniff(cells))
    };
    names.iter().enumerate().map(column).collect()
}

fn sniff<'a>(cells: impl Iterator<Item = &'a Json>) -> Type {
    let (mut texts, mut numbers, mut floats, mut dates) = (0, 0, 0, Sniffed::default());
    for cell in cells {
        match cell {
            Json::Number(number) if number.is_i64() => numbers += 1,
            Json::Number(_) => floats += 1,
            Json::String(text) => {
                texts += 1;
                dates.see(text);
            }
            Json::Null | Json::Bool(_) | Json::Array(_) | Json::Object(_) => texts += 1,
        }
    }
    match (texts, numbers, floats) {
        (0, 1.., 0) => Type::Number,
        (0, _, 1..) => Type::Float,
        (1.., 0, 0) if dates.ty() == Type::Date => Type::Date,
        _ => Type::Symbol,
    }
}

fn add(line: &Parsed, table: &mut Table, input: &Input<'_>) -> Result<(), Diagnostic> {
    let expected = table.fields.len();
    match &line.cells {
        Cells::InOrder(cells) => {
            if cells.len() != expected {
                return Err(input.wrong_count(line.line, expected, cells.len()));
            }
            for ((cell, field), column) in cells.iter().zip(&table.fields).zip(&mut table.columns) {
                column.push(word(cell, line.line, field, input)?);
            }
        }
        Cells::Named(cells) => {
            let stranger =
                cells.keys().find(|key| *key != CITATIONS && table.fields.iter().all(|field| field.name != **key));
            if let Some(key) = stranger {
                let message = format!("no column is called `{}`", super::escape(key));
                return Err(input
                    .error(Code::BadHeader, line.line, &message)
                    .help("keys are the names of the columns"));
            }
            for (field, column) in table.fields.iter().zip(&mut table.columns) {
                let cell = cells.get(&field.name).ok_or_else(|| {
                    let message = format!("there is no value for column `{}`", field.name);
                    input.error(Code::WrongFieldCount, line.line, &message).help("give every row every column")
                })?;
                column.push(word(cell, line.line, field, input)?);
            }
            if let Some(claims) = cells.get(CITATIONS) {
                table.citations.extend(claims_of(claims, table.rows, line.line, input)?);
            }
        }
    }
    table.rows += 1;
    Ok(())
}

fn word(cell: &Json, line: usize, field: &Field, input: &Input<'_>) -> Result<Word, Diagnostic> {
    let found = match (cell, field.ty) {
        (Json::Number(number), Type::Number) => number.as_i64().map(Word::number),
        (Json::Number(number), Type::Unsigned) => number.as_u64().map(Word::unsigned),
        (Json::Number(number), Type::Float) => number.as_f64().and_then(Float::new).map(Word::float),
        (Json::String(text), Type::Symbol | Type::Date) => parse(field, text, input.symbols),
        (cell, Type::Record) => {
            let record = field.records.as_ref().and_then(|records| records.of_json(cell));
            record.map(|record| Word::encode(&record, input.symbols))
        }
        _ => None,
    };
    found.ok_or_else(|| input.bad_field(line, field, cell.to_string().as_bytes()))
}

/// `"c1 c2"` or `["c1", "c2"]`
fn claims_of(claims: &Json, row: usize, line: usize, input: &Input<'_>) -> Result<Vec<RowCitation>, Diagnostic> {
    let texts: Option<Vec<&str>> = match claims {
        Json::String(text) => Some(text.split(' ').filter(|claim| !claim.is_empty()).collect()),
        Json::Array(claims) => claims.iter().map(Json::as_str).collect(),
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::Object(_) => None,
    };
    let texts = texts.ok_or_else(|| {
        let diagnostic = input.error(Code::MalformedRow, line, "`@` is neither a text nor an array of texts");
        diagnostic.help("write `\"@\": \"c1 c2\"`")
    })?;
    Ok(texts.into_iter().map(|claim| RowCitation { row, claim: Word::symbol(input.symbols.intern(claim)) }).collect())
}
