//! What the cursor stands in: a command, an argument of an atom, or a place for a relation.
//!
//! In: the text before the cursor. Out: a [`Place`]. Nothing is parsed, since what is being typed seldom parses.

use crate::data::Dialect;
use crate::syntax::{Statement, first_statement, quoted};

/// Where the cursor is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Place<'a> {
    /// In the name of a dot-command, of which so much is typed.
    Command(&'a str),
    /// Behind the name of a dot-command.
    CommandArgs {
        /// The name.
        name: &'a str,
        /// Everything behind it.
        args: &'a str,
    },
    /// In an argument of an atom.
    Argument {
        /// The relation or function.
        name: &'a str,
        /// Which argument, from 0.
        index: usize,
        /// What is typed of it, with the quote that it begins with.
        word: &'a str,
    },
    /// Where a relation may be named, of which so much is typed.
    Relation(&'a str),
    /// In a comment.
    Comment,
}

/// Where the end of a text is.
pub(super) fn place(dialect: Dialect, text: &str) -> Place<'_> {
    let statement = last_statement(dialect, text).trim_start();
    if let Some(line) = statement.strip_prefix('.')
        && line.starts_with(|c: char| c.is_ascii_alphabetic() || c == '!' || c == '?')
    {
        return match line.split_once(char::is_whitespace) {
            None => Place::Command(line),
            Some((name, args)) => Place::CommandArgs { name, args: args.trim_start() },
        };
    }
    if statement == "." {
        return Place::Command("");
    }
    in_clause(dialect, statement)
}

/// What is not ended yet of a text.
fn last_statement(dialect: Dialect, mut text: &str) -> &str {
    loop {
        match first_statement(dialect, text) {
            Statement::Clause(end) => text = &text[end..],
            // A command ends with its line, and the cursor may still be on it.
            Statement::Command(end) if text[..end].ends_with('\n') => text = &text[end..],
            Statement::Command(_) | Statement::Open(_) | Statement::Blank => return text,
        }
    }
}

/// A bracket that is open, and what it belongs to.
struct Open<'a> {
    name: &'a str,
    index: usize,
}

fn in_clause(dialect: Dialect, text: &str) -> Place<'_> {
    let is_ours = dialect == Dialect::Entail;
    let mut open: Vec<Open<'_>> = Vec::new();
    let mut word = 0;
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        let rest = &text[at..];
        if is_ours && rest.starts_with('%') || rest.starts_with("//") {
            match rest.find('\n') {
                Some(end) => at += end,
                None => return Place::Comment,
            }
            word = at;
            continue;
        }
        if c == '"' || is_ours && c == '\'' {
            match quoted(rest) {
                Some(length) => at += length,
                // The cursor is inside the quotes.
                None => {
                    word = at;
                    at = text.len();
                    break;
                }
            }
            continue;
        }
        at += c.len_utf8();
        // What an instance holds has a dot in its name, and a name of Soufflé's may have a question mark.
        let links = c == '.' && word < at - 1 && text[at..].starts_with(char::is_alphabetic);
        let is_name = c.is_alphanumeric() || c == '_' || links || !is_ours && c == '?';
        if is_name || c == '-' && text[word..].starts_with(|c: char| c.is_ascii_digit()) {
            continue;
        }
        match c {
            '(' => open.push(Open { name: text[word..at - 1].trim(), index: 0 }),
            '{' | '[' => open.push(Open { name: "", index: 0 }),
            ')' | '}' | ']' => {
                open.pop();
            }
            ',' => {
                if let Some(open) = open.last_mut() {
                    open.index += 1;
                }
            }
            _ => {}
        }
        word = at;
    }
    let word = &text[word.min(at)..];
    match open.last() {
        Some(Open { name, index }) if !name.is_empty() => Place::Argument { name, index: *index, word },
        Some(_) | None => Place::Relation(word),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cursor_is_found_in_what_is_typed() {
        let argument = |name, index, word| Place::Argument { name, index, word };
        for (text, expected) in [
            (".re", Place::Command("re")),
            ("p(a).\n.read fa", Place::CommandArgs { name: "read", args: "fa" }),
            ("sig", Place::Relation("sig")),
            ("signed(ru", argument("signed", 0, "ru")),
            ("signed(russia, ", argument("signed", 1, "")),
            ("p(\"a, b\", \"Mos", argument("p", 1, "\"Mos")),
            ("p(X) :- q(X), r", Place::Relation("r")),
            ("n(N) :- N = count X : { t(X, b", argument("t", 1, "b")),
            ("p(a). q(b", argument("q", 0, "b")),
            ("p(strlen(X), y", argument("p", 1, "y")),
            ("p(2025-02", argument("p", 0, "2025-02")),
            ("p(a) % see q(", Place::Comment),
            ("?- not p(", argument("p", 0, "")),
            ("", Place::Relation("")),
        ] {
            assert_eq!(place(Dialect::Entail, text), expected, "{text:?}");
        }
    }
}
