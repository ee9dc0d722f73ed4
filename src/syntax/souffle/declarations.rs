//! What there is: `.decl`, `.type`, `.functor` and `.lattice`.
//!
//! In: a place behind the directive's word. Out: what it declares.

use super::names::{BRACES, PARENTHESES, SQUARE, behind_annotations, listed, qualified, word};
use super::terms::{counts_rounds, is_function, reserved, term};
use crate::data::{Dialect, Width};
use crate::report::{Code, Diagnostic};
use crate::syntax::ast::{
    BranchDecl, ColumnDecl, FunctorDecl, HintKind, IoDirective, IoKind, ItemKind, Name, Qualifier, QualifierKind,
    RelationDecl, TypeDecl, TypeDefinition,
};
use crate::syntax::cursor::{Cursor, Parsed, list, token};
use crate::syntax::lattices;
use crate::syntax::tokens::Kind;

/// `A, B(x: number) btree output`: a relation for each name, and what its words ask to be read and written.
pub(super) fn relations(input: Cursor<'_>) -> Parsed<'_, Vec<ItemKind>> {
    let (rest, names) = list(Kind::Comma, relation_name)(input)?;
    if rest.kind() == Kind::Equal && rest.advance().text() == "debug_delta" {
        return Err(rest.refuse(counts_rounds(rest.advance())));
    }
    let (rest, columns) = listed(rest, PARENTHESES, column_of_relation)?;
    let (rest, words) = qualifiers(rest)?;
    let mut items = Vec::new();
    for name in names {
        let directive = |kind| IoDirective { kind, relation: name.clone(), params: Vec::new() };
        let directives = words.directives.iter().map(|kind| ItemKind::Io(directive(*kind)));
        let (columns, qualifiers) = (columns.clone(), words.qualifiers.clone());
        let decl = RelationDecl { name: name.clone(), columns, qualifiers };
        items.push(ItemKind::Relation(decl));
        items.extend(directives);
    }
    Ok((rest, items))
}

fn relation_name(input: Cursor<'_>) -> Parsed<'_, Name> {
    if input.kind() == Kind::Name && is_function(input.text()) {
        return Err(input.refuse(reserved(input)));
    }
    word(input, "a relation")
}

/// `x: number`
fn column(input: Cursor<'_>) -> Parsed<'_, ColumnDecl> {
    let (rest, name) = word(behind_annotations(input), "a column")?;
    let (rest, _) = token(Kind::Colon, "`:` and a type")(rest)?;
    let (rest, ty) = qualified(rest, "a type")?;
    Ok((rest, ColumnDecl { name, ty: Some(ty), is_lattice: false }))
}

/// `x: number`, `i: Interval<>`
fn column_of_relation(input: Cursor<'_>) -> Parsed<'_, ColumnDecl> {
    let (rest, column) = column(input)?;
    let (rest, is_lattice) = lattices::mark(rest);
    Ok((rest, ColumnDecl { is_lattice, ..column }))
}

/// The words behind a relation's columns.
#[derive(Default)]
struct Words {
    qualifiers: Vec<Qualifier>,
    /// What was once said there, and now by directives.
    directives: Vec<IoKind>,
}

/// Words in any order, each once, and then what `choice-domain` keeps.
fn qualifiers(mut input: Cursor<'_>) -> Parsed<'_, Words> {
    let mut words = Words::default();
    let mut seen: Vec<Cursor<'_>> = Vec::new();
    while is_qualifier(input) {
        let text = input.text();
        if let Some(first) = seen.iter().find(|first| excludes(first.text(), text)) {
            return Err(input.refuse(conflicting(*first, input)));
        }
        seen.push(input);
        words.directives.extend(once_a_directive(text));
        words.qualifiers.extend(qualifier(text).map(|kind| Qualifier { kind, span: input.span() }));
        input = input.advance();
    }
    if input.kind() != Kind::Name || input.text() != "choice-domain" {
        return Ok((input, words));
    }
    let (rest, groups) = list(Kind::Comma, choice)(input.advance())?;
    words.qualifiers.push(Qualifier { kind: QualifierKind::Choice(groups), span: input.span_to(rest) });
    if is_qualifier(rest) { Err(rest.refuse(behind_choice(rest))) } else { Ok((rest, words)) }
}

fn is_qualifier(input: Cursor<'_>) -> bool {
    let text = input.text();
    input.kind() == Kind::Name && (qualifier(text).is_some() || once_a_directive(text).is_some())
}

const EQUIVALENCE: &str = Dialect::Souffle(Width::Bits32).equivalence();

/// What a word behind the columns says of a relation.
fn qualifier(word: &str) -> Option<QualifierKind> {
    match word {
        EQUIVALENCE => Some(QualifierKind::Equivalence { word: EQUIVALENCE }),
        "overridable" => Some(QualifierKind::Overridable),
        _ => HintKind::ALL.into_iter().find(|hint| hint.name() == word).map(QualifierKind::Hint),
    }
}

/// What a word behind the columns once said, and a directive says now.
fn once_a_directive(word: &str) -> Option<IoKind> {
    match word {
        "input" => Some(IoKind::Input),
        "output" => Some(IoKind::Output),
        "printsize" => Some(IoKind::PrintSize),
        _ => None,
    }
}

/// Whether two words cannot stand behind one relation's columns: no word twice, and one way of keeping the rows.
fn excludes(first: &str, second: &str) -> bool {
    let keeps = |word| matches!(word, "btree" | "btree_delete" | "brie" | EQUIVALENCE);
    first == second || (keeps(first) && keeps(second))
}

fn conflicting(first: Cursor<'_>, again: Cursor<'_>) -> Diagnostic {
    let message = if first.text() == again.text() {
        format!("`{}` is said twice", again.text())
    } else {
        format!("a relation is not both `{}` and `{}`", first.text(), again.text())
    };
    Diagnostic::new(Code::ConflictingDeclaration, again.span(), message)
        .label("again here")
        .also(first.span(), "first here")
        .help("keep one of the two")
}

fn behind_choice(input: Cursor<'_>) -> Diagnostic {
    let message = format!("`{}` stands behind `choice-domain`", input.text());
    Diagnostic::new(Code::UnexpectedToken, input.span(), message)
        .label("`choice-domain` comes last")
        .help(format!("write `{}` before it", input.text()))
}

/// `x`, `(y, z)`
fn choice(input: Cursor<'_>) -> Parsed<'_, Vec<Name>> {
    if input.kind() == Kind::LeftParen {
        return listed(input, PARENTHESES, |input| word(input, "a column"));
    }
    word(input, "a column or `(`").map(|(rest, name)| (rest, vec![name]))
}

/// `T <: number`, `T = A | B`, `T = [x: number]`, `T = A { x: number } | B {}`; `T` alone is part of `symbol`.
pub(super) fn named_type(input: Cursor<'_>) -> Parsed<'_, Vec<ItemKind>> {
    let (rest, name) = word(input, "the name of a type")?;
    let (rest, definition) = match rest.kind() {
        Kind::Subtype => {
            let (rest, base) = qualified(rest.advance(), "a type")?;
            (rest, TypeDefinition::Part(base))
        }
        Kind::Equal => type_definition(rest.advance())?,
        _ => (rest, part_of("symbol", &name)),
    };
    Ok((rest, vec![ItemKind::Type(TypeDecl { name, definition })]))
}

/// `.number_type T` and `.symbol_type T`.
pub(super) fn old_type<'a>(input: Cursor<'a>, base: &str) -> Parsed<'a, Vec<ItemKind>> {
    let (rest, name) = word(input, "the name of a type")?;
    let definition = part_of(base, &name);
    Ok((rest, vec![ItemKind::Type(TypeDecl { name, definition })]))
}

fn part_of(base: &str, name: &Name) -> TypeDefinition {
    TypeDefinition::Part(Name { text: base.to_owned(), span: name.span })
}

fn type_definition(input: Cursor<'_>) -> Parsed<'_, TypeDefinition> {
    let first = behind_annotations(input);
    if first.kind() == Kind::LeftBracket {
        let (rest, fields) = listed(first, SQUARE, column)?;
        return Ok((rest, TypeDefinition::Record(fields)));
    }
    if first.kind() == Kind::Name && first.second() == Kind::LeftBrace {
        let (rest, branches) = list(Kind::Pipe, branch)(input)?;
        return Ok((rest, TypeDefinition::Branches(branches)));
    }
    let (rest, names) = list(Kind::Pipe, |input| qualified(input, "a type"))(input)?;
    Ok((rest, TypeDefinition::Union(names)))
}

/// `Circle { r: number }`
fn branch(input: Cursor<'_>) -> Parsed<'_, BranchDecl> {
    let (rest, name) = word(behind_annotations(input), "a branch")?;
    let (rest, fields) = listed(rest, BRACES, column)?;
    Ok((rest, BranchDecl { name, fields }))
}

/// `f(x: number, symbol): number stateful`
pub(super) fn functor(input: Cursor<'_>) -> Parsed<'_, Vec<ItemKind>> {
    let (rest, name) = word(input, "the name of a function")?;
    let (rest, params) = listed(rest, PARENTHESES, parameter)?;
    let (rest, _) = token(Kind::Colon, "`:` and the type of the value")(rest)?;
    let (rest, result) = qualified(rest, "a type")?;
    let stateful = rest.kind() == Kind::Name && rest.text() == "stateful";
    let rest = if stateful { rest.advance() } else { rest };
    Ok((rest, vec![ItemKind::Functor(FunctorDecl { name, params, result, stateful })]))
}

/// `Interval<> { Lub -> @lub(_, _) }`
pub(super) fn lattice(input: Cursor<'_>) -> Parsed<'_, Vec<ItemKind>> {
    lattices::lattice(input, term).map(|(rest, decl)| (rest, vec![ItemKind::Lattice(decl)]))
}

/// `x: number`, or the type alone.
fn parameter(input: Cursor<'_>) -> Parsed<'_, Name> {
    let input = behind_annotations(input);
    if input.second() == Kind::Colon {
        let (rest, _) = word(input, "a parameter")?;
        return qualified(rest.advance(), "a type");
    }
    qualified(input, "a type")
}
