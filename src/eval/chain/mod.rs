//! Evaluating a stratum whose recursive rules are chains, on whole sets of values instead of single rows.
//!
//! In: a [`ChainPlan`], and a store in which the relations of the stratum hold what is stored and what the rules that
//! start the recursion derive. Out: the relations complete, as matrices. Promise: the same rows as by any other way.
//!
//! [`ground`] gives every value a small number and lays the views out; then, where all chains hand a column on, each of
//! its values is closed by itself ([`closure`]); else rounds go on until nothing new follows ([`rounds`]).

mod closure;
mod ground;
mod rounds;

use super::limits::{Stopped, Watch};
use super::machine::Machine;
use super::profile::StratumProfile;
use crate::check::RelationId;
use crate::plan::{ChainPlan, Keeps, UNIT};
use crate::store::{Grid, Matrix, Relation, Shape};
use ground::Ground;
use std::collections::BTreeMap;

/// The grids of the relations of a stratum. Where the second column is handed on, its values are the first numbers.
type Grids = BTreeMap<RelationId, Grid>;

/// What the chains of a stratum run on. None if some column's values are more than 32 bits can number. `machine` runs the
/// pipelines of views and filters.
pub(super) fn prepare(plan: &ChainPlan<'_>, machine: &Machine<'_>) -> Result<Option<Ground>, Stopped> {
    Ground::new(plan, machine)
}

/// The relations of a stratum, complete.
pub(super) fn complete(
    plan: &ChainPlan<'_>,
    mut ground: Ground,
    watch: &Watch<'_>,
    took: &mut StratumProfile,
) -> Result<Vec<(RelationId, Relation)>, Stopped> {
    let grids = match plan.keeps {
        Some(keeps) => closure::close(plan, &mut ground, keeps, watch, took)?,
        None => rounds::run(plan, &mut ground, watch, took)?,
    };
    let turned = plan.keeps == Some(Keeps::Second);
    let relations = grids.into_iter().map(|(relation, grid)| {
        let ends = plan.ends[&relation];
        let (arity, shape) = match (ends.from == UNIT, turned) {
            (true, _) => (1, Shape::Set),
            (false, false) => (2, Shape::Forward),
            (false, true) => (2, Shape::Backward),
        };
        let (from, to) = (ground.domains[ends.from].clone(), ground.domains[ends.to].clone());
        let (firsts, seconds) = if turned { (to, from) } else { (from, to) };
        (relation, Relation::of_matrix(arity, Matrix::new(grid, firsts, seconds, shape)))
    });
    Ok(relations.collect())
}
