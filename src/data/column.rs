//! A column of words, in half the bytes wherever they fit.
//!
//! In: words one by one or batch by batch. Out: the same words. Promise: a column whose words lie within 2^32 of each
//! other takes four bytes for each: symbols, dates, and numbers of 32 bits always do, in one common frame, so that two
//! such columns compare cell by cell.

use super::Word;
use rayon::iter::ParallelIterator;
use rayon::slice::ParallelSlice;
use std::cmp::Ordering;
use std::ops::Range;

/// Words of one type.
#[derive(Debug, Clone)]
pub struct Column {
    cells: Cells,
}

#[derive(Debug, Clone)]
enum Cells {
    /// Words less `base`.
    Narrow { base: u64, cells: Vec<u32> },
    /// Words that lie too far from each other.
    Wide(Vec<Word>),
}

/// Half of what a narrow cell can tell apart.
const HALF: u64 = 1 << 31;
/// Where the frame of numbers of 32 bits begins.
const NUMBERS: u64 = (1 << 63) - HALF;

/// Where the frame begins that a column takes up with its first word.
fn frame(word: Word) -> u64 {
    match word.0 {
        small if small >> 32 == 0 => 0,
        number if (number.wrapping_sub(NUMBERS)) >> 32 == 0 => NUMBERS,
        other => other.saturating_sub(HALF),
    }
}

impl Default for Column {
    fn default() -> Self {
        Self::new()
    }
}

impl Column {
    /// No words.
    pub fn new() -> Self {
        Self::with_capacity(0)
    }

    /// No words, with room for so many.
    pub fn with_capacity(words: usize) -> Self {
        Self { cells: Cells::Narrow { base: 0, cells: Vec::with_capacity(words) } }
    }

    /// The words `base + cell`.
    pub fn from_cells(base: u64, cells: Vec<u32>) -> Self {
        Self { cells: Cells::Narrow { base, cells } }
    }

    /// How many words there are.
    pub fn len(&self) -> usize {
        match &self.cells {
            Cells::Narrow { cells, .. } => cells.len(),
            Cells::Wide(words) => words.len(),
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Bytes that the words take.
    pub fn bytes(&self) -> usize {
        match &self.cells {
            Cells::Narrow { cells, .. } => size_of_val(&cells[..]),
            Cells::Wide(words) => size_of_val(&words[..]),
        }
    }

    /// Gives back room that no word takes.
    pub fn shrink(&mut self) {
        match &mut self.cells {
            Cells::Narrow { cells, .. } => cells.shrink_to_fit(),
            Cells::Wide(words) => words.shrink_to_fit(),
        }
    }

    /// One word.
    pub fn get(&self, row: usize) -> Word {
        match &self.cells {
            Cells::Narrow { base, cells } => Word(base + u64::from(cells[row])),
            Cells::Wide(words) => words[row],
        }
    }

    /// Where the frame begins and the cells in it, if the column is narrow.
    pub fn narrow(&self) -> Option<(u64, &[u32])> {
        match &self.cells {
            Cells::Narrow { base, cells } => Some((*base, cells)),
            Cells::Wide(_) => None,
        }
    }

    /// The cells alone, to be moved about within their frame.
    pub fn narrow_mut(&mut self) -> Option<&mut Vec<u32>> {
        match &mut self.cells {
            Cells::Narrow { cells, .. } => Some(cells),
            Cells::Wide(_) => None,
        }
    }

    /// All words in turn.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = Word> + Clone + '_ {
        self.words(0..self.len())
    }

    /// The words of some rows in turn.
    pub fn words(&self, rows: Range<usize>) -> Words<'_> {
        match &self.cells {
            Cells::Narrow { base, cells } => Words::Narrow { base: *base, cells: cells[rows].iter() },
            Cells::Wide(words) => Words::Wide(words[rows].iter()),
        }
    }

    /// Makes room for so many words more. It is a hint: where there is no room, the column grows as it is filled.
    pub fn reserve(&mut self, words: usize) {
        let _ = match &mut self.cells {
            Cells::Narrow { cells, .. } => cells.try_reserve_exact(words),
            Cells::Wide(wide) => wide.try_reserve_exact(words),
        };
    }

    /// Appends a word.
    #[inline]
    pub fn push(&mut self, word: Word) {
        if let Cells::Narrow { base, cells } = &mut self.cells
            && let Some(Ok(cell)) = word.0.checked_sub(*base).map(u32::try_from)
            && !cells.is_empty()
        {
            cells.push(cell);
        } else {
            self.push_first_or_wide(word);
        }
    }

    #[cold]
    fn push_first_or_wide(&mut self, word: Word) {
        match &mut self.cells {
            Cells::Narrow { base, cells } if cells.is_empty() => {
                *base = frame(word);
                let cell = u32::try_from(word.0 - *base).expect("a frame holds the word that it was made for");
                cells.push(cell);
            }
            Cells::Narrow { .. } => self.widened().push(word),
            Cells::Wide(words) => words.push(word),
        }
    }

    /// Appends words of another column.
    pub fn append(&mut self, other: &Column, rows: Range<usize>) {
        if self.is_empty() && rows.is_empty() {
            return;
        }
        match (&mut self.cells, &other.cells) {
            (Cells::Narrow { base, cells }, Cells::Narrow { base: from, cells: more }) => {
                if cells.is_empty() {
                    *base = *from;
                }
                if base == from {
                    cells.extend_from_slice(&more[rows]);
                } else {
                    self.extend(other.words(rows));
                }
            }
            (Cells::Wide(words), Cells::Wide(more)) => words.extend_from_slice(&more[rows]),
            (Cells::Wide(words), Cells::Narrow { .. }) => words.extend(other.words(rows)),
            (Cells::Narrow { .. }, Cells::Wide(_)) => self.extend(other.words(rows)),
        }
    }

    /// The words at these rows, in this order.
    pub fn pick(&self, rows: &[usize]) -> Column {
        let cells = match &self.cells {
            Cells::Narrow { base, cells } => {
                Cells::Narrow { base: *base, cells: rows.iter().map(|&row| cells[row]).collect() }
            }
            Cells::Wide(words) => Cells::Wide(rows.iter().map(|&row| words[row]).collect()),
        };
        Column { cells }
    }

    /// Compares a word with one of another column.
    pub fn compare(&self, row: usize, other: &Column, other_row: usize) -> Ordering {
        match (&self.cells, &other.cells) {
            (Cells::Narrow { base, cells }, Cells::Narrow { base: same, cells: others }) if base == same => {
                cells[row].cmp(&others[other_row])
            }
            _ => self.get(row).cmp(&other.get(other_row)),
        }
    }

    /// The first row of an ascending stretch that is not below `word`, or with `past`, that is above it. Searched for
    /// from the start of the stretch in steps that double: cheap when it is near.
    pub fn gallop(&self, rows: Range<usize>, word: Word, past: bool) -> usize {
        match &self.cells {
            Cells::Narrow { base, cells } => match word.0.checked_sub(*base).map(u32::try_from) {
                None => rows.start,
                Some(Err(_)) => rows.end,
                Some(Ok(cell)) => gallop(cells, rows, |other| *other < cell || (past && *other == cell)),
            },
            Cells::Wide(words) => gallop(words, rows, |other| *other < word || (past && *other == word)),
        }
    }

    /// The least and the greatest word.
    pub fn range(&self) -> Option<(Word, Word)> {
        match &self.cells {
            Cells::Narrow { base, cells } => {
                let (least, greatest) = range_of(cells)?;
                Some((Word(base + u64::from(least)), Word(base + u64::from(greatest))))
            }
            Cells::Wide(words) => Some((*words.iter().min()?, *words.iter().max()?)),
        }
    }

    /// The column as words of their own.
    fn widened(&mut self) -> &mut Vec<Word> {
        if let Cells::Narrow { .. } = self.cells {
            self.cells = Cells::Wide(self.iter().collect());
        }
        match &mut self.cells {
            Cells::Wide(words) => words,
            Cells::Narrow { .. } => unreachable!("the line above made it wide"),
        }
    }
}

/// The least and the greatest of some cells.
pub fn range_of(cells: &[u32]) -> Option<(u32, u32)> {
    const TASK: usize = 1 << 16;
    let range = |cells: &[u32]| Some((*cells.iter().min()?, *cells.iter().max()?));
    cells.par_chunks(TASK).filter_map(range).reduce_with(|a, b| (a.0.min(b.0), a.1.max(b.1)))
}

fn gallop<T>(sorted: &[T], rows: Range<usize>, below: impl Fn(&T) -> bool) -> usize {
    let sorted = &sorted[..rows.end];
    let (mut at, mut step) = (rows.start, 1);
    while at + step <= sorted.len() && below(&sorted[at + step - 1]) {
        at += step;
        step *= 2;
    }
    let end = (at + step).min(sorted.len());
    at + sorted[at..end].partition_point(below)
}

impl PartialEq for Column {
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other.iter())
    }
}
impl Eq for Column {}

impl Extend<Word> for Column {
    fn extend<I: IntoIterator<Item = Word>>(&mut self, words: I) {
        words.into_iter().for_each(|word| self.push(word));
    }
}

impl FromIterator<Word> for Column {
    fn from_iter<I: IntoIterator<Item = Word>>(words: I) -> Self {
        let words = words.into_iter();
        let mut column = Column::with_capacity(words.size_hint().0);
        column.extend(words);
        column
    }
}

/// Words of a column in turn.
#[derive(Debug, Clone)]
pub enum Words<'c> {
    /// Of a narrow column.
    Narrow {
        /// What each cell is added to.
        base: u64,
        /// The cells.
        cells: std::slice::Iter<'c, u32>,
    },
    /// Of a wide column.
    Wide(std::slice::Iter<'c, Word>),
}

impl Iterator for Words<'_> {
    type Item = Word;

    fn next(&mut self) -> Option<Word> {
        match self {
            Words::Narrow { base, cells } => cells.next().map(|cell| Word(*base + u64::from(*cell))),
            Words::Wide(words) => words.next().copied(),
        }
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        match self {
            Words::Narrow { cells, .. } => cells.size_hint(),
            Words::Wide(words) => words.size_hint(),
        }
    }

    // Says which kind it is once, not for every word.
    fn fold<B, F: FnMut(B, Word) -> B>(self, init: B, mut f: F) -> B {
        match self {
            Words::Narrow { base, cells } => cells.fold(init, |acc, cell| f(acc, Word(base + u64::from(*cell)))),
            Words::Wide(words) => words.fold(init, |acc, word| f(acc, *word)),
        }
    }
}

impl ExactSizeIterator for Words<'_> {}

#[cfg(test)]
mod tests {
    use super::*;

    /// Words on both sides of every frame's end.
    fn words() -> Vec<Word> {
        let numbers = [0, 1, -1, i64::from(i32::MAX), i64::from(i32::MIN), i64::from(i32::MAX) + 1, i64::MIN, i64::MAX];
        let mut words: Vec<Word> = numbers.iter().map(|number| Word::number(*number)).collect();
        words.extend([0, 1, u64::from(u32::MAX), 1 << 32, u64::MAX].map(Word));
        words
    }

    #[test]
    fn a_column_holds_what_was_pushed() {
        for first in words() {
            for second in words() {
                let column: Column = [first, second, first].into_iter().collect();
                assert_eq!(column.iter().collect::<Vec<_>>(), [first, second, first]);
                assert_eq!((column.get(1), column.len()), (second, 3));
                assert_eq!(column.compare(0, &column, 1), first.cmp(&second));
                assert_eq!(column.range(), Some((first.min(second), first.max(second))));
                let mut appended: Column = [second].into_iter().collect();
                appended.append(&column, 0..2);
                assert_eq!(appended.iter().collect::<Vec<_>>(), [second, first, second]);
                assert_eq!(appended.pick(&[1, 0]), column.pick(&[0, 1]));
            }
        }
    }

    #[test]
    fn numbers_of_32_bits_and_symbols_are_narrow() {
        let numbers: Column = [0, i32::MIN, i32::MAX].iter().map(|number| Word::number(i64::from(*number))).collect();
        assert_eq!(numbers.bytes(), 12);
        let symbols: Column = [u64::from(u32::MAX), 0].into_iter().map(Word).collect();
        assert_eq!(symbols.bytes(), 8);
    }

    #[test]
    fn galloping_finds_the_edges_of_a_stretch() {
        for sorted in [vec![1, 3, 3, 3, 9], vec![1, 3, 3, 3, u64::MAX]] {
            let column: Column = sorted.iter().map(|word| Word(*word)).collect();
            for from in 0..=sorted.len() {
                for word in [0, 1, 2, 3, 4, 9, 10, u64::MAX] {
                    for past in [false, true] {
                        let below = |other: &u64| *other < word || (past && *other == word);
                        let wanted = from + sorted[from..].partition_point(below);
                        assert_eq!(column.gallop(from..sorted.len(), Word(word), past), wanted);
                    }
                }
            }
        }
    }
}
