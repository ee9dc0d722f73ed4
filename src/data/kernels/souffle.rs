//! Soufflé's functions, as its C++ computes them: what does not fit wraps around, texts are bytes.

use crate::data::{Dialect, Fault, Float, Value, Width};

/// A number of so many bits, with a sign or without.
pub(crate) trait Integer: Copy + Ord {
    const BITS: u32;
    fn from_bits(bits: u64) -> Self;
    fn bits(self) -> u64;
    fn exact(self) -> i128;
    fn from_exact(exact: i128) -> Self;
    fn from_float(float: f64) -> Self;
    fn value(self) -> Value;
    fn shifted_right(self, by: u32) -> Self;
}

macro_rules! integer {
    ($kind:ident, $kept:ident, $unsigned:ident, $float:expr) => {
        impl Integer for $kind {
            const BITS: u32 = $kind::BITS;
            fn from_bits(bits: u64) -> Self {
                bits as $kind
            }
            fn bits(self) -> u64 {
                u64::from(self as $unsigned)
            }
            fn exact(self) -> i128 {
                i128::from(self)
            }
            fn from_exact(exact: i128) -> Self {
                exact as $kind
            }
            fn from_float(float: f64) -> Self {
                $float(float)
            }
            fn value(self) -> Value {
                Value::$kept(self.into())
            }
            fn shifted_right(self, by: u32) -> Self {
                self >> by
            }
        }
    };
}

// What a float beyond all numbers becomes is the processor's choice: the least number.
integer!(i32, Number, u32, |float: f64| { if in_range(float, 31) { float as i32 } else { i32::MIN } });
integer!(i64, Number, u64, signed_of);
integer!(u32, Unsigned, u32, |float: f64| signed_of(float) as u32);
integer!(u64, Unsigned, u64, |float: f64| { if float < 0.0 { signed_of(float) as u64 } else { float as u64 } });

fn signed_of(float: f64) -> i64 {
    if in_range(float, 63) { float as i64 } else { i64::MIN }
}

/// Whether what stands before a float's point is a number of so many bits and a sign.
fn in_range(float: f64, bits: i32) -> bool {
    let bound = 2.0_f64.powi(bits);
    (-bound..bound).contains(&float.trunc())
}

pub(crate) fn add<T: Integer>(a: T, b: T) -> Result<T, Fault> {
    Ok(T::from_exact(a.exact() + b.exact()))
}

pub(crate) fn subtract<T: Integer>(a: T, b: T) -> Result<T, Fault> {
    Ok(T::from_exact(a.exact() - b.exact()))
}

pub(crate) fn multiply<T: Integer>(a: T, b: T) -> Result<T, Fault> {
    Ok(T::from_bits(a.bits().wrapping_mul(b.bits())))
}

pub(crate) fn divide<T: Integer>(a: T, b: T) -> Result<T, Fault> {
    a.exact().checked_div(b.exact()).map(T::from_exact).ok_or(Fault::DivisionByZero)
}

pub(crate) fn remainder<T: Integer>(a: T, b: T) -> Result<T, Fault> {
    a.exact().checked_rem(b.exact()).map(T::from_exact).ok_or(Fault::DivisionByZero)
}

/// Through a double, as `std::pow` has it.
pub(crate) fn power<T: Integer>(a: T, b: T) -> Result<T, Fault> {
    Ok(T::from_float((a.exact() as f64).powf(b.exact() as f64)))
}

pub(crate) fn and<T: Integer>(a: T, b: T) -> Result<T, Fault> {
    Ok(T::from_bits(a.bits() & b.bits()))
}

pub(crate) fn or<T: Integer>(a: T, b: T) -> Result<T, Fault> {
    Ok(T::from_bits(a.bits() | b.bits()))
}

pub(crate) fn xor<T: Integer>(a: T, b: T) -> Result<T, Fault> {
    Ok(T::from_bits(a.bits() ^ b.bits()))
}

pub(crate) fn shift_left<T: Integer>(a: T, b: T) -> Result<T, Fault> {
    Ok(T::from_bits(a.bits() << places(b)))
}

pub(crate) fn shift_right<T: Integer>(a: T, b: T) -> Result<T, Fault> {
    Ok(a.shifted_right(places(b)))
}

pub(crate) fn shift_right_unsigned<T: Integer>(a: T, b: T) -> Result<T, Fault> {
    Ok(T::from_bits(a.bits() >> places(b)))
}

/// Only the bits of a distance count that can tell the places of a number apart.
fn places<T: Integer>(by: T) -> u32 {
    by.bits() as u32 & (T::BITS - 1)
}

pub(crate) fn both<T: Integer>(a: T, b: T) -> Result<T, Fault> {
    truth(a.bits() != 0 && b.bits() != 0)
}

pub(crate) fn either<T: Integer>(a: T, b: T) -> Result<T, Fault> {
    truth(a.bits() != 0 || b.bits() != 0)
}

pub(crate) fn one_of<T: Integer>(a: T, b: T) -> Result<T, Fault> {
    truth((a.bits() != 0) != (b.bits() != 0))
}

fn truth<T: Integer>(truth: bool) -> Result<T, Fault> {
    Ok(T::from_bits(u64::from(truth)))
}

/// A number as it is, of its width; the bits of a float are not asked for.
fn integer<T: Integer>(value: &Value) -> Option<T> {
    match value {
        Value::Number(number) => Some(T::from_bits(number.cast_unsigned())),
        Value::Unsigned(number) => Some(T::from_bits(*number)),
        Value::Symbol(_) | Value::Float(_) | Value::Date(_) | Value::Record(_) => None,
    }
}

type Found = Result<Option<Value>, Fault>;

pub(crate) fn negate<T: Integer>(args: &[Value]) -> Found {
    Ok(args.first().and_then(integer::<T>).map(|number| T::from_exact(-number.exact()).value()))
}

pub(crate) fn negate_float(args: &[Value]) -> Found {
    let [Value::Float(float)] = args else { return Ok(None) };
    Ok(Float::new(-float.get()).map(Value::Float))
}

pub(crate) fn invert<T: Integer>(args: &[Value]) -> Found {
    Ok(args.first().and_then(integer::<T>).map(|number| T::from_bits(!number.bits()).value()))
}

pub(crate) fn not<T: Integer>(args: &[Value]) -> Found {
    Ok(args.first().and_then(integer::<T>).map(|number| T::from_bits(u64::from(number.bits() == 0)).value()))
}

/// A number or a float as a number of this kind; a text in the digits of C++, or the run stops.
pub(crate) fn to_integer<T: Integer>(args: &[Value]) -> Found {
    Ok(match args {
        [Value::Symbol(text)] => Some(T::from_exact(spelt(text, T::BITS).ok_or(Fault::NotANumber)?).value()),
        [Value::Float(float)] => Some(T::from_float(float.get()).value()),
        [value] => integer::<T>(value).map(Integer::value),
        _ => None,
    })
}

/// What `std::stol` makes of the start of a text: blanks, a sign, `0x` or `0b`, digits.
fn spelt(text: &str, bits: u32) -> Option<i128> {
    let text = text.trim_start();
    let (negative, digits) = match text.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let (radix, digits) = match digits.as_bytes() {
        [b'0', b'x' | b'X', ..] => (16, &digits[2..]),
        [b'0', b'b' | b'B', ..] => (2, &digits[2..]),
        _ => (10, digits),
    };
    let len = digits.bytes().take_while(|byte| char::from(*byte).is_digit(radix)).count();
    let number = i128::from_str_radix(&digits[..len], radix).ok()?;
    let number = if negative { -number } else { number };
    (-(1 << (bits - 1))..1 << bits).contains(&number).then_some(number)
}

pub(crate) fn to_float_narrow(args: &[Value]) -> Found {
    to_float(args, Dialect::Souffle(Width::Bits32))
}

pub(crate) fn to_float_wide(args: &[Value]) -> Found {
    to_float(args, Dialect::Souffle(Width::Bits64))
}

fn to_float(args: &[Value], dialect: Dialect) -> Found {
    let float = match args {
        [Value::Symbol(text)] => text.trim().parse().map_err(|_| Fault::NotANumber)?,
        [Value::Float(float)] => float.get(),
        [Value::Number(number)] => *number as f64,
        [Value::Unsigned(number)] => *number as f64,
        _ => return Ok(None),
    };
    dialect.float(float).map(|float| Some(Value::Float(float)))
}

/// As `std::to_string` has it: a float with six digits behind the point.
pub(crate) fn to_string(args: &[Value]) -> Found {
    Ok(args.first().map(|value| match value {
        Value::Float(float) => Value::symbol(format!("{:.6}", float.get())),
        value => Value::symbol(value.to_string()),
    }))
}

/// Bytes of a text.
pub(crate) fn strlen(args: &[Value]) -> Found {
    let [Value::Symbol(text)] = args else { return Ok(None) };
    Ok(i64::try_from(text.len()).ok().map(Value::Number))
}

/// So many bytes from a position on, fewer where the text ends before; nothing where it ends before the position. A
/// character that is cut apart is one that nobody knows.
pub(crate) fn substr(args: &[Value]) -> Found {
    let [Value::Symbol(text), Value::Number(from), Value::Number(length)] = args else { return Ok(None) };
    let from = usize::try_from(*from).unwrap_or(usize::MAX);
    let length = usize::try_from(*length).unwrap_or(usize::MAX);
    let rest = text.as_bytes().get(from..).unwrap_or_default();
    Ok(Some(Value::symbol(String::from_utf8_lossy(&rest[..length.min(rest.len())]))))
}

/// A number that tells a value from others of its type, the same in every run: the bits of a number or a float; of a
/// text or a record, bits that depend on all of it.
pub(crate) fn ordinal<T: Integer>(args: &[Value]) -> Found {
    let bits = match args {
        [Value::Float(float)] if T::BITS == 32 => u64::from((float.get() as f32).to_bits()),
        [Value::Float(float)] => float.get().to_bits(),
        [Value::Symbol(text)] => spread(text, T::BITS),
        [Value::Record(record)] => spread(&record.to_string(), T::BITS),
        [value] => return Ok(integer::<T>(value).map(Integer::value)),
        _ => return Ok(None),
    };
    Ok(Some(T::from_bits(bits).value()))
}

/// The hash of Fowler, Noll and Vo, folded to so many bits.
fn spread(text: &str, bits: u32) -> u64 {
    let hash = text
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325, |hash: u64, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    if bits == 32 { (hash >> 32) ^ (hash & u64::from(u32::MAX)) } else { hash }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_fit_wraps() {
        assert_eq!(add(i32::MAX, 1), Ok(i32::MIN));
        assert_eq!(multiply(1_i32 << 20, 1 << 20), Ok(0));
        assert_eq!(subtract(0_u32, 1), Ok(u32::MAX));
        assert_eq!(multiply(u64::MAX, 2), Ok(u64::MAX - 1));
        assert_eq!(divide(i32::MIN, -1), Ok(i32::MIN));
        assert_eq!(divide(1_u32, 0), Err(Fault::DivisionByZero));
        assert_eq!(power(2_i32, 31), Ok(i32::MIN));
        assert_eq!(power(2_i32, -1), Ok(0));
    }

    #[test]
    fn only_the_lower_bits_of_a_distance_count() {
        assert_eq!(shift_left(1_i32, 33), Ok(2));
        assert_eq!(shift_left(1_i64, 33), Ok(1 << 33));
        assert_eq!(shift_right(-8_i32, 1), Ok(-4));
        assert_eq!(shift_right_unsigned(-8_i32, 1), Ok(0x7fff_fffc));
    }

    #[test]
    fn texts_are_bytes() {
        let symbol = Value::symbol;
        let part = |from, length| substr(&[symbol("abc"), Value::Number(from), Value::Number(length)]);
        assert_eq!(strlen(&[symbol("déjà")]), Ok(Some(Value::Number(6))));
        assert_eq!(part(1, 10), Ok(Some(symbol("bc"))));
        assert_eq!(part(4, 1), Ok(Some(symbol(""))));
        assert_eq!(part(-1, 1), Ok(Some(symbol(""))));
    }

    #[test]
    fn texts_spell_numbers_as_in_cpp() {
        let number = |text: &str| to_integer::<i32>(&[Value::symbol(text)]);
        for (text, value) in [("42", 42), (" -7", -7), ("0x1f", 31), ("12abc", 12), ("0b11", 3)] {
            assert_eq!(number(text), Ok(Some(Value::Number(value))), "{text}");
        }
        assert_eq!(number("abc"), Err(Fault::NotANumber));
        assert_eq!(to_string(&[Value::Float(Float::new(1.5).expect("finite"))]), Ok(Some(Value::symbol("1.500000"))));
    }
}
