//! May these names stand beside each other? What Soufflé asks of the names of types, relations, components, instances and
//! functions, so that a name tells by itself what it means.
//!
//! In: trees. Out: a message for each name that was taken, with the place that took it. Two types or two relations of one
//! name are told apart where they are read.

use crate::report::{Code, Diagnostic, Span};
use crate::syntax::{Ast, ItemKind, Name};
use rustc_hash::FxHashMap;

/// Names, each with what took it and where.
#[derive(Default)]
struct Taken<'a>(FxHashMap<&'a str, (&'static str, Span)>);

impl<'a> Taken<'a> {
    fn add(&mut self, names: impl Iterator<Item = &'a Name>, by: &'static str) {
        for name in names {
            self.0.entry(&name.text).or_insert((by, name.span));
        }
    }

    fn clash(&self, name: &Name, by: &'static str) -> Option<Diagnostic> {
        let (first, place) = *self.0.get(name.text.as_str())?;
        let message = if first == by {
            format!("two {by}s are called `{}`", name.text)
        } else {
            format!("both {} and {} are called `{}`", one(first), one(by), name.text)
        };
        Some(
            Diagnostic::new(Code::ConflictingDeclaration, name.span, message)
                .label(format!("{} here", one(by)))
                .also(place, format!("{} here", one(first)))
                .help("rename one of the two"),
        )
    }

    /// Complains about those that are taken, and takes the others.
    fn take(&mut self, names: impl Iterator<Item = &'a Name>, by: &'static str) -> Vec<Diagnostic> {
        let mut clashes = Vec::new();
        for name in names {
            match self.clash(name, by) {
                Some(clash) => clashes.push(clash),
                None => self.add(std::iter::once(name), by),
            }
        }
        clashes
    }
}

fn one(what: &str) -> String {
    let article = if what.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" };
    format!("{article} {what}")
}

/// Looks at the names of components and instances, before these are made.
pub(super) fn components(asts: &[Ast]) -> Vec<Diagnostic> {
    let mut taken = Taken::default();
    taken.add(types(asts), "type");
    taken.add(relations(asts), "relation");
    let components = names(asts, |kind| match kind {
        ItemKind::Component(decl) => Some(&decl.name),
        _ => None,
    });
    let instances = names(asts, |kind| match kind {
        ItemKind::Instance(decl) => Some(&decl.name),
        _ => None,
    });
    [taken.take(components, "component"), taken.take(instances, "instance")].concat()
}

/// Looks at the names of types and relations, those of instances too, and of functions.
pub(super) fn declarations(asts: &[Ast]) -> Vec<Diagnostic> {
    let (mut taken, mut called) = (Taken::default(), Taken::default());
    taken.add(types(asts), "type");
    let clashes = relations(asts).filter_map(|name| taken.clash(name, "relation"));
    let functions = names(asts, |kind| match kind {
        ItemKind::Functor(decl) => Some(&decl.name),
        _ => None,
    });
    clashes.chain(called.take(functions, "function")).collect()
}

fn types(asts: &[Ast]) -> impl Iterator<Item = &Name> {
    names(asts, |kind| match kind {
        ItemKind::Type(decl) => Some(&decl.name),
        _ => None,
    })
}

fn relations(asts: &[Ast]) -> impl Iterator<Item = &Name> {
    names(asts, |kind| match kind {
        ItemKind::Relation(decl) => Some(&decl.name),
        _ => None,
    })
}

fn names(asts: &[Ast], of: fn(&ItemKind) -> Option<&Name>) -> impl Iterator<Item = &Name> {
    asts.iter().flat_map(|ast| &ast.items).filter_map(move |item| of(&item.kind))
}
