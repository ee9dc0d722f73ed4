//! Bodies: atoms, negations, comparisons and groups, joined by `,` and `;`.
//!
//! In: a place among the tokens. Out: a [`Body`] and the place behind it. `;` binds weaker than `,`; a group without
//! `;` needs no parentheses and loses them.

use super::ast::{Atom, Body, CompareOp, Literal, LiteralKind, Name, Term};
use super::cursor::{Cursor, Parsed, Refusal, list, nested, token};
use super::terms::{aggregate_op, arguments, capital, operator, primary, term};
use super::tokens::Kind;
use crate::report::{Code, Diagnostic};
use nom::Err;

/// `a, b ; c`
pub(super) fn body(input: Cursor<'_>) -> Parsed<'_, Body> {
    let (rest, branches) = list(Kind::Semicolon, conjunction)(input)?;
    Ok((rest, either(input, rest, branches)))
}

fn either(input: Cursor<'_>, end: Cursor<'_>, mut branches: Vec<Body>) -> Body {
    if branches.len() == 1 {
        return branches.swap_remove(0);
    }
    vec![Literal { kind: LiteralKind::Or(branches), span: input.span_to(end) }]
}

fn conjunction(input: Cursor<'_>) -> Parsed<'_, Body> {
    list(Kind::Comma, condition)(input).map(|(rest, conditions)| (rest, conditions.into_iter().flatten().collect()))
}

/// One condition; a group of several if it is in parentheses.
fn condition(input: Cursor<'_>) -> Parsed<'_, Body> {
    match input.kind() {
        Kind::LeftParen if !is_operand(input.behind_partner()) => group(input),
        _ if starts_negation(input) => negation(input),
        Kind::Name if aggregate_op(input).is_none() && !is_operand(behind_name(input)) => positive(input),
        Kind::Variable if input.second() == Kind::LeftParen => Err(input.refuse(capital(input))),
        Kind::Name | Kind::Variable | Kind::Wildcard | Kind::LeftParen | Kind::Minus => comparison(input),
        Kind::Number | Kind::Float | Kind::Date | Kind::Text => comparison(input),
        Kind::LeftBracket | Kind::Dollar | Kind::At => comparison(input),
        _ => Err(input.expected("a condition")),
    }
}

/// One atom, or its negation: what may stand behind an aggregate's colon without braces.
pub(super) fn lone(input: Cursor<'_>) -> Parsed<'_, Body> {
    match input.kind() {
        _ if starts_negation(input) => negation(input),
        Kind::Name => positive(input),
        Kind::Variable if input.second() == Kind::LeftParen => Err(input.refuse(capital(input))),
        _ => Err(input.expected("`{` or an atom")),
    }
}

/// Behind a name and its arguments.
fn behind_name(input: Cursor<'_>) -> Option<Cursor<'_>> {
    let behind = input.advance();
    if behind.kind() == Kind::LeftParen { behind.behind_partner() } else { Some(behind) }
}

/// Whether what stands before this place is an operand: a sign that joins terms or compares them follows.
fn is_operand(behind: Option<Cursor<'_>>) -> bool {
    behind.is_some_and(|next| operator(next).is_some() || compare_op(next).is_some() || next.kind() == Kind::Foreign)
}

/// The comparison whose sign comes next.
pub(super) fn compare_op(input: Cursor<'_>) -> Option<CompareOp> {
    Some(match input.kind() {
        Kind::Equal => CompareOp::Eq,
        Kind::NotEqual => CompareOp::Ne,
        Kind::Less => CompareOp::Lt,
        Kind::LessEqual => CompareOp::Le,
        Kind::Greater => CompareOp::Gt,
        Kind::GreaterEqual => CompareOp::Ge,
        _ => return None,
    })
}

/// `(a ; b)`
fn group(input: Cursor<'_>) -> Parsed<'_, Body> {
    let (rest, mut body) = nested(input.advance(), body)?;
    let (rest, _) = token(Kind::RightParen, "`,`, `;` or `)`")(rest)?;
    if let [Literal { kind: LiteralKind::Or(_), span }] = body.as_mut_slice() {
        *span = input.span_to(rest);
    }
    Ok((rest, body))
}

fn comparison(input: Cursor<'_>) -> Parsed<'_, Body> {
    let (rest, left) = term(input)?;
    let op = compare_op(rest).ok_or_else(|| rest.expected("a comparison such as `=` or `<`"))?;
    let (rest, right) = term(rest.advance())?;
    Ok((rest, compared(op, left, right)))
}

#[allow(clippy::boxed_local, reason = "terms are boxed on their way back, to spare the stack")]
fn compared(op: CompareOp, left: Box<Term>, right: Box<Term>) -> Body {
    let span = left.span.to(right.span);
    vec![Literal::compare(op, *left, *right, span)]
}

fn positive(input: Cursor<'_>) -> Parsed<'_, Body> {
    cited_atom(input).map(|(rest, atom)| {
        let span = atom.span;
        (rest, vec![Literal { kind: LiteralKind::Atom(*atom), span }])
    })
}

/// `p(X) @ C`
fn cited_atom(input: Cursor<'_>) -> Parsed<'_, Box<Atom>> {
    let (rest, mut atom) = atom(input)?;
    if rest.kind() != Kind::At {
        return Ok((rest, atom));
    }
    let (rest, citation) = primary(rest.advance())?;
    atom.span = input.span_to(rest);
    atom.citation = Some(citation);
    Ok((rest, atom))
}

/// `p`, `p()`, `p(X, a)`
pub(super) fn atom(input: Cursor<'_>) -> Parsed<'_, Box<Atom>> {
    let (rest, _) = token(Kind::Name, "a relation")(input)?;
    let (rest, args) = if rest.kind() == Kind::LeftParen { arguments(rest)? } else { (rest, Vec::new()) };
    Ok((rest, named(input, rest, args)))
}

fn named(input: Cursor<'_>, end: Cursor<'_>, args: Vec<Term>) -> Box<Atom> {
    let name = Name { text: input.text().to_owned(), span: input.span() };
    Box::new(Atom { name, args, citation: None, span: input.span_to(end) })
}

/// Whether `!`, or the word `not` as a negation, comes next. `not` is an ordinary name where nothing to negate
/// follows.
fn starts_negation(input: Cursor<'_>) -> bool {
    if input.kind() == Kind::Bang {
        return true;
    }
    if input.kind() != Kind::Name || input.text() != "not" {
        return false;
    }
    let behind = input.advance();
    match behind.kind() {
        Kind::Name | Kind::Bang | Kind::Variable | Kind::Wildcard => true,
        Kind::Number | Kind::Float | Kind::Date | Kind::Text => true,
        // `not (p(X))` negates; `not(X)` is a relation with an unlucky name.
        Kind::LeftParen => {
            let inside = behind.advance();
            inside.kind() == Kind::Bang || (inside.kind() == Kind::Name && inside.second() == Kind::LeftParen)
        }
        _ => false,
    }
}

/// `not p(X)`, `!p(X)`
fn negation(input: Cursor<'_>) -> Parsed<'_, Body> {
    let (rest, atom) = nested(input.advance(), negated)?;
    if is_operand(Some(rest)) {
        return Err(only_an_atom(rest));
    }
    Ok((rest, vec![Literal { kind: LiteralKind::Not(*atom), span: input.span_to(rest) }]))
}

/// What stands behind a `not`.
fn negated(input: Cursor<'_>) -> Parsed<'_, Box<Atom>> {
    match input.kind() {
        _ if starts_negation(input) => twice_negated(input),
        Kind::Name => cited_atom(input),
        Kind::LeftParen => negated_group(input),
        Kind::Variable if input.second() == Kind::LeftParen => Err(input.refuse(capital(input))),
        Kind::Variable | Kind::Wildcard | Kind::Number | Kind::Float | Kind::Date | Kind::Text => {
            Err(only_an_atom(input))
        }
        _ => Err(input.expected("a relation")),
    }
}

/// `not not p(X)` is refused, but read to its end: it may nest too deeply.
fn twice_negated(input: Cursor<'_>) -> Parsed<'_, Box<Atom>> {
    nested(input.advance(), negated)?;
    Err(input.refuse(
        Diagnostic::new(Code::UnexpectedToken, input.span(), "a negation of a negation")
            .help("drop both: `not not p(X)` says `p(X)`"),
    ))
}

/// `(p(X))`
fn negated_group(input: Cursor<'_>) -> Parsed<'_, Box<Atom>> {
    let (rest, atom) = nested(input.advance(), negated)?;
    if matches!(rest.kind(), Kind::Comma | Kind::Semicolon) || is_operand(Some(rest)) {
        return Err(only_an_atom(rest));
    }
    let (rest, _) = token(Kind::RightParen, "`)`")(rest)?;
    Ok((rest, atom))
}

fn only_an_atom(at: Cursor<'_>) -> Err<Refusal> {
    at.refuse(
        Diagnostic::new(Code::UnexpectedToken, at.span(), "only one relation can be negated")
            .help("negate a comparison with its opposite (`!=`, `>=`, …), and a group through a rule of its own"),
    )
}
