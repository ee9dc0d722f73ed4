//! In which order can the rules be evaluated, and does none depend on its own absence?
//!
//! In: all clauses. Out: groups of relations, each behind those that it depends on; and a message, with the cycle
//! drawn, for each group in which a negation or an aggregate leads back to itself. Promise: work is linear in the
//! rules, and no recursion is as deep as a chain of rules.

use super::draft::{Clause, Kind, Literal};
use super::schema::Schema;
use super::{AggregateOp, RelationId};
use crate::data::{Id, IdVec};
use crate::report::{Code, Diagnostic, Span};
use petgraph::algo::kosaraju_scc;
use petgraph::graph::{DiGraph, NodeIndex};
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::VecDeque;

/// Relations that are derived together.
#[derive(Debug)]
pub(super) struct Group {
    pub(super) relations: Vec<RelationId>,
    pub(super) recursive: bool,
}

/// A rule's head needs a relation of its body.
#[derive(Debug, Clone, Copy)]
struct Edge {
    from: RelationId,
    to: RelationId,
    through: Through,
    /// The atom.
    span: Span,
}

/// How a rule needs a relation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Through {
    Presence,
    Absence,
    Aggregate(AggregateOp),
}

/// Orders the derived relations.
pub(super) fn strata(clauses: &[Clause], schema: &Schema, diagnostics: &mut Vec<Diagnostic>) -> Vec<Group> {
    let mut edges = Vec::new();
    let mut derived: FxHashSet<RelationId> = FxHashSet::default();
    for clause in clauses {
        match clause.kind {
            Kind::Subsumption(relation) => edges_of_subsumption(clause, relation, &mut edges),
            Kind::Rule | Kind::Query | Kind::Constraint { .. } => {
                edges_of(&clause.body, clause.head, Through::Presence, &mut edges);
                derived.insert(clause.head);
            }
        }
    }
    let kept_up = schema.relations.enumerate().filter(|(_, relation)| relation.upkeep.is_some());
    derived.extend(kept_up.map(|(id, _)| id));
    let components = components(schema.relations.len(), edges.iter().map(|edge| (edge.from, edge.to)));
    let mut component_of: IdVec<RelationId, usize> = schema.relations.ids().map(|_| 0).collect();
    for (at, component) in components.iter().enumerate() {
        for relation in component {
            component_of[*relation] = at;
        }
    }
    let mut inside: Vec<Vec<Edge>> = components.iter().map(|_| Vec::new()).collect();
    for edge in &edges {
        if component_of[edge.from] == component_of[edge.to] {
            inside[component_of[edge.from]].push(*edge);
        }
    }
    let mut groups = Vec::new();
    for (mut relations, inside) in components.into_iter().zip(inside) {
        diagnostics.extend(unstratified(&inside, schema));
        relations.retain(|relation| derived.contains(relation));
        relations.sort();
        if !relations.is_empty() {
            groups.push(Group { relations, recursive: !inside.is_empty() });
        }
    }
    groups
}

/// A relation needs what decides which of its rows give way, beside the two rows themselves.
fn edges_of_subsumption(clause: &Clause, relation: RelationId, edges: &mut Vec<Edge>) {
    let mut found = Vec::new();
    edges_of(&clause.body, relation, Through::Presence, &mut found);
    let mut rows = 2;
    found.retain(|edge| {
        let is_row = rows > 0 && edge.to == relation && edge.through == Through::Presence;
        rows -= usize::from(is_row);
        !is_row
    });
    edges.append(&mut found);
}

fn edges_of(body: &[Literal], head: RelationId, through: Through, edges: &mut Vec<Edge>) {
    for literal in body {
        match literal {
            Literal::Atom(atom) => edges.push(Edge { from: head, to: atom.relation, through, span: atom.span }),
            Literal::Absent(atom) => {
                let through = if through == Through::Presence { Through::Absence } else { through };
                edges.push(Edge { from: head, to: atom.relation, through, span: atom.span });
            }
            Literal::Aggregate(aggregate) => {
                edges_of(&aggregate.body, head, Through::Aggregate(aggregate.op), edges);
            }
            Literal::Or(branches) => {
                for branch in branches {
                    edges_of(branch, head, through, edges);
                }
            }
            Literal::Compare { .. } | Literal::Test { .. } | Literal::OneOf { .. } | Literal::Broken(_) => {}
        }
    }
}

/// Relations that depend on each other, each group behind those that it depends on. An edge leads from a relation to
/// one that it depends on.
pub(super) fn components(
    relations: usize,
    edges: impl Iterator<Item = (RelationId, RelationId)>,
) -> Vec<Vec<RelationId>> {
    let mut graph: DiGraph<(), ()> = DiGraph::with_capacity(relations, edges.size_hint().0);
    for _ in 0..relations {
        graph.add_node(());
    }
    for (from, to) in edges {
        graph.add_edge(NodeIndex::new(from.index()), NodeIndex::new(to.index()), ());
    }
    kosaraju_scc(&graph)
        .into_iter()
        .map(|component| component.into_iter().map(|node| RelationId::from_index(node.index())).collect())
        .collect()
}

/// The message about the first negation or aggregate among edges that all lie on cycles.
fn unstratified(inside: &[Edge], schema: &Schema) -> Option<Diagnostic> {
    let broken = inside.iter().filter(|edge| edge.through != Through::Presence).min_by_key(|edge| edge.span)?;
    let mut cycle = vec![*broken];
    cycle.extend(way(inside, broken.to, broken.from));
    let name = |relation: RelationId| schema.relations[relation].name.as_str();
    let mut drawn = name(broken.from).to_string();
    for edge in &cycle {
        drawn.push_str(" -> ");
        drawn.push_str(&edge.through.shown(name(edge.to)));
    }
    let what = match broken.through {
        Through::Presence | Through::Absence => "absence".to_string(),
        Through::Aggregate(op) => op.name().to_string(),
    };
    let message = format!("`{}` depends on its own {what}: {drawn}", name(broken.from));
    let mut diagnostic = Diagnostic::new(Code::Unstratified, broken.span, message).label(format!(
        "`{}` needs {} here",
        name(broken.from),
        broken.through.needed(name(broken.to))
    ));
    for edge in &cycle[1..] {
        let label = format!("`{}` needs {} here", name(edge.from), edge.through.needed(name(edge.to)));
        diagnostic = diagnostic.also(edge.span, label);
    }
    Some(
        diagnostic.help(
            "a relation must be complete before its absence or aggregate is asked: take one step out of the cycle",
        ),
    )
}

impl Through {
    fn shown(self, name: &str) -> String {
        match self {
            Through::Presence => name.to_string(),
            Through::Absence => format!("not {name}"),
            Through::Aggregate(op) => format!("{} of {name}", op.name()),
        }
    }

    fn needed(self, name: &str) -> String {
        match self {
            Through::Presence => format!("`{name}`"),
            Through::Absence => format!("the absence of `{name}`"),
            Through::Aggregate(op) => format!("the {} of all of `{name}`", op.name()),
        }
    }
}

/// The shortest way from one relation to another; none if they are the same.
fn way(edges: &[Edge], from: RelationId, to: RelationId) -> Vec<Edge> {
    let mut out: FxHashMap<RelationId, Vec<Edge>> = FxHashMap::default();
    for edge in edges {
        out.entry(edge.from).or_default().push(*edge);
    }
    let mut came_by: FxHashMap<RelationId, Edge> = FxHashMap::default();
    let mut queue = VecDeque::from([from]);
    while let Some(here) = queue.pop_front().filter(|here| *here != to) {
        for edge in out.get(&here).into_iter().flatten() {
            if edge.to != from && !came_by.contains_key(&edge.to) {
                came_by.insert(edge.to, *edge);
                queue.push_back(edge.to);
            }
        }
    }
    let mut way = Vec::new();
    let mut here = to;
    while here != from {
        let edge = came_by[&here];
        way.push(edge);
        here = edge.from;
    }
    way.reverse();
    way
}
