//! Soufflé's directives, by their words.
//!
//! In: a place at a [`Kind::Directive`]. Out: the items that it says.

use super::declarations::{functor, lattice, named_type, old_type, relations};
use super::names::{PARENTHESES, listed, qualified, quoted, word};
use crate::report::{Code, Diagnostic};
use crate::syntax::ast::{IoDirective, IoKind, IoParam, ItemKind, JoinOrder, Pragma, Text};
use crate::syntax::components::instance;
use crate::syntax::cursor::{Cursor, Parsed, list, token};
use crate::syntax::literals::shorten;
use crate::syntax::tokens::Kind;

/// A directive's name, and the parser of what stands behind it.
struct Directive {
    name: &'static str,
    parse: for<'a> fn(Cursor<'a>) -> Parsed<'a, Vec<ItemKind>>,
}

static DIRECTIVES: &[Directive] = &[
    Directive { name: "decl", parse: relations },
    Directive { name: "type", parse: named_type },
    Directive { name: "number_type", parse: |input| old_type(input, "number") },
    Directive { name: "symbol_type", parse: |input| old_type(input, "symbol") },
    Directive { name: "functor", parse: functor },
    Directive { name: "input", parse: |input| io(input, IoKind::Input) },
    Directive { name: "output", parse: |input| io(input, IoKind::Output) },
    Directive { name: "printsize", parse: |input| io(input, IoKind::PrintSize) },
    Directive { name: "limitsize", parse: |input| io(input, IoKind::LimitSize) },
    Directive { name: "init", parse: |input| instance(input).map(|(rest, item)| (rest, vec![item])) },
    Directive { name: "override", parse: overridden },
    Directive { name: "pragma", parse: pragma },
    Directive { name: "include", parse: include },
    // Every file is read once, whatever it says.
    Directive { name: "once", parse: |input| Ok((input, Vec::new())) },
    // Read with what it holds, and behind a rule, by the grammar of statements.
    Directive { name: "comp", parse: unknown },
    Directive { name: "plan", parse: misplaced },
    Directive { name: "lattice", parse: lattice },
];

/// Whether a word behind a dot names a directive.
pub(in crate::syntax) fn is_name(word: &str) -> bool {
    DIRECTIVES.iter().any(|directive| directive.name == word)
}

/// The items that a directive says.
pub(super) fn directive(input: Cursor<'_>) -> Parsed<'_, Vec<ItemKind>> {
    let word = input.text().trim_start_matches('.');
    match DIRECTIVES.iter().find(|directive| directive.name == word) {
        Some(known) => (known.parse)(input.advance()),
        None => unknown(input),
    }
}

fn unknown(input: Cursor<'_>) -> Parsed<'_, Vec<ItemKind>> {
    let names: Vec<_> = DIRECTIVES.iter().map(|directive| format!(".{}", directive.name)).collect();
    let message = format!("`{}` is not a directive", shorten(input.text()));
    let refusal = Diagnostic::new(Code::UnknownDirective, input.span(), message);
    Err(input.refuse(refusal.help(format!("the directives are {}", names.join(" ")))))
}

/// `A, graph.edge(IO=file, filename="p.csv")`
fn io(input: Cursor<'_>, kind: IoKind) -> Parsed<'_, Vec<ItemKind>> {
    let (rest, relations) = list(Kind::Comma, |input| qualified(input, "a relation"))(input)?;
    let (rest, params) =
        if rest.kind() == Kind::LeftParen { listed(rest, PARENTHESES, parameter)? } else { (rest, Vec::new()) };
    let directive = |relation| ItemKind::Io(IoDirective { kind, relation, params: params.clone() });
    Ok((rest, relations.into_iter().map(directive).collect()))
}

/// `filename="p.csv"`
fn parameter(input: Cursor<'_>) -> Parsed<'_, IoParam> {
    let (rest, key) = word(input, "a parameter")?;
    let (rest, _) = token(Kind::Equal, "`=`")(rest)?;
    let (rest, value) = match rest.kind() {
        Kind::Text => quoted(rest, "a value")?,
        Kind::Name | Kind::Number => (rest.advance(), Text { text: rest.text().to_owned(), span: rest.span() }),
        _ => return Err(rest.expected("a value")),
    };
    Ok((rest, IoParam { key, value }))
}

/// `edge`
fn overridden(input: Cursor<'_>) -> Parsed<'_, Vec<ItemKind>> {
    word(input, "a relation").map(|(rest, name)| (rest, vec![ItemKind::Override(name)]))
}

/// `"key" "value"`
fn pragma(input: Cursor<'_>) -> Parsed<'_, Vec<ItemKind>> {
    let (rest, key) = quoted(input, "a key between quotes")?;
    let (rest, value) = if rest.kind() == Kind::Text {
        let (rest, value) = quoted(rest, "a value")?;
        (rest, Some(value))
    } else {
        (rest, None)
    };
    Ok((rest, vec![ItemKind::Pragma(Pragma { key, value })]))
}

/// `"other.dl"`
fn include(input: Cursor<'_>) -> Parsed<'_, Vec<ItemKind>> {
    quoted(input, "a path between quotes").map(|(rest, path)| (rest, vec![ItemKind::Include(path)]))
}

/// `.plan 0: (1, 3, 2), 1: (2, 1)` behind a rule, if it stands there.
pub(super) fn join_orders(input: Cursor<'_>) -> Parsed<'_, Vec<JoinOrder>> {
    if input.kind() != Kind::Directive || input.text() != ".plan" {
        return Ok((input, Vec::new()));
    }
    list(Kind::Comma, |input| {
        let (rest, version) = small(input, "the number of a version")?;
        let (rest, _) = token(Kind::Colon, "`:`")(rest)?;
        let (rest, atoms) = listed(rest, PARENTHESES, |input| small(input, "the number of an atom"))?;
        Ok((rest, JoinOrder { version, atoms, span: input.span_to(rest) }))
    })(input.advance())
}

fn small<'a>(input: Cursor<'a>, expected: &'static str) -> Parsed<'a, u32> {
    let (rest, _) = token(Kind::Number, expected)(input)?;
    input.text().parse().map(|number| (rest, number)).map_err(|_| input.expected(expected))
}

fn misplaced(input: Cursor<'_>) -> Parsed<'_, Vec<ItemKind>> {
    let message = "`.plan` stands behind no rule";
    let refusal = Diagnostic::new(Code::UnexpectedToken, input.last_span(), message);
    Err(input.refuse(refusal.help("write it behind the dot of the rule whose joins it orders")))
}
