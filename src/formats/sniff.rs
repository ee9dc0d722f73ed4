//! The type of a column that no `.decl` declares: date, number or float only if every value prints back exactly as it
//! was read, else symbol. So `007` is a symbol.

use super::read::{parse_float, parse_number};
use crate::data::{Date, Type};

/// The types that a column's values still allow.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sniffed {
    any: bool,
    date: bool,
    number: bool,
    float: bool,
}

impl Sniffed {
    pub(super) fn new() -> Self {
        Self { any: false, date: true, number: true, float: true }
    }

    /// Takes a value into account.
    pub(super) fn see(&mut self, text: &str) {
        self.any = true;
        self.date = self.date && Date::parse(text).is_some();
        self.number = self.number && parse_number(text.as_bytes()).is_some_and(|number| number.to_string() == text);
        self.float = self.float && parse_float(text).is_some_and(|float| float.to_string() == text);
    }

    /// The type; that of a column without values is symbol.
    pub(super) fn ty(self) -> Type {
        match self {
            Sniffed { any: false, .. } => Type::Symbol,
            Sniffed { date: true, .. } => Type::Date,
            Sniffed { number: true, .. } => Type::Number,
            Sniffed { float: true, .. } => Type::Float,
            Sniffed { .. } => Type::Symbol,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sniff(values: &[&str]) -> Type {
        let mut sniffed = Sniffed::new();
        values.iter().for_each(|value| sniffed.see(value));
        sniffed.ty()
    }

    #[test]
    fn a_value_that_would_print_otherwise_makes_a_symbol() {
        assert_eq!(sniff(&["1", "-2"]), Type::Number);
        assert_eq!(sniff(&["1", "007"]), Type::Symbol);
        assert_eq!(sniff(&["-0"]), Type::Symbol);
        assert_eq!(sniff(&["0.5", "2.0"]), Type::Float);
        assert_eq!(sniff(&["0.50"]), Type::Symbol);
        assert_eq!(sniff(&["2025-02-18"]), Type::Date);
        assert_eq!(sniff(&["2025-02-30"]), Type::Symbol);
        assert_eq!(sniff(&["", "1"]), Type::Symbol);
        assert_eq!(sniff(&[]), Type::Symbol);
    }
}
