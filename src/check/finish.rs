//! Draft to program: every type is settled, every call means one row of the table of builtins.
//!
//! In: drafts that passed every check. Out: the parts of a [`Program`](super::Program). The only complaint left is
//! about an integer that has to be a float and that no float is equal to.

use super::draft::{self, Clause, TermKind};
use super::facts::in_type;
use super::inference::{Inference, Slot};
use super::schema::{ColumnDraft, Relation as Draft, Schema};
use super::{Aggregate, Atom, Column, Comparison, Literal, Relation, RelationId, Rule, Term, Test, VarId, Variable};
use crate::data::{IdVec, Type};
use crate::report::Diagnostic;

/// The types of every relation's columns.
pub(super) fn column_types(schema: &Schema, inference: &mut Inference) -> IdVec<RelationId, Vec<Type>> {
    schema
        .relations
        .iter()
        .map(|relation| relation.columns.iter().flatten().map(|column| settled(column, inference)).collect())
        .collect()
}

fn settled(column: &ColumnDraft, inference: &mut Inference) -> Type {
    match column.slot {
        Slot::Fixed(ty, _) => ty,
        Slot::Open(node) => inference.settled(node),
        Slot::Broken => Type::Symbol,
    }
}

/// A relation without its rules, which are entered as they are numbered.
pub(super) fn relation(draft: Draft, inference: &mut Inference) -> Relation {
    let columns = draft.columns.unwrap_or_default();
    Relation {
        name: draft.name,
        columns: columns
            .into_iter()
            .map(|column| Column { ty: settled(&column, inference), name: column.name, subtype: column.subtype })
            .collect(),
        role: draft.role,
        doc: draft.doc,
        span: draft.span,
        declared: draft.declared,
        stored: draft.stored,
        citations: draft.citations,
        rules: Vec::new(),
        stratum: None,
    }
}

/// A rule in its final form.
pub(super) fn rule(clause: &Clause, inference: &mut Inference, diagnostics: &mut Vec<Diagnostic>) -> Rule {
    let mut finish = Finish { variables: &clause.variables, inference, diagnostics };
    let args = finish.terms(&clause.args);
    let body = finish.body(&clause.body);
    let variables = clause
        .variables
        .iter()
        .map(|variable| Variable {
            name: variable.name.clone(),
            ty: finish.inference.settled(variable.node),
            span: variable.span,
        })
        .collect();
    Rule { head: clause.head, args, body, variables, span: clause.span }
}

struct Finish<'a> {
    variables: &'a IdVec<VarId, draft::Variable>,
    inference: &'a mut Inference,
    diagnostics: &'a mut Vec<Diagnostic>,
}

impl Finish<'_> {
    fn body(&mut self, body: &[draft::Literal]) -> Vec<Literal> {
        body.iter().map(|literal| self.literal(literal)).collect()
    }

    fn literal(&mut self, literal: &draft::Literal) -> Literal {
        match literal {
            draft::Literal::Atom(atom) => Literal::Atom(self.atom(atom)),
            draft::Literal::Absent(atom) => Literal::Absent(self.atom(atom)),
            draft::Literal::Compare { op, left, right, span } => {
                let ty = self.ty(left);
                let (left, right) = (self.term(left), self.term(right));
                Literal::Compare(Comparison { op: *op, left, right, ty, span: *span })
            }
            draft::Literal::Test { choice, args, negated, span } => Literal::Test(Test {
                builtin: self.inference.chosen(*choice),
                args: self.terms(args),
                negated: *negated,
                span: *span,
            }),
            draft::Literal::Aggregate(aggregate) => Literal::Aggregate(Aggregate {
                result: aggregate.result,
                op: aggregate.op,
                dialect: self.inference.dialect,
                target: aggregate.target.as_ref().map(|target| self.term(target)),
                body: self.body(&aggregate.body),
                outer: aggregate.outer.iter().map(|mention| mention.variable).collect(),
                local: aggregate.local.clone(),
                span: aggregate.span,
            }),
            draft::Literal::Or(branches) => Literal::Or(branches.iter().map(|branch| self.body(branch)).collect()),
            draft::Literal::Broken(_) => unreachable!("a program with a broken condition has an error"),
        }
    }

    fn atom(&mut self, atom: &draft::Atom) -> Atom {
        Atom { relation: atom.relation, args: self.terms(&atom.args), span: atom.span }
    }

    fn terms(&mut self, terms: &[draft::Term]) -> Vec<Term> {
        terms.iter().map(|term| self.term(term)).collect()
    }

    fn term(&mut self, term: &draft::Term) -> Term {
        match &term.kind {
            TermKind::Variable(variable) => Term::Variable(*variable),
            TermKind::Wildcard => Term::Wildcard,
            TermKind::Constant { value, node } => {
                let ty = self.inference.settled(*node);
                Term::Constant(in_type(value, ty, self.inference.dialect).unwrap_or_else(|unfit| {
                    self.diagnostics.push(unfit.told(term.span));
                    value.clone()
                }))
            }
            TermKind::Call { choice, args } => {
                Term::Call { builtin: self.inference.chosen(*choice), args: self.terms(args), span: term.span }
            }
            TermKind::Broken { .. } => unreachable!("a program with a broken term has an error"),
        }
    }

    /// The type of one side of a comparison.
    fn ty(&mut self, term: &draft::Term) -> Type {
        let node = match &term.kind {
            TermKind::Constant { node, .. } | TermKind::Broken { node, .. } => *node,
            TermKind::Call { choice, .. } => {
                self.inference.choices[*choice].result.expect("a call within a term has a value")
            }
            TermKind::Variable(variable) => self.variables[*variable].node,
            TermKind::Wildcard => unreachable!("`_` is a variable in a comparison"),
        };
        self.inference.settled(node)
    }
}
