//! The words of some columns as small numbers that lie close together.
//!
//! Where words do, as numbers of nodes and ids of symbols mostly do, a number is a word less the least of them; else
//! it is the word's place among all of them. Promise: numbers are ordered as words are.

use crate::data::{Column, Word};
use rayon::iter::{IndexedParallelIterator, IntoParallelRefIterator, ParallelIterator};
use rayon::slice::ParallelSliceMut;

/// Words by number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Domain {
    /// Every word from `least` on, `size` of them.
    Range {
        /// The first.
        least: u64,
        /// How many.
        size: usize,
    },
    /// Some words, ascending.
    Listed(Vec<Word>),
}

impl Domain {
    /// The domain of the words of these columns; none if it takes more than 32 bits.
    pub fn of(columns: &[&Column]) -> Option<Self> {
        let ranges = columns.iter().filter_map(|column| column.range());
        let Some((least, greatest)) = ranges.reduce(|a, b| (a.0.min(b.0), a.1.max(b.1))) else {
            return Some(Domain::Range { least: 0, size: 0 });
        };
        let count: usize = columns.iter().map(|column| column.len()).sum();
        let spread = greatest.0 - least.0;
        // A number that stands for nothing costs a few bytes; a place among all words a search for each.
        if spread < 1 << 12 || spread / 8 <= count as u64 {
            let size = usize::try_from(spread).ok()?.checked_add(1)?;
            return (size <= u32::MAX as usize).then_some(Domain::Range { least: least.0, size });
        }
        let mut words: Vec<Word> = columns.iter().flat_map(|column| column.iter()).collect();
        words.par_sort_unstable();
        words.dedup();
        (words.len() < u32::MAX as usize).then_some(Domain::Listed(words))
    }

    /// The domain of one number, for relations with a column less than two.
    pub fn unit() -> Self {
        Domain::Range { least: 0, size: 1 }
    }

    /// How many numbers there are.
    pub fn size(&self) -> usize {
        match self {
            Domain::Range { size, .. } => *size,
            Domain::Listed(words) => words.len(),
        }
    }

    /// The word of a number.
    pub fn word(&self, number: u32) -> Word {
        match self {
            Domain::Range { least, .. } => Word(least + u64::from(number)),
            Domain::Listed(words) => words[number as usize],
        }
    }

    /// The number of a word.
    pub fn number(&self, word: Word) -> Option<u32> {
        match self {
            Domain::Range { least, size } => {
                let number = word.0.checked_sub(*least)?;
                u32::try_from(number).ok().filter(|number| (*number as usize) < *size)
            }
            Domain::Listed(words) => words.binary_search(&word).ok().map(|place| place as u32),
        }
    }

    /// The numbers of a column whose words are all of the domain.
    pub fn numbers(&self, column: &Column) -> Vec<u32> {
        let known = |number: Option<u32>| number.expect("the domain was made of these words");
        match (self, column.narrow()) {
            (Domain::Range { least, .. }, Some((base, cells))) => {
                let shift = base.wrapping_sub(*least);
                let number = |cell: &u32| shift.wrapping_add(u64::from(*cell)) as u32;
                cells.par_iter().with_min_len(TASK).map(number).collect()
            }
            (Domain::Range { .. }, None) => column.iter().map(|word| known(self.number(word))).collect(),
            (Domain::Listed(words), _) => {
                // Columns are mostly sorted in stretches: the next word is looked for from the last one on.
                let (mut last, mut place) = (Word(0), 0);
                let number = column.iter().map(|word| {
                    let from = if word >= last { place } else { 0 };
                    place = gallop(words, from, word);
                    last = word;
                    debug_assert_eq!(words[place], word, "the domain was made of these words");
                    place as u32
                });
                number.collect()
            }
        }
    }
}

/// Cells that one task goes through.
const TASK: usize = 1 << 16;

/// The place of a word at or behind `from`.
fn gallop(words: &[Word], from: usize, word: Word) -> usize {
    let (mut at, mut step) = (from, 1);
    while at + step <= words.len() && words[at + step - 1] < word {
        at += step;
        step *= 2;
    }
    let end = (at + step).min(words.len());
    at + words[at..end].partition_point(|other| *other < word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_stand_for_words_in_their_order() {
        for words in [vec![5, 7, 6], vec![1, 1 << 40, 1 << 20], vec![u64::MAX, 0, 9], vec![], vec![3]] {
            let column: Column = words.iter().map(|word| Word(*word)).collect();
            let domain = Domain::of(&[&column]).expect("small");
            let numbers = domain.numbers(&column);
            for (word, number) in column.iter().zip(&numbers) {
                assert_eq!((domain.word(*number), domain.number(word)), (word, Some(*number)));
                assert!((*number as usize) < domain.size());
            }
            let mut sorted = numbers.clone();
            sorted.sort_unstable();
            assert!(sorted.iter().map(|number| domain.word(*number)).is_sorted());
            assert_eq!(domain.number(Word(1 << 50)), None);
        }
    }
}
