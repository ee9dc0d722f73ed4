//! The layout of a program, for `entail fmt`.
//!
//! In: a text without mistakes. Out: the same program. Promise: every comment stays; laying out twice changes nothing
//! more; the tree is the same.
//!
//! Rules of the layout:
//! - Items stand one below the other, as the printer spells them. A blank line between two stays, several become one.
//! - What is longer than 120 columns is broken behind `:-`, and goes on indented by four spaces, as much to a line as
//!   fits, broken behind `,` or `;`.
//! - Spaces that line columns up are left: an item that differs from its spelling only in the number of its spaces, or
//!   in where its lines are broken, stays as it is.
//! - A comment stays on its line, or behind the item it follows. An item with a comment inside stays as it is.

use super::ast::{Ast, Item};
use super::parse;
use crate::report::{Diagnostic, SourceId};
use std::ops::Range;

const WIDTH: usize = 120;
const INDENT: &str = "    ";

/// Lays out a program, unless there are mistakes in it.
pub fn format(text: &str, source: SourceId) -> Result<String, Vec<Diagnostic>> {
    let (ast, diagnostics) = parse(source, text);
    if !diagnostics.is_empty() {
        return Err(diagnostics);
    }
    let mut out = String::new();
    let mut end = 0;
    for piece in pieces(text, &ast) {
        let between = text.get(end..piece.span.start).unwrap_or_default();
        out.push_str(&separator(between, &out, &piece));
        out.push_str(&piece.text);
        end = piece.span.end;
    }
    if !out.is_empty() && !out.ends_with('\n') {
        out.push('\n');
    }
    Ok(out)
}

/// Something that is laid out as a whole: an item, a doc comment, a comment.
struct Piece {
    span: Range<usize>,
    text: String,
    is_comment: bool,
}

/// The pieces of a text in order. Comments inside an item are part of it.
#[expect(clippy::string_slice, reason = "the tree was read from this text")]
fn pieces(text: &str, ast: &Ast) -> Vec<Piece> {
    let mut pieces = Vec::new();
    for item in &ast.items {
        if let Some(doc) = &item.doc {
            pieces.push(Piece { span: doc.span.range(), text: doc.to_string(), is_comment: false });
        }
        let span = item.span.range();
        let behind = ast.comments.partition_point(|comment| comment.span.start <= item.span.start);
        let commented = ast.comments.get(behind).is_some_and(|comment| comment.span.end <= item.span.end);
        let text = if commented { tidy_ends(&text[span.clone()]) } else { item_text(&text[span.clone()], item) };
        pieces.push(Piece { span, text, is_comment: false });
    }
    for comment in &ast.comments {
        let span = comment.span.range();
        let before = ast.items.partition_point(|item| item.span.start < comment.span.start);
        let around = before.checked_sub(1).and_then(|before| ast.items.get(before));
        let inside = around.is_some_and(|item| comment.span.end <= item.span.end);
        if !inside {
            pieces.push(Piece { text: tidy_ends(&text[span.clone()]), span, is_comment: true });
        }
    }
    pieces.sort_by_key(|piece| piece.span.start);
    pieces
}

/// What stands between what is written already and the next piece.
fn separator(between: &str, out: &str, piece: &Piece) -> String {
    if out.is_empty() {
        return String::new();
    }
    if piece.is_comment && !between.contains('\n') {
        return if between.is_empty() { " ".into() } else { between.replace('\t', " ") };
    }
    let blank = between.matches('\n').count() > 1;
    let mut lines = String::new();
    if !out.ends_with('\n') {
        lines.push('\n');
    }
    if blank {
        lines.push('\n');
    }
    lines
}

/// An item without comments inside.
fn item_text(written: &str, item: &Item) -> String {
    let spelt = item.kind.to_string();
    let kept = tidy_ends(written);
    let fits = kept.lines().all(|line| line.chars().count() <= WIDTH);
    let indented = kept.lines().skip(1).all(|line| line.starts_with(INDENT) && !line.contains('\t'));
    if fits && indented && squeezed(&kept) == squeezed(&spelt) {
        return kept;
    }
    wrapped(&spelt)
}

/// Lines without spaces at their ends.
fn tidy_ends(text: &str) -> String {
    text.lines().map(str::trim_end).collect::<Vec<_>>().join("\n")
}

/// A text with every run of blanks outside quotes as one space.
fn squeezed(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for (c, place) in places(text) {
        if place.quoted || !c.is_whitespace() {
            out.push(c);
        } else if !out.ends_with(' ') {
            out.push(' ');
        }
    }
    out
}

/// Where a character stands.
#[derive(Clone, Copy)]
struct Place {
    quoted: bool,
    depth: usize,
}

/// The characters of a spelling, each with its place.
fn places(text: &str) -> impl Iterator<Item = (char, Place)> {
    let (mut quote, mut escaped, mut depth) = (None, false, 0_usize);
    text.chars().map(move |c| {
        let quoted = quote.is_some();
        match (quote, c) {
            (Some(_), _) if escaped => escaped = false,
            (Some(_), '\\') => escaped = true,
            (Some(open), c) if c == open => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'') => quote = Some(c),
            (None, '(' | '{') => depth += 1,
            (None, ')' | '}') => depth = depth.saturating_sub(1),
            (None, _) => {}
        }
        (c, Place { quoted: quoted || quote.is_some(), depth })
    })
}

/// A spelling broken into lines that fit, where it can be.
fn wrapped(spelt: &str) -> String {
    if spelt.chars().count() <= WIDTH {
        return spelt.into();
    }
    let mut out = String::new();
    let mut column = 0;
    for (at, part) in parts(spelt).into_iter().enumerate() {
        let length = part.trim_end().chars().count();
        if at > 0 && (out.trim_end().ends_with(":-") || column + length > WIDTH) {
            out.truncate(out.trim_end().len());
            out.push('\n');
            out.push_str(INDENT);
            column = INDENT.len();
        }
        out.push_str(&part);
        column += part.chars().count();
    }
    out
}

/// A spelling cut where a line may be broken: behind `:-`, and behind a `,` or `;` outside brackets.
fn parts(spelt: &str) -> Vec<String> {
    let (mut parts, mut part) = (Vec::new(), String::new());
    let mut before = ' ';
    for (c, place) in places(spelt) {
        part.push(c);
        let breakable = !place.quoted && place.depth == 0;
        if breakable && c == ' ' && (matches!(before, ',' | ';') || part.ends_with(":- ")) {
            parts.push(std::mem::take(&mut part));
        }
        before = c;
    }
    parts.push(part);
    parts.retain(|part| !part.is_empty());
    parts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax::print;

    fn laid_out(text: &str) -> String {
        let once = format(text, SourceId::default()).expect("no mistakes");
        let twice = format(&once, SourceId::default()).expect("still no mistakes");
        assert_eq!(once, twice, "laying out twice changes something");
        let tree = |text: &str| print(&parse(SourceId::default(), text).0);
        assert_eq!(tree(text), tree(&once), "laying out changes the program");
        let comments = |text: &str| parse(SourceId::default(), text).0.comments.len();
        assert_eq!(comments(text), comments(&once), "a comment is lost");
        once
    }

    #[test]
    fn items_stand_one_below_the_other() {
        assert_eq!(
            laid_out("p(a).q( b,c ).\n\n\n\nr(X):-p(X) ,!q(X,_).  "),
            "p(a).\nq(b, c).\n\nr(X) :- p(X), not q(X, _).\n"
        );
    }

    #[test]
    fn comments_stay_where_they_are() {
        let text = "% first\np(a).   % behind\n\n/* own */\n/// Doc.\n.decl q(x: symbol)\nr(X) :- p(X), % inside\n    q(X).\n% last\n";
        assert_eq!(laid_out(text), text);
    }

    #[test]
    fn the_line_of_an_interpreter_stays_first_and_is_there_once() {
        let text = "#!/usr/bin/env entail\n% first\np(a).\n";
        assert_eq!(laid_out(text), text);
    }

    #[test]
    fn columns_that_are_lined_up_stay() {
        let text = "p(a,   bb)  @ c1.\np(aaa, b)   @ c2.\n";
        assert_eq!(laid_out(text), text);
    }

    #[test]
    fn long_rules_are_broken_behind_their_head() {
        let literals: Vec<String> = (0..30).map(|n| format!("condition(X, Y{n})")).collect();
        let out = laid_out(&format!("head(X) :- {}.", literals.join(", ")));
        let lines: Vec<&str> = out.lines().collect();
        assert_eq!(lines[0], "head(X) :-");
        assert!(lines[1..].iter().all(|line| line.starts_with("    c") && line.len() <= WIDTH), "{out}");
    }

    #[test]
    fn the_shipped_files_are_laid_out() {
        for folder in ["facts", "facts/reference", "facts/external", "rules"] {
            for entry in std::fs::read_dir(folder).expect("a shipped folder") {
                let path = entry.expect("an entry").path();
                if path.extension().is_some_and(|ending| ending == "dl") {
                    let text = std::fs::read_to_string(&path).expect("a shipped file");
                    assert_eq!(laid_out(&text), text, "{}", path.display());
                }
            }
        }
    }
}
