//! The session as it would be if only some of what is assumed were.
//!
//! In: a session with layers, and which of the changes above a certain session to make. Out: that session with those
//! changes made again, in their order; nothing if they make no sense without the others. Promise: relations that only
//! another change makes known are known too, and empty of it; what was derived from parts that do not differ is not
//! derived again.

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
    pub(super) fn replay(&self, layer: usize, is_made: &[bool]) -> Result<Option<Session>, Failure> {
        let of = |wanted: bool| {
            let changes = self.assumed_from(layer).zip(is_made);
            changes.filter(move |(_, is_made)| **is_made == wanted).map(|(change, _)| change)
        };
        let (made, left_out): (Vec<&Assumed>, Vec<&Assumed>) = (of(true).collect(), of(false).collect());
        let base = &self.layers[layer].before;
        let program = if left_out.iter().any(|change| change.is_of_program()) {
            self.program_of(base, &made)
        } else {
            Some((Arc::clone(&self.programs), Arc::clone(&self.program)))
        };
        let Some((programs, program)) = program else { return Ok(None) };
        let facts = base.facts.moved(&base.program, &program);
        let from = Ground { program: &base.program, facts: &base.facts };
        let model = carry(&base.model, from, Ground { program: &program, facts: &facts });
        let (sources, limits) = (self.sources.clone(), self.limits.clone());
        let layers = Vec::new();
        let mut replayed = Session { programs, program, facts, model, sources, limits, layers, ..Session::clone(base) };
        for change in &made {
            if !replayed.make_again(change)? {
                return Ok(None);
            }
        }
        if made.len() > left_out.len() {
            self.share(&mut replayed, &left_out);
        }
        Ok(Some(replayed))
    }

    /// The program of a session with changes. Everything that is known to this session is known to it.
    fn program_of(&self, base: &Session, made: &[&Assumed]) -> Option<(Arc<Vec<Ast>>, Arc<Program>)> {
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
        let of_base = base.program.named().map(|id| &base.program.relations[id]);
        let here = self.program.named().map(|id| &self.program.relations[id]);
        let new = here.filter(|relation| base.program.relation(&relation.name).is_none());
        let known: Vec<Loaded> = of_base.chain(new).map(|relation| self.known(relation)).collect();
        let (program, _) = check::check(self.options.dialect, &self.options.libraries, &programs, &known);
        Some((Arc::new(programs), Arc::new(program?)))
    }

    /// A relation, told to a program that may lack what made it or its citations known.
    fn known(&self, relation: &check::Relation) -> Loaded {
        let here = self.program.relation(&relation.name).map(|id| &self.program.relations[id]);
        Loaded {
            name: relation.name.clone(),
            columns: relation.columns.clone(),
            cited: relation.citations.is_some() || here.is_some_and(|here| here.citations.is_some()),
            file: "the facts stored before".into(),
        }
    }

    /// Makes a change of facts again; what it takes away need not be there. Whether it can be made.
    fn make_again(&mut self, change: &Assumed) -> Result<bool, Failure> {
        let mut facts = self.facts.clone();
        match &change.kind {
            AssumedKind::Fact(fact) => {
                let Some(fact) = fact.under(&self.program) else { return Ok(false) };
                facts.add(&self.program, &[fact], Vec::new(), &self.symbols);
            }
            AssumedKind::Load(loading) => {
                let told: Option<Vec<check::Fact>> =
                    loading.facts.iter().map(|fact| fact.under(&self.program)).collect();
                let Some(told) = told.filter(|_| loading.tables.iter().all(|table| table.fits(&self.program))) else {
                    return Ok(false);
                };
                facts.add(&self.program, &told, loading.tables.clone(), &self.symbols);
            }
            AssumedKind::Retraction(written) => {
                let Ok(retraction) = check::pattern(&self.program, written) else { return Ok(false) };
                self.take_back(&retraction, &mut facts, &mut Default::default());
            }
            AssumedKind::Without(claims) => {
                self.evaluate_claims()?;
                self.take_claims(claims);
                return Ok(true);
            }
            AssumedKind::Clause(_) | AssumedKind::Declaration(_) | AssumedKind::RuleGone(_) => return Ok(true),
        }
        self.replace_facts(facts);
        Ok(true)
    }

    /// Takes over what was derived here from relations that no change which was left out has touched.
    fn share(&self, replayed: &mut Session, left_out: &[&Assumed]) {
        let touched: Option<Vec<&str>> = left_out.iter().map(|change| change.relation()).collect();
        let claims_were_left_out = self.layers.iter().flat_map(Layer::changes).any(Assumed::is_of_claims);
        let Some(touched) = touched.filter(|_| !claims_were_left_out) else { return };
        let mut facts = replayed.facts.clone();
        for (id, relation) in replayed.program.relations.enumerate() {
            let named = match relation.role {
                Role::Citations(of) | Role::CameUp(of) | Role::GivingWay(of) => &replayed.program.relations[of].name,
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
