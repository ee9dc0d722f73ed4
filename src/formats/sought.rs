//! Rows that are looked for in a file.
//!
//! In: rows as words, and the columns of a piece of the file. Out: which of them stand in which rows of the piece.
//! Promise: a row of the file costs a look at its first value, unless a row that is looked for begins with the same one.

use super::Field;
use super::fitted::kept_word;
use super::piece::Piece;
use super::read::{Input, RowCitation, Table};
use crate::data::{Column, Type, Word};
use hashbrown::{HashMap, HashSet};

/// A row that a file may hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SoughtRow {
    /// A word for each column.
    pub words: Vec<Word>,
    /// The claim that the row is to rest on, if that matters.
    pub claim: Option<Word>,
}

/// Rows that are looked for.
pub(super) struct Sought<'a> {
    /// The columns of the file as they were read before.
    pub(super) fields: &'a [Field],
    input: &'a Input<'a>,
    /// The numbers of the rows that have the same words.
    rows: HashMap<&'a [Word], Vec<usize>>,
    claims: Vec<Option<Word>>,
    /// What rows begin with.
    firsts: HashSet<Word>,
    /// The symbols in them, by their texts.
    symbols: HashMap<String, Word>,
}

/// Where a row was found.
#[derive(Debug, Clone, Copy)]
pub(super) struct Found {
    /// The number of the row that was looked for.
    pub(super) sought: usize,
    /// The row of the piece.
    pub(super) row: usize,
}

impl<'a> Sought<'a> {
    pub(super) fn new(input: &'a Input<'a>, fields: &'a [Field], rows: &'a [SoughtRow]) -> Self {
        let table = input.symbols.read();
        let mut sought = Self {
            fields,
            input,
            rows: HashMap::new(),
            claims: rows.iter().map(|row| row.claim).collect(),
            firsts: rows.iter().filter_map(|row| row.words.first().copied()).collect(),
            symbols: HashMap::new(),
        };
        for (number, SoughtRow { words, claim }) in rows.iter().enumerate() {
            sought.rows.entry(words).or_default().push(number);
            let symbols = fields.iter().zip(words).filter(|(field, _)| field.ty == Type::Symbol).map(|(_, word)| *word);
            sought.symbols.extend(symbols.chain(*claim).map(|word| (table.text(word.as_symbol()).to_owned(), word)));
        }
        sought
    }

    /// How many rows there are.
    pub(super) fn len(&self) -> usize {
        self.claims.len()
    }

    /// Those in a piece of the file, in the order of the piece.
    pub(super) fn in_piece(&self, piece: &Piece) -> Vec<Found> {
        let symbol = |(number, text): (u32, &str)| Some((Word(u64::from(number)), *self.symbols.get(text)?));
        let symbols: HashMap<Word, Word> =
            if self.symbols.is_empty() { HashMap::new() } else { piece.dictionary.iter().filter_map(symbol).collect() };
        self.among(&piece.columns, piece.rows, &piece.citations, |word| symbols.get(&word).copied())
    }

    /// Those in a table, in the order of the table.
    pub(super) fn in_table(&self, table: &Table) -> Vec<Found> {
        self.among(&table.columns, table.rows, &table.citations, Some)
    }

    /// Those among the rows of some columns. `symbol` is the symbol that a word of a column of symbols stands for, if it
    /// is in a row that is looked for.
    fn among(
        &self,
        columns: &[Column],
        rows: usize,
        citations: &[RowCitation],
        symbol: impl Fn(Word) -> Option<Word>,
    ) -> Vec<Found> {
        let cells = || columns.iter().zip(self.fields);
        let word = |(column, field): (&Column, &Field), row: usize| match field.ty {
            Type::Symbol => symbol(column.get(row)),
            ty => kept_word(column.get(row), ty, self.input),
        };
        let rests_on = |row: usize, claim: Word| {
            let before = citations.partition_point(|cited| cited.row < row);
            citations
                .iter()
                .skip(before)
                .take_while(|cited| cited.row == row)
                .any(|cited| symbol(cited.claim) == Some(claim))
        };
        let (mut found, mut words) = (Vec::new(), Vec::with_capacity(columns.len()));
        for row in 0..rows {
            let may_begin = |cell| word(cell, row).is_some_and(|first| self.firsts.contains(&first));
            if !cells().next().is_none_or(may_begin) {
                continue;
            }
            words.clear();
            words.extend(cells().map_while(|cell| word(cell, row)));
            let same = self.rows.get(&words[..]).into_iter().flatten().copied();
            #[expect(clippy::indexing_slicing, reason = "there is a claim, or none, for each row that is sought")]
            let is_so = |sought: &usize| self.claims[*sought].is_none_or(|claim| rests_on(row, claim));
            found.extend(same.filter(is_so).map(|sought| Found { sought, row }));
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use crate::data::Symbols;
    use crate::formats::{Format, ReadAs, ReadOptions, SoughtRow, lines, read};
    use std::io::Cursor;

    #[test]
    fn a_file_that_has_other_columns_by_now_has_none_of_the_rows() {
        let (format, symbols) = (Format::by_name("csv").expect("it is one"), Symbols::default());
        for (before, now) in [("x\n1\n", "x,y\n1,2\n"), ("x,y\n1,2\n", "x\n1\n"), ("x,y\n1,2\n", "x,@\n1,c\n")] {
            let (mut source, options) = (Cursor::new(before), ReadOptions::default());
            let table = read(format, "f", &mut source, None, &options, &symbols, &|_| true).expect("a table");
            let words = table.columns.iter().map(|column| column.get(0)).collect();
            let file = ReadAs { format, options, fields: table.fields, declared: false };
            let rows = [SoughtRow { words, claim: None }];
            let found = lines(&file, &mut Cursor::new(now), &rows, &symbols, &|_| true).expect("it can be read");
            assert_eq!(found, [None], "{now:?}");
        }
    }
}
