//! On which lines of data files some rows stand.
//!
//! In: rows, and one file after the other that may have some of them. Out: where each was found first. A file is read
//! once for all rows that are not found yet. Promise: all of it takes about a second at most, and how much is read is
//! the same on every machine; where a file is too long for that, or is not what it was, a row that only it can have
//! has a place without a line.

use super::data_file::DataFile;
use crate::data::Symbols;
use crate::eval::{Limits, Stopped};
use crate::explain::Place;
use crate::formats::SoughtRow;
use std::collections::BTreeSet;
use std::sync::Arc;

/// Seconds that reading may take.
const LONGEST: f64 = 1.0;

/// Rows that are looked for in files.
pub(super) struct Search<'a> {
    rows: Vec<Looked<'a>>,
    symbols: &'a Symbols,
    limits: &'a Limits,
    /// Seconds for the files that were read.
    seconds: f64,
}

struct Looked<'a> {
    row: &'a SoughtRow,
    found: Option<Place>,
    /// The files that may have it, and could not be read.
    unread: BTreeSet<Arc<str>>,
}

impl<'a> Search<'a> {
    pub(super) fn new(rows: impl Iterator<Item = &'a SoughtRow>, symbols: &'a Symbols, limits: &'a Limits) -> Self {
        let rows = rows.map(|row| Looked { row, found: None, unread: BTreeSet::new() }).collect();
        Self { rows, symbols, limits, seconds: 0.0 }
    }

    /// Looks in a file for the rows that it may have, by their numbers.
    pub(super) fn look(&mut self, file: &DataFile, may_have: impl Fn(usize) -> bool) -> Result<(), Stopped> {
        let rows = self.rows.iter_mut().enumerate();
        let mut rows: Vec<&mut Looked<'_>> =
            rows.filter(|(number, row)| row.found.is_none() && may_have(*number)).map(|(_, row)| row).collect();
        if rows.is_empty() {
            return Ok(());
        }
        let sought: Vec<SoughtRow> = rows.iter().map(|row| row.row.clone()).collect();
        let seconds = self.seconds + file.seconds();
        let lines = if seconds <= LONGEST {
            self.seconds = seconds;
            file.lines(&sought, self.symbols, self.limits)?
        } else {
            None
        };
        match lines {
            Some(lines) => rows.iter_mut().zip(lines).for_each(|(row, line)| {
                row.found = line.map(|line| Place::Row { file: file.name.clone(), line: Some(line) });
            }),
            None => rows.iter_mut().for_each(|row| _ = row.unread.insert(file.name.clone())),
        }
        Ok(())
    }

    /// Where each row was found; or the only file that can have it.
    pub(super) fn end(self) -> impl Iterator<Item = Option<Place>> {
        self.rows.into_iter().map(|Looked { found, mut unread, .. }| {
            let mut only = || unread.pop_first().filter(|_| unread.is_empty());
            found.or_else(|| only().map(|file| Place::Row { file, line: None }))
        })
    }
}
