//! The tree of a page: lists in each other, each folded or unfolded at first as serves a first look.

use super::Page;
use crate::data::Id;
use crate::explain::forms::outline::{Entry, Item, Telling};
use crate::explain::proof::{NodeId, Premise};
use crate::formats::html_text;
use crate::report::count;

/// Levels that are unfolded at first.
const OPEN: usize = 3;

/// So many rows of an aggregate, or facts below a heading, are unfolded at first.
const FEW: usize = 6;

/// What the line of an entry shows.
struct Line {
    class: &'static str,
    /// In place of the element, for links; nothing for what no link leads to.
    id: Option<String>,
    text: String,
    folded: bool,
}

/// Writes everything that is shown of a proof.
pub(super) fn tree<'a>(page: &mut Page<'a>, entries: &[Entry<'a>]) {
    let mut told = vec![false; page.view.proof.nodes.len()];
    let mut depth = 0;
    for (at, entry) in entries.iter().enumerate() {
        close(page, &mut depth, entry.level);
        if let Item::Derived { telling: Telling::Branch(number), .. } = entry.item {
            page.put(format_args!("<h3 id=\"b{number}\">({number})</h3>\n"));
        }
        if entry.level == 0 {
            page.out.push_str("<ul class=\"tree\">\n");
        }
        let line = line(page, entry, &mut told);
        let id = line.id.map(|id| format!(" id=\"{id}\"")).unwrap_or_default();
        page.put(format_args!("<li class=\"{}\"{id}>", line.class));
        let text = html_text(&line.text);
        let has_more = entries.get(at + 1).is_some_and(|next| next.level > entry.level);
        match has_more {
            true => {
                let open = if line.folded { "" } else { " open" };
                page.put(format_args!("<details{open}><summary><span class=\"said\">{text}</span> "));
                behind(page, entry);
                page.out.push_str("</summary>\n<ul>\n");
                depth += 1;
            }
            false => {
                page.put(format_args!("<div class=\"leaf\"><span class=\"said\">{text}</span> "));
                behind(page, entry);
                page.out.push_str("</div></li>\n");
                if entry.level == 0 {
                    page.out.push_str("</ul>\n");
                }
            }
        }
    }
    close(page, &mut depth, 0);
}

/// Closes what the next entry does not belong to.
fn close(page: &mut Page<'_>, depth: &mut usize, level: usize) {
    while *depth > level {
        *depth -= 1;
        page.out.push_str("</ul></details></li>\n");
        if *depth == 0 {
            page.out.push_str("</ul>\n");
        }
    }
}

fn line(page: &Page<'_>, entry: &Entry<'_>, told: &mut [bool]) -> Line {
    let words = page.view.words();
    let fact = |node: NodeId| words.fact(&page.view.proof.nodes[node]);
    let deep = entry.level >= OPEN;
    match entry.item {
        Item::Derived { node, telling, .. } => {
            let here = matches!(telling, Telling::Here | Telling::Branch(_));
            let id = here.then(|| format!("n{}", node.index()));
            Line { class: if here { "derived" } else { "derived again" }, id, text: fact(node), folded: deep }
        }
        Item::Stored { node, .. } => {
            let is_new = !std::mem::replace(&mut told[node.index()], true);
            let id = is_new.then(|| format!("n{}", node.index()));
            Line { class: "stored", id, text: fact(node), folded: false }
        }
        Item::Condition(premise) => {
            let many = matches!(premise, Premise::Aggregate(aggregate) if aggregate.rows.len() > FEW);
            let text = words.premise(premise).unwrap_or_default();
            let class = match premise {
                Premise::Absent { .. } | Premise::Fact(_) => "condition",
                Premise::Compare { .. } | Premise::Compute(_) | Premise::Test { .. } | Premise::Aggregate(_) => {
                    "condition exact"
                }
            };
            Line { class, id: None, text, folded: deep || many }
        }
        Item::Row(row) => Line { class: "row", id: None, text: words.row(row), folded: deep },
        Item::Heading { text, facts } => {
            Line { class: "heading", id: None, text: text.to_owned(), folded: deep || facts > FEW }
        }
        Item::Hidden { number, what } => {
            Line { class: "hidden", id: None, text: format!("… {} not shown", count(number, what)), folded: false }
        }
    }
}

/// What stands at the end of the line.
fn behind<'a>(page: &mut Page<'a>, entry: &Entry<'a>) {
    match entry.item {
        Item::Derived { node, by, telling } => match telling {
            Telling::Here | Telling::Branch(_) => page.by(node, by, telling),
            Telling::GoesOn(branch) => {
                page.put(format_args!("<a class=\"see\" href=\"#b{branch}\">goes on at ({branch})</a> "));
                page.by(node, by, telling);
            }
            Telling::Above => {
                page.put(format_args!("<a class=\"see\" href=\"#n{}\">shown above</a>", node.index()));
            }
            Telling::Below(branch) => {
                page.put(format_args!("<a class=\"see\" href=\"#b{branch}\">shown at ({branch})</a>"));
            }
        },
        Item::Stored { node, citations } => page.support(node, citations, true),
        Item::Condition(Premise::Aggregate(aggregate)) => {
            page.put(format_args!("<span class=\"size\">{}</span>", count(aggregate.rows.len(), "row")));
        }
        Item::Heading { facts, .. } => {
            page.put(format_args!("<span class=\"size\">{}</span>", count(facts, "fact")));
        }
        Item::Condition(_) | Item::Row(_) | Item::Hidden { .. } => {}
    }
}
