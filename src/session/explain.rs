//! Asking why: the reasons for an answer.
//!
//! A question is answered first, whole; then its first answer is explained. Where the question is a single atom, the
//! fact that matched it is; otherwise the answer itself, which the question derives like a rule.

use super::demand::Answered;
use super::{Answer, Failure, Session};
use crate::check::{self, Program, RelationId};
use crate::data::{IdVec, Word};
use crate::explain::{self, Asked, Cut, Evidence, Fact, Form, Ground, NodeId, Place, Proof, View};
use crate::formats::{Graph, write_dot, write_mermaid};
use crate::plan;
use crate::report::{Code, Diagnostic};
use std::io::{self, Write};

/// Why the first answer of a question holds.
#[derive(Debug, Clone)]
pub struct Explained {
    program: Program,
    /// How many answers there are.
    pub answers: usize,
    /// The proof of the first.
    pub proof: Proof,
    /// The claims that it rests on.
    pub evidence: Evidence,
    /// Where each stored fact comes from; nothing where that is not known, and for facts that follow.
    pub places: IdVec<NodeId, Option<Place>>,
}

/// A question with its answers.
struct Question {
    program: Program,
    answered: Answered,
    goal: RelationId,
    answer: Answer,
}

impl Session {
    /// Why the first answer of a question holds; nothing if it has none.
    pub fn why(&mut self, name: &str, text: &str) -> Result<Option<Explained>, Failure> {
        let question = self.answer_whole(name, text)?;
        if question.answer.is_empty() {
            return Ok(None);
        }
        let row: Vec<Word> = question.answer.words(0).to_vec();
        let Question { program, answered, goal, answer } = question;
        let ground = Ground::new(&program, &answered.model.store, &self.facts.store, &self.symbols, &self.limits);
        let fact = Fact { relation: goal, row };
        let fact = explain::matched(&ground, &fact)?.unwrap_or(fact);
        let proof = explain::why(&ground, &fact)?;
        let evidence = Evidence::of(&ground, &proof);
        let places = self.facts.places(&program, &proof, &self.symbols);
        Ok(Some(Explained { answers: answer.len(), proof, evidence, places, program }))
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
        let answered = self.derive(program.clone(), own, shared, &limits)?;
        let answer = self.rows(&answered.program, &answered.model, goal);
        Ok(Question { program, answered, goal, answer })
    }
}

impl Explained {
    /// The proof as a tree of lines.
    pub fn text(&self, session: &Session, cut: Cut) -> String {
        explain::text(self.view(session), cut)
    }

    /// The whole proof as one JSON object.
    pub fn json(&self, session: &Session) -> String {
        explain::json(self.view(session))
    }

    /// The proof as a graph to be drawn.
    pub fn graph(&self, session: &Session, cut: Cut) -> Graph {
        explain::graph(self.view(session), cut)
    }

    /// The proof as one page that needs nothing else. `typed` is what was typed to get it.
    pub fn html(&self, session: &Session, cut: Cut, typed: &str) -> String {
        explain::html(self.view(session), cut, Asked { typed, answers: self.answers })
    }

    /// The proof in one of its forms.
    pub fn show(&self, form: Form, session: &Session, cut: Cut, typed: &str) -> String {
        match form {
            Form::Text => self.text(session, cut),
            Form::Json => self.json(session),
            Form::Dot => drawn(&self.graph(session, cut), write_dot),
            Form::Mermaid => drawn(&self.graph(session, cut), write_mermaid),
            Form::Html => self.html(session, cut, typed),
        }
    }

    fn view<'a>(&'a self, session: &'a Session) -> View<'a> {
        let Self { program, proof, evidence, places, .. } = self;
        View { program, sources: session.sources(), proof, evidence, places }
    }
}

fn drawn(graph: &Graph, write: fn(&Graph, &mut dyn Write) -> io::Result<()>) -> String {
    let mut bytes = Vec::new();
    write(graph, &mut bytes).expect("memory takes every byte");
    String::from_utf8(bytes).expect("a drawing is text")
}
