//! What a citation leads to: the sentence, who says it, how that source is named, and how sure it is.
//!
//! In: the model's relations `claim`, `sentence` and `source`, if a program has them. Out: a [`Footnote`] for each
//! sentence, with the claims that are read in it; a claim that is read in two is in two footnotes.
//! They are recognised by their names and by those of their columns: `claim(claim, sentence, source, modality)`,
//! `sentence(sentence, text)`, `source(source, naming)`, in any order and with others between. What is not there is
//! left out.

use super::ground::{Fact, Ground};
use super::missing::{Condition, WhyNot};
use super::proof::{Node, Proof, Via};
use crate::check::RelationId;
use crate::data::{Value, Word};
use indexmap::IndexSet;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;

/// A sentence, and the claims that are read in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Footnote {
    /// The sentence; nothing for a claim of which no sentence is known, which has a footnote of its own.
    pub sentence: Option<Value>,
    /// What the sentence says, word for word.
    pub text: Option<Value>,
    /// The claims that facts cite, in the order in which a reader meets them.
    pub claims: Vec<Claim>,
}

/// A claim, and what is known of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// What facts cite.
    pub claim: Value,
    /// Who makes it, and how.
    pub by: Attribution,
}

/// Who makes a claim, and how.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Attribution {
    /// Who says it.
    pub source: Option<Value>,
    /// How the source is named: official, named, unnamed, anonymous.
    pub naming: Option<Value>,
    /// How the claim is meant: asserted, attributed, speculated.
    pub modality: Option<Value>,
}

impl Footnote {
    /// The claims, those together that the same source makes in the same way.
    pub fn attributed(&self) -> Vec<(&Attribution, Vec<&Value>)> {
        let mut attributed: Vec<(&Attribution, Vec<&Value>)> = Vec::new();
        for Claim { claim, by } in &self.claims {
            match attributed.iter_mut().find(|(known, _)| *known == by) {
                Some((_, claims)) => claims.push(claim),
                None => attributed.push((by, vec![claim])),
            }
        }
        attributed
    }
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
    /// A footnote for each sentence, in the order in which a reader meets them.
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
        let mut evidence = Self { footnotes: Vec::new(), uncited, unused: Vec::new() };
        let mut places: BTreeMap<Value, usize> = BTreeMap::new();
        for claim in claims {
            for Reading { sentence, by } in ground.readings(&claim) {
                let claim = Claim { claim: claim.clone(), by };
                match sentence.as_ref().and_then(|sentence| places.get(sentence)) {
                    Some(place) => evidence.footnotes[*place].claims.push(claim),
                    None => {
                        places.extend(sentence.clone().map(|sentence| (sentence, evidence.footnotes.len())));
                        let text = sentence.as_ref().and_then(|sentence| ground.text_of(sentence));
                        evidence.footnotes.push(Footnote { sentence, text, claims: vec![claim] });
                    }
                }
            }
        }
        let used: BTreeSet<&Value> = evidence.attributions().filter_map(|by| by.naming.as_ref()).collect();
        evidence.unused = ground.namings().into_iter().filter(|naming| !used.contains(naming)).collect();
        evidence
    }

    /// The numbers of the footnotes that some claims are in, from 1, each once.
    pub fn numbers(&self, claims: &[Value]) -> Vec<usize> {
        let mut numbers = IndexSet::new();
        for claim in claims {
            let footnotes = (1..).zip(&self.footnotes);
            let of_claim = footnotes.filter(|(_, footnote)| footnote.claims.iter().any(|other| other.claim == *claim));
            numbers.extend(of_claim.map(|(number, _)| number));
        }
        numbers.into_iter().collect()
    }

    /// Who makes each claim, in the order in which a reader meets them.
    pub fn attributions(&self) -> impl Iterator<Item = &Attribution> {
        self.footnotes.iter().flat_map(|footnote| &footnote.claims).map(|claim| &claim.by)
    }

    /// Every source once, in the order in which a reader meets them, with how it is named.
    pub fn sources(&self) -> Vec<(&Value, Option<&Value>)> {
        let mut sources: Vec<(&Value, Option<&Value>)> = Vec::new();
        for by in self.attributions() {
            if let Some(source) = &by.source
                && !sources.iter().any(|(known, _)| *known == source)
            {
                sources.push((source, by.naming.as_ref()));
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

/// Where a claim is read, and who makes it there.
struct Reading {
    sentence: Option<Value>,
    by: Attribution,
}

impl Ground<'_> {
    /// Everything that the rows of `claim` say of a claim, in order; one reading without anything where there are none.
    fn readings(&self, claim: &Value) -> Vec<Reading> {
        let told = self.told("claim", "claim", claim, ["sentence", "source", "modality"]);
        let reading = |[sentence, source, modality]: [Option<Value>; 3]| {
            let naming = source.as_ref().and_then(|source| self.naming_of(source));
            Reading { sentence, by: Attribution { source, naming, modality } }
        };
        match told.is_empty() {
            true => vec![Reading { sentence: None, by: Attribution::default() }],
            false => told.into_iter().map(reading).collect(),
        }
    }

    /// The text of a sentence: the least, if there are several.
    fn text_of(&self, sentence: &Value) -> Option<Value> {
        let [text] = self.told("sentence", "sentence", sentence, ["text"]).pop_first()?;
        text
    }

    /// How a source is named: the least, if there are several.
    fn naming_of(&self, source: &Value) -> Option<Value> {
        let [naming] = self.told("source", "source", source, ["naming"]).pop_first()?;
        naming
    }

    /// What the rows of a relation that have this value in one column have in others.
    fn told<const N: usize>(
        &self,
        relation: &str,
        key: &str,
        value: &Value,
        wanted: [&str; N],
    ) -> BTreeSet<[Option<Value>; N]> {
        let mut told = BTreeSet::new();
        let Some(relation) = self.program.relation(relation) else { return told };
        let columns = &self.program.relations[relation].columns;
        let place = |name: &str| columns.iter().position(|column| column.name == name);
        let Some(key) = place(key).filter(|key| columns[*key].ty == value.ty()) else { return told };
        let Some(word) = Word::find(value, &self.symbols.read()) else { return told };
        let mut pattern = vec![None; columns.len()];
        pattern[key] = Some(word);
        let places = wanted.map(place);
        let _ = self.each(relation, &pattern, &mut |row| {
            let table = self.symbols.read();
            told.insert(places.map(|place| place.map(|place| row[place].decode(columns[place].ty, &table))));
            ControlFlow::Continue(())
        });
        told
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
