//! Which answer of a question reasons are given for.

use crate::explain::{Fact, Ground, Words};
use crate::report::count;

/// The first answer of a question: the one that reasons are given for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct First {
    /// The fact that it is about, or the values that it gives.
    pub text: String,
    /// How many answers there are.
    pub answers: usize,
}

impl First {
    pub(super) fn of(ground: &Ground<'_>, fact: &Fact, answers: usize) -> Self {
        let row = ground.values(fact);
        let text = Words::new(ground.program()).pattern(fact.relation, &row.iter().map(Some).collect::<Vec<_>>());
        Self { text, answers }
    }

    /// `the first of 3 answers is meant: reach(paris, genoa)`; nothing where it is the only one.
    pub fn remark(&self) -> Option<String> {
        let Self { text, answers } = self;
        (*answers > 1).then(|| format!("the first of {} is meant: {text}", count(*answers, "answer")))
    }
}
