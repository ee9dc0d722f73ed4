//! Answering a question: on demand where that is cheaper, and otherwise by evaluating, and keeping, what it needs.

use super::query::evaluate;
use super::{Failure, Model, Session};
use crate::check::{Program, RelationId, StratumId};
use crate::data::Id;
use crate::eval::{self, Limits, Stopped};
use crate::plan::{self, Estimate, OnDemand};

/// Whether questions are answered on demand: only what they lead to is derived, and nothing of it is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Demand {
    /// Where the counts of the facts say that it is cheaper.
    #[default]
    WhereCheaper,
    /// Wherever it can be done.
    Always,
    /// Not at all.
    Never,
}

/// The answers of questions, and where they are.
pub(super) struct Answered {
    /// The program with the rules that were evaluated.
    pub(super) program: Program,
    /// The strata of the questions, with those that only they needed.
    pub(super) strata: Vec<StratumId>,
    pub(super) model: Model,
}

impl Session {
    /// Answers the questions that `asked` adds to the program.
    pub(super) fn answer(&mut self, asked: Program, questions: &[RelationId]) -> Result<Answered, Failure> {
        if let Some(on_demand) = self.on_demand(&asked, questions)
            && let Some(answered) = self.answer_on_demand(on_demand)?
        {
            return Ok(answered);
        }
        let needed = plan::needed(&asked, questions.iter().copied());
        let (own, shared) = self.own_and_shared(needed);
        let limits = self.limits.clone();
        self.derive(asked, own, shared, &limits)
    }

    /// How to answer questions on demand, if they are to be.
    pub(super) fn on_demand(&self, asked: &Program, questions: &[RelationId]) -> Option<OnDemand> {
        let is_evaluated = |stratum| self.model.evaluated.contains_key(&stratum);
        let is_worthwhile = |estimate: &Estimate| match self.demand {
            Demand::Always => true,
            Demand::WhereCheaper => estimate.is_worthwhile(self.model.on_demand),
            Demand::Never => false,
        };
        plan::on_demand(asked, questions, is_evaluated, &eval::stats(&self.model_of(asked).store), is_worthwhile)
    }

    /// Nothing if it turns out to be a detour.
    fn answer_on_demand(&mut self, on_demand: OnDemand) -> Result<Option<Answered>, Failure> {
        let OnDemand { program, whole, strata, estimate } = on_demand;
        let most = estimate.most_rows().filter(|most| self.limits.max_tuples.is_none_or(|limit| *most < limit));
        let most = most.filter(|_| self.demand != Demand::Always);
        let limits = Limits { max_tuples: most.or(self.limits.max_tuples), ..self.limits.clone() };
        let result = self.derive(program, strata, whole, &limits);
        if let Ok(answered) = &result {
            let profiles = answered.strata.iter().filter_map(|stratum| answered.model.evaluated.get(stratum));
            self.model.on_demand += profiles.map(|profile| profile.new_rows).sum::<usize>();
        }
        let is_detour = |stopped: &Stopped| match stopped {
            Stopped::Limit { progress, .. } => most.is_some_and(|most| progress.tuples > most),
            Stopped::Arithmetic(_) | Stopped::Interrupted(_) => false,
        };
        match result {
            Ok(answered) => Ok(Some(answered)),
            Err(Failure::Stopped(stopped)) if is_detour(&stopped) => Ok(None),
            Err(failure) => Err(failure),
        }
    }

    /// The strata that questions brought, and those of the program.
    pub(super) fn own_and_shared(&self, needed: Vec<StratumId>) -> (Vec<StratumId>, Vec<StratumId>) {
        needed.into_iter().partition(|stratum| stratum.index() >= self.program.strata.len())
    }

    /// Completes the `shared` strata, which are kept, and evaluates the `own` strata of questions on a copy.
    pub(super) fn derive(
        &mut self,
        program: Program,
        own: Vec<StratumId>,
        shared: Vec<StratumId>,
        limits: &Limits,
    ) -> Result<Answered, Failure> {
        self.complete(&shared)?;
        let mut model = self.model_of(&program);
        self.questions = program.rules.iter().skip(self.program.rules.len()).map(|rule| rule.span).collect();
        let result = evaluate(&program, &own, &mut model, self, limits);
        self.keep_orders(&model);
        result.map(|()| Answered { program, strata: own, model })
    }

    /// Keeps the orders in which a question looked up what was there before, for the next one.
    fn keep_orders(&mut self, model: &Model) {
        for (kept, used) in self.model.store.iter_mut().zip(model.store.iter()) {
            if used.is_copy_of(kept) {
                *kept = used.clone();
            }
        }
    }
}
