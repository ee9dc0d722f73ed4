//! Which relations do the outputs of a program depend on? Asked of trees, before there is a program.
//!
//! Soufflé leaves out what no output needs, files to be read included: such a file may be missing.

use crate::syntax::{Ast, Atom, IoKind, ItemKind, Literal, LiteralKind, Term, TermKind};
use rustc_hash::{FxHashMap, FxHashSet};

/// The relations that an `.output` or a `.printsize` depends on, by name.
pub fn needed(asts: &[Ast]) -> FxHashSet<&str> {
    let mut read: FxHashMap<&str, Vec<&str>> = FxHashMap::default();
    let mut open: Vec<&str> = Vec::new();
    for item in asts.iter().flat_map(|ast| &ast.items) {
        match &item.kind {
            ItemKind::Rule(rule) => {
                let read = read.entry(&rule.head.name.text).or_default();
                relations_of_atom(&rule.head, read);
                relations_of(&rule.body, read);
            }
            ItemKind::Fact(fact) => relations_of_atom(&fact.atom, read.entry(&fact.atom.name.text).or_default()),
            ItemKind::Subsumption(rule) => relations_of(&rule.body, read.entry(&rule.lesser.name.text).or_default()),
            ItemKind::Io(directive) if matches!(directive.kind, IoKind::Output | IoKind::PrintSize) => {
                open.push(&directive.relation.text);
            }
            _ => {}
        }
    }
    let mut needed = FxHashSet::default();
    while let Some(name) = open.pop() {
        if needed.insert(name) {
            open.extend(read.get(name).into_iter().flatten());
        }
    }
    needed
}

fn relations_of<'a>(body: &'a [Literal], found: &mut Vec<&'a str>) {
    for literal in body {
        match &literal.kind {
            LiteralKind::Atom(atom) | LiteralKind::Not(atom) => {
                found.push(&atom.name.text);
                relations_of_atom(atom, found);
            }
            LiteralKind::Compare { left, right, .. } => {
                relations_of_term(left, found);
                relations_of_term(right, found);
            }
            LiteralKind::Or(branches) => branches.iter().for_each(|branch| relations_of(branch, found)),
        }
    }
}

fn relations_of_atom<'a>(atom: &'a Atom, found: &mut Vec<&'a str>) {
    atom.args.iter().for_each(|term| relations_of_term(term, found));
}

fn relations_of_term<'a>(term: &'a Term, found: &mut Vec<&'a str>) {
    if let TermKind::Aggregate(aggregate) = &term.kind {
        aggregate.target.iter().for_each(|term| relations_of_term(term, found));
        relations_of(&aggregate.body, found);
    }
    term.parts().for_each(|part| relations_of_term(part, found));
}
