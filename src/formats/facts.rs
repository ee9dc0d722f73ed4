//! Soufflé's rows: fields with a delimiter between them, no header unless asked for, nothing quoted. The row of a
//! relation without columns is `()`.

use super::Output;
use super::blocks::Source;
use super::dialect::Dialect;
use super::read::{Input, Table, Unread};
use super::separated::table;
use super::shape::Header;
use std::io;

pub(super) fn read(input: &Input<'_>, source: &mut dyn Source) -> Result<Table, Unread> {
    let delimiter = input.options.delimiter.as_deref().unwrap_or("\t");
    let header = if input.options.headers { Header::Skipped } else { Header::Absent };
    table(input, header, &Dialect::raw(delimiter), source)
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
            let text = output.layout.dialect.printed(value);
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
