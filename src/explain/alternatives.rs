//! More than one proof of a fact.
//!
//! In: a fact that holds, and how many proofs are wanted. Out: proofs that differ in a rule or in a stored fact, the
//! lowest first. Each proof after the first does without something that one before it uses: what it may not use is barred
//! from the search, and the next proof is the least of those that the barred searches find (Lawler 1972).

use super::ground::{Fact, Ground};
use super::proof::{Node, Proof, Via};
use super::search::heights::Barred;
use super::why::why_without;
use crate::check::{RelationId, RuleId};
use crate::data::{Value, Word};
use crate::eval::Stopped;
use std::collections::BTreeSet;

/// What tells proofs apart: the rules and the stored facts that they use.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Uses {
    rules: BTreeSet<RuleId>,
    stored: BTreeSet<(RelationId, Vec<Value>)>,
}

/// Up to so many proofs of a fact.
pub fn proofs(ground: &Ground<'_>, fact: &Fact, most: usize) -> Result<Vec<Proof>, Stopped> {
    let mut found: Vec<Proof> = Vec::new();
    let mut seen: BTreeSet<Uses> = BTreeSet::new();
    let mut open: Vec<(Proof, Barred)> = Vec::new();
    let none = Barred::default();
    open.extend(why_without(ground, fact, &none)?.map(|proof| (proof, none)));
    let mut tried: BTreeSet<Barred> = BTreeSet::new();
    while found.len() < most {
        let Some(at) = (0..open.len()).min_by_key(|at| rank(&open[*at].0)) else { break };
        let (proof, barred) = open.remove(at);
        let uses = uses(&proof);
        for barred in barred_further(ground, &barred, &uses) {
            if tried.insert(barred.clone()) {
                open.extend(why_without(ground, fact, &barred)?.map(|proof| (proof, barred)));
            }
        }
        if seen.insert(uses) {
            found.push(proof);
        }
    }
    ground.end(found)
}

/// What a node of a proof is ranked by: stored facts first, then the order of rules, then the row.
type NodeRank = (Option<RuleId>, Vec<Value>);

/// Lower proofs first; then as their nodes rank, as a reader meets them.
fn rank(proof: &Proof) -> (usize, Vec<NodeRank>) {
    let rule = |node: &Node| match node.via {
        Via::Stored { .. } => None,
        Via::Rule { rule, .. } => Some(rule),
    };
    (proof.height(), proof.nodes.iter().map(|node| (rule(node), node.row.clone())).collect())
}

fn uses(proof: &Proof) -> Uses {
    let mut uses = Uses { rules: BTreeSet::new(), stored: BTreeSet::new() };
    for node in &proof.nodes {
        match &node.via {
            Via::Stored { .. } => {
                uses.stored.insert((node.relation, node.row.clone()));
            }
            Via::Rule { rule, .. } => {
                uses.rules.insert(*rule);
            }
        }
    }
    uses
}

/// What is barred, and one thing more of what a proof uses.
fn barred_further(ground: &Ground<'_>, barred: &Barred, uses: &Uses) -> Vec<Barred> {
    let with_rule = |rule: &RuleId| {
        let mut further = barred.clone();
        further.rules.insert(*rule);
        further
    };
    let with_fact = |(relation, row): &(RelationId, Vec<Value>)| {
        let row = row.iter().map(|value| Word::encode(value, ground.symbols)).collect();
        let mut further = barred.clone();
        further.facts.insert(Fact { relation: *relation, row });
        further
    };
    uses.rules.iter().map(with_rule).chain(uses.stored.iter().map(with_fact)).collect()
}
