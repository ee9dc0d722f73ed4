//! What a rewriting adds to a program that was checked: [`extend`].
//!
//! In: auxiliary relations, and rules for them. Out: the program with these, and the strata to evaluate them in.
//! Promise: relations, rules and strata that were there keep their ids. What the rules need the absence or an
//! aggregate of must be derived by other rules than these.

use super::strata::{Group, components};
use super::whole::add_stratum;
use super::{Program, Relation, RelationId, Rule, RuleId, StratumId, relations_of};
use crate::data::Id;
use std::collections::BTreeSet;

/// A program with auxiliary relations.
#[derive(Debug)]
pub struct Extended {
    /// The program.
    pub program: Program,
    /// The strata of the new rules, in the order in which they can be evaluated.
    pub strata: Vec<StratumId>,
}

/// The program with these relations behind its own, and these rules. A relation of the program that a new rule derives
/// is derived by the new rules alone.
pub fn extend(program: &Program, relations: Vec<Relation>, rules: Vec<Rule>) -> Extended {
    let mut program = program.clone();
    relations.into_iter().for_each(|relation| {
        program.relations.push(relation);
    });
    let derived: BTreeSet<RelationId> = rules.iter().map(|rule| rule.head).collect();
    derived.iter().for_each(|relation| leave_its_stratum(*relation, &mut program));
    let mut edges: BTreeSet<(RelationId, RelationId)> = BTreeSet::new();
    for rule in rules {
        let mut read = BTreeSet::new();
        relations_of(&rule.body, &mut read);
        edges.extend(read.into_iter().filter(|read| derived.contains(read)).map(|read| (rule.head, read)));
        let head = rule.head;
        let id = program.rules.push(rule);
        program.relations[head].rules.push(id);
    }
    let first = program.strata.next_id();
    for mut relations in components(program.relations.len(), edges.iter().copied()) {
        relations.retain(|relation| derived.contains(relation));
        relations.sort();
        let Some(one) = relations.first() else { continue };
        let recursive = relations.len() > 1 || edges.contains(&(*one, *one));
        add_stratum(Group { relations, recursive }, &mut program);
    }
    let strata = (first.index()..program.strata.len()).map(StratumId::from_index).collect();
    Extended { program, strata }
}

fn leave_its_stratum(relation: RelationId, program: &mut Program) {
    let rules: Vec<RuleId> = std::mem::take(&mut program.relations[relation].rules);
    if let Some(stratum) = program.relations[relation].stratum.take() {
        let stratum = &mut program.strata[stratum];
        stratum.relations.retain(|other| *other != relation);
        stratum.rules.retain(|rule| !rules.contains(rule));
    }
}
