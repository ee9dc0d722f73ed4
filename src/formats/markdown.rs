//! A table for a document, in the pipe syntax of GitHub's Markdown.

use super::Output;
use std::io;

pub(super) fn write(output: &mut Output<'_>) -> io::Result<()> {
    let cites = output.layout.citations;
    let names = output.fields.iter().map(|field| cell(&field.name)).chain(cites.then(|| "@".to_string()));
    line(output.out, names)?;
    let rules = output.fields.iter().map(|field| if field.is_numeric() { "---:" } else { "---" }.to_string());
    line(output.out, rules.chain(cites.then(|| "---".to_string())))?;
    for row in &mut *output.rows {
        let cells = row.values.iter().map(|value| cell(&value.to_string())).chain(cites.then(|| cell(&row.cited())));
        line(output.out, cells)?;
    }
    Ok(())
}

fn line(out: &mut dyn io::Write, cells: impl Iterator<Item = String>) -> io::Result<()> {
    writeln!(out, "| {} |", cells.collect::<Vec<_>>().join(" | "))
}

/// The text of a cell: nothing in it ends the cell or becomes a tag.
fn cell(text: &str) -> String {
    super::escape(text).replace('\\', "\\\\").replace('|', "\\|").replace('<', "&lt;")
}
