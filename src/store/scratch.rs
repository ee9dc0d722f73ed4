//! A set of small numbers that is filled and emptied over and over.
//!
//! A bit for every number of the domain, a bit for every word of those that may be other than zero, and the bounds of
//! these: so filling costs little per number but a bit, and emptying costs only what was filled.

use super::bits::{Bits, Block};
use super::marks::Marks;

/// A set of numbers below a bound.
#[derive(Debug, Default)]
pub struct Scratch {
    words: Vec<u64>,
    /// Which words may be other than zero.
    touched: Vec<u64>,
    /// The words of `touched` that may be other than zero.
    from: usize,
    to: usize,
}

impl Scratch {
    /// No numbers, with room for all below `bound`.
    pub fn new(bound: usize) -> Self {
        let words = bound.div_ceil(64);
        Self { words: vec![0; words], touched: vec![0; words.div_ceil(64)], from: usize::MAX, to: 0 }
    }

    /// Adds a number. Returns whether it is new.
    #[inline]
    pub fn insert(&mut self, number: u32) -> bool {
        let (at, bit) = ((number / 64) as usize, 1 << (number % 64));
        let word = &mut self.words[at];
        if *word & bit != 0 {
            return false;
        }
        *word |= bit;
        self.touch_word(at);
        true
    }

    #[inline]
    fn touch_word(&mut self, at: usize) {
        self.touched[at / 64] |= 1 << (at % 64);
        self.from = self.from.min(at / 64);
        self.to = self.to.max(at / 64 + 1);
    }

    /// Adds the numbers of a block.
    #[inline]
    pub fn add(&mut self, Block { at, word }: Block) {
        self.words[at as usize] |= word;
        self.touch_word(at as usize);
    }

    /// Takes a number away.
    pub fn remove(&mut self, number: u32) {
        self.words[(number / 64) as usize] &= !(1 << (number % 64));
    }

    /// Whether a number is there.
    pub fn contains(&self, number: u32) -> bool {
        self.words[(number / 64) as usize] >> (number % 64) & 1 == 1
    }

    /// Adds every number of a set.
    pub fn union(&mut self, bits: &Bits) {
        if let Some((first, words)) = bits.span() {
            for (mine, more) in self.words[first..first + words.len()].iter_mut().zip(words) {
                *mine |= more;
            }
            self.touch(first, first + words.len());
            return;
        }
        bits.each_block(|block| self.add(block));
    }

    /// Adds every number that is marked and takes the marks away. Calls back with those that are new, ascending.
    pub fn take_new(&mut self, marks: &mut Marks, mut visit: impl FnMut(u32)) {
        marks.drain(|Block { at, word }| {
            let new = word & !self.words[at as usize];
            if new != 0 {
                self.add(Block { at, word: new });
                Block { at, word: new }.numbers().for_each(&mut visit);
            }
        });
    }

    /// Marks the words `from..to`.
    fn touch(&mut self, from: usize, to: usize) {
        let (first, last) = (from / 64, (to - 1) / 64);
        self.from = self.from.min(first);
        self.to = self.to.max(last + 1);
        for at in first..=last {
            let low = if at == first { u64::MAX << (from % 64) } else { u64::MAX };
            let high = if at == last { u64::MAX >> (63 - (to - 1) % 64) } else { u64::MAX };
            self.touched[at] |= low & high;
        }
    }

    /// Whether nothing was added since the set was last emptied.
    pub fn is_untouched(&self) -> bool {
        self.from >= self.to
    }

    /// Calls back with every word that is not zero, ascending, and leaves the set empty.
    pub fn drain(&mut self, mut visit: impl FnMut(Block)) {
        let (from, to) = (std::mem::replace(&mut self.from, usize::MAX), std::mem::take(&mut self.to));
        for at in from..to {
            let mut touched = std::mem::take(&mut self.touched[at]);
            while touched != 0 {
                let at = at * 64 + touched.trailing_zeros() as usize;
                touched &= touched - 1;
                let word = std::mem::take(&mut self.words[at]);
                if word != 0 {
                    visit(Block { at: at as u32, word });
                }
            }
        }
    }

    /// Takes all numbers out.
    pub fn take(&mut self) -> Bits {
        let mut blocks = Vec::new();
        self.drain(|block| blocks.push(block));
        Bits::new(&blocks)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn what_is_filled_in_comes_out_and_leaves_nothing() {
        for bound in [1, 63, 64, 65, 511, 512, 513, 4095, 4096, 4097, 65_535, 65_536, 65_537] {
            let mut scratch = Scratch::new(bound as usize);
            for (stride, dense) in [(1, 700), (3, 64), (67, 1)] {
                let mut wanted = BTreeSet::new();
                for number in (0..bound).step_by(stride) {
                    assert_eq!(scratch.insert(number), wanted.insert(number));
                    assert!(!scratch.insert(number));
                }
                let more: Vec<u32> = (bound / 2..bound.min(bound / 2 + dense)).collect();
                scratch.union(&Bits::of(&more));
                wanted.extend(more);
                scratch.remove(0);
                wanted.remove(&0);
                assert!(!scratch.contains(0) && wanted.iter().all(|number| scratch.contains(*number)));
                let mut found = Vec::new();
                scratch.take().each(|number| found.push(number));
                assert_eq!(found, Vec::from_iter(wanted));
                assert!(scratch.is_untouched());
            }
        }
    }
}
