//! A batch of bindings on its way through a pipeline.

use crate::check::VarId;
use crate::data::{Id, Word};
use std::cmp::Ordering;

/// Bindings, variable by variable. A variable that is not bound, or not needed any more, has an empty column.
#[derive(Debug, Clone)]
pub(super) struct Chunk {
    columns: Vec<Vec<Word>>,
    len: usize,
}

impl Chunk {
    /// How many bindings a step lets gather before it hands them on.
    pub(super) const CAPACITY: usize = 4096;

    /// No bindings of so many variables.
    pub(super) fn new(variables: usize) -> Self {
        Self { columns: vec![Vec::new(); variables], len: 0 }
    }

    /// The one binding of nothing, from which a pipeline starts.
    pub(super) fn start(variables: usize) -> Self {
        Self { len: 1, ..Self::new(variables) }
    }

    /// A binding for each row of values of some variables.
    pub(super) fn of_rows(variables: usize, bound: &[VarId], rows: &[Vec<Word>]) -> Self {
        let mut chunk = Self { len: rows.len(), ..Self::new(variables) };
        for (at, var) in bound.iter().enumerate() {
            chunk.set(*var, rows.iter().map(|row| row[at]).collect());
        }
        chunk
    }

    pub(super) fn len(&self) -> usize {
        self.len
    }

    pub(super) fn is_empty(&self) -> bool {
        self.len == 0
    }

    pub(super) fn variables(&self) -> usize {
        self.columns.len()
    }

    pub(super) fn column(&self, var: VarId) -> &[Word] {
        &self.columns[var.index()]
    }

    /// The variables that are bound.
    pub(super) fn bound(&self) -> impl Iterator<Item = VarId> + '_ {
        (0..self.columns.len()).filter(|&at| self.len > 0 && self.columns[at].len() == self.len).map(VarId::from_index)
    }

    /// Binds a variable.
    pub(super) fn set(&mut self, var: VarId, column: Vec<Word>) {
        debug_assert_eq!(column.len(), self.len, "a column has a word for every binding");
        if self.columns.len() <= var.index() {
            self.columns.resize(var.index() + 1, Vec::new());
        }
        self.columns[var.index()] = column;
    }

    /// Appends words to the column of a variable; [`grow`](Self::grow) must follow once all columns are as long.
    pub(super) fn extend(&mut self, var: VarId, words: impl IntoIterator<Item = Word>) {
        self.columns[var.index()].extend(words);
    }

    /// Counts bindings whose words were appended.
    pub(super) fn grow(&mut self, by: usize) {
        self.len += by;
    }

    /// The bindings whose flag is set, with these variables only.
    pub(super) fn keep(mut self, flags: &[bool], carry: &[VarId]) -> Chunk {
        let kept = flags.iter().filter(|&&flag| flag).count();
        let mut out = Chunk::new(self.columns.len());
        out.len = kept;
        for var in carry {
            let mut column = std::mem::take(&mut self.columns[var.index()]);
            if kept < self.len {
                let mut flags = flags.iter();
                column.retain(|_| *flags.next().expect("a flag for every binding"));
            }
            out.columns[var.index()] = column;
        }
        out
    }

    /// The bindings, each once.
    pub(super) fn distinct(self) -> Chunk {
        let bound: Vec<&Vec<Word>> = self.columns.iter().filter(|column| !column.is_empty()).collect();
        let compare = |a: &usize, b: &usize| {
            let unequal = bound.iter().map(|column| column[*a].cmp(&column[*b])).find(|ordering| ordering.is_ne());
            unequal.unwrap_or(Ordering::Equal)
        };
        let mut positions: Vec<usize> = (0..self.len).collect();
        positions.sort_unstable_by(compare);
        positions.dedup_by(|a, b| compare(a, b).is_eq());
        if positions.len() == self.len { self } else { self.pick(&positions) }
    }

    /// The bindings at these positions, with all their variables.
    pub(super) fn pick(&self, positions: &[usize]) -> Chunk {
        let pick = |column: &Vec<Word>| {
            if column.is_empty() { Vec::new() } else { positions.iter().map(|&at| column[at]).collect() }
        };
        Chunk { columns: self.columns.iter().map(pick).collect(), len: positions.len() }
    }
}
