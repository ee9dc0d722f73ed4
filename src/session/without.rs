//! Answering as if some claims had not been made.
//!
//! In: claims, named by what they have in common: their source, their modality, how the source is named. Out: the facts
//! without those that rest on nothing else. Promise: a fact with another citation, or said without one, stays, and loses
//! only the citations that are left out.
//!
//! The relations `claim` and `source` are recognised as in [`explain`](crate::explain): by their names and columns. Each
//! of their columns is a kind that claims can be named by. A source that was read in another counts as that other one
//! too: `source moscow_times` means the sources whose `outlet` it is.

use super::assumed::Assumed;
use super::change::Changed;
use super::{Failure, Session};
use crate::check::RelationId;
use crate::data::{Type, Value, Word};
use crate::explain;
use crate::report::{Code, Diagnostic, nearest};
use std::collections::BTreeSet;

/// Claims that have something in common.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claims {
    /// A column of `claim` or of `source`.
    pub kind: String,
    /// What stands in it.
    pub value: String,
}

/// The outlet of a source that speaks for itself.
const NO_OUTLET: &str = "none";

/// So many values are told to someone who named none of them.
const TOLD: usize = 24;

impl Session {
    /// Takes away what rests only on these claims, and their citations from what stays.
    pub fn without(&mut self, claims: &Claims) -> Result<Changed, Failure> {
        self.evaluate_claims()?;
        if let Some(unknown) = self.unknown(claims) {
            return Err(unknown.into());
        }
        let changed = self.take_claims(claims);
        self.record([Assumed::without(claims)]);
        Ok(changed)
    }

    /// Evaluates what is known of claims.
    pub(super) fn evaluate_claims(&mut self) -> Result<(), Failure> {
        let evidence: Vec<RelationId> = explain::evidence_relations(&self.program).collect();
        self.evaluate(evidence)
    }

    /// The same where the relations of evidence are complete. Claims that nobody made change nothing.
    pub(super) fn take_claims(&mut self, claims: &Claims) -> Changed {
        let claims = self.claims(claims);
        let mut facts = self.facts.clone();
        let taken = facts.take_claims(&self.program, &claims);
        let stored = self.replace_facts(facts);
        Changed { facts_removed: taken.facts, citations_removed: taken.citations, stored, ..Changed::default() }
    }

    /// What claims can be named by, in the order of the columns.
    pub fn kinds_of_claims(&self) -> Vec<&str> {
        let mut kinds: Vec<&str> = Vec::new();
        for name in ["claim", "source"] {
            let columns = self.program.relation(name).into_iter().flat_map(|id| &self.program.relations[id].columns);
            columns.for_each(|column| {
                if !kinds.contains(&&*column.name) {
                    kinds.push(&column.name)
                }
            });
        }
        if self.column("claim", "claim").is_some() { kinds } else { Vec::new() }
    }

    /// What claims of a kind can be named by, sorted. What is not evaluated yet is not evaluated for this.
    pub fn values_of_claims(&self, kind: &str) -> BTreeSet<String> {
        let mut values = self.texts("claim", kind);
        values.extend(self.texts("source", kind));
        if kind == "source" {
            values.extend(self.texts("source", "outlet").into_iter().filter(|outlet| outlet != NO_OUTLET));
        }
        values
    }

    /// The claims themselves.
    fn claims(&self, wanted: &Claims) -> BTreeSet<Word> {
        let Claims { kind, value } = wanted;
        let mut claims = self.where_is("claim", kind, "claim", |text| text == value);
        let mut sources = BTreeSet::new();
        if kind != "source" {
            sources = self.where_is("source", kind, "source", |text| text == value);
        } else if value != NO_OUTLET {
            sources = self.where_is("source", "outlet", "source", |text| text == value);
        }
        if let (Some(claim), Some(source)) = (self.column("claim", "claim"), self.column("claim", "source")) {
            let rows = self.relation_rows(claim.relation);
            let of_source = (0..rows.len()).map(|row| rows.words(row)).filter(|row| sources.contains(&row[source.at]));
            claims.extend(of_source.map(|row| row[claim.at]));
        }
        claims
    }

    /// The words in the column `wanted` of the rows that have such a text in the column `of`.
    fn where_is(&self, name: &str, of: &str, wanted: &str, is_so: impl Fn(&str) -> bool) -> BTreeSet<Word> {
        let (Some(of), Some(wanted)) = (self.column(name, of), self.column(name, wanted)) else {
            return BTreeSet::new();
        };
        let rows = self.relation_rows(of.relation);
        let values = rows.rows(&self.symbols).enumerate();
        let found = values.filter(|(_, values)| is_so(&values[of.at].to_string()));
        found.map(|(row, _)| rows.words(row)[wanted.at]).collect()
    }

    fn texts(&self, name: &str, column: &str) -> BTreeSet<String> {
        let Some(column) = self.column(name, column) else { return BTreeSet::new() };
        self.relation_rows(column.relation)
            .rows(&self.symbols)
            .map(|row: Vec<Value>| row[column.at].to_string())
            .collect()
    }

    /// The column of a relation of evidence. What claims and sources are called is a symbol.
    fn column(&self, name: &str, column: &str) -> Option<Place> {
        let relation = self.program.relation(name)?;
        let columns = &self.program.relations[relation].columns;
        let at = columns.iter().position(|known| known.name == column)?;
        let is_name = column == "claim" || column == "source";
        (!is_name || columns[at].ty == Type::Symbol).then_some(Place { relation, at })
    }

    /// What is wrong with the name of claims.
    fn unknown(&self, claims: &Claims) -> Option<Diagnostic> {
        let Claims { kind, value } = claims;
        let kinds = self.kinds_of_claims();
        if kinds.is_empty() {
            let message = "nothing is known of claims: no relation is called `claim` and has a column of that name";
            let diagnostic = Diagnostic::bare(Code::UnknownClaims, message);
            return Some(diagnostic.help("say who claims what: `.decl claim(claim, sentence, source, modality)`"));
        }
        let values = self.values_of_claims(kind);
        let is_kind = kinds.contains(&&**kind);
        let (message, word, known) = if is_kind {
            (format!("no claim has the {kind} `{value}`"), value, values.iter().map(|known| &**known).collect())
        } else {
            (format!("claims are not told apart by `{kind}`"), kind, kinds)
        };
        if known.contains(&&**word) {
            return None;
        }
        let told = known.iter().take(TOLD).copied().collect::<Vec<_>>().join(", ");
        let more = known.len().saturating_sub(TOLD);
        let told = if more > 0 { format!("{told} and {more} more") } else { told };
        let diagnostic = Diagnostic::bare(Code::UnknownClaims, message).note(format!("it is one of {told}"));
        Some(match nearest(word, known) {
            Some(near) => diagnostic.help(format!("did you mean `{near}`?")),
            None => diagnostic,
        })
    }
}

/// A column of a relation.
#[derive(Clone, Copy)]
struct Place {
    relation: RelationId,
    at: usize,
}
