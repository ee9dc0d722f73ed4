//! What a citation leads to: the sentence, who says it, how that source is named, and how sure it is.
//!
//! In: the model's relations `claim`, `sentence` and `source`, if a program has them. Out: a [`Footnote`] for each claim.
//! They are recognised by their names and by those of their columns: `claim(claim, sentence, source, modality)`,
//! `sentence(sentence, text)`, `source(source, naming)`, in any order and with others between. What is not there is
//! left out.

use super::ground::{Fact, Ground};
use super::proof::{Node, Proof, Via};
use super::why_not::{Condition, WhyNot};
use crate::check::RelationId;
use crate::data::{Value, Word};
use indexmap::IndexSet;
use std::collections::BTreeSet;
use std::ops::ControlFlow;

/// One claim, and what is known of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Footnote {
    /// The claim that facts cite.
    pub claim: Value,
    /// The sentence it is read in.
    pub sentence: Option<Value>,
    /// What the sentence says, word for word.
    pub text: Option<Value>,
    /// Who says it.
    pub source: Option<Value>,
    /// How the source is named: official, named, unnamed, anonymous.
    pub naming: Option<Value>,
    /// How the claim is meant: asserted, attributed, speculated.
    pub modality: Option<Value>,
}

/// The relations that the names of evidence belong to.
const RELATIONS: [&str; 3] = ["claim", "sentence", "source"];

/// The relations that [`Evidence`] reads, where a program has them.
pub fn relations(program: &crate::check::Program) -> impl Iterator<Item = RelationId> + '_ {
    RELATIONS.iter().filter_map(|name| program.relation(name))
}

/// What a proof rests on in the end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence {
    /// A footnote for each claim, in the order in which a reader meets them.
    pub footnotes: Vec<Footnote>,
    /// Stored facts that cite nothing.
    pub uncited: usize,
    /// How sources are named that none of it rests on.
    pub unused: Vec<Value>,
}

impl Evidence {
    /// The evidence of a proof.
    pub fn of(ground: &Ground<'_>, proof: &Proof) -> Self {
        let (claims, uncited) = cited(&proof.nodes.iter().collect::<Vec<_>>());
        Self::of_claims(ground, claims, uncited)
    }

    /// The evidence of stored facts.
    pub fn of_facts(ground: &Ground<'_>, facts: &[Fact]) -> Self {
        let (mut claims, mut uncited) = (IndexSet::new(), 0);
        for fact in facts {
            let citations = ground.citations(fact);
            uncited += usize::from(citations.is_empty());
            claims.extend(citations);
        }
        claims.sort();
        Self::of_claims(ground, claims, uncited)
    }

    /// The evidence of what stands in the way of a fact that does not hold.
    pub fn of_why_not(ground: &Ground<'_>, why_not: &WhyNot) -> Self {
        let conditions =
            why_not.missing.iter().flat_map(|missing| &missing.attempts).flat_map(|tried| &tried.conditions);
        let claims = conditions.filter_map(|condition| match condition {
            Condition::Blocked { citations, .. } => Some(citations),
            _ => None,
        });
        Self::of_claims(ground, claims.flatten().cloned().collect(), 0)
    }

    /// The evidence of these claims.
    pub(super) fn of_claims(ground: &Ground<'_>, claims: IndexSet<Value>, uncited: usize) -> Self {
        let footnotes: Vec<Footnote> = claims.into_iter().map(|claim| ground.footnote(claim)).collect();
        let used: BTreeSet<&Value> = footnotes.iter().filter_map(|footnote| footnote.naming.as_ref()).collect();
        let unused = ground.namings().into_iter().filter(|naming| !used.contains(naming)).collect();
        Self { footnotes, uncited, unused }
    }

    /// The number of a claim's footnote, from 1.
    pub fn number(&self, claim: &Value) -> Option<usize> {
        self.footnotes.iter().position(|footnote| footnote.claim == *claim).map(|at| at + 1)
    }

    /// Every source once, in the order in which a reader meets them, with how it is named.
    pub fn sources(&self) -> Vec<(&Value, Option<&Value>)> {
        let mut sources: Vec<(&Value, Option<&Value>)> = Vec::new();
        for footnote in &self.footnotes {
            if let Some(source) = &footnote.source
                && !sources.iter().any(|(known, _)| *known == source)
            {
                sources.push((source, footnote.naming.as_ref()));
            }
        }
        sources
    }
}

/// The claims that stored facts cite, in the order of the facts, and how many cite nothing.
fn cited(nodes: &[&Node]) -> (IndexSet<Value>, usize) {
    let (mut claims, mut uncited) = (IndexSet::new(), 0);
    for node in nodes {
        if let Via::Stored { citations } = &node.via {
            uncited += usize::from(citations.is_empty());
            claims.extend(citations.iter().cloned());
        }
    }
    (claims, uncited)
}

impl Ground<'_> {
    fn footnote(&self, claim: Value) -> Footnote {
        let [sentence, source, modality] = self.told("claim", "claim", &claim, ["sentence", "source", "modality"]);
        let text = sentence.as_ref().and_then(|sentence| {
            let [text] = self.told("sentence", "sentence", sentence, ["text"]);
            text
        });
        let naming = source.as_ref().and_then(|source| {
            let [naming] = self.told("source", "source", source, ["naming"]);
            naming
        });
        Footnote { claim, sentence, text, source, naming, modality }
    }

    /// What a relation has in these columns where another has this value: of the least row, if there are several.
    fn told<const N: usize>(&self, relation: &str, key: &str, value: &Value, wanted: [&str; N]) -> [Option<Value>; N] {
        let nothing = || wanted.map(|_| None);
        let Some(relation) = self.program.relation(relation) else { return nothing() };
        let columns = &self.program.relations[relation].columns;
        let place = |name: &str| columns.iter().position(|column| column.name == name);
        let Some(key) = place(key).filter(|key| columns[*key].ty == value.ty()) else { return nothing() };
        let Some(word) = Word::find(value, &self.symbols.read()) else { return nothing() };
        let mut pattern = vec![None; columns.len()];
        pattern[key] = Some(word);
        let places = wanted.map(place);
        let mut found: Option<[Option<Value>; N]> = None;
        let _ = self.each(relation, &pattern, &mut |row| {
            let table = self.symbols.read();
            let told = places.map(|place| place.map(|place| row[place].decode(columns[place].ty, &table)));
            if found.as_ref().is_none_or(|known| told < *known) {
                found = Some(told);
            }
            ControlFlow::Continue(())
        });
        found.unwrap_or_else(nothing)
    }

    /// Every way in which a source is named.
    fn namings(&self) -> BTreeSet<Value> {
        let mut namings = BTreeSet::new();
        let Some(relation) = self.program.relation("source") else { return namings };
        let columns = &self.program.relations[relation].columns;
        let Some(place) = columns.iter().position(|column| column.name == "naming") else { return namings };
        let _ = self.each(relation, &vec![None; columns.len()], &mut |row| {
            namings.insert(row[place].decode(columns[place].ty, &self.symbols.read()));
            ControlFlow::Continue(())
        });
        namings
    }
}
