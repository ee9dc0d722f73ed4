//! Draft to program: every type is settled, every call means one row of the table of builtins.
//!
//! In: drafts that passed every check. Out: the parts of a [`Program`](super::Program). The only complaint left is
//! about an integer that has to be a float and that no float is equal to.

use super::draft::{self, Clause, TermKind};
use super::facts::{ColumnType, in_type};
use super::inference::{Inference, Slot};
use super::safety::{BodyState, Bound, Side};
use super::schema::{ColumnDraft, Relation as Draft, Schema};
use super::{
    Aggregate, Atom, Column, CompareOp, Comparison, Literal, Relation, RelationId, Rule, Term, Test, VarId, Variable,
};
use crate::data::{BuiltinId, Form, Function, IdVec, Record, RecordTypeId, Shape, Tag, Type, Value};
use crate::report::{Code, Diagnostic, Span};
use std::sync::Arc;

/// The types of every relation's columns.
pub(super) fn column_types(schema: &Schema, inference: &mut Inference) -> IdVec<RelationId, Vec<ColumnType>> {
    let mut column_type = |column: &ColumnDraft| ColumnType {
        ty: settled(column, inference),
        record: schema.subtypes.record(column.subtype.as_deref()).or_else(|| inferred_record(column, inference)),
    };
    let relations = schema.relations.iter();
    relations.map(|relation| relation.columns.iter().flatten().map(&mut column_type).collect()).collect()
}

/// The type of the records in a column that nobody declared.
fn inferred_record(column: &ColumnDraft, inference: &mut Inference) -> Option<RecordTypeId> {
    match column.slot {
        Slot::Open(node) => inference.record(node),
        Slot::Fixed(..) | Slot::Broken => None,
    }
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
            .map(|column| {
                let ty = settled(&column, inference);
                let record = inferred_record(&column, inference);
                let inferred = record.map(|record| inference.records.get(record).name.clone());
                Column { ty, name: column.name, subtype: column.subtype.or(inferred) }
            })
            .collect(),
        role: draft.role,
        doc: draft.doc,
        span: draft.span,
        declared: draft.declared,
        is_equivalence: draft.is_equivalence,
        stored: draft.stored,
        citations: draft.citations,
        rules: Vec::new(),
        stratum: None,
        upkeep: draft.upkeep,
    }
}

/// A rule in its final form.
pub(super) fn rule(clause: &Clause, inference: &mut Inference, diagnostics: &mut Vec<Diagnostic>) -> Rule {
    let mut finish = Finish { variables: &clause.variables, inference, diagnostics };
    let args = finish.terms(&clause.args);
    let mut state = BodyState::default();
    state.settle(&clause.body, None);
    let body = finish.body(&clause.body, &state, Bound::of(&state, None));
    let variables = clause
        .variables
        .iter()
        .map(|variable| Variable {
            name: variable.name.clone(),
            named: variable.origin != draft::Origin::Unnamed,
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
    fn body(&mut self, body: &[draft::Literal], state: &BodyState, bound: Bound<'_>) -> Vec<Literal> {
        let mut found = Vec::new();
        for (at, literal) in body.iter().enumerate() {
            match literal {
                draft::Literal::Compare { left, right, span, .. } if let Some(side) = state.taken_apart(at) => {
                    let (pattern, whole) = if side == Side::Left { (left, right) } else { (right, left) };
                    let whole = self.term(whole);
                    self.take_apart(pattern, whole, *span, &mut found);
                }
                _ => found.push(self.literal(at, literal, state, bound)),
            }
        }
        found
    }

    /// `R = [X, Y]`, where `R` is known: `X` is its first field, `Y` its second.
    fn take_apart(&mut self, pattern: &draft::Term, whole: Term, span: Span, found: &mut Vec<Literal>) {
        let fields = match &pattern.kind {
            TermKind::Record { args, .. } if !args.is_empty() => args,
            _ => {
                let ty = self.ty(pattern);
                let left = self.term(pattern);
                found.push(Literal::Compare(Comparison { op: CompareOp::Eq, left, right: whole, ty, span }));
                return;
            }
        };
        let form = self.form(pattern).clone();
        for (at, field) in fields.iter().enumerate() {
            let part = Term::Call { function: form.field(at), args: vec![whole.clone()], span };
            self.take_apart(field, part, span, found);
        }
    }

    /// The form of a record of parts.
    fn form(&mut self, term: &draft::Term) -> &Form {
        let TermKind::Record { tag, node, .. } = &term.kind else { panic!("only a record has a form") };
        let form = match tag {
            Tag::Branch(name) => self.inference.records.branch(name),
            Tag::Nil | Tag::Plain => self.inference.record(*node).and_then(|ty| self.inference.records.plain(ty)),
        };
        self.inference.records.form(form.expect("a program without errors knows what its records are"))
    }

    fn literal(&mut self, at: usize, literal: &draft::Literal, state: &BodyState, bound: Bound<'_>) -> Literal {
        match literal {
            draft::Literal::Atom(atom) => Literal::Atom(self.atom(atom)),
            draft::Literal::Absent(atom) => Literal::Absent(self.atom(atom)),
            draft::Literal::Compare { op, left, right, span } => {
                let ty = self.ty(left);
                let (left, right) = (self.term(left), self.term(right));
                Literal::Compare(Comparison { op: *op, left, right, ty, span: *span })
            }
            draft::Literal::Test { choice, args, negated, span } => {
                let builtin = self.inference.chosen(*choice);
                self.pattern(builtin, args);
                Literal::Test(Test { builtin, args: self.terms(args), negated: *negated, span: *span })
            }
            draft::Literal::OneOf { choice, args, span } => Literal::Test(Test {
                builtin: self.inference.chosen(*choice),
                args: self.terms(args),
                negated: false,
                span: *span,
            }),
            draft::Literal::Aggregate(aggregate) => Literal::Aggregate(self.aggregate(aggregate)),
            draft::Literal::Or(branches) => {
                let states = state.branches(at);
                let finished = branches.iter().zip(states);
                Literal::Or(
                    finished.map(|(branch, state)| self.body(branch, state, Bound::of(state, Some(&bound)))).collect(),
                )
            }
            draft::Literal::Broken(_) => unreachable!("a program with a broken condition has an error"),
        }
    }

    /// Warns of a pattern that is no regular expression.
    fn pattern(&mut self, builtin: BuiltinId, args: &[draft::Term]) {
        let Some(draft::Term { kind: TermKind::Constant { value, .. }, span }) = args.first() else { return };
        let row = builtin.row();
        if row.params == [Type::Symbol; 2] && row.holds(&[value.clone(), Value::symbol("")]).is_none() {
            self.diagnostics.push(
                Diagnostic::new(Code::NoPattern, *span, format!("`{value}` is no regular expression"))
                    .label(format!("`{}` and its negation find nothing", row.name))
                    .help("signs that should stand for themselves need a backslash before them"),
            );
        }
    }

    fn aggregate(&mut self, aggregate: &draft::Aggregate) -> Aggregate {
        let group = aggregate.outer.iter().map(|mention| mention.variable).collect();
        let around = Bound::given(&group);
        let mut state = BodyState::default();
        state.settle(&aggregate.body, Some(&around));
        Aggregate {
            result: aggregate.result,
            op: aggregate.op,
            dialect: self.inference.dialect,
            target: aggregate.target.as_ref().map(|target| self.term(target)),
            body: self.body(&aggregate.body, &state, Bound::of(&state, Some(&around))),
            outer: aggregate.outer.iter().map(|mention| mention.variable).collect(),
            local: aggregate.local.clone(),
            span: aggregate.span,
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
                let function = Function::Builtin(self.inference.chosen(*choice));
                Term::Call { function, args: self.terms(args), span: term.span }
            }
            TermKind::Record { args, .. } => {
                let shape = self.form(term).shape.clone();
                made(shape, self.terms(args), term.span)
            }
            TermKind::Foreign { function, args, .. } => {
                Term::Call { function: Function::Foreign(function.clone()), args: self.terms(args), span: term.span }
            }
            TermKind::Cast { term, .. } => self.term(term),
            TermKind::Broken { .. } => unreachable!("a program with a broken term has an error"),
        }
    }

    /// The type of one side of a comparison.
    fn ty(&mut self, term: &draft::Term) -> Type {
        let node = match &term.kind {
            TermKind::Constant { node, .. } | TermKind::Record { node, .. } | TermKind::Foreign { node, .. } => *node,
            TermKind::Cast { node, .. } | TermKind::Broken { node, .. } => *node,
            TermKind::Call { choice, .. } => {
                self.inference.choices[*choice].result.expect("a call within a term has a value")
            }
            TermKind::Variable(variable) => self.variables[*variable].node,
            TermKind::Wildcard => unreachable!("`_` is a variable in a comparison"),
        };
        self.inference.settled(node)
    }
}

/// The record of these fields: a value where they are values.
fn made(shape: Arc<Shape>, args: Vec<Term>, span: Span) -> Term {
    let values = args.iter().map(|arg| if let Term::Constant(value) = arg { Some(value.clone()) } else { None });
    let record = values.collect::<Option<Vec<Value>>>().and_then(|fields| Record::new(shape.tag.clone(), fields));
    match record {
        Some(record) => Term::Constant(Value::Record(Arc::new(record))),
        None => Term::Call { function: Function::Make(shape), args, span },
    }
}
