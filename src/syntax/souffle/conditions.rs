//! Soufflé's bodies: atoms, comparisons and groups, joined by `,` and `;`, with `!` before any of them.
//!
//! In: a place among the tokens. Out: a [`Body`] and the place behind it. Promise: no `!` stands before anything but
//! an atom in what comes out; before a group or a comparison it was carried inwards.

use super::names::{behind_name, qualified};
use super::terms::{arguments, is_function, is_operator, reserved, term};
use crate::data::Value;
use crate::report::Span;
use crate::syntax::ast::{Atom, Body, CompareOp, Literal, LiteralKind, Name, Term, TermKind};
use crate::syntax::conditions::compare_op;
use crate::syntax::cursor::{Cursor, Parsed, list, nested, token};
use crate::syntax::tokens::Kind;

/// Whether what is read is meant to hold or not to hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sign {
    Positive,
    Negative,
}

impl Sign {
    fn opposite(self) -> Sign {
        match self {
            Sign::Positive => Sign::Negative,
            Sign::Negative => Sign::Positive,
        }
    }
}

/// `a, b ; c`
pub(super) fn body(input: Cursor<'_>) -> Parsed<'_, Body> {
    disjunction(input, Sign::Positive)
}

/// One atom: what may stand behind an aggregate's colon without braces.
pub(super) fn lone(input: Cursor<'_>) -> Parsed<'_, Body> {
    let (rest, atom) = atom(input)?;
    let span = atom.span;
    Ok((rest, vec![Literal { kind: LiteralKind::Atom(*atom), span }]))
}

/// `a ; b`, of which one is to hold; none of them if negated.
fn disjunction(input: Cursor<'_>, sign: Sign) -> Parsed<'_, Body> {
    let (rest, parts) = list(Kind::Semicolon, |input| conjunction(input, sign))(input)?;
    Ok((
        rest,
        match sign {
            Sign::Positive => any(input, rest, parts),
            Sign::Negative => parts.into_iter().flatten().collect(),
        },
    ))
}

/// `a, b`, which are all to hold; not all of them if negated.
fn conjunction(input: Cursor<'_>, sign: Sign) -> Parsed<'_, Body> {
    let (rest, parts) = list(Kind::Comma, |input| condition(input, sign))(input)?;
    Ok((
        rest,
        match sign {
            Sign::Positive => parts.into_iter().flatten().collect(),
            Sign::Negative => any(input, rest, parts),
        },
    ))
}

fn any(input: Cursor<'_>, end: Cursor<'_>, mut branches: Vec<Body>) -> Body {
    if branches.len() == 1 {
        return branches.swap_remove(0);
    }
    vec![Literal { kind: LiteralKind::Or(branches), span: input.span_to(end) }]
}

/// One condition; a group of several if it is in parentheses.
fn condition(input: Cursor<'_>, sign: Sign) -> Parsed<'_, Body> {
    match input.kind() {
        Kind::Bang => negation(input, sign),
        Kind::LeftParen if !is_operand(input) => group(input, sign),
        Kind::Name if is_truth(input) => Ok((input.advance(), truth(input, sign))),
        Kind::Name if behind_name(input).kind() == Kind::LeftParen && !is_function(input.text()) => {
            atom(input).map(|(rest, atom)| (rest, related(atom, sign)))
        }
        _ => comparison(input, sign),
    }
}

#[allow(clippy::boxed_local, reason = "atoms are boxed on their way back, to spare the stack")]
fn related(atom: Box<Atom>, sign: Sign) -> Body {
    let span = atom.span;
    let kind = match sign {
        Sign::Positive => LiteralKind::Atom(*atom),
        Sign::Negative => LiteralKind::Not(*atom),
    };
    vec![Literal { kind, span }]
}

/// `!p(X)`, `!(a, b)`, `!X < Y`
fn negation(input: Cursor<'_>, sign: Sign) -> Parsed<'_, Body> {
    let (rest, mut body) = nested(input.advance(), |inner| condition(inner, sign.opposite()))?;
    if let [only] = &mut body[..] {
        only.span = input.span_to(rest);
    }
    Ok((rest, body))
}

/// `(a ; b)`
fn group(input: Cursor<'_>, sign: Sign) -> Parsed<'_, Body> {
    let (rest, mut body) = nested(input.advance(), |inner| disjunction(inner, sign))?;
    let (rest, _) = token(Kind::RightParen, "`,`, `;` or `)`")(rest)?;
    if let [Literal { kind: LiteralKind::Or(_), span }] = body.as_mut_slice() {
        *span = input.span_to(rest);
    }
    Ok((rest, body))
}

/// Whether what the parenthesis that comes next closes is an operand: a sign that joins terms or compares them follows.
fn is_operand(input: Cursor<'_>) -> bool {
    input.behind_partner().is_some_and(|next| {
        is_operator(next) || compare_op(next).is_some() || matches!(next.kind(), Kind::Foreign | Kind::Colon)
    })
}

fn is_truth(input: Cursor<'_>) -> bool {
    matches!(input.text(), "true" | "false") && compare_op(input.advance()).is_none()
}

/// `true` and `false`: two numbers that are equal, or are not.
fn truth(input: Cursor<'_>, sign: Sign) -> Body {
    let span = input.span();
    let holds = (input.text() == "true") == (sign == Sign::Positive);
    let op = if holds { CompareOp::Eq } else { CompareOp::Ne };
    let zero = || Box::new(Term { kind: TermKind::Constant { value: Value::Number(0), spelling: None }, span });
    compared(op, zero(), zero(), span)
}

#[allow(clippy::boxed_local, reason = "terms are boxed on their way back, to spare the stack")]
fn compared(op: CompareOp, left: Box<Term>, right: Box<Term>, span: Span) -> Body {
    vec![Literal::compare(op, *left, *right, span)]
}

fn comparison(input: Cursor<'_>, sign: Sign) -> Parsed<'_, Body> {
    let (rest, left) = term(input)?;
    let op = compare_op(rest).ok_or_else(|| rest.expected("a comparison such as `=` or `<`"))?;
    let (rest, right) = term(rest.advance())?;
    let op = match sign {
        Sign::Positive => op,
        Sign::Negative => op.opposite(),
    };
    let span = input.span_to(rest);
    Ok((rest, compared(op, left, right, span)))
}

/// `graph.edge(X, "a")`
pub(super) fn atom(input: Cursor<'_>) -> Parsed<'_, Box<Atom>> {
    if input.kind() == Kind::Name && is_function(input.text()) {
        return Err(input.refuse(reserved(input)));
    }
    let (rest, name) = qualified(input, "a relation")?;
    arguments(rest).map(|(rest, args)| (rest, named(name, args, input.span_to(rest))))
}

fn named(name: Name, args: Vec<Term>, span: Span) -> Box<Atom> {
    Box::new(Atom { name, args, citation: None, span })
}
