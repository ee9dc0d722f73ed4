//! What does a clause demand of types? One walk over its draft.
//!
//! In: a clause. Out: demands on the [`Inference`]: an argument is what its column holds, both sides of a comparison
//! are of one type.

use super::draft::{Atom, Clause, Literal, Term, TermKind, Variable};
use super::inference::{Inference, NodeId, Place};
use super::schema::Schema;
use super::{RelationId, VarId};
use crate::data::{IdVec, Value};

/// Enters the demands of a clause.
pub(super) fn constrain(clause: &Clause, schema: &Schema, inference: &mut Inference) {
    let mut walk = Walk { schema, inference, variables: &clause.variables };
    walk.fill(clause.head, &clause.args);
    walk.body(&clause.body);
}

struct Walk<'a> {
    schema: &'a Schema,
    inference: &'a mut Inference,
    variables: &'a IdVec<VarId, Variable>,
}

impl Walk<'_> {
    fn body(&mut self, body: &[Literal]) {
        for literal in body {
            match literal {
                Literal::Atom(atom) | Literal::Absent(atom) => self.atom(atom),
                Literal::Compare { left, right, .. } => {
                    if let (Some(left_node), Some(right_node)) = (self.node(left), self.node(right)) {
                        let variables = self.variables;
                        self.inference.equal(left_node, right_node, || place(right, variables));
                    }
                }
                Literal::Aggregate(aggregate) => self.body(&aggregate.body),
                Literal::Or(branches) => {
                    for branch in branches {
                        self.body(branch);
                    }
                }
                Literal::Test { .. } | Literal::OneOf { .. } | Literal::Broken(_) => {}
            }
        }
    }

    fn atom(&mut self, atom: &Atom) {
        self.fill(atom.relation, &atom.args);
    }

    fn fill(&mut self, relation: RelationId, args: &[Term]) {
        let columns = self.schema.relations[relation].columns.as_deref().unwrap_or_default();
        if columns.len() != args.len() {
            return;
        }
        for (term, column) in args.iter().zip(columns) {
            if let Some(node) = self.node(term) {
                let variables = self.variables;
                self.inference.fill(node, column.slot, || place(term, variables));
                if let Some(record) = self.schema.subtypes.record(column.subtype.as_deref()) {
                    self.inference.require_record(node, record, || place(term, variables));
                }
            }
        }
    }

    /// The node of a term's type; none for `_` in an absent atom.
    fn node(&self, term: &Term) -> Option<NodeId> {
        match &term.kind {
            TermKind::Variable(variable) => Some(self.variables[*variable].node),
            TermKind::Constant { node, .. } | TermKind::Record { node, .. } => Some(*node),
            TermKind::Foreign { node, .. } => Some(*node),
            TermKind::Cast { node, .. } | TermKind::Broken { node, .. } => Some(*node),
            TermKind::Call { choice, .. } => self.inference.choices[*choice].result,
            TermKind::Wildcard => None,
        }
    }
}

/// A term's place, with the words that a message has for it.
fn place(term: &Term, variables: &IdVec<VarId, Variable>) -> Place {
    let subject = match &term.kind {
        TermKind::Variable(variable) if variables[*variable].name != "_" => format!("`{}`", variables[*variable].name),
        TermKind::Constant { value, .. } => spelt(value),
        TermKind::Record { .. } => "this record".to_string(),
        TermKind::Variable(_) | TermKind::Wildcard | TermKind::Call { .. } => "this value".to_string(),
        TermKind::Foreign { .. } | TermKind::Cast { .. } | TermKind::Broken { .. } => "this value".to_string(),
    };
    Place { span: term.span, subject }
}

/// A value as a message shows it.
pub(super) fn spelt(value: &Value) -> String {
    match value {
        Value::Symbol(text) => format!("{text:?}"),
        value => format!("`{value}`"),
    }
}
