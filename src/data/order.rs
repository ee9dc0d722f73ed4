//! How rows are looked up: in which order of columns, and in which part of a relation. The words that a plan and a
//! store share.

/// A permutation of a relation's columns, by which rows are sorted: a join can look up a prefix of it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Order(Vec<usize>);

impl Order {
    /// The columns as they are declared.
    pub fn natural(arity: usize) -> Self {
        Order((0..arity).collect())
    }

    /// `first` in front, the other columns behind in their declared order.
    pub fn starting_with(first: &[usize], arity: usize) -> Self {
        let rest = (0..arity).filter(|column| !first.contains(column));
        Order(first.iter().copied().chain(rest).collect())
    }

    /// The columns, in order.
    pub fn columns(&self) -> &[usize] {
        &self.0
    }
}

/// Which rows of a relation a step looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Part {
    /// Stable and recent.
    All,
    /// Those of earlier rounds.
    Stable,
    /// Those that the last round found.
    Recent,
}
