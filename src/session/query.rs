//! Asking: a question becomes a rule, the strata that it needs are evaluated and kept, its own are thrown away.

use super::demand::Answered;
use super::{Answer, Failure, Model, Session};
use crate::check::{self, Program, RelationId, StratumId};
use crate::data::{Value, Word};
use crate::eval::{self, Limits};
use crate::formats::Field;
use crate::plan::{self, Choices, OnDemand};
use crate::report::{Code, Diagnostic, Span};
use crate::store::Relation;
use crate::syntax::{self, Ast, Body, Item, ItemKind, LiteralKind, Term, TermKind};
use std::collections::BTreeSet;
use std::ops::ControlFlow;

/// What a plan begins with where it is one on demand.
const ON_DEMAND: &str = "On demand: only what the question leads to is derived, and not kept.";

/// An answer with the question.
#[derive(Debug, Clone)]
pub struct QueryAnswer {
    /// The question as it was written.
    pub query: String,
    /// Where it stands.
    pub span: Span,
    /// The rows.
    pub answer: Answer,
    /// The body, for those who want the facts instead of the bindings.
    pub body: Body,
}

impl Session {
    /// Answers what a text asks: `?- g.`, `g?` or bare `g`, one question or more.
    pub fn query(&mut self, name: &str, text: &str) -> Result<Vec<QueryAnswer>, Failure> {
        let ast = self.parse_query(name, text)?;
        self.ask(&ast)
    }

    /// Reads a question in any of its spellings.
    pub(super) fn parse_query(&mut self, name: &str, text: &str) -> Result<Ast, Failure> {
        let text = syntax::ended(self.options.dialect, text.trim_end(), '?');
        let source = self.sources.add(name, text.clone());
        let (ast, diagnostics) = syntax::parse_in(self.options.dialect, source, &text);
        if !diagnostics.is_empty() {
            return Err(Failure::Diagnostics(diagnostics));
        }
        let stranger = ast.items.iter().find(|item| !matches!(item.kind, ItemKind::Query(_)));
        match stranger {
            None if !ast.items.is_empty() => Ok(ast),
            None => Err(Diagnostic::bare(Code::UnexpectedToken, "a query is empty").into()),
            Some(item) => Err(Diagnostic::new(Code::UnexpectedToken, item.span, "this is not a query")
                .label("expected a question")
                .help("write `?- p(X).`, `p(X)?` or just `p(X)`")
                .into()),
        }
    }

    /// Answers the queries of a tree.
    pub fn ask(&mut self, ast: &Ast) -> Result<Vec<QueryAnswer>, Failure> {
        let (program, diagnostics) = check::question(&self.program, ast);
        let Some(program) = program else { return Err(Failure::Diagnostics(diagnostics)) };
        let asked = &program.queries[self.program.queries.len()..];
        let goals: Vec<RelationId> = asked.iter().map(|query| query.relation).collect();
        let Answered { program, strata, model } = self.answer(program, &goals)?;
        let profiles = strata.iter().filter_map(|stratum| model.evaluated.get(stratum));
        self.asked = profiles.map(|profile| self.named(&program, profile)).collect();
        let bodies = ast.items.iter().filter_map(|item| Some((query_body(item)?, item.span)));
        let answers = bodies.zip(goals).map(|((body, span), goal)| QueryAnswer {
            query: self.sources.slice(span).to_string(),
            span,
            answer: self.rows(&program, &model, goal),
            body: body.clone(),
        });
        Ok(answers.collect())
    }

    /// How every rule would be evaluated, by the rows there are now.
    pub fn plan(&self) -> String {
        let all: Vec<StratumId> = self.program.strata.ids().collect();
        plan::describe(
            &self.program,
            &all,
            &eval::stats(&self.model.store),
            &self.symbols,
            Choices::default(),
            &self.sources,
        )
    }

    /// How a question, and every rule that it needs, would be evaluated.
    pub fn plan_of(&mut self, name: &str, text: &str) -> Result<String, Failure> {
        let ast = self.parse_query(name, text)?;
        let (program, diagnostics) = check::question(&self.program, &ast);
        let Some(program) = program else { return Err(Failure::Diagnostics(diagnostics)) };
        let goals = program.queries[self.program.queries.len()..].iter().map(|query| query.relation);
        let goals: Vec<RelationId> = goals.collect();
        let described = |program: &Program, strata: &[StratumId]| {
            let stats = eval::stats(&self.model_of(program).store);
            plan::describe(program, strata, &stats, &self.symbols, Choices::default(), &self.sources)
        };
        Ok(match self.on_demand(&program, &goals) {
            Some(OnDemand { program, whole, strata, .. }) => {
                format!("{ON_DEMAND}\n\n{}", described(&program, &[whole, strata].concat()))
            }
            None => described(&program, &plan::needed(&program, goals)),
        })
    }

    /// The model with a relation for everything that a question adds.
    pub(super) fn model_of(&self, asked: &Program) -> Model {
        let mut model = self.model.clone();
        for relation in asked.relations.iter().skip(model.store.len()) {
            model.store.push(Relation::new(relation.columns.len()));
        }
        model
    }

    /// Evaluates every stratum.
    pub fn evaluate_all(&mut self) -> Result<(), Failure> {
        let all: Vec<StratumId> = self.program.strata.ids().collect();
        self.complete(&all)
    }

    /// Evaluates what these relations depend on.
    pub fn evaluate(&mut self, relations: impl IntoIterator<Item = RelationId>) -> Result<(), Failure> {
        let needed = plan::needed(&self.program, relations);
        self.complete(&needed)
    }

    /// Evaluates the strata that are not complete yet, and keeps them.
    pub(super) fn complete(&mut self, strata: &[StratumId]) -> Result<(), Failure> {
        let missing: Vec<StratumId> =
            strata.iter().filter(|stratum| !self.model.evaluated.contains_key(stratum)).copied().collect();
        let mut model = std::mem::take(&mut self.model);
        let result = evaluate(&self.program, &missing, &mut model, self, &self.limits);
        self.model = model;
        result
    }

    /// The rows of a relation whose strata are complete.
    pub fn relation_rows(&self, relation: RelationId) -> Answer {
        self.rows(&self.program, &self.model, relation)
    }

    /// The stored rows of a relation: those of `p@` are the citations of `p`.
    pub fn stored_rows(&self, relation: RelationId) -> Answer {
        let columns = &self.program.relations[relation].columns;
        let fields = columns.iter().map(|column| Field::new(&column.name, column.ty)).collect();
        Answer::new(fields, &self.facts.store[relation], &self.symbols)
    }

    /// Values of a column, as texts that begin like this, sorted, each once: at most so many. What is not evaluated yet
    /// is not evaluated for this, and of a large relation only a part is looked at.
    pub fn values_in(&self, relation: RelationId, column: usize, start: &str, most: usize) -> Vec<Value> {
        const LOOKED_AT: usize = 50_000;
        let ty = self.program.relations[relation].columns[column].ty;
        let table = self.symbols.read();
        let (mut words, mut looked_at) = (BTreeSet::new(), 0);
        self.model.store[relation].scan(&mut |rows| {
            words.extend(rows.column(column).iter().take(LOOKED_AT - looked_at));
            looked_at += rows.len();
            if looked_at < LOOKED_AT { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        });
        let values = words.into_iter().map(|word: Word| word.decode(ty, &table));
        let mut found: Vec<Value> = values.filter(|value| value.to_string().starts_with(start)).collect();
        found.sort();
        found.truncate(most);
        found
    }

    /// Whether the rows of a relation are complete.
    pub fn is_evaluated(&self, relation: RelationId) -> bool {
        self.program.relations[relation].stratum.is_none_or(|stratum| self.model.evaluated.contains_key(&stratum))
    }

    /// How many facts of a relation are stored.
    pub fn stored_count(&self, relation: RelationId) -> usize {
        self.facts.store[relation].len()
    }

    /// How many rows a relation whose strata are complete has.
    pub fn rows_in(&self, relation: RelationId) -> usize {
        self.model.store[relation].len()
    }

    pub(super) fn rows(&self, program: &Program, model: &Model, relation: RelationId) -> Answer {
        let columns = &program.relations[relation].columns;
        let fields = columns.iter().map(|column| Field::new(&column.name, column.ty)).collect();
        Answer::new(fields, &model.store[relation], &self.symbols)
    }
}

/// Evaluates strata on a model; it stays as it was if that does not come to its end.
pub(super) fn evaluate(
    program: &Program,
    strata: &[StratumId],
    model: &mut Model,
    session: &Session,
    limits: &Limits,
) -> Result<(), Failure> {
    if !strata.is_empty() {
        let profile = eval::evaluate(program, strata, &mut model.store, &session.symbols, limits, Choices::default())?;
        model.evaluated.extend(profile.strata.into_iter().map(|stratum| (stratum.stratum, stratum)));
    }
    Ok(())
}

fn query_body(item: &Item) -> Option<&Body> {
    match &item.kind {
        ItemKind::Query(body) => Some(body),
        _ => None,
    }
}

impl QueryAnswer {
    /// Whether an answer has no rows, which for a yes-or-no question is no.
    pub fn is_negative(&self) -> bool {
        self.answer.is_empty()
    }

    /// If the question is one atom whose every argument is a constant or a variable: its name, and for each argument
    /// the constant, or the column of the answer that it is found in.
    pub fn single_atom(&self) -> Option<(&str, Vec<AtomPart>)> {
        let [literal] = &self.body[..] else { return None };
        let LiteralKind::Atom(atom) = &literal.kind else { return None };
        let part = |term: &Term| match &term.kind {
            TermKind::Variable(name) => {
                self.answer.fields.iter().position(|field| field.name == *name).map(AtomPart::Column)
            }
            TermKind::Constant { value, .. } => Some(AtomPart::Constant(value.clone())),
            _ => None,
        };
        let parts: Option<Vec<AtomPart>> = atom.args.iter().map(part).collect();
        Some((&atom.name.text, parts?))
    }
}

/// Where an argument of a single-atom question comes from.
#[derive(Debug, Clone, PartialEq)]
pub enum AtomPart {
    /// It was given.
    Constant(Value),
    /// It is this column of the answer.
    Column(usize),
}
