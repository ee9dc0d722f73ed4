//! Conditions: atoms with what `@` adds to them, comparisons, tests of builtins, alternatives.

use super::clause::{Lowering, Workshop};
use crate::check::CompareOp;
use crate::check::draft::{Atom, Literal, Term, TermKind};
use crate::check::names::{self, Ask};
use crate::check::overloads::{What, is_one_of, is_predicate};
use crate::data::Notation;
use crate::report::Span;
use crate::syntax::{self, LiteralKind, TermKind as Written};

/// Whether a row is asked to be there or not to be there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sign {
    Positive,
    Negative,
}

impl<'a> Lowering<'a, '_, '_> {
    pub(super) fn body(&mut self, body: &'a [syntax::Literal], out: &mut Vec<Literal>) {
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
    pub(super) fn one_of(
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
