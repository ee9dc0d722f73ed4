//! Asking why: the reasons for an answer, or for there being none.
//!
//! A question is answered first, from complete relations. Its first answer is explained: where the question is a single
//! atom, the fact that matched it; otherwise the answer itself, which the question derives like a rule. Where there is no
//! answer, it is told what lacks, and what would make it hold.

use super::demand::Answered;
use super::first::First;
use super::patience::Patience;
use super::{Failure, Model, Session};
use crate::check::{self, Program, RelationId, Role, StratumId};
use crate::data::{IdVec, Value, Word};
use crate::eval::{Limits, Stopped};
use crate::explain::{
    self, Change, Evidence, Fact, Flaw, Ground, Lack, Matches, NodeId, Place, Proof, Proofs, Repairs, WhyNot,
};
use crate::plan;
use crate::report::{Code, Diagnostic};
use crate::store::Relation;
use crate::syntax::Ast;
use std::sync::Arc;

/// Why a question has the answer that it has.
#[derive(Debug, Clone)]
pub enum Reasons {
    /// It has one.
    Holds(Explained),
    /// It has none.
    Fails(Lacking),
}

/// Why the first answer of a question holds.
#[derive(Debug, Clone)]
pub struct Explained {
    pub(super) program: Arc<Program>,
    /// Which answer it is.
    pub first: First,
    /// Its proof.
    pub proof: Proof,
    /// The claims that it rests on.
    pub evidence: Evidence,
    /// Where each stored fact comes from; nothing where that is not known, and for facts that follow.
    pub places: IdVec<NodeId, Option<Place>>,
}

/// Why a question has no answer.
#[derive(Debug, Clone)]
pub struct Lacking {
    program: Arc<Program>,
    /// What the rules lack.
    pub why_not: WhyNot,
    /// What would make it hold.
    pub repairs: Repairs,
    /// The claims behind what stands in the way.
    pub evidence: Evidence,
}

/// A question with its first answer, and all that it rests on.
pub(super) struct Question {
    pub(super) program: Arc<Program>,
    pub(super) model: Model,
    goal: RelationId,
    /// The fact that the first answer is about: what the question's one atom matches, or else the answer itself.
    pub(super) first: Option<Fact>,
    pub(super) answers: usize,
}

/// A program with a question that is not answered yet.
struct Query {
    program: Arc<Program>,
    goal: RelationId,
}

impl Session {
    /// Why a question has the answer that it has.
    pub fn explain(&mut self, name: &str, text: &str) -> Result<Reasons, Failure> {
        let question = self.answer_whole(name, text)?;
        let Some(fact) = &question.first else { return self.lacking(&question).map(Reasons::Fails) };
        let ground = self.ground(&question.program, &question.model);
        let proof = explain::why(&ground, fact)?;
        let first = First::of(&ground, fact, question.answers);
        let mut explained = self.explained(&question.program, &ground, &first, vec![proof])?;
        Ok(Reasons::Holds(explained.pop().expect("a proof is shown")))
    }

    /// Up to so many proofs of the first answer of a question; none if it has none. They differ in a rule or in a stored
    /// fact, and the lowest comes first.
    pub fn proofs(&mut self, name: &str, text: &str, most: usize) -> Result<Proofs<Explained>, Failure> {
        let question = self.answer_whole(name, text)?;
        let Some(fact) = &question.first else { return Ok(Proofs { found: Vec::new(), is_complete: true }) };
        let ground = self.ground(&question.program, &question.model);
        let first = First::of(&ground, fact, question.answers);
        let Proofs { found, is_complete } = explain::proofs(&ground, fact, most)?;
        Ok(Proofs { found: self.explained(&question.program, &ground, &first, found)?, is_complete })
    }

    /// Why a row of a relation holds; nothing if it does not. Data files are read again to tell the lines of their rows.
    pub fn why_row(&mut self, relation: RelationId, row: &[Value]) -> Result<Option<Explained>, Failure> {
        let evidence: Vec<RelationId> = explain::evidence_relations(&self.program).collect();
        self.evaluate(evidence.into_iter().chain([relation]))?;
        let row: Option<Vec<Word>> = row.iter().map(|value| Word::find(value, &self.symbols.read())).collect();
        let Some(fact) = row.map(|row| Fact { relation, row }) else { return Ok(None) };
        let program = explain::with_upkeep(self.program.clone());
        let ground = self.ground(&program, &self.model);
        if !ground.holds(&fact) {
            return Ok(None);
        }
        let proof = explain::why(&ground, &fact)?;
        let first = First::of(&ground, &fact, 1);
        Ok(self.explained(&program, &ground, &first, vec![proof])?.pop())
    }

    /// Proofs of one fact with what is needed to show them.
    fn explained(
        &self,
        program: &Arc<Program>,
        ground: &Ground<'_>,
        first: &First,
        proofs: Vec<Proof>,
    ) -> Result<Vec<Explained>, Failure> {
        let places = self.facts.places(program, &proofs, &self.symbols, &self.limits)?;
        let explained = |(proof, places): (Proof, _)| {
            let evidence = Evidence::of(ground, &proof);
            Explained { program: program.clone(), first: first.clone(), proof, evidence, places }
        };
        Ok(proofs.into_iter().zip(places).map(explained).collect())
    }

    /// Whether a proof of what is known now is one, in the eyes of a checker that shares nothing with the search for
    /// proofs.
    pub fn check_proof(&self, explained: &Explained) -> Result<(), Flaw> {
        explain::check(&self.ground(&explained.program, &self.model_of(&explained.program)), &explained.proof)
    }

    fn lacking(&self, question: &Question) -> Result<Lacking, Failure> {
        let Question { program, model, goal, .. } = question;
        let (relation, args) = asked_for(program, *goal);
        let ground = self.ground(program, model).with_candidate(relation, &args);
        let hasty = self.in_haste();
        let in_haste = hasty.ground(program, model).with_candidate(relation, &args);
        let why_not = explain::why_not(&ground, &in_haste, relation, &args)?;
        let hasty = self.in_haste();
        let mut patience = Patience::default();
        let in_haste = hasty.ground(program, model).with_candidate(relation, &args);
        let repairs = explain::repairs(&in_haste, relation, &args, &mut |changes| {
            patience.ask(&hasty.limits, || hasty.holds_after(program, *goal, changes))
        });
        patience.end()?;
        let evidence = Evidence::of_why_not(&ground, &why_not);
        Ok(Lacking { program: program.clone(), why_not, repairs, evidence })
    }

    /// Whether a question would have an answer after some changes. Not where they make a run fault.
    fn holds_after(&self, asked: &Arc<Program>, goal: RelationId, changes: &[Change]) -> Result<bool, Failure> {
        let model = self.changed(changes).model_for(asked, goal)?;
        Ok(model.is_some_and(|model| !model.store[goal].is_empty()))
    }

    /// A session in which stored facts are others.
    pub(super) fn changed(&self, changes: &[Change]) -> Session {
        let mut changed = self.clone();
        for change in changes {
            changed.change(change);
        }
        let facts = std::mem::replace(&mut changed.facts, self.facts.clone());
        changed.replace_facts(facts);
        changed
    }

    /// A model that is complete in what a relation of a question's program depends on; nothing where arithmetic faults, or
    /// where so many more rows follow than before that there may be no end to them.
    pub(super) fn model_for(&mut self, asked: &Arc<Program>, goal: RelationId) -> Result<Option<Model>, Failure> {
        const MORE: usize = 100_000;
        let known: usize = self.model.store.iter().map(Relation::len).sum();
        let most = (4 * known + MORE).min(self.limits.max_tuples.unwrap_or(usize::MAX));
        let limits = Limits { meter: Default::default(), max_tuples: Some(most), ..self.limits.clone() };
        let (own, shared) = self.own_and_shared(plan::needed(asked, [goal]));
        self.limits = limits.clone();
        match self.derive(asked.as_ref().clone(), own, shared, &limits) {
            Ok(Answered { model, .. }) => Ok(Some(model)),
            Err(Failure::Stopped(Stopped::Arithmetic(_))) => Ok(None),
            Err(Failure::Stopped(Stopped::Limit { progress, .. })) if progress.tuples > most => Ok(None),
            Err(failure) => Err(failure),
        }
    }

    /// Changes a stored fact, and nothing that follows from it.
    fn change(&mut self, change: &Change) {
        let words = |row: &[Value]| row.iter().map(|value| Word::encode(value, &self.symbols)).collect::<Vec<Word>>();
        let program = self.program.clone();
        match change {
            Change::Add { relation, row } => self.facts.insert(&program, *relation, &words(row)),
            Change::Remove { relation, row } => self.take(*relation, &words(row)),
            Change::Move { relation, from, to } => {
                let (from, to) = (words(from), words(to));
                self.take(*relation, &from);
                self.facts.insert(&program, *relation, &to);
            }
        }
    }

    /// Takes a stored fact away, or a citation, and the fact if that was its last support.
    fn take(&mut self, relation: RelationId, row: &[Word]) {
        match (self.program.relations[relation].role, row.split_last()) {
            (Role::Citations(of), Some((claim, fact))) => {
                self.facts.remove_citation(&self.program, of, fact, *claim);
            }
            _ => {
                self.facts.remove(&self.program, relation, &[row.to_vec()]);
            }
        }
    }

    pub(super) fn ground<'a>(&'a self, program: &'a Program, model: &Model) -> Ground<'a> {
        let mut ground = Ground::new(program, &model.store, &self.facts.store, &self.symbols, &self.limits);
        ground.most_ways = self.most_ways;
        ground
    }

    /// Answers one question from complete relations.
    pub(super) fn answer_whole(&mut self, name: &str, text: &str) -> Result<Question, Failure> {
        let ast = self.parse_query(name, text)?;
        let told = explain::with_upkeep(self.program.clone());
        // A question for one row is about that row where it is there, and where not even one above it is.
        let row = match told.of_rows() {
            Some(rows) => self.look_up(&one_query(&rows, &ast)?)?,
            None => None,
        };
        let missing = match row {
            Some(row) if row.first.is_some() => return Ok(row),
            missing => missing,
        };
        let query = one_query(&told, &ast)?;
        let question = match self.look_up(&query)? {
            Some(question) => question,
            None => self.derive_answers(query)?,
        };
        Ok(missing.filter(|_| question.first.is_none()).unwrap_or(question))
    }

    /// Answers a question of one atom by its rows, where they lie; nothing if it is no such question.
    fn look_up(&mut self, query: &Query) -> Result<Option<Question>, Failure> {
        let Query { program, goal } = query;
        let Some(question) = explain::OneAtom::of(program, *goal) else { return Ok(None) };
        let (_, shared) = self.needed_for(query);
        self.complete(&shared)?;
        let model = self.model_of(program);
        let Matches { first, answers } = question.matches(&self.ground(program, &model))?;
        Ok(Some(Question { program: program.clone(), model, goal: *goal, first, answers }))
    }

    /// Answers a question of its own.
    fn derive_answers(&mut self, query: Query) -> Result<Question, Failure> {
        let (own, shared) = self.needed_for(&query);
        let Query { program, goal } = query;
        let limits = self.limits.clone();
        let Answered { program, model, .. } = self.derive(Arc::unwrap_or_clone(program), own, shared, &limits)?;
        let answer = self.rows(&program, &model, goal);
        let first = (!answer.is_empty()).then(|| Fact { relation: goal, row: answer.words(0).to_vec() });
        Ok(Question { program: Arc::new(program), model, goal, first, answers: answer.len() })
    }

    /// The strata that a question needs, and what tells of claims and sentences: its own, and those of the program.
    fn needed_for(&self, query: &Query) -> (Vec<StratumId>, Vec<StratumId>) {
        let evidence = explain::evidence_relations(&self.program);
        self.own_and_shared(plan::needed(&query.program, evidence.chain([query.goal])))
    }
}

/// The one question of a text, asked of a program.
fn one_query(program: &Program, ast: &Ast) -> Result<Query, Failure> {
    let (asked, diagnostics) = check::question(program, ast);
    let Some(asked) = asked else { return Err(Failure::Diagnostics(diagnostics)) };
    let [query] = &asked.queries[program.queries.len()..] else {
        return Err(Diagnostic::bare(Code::UnexpectedToken, "one fact is explained at a time").into());
    };
    Ok(Query { goal: query.relation, program: Arc::new(asked) })
}

/// The row that a question asks for, as far as it is given: of its atom, or else of itself.
fn asked_for(program: &Program, goal: RelationId) -> (RelationId, Vec<Option<Value>>) {
    match explain::OneAtom::of(program, goal) {
        Some(question) => (question.relation(), question.given()),
        None => (goal, vec![None; program.relations[goal].columns.len()]),
    }
}

impl Lacking {
    /// What lacks, as text.
    pub fn text(&self, session: &Session) -> String {
        explain::why_not_text(self.lack(session))
    }

    /// What lacks, as one JSON object.
    pub fn json(&self, session: &Session) -> String {
        explain::why_not_json(self.lack(session))
    }

    fn lack<'a>(&'a self, session: &'a Session) -> Lack<'a> {
        let Self { program, why_not, repairs, evidence } = self;
        Lack { program, sources: session.sources(), why_not, repairs, evidence }
    }
}
