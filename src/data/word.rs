//! A value in 64 bits, as columns store it.
//!
//! Promise: words of one type are equal exactly when their values are; words of numbers with and without sign, floats
//! and dates are also ordered as their values are. Words of symbols and of records are ids
//! and have no meaningful order.

use super::records::{self, Shape};
use super::{Date, Float, Id, Record, SymbolId, SymbolTable, Symbols, Tag, Type, Value};
use std::cmp::Ordering;
use std::sync::Arc;

/// A value of a known type in 64 bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Word(pub u64);

const SIGN: u64 = 1 << 63;

impl Word {
    /// A number as a word.
    pub fn number(number: i64) -> Self {
        Word(number.cast_unsigned() ^ SIGN)
    }

    /// The number in a word of type `number`.
    pub fn as_number(self) -> i64 {
        (self.0 ^ SIGN).cast_signed()
    }

    /// A number without a sign as a word.
    pub fn unsigned(number: u64) -> Self {
        Word(number)
    }

    /// The number in a word of type `unsigned`.
    pub fn as_unsigned(self) -> u64 {
        self.0
    }

    /// A float as a word.
    pub fn float(float: Float) -> Self {
        let bits = float.get().to_bits();
        Word(if bits & SIGN == 0 { bits | SIGN } else { !bits })
    }

    /// The float in a word of type `float`.
    pub fn as_float(self) -> Float {
        let bits = if self.0 & SIGN == 0 { !self.0 } else { self.0 ^ SIGN };
        Float::new(f64::from_bits(bits)).expect("a float's word was made from a finite float")
    }

    /// A date as a word.
    pub fn date(date: Date) -> Self {
        Word::number(date.days())
    }

    /// The date in a word of type `date`.
    pub fn as_date(self) -> Date {
        Date::from_days(self.as_number()).expect("a date's word was made from a date")
    }

    /// A symbol as a word.
    pub fn symbol(id: SymbolId) -> Self {
        Word(id.index() as u64)
    }

    /// The symbol in a word of type `symbol`.
    pub fn as_symbol(self) -> SymbolId {
        SymbolId::from_index(usize::try_from(self.0).expect("a symbol's word was made from its id"))
    }

    /// A value as a word; a symbol is interned, and so is a record.
    pub fn encode(value: &Value, symbols: &Symbols) -> Self {
        match value {
            Value::Symbol(text) => Word::symbol(symbols.intern(text)),
            Value::Number(number) => Word::number(*number),
            Value::Unsigned(number) => Word::unsigned(*number),
            Value::Float(float) => Word::float(*float),
            Value::Date(date) => Word::date(*date),
            Value::Record(record) if *record.tag() == Tag::Nil => records::NIL,
            Value::Record(record) => {
                let fields: Vec<Word> = record.fields().iter().map(|field| Word::encode(field, symbols)).collect();
                let mut table = symbols.write();
                let shape = table.records.shape(&record.shape());
                table.records.intern(shape, &fields).expect("a record that nests too deeply is not made")
            }
        }
    }

    /// A value as a word, unless it is or holds a symbol or a record that was never interned.
    pub fn find(value: &Value, symbols: &SymbolTable) -> Option<Self> {
        Some(match value {
            Value::Symbol(text) => Word::symbol(symbols.find(text)?),
            Value::Number(number) => Word::number(*number),
            Value::Unsigned(number) => Word::unsigned(*number),
            Value::Float(float) => Word::float(*float),
            Value::Date(date) => Word::date(*date),
            Value::Record(record) if *record.tag() == Tag::Nil => records::NIL,
            Value::Record(record) => {
                let fields = record.fields().iter().map(|field| Word::find(field, symbols));
                let shape = symbols.records.find_shape(&record.shape())?;
                symbols.records.find(shape, &fields.collect::<Option<Vec<Word>>>()?)?
            }
        })
    }

    /// The value that a word of this type stands for.
    pub fn decode(self, ty: Type, symbols: &SymbolTable) -> Value {
        match ty {
            Type::Symbol => Value::symbol(symbols.text(self.as_symbol())),
            Type::Number => Value::Number(self.as_number()),
            Type::Unsigned => Value::Unsigned(self.as_unsigned()),
            Type::Float => Value::Float(self.as_float()),
            Type::Date => Value::Date(self.as_date()),
            Type::Record => Value::Record(Arc::new(self.as_record(symbols))),
        }
    }

    /// The record in a word of type `record`.
    fn as_record(self, symbols: &SymbolTable) -> Record {
        let Some((shape, words)) = symbols.records.fields(self) else { return Record::nil() };
        let Shape { tag, types } = symbols.records.shape_of(shape);
        let fields = words.iter().zip(types).map(|(word, ty)| word.decode(*ty, symbols)).collect();
        Record::of_words(tag.clone(), fields)
    }

    /// Compares two words of a type by the values that they stand for.
    pub fn compare(self, other: Word, ty: Type, symbols: &SymbolTable) -> Ordering {
        match ty {
            _ if self == other => Ordering::Equal,
            Type::Symbol => symbols.text(self.as_symbol()).cmp(symbols.text(other.as_symbol())),
            Type::Number | Type::Unsigned | Type::Float | Type::Date => self.cmp(&other),
            Type::Record => self.compare_records(other, symbols),
        }
    }

    fn compare_records(self, other: Word, symbols: &SymbolTable) -> Ordering {
        let records = &symbols.records;
        let (Some((shape, fields)), Some((other_shape, others))) = (records.fields(self), records.fields(other)) else {
            return (self != records::NIL).cmp(&(other != records::NIL));
        };
        if shape != other_shape {
            return self.as_record(symbols).cmp(&other.as_record(symbols));
        }
        let pairs = fields.iter().zip(others).zip(&records.shape_of(shape).types);
        let mut orders = pairs.map(|((one, other), ty)| one.compare(*other, *ty, symbols));
        orders.find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
    }

    /// Whether words of a type are in the order of their values.
    pub fn is_ordered(ty: Type) -> bool {
        match ty {
            Type::Number | Type::Unsigned | Type::Float | Type::Date => true,
            Type::Symbol | Type::Record => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_of_words_is_order_of_values() {
        let floats = [-1e300, -1.5, -1e-300, 0.0, 1e-300, 2.0, 1e300];
        let words: Vec<_> = floats.iter().map(|&f| Word::float(Float::new(f).expect("finite"))).collect();
        assert!(words.is_sorted());
        assert_eq!(words.iter().map(|word| word.as_float().get()).collect::<Vec<_>>(), floats);
        let numbers = [i64::MIN, -1, 0, 1, i64::MAX];
        let words: Vec<_> = numbers.iter().map(|&n| Word::number(n)).collect();
        assert!(words.is_sorted());
        assert_eq!(words.iter().map(|word| word.as_number()).collect::<Vec<_>>(), numbers);
    }
}
