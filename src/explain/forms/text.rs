//! A proof as a tree of lines.
//!
//! In: a proof to be shown. Out: text, each fact with the place of its rule, the numbers of its footnotes, or its own
//! place behind it; the footnotes below, and a line that sums them up.

use super::outline::{Cut, Entry, Item, Telling, outline};
use super::view::View;
use crate::explain::evidence::{Evidence, Footnote};
use crate::formats::escape;
use crate::report::count;

/// Levels below which a branch goes on further down.
const DEEP: usize = 24;

/// Columns at most within which places stand in a column of their own.
const WIDE: usize = 100;

/// A proof as text.
pub fn text(view: View<'_>, cut: Cut) -> String {
    let mut lines = Vec::new();
    let mut margin = Margin::default();
    for entry in outline(view.proof, cut, DEEP) {
        let first = margin.of(&entry);
        if let Item::Derived { telling: Telling::Branch(_), .. } = entry.item {
            lines.push(Line::default());
        }
        let Line { text, behind } = view.line(&entry);
        lines.push(Line { text: first + &escape(&text), behind: escape(&behind).into_owned() });
    }
    let mut text = laid_out(&lines, cut.columns);
    for (number, footnote) in (1..).zip(&view.evidence.footnotes) {
        text.push_str(&format!("[{number}] {}\n", escape(&footnote_text(footnote))));
    }
    text.push_str(&escape(&rests_on(view.evidence)));
    text.push('\n');
    text
}

#[derive(Default)]
struct Line {
    text: String,
    /// What stands behind it.
    behind: String,
}

impl View<'_> {
    fn line(&self, entry: &Entry<'_>) -> Line {
        let words = self.words();
        let bare = |text: String| Line { text, behind: String::new() };
        match entry.item {
            Item::Derived { node, by, telling } => {
                let fact = words.fact(&self.proof.nodes[node]);
                let behind = self.by_place(node, by).to_string();
                match telling {
                    Telling::Here => Line { text: fact, behind },
                    Telling::Branch(number) => Line { text: format!("({number}) {fact}"), behind },
                    Telling::GoesOn(number) => Line { text: format!("{fact}  (goes on at ({number}))"), behind },
                    Telling::Above => bare(format!("{fact}  (as above)")),
                    Telling::Below(number) => bare(format!("{fact}  (see ({number}))")),
                }
            }
            Item::Stored { node, citations } => {
                let marks: String =
                    self.evidence.numbers(citations).iter().map(|number| format!("[{number}]")).collect();
                let place = || self.place(node).map(|place| place.to_string()).unwrap_or_default();
                let behind = if marks.is_empty() { place() } else { marks };
                Line { text: words.fact(&self.proof.nodes[node]), behind }
            }
            Item::Condition(premise) => bare(words.premise(premise).unwrap_or_default()),
            Item::Row(row) => bare(words.row(row)),
            Item::Heading { text, .. } => bare(text.to_owned()),
            Item::Hidden { number, what } => bare(format!("… {} not shown", count(number, what))),
        }
    }
}

/// What lines begin with, so that they hang together.
#[derive(Default)]
struct Margin {
    /// For each level to the left, whether a line goes on there.
    goes_on: Vec<bool>,
}

impl Margin {
    fn of(&mut self, entry: &Entry<'_>) -> String {
        let Some(parent) = entry.level.checked_sub(1) else {
            self.goes_on.clear();
            return String::new();
        };
        self.goes_on.truncate(parent);
        let mut margin: String = self.goes_on.iter().map(|goes_on| if *goes_on { "│  " } else { "   " }).collect();
        margin.push_str(if entry.is_last { "└─ " } else { "├─ " });
        self.goes_on.push(!entry.is_last);
        margin
    }
}

/// Lines with what stands behind them, in one column where that can be.
fn laid_out(lines: &[Line], window: Option<usize>) -> String {
    let width = |line: &Line| line.text.chars().count();
    let behind = lines.iter().map(|line| line.behind.chars().count()).max().unwrap_or_default();
    let wide = window.map_or(WIDE, |columns| WIDE.min(columns.saturating_sub(behind + 1)));
    let column = lines.iter().filter(|line| !line.behind.is_empty()).map(width).filter(|width| *width < wide).max();
    let mut text = String::new();
    for line in lines {
        text.push_str(&line.text);
        if !line.behind.is_empty() {
            let gap = column.unwrap_or_default().saturating_sub(width(line)) + 2;
            text.extend(std::iter::repeat_n(' ', gap));
            text.push_str(&line.behind);
        }
        text.push('\n');
    }
    text
}

/// `c05a, c05b · s05 · article (editorial, asserted) “These agreements …”`. Claims of another source, or meant in
/// another way, stand behind a `;`.
pub(super) fn footnote_text(footnote: &Footnote) -> String {
    let mut parts = Vec::new();
    for (at, (by, claims)) in footnote.attributed().into_iter().enumerate() {
        let claims: Vec<String> = claims.into_iter().map(ToString::to_string).collect();
        let mut part = claims.join(", ");
        let sentence = footnote.sentence.iter().filter(|_| at == 0);
        sentence.chain(&by.source).for_each(|value| part.push_str(&format!(" · {value}")));
        let kinds: Vec<String> = by.naming.iter().chain(&by.modality).map(ToString::to_string).collect();
        if !kinds.is_empty() {
            part.push_str(&format!(" ({})", kinds.join(", ")));
        }
        parts.push(part);
    }
    let text = footnote.text.as_ref().map(|text| format!(" “{text}”"));
    parts.join("; ") + &text.unwrap_or_default()
}

/// What kinds of source it rests on.
pub(super) fn rests_on(evidence: &Evidence) -> String {
    let mut parts: Vec<String> = Vec::new();
    for (source, naming) in evidence.sources() {
        parts.push(match naming {
            Some(naming) => format!("{source} ({naming})"),
            None => source.to_string(),
        });
    }
    let unknown = evidence.attributions().filter(|by| by.source.is_none()).count();
    if unknown > 0 {
        parts.push(format!("{} of no known source", count(unknown, "claim")));
    }
    if evidence.uncited > 0 {
        parts.push(format!("{} without a citation", count(evidence.uncited, "fact")));
    }
    let mut line = match &parts[..] {
        [] => "Rests on no fact.".to_owned(),
        parts => format!("Rests on {}.", listed(parts, "and")),
    };
    if !evidence.unused.is_empty() {
        line.pop();
        let unused: Vec<String> = evidence.unused.iter().map(ToString::to_string).collect();
        line.push_str(&format!("; on no {} source.", listed(&unused, "or")));
    }
    line
}

/// `a, b and c`
pub(super) fn listed(parts: &[String], word: &str) -> String {
    match parts {
        [] => String::new(),
        [only] => only.clone(),
        [first @ .., last] => format!("{} {word} {last}", first.join(", ")),
    }
}
