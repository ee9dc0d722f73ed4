//! How Soufflé writes each builtin of Entail's.
//!
//! In: a row of the table of builtins. Out: the row of this table that is for it. What Soufflé computes in another way,
//! or not at all, says why; so does what it computes alike only under a condition.

use crate::data::Builtin;
use crate::data::Notation::{self, Call, Infix, OneOf, Prefix};
use crate::data::Type::{self, Date, Float, Number, Symbol, Unsigned};

/// How a builtin is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Written {
    /// As here, perhaps under another name.
    Named(&'static str),
    /// As here, with a divisor that is not 0.
    Divided(&'static str),
    /// The argument itself.
    Argument,
    /// `to_number(substr(D, 0, 4))`: a part of a day's text.
    Part {
        /// Where it begins.
        from: i64,
        /// How long it is.
        length: i64,
    },
    /// The text of the day so many days behind another or before it.
    Moved(&'static str),
    /// The number of days between the texts of two.
    Between,
    /// The text of the day of three numbers, where the calendar has it.
    Day,
    /// As here, where all texts are of ASCII.
    Bytes(&'static str),
    /// `substr(T, F, N)`, where all texts are of ASCII and the part lies within the text.
    Within,
    /// `substr(T, 0, strlen(P)) = P`
    Start,
    /// `substr(T, strlen(T) - strlen(P), strlen(P)) = P`
    End,
    /// As here, with a pattern that both read alike.
    Pattern,
    /// `X = range(1, 9)`
    OneOf,
    /// Not at all, and why.
    Refused(&'static str),
}

/// A row: what is written here, and how it is there.
struct Row {
    name: &'static str,
    notation: Notation,
    params: &'static [Type],
    written: Written,
}

const fn row(name: &'static str, notation: Notation, params: &'static [Type], written: Written) -> Row {
    Row { name, notation, params, written }
}

const ROUNDED: Written = Written::Refused("Soufflé computes powers with floats, which are not exact beyond 53 bits");
const NO_PERIODS: Written = Written::Refused("Soufflé reads no periods of time");
const NO_CASE: Written = Written::Refused("Soufflé does not change letters");
const STOPS: Written = Written::Refused("Soufflé stops at a text that spells no number, where this has no value");
const SIX_DIGITS: Written = Written::Refused("Soufflé writes six digits behind the point");

/// Every builtin.
static ROWS: &[Row] = &[
    row("+", Infix, &[Number, Number], Written::Named("+")),
    row("-", Infix, &[Number, Number], Written::Named("-")),
    row("*", Infix, &[Number, Number], Written::Named("*")),
    row("/", Infix, &[Number, Number], Written::Divided("/")),
    row("mod", Infix, &[Number, Number], Written::Divided("%")),
    row("^", Infix, &[Number, Number], ROUNDED),
    row("-", Prefix, &[Number], Written::Named("-")),
    row("+", Infix, &[Unsigned, Unsigned], Written::Named("+")),
    row("-", Infix, &[Unsigned, Unsigned], Written::Named("-")),
    row("*", Infix, &[Unsigned, Unsigned], Written::Named("*")),
    row("/", Infix, &[Unsigned, Unsigned], Written::Divided("/")),
    row("mod", Infix, &[Unsigned, Unsigned], Written::Divided("%")),
    row("^", Infix, &[Unsigned, Unsigned], ROUNDED),
    row("+", Infix, &[Float, Float], Written::Named("+")),
    row("-", Infix, &[Float, Float], Written::Named("-")),
    row("*", Infix, &[Float, Float], Written::Named("*")),
    row("/", Infix, &[Float, Float], Written::Named("/")),
    row("^", Infix, &[Float, Float], Written::Named("^")),
    row("-", Prefix, &[Float], Written::Named("-")),
    row("+", Infix, &[Date, Number], Written::Moved("+")),
    row("+", Infix, &[Number, Date], Written::Moved("+")),
    row("-", Infix, &[Date, Number], Written::Moved("-")),
    row("-", Infix, &[Date, Date], Written::Between),
    row("cat", Call, &[Symbol, Symbol], Written::Named("cat")),
    row("strlen", Call, &[Symbol], Written::Bytes("strlen")),
    row("substr", Call, &[Symbol, Number, Number], Written::Within),
    row("lower", Call, &[Symbol], NO_CASE),
    row("upper", Call, &[Symbol], NO_CASE),
    row("contains", Call, &[Symbol, Symbol], Written::Named("contains")),
    row("starts_with", Call, &[Symbol, Symbol], Written::Start),
    row("ends_with", Call, &[Symbol, Symbol], Written::End),
    row("match", Call, &[Symbol, Symbol], Written::Pattern),
    row("to_number", Call, &[Symbol], STOPS),
    row("to_number", Call, &[Float], Written::Named("to_number")),
    row("to_float", Call, &[Symbol], STOPS),
    row("to_float", Call, &[Number], Written::Named("to_float")),
    row("to_symbol", Call, &[Number], Written::Named("to_string")),
    row("to_symbol", Call, &[Float], SIX_DIGITS),
    row("to_symbol", Call, &[Date], Written::Argument),
    row("to_unsigned", Call, &[Symbol], STOPS),
    row("to_unsigned", Call, &[Number], Written::Named("to_unsigned")),
    row("to_unsigned", Call, &[Float], Written::Named("to_unsigned")),
    row("to_number", Call, &[Unsigned], Written::Named("to_number")),
    row("to_float", Call, &[Unsigned], Written::Named("to_float")),
    row("to_symbol", Call, &[Unsigned], Written::Named("to_string")),
    row("max", Call, &[Number, Number], Written::Named("max")),
    row("max", Call, &[Unsigned, Unsigned], Written::Named("max")),
    row("max", Call, &[Float, Float], Written::Named("max")),
    row("max", Call, &[Symbol, Symbol], Written::Named("max")),
    row("max", Call, &[Date, Date], Written::Named("max")),
    row("min", Call, &[Number, Number], Written::Named("min")),
    row("min", Call, &[Unsigned, Unsigned], Written::Named("min")),
    row("min", Call, &[Float, Float], Written::Named("min")),
    row("min", Call, &[Symbol, Symbol], Written::Named("min")),
    row("min", Call, &[Date, Date], Written::Named("min")),
    row("year", Call, &[Date], Written::Part { from: 0, length: 4 }),
    row("month", Call, &[Date], Written::Part { from: 5, length: 2 }),
    row("day", Call, &[Date], Written::Part { from: 8, length: 2 }),
    row("date", Call, &[Number, Number, Number], Written::Day),
    row("earliest", Call, &[Symbol], NO_PERIODS),
    row("latest", Call, &[Symbol], NO_PERIODS),
    row("range", OneOf, &[Number; 3], Written::OneOf),
    row("range", OneOf, &[Number; 4], Written::OneOf),
    row("range", OneOf, &[Unsigned; 3], Written::OneOf),
    row("range", OneOf, &[Unsigned; 4], Written::OneOf),
    row("range", OneOf, &[Float; 3], Written::OneOf),
    row("range", OneOf, &[Float; 4], Written::OneOf),
];

/// How a builtin of Entail's is written in Soufflé.
pub(super) fn written(builtin: &Builtin) -> Written {
    let found = ROWS
        .iter()
        .find(|row| row.name == builtin.name && row.notation == builtin.notation && row.params == builtin.params);
    found.map_or(Written::Refused("Soufflé has nothing like it"), |row| row.written)
}

/// Whether a regular expression means the same to both: characters, classes of them, groups, choices and repetition.
pub(super) fn is_plain_pattern(pattern: &str) -> bool {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || " _-,:;/@\"'<>=!#%~.*+?|()[]".contains(c);
    let odd = ["(?", "[[", "--", "~~", "**", "*+", "++", "?+", "+*", "?*", "[]", "[-", "-]"];
    pattern.chars().all(is_plain) && !odd.iter().any(|odd| pattern.contains(odd))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::BUILTINS;

    #[test]
    fn every_builtin_has_one_row() {
        for builtin in BUILTINS {
            let rows = ROWS
                .iter()
                .filter(|row| (row.name, row.notation, row.params) == (builtin.name, builtin.notation, builtin.params));
            assert_eq!(rows.count(), 1, "`{}` of {:?}", builtin.name, builtin.params);
        }
        assert_eq!(ROWS.len(), BUILTINS.len());
    }

    #[test]
    fn patterns_that_both_read_alike_are_told_from_others() {
        assert!(["a.*", "agr_[a-z]+", "(a|b)?c"].iter().all(|pattern| is_plain_pattern(pattern)));
        assert!(!["\\d+", "(?i)a", "[[:alpha:]]", "é", "a**", "a{2}"].iter().any(|pattern| is_plain_pattern(pattern)));
    }
}
