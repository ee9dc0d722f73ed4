//! What fits a dialect's numbers, and what becomes of what does not.

use super::{Dialect, Fault, Float, Type, Value, Width};

impl Dialect {
    /// A number as it is kept: one that does not fit wraps around, or is a fault.
    pub fn number(self, exact: i128) -> Result<i64, Fault> {
        match self {
            Dialect::Entail => i64::try_from(exact).map_err(|_| Fault::Overflow),
            Dialect::Souffle(Width::Bits32) => Ok(i64::from(exact as i32)),
            Dialect::Souffle(Width::Bits64) => Ok(exact as i64),
        }
    }

    /// A number without a sign as it is kept.
    pub fn unsigned(self, exact: i128) -> Result<u64, Fault> {
        match self {
            Dialect::Entail => u64::try_from(exact).map_err(|_| Fault::Overflow),
            Dialect::Souffle(Width::Bits32) => Ok(u64::from(exact as u32)),
            Dialect::Souffle(Width::Bits64) => Ok(exact as u64),
        }
    }

    /// A float as it is kept: the nearest of 32 bits where they have no more.
    pub fn float(self, exact: f64) -> Result<Float, Fault> {
        Float::new(self.rounded(exact)).ok_or(Fault::NotFinite)
    }

    fn rounded(self, exact: f64) -> f64 {
        match self {
            Dialect::Souffle(Width::Bits32) => f64::from(exact as f32),
            Dialect::Souffle(Width::Bits64) | Dialect::Entail => exact,
        }
    }

    /// Whether a value is one of this dialect: numbers may have too many bits.
    pub fn holds(self, value: &Value) -> bool {
        match value {
            Value::Number(number) => self.number(i128::from(*number)) == Ok(*number),
            Value::Unsigned(number) => self.unsigned(i128::from(*number)) == Ok(*number),
            Value::Float(float) => self.rounded(float.get()).is_finite(),
            Value::Symbol(_) | Value::Date(_) => true,
            Value::Record(record) => record.fields().iter().all(|field| self.holds(field)),
        }
    }

    /// Whether a type's name means the type here.
    pub fn has(self, ty: Type) -> bool {
        ty != Type::Date || self == Dialect::Entail
    }

    /// A value in the characters that the dialect prints into files.
    pub fn printed(self, value: &Value) -> String {
        match value {
            Value::Float(float) => self.digits(*float),
            Value::Record(record) => record.with_fields(&|field| self.printed(field)),
            value => value.to_string(),
        }
    }

    /// A float in the digits that the dialect prints.
    fn digits(self, float: Float) -> String {
        match self {
            Dialect::Entail => float.to_string(),
            Dialect::Souffle(Width::Bits32) => significant(float.get(), 9),
            Dialect::Souffle(Width::Bits64) => significant(float.get(), 17),
        }
    }
}

/// So many significant digits, without zeros at the end; with an exponent where that is shorter (C's `%g`).
fn significant(float: f64, digits: i32) -> String {
    let scientific = format!("{float:.*e}", digits as usize - 1);
    let (mantissa, exponent) = scientific.split_once('e').expect("it is written with an exponent");
    let exponent: i32 = exponent.parse().expect("an exponent is a number");
    let trimmed = |text: &str| {
        let text = if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { text };
        text.to_owned()
    };
    if (-4..digits).contains(&exponent) {
        return trimmed(&format!("{float:.*}", (digits - 1 - exponent) as usize));
    }
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{}e{sign}{:02}", trimmed(mantissa), exponent.unsigned_abs())
}

#[cfg(test)]
mod tests {
    use super::*;

    const NARROW: Dialect = Dialect::Souffle(Width::Bits32);
    const WIDE: Dialect = Dialect::Souffle(Width::Bits64);

    #[test]
    fn what_does_not_fit_wraps_or_is_a_fault() {
        assert_eq!(NARROW.number(1 << 31), Ok(-1 << 31));
        assert_eq!(WIDE.number(1 << 31), Ok(1 << 31));
        assert_eq!(WIDE.number(1 << 63), Ok(i64::MIN));
        assert_eq!(Dialect::Entail.number(1 << 63), Err(Fault::Overflow));
        assert_eq!(NARROW.unsigned(-1), Ok(u64::from(u32::MAX)));
        assert_eq!(Dialect::Entail.unsigned(-1), Err(Fault::Overflow));
        assert!(!NARROW.holds(&Value::Number(1 << 31)) && WIDE.holds(&Value::Number(1 << 31)));
    }

    #[test]
    fn floats_are_printed_in_as_many_digits_as_they_need_to_be_read_back() {
        for (float, narrow, wide) in [
            (0.1, "0.100000001", "0.10000000000000001"),
            (1.0, "1", "1"),
            (-2.5, "-2.5", "-2.5"),
            (0.0, "0", "0"),
            (1e30, "1.00000002e+30", "1.0000000000000000199e+30"),
            (1e-7, "1.00000001e-07", "9.9999999999999995e-08"),
            (100_000_000.0, "100000000", "100000000"),
        ] {
            let digits = |dialect: Dialect| dialect.digits(dialect.float(float).expect("finite"));
            assert_eq!(digits(NARROW), narrow);
            assert!(wide.starts_with(digits(WIDE).split('e').next().unwrap_or_default()), "{}", digits(WIDE));
        }
    }
}
