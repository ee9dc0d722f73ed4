//! The records of one block as columns.
//!
//! In: a block, and what each of its fields is for. Out: a [`Piece`], in which symbols are numbers of the piece's own
//! dictionary; or the first mistake in the block. Threads read pieces apart and wait for nothing.

use super::blocks::to_u64;
use super::dialect::Visit;
use super::fields::{Field, Fields};
use super::mistake::{Mistake, Trouble};
use super::number::{is_printed, parse_number};
use super::read::{RowCitation, parse_float, parse_unsigned};
use super::sniff::{Sniffed, type_of};
use crate::data::{Column, Date, Dictionary, Type, Word};

/// What a field of a record is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Target {
    /// It fills a column.
    Column(usize, Type),
    /// It tells the type of a column.
    Sniffed(usize),
    /// It is claims that the row rests on.
    Citations,
    /// It is not wanted.
    Nowhere,
}

/// The records of a block.
#[derive(Debug)]
pub(super) struct Piece {
    pub(super) columns: Vec<Column>,
    /// The texts that the words of symbols and records are numbers of.
    pub(super) dictionary: Dictionary,
    pub(super) rows: usize,
    /// Bytes of the block.
    pub(super) bytes: u64,
    /// The rows are counted from the start of the piece.
    pub(super) citations: Vec<RowCitation>,
    /// What the values say of the columns' types.
    pub(super) sniffed: Vec<Sniffed>,
}

/// What reads the records of a block.
pub(super) struct Filling<'a> {
    pub(super) targets: &'a [Target],
    /// The columns.
    pub(super) fields: &'a [super::Field],
    /// Whether values must print back as they were read, and else tell of it.
    pub(super) exact: bool,
    /// Whether fields behind those that are wanted are passed over.
    pub(super) lenient: bool,
    /// Whether the first record is none.
    pub(super) skip: bool,
    /// Where in the file the block begins.
    pub(super) offset: u64,
    /// Whether empty lines are no records, which may take long to tell.
    pub(super) skips_blanks: &'a dyn Fn() -> Result<bool, Trouble>,
}

impl Filling<'_> {
    /// Whether a text fits a column of this type.
    #[expect(clippy::indexing_slicing, reason = "a target is one of the columns")]
    fn fits(&self, column: usize, ty: Type, text: &str) -> bool {
        match ty {
            Type::Symbol => true,
            Type::Record => self.fields[column].record(text).is_some(),
            Type::Number | Type::Unsigned | Type::Float | Type::Date => word(ty, text).is_some(),
        }
    }
}

impl Visit for Filling<'_> {
    type Seen = Result<Piece, Trouble>;

    fn visit<'b, F: Fields<'b>>(self, bytes: &'b [u8], fields: F) -> Self::Seen {
        let only_numbers = self.targets.iter().all(|target| matches!(target, Target::Column(_, Type::Number)));
        let text = if only_numbers { None } else { std::str::from_utf8(bytes).ok() };
        let has_texts =
            self.targets.iter().any(|target| matches!(target, Target::Column(_, Type::Symbol | Type::Record)));
        let piece = Piece {
            columns: vec![Column::new(); self.fields.len()],
            dictionary: Dictionary::with_capacity(if has_texts { bytes.len() } else { 0 }),
            rows: 0,
            bytes: to_u64(bytes.len()),
            citations: Vec::new(),
            sniffed: vec![Sniffed::default(); self.fields.len()],
        };
        let repeats = vec![Repeats::default(); self.fields.len()];
        let mut records = Records { filling: &self, bytes, text, fields, repeats, piece };
        records.read()?;
        Ok(records.piece)
    }
}

/// The records of a block as they are read.
struct Records<'a, 'b, F> {
    filling: &'a Filling<'a>,
    bytes: &'b [u8],
    /// The same as text, if it is text and that was worth a look.
    text: Option<&'b str>,
    fields: F,
    /// What is known of the texts of each column.
    repeats: Vec<Repeats>,
    piece: Piece,
}

/// How often the texts of a column were among those before them.
#[derive(Debug, Clone, Copy, Default)]
struct Repeats {
    texts: u32,
    repeated: u32,
}

impl Repeats {
    /// Texts that are looked for before it is known whether that pays.
    const SAMPLE: u32 = 128;

    /// The number of a text. Where texts are hardly ever repeated, nobody looks for them.
    fn number(&mut self, text: &str, dictionary: &mut Dictionary) -> u32 {
        if self.texts == Self::SAMPLE && self.repeated < Self::SAMPLE / 4 {
            return dictionary.keep(text);
        }
        let known = dictionary.len();
        let number = dictionary.number(text);
        if self.texts < Self::SAMPLE {
            self.texts += 1;
            self.repeated += u32::from(dictionary.len() == known);
        }
        number
    }
}

impl<'b, F: Fields<'b>> Records<'_, 'b, F> {
    fn read(&mut self) -> Result<(), Trouble> {
        let (mut skip, mut blanks) = (self.filling.skip, None);
        while self.fields.begin() {
            if self.fields.is_blank() {
                let skips = blanks.map_or_else(self.filling.skips_blanks, Ok)?;
                blanks = Some(skips);
                if skips {
                    self.fields.next();
                    continue;
                }
            }
            let start = self.fields.position();
            if std::mem::take(&mut skip) {
                while !self.fields.next().last {}
            } else if self.record() {
                self.piece.rows += 1;
            } else {
                let mistake = self.mistake(start);
                return Err(Trouble::Mistake(self.filling.offset + to_u64(start), mistake));
            }
        }
        Ok(())
    }

    /// Reads a record. Returns whether all was well.
    #[inline]
    fn record(&mut self) -> bool {
        let Some((last, others)) = self.filling.targets.split_last() else {
            let field = self.fields.next();
            return field.last && is_empty_row(self.bytes_of(&field));
        };
        if !others.iter().all(|target| self.fill(*target) == Some(false)) {
            return false;
        }
        match self.fill(*last) {
            Some(true) => true,
            Some(false) if self.filling.lenient => {
                while !self.fields.next().last {}
                true
            }
            Some(false) | None => false,
        }
    }

    /// Reads a field. Returns whether it was the last one of the record, if all was well.
    #[inline]
    #[expect(clippy::indexing_slicing, reason = "a target is one of the columns, and a number lies within the bytes")]
    fn fill(&mut self, target: Target) -> Option<bool> {
        if let Target::Column(column, Type::Number) = target
            && let Some(found) = self.fields.number()
        {
            if self.filling.exact && !is_printed(&self.bytes[found.start..found.end]) {
                self.piece.sniffed[column] = Sniffed::SYMBOL;
            }
            self.piece.columns[column].push(Word::number(found.number));
            return Some(found.last);
        }
        let field = self.fields.next();
        self.keep(target, &field).then_some(field.last)
    }

    /// Puts a field where it belongs. Returns whether it fits there.
    #[expect(clippy::indexing_slicing, reason = "a target is one of the columns")]
    fn keep(&mut self, target: Target, field: &Field) -> bool {
        let Self { bytes, text, fields, piece, filling, repeats } = self;
        let text = match (field.unquoted, *text) {
            (true, _) => std::str::from_utf8(field.of(fields.unquoted())).ok(),
            #[expect(
                clippy::string_slice,
                reason = "a field begins and ends beside a delimiter, a quote or a line end, all of them text"
            )]
            (false, Some(text)) => Some(&text[field.start..field.end]),
            (false, None) => std::str::from_utf8(field.of(bytes)).ok(),
        };
        let Some(text) = text else { return false };
        match target {
            Target::Column(column, Type::Symbol) => {
                let number = repeats[column].number(text, &mut piece.dictionary);
                piece.columns[column].push(Word(u64::from(number)));
            }
            Target::Column(column, Type::Record) => {
                if filling.fields[column].record(text).is_none() {
                    return false;
                }
                piece.columns[column].push(Word(u64::from(piece.dictionary.number(text))));
            }
            Target::Column(column, ty) => match word(ty, text) {
                Some(word) => {
                    if filling.exact && type_of(text) != ty {
                        piece.sniffed[column] = Sniffed::SYMBOL;
                    }
                    piece.columns[column].push(word);
                }
                None if filling.exact => piece.sniffed[column] = Sniffed::SYMBOL,
                None => return false,
            },
            Target::Sniffed(column) => piece.sniffed[column].see(text),
            Target::Citations => {
                let claims = text.split(' ').filter(|claim| !claim.is_empty());
                let (row, dictionary) = (piece.rows, &mut piece.dictionary);
                let claims = claims.map(|claim| Word(u64::from(dictionary.number(claim))));
                piece.citations.extend(claims.map(|claim| RowCitation { row, claim }));
            }
            Target::Nowhere => {}
        }
        true
    }

    fn bytes_of(&self, field: &Field) -> &[u8] {
        field.of(if field.unquoted { self.fields.unquoted() } else { self.bytes })
    }

    /// What is wrong with a record that was refused.
    fn mistake(&mut self, start: usize) -> Mistake {
        self.fields = self.fields.at(start);
        self.fields.begin();
        let (mut got, mut bad, mut is_text, mut last) = (0, None, true, false);
        while !last {
            let field = self.fields.next();
            let bytes = self.bytes_of(&field);
            is_text &= std::str::from_utf8(bytes).is_ok();
            if bad.is_none()
                && let Some(Target::Column(column, ty)) = self.filling.targets.get(got)
                && !std::str::from_utf8(bytes).is_ok_and(|text| self.filling.fits(*column, *ty, text))
            {
                bad = Some(Mistake::BadField { column: *column, text: bytes.to_vec() });
            }
            (got, last) = (got + 1, field.last);
        }
        let expected = self.filling.targets.len();
        match bad {
            _ if !is_text => Mistake::NotUtf8,
            Some(bad) if got == expected => bad,
            _ => Mistake::WrongCount { expected, got },
        }
    }
}

/// The row of a relation without columns.
fn is_empty_row(text: &[u8]) -> bool {
    matches!(text, b"" | b"()")
}

/// The word of a field's text in a column of this type, which is neither of symbols nor of records; none if it does
/// not fit.
fn word(ty: Type, text: &str) -> Option<Word> {
    match ty {
        Type::Number => parse_number(text.as_bytes()).map(Word::number),
        Type::Unsigned => parse_unsigned(text).map(Word::unsigned),
        Type::Float => parse_float(text).map(Word::float),
        Type::Date => Date::parse(text).map(Word::date),
        #[expect(clippy::panic, reason = "both callers see to symbols and records before they ask for a word")]
        Type::Symbol | Type::Record => panic!("symbols and records are numbered by their texts"),
    }
}
