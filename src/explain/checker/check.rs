//! Is this a proof? A second opinion, apart from whatever found it.
//!
//! In: a proof, and the model that it speaks of. Out: the first [`Flaw`], if it has one. Promise: a proof without a flaw
//! is true. Each node is stored, or an instance of its rule: the premises, in the order of the text, are the literals of
//! its body with values for the variables, and what they say is so; or it is a pair of an equivalence, and its premises are
//! pairs that lead from one value to the other. No node rests on itself. That nothing else is there,
//! where a proof says so, is looked up in the model.
//!
//! Nothing here is shared with planning, evaluation, or the search for proofs: terms are evaluated and bodies are solved
//! once more, in the plainest way.

use super::nodes::Checker;
use crate::data::IdVec;
use crate::explain::ground::Ground;
use crate::explain::proof::{NodeId, Proof};
use std::collections::BTreeSet;

/// What is wrong with a proof.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flaw {
    /// The node where it is wrong.
    pub node: NodeId,
    /// What is wrong.
    pub what: &'static str,
}

/// Checks every node of a proof.
pub fn check(ground: &Ground<'_>, proof: &Proof) -> Result<(), Flaw> {
    let mut seen = BTreeSet::new();
    for (id, node) in proof.nodes.enumerate() {
        let verdict = match seen.insert((node.relation, &node.row)) {
            true => Checker { ground, proof }.node(node),
            false => Err("the fact is proved twice"),
        };
        verdict.map_err(|what| Flaw { node: id, what })?;
    }
    well_founded(proof)
}

/// No node rests on itself: nodes can be taken away, one after the other, that rest on none that is left.
fn well_founded(proof: &Proof) -> Result<(), Flaw> {
    let mut users: IdVec<NodeId, Vec<NodeId>> = proof.nodes.ids().map(|_| Vec::new()).collect();
    let mut open: IdVec<NodeId, usize> = proof.nodes.ids().map(|_| 0).collect();
    for (id, node) in proof.nodes.enumerate() {
        node.premises().iter().for_each(|premise| {
            premise.each_node(&mut |below| {
                users[below].push(id);
                open[id] += 1;
            });
        });
    }
    let mut done: Vec<NodeId> = proof.nodes.ids().filter(|id| open[*id] == 0).collect();
    while let Some(id) = done.pop() {
        for user in std::mem::take(&mut users[id]) {
            open[user] -= 1;
            if open[user] == 0 {
                done.push(user);
            }
        }
    }
    let circle = proof.nodes.ids().find(|id| open[*id] > 0);
    circle.map_or(Ok(()), |node| Err(Flaw { node, what: "the fact rests on itself" }))
}
