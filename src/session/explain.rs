//! Asking why: the reasons for an answer.
//!
//! A question is answered first, whole; then its first answer is explained. Where the question is a single atom, the
//! fact that matched it is; otherwise the answer itself, which the question derives like a rule.

use super::demand::Answered;
use super::{Answer, Failure, Model, Session};
use crate::check::{self, Program, RelationId};
use crate::data::{Value, Word};
use crate::explain::{self, Cut, Evidence, Fact, Flaw, Ground, Proof};
use crate::plan;
use crate::report::{Code, Diagnostic};
use std::sync::Arc;

/// Why the first answer of a question holds.
#[derive(Debug, Clone)]
pub struct Explained {
    program: Arc<Program>,
    /// How many answers there are.
    pub answers: usize,
    /// The proof of the first.
    pub proof: Proof,
    /// The claims that it rests on.
    pub evidence: Evidence,
}

/// A question with its answers.
struct Question {
    program: Program,
    model: Model,
    goal: RelationId,
    answer: Answer,
}

impl Session {
    /// Why the first answer of a question holds; nothing if it has none.
    pub fn why(&mut self, name: &str, text: &str) -> Result<Option<Explained>, Failure> {
        let Question { program, model, goal, answer } = self.answer_whole(name, text)?;
        if answer.is_empty() {
            return Ok(None);
        }
        let found = Fact { relation: goal, row: answer.words(0).to_vec() };
        let ground = self.ground(&program, &model);
        let fact = explain::matched(&ground, &found)?.unwrap_or(found);
        let (proof, evidence) = proved(&ground, &fact)?;
        Ok(Some(Explained { program: Arc::new(program), answers: answer.len(), proof, evidence }))
    }

    /// Why a row of a relation holds; nothing if it does not.
    pub fn why_row(&mut self, relation: RelationId, row: &[Value]) -> Result<Option<Explained>, Failure> {
        let evidence: Vec<RelationId> = explain::evidence_relations(&self.program).collect();
        self.evaluate(evidence.into_iter().chain([relation]))?;
        let row: Option<Vec<Word>> = row.iter().map(|value| Word::find(value, &self.symbols.read())).collect();
        let Some(fact) = row.map(|row| Fact { relation, row }) else { return Ok(None) };
        let ground = self.ground(&self.program, &self.model);
        if !ground.holds(&fact) {
            return Ok(None);
        }
        let (proof, evidence) = proved(&ground, &fact)?;
        Ok(Some(Explained { program: self.program.clone(), answers: 1, proof, evidence }))
    }

    /// Whether a proof of what is known now is one, in the eyes of a checker that shares nothing with the search for
    /// proofs.
    pub fn check_proof(&self, explained: &Explained) -> Result<(), Flaw> {
        explain::check(&self.ground(&explained.program, &self.model_of(&explained.program)), &explained.proof)
    }

    fn ground<'a>(&'a self, program: &'a Program, model: &Model) -> Ground<'a> {
        Ground::new(program, &model.store, &self.facts.store, &self.symbols, &self.limits)
    }

    /// Answers one question from complete relations.
    fn answer_whole(&mut self, name: &str, text: &str) -> Result<Question, Failure> {
        let ast = self.parse_query(name, text)?;
        let (program, diagnostics) = check::question(&self.program, &ast);
        let Some(program) = program else { return Err(Failure::Diagnostics(diagnostics)) };
        let [query] = &program.queries[self.program.queries.len()..] else {
            return Err(Diagnostic::bare(Code::UnexpectedToken, "one fact is explained at a time").into());
        };
        let goal = query.relation;
        let evidence: Vec<RelationId> = explain::evidence_relations(&self.program).collect();
        let needed = plan::needed(&program, evidence.into_iter().chain([goal]));
        let (own, shared) = self.own_and_shared(needed);
        let limits = self.limits.clone();
        let Answered { program, model, .. } = self.derive(program, own, shared, &limits)?;
        let answer = self.rows(&program, &model, goal);
        Ok(Question { program, model, goal, answer })
    }
}

fn proved(ground: &Ground<'_>, fact: &Fact) -> Result<(Proof, Evidence), Failure> {
    let proof = explain::why(ground, fact)?;
    let evidence = Evidence::of(ground, &proof);
    Ok((proof, evidence))
}

impl Explained {
    /// The proof as a tree of lines.
    pub fn text(&self, session: &Session, cut: Cut) -> String {
        explain::text(&self.program, session.sources(), &self.proof, &self.evidence, cut)
    }
}
