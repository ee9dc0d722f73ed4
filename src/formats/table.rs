//! A table for people: a header, a line below it, rows; numbers to the right; no wider than the terminal.

use super::Output;
use comfy_table::{CellAlignment, ContentArrangement, LineStyle, Table, TableStyle};
use std::io;

pub(super) fn write(output: &mut Output<'_>) -> io::Result<()> {
    let mut table = Table::new();
    table.load_style(TableStyle::new().header_separator(LineStyle::none().fill('─')));
    if let Some(width) = output.layout.width.and_then(|width| u16::try_from(width).ok()).filter(|width| *width > 1) {
        table.set_content_arrangement(ContentArrangement::Dynamic).set_width(width);
    }
    let cites = output.layout.citations;
    let names = output.fields.iter().map(|field| super::escape(&field.name).into_owned());
    table.set_header(names.chain(cites.then(|| "@".to_string())));
    for row in &mut *output.rows {
        let cells = row.values.iter().map(|value| super::escape(&value.to_string()).into_owned());
        table.add_row(cells.chain(cites.then(|| row.cited())));
    }
    for (column, _) in output.fields.iter().enumerate().filter(|(_, field)| field.is_numeric()) {
        let column = table.column_mut(column).expect("a table has a column for every field");
        column.set_cell_alignment(CellAlignment::Right);
    }
    for line in table.lines() {
        writeln!(output.out, "{}", line.trim_end())?;
    }
    Ok(())
}
