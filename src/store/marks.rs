//! A set of small numbers that is filled without a look at what it holds.
//!
//! A bit for every number of the domain, and nothing else: marking is one instruction without a branch, emptying goes
//! through all words. [`Scratch`](super::Scratch) is for sets that stay small beside their domain.

use super::bits::Block;

/// Numbers below a bound.
#[derive(Debug, Default)]
pub struct Marks {
    words: Vec<u64>,
    /// Whether any number was marked since the set was last emptied.
    is_used: bool,
}

impl Marks {
    /// No numbers, with room for all below `bound`.
    pub fn new(bound: usize) -> Self {
        Self { words: vec![0; bound.div_ceil(64)], is_used: false }
    }

    /// Adds a number.
    #[inline]
    pub fn mark(&mut self, number: u32) {
        self.words[(number / 64) as usize] |= 1 << (number % 64);
        self.is_used = true;
    }

    /// The numbers of both, with room for those of both.
    pub fn union(self, other: Self) -> Self {
        let (mut long, short) = if self.words.len() < other.words.len() { (other, self) } else { (self, other) };
        if short.is_used {
            long.words.iter_mut().zip(short.words).for_each(|(word, more)| *word |= more);
            long.is_used = true;
        }
        long
    }

    /// Calls back with every word that is not zero, ascending, and leaves the set empty.
    pub fn drain(&mut self, mut visit: impl FnMut(Block)) {
        if std::mem::take(&mut self.is_used) {
            for (at, word) in self.words.iter_mut().enumerate() {
                if *word != 0 {
                    visit(Block { at: at as u32, word: std::mem::take(word) });
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Scratch;

    #[test]
    fn what_is_new_comes_out_in_order_and_leaves_nothing() {
        for bound in [1_u32, 63, 64, 65, 511, 512, 513, 4095, 4096, 4097, 65_535, 65_536, 65_537] {
            let (mut seen, mut one, mut other) =
                (Scratch::new(bound as usize), Marks::new(bound as usize), Marks::new(0));
            (0..bound).step_by(3).for_each(|number| assert!(seen.insert(number)));
            (0..bound).rev().step_by(2).for_each(|number| one.mark(number));
            other = other.union(Marks::new(bound as usize));
            (0..bound).step_by(5).for_each(|number| other.mark(number));
            let mut both = one.union(other);
            let mut found = Vec::new();
            seen.take_new(&mut both, |number| found.push(number));
            let wanted: Vec<u32> =
                (0..bound).filter(|n| n % 3 != 0 && (n % 5 == 0 || (bound - 1 - n) % 2 == 0)).collect();
            assert_eq!(found, wanted, "{bound}");
            assert!(found.iter().all(|number| seen.contains(*number)));
            both.drain(|_| panic!("nothing is left"));
        }
    }
}
