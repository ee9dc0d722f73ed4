//! Which relations do the outputs of a program depend on? Asked of trees, before there is a program.
//!
//! Soufflé leaves out what no output needs, files to be read included: such a file may be missing.

use super::desugar::{relations_of, relations_of_term};
use crate::syntax::{Ast, IoKind, ItemKind};
use rustc_hash::{FxHashMap, FxHashSet};

/// The relations that an `.output` or a `.printsize` depends on, by name.
pub fn needed(asts: &[Ast]) -> FxHashSet<&str> {
    let mut read: FxHashMap<&str, Vec<&str>> = FxHashMap::default();
    let mut open: Vec<&str> = Vec::new();
    for item in asts.iter().flat_map(|ast| &ast.items) {
        match &item.kind {
            ItemKind::Rule(rule) => {
                let read = read.entry(&rule.head.name.text).or_default();
                rule.head.args.iter().for_each(|term| relations_of_term(term, read));
                relations_of(&rule.body, read);
            }
            ItemKind::Fact(fact) => {
                let read = read.entry(&fact.atom.name.text).or_default();
                fact.atom.args.iter().for_each(|term| relations_of_term(term, read));
            }
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
