//! A whole program for Soufflé.
//!
//! In: a checked program and its stored rows. Out: its text: types, then each relation with its facts, then the rules in
//! their order, then what is asked.

use super::clauses::{Writer, atom, clause_of};
use super::names::Names;
use super::values::{Known, is_sayable, type_name};
use crate::check::{Column, Program, Relation, RelationId, Role, written as tree};
use crate::data::{Dialect, Form, IdVec, Tag, Type, Value, Width};
use crate::report::{Diagnostic, Span};
use crate::syntax::{
    self, BranchDecl, ColumnDecl, FunctorDecl, IoDirective, IoKind, IoParam, ItemKind, Name, Qualifier, QualifierKind,
    RelationDecl, Spell, TermKind, Text, TypeDecl, TypeDefinition,
};
use std::collections::BTreeMap;

/// What is written.
pub(super) const SOUFFLE: Dialect = Dialect::Souffle(Width::Bits64);

/// The rows that are stored in a relation.
pub type Stored<'s> = dyn Fn(RelationId) -> Vec<Vec<Value>> + 's;

/// The program as Soufflé reads it, or what it cannot say.
pub fn souffle(program: &Program, stored: &Stored<'_>) -> Result<String, Vec<Diagnostic>> {
    let stored: IdVec<RelationId, Vec<Vec<Value>>> = program.relations.ids().map(stored).collect();
    let mut writer = Writer::new(program, &stored);
    let relations: Vec<String> =
        program.relations.enumerate().map(|(id, _)| writer.relation(id, &stored[id])).collect();
    let rules: Vec<ItemKind> = program.rules.iter().map(|rule| writer.rule(rule)).collect();
    for relation in program.relations.iter().filter(|relation| relation.upkeep.is_some()) {
        let place = relation.span.expect("who keeps some rows only says so somewhere");
        let message = format!("`{}` does not keep every row", relation.name);
        writer.refuse(place, message, "Soufflé leaves rows out in another order");
    }
    let types = writer.types() + &writer.functors();
    let asked = writer.asked();
    if !writer.diagnostics.is_empty() {
        return Err(writer.diagnostics);
    }
    let lines =
        |items: &[ItemKind]| -> String { items.iter().map(|item| format!("{}\n", item.within(SOUFFLE))).collect() };
    let parts = [writer.preface(), types, relations.concat(), lines(&writer.beside), lines(&rules), asked];
    Ok(parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n"))
}

impl<'a> Writer<'a> {
    fn new(program: &'a Program, stored: &IdVec<RelationId, Vec<Vec<Value>>>) -> Self {
        let mut known = Known::default();
        stored.iter().flatten().flatten().for_each(|value| known.value(value));
        program.rules.iter().for_each(|rule| known.rule(rule));
        program.relations.iter().flat_map(|relation| &relation.columns).for_each(|column| known.ty(column.ty));
        let types = program.record_types().all();
        let forms = types.clone().flat_map(|ty| &ty.forms);
        let branches =
            forms.filter_map(|form| if let Tag::Branch(name) = &form.shape.tag { Some(&**name) } else { None });
        let named = program.named().map(|id| &*program.relations[id].name);
        let of_types: Vec<&str> = types.map(|ty| &*ty.name).chain(branches).collect();
        let mut names = Names::keeping(named.chain(of_types.iter().copied()));
        let relations = program.relations.iter().map(|relation| called(program, relation, &mut names)).collect();
        let of_types = of_types.into_iter().map(|name| (name, names.known(name))).collect();
        let (functors, beside, diagnostics) = (BTreeMap::new(), Vec::new(), Vec::new());
        Self { program, relations, of_types, names, known, functors, beside, adds_floats: false, diagnostics }
    }

    /// A value as a term.
    pub(super) fn value(&self, value: &Value) -> syntax::Term {
        match value {
            Value::Record(record) => {
                self.made(record.tag(), record.fields().iter().map(|field| self.value(field)).collect())
            }
            Value::Symbol(_) | Value::Number(_) | Value::Unsigned(_) | Value::Float(_) | Value::Date(_) => {
                tree::constant(value.clone())
            }
        }
    }

    /// A record of these fields.
    pub(super) fn made(&self, tag: &Tag, fields: Vec<syntax::Term>) -> syntax::Term {
        let kind = match tag {
            Tag::Nil => TermKind::Nil,
            Tag::Plain => TermKind::Record(fields),
            Tag::Branch(name) => TermKind::Branch { name: named(&self.of_types[&**name]), args: fields },
        };
        syntax::Term { kind, span: Span::default() }
    }

    /// What has to be known of the whole text.
    fn preface(&mut self) -> String {
        let mut text = String::from("// Written by `entail emit --target souffle`.\n");
        if self.adds_floats {
            text.push_str("// Floats are added in an order of Soufflé's own: the last digits of sums may differ.\n");
        }
        if self.known.wide {
            let name = self.names.fresh("numbers_have_64_bits");
            text.push_str(
                "// A Soufflé whose numbers have 32 bits stops here; build it with SOUFFLE_DOMAIN_64BIT=ON.\n",
            );
            text.push_str(&format!(".decl {name}(most: number)\n{name}({}).\n", i64::MAX));
        }
        text
    }

    /// The types of records.
    fn types(&mut self) -> String {
        let mut text = String::new();
        for ty in self.program.record_types().all() {
            let branches = ty.forms.iter().filter_map(|form| match &form.shape.tag {
                Tag::Branch(branch) => Some((branch, form)),
                Tag::Nil | Tag::Plain => None,
            });
            let branches: Vec<BranchDecl> = branches
                .map(|(name, form)| BranchDecl { name: named(&self.of_types[&**name]), fields: self.fields(form) })
                .collect();
            let plain = ty.forms.iter().find(|form| form.shape.tag == Tag::Plain);
            let definition = match plain {
                Some(form) => TypeDefinition::Record(self.fields(form)),
                None => TypeDefinition::Branches(branches),
            };
            let item = ItemKind::Type(TypeDecl { name: named(&self.of_types[&*ty.name]), definition });
            text.push_str(&format!("{}\n", item.within(SOUFFLE)));
        }
        text
    }

    /// The functions of libraries.
    fn functors(&self) -> String {
        let declared = self.functors.iter().map(|(name, signature)| {
            let params = signature.params.iter().map(|ty| named(type_name(*ty))).collect();
            let result = named(type_name(signature.result));
            let item = ItemKind::Functor(FunctorDecl { name: named(name), params, result, stateful: false });
            format!("{}\n", item.within(SOUFFLE))
        });
        declared.collect()
    }

    fn fields(&self, form: &Form) -> Vec<ColumnDecl> {
        let mut names = Names::keeping(form.fields.iter().map(|field| &*field.name));
        let fields = form.fields.iter().zip(form.types());
        let fields = fields.map(|(field, ty)| ColumnDecl {
            name: named(&names.known(&field.name)),
            ty: Some(named(match field.record {
                Some(record) => &self.of_types[&*self.program.record_types().get(record).name],
                None => type_name(*ty),
            })),
            is_lattice: false,
        });
        fields.collect()
    }

    /// What a column is declared as; nothing where it is not known which records it holds.
    pub(super) fn column_type(&self, column: &Column) -> Option<String> {
        if column.ty != Type::Record {
            return Some(type_name(column.ty).to_owned());
        }
        let record = self.program.record_type(column)?;
        Some(self.of_types[&*self.program.record_types().get(record).name].clone())
    }

    /// A relation: how it is read, its columns, its facts.
    fn relation(&mut self, id: RelationId, rows: &[Vec<Value>]) -> String {
        let relation = &self.program.relations[id];
        let mut text = String::new();
        for line in relation.doc.iter().flat_map(|doc| doc.lines()) {
            text.push_str(format!("// {line}").trim_end());
            text.push('\n');
        }
        let mut names = Names::keeping(relation.columns.iter().map(|column| &*column.name));
        let mut columns = Vec::new();
        for column in &relation.columns {
            let Some(ty) = self.column_type(column) else {
                let what = format!("nothing says which records `{}` of `{}` holds", column.name, relation.name);
                self.refuse(relation.span.unwrap_or_default(), what, "Soufflé needs a type here");
                continue;
            };
            columns.push(ColumnDecl {
                name: named(&names.known(&column.name)),
                ty: Some(named(&ty)),
                is_lattice: false,
            });
        }
        let name = self.relations[id].clone();
        let word = SOUFFLE.equivalence();
        let qualifier = Qualifier { kind: QualifierKind::Equivalence { word }, span: Span::default() };
        let qualifiers = relation.is_equivalence.then_some(qualifier).into_iter().collect();
        let decl = RelationDecl { name: named(&name), columns, qualifiers };
        text.push_str(&format!("{}\n", ItemKind::Relation(decl).within(SOUFFLE)));
        for row in rows {
            if !row.iter().all(is_sayable) {
                let what = format!("a text in `{}` holds a NUL", relation.name);
                self.refuse(relation.span.unwrap_or_default(), what, "Soufflé's texts end there");
            }
            let fact = clause_of(atom(&name, row.iter().map(|value| self.value(value)).collect()), Vec::new());
            text.push_str(&format!("{}\n", fact.within(SOUFFLE)));
        }
        text
    }

    /// What is written and printed: by directives, and of questions and constraints.
    fn asked(&self) -> String {
        let mut text = String::new();
        for directive in &self.program.directives {
            let relation = &self.relations[directive.relation];
            let written = &directive.written;
            let params = match (written.kind, &written.params[..]) {
                (IoKind::Input | IoKind::LimitSize, _) => continue,
                (IoKind::PrintSize, _) => Vec::new(),
                (IoKind::Output, []) => file_with_header(&written.relation.text),
                (IoKind::Output, given) => given.to_vec(),
            };
            text.push_str(&directive_line(written.kind, relation, params));
        }
        for query in &self.program.queries {
            text.push_str(&directive_line(IoKind::Output, &self.relations[query.relation], vec![stdout()]));
        }
        for constraint in &self.program.constraints {
            let promise = constraint.message.as_deref().unwrap_or("A constraint, which no row breaks.");
            promise.lines().for_each(|line| text.push_str(&format!("// {line}\n")));
            text.push_str(&directive_line(IoKind::Output, &self.relations[constraint.relation], vec![stdout()]));
        }
        text
    }
}

/// What a relation is called in Soufflé.
fn called(program: &Program, relation: &Relation, names: &mut Names) -> String {
    match relation.role {
        Role::Named => names.known(&relation.name),
        Role::Citations(of) => names.fresh(&format!("{}_cited", program.relations[of].name)),
        Role::Query => names.fresh("answer"),
        Role::Constraint => names.fresh("violation"),
        Role::Auxiliary | Role::CameUp(_) | Role::GivingWay(_) => names.fresh(&relation.name),
    }
}

fn directive_line(kind: IoKind, relation: &str, params: Vec<IoParam>) -> String {
    let directive = ItemKind::Io(IoDirective { kind, relation: named(relation), params });
    format!("{}\n", directive.within(SOUFFLE))
}

/// As Entail writes a relation: `p.csv`, with a header.
fn file_with_header(relation: &str) -> Vec<IoParam> {
    let file = format!("{relation}.csv");
    [("IO", "file"), ("filename", &file), ("delimiter", ","), ("rfc4180", "true"), ("headers", "true")]
        .map(|(key, value)| param(key, value))
        .to_vec()
}

fn stdout() -> IoParam {
    param("IO", "stdout")
}

fn param(key: &str, value: &str) -> IoParam {
    IoParam { key: named(key), value: Text { text: value.to_owned(), span: Span::default() } }
}

fn named(text: &str) -> Name {
    Name { text: text.to_owned(), span: Span::default() }
}
