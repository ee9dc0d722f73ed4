//! Pieces of a file, one behind the other.
//!
//! In: pieces in the order of the file. Out: the columns of all of them. First the texts of their dictionaries become
//! symbols ([`Naming`]); then their columns are appended ([`Joined`]).

use super::Field;
use super::piece::Piece;
use super::read::{RowCitation, Table};
use super::shape::Shape;
use super::sniff::Sniffed;
use crate::data::{Column, Id, LookedUp, Names, SymbolTable, Symbols, Type, Word};
use rustc_hash::FxHashMap;

/// What makes symbols of the texts of pieces.
pub(super) struct Naming<'a> {
    symbols: &'a mut SymbolTable,
    /// Bytes of the file that are left.
    left: u64,
    /// Pieces whose texts were looked up.
    pending: Option<(Vec<Piece>, LookedUp)>,
    /// A guess how many new symbols are left.
    expected: usize,
}

/// Pieces, and the symbols that the texts of each are.
#[derive(Default)]
pub(super) struct Named {
    pieces: Vec<(Piece, Names)>,
    /// How many times as long the file was from here on.
    times: f64,
}

impl<'a> Naming<'a> {
    pub(super) fn new(symbols: &'a mut SymbolTable, bytes: u64) -> Self {
        Self { symbols, left: bytes, pending: None, expected: 0 }
    }

    /// Looks the texts of pieces up, which threads do together. First it names those before, which one does alone.
    pub(super) fn next(&mut self, mut pieces: Vec<Piece>) -> Named {
        let named = self.name();
        let take = |piece: &mut Piece| std::mem::take(&mut piece.dictionary);
        let looked_up = self.symbols.look_up(pieces.iter_mut().map(take).collect(), self.expected);
        self.pending = Some((pieces, looked_up));
        named
    }

    /// The pieces whose texts were looked up last.
    #[expect(
        clippy::as_conversions,
        reason = "a guess may be rounded, and where it is out of range the nearest number will do"
    )]
    pub(super) fn name(&mut self) -> Named {
        let Some((pieces, looked_up)) = self.pending.take() else { return Named::default() };
        let bytes: u64 = pieces.iter().map(|piece| piece.bytes).sum();
        let times = self.left as f64 / bytes as f64;
        self.left = self.left.saturating_sub(bytes);
        let known = self.symbols.len();
        let names = self.symbols.name(looked_up);
        self.expected = ((self.symbols.len() - known) as f64 * (times - 1.0)) as usize;
        Named { pieces: pieces.into_iter().zip(names).collect(), times }
    }
}

/// Pieces that were joined.
pub(super) struct Joined {
    columns: Vec<Column>,
    types: Vec<Type>,
    rows: usize,
    citations: Vec<RowCitation>,
    /// Nothing of a column whose values all fit.
    pub(super) sniffed: Vec<Sniffed>,
}

impl Joined {
    pub(super) fn new(shape: &Shape) -> Self {
        let types: Vec<Type> = shape.fields.iter().map(|field| field.ty).collect();
        Self {
            columns: vec![Column::new(); types.len()],
            sniffed: vec![Sniffed::default(); types.len()],
            types,
            rows: 0,
            citations: Vec::new(),
        }
    }

    /// Appends pieces, and frees each as soon as it is.
    pub(super) fn append(&mut self, named: Named) {
        if self.rows == 0 {
            let rows: usize = named.pieces.iter().map(|(piece, _)| piece.rows).sum();
            // What is not needed is never touched, and so costs nothing.
            #[expect(
                clippy::as_conversions,
                reason = "a guess may be rounded, and where it is out of range the nearest number will do"
            )]
            let rows = (rows as f64 * named.times * 1.05) as usize;
            self.columns.iter_mut().for_each(|column| column.reserve(rows));
        }
        named.pieces.into_iter().for_each(|(piece, names)| self.append_one(piece, &names));
    }

    fn append_one(&mut self, mut piece: Piece, names: &Names) {
        for ((column, ty), more) in self.columns.iter_mut().zip(&self.types).zip(&mut piece.columns) {
            if matches!(ty, Type::Symbol | Type::Record) {
                name_symbols(more, names);
            }
            column.append(more, 0..more.len());
        }
        let rows = self.rows;
        self.citations.extend(piece.citations.iter().map(|cited| {
            #[expect(clippy::expect_used, reason = "claims are texts of the dictionary, whose numbers have 32 bits")]
            let number = u32::try_from(cited.claim.0).expect("a claim is a number of the dictionary");
            RowCitation { row: rows + cited.row, claim: Word::symbol(names.symbol(number)) }
        }));
        self.rows += piece.rows;
        for (sniffed, more) in self.sniffed.iter_mut().zip(&piece.sniffed) {
            *sniffed = if *more == Sniffed::default() { *sniffed } else { *more };
        }
    }

    pub(super) fn table(mut self, shape: &Shape, symbols: &Symbols) -> Table {
        for (column, field) in self.columns.iter_mut().zip(&shape.fields) {
            if field.ty == Type::Record {
                *column = records(column, field, symbols);
            }
        }
        Table {
            fields: shape.fields.clone(),
            columns: self.columns,
            rows: self.rows,
            citations: self.citations,
            has_citations: shape.has_citations(),
        }
    }
}

/// The records that symbols spell.
fn records(column: &Column, field: &Field, symbols: &Symbols) -> Column {
    let mut known: FxHashMap<Word, Word> = FxHashMap::default();
    let record = |spelt: Word| {
        #[expect(clippy::expect_used, reason = "a piece holds no text that spells no record of its column")]
        let record = field.record(symbols.read().text(spelt.as_symbol())).expect("every text was found to fit");
        Word::encode(&record, symbols)
    };
    column.iter().map(|spelt| *known.entry(spelt).or_insert_with(|| record(spelt))).collect()
}

/// Puts symbols in the place of their numbers in a dictionary.
#[expect(clippy::expect_used, reason = "numbers of a dictionary and ids of symbols have 32 bits")]
fn name_symbols(column: &mut Column, names: &Names) {
    let cells = column.narrow_mut().expect("numbers of a dictionary are narrow");
    for cell in cells {
        *cell = u32::try_from(names.symbol(*cell).index()).expect("an id is a number of 32 bits");
    }
}
