//! Why a fact does not hold, as JSON.
//!
//! In: what its rules lack, with the changes that would make it hold. Out: one object: the rows that are missing, the
//! first of which was asked for, each with what became of its rules; the repairs; the sources behind what stands in the
//! way. `_` in an atom is a value that is not given. Promise: all of it, never cut.

use super::json::{Rule, Source};
use super::why_not_text::Lack;
use crate::check::{Program, RelationId};
use crate::data::{Id, Value};
use crate::explain::apart::Belongs;
use crate::explain::missing::{Condition, Missing, Tried};
use crate::explain::proof::Premise;
use crate::explain::repairs::change::Change;
use crate::explain::words::Words;
use crate::formats::json_text;
use crate::report::Sources;
use serde::Serialize;

/// Why a fact does not hold, as JSON.
pub fn why_not_json(lack: Lack<'_>) -> String {
    let Lack { program, sources, why_not, repairs, evidence } = lack;
    let telling = Telling { program, sources, words: Words::new(program) };
    json_text(&Whole {
        schema: 1,
        holds: false,
        missing: why_not.missing.iter().map(|missing| telling.missing(missing)).collect(),
        repairs: repairs
            .found
            .iter()
            .map(|repair| repair.iter().map(|change| telling.change(change)).collect())
            .collect(),
        complete: repairs.is_complete,
        stopped: why_not.is_cut,
        sources: evidence.footnotes.iter().flat_map(Source::of).collect(),
    })
}

#[derive(Serialize)]
struct Whole<'a> {
    schema: usize,
    holds: bool,
    missing: Vec<Lacking<'a>>,
    repairs: Vec<Vec<Changed>>,
    /// Whether the search for repairs came to its end.
    complete: bool,
    /// Whether the search for reasons was stopped before its end.
    #[serde(skip_serializing_if = "is_false")]
    stopped: bool,
    sources: Vec<Source<'a>>,
}

#[derive(Serialize)]
struct Lacking<'a> {
    atom: String,
    /// Whether there was no time to look at its rules.
    #[serde(rename = "notFollowed", skip_serializing_if = "is_false")]
    not_followed: bool,
    /// Rows after which a limit ended the evaluation of its rules.
    #[serde(rename = "limitedTo", skip_serializing_if = "Option::is_none")]
    limited_to: Option<usize>,
    attempts: Vec<Attempt<'a>>,
    /// Of an equivalence, what the values belong with.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    apart: Vec<With<'a>>,
    near: Vec<String>,
    #[serde(rename = "didYouMean", skip_serializing_if = "Vec::is_empty")]
    did_you_mean: Vec<Misspelt<'a>>,
}

#[derive(Serialize)]
struct With<'a> {
    value: &'a Value,
    with: Vec<&'a Value>,
    /// How many there are besides.
    more: usize,
}

#[derive(Serialize)]
struct Misspelt<'a> {
    column: &'a str,
    value: &'a Value,
    near: &'a Value,
}

#[derive(Serialize)]
struct Attempt<'a> {
    rule: Rule<'a>,
    conditions: Vec<Told<'a>>,
}

#[derive(Serialize)]
struct Told<'a> {
    holds: bool,
    text: String,
    /// Where it fails because a row is missing: its place in `missing`.
    #[serde(skip_serializing_if = "Option::is_none")]
    missing: Option<usize>,
    /// Where it fails because a row is there: the claims that the row rests on.
    #[serde(skip_serializing_if = "Option::is_none")]
    citations: Option<Vec<&'a Value>>,
    /// The aggregates that are written within it, or that the values of a comparison that fails come from.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    from: Vec<String>,
}

#[derive(Serialize)]
#[serde(tag = "change", rename_all = "lowercase")]
enum Changed {
    Add { fact: String },
    Remove { fact: String },
    Move { from: String, to: String },
}

struct Telling<'a> {
    program: &'a Program,
    sources: &'a Sources,
    words: Words<'a>,
}

impl<'a> With<'a> {
    fn of(belongs: &'a Belongs) -> Self {
        Self { value: &belongs.value, with: belongs.with.iter().collect(), more: belongs.more }
    }
}

impl<'a> Telling<'a> {
    fn missing(&self, missing: &'a Missing) -> Lacking<'a> {
        let misspelt = missing.misspelt.iter().map(|misspelt| Misspelt {
            column: &misspelt.column,
            value: &misspelt.value,
            near: &misspelt.near,
        });
        Lacking {
            atom: self.words.missing(missing.relation, &missing.args.iter().map(Option::as_ref).collect::<Vec<_>>()),
            not_followed: !missing.is_followed,
            limited_to: missing.limit.map(|limit| limit.rows),
            attempts: missing.attempts.iter().map(|tried| self.attempt(tried)).collect(),
            apart: missing.apart.iter().map(With::of).collect(),
            near: missing.nearest.iter().map(|row| self.fact(missing.relation, row)).collect(),
            did_you_mean: misspelt.collect(),
        }
    }

    fn fact(&self, relation: RelationId, row: &[Value]) -> String {
        self.words.pattern(relation, &row.iter().map(Some).collect::<Vec<_>>())
    }

    fn attempt(&self, tried: &'a Tried) -> Attempt<'a> {
        let span = self.program.rules[tried.rule].span;
        let rule = Rule {
            text: self.sources.slice(span),
            file: &self.sources.get(span.source).name,
            line: Some(self.sources.line_column(span).0),
        };
        Attempt { rule, conditions: tried.conditions.iter().map(|condition| self.told(condition)).collect() }
    }

    fn told(&self, condition: &'a Condition) -> Told<'a> {
        let mut told =
            Told { holds: condition.holds(), text: String::new(), missing: None, citations: None, from: vec![] };
        told.text = match condition {
            Condition::Found { relation, row } => self.fact(*relation, row),
            Condition::Missing { missing } => {
                told.missing = Some(missing.index());
                "a row is missing".into()
            }
            Condition::Blocked { relation, args, by, citations } => {
                told.citations = Some(plain(citations));
                self.words.blocked(*relation, args, by, "")
            }
            Condition::Decided { premise, from, .. } => {
                told.from = from.iter().map(|aggregate| self.words.aggregate(aggregate)).collect();
                match premise {
                    Premise::Absent { relation, args, .. } => self.words.absent_atom(*relation, args),
                    other => self.words.premise(other).unwrap_or_default(),
                }
            }
            Condition::Aggregate { text, value, wanted } => {
                let shown = |value: &Option<Value>| value.as_ref().map_or_else(|| "nothing".into(), Value::to_string);
                format!("{} = {text}, but it is {}", shown(wanted), shown(value))
            }
            Condition::NoValue { text } => format!("{text} has no value"),
            Condition::Unreached { text } => format!("{text} was not reached"),
        };
        told
    }

    fn change(&self, change: &Change) -> Changed {
        match change {
            Change::Add { relation, row } => Changed::Add { fact: self.fact(*relation, row) },
            Change::Remove { relation, row } => Changed::Remove { fact: self.fact(*relation, row) },
            Change::Move { relation, from, to } => {
                Changed::Move { from: self.fact(*relation, from), to: self.fact(*relation, to) }
            }
        }
    }
}

fn is_false(flag: &bool) -> bool {
    !flag
}

fn plain(row: &[Value]) -> Vec<&Value> {
    row.iter().collect()
}
