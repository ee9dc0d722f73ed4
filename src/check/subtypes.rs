//! What does `.type` make? The table of types: built in, and named by the user.
//!
//! In: the `.type` clauses of all files. Out: [`Subtypes`], in which every chain of names ends at a built-in type;
//! names that do not are complained about and left out.

use crate::data::Type;
use crate::report::{Code, Diagnostic, nearest};
use crate::syntax::{Ast, ItemKind, Name, TypeDecl, TypeDefinition};
use indexmap::IndexMap;
use rustc_hash::FxHashSet;

/// The types that a user named.
#[derive(Debug, Clone, Default)]
pub(super) struct Subtypes {
    all: IndexMap<String, Subtype>,
    /// Names that were complained about where they are declared.
    refused: FxHashSet<String>,
}

#[derive(Debug, Clone)]
struct Subtype {
    /// The user's type that it is part of, if that is not a built-in one.
    parent: Option<String>,
    base: Type,
}

/// What a type's name in a `.decl` stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Named {
    pub(super) ty: Type,
    pub(super) subtype: Option<String>,
}

impl Subtypes {
    /// What a name stands for.
    pub(super) fn find(&self, name: &str) -> Option<Named> {
        if let Some(ty) = built_in(name) {
            return Some(Named { ty, subtype: None });
        }
        self.all.get(name).map(|subtype| Named { ty: subtype.base, subtype: Some(name.to_string()) })
    }

    /// Whether no `.type` made any.
    pub(super) fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// Whether a name was complained about where it is declared.
    pub(super) fn is_refused(&self, name: &str) -> bool {
        self.refused.contains(name)
    }

    /// Whether every value of type `lower` is one of type `upper`; `None` is the built-in type itself.
    pub(super) fn within(&self, lower: Option<&str>, upper: Option<&str>) -> bool {
        let Some(upper) = upper else { return true };
        self.chain(lower).any(|name| name == upper)
    }

    /// The nearest type that both are part of.
    pub(super) fn join(&self, left: Option<&str>, right: Option<&str>) -> Option<String> {
        let above: FxHashSet<&str> = self.chain(right).collect();
        self.chain(left).find(|name| above.contains(name)).map(str::to_string)
    }

    /// The type and those it is part of, the nearest first.
    fn chain<'a>(&'a self, name: Option<&'a str>) -> impl Iterator<Item = &'a str> {
        std::iter::successors(name, |name| self.all.get(*name).and_then(|subtype| subtype.parent.as_deref()))
    }

    /// The type's name as it is written in a `.decl`.
    pub(super) fn near(&self, name: &str) -> Option<String> {
        let known = Type::ALL.iter().map(|ty| ty.name()).chain(self.all.keys().map(String::as_str));
        nearest(name, known).map(str::to_string)
    }
}

fn built_in(name: &str) -> Option<Type> {
    Type::ALL.into_iter().find(|ty| ty.name() == name)
}

/// A type that is part of another.
#[derive(Clone, Copy)]
struct Part<'a> {
    name: &'a Name,
    base: &'a Name,
}

/// Reads every `.type`.
pub(super) fn subtypes(asts: &[Ast], diagnostics: &mut Vec<Diagnostic>) -> Subtypes {
    let mut written: IndexMap<&str, Part<'_>> = IndexMap::new();
    for item in asts.iter().flat_map(|ast| &ast.items) {
        if let ItemKind::Type(TypeDecl { name, definition }) = &item.kind {
            match definition {
                TypeDefinition::Part(base) => diagnostics.extend(keep(Part { name, base }, &mut written)),
                TypeDefinition::Union(_) | TypeDefinition::Record(_) | TypeDefinition::Branches(_) => {
                    diagnostics.push(super::whole::not_yet(item.span));
                }
            }
        }
    }
    let mut table = Subtypes::default();
    for decl in written.values() {
        resolve(*decl, &written, &mut table, diagnostics);
    }
    table
}

fn keep<'a>(decl: Part<'a>, written: &mut IndexMap<&'a str, Part<'a>>) -> Option<Diagnostic> {
    if built_in(&decl.name.text).is_some() {
        return Some(
            Diagnostic::new(
                Code::ConflictingDeclaration,
                decl.name.span,
                format!("`{}` is a built-in type", decl.name.text),
            )
            .label("cannot be defined anew")
            .help("give the new type a name of its own"),
        );
    }
    match written.get(decl.name.text.as_str()) {
        None => {
            written.insert(&decl.name.text, decl);
            None
        }
        Some(first) if first.base.text == decl.base.text => None,
        Some(first) => Some(
            Diagnostic::new(
                Code::ConflictingDeclaration,
                decl.name.span,
                format!("the type `{}` is declared in two ways", decl.name.text),
            )
            .label(format!("a part of `{}` here", decl.base.text))
            .also(first.name.span, format!("a part of `{}` here", first.base.text))
            .help("keep one of the two"),
        ),
    }
}

/// Enters a type and those above it, from the top down.
fn resolve<'a>(
    decl: Part<'a>,
    written: &IndexMap<&'a str, Part<'a>>,
    table: &mut Subtypes,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let mut chain = vec![decl];
    let mut in_chain: FxHashSet<&str> = FxHashSet::from_iter([decl.name.text.as_str()]);
    let mut above = loop {
        let below = chain.last().expect("a chain begins with its lowest type");
        let base = below.base.text.as_str();
        if let Some(named) = table.find(base) {
            break Some(named);
        }
        match written.get(base) {
            _ if table.is_refused(base) => break None,
            Some(next) if in_chain.insert(base) => chain.push(*next),
            Some(_) => {
                diagnostics.push(cyclic(&chain, base));
                break None;
            }
            None => {
                diagnostics.push(unknown_type(below.base, table, written.keys().copied()));
                break None;
            }
        }
    };
    for decl in chain.into_iter().rev() {
        let name = decl.name.text.as_str();
        match &above {
            Some(Named { ty, subtype }) => {
                table.all.insert(name.to_string(), Subtype { parent: subtype.clone(), base: *ty });
                above = Some(Named { ty: *ty, subtype: Some(name.to_string()) });
            }
            None => {
                table.refused.insert(name.to_string());
            }
        }
    }
}

fn cyclic(chain: &[Part<'_>], back_to: &str) -> Diagnostic {
    let start = chain.iter().position(|decl| decl.name.text == back_to).expect("the cycle closes within the chain");
    let cycle = &chain[start..];
    let drawn: Vec<&str> = cycle.iter().map(|decl| decl.name.text.as_str()).chain([back_to]).collect();
    let mut message = Diagnostic::new(
        Code::CyclicType,
        cycle[0].name.span,
        format!("a type is part of itself: {}", drawn.join(" <: ")),
    )
    .label(format!("a part of `{}`", cycle[0].base.text))
    .help("let one of them be a part of a built-in type such as `symbol`");
    for decl in &cycle[1..] {
        message = message.also(decl.name.span, format!("a part of `{}`", decl.base.text));
    }
    message
}

/// A type's name that nothing stands behind.
pub(super) fn unknown_type<'a>(
    name: &Name,
    table: &Subtypes,
    also_known: impl IntoIterator<Item = &'a str>,
) -> Diagnostic {
    let near = table.near(&name.text).or_else(|| nearest(&name.text, also_known).map(str::to_string));
    let souffle = match name.text.as_str() {
        "int" | "integer" => Some("number"),
        "string" | "text" | "str" => Some("symbol"),
        "double" | "real" => Some("float"),
        _ => None,
    };
    let message = Diagnostic::new(Code::UnknownType, name.span, format!("no type is called `{}`", name.text))
        .label("not built in, and no `.type` declares it");
    match souffle.map(str::to_string).or(near) {
        Some(near) => message.help(format!("did you mean `{near}`?")),
        None => message.help(format!("declare it: `.type {} <: symbol`", name.text)),
    }
}
