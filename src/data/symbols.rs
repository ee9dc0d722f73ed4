//! Interning: every symbol's text once, named by a dense [`SymbolId`].
//!
//! In: texts. Out: ids; equal texts get equal ids. Promise: an id never changes its text and is never reused; ids
//! say nothing about order, so whatever a user sees is sorted by text. Threads may intern at the same time.

use super::{Id, id};
use hashbrown::HashTable;
use rustc_hash::FxBuildHasher;
use std::hash::BuildHasher;
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

    /// A view for many lookups in a row; interning waits while it lives.
    pub fn read(&self) -> RwLockReadGuard<'_, SymbolTable> {
        self.table.read().expect("interning does not panic")
    }
}

/// The texts, end to end in blocks that never move, and a hash table of ids over them.
#[derive(Debug, Default)]
pub struct SymbolTable {
    blocks: Vec<String>,
    places: Vec<Place>,
    ids: HashTable<SymbolId>,
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
        self.ids.find(hash(text), |&id| self.text(id) == text).copied()
    }

    /// How many symbols there are.
    pub fn len(&self) -> usize {
        self.places.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    fn insert(&mut self, text: &str) -> SymbolId {
        if let Some(id) = self.find(text) {
            return id;
        }
        let id = SymbolId::from_index(self.places.len());
        let fits = self.blocks.last().is_some_and(|block| block.len() + text.len() <= block.capacity());
        if !fits {
            self.blocks.push(String::with_capacity(BLOCK.max(text.len())));
        }
        let place = |number: usize| u32::try_from(number).expect("a block and their number fit 32 bits");
        let number = place(self.blocks.len() - 1);
        let block = self.blocks.last_mut().expect("there is room in the last block");
        let start = place(block.len());
        block.push_str(text);
        self.places.push(Place { block: number, start, end: place(block.len()) });
        let Self { blocks, places, ids } = self;
        ids.insert_unique(hash(text), id, |&id| hash(text_at(blocks, places[id.index()])));
        id
    }
}

fn text_at(blocks: &[String], place: Place) -> &str {
    &blocks[place.block as usize][place.start as usize..place.end as usize]
}

fn hash(text: &str) -> u64 {
    FxBuildHasher.hash_one(text)
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
}
