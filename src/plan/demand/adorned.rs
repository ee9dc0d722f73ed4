//! Which columns of a relation are given when it is asked for: `reach[bf]`, in the words of the field an adorned
//! relation, with `b` for a bound column and `f` for a free one.

use crate::check::{Program, RelationId, Term};
use std::fmt;

/// Which columns are given.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Adornment {
    columns: Vec<Binding>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Binding {
    Bound,
    Free,
}

/// A relation that is asked for by some of its columns.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Adorned {
    pub(super) relation: RelationId,
    pub(super) adornment: Adornment,
}

impl Adornment {
    /// So many columns, of which those that are named are given.
    pub(super) fn new(arity: usize, bound: impl IntoIterator<Item = usize>) -> Self {
        let mut columns = vec![Binding::Free; arity];
        bound.into_iter().for_each(|column| columns[column] = Binding::Bound);
        Self { columns }
    }

    /// The columns that are given.
    pub(super) fn bound(&self) -> impl Iterator<Item = usize> + Clone {
        self.which(Binding::Bound)
    }

    /// The columns that are not.
    pub(super) fn free(&self) -> impl Iterator<Item = usize> + Clone {
        self.which(Binding::Free)
    }

    fn which(&self, wanted: Binding) -> impl Iterator<Item = usize> + Clone {
        let columns = self.columns.iter().enumerate();
        columns.filter(move |(_, binding)| **binding == wanted).map(|(column, _)| column)
    }

    /// Whether there are columns and none is given.
    pub(super) fn gives_nothing(&self) -> bool {
        !self.columns.is_empty() && self.bound().next().is_none()
    }

    /// The ways to give less but something: all but one column, then one column alone.
    pub(super) fn weaker(&self) -> Vec<Adornment> {
        let bound: Vec<usize> = self.bound().collect();
        if bound.len() < 2 {
            return Vec::new();
        }
        let arity = self.columns.len();
        let without = |left_out| bound.iter().copied().filter(move |column| *column != left_out);
        let all_but_one = bound.iter().rev().map(|column| Adornment::new(arity, without(*column)));
        let alone = bound.iter().filter(|_| bound.len() > 2).map(|column| Adornment::new(arity, [*column]));
        all_but_one.chain(alone).collect()
    }
}

impl fmt::Display for Adornment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.columns.iter().try_for_each(|binding| {
            f.write_str(match binding {
                Binding::Bound => "b",
                Binding::Free => "f",
            })
        })
    }
}

impl Adorned {
    /// `reach[bf]`
    pub(super) fn name(&self, program: &Program) -> String {
        format!("{}[{}]", program.relations[self.relation].name, self.adornment)
    }

    /// The arguments of the columns that are given.
    pub(super) fn given<'t>(&self, args: &'t [Term]) -> Vec<&'t Term> {
        self.adornment.bound().map(|column| &args[column]).collect()
    }

    /// The arguments of the other columns.
    pub(super) fn sought<'t>(&self, args: &'t [Term]) -> Vec<&'t Term> {
        self.adornment.free().map(|column| &args[column]).collect()
    }

    /// The columns as a copy has them: first those that are given, so that what belongs to one question lies together.
    pub(super) fn order(&self) -> impl Iterator<Item = usize> {
        self.adornment.bound().chain(self.adornment.free())
    }

    /// The arguments in this order.
    pub(super) fn row(&self, args: &[Term]) -> Vec<Term> {
        self.order().map(|column| args[column].clone()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn less_is_given_column_by_column() {
        let told =
            |adornment: &Adornment| -> Vec<String> { adornment.weaker().iter().map(Adornment::to_string).collect() };
        assert_eq!(told(&Adornment::new(3, [0, 1, 2])), ["bbf", "bfb", "fbb", "bff", "fbf", "ffb"]);
        assert_eq!(told(&Adornment::new(2, [0, 1])), ["bf", "fb"]);
        assert!(told(&Adornment::new(2, [1])).is_empty());
        assert!(Adornment::new(2, []).gives_nothing() && !Adornment::new(0, []).gives_nothing());
    }
}
