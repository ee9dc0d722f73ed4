//! Colours of what is typed: variables, values, texts, comments, words of the language, and relations that nobody
//! knows.

use crate::commands::Command;
use crate::data::{BuiltinId, Dialect};
use crate::session::Session;
use std::ops::Range;

const VARIABLE: &str = "36";
const VALUE: &str = "33";
const TEXT: &str = "32";
const COMMENT: &str = "2";
const WORD: &str = "35";
const COMMAND: &str = "1";
const UNKNOWN: &str = "31";

/// The text with colours.
pub(super) fn highlight(session: &Session, text: &str) -> String {
    let mut out = String::with_capacity(text.len() * 2);
    let mut at = 0;
    for Piece { range, color } in pieces(session, text) {
        out.push_str(&text[at..range.start]);
        out.push_str(&format!("\x1b[{color}m{}\x1b[0m", &text[range.clone()]));
        at = range.end;
    }
    out.push_str(&text[at..]);
    out
}

/// A part of the text that has a colour.
struct Piece {
    range: Range<usize>,
    color: &'static str,
}

fn pieces(session: &Session, text: &str) -> Vec<Piece> {
    let dialect = session.options().dialect;
    let is_ours = dialect == Dialect::Entail;
    let mut found = Vec::new();
    let mut at = 0;
    // Behind `:-` and `?-`, and in what ends with `?`, relations are asked, so they should be known.
    let mut asks = text.trim_end().ends_with('?');
    let mut starts = true;
    while let Some(c) = text[at..].chars().next() {
        let rest = &text[at..];
        let (length, color) = match c {
            '%' if is_ours => (line(rest), Some(COMMENT)),
            '/' if rest.starts_with("//") => (line(rest), Some(COMMENT)),
            '/' if rest.starts_with("/*") => (rest.find("*/").map_or(rest.len(), |end| end + 2), Some(COMMENT)),
            '"' => (crate::syntax::quoted(rest).unwrap_or(rest.len()), Some(TEXT)),
            '\'' if is_ours => (crate::syntax::quoted(rest).unwrap_or(rest.len()), Some(TEXT)),
            '.' if starts && rest[1..].starts_with(|c: char| c.is_ascii_alphabetic()) => {
                let name = word(&rest[1..]);
                let known = Command::named(name).is_some() || crate::syntax::is_directive(dialect, name);
                // Names may be cut short while they are typed.
                (name.len() + 1, Some(if known { COMMAND } else { COMMENT }))
            }
            c if c.is_alphabetic() || c == '_' => {
                let name = word(rest);
                (name.len(), name_color(session, name, &rest[name.len()..], asks))
            }
            c if c.is_ascii_digit() => {
                let end = rest.find(|c: char| !c.is_alphanumeric() && !"._-".contains(c)).unwrap_or(rest.len());
                (rest[..end].trim_end_matches(['.', '-']).len().max(1), Some(VALUE))
            }
            _ => {
                asks = asks || rest.starts_with(":-") || rest.starts_with("?-");
                (c.len_utf8(), None)
            }
        };
        starts = starts && c.is_whitespace() || c == '\n';
        found.extend(color.map(|color| Piece { range: at..at + length, color }));
        at += length;
    }
    found
}

fn name_color(session: &Session, name: &str, behind: &str, asks: bool) -> Option<&'static str> {
    let dialect = session.options().dialect;
    let is_ours = dialect == Dialect::Entail;
    if is_ours && name.starts_with(|c: char| c.is_uppercase() || c == '_') {
        return Some(VARIABLE);
    }
    if behind.starts_with('(') {
        let is_builtin = BuiltinId::all(dialect).any(|id| id.row().name == name);
        let known = is_builtin || name == "not" || session.program().relation(name).is_some();
        return (asks && !known).then_some(UNKNOWN);
    }
    let words: &[&str] = if is_ours { &["not", "mod"] } else { &["nil", "true", "false"] };
    if words.contains(&name) || matches!(name, "count" | "sum" | "min" | "max" | "mean") {
        return Some(WORD);
    }
    // In Soufflé every bare word is a variable, unless it is the first part of a name.
    (!is_ours && !behind.starts_with('.')).then_some(VARIABLE)
}

fn word(text: &str) -> &str {
    &text[..text.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(text.len())]
}

fn line(text: &str) -> usize {
    text.find('\n').unwrap_or(text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_change_no_character() {
        let session = Session::new();
        for text in ["p(X, \"a", "p(a) :- q(X), not r(Y). % why", ".help", "é(1.5, 2025-02-18).", "/* ", "1.", "."] {
            let colored = highlight(&session, text);
            let plain = anstream::adapter::strip_str(&colored).to_string();
            assert_eq!(plain, text);
        }
    }

    #[test]
    fn relations_that_nobody_knows_stand_out_where_they_are_asked() {
        let mut session = Session::new();
        session.tell("test", "p(a).").expect("the program is right");
        assert!(highlight(&session, "q(X) :- r(X).").contains("\x1b[31mr\x1b[0m"));
        assert!(!highlight(&session, "q(X) :- p(X).").contains("\x1b[31m"));
        assert!(highlight(&session, "q(X)?").contains("\x1b[31mq\x1b[0m"));
    }
}
