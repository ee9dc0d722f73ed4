//! Facts: constants in the types of their columns.
//!
//! In: the facts of all files. Out: demands on types while those are being found, and [`Fact`]s once they are. Many
//! facts are the normal case: no node is made for a value, and nothing is kept but a place in the tree.

use super::clashes::unfit;
use super::constrain::spelt;
use super::inference::{Clash, Inference, Known, Origin, Place, Slot, Why, state_of};
use super::names::arity_fits;
use super::schema::Schema;
use super::{Fact, RelationId};
use crate::data::{Dialect, IdVec, Type, Value};
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
    dialect: Dialect,
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
            in_type(value, *ty, dialect).unwrap_or_else(|unfit| {
                diagnostics.push(unfit.told(term.span));
                value.clone()
            })
        })
        .collect();
    let mut citations: Vec<Value> = fact.citations.iter().filter_map(constant).cloned().collect();
    citations.sort();
    citations.dedup();
    Fact { relation, row, citations, span }
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
/// nearest float.
pub(super) fn in_type(value: &Value, ty: Type, dialect: Dialect) -> Result<Value, Unfit> {
    let found = match (value, ty) {
        (Value::Number(number), Type::Unsigned) => u64::try_from(*number).ok().map(Value::Unsigned),
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
