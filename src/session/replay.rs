//! The session as it would be if only some of what is assumed were.
//!
//! In: a session with layers, and which of the changes above a certain session to make. Out: that session with those
//! changes made again, in their order. Promise: relations that only another change makes known are known too, and empty
//! of it; what was derived from parts that do not differ is not derived again.

use super::assumed::{Assumed, AssumedKind};
use super::carry::{Ground, carry};
use super::layers::Layer;
use super::{Failure, Session};
use crate::check::{self, Loaded, Program, Role};
use crate::syntax::Ast;
use std::sync::Arc;

impl Session {
    /// What is assumed in the layers from this one on.
    pub(super) fn assumed_from(&self, layer: usize) -> impl Iterator<Item = &Assumed> {
        self.layers[layer..].iter().flat_map(|layer| layer.changes.iter())
    }

    /// This session with only some of the changes made, of those in the layers from this one on: `is_made` tells of
    /// each of them whether it is.
    pub(super) fn replay(&self, layer: usize, is_made: &[bool]) -> Result<Session, Failure> {
        let of = |wanted: bool| {
            let changes = self.assumed_from(layer).zip(is_made);
            changes.filter(move |(_, is_made)| **is_made == wanted).map(|(change, _)| change)
        };
        let (made, left_out): (Vec<&Assumed>, Vec<&Assumed>) = (of(true).collect(), of(false).collect());
        let base = &self.layers[layer].before;
        let (programs, program) = if left_out.iter().any(|change| change.is_of_program()) {
            self.program_of(base, &made)?
        } else {
            (Arc::clone(&self.programs), Arc::clone(&self.program))
        };
        let facts = base.facts.moved(&base.program, &program);
        let from = Ground { program: &base.program, facts: &base.facts };
        let model = carry(&base.model, from, Ground { program: &program, facts: &facts });
        let (sources, limits) = (self.sources.clone(), self.limits.clone());
        let layers = Vec::new();
        let mut replayed = Session { programs, program, facts, model, sources, limits, layers, ..Session::clone(base) };
        for change in &made {
            replayed.make_again(change)?;
        }
        if made.len() > left_out.len() {
            self.share(&mut replayed, &left_out);
        }
        Ok(replayed)
    }

    /// The program of a session with changes. Everything that is known to this session is known to it.
    fn program_of(&self, base: &Session, made: &[&Assumed]) -> Result<(Arc<Vec<Ast>>, Arc<Program>), Failure> {
        let mut programs = base.programs.to_vec();
        for change in made {
            match &change.kind {
                AssumedKind::Clause(item) | AssumedKind::Declaration(item) => {
                    programs.push(Ast { items: vec![(**item).clone()], comments: Vec::new() });
                }
                AssumedKind::Load(loading) => programs.extend(loading.programs.iter().cloned()),
                AssumedKind::RuleGone(span) => {
                    programs.iter_mut().for_each(|ast| ast.items.retain(|item| item.span != *span));
                }
                AssumedKind::Fact(_) | AssumedKind::Retraction(_) | AssumedKind::Without(_) => {}
            }
        }
        let known: Vec<Loaded> = self.program.named().map(|id| known(&self.program.relations[id])).collect();
        let (program, diagnostics) = check::check(&programs, &known);
        let program = program.ok_or(Failure::Diagnostics(diagnostics))?;
        Ok((Arc::new(programs), Arc::new(program)))
    }

    /// Makes a change of facts again; what it takes away need not be there.
    fn make_again(&mut self, change: &Assumed) -> Result<(), Failure> {
        let mut facts = self.facts.clone();
        match &change.kind {
            AssumedKind::Fact(fact) => {
                facts.add(&self.program, &[fact.under(&self.program)], Vec::new(), &self.symbols);
            }
            AssumedKind::Load(loading) => {
                let told: Vec<check::Fact> = loading.facts.iter().map(|fact| fact.under(&self.program)).collect();
                facts.add(&self.program, &told, loading.tables.clone(), &self.symbols);
            }
            AssumedKind::Retraction(written) => {
                let retraction = check::pattern(&self.program, written).map_err(Failure::Diagnostics)?;
                self.take_back(&retraction, &mut facts, &mut Default::default());
            }
            AssumedKind::Without(claims) => {
                self.evaluate_claims()?;
                self.take_claims(claims);
                return Ok(());
            }
            AssumedKind::Clause(_) | AssumedKind::Declaration(_) | AssumedKind::RuleGone(_) => return Ok(()),
        }
        self.replace_facts(facts);
        Ok(())
    }

    /// Takes over what was derived here from relations that no change which was left out has touched.
    fn share(&self, replayed: &mut Session, left_out: &[&Assumed]) {
        let touched: Option<Vec<&str>> = left_out.iter().map(|change| change.relation()).collect();
        let claims_were_left_out = self.layers.iter().flat_map(Layer::changes).any(Assumed::is_of_claims);
        let Some(touched) = touched.filter(|_| !claims_were_left_out) else { return };
        let mut facts = replayed.facts.clone();
        for (id, relation) in replayed.program.relations.enumerate() {
            let named = match relation.role {
                Role::Citations(of) => &replayed.program.relations[of].name,
                Role::Named | Role::Query | Role::Constraint | Role::Auxiliary => &relation.name,
            };
            if !touched.contains(&&**named) {
                facts.store[id] = self.facts.store[id].clone();
            }
        }
        let from = Ground { program: &self.program, facts: &self.facts };
        replayed.model = carry(&self.model, from, Ground { program: &replayed.program, facts: &facts });
        replayed.facts = facts;
    }
}

/// A relation of a program, told to a program that may lack what made it known.
fn known(relation: &check::Relation) -> Loaded {
    Loaded {
        name: relation.name.clone(),
        columns: relation.columns.clone(),
        cited: relation.citations.is_some(),
        file: "the facts stored before".into(),
    }
}
