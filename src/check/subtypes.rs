//! What does `.type` make? The table of types: built in, and named by the user.
//!
//! In: the `.type` clauses of all files. Out: [`Subtypes`], in which every name ends at a built-in type or at a type of
//! records; names that do not are complained about and left out.

use super::Column;
use crate::data::{Dialect, Form, FormField, IdVec, RecordType, RecordTypeId, RecordTypes, Shape, Tag, Type};
use crate::formats::{Field, RecordKind};
use crate::report::{Code, Diagnostic, nearest};
use crate::syntax::{Ast, ColumnDecl, ItemKind, Name, TypeDecl, TypeDefinition};
use indexmap::IndexMap;
use rustc_hash::{FxHashMap, FxHashSet};
use std::sync::Arc;

/// The types that a user named.
#[derive(Debug, Clone, Default)]
pub(super) struct Subtypes {
    all: IndexMap<String, Subtype>,
    /// Names that were complained about where they are declared.
    refused: FxHashSet<String>,
    /// What the types of records are made of.
    pub(super) records: RecordTypes,
}

#[derive(Debug, Clone)]
struct Subtype {
    /// What it stands for: itself, unless it is another name.
    named: Named,
    /// The user's types that it is a part of.
    above: Vec<String>,
    record: Option<RecordTypeId>,
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
        self.all.get(name).map(|subtype| subtype.named.clone())
    }

    /// The type of records that a name stands for.
    pub(super) fn record(&self, name: Option<&str>) -> Option<RecordTypeId> {
        self.all.get(name?)?.record
    }

    /// A column as files have it: with the types of its records.
    pub(super) fn field(&self, column: &Column) -> Field {
        let records = self.record(column.subtype.as_deref());
        let records = records.map(|ty| RecordKind { types: self.records.clone(), ty });
        Field { records, ..Field::new(&column.name, column.ty) }
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
        self.and_above(lower).contains(&upper)
    }

    /// The nearest type that both are part of.
    pub(super) fn join(&self, left: Option<&str>, right: Option<&str>) -> Option<String> {
        let above: FxHashSet<&str> = self.and_above(right).into_iter().collect();
        self.and_above(left).into_iter().find(|name| above.contains(name)).map(str::to_string)
    }

    /// A type that is part of both, of which all others that are so are part if there is one.
    pub(super) fn meet(&self, left: Option<&str>, right: Option<&str>) -> Option<&str> {
        let in_both = |name: &&String| self.within(Some(name), left) && self.within(Some(name), right);
        let common: Vec<&str> = self.all.keys().filter(in_both).map(String::as_str).collect();
        common.iter().copied().find(|top| common.iter().all(|other| self.within(Some(other), Some(top))))
    }

    /// The type and those it is part of, the nearest first.
    fn and_above<'a>(&'a self, name: Option<&'a str>) -> Vec<&'a str> {
        let mut found: Vec<&str> = name.into_iter().collect();
        let mut seen: FxHashSet<&str> = found.iter().copied().collect();
        let mut at = 0;
        while let Some(name) = found.get(at).copied() {
            let above = self.all.get(name).into_iter().flat_map(|subtype| &subtype.above);
            found.extend(above.map(String::as_str).filter(|above| seen.insert(above)));
            at += 1;
        }
        found
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

/// A type as it is declared.
#[derive(Clone, Copy)]
struct Written<'a> {
    name: &'a Name,
    definition: &'a TypeDefinition,
}

impl<'a> Written<'a> {
    /// The types that it must be known of first what they are.
    fn needs(self) -> &'a [Name] {
        match self.definition {
            TypeDefinition::Part(base) => std::slice::from_ref(base),
            TypeDefinition::Union(members) => members,
            TypeDefinition::Record(_) | TypeDefinition::Branches(_) => &[],
        }
    }

    /// What a message says that it is.
    fn said(self) -> String {
        match self.definition {
            TypeDefinition::Part(base) => format!("a part of `{}`", base.text),
            TypeDefinition::Union(members) => {
                let members: Vec<&str> = members.iter().map(|member| member.text.as_str()).collect();
                format!("`{}`", members.join(" | "))
            }
            TypeDefinition::Record(_) => "a record".to_string(),
            TypeDefinition::Branches(_) => "a choice of branches".to_string(),
        }
    }
}

/// Reads every `.type`.
pub(super) fn subtypes(dialect: Dialect, asts: &[Ast], diagnostics: &mut Vec<Diagnostic>) -> Subtypes {
    let mut written: IndexMap<&str, Written<'_>> = IndexMap::new();
    for item in asts.iter().flat_map(|ast| &ast.items) {
        if let ItemKind::Type(TypeDecl { name, definition }) = &item.kind {
            diagnostics.extend(keep(Written { name, definition }, dialect, &mut written));
        }
    }
    let mut table = Subtypes::default();
    let mut record_names: IdVec<RecordTypeId, Written<'_>> = IdVec::new();
    for decl in written.values() {
        if matches!(decl.definition, TypeDefinition::Record(_) | TypeDefinition::Branches(_)) {
            let named = Named { ty: Type::Record, subtype: Some(decl.name.text.clone()) };
            let record = Some(record_names.push(*decl));
            table.all.insert(decl.name.text.clone(), Subtype { named, above: Vec::new(), record });
        }
    }
    name_all(&written, &mut table, diagnostics);
    let mut branches = FxHashMap::default();
    let types = record_names.iter().map(|decl| record_type(*decl, &table, &mut branches, diagnostics)).collect();
    table.records = RecordTypes::new(types);
    if dialect != Dialect::Entail {
        diagnostics.extend(written.values().filter_map(|decl| part_of_a_whole(*decl, &written)));
    }
    table
}

fn keep<'a>(decl: Written<'a>, dialect: Dialect, written: &mut IndexMap<&'a str, Written<'a>>) -> Option<Diagnostic> {
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
    let Some(first) = written.get(decl.name.text.as_str()) else {
        written.insert(&decl.name.text, decl);
        return None;
    };
    let same = first.definition.to_string() == decl.definition.to_string();
    if same && dialect == Dialect::Entail {
        return None;
    }
    let ways = if same { "twice" } else { "in two ways" };
    let message = format!("the type `{}` is declared {ways}", decl.name.text);
    Some(
        Diagnostic::new(Code::ConflictingDeclaration, decl.name.span, message)
            .label(format!("{} here", decl.said()))
            .also(first.name.span, format!("{} here", first.said()))
            .help("keep one of the two"),
    )
}

/// What is said of a type that is a part of what Soufflé does not take apart: a union or records, by their own names.
fn part_of_a_whole(decl: Written<'_>, written: &IndexMap<&str, Written<'_>>) -> Option<Diagnostic> {
    let TypeDefinition::Part(base) = decl.definition else { return None };
    let whole = written.get(base.text.as_str())?;
    let what = match whole.definition {
        TypeDefinition::Union(members) if members.len() > 1 => "a union of types",
        TypeDefinition::Record(_) => "a type of records",
        TypeDefinition::Union(_) | TypeDefinition::Part(_) | TypeDefinition::Branches(_) => return None,
    };
    let message = format!("`{}` is {what}, which has no parts with names of their own", base.text);
    Some(
        Diagnostic::new(Code::SubtypeMismatch, base.span, message)
            .also(whole.name.span, "declared here")
            .help(format!("write `{} = {}` for another name of the same type", decl.name.text, base.text)),
    )
}

/// Enters the types that are made of others: each once all those are known, or one is not.
fn name_all<'a>(written: &IndexMap<&'a str, Written<'a>>, table: &mut Subtypes, diagnostics: &mut Vec<Diagnostic>) {
    let mut waiting: FxHashMap<&str, usize> = FxHashMap::default();
    let mut waits_for: FxHashMap<&str, Vec<&str>> = FxHashMap::default();
    let mut ready: Vec<&str> = Vec::new();
    for (name, decl) in written.iter().filter(|(_, decl)| !decl.needs().is_empty()) {
        let open = decl.needs().iter().filter(|need| {
            let need = need.text.as_str();
            let is_open = written.get(need).is_some_and(|needed| !needed.needs().is_empty());
            if is_open {
                waits_for.entry(need).or_default().push(name);
            }
            is_open
        });
        match open.count() {
            0 => ready.push(name),
            open => {
                waiting.insert(name, open);
            }
        }
    }
    while let Some(name) = ready.pop() {
        enter(written[name], written, table, diagnostics);
        for other in waits_for.remove(name).unwrap_or_default() {
            let open = waiting.get_mut(other).expect("it waits");
            *open -= 1;
            if *open == 0 {
                waiting.remove(other);
                ready.push(other);
            }
        }
    }
    let mut told: FxHashSet<&str> = FxHashSet::default();
    for name in written.keys().filter(|name| waiting.contains_key(**name)) {
        table.refused.insert((*name).to_string());
        let cycle = cycle_from(name, written, &waiting);
        if cycle.iter().all(|decl| told.insert(decl.name.text.as_str())) {
            diagnostics.push(cyclic(&cycle));
        }
    }
}

/// Enters a type all of whose parts were looked at.
fn enter<'a>(
    decl: Written<'a>,
    written: &IndexMap<&'a str, Written<'a>>,
    table: &mut Subtypes,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let name = decl.name.text.clone();
    let mut found: Vec<Named> = Vec::new();
    for need in decl.needs() {
        match table.find(&need.text) {
            Some(named) => found.push(named),
            None => {
                if !table.is_refused(&need.text) {
                    diagnostics.push(unknown_type(need, table, written.keys().copied()));
                }
                table.refused.insert(name);
                return;
            }
        }
    }
    let Some(first) = found.first().cloned() else { return };
    if let Some(other) = found.iter().position(|other| other.ty != first.ty) {
        let (one, other) = (&decl.needs()[0], &decl.needs()[other]);
        diagnostics.push(mixed(one, other));
        table.refused.insert(name);
        return;
    }
    let record = table.record(first.subtype.as_deref());
    let own = Named { ty: first.ty, subtype: Some(name.clone()) };
    let subtype = match decl.definition {
        TypeDefinition::Part(_) => Subtype { named: own, above: first.subtype.into_iter().collect(), record },
        // With the whole of a built-in type in it, a union is no less than that.
        TypeDefinition::Union(_) if found.len() == 1 || found.iter().any(|member| member.subtype.is_none()) => {
            let whole = found.into_iter().find(|member| member.subtype.is_none()).unwrap_or(first);
            Subtype { named: whole, above: Vec::new(), record }
        }
        TypeDefinition::Union(_) | TypeDefinition::Record(_) | TypeDefinition::Branches(_) => {
            for member in found.iter().filter_map(|member| member.subtype.as_ref()) {
                table.all[member].above.push(name.clone());
            }
            Subtype { named: own, above: Vec::new(), record: None }
        }
    };
    table.all.insert(name, subtype);
}

fn mixed(one: &Name, other: &Name) -> Diagnostic {
    Diagnostic::new(Code::SubtypeMismatch, other.span, "a union of values of different kinds".to_string())
        .label(format!("`{}` is of another kind", other.text))
        .also(one.span, format!("than `{}`", one.text))
        .help("let all members of a union be parts of one built-in type")
}

/// The types of a cycle that a type waits for.
fn cycle_from<'a>(
    name: &str,
    written: &IndexMap<&'a str, Written<'a>>,
    waiting: &FxHashMap<&str, usize>,
) -> Vec<Written<'a>> {
    let mut path: Vec<Written<'a>> = Vec::new();
    let mut places: FxHashMap<&str, usize> = FxHashMap::default();
    let mut next = written[name];
    loop {
        if let Some(start) = places.insert(next.name.text.as_str(), path.len()) {
            return path.split_off(start);
        }
        path.push(next);
        let needs = next.needs().iter().find(|need| waiting.contains_key(need.text.as_str()));
        next = written[needs.expect("what waits waits for something").text.as_str()];
    }
}

fn cyclic(cycle: &[Written<'_>]) -> Diagnostic {
    let first = cycle[0];
    let drawn: Vec<&str> = cycle.iter().chain([&first]).map(|decl| decl.name.text.as_str()).collect();
    let mut message =
        Diagnostic::new(Code::CyclicType, first.name.span, format!("a type is part of itself: {}", drawn.join(" <: ")))
            .label(first.said())
            .help("let one of them be a part of a built-in type such as `symbol`");
    for decl in &cycle[1..] {
        message = message.also(decl.name.span, decl.said());
    }
    message
}

/// What a type of records is made of.
fn record_type<'a>(
    decl: Written<'a>,
    table: &Subtypes,
    branches: &mut FxHashMap<&'a str, &'a Name>,
    diagnostics: &mut Vec<Diagnostic>,
) -> RecordType {
    let mut forms = Vec::new();
    match decl.definition {
        TypeDefinition::Record(fields) => forms.push(form(Tag::Plain, fields, table, diagnostics)),
        TypeDefinition::Branches(written) => {
            for branch in written {
                if let Some(first) = branches.insert(&branch.name.text, &branch.name) {
                    diagnostics.push(
                        Diagnostic::new(
                            Code::ConflictingDeclaration,
                            branch.name.span,
                            format!("two branches are called `{}`", branch.name.text),
                        )
                        .label("again here")
                        .also(first.span, "first here")
                        .help("rename one of them: a branch tells which type it is of"),
                    );
                }
                forms.push(form(Tag::Branch(branch.name.text.as_str().into()), &branch.fields, table, diagnostics));
            }
        }
        TypeDefinition::Part(_) | TypeDefinition::Union(_) => {}
    }
    RecordType { name: decl.name.text.clone(), forms }
}

fn form(tag: Tag, written: &[ColumnDecl], table: &Subtypes, diagnostics: &mut Vec<Diagnostic>) -> Form {
    let mut seen: FxHashMap<&str, &Name> = FxHashMap::default();
    let (mut types, mut fields) = (Vec::new(), Vec::new());
    for field in written {
        let name = field.name.text.as_str();
        if let Some(first) = seen.insert(name, &field.name) {
            diagnostics.push(
                Diagnostic::new(Code::DuplicateColumn, field.name.span, format!("two fields are called `{name}`"))
                    .label("again here")
                    .also(first.span, "first here")
                    .help(format!("rename one of them, such as `{name}_2`")),
            );
        }
        let named = field.ty.as_ref().and_then(|ty| {
            let found = table.find(&ty.text);
            if found.is_none() && !table.is_refused(&ty.text) {
                diagnostics.push(unknown_type(ty, table, []));
            }
            found
        });
        let Named { ty, subtype } = named.unwrap_or(Named { ty: Type::Symbol, subtype: None });
        types.push(ty);
        fields.push(FormField { name: name.to_string(), record: table.record(subtype.as_deref()), named: subtype });
    }
    Form { shape: Arc::new(Shape { tag, types }), fields }
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
