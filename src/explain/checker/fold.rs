//! What aggregates are worth, once more.

use super::terms::Binding;
use crate::check::{Aggregate, AggregateOp};
use crate::data::{Type, Value};
use std::collections::BTreeSet;

/// The values of a solution's own variables.
pub(super) fn local(aggregate: &Aggregate, binding: &Binding) -> Vec<Option<Value>> {
    aggregate.local.iter().map(|var| binding.get(var).cloned()).collect()
}

pub(super) fn count(number: usize) -> Value {
    Value::Number(i64::try_from(number).expect("fewer than 2^63 rows fit in memory"))
}

/// The value of an aggregate over what its rows contribute.
pub(super) fn fold(aggregate: &Aggregate, ty: Type, mut values: Vec<Value>) -> Option<Value> {
    values.sort();
    let number = |value: &Value| match value {
        Value::Number(number) => Some(i128::from(*number)),
        Value::Unsigned(number) => Some(i128::from(*number)),
        _ => None,
    };
    let exact = values.iter().map(number).sum::<Option<i128>>();
    let total = || match exact {
        Some(sum) => sum as f64,
        None => values.iter().map(|value| if let Value::Float(float) = value { float.get() } else { 0.0 }).sum(),
    };
    let dialect = aggregate.dialect;
    match (aggregate.op, ty) {
        (AggregateOp::Count, _) => Some(count(values.iter().collect::<BTreeSet<_>>().len())),
        (AggregateOp::Min, _) => values.first().cloned(),
        (AggregateOp::Max, _) => values.last().cloned(),
        (AggregateOp::Sum, Type::Float) => dialect.float(total()).ok().map(Value::Float),
        (AggregateOp::Sum, Type::Unsigned) => dialect.unsigned(exact?).ok().map(Value::Unsigned),
        (AggregateOp::Sum, _) => dialect.number(exact?).ok().map(Value::Number),
        (AggregateOp::Mean, _) if values.is_empty() => None,
        (AggregateOp::Mean, _) => dialect.float(total() / values.len() as f64).ok().map(Value::Float),
    }
}
