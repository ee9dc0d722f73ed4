//! The table of builtins: every operator and function of the language, one row a signature.
//!
//! Parsing, typing, evaluation, help and `docs/language.md` are made from these rows. A name may have several rows;
//! the types of the arguments choose among them.

use super::{Float, Type, Value, id};
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
    /// A symbol grew longer than [`MAX_SYMBOL_BYTES`](super::builtins::MAX_SYMBOL_BYTES).
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

/// The longest symbol that a builtin makes.
#[allow(dead_code)]
pub(super) const MAX_SYMBOL_BYTES: usize = 16 << 20;

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
pub static BUILTINS: &[Builtin] = &[Builtin {
    name: "+",
    notation: Notation::Infix,
    params: &[Type::Number, Type::Number],
    result: Some(Type::Number),
    doc: "sum",
    example: "3 = 1 + 2",
    kernel: Kernel::Numbers(|a, b| a.checked_add(b).ok_or(Fault::Overflow)),
}];
