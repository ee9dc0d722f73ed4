//! A comparison that fails, mended by a number: a stored one is moved just far enough.

use super::change::{Change, Repair};
use crate::check::{CompareOp, Comparison, Literal, Term};
use crate::data::{Type, Value, Word};
use crate::explain::ground::Fact;
use crate::explain::search::nearest::Attempt;
use crate::explain::search::terms::Setting;

/// Moves of a stored number on one side of a comparison, just far enough for it to hold.
pub(super) fn moves(setting: Setting<'_, '_>, comparison: &Comparison, attempt: &Attempt<'_>) -> Vec<Repair> {
    let Comparison { op, left, right, ty, .. } = comparison;
    let binding = &attempt.binding;
    let is_bound = setting.is_bound(left, binding) && setting.is_bound(right, binding);
    if *ty != Type::Number || !is_bound {
        return Vec::new();
    }
    let number = |side: &Term| match setting.value(side, binding) {
        Some(Value::Number(number)) => Some(number),
        Some(_) | None => None,
    };
    let (Some(left_value), Some(right_value)) = (number(left), number(right)) else { return Vec::new() };
    // What the left side would have to be, and the right.
    let (left_wanted, right_wanted) = match op {
        CompareOp::Eq | CompareOp::Le | CompareOp::Ge => (Some(right_value), Some(left_value)),
        CompareOp::Ne | CompareOp::Gt => (right_value.checked_add(1), left_value.checked_sub(1)),
        CompareOp::Lt => (right_value.checked_sub(1), left_value.checked_add(1)),
    };
    let mut found = Vec::new();
    for (side, wanted) in [(left, left_wanted), (right, right_wanted)] {
        let (Term::Variable(var), Some(wanted)) = (side, wanted) else { continue };
        for (literal, holds) in &attempt.literals {
            let Literal::Atom(atom) = literal else { continue };
            let row: Option<Vec<Word>> = atom.args.iter().map(|arg| setting.word(arg, binding)).collect();
            let Some(row) = row.filter(|_| *holds) else { continue };
            let fact = setting.ground.known_as(Fact { relation: atom.relation, row });
            if !setting.ground.is_stored(&fact) {
                continue;
            }
            let from = setting.ground.values(&fact);
            for (column, arg) in atom.args.iter().enumerate() {
                if *arg == Term::Variable(*var) {
                    let mut to = from.clone();
                    to[column] = Value::Number(wanted);
                    found.push(vec![Change::Move { relation: fact.relation, from: from.clone(), to }]);
                }
            }
        }
    }
    found
}
