//! A proof as a graph to be drawn.
//!
//! In: a proof to be shown. Out: a node for each fact, for each premise that is no fact, and for each row of an
//! aggregate that has several premises; an edge from each to what it rests on. Promise: a fact is drawn once. Facts are
//! read aloud, with the place of the rule, the claims or the place below; what keeps something out hangs on a dashed
//! edge.

use super::outline::{Cut, Item, outline};
use super::view::View;
use crate::data::IdVec;
use crate::explain::proof::{Node, NodeId};
use crate::formats::{self, Edge, Graph, Shape};
use crate::report::count;

/// Characters in a line of a label.
const WIDE: usize = 36;

/// A proof as a graph.
pub fn graph(view: View<'_>, cut: Cut) -> Graph {
    let mut drawing = Drawing { view, graph: Graph::default(), drawn: view.proof.nodes.iter().map(|_| None).collect() };
    let mut above: Vec<Above> = Vec::new();
    for entry in outline(view.proof, cut, usize::MAX) {
        above.truncate(entry.level);
        let parent = above.last().cloned();
        let here = match (entry.item, &parent) {
            // A heading stands on the edges to what is below it.
            (Item::Heading { text, .. }, Some(parent)) => Above { node: parent.node, heading: text },
            (item, _) => Above { node: drawing.node(item), heading: "" },
        };
        if let (Some(parent), false) = (parent, matches!(entry.item, Item::Heading { .. })) {
            let (label, dashed) = (parent.heading.to_owned(), !parent.heading.is_empty());
            drawing.graph.edges.push(Edge { from: parent.node, to: here.node, label, dashed });
        }
        above.push(here);
    }
    drawing.graph
}

/// Something that is drawn, and what stands on the edges from it.
#[derive(Clone)]
struct Above {
    node: formats::NodeId,
    heading: &'static str,
}

struct Drawing<'a> {
    view: View<'a>,
    graph: Graph,
    drawn: IdVec<NodeId, Option<formats::NodeId>>,
}

impl Drawing<'_> {
    fn node(&mut self, item: Item<'_>) -> formats::NodeId {
        let words = self.view.words();
        match item {
            Item::Derived { node, by, .. } => self.fact(node, Shape::Round, self.view.by_place(node, by).to_string()),
            Item::Stored { node, citations } => {
                let claims: Vec<String> = citations.iter().map(ToString::to_string).collect();
                let place = || self.view.place(node).map(|place| place.to_string()).unwrap_or_default();
                let below = if claims.is_empty() { place() } else { format!("@ {}", claims.join(", ")) };
                self.fact(node, Shape::Box, below)
            }
            Item::Condition(premise) => self.condition(words.premise(premise).unwrap_or_default()),
            Item::Row(row) => self.condition(words.row(row)),
            Item::Heading { text, .. } => self.condition(text.to_owned()),
            Item::Hidden { number, what } => self.condition(format!("… {} not shown", count(number, what))),
        }
    }

    fn fact(&mut self, id: NodeId, shape: Shape, below: String) -> formats::NodeId {
        if let Some(drawn) = self.drawn[id] {
            return drawn;
        }
        let node: &Node = &self.view.proof.nodes[id];
        let mut lines = wrapped(&self.view.words().fact(node));
        lines.extend(Some(below).filter(|below| !below.is_empty()));
        let drawn = self.graph.nodes.push(formats::Node { lines, shape, group: None });
        self.drawn[id] = Some(drawn);
        drawn
    }

    fn condition(&mut self, text: String) -> formats::NodeId {
        self.graph.nodes.push(formats::Node { lines: wrapped(&text), shape: Shape::Hexagon, group: None })
    }
}

/// A text in lines that are not too long, as far as its words allow.
fn wrapped(text: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ') {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= WIDE => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}
