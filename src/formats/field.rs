//! The columns of a table of rows.

use super::RecordKind;
use crate::data::{Type, Value};

/// A column: its name and what is in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// Its name.
    pub name: String,
    /// The type of its values.
    pub ty: Type,
    /// What its values say.
    pub kind: Kind,
    /// The records that it holds, where it does and they are to be read.
    pub records: Option<RecordKind>,
}

/// What the values of a column say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Themselves.
    Value,
    /// The symbols `true` and `false`: whether something holds.
    Truth,
}

impl Field {
    /// A column of values.
    pub fn new(name: &str, ty: Type) -> Self {
        Self { name: name.into(), ty, kind: Kind::Value, records: None }
    }

    /// A column of `true` and `false`.
    pub fn truth(name: &str) -> Self {
        Self { name: name.into(), ty: Type::Symbol, kind: Kind::Truth, records: None }
    }

    /// The name of what is in it, for those who read a schema.
    pub fn type_name(&self) -> &'static str {
        match self.kind {
            Kind::Value => self.ty.name(),
            Kind::Truth => "boolean",
        }
    }

    /// The record that a text spells, in a column of records.
    pub(super) fn record(&self, text: &str) -> Option<Value> {
        self.records.as_ref()?.parse(text)
    }

    /// Whether people expect it to be aligned at its right.
    pub(super) fn is_numeric(&self) -> bool {
        matches!(self.ty, Type::Number | Type::Unsigned | Type::Float)
    }
}
