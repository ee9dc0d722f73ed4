//! Values step by step: `range(1, 10)` is 1, 2, … 9.
//!
//! The end is not one of them. Without a step the values go up or down by one, whichever leads to the end. With a step
//! that leads away from the end there are none; with a step of 0 there is only the first, unless it is the end.

use crate::data::{Float, Value};

/// The values of a range, each once.
#[derive(Debug, Clone)]
pub struct Steps {
    kind: Kind,
}

#[derive(Debug, Clone)]
enum Kind {
    Exact { next: i128, end: i128, step: i128, made: fn(i128) -> Option<Value> },
    Floats { next: f64, end: f64, step: f64, add: fn(f64, f64) -> f64 },
}

pub(crate) fn numbers(args: &[Value]) -> Steps {
    exact(args, |number| i64::try_from(number).ok().map(Value::Number))
}

pub(crate) fn unsigned(args: &[Value]) -> Steps {
    exact(args, |number| u64::try_from(number).ok().map(Value::Unsigned))
}

pub(crate) fn floats(args: &[Value]) -> Steps {
    floating(args, |sum, step| sum + step)
}

/// Floats of 32 bits, which are rounded at every step.
pub(crate) fn narrow_floats(args: &[Value]) -> Steps {
    floating(args, |sum, step| f64::from(sum as f32 + step as f32))
}

fn exact(args: &[Value], made: fn(i128) -> Option<Value>) -> Steps {
    let number = |at: usize| match args.get(at) {
        Some(Value::Number(number)) => Some(i128::from(*number)),
        Some(Value::Unsigned(number)) => Some(i128::from(*number)),
        _ => None,
    };
    let (from, end) = (number(0).unwrap_or_default(), number(1).unwrap_or_default());
    let kind = match number(2) {
        Some(0) if from != end => Kind::Exact { next: from, end: from + 1, step: 1, made },
        Some(step) => Kind::Exact { next: from, end, step, made },
        None => Kind::Exact { next: from, end, step: if from <= end { 1 } else { -1 }, made },
    };
    Steps { kind }
}

fn floating(args: &[Value], add: fn(f64, f64) -> f64) -> Steps {
    let float = |at: usize| match args.get(at) {
        Some(Value::Float(float)) => Some(float.get()),
        _ => None,
    };
    let (next, end) = (float(0).unwrap_or_default(), float(1).unwrap_or_default());
    let step = float(2).unwrap_or(if next <= end { 1.0 } else { -1.0 });
    // A step of 0 leads anywhere, but no farther than the first.
    let end = if step == 0.0 && next != end { f64::INFINITY } else { end };
    Steps { kind: Kind::Floats { next, end, step, add } }
}

impl Iterator for Steps {
    type Item = Value;

    fn next(&mut self) -> Option<Value> {
        match &mut self.kind {
            Kind::Exact { next, end, step, made } => {
                let found = if *step < 0 { *next > *end } else { *step > 0 && *next < *end };
                let value = if found { made(*next) } else { None };
                *next += *step;
                value
            }
            Kind::Floats { next, end, step, add } => {
                let found = if *step < 0.0 { *next > *end } else { *next < *end };
                let value = if found { Float::new(*next) } else { None };
                let behind = add(*next, *step);
                // A step too small to be seen leads nowhere.
                *next = if behind == *next { *end } else { behind };
                value.map(Value::Float)
            }
        }
    }
}

impl Steps {
    /// Whether a value is among those that are left.
    pub fn holds(mut self, value: &Value) -> bool {
        match (&self.kind, value) {
            (Kind::Exact { next, end, step, made }, value) => {
                let number = match value {
                    Value::Number(number) => i128::from(*number),
                    Value::Unsigned(number) => i128::from(*number),
                    _ => return false,
                };
                let within =
                    if *step < 0 { number <= *next && number > *end } else { number >= *next && number < *end };
                within && *step != 0 && (number - next) % step == 0 && made(number).as_ref() == Some(value)
            }
            (Kind::Floats { .. }, value) => self.any(|found| found == *value),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(args: &[i64]) -> Vec<i64> {
        let args: Vec<Value> = args.iter().copied().map(Value::Number).collect();
        let found = numbers(&args).map(|value| if let Value::Number(number) = value { number } else { i64::MIN });
        found.collect()
    }

    #[test]
    fn values_lead_to_the_end_or_there_are_none() {
        assert_eq!(all(&[1, 4]), [1, 2, 3]);
        assert_eq!(all(&[4, 1]), [4, 3, 2]);
        assert_eq!(all(&[1, 8, 3]), [1, 4, 7]);
        assert_eq!(all(&[3, 0, -2]), [3, 1]);
        assert!(all(&[1, 4, -1]).is_empty());
        assert_eq!(all(&[1, 4, 0]), [1]);
        assert!(all(&[4, 4, 0]).is_empty());
        assert_eq!(all(&[i64::MAX - 1, i64::MAX, 5]), [i64::MAX - 1]);
    }

    #[test]
    fn what_is_asked_for_is_one_of_them_or_not() {
        let steps = || numbers(&[1, 8, 3].map(Value::Number));
        for number in -3..12 {
            assert_eq!(steps().holds(&Value::Number(number)), steps().any(|found| found == Value::Number(number)));
        }
    }

    #[test]
    fn floats_end_where_a_step_cannot_be_seen() {
        let float = |float| Value::Float(Float::new(float).expect("finite"));
        assert_eq!(floats(&[float(1e300), float(2e300)]).count(), 1);
        assert_eq!(floats(&[float(0.0), float(1.0), float(0.0)]).count(), 1);
        assert_eq!(floats(&[float(0.0), float(-1.0), float(-0.25)]).count(), 4);
        assert_eq!(floats(&[float(0.0), float(1.0), float(-0.25)]).count(), 0);
    }
}
