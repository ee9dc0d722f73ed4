//! Components of both dialects: the heads of `.comp`, and `.init`.
//!
//! In: a place behind the directive's word. Out: what it declares. What a component holds is read statement by statement.

use super::ast::{ComponentDecl, ComponentUse, InstanceDecl, ItemKind};
use super::cursor::{Cursor, Parsed, token};
use super::directives::{bracketed, word};
use super::tokens::Kind;

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

/// `g = Graph<city>`
pub(super) fn instance(input: Cursor<'_>) -> Parsed<'_, ItemKind> {
    let (rest, name) = word(input, "a name for what is made")?;
    let (rest, _) = token(Kind::Equal, "`=` and a component")(rest)?;
    let (rest, component) = component_use(rest)?;
    Ok((rest, ItemKind::Instance(InstanceDecl { name, component })))
}

/// `Graph<city>`
fn component_use(input: Cursor<'_>) -> Parsed<'_, ComponentUse> {
    let (rest, name) = word(input, "a component")?;
    if rest.kind() != Kind::Less {
        return Ok((rest, ComponentUse { name, args: Vec::new() }));
    }
    let (rest, args) = bracketed(rest, |input| word(input, "a type or a component"), Kind::Greater, "`,` or `>`")?;
    Ok((rest, ComponentUse { name, args }))
}
