//! Where one statement ends: for a prompt or a pipe that takes statements one by one.
//!
//! In: what was typed so far. Out: the first statement in it, or where it was left open. Nothing is parsed; only
//! quotes, comments, brackets and the ends of statements are looked at. Linear in the statement.

use super::{directives, souffle};
use crate::data::Dialect;

/// The first statement of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Statement {
    /// A clause, query, retraction or directive: the text up to here.
    Clause(usize),
    /// A line that starts with a dot and a letter and is no directive of programs: the text up to here.
    Command(usize),
    /// Only blanks and comments.
    Blank,
    /// It does not end; here is the bracket or quote that is open, or the start of the statement.
    Open(usize),
}

/// Whether programs of a dialect may hold a directive of this name; what else starts with a dot is a command to the
/// prompt.
pub fn is_directive(dialect: Dialect, name: &str) -> bool {
    match dialect {
        Dialect::Entail => directives::is_name(name),
        // The prompt has commands of these names. `.once` changes no answer, and a plan is told by what follows.
        Dialect::Souffle(_) => souffle::is_directive(name) && !matches!(name, "once" | "plan"),
    }
}

/// Finds the first statement of a text.
#[expect(clippy::string_slice, reason = "statements and lines begin and end between characters")]
pub fn first_statement(dialect: Dialect, text: &str) -> Statement {
    let Some(start) = skip_blanks(dialect, text) else { return Statement::Blank };
    if let Some(word) = dot_word(&text[start..]) {
        let line_end = behind_line(text, start);
        return if is_directive(dialect, word) || orders_a_plan(&text[start..line_end]) {
            directive(dialect, text, start, line_end)
        } else {
            Statement::Command(line_end)
        };
    }
    clause(dialect, text, start)
}

/// The word behind a dot at the start of a text.
fn dot_word(text: &str) -> Option<&str> {
    let word = text.strip_prefix('.')?;
    let word = word.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').next()?;
    word.starts_with(|c: char| c.is_ascii_alphabetic()).then_some(word)
}

/// Whether a line is Soufflé's `.plan 0:(2, 1)`, and not the command of that name.
fn orders_a_plan(line: &str) -> bool {
    let version = line.strip_prefix(".plan").map(str::trim_start);
    version
        .is_some_and(|version| version.trim_start_matches(|c: char| c.is_ascii_digit()).trim_start().starts_with(':'))
}

/// A directive ends with its line, or with the line on which its brackets close; and not before a line that goes on
/// with `|`, or a component before its braces close.
#[expect(clippy::string_slice, reason = "a statement begins with a character")]
fn directive(dialect: Dialect, text: &str, start: usize, line_end: usize) -> Statement {
    let is_component = dot_word(&text[start..]) == Some("comp");
    let mut end = line_end;
    let mut scan = Scan::new(dialect, text, start);
    let mut was_open = false;
    while let Some((at, byte)) = scan.next() {
        let closes = matches!(byte, b')' | b'}' | b']') && scan.brackets.is_empty();
        let is_over = at >= end && scan.brackets.is_empty() && !closes && (was_open || !is_component);
        if is_over && byte == b'|' {
            end = behind_line(text, at);
        } else if is_over && !byte.is_ascii_whitespace() {
            return Statement::Clause(end);
        }
        if closes {
            end = end.max(behind_line(text, at));
        }
        was_open |= closes && byte == b'}';
    }
    match scan.open_at() {
        Some(open) => Statement::Open(open),
        None if is_component && !was_open => Statement::Open(start),
        None => Statement::Clause(end),
    }
}

/// The text with this sign behind its last word, unless its last statement has an end or there is none.
pub fn ended(dialect: Dialect, text: &str, end: char) -> String {
    let (words, comments) = text.split_at(end_of_words(dialect, text));
    match words.is_empty() || words.ends_with(['.', '?', '~']) {
        true => text.to_owned(),
        false => format!("{words}{end}{comments}"),
    }
}

/// Where the last word or sign of a text ends; only blanks and comments stand behind it.
pub fn end_of_words(dialect: Dialect, text: &str) -> usize {
    let mut scan = Scan::new(dialect, text, 0);
    while scan.next().is_some() {}
    scan.unclosed.map_or(scan.end, |_| text.trim_end().len())
}

#[expect(clippy::string_slice, reason = "a scan finds the beginnings of characters")]
fn clause(dialect: Dialect, text: &str, start: usize) -> Statement {
    let mut scan = Scan::new(dialect, text, start);
    while let Some((at, byte)) = scan.next() {
        let ends = match byte {
            b'?' => !text[at..].starts_with("?-"),
            b'~' => true,
            b'.' => {
                let digit = |at: usize| text.as_bytes().get(at).is_some_and(u8::is_ascii_digit);
                !(links(dialect, text, at) || digit(at + 1) && at > start && digit(at - 1))
            }
            _ => false,
        };
        if ends && scan.brackets.is_empty() {
            return Statement::Clause(at + 1);
        }
    }
    Statement::Open(scan.open_at().unwrap_or(start))
}

/// Whether the dot here stands within a name such as `graph.edge`.
#[expect(clippy::string_slice, reason = "there is a dot here")]
fn links(dialect: Dialect, text: &str, at: usize) -> bool {
    let is_part = |c: char| c.is_alphanumeric() || c == '_' || c == '?' && dialect != Dialect::Entail;
    let first = text[..at].rsplit(|c| !is_part(c)).next().and_then(|word| word.chars().next());
    let behind = text[at + 1..].chars().next();
    let may_begin = |c: char| c.is_alphabetic() && (!c.is_uppercase() || dialect != Dialect::Entail) || c == '?';
    first.is_some_and(may_begin) && behind.is_some_and(|c| c.is_alphabetic() || c == '_' && dialect != Dialect::Entail)
}

/// Goes through the bytes outside quotes and comments, and keeps the brackets that are open.
struct Scan<'a> {
    dialect: Dialect,
    text: &'a str,
    at: usize,
    /// Where the last thing ends that is neither blank nor comment.
    end: usize,
    brackets: Vec<usize>,
    /// A quote or comment that never closes.
    unclosed: Option<usize>,
}

impl<'a> Scan<'a> {
    fn new(dialect: Dialect, text: &'a str, at: usize) -> Self {
        Self { dialect, text, at, end: at, brackets: Vec::new(), unclosed: None }
    }

    fn open_at(&self) -> Option<usize> {
        self.unclosed.or(self.brackets.last().copied())
    }

    /// The next byte that is neither quoted nor commented, and where it stands: there a character begins.
    fn next(&mut self) -> Option<(usize, u8)> {
        loop {
            let at = self.at;
            #[expect(clippy::string_slice, reason = "it goes on behind whole characters, quotes and comments")]
            let rest = &self.text[at..];
            let byte = *rest.as_bytes().first()?;
            let is_ours = self.dialect == Dialect::Entail;
            let skipped = match byte {
                b'"' => quoted(rest),
                // A quote and a sign of Soufflé's are something else here.
                b'\'' if is_ours => quoted(rest),
                b'%' if is_ours => Some(line(rest)),
                b'/' if rest.starts_with("//") => Some(line(rest)),
                b'/' if rest.starts_with("/*") => block_comment(rest),
                _ => {
                    match byte {
                        b'(' | b'{' | b'[' => self.brackets.push(at),
                        b')' | b'}' | b']' => {
                            self.brackets.pop();
                        }
                        _ => {}
                    }
                    self.at = at + rest.chars().next().map_or(1, char::len_utf8);
                    if !byte.is_ascii_whitespace() {
                        self.end = self.at;
                    }
                    return Some((at, byte));
                }
            };
            match skipped {
                Some(length) => {
                    self.at = at + length;
                    if matches!(byte, b'"' | b'\'') {
                        self.end = self.at;
                    }
                }
                None => {
                    self.unclosed = Some(at);
                    return None;
                }
            }
        }
    }
}

/// The length of the quoted text that a text starts with; none if the quote is not closed.
pub fn quoted(text: &str) -> Option<usize> {
    let mut bytes = text.bytes().enumerate();
    let (_, quote) = bytes.next()?;
    let mut escaped = false;
    for (at, byte) in bytes {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            byte if byte == quote => return Some(at + 1),
            _ => {}
        }
    }
    None
}

/// Where the line that a character stands in ends, its line break included.
#[expect(clippy::string_slice, reason = "a character begins there")]
fn behind_line(text: &str, at: usize) -> usize {
    text[at..].find('\n').map_or(text.len(), |newline| at + newline + 1)
}

/// The length of the rest of the line.
fn line(text: &str) -> usize {
    text.find('\n').unwrap_or(text.len())
}

/// The length of the block comment at the start, whose first star is none of its end; none if it does not close.
fn block_comment(text: &str) -> Option<usize> {
    let (_, inner) = text.split_at_checked(2)?;
    inner.find("*/").map(|end| end + 4)
}

/// Where blanks and comments end; none if they do not.
fn skip_blanks(dialect: Dialect, text: &str) -> Option<usize> {
    let mut scan = Scan::new(dialect, text, 0);
    while let Some((at, byte)) = scan.next() {
        if !byte.is_ascii_whitespace() {
            return Some(at);
        }
    }
    scan.unclosed
}

#[cfg(test)]
mod tests {
    use super::*;

    fn first(dialect: Dialect, text: &str) -> String {
        match first_statement(dialect, text) {
            Statement::Clause(end) => format!("clause {}", text[..end].trim()),
            Statement::Command(end) => format!("command {}", text[..end].trim()),
            Statement::Blank => "blank".into(),
            Statement::Open(at) => format!("open {}", &text[at..]),
        }
    }

    #[test]
    fn a_statement_ends_outside_quotes_comments_and_brackets() {
        for (text, expected) in [
            ("p(a). q(b).", "clause p(a)."),
            ("p(1.5). q", "clause p(1.5)."),
            ("p(1).q(2).", "clause p(1)."),
            ("p(X)? q", "clause p(X)?"),
            ("?- p(X). q", "clause ?- p(X)."),
            ("p(a)~ q", "clause p(a)~"),
            ("p(\"a. b\", 'c?').", "clause p(\"a. b\", 'c?')."),
            ("p(a) % end.\n.", "clause p(a) % end.\n."),
            ("n(N) :- N = count : { p(X). }", "open n(N) :- N = count : { p(X). }"),
            ("% only\n /* this. */ ", "blank"),
            ("/*/ p(a). */ q(b).", "clause /*/ p(a). */ q(b)."),
            ("", "blank"),
            (".help why\np(a).", "command .help why"),
            (".decl p(x: symbol)\np(a).", "clause .decl p(x: symbol)"),
            (".decl p(\n  x: symbol)\np(a).", "clause .decl p(\n  x: symbol)"),
            ("p(a", "open (a"),
            ("p(\"a", "open \"a"),
            ("p(a)", "open p(a)"),
            ("/* p(a).", "open /* p(a)."),
            ("p(\"a\\\".\"). q.", "clause p(\"a\\\".\")."),
        ] {
            assert_eq!(first(Dialect::Entail, text), expected, "{text:?}");
        }
    }

    #[test]
    fn a_statement_of_soufflé_ends_where_its_own_signs_say() {
        let souffle = Dialect::Souffle(crate::data::Width::Bits32);
        for (text, expected) in [
            ("p(x % 2) :- q(x). r(1).", "clause p(x % 2) :- q(x)."),
            ("g.edge(1, 2). r(1).", "clause g.edge(1, 2)."),
            ("p(x) :- g.q(x),", "open p(x) :- g.q(x),"),
            (
                ".comp A {\n .decl p(x: number)\n p(1).\n}\n.init a = A\n",
                "clause .comp A {\n .decl p(x: number)\n p(1).\n}",
            ),
            (".comp A<T>\n{", "open {"),
            (".comp A", "open .comp A"),
            (".comp A { p(1).", "open { p(1)."),
            (".type T = A { x: number }\n  | B {}\np($B()).", "clause .type T = A { x: number }\n  | B {}"),
            (".init g = Graph<city>\np(1).", "clause .init g = Graph<city>"),
            (".plan 0:(2, 1)\np(1).", "clause .plan 0:(2, 1)"),
            (".plan 3\np(1).", "command .plan 3"),
            (".why p(1)\n", "command .why p(1)"),
            ("p(\"it's\"). q(1).", "clause p(\"it's\")."),
        ] {
            assert_eq!(first(souffle, text), expected, "{text:?}");
        }
        assert_eq!(ended(souffle, "p(x), x % 2 = 0", '?'), "p(x), x % 2 = 0?");
    }

    #[test]
    fn words_end_before_the_comments_behind_them() {
        for (text, words) in [
            ("p(a) % note.", "p(a)"),
            ("p(a)? // why?\n", "p(a)?"),
            ("X = 'a % b' /* c */ ", "X = 'a % b'"),
            ("p(a), % one\n q(b) ", "p(a), % one\n q(b)"),
            ("% only", ""),
            ("p(\"a ", "p(\"a"),
        ] {
            assert_eq!(&text[..end_of_words(Dialect::Entail, text)], words, "{text:?}");
        }
    }
}
