//! May a relation be `inline`? What Soufflé asks of one whose rules are put in the place of its atoms.
//!
//! In: trees. Out: the inline relations with their rules; a message for each that has rows to be read or written, that does
//! not keep every row, or whose rules lead back to itself, and for each atom in whose place no rules can be put.

use super::variables::{Names, mentioned_by_body, names_of_term};
use crate::report::{Code, Diagnostic, Span};
use crate::syntax::{
    Ast, Atom, HintKind, IoKind, ItemKind, Literal, LiteralKind, QualifierKind, RelationDecl, Term, TermKind,
};
use indexmap::IndexMap;
use petgraph::algo::kosaraju_scc;
use petgraph::graph::DiGraph;

/// The inline relations, by name.
pub(super) type Inline<'a> = IndexMap<&'a str, Relation<'a>>;

/// An inline relation.
pub(super) struct Relation<'a> {
    decl: &'a RelationDecl,
    /// Its facts and rules.
    pub(super) clauses: Vec<Clause<'a>>,
}

/// A part of a program in which atoms stand.
#[derive(Clone, Copy)]
pub(super) struct Clause<'a> {
    pub(super) head: Option<&'a Atom>,
    pub(super) body: &'a [Literal],
}

/// The inline relations of trees.
pub(super) fn inline(asts: &[Ast]) -> Inline<'_> {
    let mut found = Inline::default();
    for item in asts.iter().flat_map(|ast| &ast.items) {
        if let ItemKind::Relation(decl) = &item.kind
            && decl.says(HintKind::Inline)
        {
            found.insert(&decl.name.text, Relation { decl, clauses: Vec::new() });
        }
    }
    if !found.is_empty() {
        for clause in clauses(asts) {
            if let Some(relation) = clause.head.and_then(|head| found.get_mut(head.name.text.as_str())) {
                relation.clauses.push(clause);
            }
        }
    }
    found
}

/// Everything that asks for rows, or says that there are some.
fn clauses(asts: &[Ast]) -> impl Iterator<Item = Clause<'_>> {
    asts.iter().flat_map(|ast| &ast.items).filter_map(|item| match &item.kind {
        ItemKind::Fact(fact) => Some(Clause { head: Some(&fact.atom), body: &[] }),
        ItemKind::Rule(rule) => Some(Clause { head: Some(&rule.head), body: &rule.body }),
        ItemKind::Subsumption(subsumption) => Some(Clause { head: None, body: &subsumption.body }),
        ItemKind::Constraint(body) | ItemKind::Query(body) => Some(Clause { head: None, body }),
        _ => None,
    })
}

/// What is wrong with the inline relations, but for circles.
pub(super) fn check(asts: &[Ast], inline: &Inline<'_>) -> Vec<Diagnostic> {
    const UNKEPT: &str = "some of its rows would not be kept, and it keeps none";
    let mut said = Vec::new();
    for item in asts.iter().flat_map(|ast| &ast.items) {
        let (name, why) = match &item.kind {
            ItemKind::Io(directive) if directive.kind != IoKind::LimitSize => {
                (&directive.relation, "it has no rows to be read or written")
            }
            ItemKind::Subsumption(subsumption) => (&subsumption.lesser.name, UNKEPT),
            _ => continue,
        };
        if let Some(relation) = inline.get(name.text.as_str()) {
            said.push(relation.refused(why, name.span));
        }
    }
    for relation in inline.values() {
        let mut qualifiers = relation.decl.qualifiers.iter();
        if let Some(choice) = qualifiers.find(|qualifier| matches!(qualifier.kind, QualifierKind::Choice(_))) {
            said.push(relation.refused(UNKEPT, choice.span));
        }
        if let Some(joined) = relation.decl.columns.iter().find(|column| column.is_lattice) {
            said.push(relation.refused(UNKEPT, joined.name.span));
        }
    }
    for clause in clauses(asts) {
        each_atom(clause, &mut |atom, place| {
            if let Some(relation) = inline.get(atom.name.text.as_str()) {
                said.extend(relation.misplaced(atom, place));
            }
        });
    }
    said
}

/// The names of the inline relations, each behind those that its rules ask for; or a message for each circle.
pub(super) fn order<'a>(inline: &Inline<'a>) -> Result<Vec<&'a str>, Vec<Diagnostic>> {
    let mut graph: DiGraph<usize, ()> = DiGraph::new();
    let nodes: Vec<_> = (0..inline.len()).map(|at| graph.add_node(at)).collect();
    for (from, relation) in inline.values().enumerate() {
        for clause in &relation.clauses {
            each_atom(*clause, &mut |atom, _| {
                if let Some(to) = inline.get_index_of(atom.name.text.as_str()) {
                    graph.update_edge(nodes[from], nodes[to], ());
                }
            });
        }
    }
    let groups = kosaraju_scc(&graph);
    let circles = groups.iter().filter(|group| group.len() > 1 || graph.contains_edge(group[0], group[0]));
    let circles: Vec<Diagnostic> = circles
        .map(|group| {
            let mut places: Vec<usize> = group.iter().map(|node| graph[*node]).collect();
            places.sort_unstable();
            let (first, others) = (&inline[places[0]], &places[1..]);
            let diagnostic = first.refused("its rules lead back to it", first.decl.name.span);
            others.iter().fold(diagnostic, |diagnostic, at| diagnostic.also(inline[*at].decl.name.span, "on the way"))
        })
        .collect();
    let names = groups.iter().flatten().map(|node| *inline.get_index(graph[*node]).expect("a node is a relation").0);
    if circles.is_empty() { Ok(names.collect()) } else { Err(circles) }
}

impl Relation<'_> {
    pub(super) fn arity(&self) -> usize {
        self.decl.columns.len()
    }

    fn refused(&self, why: &str, place: Span) -> Diagnostic {
        let message = format!("`{}` cannot be inline: {why}", self.decl.name.text);
        let diagnostic = Diagnostic::new(Code::BadInline, place, message);
        let diagnostic = if place == self.decl.name.span {
            diagnostic
        } else {
            diagnostic.also(self.decl.name.span, "declared here")
        };
        diagnostic.help("drop the `inline` behind its columns")
    }

    /// What is said of an atom in whose place the rules cannot be put.
    fn misplaced(&self, atom: &Atom, place: Place) -> Option<Diagnostic> {
        let why = match place {
            Place::Positive => return None,
            Place::Aggregated => "an aggregate ranges over its rows".to_string(),
            Place::Negated if atom.args.iter().any(has_hole) => {
                "no row is to be there, whatever stands for `_`".to_string()
            }
            Place::Negated => {
                format!(
                    "no row is to be there, whatever `{}` is in its rules",
                    self.clauses.iter().find_map(new_variable)?
                )
            }
        };
        Some(self.refused(&why, atom.span))
    }
}

/// A variable that a clause mentions in its body alone.
fn new_variable(clause: &Clause<'_>) -> Option<String> {
    let (mut own, mut all) = (Names::default(), Names::default());
    clause.head.iter().flat_map(|head| &head.args).for_each(|term| names_of_term(term, &mut own));
    mentioned_by_body(clause.body, &mut all);
    all.into_iter().find(|name| !own.contains(name))
}

/// Whether `_` stands in a term, and not within an aggregate.
fn has_hole(term: &Term) -> bool {
    matches!(term.kind, TermKind::Wildcard) || term.parts().any(has_hole)
}

/// How an atom is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Positive,
    Negated,
    Aggregated,
}

fn each_atom<'a>(clause: Clause<'a>, visit: &mut impl FnMut(&'a Atom, Place)) {
    let head = clause.head.iter().flat_map(|head| &head.args);
    head.for_each(|term| atoms_of_term(term, visit));
    atoms_of_body(clause.body, Place::Positive, visit);
}

fn atoms_of_body<'a>(body: &'a [Literal], place: Place, visit: &mut impl FnMut(&'a Atom, Place)) {
    for literal in body {
        match &literal.kind {
            LiteralKind::Atom(atom) | LiteralKind::Not(atom) => {
                let negated = place == Place::Positive && matches!(literal.kind, LiteralKind::Not(_));
                visit(atom, if negated { Place::Negated } else { place });
                atom.args.iter().for_each(|term| atoms_of_term(term, visit));
            }
            LiteralKind::Compare { left, right, .. } => {
                [left, right].iter().for_each(|term| atoms_of_term(term, visit))
            }
            LiteralKind::Or(branches) => branches.iter().for_each(|branch| atoms_of_body(branch, place, visit)),
        }
    }
}

fn atoms_of_term<'a>(term: &'a Term, visit: &mut impl FnMut(&'a Atom, Place)) {
    if let TermKind::Aggregate(aggregate) = &term.kind {
        aggregate.target.iter().for_each(|target| atoms_of_term(target, visit));
        atoms_of_body(&aggregate.body, Place::Aggregated, visit);
    }
    term.parts().for_each(|part| atoms_of_term(part, visit));
}
