//! What there is: `.decl`, `.type`, `.functor`, and the heads of `.comp` and `.init`.
//!
//! In: a place behind the directive's word. Out: what it declares.

use super::names::{ANGLES, BRACES, PARENTHESES, SQUARE, behind_annotations, listed, qualified, word};
use super::terms::reserved;
use crate::report::{Code, Diagnostic};
use crate::syntax::ast::{
    BranchDecl, ColumnDecl, ComponentDecl, ComponentUse, FunctorDecl, HintKind, InstanceDecl, IoDirective, IoKind,
    ItemKind, Name, Qualifier, QualifierKind, RelationDecl, TypeDecl, TypeDefinition,
};
use crate::syntax::cursor::{Cursor, Parsed, list, token};
use crate::syntax::tokens::Kind;

/// `A, B(x: number) btree output`: a relation for each name, and what its words ask to be read and written.
pub(super) fn relations(input: Cursor<'_>) -> Parsed<'_, Vec<ItemKind>> {
    let (rest, names) = list(Kind::Comma, relation_name)(input)?;
    let (rest, columns) = listed(rest, PARENTHESES, column)?;
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
    if input.kind() == Kind::Name && super::terms::is_function(input.text()) {
        return Err(input.refuse(reserved(input)));
    }
    word(input, "a relation")
}

/// `x: number`
fn column(input: Cursor<'_>) -> Parsed<'_, ColumnDecl> {
    let (rest, name) = word(behind_annotations(input), "a column")?;
    let (rest, _) = token(Kind::Colon, "`:` and a type")(rest)?;
    let (rest, ty) = qualified(rest, "a type")?;
    Ok((rest, ColumnDecl { name, ty: Some(ty) }))
}

/// The words behind a relation's columns.
#[derive(Default)]
struct Words {
    qualifiers: Vec<Qualifier>,
    /// What was once said there, and now by directives.
    directives: Vec<IoKind>,
}

fn qualifiers(mut input: Cursor<'_>) -> Parsed<'_, Words> {
    let mut words = Words::default();
    while input.kind() == Kind::Name {
        let text = input.text();
        let directive = match text {
            "input" => Some(IoKind::Input),
            "output" => Some(IoKind::Output),
            "printsize" => Some(IoKind::PrintSize),
            _ => None,
        };
        if let Some(directive) = directive {
            if words.directives.contains(&directive) {
                return Err(input.refuse(said_twice(input)));
            }
            words.directives.push(directive);
            input = input.advance();
            continue;
        }
        let hint = HintKind::ALL.into_iter().find(|hint| hint.name() == text);
        let (rest, kind) = match (text, hint) {
            (_, Some(hint)) => (input.advance(), QualifierKind::Hint(hint)),
            ("eqrel", None) => (input.advance(), QualifierKind::Equivalence),
            ("overridable", None) => (input.advance(), QualifierKind::Overridable),
            ("choice-domain", None) => {
                let (rest, groups) = list(Kind::Comma, choice)(input.advance())?;
                (rest, QualifierKind::Choice(groups))
            }
            _ => return Ok((input, words)),
        };
        words.qualifiers.push(Qualifier { kind, span: input.span_to(rest) });
        input = rest;
    }
    Ok((input, words))
}

fn said_twice(input: Cursor<'_>) -> Diagnostic {
    let message = format!("`{}` is said of this relation twice", input.text());
    Diagnostic::new(Code::ConflictingDeclaration, input.span(), message).help("take one of them out")
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

/// `x: number`, or the type alone.
fn parameter(input: Cursor<'_>) -> Parsed<'_, Name> {
    let input = behind_annotations(input);
    if input.second() == Kind::Colon {
        let (rest, _) = word(input, "a parameter")?;
        return qualified(rest.advance(), "a type");
    }
    qualified(input, "a type")
}

/// `Graph<Node> : Base<Node>, Other {`: a component that holds nothing yet.
pub(super) fn component(input: Cursor<'_>) -> Parsed<'_, ComponentDecl> {
    let (mut rest, ComponentUse { name, args: params }) = component_use(input)?;
    let mut bases = Vec::new();
    while matches!(rest.kind(), Kind::Colon | Kind::Comma) {
        let (after, base) = component_use(rest.advance())?;
        bases.push(base);
        rest = after;
    }
    let (rest, _) = token(Kind::LeftBrace, "`{`, or `:` and the component that it is based on")(rest)?;
    Ok((rest, ComponentDecl { name, params, bases, items: Vec::new() }))
}

fn component_use(input: Cursor<'_>) -> Parsed<'_, ComponentUse> {
    let (rest, name) = word(input, "a component")?;
    if rest.kind() != Kind::Less {
        return Ok((rest, ComponentUse { name, args: Vec::new() }));
    }
    let (rest, args) = listed(rest, ANGLES, |input| word(input, "a type or a component"))?;
    Ok((rest, ComponentUse { name, args }))
}

/// `g = Graph<city>`
pub(super) fn instance(input: Cursor<'_>) -> Parsed<'_, Vec<ItemKind>> {
    let (rest, name) = word(input, "a name for what is made")?;
    let (rest, _) = token(Kind::Equal, "`=` and a component")(rest)?;
    let (rest, component) = component_use(rest)?;
    Ok((rest, vec![ItemKind::Instance(InstanceDecl { name, component })]))
}
