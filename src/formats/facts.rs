//! Soufflé's rows: fields with a delimiter between them, no header unless asked for, nothing quoted. The row of a
//! relation without columns is `()`.

use super::Output;
use super::dialect::Dialect;
use super::read::Input;
use super::separated::Cut;
use super::shape::Header;
use crate::data::Value;
use std::io;

/// What stands above and below rows in a frame.
const FRAME: &str = "===============";

pub(super) fn cut(input: &Input<'_>) -> Cut {
    let delimiter = input.options.delimiter.as_deref().unwrap_or("\t");
    let header = if input.options.headers { Header::Skipped } else { Header::Absent };
    let dialect = match *delimiter.as_bytes() {
        [delimiter] if input.options.quoted => Dialect::quoted(delimiter),
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
        writeln!(output.out, "{}", names.join(&delimiter))?;
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
            let text = output.layout.dialect.printed(value);
            if output.layout.quoted && matches!(value, Value::Symbol(_)) {
                let between = if at > 0 { delimiter.as_str() } else { "" };
                write!(output.out, "{between}\"{}\"", text.replace('"', "\"\""))?;
                continue;
            }
            let text = if output.layout.escape { super::escape(&text).into_owned() } else { text };
            let is_told_apart = !text.contains(&delimiter) && !text.contains(['\n', '\r']);
            if !is_told_apart && !output.layout.verbatim {
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
    if output.layout.framed {
        writeln!(output.out, "{FRAME}")?;
    }
    Ok(())
}
