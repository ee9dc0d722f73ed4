//! Is there such a name, and does it take so many arguments?
//!
//! In: an atom of a body, or a call in a term. Out: the relation or builtin that it means, or a message with the
//! nearest name that there is. A name that nothing has is complained about once, at its first use.

use super::RelationId;
use super::inference::Inference;
use super::overloads::{arguments, is_function, is_one_of, is_predicate};
use super::schema::{Schema, open_columns, plain_names};
use crate::data::{BuiltinId, Dialect, Notation};
use crate::report::{Code, Diagnostic, Span, nearest};
use crate::syntax::{Atom, Name};
use indexmap::IndexMap;

/// An atom in a body.
#[derive(Clone, Copy)]
pub(super) struct Ask<'a> {
    pub(super) atom: &'a Atom,
    /// Whether it asks for citations.
    pub(super) cited: bool,
}

/// The names that no relation has, each with its uses.
#[derive(Default)]
pub(super) struct Unknown {
    names: IndexMap<String, Uses>,
}

struct Uses {
    first: Span,
    arity: usize,
    more: usize,
}

/// The relation that an atom of a body asks for.
pub(super) fn find(
    ask: Ask<'_>,
    schema: &mut Schema,
    inference: &mut Inference,
    unknown: &mut Unknown,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<RelationId> {
    let Some(id) = schema.names.get(&ask.atom.name.text).copied() else {
        unknown.note(&ask.atom.name, ask.atom.args.len());
        return None;
    };
    let relation = &mut schema.relations[id];
    relation.asked.get_or_insert(ask.atom.span);
    if ask.cited {
        relation.asked_citations.get_or_insert(ask.atom.span);
    }
    if relation.columns.is_none() {
        relation.shaped = Some(ask.atom.name.span);
        relation.columns = Some(open_columns(plain_names(ask.atom.args.len()), inference));
    }
    if arity_fits(id, ask.atom, schema, diagnostics) { Some(id) } else { None }
}

/// Complains about an atom with too many or too few arguments.
pub(super) fn arity_fits(id: RelationId, atom: &Atom, schema: &Schema, diagnostics: &mut Vec<Diagnostic>) -> bool {
    let relation = &schema.relations[id];
    let (arity, given) = (relation.arity().unwrap_or_default(), atom.args.len());
    if arity == given {
        return true;
    }
    let mut message = Diagnostic::new(
        Code::WrongArity,
        atom.span,
        format!("`{}` takes {}, not {given}", relation.name, arguments(arity)),
    )
    .label(format!("{} here", arguments(given)));
    if let Some(place) = relation.shaped
        && place != atom.name.span
    {
        let label = if relation.declared {
            format!("declared with {}", columns(arity))
        } else {
            format!("first used with {}", arguments(arity))
        };
        message = message.also(place, label);
    }
    if let Some(file) = &relation.file {
        message = message.note(format!("`{file}` has {}", columns(arity)));
    }
    diagnostics.push(if arity == 0 {
        message.help(format!("write `{}` without arguments", relation.name))
    } else if given < arity && given > 0 {
        message.help(format!("it is `{}`; write `_` for a column that does not matter", schema.shown(id)))
    } else {
        message.help(format!("it is `{}`", schema.shown(id)))
    });
    false
}

fn columns(count: usize) -> String {
    if count == 1 { "1 column".to_string() } else { format!("{count} columns") }
}

impl Unknown {
    pub(super) fn note(&mut self, name: &Name, arity: usize) {
        self.names.entry(name.text.clone()).and_modify(|uses| uses.more += 1).or_insert(Uses {
            first: name.span,
            arity,
            more: 0,
        });
    }

    /// One message for each name.
    pub(super) fn report(&self, schema: &Schema, diagnostics: &mut Vec<Diagnostic>) {
        for (name, uses) in &self.names {
            let mut message =
                Diagnostic::new(Code::UnknownRelation, uses.first, format!("no relation is called `{name}`"))
                    .label("not declared, stored or derived");
            if uses.more > 0 {
                message = message.note(format!("it is used in {} more {}", uses.more, places(uses.more)));
            }
            diagnostics.push(match try_instead(name, uses.arity, schema) {
                Some(help) => message.help(help),
                None => message
                    .help(format!("give it a fact or a rule, or declare it: `.decl {name}({})`", holes(uses.arity))),
            });
        }
    }
}

fn places(count: usize) -> &'static str {
    if count == 1 { "place" } else { "places" }
}

/// The columns of a `.decl` that somebody still has to write.
fn holes(arity: usize) -> String {
    let holes: Vec<String> = (1..=arity.min(8)).map(|at| format!("x{at}: symbol")).collect();
    holes.join(", ")
}

fn try_instead(name: &str, arity: usize, schema: &Schema) -> Option<String> {
    if is_function(name, schema.dialect) || is_one_of(name, schema.dialect).is_some() {
        return Some(format!("`{name}` is a function: compare its value, such as `X = {name}(…)`"));
    }
    let relations = schema.names.keys().map(String::as_str);
    let rows = BuiltinId::all(schema.dialect).map(BuiltinId::row);
    let predicates = rows.filter(|row| row.result.is_none()).map(|row| row.name);
    let near = nearest(name, relations.chain(predicates))?;
    Some(match schema.names.get(near) {
        Some(id) if schema.relations[*id].columns.is_some() => format!("did you mean `{}`?", schema.shown(*id)),
        Some(_) => format!("did you mean `{near}`?"),
        None => format!("did you mean the builtin `{near}`, with {}?", arguments(arity)),
    })
}

/// The builtin's own copy of its name.
pub(super) fn builtin_name(name: &str, dialect: Dialect) -> Option<&'static str> {
    BuiltinId::named(name, Notation::Call, dialect).next().map(|id| id.row().name)
}

/// The function that a call in a term means.
pub(super) fn function(name: &Name, schema: &Schema) -> Result<&'static str, Box<Diagnostic>> {
    let text = name.text.as_str();
    if is_function(text, schema.dialect) {
        return Ok(builtin_name(text, schema.dialect).expect("a function is in the table"));
    }
    let message = Diagnostic::new(Code::UnknownFunction, name.span, format!("no function is called `{text}`"));
    Err(Box::new(if is_predicate(text, schema.dialect) {
        message
            .label("holds or does not, and has no value")
            .help(format!("write `{text}(…)` as a condition of its own"))
    } else if schema.names.contains_key(text) {
        message
            .label("a relation, and not a function")
            .help(format!("write `{text}(…, X)` as a condition of its own, and `X` here"))
    } else {
        let rows = BuiltinId::all(schema.dialect).map(BuiltinId::row);
        let functions = rows
            .filter(|row| (row.notation == Notation::Call && row.result.is_some()) || row.notation == Notation::OneOf);
        let message = message.label("not built in");
        match nearest(text, functions.map(|row| row.name)) {
            Some(near) => message.help(format!("did you mean `{near}`?")),
            None => message.help("`entail help builtins` lists the functions; a relation cannot stand within a term"),
        }
    }))
}

/// A branch that no type has.
pub(super) fn unknown_branch(name: &str, span: Span, schema: &Schema) -> Diagnostic {
    let message = Diagnostic::new(Code::UnknownType, span, format!("no type has a branch `{name}`"))
        .label("no `.type` declares it");
    match nearest(name, schema.subtypes.records.branches()) {
        Some(near) => message.help(format!("did you mean `${near}`?")),
        None => message.help(format!("declare it: `.type Shape = {name} {{ x: number }} | …`")),
    }
}

/// `@` behind a builtin.
pub(super) fn cited_builtin(atom: &Atom, claim: Span) -> Diagnostic {
    Diagnostic::new(Code::UnknownRelation, claim, format!("`{}` is a builtin, which no claim supports", atom.name.text))
        .label("only stored facts are cited")
        .help("drop the `@` and what follows it")
}
