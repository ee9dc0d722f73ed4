//! Facts: constants in the types of their columns.
//!
//! In: the facts of all files. Out: demands on types while those are being found, and [`Fact`]s once they are. Many
//! facts are the normal case: no node is made for a value, and nothing is kept but a place in the tree.

use super::clashes::inexact;
use super::constrain::spelt;
use super::inference::{Clash, Inference, Known, Origin, Place, Slot, Why, state_of};
use super::names::arity_fits;
use super::schema::Schema;
use super::{Fact, RelationId};
use crate::data::{Float, IdVec, Type, Value};
use crate::report::{Code, Diagnostic, Span};
use crate::syntax::{self, Term, TermKind};

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
    for (column, term) in fact.atom.args.iter().enumerate() {
        let value = constant(term).expect("a fact with something to compute is a rule");
        let slot = schema.relations[relation].columns.as_ref().expect("a fact gives its relation columns")[column].slot;
        enter(slot, value, term.span, Why::Fact { relation, column }, inference);
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
    true
}

fn enter(slot: Slot, value: &Value, span: Span, why: Why, inference: &mut Inference) {
    let origin = Origin { span: Some(span), why };
    inference.fill_value(slot, state_of(value, origin), || Place { span, subject: spelt(value) });
}

/// A fact in the types of its columns.
pub(super) fn finish(
    draft: Draft<'_>,
    types: &IdVec<RelationId, Vec<Type>>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Fact {
    let Draft { relation, fact, span } = draft;
    let row = fact
        .atom
        .args
        .iter()
        .zip(&types[relation])
        .map(|(term, ty)| {
            let value = constant(term).expect("a fact holds constants");
            in_type(value, *ty).unwrap_or_else(|inexact| {
                diagnostics.push(inexact.told(term.span));
                value.clone()
            })
        })
        .collect();
    let mut citations: Vec<Value> = fact.citations.iter().filter_map(constant).cloned().collect();
    citations.sort();
    citations.dedup();
    Fact { relation, row, citations, span }
}

/// An integer that no float is equal to.
#[derive(Debug, Clone, Copy)]
pub(super) struct Inexact(i64);

impl Inexact {
    pub(super) fn told(self, span: Span) -> Diagnostic {
        inexact(self.0, span)
    }
}

/// A value in the type that it is needed in: an integer stands for a float.
pub(super) fn in_type(value: &Value, ty: Type) -> Result<Value, Inexact> {
    match (value, ty) {
        (Value::Number(number), Type::Float) => {
            #[expect(clippy::cast_precision_loss, reason = "the loss is what is asked for")]
            let float = *number as f64;
            let back = format!("{float:.0}") == number.to_string();
            let float = Float::new(float).expect("an integer is finite");
            if back { Ok(Value::Float(float)) } else { Err(Inexact(*number)) }
        }
        (Value::Symbol(_) | Value::Number(_) | Value::Float(_) | Value::Date(_), _) => Ok(value.clone()),
    }
}

/// Complains about one value that does not fit a settled column.
pub(super) fn misfit(value: &Value, term: &Term, wanted: Known) -> Option<Clash> {
    let origin = Origin { span: Some(term.span), why: Why::Literal };
    (!state_of(value, origin).may_be(wanted.ty)).then(|| Clash {
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
    let computed = fact.atom.args.iter().find(|term| constant(term).is_none())?;
    let claim = fact.citations.iter().find(|claim| constant(claim).is_some())?;
    Some(
        Diagnostic::new(Code::NotAFact, computed.span, "a claim supports a constant, not something to compute")
            .label("computed when the program runs")
            .also(claim.span, "this claim")
            .help("write the value itself"),
    )
}
