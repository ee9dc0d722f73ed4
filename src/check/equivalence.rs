//! Can a relation be an equivalence?
//!
//! In: a `.decl` and its columns. Out: whether it declares one, and a message where its columns cannot be those of one.

use super::schema::ColumnDraft;
use crate::report::{Code, Diagnostic, count};
use crate::syntax::{QualifierKind, RelationDecl};

/// Whether a declaration says that its relation is an equivalence.
pub(super) fn is_declared(decl: &RelationDecl, columns: &[ColumnDraft], diagnostics: &mut Vec<Diagnostic>) -> bool {
    let said = decl.qualifiers.iter().find_map(|qualifier| match &qualifier.kind {
        QualifierKind::Equivalence { word } => Some((qualifier.span, *word)),
        QualifierKind::Choice(_) | QualifierKind::Overridable | QualifierKind::Hint(_) => None,
    });
    let Some((span, word)) = said else { return false };
    let lacks = match columns {
        [first, second] if first.subtype == second.subtype && first.slot.same_type(second.slot) => return true,
        [_, _] => "its two columns are of different types".to_owned(),
        columns => format!("it has {}", count(columns.len(), "column")),
    };
    let message = format!("`{}` cannot be an equivalence: {lacks}", decl.name.text);
    let diagnostic = Diagnostic::new(Code::NoEquivalence, span, message).label("relates the values of one type");
    diagnostics.push(diagnostic.help(format!("declare two columns of one type, or leave out `{word}`")));
    false
}
