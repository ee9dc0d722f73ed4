//! Facts: constants in the types of their columns.
//!
//! In: the facts of all files. Out: demands on types while those are being found, and [`Fact`]s once they are. Many
//! facts are the normal case: no node is made for a value, and nothing is kept but a place in the tree.

use super::clashes::unfit;
use super::constrain::spelt;
use super::inference::{Clash, Inference, Known, Origin, Place, Slot, State, Why, state_of};
use super::names::arity_fits;
use super::schema::Schema;
use super::{Fact, RelationId, records};
use crate::data::{Dialect, FormId, IdVec, Record, RecordTypeId, RecordTypes, Type, Value};
use crate::report::{Code, Diagnostic, Span};
use crate::syntax::{self, Term, TermKind};
use std::sync::Arc;

/// A fact whose relation was found.
#[derive(Clone, Copy)]
pub(super) struct Draft<'a> {
    pub(super) relation: RelationId,
    pub(super) fact: &'a syntax::Fact,
    pub(super) span: Span,
}

/// The value of a constant.
pub(super) fn constant(term: &Term) -> Option<&Value> {
    match &term.kind {
        TermKind::Constant { value, .. } => Some(value),
        _ => None,
    }
}

/// Enters what a fact says of its columns. Whether it takes part in the program.
pub(super) fn constrain(
    draft: Draft<'_>,
    schema: &mut Schema,
    inference: &mut Inference,
    diagnostics: &mut Vec<Diagnostic>,
) -> bool {
    let Draft { relation, fact, .. } = draft;
    if !arity_fits(relation, &fact.atom, schema, diagnostics) {
        return false;
    }
    let mut is_right = true;
    for (column, term) in fact.atom.args.iter().enumerate() {
        let of = &schema.relations[relation].columns.as_ref().expect("a fact gives its relation columns")[column];
        let (slot, why) = (of.slot, Why::Fact { relation, column });
        match (constant(term), schema.subtypes.record(of.subtype.as_deref())) {
            (Some(value), _) => enter(slot, value, term.span, why, inference),
            (None, Some(record)) => {
                let typed = Typed { records: &schema.subtypes.records, dialect: schema.dialect };
                let wanted = ColumnType { ty: Type::Record, record: Some(record) };
                if let Err(mistake) = typed.value(term, wanted) {
                    diagnostics.push(*mistake);
                    is_right = false;
                }
            }
            (None, None) => enter_record(slot, term, why, schema, inference),
        }
    }
    if !fact.citations.is_empty() {
        schema.citations(relation);
    }
    for claim in &fact.citations {
        let slot = Slot::Fixed(Type::Symbol, Origin { span: None, why: Why::Claim });
        if let Some(value) = constant(claim) {
            enter(slot, value, claim.span, Why::Literal, inference);
        }
    }
    is_right
}

fn enter(slot: Slot, value: &Value, span: Span, why: Why, inference: &mut Inference) {
    let origin = Origin { span: Some(span), why };
    inference.fill_value(slot, state_of(value, origin), || Place { span, subject: spelt(value) });
}

/// The name of a branch tells the type of a column that nobody declared.
fn enter_record(slot: Slot, term: &Term, why: Why, schema: &Schema, inference: &mut Inference) {
    let place = || Place { span: term.span, subject: "this record".to_string() };
    let origin = Origin { span: Some(term.span), why };
    inference.fill_value(slot, State::Known(Type::Record, origin), place);
    if let (Slot::Open(node), TermKind::Branch { name, .. }) = (slot, &term.kind)
        && let Some(form) = schema.subtypes.records.branch(&name.text)
    {
        inference.require_record(node, form.ty, place);
    }
}

/// The type of a column, and of the records in it.
#[derive(Debug, Clone, Copy)]
pub(super) struct ColumnType {
    pub(super) ty: Type,
    pub(super) record: Option<RecordTypeId>,
}

/// A fact in the types of its columns.
pub(super) fn finish(
    draft: Draft<'_>,
    types: &IdVec<RelationId, Vec<ColumnType>>,
    inference: &Inference,
    diagnostics: &mut Vec<Diagnostic>,
) -> Fact {
    let Draft { relation, fact, span } = draft;
    let typed = Typed { records: &inference.records, dialect: inference.dialect };
    let row = fact
        .atom
        .args
        .iter()
        .zip(&types[relation])
        .map(|(term, ty)| {
            typed.value(term, *ty).unwrap_or_else(|mistake| {
                diagnostics.push(*mistake);
                Value::Record(Arc::new(Record::nil()))
            })
        })
        .collect();
    let mut citations: Vec<Value> = fact.citations.iter().filter_map(constant).cloned().collect();
    citations.sort();
    citations.dedup();
    Fact { relation, row, citations, span }
}

/// What makes values of the terms of facts.
pub(super) struct Typed<'a> {
    pub(super) records: &'a RecordTypes,
    pub(super) dialect: Dialect,
}

impl Typed<'_> {
    /// The value of a term that is ground, in a type.
    pub(super) fn value(&self, term: &Term, wanted: ColumnType) -> Result<Value, Box<Diagnostic>> {
        match &term.kind {
            TermKind::Constant { value, .. } if may_be(value, wanted.ty) => {
                in_type(value, wanted.ty, self.dialect).map_err(|unfit| Box::new(unfit.told(term.span)))
            }
            _ if wanted.ty != Type::Record => Err(wrong(term, wanted.ty.with_article())),
            TermKind::Nil => Ok(Value::Record(Arc::new(Record::nil()))),
            TermKind::Record(fields) => {
                let ty = wanted.record.ok_or_else(|| Box::new(records::unknown(term.span)))?;
                let form = self.records.plain(ty);
                self.record(
                    form.ok_or_else(|| wrong(term, &format!("a `{}`", self.records.get(ty).name)))?,
                    term,
                    fields,
                )
            }
            TermKind::Branch { name, args } => {
                let form = self.records.branch(&name.text);
                let form = form.filter(|form| wanted.record.is_none_or(|wanted| form.ty == wanted));
                let ty =
                    wanted.record.map_or("a record".to_string(), |ty| format!("a `{}`", self.records.get(ty).name));
                self.record(form.ok_or_else(|| wrong(term, &ty))?, term, args)
            }
            _ => Err(wrong(term, "a record")),
        }
    }

    fn record(&self, form: FormId, term: &Term, fields: &[Term]) -> Result<Value, Box<Diagnostic>> {
        let found = self.records.form(form);
        if found.fields.len() != fields.len() {
            return Err(Box::new(records::wrong_fields(term.span, form, self.records, fields.len())));
        }
        let types = found.types().iter().zip(&found.fields);
        let types = types.map(|(ty, field)| ColumnType { ty: *ty, record: field.record });
        let values = fields.iter().zip(types).map(|(field, ty)| self.value(field, ty));
        let record = Record::new(found.shape.tag.clone(), values.collect::<Result<Vec<Value>, _>>()?);
        Ok(Value::Record(Arc::new(record.expect("a term nests less deeply than a record may"))))
    }
}

/// Whether a literal may stand where a type is needed.
fn may_be(value: &Value, ty: Type) -> bool {
    state_of(value, Origin { span: None, why: Why::Literal }).may_be(ty)
}

fn wrong(term: &Term, wanted: &str) -> Box<Diagnostic> {
    let message = format!("`{term}` stands where {wanted} is needed");
    Box::new(Diagnostic::new(Code::TypeMismatch, term.span, message).label(format!("{wanted} is needed here")))
}

/// A literal that no value of the type it is needed in is equal to.
#[derive(Debug, Clone)]
pub(super) struct Unfit {
    value: Value,
    ty: Type,
    dialect: Dialect,
}

impl Unfit {
    pub(super) fn told(&self, span: Span) -> Diagnostic {
        unfit(&self.value, self.ty, self.dialect, span)
    }
}

/// A value in the type that it is needed in: an integer stands for an unsigned and for a float. Soufflé takes the
/// nearest float, and the bits of a negative number.
pub(super) fn in_type(value: &Value, ty: Type, dialect: Dialect) -> Result<Value, Unfit> {
    let found = match (value, ty) {
        (Value::Number(number), Type::Unsigned) => dialect.unsigned(i128::from(*number)).ok().map(Value::Unsigned),
        (Value::Number(number), Type::Float) => {
            #[expect(clippy::cast_precision_loss, reason = "the loss is what is asked for")]
            let float = *number as f64;
            let same = dialect != Dialect::Entail || format!("{float:.0}") == number.to_string();
            same.then(|| dialect.float(float).ok().map(Value::Float)).flatten()
        }
        (Value::Float(float), Type::Float) => dialect.float(float.get()).ok().map(Value::Float),
        (value, _) => Some(value.clone()),
    };
    let unfit = || Unfit { value: value.clone(), ty, dialect };
    found.filter(|found| dialect.holds(found)).ok_or_else(unfit)
}

/// Complains about one value that does not fit a settled column.
pub(super) fn misfit(value: &Value, term: &Term, wanted: Known) -> Option<Clash> {
    let origin = Origin { span: Some(term.span), why: Why::Literal };
    (!may_be(value, wanted.ty)).then(|| Clash {
        at: Place { span: term.span, subject: spelt(value) },
        had: Known { ty: value.ty(), origin },
        asked: wanted,
    })
}

/// A claim that is not a constant.
pub(super) fn odd_citation(fact: &syntax::Fact) -> Option<Diagnostic> {
    let odd = fact.citations.iter().find(|claim| constant(claim).is_none())?;
    Some(
        Diagnostic::new(Code::NotAFact, odd.span, "a claim is named by a constant")
            .label("something to compute")
            .help("write the claim's name"),
    )
}

/// A fact that must be computed cannot rest on a claim: it is derived.
pub(super) fn cited_computation(fact: &syntax::Fact) -> Option<Diagnostic> {
    let computed = fact.atom.args.iter().find(|term| !term.is_ground())?;
    let claim = fact.citations.iter().find(|claim| constant(claim).is_some())?;
    Some(
        Diagnostic::new(Code::NotAFact, computed.span, "a claim supports a constant, not something to compute")
            .label("computed when the program runs")
            .also(claim.span, "this claim")
            .help("write the value itself"),
    )
}
