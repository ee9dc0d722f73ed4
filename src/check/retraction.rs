//! What is retracted: [`pattern`].
//!
//! In: a checked program and a fact as it is written at the prompt or behind `--retract`. Out: which stored facts it
//! means, in the types of its relation, or the reasons why it means none.

use super::clashes;
use super::facts::{ColumnType, Typed, constant, in_type, misfit};
use super::inference::{Known, Origin, Why};
use super::names::{Unknown, arity_fits};
use super::schema::{Schema, of_program};
use super::{Program, RelationId, Term, VarId, Variable};
use crate::data::{IdVec, Type, Value};
use crate::report::{Code, Diagnostic, Span};
use crate::syntax::{self, TermKind};
use rustc_hash::FxHashMap;

/// The stored facts that are to go: every row of the relation that the arguments match.
#[derive(Debug, Clone)]
pub struct Retraction {
    /// The relation.
    pub relation: RelationId,
    /// Constants in the types of the columns, variables and wildcards; equal variables stand for equal values.
    pub args: Vec<Term>,
    /// The variables.
    pub variables: IdVec<VarId, Variable>,
    /// The claims that no longer support the fact; none where all support goes.
    pub citations: Vec<Value>,
    /// Where it is written.
    pub span: Span,
}

/// Reads a retraction against a program.
pub fn pattern(program: &Program, written: &syntax::Fact) -> Result<Retraction, Vec<Diagnostic>> {
    let mut reading = Reading::of(program, written);
    let Some(relation) = program.relation(&written.atom.name.text) else {
        let mut unknown = Unknown::default();
        unknown.note(&written.atom.name, written.atom.args.len());
        unknown.report(&reading.schema, &mut reading.diagnostics);
        return Err(reading.diagnostics);
    };
    let types = reading.types(Some(relation));
    let mut variables = IdVec::new();
    let mut by_name: FxHashMap<&str, VarId> = FxHashMap::default();
    let mut args = Vec::new();
    for (at, term) in written.atom.args.iter().enumerate() {
        let known = types.get(at);
        match &term.kind {
            TermKind::Wildcard => args.push(Term::Wildcard),
            TermKind::Variable(name) => {
                let ty = known.map_or(Type::Symbol, |known| known.ty);
                let id = *by_name.entry(name).or_insert_with(|| {
                    variables.push(Variable { name: name.clone(), named: true, ty, span: term.span })
                });
                if variables[id].ty != ty {
                    reading.diagnostics.push(two_types(name, term.span, &variables[id], ty));
                }
                args.push(Term::Variable(id));
            }
            _ if constant(term).is_none() && term.is_ground() => {
                args.extend(reading.record(term, relation, at).map(Term::Constant));
            }
            _ => args.extend(reading.value(term, known).map(Term::Constant)),
        }
    }
    let citations = reading.citations();
    if !reading.diagnostics.is_empty() {
        return Err(reading.diagnostics);
    }
    Ok(Retraction { relation, args, variables, citations, span: written.atom.span })
}

struct Reading<'a> {
    schema: Schema,
    program: &'a Program,
    written: &'a syntax::Fact,
    diagnostics: Vec<Diagnostic>,
}

impl<'a> Reading<'a> {
    fn of(program: &'a Program, written: &'a syntax::Fact) -> Self {
        Reading { schema: of_program(program), program, written, diagnostics: Vec::new() }
    }

    /// What the columns hold; nothing for a relation that is new or has another number of columns.
    fn types(&mut self, relation: Option<RelationId>) -> Vec<Known> {
        let Some(id) = relation else { return Vec::new() };
        if !arity_fits(id, &self.written.atom, &self.schema, &mut self.diagnostics) {
            return Vec::new();
        }
        let relation = &self.program.relations[id];
        let columns = relation.columns.iter().enumerate();
        let known = columns.map(|(column, of)| {
            let why = Why::Column { relation: id, column, declared: relation.declared };
            Known { ty: of.ty, origin: Origin { span: relation.span, why } }
        });
        known.collect()
    }

    /// The value of a record, in a column.
    fn record(&mut self, term: &syntax::Term, relation: RelationId, column: usize) -> Option<Value> {
        let subtypes = &self.schema.subtypes;
        let typed = Typed { records: &subtypes.records, dialect: self.schema.dialect };
        let of = self.program.relations[relation].columns.get(column)?;
        let wanted = ColumnType { ty: of.ty, record: subtypes.record(of.subtype.as_deref()) };
        typed.value(term, wanted).map_err(|mistake| self.diagnostics.push(*mistake)).ok()
    }

    fn value(&mut self, term: &syntax::Term, known: Option<&Known>) -> Option<Value> {
        let Some(value) = constant(term) else {
            self.diagnostics.push(not_a_constant(term));
            return None;
        };
        let Some(known) = known else { return Some(value.clone()) };
        if let Some(clash) = misfit(value, term, *known) {
            self.diagnostics.push(clashes::message(&clash, &self.schema));
            return None;
        }
        match in_type(value, known.ty, self.schema.dialect) {
            Ok(value) => Some(value),
            Err(unfit) => {
                self.diagnostics.push(unfit.told(term.span));
                None
            }
        }
    }

    fn citations(&mut self) -> Vec<Value> {
        let claim = Known { ty: Type::Symbol, origin: Origin { span: None, why: Why::Claim } };
        let written = self.written;
        let mut citations: Vec<Value> =
            written.citations.iter().filter_map(|term| self.value(term, Some(&claim))).collect();
        citations.sort();
        citations.dedup();
        citations
    }
}

fn not_a_constant(term: &syntax::Term) -> Diagnostic {
    let (message, help) = match &term.kind {
        TermKind::Variable(name) => {
            (format!("`{name}` has no value in a fact"), "write the value itself; a question ends with `?`")
        }
        TermKind::Wildcard => ("`_` has no value in a fact".to_string(), "write the value itself"),
        _ => ("a fact holds constants only".to_string(), "write the value itself, or a rule"),
    };
    Diagnostic::new(Code::NotAFact, term.span, message).label("not a constant").help(help)
}

fn two_types(name: &str, span: Span, first: &Variable, ty: Type) -> Diagnostic {
    Diagnostic::new(Code::TypeMismatch, span, format!("`{name}` is a {} and a {ty} at once", first.ty))
        .label(format!("a {ty} here"))
        .also(first.span, format!("a {} here", first.ty))
        .help("use two variables, or `_`")
}
