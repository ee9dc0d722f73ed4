//! A proof as a tree of lines.
//!
//! In: a proof with its evidence. Out: text, each line with the rule's place or the numbers of footnotes behind it, the
//! footnotes below, and a line that sums them up. What was shown is referred to; a branch that grows too deep to be
//! read goes on further down, at the left again.

use super::evidence::{Evidence, Footnote};
use super::proof::{Node, NodeId, Premise, Proof, Via};
use super::words::Words;
use crate::check::Program;
use crate::data::IdVec;
use crate::formats::escape;
use crate::report::{Sources, count};
use std::collections::VecDeque;

/// How much of a proof is shown.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Cut {
    /// Steps from the fact downwards.
    pub depth: Option<usize>,
    /// Rows of each aggregate.
    pub rows: Option<usize>,
}

/// Levels below which a branch goes on further down.
const DEEP: usize = 24;

/// Columns within which places of rules stand in a column of their own.
const WIDE: usize = 100;

/// A proof as text.
pub fn text(program: &Program, sources: &Sources, proof: &Proof, evidence: &Evidence, cut: Cut) -> String {
    let seen = proof.nodes.iter().map(|_| Seen::NotYet).collect();
    let words = Words::new(program);
    let mut tree = Tree {
        program,
        words,
        sources,
        proof,
        evidence,
        cut,
        seen,
        lines: Vec::new(),
        later: VecDeque::new(),
        carried: 0,
    };
    tree.show(proof.root(), String::new(), 0);
    let mut shown = 0;
    while let Some(Carried { node, depth }) = tree.later.pop_front() {
        shown += 1;
        tree.lines.push(Line::default());
        tree.show(node, format!("({shown}) "), depth);
    }
    let mut text = laid_out(&tree.lines);
    for (number, footnote) in (1..).zip(&evidence.footnotes) {
        text.push_str(&format!("[{number}] {}\n", escape(&footnote_text(footnote))));
    }
    text.push_str(&escape(&rests_on(evidence)));
    text.push('\n');
    text
}

struct Tree<'a> {
    program: &'a Program,
    words: Words<'a>,
    sources: &'a Sources,
    proof: &'a Proof,
    evidence: &'a Evidence,
    cut: Cut,
    seen: IdVec<NodeId, Seen>,
    lines: Vec<Line>,
    /// Branches that go on further down, and how many there were so far.
    later: VecDeque<Carried>,
    carried: usize,
}

#[derive(Clone, Copy)]
enum Seen {
    NotYet,
    Above,
    /// At the branch of this number.
    Below(usize),
}

struct Carried {
    node: NodeId,
    depth: usize,
}

#[derive(Default)]
struct Line {
    text: String,
    /// What stands behind it.
    behind: String,
}

/// What is still to be shown, below a line.
enum Open<'a> {
    Node(NodeId),
    Nodes(&'a str, &'a [NodeId]),
    Premise(&'a Premise),
    Row(String, &'a [Premise]),
    Note(String),
}

struct Pending<'a> {
    item: Open<'a>,
    /// What the lines below begin with.
    indent: String,
    is_last: bool,
    depth: usize,
}

impl<'a> Tree<'a> {
    /// Shows a node and what is below it.
    fn show(&mut self, node: NodeId, label: String, depth: usize) {
        let mut open = Vec::new();
        let start = self.lines.len();
        self.node(node, Margin { first: label, rest: String::new(), levels: 0 }, depth, &mut open);
        debug_assert!(self.lines.len() > start, "a node has a line");
        while let Some(Pending { item, indent, is_last, depth }) = open.pop() {
            let margin = Margin::below(indent, is_last);
            match item {
                Open::Node(node) => self.node(node, margin, depth, &mut open),
                Open::Premise(premise) => self.premise(premise, margin, depth, &mut open),
                Open::Note(note) => self.lines.push(Line { text: margin.first + &note, behind: String::new() }),
                Open::Nodes(title, nodes) => {
                    self.lines.push(Line { text: margin.first.clone() + title, behind: String::new() });
                    let items = nodes.iter().map(|node| Open::Node(*node)).collect();
                    push(items, &margin, depth, &mut open);
                }
                Open::Row(title, premises) => {
                    self.lines.push(Line { text: margin.first.clone() + &escape(&title), behind: String::new() });
                    let items = premises.iter().map(Open::Premise).collect();
                    push(items, &margin, depth, &mut open);
                }
            }
        }
    }

    fn node(&mut self, id: NodeId, margin: Margin, depth: usize, open: &mut Vec<Pending<'a>>) {
        let proof = self.proof;
        let node: &'a Node = &proof.nodes[id];
        let fact = escape(&self.words.fact(node)).into_owned();
        let (premises, behind) = match &node.via {
            Via::Stored { citations } => {
                let numbers = citations.iter().filter_map(|claim| self.evidence.number(claim));
                let marks: String = numbers.map(|number| format!("[{number}]")).collect();
                return self.lines.push(Line { text: margin.first + &fact, behind: marks });
            }
            Via::Rule { rule, premises } => (premises, self.place(*rule)),
        };
        let reference = match self.seen[id] {
            Seen::Above => Some("  (as above)".to_owned()),
            Seen::Below(number) => Some(format!("  (see ({number}))")),
            Seen::NotYet if margin.levels >= DEEP => {
                self.carried += 1;
                let number = self.carried;
                self.later.push_back(Carried { node: id, depth });
                self.seen[id] = Seen::Below(number);
                return self
                    .lines
                    .push(Line { text: format!("{}{fact}  (goes on at ({number}))", margin.first), behind });
            }
            Seen::NotYet => None,
        };
        // A branch that was carried here is shown now.
        let is_carried = margin.levels == 0 && matches!(self.seen[id], Seen::Below(_));
        if let (Some(reference), false) = (reference, is_carried) {
            return self.lines.push(Line { text: margin.first + &fact + &reference, behind: String::new() });
        }
        self.seen[id] = Seen::Above;
        self.lines.push(Line { text: margin.first.clone() + &fact, behind });
        if self.cut.depth.is_some_and(|most| depth >= most) {
            let hidden = count(premises.len(), "premise");
            return push(vec![Open::Note(format!("… {hidden} not shown"))], &margin, depth, open);
        }
        push(premises.iter().map(Open::Premise).collect(), &margin, depth + 1, open);
    }

    fn premise(&mut self, premise: &'a Premise, margin: Margin, depth: usize, open: &mut Vec<Pending<'a>>) {
        if let Premise::Fact(node) = premise {
            return self.node(*node, margin, depth, open);
        }
        let text = self.words.premise(premise).unwrap_or_default();
        self.lines.push(Line { text: margin.first.clone() + &escape(&text), behind: String::new() });
        let mut below = Vec::new();
        match premise {
            Premise::Absent { because, .. } => {
                if !because.is_empty() {
                    below.push(Open::Nodes("what keeps it so", because));
                }
            }
            Premise::Aggregate(aggregate) => {
                let most = self.cut.rows.unwrap_or(usize::MAX);
                for row in aggregate.rows.iter().take(most) {
                    below.push(match &row.premises[..] {
                        [only] => Open::Premise(only),
                        premises => Open::Row(self.words.row(row), premises),
                    });
                }
                if aggregate.rows.len() > most {
                    let hidden = count(aggregate.rows.len() - most, "row");
                    below.push(Open::Note(format!("… {hidden} not shown")));
                }
                if !aggregate.because.is_empty() {
                    below.push(Open::Nodes("what keeps further rows out", &aggregate.because));
                }
            }
            Premise::Fact(_) | Premise::Compare { .. } | Premise::Compute(_) | Premise::Test { .. } => {}
        }
        push(below, &margin, depth, open);
    }

    fn place(&self, rule: crate::check::RuleId) -> String {
        let (line, _) = self.sources.line_column(self.program.rules[rule].span);
        let name = &self.sources.get(self.program.rules[rule].span.source).name;
        escape(&format!("{name}:{line}")).into_owned()
    }
}

/// Where a line and those below it begin.
struct Margin {
    first: String,
    rest: String,
    levels: usize,
}

impl Margin {
    fn below(indent: String, is_last: bool) -> Self {
        let levels = indent.chars().count() / 3 + 1;
        let (branch, rest) = if is_last { ("└─ ", "   ") } else { ("├─ ", "│  ") };
        Self { first: format!("{indent}{branch}"), rest: format!("{indent}{rest}"), levels }
    }
}

/// Puts items where they are taken next, the first of them first.
fn push<'a>(items: Vec<Open<'a>>, margin: &Margin, depth: usize, open: &mut Vec<Pending<'a>>) {
    let last = items.len().saturating_sub(1);
    let pending = items.into_iter().enumerate().rev();
    open.extend(pending.map(|(at, item)| Pending { item, indent: margin.rest.clone(), is_last: at == last, depth }));
}

/// Lines with what stands behind them, in one column where that can be.
fn laid_out(lines: &[Line]) -> String {
    let width = |line: &Line| line.text.chars().count();
    let column = lines.iter().filter(|line| !line.behind.is_empty()).map(width).filter(|width| *width < WIDE).max();
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

/// `s04, cabinet_order (official), attributed: “It also grants …”`
pub(super) fn footnote_text(footnote: &Footnote) -> String {
    let Footnote { claim, sentence, text, source, naming, modality } = footnote;
    let mut line = claim.to_string();
    let mut add = |part: String| line.push_str(&part);
    sentence.iter().for_each(|sentence| add(format!(" · {sentence}")));
    source.iter().for_each(|source| add(format!(" · {source}")));
    let kinds: Vec<String> = naming.iter().chain(modality).map(ToString::to_string).collect();
    if !kinds.is_empty() {
        add(format!(" ({})", kinds.join(", ")));
    }
    text.iter().for_each(|text| add(format!(" “{text}”")));
    line
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
    let unknown = evidence.footnotes.iter().filter(|footnote| footnote.source.is_none()).count();
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
