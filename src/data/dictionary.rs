//! The texts of one piece of a file, numbered as they come.
//!
//! In: texts. Out: numbers from 0 in the order in which texts were kept. Promise: threads fill dictionaries of their own
//! without waiting for each other, and [`Symbols::intern_all`](super::Symbols::intern_all) makes symbols of them, one
//! dictionary after the other; so ids do not depend on which thread met a text first.

use hashbrown::HashTable;
use hashbrown::hash_table::Entry;
use rustc_hash::FxBuildHasher;
use std::hash::BuildHasher;

/// Texts, each once unless it was [kept](Dictionary::keep) unseen.
#[derive(Debug, Default)]
pub struct Dictionary {
    texts: String,
    places: Vec<Place>,
    /// The numbers of the texts that were looked for.
    numbers: HashTable<Hashed>,
}

/// Where a text ends, behind the one before it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    pub(super) end: u32,
    pub(super) hash: u32,
}

/// The number of a text beside its hash: a table of these grows without a look at the texts.
#[derive(Debug, Clone, Copy)]
pub(super) struct Hashed {
    pub(super) hash: u32,
    pub(super) number: u32,
}

impl Dictionary {
    /// No texts, with room for so many bytes of them.
    pub fn with_capacity(bytes: usize) -> Self {
        Self { texts: String::with_capacity(bytes), ..Self::default() }
    }

    /// The number of a text, which is kept if it was not looked for before.
    pub fn number(&mut self, text: &str) -> u32 {
        let hash = hash(text);
        let Self { texts, places, numbers } = self;
        let is_same = |other: &Hashed| other.hash == hash && text_at(texts, places, other.number as usize) == text;
        match numbers.entry(spread(hash), is_same, |other| spread(other.hash)) {
            Entry::Occupied(found) => found.get().number,
            Entry::Vacant(free) => {
                let number = keep(texts, places, hash, text);
                free.insert(Hashed { hash, number });
                number
            }
        }
    }

    /// Keeps a text that is probably new, without looking whether it is. Returns its number.
    pub fn keep(&mut self, text: &str) -> u32 {
        keep(&mut self.texts, &mut self.places, hash(text), text)
    }

    /// How many texts there are.
    pub fn len(&self) -> usize {
        self.places.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// The texts, one behind the other, and where each ends, in the order of their numbers.
    pub(super) fn into_parts(self) -> (String, Vec<Place>) {
        (self.texts, self.places)
    }
}

fn keep(texts: &mut String, places: &mut Vec<Place>, hash: u32, text: &str) -> u32 {
    let fits = |size: usize| u32::try_from(size).expect("a piece of a file is smaller than 4 GiB");
    let number = fits(places.len());
    texts.push_str(text);
    places.push(Place { end: fits(texts.len()), hash });
    number
}

fn text_at<'t>(texts: &'t str, places: &[Place], number: usize) -> &'t str {
    let start = number.checked_sub(1).map_or(0, |before| places[before].end);
    &texts[start as usize..places[number].end as usize]
}

/// The hash of a text that is kept beside its number.
pub(super) fn hash(text: &str) -> u32 {
    (FxBuildHasher.hash_one(text) >> 32) as u32
}

/// A kept hash as tables want it: with its upper bits telling texts apart as well as the lower ones.
pub(super) fn spread(hash: u32) -> u64 {
    u64::from(hash).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_numbered_as_they_come() {
        let mut dictionary = Dictionary::default();
        let numbers: Vec<u32> = ["b", "", "a", "b", "", "c"].iter().map(|text| dictionary.number(text)).collect();
        assert_eq!(numbers, [0, 1, 2, 0, 1, 3]);
        assert_eq!((dictionary.keep("a"), dictionary.number("a")), (4, 2));
        let (texts, places) = dictionary.into_parts();
        assert_eq!(
            (texts.as_str(), places.iter().map(|place| place.end).collect::<Vec<_>>()),
            ("baca", vec![1, 1, 2, 3, 4])
        );
    }
}
