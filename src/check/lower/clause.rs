//! A clause, part by part.

use crate::check::draft::{Clause, Kind, Variable};
use crate::check::inference::Inference;
use crate::check::schema::Schema;
use crate::check::scope::Frame;
use crate::check::{RelationId, VarId, names};
use crate::data::IdVec;
use crate::report::{Diagnostic, Span};
use crate::syntax;

/// What lowering reads and adds to.
pub(in crate::check) struct Workshop<'s> {
    pub(in crate::check) schema: &'s mut Schema,
    pub(in crate::check) inference: &'s mut Inference,
    pub(in crate::check) unknown: &'s mut names::Unknown,
    pub(in crate::check) diagnostics: &'s mut Vec<Diagnostic>,
}

/// A clause as it is written.
pub(in crate::check) struct WrittenClause<'a> {
    pub(in crate::check) kind: Kind,
    pub(in crate::check) head: RelationId,
    pub(in crate::check) args: &'a [syntax::Term],
    pub(in crate::check) body: &'a [syntax::Literal],
    pub(in crate::check) span: Span,
}

/// Lowers a clause.
pub(in crate::check) fn lower(written: WrittenClause<'_>, workshop: &mut Workshop<'_>) -> Clause {
    let mut lowering = Lowering { workshop, variables: IdVec::new(), frames: vec![Frame::new(written.args)] };
    let mut body = Vec::new();
    let mut hoisted = Vec::new();
    lowering.frame().enter(written.body);
    let args = written.args.iter().map(|term| lowering.term(term, &mut hoisted)).collect();
    lowering.frame().leave();
    lowering.body(written.body, &mut body);
    body.append(&mut hoisted);
    let variables = lowering.variables;
    let WrittenClause { kind, head, span, .. } = written;
    Clause { kind, head, args, body, variables, span }
}

/// A clause on its way.
pub(super) struct Lowering<'a, 'w, 's> {
    pub(super) workshop: &'w mut Workshop<'s>,
    pub(super) variables: IdVec<VarId, Variable>,
    /// The clause, and the aggregates around the place that is being lowered.
    pub(super) frames: Vec<Frame<'a>>,
}
