//! What a search for heights finds the heights of: facts, and how pairs of an equivalence come to hold.

use crate::check::{Program, RelationId};
use crate::data::{Id, Word, id};
use crate::explain::ground::Fact;
use indexmap::IndexSet;
use rustc_hash::FxBuildHasher;

id! {
    /// A point of a search.
    PointId
}

/// A fact, and what is asked of it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Point {
    pub(super) fact: Fact,
    pub(super) asked: Asked,
}

/// What is asked of a fact.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Asked {
    /// Whether it holds.
    Holds,
    /// Of a pair of an equivalence: whether it is stored or a rule derives it.
    PutIn,
    /// Of a pair of an equivalence: whether a path leads from its first value to its second.
    Path,
    /// The same, of paths that another pair may take.
    PathFor(Box<Fact>),
}

impl Point {
    pub(super) fn holds(fact: Fact) -> Self {
        Self { fact, asked: Asked::Holds }
    }

    pub(super) fn put_in(fact: Fact) -> Self {
        Self { fact, asked: Asked::PutIn }
    }

    pub(super) fn path(relation: RelationId, [from, to]: [Word; 2], asked: Asked) -> Self {
        Self { fact: Fact { relation, row: vec![from, to] }, asked }
    }

    /// Whether it is decided by other points about the same equivalence, without a rule between.
    pub(super) fn is_of_paths(&self, program: &Program) -> bool {
        match self.asked {
            Asked::Holds => program.relations[self.fact.relation].is_equivalence,
            Asked::PutIn => false,
            Asked::Path | Asked::PathFor(_) => true,
        }
    }
}

/// Numbers points, so that each is kept once.
#[derive(Default)]
pub(super) struct PointTable {
    points: IndexSet<Point, FxBuildHasher>,
}

impl PointTable {
    /// The number of a point, and whether it is new.
    pub(super) fn add(&mut self, point: Point) -> (PointId, bool) {
        let (at, is_new) = self.points.insert_full(point);
        (PointId::from_index(at), is_new)
    }

    pub(super) fn point(&self, id: PointId) -> &Point {
        &self.points[id.index()]
    }

    pub(super) fn find(&self, point: &Point) -> Option<PointId> {
        self.points.get_index_of(point).map(PointId::from_index)
    }
}
