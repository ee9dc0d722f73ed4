//! From a row to what its records are made of.

use super::{RecordField, SymbolTable, Type, Word};
use std::sync::Arc;

/// A column, or a field of the records in it, or a field of the records in that, and so on.
#[derive(Debug, Clone, PartialEq)]
pub struct Path {
    /// The column.
    pub column: usize,
    /// The fields, from the outermost record inwards; none for the column itself.
    pub fields: Vec<Arc<RecordField>>,
}

impl Path {
    /// The type of what it leads to, where columns are of these types.
    pub fn ty(&self, column: impl Fn(usize) -> Type) -> Type {
        self.fields.last().map_or_else(|| column(self.column), |field| field.shape.types[field.at])
    }

    /// Where the path leads from the word of its column; nowhere if a record on the way has another shape.
    pub fn follow(&self, word: Word, table: &SymbolTable) -> Option<Word> {
        self.fields.iter().try_fold(word, |record, field| {
            let (shape, words) = table.records.fields(record)?;
            (Some(shape) == table.records.find_shape(&field.shape)).then(|| words[field.at])
        })
    }
}
