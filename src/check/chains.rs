//! Does each value stay within its subtype?
//!
//! In: a clause. Out: a message where a variable is read as two subtypes neither of which is part of the other, or
//! where it is put into a column of a subtype that it need not belong to. Constants and computed values fit every
//! subtype of their type, and columns without a declaration ask for none.

use super::draft::{Atom, Clause, Literal, Term};
use super::inference::{Origin, Slot, Why};
use super::schema::{ColumnDraft, Schema};
use super::{CompareOp, RelationId, VarId};
use crate::data::Type;
use crate::report::{Code, Diagnostic, Span};
use rustc_hash::FxHashMap;

/// Complains about every variable of a clause that leaves its subtype.
pub(super) fn check(clause: &Clause, schema: &Schema, diagnostics: &mut Vec<Diagnostic>) {
    if schema.subtypes.is_empty() {
        return;
    }
    let mut walk = Walk { clause, schema, diagnostics };
    let reads = walk.body(&clause.body, &Reads::default());
    walk.head(&reads);
}

/// Whether a `.decl` says which subtype the values of a column belong to, or that they belong to none. What is known of a
/// data file, or of facts stored before, is their type alone.
fn is_declared(column: &ColumnDraft, origin: Origin) -> bool {
    column.subtype.is_some() || column.declared && !matches!(origin.why, Why::File { .. })
}

/// The narrowest subtype that each variable is known to belong to.
type Reads = FxHashMap<VarId, Read>;

#[derive(Debug, Clone, PartialEq)]
struct Read {
    ty: Type,
    subtype: Option<String>,
    span: Span,
}

struct Walk<'a> {
    clause: &'a Clause,
    schema: &'a Schema,
    diagnostics: &'a mut Vec<Diagnostic>,
}

impl Walk<'_> {
    fn body(&mut self, body: &[Literal], around: &Reads) -> Reads {
        let mut reads = around.clone();
        for literal in body {
            match literal {
                Literal::Atom(atom) => self.atom(atom, &mut reads),
                Literal::Or(branches) => {
                    for (variable, read) in self.branches(branches) {
                        self.meet(variable, read, &mut reads);
                    }
                }
                Literal::Absent(_)
                | Literal::Compare { .. }
                | Literal::Test { .. }
                | Literal::OneOf { .. }
                | Literal::Aggregate(_)
                | Literal::Broken(_) => {}
            }
        }
        self.equations(body, &mut reads);
        for literal in body {
            if let Literal::Aggregate(aggregate) = literal {
                let group = aggregate.outer.iter().map(|mention| mention.variable);
                let around = group.filter_map(|variable| Some((variable, reads.get(&variable)?.clone()))).collect();
                self.body(&aggregate.body, &around);
            }
        }
        reads
    }

    fn atom(&mut self, atom: &Atom, reads: &mut Reads) {
        for (term, column) in atom.args.iter().zip(self.columns(atom.relation)) {
            // Of which type a record is, its fields tell as well: that is for inference to say.
            if let (Some(variable), Slot::Fixed(ty, origin)) = (term.lone_variable(), column.slot)
                && is_declared(&column, origin)
                && ty != Type::Record
            {
                let read = Read { ty, subtype: column.subtype.clone(), span: term.span };
                self.meet(variable, read, reads);
            }
        }
    }

    fn columns(&self, relation: RelationId) -> Vec<ColumnDraft> {
        self.schema.relations[relation].columns.clone().unwrap_or_default()
    }

    /// What every branch knows: the nearest subtype that holds on all sides.
    fn branches(&mut self, branches: &[Vec<Literal>]) -> Vec<(VarId, Read)> {
        let mut all: Vec<Reads> = branches.iter().map(|branch| self.body(branch, &Reads::default())).collect();
        let Some(first) = all.pop() else { return Vec::new() };
        let mut joined: Vec<(VarId, Read)> = first
            .into_iter()
            .filter_map(|(variable, mut read)| {
                for other in &all {
                    let other = other.get(&variable)?;
                    read.subtype = self.schema.subtypes.join(read.subtype.as_deref(), other.subtype.as_deref());
                }
                Some((variable, read))
            })
            .collect();
        joined.sort_by_key(|(variable, _)| *variable);
        joined
    }

    /// `X = Y` makes each what the other is.
    fn equations(&mut self, body: &[Literal], reads: &mut Reads) {
        let pairs: Vec<[&Term; 2]> = body
            .iter()
            .filter_map(|literal| match literal {
                Literal::Compare { op: CompareOp::Eq, left, right, .. } => Some([left, right]),
                _ => None,
            })
            .collect();
        for pair in pairs.iter().chain(pairs.iter().rev()) {
            let [Some(left), Some(right)] = pair.map(Term::lone_variable) else { continue };
            for (from, to, at) in [(left, right, pair[1]), (right, left, pair[0])] {
                if let Some(read) = reads.get(&from).cloned() {
                    self.meet(to, Read { span: at.span, ..read }, reads);
                }
            }
        }
    }

    /// The variable is of this subtype too.
    fn meet(&mut self, variable: VarId, read: Read, reads: &mut Reads) {
        let Some(known) = reads.get_mut(&variable) else {
            reads.insert(variable, read);
            return;
        };
        let within =
            |one: &Read, other: &Read| self.schema.subtypes.within(one.subtype.as_deref(), other.subtype.as_deref());
        if known.ty != read.ty || within(known, &read) {
            return;
        }
        if within(&read, known) {
            *known = read;
            return;
        }
        if let Some(both) = self.schema.subtypes.meet(known.subtype.as_deref(), read.subtype.as_deref()) {
            *known = Read { subtype: Some(both.to_string()), ..read };
            return;
        }
        let name = &self.clause.variables[variable].name;
        self.diagnostics.push(
            Diagnostic::new(
                Code::SubtypeMismatch,
                read.span,
                format!("`{name}` is a {} and a {} at once", read.shown(), known.shown()),
            )
            .label(format!("a {} here", read.shown()))
            .also(known.span, format!("a {} here", known.shown()))
            .help("no value is of two types neither of which is part of the other"),
        );
    }

    fn head(&mut self, reads: &Reads) {
        for (term, column) in self.clause.args.iter().zip(self.columns(self.clause.head)) {
            let Some(read) = term.lone_variable().and_then(|variable| reads.get(&variable)) else { continue };
            let (Some(wanted), Slot::Fixed(ty, origin)) = (&column.subtype, column.slot) else { continue };
            if ty != read.ty || self.schema.subtypes.within(read.subtype.as_deref(), Some(wanted)) {
                continue;
            }
            let name = self.clause.variables[term.lone_variable().expect("only variables are read")].name.as_str();
            let mut message = Diagnostic::new(
                Code::SubtypeMismatch,
                term.span,
                format!("`{name}` is a {}, which need not be a {wanted}", read.shown()),
            )
            .label(format!("a {wanted} is needed here"))
            .also(read.span, format!("a {} here", read.shown()));
            if let Some(place) = origin.span {
                message = message.also(place, format!("declared a {wanted}"));
            }
            self.diagnostics
                .push(message.help(format!("add an atom that reads `{name}` as a {wanted}, or widen the column")));
        }
    }
}

impl Read {
    fn shown(&self) -> &str {
        self.subtype.as_deref().unwrap_or(self.ty.name())
    }
}
