//! CSV and TSV: RFC 4180, with commas or tabs.
//!
//! A relation without columns has an empty header and an empty record for its row.

use super::read::{Input, Table};
use super::separated::{CITATIONS, Header, Records, Visit, table};
use super::{Output, Row, facts};
use crate::report::{Code, Diagnostic};
use std::io;

pub(super) fn read_csv(input: &Input<'_>) -> Result<Table, Diagnostic> {
    read(input, b',')
}

pub(super) fn read_tsv(input: &Input<'_>) -> Result<Table, Diagnostic> {
    read(input, b'\t')
}

fn read(input: &Input<'_>, delimiter: u8) -> Result<Table, Diagnostic> {
    if input.options.raw {
        return facts::read(input);
    }
    let header = if input.expected.is_some() { Header::Optional } else { Header::Needed };
    if input.bytes.contains(&b'"') {
        return table(input, header, &Quoted { input, delimiter });
    }
    table(input, header, &facts::Lines { input, delimiter: char::from(delimiter).to_string() })
}

/// Records of a file with quotes in it.
struct Quoted<'a> {
    input: &'a Input<'a>,
    delimiter: u8,
}

impl Records for Quoted<'_> {
    fn each(&self, visit: &mut Visit<'_>) -> Result<(), Diagnostic> {
        if let Some(line) = open_quote(self.input.bytes) {
            let diagnostic = self.input.error(Code::MalformedRow, line, "this quote is never closed");
            return Err(diagnostic.help("end the field with `\"`; a quote inside it is doubled"));
        }
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(self.delimiter)
            .has_headers(false)
            .flexible(true)
            .from_reader(self.input.bytes);
        let mut record = csv::ByteRecord::new();
        let mut texts: Vec<&str> = Vec::new();
        loop {
            let more = reader.read_byte_record(&mut record);
            let more = more.map_err(|error| self.input.error(Code::MalformedRow, 1, &error.to_string()))?;
            if !more {
                return Ok(());
            }
            let line = record.position().map_or(1, |position| usize::try_from(position.line()).unwrap_or(usize::MAX));
            let mut fields: Vec<&str> = std::mem::take(&mut texts);
            for field in &record {
                fields.push(std::str::from_utf8(field).map_err(|_| self.input.not_utf8(line))?);
            }
            visit(line, &fields)?;
        }
    }
}

/// The line on which a quote opens that is never closed.
fn open_quote(bytes: &[u8]) -> Option<usize> {
    let (mut line, mut open) = (1, None);
    for byte in bytes {
        match byte {
            b'"' => open = if open.is_none() { Some(line) } else { None },
            b'\n' => line += 1,
            _ => {}
        }
    }
    open
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
        // A lone empty field would be an empty line, which readers skip.
        if text.bytes().any(special) || (text.is_empty() && record.len() == 1) {
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
