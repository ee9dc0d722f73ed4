//! New names for relations and types in a tree.
//!
//! In: an item, and what some names stand for. Out: the item with those names replaced, wherever it says them. Places
//! stay as they are.

use crate::syntax::{
    Aggregate, Atom, ColumnDecl, Item, ItemKind, Literal, LiteralKind, Name, Subsumption, Term, TermKind,
    TypeDefinition,
};
use rustc_hash::FxHashMap;

/// What names stand for.
#[derive(Debug, Clone, Default)]
pub(super) struct Renaming {
    pub(super) relations: FxHashMap<String, String>,
    /// Types, and branches of types.
    pub(super) types: FxHashMap<String, String>,
}

impl Renaming {
    /// Puts the new names into an item.
    pub(super) fn item(&self, item: &mut Item) {
        match &mut item.kind {
            ItemKind::Fact(fact) => {
                self.atom(&mut fact.atom);
                fact.citations.iter_mut().for_each(|term| self.term(term));
            }
            ItemKind::Rule(rule) => {
                self.atom(&mut rule.head);
                self.body(&mut rule.body);
            }
            ItemKind::Subsumption(Subsumption { lesser, greater, body }) => {
                self.atom(lesser);
                self.atom(greater);
                self.body(body);
            }
            ItemKind::Constraint(body) | ItemKind::Query(body) => self.body(body),
            ItemKind::Retraction(fact) => self.atom(&mut fact.atom),
            ItemKind::Relation(decl) => {
                self.relation(&mut decl.name);
                self.columns(&mut decl.columns);
            }
            ItemKind::Type(decl) => {
                self.ty(&mut decl.name);
                match &mut decl.definition {
                    TypeDefinition::Part(base) => self.ty(base),
                    TypeDefinition::Union(names) => names.iter_mut().for_each(|name| self.ty(name)),
                    TypeDefinition::Record(fields) => self.columns(fields),
                    TypeDefinition::Branches(branches) => {
                        for branch in branches {
                            self.ty(&mut branch.name);
                            self.columns(&mut branch.fields);
                        }
                    }
                }
            }
            ItemKind::Functor(decl) => {
                decl.params.iter_mut().chain([&mut decl.result]).for_each(|ty| self.ty(ty));
            }
            ItemKind::Lattice(decl) => {
                self.ty(&mut decl.name);
                decl.parts.iter_mut().for_each(|part| self.term(&mut part.term));
            }
            ItemKind::Io(directive) => self.relation(&mut directive.relation),
            ItemKind::Component(_)
            | ItemKind::Instance(_)
            | ItemKind::Override(_)
            | ItemKind::Pragma(_)
            | ItemKind::Include(_) => {}
        }
    }

    fn relation(&self, name: &mut Name) {
        replace(&self.relations, name);
    }

    fn ty(&self, name: &mut Name) {
        replace(&self.types, name);
    }

    fn columns(&self, columns: &mut [ColumnDecl]) {
        columns.iter_mut().filter_map(|column| column.ty.as_mut()).for_each(|ty| self.ty(ty));
    }

    fn body(&self, body: &mut [Literal]) {
        for literal in body {
            match &mut literal.kind {
                LiteralKind::Atom(atom) | LiteralKind::Not(atom) => self.atom(atom),
                LiteralKind::Compare { left, right, .. } => {
                    self.term(left);
                    self.term(right);
                }
                LiteralKind::Or(branches) => branches.iter_mut().for_each(|branch| self.body(branch)),
            }
        }
    }

    fn atom(&self, atom: &mut Atom) {
        self.relation(&mut atom.name);
        atom.args.iter_mut().for_each(|term| self.term(term));
        if let Some(citation) = &mut atom.citation {
            self.term(citation);
        }
    }

    fn term(&self, term: &mut Term) {
        match &mut term.kind {
            TermKind::Variable(_)
            | TermKind::Wildcard
            | TermKind::Constant { .. }
            | TermKind::Nil
            | TermKind::Counter => {}
            TermKind::Call { args, .. } | TermKind::Foreign { args, .. } | TermKind::Record(args) => {
                args.iter_mut().for_each(|term| self.term(term));
            }
            TermKind::Binary { left, right, .. } => {
                self.term(left);
                self.term(right);
            }
            TermKind::Negative(inner) => self.term(inner),
            TermKind::Aggregate(aggregate) => {
                let Aggregate { target, body, .. } = &mut **aggregate;
                target.iter_mut().for_each(|term| self.term(term));
                self.body(body);
            }
            TermKind::Branch { name, args } => {
                self.ty(name);
                args.iter_mut().for_each(|term| self.term(term));
            }
            TermKind::Cast { term, ty } => {
                self.term(term);
                self.ty(ty);
            }
        }
    }
}

fn replace(names: &FxHashMap<String, String>, name: &mut Name) {
    if let Some(new) = names.get(&name.text) {
        name.text.clone_from(new);
    }
}
