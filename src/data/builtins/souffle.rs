//! The builtins of Soufflé's dialect.
//!
//! What works on numbers is there once for each width, made by one macro; where the types leave a choice open, the row
//! on numbers with a sign comes first and is meant.

use super::{Builtin, Kernel, Notation, Valid};
use crate::data::Type::{Float, Number, Record, Symbol, Unsigned};
use crate::data::kernels::{extremes, ranges, souffle, texts};
use crate::data::{Type, Value, Width};

/// Rows that are valid in the same programs.
pub(super) struct Group {
    pub(super) valid: Valid,
    pub(super) rows: &'static [Builtin],
}

/// All rows.
pub(super) static SOUFFLE: &[Group] = &[
    Group { valid: Valid::Wide(Width::Bits32), rows: NARROW },
    Group { valid: Valid::Wide(Width::Bits64), rows: WIDE },
    Group { valid: Valid::Souffle, rows: ANY_WIDTH },
];

/// What a row says to its readers.
struct Told {
    name: &'static str,
    doc: &'static str,
    example: &'static str,
}

const fn told(name: &'static str, doc: &'static str, example: &'static str) -> Told {
    Told { name, doc, example }
}

const fn row(told: Told, notation: Notation, params: &'static [Type], result: Type, kernel: Kernel) -> Builtin {
    let Told { name, doc, example } = told;
    Builtin { name, notation, params, repeats: false, result: Some(result), doc, example, kernel }
}

const fn infix(told: Told, ty: &'static [Type; 2], kernel: Kernel) -> Builtin {
    row(told, Notation::Infix, ty, ty[0], kernel)
}

const fn call(told: Told, params: &'static [Type], result: Type, kernel: Kernel) -> Builtin {
    row(told, Notation::Call, params, result, kernel)
}

/// A function of as many arguments as wanted.
const fn many(told: Told, ty: &'static [Type; 1], kernel: Kernel) -> Builtin {
    Builtin { repeats: true, ..call(told, ty, ty[0], kernel) }
}

/// A condition on two texts.
const fn test(told: Told, kernel: fn(&[Value]) -> Option<bool>) -> Builtin {
    let Told { name, doc, example } = told;
    let (notation, params, kernel) = (Notation::Call, &[Symbol, Symbol], Kernel::Test(kernel));
    Builtin { name, notation, params, repeats: false, result: None, doc, example, kernel }
}

/// What `range` has for a value, from a start to an end and perhaps by a step.
const fn range(params: &'static [Type], kernel: Kernel) -> Builtin {
    let doc = "each value from a start up or down to before an end, by 1 or by a step";
    let example = match params[0] {
        Float => "X = range(0.5, 2.5), X = 1.5",
        _ => "X = range(1, 9), X = 3",
    };
    Builtin { name: "range", notation: Notation::OneOf, params, repeats: false, result: None, doc, example, kernel }
}

/// The rows on numbers of these kinds.
macro_rules! rows {
    ($signed:ident, $unsigned:ident, $float:ident, $to_float:ident, $steps:ident) => {
        &[
            infix(
                told("+", "sum", "1 + 2 = 3"),
                &[Number, Number],
                Kernel::Numbers(|a, b| souffle::add(a as $signed, b as $signed).map(Into::into)),
            ),
            infix(
                told("+", "sum", "1 + 2 = 3"),
                &[Unsigned, Unsigned],
                Kernel::Unsigned(|a, b| souffle::add(a as $unsigned, b as $unsigned).map(Into::into)),
            ),
            infix(
                told("+", "sum", "0.5 + 0.25 = 0.75"),
                &[Float, Float],
                Kernel::Floats(|a, b| f64::from(a as $float + b as $float)),
            ),
            infix(
                told("-", "difference", "3 - 2 = 1"),
                &[Number, Number],
                Kernel::Numbers(|a, b| souffle::subtract(a as $signed, b as $signed).map(Into::into)),
            ),
            infix(
                told("-", "difference", "3 - 2 = 1"),
                &[Unsigned, Unsigned],
                Kernel::Unsigned(|a, b| souffle::subtract(a as $unsigned, b as $unsigned).map(Into::into)),
            ),
            infix(
                told("-", "difference", "0.5 - 0.25 = 0.25"),
                &[Float, Float],
                Kernel::Floats(|a, b| f64::from(a as $float - b as $float)),
            ),
            infix(
                told("*", "product", "6 * 7 = 42"),
                &[Number, Number],
                Kernel::Numbers(|a, b| souffle::multiply(a as $signed, b as $signed).map(Into::into)),
            ),
            infix(
                told("*", "product", "6 * 7 = 42"),
                &[Unsigned, Unsigned],
                Kernel::Unsigned(|a, b| souffle::multiply(a as $unsigned, b as $unsigned).map(Into::into)),
            ),
            infix(
                told("*", "product", "0.5 * 0.5 = 0.25"),
                &[Float, Float],
                Kernel::Floats(|a, b| f64::from(a as $float * b as $float)),
            ),
            infix(
                told("/", "quotient, cut off towards zero", "7 / 2 = 3"),
                &[Number, Number],
                Kernel::Numbers(|a, b| souffle::divide(a as $signed, b as $signed).map(Into::into)),
            ),
            infix(
                told("/", "quotient, cut off towards zero", "7 / 2 = 3"),
                &[Unsigned, Unsigned],
                Kernel::Unsigned(|a, b| souffle::divide(a as $unsigned, b as $unsigned).map(Into::into)),
            ),
            infix(
                told("/", "quotient", "1.0 / 4.0 = 0.25"),
                &[Float, Float],
                Kernel::Floats(|a, b| f64::from(a as $float / b as $float)),
            ),
            infix(
                told("%", "remainder, with the sign of the left side", "7 % 2 = 1"),
                &[Number, Number],
                Kernel::Numbers(|a, b| souffle::remainder(a as $signed, b as $signed).map(Into::into)),
            ),
            infix(
                told("%", "remainder, with the sign of the left side", "7 % 2 = 1"),
                &[Unsigned, Unsigned],
                Kernel::Unsigned(|a, b| souffle::remainder(a as $unsigned, b as $unsigned).map(Into::into)),
            ),
            infix(
                told("^", "power", "2 ^ 10 = 1024"),
                &[Number, Number],
                Kernel::Numbers(|a, b| souffle::power(a as $signed, b as $signed).map(Into::into)),
            ),
            infix(
                told("^", "power", "2 ^ 10 = 1024"),
                &[Unsigned, Unsigned],
                Kernel::Unsigned(|a, b| souffle::power(a as $unsigned, b as $unsigned).map(Into::into)),
            ),
            infix(
                told("^", "power", "2.0 ^ 0.5 > 1.41"),
                &[Float, Float],
                Kernel::Floats(|a, b| f64::from((a as $float).powf(b as $float))),
            ),
            infix(
                told("band", "bits that are set in both", "12 band 10 = 8"),
                &[Number, Number],
                Kernel::Numbers(|a, b| souffle::and(a as $signed, b as $signed).map(Into::into)),
            ),
            infix(
                told("band", "bits that are set in both", "12 band 10 = 8"),
                &[Unsigned, Unsigned],
                Kernel::Unsigned(|a, b| souffle::and(a as $unsigned, b as $unsigned).map(Into::into)),
            ),
            infix(
                told("bor", "bits that are set in one or both", "12 bor 10 = 14"),
                &[Number, Number],
                Kernel::Numbers(|a, b| souffle::or(a as $signed, b as $signed).map(Into::into)),
            ),
            infix(
                told("bor", "bits that are set in one or both", "12 bor 10 = 14"),
                &[Unsigned, Unsigned],
                Kernel::Unsigned(|a, b| souffle::or(a as $unsigned, b as $unsigned).map(Into::into)),
            ),
            infix(
                told("bxor", "bits that are set in one of them", "12 bxor 10 = 6"),
                &[Number, Number],
                Kernel::Numbers(|a, b| souffle::xor(a as $signed, b as $signed).map(Into::into)),
            ),
            infix(
                told("bxor", "bits that are set in one of them", "12 bxor 10 = 6"),
                &[Unsigned, Unsigned],
                Kernel::Unsigned(|a, b| souffle::xor(a as $unsigned, b as $unsigned).map(Into::into)),
            ),
            infix(
                told("bshl", "bits moved up", "1 bshl 4 = 16"),
                &[Number, Number],
                Kernel::Numbers(|a, b| souffle::shift_left(a as $signed, b as $signed).map(Into::into)),
            ),
            infix(
                told("bshl", "bits moved up", "1 bshl 4 = 16"),
                &[Unsigned, Unsigned],
                Kernel::Unsigned(|a, b| souffle::shift_left(a as $unsigned, b as $unsigned).map(Into::into)),
            ),
            infix(
                told("bshr", "bits moved down, with the sign", "16 bshr 4 = 1"),
                &[Number, Number],
                Kernel::Numbers(|a, b| souffle::shift_right(a as $signed, b as $signed).map(Into::into)),
            ),
            infix(
                told("bshr", "bits moved down, with the sign", "16 bshr 4 = 1"),
                &[Unsigned, Unsigned],
                Kernel::Unsigned(|a, b| souffle::shift_right(a as $unsigned, b as $unsigned).map(Into::into)),
            ),
            infix(
                told("bshru", "bits moved down, with zeros", "16 bshru 4 = 1"),
                &[Number, Number],
                Kernel::Numbers(|a, b| souffle::shift_right_unsigned(a as $signed, b as $signed).map(Into::into)),
            ),
            infix(
                told("bshru", "bits moved down, with zeros", "16 bshru 4 = 1"),
                &[Unsigned, Unsigned],
                Kernel::Unsigned(|a, b| souffle::shift_right_unsigned(a as $unsigned, b as $unsigned).map(Into::into)),
            ),
            infix(
                told("land", "1 where both sides are not 0", "2 land 3 = 1"),
                &[Number, Number],
                Kernel::Numbers(|a, b| souffle::both(a as $signed, b as $signed).map(Into::into)),
            ),
            infix(
                told("land", "1 where both sides are not 0", "2 land 3 = 1"),
                &[Unsigned, Unsigned],
                Kernel::Unsigned(|a, b| souffle::both(a as $unsigned, b as $unsigned).map(Into::into)),
            ),
            infix(
                told("lor", "1 where a side is not 0", "0 lor 3 = 1"),
                &[Number, Number],
                Kernel::Numbers(|a, b| souffle::either(a as $signed, b as $signed).map(Into::into)),
            ),
            infix(
                told("lor", "1 where a side is not 0", "0 lor 3 = 1"),
                &[Unsigned, Unsigned],
                Kernel::Unsigned(|a, b| souffle::either(a as $unsigned, b as $unsigned).map(Into::into)),
            ),
            infix(
                told("lxor", "1 where one side is not 0", "2 lxor 3 = 0"),
                &[Number, Number],
                Kernel::Numbers(|a, b| souffle::one_of(a as $signed, b as $signed).map(Into::into)),
            ),
            infix(
                told("lxor", "1 where one side is not 0", "2 lxor 3 = 0"),
                &[Unsigned, Unsigned],
                Kernel::Unsigned(|a, b| souffle::one_of(a as $unsigned, b as $unsigned).map(Into::into)),
            ),
            row(
                told("-", "the number with the other sign", "X = 3, -X = -3"),
                Notation::Prefix,
                &[Number],
                Number,
                Kernel::Values(souffle::negate::<$signed>),
            ),
            call(
                told("bnot", "the other bits", "bnot(0) = -1"),
                &[Number],
                Number,
                Kernel::Values(souffle::invert::<$signed>),
            ),
            call(
                told("bnot", "the other bits", "bnot(0) > 7"),
                &[Unsigned],
                Unsigned,
                Kernel::Values(souffle::invert::<$unsigned>),
            ),
            call(
                told("lnot", "1 for 0, and 0 for all else", "lnot(3) = 0"),
                &[Number],
                Number,
                Kernel::Values(souffle::not::<$signed>),
            ),
            call(
                told("lnot", "1 for 0, and 0 for all else", "lnot(3) = 0"),
                &[Unsigned],
                Unsigned,
                Kernel::Values(souffle::not::<$unsigned>),
            ),
            call(
                told("to_number", "the number that a text spells", "to_number(\"12\") = 12"),
                &[Symbol],
                Number,
                Kernel::Values(souffle::to_integer::<$signed>),
            ),
            call(
                told("to_number", "the number itself", "to_number(12) = 12"),
                &[Number],
                Number,
                Kernel::Values(souffle::to_integer::<$signed>),
            ),
            call(
                told("to_number", "a number without a sign as one with a sign", "to_number(12) = 12"),
                &[Unsigned],
                Number,
                Kernel::Values(souffle::to_integer::<$signed>),
            ),
            call(
                told("to_number", "a float cut off towards zero", "to_number(12.5) = 12"),
                &[Float],
                Number,
                Kernel::Values(souffle::to_integer::<$signed>),
            ),
            call(
                told("to_unsigned", "the number without a sign that a text spells", "to_unsigned(\"12\") = 12"),
                &[Symbol],
                Unsigned,
                Kernel::Values(souffle::to_integer::<$unsigned>),
            ),
            call(
                told("to_unsigned", "a number as one without a sign", "to_unsigned(12) = 12"),
                &[Number],
                Unsigned,
                Kernel::Values(souffle::to_integer::<$unsigned>),
            ),
            call(
                told("to_unsigned", "the number itself", "to_unsigned(12) = 12"),
                &[Unsigned],
                Unsigned,
                Kernel::Values(souffle::to_integer::<$unsigned>),
            ),
            call(
                told("to_unsigned", "a float cut off towards zero", "to_unsigned(12.5) = 12"),
                &[Float],
                Unsigned,
                Kernel::Values(souffle::to_integer::<$unsigned>),
            ),
            call(
                told("ord", "a number that tells a value from others, the same in every run", "ord(7) = 7"),
                &[Number],
                Number,
                Kernel::Values(souffle::ordinal::<$signed>),
            ),
            call(
                told("ord", "a number that tells a value from others, the same in every run", "ord(7) = 7"),
                &[Unsigned],
                Number,
                Kernel::Values(souffle::ordinal::<$signed>),
            ),
            call(
                told("ord", "a number that tells a value from others, the same in every run", "ord(1.5) != ord(2.5)"),
                &[Float],
                Number,
                Kernel::Values(souffle::ordinal::<$signed>),
            ),
            call(
                told(
                    "ord",
                    "a number that tells a value from others, the same in every run",
                    "ord(\"a\") != ord(\"b\")",
                ),
                &[Symbol],
                Number,
                Kernel::Values(souffle::ordinal::<$signed>),
            ),
            call(
                told("ord", "a number that tells a value from others, the same in every run", "ord(nil) = ord(nil)"),
                &[Record],
                Number,
                Kernel::Values(souffle::ordinal::<$signed>),
            ),
            call(
                told("to_float", "the float that a text spells", "to_float(\"2.5\") = 2.5"),
                &[Symbol],
                Float,
                Kernel::Values(souffle::$to_float),
            ),
            call(
                told("to_float", "a number as the nearest float", "to_float(2) = 2.0"),
                &[Number],
                Float,
                Kernel::Values(souffle::$to_float),
            ),
            call(
                told("to_float", "a number as the nearest float", "to_float(2) = 2.0"),
                &[Unsigned],
                Float,
                Kernel::Values(souffle::$to_float),
            ),
            call(
                told("to_float", "the float itself", "to_float(2.5) = 2.5"),
                &[Float],
                Float,
                Kernel::Values(souffle::$to_float),
            ),
            range(&[Number; 3], Kernel::OneOf(ranges::numbers)),
            range(&[Number; 4], Kernel::OneOf(ranges::numbers)),
            range(&[Unsigned; 3], Kernel::OneOf(ranges::unsigned)),
            range(&[Unsigned; 4], Kernel::OneOf(ranges::unsigned)),
            range(&[Float; 3], Kernel::OneOf(ranges::$steps)),
            range(&[Float; 4], Kernel::OneOf(ranges::$steps)),
        ]
    };
}

static NARROW: &[Builtin] = rows!(i32, u32, f32, to_float_narrow, narrow_floats);
static WIDE: &[Builtin] = rows!(i64, u64, f64, to_float_wide, floats);

/// The rows that do not compute with numbers.
static ANY_WIDTH: &[Builtin] = &[
    row(
        told("-", "the float with the other sign", "X = 0.5, -X = -0.5"),
        Notation::Prefix,
        &[Float],
        Float,
        Kernel::Values(souffle::negate_float),
    ),
    infix(told("+", "two texts, end to end", "\"a\" + \"b\" = \"ab\""), &[Symbol, Symbol], Kernel::Values(texts::cat)),
    many(told("max", "the greatest", "max(1, 2) = 2"), &[Number], Kernel::Values(extremes::greatest)),
    many(told("max", "the greatest", "max(1, 2) = 2"), &[Unsigned], Kernel::Values(extremes::greatest)),
    many(told("max", "the greatest", "max(0.5, 1.5) = 1.5"), &[Float], Kernel::Values(extremes::greatest)),
    many(told("max", "the greatest", "max(\"a\", \"b\") = \"b\""), &[Symbol], Kernel::Values(extremes::greatest)),
    many(told("min", "the least", "min(1, 2) = 1"), &[Number], Kernel::Values(extremes::least)),
    many(told("min", "the least", "min(1, 2) = 1"), &[Unsigned], Kernel::Values(extremes::least)),
    many(told("min", "the least", "min(0.5, 1.5) = 0.5"), &[Float], Kernel::Values(extremes::least)),
    many(told("min", "the least", "min(\"a\", \"b\") = \"a\""), &[Symbol], Kernel::Values(extremes::least)),
    call(
        told("to_string", "the text itself", "to_string(\"a\") = \"a\""),
        &[Symbol],
        Symbol,
        Kernel::Values(souffle::to_string),
    ),
    call(
        told("to_string", "a number as text", "to_string(12) = \"12\""),
        &[Number],
        Symbol,
        Kernel::Values(souffle::to_string),
    ),
    call(
        told("to_string", "a number as text", "to_string(12) = \"12\""),
        &[Unsigned],
        Symbol,
        Kernel::Values(souffle::to_string),
    ),
    call(
        told("to_string", "a float as text, with six digits behind the point", "to_string(1.5) = \"1.500000\""),
        &[Float],
        Symbol,
        Kernel::Values(souffle::to_string),
    ),
    many(told("cat", "texts, end to end", "cat(\"a\", \"b\", \"c\") = \"abc\""), &[Symbol], Kernel::Values(texts::cat)),
    call(told("strlen", "bytes of a text", "strlen(\"abc\") = 3"), &[Symbol], Number, Kernel::Values(souffle::strlen)),
    call(
        told("substr", "so many bytes from a position on, or up to the end", "substr(\"abc\", 1, 5) = \"bc\""),
        &[Symbol, Number, Number],
        Symbol,
        Kernel::Values(souffle::substr),
    ),
    test(told("contains", "the first text is part of the second", "contains(\"b\", \"abc\")"), texts::contains),
    test(
        told("match", "the first text, a regular expression, describes the whole second", "match(\"a.*\", \"abc\")"),
        texts::matches,
    ),
];
