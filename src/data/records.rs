//! Records as words: each once, by what it is and the words of its fields.
//!
//! In: shapes, and words of the types that they say. Out: a word for each record; equal records get equal words.
//! Promise: a word never changes its record and is never reused; like symbols, words of records have no meaningful
//! order. `nil` is the word 0.

use super::numbers::Numbers;
use super::record::DEEPEST;
use super::{Fault, Id, IdVec, Tag, Type, Word, id};
use rustc_hash::FxHashMap;
use std::hash::{BuildHasher, Hash, Hasher};

/// What records are made of: their tag and the types of their fields.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Shape {
    /// What they are.
    pub tag: Tag,
    /// The types of their fields.
    pub types: Vec<Type>,
}

id! {
    /// A shape that some record may have.
    ShapeId
}

/// Every record.
#[derive(Debug, Default)]
pub struct Records {
    shapes: IdVec<ShapeId, Shape>,
    ids: FxHashMap<Shape, ShapeId>,
    entries: Vec<Entry>,
    /// The fields of all records, end to end.
    words: Vec<Word>,
    numbers: Numbers,
}

/// A record.
#[derive(Debug, Clone, Copy)]
struct Entry {
    shape: ShapeId,
    /// Where its fields begin.
    start: u32,
    /// How many records lie within each other, itself included.
    depth: u32,
}

/// The word of `nil`.
pub(super) const NIL: Word = Word(0);

impl Records {
    /// The id of a shape, which is kept if it is new.
    pub fn shape(&mut self, shape: &Shape) -> ShapeId {
        if let Some(id) = self.ids.get(shape) {
            return *id;
        }
        let id = self.shapes.push(shape.clone());
        self.ids.insert(shape.clone(), id);
        id
    }

    /// The id of a shape, if a record may have it.
    pub fn find_shape(&self, shape: &Shape) -> Option<ShapeId> {
        self.ids.get(shape).copied()
    }

    /// The shape with this id.
    pub fn shape_of(&self, id: ShapeId) -> &Shape {
        &self.shapes[id]
    }

    /// The shape and the fields of a record; none for `nil`.
    #[inline]
    pub fn fields(&self, record: Word) -> Option<(ShapeId, &[Word])> {
        let Entry { shape, start, .. } = self.entries[usize::try_from(record.0).ok()?.checked_sub(1)?];
        let start = start as usize;
        Some((shape, &self.words[start..start + self.shapes[shape].types.len()]))
    }

    /// The word of a record, if there is such a record yet.
    pub fn find(&self, shape: ShapeId, fields: &[Word]) -> Option<Word> {
        self.numbers.find(hash(shape, fields), |entry| self.is(entry, shape, fields)).map(word)
    }

    /// The word of a record, which is kept if it is new, unless it would nest too deeply.
    pub fn intern(&mut self, shape: ShapeId, fields: &[Word]) -> Result<Word, Fault> {
        if let Some(known) = self.find(shape, fields) {
            return Ok(known);
        }
        let types = self.shapes[shape].types.iter();
        let depths = types.zip(fields).filter(|(ty, _)| **ty == Type::Record).map(|(_, field)| self.depth(*field));
        let depth = 1 + depths.max().unwrap_or(0);
        if depth > DEEPEST {
            return Err(Fault::TooDeep);
        }
        let entry = small(self.entries.len());
        self.entries.push(Entry { shape, start: small(self.words.len()), depth });
        self.words.extend_from_slice(fields);
        self.numbers.find_or_keep(hash(shape, fields), entry, |_| false);
        Ok(word(entry))
    }

    fn is(&self, entry: u32, shape: ShapeId, fields: &[Word]) -> bool {
        let Entry { shape: same, start, .. } = self.entries[entry as usize];
        same == shape && self.words[start as usize..].starts_with(fields)
    }

    fn depth(&self, record: Word) -> u32 {
        usize::try_from(record.0).ok().and_then(|at| at.checked_sub(1)).map_or(1, |at| self.entries[at].depth)
    }
}

fn word(entry: u32) -> Word {
    Word(u64::from(entry) + 1)
}

fn small(number: usize) -> u32 {
    u32::try_from(number).expect("records and their fields are numbered in 32 bits")
}

fn hash(shape: ShapeId, fields: &[Word]) -> u32 {
    let mut hasher = rustc_hash::FxBuildHasher.build_hasher();
    shape.index().hash(&mut hasher);
    fields.iter().for_each(|field| field.0.hash(&mut hasher));
    (hasher.finish() >> 32) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_records_get_equal_words() {
        let mut records = Records::default();
        let pair = records.shape(&Shape { tag: Tag::Plain, types: vec![Type::Number, Type::Record] });
        let none = records.shape(&Shape { tag: Tag::Branch("None".into()), types: vec![] });
        let words: Vec<Word> =
            (0..1000).map(|at| records.intern(pair, &[Word::number(at), NIL]).expect("not deep")).collect();
        assert_eq!(records.intern(pair, &[Word::number(7), NIL]), Ok(words[7]));
        assert_eq!(records.fields(words[9]), Some((pair, &[Word::number(9), NIL][..])));
        assert_eq!(records.fields(NIL), None);
        let empty = records.intern(none, &[]).expect("not deep");
        assert_eq!((records.find(none, &[]), records.find(pair, &[NIL, NIL])), (Some(empty), None));
    }

    #[test]
    fn records_nest_only_so_deep() {
        let mut records = Records::default();
        let list = records.shape(&Shape { tag: Tag::Plain, types: vec![Type::Record] });
        let deepest = (1..DEEPEST).try_fold(NIL, |below, _| records.intern(list, &[below]));
        assert_eq!(deepest.and_then(|deepest| records.intern(list, &[deepest])), Err(Fault::TooDeep));
    }
}
