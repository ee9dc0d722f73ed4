//! What a proof may not use, and in which ways its facts may come to hold.
//!
//! A way is told by the rule, the branches that it takes and what its atoms match: with these, one fact is derived in
//! the same manner whatever search finds it.

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
}

impl Barred {
    /// Whether a fact may come to hold in this way.
    pub(in crate::explain) fn allows(&self, fact: &Fact, way: impl FnOnce() -> Way) -> bool {
        match self.ways.get(fact) {
            None => true,
            Some(Ways::Only(only)) => *only == way(),
            Some(Ways::AllBut(gone)) => !gone.contains(&way()),
        }
    }

    /// Whether a fact may be derived by this rule.
    pub(in crate::explain) fn allows_rule(&self, fact: &Fact, rule: RuleId) -> bool {
        match self.ways.get(fact) {
            Some(Ways::Only(Way::Rule { rule: only, .. })) => *only == rule,
            Some(Ways::Only(Way::Stored)) => false,
            Some(Ways::AllBut(_)) | None => true,
        }
    }
}
