//! Numbers and floats. Nothing wraps: what does not fit is a fault.

use crate::data::{Fault, Float, Value};

pub(crate) fn add(a: i64, b: i64) -> Result<i64, Fault> {
    a.checked_add(b).ok_or(Fault::Overflow)
}

pub(crate) fn subtract(a: i64, b: i64) -> Result<i64, Fault> {
    a.checked_sub(b).ok_or(Fault::Overflow)
}

pub(crate) fn multiply(a: i64, b: i64) -> Result<i64, Fault> {
    a.checked_mul(b).ok_or(Fault::Overflow)
}

pub(crate) fn divide(a: i64, b: i64) -> Result<i64, Fault> {
    if b == 0 { Err(Fault::DivisionByZero) } else { a.checked_div(b).ok_or(Fault::Overflow) }
}

/// The remainder of the least number and -1 is 0: it fits, though the quotient does not.
pub(crate) fn remainder(a: i64, b: i64) -> Result<i64, Fault> {
    if b == 0 { Err(Fault::DivisionByZero) } else { Ok(a.wrapping_rem(b)) }
}

pub(crate) fn power(args: &[Value]) -> Result<Option<Value>, Fault> {
    let [Value::Number(base), Value::Number(exponent)] = args else { return Ok(None) };
    match (*base, u32::try_from(*exponent)) {
        (_, Err(_)) if *exponent < 0 => Ok(None),
        (0 | 1, _) => Ok(Some(Value::Number(if *exponent == 0 { 1 } else { *base }))),
        (-1, _) => Ok(Some(Value::Number(if exponent % 2 == 0 { 1 } else { -1 }))),
        (base, Ok(exponent)) => {
            base.checked_pow(exponent).map(|power| Some(Value::Number(power))).ok_or(Fault::Overflow)
        }
        (_, Err(_)) => Err(Fault::Overflow),
    }
}

pub(crate) fn add_unsigned(a: u64, b: u64) -> Result<u64, Fault> {
    a.checked_add(b).ok_or(Fault::Overflow)
}

pub(crate) fn subtract_unsigned(a: u64, b: u64) -> Result<u64, Fault> {
    a.checked_sub(b).ok_or(Fault::Overflow)
}

pub(crate) fn multiply_unsigned(a: u64, b: u64) -> Result<u64, Fault> {
    a.checked_mul(b).ok_or(Fault::Overflow)
}

pub(crate) fn divide_unsigned(a: u64, b: u64) -> Result<u64, Fault> {
    a.checked_div(b).ok_or(Fault::DivisionByZero)
}

pub(crate) fn remainder_unsigned(a: u64, b: u64) -> Result<u64, Fault> {
    a.checked_rem(b).ok_or(Fault::DivisionByZero)
}

pub(crate) fn power_unsigned(base: u64, exponent: u64) -> Result<u64, Fault> {
    match (base, u32::try_from(exponent)) {
        (0 | 1, _) => Ok(if exponent == 0 { 1 } else { base }),
        (base, Ok(exponent)) => base.checked_pow(exponent).ok_or(Fault::Overflow),
        (_, Err(_)) => Err(Fault::Overflow),
    }
}

pub(crate) fn negate(args: &[Value]) -> Result<Option<Value>, Fault> {
    match args {
        [Value::Number(number)] => {
            number.checked_neg().map(|negated| Some(Value::Number(negated))).ok_or(Fault::Overflow)
        }
        [Value::Float(float)] => Ok(Float::new(-float.get()).map(Value::Float)),
        _ => Ok(None),
    }
}

pub(crate) fn divide_floats(args: &[Value]) -> Result<Option<Value>, Fault> {
    let [Value::Float(a), Value::Float(b)] = args else { return Ok(None) };
    if b.get() == 0.0 {
        return Err(Fault::DivisionByZero);
    }
    Float::new(a.get() / b.get()).map(|quotient| Some(Value::Float(quotient))).ok_or(Fault::NotFinite)
}

/// A float is cut off towards zero.
pub(crate) fn to_number(args: &[Value]) -> Result<Option<Value>, Fault> {
    Ok(Some(Value::Number(match args {
        [Value::Float(float)] => i64::try_from(whole(*float)).map_err(|_| Fault::Overflow)?,
        [Value::Unsigned(number)] => i64::try_from(*number).map_err(|_| Fault::Overflow)?,
        _ => return Ok(None),
    })))
}

pub(crate) fn to_unsigned(args: &[Value]) -> Result<Option<Value>, Fault> {
    Ok(Some(Value::Unsigned(match args {
        [Value::Float(float)] => u64::try_from(whole(*float)).map_err(|_| Fault::Overflow)?,
        [Value::Number(number)] => u64::try_from(*number).map_err(|_| Fault::Overflow)?,
        _ => return Ok(None),
    })))
}

/// What stands before a float's point. What is beyond 128 bits is not told apart: it is beyond 64 too.
fn whole(float: Float) -> i128 {
    float.get().trunc() as i128
}

pub(crate) fn to_float(args: &[Value]) -> Result<Option<Value>, Fault> {
    let float = match args {
        [Value::Number(number)] => *number as f64,
        [Value::Unsigned(number)] => *number as f64,
        _ => return Ok(None),
    };
    Ok(Float::new(float).map(Value::Float))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(value: i64) -> Value {
        Value::Number(value)
    }

    #[test]
    fn what_does_not_fit_is_a_fault() {
        assert_eq!(add(i64::MAX, 1), Err(Fault::Overflow));
        assert_eq!(subtract(i64::MIN, 1), Err(Fault::Overflow));
        assert_eq!(multiply(i64::MAX, 2), Err(Fault::Overflow));
        assert_eq!(divide(i64::MIN, -1), Err(Fault::Overflow));
        assert_eq!(divide(1, 0), Err(Fault::DivisionByZero));
        assert_eq!(remainder(1, 0), Err(Fault::DivisionByZero));
        assert_eq!(remainder(i64::MIN, -1), Ok(0));
        assert_eq!(negate(&[number(i64::MIN)]), Err(Fault::Overflow));
        assert_eq!(power(&[number(2), number(64)]), Err(Fault::Overflow));
        assert_eq!(power(&[number(3), number(i64::MAX)]), Err(Fault::Overflow));
    }

    #[test]
    fn powers_of_one_and_nothing_are_exact() {
        assert_eq!(power(&[number(-1), number(i64::MAX)]), Ok(Some(number(-1))));
        assert_eq!(power(&[number(0), number(0)]), Ok(Some(number(1))));
        assert_eq!(power(&[number(2), number(-1)]), Ok(None));
        assert_eq!(power(&[number(2), number(62)]), Ok(Some(number(1 << 62))));
    }

    #[test]
    fn a_float_beyond_the_numbers_does_not_become_one() {
        let float = |value| Value::Float(Float::new(value).expect("finite"));
        assert_eq!(to_number(&[float(9.3e18)]), Err(Fault::Overflow));
        assert_eq!(to_number(&[float(-9_223_372_036_854_775_808.0)]), Ok(Some(number(i64::MIN))));
        assert_eq!(divide_floats(&[float(1.0), float(0.0)]), Err(Fault::DivisionByZero));
        assert_eq!(divide_floats(&[float(1e300), float(1e-300)]), Err(Fault::NotFinite));
    }
}
