//! A table for people: a header, a line below it, rows; numbers to the right; no wider than the terminal.
//!
//! A long table is laid out block by block, so that it begins at once and can be ended; a block is at least as wide as
//! those above it.

use super::Output;
use comfy_table::{CellAlignment, ColumnConstraint, ContentArrangement, LineStyle, Table, TableStyle, Width};
use std::io;

/// Rows that are laid out together.
const BLOCK: usize = 4096;

pub(super) fn write(output: &mut Output<'_>) -> io::Result<()> {
    let mut widths: Vec<u16> = Vec::new();
    loop {
        let is_first = widths.is_empty();
        let mut table = table(output, is_first);
        let cites = output.layout.citations;
        let mut rows = 0;
        while rows < BLOCK
            && let Some(row) = output.rows.next()
        {
            let cells = row.values.iter().map(|value| super::escape(&value.to_string()).into_owned());
            table.add_row(cells.chain(cites.then(|| row.cited())));
            rows += 1;
        }
        if rows == 0 && !is_first {
            return Ok(());
        }
        align(&mut table, output, &widths);
        for line in table.lines() {
            writeln!(output.out, "{}", line.trim_end())?;
        }
        if rows < BLOCK {
            return Ok(());
        }
        widths.resize(table.column_count(), 0);
        let now = table.column_max_content_widths();
        widths.iter_mut().zip(now).for_each(|(width, now)| *width = now.max(*width));
    }
}

/// A table without rows; the first one has the header.
fn table(output: &Output<'_>, is_first: bool) -> Table {
    let mut table = Table::new();
    table.load_style(TableStyle::new().header_separator(LineStyle::none().fill('─')));
    if let Some(width) = output.layout.width.and_then(|width| u16::try_from(width).ok()).filter(|width| *width > 1) {
        table.set_content_arrangement(ContentArrangement::Dynamic).set_width(width);
    }
    if is_first {
        let names = output.fields.iter().map(|field| super::escape(&field.name).into_owned());
        table.set_header(names.chain(output.layout.citations.then(|| "@".to_string())));
    }
    table
}

/// Puts numbers to the right, and makes columns as wide as those above, where that fits.
fn align(table: &mut Table, output: &Output<'_>, widths: &[u16]) {
    for (column, _) in output.fields.iter().enumerate().filter(|(_, field)| field.is_numeric()) {
        #[expect(clippy::expect_used, reason = "the header and every row have a cell for every field")]
        let column = table.column_mut(column).expect("a table has a column for every field");
        column.set_cell_alignment(CellAlignment::Right);
    }
    let needed: usize = widths.iter().map(|width| usize::from(*width) + 2).sum();
    if output.layout.width.is_none_or(|width| needed <= width) {
        for (column, width) in table.column_iter_mut().zip(widths) {
            // Two columns of the width are the space around the text.
            column.set_constraint(ColumnConstraint::LowerBoundary(Width::Fixed(*width + 2)));
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::data::{Type, Value};
    use crate::formats::{Field, Format, Layout, Row, write};

    #[test]
    fn a_long_table_has_one_header_and_straight_columns() {
        let fields = [Field::new("n", Type::Number), Field::new("s", Type::Symbol)];
        let row = |n: i64| Row { values: vec![Value::Number(n), Value::symbol("x")], citations: vec![] };
        let mut out = Vec::new();
        let table = Format::by_name("table").expect("it is one");
        let mut rows = (90_000..100_000).map(row);
        write(table, "t", &fields, &mut rows, &Layout::default(), &mut out).expect("memory takes every byte");
        let text = String::from_utf8(out).expect("text");
        assert_eq!(text.lines().count(), 10_002);
        assert!(text.lines().skip(2).all(|line| line.len() == " 90000  x".len()), "{text}");
    }
}
