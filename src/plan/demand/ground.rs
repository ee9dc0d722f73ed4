//! What the rewriting knows of the relations that a question needs: which can be read as they are, which are asked for.

use super::choices;
use crate::check::{Program, RelationId, Rule, RuleId, relations_of};
use crate::data::{Id, IdVec};
use crate::plan::Stats;
use std::collections::{BTreeMap, BTreeSet};

/// How the rules of a question come by the rows of a relation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Access {
    /// All its rows are there, or will be before the question is answered.
    Whole,
    /// Rows are derived when they are asked for.
    OnDemand,
    /// Rows are derived when they are asked for, but its rules ask for little by themselves: `p(X) :- reach(a, X).`
    Selective,
}

/// The relations and rules that a question needs.
pub(super) struct Ground<'a> {
    pub(super) program: &'a Program,
    pub(super) stats: &'a Stats,
    access: IdVec<RelationId, Access>,
    /// The rules of what is not whole, without choices.
    rules: BTreeMap<RuleId, Vec<Rule>>,
    /// The rows of the largest relation that can be read now.
    pub(super) most: usize,
}

impl<'a> Ground<'a> {
    /// The ground below these relations, which are not whole. If some relations have to be whole instead, these.
    pub(super) fn new(
        program: &'a Program,
        stats: &'a Stats,
        on_demand: impl Iterator<Item = RelationId>,
    ) -> Result<Self, BTreeSet<RelationId>> {
        let mut access: IdVec<RelationId, Access> = program.relations.ids().map(|_| Access::Whole).collect();
        on_demand.for_each(|relation| access[relation] = Access::OnDemand);
        let is_asked = |relation: RelationId| access[relation] != Access::Whole;
        let (mut rules, mut too_many, mut read) = (BTreeMap::new(), BTreeSet::new(), BTreeSet::new());
        for (id, rule) in program.rules.enumerate().filter(|(_, rule)| is_asked(rule.head)) {
            relations_of(&rule.body, &mut read);
            match choices::written_out(rule, &is_asked) {
                Some(bodies) => {
                    rules.insert(id, bodies);
                }
                None => relations_of(&rule.body, &mut too_many),
            }
        }
        too_many.retain(|relation| is_asked(*relation));
        if !too_many.is_empty() {
            return Err(too_many);
        }
        let most = read.into_iter().map(|relation| stats.rows[relation]).max().unwrap_or_default();
        Ok(Self { program, stats, access, rules, most })
    }

    pub(super) fn access(&self, relation: RelationId) -> Access {
        self.access[relation]
    }

    /// Says that the rules of a relation ask for little by themselves.
    pub(super) fn is_selective(&mut self, relation: RelationId) {
        self.access[relation] = Access::Selective;
    }

    /// The rules of a relation that is not whole.
    pub(super) fn rules(&self, relation: RelationId) -> impl Iterator<Item = &Rule> {
        self.program.relations[relation].rules.iter().flat_map(|rule| &self.rules[rule])
    }

    /// Whether going through a whole relation costs next to nothing beside the largest one.
    pub(super) fn is_small(&self, relation: RelationId) -> bool {
        const SMALL: usize = 1 << 10;
        self.stats.rows[relation] <= self.most / SMALL
    }

    /// Whether two relations are derived together.
    pub(super) fn are_together(&self, one: RelationId, other: RelationId) -> bool {
        let stratum = |relation: RelationId| self.program.relations[relation].stratum.map(Id::index);
        stratum(one) == stratum(other)
    }
}
