//! The relations of a program as a graph to be drawn.
//!
//! In: the program as checked. Out: a node for each relation that a user can name, in the order of first mention; an
//! edge from each relation that a rule reads to the relation that it derives. Promise: one edge at most from one
//! relation to another, dashed if what is derived has to wait until what is read is complete.

use super::Session;
use crate::check::{AggregateOp, Atom, Literal, Program, Relation, RelationId, Role, StratumId};
use crate::formats::{Edge, Graph, Group, GroupId, Node, NodeId, Shape};
use indexmap::IndexMap;
use std::collections::{BTreeMap, BTreeSet};

/// What to draw of a program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GraphOf {
    /// The relations, and which is derived from which.
    Rules,
    /// The same, with the relations that are derived together in one group.
    Strata,
}

/// From one relation to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Link {
    read: RelationId,
    derived: RelationId,
}

/// How a rule reads a relation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Through {
    Presence,
    Absence,
    Aggregate(AggregateOp),
}

/// Every way in which one relation is derived from another, in the order of the rules.
type Links = IndexMap<Link, BTreeSet<Through>>;

impl Session {
    /// The relations of the program as a graph. Nothing is evaluated for it.
    pub fn graph(&self, of: GraphOf) -> Graph {
        let program = &self.program;
        let mut graph = Graph::default();
        let groups = match of {
            GraphOf::Rules => BTreeMap::new(),
            GraphOf::Strata => groups(program, &mut graph),
        };
        let mut nodes: BTreeMap<RelationId, NodeId> = BTreeMap::new();
        for id in program.named() {
            let relation = &program.relations[id];
            let group = relation.stratum.and_then(|stratum| groups.get(&stratum)).copied();
            let node = Node { lines: vec![relation.name.clone()], shape: shape(relation), group };
            nodes.insert(id, graph.nodes.push(node));
        }
        graph.edges = links(program).iter().map(|(link, through)| edge(*link, through, &nodes)).collect();
        graph
    }
}

/// Makes a group of each stratum that derives a relation with a name.
fn groups(program: &Program, graph: &mut Graph) -> BTreeMap<StratumId, GroupId> {
    let mut groups = BTreeMap::new();
    for (id, stratum) in program.strata.enumerate() {
        if stratum.relations.iter().any(|relation| program.relations[*relation].role == Role::Named) {
            let recursive = if stratum.recursive { ", recursive" } else { "" };
            let label = format!("stratum {}{recursive}", graph.groups.len() + 1);
            groups.insert(id, graph.groups.push(Group { label }));
        }
    }
    groups
}

fn shape(relation: &Relation) -> Shape {
    match (relation.stored, relation.rules.is_empty()) {
        (true, false) => Shape::DoubleBox,
        (false, false) => Shape::Round,
        (true, true) | (false, true) => Shape::Box,
    }
}

fn links(program: &Program) -> Links {
    let mut links = Links::new();
    for rule in &program.rules {
        if let Some(derived) = owner(program, rule.head) {
            add_links(program, &rule.body, derived, Through::Presence, &mut links);
        }
    }
    links
}

fn add_links(program: &Program, body: &[Literal], derived: RelationId, through: Through, links: &mut Links) {
    for literal in body {
        match literal {
            Literal::Atom(atom) => add_link(program, atom, derived, through, links),
            // What stands in an aggregate waits for the aggregate, be it negated there or not.
            Literal::Absent(atom) if through == Through::Presence => {
                add_link(program, atom, derived, Through::Absence, links);
            }
            Literal::Absent(atom) => add_link(program, atom, derived, through, links),
            Literal::Aggregate(aggregate) => {
                add_links(program, &aggregate.body, derived, Through::Aggregate(aggregate.op), links);
            }
            Literal::Or(branches) => {
                branches.iter().for_each(|branch| add_links(program, branch, derived, through, links));
            }
            Literal::Compare(_) | Literal::Test(_) => {}
        }
    }
}

fn add_link(program: &Program, atom: &Atom, derived: RelationId, through: Through, links: &mut Links) {
    if let Some(read) = owner(program, atom.relation) {
        links.entry(Link { read, derived }).or_default().insert(through);
    }
}

/// The relation that a user would name: for citations the relation whose they are, for a question none.
fn owner(program: &Program, relation: RelationId) -> Option<RelationId> {
    match program.relations[relation].role {
        Role::Named => Some(relation),
        Role::Citations(cited) => Some(cited),
        Role::CameUp(of) | Role::GivingWay(of) => Some(of),
        Role::Query | Role::Constraint | Role::Auxiliary => None,
    }
}

fn edge(link: Link, through: &BTreeSet<Through>, nodes: &BTreeMap<RelationId, NodeId>) -> Edge {
    let dashed = through.iter().any(|through| *through != Through::Presence);
    let words: Vec<&str> = through.iter().map(|through| through.word()).collect();
    let label = if dashed { words.join(", ") } else { String::new() };
    Edge { from: nodes[&link.read], to: nodes[&link.derived], label, dashed }
}

impl Through {
    /// As it stands on an edge. An edge that is only plain needs no word.
    fn word(self) -> &'static str {
        match self {
            Through::Presence => "plain",
            Through::Absence => "not",
            Through::Aggregate(op) => op.name(),
        }
    }
}
