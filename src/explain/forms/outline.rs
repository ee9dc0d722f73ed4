//! A proof as a reader meets it from top to bottom: one entry for everything that is shown.
//!
//! In: a proof, and how much of it is wanted. Out: entries with their levels, which every form that is read from top to
//! bottom writes in its own way. Promise: each derived fact is told once, and referred to wherever else it is needed; a
//! branch that grows too deep to be read goes on further down, at the left again; nothing here calls itself.

use crate::check::RuleId;
use crate::data::{IdVec, Value};
use crate::explain::proof::{NodeId, Premise, Proof, Row, Side, Via};
use std::collections::VecDeque;

/// How much of a proof is shown.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Cut {
    /// Steps from the fact downwards.
    pub depth: Option<usize>,
    /// Rows of each aggregate, and facts that keep something absent.
    pub rows: Option<usize>,
    /// Columns of the window that it is shown in, where there is one: text keeps places within them.
    pub columns: Option<usize>,
}

/// Something that is shown.
#[derive(Debug, Clone, Copy)]
pub(super) struct Entry<'a> {
    /// How far to the right; the entries behind it that are further right belong to it.
    pub(super) level: usize,
    /// Whether no other entry follows that belongs where it belongs.
    pub(super) is_last: bool,
    pub(super) item: Item<'a>,
}

#[derive(Debug, Clone, Copy)]
pub(super) enum Item<'a> {
    /// A fact that is not stored.
    Derived { node: NodeId, by: By, telling: Telling },
    /// A fact that is stored.
    Stored { node: NodeId, citations: &'a [Value] },
    /// A premise that is no fact. Below it is what it rests on.
    Condition(&'a Premise),
    /// A row of an aggregate that has more premises than one.
    Row(&'a Row),
    /// A heading above so many facts.
    Heading { text: &'static str, facts: usize },
    /// So many of these are left out.
    Hidden { number: usize, what: &'static str },
}

/// What a fact that is not stored follows by.
#[derive(Debug, Clone, Copy)]
pub(super) enum By {
    Rule(RuleId),
    /// What its relation is declared to be.
    Equivalence,
}

/// How a derived fact is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Telling {
    /// Here, with all it rests on.
    Here,
    /// Here, as the branch of this number, which began further up.
    Branch(usize),
    /// At the branch of this number, which goes on further down.
    GoesOn(usize),
    /// It was told above.
    Above,
    /// At the branch of this number, which was not told yet.
    Below(usize),
}

/// Everything that is shown of a proof. From the level `deep` on, branches go on further down.
pub(super) fn outline(proof: &Proof, cut: Cut, deep: usize) -> Vec<Entry<'_>> {
    let seen = proof.nodes.iter().map(|_| Seen::NotYet).collect();
    let mut outline = Outline { proof, cut, deep, seen, entries: Vec::new(), later: VecDeque::new(), branches: 0 };
    outline.branch(proof.root(), 0, Telling::Here);
    let mut told = 0;
    while let Some(Carried { node, depth }) = outline.later.pop_front() {
        told += 1;
        outline.branch(node, depth, Telling::Branch(told));
    }
    outline.entries
}

struct Outline<'a> {
    proof: &'a Proof,
    cut: Cut,
    deep: usize,
    seen: IdVec<NodeId, Seen>,
    entries: Vec<Entry<'a>>,
    /// Branches that go on further down.
    later: VecDeque<Carried>,
    /// How many branches went on further down so far.
    branches: usize,
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

/// What is still to be shown.
#[derive(Clone, Copy)]
enum Open<'a> {
    Node(NodeId),
    Premise(&'a Premise),
    Nodes(&'static str, &'a [NodeId]),
    Row(&'a Row),
    Hidden(usize, &'static str),
}

impl<'a> Open<'a> {
    fn of(premise: &'a Premise) -> Self {
        match premise {
            Premise::Fact(node) => Open::Node(*node),
            other => Open::Premise(other),
        }
    }
}

#[derive(Clone, Copy)]
struct Pending<'a> {
    open: Open<'a>,
    level: usize,
    is_last: bool,
    /// Steps from the fact that is proved.
    depth: usize,
}

impl<'a> Outline<'a> {
    /// Shows a derived fact at the left, or the one fact that is stored, and what is below it.
    fn branch(&mut self, node: NodeId, depth: usize, telling: Telling) {
        let mut open = Vec::new();
        let top = Pending { open: Open::Node(node), level: 0, is_last: true, depth };
        match &self.proof.nodes[node].via {
            Via::Stored { .. } => self.node(node, top, &mut open),
            Via::Rule { rule, premises } => self.tell(node, By::Rule(*rule), premises, telling, top, &mut open),
            Via::Equivalence { premises } => self.tell(node, By::Equivalence, premises, telling, top, &mut open),
        }
        while let Some(pending) = open.pop() {
            let Pending { level, is_last, depth, .. } = pending;
            let mut below = Vec::new();
            let item = match pending.open {
                Open::Node(node) => {
                    self.node(node, pending, &mut open);
                    continue;
                }
                Open::Premise(premise) => {
                    self.below(premise, &mut below);
                    Item::Condition(premise)
                }
                Open::Nodes(text, nodes) => {
                    let most = self.most_rows();
                    below.extend(nodes.iter().take(most).map(|node| Open::Node(*node)));
                    if nodes.len() > most {
                        below.push(Open::Hidden(nodes.len() - most, "fact"));
                    }
                    Item::Heading { text, facts: nodes.len() }
                }
                Open::Row(row) => {
                    below.extend(row.premises.iter().map(Open::of));
                    Item::Row(row)
                }
                Open::Hidden(number, what) => Item::Hidden { number, what },
            };
            self.entries.push(Entry { level, is_last, item });
            push(&below, level + 1, depth, &mut open);
        }
    }

    fn node(&mut self, node: NodeId, at: Pending<'a>, open: &mut Vec<Pending<'a>>) {
        let proof = self.proof;
        let (by, premises) = match &proof.nodes[node].via {
            Via::Rule { rule, premises } => (By::Rule(*rule), premises),
            Via::Equivalence { premises } => (By::Equivalence, premises),
            Via::Stored { citations } => {
                let item = Item::Stored { node, citations };
                return self.entries.push(Entry { level: at.level, is_last: at.is_last, item });
            }
        };
        let telling = match self.seen[node] {
            Seen::Above => Telling::Above,
            Seen::Below(branch) => Telling::Below(branch),
            Seen::NotYet if at.level >= self.deep => {
                self.branches += 1;
                self.later.push_back(Carried { node, depth: at.depth });
                self.seen[node] = Seen::Below(self.branches);
                Telling::GoesOn(self.branches)
            }
            Seen::NotYet => Telling::Here,
        };
        self.tell(node, by, premises, telling, at, open);
    }

    fn tell(
        &mut self,
        node: NodeId,
        by: By,
        premises: &'a [Premise],
        telling: Telling,
        at: Pending<'a>,
        open: &mut Vec<Pending<'a>>,
    ) {
        let item = Item::Derived { node, by, telling };
        self.entries.push(Entry { level: at.level, is_last: at.is_last, item });
        match telling {
            Telling::Above | Telling::Below(_) | Telling::GoesOn(_) => return,
            Telling::Here | Telling::Branch(_) => self.seen[node] = Seen::Above,
        }
        if self.cut.depth.is_some_and(|most| at.depth >= most) && !premises.is_empty() {
            return push(&[Open::Hidden(premises.len(), "premise")], at.level + 1, at.depth, open);
        }
        let below: Vec<Open<'a>> = premises.iter().map(Open::of).collect();
        push(&below, at.level + 1, at.depth + 1, open);
    }

    fn most_rows(&self) -> usize {
        self.cut.rows.unwrap_or(usize::MAX)
    }

    /// What a premise that is no fact rests on.
    fn below(&self, premise: &'a Premise, below: &mut Vec<Open<'a>>) {
        match premise {
            Premise::Absent { because, .. } => {
                if !because.is_empty() {
                    below.push(Open::Nodes("what keeps it so", because));
                }
            }
            Premise::Aggregate(aggregate) => {
                let most = self.most_rows();
                let rows = aggregate.rows.iter().take(most);
                below.extend(rows.map(|row| match &row.premises[..] {
                    [only] if !row.target.as_ref().is_some_and(Side::is_computed) => Open::of(only),
                    _ => Open::Row(row),
                }));
                if aggregate.rows.len() > most {
                    below.push(Open::Hidden(aggregate.rows.len() - most, "row"));
                }
                if !aggregate.because.is_empty() {
                    below.push(Open::Nodes("what keeps further rows out", &aggregate.because));
                }
            }
            Premise::Fact(_) | Premise::Compare { .. } | Premise::Compute(_) | Premise::Test { .. } => {}
        }
    }
}

/// Puts what is to be shown where it is taken next, the first of it first.
fn push<'a>(below: &[Open<'a>], level: usize, depth: usize, open: &mut Vec<Pending<'a>>) {
    let last = below.len().saturating_sub(1);
    let pending = below.iter().enumerate().rev();
    open.extend(pending.map(|(at, below)| Pending { open: *below, level, is_last: at == last, depth }));
}
