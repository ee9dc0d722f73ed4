//! A batch of rows on its way into a relation: columns of equal length, in any order, repeats allowed.

use super::{Brake, sort};
use crate::data::{Column, Word};
use std::cmp::Ordering;

/// Rows, column by column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rows {
    columns: Vec<Column>,
    len: usize,
}

impl Rows {
    /// No rows of so many columns.
    pub fn new(arity: usize) -> Self {
        Self::with_capacity(arity, 0)
    }

    /// No rows, with room for so many.
    pub fn with_capacity(arity: usize, rows: usize) -> Self {
        Self { columns: (0..arity).map(|_| Column::with_capacity(rows)).collect(), len: 0 }
    }

    /// Columns of equal length as rows. `len` counts the rows of a batch without columns.
    pub fn from_columns(columns: Vec<Column>, len: usize) -> Self {
        assert!(columns.iter().all(|column| column.len() == len), "columns are of equal length");
        Self { columns, len }
    }

    /// How many rows there are, repeats counted.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// How many columns a row has.
    pub fn arity(&self) -> usize {
        self.columns.len()
    }

    /// Bytes that the rows take.
    pub fn bytes(&self) -> usize {
        self.columns.iter().map(Column::bytes).sum()
    }

    /// One column.
    pub fn column(&self, column: usize) -> &Column {
        &self.columns[column]
    }

    /// The words of one row.
    pub fn row(&self, row: usize) -> impl Iterator<Item = Word> + '_ {
        self.columns.iter().map(move |column| column.get(row))
    }

    /// Appends a row.
    pub fn push(&mut self, row: &[Word]) {
        for (column, word) in self.columns.iter_mut().zip(row) {
            column.push(*word);
        }
        self.len += 1;
    }

    /// Makes room for so many more rows.
    pub fn reserve(&mut self, rows: usize) {
        self.columns.iter_mut().for_each(|column| column.reserve(rows));
    }

    /// Gives back room that no row takes.
    pub fn shrink(&mut self) {
        self.columns.iter_mut().for_each(Column::shrink);
    }

    /// Appends all rows of another batch.
    pub fn append(&mut self, other: &Rows) {
        self.append_range(other, 0..other.len);
    }

    /// Appends rows `from..to` of another batch.
    pub fn append_range(&mut self, other: &Rows, range: std::ops::Range<usize>) {
        for (column, more) in self.columns.iter_mut().zip(&other.columns) {
            column.append(more, range.clone());
        }
        self.len += range.len();
    }

    /// The same rows with their columns in another order, sorted, each once.
    pub fn reordered(&self, order: &[usize], brake: &Brake<'_>) -> Rows {
        let turned = if order == [1, 0] { sort::turned(&self.columns, brake) } else { None };
        match turned {
            Some(columns) => Rows { len: columns[0].len(), columns },
            None => {
                let mut rows = self.permuted(order);
                rows.sort(brake);
                rows
            }
        }
    }

    /// The same rows with their columns in another order: column `i` of the result is `order[i]` of `self`.
    pub fn permuted(&self, order: &[usize]) -> Rows {
        Rows { columns: order.iter().map(|&column| self.columns[column].clone()).collect(), len: self.len }
    }

    /// Compares a row with one of another batch of the same arity.
    pub fn compare(&self, row: usize, other: &Rows, other_row: usize) -> Ordering {
        for (a, b) in self.columns.iter().zip(&other.columns) {
            match a.compare(row, b, other_row) {
                Ordering::Equal => {}
                unequal => return unequal,
            }
        }
        Ordering::Equal
    }

    /// Sorts the rows and drops repeats.
    pub fn sort(&mut self, brake: &Brake<'_>) {
        if self.columns.is_empty() {
            self.len = self.len.min(1);
        } else {
            sort::sort(&mut self.columns, brake);
            self.len = self.columns[0].len();
        }
    }
}
