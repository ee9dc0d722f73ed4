//! Answers: the rows of a relation in the order that users see.
//!
//! In: a relation whose words are in order of ids. Out: rows sorted by value, symbols by code point. Promise: the
//! same rows give the same order, whatever the order in which they were found.

use crate::data::{Symbols, Type, Value, Word};
use crate::formats::Field;
use crate::store::Relation;
use std::ops::ControlFlow;

/// The rows of a query or a relation.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The columns.
    pub fields: Vec<Field>,
    /// The rows, sorted, row after row.
    words: Vec<Word>,
    len: usize,
}

impl Answer {
    /// Sorts the rows of a relation whose columns are described by `fields`.
    pub fn new(fields: Vec<Field>, relation: &Relation, symbols: &Symbols) -> Self {
        let arity = fields.len();
        let mut keyed: Vec<Word> = Vec::with_capacity(arity * relation.len());
        let has = |ty: Type| fields.iter().any(|field| field.ty == ty);
        let symbol_ranks = has(Type::Symbol).then(|| Ranks::of_symbols(symbols));
        let record_ranks = has(Type::Record).then(|| Ranks::of_records(&fields, relation, symbols));
        let ranks: Vec<Option<&Ranks>> = fields
            .iter()
            .map(|field| match field.ty {
                Type::Symbol => symbol_ranks.as_ref(),
                Type::Record => record_ranks.as_ref(),
                Type::Number | Type::Unsigned | Type::Float | Type::Date => None,
            })
            .collect();
        relation.scan(&mut |rows| {
            for row in 0..rows.len() {
                let ranked = rows.row(row).zip(&ranks);
                keyed.extend(ranked.map(|(word, ranks)| ranks.map_or(word, |ranks| ranks.rank(word))));
            }
            ControlFlow::Continue(())
        });
        let words = sorted(keyed, arity);
        let unranked = |(at, word): (usize, Word)| ranks[at % arity].map_or(word, |ranks| ranks.word(word));
        let words = words.into_iter().enumerate().map(unranked).collect();
        Self { fields, words, len: relation.len() }
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Whether the answer has no columns: then it is yes if it has a row, and no otherwise.
    pub fn is_yes_or_no(&self) -> bool {
        self.fields.is_empty()
    }

    /// The words of a row.
    pub fn words(&self, row: usize) -> &[Word] {
        let arity = self.fields.len();
        &self.words[row * arity..(row + 1) * arity]
    }

    /// The rows as values.
    pub fn rows<'a>(&'a self, symbols: &'a Symbols) -> impl Iterator<Item = Vec<Value>> + 'a {
        (0..self.len).map(move |row| {
            let table = symbols.read();
            let types = self.fields.iter().map(|field| field.ty);
            self.words(row).iter().zip(types).map(|(word, ty)| word.decode(ty, &table)).collect()
        })
    }
}

/// Rows of one arity, row after row, in ascending order.
fn sorted(words: Vec<Word>, arity: usize) -> Vec<Word> {
    match arity {
        0 => words,
        1 => sorted_as::<1>(words),
        2 => sorted_as::<2>(words),
        3 => sorted_as::<3>(words),
        _ => {
            let mut rows: Vec<&[Word]> = words.chunks(arity).collect();
            rows.sort_unstable();
            rows.concat()
        }
    }
}

fn sorted_as<const ARITY: usize>(mut words: Vec<Word>) -> Vec<Word> {
    words.as_chunks_mut::<ARITY>().0.sort_unstable();
    words
}

/// Symbols, or records, by their place in the order of values.
struct Ranks {
    ranks: Vec<u32>,
    ids: Vec<u32>,
}

impl Ranks {
    fn of_symbols(symbols: &Symbols) -> Self {
        let table = symbols.read();
        let count = u32::try_from(table.len()).expect("ids of symbols have 32 bits");
        let text = |id: u32| table.text(Word(u64::from(id)).as_symbol());
        let mut order: Vec<u32> = (0..count).collect();
        order.sort_unstable_by(|&a, &b| text(a).cmp(text(b)));
        Self::of(order)
    }

    /// The records of a relation.
    fn of_records(fields: &[Field], relation: &Relation, symbols: &Symbols) -> Self {
        let mut ids: Vec<u32> = Vec::new();
        relation.scan(&mut |rows| {
            for (at, _) in fields.iter().enumerate().filter(|(_, field)| field.ty == Type::Record) {
                let id = |word: Word| u32::try_from(word.0).expect("ids of records have 32 bits");
                ids.extend(rows.column(at).iter().map(id));
            }
            ControlFlow::Continue(())
        });
        ids.sort_unstable();
        ids.dedup();
        let table = symbols.read();
        ids.sort_unstable_by(|a, b| Word(u64::from(*a)).compare(Word(u64::from(*b)), Type::Record, &table));
        Self::of(ids)
    }

    /// The ranks of ids that are in order.
    fn of(ids: Vec<u32>) -> Self {
        let greatest = ids.iter().max().map_or(0, |id| *id as usize + 1);
        let mut ranks = vec![0; greatest];
        (0..).zip(&ids).for_each(|(rank, id)| ranks[*id as usize] = rank);
        Self { ranks, ids }
    }

    fn rank(&self, word: Word) -> Word {
        Word(u64::from(self.ranks[word.0 as usize]))
    }

    fn word(&self, rank: Word) -> Word {
        Word(u64::from(self.ids[rank.0 as usize]))
    }
}
