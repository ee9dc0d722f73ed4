//! What a fact is made of: values, and the types that tell them apart.
//!
//! [`Value`] is how values look at the doors (in a program's text, in a file, in an answer). Between the doors the
//! engine works on [`Word`](super::Word)s.

use super::{Date, Record};
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

/// The type of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Type {
    /// A text; `russia` and `"russia"` are the same one.
    Symbol,
    /// A signed integer of 64 bits.
    Number,
    /// An integer of 64 bits without a sign.
    Unsigned,
    /// A finite IEEE double; there is one zero.
    Float,
    /// A calendar day.
    Date,
    /// A record: `nil`, or values put together.
    Record,
}

impl Type {
    /// Every type that has a name of its own, in the order in which help lists them.
    pub const ALL: [Type; 5] = [Type::Symbol, Type::Number, Type::Unsigned, Type::Float, Type::Date];

    /// The type's name in a `.decl`.
    pub fn name(self) -> &'static str {
        match self {
            Type::Symbol => "symbol",
            Type::Number => "number",
            Type::Unsigned => "unsigned",
            Type::Float => "float",
            Type::Date => "date",
            Type::Record => "record",
        }
    }

    /// `a number`, as a sentence has it.
    pub fn with_article(self) -> &'static str {
        match self {
            Type::Symbol => "a symbol",
            Type::Number => "a number",
            Type::Unsigned => "an unsigned",
            Type::Float => "a float",
            Type::Date => "a date",
            Type::Record => "a record",
        }
    }
}

impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A value. Ordered as answers are: numbers by size, dates by day, symbols by code point, records field by field.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Value {
    /// A text.
    Symbol(Arc<str>),
    /// An integer.
    Number(i64),
    /// An integer without a sign.
    Unsigned(u64),
    /// A finite double.
    Float(Float),
    /// A calendar day.
    Date(Date),
    /// A record.
    Record(Arc<Record>),
}

impl Value {
    /// The symbol with this text.
    pub fn symbol(text: impl Into<Arc<str>>) -> Self {
        Value::Symbol(text.into())
    }

    /// The type of the value.
    pub fn ty(&self) -> Type {
        match self {
            Value::Symbol(_) => Type::Symbol,
            Value::Number(_) => Type::Number,
            Value::Unsigned(_) => Type::Unsigned,
            Value::Float(_) => Type::Float,
            Value::Date(_) => Type::Date,
            Value::Record(_) => Type::Record,
        }
    }
}

/// The value bare, as a table cell or a CSV field shows it: symbols without quotes.
impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::Symbol(text) => f.write_str(text),
            Value::Number(number) => write!(f, "{number}"),
            Value::Unsigned(number) => write!(f, "{number}"),
            Value::Float(float) => write!(f, "{float}"),
            Value::Date(date) => write!(f, "{date}"),
            Value::Record(record) => write!(f, "{record}"),
        }
    }
}

/// The value as JSON has it: numbers and floats are numbers, symbols and dates are texts, records are arrays.
impl serde::Serialize for Value {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Value::Symbol(text) => serializer.serialize_str(text),
            Value::Number(number) => serializer.serialize_i64(*number),
            Value::Unsigned(number) => serializer.serialize_u64(*number),
            Value::Float(float) => serializer.serialize_f64(float.get()),
            Value::Date(date) => serializer.collect_str(date),
            Value::Record(record) => record.serialize(serializer),
        }
    }
}

/// A finite double with a total order. Invariant: never NaN, never infinite, never `-0.0`.
#[derive(Debug, Clone, Copy)]
pub struct Float(f64);

impl Float {
    /// The float, unless it is NaN or infinite; `-0.0` becomes `0.0`.
    pub fn new(value: f64) -> Option<Self> {
        value.is_finite().then_some(Self(value + 0.0))
    }

    /// The number itself.
    pub fn get(self) -> f64 {
        self.0
    }
}

impl PartialEq for Float {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}
impl Eq for Float {}
impl PartialOrd for Float {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
impl Ord for Float {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.total_cmp(&other.0)
    }
}
impl Hash for Float {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.to_bits().hash(state);
    }
}

/// The shortest text that reads back as the same float; always with a point or an exponent.
impl fmt::Display for Float {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.0)
    }
}
