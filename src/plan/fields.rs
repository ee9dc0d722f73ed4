//! Rows that are looked up by what their records are made of: `p([X, Y])` where `X` is known.
//!
//! In: the goals of a body, which has `p(R), X = a(R)` for that. Out: a join that finds the rows by the field, and the
//! goals without the equations that it makes good.

use super::lower::Lowering;
use super::variables::{self, Variables};
use super::{Goal, Join};
use crate::check::{CompareOp, Literal, Term, VarId};
use crate::data::{Function, Order, Part, Path, RecordField};
use std::sync::Arc;

/// A field of what an atom binds, and what it is equal to.
pub(super) struct Field<'p> {
    /// The variable that stands for the record.
    pub(super) of: VarId,
    /// From the record to the field.
    fields: Vec<Arc<RecordField>>,
    /// A variable or a constant.
    pub(super) equals: &'p Term,
}

/// `X = a(R)`
fn field(literal: &Literal) -> Option<Field<'_>> {
    let Literal::Compare(comparison) = literal else { return None };
    let is_plain = |term: &Term| matches!(term, Term::Variable(_) | Term::Constant(_));
    let sides = [(&comparison.left, &comparison.right), (&comparison.right, &comparison.left)];
    let (equals, path) = sides.into_iter().find(|(side, _)| is_plain(side))?;
    let mut fields = Vec::new();
    let mut inner = path;
    while let Term::Call { function: Function::Field(field), args, .. } = inner {
        fields.insert(0, field.clone());
        inner = args.first()?;
    }
    let Term::Variable(of) = inner else { return None };
    (comparison.op == CompareOp::Eq && !fields.is_empty()).then_some(Field { of: *of, fields, equals })
}

/// What literals say of fields.
pub(super) fn all<'p>(literals: &[&'p Literal]) -> Vec<Field<'p>> {
    literals.iter().filter_map(|literal| field(literal)).collect()
}

impl Field<'_> {
    /// Whether it is known of a record that has no value yet.
    pub(super) fn is_known(&self, bound: &Variables) -> bool {
        !bound.contains(&self.of) && variables::is_bound(self.equals, bound)
    }
}

impl Lowering<'_> {
    /// The join of the atom at a place by fields of what it binds, if the goals behind it say what they are; these are
    /// taken out. An index for constants alone would be looked at once.
    pub(super) fn by_fields<'p>(
        &self,
        goals: &mut Vec<Goal<'p>>,
        at: usize,
        bound: &Variables,
        wanted: &Variables,
    ) -> Option<Join> {
        let Goal { literal: Literal::Atom(atom), part } = goals[at] else { return None };
        if part == Part::Recent || self.stats.is_equivalence(atom.relation) {
            return None;
        }
        let stands_in = |var: VarId| atom.args.iter().position(|arg| *arg == Term::Variable(var));
        let mut paths = Vec::new();
        let mut key = Vec::new();
        for (column, arg) in atom.args.iter().enumerate() {
            if variables::is_bound(arg, bound) {
                paths.push(Path { column, fields: Vec::new() });
                key.push(self.expr(arg));
            }
        }
        let mut met = Vec::new();
        for (behind, goal) in goals.iter().enumerate().skip(at + 1) {
            if let Some(field) = field(goal.literal).filter(|field| field.is_known(bound))
                && let Some(column) = stands_in(field.of)
            {
                paths.push(Path { column, fields: field.fields });
                key.push(self.expr(field.equals));
                met.push(behind);
            }
        }
        let varies = |behind: &usize| matches!(field(goals[*behind].literal)?.equals, Term::Variable(_)).then_some(());
        met.iter().find_map(varies)?;
        for behind in met.into_iter().rev() {
            goals.remove(behind);
        }
        let mut needed = wanted.clone();
        goals[at + 1..].iter().for_each(|later| variables::of_literal(later.literal, &mut needed));
        let new = atom.args.iter().enumerate().filter_map(|(column, arg)| match arg {
            Term::Variable(var) if !bound.contains(var) => Some((paths.len() + column, *var)),
            Term::Variable(_) | Term::Wildcard | Term::Constant(_) | Term::Call { .. } => None,
        });
        let new: Vec<(usize, VarId)> = new.collect();
        let order = Order::natural(atom.args.len());
        let join = Join { relation: atom.relation, part, order, paths, key, binds: Vec::new(), equal: Vec::new() };
        Some(join.binding(new, &needed))
    }
}
