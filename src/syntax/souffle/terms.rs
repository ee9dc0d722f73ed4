//! Soufflé's terms: every name is a variable, functions are words of the language.
//!
//! In: a place among the tokens. Out: a [`Term`] and the place behind it. Operators bind as in [`OPERATORS`]; a sign
//! before a term binds tighter than all of them but `^`.

use super::conditions;
use super::literals;
use super::names::{PARENTHESES, SQUARE, listed, qualified, word};
use crate::data::{Dialect, Value, Width, spelled};
use crate::report::{Code, Diagnostic, Span, to_index};
use crate::syntax::ast::{Aggregate, AggregateOp, Body, Name, Term, TermKind};
use crate::syntax::cursor::{Cursor, Parsed, Refusal, nested, token};
use crate::syntax::literals::shorten;
use crate::syntax::terms::{Binding, Groups, aggregate_body, named_aggregate};
use crate::syntax::tokens::{Kind, to_u32};
use nom::Err;

/// A sign or word between two terms.
struct Operator {
    spelling: &'static str,
    binds: u8,
}

/// Every operator between two terms, from the weakest to the tightest. All but `^` group to the left.
static OPERATORS: &[Operator] = &[
    Operator { spelling: "lor", binds: 1 },
    Operator { spelling: "lxor", binds: 2 },
    Operator { spelling: "land", binds: 3 },
    Operator { spelling: "bor", binds: 4 },
    Operator { spelling: "bxor", binds: 5 },
    Operator { spelling: "band", binds: 6 },
    Operator { spelling: "bshl", binds: 7 },
    Operator { spelling: "bshr", binds: 7 },
    Operator { spelling: "bshru", binds: 7 },
    Operator { spelling: "+", binds: 8 },
    Operator { spelling: "-", binds: 8 },
    Operator { spelling: "*", binds: 9 },
    Operator { spelling: "/", binds: 9 },
    Operator { spelling: "%", binds: 9 },
    Operator { spelling: "^", binds: POWER },
];

/// How tightly a sign before a term binds.
pub(in crate::syntax) const SIGN: u8 = 10;

/// How tightly `^` binds, which groups to the right.
const POWER: u8 = 11;

/// How an operator binds.
pub(in crate::syntax) fn binding(op: &str) -> Option<Binding> {
    let operator = OPERATORS.iter().find(|operator| operator.spelling == op)?;
    let groups = if operator.binds == POWER { Groups::Right } else { Groups::Left };
    Some(Binding::new(operator.binds, groups))
}

/// The functions that are words of the language. Every other name before `(` is a relation's.
static FUNCTIONS: &[&str] = &[
    "cat",
    "ord",
    "range",
    "strlen",
    "substr",
    "to_float",
    "to_number",
    "to_string",
    "to_unsigned",
    "as",
    "autoinc",
    "recursive_iteration_cnt",
];

/// Any term.
pub(super) fn term(input: Cursor<'_>) -> Parsed<'_, Box<Term>> {
    expression(input, 0)
}

/// A term whose operators bind at least this tightly. Terms are boxed on their way back, to spare the stack.
fn expression(input: Cursor<'_>, least: u8) -> Parsed<'_, Box<Term>> {
    let (rest, left) = operand(input.flat())?;
    let (rest, term) = operations(rest, left, least)?;
    Ok((rest.beside(input), term))
}

/// What operators make of the term before them.
fn operations<'a>(mut rest: Cursor<'a>, mut left: Box<Term>, least: u8) -> Parsed<'a, Box<Term>> {
    while let Some(operator) = operator(rest).filter(|operator| operator.binds >= least) {
        let (after, right) = right_side(rest.advance().flat(), operator.binds)?;
        left = binary(operator.spelling, left, right);
        rest = after.joined(rest)?;
    }
    Ok((rest, left))
}

fn right_side(input: Cursor<'_>, binds: u8) -> Parsed<'_, Box<Term>> {
    if binds == POWER { nested(input, |input| expression(input, binds)) } else { expression(input, binds + 1) }
}

fn binary(op: &'static str, left: Box<Term>, right: Box<Term>) -> Box<Term> {
    let span = left.span.to(right.span);
    Box::new(Term { kind: TermKind::Binary { op, left, right }, span })
}

/// The operator that comes next.
fn operator(input: Cursor<'_>) -> Option<&'static Operator> {
    match input.kind() {
        Kind::Plus | Kind::Minus | Kind::Star | Kind::Slash | Kind::Percent | Kind::Caret | Kind::Name => {
            OPERATORS.iter().find(|operator| operator.spelling == input.text())
        }
        _ => None,
    }
}

/// Whether an operator comes next.
pub(super) fn is_operator(input: Cursor<'_>) -> bool {
    operator(input).is_some()
}

/// Whether a name before `(` is a function's.
pub(super) fn is_function(name: &str) -> bool {
    FUNCTIONS.contains(&name) || is_prefix(name) || named_aggregate(name).is_some()
}

fn is_prefix(name: &str) -> bool {
    matches!(name, "bnot" | "lnot")
}

fn operand(input: Cursor<'_>) -> Parsed<'_, Box<Term>> {
    match input.kind() {
        Kind::Minus => negative(input),
        Kind::Name if is_prefix(input.text()) => prefixed(input),
        _ => primary(input),
    }
}

/// `bnot X`
fn prefixed(input: Cursor<'_>) -> Parsed<'_, Box<Term>> {
    let (rest, term) = nested(input.advance(), |input| expression(input, SIGN))?;
    Ok((rest, called(input, rest, vec![*term])))
}

/// `-7`, `-X`, `-2 ^ 2`, which is `-(2 ^ 2)`.
fn negative(input: Cursor<'_>) -> Parsed<'_, Box<Term>> {
    let behind = input.advance();
    let literal_behind = matches!(behind.kind(), Kind::Number | Kind::Float);
    if literal_behind && behind.advance().kind() != Kind::Caret {
        return literal(input, behind, true);
    }
    let (rest, term) = nested(behind, |input| expression(input, SIGN))?;
    let span = input.span().to(term.span);
    Ok((rest, Box::new(Term { kind: TermKind::Negative(term), span })))
}

/// A term without operators around it.
fn primary(input: Cursor<'_>) -> Parsed<'_, Box<Term>> {
    match input.kind() {
        Kind::LeftParen => parenthesised(input),
        Kind::Number | Kind::Float => literal(input, input, false),
        Kind::LeftBracket => record(input),
        Kind::Dollar => branch(input),
        Kind::At => foreign(input),
        Kind::Name if named_aggregate(input.text()).is_some() => aggregate(input),
        Kind::Name if input.second() == Kind::LeftParen => call(input),
        _ => leaf(input),
    }
}

/// `[X, Y]`
fn record(input: Cursor<'_>) -> Parsed<'_, Box<Term>> {
    let (rest, fields) = nested(input, |input| listed(input, SQUARE, argument))?;
    Ok((rest, made(input, rest, TermKind::Record(fields))))
}

fn made(input: Cursor<'_>, end: Cursor<'_>, kind: TermKind) -> Box<Term> {
    Box::new(Term { kind, span: input.span_to(end) })
}

/// A variable or a constant.
fn leaf(input: Cursor<'_>) -> Parsed<'_, Box<Term>> {
    let rest = input.advance();
    let kind = match input.kind() {
        Kind::Wildcard => TermKind::Wildcard,
        Kind::Text => symbol(&literals::unquote(input.text()), input.text()),
        Kind::Name => match input.text() {
            "nil" => TermKind::Nil,
            "__LINE__" => line_number(input),
            "__FILE__" => TermKind::Constant { value: Value::symbol(input.context.name), spelling: None },
            name => TermKind::Variable(name.to_owned()),
        },
        _ => return Err(input.expected("a term")),
    };
    Ok((rest, made(input, rest, kind)))
}

/// A symbol, with its spelling where the printer would choose another.
fn symbol(text: &str, spelling: &str) -> TermKind {
    let value = Value::symbol(text);
    let spelling = (spelled(&value) != spelling).then(|| spelling.into());
    TermKind::Constant { value, spelling }
}

fn line_number(input: Cursor<'_>) -> TermKind {
    let before = input.context.text.bytes().take(to_index(input.span().start));
    let line = to_u32(before.filter(|byte| *byte == b'\n').count()) + 1;
    TermKind::Constant { value: Value::Number(i64::from(line)), spelling: None }
}

/// A number or float at `digits`; `start` is there or at the minus sign before.
fn literal<'a>(start: Cursor<'a>, digits: Cursor<'a>, negative: bool) -> Parsed<'a, Box<Term>> {
    let span = start.span().to(digits.span());
    let width = match start.context.dialect {
        Dialect::Souffle(width) => width,
        Dialect::Entail => Width::Bits64,
    };
    let read = match digits.kind() {
        Kind::Float => literals::float(digits.text(), negative, width),
        _ => literals::number(digits.text(), negative, width),
    };
    let value = read.map_err(|message| {
        let help = if message.ends_with("32 bits") {
            "numbers of 64 bits need `--wide`"
        } else {
            "numbers look like 42, 7u, 0x1f, 0b101, 1.5 or 10.0.0.1"
        };
        start.refuse(Diagnostic::new(Code::BadLiteral, span, message).help(help))
    })?;
    let spelling = start.context.text_at(span);
    let spelling = (spelled(&value) != spelling).then(|| spelling.into());
    Ok((digits.advance(), Box::new(Term { kind: TermKind::Constant { value, spelling }, span })))
}

/// `(X + 1)`
fn parenthesised(input: Cursor<'_>) -> Parsed<'_, Box<Term>> {
    let (rest, mut term) = nested(input.advance(), term)?;
    let (rest, _) = token(Kind::RightParen, "an operator or `)`")(rest)?;
    term.span = input.span_to(rest);
    Ok((rest, term))
}

/// `(X, "a")` and `()`
pub(super) fn arguments(input: Cursor<'_>) -> Parsed<'_, Vec<Term>> {
    nested(input, |input| listed(input, PARENTHESES, argument))
}

fn argument(input: Cursor<'_>) -> Parsed<'_, Term> {
    term(input).map(|(rest, term)| (rest, *term))
}

/// `strlen(X)`, `as(X, node)`, `autoinc()`
fn call(input: Cursor<'_>) -> Parsed<'_, Box<Term>> {
    match input.text() {
        "as" => cast(input),
        "autoinc" => {
            let (rest, _) = token(Kind::LeftParen, "`(`")(input.advance())?;
            let (rest, _) = token(Kind::RightParen, "`)`")(rest)?;
            Ok((rest, made(input, rest, TermKind::Counter)))
        }
        "recursive_iteration_cnt" => Err(input.refuse(counts_rounds(input))),
        _ => arguments(input.advance()).map(|(rest, args)| (rest, called(input, rest, args))),
    }
}

fn called(input: Cursor<'_>, end: Cursor<'_>, args: Vec<Term>) -> Box<Term> {
    let name = Name { text: input.text().to_owned(), span: input.span() };
    made(input, end, TermKind::Call { name, args })
}

fn cast(input: Cursor<'_>) -> Parsed<'_, Box<Term>> {
    let (rest, _) = token(Kind::LeftParen, "`(`")(input.advance())?;
    let (rest, inner) = nested(rest, term)?;
    let (rest, _) = token(Kind::Comma, "`,` and a type")(rest)?;
    let (rest, ty) = qualified(rest, "a type")?;
    let (rest, _) = token(Kind::RightParen, "`)`")(rest)?;
    Ok((rest, made(input, rest, TermKind::Cast { term: inner, ty })))
}

/// `$Circle(R)`, and `$` alone, which counts.
fn branch(input: Cursor<'_>) -> Parsed<'_, Box<Term>> {
    let behind = input.advance();
    if behind.kind() != Kind::Name {
        return Ok((behind, made(input, behind, TermKind::Counter)));
    }
    let (rest, name) = qualified(behind, "a branch")?;
    let (rest, args) = if rest.kind() == Kind::LeftParen { arguments(rest)? } else { (rest, Vec::new()) };
    Ok((rest, made(input, rest, TermKind::Branch { name, args })))
}

/// `@f(X)`
fn foreign(input: Cursor<'_>) -> Parsed<'_, Box<Term>> {
    let (rest, name) = word(input.advance(), "a function of a library")?;
    let (rest, args) = arguments(rest)?;
    Ok((rest, made(input, rest, TermKind::Foreign { name, args })))
}

/// `sum E : { … }`; and `min(X, Y)`, which is a function.
fn aggregate(input: Cursor<'_>) -> Parsed<'_, Box<Term>> {
    let behind = input.advance();
    if behind.kind() != Kind::LeftParen {
        let (rest, target) = nested(behind, target)?;
        return aggregated(input, rest, target);
    }
    let (rest, mut args) = nested(behind.advance(), arguments_within)?;
    let (rest, _) = token(Kind::RightParen, "`,` or `)`")(rest)?;
    if args.len() > 1 {
        return Ok((rest, called(input, rest, args)));
    }
    // `sum (X) * 2 : { … }`
    let first = parenthesised_first(args.pop(), behind.span_to(rest));
    let (rest, target) = nested(rest, |rest| operations(rest, first, 0))?;
    aggregated(input, rest, Some(target))
}

#[expect(clippy::expect_used, reason = "a list has an element")]
fn parenthesised_first(first: Option<Term>, span: Span) -> Box<Term> {
    Box::new(Term { span, ..first.expect("a list has an element") })
}

fn arguments_within(input: Cursor<'_>) -> Parsed<'_, Vec<Term>> {
    crate::syntax::cursor::list(Kind::Comma, argument)(input)
}

/// What an aggregate ranges over; nothing before the colon of `count : { … }`.
fn target(input: Cursor<'_>) -> Parsed<'_, Option<Box<Term>>> {
    if input.kind() == Kind::Colon {
        return Ok((input, None));
    }
    term(input).map(|(rest, term)| (rest, Some(term)))
}

/// The rest of an aggregate, behind what it ranges over.
fn aggregated<'a>(input: Cursor<'a>, rest: Cursor<'a>, target: Option<Box<Term>>) -> Parsed<'a, Box<Term>> {
    misused(input, target.is_some())?;
    let (rest, _) = token(Kind::Colon, "`:` and the body of the aggregate")(rest)?;
    let (rest, body) = nested(rest, |rest| aggregate_body(rest, conditions::body, conditions::lone))?;
    Ok((rest, over(input, rest, target, body)))
}

/// Refuses `count X : { … }`, and every other aggregate without something to range over.
fn misused(input: Cursor<'_>, has_target: bool) -> Result<(), Err<Refusal>> {
    match (named_aggregate(input.text()), has_target) {
        (Some(AggregateOp::Count) | None, true) => {
            let message = "`count` counts rows, and not the values of a term";
            let diagnostic = Diagnostic::new(Code::UnexpectedToken, input.span(), message);
            Err(input.refuse(diagnostic.help("write `count : { … }`")))
        }
        (Some(AggregateOp::Sum | AggregateOp::Min | AggregateOp::Max | AggregateOp::Mean), false) => {
            Err(input.advance().expected("the term that the aggregate ranges over"))
        }
        (Some(_), true) | (Some(AggregateOp::Count) | None, false) => Ok(()),
    }
}

fn over(input: Cursor<'_>, end: Cursor<'_>, target: Option<Box<Term>>, body: Body) -> Box<Term> {
    let op = named_aggregate(input.text()).unwrap_or(AggregateOp::Count);
    let aggregate = Aggregate { op, target: target.map(|term| *term), body };
    made(input, end, TermKind::Aggregate(Box::new(aggregate)))
}

/// What is said of the words that tell how Soufflé evaluates a recursion.
pub(super) fn counts_rounds(input: Cursor<'_>) -> Diagnostic {
    let message = format!("`{}` tells in which rounds Soufflé derives rows", input.text());
    Diagnostic::new(Code::UnexpectedToken, input.span(), message)
        .label("what follows from a program has no rounds here")
        .help("keep the number of steps in a column, `p(x, n + 1) :- p(y, n), …`")
}

/// What is said of a name that a word of the language has.
pub(super) fn reserved(input: Cursor<'_>) -> Diagnostic {
    let message = format!("`{}` is a word of the language", shorten(input.text()));
    Diagnostic::new(Code::UnexpectedToken, input.span(), message).help("choose another name")
}
