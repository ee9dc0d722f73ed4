//! A value in 64 bits, as columns store it.
//!
//! Promise: words of one type are equal exactly when their values are; words of numbers with and without sign, floats
//! and dates are also ordered as their values are. Words of symbols are ids and have no meaningful order.

use super::{Date, Float, Id, SymbolId, SymbolTable, Symbols, Type, Value};

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

    /// A value as a word; a symbol is interned.
    pub fn encode(value: &Value, symbols: &Symbols) -> Self {
        match value {
            Value::Symbol(text) => Word::symbol(symbols.intern(text)),
            Value::Number(number) => Word::number(*number),
            Value::Unsigned(number) => Word::unsigned(*number),
            Value::Float(float) => Word::float(*float),
            Value::Date(date) => Word::date(*date),
        }
    }

    /// A value as a word, unless it is a symbol that was never interned.
    pub fn find(value: &Value, symbols: &SymbolTable) -> Option<Self> {
        Some(match value {
            Value::Symbol(text) => Word::symbol(symbols.find(text)?),
            Value::Number(number) => Word::number(*number),
            Value::Unsigned(number) => Word::unsigned(*number),
            Value::Float(float) => Word::float(*float),
            Value::Date(date) => Word::date(*date),
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
