//! Interning: every symbol's text once, named by a dense [`SymbolId`].
//!
//! In: texts. Out: ids; equal texts get equal ids. Promise: an id never changes its text and is never reused; ids
//! say nothing about order, so whatever a user sees is sorted by text. Threads may intern at the same time.

use super::dictionary::{self, hash};
use super::numbers::Numbers;
use super::{Dictionary, Id, id};
use std::sync::{RwLock, RwLockReadGuard};

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
        self.table.write().expect("interning does not panic").insert(text)
    }

    /// The ids of all texts of a dictionary, in the order of their numbers. `expected` is a guess how many new ones
    /// other dictionaries will bring.
    pub fn intern_all(&self, dictionary: Dictionary, expected: usize) -> Vec<SymbolId> {
        self.table.write().expect("interning does not panic").insert_all(dictionary, expected)
    }

    /// A view for many lookups in a row; interning waits while it lives.
    pub fn read(&self) -> RwLockReadGuard<'_, SymbolTable> {
        self.table.read().expect("interning does not panic")
    }
}

/// The texts, end to end in blocks that never move, and a hash table of ids over them.
#[derive(Debug, Default)]
pub struct SymbolTable {
    blocks: Vec<String>,
    /// The block that has room for more.
    open: usize,
    places: Vec<Place>,
    ids: Numbers,
}

/// Where a text stands.
#[derive(Debug, Clone, Copy)]
struct Place {
    block: u32,
    start: u32,
    end: u32,
}

/// Bytes of a block, unless one text needs more.
const BLOCK: usize = 1 << 20;

impl SymbolTable {
    /// The text of a symbol.
    pub fn text(&self, id: SymbolId) -> &str {
        text_at(&self.blocks, self.places[id.index()])
    }

    /// The id of a text, if it was interned.
    pub fn find(&self, text: &str) -> Option<SymbolId> {
        let found = self.ids.find(hash(text), |number| text_at(&self.blocks, self.places[number as usize]) == text);
        found.map(symbol)
    }

    /// How many symbols there are.
    pub fn len(&self) -> usize {
        self.places.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// Makes room for some texts; and if there was none, for those expected too, so that the table need not be made anew
    /// as often. Guesses are not taken on trust: the table grows eightfold at most.
    fn make_room(&mut self, texts: usize, expected: usize) {
        if self.ids.room() < texts {
            self.ids.reserve(texts + expected.min(7 * self.places.len()));
        }
    }

    fn insert(&mut self, text: &str) -> SymbolId {
        let Self { blocks, open, places, ids } = self;
        let number = small(places.len());
        let is_same = |other: u32| text_at(blocks, places[other as usize]) == text;
        if let Some(found) = ids.find_or_keep(hash(text), number, is_same) {
            return symbol(found);
        }
        places.push(keep(blocks, open, text));
        symbol(number)
    }

    /// Takes the dictionary's texts over as they lie, unless most of them are known.
    fn insert_all(&mut self, dictionary: Dictionary, expected: usize) -> Vec<SymbolId> {
        let (mut texts, ends) = dictionary.into_parts();
        self.make_room(ends.len(), expected);
        let Self { blocks, open, places, ids } = self;
        let (block, known) = (small(blocks.len()), places.len());
        texts.shrink_to_fit();
        blocks.push(texts);
        let (mut start, mut fresh, mut ahead) = (0, 0, Vec::new());
        let mut symbols = Vec::with_capacity(ends.len());
        for ends in ends.chunks(AHEAD) {
            ids.look_ahead(ends.iter().map(|place| place.hash), &mut ahead);
            // What is compared below is asked for here, all of it at once.
            let nearer = ahead.iter().flatten().map(|number| places[*number as usize]);
            let bytes = nearer.map(|place| blocks[place.block as usize].as_bytes().get(place.start as usize));
            std::hint::black_box(bytes.flatten().fold(0, |all, byte| all ^ byte));
            for &dictionary::Place { end, hash } in ends {
                let place = Place { block, start, end };
                start = end;
                let text = bytes_at(blocks, place);
                let number = small(places.len());
                let is_same = |other: u32| bytes_at(blocks, places[other as usize]) == text;
                let found = ids.find_or_keep(hash, number, is_same);
                if found.is_none() {
                    fresh += text.len();
                    places.push(place);
                }
                symbols.push(symbol(found.unwrap_or(number)));
            }
        }
        if fresh <= blocks[block as usize].len() / 2 {
            let texts = blocks.pop().expect("the dictionary's texts are the last block");
            for place in &mut places[known..] {
                *place = keep(blocks, open, &texts[place.start as usize..place.end as usize]);
            }
        }
        symbols
    }
}

/// Texts that are looked up together.
const AHEAD: usize = 64;

fn symbol(number: u32) -> SymbolId {
    SymbolId::from_index(number as usize)
}

/// Writes a text behind the others.
fn keep(blocks: &mut Vec<String>, open: &mut usize, text: &str) -> Place {
    let fits = blocks.get(*open).is_some_and(|block| block.len() + text.len() <= block.capacity());
    if !fits {
        *open = blocks.len();
        blocks.push(String::with_capacity(BLOCK.max(text.len())));
    }
    let block = &mut blocks[*open];
    let start = small(block.len());
    block.push_str(text);
    Place { block: small(*open), start, end: small(block.len()) }
}

fn small(number: usize) -> u32 {
    u32::try_from(number).expect("a block, the number of blocks and that of symbols fit 32 bits")
}

fn text_at(blocks: &[String], place: Place) -> &str {
    &blocks[place.block as usize][place.start as usize..place.end as usize]
}

/// The bytes of a text, where it does not matter that they are one.
fn bytes_at(blocks: &[String], place: Place) -> &[u8] {
    &blocks[place.block as usize].as_bytes()[place.start as usize..place.end as usize]
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
        ["c", "b", "a"].iter().for_each(|text| assert!(dictionary.number(text) < 3));
        let ids = symbols.intern_all(dictionary, 0);
        assert_eq!(ids, [1, 0, 2].map(SymbolId::from_index));
        assert_eq!(symbols.read().find("a"), Some(ids[2]));
    }
}
