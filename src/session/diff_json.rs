//! A [`Diff`] for programs: an object with the changes, the rows gained and lost, and the constraints broken and mended.

use super::Session;
use super::diff::{Cause, Conclusion, Diff, Violation};
use crate::data::Value;
use crate::formats::json_text;
use serde::Serialize;
use std::collections::BTreeMap;

#[derive(Serialize)]
struct Whole<'a> {
    schema: u32,
    changes: Vec<Change<'a>>,
    gained: Vec<Row<'a>>,
    lost: Vec<Row<'a>>,
    broken: Vec<Breach<'a>>,
    mended: Vec<Breach<'a>>,
    causes_missing: Option<&'a str>,
}

#[derive(Serialize)]
struct Change<'a> {
    id: usize,
    layer: usize,
    text: &'a str,
}

#[derive(Serialize)]
struct Row<'a> {
    relation: &'a str,
    args: Vec<&'a Value>,
    cause: Option<Because>,
}

#[derive(Serialize)]
struct Breach<'a> {
    promise: Option<&'a str>,
    place: String,
    values: BTreeMap<&'a str, &'a Value>,
    cause: Option<Because>,
}

/// `{"kind": "each", "changes": [1]}`
#[derive(Serialize)]
struct Because {
    kind: &'static str,
    changes: Vec<usize>,
}

impl Diff {
    /// All of it as JSON.
    pub fn json(&self, session: &Session) -> String {
        let changes =
            (1..).zip(&self.changes).map(|(id, change)| Change { id, layer: change.layer, text: &change.text });
        let rows = |gained: bool| {
            let conclusions = self.conclusions.iter().filter(|conclusion| conclusion.gained == gained);
            conclusions.map(Row::of).collect()
        };
        let breaches = |broken: bool| {
            let violations = self.violations.iter().filter(|violation| violation.broken == broken);
            violations.map(|violation| Breach::of(violation, session)).collect()
        };
        json_text(&Whole {
            schema: 1,
            changes: changes.collect(),
            gained: rows(true),
            lost: rows(false),
            broken: breaches(true),
            mended: breaches(false),
            causes_missing: self.causes_missing.as_deref(),
        })
    }
}

impl<'a> Row<'a> {
    fn of(conclusion: &'a Conclusion) -> Self {
        Row {
            relation: &conclusion.relation,
            args: conclusion.row.iter().collect(),
            cause: conclusion.cause.as_ref().map(Because::of),
        }
    }
}

impl<'a> Breach<'a> {
    fn of(violation: &'a Violation, session: &Session) -> Self {
        Breach {
            promise: violation.promise.as_deref(),
            place: session.sources().place(violation.span),
            values: violation.variables.iter().map(String::as_str).zip(&violation.row).collect(),
            cause: violation.cause.as_ref().map(Because::of),
        }
    }
}

impl Because {
    fn of(cause: &Cause) -> Self {
        let ids = |changes: &[usize]| changes.iter().map(|change| change + 1).collect();
        match cause {
            Cause::Each(changes) => Because { kind: "each", changes: ids(changes) },
            Cause::AnyOf(changes) => Because { kind: "any", changes: ids(changes) },
            Cause::Together => Because { kind: "together", changes: Vec::new() },
        }
    }
}
