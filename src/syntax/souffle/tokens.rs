//! A text of Soufflé's to tokens.
//!
//! In: a text. Out: [`Lexed`], as from the lexer of Entail's own language, with the same promises. What differs: `%`
//! is an operator; names may begin with `?` and are joined by dots; texts may go over several lines; numbers may end in
//! `u` or be addresses such as `10.0.0.1`; a directive is known by its word, wherever it stands.

use super::directives;
use super::literals;
use crate::report::{Code, Diagnostic, SourceId};
use crate::syntax::tokens::{Kind, Lexed, Lexer, RemarkKind, line, shared_sign};

/// Takes a text apart. It must be shorter than 4 GiB.
pub(in crate::syntax) fn lex(source: SourceId, text: &str) -> Lexed {
    let mut lexer = Souffle { lexer: Lexer::new(source, text), component: false };
    lexer.run(text.strip_prefix('\u{feff}').unwrap_or(text));
    lexer.lexer.end();
    lexer.lexer.lexed
}

struct Souffle<'a> {
    lexer: Lexer<'a>,
    /// Whether a `.comp` waits for its brace.
    component: bool,
}

impl<'a> Souffle<'a> {
    #[expect(clippy::string_slice, reason = "the byte that is passed is ASCII")]
    fn run(&mut self, mut input: &'a str) {
        while let Some(&first) = input.as_bytes().first() {
            input = match first {
                b'\n' => {
                    self.lexer.first_on_line = true;
                    &input[1..]
                }
                b' ' | b'\t' | b'\r' | b'\x0b' | b'\x0c' => &input[1..],
                b'/' if input.starts_with("///") && !input.starts_with("////") => {
                    self.lexer.comment(RemarkKind::Doc, input, line)
                }
                b'/' if input.starts_with("//") => self.lexer.comment(RemarkKind::Line, input, line),
                b'/' if input.starts_with("/*") => self.lexer.block(input),
                // What a preprocessor says of lines was heard before.
                b'#' if self.lexer.first_on_line => self.lexer.comment(RemarkKind::Line, input, line),
                b'"' => self.text(input),
                b'0'..=b'9' => {
                    let (kind, len) = literals::shape(input);
                    self.lexer.token(kind, input, len)
                }
                b'.' => self.dot(input),
                _ => self.word_or_sign(input),
            };
        }
    }

    /// A directive, the dot in `graph.edge`, or the end of a clause.
    #[expect(clippy::string_slice, reason = "a dot comes first, and a word behind it ends between letters")]
    fn dot(&mut self, input: &'a str) -> &'a str {
        let word = &input[1..1 + word_len(&input[1..])];
        let behind = input[1 + word.len()..].chars().next();
        let known = directives::is_name(word) && behind.is_none_or(char::is_whitespace);
        if known || (self.lexer.first_on_line && !word.is_empty()) {
            self.component = word == "comp";
            return self.lexer.token(Kind::Directive, input, 1 + word.len());
        }
        let last = self.lexer.lexed.tokens.last();
        let behind_name = last.is_some_and(|last| last.kind == Kind::Name && last.end == self.lexer.offset(input));
        let kind = if behind_name && !word.is_empty() { Kind::Link } else { Kind::Dot };
        self.lexer.token(kind, input, 1)
    }

    fn word_or_sign(&mut self, input: &'a str) -> &'a str {
        if input.starts_with("choice-domain") {
            return self.lexer.token(Kind::Name, input, "choice-domain".len());
        }
        if input.starts_with("?-") {
            return self.lexer.token(Kind::Ask, input, 2);
        }
        let word = word_len(input);
        if word > 0 {
            #[expect(clippy::string_slice, reason = "a word ends between letters")]
            let kind = match &input[..word] {
                "_" => Kind::Wildcard,
                "?" if self.behind_operand() => Kind::Question,
                _ => Kind::Name,
            };
            return self.lexer.token(kind, input, word);
        }
        let Some((kind, len)) = sign(input.as_bytes()) else {
            return self.lexer.stranger(input.chars().next().unwrap_or_default(), input);
        };
        let annotates = kind == Kind::LeftBracket && self.behind_at();
        let rest = self.lexer.token(kind, input, len);
        if annotates || (kind == Kind::LeftBrace && std::mem::take(&mut self.component)) {
            self.lexer.holds_clauses();
        }
        rest
    }

    /// Whether a condition may have ended before the next token, on the same line.
    fn behind_operand(&self) -> bool {
        let last = self.lexer.lexed.tokens.last().map(|last| last.kind);
        let ends =
            [Kind::RightParen, Kind::RightBracket, Kind::Name, Kind::Wildcard, Kind::Number, Kind::Float, Kind::Text];
        !self.lexer.first_on_line && last.is_some_and(|last| ends.contains(&last))
    }

    /// Whether `@` or `@!` stands before the next token.
    fn behind_at(&self) -> bool {
        let before: Vec<Kind> = self.lexer.lexed.tokens.iter().rev().take(2).map(|token| token.kind).collect();
        matches!(before[..], [Kind::At, ..] | [Kind::Bang, Kind::At])
    }

    /// A quoted text, which may go over several lines.
    fn text(&mut self, input: &'a str) -> &'a str {
        let start = self.lexer.offset(input);
        let source = self.lexer.span(start, start).source;
        match literals::text_len(input) {
            Some(len) => {
                #[expect(clippy::string_slice, reason = "a quoted text ends with its quote")]
                let bad = literals::bad_escapes(&input[..len], source, start);
                self.lexer.lexed.diagnostics.extend(bad);
                self.lexer.token(Kind::Text, input, len)
            }
            None => {
                self.lexer.lexed.diagnostics.push(
                    Diagnostic::new(Code::Unterminated, self.lexer.span(start, start + 1), "this text is never closed")
                        .label("opened here")
                        .help("close it with \""),
                );
                let rest_of_line = line(input).map_or(input.len(), |(_, line)| line.len());
                self.lexer.token(Kind::Broken, input, rest_of_line)
            }
        }
    }
}

/// How many bytes of a name a text begins with.
fn word_len(input: &str) -> usize {
    let is_part = |c: char| c == '?' || crate::syntax::chars::is_name_char(c);
    if input.starts_with(|first: char| first.is_ascii_digit() || !is_part(first)) {
        return 0;
    }
    input.find(|c| !is_part(c)).unwrap_or(input.len())
}

/// The sign that a text begins with, and its length.
fn sign(input: &[u8]) -> Option<(Kind, usize)> {
    Some(match input {
        [b'-', b'>', ..] => (Kind::Arrow, 2),
        [b'%', ..] => (Kind::Percent, 1),
        _ => return shared_sign(input),
    })
}
