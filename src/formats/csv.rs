//! CSV and TSV: RFC 4180, with commas or tabs.
//!
//! A relation without columns has an empty header and an empty record for its row.

use super::blocks::BYTE_ORDER_MARK;
use super::dialect::Dialect;
use super::read::Input;
use super::separated::Cut;
use super::shape::{CITATIONS, Header};
use super::{Output, Row, facts};
use std::io;

pub(super) fn csv(input: &Input<'_>) -> Cut {
    cut(input, b',')
}

pub(super) fn tsv(input: &Input<'_>) -> Cut {
    cut(input, b'\t')
}

fn cut(input: &Input<'_>, delimiter: u8) -> Cut {
    if input.options.raw {
        return facts::cut(input);
    }
    let header = if input.expected.is_some() { Header::Optional } else { Header::Needed };
    Cut { header, dialect: Dialect::quoted(delimiter) }
}

pub(super) fn write_csv(output: &mut Output<'_>) -> io::Result<()> {
    write(output, b',')
}

pub(super) fn write_tsv(output: &mut Output<'_>) -> io::Result<()> {
    write(output, b'\t')
}

fn write(output: &mut Output<'_>, delimiter: u8) -> io::Result<()> {
    if output.layout.delimiter.is_some() {
        return facts::write(output);
    }
    let cites = output.layout.citations;
    let mut record: Vec<String> = output.fields.iter().map(|field| field.name.clone()).collect();
    record.extend(cites.then(|| CITATIONS.to_string()));
    write_record(output, delimiter, &record)?;
    while let Some(row) = output.rows.next() {
        record.clear();
        record.extend(row.values.iter().map(ToString::to_string));
        record.extend(cites.then(|| Row::cited(&row)));
        write_record(output, delimiter, &record)?;
    }
    Ok(())
}

fn write_record(output: &mut Output<'_>, delimiter: u8, record: &[String]) -> io::Result<()> {
    for (at, text) in record.iter().enumerate() {
        if at > 0 {
            output.out.write_all(&[delimiter])?;
        }
        let text = if output.layout.escape { super::escape(text) } else { text.into() };
        let special = |byte: u8| byte == delimiter || matches!(byte, b'"' | b'\n' | b'\r');
        // A lone empty field would be an empty line, which readers skip, as they do what an editor puts before a text.
        let skipped = (text.is_empty() && record.len() == 1) || text.as_bytes().starts_with(BYTE_ORDER_MARK);
        if skipped || text.bytes().any(special) {
            write!(output.out, "\"{}\"", text.replace('"', "\"\""))?;
        } else {
            output.out.write_all(text.as_bytes())?;
        }
    }
    if record.is_empty() {
        output.out.write_all(b"\"\"")?;
    }
    output.out.write_all(b"\n")
}
