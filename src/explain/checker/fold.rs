//! What aggregates are worth, once more.

use super::terms::Binding;
use crate::check::{Aggregate, AggregateOp};
use crate::data::{Float, Type, Value};
use std::collections::BTreeSet;

/// The values of a solution's own variables.
pub(super) fn local(aggregate: &Aggregate, binding: &Binding) -> Vec<Option<Value>> {
    aggregate.local.iter().map(|var| binding.get(var).cloned()).collect()
}

pub(super) fn count(number: usize) -> Value {
    Value::Number(i64::try_from(number).expect("fewer than 2^63 rows fit in memory"))
}

/// The value of an aggregate over what its rows contribute.
pub(super) fn fold(op: AggregateOp, ty: Type, mut values: Vec<Value>) -> Option<Value> {
    values.sort();
    let number = |value: &Value| if let Value::Number(number) = value { Some(i128::from(*number)) } else { None };
    let exact = values.iter().map(number).sum::<Option<i128>>();
    let total = || match exact {
        Some(sum) => sum as f64,
        None => values.iter().map(|value| if let Value::Float(float) = value { float.get() } else { 0.0 }).sum(),
    };
    match op {
        AggregateOp::Count => Some(count(values.iter().collect::<BTreeSet<_>>().len())),
        AggregateOp::Min => values.first().cloned(),
        AggregateOp::Max => values.last().cloned(),
        AggregateOp::Sum if ty == Type::Float => Float::new(total()).map(Value::Float),
        AggregateOp::Sum => i64::try_from(exact?).ok().map(Value::Number),
        AggregateOp::Mean if values.is_empty() => None,
        AggregateOp::Mean => Float::new(total() / values.len() as f64).map(Value::Float),
    }
}
