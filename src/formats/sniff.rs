//! The type of a column that no `.decl` declares: date, number or float only if every value prints back exactly as it
//! was read, else symbol. So `007` is a symbol.

use super::number::{is_printed, parse_number};
use super::read::parse_float;
use crate::data::{Date, Type};

/// The type of the one value that prints as this text; there are no two of different types.
pub(super) fn type_of(text: &str) -> Type {
    if is_printed(text.as_bytes()) && parse_number(text.as_bytes()).is_some() {
        Type::Number
    } else if Date::parse(text).is_some() {
        Type::Date
    } else if parse_float(text).is_some_and(|float| float.to_string() == text) {
        Type::Float
    } else {
        Type::Symbol
    }
}

/// What the values of a column say of its type; nothing as long as there are none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Sniffed(Option<Type>);

impl Sniffed {
    /// There was a value that only a symbol can hold, or values of several types.
    pub(super) const SYMBOL: Sniffed = Sniffed(Some(Type::Symbol));

    /// Takes a value into account.
    pub(super) fn see(&mut self, text: &str) {
        self.0 = match self.0 {
            None => Some(type_of(text)),
            Some(ty) if ty == Type::Symbol || type_of(text) == ty => Some(ty),
            Some(_) => Some(Type::Symbol),
        };
    }

    /// The type; that of a column without values is symbol.
    pub(super) fn ty(self) -> Type {
        self.0.unwrap_or(Type::Symbol)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sniff(values: &[&str]) -> Type {
        let mut sniffed = Sniffed::default();
        values.iter().for_each(|value| sniffed.see(value));
        sniffed.ty()
    }

    #[test]
    fn a_value_that_would_print_otherwise_makes_a_symbol() {
        assert_eq!(sniff(&["1", "-2"]), Type::Number);
        assert_eq!(sniff(&["1", "007"]), Type::Symbol);
        assert_eq!(sniff(&["-0"]), Type::Symbol);
        assert_eq!(sniff(&["9223372036854775808"]), Type::Symbol);
        assert_eq!(sniff(&["0.5", "2.0"]), Type::Float);
        assert_eq!(sniff(&["0.5", "2"]), Type::Symbol);
        assert_eq!(sniff(&["0.50"]), Type::Symbol);
        assert_eq!(sniff(&["2025-02-18"]), Type::Date);
        assert_eq!(sniff(&["2025-02-30"]), Type::Symbol);
        assert_eq!(sniff(&["", "1"]), Type::Symbol);
        assert_eq!(sniff(&[]), Type::Symbol);
    }
}
