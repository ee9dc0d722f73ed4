//! Looking pairs up in an equivalence, by its classes: no pair is laid out that nobody asks for.
//!
//! Pairs go both ways, so it does not matter in which order a step takes the two columns.

use super::chunk::Chunk;
use super::limits::Stopped;
use super::machine::{Key, Matches};
use crate::data::Word;
use crate::plan::Lookup;
use crate::store::Classes;

/// For each binding, whether a matching pair is there, or is not.
pub(super) fn lookup(lookup: &Lookup, classes: &Classes, chunk: &Chunk) -> Vec<bool> {
    let Lookup { part, absent, .. } = *lookup;
    let mut key = Key::new(&lookup.key);
    let any = lookup.key.is_empty().then(|| classes.members(part).next().is_some());
    let found = |row: usize| {
        key.move_to(chunk, row);
        match key.words[..] {
            [left, right] => classes.relate(left, right, part),
            [only] => classes.related(only, part).iter().any(|words| !words.is_empty()),
            _ => any == Some(true),
        }
    };
    (0..chunk.len()).map(found).map(|found| found != absent).collect()
}

impl Matches<'_, '_> {
    /// Adds the pairs of an equivalence that match each binding of a chunk, and hands all of them on.
    pub(super) fn add_related(&mut self, chunk: &Chunk, classes: &Classes) -> Result<(), Stopped> {
        let mut key = Key::new(&self.join.key);
        for row in 0..chunk.len() {
            key.move_to(chunk, row);
            match key.words[..] {
                [word] => self.add_class(chunk, row, word, classes)?,
                _ => classes.members(self.join.part).try_for_each(|word| self.add_word(chunk, row, word, classes))?,
            }
        }
        self.flush()
    }

    /// Adds the pairs of a word, which is bound or the first of two that are not.
    fn add_class(&mut self, chunk: &Chunk, row: usize, word: Word, classes: &Classes) -> Result<(), Stopped> {
        for related in classes.related(word, self.join.part) {
            for related in related.chunks(Chunk::CAPACITY) {
                for (at, var) in &self.join.binds {
                    match at {
                        1 => self.out.extend(*var, related.iter().copied()),
                        _ => self.out.extend(*var, std::iter::repeat_n(word, related.len())),
                    }
                }
                self.carry(chunk, row, related.len())?;
            }
        }
        Ok(())
    }

    /// Adds the pairs that begin with a word; as one where only one side of them is wanted, or both are the same.
    fn add_word(&mut self, chunk: &Chunk, row: usize, word: Word, classes: &Classes) -> Result<(), Stopped> {
        let is_one = !self.join.equal.is_empty() || self.join.binds.len() < 2;
        if !is_one {
            return self.add_class(chunk, row, word, classes);
        }
        if !self.join.equal.is_empty() && !classes.relate(word, word, self.join.part) {
            return Ok(());
        }
        for (_, var) in &self.join.binds {
            self.out.extend(*var, [word]);
        }
        self.carry(chunk, row, 1)
    }
}
