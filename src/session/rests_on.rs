//! What an answer rests on: the facts and the sources without which it falls, and the claims that it may come from.

use super::explain::Question;
use super::first::First;
use super::patience::Patience;
use super::{Claims, Failure, Session};
use crate::check::{Program, RelationId, Role};
use crate::data::{Value, Word};
use crate::explain::{self, Change, Critical, Evidence, Fact, Proof, Via, Words};
use std::collections::BTreeSet;
use std::sync::Arc;

/// What would overturn the first answer of a question.
#[derive(Debug, Clone)]
pub struct Overturning {
    program: Arc<Program>,
    /// Which answer it is.
    pub first: First,
    /// Stored facts.
    pub facts: Critical<StoredFact>,
    /// Sources, by name; nothing where facts cite none.
    pub sources: Critical<String>,
}

/// A fact that is stored.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct StoredFact {
    /// The relation.
    pub relation: RelationId,
    /// The values.
    pub row: Vec<Value>,
}

/// Where the first answer of a question may come from.
#[derive(Debug, Clone)]
pub struct Origins {
    /// Which answer it is.
    pub first: First,
    /// A footnote for each claim that some derivation rests on.
    pub evidence: Evidence,
    /// The sources without which, each alone, the answer falls.
    pub critical: Vec<String>,
}

impl Session {
    /// What would overturn the first answer of a question, in sets of at most so many; nothing if it has none.
    pub fn critical(&mut self, name: &str, text: &str, largest: usize) -> Result<Option<Overturning>, Failure> {
        let question = self.answer_whole(name, text)?;
        let Some(fact) = question.first.clone() else { return Ok(None) };
        let ground = self.ground(&question.program, &question.model);
        let proof = explain::why(&ground, &fact)?;
        let first = First::of(&ground, &fact, question.answers);
        let hasty = self.in_haste();
        let mut patience = Patience::default();
        let facts = explain::critical(leaves(&question.program, &proof), largest, &mut |lost| {
            patience.ask(&hasty.limits, || {
                let proof = hasty.proof_without(&question, &fact, lost)?;
                Ok(proof.map(|proof| leaves(&question.program, &proof)))
            })
        });
        patience.end()?;
        let sources = self.critical_sources(&question, &fact, &proof, largest)?;
        Ok(Some(Overturning { program: question.program, first, facts, sources }))
    }

    /// Where the first answer of a question may come from; nothing if it has none.
    pub fn origins(&mut self, name: &str, text: &str) -> Result<Option<Origins>, Failure> {
        let question = self.answer_whole(name, text)?;
        let Some(fact) = question.first.clone() else { return Ok(None) };
        let ground = self.ground(&question.program, &question.model);
        let stored = explain::origins(&ground, &fact)?;
        let evidence = Evidence::of_facts(&ground, &stored);
        let proof = explain::why(&ground, &fact)?;
        let critical = self.critical_sources(&question, &fact, &proof, 1)?;
        let first = First::of(&ground, &fact, question.answers);
        Ok(Some(Origins { first, evidence, critical: critical.sets.into_iter().flatten().collect() }))
    }

    /// The proof of a fact when stored facts are lost; nothing if it falls.
    fn proof_without(&self, question: &Question, fact: &Fact, lost: &[StoredFact]) -> Result<Option<Proof>, Failure> {
        let ground = self.ground(&question.program, &question.model);
        let words = |stored: &StoredFact| Fact {
            relation: stored.relation,
            row: stored.row.iter().map(|value| Word::encode(value, &self.symbols)).collect(),
        };
        let lost_facts: BTreeSet<Fact> = lost.iter().map(words).collect();
        // A proof that does without them stands without them.
        if let Some(proof) = explain::why_without_facts(&ground, fact, &lost_facts)?
            && leaves(&question.program, &proof).iter().all(|leaf| !lost.contains(leaf))
        {
            return Ok(Some(proof));
        }
        let removed = |stored: &StoredFact| Change::Remove { relation: stored.relation, row: stored.row.clone() };
        let changes: Vec<Change> = lost.iter().map(removed).collect();
        self.proof_in(self.changed(&changes), question, fact)
    }

    /// The proof of a fact in a changed session; nothing if it does not hold there. A run that faults overturns nothing.
    fn proof_in(&self, mut changed: Session, question: &Question, fact: &Fact) -> Result<Option<Proof>, Failure> {
        let Some(model) = changed.model_for(&question.program, fact.relation)? else {
            return Ok(Some(explain::why(&self.ground(&question.program, &question.model), fact)?));
        };
        let ground = changed.ground(&question.program, &model);
        if !ground.holds(fact) {
            return Ok(None);
        }
        Ok(Some(explain::why(&ground, fact)?))
    }

    /// The smallest sets of sources, of at most so many, without which a fact falls.
    fn critical_sources(
        &self,
        question: &Question,
        fact: &Fact,
        proof: &Proof,
        largest: usize,
    ) -> Result<Critical<String>, Failure> {
        let ground = self.ground(&question.program, &question.model);
        let sources = |proof: &Proof| -> Vec<String> {
            let evidence = Evidence::of(&ground, proof);
            evidence.sources().iter().map(|(source, _)| source.to_string()).collect()
        };
        let hasty = self.in_haste();
        let mut patience = Patience::default();
        let critical = explain::critical(sources(proof), largest, &mut |lost| {
            patience.ask(&hasty.limits, || {
                let mut without = hasty.clone();
                for source in lost {
                    without.take_claims(&Claims { kind: "source".into(), value: source.clone() });
                }
                let proof = hasty.proof_in(without, question, fact)?;
                Ok(proof.map(|proof| sources(&proof)))
            })
        });
        patience.end()?;
        Ok(critical)
    }
}

/// The stored facts that a proof names: of a citation, the fact that cites.
fn leaves(program: &Program, proof: &Proof) -> Vec<StoredFact> {
    let stored = proof.nodes.iter().filter(|node| matches!(node.via, Via::Stored { .. }));
    let leaves = stored.map(|node| match (program.relations[node.relation].role, node.row.split_last()) {
        (Role::Citations(of), Some((_, row))) => StoredFact { relation: of, row: row.to_vec() },
        _ => StoredFact { relation: node.relation, row: node.row.clone() },
    });
    let leaves: BTreeSet<StoredFact> = leaves.collect();
    leaves.into_iter().collect()
}

impl Overturning {
    /// What would overturn it, as text.
    pub fn text(&self) -> String {
        let words = Words::new(&self.program);
        let atom = |fact: &StoredFact| words.pattern(fact.relation, &fact.row.iter().map(Some).collect::<Vec<_>>());
        explain::critical_text("stored fact", &self.facts, atom)
            + &explain::critical_text("source", &self.sources, String::clone)
    }
}

impl Origins {
    /// The claims, as text.
    pub fn text(&self) -> String {
        explain::origins_text(&self.evidence, &self.critical)
    }
}
