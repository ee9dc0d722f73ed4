//! A set of small numbers, in the form that takes the fewest bytes: what a row of a [`Grid`](super::Grid) is made of.
//!
//! In: pairs of a position and a word of 64 bits, ascending. Out: the same, or the numbers themselves. Promise: a set
//! takes at most four bytes a number, and where numbers stand close together down to a bit. Dense stretches are what
//! recursive relations are full of, and a word of them is joined with another in one instruction. (RecStep, Fan et al.
//! 2018, keeps whole relations as bit matrices; here each row has the form that suits it.)

/// A set of numbers below 2^32.
#[derive(Debug, Clone)]
pub struct Bits(Form);

#[derive(Debug, Clone)]
enum Form {
    /// The words at a position and the next, in place: most rows of sparse relations need no more.
    Near { at: u32, words: [u64; 2] },
    /// Numbers far from each other, ascending.
    List(Box<[u32]>),
    /// Words at ascending positions, none of them zero.
    Blocks(Box<[Block]>),
    /// Every word from a position on, some of them zero.
    Span { first: u32, words: Box<[u64]> },
}

/// 64 numbers from 64 times `at` on: bit by bit, whether each is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Block {
    /// The position.
    pub at: u32,
    /// The bits.
    pub word: u64,
}

/// A set of this many words may waste bytes to be changed in place.
const LARGE: usize = 256;

impl Default for Bits {
    fn default() -> Self {
        Bits(Form::Near { at: 0, words: [0; 2] })
    }
}

impl Bits {
    /// The set of these words, which are not zero and ascend.
    pub fn new(blocks: &[Block]) -> Self {
        debug_assert!(blocks.is_sorted_by(|a, b| a.at < b.at) && blocks.iter().all(|block| block.word != 0));
        let (first, last) = match blocks {
            [] => return Self::default(),
            [only] => return Bits(Form::Near { at: only.at, words: [only.word, 0] }),
            [a, b] if a.at + 1 == b.at => return Bits(Form::Near { at: a.at, words: [a.word, b.word] }),
            [first, .., last] => (first, last),
        };
        let span = (last.at - first.at) as usize + 1;
        let numbers: usize = blocks.iter().map(|block| block.word.count_ones() as usize).sum();
        let [list, sparse, dense] = [4 * numbers, 16 * blocks.len(), 8 * span];
        let generous = if blocks.len() >= LARGE { 4 } else { 1 };
        Bits(if dense <= generous * list.min(sparse) {
            let mut words = vec![0; span];
            blocks.iter().for_each(|block| words[(block.at - first.at) as usize] = block.word);
            Form::Span { first: first.at, words: words.into() }
        } else if list < sparse {
            Form::List(blocks.iter().flat_map(|block| block.numbers()).collect())
        } else {
            Form::Blocks(blocks.into())
        })
    }

    /// The set of these numbers, which ascend.
    pub fn of(numbers: &[u32]) -> Self {
        let mut blocks: Vec<Block> = Vec::new();
        for number in numbers {
            let (at, bit) = (number / 64, 1 << (number % 64));
            match blocks.last_mut() {
                Some(last) if last.at == at => last.word |= bit,
                Some(_) | None => blocks.push(Block { at, word: bit }),
            }
        }
        Self::new(&blocks)
    }

    /// How many numbers there are.
    pub fn len(&self) -> usize {
        let ones = |words: &[u64]| words.iter().map(|word| word.count_ones() as usize).sum();
        match &self.0 {
            Form::Near { words, .. } => ones(words),
            Form::List(numbers) => numbers.len(),
            Form::Blocks(blocks) => blocks.iter().map(|block| block.word.count_ones() as usize).sum(),
            Form::Span { words, .. } => ones(words),
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        matches!(self.0, Form::Near { words: [0, 0], .. })
    }

    /// Bytes behind the set itself.
    pub fn bytes(&self) -> usize {
        match &self.0 {
            Form::Near { .. } => 0,
            Form::List(numbers) => size_of_val(&numbers[..]),
            Form::Blocks(blocks) => size_of_val(&blocks[..]),
            Form::Span { words, .. } => size_of_val(&words[..]),
        }
    }

    /// The word at a position.
    pub fn word(&self, at: u32) -> u64 {
        match &self.0 {
            Form::Near { at: from, words } => words.get(at.wrapping_sub(*from) as usize).copied().unwrap_or(0),
            Form::List(numbers) => {
                let from = numbers.partition_point(|number| number / 64 < at);
                let here = numbers[from..].iter().take_while(|number| *number / 64 == at);
                here.fold(0, |word, number| word | 1 << (number % 64))
            }
            Form::Blocks(blocks) => {
                blocks.binary_search_by_key(&at, |block| block.at).map_or(0, |found| blocks[found].word)
            }
            Form::Span { first, words } => words.get(at.wrapping_sub(*first) as usize).copied().unwrap_or(0),
        }
    }

    /// Whether a number is there.
    pub fn contains(&self, number: u32) -> bool {
        self.word(number / 64) >> (number % 64) & 1 == 1
    }

    /// Calls back with every word that is not zero, ascending.
    pub fn each_block(&self, mut visit: impl FnMut(Block)) {
        match &self.0 {
            Form::Near { at, words: [first, second] } => {
                if *first != 0 {
                    visit(Block { at: *at, word: *first });
                }
                if *second != 0 {
                    visit(Block { at: at + 1, word: *second });
                }
            }
            Form::List(numbers) => {
                let mut open: Option<Block> = None;
                for number in numbers {
                    let bit = Block { at: number / 64, word: 1 << (number % 64) };
                    open = Some(match open {
                        Some(block) if block.at == bit.at => Block { word: block.word | bit.word, ..block },
                        Some(block) => {
                            visit(block);
                            bit
                        }
                        None => bit,
                    });
                }
                open.into_iter().for_each(visit);
            }
            Form::Blocks(blocks) => blocks.iter().copied().for_each(visit),
            Form::Span { first, words } => {
                let blocks = (*first..).zip(words).filter(|(_, word)| **word != 0);
                blocks.for_each(|(at, word)| visit(Block { at, word: *word }));
            }
        }
    }

    /// Calls back with every word at these positions that is not zero, ascending.
    pub fn each_block_within(&self, stretch: &std::ops::Range<u32>, visit: &mut impl FnMut(Block)) {
        match &self.0 {
            Form::List(numbers) => {
                let from = numbers.partition_point(|number| number / 64 < stretch.start);
                let to = numbers.partition_point(|number| number / 64 < stretch.end);
                numbers[from..to].iter().for_each(|number| visit(Block { at: number / 64, word: 1 << (number % 64) }));
            }
            Form::Blocks(blocks) => {
                let from = blocks.partition_point(|block| block.at < stretch.start);
                let within = blocks[from..].iter().take_while(|block| block.at < stretch.end);
                within.copied().for_each(visit);
            }
            Form::Span { first, words } => {
                let place = |at: u32| (at.saturating_sub(*first) as usize).min(words.len());
                let (from, to) = (place(stretch.start), place(stretch.end));
                let blocks = (*first + from as u32..).zip(&words[from..to]).filter(|(_, word)| **word != 0);
                blocks.for_each(|(at, word)| visit(Block { at, word: *word }));
            }
            Form::Near { .. } => self.each_block(|block| {
                if stretch.contains(&block.at) {
                    visit(block);
                }
            }),
        }
    }

    /// Calls back with every number, ascending.
    pub fn each(&self, mut visit: impl FnMut(u32)) {
        match &self.0 {
            Form::List(numbers) => numbers.iter().copied().for_each(visit),
            Form::Near { .. } | Form::Blocks(_) | Form::Span { .. } => {
                self.each_block(|block| block.numbers().for_each(&mut visit));
            }
        }
    }

    /// Adds every number of another set. In place where its words are there already; else the set is laid out anew.
    pub fn union(&mut self, other: &Bits) {
        if self.is_empty() {
            self.clone_from(other);
        } else if !self.union_in_place(other) {
            let (mut mine, mut more) = (Vec::new(), Vec::new());
            self.each_block(|block| mine.push(block));
            other.each_block(|block| more.push(block));
            *self = Bits::new(&merged(&mine, &more));
        }
    }

    /// Whether all words of the other set had a place; if not, those that had are added nonetheless.
    fn union_in_place(&mut self, other: &Bits) -> bool {
        let mut fits = true;
        match &mut self.0 {
            Form::Near { at, words } => other.each_block(|block| {
                if block.at + 1 == *at && words[1] == 0 {
                    (*at, *words) = (block.at, [0, words[0]]);
                }
                match words.get_mut(block.at.wrapping_sub(*at) as usize) {
                    Some(word) => *word |= block.word,
                    None => fits = false,
                }
            }),
            Form::List(_) => fits = false,
            Form::Blocks(blocks) => {
                other.each_block(|block| match blocks.binary_search_by_key(&block.at, |block| block.at) {
                    Ok(found) => blocks[found].word |= block.word,
                    Err(_) => fits = false,
                })
            }
            Form::Span { first, words } => {
                other.each_block(|block| match words.get_mut(block.at.wrapping_sub(*first) as usize) {
                    Some(word) => *word |= block.word,
                    None => fits = false,
                })
            }
        }
        fits
    }
}

impl Bits {
    /// The words of a set without gaps, and the position of the first.
    pub(super) fn span(&self) -> Option<(usize, &[u64])> {
        match &self.0 {
            Form::Span { first, words } => Some((*first as usize, words)),
            Form::Near { .. } | Form::List(_) | Form::Blocks(_) => None,
        }
    }
}

impl Block {
    /// The numbers, ascending.
    pub fn numbers(self) -> impl Iterator<Item = u32> {
        let mut word = self.word;
        std::iter::from_fn(move || {
            let bit = (word != 0).then(|| word.trailing_zeros())?;
            word &= word - 1;
            Some(self.at * 64 + bit)
        })
    }
}

fn merged(a: &[Block], b: &[Block]) -> Vec<Block> {
    let mut out: Vec<Block> = Vec::with_capacity(a.len() + b.len());
    let (mut a, mut b) = (a.iter().peekable(), b.iter().peekable());
    loop {
        let next = match (a.peek(), b.peek()) {
            (Some(x), Some(y)) if x.at == y.at => {
                let word = x.word | y.word;
                b.next();
                a.next().map(|block| Block { word, ..*block })
            }
            (Some(x), Some(y)) if y.at < x.at => b.next().copied(),
            (None, _) => b.next().copied(),
            (Some(_), _) => a.next().copied(),
        };
        let Some(block) = next else { return out };
        out.push(block);
    }
}

impl PartialEq for Bits {
    fn eq(&self, other: &Self) -> bool {
        let blocks = |bits: &Bits| {
            let mut blocks = Vec::new();
            bits.each_block(|block| blocks.push(block));
            blocks
        };
        blocks(self) == blocks(other)
    }
}
impl Eq for Bits {}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    /// Sets of every form: within a word, scattered, in clusters, without gaps; with sizes around those of words and
    /// of the forms' limits.
    fn sets() -> Vec<BTreeSet<u32>> {
        let mut sets = vec![BTreeSet::new(), BTreeSet::from([0]), BTreeSet::from([u32::MAX])];
        for size in [1, 63, 64, 65, 511, 512, 513, 4095, 4096, 4097, 65_535, 65_536, 65_537] {
            for stride in [1, 2, 60, 64, 1000] {
                for start in [0, 5, 70_000] {
                    sets.push((0..size).map(|number| start + number * stride).collect());
                }
            }
            sets.push((0..size).map(|number| number / 40 * 5000 + number % 40).collect());
        }
        sets
    }

    fn bits(set: &BTreeSet<u32>) -> Bits {
        Bits::of(&set.iter().copied().collect::<Vec<_>>())
    }

    fn numbers(bits: &Bits) -> Vec<u32> {
        let mut numbers = Vec::new();
        bits.each(|number| numbers.push(number));
        numbers
    }

    #[test]
    fn every_form_holds_its_numbers() {
        let mut forms = BTreeSet::new();
        for set in sets() {
            let bits = bits(&set);
            assert_eq!(numbers(&bits), set.iter().copied().collect::<Vec<_>>());
            assert_eq!((bits.len(), bits.is_empty()), (set.len(), set.is_empty()));
            assert!(bits.bytes() <= 16 * set.len().max(1));
            for number in [0, 1, 5, 6, 63, 64, 69_999, 70_000, 70_001, u32::MAX] {
                assert_eq!(bits.contains(number), set.contains(&number));
            }
            forms.insert(format!("{:?}", std::mem::discriminant(&bits.0)));
        }
        assert_eq!(forms.len(), 4);
    }

    #[test]
    fn a_stretch_has_the_blocks_that_lie_within_it() {
        let stretches = [0..0, 0..1, 1..2, 0..7, 5..1100, 1093..1094, 1094..1095, 1000..u32::MAX, 0..u32::MAX];
        for set in sets().into_iter().filter(|set| set.len() < 5000) {
            let bits = bits(&set);
            for stretch in &stretches {
                let mut found = Vec::new();
                bits.each_block_within(stretch, &mut |block| {
                    let low = block.at * 64;
                    found.extend((0..64).filter(|bit| block.word >> bit & 1 == 1).map(|bit| low + bit));
                });
                assert!(
                    set.iter().filter(|number| stretch.contains(&(*number / 64))).eq(&found),
                    "{stretch:?} {set:?}"
                );
            }
        }
    }

    #[test]
    fn a_union_has_the_numbers_of_both() {
        let sets: Vec<BTreeSet<u32>> = sets().into_iter().filter(|set| set.len() < 5000).collect();
        for a in &sets {
            for b in sets.iter().step_by(7) {
                let mut union = bits(a);
                union.union(&bits(b));
                assert!(numbers(&union).iter().eq(a.union(b)));
            }
        }
    }
}
