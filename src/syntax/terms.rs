//! Terms: variables, constants, calls, arithmetic and aggregates.
//!
//! In: a place among the tokens. Out: a [`Term`] and the place behind it. From weakest to tightest bind `+ -`,
//! `* / mod`, a minus sign, and `^`, which alone groups to the right. A minus sign that touches a number is part of
//! the number. Because some languages read `-2 ^ 2` as 4 and others as -4, it is refused.

use super::ast::{Aggregate, AggregateOp, Body, Name, Term, TermKind};
use super::conditions;
use super::cursor::{Cursor, Parsed, nested, separator, token};
use super::literals;
use super::printer::default_spelling;
use super::tokens::Kind;
use crate::data::Value;
use crate::report::{Code, Diagnostic, Span};
use nom::Parser;
use nom::combinator::cut;
use nom::multi::separated_list1;

/// Any term.
pub(super) fn term(input: Cursor<'_>) -> Parsed<'_, Term> {
    expression(input, 0)
}

/// A term whose operators bind at least this tightly.
fn expression(input: Cursor<'_>, least: u8) -> Parsed<'_, Term> {
    let (mut rest, mut left) = operand(input.flat())?;
    while let Some(operator) = operator(rest).filter(|operator| operator.binds >= least) {
        let behind = rest.advance();
        let (after, right) = match operator.groups {
            Groups::Left => expression(behind.flat(), operator.binds + 1)?,
            Groups::Right => nested(behind.flat(), |input| expression(input, operator.binds))?,
        };
        let span = left.span.to(right.span);
        left = Term { kind: TermKind::Binary { op: operator.op, left: Box::new(left), right: Box::new(right) }, span };
        rest = after.joined(rest)?;
    }
    Ok((rest.beside(input), left))
}

/// A sign between two terms.
#[derive(Debug, Clone, Copy)]
pub(super) struct Operator {
    pub(super) op: &'static str,
    pub(super) binds: u8,
    pub(super) groups: Groups,
}

/// Whether `a - b - c` is `(a - b) - c`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Groups {
    Left,
    Right,
}

/// Every operator between two terms.
pub(super) static OPERATORS: &[Operator] = &[
    Operator { op: "+", binds: 1, groups: Groups::Left },
    Operator { op: "-", binds: 1, groups: Groups::Left },
    Operator { op: "*", binds: 2, groups: Groups::Left },
    Operator { op: "/", binds: 2, groups: Groups::Left },
    Operator { op: "mod", binds: 2, groups: Groups::Left },
    Operator { op: "^", binds: 4, groups: Groups::Right },
];

/// The operator that comes next.
pub(super) fn operator(input: Cursor<'_>) -> Option<&'static Operator> {
    match input.kind() {
        Kind::Plus | Kind::Minus | Kind::Star | Kind::Slash | Kind::Caret | Kind::Name => {
            OPERATORS.iter().find(|operator| operator.op == input.text())
        }
        _ => None,
    }
}

fn operand(input: Cursor<'_>) -> Parsed<'_, Term> {
    if input.kind() == Kind::Minus { negative(input) } else { primary(input) }
}

/// `-7`, `-X`
fn negative(input: Cursor<'_>) -> Parsed<'_, Term> {
    let behind = input.advance();
    let (rest, term) = if behind.touches_last() && matches!(behind.kind(), Kind::Number | Kind::Float) {
        literal(input, behind, true)?
    } else {
        let (rest, inner) = nested(behind, operand)?;
        let span = input.span().to(inner.span);
        (rest, Term { kind: TermKind::Negative(Box::new(inner)), span })
    };
    if rest.kind() == Kind::Caret {
        return Err(rest.refuse(ambiguous_power(rest, term.span)));
    }
    Ok((rest, term))
}

fn ambiguous_power(caret: Cursor<'_>, negative: Span) -> Diagnostic {
    let message = "a minus sign before a power can be read in two ways";
    Diagnostic::new(Code::UnexpectedToken, negative.to(caret.span()), message).help("write `-(X ^ Y)` or `(-X) ^ Y`")
}

/// A term without operators around it.
pub(super) fn primary(input: Cursor<'_>) -> Parsed<'_, Term> {
    match input.kind() {
        Kind::Variable if input.second() == Kind::LeftParen => Err(input.refuse(capital(input))),
        Kind::Variable => leaf(input, TermKind::Variable(input.text().to_owned())),
        Kind::Wildcard => leaf(input, TermKind::Wildcard),
        Kind::Number | Kind::Float | Kind::Date => literal(input, input, false),
        Kind::Text => {
            let value = Value::symbol(literals::unquote(input.text()));
            leaf(input, constant(value, input.text()))
        }
        Kind::Name if input.second() == Kind::LeftParen || aggregate_op(input).is_some() => call_or_aggregate(input),
        Kind::Name => leaf(input, constant(Value::symbol(input.text()), input.text())),
        Kind::LeftParen => parenthesised(input),
        _ => Err(input.expected("a term")),
    }
}

/// What is said of `Path(X)`.
pub(super) fn capital(input: Cursor<'_>) -> Diagnostic {
    let name = input.text();
    let mut letters = name.trim_start_matches('_').chars();
    let small: String = letters.next().map(char::to_lowercase).into_iter().flatten().chain(letters).collect();
    Diagnostic::new(Code::UnexpectedToken, input.span(), format!("`{}` is a variable", literals::shorten(name)))
        .label("a name before `(` starts with a small letter")
        .help(format!("write `{}`", literals::shorten(&small)))
}

fn leaf(input: Cursor<'_>, kind: TermKind) -> Parsed<'_, Term> {
    Ok((input.advance(), Term { kind, span: input.span() }))
}

/// A constant, with its spelling where the printer would choose another.
fn constant(value: Value, spelling: &str) -> TermKind {
    let spelling = (default_spelling(&value) != spelling).then(|| spelling.into());
    TermKind::Constant { value, spelling }
}

/// A number, float or date at `digits`; `start` is there or at the minus sign before.
fn literal<'a>(start: Cursor<'a>, digits: Cursor<'a>, negative: bool) -> Parsed<'a, Term> {
    let span = start.span().to(digits.span());
    let read = match digits.kind() {
        Kind::Float => literals::float(digits.text(), negative),
        Kind::Date => literals::date(digits.text()),
        _ => literals::number(digits.text(), negative),
    };
    let value = read.map_err(|message| start.refuse(bad_literal(digits, span, message)))?;
    let spelling = &start.context.text[span.start as usize..span.end as usize];
    Ok((digits.advance(), Term { kind: constant(value, spelling), span }))
}

fn bad_literal(digits: Cursor<'_>, span: Span, message: String) -> Diagnostic {
    let (code, help) = match digits.kind() {
        Kind::Date if digits.text().len() > 10 => (Code::BadDate, "a subtraction is written with blanks around `-`"),
        Kind::Date => (Code::BadDate, "four digits, two, two are always a date; a subtraction has blanks around `-`"),
        _ if message.ends_with("nothing") => (Code::BadLiteral, "drop the zero, or quote a code that must keep it"),
        _ if message.ends_with("bits") => {
            (Code::BadLiteral, "numbers lie between -9223372036854775808 and 9223372036854775807")
        }
        _ if message.ends_with("float") => (Code::BadLiteral, "floats are IEEE doubles: up to about 1.8e308"),
        _ => (Code::BadLiteral, "numbers look like 42, 1_000, 0x1f, 0b101, 1.5 or 2e-3; quote a code such as \"12a\""),
    };
    Diagnostic::new(code, span, message).help(help)
}

/// `(X + 1)`
fn parenthesised(input: Cursor<'_>) -> Parsed<'_, Term> {
    let (rest, mut inner) = nested(input.advance(), term)?;
    let (rest, _) = token(Kind::RightParen, "an operator or `)`")(rest)?;
    inner.span = input.span_to(rest);
    Ok((rest, inner))
}

fn call_or_aggregate(input: Cursor<'_>) -> Parsed<'_, Term> {
    if let Some(op) = aggregate_op(input) {
        let (rest, aggregate) = nested(input.advance(), |input| aggregate(input, op))?;
        return Ok((rest, Term { kind: TermKind::Aggregate(Box::new(aggregate)), span: input.span_to(rest) }));
    }
    let (rest, args) = arguments(input.advance())?;
    let name = Name { text: input.text().to_owned(), span: input.span() };
    Ok((rest, Term { kind: TermKind::Call { name, args }, span: input.span_to(rest) }))
}

/// `(X, a)` and `()`
pub(super) fn arguments(input: Cursor<'_>) -> Parsed<'_, Vec<Term>> {
    let (rest, _) = token(Kind::LeftParen, "`(`")(input)?;
    if rest.kind() == Kind::RightParen {
        return Ok((rest.advance(), Vec::new()));
    }
    let (rest, args) = nested(rest, |input| separated_list1(separator(Kind::Comma), cut(term)).parse(input))?;
    let (rest, _) = token(Kind::RightParen, "`,` or `)`")(rest)?;
    Ok((rest, args))
}

/// The aggregate that begins here. `count`, `sum` and the others are ordinary names wherever no aggregate can be
/// meant.
pub(super) fn aggregate_op(input: Cursor<'_>) -> Option<AggregateOp> {
    if input.kind() != Kind::Name {
        return None;
    }
    let op = named_aggregate(input.text())?;
    let behind = input.advance();
    let begins = match behind.kind() {
        Kind::Colon | Kind::LeftBrace => true,
        Kind::Variable | Kind::Wildcard | Kind::Number | Kind::Float | Kind::Date | Kind::Text => true,
        Kind::Name => behind.text() != "mod",
        Kind::LeftParen | Kind::Minus => colon_follows(behind),
        _ => false,
    };
    begins.then_some(op)
}

/// The aggregate of this name.
pub(super) fn named_aggregate(name: &str) -> Option<AggregateOp> {
    AggregateOp::ALL.into_iter().find(|op| op.name() == name)
}

/// Whether the term that begins here is followed by a colon. Stops at the next aggregate, so that looking ahead
/// from each of many stays linear.
fn colon_follows(input: Cursor<'_>) -> bool {
    let mut here = input;
    loop {
        here = match here.kind() {
            Kind::Colon => return true,
            Kind::LeftParen => match here.behind_partner() {
                Some(behind) => behind,
                None => return false,
            },
            Kind::Name if named_aggregate(here.text()).is_some() => return false,
            Kind::Name | Kind::Variable | Kind::Wildcard | Kind::Number | Kind::Float | Kind::Date | Kind::Text => {
                here.advance()
            }
            Kind::Plus | Kind::Minus | Kind::Star | Kind::Slash | Kind::Caret => here.advance(),
            _ => return false,
        };
    }
}

/// What stands behind the name of an aggregate.
fn aggregate(input: Cursor<'_>, op: AggregateOp) -> Parsed<'_, Aggregate> {
    let (rest, target) = match input.kind() {
        Kind::Colon if op == AggregateOp::Count => (input, None),
        Kind::Colon => return Err(input.expected("the term that the aggregate ranges over")),
        _ => {
            let (rest, target) = term(input)?;
            (rest, Some(target))
        }
    };
    let (rest, _) = token(Kind::Colon, "`:` and the body of the aggregate")(rest)?;
    let (rest, body) = aggregate_body(rest)?;
    Ok((rest, Aggregate { op, target, body }))
}

/// `{ p(X), q(X) }`, or one atom without braces.
fn aggregate_body(input: Cursor<'_>) -> Parsed<'_, Body> {
    if input.kind() != Kind::LeftBrace {
        return conditions::lone(input);
    }
    let (rest, body) = conditions::body(input.advance())?;
    let (rest, _) = token(Kind::RightBrace, "`,`, `;` or `}`")(rest)?;
    Ok((rest, body))
}
