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
use crate::store::{Bits, Grid, Lists, Marks, Scratch};
use rayon::iter::{IndexedParallelIterator, IntoParallelRefIterator, ParallelIterator};
use rayon::slice::ParallelSlice;
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
    /// From so many values on, as many follow as the relation has words of bits.
    wide: usize,
    /// From so many values on, threads share a level.
    shared: usize,
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
            let steps: Vec<Step<'_>> = steps.collect();
            let ends: f64 = steps.iter().map(|step| step.lists.mean()).product();
            let to = place(chain.head);
            Walk {
                rule: chain.rule,
                from: place(read),
                to,
                kept: ground.filter(at, node(0)),
                enter: ground.filter(at, node(1)),
                steps,
                distinct: chain.distinct,
                // Where a view is empty there are no ends, and nothing is ever wide.
                wide: (((ground.size(relations[to].found) / 64) as f64 / ends) as usize).saturating_add(1),
                shared: ((SHARED as f64 / ends) as usize).saturating_add(1),
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
    /// What this level led to, by relation, known or not, as far as it was wide.
    led_to: Vec<Marks>,
    is_wide: bool,
}

/// Values between two looks at the clock.
const LOOK: usize = 1 << 12;
/// Values that follow, from which on threads share a level.
const SHARED: usize = 1 << 18;

impl<'a> Searcher<'a> {
    fn new(search: &'a Search<'a>) -> Self {
        let seen = search.relations.iter().map(|target| Scratch::new(search.ground.size(target.found))).collect();
        let led_to = search.relations.iter().map(|target| Marks::new(search.ground.size(target.found))).collect();
        let queues = vec![Vec::new(); search.relations.len()];
        Self { search, seen, recent: queues.clone(), pending: queues, led_to, is_wide: false }
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
                if walk.kept.is_none_or(|mask| mask.contains(kept)) {
                    *visited += self.walk(walk, kept)?;
                }
            }
            if std::mem::take(&mut self.is_wide) {
                for (at, led_to) in self.led_to.iter_mut().enumerate() {
                    self.seen[at].take_new(led_to, |value| self.pending[at].push(value));
                }
            }
            std::mem::swap(&mut self.recent, &mut self.pending);
            derived += self.recent.iter().map(Vec::len).sum::<usize>();
            levels += 1;
        }
        self.search.watch.spend(visited.iter().sum());
        debug_assert!(known > 0 || derived == 0, "nothing follows from nothing");
        Ok(Found { rows: self.seen.iter_mut().map(Scratch::take).collect(), derived, visited, levels })
    }

    /// What follows by one chain from what the last level found. Returns how many values it led to.
    ///
    /// Where few values follow, each is looked up as it comes. Where as many follow as the relation has words of bits,
    /// they are marked without a look, and what is new is found word by word at the end of the level: no branch is
    /// guessed wrong, and the next level meets its values in order.
    fn walk(&mut self, walk: &Walk<'a>, kept: u32) -> Result<usize, Stopped> {
        let Target { kept: class, found, .. } = self.search.relations[walk.to];
        let avoided = walk.distinct.then(|| self.search.ground.translated(kept, class, found)).flatten();
        let (recent, watch) = (&self.recent[walk.from], self.search.watch);
        let (seen, pending, led_to) = (&mut self.seen[walk.to], &mut self.pending[walk.to], &mut self.led_to[walk.to]);
        let mut visited = 0;
        if recent.len() < walk.wide {
            for values in recent.chunks(LOOK) {
                watch.ask(walk.rule, 0)?;
                visited += walk.follow(values, avoided, |next| {
                    if seen.insert(next) {
                        pending.push(next);
                    }
                });
            }
            return Ok(visited);
        }
        self.is_wide = true;
        if recent.len() < walk.shared || rayon::current_num_threads() == 1 {
            for values in recent.chunks(LOOK) {
                watch.ask(walk.rule, 0)?;
                visited += walk.follow(values, avoided, |next| led_to.mark(next));
            }
            return Ok(visited);
        }
        let bound = self.search.ground.size(found);
        let share = |(mut marks, visited): (Marks, usize), values: &[u32]| {
            watch.ask(walk.rule, 0)?;
            let more = walk.follow(values, avoided, |next| marks.mark(next));
            Ok((marks, visited + more))
        };
        let (marks, visited) = recent
            .par_chunks(LOOK)
            .try_fold(|| (Marks::new(bound), 0), share)
            .try_reduce(Default::default, |(one, a), (other, b)| Ok((one.union(other), a + b)))?;
        *led_to = std::mem::take(led_to).union(marks);
        Ok(visited)
    }
}

impl Walk<'_> {
    /// Visits every end of the walks from some values but the one to be avoided. Returns how many there are.
    #[inline]
    fn follow(&self, values: &[u32], avoided: Option<u32>, mut visit: impl FnMut(u32)) -> usize {
        let mut visited = 0;
        match (&self.steps[..], self.enter, avoided) {
            ([Step { lists, filter: None }], None, None) => {
                for value in values {
                    let list = lists.list(*value);
                    visited += list.len();
                    list.iter().for_each(|next| visit(*next));
                }
            }
            (steps, enter, avoided) => {
                let mut visit = |next: u32| {
                    if Some(next) != avoided {
                        visited += 1;
                        visit(next);
                    }
                };
                let entered = values.iter().filter(|value| enter.is_none_or(|mask| mask.contains(**value)));
                entered.for_each(|value| follow(steps, *value, &mut visit));
            }
        }
        visited
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
