//! The tables of builtins: every operator and function of the language, one row a signature.
//!
//! Parsing, typing, evaluation, help and `docs/language.md` are made from these rows. A name may have several rows;
//! the types of the arguments choose among them. Each dialect has rows of its own, and Soufflé's say for which width of
//! its numbers they are.

mod entail;
mod souffle;

use super::{Dialect, Float, Id, Type, Value, Width, id};
pub use crate::data::kernels::ranges::Steps;
pub use entail::BUILTINS;
use souffle::SOUFFLE;
use std::fmt;
use std::sync::LazyLock;

id! {
    /// A row of a table of builtins.
    BuiltinId
}

/// The rows of all tables, by id.
static ROWS: LazyLock<Vec<Row>> = LazyLock::new(|| {
    let own = BUILTINS.iter().map(|builtin| Row { builtin, valid: Valid::Entail });
    own.chain(SOUFFLE.iter().flat_map(|group| group.rows.iter().map(|builtin| Row { builtin, valid: group.valid })))
        .collect()
});

/// A row, and where it may be used.
struct Row {
    builtin: &'static Builtin,
    valid: Valid,
}

/// Where a row may be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Valid {
    /// In Entail's own dialect.
    Entail,
    /// In Soufflé's, whatever the width of numbers.
    Souffle,
    /// In Soufflé's where numbers are so wide.
    Wide(Width),
}

impl Valid {
    fn within(self, dialect: Dialect) -> bool {
        match self {
            Valid::Entail => dialect == Dialect::Entail,
            Valid::Souffle => matches!(dialect, Dialect::Souffle(_)),
            Valid::Wide(width) => dialect == Dialect::Souffle(width),
        }
    }
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
    /// Whether the last argument may be given again and again.
    pub repeats: bool,
    /// Type of the value; `None` for a predicate, which holds or does not, and for [`Notation::OneOf`].
    pub result: Option<Type>,
    /// What it does, in one line.
    pub doc: &'static str,
    /// A literal that holds and uses it; a test evaluates it.
    pub example: &'static str,
    /// The code.
    pub kernel: Kernel,
}

/// How a builtin is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Notation {
    /// `A + B`
    Infix,
    /// `-A`
    Prefix,
    /// `strlen(A)`
    Call,
    /// `A = range(B, C)`: the first argument is any of several values that the others give.
    OneOf,
}

/// The code of a builtin, in the shape its types allow. Arguments have the types of the row's `params`.
#[derive(Debug, Clone, Copy)]
pub enum Kernel {
    /// Two numbers to a number.
    Numbers(fn(i64, i64) -> Result<i64, Fault>),
    /// Two numbers without a sign to one.
    Unsigned(fn(u64, u64) -> Result<u64, Fault>),
    /// Two floats to a float; a result that is not finite is a fault.
    Floats(fn(f64, f64) -> f64),
    /// Any values to a value, or to none where the arguments lie outside the domain.
    Values(fn(&[Value]) -> Result<Option<Value>, Fault>),
    /// A predicate; none where the arguments lie outside the domain.
    Test(fn(&[Value]) -> Option<bool>),
    /// The values that the first argument may have, made of the others.
    OneOf(fn(&[Value]) -> Steps),
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
    /// A record nests deeper than 1024 others.
    TooDeep,
    /// A text spells no number, where nothing but a number will do.
    NotANumber,
    /// A text with a zero byte in it, at which C would end it.
    ZeroByte,
    /// A function of a library gave something else than a text.
    NoText,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Fault::Overflow => "the result does not fit",
            Fault::DivisionByZero => "division by zero",
            Fault::NotFinite => "the result is not a finite number",
            Fault::TooLong => "the symbol grows longer than 16 MiB",
            Fault::TooDeep => "the record nests too deeply",
            Fault::NotANumber => "the text spells no number",
            Fault::ZeroByte => "a text with a zero byte in it cannot go to a library",
            Fault::NoText => "the library gave no UTF-8 text",
        })
    }
}

impl BuiltinId {
    /// The row itself.
    pub fn row(self) -> &'static Builtin {
        ROWS[Id::index(self)].builtin
    }

    /// The rows of a dialect, in order of its table.
    pub fn all(dialect: Dialect) -> impl Iterator<Item = BuiltinId> {
        let valid = move |(index, row): (usize, &Row)| row.valid.within(dialect).then(|| Id::from_index(index));
        ROWS.iter().enumerate().filter_map(valid)
    }

    /// The rows of a dialect with that name and notation, in order of its table.
    pub fn named(name: &str, notation: Notation, dialect: Dialect) -> impl Iterator<Item = BuiltinId> + use<'_> {
        Self::all(dialect).filter(move |id| id.row().name == name && id.row().notation == notation)
    }
}

impl Builtin {
    /// The type of the argument at this position, if there may be one.
    pub fn param(&self, at: usize) -> Option<Type> {
        self.params.get(at).or_else(|| self.params.last().filter(|_| self.repeats)).copied()
    }

    /// Whether it takes so many arguments.
    pub fn takes(&self, arguments: usize) -> bool {
        self.params.len() == arguments || (self.repeats && self.params.len() <= arguments)
    }

    /// The value for these arguments; none where they lie outside the domain. Not for predicates.
    pub fn value(&self, args: &[Value]) -> Result<Option<Value>, Fault> {
        match (self.kernel, args) {
            (Kernel::Numbers(run), [Value::Number(a), Value::Number(b)]) => run(*a, *b).map(Value::Number).map(Some),
            (Kernel::Unsigned(run), [Value::Unsigned(a), Value::Unsigned(b)]) => {
                run(*a, *b).map(Value::Unsigned).map(Some)
            }
            (Kernel::Floats(run), [Value::Float(a), Value::Float(b)]) => {
                Float::new(run(a.get(), b.get())).map(Value::Float).map(Some).ok_or(Fault::NotFinite)
            }
            (Kernel::Values(run), args) => run(args),
            (
                Kernel::Numbers(_) | Kernel::Unsigned(_) | Kernel::Floats(_) | Kernel::Test(_) | Kernel::OneOf(_),
                args,
            ) => {
                panic!("`{}` was typed for {:?}, not for {args:?}", self.name, self.params)
            }
        }
    }

    /// Whether a predicate holds for these arguments; none where they lie outside the domain.
    pub fn holds(&self, args: &[Value]) -> Option<bool> {
        match self.kernel {
            Kernel::Test(run) => run(args),
            Kernel::OneOf(run) => args.split_first().map(|(value, given)| run(given).holds(value)),
            Kernel::Numbers(_) | Kernel::Unsigned(_) | Kernel::Floats(_) | Kernel::Values(_) => {
                panic!("`{}` is a function, not a predicate", self.name)
            }
        }
    }

    /// The values that the first argument may have, for these others. Only for [`Notation::OneOf`].
    pub fn each(&self, given: &[Value]) -> Steps {
        match self.kernel {
            Kernel::OneOf(run) => run(given),
            Kernel::Numbers(_) | Kernel::Unsigned(_) | Kernel::Floats(_) | Kernel::Values(_) | Kernel::Test(_) => {
                panic!("`{}` has one value", self.name)
            }
        }
    }

    /// Whether some arguments stop the run instead of giving a value.
    pub fn may_fault(&self) -> bool {
        match self.kernel {
            Kernel::Numbers(_) | Kernel::Unsigned(_) | Kernel::Floats(_) | Kernel::Values(_) => true,
            Kernel::Test(_) | Kernel::OneOf(_) => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn every_row_is_described_and_has_a_signature_of_its_own() {
        for dialect in [Dialect::Entail, Dialect::Souffle(Width::Bits32), Dialect::Souffle(Width::Bits64)] {
            let mut seen = HashSet::new();
            for row in BuiltinId::all(dialect).map(BuiltinId::row) {
                assert!(!row.doc.is_empty() && row.example.contains(row.name), "{}", row.name);
                let signature = (row.name, row.notation, row.params, row.result);
                assert!(seen.insert(signature), "`{}` has this signature twice", row.name);
                assert_eq!(
                    row.result.is_none(),
                    matches!(row.kernel, Kernel::Test(_) | Kernel::OneOf(_)),
                    "{}",
                    row.name
                );
            }
        }
    }
}
