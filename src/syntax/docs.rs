//! Comments to where they belong: doc comments to the items below them, the others beside the tree.
//!
//! A doc comment is a run of `///` lines; the last one between two items belongs to the second, whatever blank lines
//! or comments stand between. A doc comment with nothing below it, inside a clause, or behind one on its line is an
//! ordinary comment.

use super::ast::{Ast, Comment, Doc, Item};
use super::tokens::{Remark, RemarkKind};
use crate::report::{SourceId, Span, to_index};

/// An item, and how many tokens stand before it.
pub(super) struct Placed {
    pub(super) item: Item,
    pub(super) first_token: u32,
}

/// Items with the doc comments above them, and the other comments.
pub(super) fn attach(source: SourceId, text: &str, items: Vec<Placed>, remarks: &[Remark]) -> Ast {
    let mut ast = Ast { items: Vec::with_capacity(items.len()), comments: Vec::new() };
    let span = |start, end| Span { source, start, end };
    let comment =
        |remark: &Remark| Comment { text: remark.text(text).to_owned(), span: span(remark.start, remark.end) };
    let mut keep = |remarks: &[Remark]| ast.comments.extend(remarks.iter().map(comment));
    let mut rest = remarks;
    for Placed { mut item, first_token } in items {
        let (elsewhere, below) = rest.split_at(rest.partition_point(|remark| remark.before < first_token));
        let (above, below) = below.split_at(below.partition_point(|remark| remark.before == first_token));
        let doc = doc(text, above);
        item.doc = doc
            .lines
            .first()
            .zip(doc.lines.last())
            .map(|(first, last)| Doc { text: doc_text(text, doc.lines), span: span(first.start, last.end) });
        ast.items.push(item);
        keep(elsewhere);
        keep(doc.before);
        keep(doc.behind);
        rest = below;
    }
    keep(rest);
    ast
}

/// Comments above an item, split around its doc comment.
struct Above<'a> {
    before: &'a [Remark],
    lines: &'a [Remark],
    behind: &'a [Remark],
}

/// The doc comment among the comments above an item.
#[expect(clippy::indexing_slicing, reason = "`first` and `last` are places of comments above")]
fn doc<'a>(text: &str, above: &'a [Remark]) -> Above<'a> {
    let is_doc = |remark: &Remark| remark.kind == RemarkKind::Doc && remark.first_on_line;
    let last = above.iter().rposition(is_doc);
    let Some(last) = last else {
        return Above { before: above, lines: &[], behind: &[] };
    };
    let mut first = last;
    while first > 0 && is_doc(&above[first - 1]) && adjoins(text, above[first - 1], above[first]) {
        first -= 1;
    }
    Above { before: &above[..first], lines: &above[first..=last], behind: &above[last + 1..] }
}

/// Whether nothing, not even a blank line, lies between two comments.
fn adjoins(text: &str, upper: Remark, lower: Remark) -> bool {
    #[expect(clippy::string_slice, reason = "a comment begins and ends between letters")]
    let between = &text[to_index(upper.end)..to_index(lower.start)];
    between.bytes().all(|byte| byte.is_ascii_whitespace()) && between.bytes().filter(|&byte| byte == b'\n').count() == 1
}

fn doc_text(text: &str, lines: &[Remark]) -> String {
    let line = |remark: &Remark| {
        let line = remark.text(text).trim_end();
        let line = line.strip_prefix("///").unwrap_or(line);
        line.strip_prefix(' ').unwrap_or(line).to_owned()
    };
    lines.iter().map(line).collect::<Vec<_>>().join("\n")
}
