//! Text to tokens: the words and signs of a program, each with its place, and its comments apart.
//!
//! In: a text. Out: [`Lexed`]. Promises: the work is linear in the text; tokens come in order, never overlap, and
//! end with one [`Kind::Eof`]; whatever cannot be a token has been reported when the lexer returns. A literal keeps
//! its spelling: what it stands for is settled in `literals`, when its sign is known.

use super::chars::{self, is_name_char};
use super::literals;
use crate::report::{Code, Diagnostic, SourceId, Span, to_index};
use nom::branch::alt;
use nom::bytes::complete::{tag, take_until, take_while};
use nom::combinator::{recognize, rest};
use nom::sequence::preceded;
use nom::{IResult, Parser};

/// A text taken apart.
#[derive(Debug)]
pub(super) struct Lexed {
    pub(super) tokens: Vec<Token>,
    pub(super) comments: Vec<Remark>,
    pub(super) diagnostics: Vec<Diagnostic>,
}

/// A word or a sign.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Token {
    pub(super) kind: Kind,
    /// Whether nothing but blanks and comments stands before it on its line.
    pub(super) first_on_line: bool,
    pub(super) start: u32,
    pub(super) end: u32,
    /// For an opening bracket the index of the token that closes it in the same clause; otherwise 0.
    pub(super) partner: u32,
}

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// `russia`, `not`, `mod`: every word that is not a variable.
    Name,
    Variable,
    Wildcard,
    /// An integer; may be malformed.
    Number,
    /// Has a point or an exponent; may be malformed.
    Float,
    /// `dddd-dd-dd`; may not exist.
    Date,
    /// A quoted text, closed.
    Text,
    /// `.decl`: a dot and a word where a directive may begin.
    Directive,
    LeftParen,
    RightParen,
    LeftBrace,
    RightBrace,
    Comma,
    Semicolon,
    Dot,
    Question,
    Tilde,
    /// `:-`
    If,
    /// `?-`
    Ask,
    Colon,
    At,
    Bang,
    Equal,
    NotEqual,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
    /// `<:`
    Subtype,
    Plus,
    Minus,
    Star,
    Slash,
    Caret,
    LeftBracket,
    RightBracket,
    Percent,
    Dollar,
    Pipe,
    /// `->`
    Arrow,
    /// The dot in `graph.edge`.
    Link,
    /// A sign of some other language, or of none.
    Foreign,
    /// Where a text was left open: already reported.
    Broken,
    Eof,
}

impl Kind {
    /// Whether it ends a clause.
    pub(super) fn ends_clause(self) -> bool {
        matches!(self, Kind::Dot | Kind::Question | Kind::Tilde)
    }
}

/// A comment.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Remark {
    pub(super) kind: RemarkKind,
    /// Whether it is the first thing on its line.
    pub(super) first_on_line: bool,
    pub(super) start: u32,
    pub(super) end: u32,
    /// How many tokens stand before it.
    pub(super) before: u32,
}

impl Remark {
    /// What it says, of the text that it stands in.
    #[expect(clippy::string_slice, reason = "a comment begins and ends between letters")]
    pub(super) fn text(self, text: &str) -> &str {
        &text[to_index(self.start)..to_index(self.end)]
    }
}

/// The kinds of comments.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum RemarkKind {
    /// `%`, `//`, and `#!` on line 1.
    Line,
    /// `/* */`
    Block,
    /// `///`
    Doc,
}

/// Takes a text apart. It must be shorter than 4 GiB.
pub(super) fn lex(source: SourceId, text: &str) -> Lexed {
    let mut lexer = Lexer::new(source, text);
    lexer.run();
    lexer.lexed
}

/// A place in a text, or how many bytes or tokens there are in it.
#[inline]
#[expect(clippy::as_conversions, reason = "a text that is taken apart is shorter than 4 GiB")]
pub(super) const fn to_u32(place: usize) -> u32 {
    place as u32
}

pub(super) type Read<'a> = IResult<&'a str, &'a str>;

/// A text that is being taken apart.
pub(super) struct Lexer<'a> {
    source: SourceId,
    text: &'a str,
    pub(super) first_on_line: bool,
    /// The opening brackets that are not closed yet.
    open: Vec<Open>,
    pub(super) lexed: Lexed,
}

/// An opening bracket.
struct Open {
    index: u32,
    /// Whether clauses end within it, as within a component: others must close before their clause ends.
    holds_clauses: bool,
}

impl<'a> Lexer<'a> {
    /// At the start of a text.
    pub(super) fn new(source: SourceId, text: &'a str) -> Self {
        let lexed = Lexed { tokens: Vec::with_capacity(text.len() / 4), comments: Vec::new(), diagnostics: Vec::new() };
        Lexer { source, text, first_on_line: true, open: Vec::new(), lexed }
    }

    #[expect(clippy::string_slice, reason = "the byte that is passed is ASCII")]
    fn run(&mut self) {
        let mut input = self.text.strip_prefix('\u{feff}').unwrap_or(self.text);
        if input.starts_with("#!") {
            input = self.comment(RemarkKind::Line, input, line);
        }
        while let Some(&first) = input.as_bytes().first() {
            input = match first {
                b'\n' => {
                    self.first_on_line = true;
                    &input[1..]
                }
                b' ' | b'\t' => &input[1..],
                b'\r' if input[1..].starts_with('\n') => &input[1..],
                b'%' => self.comment(RemarkKind::Line, input, line),
                b'/' if input.starts_with("///") && !input.starts_with("////") => {
                    self.comment(RemarkKind::Doc, input, line)
                }
                b'/' if input.starts_with("//") => self.comment(RemarkKind::Line, input, line),
                b'/' if input.starts_with("/*") => self.block(input),
                b'"' | b'\'' => self.text(input),
                b'0'..=b'9' => self.number(input),
                b'.' => self.dot(input),
                b'a'..=b'z' => self.word(Kind::Name, input),
                b'A'..=b'Z' | b'_' => self.word(Kind::Variable, input),
                _ => self.sign_or_letter(input),
            };
        }
        self.end();
    }

    /// Notes that the text ends.
    pub(super) fn end(&mut self) {
        self.push(Kind::Eof, to_u32(self.text.len()), 0);
    }

    /// The byte at which a rest of the text begins.
    pub(super) fn offset(&self, rest: &str) -> u32 {
        to_u32(self.text.len() - rest.len())
    }

    pub(super) fn span(&self, start: u32, end: u32) -> Span {
        Span { source: self.source, start, end }
    }

    fn push(&mut self, kind: Kind, start: u32, len: u32) {
        let index = to_u32(self.lexed.tokens.len());
        match kind {
            Kind::LeftParen | Kind::LeftBrace | Kind::LeftBracket => {
                self.open.push(Open { index, holds_clauses: false });
            }
            Kind::RightParen => self.close(Kind::LeftParen, index),
            Kind::RightBrace => self.close(Kind::LeftBrace, index),
            Kind::RightBracket => self.close(Kind::LeftBracket, index),
            Kind::Dot | Kind::Question | Kind::Tilde | Kind::Directive | Kind::Eof => {
                let kept = self.open.iter().rposition(|open| open.holds_clauses).map_or(0, |last| last + 1);
                self.open.truncate(kept);
            }
            _ => {}
        }
        let token = Token { kind, first_on_line: self.first_on_line, start, end: start + len, partner: 0 };
        self.lexed.tokens.push(token);
        self.first_on_line = false;
    }

    /// Makes a closing bracket the partner of the innermost open one, if that is of its kind.
    #[expect(clippy::indexing_slicing, reason = "an open bracket is the number of one of the tokens")]
    fn close(&mut self, opening: Kind, index: u32) {
        if let Some(&Open { index: open, .. }) = self.open.last()
            && self.lexed.tokens[to_index(open)].kind == opening
        {
            self.open.pop();
            self.lexed.tokens[to_index(open)].partner = index;
        }
    }

    /// Says of the bracket that was just opened that clauses may end within it.
    pub(super) fn holds_clauses(&mut self) {
        if let Some(open) = self.open.last_mut() {
            open.holds_clauses = true;
        }
    }

    /// A token of one kind from the front of the input.
    #[expect(clippy::string_slice, reason = "a token ends between letters")]
    pub(super) fn token(&mut self, kind: Kind, input: &'a str, len: usize) -> &'a str {
        self.push(kind, self.offset(input), to_u32(len));
        &input[len..]
    }

    #[expect(clippy::string_slice, reason = "a word ends between letters")]
    fn word(&mut self, kind: Kind, input: &'a str) -> &'a str {
        let len = if kind == Kind::Name { name_len(input) } else { word_len(input) };
        let kind = if kind == Kind::Variable && &input[..len] == "_" { Kind::Wildcard } else { kind };
        self.token(kind, input, len)
    }

    fn number(&mut self, input: &'a str) -> &'a str {
        let (kind, len) = literals::shape(input);
        self.token(kind, input, len)
    }

    /// `.` ends a clause, or begins a directive at the start of a line or before a directive's name.
    #[expect(clippy::string_slice, reason = "a dot comes first, and a word behind it ends between letters")]
    fn dot(&mut self, input: &'a str) -> &'a str {
        let word = &input[1..1 + word_len(&input[1..])];
        let blank_before = self.text[..to_index(self.offset(input))].ends_with([' ', '\t']);
        let starts = word.starts_with(|first: char| first.is_alphabetic());
        if starts && (self.first_on_line || (blank_before && super::directives::is_name(word))) {
            return self.token(Kind::Directive, input, 1 + word.len());
        }
        self.token(Kind::Dot, input, 1)
    }

    fn sign_or_letter(&mut self, input: &'a str) -> &'a str {
        if let Some((kind, len)) = sign(input.as_bytes()) {
            return self.token(kind, input, len);
        }
        let first = input.chars().next().unwrap_or_default();
        if first.is_alphabetic() {
            let kind = if first.is_uppercase() { Kind::Variable } else { Kind::Name };
            return self.word(kind, input);
        }
        self.stranger(first, input)
    }

    /// A character that no token begins with.
    pub(super) fn stranger(&mut self, first: char, input: &'a str) -> &'a str {
        if chars::is_forbidden(first) || first.is_whitespace() {
            self.forbidden(first, self.offset(input));
            return input.trim_start_matches(first);
        }
        self.token(Kind::Foreign, input, first.len_utf8())
    }

    fn forbidden(&mut self, found: char, at: u32) {
        let span = self.span(at, at + to_u32(found.len_utf8()));
        self.lexed.diagnostics.push(chars::forbidden(found, span));
    }

    pub(super) fn comment(&mut self, kind: RemarkKind, input: &'a str, read: fn(&str) -> Read<'_>) -> &'a str {
        let (rest, part) = read(input).unwrap_or(("", input));
        let start = self.offset(input);
        if let Some((at, found)) = chars::first_forbidden_in_comment(part) {
            self.forbidden(found, start + to_u32(at));
        }
        self.lexed.comments.push(Remark {
            kind,
            first_on_line: self.first_on_line,
            start,
            end: start + to_u32(part.len()),
            before: to_u32(self.lexed.tokens.len()),
        });
        rest
    }

    pub(super) fn block(&mut self, input: &'a str) -> &'a str {
        if closed_block(input).is_ok() {
            return self.comment(RemarkKind::Block, input, closed_block);
        }
        let start = self.offset(input);
        self.lexed.diagnostics.push(
            Diagnostic::new(Code::Unterminated, self.span(start, start + 2), "this comment is never closed")
                .label("opened here")
                .help("close it with `*/`"),
        );
        self.push(Kind::Broken, start, 2);
        ""
    }

    /// A quoted text. It ends on its line: a forgotten quote costs one line, not the rest of the file.
    #[expect(clippy::string_slice, reason = "a quoted text begins and ends with a quote, which is ASCII")]
    fn text(&mut self, input: &'a str) -> &'a str {
        let start = self.offset(input);
        match literals::text_len(input) {
            Ok(len) => {
                if input[..len].contains('\\') {
                    let bad = literals::bad_escapes(&input[..len]);
                    self.lexed.diagnostics.extend(bad.map(|bad| bad.diagnostic(self.source, start)));
                }
                self.token(Kind::Text, input, len)
            }
            Err(len) => {
                let quote = &input[..1];
                self.lexed.diagnostics.push(
                    Diagnostic::new(Code::Unterminated, self.span(start, start + 1), "this text is never closed")
                        .label("opened here")
                        .help(format!("close it with {quote} on the same line; a line break inside is written `\\n`")),
                );
                self.token(Kind::Broken, input, len)
            }
        }
    }
}

/// The length of the name that a text begins with: `edge`, and `graph.edge` of an instance.
#[expect(clippy::string_slice, reason = "words end between letters, and dots are ASCII")]
fn name_len(input: &str) -> usize {
    let mut len = word_len(input);
    while let Some(part) = input[len..].strip_prefix('.').filter(|part| part.starts_with(char::is_alphabetic)) {
        len += 1 + word_len(part);
    }
    len
}

/// How many bytes of letters, digits and `_` a text begins with.
pub(super) fn word_len(input: &str) -> usize {
    let word: Read<'_> = take_while(is_name_char).parse(input);
    word.map_or(0, |(_, word)| word.len())
}

/// To the end of the line, without the line break.
pub(super) fn line(input: &str) -> Read<'_> {
    let (_, line) = alt((take_until("\n"), rest)).parse(input)?;
    let line = line.strip_suffix('\r').unwrap_or(line);
    #[expect(clippy::string_slice, reason = "the line is what the text begins with")]
    Ok((&input[line.len()..], line))
}

/// `/* … */`
fn closed_block(input: &str) -> Read<'_> {
    recognize(preceded(tag("/*"), (take_until("*/"), tag("*/")))).parse(input)
}

/// The sign that a text begins with, and its length.
fn sign(input: &[u8]) -> Option<(Kind, usize)> {
    Some(match input {
        [b':', b'=', ..] | [b'\\', b'=' | b'+', ..] | [b'-', b'>', ..] => (Kind::Foreign, 2),
        [b'?', b'-', ..] => (Kind::Ask, 2),
        [b'?', ..] => (Kind::Question, 1),
        _ => return shared_sign(input),
    })
}

/// The sign of either dialect that a text begins with, and its length.
pub(super) fn shared_sign(input: &[u8]) -> Option<(Kind, usize)> {
    Some(match input {
        [b':', b'-', ..] => (Kind::If, 2),
        [b'=', b'=' | b'<', ..] | [b'<', b'>', ..] | [b'&', b'&', ..] | [b'|', b'|', ..] => (Kind::Foreign, 2),
        [b'!', b'=', ..] => (Kind::NotEqual, 2),
        [b'<', b':', ..] => (Kind::Subtype, 2),
        [b'<', b'=', ..] => (Kind::LessEqual, 2),
        [b'>', b'=', ..] => (Kind::GreaterEqual, 2),
        [b'<', ..] => (Kind::Less, 1),
        [b'>', ..] => (Kind::Greater, 1),
        [b'=', ..] => (Kind::Equal, 1),
        [b'(', ..] => (Kind::LeftParen, 1),
        [b')', ..] => (Kind::RightParen, 1),
        [b'{', ..] => (Kind::LeftBrace, 1),
        [b'}', ..] => (Kind::RightBrace, 1),
        [b'[', ..] => (Kind::LeftBracket, 1),
        [b']', ..] => (Kind::RightBracket, 1),
        [b'$', ..] => (Kind::Dollar, 1),
        [b'|', ..] => (Kind::Pipe, 1),
        [b',', ..] => (Kind::Comma, 1),
        [b';', ..] => (Kind::Semicolon, 1),
        [b'~', ..] => (Kind::Tilde, 1),
        [b':', ..] => (Kind::Colon, 1),
        [b'@', ..] => (Kind::At, 1),
        [b'!', ..] => (Kind::Bang, 1),
        [b'+', ..] => (Kind::Plus, 1),
        [b'-', ..] => (Kind::Minus, 1),
        [b'*', ..] => (Kind::Star, 1),
        [b'/', ..] => (Kind::Slash, 1),
        [b'^', ..] => (Kind::Caret, 1),
        _ => return None,
    })
}
