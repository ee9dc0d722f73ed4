//! Graphs to text that other tools draw: DOT for Graphviz, Mermaid for documents.
//!
//! In: nodes, edges between them, and groups around them, with any text on each. Out: the same bytes for the same
//! graph. Promise: a text is shown as it is and never obeyed, whoever wrote it: not by the tool that draws, not by the
//! page or the terminal that shows the drawing.

use super::escape;
use crate::data::{Id, IdVec, id};
use std::io::{self, Write};

id! {
    /// A node of a graph.
    NodeId
}
id! {
    /// A group of a graph.
    GroupId
}

/// Nodes, edges between them, and groups around them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Graph {
    /// The nodes, in the order in which they are written.
    pub nodes: IdVec<NodeId, Node>,
    /// The edges, in the order in which they are written.
    pub edges: Vec<Edge>,
    /// The groups, in the order in which they are written.
    pub groups: IdVec<GroupId, Group>,
}

/// A node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// What stands in it, line by line.
    pub lines: Vec<String>,
    /// What is drawn around that.
    pub shape: Shape,
    /// The group that it lies in.
    pub group: Option<GroupId>,
}

/// What is drawn around the label of a node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// A box: what is given.
    Box,
    /// Something round: what follows.
    Round,
    /// A box with two lines: both.
    DoubleBox,
    /// Six corners: a condition.
    Hexagon,
}

/// An arrow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edge {
    /// Where it starts.
    pub from: NodeId,
    /// Where it leads.
    pub to: NodeId,
    /// What stands on it, which may be nothing.
    pub label: String,
    /// Whether it is drawn dashed.
    pub dashed: bool,
}

/// A frame around nodes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// Its title.
    pub label: String,
}

impl Graph {
    fn in_group(&self, group: Option<GroupId>) -> impl Iterator<Item = (NodeId, &Node)> {
        self.nodes.enumerate().filter(move |(_, node)| node.group == group)
    }
}

/// Writes a graph in the language of Graphviz.
pub fn write_dot(graph: &Graph, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "digraph {{")?;
    writeln!(out, "  rankdir=LR;")?;
    writeln!(out, "  node [fontname=\"sans-serif\"];")?;
    writeln!(out, "  edge [fontname=\"sans-serif\"];")?;
    graph.in_group(None).try_for_each(|(id, node)| dot_node("  ", id, node, out))?;
    for (id, group) in graph.groups.enumerate() {
        writeln!(out, "  subgraph cluster_{} {{", id.index() + 1)?;
        writeln!(out, "    label={};", dot_text(&group.label))?;
        writeln!(out, "    fontname=\"sans-serif\";")?;
        graph.in_group(Some(id)).try_for_each(|(id, node)| dot_node("    ", id, node, out))?;
        writeln!(out, "  }}")?;
    }
    graph.edges.iter().try_for_each(|edge| dot_edge(edge, out))?;
    writeln!(out, "}}")
}

fn dot_node(indent: &str, id: NodeId, node: &Node, out: &mut dyn Write) -> io::Result<()> {
    let shape = match node.shape {
        Shape::Box => "shape=box",
        Shape::Round => "shape=ellipse",
        Shape::DoubleBox => "shape=box, peripheries=2",
        Shape::Hexagon => "shape=hexagon",
    };
    writeln!(out, "{indent}{} [label={}, {shape}];", name(id), dot_lines(&node.lines))
}

fn dot_edge(edge: &Edge, out: &mut dyn Write) -> io::Result<()> {
    let label = (!edge.label.is_empty()).then(|| format!("label={}", dot_text(&edge.label)));
    let style = edge.dashed.then(|| "style=dashed".to_string());
    let attributes: Vec<String> = label.into_iter().chain(style).collect();
    let attributes = if attributes.is_empty() { String::new() } else { format!(" [{}]", attributes.join(", ")) };
    writeln!(out, "  {} -> {}{attributes};", name(edge.from), name(edge.to))
}

fn dot_lines(lines: &[String]) -> String {
    let lines: Vec<String> = lines.iter().map(|line| dot_escaped(line)).collect();
    format!("\"{}\"", lines.join("\\n"))
}

fn dot_text(text: &str) -> String {
    format!("\"{}\"", dot_escaped(text))
}

/// A text within quotes. Graphviz obeys a backslash and reads entities of HTML even there, so that tags need not stand in
/// the file either.
fn dot_escaped(text: &str) -> String {
    let mut out = String::new();
    for character in escape(text).chars() {
        match character {
            '\\' => out.push_str("\\\\"),
            '"' => out.push_str("\\\""),
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            plain => out.push(plain),
        }
    }
    out
}

/// Writes a graph in the language of Mermaid.
pub fn write_mermaid(graph: &Graph, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "flowchart LR")?;
    graph.in_group(None).try_for_each(|(id, node)| mermaid_node("  ", id, node, out))?;
    for (id, group) in graph.groups.enumerate() {
        writeln!(out, "  subgraph g{}[{}]", id.index() + 1, mermaid_text(&group.label))?;
        graph.in_group(Some(id)).try_for_each(|(id, node)| mermaid_node("    ", id, node, out))?;
        writeln!(out, "  end")?;
    }
    graph.edges.iter().try_for_each(|edge| mermaid_edge(edge, out))
}

fn mermaid_node(indent: &str, id: NodeId, node: &Node, out: &mut dyn Write) -> io::Result<()> {
    let (name, label) = (name(id), mermaid_lines(&node.lines));
    match node.shape {
        Shape::Box => writeln!(out, "{indent}{name}[{label}]"),
        Shape::Round => writeln!(out, "{indent}{name}([{label}])"),
        Shape::DoubleBox => writeln!(out, "{indent}{name}[[{label}]]"),
        Shape::Hexagon => writeln!(out, "{indent}{name}{{{{{label}}}}}"),
    }
}

fn mermaid_edge(edge: &Edge, out: &mut dyn Write) -> io::Result<()> {
    let arrow = if edge.dashed { "-.->" } else { "-->" };
    let label = if edge.label.is_empty() { String::new() } else { format!("|{}|", mermaid_text(&edge.label)) };
    writeln!(out, "  {} {arrow}{label} {}", name(edge.from), name(edge.to))
}

fn mermaid_lines(lines: &[String]) -> String {
    let text = lines.iter().map(|line| mermaid_escaped(line)).collect::<Vec<_>>().join("<br/>");
    // Mermaid knows no empty text.
    if text.is_empty() { "\" \"".into() } else { format!("\"{text}\"") }
}

fn mermaid_text(text: &str) -> String {
    mermaid_lines(&[text.to_owned()])
}

/// A text within quotes. Mermaid looks for directives, comments, Markdown, formulas, icons and HTML even there: so
/// whatever is not plainly a word is written by its number.
fn mermaid_escaped(text: &str) -> String {
    let shown = escape(text);
    let mut out = String::with_capacity(shown.len());
    let mut before = ' ';
    let mut rest = shown.chars().peekable();
    while let Some(character) = rest.next() {
        // Markdown makes italics of a `_` only at the edge of a word.
        let joins = before.is_ascii_alphanumeric() && rest.peek().is_some_and(char::is_ascii_alphanumeric);
        let plain = match character {
            '_' => joins,
            ' ' | ',' => true,
            other => other.is_ascii_alphanumeric() || !other.is_ascii(),
        };
        if plain {
            out.push(character);
        } else {
            out.push_str(&format!("#{};", u32::from(character)));
        }
        before = character;
    }
    out
}

/// What a node is called in either language, since labels may repeat.
fn name(id: NodeId) -> String {
    format!("n{}", id.index() + 1)
}
