//! Each value on a line of its own: `column = value`, with a blank line between rows.

use super::Output;
use std::io;

pub(super) fn write(output: &mut Output<'_>) -> io::Result<()> {
    let width = output.fields.iter().map(|field| field.name.chars().count()).max().unwrap_or(0);
    let names: Vec<String> =
        output.fields.iter().map(|field| format!("{:>width$}", super::escape(&field.name))).collect();
    for (at, row) in (&mut *output.rows).enumerate() {
        if at > 0 {
            writeln!(output.out)?;
        }
        for (name, value) in names.iter().zip(&row.values) {
            writeln!(output.out, "{name} = {}", super::escape(&value.to_string()))?;
        }
        if output.layout.citations {
            writeln!(output.out, "{:>width$} = {}", "@", super::escape(&row.cited()))?;
        }
    }
    Ok(())
}
