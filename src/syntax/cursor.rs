//! A place among the tokens, the first parsers over it, and what is said when they refuse.
//!
//! In: tokens. Out: nom parsers of one token. Promises: a parser looks at most two tokens ahead, or at the partner of
//! a bracket, so there is nothing to take back; [`nested`] bounds the stack and the height of the tree, whatever is
//! parsed.

use super::literals::shorten;
use super::tokens::{Kind, Token, to_u32};
use crate::data::Dialect;
use crate::report::{Code, Diagnostic, SourceId, Span, to_index};
use nom::error::{ErrorKind, ParseError};
use nom::{Err, IResult, Input, Needed};

/// The deepest nesting of parentheses, braces, calls, signs and operators.
pub(super) const MAX_NESTING: u8 = 128;

/// What a parser returns.
pub(super) type Parsed<'a, T> = IResult<Cursor<'a>, T, Refusal>;

/// The text and its tokens.
#[derive(Debug)]
pub(super) struct Context<'a> {
    pub(super) source: SourceId,
    /// What the text is called.
    pub(super) name: &'a str,
    pub(super) text: &'a str,
    pub(super) tokens: &'a [Token],
    pub(super) dialect: Dialect,
}

impl<'a> Context<'a> {
    /// The text of a place in it.
    #[expect(clippy::string_slice, reason = "a place begins and ends where tokens do, between letters of this text")]
    pub(super) fn text_at(&self, span: Span) -> &'a str {
        &self.text[span.range()]
    }
}

/// A place among the tokens. The last token is never passed.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cursor<'a> {
    pub(super) context: &'a Context<'a>,
    /// Index of the next token.
    at: u32,
    /// How deep this place is nested.
    depth: u8,
    /// The height of the tallest tree that was made on this level so far.
    height: u8,
}

impl<'a> Cursor<'a> {
    pub(super) fn new(context: &'a Context<'a>, at: usize) -> Self {
        let last = context.tokens.len() - 1;
        Self { context, at: to_u32(at.min(last)), depth: 0, height: 0 }
    }

    /// Index of the next token.
    pub(super) fn index(self) -> usize {
        to_index(self.at)
    }

    /// The next token.
    #[expect(clippy::indexing_slicing, reason = "the last token is never passed")]
    pub(super) fn token(self) -> Token {
        self.context.tokens[self.index()]
    }

    /// The tokens from the next one on.
    #[expect(clippy::indexing_slicing, reason = "the last token is never passed")]
    pub(super) fn ahead(self) -> &'a [Token] {
        &self.context.tokens[self.index()..]
    }

    /// The kind of the next token.
    pub(super) fn kind(self) -> Kind {
        self.token().kind
    }

    /// The kind of the token behind the next one.
    pub(super) fn second(self) -> Kind {
        self.context.tokens.get(self.index() + 1).map_or(Kind::Eof, |token| token.kind)
    }

    /// The text of the next token.
    pub(super) fn text(self) -> &'a str {
        self.context.text_at(self.span())
    }

    /// The place of the next token.
    pub(super) fn span(self) -> Span {
        let token = self.token();
        Span { source: self.context.source, start: token.start, end: token.end }
    }

    /// The place of the token before the next one.
    pub(super) fn last_span(self) -> Span {
        Cursor { at: self.at.saturating_sub(1), ..self }.span()
    }

    /// From the start of this place's token to the end of the last token before another place.
    pub(super) fn span_to(self, end: Cursor<'_>) -> Span {
        self.span().to(end.last_span())
    }

    /// Behind the next token.
    pub(super) fn advance(self) -> Self {
        let last = to_u32(self.context.tokens.len() - 1);
        Self { at: (self.at + 1).min(last), ..self }
    }

    /// Behind the bracket that closes the next token; none where it is not an opening bracket or never closed.
    pub(super) fn behind_partner(self) -> Option<Self> {
        let partner = self.token().partner;
        (partner != 0).then(|| Self { at: partner, ..self }.advance())
    }

    /// Whether the next token follows the one before without a blank.
    pub(super) fn touches_last(self) -> bool {
        self.at > 0 && self.last_span().end == self.token().start
    }

    /// Refuses the next token: something else was expected.
    pub(super) fn expected(self, expected: &'static str) -> Err<Refusal> {
        self.refusal(Why::Expected(expected))
    }

    /// Refuses with words of one's own.
    pub(super) fn refuse(self, diagnostic: Diagnostic) -> Err<Refusal> {
        self.refusal(Why::Said(diagnostic))
    }

    fn refusal(self, why: Why) -> Err<Refusal> {
        Err::Failure(Refusal(Some(Box::new(Problem { at: self.index(), why }))))
    }

    /// The sentence about a refused token.
    pub(super) fn unexpected(self, expected: &str) -> Diagnostic {
        let found = match self.kind() {
            Kind::Eof => "the end of the text".to_owned(),
            _ => format!("`{}`", shorten(self.text())),
        };
        let refused =
            Diagnostic::new(Code::UnexpectedToken, self.span(), format!("expected {expected}, found {found}"));
        match self.advice() {
            Some(help) => refused.help(help),
            None => refused,
        }
    }

    /// What is written instead of the next token, where another language would write it.
    fn advice(self) -> Option<&'static str> {
        Some(match self.text() {
            "==" | ":=" => "equality is written `=`",
            "=<" => "less or equal is written `<=`",
            "<>" | "\\=" => "inequality is written `!=`",
            "\\+" => "negation is written `not` or `!`",
            "&&" | "&" => "and is written `,`",
            "||" | "|" => "or is written `;`",
            "->" => "a rule is written `head :- body.`",
            "“" | "”" | "‘" | "’" | "„" | "«" | "»" => "use straight quotes, `\"`",
            _ => return None,
        })
    }

    /// One more step of nesting.
    fn deeper(self) -> Result<Self, Err<Refusal>> {
        if self.depth >= MAX_NESTING {
            Err(self.too_deep())
        } else {
            Ok(Self { depth: self.depth + 1, height: 0, ..self })
        }
    }

    fn too_deep(self) -> Err<Refusal> {
        let message = format!("nesting deeper than {MAX_NESTING}");
        self.refuse(
            Diagnostic::new(Code::NestingTooDeep, self.span(), message)
                .label("one level too many begins here")
                .help("give a part a name with `X = …`, or a rule of its own"),
        )
    }

    /// Starts to measure a tree of its own.
    pub(super) fn flat(self) -> Self {
        Self { height: 0, ..self }
    }

    /// Notes that the tree made since `before` and the one made before it became one, and stands beside those that
    /// `beside` had seen.
    pub(super) fn joined(self, before: Cursor<'_>) -> Result<Self, Err<Refusal>> {
        let height = self.height.max(before.height).saturating_add(1);
        if height > MAX_NESTING { Err(before.too_deep()) } else { Ok(Self { height, ..self }) }
    }

    /// Notes that trees had been seen on this level before.
    pub(super) fn beside(self, before: Cursor<'_>) -> Self {
        Self { height: self.height.max(before.height), ..self }
    }
}

/// Runs a parser one level deeper.
pub(super) fn nested<'a, T>(input: Cursor<'a>, parser: impl FnOnce(Cursor<'a>) -> Parsed<'a, T>) -> Parsed<'a, T> {
    let (rest, output) = parser(input.deeper()?)?;
    Ok((Cursor { depth: input.depth, height: input.height.max(rest.height.saturating_add(1)), ..rest }, output))
}

/// The token of this kind that must come next.
pub(super) fn token<'a>(kind: Kind, expected: &'static str) -> impl Fn(Cursor<'a>) -> Parsed<'a, Span> {
    move |input| {
        if input.kind() == kind { Ok((input.advance(), input.span())) } else { Err(input.expected(expected)) }
    }
}

/// The token that goes on with a list, if it comes next.
pub(super) fn separator<'a>(kind: Kind) -> impl Fn(Cursor<'a>) -> Parsed<'a, ()> {
    move |input| {
        if input.kind() == kind {
            return Ok((input.advance(), ()));
        }
        Err(Err::Error(Refusal(None)))
    }
}

/// One or more of these, with this sign between them. Like nom's `separated_list1`, but with a fifth of its stack frame,
/// for lists that nest.
pub(super) fn list<'a, T>(
    between: Kind,
    mut element: impl FnMut(Cursor<'a>) -> Parsed<'a, T>,
) -> impl FnOnce(Cursor<'a>) -> Parsed<'a, Vec<T>> {
    move |mut input| {
        let mut list = Vec::new();
        loop {
            let (rest, next) = element(input)?;
            list.push(next);
            if rest.kind() != between {
                return Ok((rest, list));
            }
            input = rest.advance();
        }
    }
}

/// Why a parser would not go on. Small, because every parser on the way back passes it up: without a problem where
/// a list merely ended, with one where the clause is refused. The grammar looks ahead and never tries again.
#[derive(Debug)]
pub(super) struct Refusal(Option<Box<Problem>>);

/// What is wrong with a clause.
#[derive(Debug)]
pub(super) struct Problem {
    /// Index of the token that was refused.
    pub(super) at: usize,
    why: Why,
}

#[derive(Debug)]
enum Why {
    Expected(&'static str),
    Said(Diagnostic),
}

impl From<Err<Refusal>> for Problem {
    #[expect(clippy::expect_used, reason = "parsers refuse a clause with a problem and never wait for more input")]
    fn from(refused: Err<Refusal>) -> Self {
        let problem = match refused {
            Err::Error(Refusal(problem)) | Err::Failure(Refusal(problem)) => problem,
            Err::Incomplete(_) => None,
        };
        *problem.expect("parsers refuse a clause with a problem and never wait for more input")
    }
}

impl Problem {
    /// What to say about it; nothing where the lexer has already spoken.
    pub(super) fn diagnostic(self, context: &Context<'_>, clause_start: usize) -> Option<Diagnostic> {
        let expected = match self.why {
            Why::Said(diagnostic) => return Some(diagnostic),
            Why::Expected(expected) => expected,
        };
        let refused = Cursor::new(context, self.at);
        if refused.kind() == Kind::Broken {
            return None;
        }
        let unexpected = refused.unexpected(expected);
        let Some(open) = unclosed(context, clause_start, self.at) else {
            return Some(unexpected);
        };
        let bracket = open.text();
        let closing = match bracket {
            "(" => ")",
            "[" => "]",
            _ => "}",
        };
        Some(
            Diagnostic::new(Code::Unterminated, open.span(), format!("this `{bracket}` is never closed"))
                .label("opened here")
                .also(refused.span(), unexpected.message)
                .help(format!("close it with `{closing}`")),
        )
    }
}

/// The innermost bracket that a clause leaves open before it is refused.
fn unclosed<'a>(context: &'a Context<'a>, clause_start: usize, refused: usize) -> Option<Cursor<'a>> {
    let opens = |token: &Token| {
        matches!(token.kind, Kind::LeftParen | Kind::LeftBrace | Kind::LeftBracket) && token.partner == 0
    };
    let last = context.tokens.iter().take(refused).skip(clause_start).rposition(opens)?;
    Some(Cursor::new(context, clause_start + last))
}

impl<'a> ParseError<Cursor<'a>> for Refusal {
    fn from_error_kind(input: Cursor<'a>, _: ErrorKind) -> Self {
        Refusal(Some(Box::new(Problem { at: input.index(), why: Why::Expected("something else") })))
    }

    fn append(_: Cursor<'a>, _: ErrorKind, other: Self) -> Self {
        other
    }
}

/// What nom's lists ask of an input. They look at its length alone, and no part of it is ever cut off at its end.
impl<'a> Input for Cursor<'a> {
    type Item = Token;
    type Iter = std::iter::Copied<std::slice::Iter<'a, Token>>;
    type IterIndices = std::iter::Enumerate<Self::Iter>;

    fn input_len(&self) -> usize {
        self.context.tokens.len() - self.index()
    }

    fn take(&self, _: usize) -> Self {
        *self
    }

    fn take_from(&self, count: usize) -> Self {
        Self { at: to_u32((self.index() + count).min(self.context.tokens.len() - 1)), ..*self }
    }

    fn take_split(&self, count: usize) -> (Self, Self) {
        (self.take_from(count), *self)
    }

    fn position<P: Fn(Token) -> bool>(&self, predicate: P) -> Option<usize> {
        self.iter_elements().position(predicate)
    }

    fn iter_elements(&self) -> Self::Iter {
        self.ahead().iter().copied()
    }

    fn iter_indices(&self) -> Self::IterIndices {
        self.iter_elements().enumerate()
    }

    fn slice_index(&self, count: usize) -> Result<usize, Needed> {
        Ok(count)
    }
}
