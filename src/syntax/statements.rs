//! Where one statement ends: for a prompt or a pipe that takes statements one by one.
//!
//! In: what was typed so far. Out: the first statement in it, or where it was left open. Nothing is parsed; only
//! quotes, comments, brackets and the ends of statements are looked at. Linear in the statement.

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

/// The directives that programs may hold; what else starts with a dot is a command to the prompt.
pub const DIRECTIVES: [&str; 7] = ["decl", "type", "input", "output", "printsize", "limitsize", "include"];

/// Finds the first statement of a text.
pub fn first_statement(text: &str) -> Statement {
    let Some(start) = skip_blanks(text) else { return Statement::Blank };
    if let Some(word) = dot_word(&text[start..]) {
        let line_end = text[start..].find('\n').map_or(text.len(), |at| start + at + 1);
        return if DIRECTIVES.contains(&word) {
            directive(text, start, line_end)
        } else {
            Statement::Command(line_end)
        };
    }
    clause(text, start)
}

/// The word behind a dot at the start of a text.
fn dot_word(text: &str) -> Option<&str> {
    let word = text.strip_prefix('.')?;
    let end = word.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(word.len());
    word.starts_with(|c: char| c.is_ascii_alphabetic()).then_some(&word[..end])
}

/// A directive ends with its line, or with the line on which its bracket closes.
fn directive(text: &str, start: usize, line_end: usize) -> Statement {
    let line = &text[start..line_end];
    let Some(open) = line.find('(') else { return Statement::Clause(line_end) };
    let mut scan = Scan::new(text, start + open);
    while let Some(at) = scan.next() {
        if scan.brackets.is_empty() && at > start + open {
            return Statement::Clause(text[at..].find('\n').map_or(text.len(), |newline| at + newline + 1));
        }
    }
    Statement::Open(scan.open_at().unwrap_or(start))
}

/// The text with this sign behind its last word, unless its last statement has an end or there is none.
pub fn ended(text: &str, end: char) -> String {
    let (words, comments) = text.split_at(end_of_words(text));
    match words.is_empty() || words.ends_with(['.', '?', '~']) {
        true => text.to_owned(),
        false => format!("{words}{end}{comments}"),
    }
}

/// Where the last word or sign of a text ends; only blanks and comments stand behind it.
pub fn end_of_words(text: &str) -> usize {
    let mut scan = Scan::new(text, 0);
    while scan.next().is_some() {}
    scan.unclosed.map_or(scan.end, |_| text.trim_end().len())
}

fn clause(text: &str, start: usize) -> Statement {
    let mut scan = Scan::new(text, start);
    while let Some(at) = scan.next() {
        let ends = match text.as_bytes()[at] {
            b'?' => !text[at..].starts_with("?-"),
            b'~' => true,
            b'.' => {
                let digit = |at: usize| text.as_bytes().get(at).is_some_and(u8::is_ascii_digit);
                !(digit(at + 1) && at > start && digit(at - 1))
            }
            _ => false,
        };
        if ends && scan.brackets.is_empty() {
            return Statement::Clause(at + 1);
        }
    }
    Statement::Open(scan.open_at().unwrap_or(start))
}

/// Goes through the bytes outside quotes and comments, and keeps the brackets that are open.
struct Scan<'a> {
    text: &'a str,
    at: usize,
    /// Where the last thing ends that is neither blank nor comment.
    end: usize,
    brackets: Vec<usize>,
    /// A quote or comment that never closes.
    unclosed: Option<usize>,
}

impl<'a> Scan<'a> {
    fn new(text: &'a str, at: usize) -> Self {
        Self { text, at, end: at, brackets: Vec::new(), unclosed: None }
    }

    fn open_at(&self) -> Option<usize> {
        self.unclosed.or(self.brackets.last().copied())
    }

    /// The next byte that is neither quoted nor commented.
    fn next(&mut self) -> Option<usize> {
        loop {
            let at = self.at;
            let rest = &self.text[at..];
            let byte = *rest.as_bytes().first()?;
            let skipped = match byte {
                b'"' | b'\'' => quoted(rest),
                b'%' => Some(line(rest)),
                b'/' if rest.starts_with("//") => Some(line(rest)),
                b'/' if rest.starts_with("/*") => rest.find("*/").map(|end| end + 2),
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
                    return Some(at);
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
    let quote = text.as_bytes()[0];
    let mut escaped = false;
    for (at, byte) in text.bytes().enumerate().skip(1) {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            byte if byte == quote => return Some(at + 1),
            _ => {}
        }
    }
    None
}

/// The length of the rest of the line.
fn line(text: &str) -> usize {
    text.find('\n').unwrap_or(text.len())
}

/// Where blanks and comments end; none if they do not.
fn skip_blanks(text: &str) -> Option<usize> {
    let mut scan = Scan::new(text, 0);
    while let Some(at) = scan.next() {
        if !text.as_bytes()[at].is_ascii_whitespace() {
            return Some(at);
        }
    }
    scan.unclosed
}

#[cfg(test)]
mod tests {
    use super::*;

    fn first(text: &str) -> String {
        match first_statement(text) {
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
            assert_eq!(first(text), expected, "{text:?}");
        }
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
            assert_eq!(&text[..end_of_words(text)], words, "{text:?}");
        }
    }
}
