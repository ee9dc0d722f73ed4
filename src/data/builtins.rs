//! The table of builtins: every operator and function of the language, one row a signature.
//!
//! Parsing, typing, evaluation, help and `docs/language.md` are made from these rows. A name may have several rows;
//! the types of the arguments choose among them.

use super::kernels::{arithmetic, dates, texts};
use super::{Float, Type, Value, id};
use Type::{Date, Float as FloatType, Number, Symbol};
use std::fmt;

id! {
    /// The row of [`BUILTINS`] at this position.
    BuiltinId
}

/// One signature of a builtin.
#[derive(Debug)]
pub struct Builtin {
    /// What is written: `+`, `strlen`.
    pub name: &'static str,
    /// How it is written.
    pub notation: Notation,
    /// Types of the arguments, in order.
    pub params: &'static [Type],
    /// Type of the value; `None` for a predicate, which holds or does not.
    pub result: Option<Type>,
    /// What it does, in one line.
    pub doc: &'static str,
    /// A literal that holds and uses it; a test evaluates it.
    pub example: &'static str,
    /// The code.
    pub kernel: Kernel,
}

/// How a builtin is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Notation {
    /// `A + B`
    Infix,
    /// `-A`
    Prefix,
    /// `strlen(A)`
    Call,
}

/// The code of a builtin, in the shape its types allow. Arguments have the types of the row's `params`.
#[derive(Debug, Clone, Copy)]
pub enum Kernel {
    /// Two numbers to a number.
    Numbers(fn(i64, i64) -> Result<i64, Fault>),
    /// Two floats to a float; a result that is not finite is a fault.
    Floats(fn(f64, f64) -> f64),
    /// Any values to a value, or to none where the arguments lie outside the domain.
    Values(fn(&[Value]) -> Result<Option<Value>, Fault>),
    /// A predicate.
    Test(fn(&[Value]) -> bool),
}

/// Why arithmetic stops a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Fault {
    /// The result does not fit its type.
    Overflow,
    /// Division, or a remainder, by zero.
    DivisionByZero,
    /// A float became infinite or NaN.
    NotFinite,
    /// A symbol grew longer than 16 MiB.
    TooLong,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Fault::Overflow => "the result does not fit",
            Fault::DivisionByZero => "division by zero",
            Fault::NotFinite => "the result is not a finite number",
            Fault::TooLong => "the symbol grows longer than 16 MiB",
        })
    }
}

impl BuiltinId {
    /// The row itself.
    pub fn row(self) -> &'static Builtin {
        &BUILTINS[super::Id::index(self)]
    }

    /// The rows with that name and notation, in order of the table.
    pub fn named(name: &str, notation: Notation) -> impl Iterator<Item = BuiltinId> + use<'_> {
        BUILTINS
            .iter()
            .enumerate()
            .filter(move |(_, row)| row.name == name && row.notation == notation)
            .map(|(index, _)| super::Id::from_index(index))
    }
}

impl Builtin {
    /// The value for these arguments; none where they lie outside the domain. Not for predicates.
    pub fn value(&self, args: &[Value]) -> Result<Option<Value>, Fault> {
        match (self.kernel, args) {
            (Kernel::Numbers(run), [Value::Number(a), Value::Number(b)]) => run(*a, *b).map(Value::Number).map(Some),
            (Kernel::Floats(run), [Value::Float(a), Value::Float(b)]) => {
                Float::new(run(a.get(), b.get())).map(Value::Float).map(Some).ok_or(Fault::NotFinite)
            }
            (Kernel::Values(run), args) => run(args),
            (Kernel::Numbers(_) | Kernel::Floats(_) | Kernel::Test(_), args) => {
                panic!("`{}` was typed for {:?}, not for {args:?}", self.name, self.params)
            }
        }
    }

    /// Whether a predicate holds for these arguments.
    pub fn holds(&self, args: &[Value]) -> bool {
        match self.kernel {
            Kernel::Test(run) => run(args),
            Kernel::Numbers(_) | Kernel::Floats(_) | Kernel::Values(_) => {
                panic!("`{}` is a function, not a predicate", self.name)
            }
        }
    }

    /// Whether some arguments stop the run instead of giving a value.
    pub fn may_fault(&self) -> bool {
        match self.kernel {
            Kernel::Numbers(_) | Kernel::Floats(_) | Kernel::Values(_) => true,
            Kernel::Test(_) => false,
        }
    }
}

/// Every builtin.
pub static BUILTINS: &[Builtin] = &[
    Builtin {
        name: "+",
        notation: Notation::Infix,
        params: &[Number, Number],
        result: Some(Number),
        doc: "sum",
        example: "1 + 2 = 3",
        kernel: Kernel::Numbers(arithmetic::add),
    },
    Builtin {
        name: "-",
        notation: Notation::Infix,
        params: &[Number, Number],
        result: Some(Number),
        doc: "difference",
        example: "1 - 2 = -1",
        kernel: Kernel::Numbers(arithmetic::subtract),
    },
    Builtin {
        name: "*",
        notation: Notation::Infix,
        params: &[Number, Number],
        result: Some(Number),
        doc: "product",
        example: "6 * 7 = 42",
        kernel: Kernel::Numbers(arithmetic::multiply),
    },
    Builtin {
        name: "/",
        notation: Notation::Infix,
        params: &[Number, Number],
        result: Some(Number),
        doc: "quotient, cut off towards zero",
        example: "-7 / 2 = -3",
        kernel: Kernel::Numbers(arithmetic::divide),
    },
    Builtin {
        name: "mod",
        notation: Notation::Infix,
        params: &[Number, Number],
        result: Some(Number),
        doc: "remainder, with the sign of the left side",
        example: "-7 mod 2 = -1",
        kernel: Kernel::Numbers(arithmetic::remainder),
    },
    Builtin {
        name: "^",
        notation: Notation::Infix,
        params: &[Number, Number],
        result: Some(Number),
        doc: "power; no value for a negative exponent",
        example: "2 ^ 10 = 1024",
        kernel: Kernel::Values(arithmetic::power),
    },
    Builtin {
        name: "-",
        notation: Notation::Prefix,
        params: &[Number],
        result: Some(Number),
        doc: "the number with the other sign",
        example: "X = 3, -X = -3",
        kernel: Kernel::Values(arithmetic::negate),
    },
    Builtin {
        name: "+",
        notation: Notation::Infix,
        params: &[FloatType, FloatType],
        result: Some(FloatType),
        doc: "sum",
        example: "0.5 + 0.25 = 0.75",
        kernel: Kernel::Floats(|a, b| a + b),
    },
    Builtin {
        name: "-",
        notation: Notation::Infix,
        params: &[FloatType, FloatType],
        result: Some(FloatType),
        doc: "difference",
        example: "0.5 - 0.25 = 0.25",
        kernel: Kernel::Floats(|a, b| a - b),
    },
    Builtin {
        name: "*",
        notation: Notation::Infix,
        params: &[FloatType, FloatType],
        result: Some(FloatType),
        doc: "product",
        example: "0.5 * 0.5 = 0.25",
        kernel: Kernel::Floats(|a, b| a * b),
    },
    Builtin {
        name: "/",
        notation: Notation::Infix,
        params: &[FloatType, FloatType],
        result: Some(FloatType),
        doc: "quotient",
        example: "1.0 / 4.0 = 0.25",
        kernel: Kernel::Values(arithmetic::divide_floats),
    },
    Builtin {
        name: "^",
        notation: Notation::Infix,
        params: &[FloatType, FloatType],
        result: Some(FloatType),
        doc: "power",
        example: "2.0 ^ 0.5 > 1.41",
        kernel: Kernel::Floats(f64::powf),
    },
    Builtin {
        name: "-",
        notation: Notation::Prefix,
        params: &[FloatType],
        result: Some(FloatType),
        doc: "the float with the other sign",
        example: "X = 0.5, -X = -0.5",
        kernel: Kernel::Values(arithmetic::negate),
    },
    Builtin {
        name: "+",
        notation: Notation::Infix,
        params: &[Date, Number],
        result: Some(Date),
        doc: "so many days later",
        example: "2024-02-28 + 2 = 2024-03-01",
        kernel: Kernel::Values(dates::add),
    },
    Builtin {
        name: "+",
        notation: Notation::Infix,
        params: &[Number, Date],
        result: Some(Date),
        doc: "so many days later",
        example: "2 + 2024-02-28 = 2024-03-01",
        kernel: Kernel::Values(dates::add),
    },
    Builtin {
        name: "-",
        notation: Notation::Infix,
        params: &[Date, Number],
        result: Some(Date),
        doc: "so many days earlier",
        example: "2024-03-01 - 1 = 2024-02-29",
        kernel: Kernel::Values(dates::subtract),
    },
    Builtin {
        name: "-",
        notation: Notation::Infix,
        params: &[Date, Date],
        result: Some(Number),
        doc: "days from the right side to the left",
        example: "2024-03-01 - 2024-02-01 = 29",
        kernel: Kernel::Values(dates::between),
    },
    Builtin {
        name: "cat",
        notation: Notation::Call,
        params: &[Symbol, Symbol],
        result: Some(Symbol),
        doc: "two texts, end to end",
        example: "cat(\"ab\", \"c\") = \"abc\"",
        kernel: Kernel::Values(texts::cat),
    },
    Builtin {
        name: "cat",
        notation: Notation::Call,
        params: &[Symbol, Symbol, Symbol],
        result: Some(Symbol),
        doc: "three texts, end to end",
        example: "cat(\"a\", \"b\", \"c\") = \"abc\"",
        kernel: Kernel::Values(texts::cat),
    },
    Builtin {
        name: "cat",
        notation: Notation::Call,
        params: &[Symbol, Symbol, Symbol, Symbol],
        result: Some(Symbol),
        doc: "four texts, end to end",
        example: "cat(\"a\", \"b\", \"c\", \"d\") = \"abcd\"",
        kernel: Kernel::Values(texts::cat),
    },
    Builtin {
        name: "strlen",
        notation: Notation::Call,
        params: &[Symbol],
        result: Some(Number),
        doc: "characters of a text",
        example: "strlen(\"déjà\") = 4",
        kernel: Kernel::Values(texts::strlen),
    },
    Builtin {
        name: "substr",
        notation: Notation::Call,
        params: &[Symbol, Number, Number],
        result: Some(Symbol),
        doc: "so many characters from a position on, counted from 0; no value where the text ends before",
        example: "substr(\"western\", 0, 4) = \"west\"",
        kernel: Kernel::Values(texts::substr),
    },
    Builtin {
        name: "lower",
        notation: Notation::Call,
        params: &[Symbol],
        result: Some(Symbol),
        doc: "a text in lower case",
        example: "lower(\"EU\") = \"eu\"",
        kernel: Kernel::Values(texts::lower),
    },
    Builtin {
        name: "upper",
        notation: Notation::Call,
        params: &[Symbol],
        result: Some(Symbol),
        doc: "a text in upper case",
        example: "upper(\"eu\") = \"EU\"",
        kernel: Kernel::Values(texts::upper),
    },
    Builtin {
        name: "contains",
        notation: Notation::Call,
        params: &[Symbol, Symbol],
        result: None,
        doc: "the first text is part of the second",
        example: "contains(\"est\", \"western\")",
        kernel: Kernel::Test(texts::contains),
    },
    Builtin {
        name: "starts_with",
        notation: Notation::Call,
        params: &[Symbol, Symbol],
        result: None,
        doc: "the first text begins the second",
        example: "starts_with(\"west\", \"western\")",
        kernel: Kernel::Test(texts::starts_with),
    },
    Builtin {
        name: "ends_with",
        notation: Notation::Call,
        params: &[Symbol, Symbol],
        result: None,
        doc: "the first text ends the second",
        example: "ends_with(\"ern\", \"western\")",
        kernel: Kernel::Test(texts::ends_with),
    },
    Builtin {
        name: "match",
        notation: Notation::Call,
        params: &[Symbol, Symbol],
        result: None,
        doc: "the first text, a regular expression, describes the whole second",
        example: "match(\"agr_[a-z]+\", \"agr_india\")",
        kernel: Kernel::Test(texts::matches),
    },
    Builtin {
        name: "to_number",
        notation: Notation::Call,
        params: &[Symbol],
        result: Some(Number),
        doc: "the number that a text spells; no value for other texts",
        example: "to_number(\"-12\") = -12",
        kernel: Kernel::Values(texts::to_number),
    },
    Builtin {
        name: "to_number",
        notation: Notation::Call,
        params: &[FloatType],
        result: Some(Number),
        doc: "a float cut off towards zero",
        example: "to_number(-2.9) = -2",
        kernel: Kernel::Values(arithmetic::to_number),
    },
    Builtin {
        name: "to_float",
        notation: Notation::Call,
        params: &[Symbol],
        result: Some(FloatType),
        doc: "the float that a text spells; no value for other texts",
        example: "to_float(\"1e3\") = 1000.0",
        kernel: Kernel::Values(texts::to_float),
    },
    Builtin {
        name: "to_float",
        notation: Notation::Call,
        params: &[Number],
        result: Some(FloatType),
        doc: "a number as the nearest float",
        example: "to_float(2) = 2.0",
        kernel: Kernel::Values(arithmetic::to_float),
    },
    Builtin {
        name: "to_symbol",
        notation: Notation::Call,
        params: &[Number],
        result: Some(Symbol),
        doc: "a number as text",
        example: "to_symbol(12) = \"12\"",
        kernel: Kernel::Values(texts::to_symbol),
    },
    Builtin {
        name: "to_symbol",
        notation: Notation::Call,
        params: &[FloatType],
        result: Some(Symbol),
        doc: "a float as text",
        example: "to_symbol(0.5) = \"0.5\"",
        kernel: Kernel::Values(texts::to_symbol),
    },
    Builtin {
        name: "to_symbol",
        notation: Notation::Call,
        params: &[Date],
        result: Some(Symbol),
        doc: "a date as text",
        example: "to_symbol(2025-02-18) = \"2025-02-18\"",
        kernel: Kernel::Values(texts::to_symbol),
    },
    Builtin {
        name: "year",
        notation: Notation::Call,
        params: &[Date],
        result: Some(Number),
        doc: "year of a date",
        example: "year(2025-02-18) = 2025",
        kernel: Kernel::Values(dates::year),
    },
    Builtin {
        name: "month",
        notation: Notation::Call,
        params: &[Date],
        result: Some(Number),
        doc: "month of a date, 1 to 12",
        example: "month(2025-02-18) = 2",
        kernel: Kernel::Values(dates::month),
    },
    Builtin {
        name: "day",
        notation: Notation::Call,
        params: &[Date],
        result: Some(Number),
        doc: "day of the month, 1 to 31",
        example: "day(2025-02-18) = 18",
        kernel: Kernel::Values(dates::day),
    },
    Builtin {
        name: "date",
        notation: Notation::Call,
        params: &[Number, Number, Number],
        result: Some(Date),
        doc: "the date of a year, month and day; no value where the calendar has none",
        example: "date(2025, 2, 18) = 2025-02-18",
        kernel: Kernel::Values(dates::date),
    },
    Builtin {
        name: "earliest",
        notation: Notation::Call,
        params: &[Symbol],
        result: Some(Date),
        doc: "first day that an EDTF text may mean; no value where it has none",
        example: "earliest(\"199X\") = 1990-01-01",
        kernel: Kernel::Values(dates::earliest),
    },
    Builtin {
        name: "latest",
        notation: Notation::Call,
        params: &[Symbol],
        result: Some(Date),
        doc: "last day that an EDTF text may mean; no value where it has none",
        example: "latest(\"2025-02\") = 2025-02-28",
        kernel: Kernel::Values(dates::latest),
    },
];

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn every_row_is_described_and_has_a_signature_of_its_own() {
        let mut seen = HashSet::new();
        for row in BUILTINS {
            assert!(!row.doc.is_empty() && row.example.contains(row.name), "{}", row.name);
            assert!(seen.insert((row.name, row.params)), "`{}` has this signature twice", row.name);
            assert_eq!(row.result.is_none(), matches!(row.kernel, Kernel::Test(_)), "{}", row.name);
        }
    }
}
