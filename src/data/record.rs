//! Records: values made of values.

use super::{Shape, Value};
use std::fmt::{self, Write};
use std::sync::Arc;

/// `nil`, `[1, a]`, `$Circle(2)`: a record and what it is made of. Ordered by what it is, then field by field.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Record {
    tag: Tag,
    fields: Vec<Value>,
}

/// What a record is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Tag {
    /// `nil`: no record.
    Nil,
    /// `[1, a]`
    Plain,
    /// `$Circle(2)`: this branch of a type of several.
    Branch(Arc<str>),
}

/// How deep records may nest: whoever compares or prints one goes down to its end.
pub(super) const DEEPEST: u32 = 1 << 10;

impl Record {
    /// A record of these fields; none where it would nest too deeply.
    pub fn new(tag: Tag, fields: Vec<Value>) -> Option<Self> {
        let record = Self { tag, fields };
        (record.depth(DEEPEST) <= DEEPEST).then_some(record)
    }

    /// `nil`
    pub fn nil() -> Self {
        Self { tag: Tag::Nil, fields: Vec::new() }
    }

    /// A record whose word is there, and which therefore does not nest too deeply.
    pub(super) fn of_words(tag: Tag, fields: Vec<Value>) -> Self {
        Self { tag, fields }
    }

    /// What it is, and the types of its fields.
    pub(super) fn shape(&self) -> Shape {
        Shape { tag: self.tag.clone(), types: self.fields.iter().map(Value::ty).collect() }
    }

    /// What it is.
    pub fn tag(&self) -> &Tag {
        &self.tag
    }

    /// What it is made of.
    pub fn fields(&self) -> &[Value] {
        &self.fields
    }

    /// How many records lie within each other, itself included; no more than `most` are counted, and one.
    fn depth(&self, most: u32) -> u32 {
        if most == 0 {
            return 1;
        }
        let depths = self.fields.iter().map(|field| match field {
            Value::Record(record) => record.depth(most - 1),
            Value::Symbol(_) | Value::Number(_) | Value::Unsigned(_) | Value::Float(_) | Value::Date(_) => 0,
        });
        1 + depths.max().unwrap_or(0)
    }
}

/// A record as Soufflé writes it into files: texts bare, `[1, [a, nil]]`, `$Circle(2)`, `$Point`.
impl fmt::Display for Record {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write(f, &|field, f| write!(f, "{field}"))
    }
}

impl Record {
    /// The record, with its fields as `field` has them.
    pub fn with_fields(&self, field: &dyn Fn(&Value) -> String) -> String {
        let mut text = String::new();
        let written = self.write(&mut text, &|value, text| text.write_str(&field(value)));
        written.expect("writing to a text does not fail");
        text
    }

    /// Writes the record, its fields as `field` writes them.
    fn write<W: fmt::Write>(&self, out: &mut W, field: &dyn Fn(&Value, &mut W) -> fmt::Result) -> fmt::Result {
        let close = match &self.tag {
            Tag::Nil => return out.write_str("nil"),
            Tag::Plain => {
                out.write_char('[')?;
                "]"
            }
            Tag::Branch(name) if self.fields.is_empty() => return write!(out, "${name}"),
            Tag::Branch(name) => {
                write!(out, "${name}(")?;
                ")"
            }
        };
        for (at, value) in self.fields.iter().enumerate() {
            if at > 0 {
                out.write_str(", ")?;
            }
            field(value, out)?;
        }
        out.write_str(close)
    }
}

/// A record as JSON has it: `null`, `[1, "a"]`, `{"$Circle": [2]}`.
impl serde::Serialize for Record {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeMap;
        match &self.tag {
            Tag::Nil => serializer.serialize_unit(),
            Tag::Plain => serializer.collect_seq(&self.fields),
            Tag::Branch(name) => {
                let mut map = serializer.serialize_map(Some(1))?;
                map.serialize_entry(&format!("${name}"), &self.fields)?;
                map.end()
            }
        }
    }
}
