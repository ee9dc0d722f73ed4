//! Closing each value of a column by itself.
//!
//! `tc(X, Y) :- tc(X, Z), arc(Z, Y).` hands `X` on: the rows of one `X` follow from rows of the same `X` alone. So each
//! is a search of its own, level by level, over one set of bits that stays in the processor's cache; and threads share
//! nothing. `tc(X, Y) :- arc(X, Z), tc(Z, Y).` hands `Y` on, and is the same the other way round.

use super::Grids;
use super::ground::{Ground, Mask, Pairs};
use crate::check::{RelationId, RuleId};
use crate::eval::limits::{Stopped, Watch};
use crate::eval::profile::StratumProfile;
use crate::plan::{ChainPlan, ClassId, Keeps, Source};
use crate::store::{Bits, Grid, Lists, Scratch};
use rayon::iter::{IndexedParallelIterator, IntoParallelRefIterator, ParallelIterator};
use std::collections::BTreeMap;

/// The chains of a stratum as searches from one value of the kept column.
struct Search<'a> {
    ground: &'a Ground,
    relations: Vec<Target>,
    chains: Vec<Walk<'a>>,
    /// What is known from the start, by relation.
    base: Vec<Lists>,
    watch: &'a Watch<'a>,
}

/// A relation that is searched.
struct Target {
    relation: RelationId,
    /// What the values ranged over are numbered by: those kept, and those found.
    kept: ClassId,
    found: ClassId,
}

/// A chain from a value of the relation it reads to those of the relation it derives.
struct Walk<'a> {
    rule: RuleId,
    from: usize,
    to: usize,
    /// The values of the kept column for which the chain holds.
    kept: Option<&'a Mask>,
    /// The values that the walk may start from.
    enter: Option<&'a Mask>,
    steps: Vec<Step<'a>>,
    /// Whether what is found must differ from the kept value.
    distinct: bool,
}

struct Step<'a> {
    lists: &'a Lists,
    filter: Option<&'a Mask>,
}

/// Values of the kept column between two looks at the limits.
const BATCH: usize = 1 << 13;
/// Values of the kept column that one task searches from.
const TASK: usize = 64;

/// Completes the relations of a stratum whose chains hand a column on.
pub(super) fn close(
    plan: &ChainPlan<'_>,
    ground: &mut Ground,
    keeps: Keeps,
    watch: &Watch<'_>,
    took: &mut StratumProfile,
) -> Result<Grids, Stopped> {
    let base = std::mem::take(&mut ground.base);
    let ground = &*ground;
    let search = Search::new(plan, ground, base, keeps, watch);
    let bound = search.relations.first().map_or(0, |target| ground.size(target.kept));
    let starts: Vec<u32> =
        (0..bound as u32).filter(|kept| search.base.iter().any(|lists| !lists.list(*kept).is_empty())).collect();
    let mut grids: Vec<Grid> = search.relations.iter().map(|target| Grid::new(ground.size(target.kept))).collect();
    let (mut levels, mut visited) = (0, vec![0; search.chains.len()]);
    for batch in starts.chunks(BATCH) {
        let found: Result<Vec<Found>, Stopped> = batch
            .par_iter()
            .with_min_len(TASK)
            .map_init(|| Searcher::new(&search), |searcher, kept| searcher.search(*kept))
            .collect();
        let (mut derived, mut deeper) = (0, 0);
        for (kept, found) in batch.iter().zip(found?) {
            deeper = deeper.max(found.levels.saturating_sub(levels));
            derived += found.derived;
            visited.iter_mut().zip(found.visited).for_each(|(all, visited)| *all += visited);
            grids.iter_mut().zip(found.rows).for_each(|(grid, row)| grid.push(*kept, row));
        }
        levels += deeper;
        took.new_rows += derived;
        watch.rounds(deeper, derived, plan.chains[0].rule)?;
    }
    took.rounds += levels;
    for (walk, visited) in search.chains.iter().zip(visited) {
        took.chain(walk.rule, levels, Some(visited));
    }
    Ok(search.relations.iter().map(|target| target.relation).zip(grids).collect())
}

impl<'a> Search<'a> {
    fn new(
        plan: &ChainPlan<'_>,
        ground: &'a Ground,
        mut base: BTreeMap<RelationId, Pairs>,
        keeps: Keeps,
        watch: &'a Watch<'a>,
    ) -> Self {
        let relations: Vec<Target> = plan
            .ends
            .iter()
            .map(|(relation, ends)| match keeps {
                Keeps::First => Target { relation: *relation, kept: ends.from, found: ends.to },
                Keeps::Second => Target { relation: *relation, kept: ends.to, found: ends.from },
            })
            .collect();
        let place = |wanted: RelationId| {
            let found = relations.iter().position(|target| target.relation == wanted);
            found.expect("a chain reads and derives relations of its stratum")
        };
        let chains = plan.chains.iter().enumerate().map(|(at, chain)| {
            // The links in the order in which they are walked, the recursive one first.
            let last = chain.links.len();
            let order: Vec<usize> = if keeps == Keeps::First { (0..last).collect() } else { (0..last).rev().collect() };
            let node = |step: usize| if keeps == Keeps::First { step } else { last - step };
            let Source::Growing(read) = chain.links[order[0]].source else {
                panic!("the first link of a chain that hands a column on is recursive")
            };
            let steps = order.iter().enumerate().skip(1).map(|(step, link)| Step {
                lists: ground.lists(chain.links[*link], keeps == Keeps::Second).expect("the other links are views"),
                filter: ground.filter(at, node(step + 1)),
            });
            Walk {
                rule: chain.rule,
                from: place(read),
                to: place(chain.head),
                kept: ground.filter(at, node(0)),
                enter: ground.filter(at, node(1)),
                steps: steps.collect(),
                distinct: chain.distinct,
            }
        });
        let chains = chains.collect();
        let base = relations.iter().map(|target| {
            let Pairs { firsts, seconds } = base.remove(&target.relation).expect("every relation has a base");
            let (kept, found) = if keeps == Keeps::First { (firsts, seconds) } else { (seconds, firsts) };
            Lists::new(ground.size(target.kept), kept, found)
        });
        let base = base.collect();
        Self { ground, relations, chains, base, watch }
    }
}

/// What a search from one value found.
struct Found {
    /// The row of each relation.
    rows: Vec<Bits>,
    /// How many values were not known from the start.
    derived: usize,
    /// How many values each chain led to, each as often as it did.
    visited: Vec<usize>,
    /// How many steps it took until nothing new followed.
    levels: usize,
}

/// What one thread searches with.
struct Searcher<'a> {
    search: &'a Search<'a>,
    /// What is known, by relation.
    seen: Vec<Scratch>,
    /// What the last level found, by relation, and what this one finds.
    recent: Vec<Vec<u32>>,
    pending: Vec<Vec<u32>>,
}

/// Values between two looks at the clock.
const LOOK: usize = 1 << 12;

impl<'a> Searcher<'a> {
    fn new(search: &'a Search<'a>) -> Self {
        let seen = search.relations.iter().map(|target| Scratch::new(search.ground.size(target.found))).collect();
        let queues = vec![Vec::new(); search.relations.len()];
        Self { search, seen, recent: queues.clone(), pending: queues }
    }

    fn search(&mut self, kept: u32) -> Result<Found, Stopped> {
        let mut known = 0;
        for (at, base) in self.search.base.iter().enumerate() {
            self.recent[at].clear();
            for &value in base.list(kept) {
                self.seen[at].insert(value);
                self.recent[at].push(value);
            }
            known += self.recent[at].len();
        }
        let (mut levels, mut derived, mut visited) = (0, 0, vec![0; self.search.chains.len()]);
        while self.recent.iter().any(|queue| !queue.is_empty()) {
            self.pending.iter_mut().for_each(Vec::clear);
            for (walk, visited) in self.search.chains.iter().zip(&mut visited) {
                *visited += self.walk(walk, kept)?;
            }
            std::mem::swap(&mut self.recent, &mut self.pending);
            derived += self.recent.iter().map(Vec::len).sum::<usize>();
            levels += 1;
        }
        debug_assert!(known > 0 || derived == 0, "nothing follows from nothing");
        Ok(Found { rows: self.seen.iter_mut().map(Scratch::take).collect(), derived, visited, levels })
    }

    /// What follows by one chain from what the last level found. Returns how many values it led to.
    fn walk(&mut self, walk: &Walk<'a>, kept: u32) -> Result<usize, Stopped> {
        if walk.kept.is_some_and(|mask| !mask.contains(kept)) {
            return Ok(0);
        }
        let mut visited = 0;
        let Target { kept: class, found, .. } = self.search.relations[walk.to];
        let avoided = walk.distinct.then(|| self.search.ground.translated(kept, class, found)).flatten();
        let (seen, pending) = (&mut self.seen[walk.to], &mut self.pending[walk.to]);
        for values in self.recent[walk.from].chunks(LOOK) {
            self.search.watch.ask(walk.rule, 0)?;
            match (&walk.steps[..], walk.enter, avoided) {
                ([Step { lists, filter: None }], None, None) => {
                    for value in values {
                        let list = lists.list(*value);
                        visited += list.len();
                        for &next in list {
                            if seen.insert(next) {
                                pending.push(next);
                            }
                        }
                    }
                }
                (steps, enter, avoided) => {
                    let mut visit = |next: u32| {
                        visited += usize::from(Some(next) != avoided);
                        if Some(next) != avoided && seen.insert(next) {
                            pending.push(next);
                        }
                    };
                    let entered = values.iter().filter(|value| enter.is_none_or(|mask| mask.contains(**value)));
                    entered.for_each(|value| follow(steps, *value, &mut visit));
                }
            }
        }
        Ok(visited)
    }
}

/// Visits every end of the walks from a value.
fn follow(steps: &[Step<'_>], value: u32, visit: &mut dyn FnMut(u32)) {
    let Some((step, rest)) = steps.split_first() else { return visit(value) };
    for &next in step.lists.list(value) {
        if step.filter.is_none_or(|mask| mask.contains(next)) {
            follow(rest, next, visit);
        }
    }
}
