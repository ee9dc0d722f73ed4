//! What is joined: `.lattice`, and the mark behind a column's type. Both dialects write it alike, but for their terms.

use super::ast::{LatticeDecl, LatticeKind, LatticePart, Term};
use super::cursor::{Cursor, Parsed, Refusal, token};
use super::directives::word;
use super::literals::shorten;
use super::tokens::Kind;
use crate::report::{Code, Diagnostic, nearest};
use nom::Err;

/// Whether `<>` stands here, and the place behind it.
pub(super) fn mark(input: Cursor<'_>) -> (Cursor<'_>, bool) {
    match (input.kind(), input.second()) {
        (Kind::Foreign, _) if input.text() == "<>" => (input.advance(), true),
        (Kind::Less, Kind::Greater) => (input.advance().advance(), true),
        _ => (input, false),
    }
}

/// `Level<> { Bottom -> 0, Lub -> max(_, _) }`, with the terms of a dialect.
pub(super) fn lattice<'a>(input: Cursor<'a>, term: fn(Cursor<'a>) -> Parsed<'a, Box<Term>>) -> Parsed<'a, LatticeDecl> {
    let (rest, name) = word(input, "the type of the lattice")?;
    let (rest, is_marked) = mark(rest);
    if !is_marked {
        return Err(rest.expected("`<>`"));
    }
    let (mut rest, _) = token(Kind::LeftBrace, "`{`")(rest)?;
    let mut parts = Vec::new();
    loop {
        let (behind, part) = part(rest, term)?;
        parts.push(part);
        if behind.kind() == Kind::RightBrace {
            return Ok((behind.advance(), LatticeDecl { name, parts }));
        }
        (rest, _) = token(Kind::Comma, "`,` or `}`")(behind)?;
    }
}

/// `Lub -> max(_, _)`
fn part<'a>(input: Cursor<'a>, term: fn(Cursor<'a>) -> Parsed<'a, Box<Term>>) -> Parsed<'a, LatticePart> {
    let (rest, name) = word(input, "a part of the lattice")?;
    let kind = LatticeKind::ALL.into_iter().find(|kind| kind.name() == name.text);
    let kind = kind.ok_or_else(|| unknown(input))?;
    // Entail's own dialect knows this sign only as one of other languages.
    if rest.text() != "->" {
        return Err(rest.expected("`->`"));
    }
    let (rest, term) = term(rest.advance())?;
    Ok((rest, LatticePart { kind, term: *term, span: input.span_to(rest) }))
}

fn unknown(input: Cursor<'_>) -> Err<Refusal> {
    let names = LatticeKind::ALL.map(LatticeKind::name);
    let message = format!("a lattice has no `{}`", shorten(input.text()));
    let diagnostic = Diagnostic::new(Code::UnexpectedToken, input.span(), message);
    input.refuse(match nearest(input.text(), names) {
        Some(near) => diagnostic.help(format!("did you mean `{near}`?")),
        None => diagnostic.help(format!("its parts are {}", names.join(", "))),
    })
}
