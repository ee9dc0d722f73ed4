//! An equivalence at rest: which words belong together, instead of all pairs of them.
//!
//! In: pairs. Out: the classes that they join words into, and so every pair of the reflexive, symmetric and transitive
//! closure, without one of them being kept. Promise: to take in a pair costs no more than the logarithm of the words,
//! on average: of two classes the smaller is moved. Classes and their members are in an order that depends on the order
//! of the pairs alone.
//!
//! A pair is *recent* when the last batch made it: its words lay in different classes before, or one of them in none.
//! So a class that a batch changed remembers of which parts it is made.

use super::Rows;
use crate::data::{IdVec, Part, Word, id};
use rustc_hash::FxHashMap;
use std::ops::{ControlFlow, Range};

id! {
    /// A class of an equivalence.
    ClassId
}

/// The classes of an equivalence.
#[derive(Debug, Clone, Default)]
pub struct Classes {
    seats: FxHashMap<Word, Seat>,
    classes: IdVec<ClassId, Class>,
    /// The classes that the last batch changed; some were moved since.
    changed: Vec<ClassId>,
    pairs: usize,
}

/// Where a word is.
#[derive(Debug, Clone, Copy)]
struct Seat {
    class: ClassId,
    at: u32,
}

/// Words that belong together; none for a class that was moved into another.
#[derive(Debug, Clone, Default)]
struct Class {
    members: Vec<Word>,
    /// What the last batch made the class of; nothing if it is as it was.
    parts: Vec<Piece>,
}

/// Members that lie side by side, up to the next piece.
#[derive(Debug, Clone, Copy)]
struct Piece {
    start: u32,
    /// Whether these words were in no class before; else they were a class.
    is_new: bool,
}

impl Classes {
    /// How many pairs there are.
    pub fn pairs(&self) -> usize {
        self.pairs
    }

    /// How many words there are.
    pub fn words(&self) -> usize {
        self.seats.len()
    }

    /// Takes in a batch of pairs. Returns how many pairs there are more.
    pub fn extend(&mut self, batches: &[Rows]) -> usize {
        for class in std::mem::take(&mut self.changed) {
            self.classes[class].parts.clear();
        }
        let before = self.pairs;
        for batch in batches {
            let (left, right) = (batch.column(0), batch.column(1));
            (0..batch.len()).for_each(|row| self.join(left.get(row), right.get(row)));
        }
        self.pairs - before
    }

    fn join(&mut self, left: Word, right: Word) {
        match (self.class_of(left), self.class_of(right)) {
            (Some(left), Some(right)) => self.merge(left, right),
            (Some(class), None) => self.add(class, right),
            (None, Some(class)) => self.add(class, left),
            (None, None) => {
                let class = self.classes.push(Class::default());
                self.add(class, left);
                if left != right {
                    self.add(class, right);
                }
            }
        }
    }

    fn class_of(&self, word: Word) -> Option<ClassId> {
        self.seats.get(&word).map(|seat| seat.class)
    }

    /// Adds a word that is in no class.
    fn add(&mut self, id: ClassId, word: Word) {
        self.remember(id);
        let class = &mut self.classes[id];
        let at = small(class.members.len());
        if class.parts.last().is_none_or(|last| !last.is_new) {
            class.parts.push(Piece { start: at, is_new: true });
        }
        self.pairs += 2 * class.members.len() + 1;
        class.members.push(word);
        self.seats.insert(word, Seat { class: id, at });
    }

    /// Moves the smaller of two classes into the other.
    fn merge(&mut self, one: ClassId, other: ClassId) {
        if one == other {
            return;
        }
        let is_smaller = self.classes[one].members.len() < self.classes[other].members.len();
        let (into, from) = if is_smaller { (other, one) } else { (one, other) };
        self.remember(into);
        self.remember(from);
        let moved = std::mem::take(&mut self.classes[from]);
        let class = &mut self.classes[into];
        self.pairs += 2 * class.members.len() * moved.members.len();
        let offset = small(class.members.len());
        class.parts.extend(moved.parts.iter().map(|part| Piece { start: part.start + offset, ..*part }));
        for (at, word) in (offset..).zip(&moved.members) {
            self.seats.insert(*word, Seat { class: into, at });
        }
        class.members.extend(moved.members);
    }

    /// Notes what a class is made of, before it changes.
    fn remember(&mut self, id: ClassId) {
        let class = &mut self.classes[id];
        if class.parts.is_empty() {
            self.changed.push(id);
            if !class.members.is_empty() {
                class.parts.push(Piece { start: 0, is_new: false });
            }
        }
    }

    /// Whether a pair is there.
    pub fn relate(&self, left: Word, right: Word, part: Part) -> bool {
        let [Some(left), Some(right)] = [left, right].map(|word| self.seats.get(&word)) else { return false };
        if left.class != right.class {
            return false;
        }
        let class = &self.classes[left.class];
        let [one, other] = [left, right].map(|seat| class.piece(seat.at));
        let is_recent = one != other || one.is_some_and(|piece| class.parts[piece].is_new);
        match part {
            Part::All => true,
            Part::Stable => !is_recent,
            Part::Recent => is_recent,
        }
    }

    /// The words that a word is related to: those of two slices, for what is recent may lie on both sides of it.
    pub fn related(&self, word: Word, part: Part) -> [&[Word]; 2] {
        let Some(seat) = self.seats.get(&word) else { return [&[]; 2] };
        let class = &self.classes[seat.class];
        let members = &class.members[..];
        let own = class.piece(seat.at).map(|piece| class.range(piece));
        let is_new = class.piece(seat.at).is_some_and(|piece| class.parts[piece].is_new);
        match (part, own) {
            (Part::All, _) | (Part::Stable, None) => [members, &[]],
            (Part::Recent, None) => [&[]; 2],
            (Part::Recent, Some(_)) if is_new => [members, &[]],
            (Part::Stable, Some(_)) if is_new => [&[]; 2],
            (Part::Stable, Some(own)) => [&members[own], &[]],
            (Part::Recent, Some(own)) => [&members[..own.start], &members[own.end..]],
        }
    }

    /// All words that a word is related to.
    pub fn related_to(&self, word: Word) -> &[Word] {
        self.related(word, Part::All)[0]
    }

    /// Every pair, word by word, until the visitor has seen enough.
    pub fn scan(&self, visit: &mut dyn FnMut(&Rows) -> ControlFlow<()>) -> ControlFlow<()> {
        self.members(Part::All).try_for_each(|word| visit(&pairs(word, self.related_to(word))))
    }

    /// The pairs that have these words where one is given.
    pub fn matching(&self, pattern: &[Option<Word>]) -> Rows {
        let mut found = Rows::new(2);
        match *pattern {
            [Some(left), None] => return pairs(left, self.related_to(left)),
            [None, Some(right)] => return pairs(right, self.related_to(right)).permuted(&[1, 0]),
            [Some(left), Some(right)] if self.relate(left, right, Part::All) => found.push(&[left, right]),
            [Some(_), Some(_)] => {}
            _ => {
                let _ = self.scan(&mut |rows| {
                    found.append(rows);
                    ControlFlow::Continue(())
                });
            }
        }
        found
    }

    /// Bytes that so many pairs may allocate: two words each, with their seats.
    pub fn bytes_to_extend(pairs: usize) -> usize {
        2 * pairs * (2 * size_of::<Word>() + size_of::<Seat>() + size_of::<Class>())
    }

    /// The words that are related to some word, class by class.
    pub fn members(&self, part: Part) -> impl Iterator<Item = Word> + '_ {
        let classes: Box<dyn Iterator<Item = &Class>> = match part {
            Part::All | Part::Stable => Box::new(self.classes.iter()),
            Part::Recent => Box::new(self.changed.iter().map(|class| &self.classes[*class])),
        };
        let words = classes.flat_map(|class| class.members.iter().copied());
        words.filter(move |word| part == Part::All || !self.related(*word, part).iter().all(|words| words.is_empty()))
    }
}

impl Class {
    /// The piece that a member lies in, if the class is made of pieces.
    fn piece(&self, at: u32) -> Option<usize> {
        self.parts.partition_point(|piece| piece.start <= at).checked_sub(1)
    }

    /// The members of a piece.
    fn range(&self, piece: usize) -> Range<usize> {
        let end = self.parts.get(piece + 1).map_or(self.members.len(), |next| next.start as usize);
        self.parts[piece].start as usize..end
    }
}

/// A word with each of others.
fn pairs(word: Word, others: &[Word]) -> Rows {
    let column = |words: &mut dyn Iterator<Item = Word>| words.collect();
    let columns = [column(&mut others.iter().map(|_| word)), column(&mut others.iter().copied())];
    Rows::from_columns(columns.into(), others.len())
}

fn small(number: usize) -> u32 {
    u32::try_from(number).expect("fewer than 2^32 words are related")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    type Pairs = BTreeSet<(u64, u64)>;

    fn batch(pairs: &[(u64, u64)]) -> Rows {
        let mut rows = Rows::new(2);
        pairs.iter().for_each(|(left, right)| rows.push(&[Word(*left), Word(*right)]));
        rows
    }

    fn pairs(classes: &Classes, part: Part) -> Pairs {
        let of = |word: Word| classes.related(word, part).concat().into_iter().map(move |other| (word.0, other.0));
        classes.members(part).flat_map(of).collect()
    }

    /// The closure of pairs, in the plainest way.
    fn closed(mut pairs: Pairs) -> Pairs {
        loop {
            let mut more = pairs.clone();
            for (left, right) in &pairs {
                more.extend([(*right, *left), (*left, *left)]);
                more.extend(pairs.iter().filter(|pair| pair.0 == *right).map(|pair| (*left, pair.1)));
            }
            if more == pairs {
                return pairs;
            }
            pairs = more;
        }
    }

    #[test]
    fn what_is_recent_is_what_the_last_batch_made() {
        for seed in 0..50_u64 {
            let mut state = seed * 7919 + 1;
            let mut random = |below: u64| {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                (state >> 33) % below
            };
            let (mut classes, mut told) = (Classes::default(), Pairs::new());
            for _ in 0..6 {
                let before = closed(told.clone());
                let new: Vec<(u64, u64)> = (0..random(5)).map(|_| (random(16), random(16))).collect();
                told.extend(&new);
                let after = closed(told.clone());
                let more = classes.extend(&[batch(&new)]);
                assert_eq!((classes.pairs(), more), (after.len(), after.len() - before.len()), "{new:?}");
                assert_eq!(pairs(&classes, Part::All), after, "{new:?}");
                assert_eq!(pairs(&classes, Part::Stable), before, "{new:?}");
                assert_eq!(pairs(&classes, Part::Recent), &after - &before, "{new:?}");
                for part in [Part::All, Part::Stable, Part::Recent] {
                    let found = pairs(&classes, part);
                    let members: BTreeSet<u64> = classes.members(part).map(|word| word.0).collect();
                    assert_eq!(members, found.iter().map(|pair| pair.0).collect::<BTreeSet<u64>>(), "{part:?} {new:?}");
                    for (left, right) in (0..16).flat_map(|left| (0..16).map(move |right| (left, right))) {
                        let are_related = classes.relate(Word(left), Word(right), part);
                        assert_eq!(are_related, found.contains(&(left, right)), "{left} {right} {new:?}");
                    }
                }
            }
        }
    }

    #[test]
    fn a_million_pairs_make_one_class_of_a_million_words() {
        let words = 1_000_000;
        let chain: Vec<(u64, u64)> = (0..words).map(|at| (at, (at * 7 + 1) % words)).collect();
        let mut classes = Classes::default();
        classes.extend(&[batch(&chain)]);
        let one_class: Vec<(u64, u64)> = (1..words).map(|at| (at - 1, at)).collect();
        classes.extend(&[batch(&one_class)]);
        // What it may take is in proportion to what is put in; as pairs they would take 16 terabytes.
        let may_take = Classes::bytes_to_extend(1);
        assert!((4 * size_of::<Word>()..1024).contains(&may_take), "{may_take}");
        assert_eq!(Classes::bytes_to_extend(1_000_000), 1_000_000 * may_take);
        assert_eq!((classes.words(), classes.pairs()), (1_000_000, 1_000_000_000_000));
    }
}
