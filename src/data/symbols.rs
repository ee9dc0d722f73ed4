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

/// The texts, end to end in one buffer, and a hash table of ids over them.
#[derive(Debug, Default)]
pub struct SymbolTable {
    bytes: String,
    ends: Vec<usize>,
    ids: HashTable<SymbolId>,
}

impl SymbolTable {
    /// The text of a symbol.
    pub fn text(&self, id: SymbolId) -> &str {
        let start = if id.index() == 0 { 0 } else { self.ends[id.index() - 1] };
        &self.bytes[start..self.ends[id.index()]]
    }

    /// The id of a text, if it was interned.
    pub fn find(&self, text: &str) -> Option<SymbolId> {
        self.ids.find(hash(text), |&id| self.text(id) == text).copied()
    }

    /// How many symbols there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    fn insert(&mut self, text: &str) -> SymbolId {
        if let Some(id) = self.find(text) {
            return id;
        }
        let id = SymbolId::from_index(self.ends.len());
        self.bytes.push_str(text);
        self.ends.push(self.bytes.len());
        let Self { bytes, ends, ids } = self;
        ids.insert_unique(hash(text), id, |&id| {
            let start = if id.index() == 0 { 0 } else { ends[id.index() - 1] };
            hash(&bytes[start..ends[id.index()]])
        });
        id
    }
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
