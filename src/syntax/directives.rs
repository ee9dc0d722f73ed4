//! Directives: `.decl .type .functor .lattice .input .output .printsize .limitsize .include .init .override`.
//!
//! In: a place at a [`Kind::Directive`]. Out: the item it says. A directive needs no dot at its end, and may have
//! one.

use super::ast::{
    BranchDecl, ColumnDecl, FunctorDecl, IoDirective, IoKind, IoParam, ItemKind, Name, Qualifier, QualifierKind,
    RelationDecl, Text, TypeDecl, TypeDefinition,
};
use super::components::instance;
use super::cursor::{Cursor, Parsed, separator, token};
use super::lattices;
use super::literals::{self, shorten};
use super::terms::term;
use super::tokens::Kind;
use crate::data::Dialect;
use crate::report::{Code, Diagnostic};
use nom::Parser;
use nom::combinator::cut;
use nom::multi::separated_list1;

/// A directive's name, and the parser of what stands behind it.
struct Directive {
    name: &'static str,
    parse: for<'a> fn(Cursor<'a>) -> Parsed<'a, ItemKind>,
}

static DIRECTIVES: &[Directive] = &[
    Directive { name: "decl", parse: relation },
    Directive { name: "type", parse: named_type },
    Directive { name: "functor", parse: functor },
    Directive { name: "lattice", parse: lattice },
    Directive { name: "input", parse: |input| io(input, IoKind::Input) },
    Directive { name: "output", parse: |input| io(input, IoKind::Output) },
    Directive { name: "printsize", parse: |input| io(input, IoKind::PrintSize) },
    Directive { name: "limitsize", parse: |input| io(input, IoKind::LimitSize) },
    Directive { name: "include", parse: include },
    Directive { name: "init", parse: instance },
    Directive { name: "override", parse: overriding },
];

/// Whether a word behind a dot names a directive.
pub(super) fn is_name(word: &str) -> bool {
    word == "comp" || DIRECTIVES.iter().any(|directive| directive.name == word)
}

/// A directive and the dot at its end.
pub(super) fn directive(input: Cursor<'_>) -> Parsed<'_, ItemKind> {
    let word = input.text().trim_start_matches('.');
    let known = DIRECTIVES.iter().find(|directive| directive.name == word);
    let known = known.ok_or_else(|| input.refuse(unknown(input)))?;
    let (rest, kind) = (known.parse)(input.advance())?;
    let rest = if rest.kind() == Kind::Dot { rest.advance() } else { rest };
    Ok((rest, kind))
}

fn unknown(input: Cursor<'_>) -> Diagnostic {
    let names = DIRECTIVES.iter().map(|directive| directive.name).chain(["comp"]);
    let names: Vec<_> = names.map(|name| format!(".{name}")).collect();
    let message = format!("`{}` is not a directive", shorten(input.text()));
    Diagnostic::new(Code::UnknownDirective, input.span(), message)
        .note("a prompt command cannot stand in a file")
        .help(format!("the directives are {}", names.join(" ")))
}

/// `p(x: symbol, n)`, `same(x, y) equivalence`
fn relation(input: Cursor<'_>) -> Parsed<'_, ItemKind> {
    let (rest, name) = relation_name(input)?;
    let (rest, columns) = parenthesised(rest, column_of_relation, "`,` or `)`")?;
    let (rest, mut qualifiers) = qualifiers(rest);
    let (rest, choice) = choice(rest)?;
    qualifiers.extend(choice);
    Ok((rest, ItemKind::Relation(RelationDecl { name, columns, qualifiers })))
}

/// What stands behind the columns.
fn qualifiers(mut input: Cursor<'_>) -> (Cursor<'_>, Vec<Qualifier>) {
    let mut found = Vec::new();
    while let Some(kind) = qualifier(input) {
        found.push(Qualifier { kind, span: input.span() });
        input = input.advance();
    }
    (input, found)
}

/// A declaration needs no dot at its end, so a word that begins a line and goes on as a clause does belongs to the next
/// statement.
fn qualifier(input: Cursor<'_>) -> Option<QualifierKind> {
    let goes_on = matches!(input.second(), Kind::LeftParen | Kind::If | Kind::Question);
    if input.kind() != Kind::Name || (input.token().first_on_line && goes_on) {
        return None;
    }
    let word = Dialect::Entail.equivalence();
    match input.text() {
        text if text == word => Some(QualifierKind::Equivalence { word }),
        "overridable" => Some(QualifierKind::Overridable),
        _ => None,
    }
}

/// `choice-domain x, (y, z)`; nothing where there is none.
fn choice(input: Cursor<'_>) -> Parsed<'_, Vec<Qualifier>> {
    let words = [input, input.advance(), input.advance().advance()].map(|word| word.text());
    if words != ["choice", "-", "domain"] {
        return Ok((input, Vec::new()));
    }
    let group = |input| match Cursor::kind(input) {
        Kind::LeftParen => parenthesised(input, |input| word(input, "a column"), "`,` or `)`"),
        _ => word(input, "a column or `(`").map(|(rest, name)| (rest, vec![name])),
    };
    let columns = input.advance().advance().advance();
    let (rest, groups) = separated_list1(separator(Kind::Comma), cut(group)).parse(columns)?;
    Ok((rest, vec![Qualifier { kind: QualifierKind::Choice(groups), span: input.span_to(rest) }]))
}

/// `n: number`
fn column(input: Cursor<'_>) -> Parsed<'_, ColumnDecl> {
    let (rest, name) = word(input, "a column")?;
    if rest.kind() != Kind::Colon {
        return Ok((rest, ColumnDecl { name, ty: None, is_lattice: false }));
    }
    let (rest, ty) = word(rest.advance(), "a type")?;
    Ok((rest, ColumnDecl { name, ty: Some(ty), is_lattice: false }))
}

/// `n: number`, `level: Level<>`
fn column_of_relation(input: Cursor<'_>) -> Parsed<'_, ColumnDecl> {
    let (rest, column) = column(input)?;
    let (rest, is_lattice) = lattices::mark(rest);
    Ok((rest, ColumnDecl { is_lattice, ..column }))
}

/// `State <: symbol`, `Place = city | country`, `Pair = [a: number, b: symbol]`, `Shape = Circle { r: number } | Point {}`
fn named_type(input: Cursor<'_>) -> Parsed<'_, ItemKind> {
    let (rest, name) = word(input, "the name of a type")?;
    let (rest, definition) = match rest.kind() {
        Kind::Subtype => {
            let (rest, base) = word(rest.advance(), "a type")?;
            (rest, TypeDefinition::Part(base))
        }
        Kind::Equal => type_definition(rest.advance())?,
        _ => return Err(rest.expected("`<:` or `=`")),
    };
    Ok((rest, ItemKind::Type(TypeDecl { name, definition })))
}

fn type_definition(input: Cursor<'_>) -> Parsed<'_, TypeDefinition> {
    if input.kind() == Kind::LeftBracket {
        let (rest, fields) = bracketed(input, column, Kind::RightBracket, "`,` or `]`")?;
        return Ok((rest, TypeDefinition::Record(fields)));
    }
    if input.second() == Kind::LeftBrace {
        let (rest, branches) = separated_list1(separator(Kind::Pipe), cut(branch)).parse(input)?;
        return Ok((rest, TypeDefinition::Branches(branches)));
    }
    let (rest, names) = separated_list1(separator(Kind::Pipe), cut(|input| word(input, "a type"))).parse(input)?;
    Ok((rest, TypeDefinition::Union(names)))
}

/// `Circle { r: number }`
fn branch(input: Cursor<'_>) -> Parsed<'_, BranchDecl> {
    let (rest, name) = word(input, "a branch")?;
    token(Kind::LeftBrace, "`{` and the fields of the branch")(rest)?;
    let (rest, fields) = bracketed(rest, column, Kind::RightBrace, "`,` or `}`")?;
    Ok((rest, BranchDecl { name, fields }))
}

/// `f(x: number, symbol): number`
fn functor(input: Cursor<'_>) -> Parsed<'_, ItemKind> {
    let (rest, name) = word(input, "the name of a function")?;
    token(Kind::LeftParen, "`(` and the types of the arguments")(rest)?;
    let (rest, params) = bracketed(rest, functor_parameter, Kind::RightParen, "`,` or `)`")?;
    let (rest, _) = token(Kind::Colon, "`:` and the type of the value")(rest)?;
    let (rest, result) = word(rest, "a type")?;
    Ok((rest, ItemKind::Functor(FunctorDecl { name, params, result, stateful: false })))
}

/// `x: number`, or the type alone.
fn functor_parameter(input: Cursor<'_>) -> Parsed<'_, Name> {
    if input.second() == Kind::Colon {
        let (rest, _) = word(input, "a parameter")?;
        return word(rest.advance(), "a type");
    }
    word(input, "a type")
}

/// `Level<> { Lub -> max(_, _) }`
fn lattice(input: Cursor<'_>) -> Parsed<'_, ItemKind> {
    lattices::lattice(input, term).map(|(rest, decl)| (rest, ItemKind::Lattice(decl)))
}

/// `p(IO=file, filename="p.csv")`
fn io(input: Cursor<'_>, kind: IoKind) -> Parsed<'_, ItemKind> {
    let (rest, relation) = relation_name(input)?;
    let (rest, params) = parenthesised(rest, parameter, "`,` or `)`")?;
    Ok((rest, ItemKind::Io(IoDirective { kind, relation, params })))
}

/// `filename="p.csv"`
fn parameter(input: Cursor<'_>) -> Parsed<'_, IoParam> {
    let (rest, key) = word(input, "a parameter")?;
    let (rest, _) = token(Kind::Equal, "`=`")(rest)?;
    let (rest, value) = parameter_value(rest)?;
    Ok((rest, IoParam { key, value }))
}

fn parameter_value(input: Cursor<'_>) -> Parsed<'_, Text> {
    let written = match input.kind() {
        Kind::Text => literals::unquote(input.text()),
        Kind::Name | Kind::Variable | Kind::Wildcard | Kind::Number | Kind::Float | Kind::Date => {
            input.text().to_owned()
        }
        _ => return Err(input.expected("a value")),
    };
    Ok((input.advance(), Text { text: written, span: input.span() }))
}

/// `"other.dl"`
fn include(input: Cursor<'_>) -> Parsed<'_, ItemKind> {
    let (rest, span) = token(Kind::Text, "a path between quotes")(input)?;
    Ok((rest, ItemKind::Include(Text { text: literals::unquote(input.text()), span })))
}

/// `p`, within a component.
fn overriding(input: Cursor<'_>) -> Parsed<'_, ItemKind> {
    relation_name(input).map(|(rest, name)| (rest, ItemKind::Override(name)))
}

fn relation_name(input: Cursor<'_>) -> Parsed<'_, Name> {
    if input.kind() == Kind::Variable {
        return Err(input.refuse(super::terms::capital(input)));
    }
    let (rest, span) = token(Kind::Name, "a relation")(input)?;
    Ok((rest, Name { text: input.text().to_owned(), span }))
}

/// A name in either case.
pub(super) fn word<'a>(input: Cursor<'a>, expected: &'static str) -> Parsed<'a, Name> {
    match input.kind() {
        Kind::Name | Kind::Variable => {
            Ok((input.advance(), Name { text: input.text().to_owned(), span: input.span() }))
        }
        _ => Err(input.expected(expected)),
    }
}

/// A list between parentheses; nothing where there are none.
fn parenthesised<'a, T>(
    input: Cursor<'a>,
    element: fn(Cursor<'a>) -> Parsed<'a, T>,
    expected: &'static str,
) -> Parsed<'a, Vec<T>> {
    if input.kind() != Kind::LeftParen {
        return Ok((input, Vec::new()));
    }
    bracketed(input, element, Kind::RightParen, expected)
}

/// A list between brackets, the first of which comes next.
pub(super) fn bracketed<'a, T>(
    input: Cursor<'a>,
    element: fn(Cursor<'a>) -> Parsed<'a, T>,
    close: Kind,
    expected: &'static str,
) -> Parsed<'a, Vec<T>> {
    let rest = input.advance();
    if rest.kind() == close {
        return Ok((rest.advance(), Vec::new()));
    }
    let (rest, list) = separated_list1(separator(Kind::Comma), cut(element)).parse(rest)?;
    let (rest, _) = token(close, expected)(rest)?;
    Ok((rest, list))
}
