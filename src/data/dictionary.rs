//! The texts of one piece of a file, numbered as they come.
//!
//! In: texts. Out: a number for each. Promise: threads fill dictionaries of their own without waiting for each other,
//! and [`SymbolTable::intern_all`](super::SymbolTable::intern_all) makes symbols of them, in the order in which texts
//! were kept; so ids do not depend on which thread met a text first. Texts are dealt out by hash into shares, so that
//! threads can look up those of each share apart.

use hashbrown::HashTable;
use hashbrown::hash_table::Entry;
use rustc_hash::FxBuildHasher;
use std::array;
use std::hash::BuildHasher;
use std::ops::Range;

/// How many shares there are, on any number of threads.
pub(super) const SHARES: usize = 8;

/// Texts, each once unless it was [kept](Dictionary::keep) unseen.
#[derive(Debug, Default)]
pub struct Dictionary {
    shares: [Share; SHARES],
    /// The share of each text, in the order in which they were kept.
    order: Vec<u8>,
    /// The numbers of the texts that were looked for.
    numbers: HashTable<Hashed>,
}

/// The texts of one share.
#[derive(Debug, Default)]
pub(super) struct Share {
    texts: String,
    places: Vec<Place>,
}

/// Where a text ends, behind the one before it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    pub(super) end: u32,
    pub(super) hash: u32,
}

/// The number of a text beside its hash: a table of these grows without a look at the texts.
#[derive(Debug, Clone, Copy)]
struct Hashed {
    hash: u32,
    number: u32,
}

impl Dictionary {
    /// No texts, with room for so many bytes of them.
    pub fn with_capacity(bytes: usize) -> Self {
        // Shares are about as large as each other, but not quite.
        let bytes = bytes / SHARES / 8 * 9;
        let share = |_| Share { texts: String::with_capacity(bytes), places: Vec::new() };
        Self { shares: array::from_fn(share), ..Self::default() }
    }

    /// The number of a text, which is kept if it was not looked for before.
    pub fn number(&mut self, text: &str) -> u32 {
        let hash = hash(text);
        let Self { shares, order, numbers } = self;
        let is_same = |other: &Hashed| {
            let (share, at) = split(other.number);
            other.hash == hash && shares[share].bytes(at) == text.as_bytes()
        };
        match numbers.entry(spread(hash), is_same, |other| spread(other.hash)) {
            Entry::Occupied(found) => found.get().number,
            Entry::Vacant(free) => {
                let number = keep(shares, order, hash, text);
                free.insert(Hashed { hash, number });
                number
            }
        }
    }

    /// Keeps a text that is probably new, without looking whether it is. Returns its number.
    pub fn keep(&mut self, text: &str) -> u32 {
        keep(&mut self.shares, &mut self.order, hash(text), text)
    }

    /// How many texts there are.
    pub fn len(&self) -> usize {
        self.order.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.order.is_empty()
    }

    /// Each text with its number.
    pub fn iter(&self) -> impl Iterator<Item = (u32, &str)> {
        (0..SHARES).flat_map(|share| {
            let texts = &self.shares[share];
            (0..texts.places.len()).map(move |at| (number(share, at), texts.text(at)))
        })
    }

    /// The texts of one share.
    pub(super) fn share(&self, share: usize) -> &Share {
        &self.shares[share]
    }

    /// The share of each text, in the order in which they were kept.
    pub(super) fn into_order(self) -> Vec<u8> {
        self.order
    }
}

impl Share {
    /// The texts one behind the other.
    pub(super) fn texts(&self) -> &str {
        &self.texts
    }

    /// Where each ends.
    pub(super) fn places(&self) -> &[Place] {
        &self.places
    }

    fn bytes(&self, at: usize) -> &[u8] {
        &self.texts.as_bytes()[self.range(at)]
    }

    fn text(&self, at: usize) -> &str {
        &self.texts[self.range(at)]
    }

    fn range(&self, at: usize) -> Range<usize> {
        let start = at.checked_sub(1).map_or(0, |before| self.places[before].end);
        start as usize..self.places[at].end as usize
    }
}

fn keep(shares: &mut [Share; SHARES], order: &mut Vec<u8>, hash: u32, text: &str) -> u32 {
    let fits = |size: usize| u32::try_from(size).expect("a piece of a file is smaller than 4 GiB");
    let share = share_of(hash);
    let Share { texts, places } = &mut shares[share];
    let number = number(share, places.len());
    texts.push_str(text);
    places.push(Place { end: fits(texts.len()), hash });
    order.push(share as u8);
    number
}

/// The number of a text of a share.
fn number(share: usize, at: usize) -> u32 {
    u32::try_from(at * SHARES + share).expect("a piece of a file is smaller than 4 GiB")
}

/// The share of a number, and which of its texts it is.
pub(super) fn split(number: u32) -> (usize, usize) {
    (number as usize % SHARES, number as usize / SHARES)
}

/// The share of a text with this hash.
pub(super) fn share_of(hash: u32) -> usize {
    (hash >> 16) as usize % SHARES
}

/// The hash of a text that is kept beside its number.
pub(super) fn hash(text: &str) -> u32 {
    (FxBuildHasher.hash_one(text) >> 32) as u32
}

/// A kept hash as tables want it: with its upper bits telling texts apart as well as the lower ones.
fn spread(hash: u32) -> u64 {
    u64::from(hash).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_numbered_each_once_unless_kept() {
        let mut dictionary = Dictionary::default();
        let numbers: Vec<u32> = ["b", "", "a", "b", "", "c"].iter().map(|text| dictionary.number(text)).collect();
        let [b, nothing, a, again, still_nothing, c] = numbers[..] else { panic!("six numbers") };
        assert_eq!((again, still_nothing), (b, nothing));
        assert_eq!(dictionary.len(), 4);
        let kept = dictionary.keep("a");
        assert_ne!(kept, a);
        assert_eq!((dictionary.number("a"), dictionary.len()), (a, 5));
        for (number, text) in [(b, "b"), (nothing, ""), (a, "a"), (c, "c"), (kept, "a")] {
            let (share, at) = split(number);
            assert_eq!(dictionary.share(share).bytes(at), text.as_bytes());
        }
        let order = [b, nothing, a, c, kept].map(|number| split(number).0 as u8);
        assert_eq!(dictionary.into_order(), order);
    }
}
