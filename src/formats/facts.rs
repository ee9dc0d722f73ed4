//! Soufflé's rows: fields with a delimiter between them, no header unless asked for, nothing quoted. The row of a
//! relation without columns is `()`.

use super::Output;
use super::read::{Input, Table};
use super::separated::{Header, Records, Visit, table};
use crate::report::Diagnostic;
use std::io;

pub(super) fn read(input: &Input<'_>) -> Result<Table, Diagnostic> {
    let delimiter = input.options.delimiter.clone().unwrap_or_else(|| "\t".into());
    let header = if input.options.headers { Header::Skipped } else { Header::Absent };
    table(input, header, &Lines { input, delimiter })
}

/// A record a line.
pub(super) struct Lines<'a> {
    pub(super) input: &'a Input<'a>,
    pub(super) delimiter: String,
}

impl Records for Lines<'_> {
    fn each(&self, visit: &mut Visit<'_>) -> Result<(), Diagnostic> {
        let text = std::str::from_utf8(self.input.bytes).map_err(|error| {
            let before = &self.input.bytes[..error.valid_up_to()];
            self.input.not_utf8(before.iter().filter(|&&byte| byte == b'\n').count() + 1)
        })?;
        let mut fields: Vec<&str> = Vec::new();
        for (at, line) in text.lines().enumerate() {
            fields.clear();
            match self.delimiter.as_bytes() {
                [byte] => fields.extend(line.split(char::from(*byte))),
                _ => fields.extend(line.split(self.delimiter.as_str())),
            }
            visit(at + 1, &fields)?;
        }
        Ok(())
    }
}

pub(super) fn write(output: &mut Output<'_>) -> io::Result<()> {
    let delimiter = output.layout.delimiter.clone().unwrap_or_else(|| "\t".into());
    if output.layout.delimiter.is_some() && !output.layout.no_header {
        let names: Vec<&str> = output.fields.iter().map(|field| field.name.as_str()).collect();
        writeln!(output.out, "{}", names.join(&delimiter))?;
    }
    for row in &mut *output.rows {
        if row.values.is_empty() {
            writeln!(output.out, "()")?;
            continue;
        }
        for (at, value) in row.values.iter().enumerate() {
            let text = value.to_string();
            let text = if output.layout.escape { super::escape(&text).into_owned() } else { text };
            if text.contains(&delimiter) || text.contains(['\n', '\r']) {
                return Err(io::Error::other(format!(
                    "`{}` holds a delimiter or a line end, which rows without quotes cannot; use csv",
                    super::escape(&text)
                )));
            }
            let between = if at > 0 { delimiter.as_str() } else { "" };
            write!(output.out, "{between}{text}")?;
        }
        writeln!(output.out)?;
    }
    Ok(())
}
