//! Terms: variables, constants, calls, arithmetic and aggregates.
//!
//! In: a place among the tokens. Out: a [`Term`] and the place behind it. From weakest to tightest bind `+ -`,
//! `* / mod`, a minus sign, and `^`, which alone groups to the right. A minus sign that touches a number is part of
//! the number. Because some languages read `-2 ^ 2` as 4 and others as -4, it is refused.

use super::ast::{Aggregate, AggregateOp, Body, Name, Term, TermKind};
use super::conditions;
use super::cursor::{Cursor, Parsed, Refusal, list, nested, token};
use super::directives::word;
use super::literals;
use super::tokens::Kind;
use crate::data::{Value, spelled};
use crate::report::{Code, Diagnostic, Span};
use nom::Err;

/// Any term.
pub(super) fn term(input: Cursor<'_>) -> Parsed<'_, Box<Term>> {
    expression(input, 0)
}

/// A term whose operators bind at least this tightly. Terms are boxed on their way back, and made by functions that
/// call no parser, because the stack must hold 128 levels of this.
fn expression(input: Cursor<'_>, least: u8) -> Parsed<'_, Box<Term>> {
    let (mut rest, mut left) = operand(input.flat())?;
    while let Some(operator) = operator(rest).filter(|operator| operator.binds >= least) {
        let (after, right) = right_side(rest.advance().flat(), operator)?;
        left = binary(operator, left, right);
        rest = after.joined(rest)?;
    }
    Ok((rest.beside(input), left))
}

fn right_side<'a>(input: Cursor<'a>, operator: &Operator) -> Parsed<'a, Box<Term>> {
    match operator.groups {
        Groups::Left => expression(input, operator.binds + 1),
        Groups::Right => nested(input, |input| expression(input, operator.binds)),
    }
}

fn binary(operator: &Operator, left: Box<Term>, right: Box<Term>) -> Box<Term> {
    let span = left.span.to(right.span);
    Box::new(Term { kind: TermKind::Binary { op: operator.op, left, right }, span })
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

/// How tightly a sign before a term binds.
pub(super) const SIGN: u8 = 4;

/// How tightly an operator binds, and what an operand needs to stand beside it without parentheses.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Binding {
    pub(super) own: u8,
    pub(super) left: u8,
    pub(super) right: u8,
}

impl Binding {
    /// Of an operator that binds so tightly.
    pub(super) fn new(own: u8, groups: Groups) -> Self {
        match groups {
            Groups::Left => Self { own, left: own, right: own + 1 },
            Groups::Right => Self { own, left: own + 1, right: own },
        }
    }
}

/// How an operator binds.
pub(super) fn binding(op: &str) -> Option<Binding> {
    let operator = OPERATORS.iter().find(|operator| operator.op == op)?;
    Some(Binding::new(operator.binds, operator.groups))
}

/// The operator that comes next.
pub(super) fn operator(input: Cursor<'_>) -> Option<&'static Operator> {
    match input.kind() {
        Kind::Plus | Kind::Minus | Kind::Star | Kind::Slash | Kind::Caret | Kind::Name => {
            OPERATORS.iter().find(|operator| operator.op == input.text())
        }
        _ => None,
    }
}

fn operand(input: Cursor<'_>) -> Parsed<'_, Box<Term>> {
    if input.kind() == Kind::Minus { negative(input) } else { primary(input) }
}

/// `-7`, `-X`
fn negative(input: Cursor<'_>) -> Parsed<'_, Box<Term>> {
    let behind = input.advance();
    let (rest, term) = if behind.touches_last() && matches!(behind.kind(), Kind::Number | Kind::Float) {
        boxed(literal(input, behind, true))?
    } else {
        let (rest, term) = nested(behind, operand)?;
        (rest, negated(input, term))
    };
    if rest.kind() == Kind::Caret {
        return Err(ambiguous_power(rest, term.span));
    }
    Ok((rest, term))
}

fn negated(minus: Cursor<'_>, term: Box<Term>) -> Box<Term> {
    let span = minus.span().to(term.span);
    Box::new(Term { kind: TermKind::Negative(term), span })
}

fn boxed(parsed: Parsed<'_, Term>) -> Parsed<'_, Box<Term>> {
    parsed.map(|(rest, term)| (rest, Box::new(term)))
}

fn ambiguous_power(caret: Cursor<'_>, negative: Span) -> Err<Refusal> {
    let message = "a minus sign before a power can be read in two ways";
    let diagnostic = Diagnostic::new(Code::UnexpectedToken, negative.to(caret.span()), message);
    caret.refuse(diagnostic.help("write `-(X ^ Y)` or `(-X) ^ Y`"))
}

/// A term without operators around it.
pub(super) fn primary(input: Cursor<'_>) -> Parsed<'_, Box<Term>> {
    match input.kind() {
        Kind::LeftParen => parenthesised(input),
        Kind::Name if aggregate_op(input).is_some() => aggregate(input),
        Kind::Name if input.second() == Kind::LeftParen && input.text() == "as" => cast(input),
        Kind::Name if input.second() == Kind::LeftParen => call(input),
        Kind::LeftBracket => record(input),
        Kind::Dollar => branch(input),
        Kind::At => foreign(input),
        _ => boxed(leaf(input)),
    }
}

/// A variable or a constant.
fn leaf(input: Cursor<'_>) -> Parsed<'_, Term> {
    let kind = match input.kind() {
        Kind::Variable if input.second() == Kind::LeftParen => return Err(input.refuse(capital(input))),
        Kind::Variable => TermKind::Variable(input.text().to_owned()),
        Kind::Wildcard => TermKind::Wildcard,
        Kind::Number | Kind::Float | Kind::Date => return literal(input, input, false),
        Kind::Text => constant(Value::symbol(literals::unquote(input.text())), input.text()),
        Kind::Name if input.text() == "nil" => TermKind::Nil,
        Kind::Name if input.text().contains('.') => return Err(input.refuse(dotted(input))),
        Kind::Name => constant(Value::symbol(input.text()), input.text()),
        _ => return Err(input.expected("a term")),
    };
    Ok((input.advance(), Term { kind, span: input.span() }))
}

/// What is said of `g.edge` where a term stands.
fn dotted(input: Cursor<'_>) -> Diagnostic {
    let name = literals::shorten(input.text());
    let message = format!("`{name}` is the name of a relation, and not a term");
    Diagnostic::new(Code::UnexpectedToken, input.span(), message)
        .help(format!("quote it if it is a symbol, `\"{name}\"`, or put a space behind the `.` that ends a clause"))
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

/// A constant, with its spelling where the printer would choose another.
fn constant(value: Value, spelling: &str) -> TermKind {
    let spelling = (spelled(&value) != spelling).then(|| spelling.into());
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
    let spelling = start.context.text_at(span);
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
fn parenthesised(input: Cursor<'_>) -> Parsed<'_, Box<Term>> {
    let (rest, mut term) = nested(input.advance(), term)?;
    let (rest, _) = token(Kind::RightParen, "an operator or `)`")(rest)?;
    term.span = input.span_to(rest);
    Ok((rest, term))
}

/// `strlen(X)`
fn call(input: Cursor<'_>) -> Parsed<'_, Box<Term>> {
    arguments(input.advance()).map(|(rest, args)| (rest, called(input, rest, args)))
}

fn called(input: Cursor<'_>, end: Cursor<'_>, args: Vec<Term>) -> Box<Term> {
    let name = Name { text: input.text().to_owned(), span: input.span() };
    Box::new(Term { kind: TermKind::Call { name, args }, span: input.span_to(end) })
}

/// `as(X, node)`
fn cast(input: Cursor<'_>) -> Parsed<'_, Box<Term>> {
    let (rest, term) = nested(input.advance().advance(), term)?;
    let (rest, _) = token(Kind::Comma, "`,` and a type")(rest)?;
    let ty = Name { text: rest.text().to_owned(), span: rest.span() };
    if !matches!(rest.kind(), Kind::Name | Kind::Variable) {
        return Err(rest.expected("a type"));
    }
    let (rest, _) = token(Kind::RightParen, "`)`")(rest.advance())?;
    Ok((rest, Box::new(Term { kind: TermKind::Cast { term, ty }, span: input.span_to(rest) })))
}

/// `[X, a]`
fn record(input: Cursor<'_>) -> Parsed<'_, Box<Term>> {
    let (rest, fields) = between(input, Kind::RightBracket, "`,` or `]`")?;
    Ok((rest, Box::new(Term { kind: TermKind::Record(fields), span: input.span_to(rest) })))
}

/// `$Circle(R)`, `$Point`
fn branch(input: Cursor<'_>) -> Parsed<'_, Box<Term>> {
    let word = input.advance();
    if !matches!(word.kind(), Kind::Name | Kind::Variable) {
        return Err(word.expected("the name of a branch"));
    }
    let name = Name { text: word.text().to_owned(), span: word.span() };
    let rest = word.advance();
    let (rest, args) = if rest.kind() == Kind::LeftParen { arguments(rest)? } else { (rest, Vec::new()) };
    Ok((rest, Box::new(Term { kind: TermKind::Branch { name, args }, span: input.span_to(rest) })))
}

/// `@f(X)`
fn foreign(input: Cursor<'_>) -> Parsed<'_, Box<Term>> {
    let (rest, name) = word(input.advance(), "a function of a library")?;
    let (rest, args) = arguments(rest)?;
    Ok((rest, Box::new(Term { kind: TermKind::Foreign { name, args }, span: input.span_to(rest) })))
}

/// `(X, a)` and `()`
pub(super) fn arguments(input: Cursor<'_>) -> Parsed<'_, Vec<Term>> {
    token(Kind::LeftParen, "`(`")(input)?;
    between(input, Kind::RightParen, "`,` or `)`")
}

/// Terms between brackets, the first of which comes next.
fn between<'a>(input: Cursor<'a>, close: Kind, expected: &'static str) -> Parsed<'a, Vec<Term>> {
    let rest = input.advance();
    if rest.kind() == close {
        return Ok((rest.advance(), Vec::new()));
    }
    let (rest, args) = nested(rest, list(Kind::Comma, argument))?;
    let (rest, _) = token(close, expected)(rest)?;
    Ok((rest, args))
}

fn argument(input: Cursor<'_>) -> Parsed<'_, Term> {
    term(input).map(|(rest, term)| (rest, *term))
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
        Kind::LeftBracket | Kind::Dollar | Kind::At => true,
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

/// `sum E : { … }`
fn aggregate(input: Cursor<'_>) -> Parsed<'_, Box<Term>> {
    let (rest, target) = nested(input.advance(), target)?;
    let (rest, _) = token(Kind::Colon, "`:` and the body of the aggregate")(rest)?;
    let (rest, body) = nested(rest, |rest| aggregate_body(rest, conditions::body, conditions::lone))?;
    Ok((rest, aggregated(input, rest, target, body)?))
}

/// What an aggregate ranges over; nothing before the colon of `count : { … }`.
fn target(input: Cursor<'_>) -> Parsed<'_, Option<Box<Term>>> {
    if input.kind() == Kind::Colon {
        return Ok((input, None));
    }
    term(input).map(|(rest, term)| (rest, Some(term)))
}

fn aggregated(
    input: Cursor<'_>,
    end: Cursor<'_>,
    target: Option<Box<Term>>,
    body: Body,
) -> Result<Box<Term>, Err<Refusal>> {
    let op = named_aggregate(input.text()).unwrap_or(AggregateOp::Count);
    if target.is_none() && op != AggregateOp::Count {
        return Err(input.advance().expected("the term that the aggregate ranges over"));
    }
    let kind = TermKind::Aggregate(Box::new(Aggregate { op, target: target.map(|term| *term), body }));
    Ok(Box::new(Term { kind, span: input.span_to(end) }))
}

/// `{ p(X), q(X) }`, or one atom without braces, as a dialect reads bodies and atoms.
pub(super) fn aggregate_body<'a>(
    input: Cursor<'a>,
    body: fn(Cursor<'a>) -> Parsed<'a, Body>,
    lone: fn(Cursor<'a>) -> Parsed<'a, Body>,
) -> Parsed<'a, Body> {
    if input.kind() != Kind::LeftBrace {
        return lone(input);
    }
    let (rest, body) = body(input.advance())?;
    let (rest, _) = token(Kind::RightBrace, "`,`, `;` or `}`")(rest)?;
    Ok((rest, body))
}
