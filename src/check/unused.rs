//! Is every name used for something?
//!
//! In: a rule without errors. Out: a warning for each named variable that it writes only once. Questions and
//! constraints show what they name, so there a name has a use.

use super::draft::{Clause, Kind, Origin};
use crate::report::{Code, Diagnostic, Span};

/// Warns of variables that are written once.
pub(super) fn check(clause: &Clause, diagnostics: &mut Vec<Diagnostic>) {
    match clause.kind {
        Kind::Rule | Kind::Subsumption(_) => {}
        Kind::Query | Kind::Constraint { .. } => return,
    }
    for variable in clause.variables.iter() {
        let named = match variable.origin {
            Origin::Clause | Origin::Aggregate => !variable.name.starts_with('_'),
            Origin::Unnamed => false,
        };
        if named && variable.uses == 1 {
            let name = &variable.name;
            diagnostics.push(
                Diagnostic::new(Code::UnusedVariable, variable.span, format!("`{name}` is used once"))
                    .label("says no more than `_`")
                    .help(format!("write `_`, or `_{name}` to keep the name; if it is misspelt, mend it")),
            );
        }
    }
}

/// The places of errors, to ask which clauses are free of them.
pub(super) struct Errors {
    spans: Vec<Span>,
}

impl Errors {
    pub(super) fn among(diagnostics: &[Diagnostic]) -> Self {
        let mut spans: Vec<Span> =
            diagnostics.iter().filter(|message| message.is_error()).filter_map(|message| message.span).collect();
        spans.sort();
        Errors { spans }
    }

    /// Whether an error lies within this place.
    pub(super) fn within(&self, place: Span) -> bool {
        let from = self.spans.partition_point(|span| (span.source, span.start) < (place.source, place.start));
        self.spans.get(from).is_some_and(|span| span.source == place.source && span.start < place.end)
    }
}
