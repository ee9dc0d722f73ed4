//! What a proof may not use, and in which ways its facts may come to hold.
//!
//! A way is told by the rule, the branches that it takes and what its atoms match: with these, one fact is derived in
//! the same manner whatever search finds it. To a pair of an equivalence there are many paths, so it is not said of each
//! which may be taken, but how they begin (Yen 1971).

use crate::check::RuleId;
use crate::explain::ground::Fact;
use std::collections::{BTreeMap, BTreeSet};

/// What a proof may not use.
#[derive(Debug, Clone, Default)]
pub(in crate::explain) struct Barred {
    /// Facts that may not be used because they are stored; they may be derived.
    pub(in crate::explain) facts: BTreeSet<Fact>,
    /// Facts that may come to hold in some ways only.
    pub(in crate::explain) ways: BTreeMap<Fact, Ways>,
}

/// In which ways a fact may come to hold.
#[derive(Debug, Clone)]
pub(in crate::explain) enum Ways {
    Only(Way),
    AllBut(BTreeSet<Way>),
    /// Of a pair of an equivalence: it is stored or a rule derives it, in none of these ways.
    PutIn(BTreeSet<Way>),
    /// Of a pair of an equivalence: along a path that begins with some pairs.
    Along(Start),
}

/// How paths of an equivalence begin.
#[derive(Debug, Clone, Default)]
pub(in crate::explain) struct Start {
    /// The first pairs.
    pub(in crate::explain) pairs: Vec<Fact>,
    /// Pairs of which none comes next.
    pub(in crate::explain) but: BTreeSet<Fact>,
}

/// Which paths may lead to a pair of an equivalence.
pub(in crate::explain) enum Paths<'b> {
    Any,
    Only(&'b [Fact]),
    Along(&'b Start),
    Nothing,
}

/// How a fact comes to hold.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::explain) enum Way {
    Stored,
    Rule {
        rule: RuleId,
        /// The branch that is taken of every `;`.
        branches: Vec<usize>,
        /// What its atoms match.
        premises: Vec<Fact>,
    },
    /// Of a pair of an equivalence: along these.
    Path(Vec<Fact>),
}

impl Ways {
    /// What is left of these ways without one of them, in shares that have none in common.
    pub(in crate::explain) fn without(self, way: &Way) -> Vec<Ways> {
        let with = |mut gone: BTreeSet<Way>| {
            gone.insert(way.clone());
            gone
        };
        let shares = |start: &Start, path: &[Fact]| {
            let share = |at: usize| {
                let mut but = if at == start.pairs.len() { start.but.clone() } else { BTreeSet::new() };
                but.insert(path[at].clone());
                Ways::Along(Start { pairs: path[..at].to_vec(), but })
            };
            (start.pairs.len()..path.len()).map(share).collect::<Vec<Ways>>()
        };
        match (self, way) {
            (Ways::Only(_), _) => Vec::new(),
            (Ways::AllBut(gone), Way::Path(path)) => {
                let put_in = std::iter::once(Ways::PutIn(gone));
                put_in.chain(shares(&Start::default(), path)).collect()
            }
            (Ways::Along(start), Way::Path(path)) => shares(&start, path),
            (Ways::AllBut(gone), Way::Stored | Way::Rule { .. }) => vec![Ways::AllBut(with(gone))],
            (Ways::PutIn(gone), Way::Stored | Way::Rule { .. }) => vec![Ways::PutIn(with(gone))],
            (ways @ (Ways::Along(_) | Ways::PutIn(_)), _) => vec![ways],
        }
    }
}

impl Barred {
    /// Lets a fact come to hold in one way only. The pairs of a path were put in, and are no paths themselves.
    pub(in crate::explain) fn settle(&mut self, fact: Fact, way: &Way) {
        let pairs = if let Way::Path(pairs) = way { &pairs[..] } else { &[] };
        for pair in pairs {
            let ways = self.ways.remove(pair).unwrap_or(Ways::AllBut(BTreeSet::new()));
            let ways = if let Ways::AllBut(gone) = ways { Ways::PutIn(gone) } else { ways };
            self.ways.insert(pair.clone(), ways);
        }
        self.ways.insert(fact, Ways::Only(way.clone()));
    }

    /// Whether a fact may come to hold in this way, which is no path.
    pub(in crate::explain) fn allows(&self, fact: &Fact, way: impl FnOnce() -> Way) -> bool {
        match self.ways.get(fact) {
            None => true,
            Some(Ways::Only(only)) => *only == way(),
            Some(Ways::AllBut(gone) | Ways::PutIn(gone)) => !gone.contains(&way()),
            Some(Ways::Along(_)) => false,
        }
    }

    /// The paths that may lead to a pair of an equivalence.
    pub(in crate::explain) fn paths(&self, fact: &Fact) -> Paths<'_> {
        match self.ways.get(fact) {
            None | Some(Ways::AllBut(_)) => Paths::Any,
            Some(Ways::Only(Way::Path(only))) => Paths::Only(only),
            Some(Ways::Along(start)) => Paths::Along(start),
            Some(Ways::Only(Way::Stored | Way::Rule { .. }) | Ways::PutIn(_)) => Paths::Nothing,
        }
    }

    /// Whether a fact may be derived by this rule.
    pub(in crate::explain) fn allows_rule(&self, fact: &Fact, rule: RuleId) -> bool {
        match self.ways.get(fact) {
            Some(Ways::Only(Way::Rule { rule: only, .. })) => *only == rule,
            Some(Ways::Only(Way::Stored | Way::Path(_)) | Ways::Along(_)) => false,
            Some(Ways::AllBut(_) | Ways::PutIn(_)) | None => true,
        }
    }
}
