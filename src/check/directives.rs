//! Do the directives make sense?
//!
//! In: `.input`, `.output`, `.printsize` and `.limitsize`. Out: each with its relation, or a message about a name or
//! a parameter that there is not.

use super::names::Unknown;
use super::schema::Schema;
use super::{Directive, Program, RelationId, SizeLimit};
use crate::data::Dialect;
use crate::formats::Format;
use crate::report::{Code, Diagnostic, Span, nearest};
use crate::syntax::{IoDirective, IoKind, IoParam};
use rustc_hash::FxHashMap;

/// A parameter that a directive takes.
struct Parameter {
    key: &'static str,
    /// What its values look like, for a message.
    values: &'static str,
    accepts: fn(&str) -> bool,
}

/// What rows that are read and rows that are written are told alike.
static ROWS: &[Parameter] = &[
    Parameter { key: "filename", values: "a path", accepts: is_something },
    Parameter { key: "dbname", values: "a path", accepts: is_something },
    Parameter { key: "name", values: "what the rows are called, if not as the relation", accepts: is_something },
    Parameter { key: "delimiter", values: "a text between two fields", accepts: is_something },
    Parameter { key: "headers", values: "`true` or `false`", accepts: is_bool },
    Parameter { key: "rfc4180", values: "`true` or `false`", accepts: is_bool },
];

static READING: &[Parameter] = &[
    Parameter {
        key: "IO",
        values: "`file`, `stdin`, `jsonfile`, `json` or `sqlite`",
        accepts: |value| matches!(value, "file" | "stdin" | "jsonfile" | "json" | "sqlite"),
    },
    Parameter { key: "columns", values: "positions such as \"0:2:1\"", accepts: is_columns },
];

static WRITING: &[Parameter] = &[
    Parameter {
        key: "IO",
        values: "`file`, `stdout`, `stdoutprintsize`, `jsonfile`, `json` or `sqlite`",
        accepts: |value| matches!(value, "file" | "stdout" | "stdoutprintsize" | "jsonfile" | "json" | "sqlite"),
    },
    Parameter { key: "attributeNames", values: "what stands above the rows", accepts: |_| true },
    Parameter { key: "compress", values: "`true` or `false`", accepts: is_bool },
    Parameter { key: "format", values: "`list` or `object`", accepts: |value| matches!(value, "list" | "object") },
];

static LIMITING: &[Parameter] =
    &[Parameter { key: "n", values: "a number of rows", accepts: |value| value.parse::<u64>().is_ok() }];

fn is_something(value: &str) -> bool {
    !value.is_empty()
}

fn is_bool(value: &str) -> bool {
    matches!(value, "true" | "false")
}

fn is_columns(value: &str) -> bool {
    value.split(':').all(|position| position.parse::<u32>().is_ok())
}

fn parameters(kind: IoKind) -> impl Iterator<Item = &'static Parameter> + Clone {
    let (own, shared): (&[Parameter], &[Parameter]) = match kind {
        IoKind::Input => (READING, ROWS),
        IoKind::Output => (WRITING, ROWS),
        IoKind::PrintSize => (&[], &[]),
        IoKind::LimitSize => (LIMITING, &[]),
    };
    own.iter().chain(shared)
}

/// The bound of a `.limitsize p(n=100)`.
pub fn size_limit(directive: &IoDirective) -> usize {
    let bound = directive.params.iter().find(|param| param.key.text == "n");
    let bound = bound.and_then(|param| param.value.text.parse().ok());
    bound.expect("a checked `.limitsize` has its number")
}

/// What ends the evaluation of these relations, which depend on themselves. In the native dialect nothing does: there a
/// limit is a mistake.
pub(super) fn size_limits(program: &Program, relations: &[RelationId]) -> Vec<SizeLimit> {
    let directives = program.directives.iter().filter(|_| program.dialect != Dialect::Entail);
    let limits = directives
        .filter(|directive| directive.written.kind == IoKind::LimitSize && relations.contains(&directive.relation))
        .map(|directive| SizeLimit { relation: directive.relation, rows: size_limit(&directive.written) });
    limits.collect()
}

/// Soufflé takes the size of a relation, and its limit, only once.
pub(super) fn repeated(directives: &[Directive], schema: &Schema, diagnostics: &mut Vec<Diagnostic>) {
    let mut seen: FxHashMap<(RelationId, &str), Span> = FxHashMap::default();
    let directives = directives.iter().filter(|_| schema.dialect != Dialect::Entail);
    for Directive { relation, written, span } in directives {
        let name = match written.kind {
            IoKind::PrintSize | IoKind::LimitSize => written.kind.directive(),
            IoKind::Input | IoKind::Output => continue,
        };
        if let Some(first) = seen.insert((*relation, name), *span) {
            let message = format!("`{}` has two `{name}`", written.relation.text);
            let diagnostic = Diagnostic::new(Code::ConflictingDeclaration, *span, message);
            diagnostics.push(diagnostic.label("again here").also(first, "first here").help("take one of them out"));
        }
    }
}

/// A directive with its relation found.
pub(super) fn check(
    written: &IoDirective,
    span: Span,
    schema: &Schema,
    unknown: &mut Unknown,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<Directive> {
    let mut seen: FxHashMap<&str, Span> = FxHashMap::default();
    for param in &written.params {
        let first = seen.insert(&param.key.text, param.key.span);
        // To Soufflé, parameters that it does not know mean nothing, and of those given twice the last one counts.
        let is_own = schema.dialect == Dialect::Entail || written.kind == IoKind::LimitSize;
        let tells_which = param.key.text == "IO" && matches!(written.kind, IoKind::Input | IoKind::Output);
        if is_own || tells_which {
            diagnostics.extend(wrong_parameter(written.kind, param, first.filter(|_| is_own)));
        }
    }
    if written.kind == IoKind::LimitSize && !seen.contains_key("n") {
        diagnostics.push(
            Diagnostic::new(Code::BadParameter, written.relation.span, "a limit needs a number of rows")
                .help(format!("write `.limitsize {}(n=1000)`", written.relation.text)),
        );
    }
    match schema.names.get(&written.relation.text) {
        Some(relation) => Some(Directive { relation: *relation, written: written.clone(), span }),
        None => {
            unknown.note(&written.relation, 0);
            None
        }
    }
}

fn wrong_parameter(kind: IoKind, param: &IoParam, first: Option<Span>) -> Option<Diagnostic> {
    let (key, value) = (&param.key, &param.value);
    if let Some(first) = first {
        let message = format!("`{}` is given twice", key.text);
        return Some(
            Diagnostic::new(Code::BadParameter, key.span, message).label("again here").also(first, "first here"),
        );
    }
    let known = parameters(kind);
    let Some(parameter) = known.clone().find(|parameter| parameter.key == key.text) else {
        let message = format!("`{}` has no parameter `{}`", kind.directive(), key.text);
        let keys: Vec<&str> = known.map(|parameter| parameter.key).collect();
        let help = match nearest(&key.text, keys.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None if keys.is_empty() => "it takes none".to_string(),
            None => format!("it takes {}", keys.join(", ")),
        };
        return Some(Diagnostic::new(Code::BadParameter, key.span, message).help(help));
    };
    if key.text == "IO" && value.text == "sqlite" && Format::database().is_none() {
        let diagnostic = Diagnostic::new(Code::UnknownFormat, value.span, "this build reads and writes no databases");
        return Some(diagnostic.help("build `entail` with `--features sqlite`, or use `IO=file` or `IO=jsonfile`"));
    }
    (!(parameter.accepts)(&value.text)).then(|| {
        Diagnostic::new(Code::BadParameter, value.span, format!("`{}` takes {}", key.text, parameter.values))
            .label("is not that")
    })
}
