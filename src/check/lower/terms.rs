//! Terms: values, variables, calls, records; and the nodes of their types.

use super::clause::{Lowering, Workshop};
use crate::check::draft::{Literal, Term, TermKind};
use crate::check::functors::ForeignCall;
use crate::check::inference::{self, NodeId, State, Why};
use crate::check::overloads::{What, is_one_of};
use crate::check::subtypes::unknown_type;
use crate::check::{desugar, names};
use crate::data::{Notation, Record, Tag, Type, Value};
use crate::report::Span;
use crate::syntax::{self, TermKind as Written};
use std::sync::Arc;

impl<'a> Lowering<'a, '_, '_> {
    pub(super) fn term(&mut self, term: &'a syntax::Term, out: &mut Vec<Literal>) -> Term {
        let span = term.span;
        let kind = match &term.kind {
            Written::Variable(name) => TermKind::Variable(self.use_variable(name, span)),
            Written::Wildcard => TermKind::Variable(self.unnamed("_", span)),
            Written::Constant { value, .. } => {
                TermKind::Constant { value: value.clone(), node: self.literal_node(value, span) }
            }
            Written::Call { name, args } if let Some(name) = is_one_of(&name.text, self.workshop.schema.dialect) => {
                let variable = self.unnamed(name, span);
                let literal = self.one_of(name, Term { kind: TermKind::Variable(variable), span }, args, span, out);
                out.push(literal);
                TermKind::Variable(variable)
            }
            Written::Call { name, args } => {
                let args: Vec<Term> = args.iter().map(|arg| self.term(arg, out)).collect();
                match names::function(name, self.workshop.schema) {
                    Ok(function) => self.call(function, Notation::Call, args, span),
                    Err(mistake) => {
                        self.workshop.diagnostics.push(*mistake);
                        TermKind::Broken { args, node: self.workshop.inference.node(State::Clashed) }
                    }
                }
            }
            Written::Binary { op, left, right } => {
                let args = vec![self.term(left, out), self.term(right, out)];
                self.call(op, Notation::Infix, args, span)
            }
            Written::Negative(inner) => {
                let args = vec![self.term(inner, out)];
                self.call("-", Notation::Prefix, args, span)
            }
            Written::Record(args) => self.record(Tag::Plain, args, span, out),
            Written::Nil => {
                let value = Value::Record(Arc::new(Record::nil()));
                TermKind::Constant { node: self.literal_node(&value, span), value }
            }
            Written::Branch { name, args } => self.record(Tag::Branch(name.text.as_str().into()), args, name.span, out),
            Written::Cast { term, ty } => self.cast(term, ty, span, out),
            Written::Counter => {
                self.workshop.diagnostics.push(desugar::misplaced(span));
                TermKind::Broken { args: Vec::new(), node: self.workshop.inference.node(State::Clashed) }
            }
            Written::Foreign { name, args } => {
                let call = ForeignCall { name, arguments: args.len(), span };
                let args = args.iter().map(|arg| self.term(arg, out)).collect();
                self.foreign(call, args)
            }
            Written::Aggregate(aggregate) => {
                let result = self.unnamed(aggregate.op.name(), span);
                let literal = self.aggregate(aggregate, result, span, out);
                out.push(literal);
                TermKind::Variable(result)
            }
        };
        Term { kind, span }
    }

    fn call(&mut self, name: &'static str, notation: Notation, args: Vec<Term>, span: Span) -> TermKind {
        let nodes = args.iter().map(|arg| self.node(arg)).collect();
        let result = self.workshop.inference.node(State::Open);
        let what = What::Builtin { name, notation };
        let choice = self.workshop.inference.choice(what, span, nodes, Some(result));
        TermKind::Call { choice, args }
    }

    /// A function of a library, whose declaration says the types.
    fn foreign(&mut self, call: ForeignCall<'_>, args: Vec<Term>) -> TermKind {
        let Workshop { schema, diagnostics, .. } = &mut *self.workshop;
        let function = schema.functors.function(call, schema.dialect).unwrap_or_else(|mistake| {
            diagnostics.push(*mistake);
            None
        });
        let Some(function) = function else {
            for record in args.iter().filter(|arg| arg.is_record()) {
                self.workshop.inference.give_up(self.node(record));
            }
            return TermKind::Broken { args, node: self.workshop.inference.node(State::Clashed) };
        };
        let nodes: Vec<NodeId> = args.iter().map(|arg| self.node(arg)).collect();
        let inference = &mut *self.workshop.inference;
        for ((node, arg), ty) in nodes.into_iter().zip(&args).zip(&function.signature.params) {
            let origin = inference::Origin { span: Some(call.name.span), why: Why::Foreign };
            let place = || inference::Place { span: arg.span, subject: "this value".to_string() };
            inference.require(node, inference::Known { ty: *ty, origin }, place);
        }
        let origin = inference::Origin { span: Some(call.span), why: Why::Foreign };
        let node = inference.node(State::Known(function.signature.result, origin));
        TermKind::Foreign { function: Arc::new(function), args, node }
    }

    /// A record of these parts. A branch tells its type; what `[X, Y]` is, others must tell.
    fn record(&mut self, tag: Tag, args: &'a [syntax::Term], span: Span, out: &mut Vec<Literal>) -> TermKind {
        let args: Vec<Term> = args.iter().map(|arg| self.term(arg, out)).collect();
        let Workshop { schema, inference, diagnostics, .. } = &mut *self.workshop;
        let origin = inference::Origin { span: Some(span), why: Why::Literal };
        let node = inference.node(State::Known(Type::Record, origin));
        let mut known = None;
        if let Tag::Branch(name) = &tag {
            let Some(form) = schema.subtypes.records.branch(name) else {
                diagnostics.push(names::unknown_branch(name, span, schema));
                return TermKind::Broken { args, node: inference.node(State::Clashed) };
            };
            let place = || inference::Place { span, subject: format!("`${name}`") };
            inference.require_record(node, form.ty, place);
            known = Some(form);
        }
        let nodes = args.iter().map(|arg| self.node(arg)).collect();
        self.workshop.inference.choice(What::Record { form: known }, span, nodes, Some(node));
        TermKind::Record { tag, args, node }
    }

    /// A term of a kind that is taken for another type of that kind.
    fn cast(&mut self, term: &'a syntax::Term, ty: &syntax::Name, span: Span, out: &mut Vec<Literal>) -> TermKind {
        let term = self.term(term, out);
        let node = self.node(&term);
        let Workshop { schema, inference, diagnostics, .. } = &mut *self.workshop;
        let place = || inference::Place { span, subject: "this value".to_string() };
        match schema.subtypes.find(&ty.text) {
            Some(named) => {
                let origin = inference::Origin { span: Some(ty.span), why: Why::Literal };
                inference.require(node, inference::Known { ty: named.ty, origin }, place);
                if let Some(record) = schema.subtypes.record(named.subtype.as_deref()) {
                    inference.require_record(node, record, place);
                }
            }
            None if schema.subtypes.is_refused(&ty.text) => {}
            None => diagnostics.push(unknown_type(ty, &schema.subtypes, [])),
        }
        TermKind::Cast { term: Box::new(term), node }
    }

    /// The node of a term's type.
    pub(super) fn node(&self, term: &Term) -> NodeId {
        match &term.kind {
            TermKind::Variable(variable) => self.variables[*variable].node,
            TermKind::Constant { node, .. } | TermKind::Record { node, .. } | TermKind::Foreign { node, .. } => *node,
            TermKind::Cast { node, .. } | TermKind::Broken { node, .. } => *node,
            TermKind::Call { choice, .. } => {
                self.workshop.inference.choices[*choice].result.expect("a call within a term has a value")
            }
            TermKind::Wildcard => unreachable!("`_` is a variable wherever a type is asked for"),
        }
    }

    fn literal_node(&mut self, value: &Value, span: Span) -> NodeId {
        let origin = inference::Origin { span: Some(span), why: Why::Literal };
        self.workshop.inference.node(inference::state_of(value, origin))
    }
}
