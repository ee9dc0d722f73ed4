//! Interning: every symbol's text once, named by a dense [`SymbolId`].
//!
//! In: texts. Out: ids; equal texts get equal ids. Promise: an id never changes its text and is never reused; ids
//! say nothing about order, so whatever a user sees is sorted by text. Threads may intern at the same time. Where many
//! texts come in dictionaries, threads look up shares of them apart, and then one gives new texts their ids in order;
//! so these are the same on any number of threads.

use super::dictionary::{self, SHARES, hash, share_of};
use super::numbers::{Ahead, Numbers};
use super::{Dictionary, Id, Records, id};
use rayon::iter::{IndexedParallelIterator, IntoParallelRefMutIterator, ParallelIterator};
use std::array;
use std::hint::black_box;
use std::sync::{RwLock, RwLockReadGuard, RwLockWriteGuard};

id! {
    /// One interned text.
    SymbolId
}

/// The texts of all symbols.
#[derive(Debug, Default)]
pub struct Symbols {
    table: RwLock<SymbolTable>,
}

impl Symbols {
    /// The id of a text, which is kept if it is new.
    pub fn intern(&self, text: &str) -> SymbolId {
        if let Some(id) = self.read().find(text) {
            return id;
        }
        self.write().insert(text)
    }

    /// A view for many lookups in a row; interning waits while it lives.
    pub fn read(&self) -> RwLockReadGuard<'_, SymbolTable> {
        self.table.read().expect("interning does not panic")
    }

    /// The table for whoever has many texts to intern; all others wait.
    pub fn write(&self) -> RwLockWriteGuard<'_, SymbolTable> {
        self.table.write().expect("interning does not panic")
    }
}

/// The texts in shares, and where to find that of each symbol.
#[derive(Debug, Default)]
pub struct SymbolTable {
    shares: [Share; SHARES],
    spots: Vec<Spot>,
    /// The records that are made of these and of other values.
    pub records: Records,
}

/// Texts whose hashes have something in common, end to end, and a hash table over them.
#[derive(Debug, Default)]
struct Share {
    texts: String,
    entries: Vec<Entry>,
    numbers: Numbers,
}

/// A text of a share.
#[derive(Debug, Clone, Copy)]
struct Entry {
    /// Where it ends, behind the one before it.
    end: u32,
    symbol: u32,
}

/// Where the text of a symbol stands.
#[derive(Debug, Clone, Copy)]
struct Spot {
    share: u32,
    start: u32,
    end: u32,
}

/// The symbols that the texts of a dictionary are.
#[derive(Debug)]
pub struct Names {
    shares: [Vec<u32>; SHARES],
}

impl Names {
    /// The symbol of the text with this number in its dictionary.
    pub fn symbol(&self, number: u32) -> SymbolId {
        let (share, at) = dictionary::split(number);
        symbol(self.shares[share][at])
    }
}

/// What was found of the texts of some dictionaries.
#[derive(Debug)]
pub struct LookedUp {
    /// The first symbol that was not given out.
    first: u32,
    /// How many entries each share had.
    known: [usize; SHARES],
    /// For each share and dictionary, the symbols of the texts that were known, and what the others are counted by.
    found: Vec<Vec<Vec<u32>>>,
    /// The shares of the texts of each dictionary, in their order.
    orders: Vec<Vec<u8>>,
}

impl SymbolTable {
    /// The text of a symbol.
    pub fn text(&self, id: SymbolId) -> &str {
        let Spot { share, start, end } = self.spots[id.index()];
        &self.shares[share as usize].texts[start as usize..end as usize]
    }

    /// The id of a text, if it was interned.
    pub fn find(&self, text: &str) -> Option<SymbolId> {
        let hash = hash(text);
        let Share { texts, entries, numbers } = &self.shares[share_of(hash)];
        let found = numbers.find(hash, |entry| bytes(texts, entries, entry as usize) == text.as_bytes());
        found.map(|entry| symbol(entries[entry as usize].symbol))
    }

    /// How many symbols there are.
    pub fn len(&self) -> usize {
        self.spots.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.spots.is_empty()
    }

    fn insert(&mut self, text: &str) -> SymbolId {
        let hash = hash(text);
        let (share, fresh) = (share_of(hash), small(self.spots.len()));
        let known = self.shares[share].entries.len();
        let found = self.shares[share].insert(hash, text, fresh);
        if self.shares[share].entries.len() > known {
            self.spots.push(self.shares[share].spot(share, known));
        }
        symbol(found)
    }

    /// Looks all texts of some dictionaries up, and keeps those that are new; each share by itself, on any thread. They
    /// must be [named](Self::name) before anything else is asked of the table. `expected` is a guess how many new ones
    /// other dictionaries will bring.
    pub fn look_up(&mut self, dictionaries: Vec<Dictionary>, expected: usize) -> LookedUp {
        let first = small(self.spots.len());
        let known = self.shares.each_ref().map(|share| share.entries.len());
        let look_up_share = |(at, share): (usize, &mut Share)| -> Vec<Vec<u32>> {
            let known = share.entries.len();
            let insert = |dictionary: &Dictionary| {
                let wanted = dictionary.share(at);
                share.make_room(wanted.places().len(), expected / SHARES);
                share.insert_all(wanted, first, known)
            };
            dictionaries.iter().map(insert).collect()
        };
        let texts: usize = dictionaries.iter().map(Dictionary::len).sum();
        let found = if texts < FEW {
            self.shares.iter_mut().enumerate().map(look_up_share).collect()
        } else {
            self.shares.par_iter_mut().enumerate().map(look_up_share).collect()
        };
        LookedUp { first, known, found, orders: dictionaries.into_iter().map(Dictionary::into_order).collect() }
    }

    /// Gives what is new its symbols, in the order of the dictionaries and of the texts in them.
    pub fn name(&mut self, looked_up: LookedUp) -> Vec<Names> {
        let LookedUp { first, known, mut found, orders } = looked_up;
        let mut named = [0; SHARES];
        let name_all = |(at, order): (usize, &Vec<u8>)| {
            let mut names = Names { shares: array::from_fn(|share| std::mem::take(&mut found[share][at])) };
            let mut cells = names.shares.each_mut().map(|share| share.iter_mut());
            for share in order {
                let share = usize::from(*share);
                let cell = cells[share].next().expect("every text was looked up");
                let Some(fresh) = cell.checked_sub(first) else { continue };
                let entry = known[share] + fresh as usize;
                if fresh == named[share] {
                    named[share] += 1;
                    self.shares[share].entries[entry].symbol = small(self.spots.len());
                    self.spots.push(self.shares[share].spot(share, entry));
                }
                *cell = self.shares[share].entries[entry].symbol;
            }
            names
        };
        orders.iter().enumerate().map(name_all).collect()
    }
}

/// Fewer texts are not worth waking threads for.
const FEW: usize = 1 << 12;

/// Texts that are looked up together.
const AHEAD: usize = 64;

impl Share {
    /// The symbol of a text, which is this one if the text is new.
    fn insert(&mut self, hash: u32, text: &str, fresh: u32) -> u32 {
        let Self { texts, entries, numbers } = self;
        let is_same = |entry: u32| bytes(texts, entries, entry as usize) == text.as_bytes();
        match numbers.find_or_keep(hash, small(entries.len()), is_same) {
            Some(entry) => entries[entry as usize].symbol,
            None => self.push(text, fresh),
        }
    }

    fn push(&mut self, text: &str, symbol: u32) -> u32 {
        self.texts.push_str(text);
        self.entries.push(Entry { end: small(self.texts.len()), symbol });
        symbol
    }

    /// Where the text of an entry of this share stands.
    fn spot(&self, share: usize, entry: usize) -> Spot {
        Spot { share: small(share), start: small(start(&self.entries, entry)), end: self.entries[entry].end }
    }

    /// Makes room for some texts; and if there was none, for those expected too, so that nothing need be made anew as
    /// often. Guesses are not taken on trust: a share grows eightfold at most.
    fn make_room(&mut self, texts: usize, expected: usize) {
        if self.numbers.room() < texts {
            self.numbers.reserve(texts + expected.min(7 * self.entries.len()));
            // What is not needed of this is never touched, and so costs nothing.
            let room = self.numbers.room();
            self.entries.reserve_exact(room);
            self.texts.reserve_exact(self.texts.len() / self.entries.len().max(1) * room);
        }
    }

    /// The symbols of texts. Those behind the `known` ones are named later: they are counted from `first` until then.
    fn insert_all(&mut self, wanted: &dictionary::Share, first: u32, known: usize) -> Vec<u32> {
        let (mut start, mut ahead) = (0, Vec::new());
        let mut symbols = Vec::with_capacity(wanted.places().len());
        for places in wanted.places().chunks(AHEAD) {
            self.look_ahead(places, &mut ahead);
            for (&dictionary::Place { end, hash }, ahead) in places.iter().zip(&ahead) {
                let text = &wanted.texts()[start as usize..end as usize];
                start = end;
                let Self { texts, entries, numbers } = self;
                let is_same = |entry: u32| bytes(texts, entries, entry as usize) == text.as_bytes();
                let found = numbers.find_or_keep_from(*ahead, hash, small(entries.len()), is_same);
                symbols.push(match found {
                    Some(entry) => entries[entry as usize].symbol,
                    None => self.push(text, first + small(self.entries.len() - known)),
                });
            }
        }
        symbols
    }

    /// Asks for what will be compared, all of it at once.
    fn look_ahead(&self, places: &[dictionary::Place], ahead: &mut Vec<Ahead>) {
        let Self { texts, entries, numbers } = self;
        numbers.look_ahead(places.iter().map(|place| place.hash), ahead);
        let end = |entry: usize| entries.get(entry).map_or(0, |entry| entry.end as usize);
        black_box(ahead.iter().fold(0, |all, at| all ^ end(numbers.ahead(*at) as usize)));
        // A text may lie on both sides of what the processor fetches at once.
        let byte = |at: usize| texts.as_bytes().get(at).copied().unwrap_or_default();
        let both = |entry: usize| byte(end(entry.wrapping_sub(1))) ^ byte(end(entry).wrapping_sub(1));
        black_box(ahead.iter().fold(0, |all, at| all ^ both(numbers.ahead(*at) as usize)));
    }
}

fn symbol(number: u32) -> SymbolId {
    SymbolId::from_index(number as usize)
}

fn small(number: usize) -> u32 {
    u32::try_from(number).expect("the texts of a share and the number of symbols fit 32 bits")
}

/// Where the text of an entry begins.
fn start(entries: &[Entry], entry: usize) -> usize {
    entry.checked_sub(1).map_or(0, |before| entries[before].end as usize)
}

/// The bytes of a text, where it does not matter that they are one.
fn bytes<'t>(texts: &'t str, entries: &[Entry], entry: usize) -> &'t [u8] {
    &texts.as_bytes()[start(entries, entry)..entries[entry].end as usize]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_texts_get_equal_ids() {
        let symbols = Symbols::default();
        let ids: Vec<_> = (0..1000).map(|n| symbols.intern(&n.to_string())).collect();
        assert_eq!(symbols.intern("7"), ids[7]);
        assert_eq!(symbols.read().text(ids[999]), "999");
        assert_eq!(symbols.intern(""), symbols.intern(""));
        assert_eq!(symbols.read().len(), 1001);
    }

    #[test]
    fn dictionaries_become_symbols_in_order() {
        let symbols = Symbols::default();
        symbols.intern("b");
        let mut dictionary = Dictionary::default();
        let numbers = ["c", "b", "a"].map(|text| dictionary.number(text));
        let mut table = symbols.write();
        let looked_up = table.look_up(vec![dictionary], 0);
        let names = table.name(looked_up);
        assert_eq!(numbers.map(|number| names[0].symbol(number)), [1, 0, 2].map(SymbolId::from_index));
        assert_eq!(table.find("a"), Some(SymbolId::from_index(2)));
    }

    #[test]
    fn threads_find_the_symbols_that_one_text_after_the_other_gets() {
        let (together, apart) = (Symbols::default(), Symbols::default());
        for round in 0..3 {
            // Every text is there twice or more: in a dictionary, in the next one, in the next round.
            let texts =
                |piece: usize| (0..FEW).map(move |at| format!("{}", (round + piece) * FEW / 2 + at / 2 * 7 % FEW));
            let mut dictionaries = Vec::new();
            let mut numbers = Vec::new();
            for piece in 0..3 {
                let mut dictionary = Dictionary::default();
                numbers.push(texts(piece).map(|text| dictionary.keep(&text)).collect::<Vec<u32>>());
                dictionaries.push(dictionary);
            }
            let names = {
                let mut table = together.write();
                let looked_up = table.look_up(dictionaries, 1 << 40);
                table.name(looked_up)
            };
            for (piece, numbers) in numbers.iter().enumerate() {
                for (text, number) in texts(piece).zip(numbers) {
                    let id = apart.intern(&text);
                    assert_eq!(names[piece].symbol(*number), id);
                    assert_eq!((together.read().text(id), together.read().find(&text)), (&text[..], Some(id)));
                }
            }
        }
        assert_eq!(together.read().len(), apart.read().len());
    }
}
