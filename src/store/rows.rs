//! A batch of rows on its way into a relation: columns of equal length, in any order, repeats allowed.

use crate::data::Word;
use rayon::slice::ParallelSliceMut;
use std::cmp::Ordering;

/// Rows, column by column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rows {
    columns: Vec<Vec<Word>>,
    len: usize,
}

/// Batches this long are sorted on all threads.
const PARALLEL: usize = 1 << 15;

impl Rows {
    /// No rows of so many columns.
    pub fn new(arity: usize) -> Self {
        Self { columns: vec![Vec::new(); arity], len: 0 }
    }

    /// No rows, with room for so many.
    pub fn with_capacity(arity: usize, rows: usize) -> Self {
        Self { columns: (0..arity).map(|_| Vec::with_capacity(rows)).collect(), len: 0 }
    }

    /// Columns of equal length as rows. `len` counts the rows of a batch without columns.
    pub fn from_columns(columns: Vec<Vec<Word>>, len: usize) -> Self {
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

    /// One column.
    pub fn column(&self, column: usize) -> &[Word] {
        &self.columns[column]
    }

    /// Appends a row.
    pub fn push(&mut self, row: &[Word]) {
        for (column, word) in self.columns.iter_mut().zip(row) {
            column.push(*word);
        }
        self.len += 1;
    }

    /// Appends all rows of another batch.
    pub fn append(&mut self, other: &Rows) {
        for (column, more) in self.columns.iter_mut().zip(&other.columns) {
            column.extend_from_slice(more);
        }
        self.len += other.len;
    }

    /// Appends rows `from..to` of another batch.
    pub fn append_range(&mut self, other: &Rows, range: std::ops::Range<usize>) {
        for (column, more) in self.columns.iter_mut().zip(&other.columns) {
            column.extend_from_slice(&more[range.clone()]);
        }
        self.len += range.len();
    }

    /// The same rows with their columns in another order: column `i` of the result is `order[i]` of `self`.
    pub fn permuted(&self, order: &[usize]) -> Rows {
        Rows { columns: order.iter().map(|&column| self.columns[column].clone()).collect(), len: self.len }
    }

    /// Compares a row with one of another batch of the same arity.
    pub fn compare(&self, row: usize, other: &Rows, other_row: usize) -> Ordering {
        for (a, b) in self.columns.iter().zip(&other.columns) {
            match a[row].cmp(&b[other_row]) {
                Ordering::Equal => {}
                unequal => return unequal,
            }
        }
        Ordering::Equal
    }

    /// Sorts the rows and drops repeats.
    pub fn sort(&mut self) {
        if (1..self.len).all(|row| self.compare(row - 1, self, row).is_lt()) {
            return;
        }
        match self.columns.len() {
            0 => self.len = 1,
            1 => self.sort_as::<1>(),
            2 => self.sort_as::<2>(),
            3 => self.sort_as::<3>(),
            4 => self.sort_as::<4>(),
            _ => self.sort_by_position(),
        }
    }

    /// Sorts narrow rows as arrays, which keeps a row's words side by side.
    fn sort_as<const ARITY: usize>(&mut self) {
        let mut rows: Vec<[Word; ARITY]> =
            (0..self.len).map(|row| std::array::from_fn(|column| self.columns[column][row])).collect();
        if rows.len() < PARALLEL {
            rows.sort_unstable();
        } else {
            rows.par_sort_unstable();
        }
        rows.dedup();
        self.len = rows.len();
        for (at, column) in self.columns.iter_mut().enumerate() {
            column.clear();
            column.extend(rows.iter().map(|row| row[at]));
        }
    }

    /// Sorts wide rows by sorting their positions.
    fn sort_by_position(&mut self) {
        let mut positions: Vec<usize> = (0..self.len).collect();
        if positions.len() < PARALLEL {
            positions.sort_unstable_by(|&a, &b| self.compare(a, self, b));
        } else {
            positions.par_sort_unstable_by(|&a, &b| self.compare(a, self, b));
        }
        positions.dedup_by(|a, b| self.compare(*a, self, *b).is_eq());
        self.len = positions.len();
        for column in &mut self.columns {
            *column = positions.iter().map(|&at| column[at]).collect();
        }
    }
}
