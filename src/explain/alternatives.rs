//! More than one proof of a fact.
//!
//! In: a fact that holds, and how many proofs are wanted. Out: proofs that differ in a rule or in a stored fact, the
//! lowest first. All proofs after the first differ from it in some fact: in how the first fact comes to hold, or else the
//! second, and so on in reading order. Each of these shares of what is left has a least proof, and the next proof is the
//! least of them, whose share is divided in the same way (Murty 1968, Lawler 1972). So none is left out and none comes
//! twice; of those with the same rules and stored facts the first is shown.

use super::ground::{Fact, Ground};
use super::proof::{Node, Proof, Via};
use super::search::barred::{Barred, Ways};
use super::search::heights::Heights;
use super::why::{Found, Proved, why_without};
use crate::check::{RelationId, RuleId};
use crate::data::{Value, Word};
use crate::eval::Stopped;
use std::collections::BTreeSet;

/// Proofs of one fact.
#[derive(Debug, Clone)]
pub struct Proofs<P = Proof> {
    /// The proofs, the lowest first.
    pub found: Vec<P>,
    /// Whether the search came to its end: there are so many as were asked for, or no more than these.
    pub is_complete: bool,
}

/// Steps that are spent on the search for more proofs than one: some seconds.
const PATIENCE: u64 = 16_000_000;

/// What tells proofs apart: the rules and the stored facts that they use.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Uses {
    rules: BTreeSet<RuleId>,
    stored: BTreeSet<(RelationId, Vec<Value>)>,
}

/// The least proof of a share of all proofs: of those in which the first facts, in reading order, hold as they do here.
struct Share {
    barred: Barred,
    /// How many facts hold as they do here.
    settled: usize,
    proved: Proved,
    rank: Rank,
    uses: Uses,
}

/// Up to so many proofs of a fact.
pub fn proofs(ground: &Ground<'_>, fact: &Fact, most: usize) -> Result<Proofs, Stopped> {
    let mut found: Vec<Proof> = Vec::new();
    let mut seen: BTreeSet<Uses> = BTreeSet::new();
    let mut open = Open { ground, fact, start: ground.steps(), shares: Vec::new(), is_cut: false };
    open.add(Barred::default(), 0)?;
    while found.len() < most && !open.shares.is_empty() {
        let share = open.shares.remove(0);
        let is_new = seen.insert(share.uses.clone());
        open.divide(&share, most - seen.len(), &seen)?;
        if is_new {
            found.push(share.proved.proof);
        }
    }
    let is_complete = found.len() == most || !open.is_cut;
    ground.end(Proofs { found, is_complete })
}

/// The shares that are left, those with the least proofs first.
struct Open<'g, 'a> {
    ground: &'g Ground<'a>,
    fact: &'g Fact,
    /// The steps that were taken before.
    start: u64,
    shares: Vec<Share>,
    /// Whether shares were left out because there is too much to look at.
    is_cut: bool,
}

impl Open<'_, '_> {
    /// Adds the proofs that do without what is barred, if there are any.
    fn add(&mut self, barred: Barred, settled: usize) -> Result<(), Stopped> {
        match why_without(self.ground, self.fact, &barred)? {
            Found::Proof(proved) => {
                let (rank, uses) = (rank(&proved.proof), uses(&proved.proof));
                let at = self.shares.partition_point(|share| share.rank <= rank);
                self.shares.insert(at, Share { barred, settled, proved, rank, uses });
            }
            Found::Nothing => {}
            Found::TooMuch => self.is_cut = true,
        }
        Ok(())
    }

    /// Adds what is left of a share without its least proof, as far as so many proofs come from it that are not seen.
    fn divide(&mut self, share: &Share, wanted: usize, seen: &BTreeSet<Uses>) -> Result<(), Stopped> {
        let mut barred = share.barred.clone();
        for (at, node) in share.proved.proof.nodes.iter().enumerate().skip(share.settled) {
            if wanted == 0 || self.ground.go_on().is_break() {
                return Ok(());
            }
            if self.ground.steps() - self.start > PATIENCE {
                self.is_cut = true;
                return Ok(());
            }
            let row = node.row.iter().map(|value| Word::encode(value, self.ground.symbols)).collect();
            let fact = Fact { relation: node.relation, row };
            let way = &share.proved.ways[&fact];
            for others in barred.ways.remove(&fact).unwrap_or(Ways::AllBut(BTreeSet::new())).without(way) {
                barred.ways.insert(fact.clone(), others);
                if Heights::new(self.ground, &barred).has_way(&fact) {
                    self.add(barred.clone(), at)?;
                    self.keep(wanted, seen);
                }
            }
            barred.settle(fact, way);
        }
        Ok(())
    }

    /// Keeps the shares from which the next proofs come, so many of them.
    fn keep(&mut self, wanted: usize, seen: &BTreeSet<Uses>) {
        let mut new: BTreeSet<&Uses> = BTreeSet::new();
        let enough = self.shares.iter().position(|share| {
            if !seen.contains(&share.uses) {
                new.insert(&share.uses);
            }
            new.len() == wanted
        });
        self.shares.truncate(enough.map_or(usize::MAX, |last| last + 1));
    }
}

/// Lower proofs first; then as their nodes rank, as a reader meets them.
type Rank = (usize, Vec<NodeRank>);

/// What a node of a proof is ranked by: stored facts first, then the order of rules, then the row.
type NodeRank = (Option<RuleId>, Vec<Value>);

fn rank(proof: &Proof) -> Rank {
    let rule = |node: &Node| match node.via {
        Via::Stored { .. } | Via::Equivalence { .. } => None,
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
            Via::Equivalence { .. } => {}
        }
    }
    uses
}
