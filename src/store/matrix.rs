//! A relation of one or two columns at rest, as a [`Grid`] with the words that its numbers stand for.

use super::Rows;
use super::bits::Bits;
use super::domain::Domain;
use super::grid::Grid;
use crate::data::{Column, Word};
use std::ops::ControlFlow;
use std::sync::Arc;

/// A relation of one or two columns. One of one column is a grid with one row.
#[derive(Debug, Clone)]
pub struct Matrix {
    grid: Grid,
    /// What the first numbers stand for; nothing in a relation of one column.
    firsts: Arc<Domain>,
    /// What the second numbers stand for.
    seconds: Arc<Domain>,
    shape: Shape,
}

/// What the numbers of a grid are to its relation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// The second numbers are the one column.
    Set,
    /// The first numbers are the first column.
    Forward,
    /// The first numbers are the second column.
    Backward,
}

/// Rows that one batch of a scan holds, about.
const BATCH: usize = 1 << 16;

impl Matrix {
    /// A grid as a relation.
    pub fn new(grid: Grid, firsts: Arc<Domain>, seconds: Arc<Domain>, shape: Shape) -> Self {
        Self { grid, firsts, seconds, shape }
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.grid.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.grid.is_empty()
    }

    /// Bytes that the rows take.
    pub fn bytes(&self) -> usize {
        self.grid.bytes()
    }

    fn arity(&self) -> usize {
        match self.shape {
            Shape::Set => 1,
            Shape::Forward | Shape::Backward => 2,
        }
    }

    /// Whether a row is there.
    pub fn contains(&self, row: &[Word]) -> bool {
        let (first, second) = match (self.shape, row) {
            (Shape::Set, [second]) => (Some(0), self.seconds.number(*second)),
            (Shape::Forward, [first, second]) => (self.firsts.number(*first), self.seconds.number(*second)),
            (Shape::Backward, [second, first]) => (self.firsts.number(*first), self.seconds.number(*second)),
            (Shape::Set | Shape::Forward | Shape::Backward, _) => return false,
        };
        let (Some(first), Some(second)) = (first, second) else { return false };
        self.grid.row(first).is_some_and(|row| row.contains(second))
    }

    /// Every row, batch by batch, until the visitor has seen enough. Only those of a set or a forward matrix ascend.
    pub fn scan(&self, visit: &mut dyn FnMut(&Rows) -> ControlFlow<()>) -> ControlFlow<()> {
        let mut batch = self.batch();
        for (first, row) in self.grid.rows() {
            batch.add(self.firsts.word(first), row, &self.seconds);
            if batch.len >= BATCH {
                visit(&std::mem::replace(&mut batch, self.batch()).rows())?;
            }
        }
        if batch.len == 0 { ControlFlow::Continue(()) } else { visit(&batch.rows()) }
    }

    /// All rows.
    pub fn rows(&self) -> Rows {
        self.matching(&vec![None; self.arity()])
    }

    fn batch(&self) -> Batch {
        Batch { firsts: Column::new(), seconds: Column::new(), len: 0, shape: self.shape }
    }

    /// The rows that have these words where one is given.
    pub fn matching(&self, pattern: &[Option<Word>]) -> Rows {
        let (first, second) = self.places(pattern);
        let mut batch = self.batch();
        let mut take = |first: u32, row: &Bits| match second {
            None => batch.add(self.firsts.word(first), row, &self.seconds),
            Some(second) if self.seconds.number(second).is_some_and(|number| row.contains(number)) => {
                batch.add_one(self.firsts.word(first), second);
            }
            Some(_) => {}
        };
        match first {
            Some(first) => {
                let number = self.firsts.number(first);
                let row = number.and_then(|number| Some((number, self.grid.row(number)?)));
                row.into_iter().for_each(|(first, row)| take(first, row));
            }
            None => self.grid.rows().for_each(|(first, row)| take(first, row)),
        }
        batch.rows()
    }

    /// How many rows there are like this.
    pub fn count(&self, pattern: &[Option<Word>]) -> usize {
        let (first, second) = self.places(pattern);
        let second = second.map(|second| self.seconds.number(second));
        let count = |row: &Bits| match second {
            None => row.len(),
            Some(number) => usize::from(number.is_some_and(|number| row.contains(number))),
        };
        match first {
            Some(first) => self.firsts.number(first).and_then(|number| self.grid.row(number)).map_or(0, count),
            None => self.grid.rows().map(|(_, row)| count(row)).sum(),
        }
    }

    /// What is known of the first and of the second number of a pair.
    fn places(&self, pattern: &[Option<Word>]) -> (Option<Word>, Option<Word>) {
        match (self.shape, pattern) {
            (Shape::Forward, [first, second]) | (Shape::Backward, [second, first]) => (*first, *second),
            (Shape::Set, [second]) => (None, *second),
            (Shape::Set | Shape::Forward | Shape::Backward, _) => panic!("a pattern is as wide as its relation"),
        }
    }

    /// About how many rows there are like this, or how many have to be looked at to find them.
    pub fn expected(&self, pattern: &[Option<Word>]) -> usize {
        let first = match (self.shape, pattern) {
            (Shape::Forward, [first, _]) | (Shape::Backward, [_, first]) => *first,
            (Shape::Set | Shape::Forward | Shape::Backward, _) => None,
        };
        if pattern.iter().all(Option::is_some) {
            return usize::from(!self.is_empty());
        }
        match first {
            Some(first) => self.firsts.number(first).and_then(|number| self.grid.row(number)).map_or(0, Bits::len),
            None if pattern.iter().any(Option::is_some) => self.grid.firsts_in_use().count(),
            None => self.len(),
        }
    }
}

/// Rows on their way out.
struct Batch {
    firsts: Column,
    seconds: Column,
    len: usize,
    shape: Shape,
}

impl Batch {
    fn add(&mut self, first: Word, row: &Bits, seconds: &Domain) {
        let before = self.seconds.len();
        row.each(|number| self.seconds.push(seconds.word(number)));
        let added = self.seconds.len() - before;
        if self.shape != Shape::Set {
            self.firsts.extend(std::iter::repeat_n(first, added));
        }
        self.len += added;
    }

    fn add_one(&mut self, first: Word, second: Word) {
        self.seconds.push(second);
        if self.shape != Shape::Set {
            self.firsts.push(first);
        }
        self.len += 1;
    }

    fn rows(self) -> Rows {
        let columns = match self.shape {
            Shape::Set => vec![self.seconds],
            Shape::Forward => vec![self.firsts, self.seconds],
            Shape::Backward => vec![self.seconds, self.firsts],
        };
        Rows::from_columns(columns, self.len)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 10 goes with 10 and 30, 20 with 30, in a matrix of two columns in either order.
    fn matrix(shape: Shape) -> Matrix {
        let mut column = Column::new();
        [10, 20, 30].into_iter().for_each(|word| column.push(Word(word)));
        let words = Arc::new(Domain::of(&[&column]).expect("there are few words"));
        let [ten, twenty, thirty] = [10, 20, 30].map(|word| words.number(Word(word)).expect("it is one of them"));
        let mut grid = Grid::new(words.size());
        grid.push(ten, Bits::of(&[ten, thirty]));
        grid.push(twenty, Bits::of(&[thirty]));
        Matrix::new(grid, words.clone(), words, shape)
    }

    #[test]
    fn a_pattern_is_matched_counted_and_expected_from_both_sides() {
        let known = [None, Some(Word(10)), Some(Word(20)), Some(Word(30)), Some(Word(7))];
        let pairs = [(10, 10), (10, 30), (20, 30)];
        let (forward, backward) = (matrix(Shape::Forward), matrix(Shape::Backward));
        assert!(forward.bytes() > 3 * size_of::<u32>() && forward.bytes() == backward.bytes());
        for first in known {
            for second in known {
                let fits = |pair: &&(u64, u64)| {
                    first.is_none_or(|word| word.0 == pair.0) && second.is_none_or(|word| word.0 == pair.1)
                };
                let wanted = pairs.iter().filter(fits).count();
                for (matrix, pattern) in [(&forward, [first, second]), (&backward, [second, first])] {
                    assert_eq!(matrix.matching(&pattern).len(), wanted, "{pattern:?}");
                    assert_eq!(matrix.count(&pattern), wanted, "{pattern:?}");
                    // All that are like the first, or each of the two firsts, have to be looked at; a row is looked up.
                    let looked_at = match (first, second) {
                        (Some(_), Some(_)) => 1,
                        (None, Some(_)) => 2,
                        (_, None) => wanted,
                    };
                    assert_eq!(matrix.expected(&pattern), looked_at, "{pattern:?}");
                }
            }
        }
    }
}
