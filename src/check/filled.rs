//! Can what is asked for be there at all?
//!
//! In: the schema, once every body was read. Out: warnings about relations that nothing fills and about citations
//! that nothing has.

use super::schema::Schema;
use crate::report::{Code, Diagnostic};

/// Warns of questions that can have no answer.
pub(super) fn check(schema: &Schema, diagnostics: &mut Vec<Diagnostic>) {
    for id in schema.names.values() {
        let relation = &schema.relations[*id];
        let name = &relation.name;
        if let Some(place) = relation.asked
            && !schema.is_filled(*id)
        {
            let mut message = Diagnostic::new(Code::NeverDerived, place, format!("nothing puts a row into `{name}`"))
                .label("can never match");
            if let Some(declared) = relation.span {
                message = message.also(declared, "declared here, and no more");
            }
            diagnostics.push(message.help(format!("give it a fact or a rule, or read a file: `.input {name}`")));
        }
        if let Some(place) = relation.asked_citations
            && relation.derived
            && !relation.stored
        {
            diagnostics.push(
                Diagnostic::new(Code::CitationNeverMatches, place, format!("no claim can support `{name}`"))
                    .label("can never match: only stored facts are cited, and all of these are derived")
                    .help("ask for the citations of the facts that the rules start from"),
            );
        }
    }
}
