//! Soufflé's rows: fields with a delimiter between them, no header unless asked for, nothing quoted. The row of a
//! relation without columns is `()`. What rows rest on is not written.

use super::Output;
use super::blocks::BYTE_ORDER_MARK;
use super::dialect::Dialect;
use super::read::Input;
use super::separated::Cut;
use super::shape::Header;
use crate::data::{Dialect as Language, Value};
use std::io;

/// What stands above and below rows in a frame.
const FRAME: &str = "===============";

pub(super) fn cut(input: &Input<'_>) -> Cut {
    let delimiter = input.options.delimiter.as_deref().unwrap_or("\t");
    let header = if input.options.headers { Header::Skipped } else { Header::Absent };
    let dialect = match *delimiter.as_bytes() {
        [delimiter] if input.options.quoted => Dialect::quoted(delimiter),
        [..] if input.is_lenient() => Dialect::of_records(delimiter),
        [..] => Dialect::raw(delimiter),
    };
    Cut { header, dialect }
}

pub(super) fn write(output: &mut Output<'_>) -> io::Result<()> {
    let delimiter = output.layout.delimiter.clone().unwrap_or_else(|| "\t".into());
    if output.layout.framed {
        writeln!(output.out, "---------------\n{}", output.title)?;
    }
    if output.layout.delimiter.is_some() && !output.layout.no_header {
        let names: Vec<&str> = output.fields.iter().map(|field| field.name.as_str()).collect();
        let header = output.layout.header.clone().unwrap_or_else(|| names.join(&delimiter));
        writeln!(output.out, "{header}")?;
    }
    if output.layout.framed {
        writeln!(output.out, "{FRAME}")?;
    }
    for row in &mut *output.rows {
        if row.values.is_empty() {
            writeln!(output.out, "()")?;
            continue;
        }
        for (at, value) in row.values.iter().enumerate() {
            if output.layout.quoted && matches!(value, Value::Symbol(_) | Value::Record(_)) {
                let between = if at > 0 { delimiter.as_str() } else { "" };
                write!(output.out, "{between}\"{}\"", quotable(value, output.layout.dialect).replace('"', "\"\""))?;
                continue;
            }
            let text = output.layout.dialect.printed(value);
            let text = if output.layout.escape { super::escape(&text).into_owned() } else { text };
            let is_cut = text.contains(&delimiter) || text.contains(['\n', '\r']);
            let is_skipped = at == 0 && text.as_bytes().starts_with(BYTE_ORDER_MARK);
            if (is_cut || is_skipped) && !output.layout.verbatim {
                let why = if is_cut { "holds a delimiter or a line end" } else { "begins with a byte order mark" };
                let text = super::escape(&text);
                return Err(io::Error::other(format!("`{text}` {why}, which rows without quotes cannot; use csv")));
            }
            let between = if at > 0 { delimiter.as_str() } else { "" };
            write!(output.out, "{between}{text}")?;
        }
        writeln!(output.out)?;
    }
    if output.layout.framed {
        writeln!(output.out, "{FRAME}")?;
    }
    Ok(())
}

/// What stands between quotes: a text as it is, a record with its own texts between quotes.
fn quotable(value: &Value, dialect: Language) -> String {
    let Value::Record(record) = value else { return dialect.printed(value) };
    record.with_fields(&|field| match field {
        Value::Symbol(symbol) => format!("\"{}\"", symbol.replace('\\', r"\\").replace('"', "\\\"")),
        field => quotable(field, dialect),
    })
}
