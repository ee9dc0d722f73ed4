//! One clause, from tree to draft: names become ids, aggregates step out of terms, `@` becomes an atom.
//!
//! In: a rule, query or constraint, and the schema. Out: a [`Clause`], whatever is wrong with it: a part that makes
//! no sense is complained about here and stands in the draft as broken, so that no later check stumbles over it.

use super::draft::{Aggregate, Atom, Clause, Kind, Literal, Mention, Origin, Term, TermKind, Variable};
use super::functors::ForeignCall;
use super::inference::{self, Inference, NodeId, State, Why};
use super::names::{self, Ask};
use super::numbering;
use super::overloads::{What, is_one_of, is_predicate};
use super::schema::Schema;
use super::scope::Frame;
use super::subtypes::unknown_type;
use super::{CompareOp, RelationId, VarId};
use crate::data::{Dialect, IdVec, Notation, Record, Tag, Type, Value};
use crate::report::{Code, Diagnostic, Span};
use crate::syntax::{self, AggregateOp, LiteralKind, TermKind as Written};
use rustc_hash::FxHashSet;
use std::sync::Arc;

/// What lowering reads and adds to.
pub(super) struct Workshop<'s> {
    pub(super) schema: &'s mut Schema,
    pub(super) inference: &'s mut Inference,
    pub(super) unknown: &'s mut names::Unknown,
    pub(super) diagnostics: &'s mut Vec<Diagnostic>,
}

/// A clause as it is written.
pub(super) struct WrittenClause<'a> {
    pub(super) kind: Kind,
    pub(super) head: RelationId,
    pub(super) args: &'a [syntax::Term],
    pub(super) body: &'a [syntax::Literal],
    pub(super) span: Span,
}

/// Lowers a clause.
pub(super) fn lower(written: WrittenClause<'_>, workshop: &mut Workshop<'_>) -> Clause {
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

struct Lowering<'a, 'w, 's> {
    workshop: &'w mut Workshop<'s>,
    variables: IdVec<VarId, Variable>,
    /// The clause, and the aggregates around the place that is being lowered.
    frames: Vec<Frame<'a>>,
}

impl<'a> Lowering<'a, '_, '_> {
    fn body(&mut self, body: &'a [syntax::Literal], out: &mut Vec<Literal>) {
        self.frame().enter(body);
        for (at, literal) in body.iter().enumerate() {
            self.frame().step_to(at);
            self.literal(literal, out);
        }
        self.frame().leave();
    }

    fn literal(&mut self, literal: &'a syntax::Literal, out: &mut Vec<Literal>) {
        let lowered = match &literal.kind {
            LiteralKind::Atom(atom) if self.is_predicate(atom) => self.test(atom, false, literal.span, out),
            LiteralKind::Not(atom) if self.is_predicate(atom) => self.test(atom, true, literal.span, out),
            LiteralKind::Atom(atom) => self.atom(atom, Sign::Positive, out),
            LiteralKind::Not(atom) => self.atom(atom, Sign::Negative, out),
            LiteralKind::Compare { op, left, right } => self.compare(*op, left, right, literal.span, out),
            LiteralKind::Or(branches) => Literal::Or(
                branches
                    .iter()
                    .map(|branch| {
                        let mut lowered = Vec::new();
                        self.body(branch, &mut lowered);
                        lowered
                    })
                    .collect(),
            ),
        };
        out.push(lowered);
    }

    /// `[X, Y] = [1, Z]` says that `X = 1` and `Y = Z`.
    fn compare(
        &mut self,
        op: CompareOp,
        left: &'a syntax::Term,
        right: &'a syntax::Term,
        span: Span,
        out: &mut Vec<Literal>,
    ) -> Literal {
        if op == CompareOp::Eq
            && let Some((fields, others)) = fields_of_both(left, right)
            && let Some(((left, lefts), (right, rights))) = fields.split_first().zip(others.split_first())
        {
            for (left, right) in lefts.iter().zip(rights) {
                let literal = self.compare(op, left, right, span, out);
                out.push(literal);
            }
            return self.compare(op, left, right, span, out);
        }
        match self.named(op, left, right, out) {
            Some(literal) => literal,
            None => Literal::Compare { op, left: self.term(left, out), right: self.term(right, out), span },
        }
    }

    fn is_predicate(&self, atom: &syntax::Atom) -> bool {
        is_predicate(&atom.name.text, self.workshop.schema.dialect)
    }

    /// `N = count : { … }` and `X = range(1, 9)`, which need no variable of their own.
    fn named(
        &mut self,
        op: CompareOp,
        left: &'a syntax::Term,
        right: &'a syntax::Term,
        out: &mut Vec<Literal>,
    ) -> Option<Literal> {
        let (variable, name, other) = match (op, &left.kind, &right.kind) {
            (CompareOp::Eq, Written::Variable(name), _) => (left, name, right),
            (CompareOp::Eq, _, Written::Variable(name)) => (right, name, left),
            _ => return None,
        };
        let span = left.span.to(right.span);
        match &other.kind {
            Written::Aggregate(aggregate) => {
                let result = self.use_variable(name, variable.span);
                Some(self.aggregate(aggregate, result, span, out))
            }
            Written::Call { name, args } => {
                let function = is_one_of(&name.text, self.workshop.schema.dialect)?;
                let variable = self.term(variable, out);
                Some(self.one_of(function, variable, args, span, out))
            }
            _ => None,
        }
    }

    /// Whatever value of several a variable has.
    fn one_of(
        &mut self,
        name: &'static str,
        variable: Term,
        args: &'a [syntax::Term],
        span: Span,
        out: &mut Vec<Literal>,
    ) -> Literal {
        let mut all = vec![variable];
        all.extend(args.iter().map(|arg| self.term(arg, out)));
        let nodes = all.iter().map(|arg| self.node(arg)).collect();
        let what = What::Builtin { name, notation: Notation::OneOf };
        let choice = self.workshop.inference.choice(what, span, nodes, None);
        Literal::OneOf { choice, args: all, span }
    }

    fn atom(&mut self, atom: &'a syntax::Atom, sign: Sign, out: &mut Vec<Literal>) -> Literal {
        let mut args: Vec<Term> = atom.args.iter().map(|term| self.argument(term, sign, out)).collect();
        let claim = atom.citation.as_deref().map(|claim| self.argument(claim, sign, out));
        let ask = Ask { atom, cited: claim.is_some() };
        let Workshop { schema, inference, unknown, diagnostics } = &mut *self.workshop;
        let Some(mut relation) = names::find(ask, schema, inference, unknown, diagnostics) else {
            args.extend(claim);
            return Literal::Broken(args);
        };
        if let Some(claim) = claim {
            relation = schema.citations(relation);
            args.push(claim);
        }
        let atom = Atom { relation, args, span: atom.span };
        match sign {
            Sign::Positive => Literal::Atom(atom),
            Sign::Negative => Literal::Absent(atom),
        }
    }

    /// `p([X, Y])` asks for `p(R), R = [X, Y]`: a record with variables among the arguments is taken apart behind the atom,
    /// or made before it.
    fn argument(&mut self, term: &'a syntax::Term, sign: Sign, out: &mut Vec<Literal>) -> Term {
        let span = term.span;
        match (sign, &term.kind) {
            (Sign::Negative, Written::Wildcard) => Term { kind: TermKind::Wildcard, span },
            (Sign::Positive, Written::Record(_) | Written::Branch { .. }) if !term.is_ground() => {
                let right = self.term(term, out);
                let variable = self.unnamed("_", span);
                let whole = || Term { kind: TermKind::Variable(variable), span };
                let left = whole();
                out.push(Literal::Compare { op: CompareOp::Eq, left, right, span });
                whole()
            }
            (Sign::Positive | Sign::Negative, _) => self.term(term, out),
        }
    }

    fn test(&mut self, atom: &'a syntax::Atom, negated: bool, span: Span, out: &mut Vec<Literal>) -> Literal {
        let mut args: Vec<Term> = atom.args.iter().map(|term| self.term(term, out)).collect();
        if let Some(claim) = &atom.citation {
            self.workshop.diagnostics.push(names::cited_builtin(atom, claim.span));
            args.push(self.term(claim, out));
            return Literal::Broken(args);
        }
        let name =
            names::builtin_name(&atom.name.text, self.workshop.schema.dialect).expect("the name is a predicate's");
        let nodes = args.iter().map(|arg| self.node(arg)).collect();
        let what = What::Builtin { name, notation: Notation::Call };
        let choice = self.workshop.inference.choice(what, atom.span, nodes, None);
        Literal::Test { choice, args, negated, span }
    }

    fn term(&mut self, term: &'a syntax::Term, out: &mut Vec<Literal>) -> Term {
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
                self.workshop.diagnostics.push(numbering::misplaced(span));
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
    fn node(&self, term: &Term) -> NodeId {
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

    /// An aggregate in a frame of its own. What it shares with the outside is settled before its body is read.
    fn aggregate(
        &mut self,
        written: &'a syntax::Aggregate,
        result: VarId,
        span: Span,
        out: &mut Vec<Literal>,
    ) -> Literal {
        let broken = self.open_frame(written);
        let mut body = Vec::new();
        self.frame().enter(&written.body);
        let target = written.target.as_ref().map(|target| self.term(target, &mut body));
        self.frame().leave();
        self.body(&written.body, &mut body);
        let frame = self.frames.pop().expect("the frame was opened above");
        self.type_aggregate(written.op, target.as_ref(), result, span);
        let outer = frame.outer();
        let mut local = frame.local;
        if self.workshop.schema.dialect != Dialect::Entail && ranges_over_names(written, self.workshop.schema.dialect) {
            let mut used = FxHashSet::default();
            target.iter().for_each(|target| target.each_variable(&mut |variable, _| _ = used.insert(variable)));
            local.retain(|variable| self.variables[*variable].origin != Origin::Unnamed || used.contains(variable));
        }
        let aggregate = Literal::Aggregate(Aggregate { result, op: written.op, target, body, outer, local, span });
        match broken {
            Some(outside) => {
                out.push(aggregate);
                Literal::Broken(vec![outside])
            }
            None => aggregate,
        }
    }

    /// Opens a frame and lets it share the names that also occur around it. An aggregated variable that occurs
    /// around it is complained about and not shared; the one outside is returned.
    fn open_frame(&mut self, written: &'a syntax::Aggregate) -> Option<Term> {
        let mentioned = Frame::mentioned_in(written);
        let target = match written.target.as_ref().map(|target| (&target.kind, target.span)) {
            Some((Written::Variable(name), span)) => Some((name.as_str(), span)),
            _ => None,
        };
        let visible = self.frame().visible();
        let mut frame = Frame::of_aggregate(written);
        let mut broken = None;
        for mention in mentioned {
            let around = visible.get(mention.name).copied();
            if around.is_none() && !self.frame().shares(mention.name) {
                continue;
            }
            match target {
                Some((name, span)) if name == mention.name => {
                    let variable = self.look_up(name, around.unwrap_or(span));
                    let outside = around.unwrap_or(self.variables[variable].span);
                    self.workshop.diagnostics.push(aggregated_outside(written.op, name, span, outside));
                    broken = Some(Term { kind: TermKind::Variable(variable), span: outside });
                }
                Some(_) | None => {
                    let variable = self.look_up(mention.name, mention.span);
                    frame.share(mention.name, Mention { variable, span: mention.span });
                }
            }
        }
        self.frames.push(frame);
        broken
    }

    fn type_aggregate(&mut self, op: AggregateOp, target: Option<&Term>, result: VarId, span: Span) {
        let place = || inference::Place { span, subject: format!("the {}", op.name()) };
        let value = self.variables[result].node;
        match (op, target) {
            (AggregateOp::Count, _) | (_, None) => {
                let origin = inference::Origin { span: Some(span), why: Why::Aggregate(op) };
                let asked = inference::Known { ty: Type::Number, origin };
                self.workshop.inference.require(value, asked, place);
            }
            (AggregateOp::Min | AggregateOp::Max, Some(target)) => {
                let node = self.node(target);
                self.workshop.inference.equal(value, node, place);
            }
            (AggregateOp::Sum | AggregateOp::Mean, Some(target)) => {
                let node = self.node(target);
                self.workshop.inference.choice(What::Aggregate(op), span, vec![node], Some(value));
            }
        }
    }

    fn frame(&mut self) -> &mut Frame<'a> {
        self.frames.last_mut().expect("the clause's own frame stays")
    }

    /// The variable of a name that is written here.
    fn use_variable(&mut self, name: &'a str, span: Span) -> VarId {
        let variable = self.look_up(name, span);
        self.variables[variable].uses += 1;
        variable
    }

    /// The variable of a name, made on first sight.
    fn look_up(&mut self, name: &'a str, span: Span) -> VarId {
        if let Some(variable) = self.frame().find(name) {
            return variable;
        }
        let origin = if self.frames.len() == 1 { Origin::Clause } else { Origin::Aggregate };
        let variable = self.new_variable(name, span, origin);
        self.frame().own(name, variable);
        variable
    }

    fn unnamed(&mut self, name: &str, span: Span) -> VarId {
        let variable = self.new_variable(name, span, Origin::Unnamed);
        self.frame().local.push(variable);
        variable
    }

    fn new_variable(&mut self, name: &str, span: Span, origin: Origin) -> VarId {
        let node = self.workshop.inference.node(State::Open);
        self.variables.push(Variable { name: name.to_string(), span, node, uses: 0, origin })
    }
}

/// Whether an aggregate of Soufflé's ranges over the values of its named variables alone. Where its body is one atom that
/// names no variable twice, and holds no aggregate, it ranges over the rows of that.
fn ranges_over_names(aggregate: &syntax::Aggregate, dialect: Dialect) -> bool {
    let mut atoms = 0;
    let mut names = FxHashSet::default();
    let mut is_repeated = false;
    let mut holds_aggregate = aggregate.target.iter().any(has_aggregate);
    for literal in &aggregate.body {
        match &literal.kind {
            LiteralKind::Atom(atom) if !is_predicate(&atom.name.text, dialect) => {
                atoms += 1;
                for arg in &atom.args {
                    each_name(arg, &mut |name| is_repeated |= !names.insert(name.to_owned()));
                    holds_aggregate |= has_aggregate(arg);
                }
            }
            LiteralKind::Atom(atom) | LiteralKind::Not(atom) => {
                holds_aggregate |= atom.args.iter().any(has_aggregate);
            }
            LiteralKind::Compare { left, right, .. } => holds_aggregate |= has_aggregate(left) || has_aggregate(right),
            LiteralKind::Or(_) => return true,
        }
    }
    atoms > 1 || is_repeated || holds_aggregate
}

fn each_name(term: &syntax::Term, visit: &mut impl FnMut(&str)) {
    if let Written::Variable(name) = &term.kind {
        visit(name);
    }
    term.parts().for_each(|part| each_name(part, visit));
}

fn has_aggregate(term: &syntax::Term) -> bool {
    matches!(term.kind, Written::Aggregate(_)) || term.parts().any(has_aggregate)
}

/// The fields of two records of one form.
fn fields_of_both<'a>(
    left: &'a syntax::Term,
    right: &'a syntax::Term,
) -> Option<(&'a [syntax::Term], &'a [syntax::Term])> {
    match (&left.kind, &right.kind) {
        (Written::Record(fields), Written::Record(others)) if fields.len() == others.len() => Some((fields, others)),
        (Written::Branch { name, args }, Written::Branch { name: same, args: others })
            if name.text == same.text && args.len() == others.len() =>
        {
            Some((args, others))
        }
        _ => None,
    }
}

/// Whether a row is asked to be there or not to be there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sign {
    Positive,
    Negative,
}

fn aggregated_outside(op: AggregateOp, name: &str, inside: Span, outside: Span) -> Diagnostic {
    let op = op.name();
    Diagnostic::new(
        Code::AggregatedOutside,
        inside,
        format!("`{name}` is aggregated here and used outside the {op} as well"),
    )
    .label(format!("ranges over many values within the {op}"))
    .also(outside, "outside it would have to be one")
    .help(format!("give the {op} a variable of its own; if `{name}` is meant to be the group, aggregate another"))
}
