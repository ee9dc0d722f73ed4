//! Names: words, and words joined by dots.

use crate::syntax::ast::{Name, Text};
use crate::syntax::cursor::{Cursor, Parsed, token};
use crate::syntax::tokens::Kind;

/// One word.
pub(super) fn word<'a>(input: Cursor<'a>, expected: &'static str) -> Parsed<'a, Name> {
    let (rest, span) = token(Kind::Name, expected)(input)?;
    Ok((rest, Name { text: input.text().to_owned(), span }))
}

/// `edge`, `graph.edge`
pub(super) fn qualified<'a>(input: Cursor<'a>, expected: &'static str) -> Parsed<'a, Name> {
    let (mut rest, mut name) = word(input, expected)?;
    while rest.kind() == Kind::Link {
        let (after, part) = word(rest.advance(), "a name behind the dot")?;
        name.text.push('.');
        name.text.push_str(&part.text);
        name.span = name.span.to(part.span);
        rest = after;
    }
    Ok((rest, name))
}

/// Behind a name that may be joined by dots.
pub(super) fn behind_name(input: Cursor<'_>) -> Cursor<'_> {
    let mut rest = input.advance();
    while rest.kind() == Kind::Link {
        rest = rest.advance().advance();
    }
    rest
}

/// A quoted text.
pub(super) fn quoted<'a>(input: Cursor<'a>, expected: &'static str) -> Parsed<'a, Text> {
    let (rest, span) = token(Kind::Text, expected)(input)?;
    Ok((rest, Text { text: super::literals::unquote(input.text()), span }))
}

/// Behind the annotations that stand here, `@[…]` and `@![…]`: they are for other tools.
pub(super) fn behind_annotations(mut input: Cursor<'_>) -> Cursor<'_> {
    while input.kind() == Kind::At {
        let behind = input.advance();
        let bracket = if behind.kind() == Kind::Bang { behind.advance() } else { behind };
        let end = if bracket.kind() == Kind::LeftBracket { bracket.behind_partner() } else { None };
        let Some(end) = end else { return input };
        input = end;
    }
    input
}

/// A list between two brackets, with commas between its elements; it may be empty.
pub(super) fn listed<'a, T>(
    input: Cursor<'a>,
    brackets: Brackets,
    mut element: impl FnMut(Cursor<'a>) -> Parsed<'a, T>,
) -> Parsed<'a, Vec<T>> {
    let (mut rest, _) = token(brackets.open, brackets.opening)(input)?;
    let mut list = Vec::new();
    if behind_annotations(rest).kind() == brackets.close {
        return Ok((behind_annotations(rest).advance(), list));
    }
    loop {
        let (after, next) = element(rest)?;
        list.push(next);
        if after.kind() == brackets.close {
            return Ok((after.advance(), list));
        }
        (rest, _) = token(Kind::Comma, brackets.closing)(after)?;
    }
}

/// A pair of brackets, and what is expected where one is missing.
#[derive(Clone, Copy)]
pub(super) struct Brackets {
    open: Kind,
    close: Kind,
    opening: &'static str,
    closing: &'static str,
}

/// `( … )`
pub(super) const PARENTHESES: Brackets =
    Brackets { open: Kind::LeftParen, close: Kind::RightParen, opening: "`(`", closing: "`,` or `)`" };

/// `[ … ]`
pub(super) const SQUARE: Brackets =
    Brackets { open: Kind::LeftBracket, close: Kind::RightBracket, opening: "`[`", closing: "`,` or `]`" };

/// `{ … }`
pub(super) const BRACES: Brackets =
    Brackets { open: Kind::LeftBrace, close: Kind::RightBrace, opening: "`{`", closing: "`,` or `}`" };
