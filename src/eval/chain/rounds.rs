//! Chains in rounds: semi-naive evaluation on rows of bits.
//!
//! A chain `h(X, Y) :- a(X, Z), r(Z, W), b(W, Y).` has a variant for each recursive link. Over the recent rows of `r` it
//! says: the row of `X` in `h` gets, for each `Z` in the row of `X` in `a` that has recent pairs, what these lead to. So
//! in a round, the rows that may change are found by walking from the recent pairs back to the head; then each of them
//! is put together in one set of bits, over all chains that derive it, and what is known is taken out of it. A row has
//! one owner, so threads share nothing; and a round costs what its recent pairs lead to, not what there is.
//!
//! This is the row-wise product of sparse matrices (Gustavson 1978) over sets.

use super::Grids;
use super::ground::{Ground, Mask, Pairs};
use crate::check::{RelationId, RuleId};
use crate::data::IdVec;
use crate::eval::limits::{Stopped, Watch};
use crate::eval::profile::StratumProfile;
use crate::plan::{Chain, ChainPlan, ClassId, Link, Source};
use crate::store::{Bits, Block, Grid, GridRows, Lists, Scratch, transposed};
use rayon::iter::{IndexedParallelIterator, IntoParallelIterator, IntoParallelRefIterator, ParallelIterator};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;

/// Rows that one task puts together.
const TASK: usize = 16;
/// Fewer rows than these are not worth a second thread, whatever is done with them.
const FEW: usize = 1 << 10;

/// Completes the relations of a stratum.
pub(super) fn run(
    plan: &ChainPlan<'_>,
    ground: &mut Ground,
    watch: &Watch<'_>,
    took: &mut StratumProfile,
) -> Result<Grids, Stopped> {
    let backward = read_backward(plan);
    let mut sides: BTreeMap<(RelationId, bool), Side> = BTreeMap::new();
    for (relation, ends) in &plan.ends {
        let recent = |reversed| is_read(plan, *relation, reversed);
        sides.insert((*relation, false), Side::new(ground.size(ends.from), recent(false)));
        if backward.contains(relation) {
            sides.insert((*relation, true), Side::new(ground.size(ends.to), recent(true)));
        }
    }
    let base = std::mem::take(&mut ground.base);
    let start = |(relation, Pairs { firsts, seconds }): (RelationId, Pairs)| {
        let lists = Lists::new(ground.size(plan.ends[&relation].from), firsts, seconds);
        let listed = (0..lists.bound() as u32).filter(|first| !lists.list(*first).is_empty());
        (relation, listed.map(|first| (first, Bits::of(lists.list(first)))).collect())
    };
    let base: Vec<(RelationId, GridRows)> = base.into_iter().map(start).collect();
    let mut recent = count(&base);
    advance(&mut sides, base);
    let (ground, pool) = (&*ground, Pool::default());
    let rule = plan.chains.last().expect("a chain plan has chains").rule;
    loop {
        let round = Round { plan, ground, sides: &sides, watch, pool: &pool };
        let derive = |relation: &RelationId| Ok((*relation, round.derive(*relation)?));
        let fresh: Vec<Result<(RelationId, GridRows), Stopped>> = if recent < FEW {
            plan.ends.keys().map(derive).collect()
        } else {
            // What one relation does on one thread does not stop the others.
            plan.ends.par_iter().map(|(relation, _)| derive(relation)).collect()
        };
        let fresh = fresh.into_iter().collect::<Result<Vec<_>, Stopped>>()?;
        for chain in &plan.chains {
            let grows = |link: &Link| match link.source {
                Source::Growing(relation) => !sides[&(relation, link.reversed)].recent().is_empty(),
                Source::View(_) => false,
            };
            took.chain(chain.rule, usize::from(chain.links.iter().any(grows)), None);
        }
        let added: usize = fresh.iter().flat_map(|(_, rows)| rows).map(|(_, row)| row.len()).sum();
        let bytes: usize = fresh.iter().flat_map(|(_, rows)| rows).map(|(_, row)| row.bytes() + 64).sum();
        watch.ask(rule, 2 * bytes)?;
        recent = count(&fresh);
        advance(&mut sides, fresh);
        took.rounds += 1;
        took.new_rows += added;
        watch.rounds(1, added, rule)?;
        if added == 0 {
            let forward = sides.into_iter().filter(|((_, backward), _)| !backward);
            return Ok(forward.map(|((relation, _), side)| (relation, side.all)).collect());
        }
    }
}

/// A relation from its first column to its second, or the other way round.
struct Side {
    /// Every pair.
    all: Grid,
    /// Which first numbers have a pair.
    firsts: Mask,
    /// The pairs that the last round found, unless that was the first to find some.
    recent: Grid,
    recent_firsts: Mask,
    /// Whether all pairs are recent.
    is_fresh: bool,
    /// Whether some link reads the recent pairs; if not they are not kept.
    is_read: bool,
}

impl Side {
    fn new(bound: usize, is_read: bool) -> Self {
        let (all, firsts) = (Grid::new(bound), Mask::none(bound));
        let bound = if is_read { bound } else { 0 };
        Self { all, firsts, recent: Grid::new(bound), recent_firsts: Mask::none(bound), is_fresh: false, is_read }
    }

    /// The pairs that the last round found.
    fn recent(&self) -> &Grid {
        if self.is_fresh { &self.all } else { &self.recent }
    }

    fn recent_firsts(&self) -> &Mask {
        if self.is_fresh { &self.firsts } else { &self.recent_firsts }
    }

    /// New rows become the recent ones.
    fn advance(&mut self, rows: GridRows) {
        for first in self.recent.clear() {
            self.recent_firsts.remove(first);
        }
        self.is_fresh = self.all.is_empty();
        for (first, row) in rows {
            self.firsts.insert(first);
            if self.is_fresh {
                self.all.push(first, row);
            } else {
                self.all.union(first, &row);
                if self.is_read {
                    self.recent_firsts.insert(first);
                    self.recent.push(first, row);
                }
            }
        }
    }
}

/// How many rows of relations there are.
fn count(fresh: &[(RelationId, GridRows)]) -> usize {
    fresh.iter().map(|(_, rows)| rows.len()).sum()
}

/// New rows of relations become their recent ones, on both sides; each side by one thread.
fn advance(sides: &mut BTreeMap<(RelationId, bool), Side>, fresh: Vec<(RelationId, GridRows)>) {
    let few = count(&fresh) < FEW;
    let mut new: BTreeMap<(RelationId, bool), GridRows> = BTreeMap::new();
    for (relation, rows) in fresh {
        if sides.contains_key(&(relation, true)) {
            let borrowed: Vec<(u32, &Bits)> = rows.iter().map(|(first, row)| (*first, row)).collect();
            new.insert((relation, true), transposed(&borrowed));
        }
        new.insert((relation, false), rows);
    }
    let mut sides: Vec<(&mut Side, GridRows)> =
        sides.iter_mut().map(|(key, side)| (side, new.remove(key).unwrap_or_default())).collect();
    if few {
        sides.into_iter().for_each(|(side, rows)| side.advance(rows));
    } else {
        // The longest first, so that no thread is left with it at the end.
        sides.sort_by_key(|(_, rows)| std::cmp::Reverse(rows.len()));
        sides.into_par_iter().with_max_len(1).for_each(|(side, rows)| side.advance(rows));
    }
}

/// The relations that some chain reads from their second column to their first: those with a link that does, and those
/// that are walked back from a recursive link behind them.
fn read_backward(plan: &ChainPlan<'_>) -> BTreeSet<RelationId> {
    let mut found = BTreeSet::new();
    for chain in &plan.chains {
        let grows = |link: &Link| matches!(link.source, Source::Growing(_));
        let last = chain.links.iter().rposition(grows).expect("a chain has a recursive link");
        for (at, link) in chain.links.iter().enumerate() {
            if let Source::Growing(relation) = link.source
                && (link.reversed || at < last)
            {
                found.insert(relation);
            }
        }
    }
    found
}

/// Whether some chain has a link over a relation that walks it so.
fn is_read(plan: &ChainPlan<'_>, relation: RelationId, reversed: bool) -> bool {
    let wanted = Link { source: Source::Growing(relation), reversed };
    plan.chains.iter().flat_map(|chain| &chain.links).any(|link| *link == wanted)
}

/// One round: what the recent pairs lead to.
struct Round<'a> {
    plan: &'a ChainPlan<'a>,
    ground: &'a Ground,
    sides: &'a BTreeMap<(RelationId, bool), Side>,
    watch: &'a Watch<'a>,
    pool: &'a Pool,
}

/// Sets that are empty between two rounds: one thread's for each entry.
type Pool = Mutex<Vec<IdVec<ClassId, Vec<Scratch>>>>;

/// A chain with one of its recursive links over the recent pairs.
struct Variant<'a> {
    chain: &'a Chain<'a>,
    /// The number of the chain, for its filters.
    number: usize,
    /// The link.
    at: usize,
    recent: &'a Side,
    /// Where the link is neither the first nor the last: what the recent pairs of each node before it lead to, by node.
    ends: Option<GridRows>,
}

/// What can be walked: pairs, and which first numbers have one.
#[derive(Clone, Copy)]
enum Way<'a> {
    Lists(&'a Lists),
    Grid(&'a Grid, &'a Mask),
}

impl<'a> Round<'a> {
    /// The new rows of a relation.
    fn derive(&self, head: RelationId) -> Result<GridRows, Stopped> {
        let mut variants = Vec::new();
        for (number, chain) in self.plan.chains.iter().enumerate().filter(|(_, chain)| chain.head == head) {
            for (at, link) in chain.links.iter().enumerate() {
                let Source::Growing(relation) = link.source else { continue };
                let recent = &self.sides[&(relation, link.reversed)];
                if !recent.recent().is_empty() {
                    variants.push(self.variant(Variant { chain, number, at, recent, ends: None })?);
                }
            }
        }
        let Some(first) = variants.first() else { return Ok(Vec::new()) };
        let rule = first.chain.rule;
        let firsts = self.changing(&variants, self.plan.ends[&head].from);
        self.each(&firsts, |walker, first| walker.row(&variants, head, first, rule).transpose())
    }

    /// The rows of the head that variants may change.
    fn changing(&self, variants: &[Variant<'_>], class: ClassId) -> Vec<u32> {
        let mut walker = Walker::new(self);
        let mut changing = walker.take(class);
        for variant in variants {
            walker.back(variant, &mut changing);
        }
        let mut firsts = Vec::new();
        changing.drain(|block| firsts.extend(block.numbers()));
        walker.give(class, changing);
        firsts
    }

    /// Rows for some numbers, on all threads unless they are few, in the order of the numbers.
    fn each<'r>(
        &'r self,
        numbers: &[u32],
        row: impl Fn(&mut Walker<'r>, u32) -> Option<Result<(u32, Bits), Stopped>> + Sync,
    ) -> Result<GridRows, Stopped> {
        if numbers.len() < 2 * TASK {
            let mut walker = Walker::new(self);
            return numbers.iter().filter_map(|number| row(&mut walker, *number)).collect();
        }
        let rows = numbers.par_iter().with_min_len(TASK);
        rows.map_init(|| Walker::new(self), |walker, number| row(walker, *number)).flatten_iter().collect()
    }

    /// Completes a variant with what is shared by all rows.
    fn variant(&self, variant: Variant<'a>) -> Result<Variant<'a>, Stopped> {
        let Variant { chain, number, at, recent, .. } = variant;
        if at == 0 || at + 1 == chain.links.len() && self.ground.filter(number, at + 1).is_none() {
            return Ok(variant);
        }
        // Only what some row of the head leads to is worth knowing.
        let before = self.way(chain.links[at - 1], true);
        let nodes: Vec<u32> = recent.recent().firsts_in_use().filter(|node| before.has(*node)).collect();
        let last = chain.links.len();
        let mut ends = self.each(&nodes, |walker, node| {
            if let Err(stopped) = self.watch.ask(chain.rule, 0) {
                return Some(Err(stopped));
            }
            let mut out = walker.take(chain.nodes[at + 1].class);
            out.union(recent.recent().row(node).expect("the node has recent pairs"));
            let mut out = walker.forward(chain, number, at + 1, last, out);
            let row = out.take();
            walker.give(chain.nodes[last].class, out);
            (!row.is_empty()).then_some(Ok((node, row)))
        })?;
        ends.sort_unstable_by_key(|(node, _)| *node);
        Ok(Variant { ends: Some(ends), ..variant })
    }

    /// A link as a chain walks it, or against it.
    fn way(&self, link: Link, against: bool) -> Way<'a> {
        match link.source {
            Source::View(_) => Way::Lists(self.ground.lists(link, against).expect("it is a view")),
            Source::Growing(relation) => {
                let side = &self.sides[&(relation, link.reversed != against)];
                Way::Grid(&side.all, &side.firsts)
            }
        }
    }
}

impl Way<'_> {
    fn has(self, first: u32) -> bool {
        match self {
            Way::Lists(lists) => !lists.list(first).is_empty(),
            Way::Grid(_, firsts) => firsts.contains(first),
        }
    }

    /// Adds what the numbers of a block lead to.
    fn walk(self, block: Block, out: &mut Scratch) {
        match self {
            Way::Lists(lists) => {
                for first in block.numbers() {
                    for &second in lists.list(first) {
                        out.insert(second);
                    }
                }
            }
            Way::Grid(grid, firsts) => {
                for first in firsts.within(block).numbers() {
                    grid.row(first).into_iter().for_each(|row| out.union(row));
                }
            }
        }
    }
}

impl<'a> Variant<'a> {
    /// The nodes before the link that have recent pairs which lead on.
    fn each_node(&self, visit: impl FnMut(u32)) {
        match &self.ends {
            Some(ends) => ends.iter().map(|(node, _)| *node).for_each(visit),
            None => self.recent.recent().firsts_in_use().for_each(visit),
        }
    }

    /// What the recent pairs of a node lead to.
    fn end(&self, node: u32) -> Option<&Bits> {
        match &self.ends {
            Some(ends) => ends.binary_search_by_key(&node, |(node, _)| *node).ok().map(|at| &ends[at].1),
            None => self.recent.recent().row(node),
        }
    }
}

/// What one thread walks with: sets of bits that are empty between two uses.
struct Walker<'a> {
    round: &'a Round<'a>,
    spare: IdVec<ClassId, Vec<Scratch>>,
    blocks: Vec<Block>,
}

/// What the lock of the pool promises.
const POOL: &str = "taking a set and giving it back do not panic";

/// The sets go back for the next round.
impl Drop for Walker<'_> {
    fn drop(&mut self) {
        if let Ok(mut pool) = self.round.pool.lock() {
            pool.push(std::mem::take(&mut self.spare));
        }
    }
}

impl<'a> Walker<'a> {
    fn new(round: &'a Round<'a>) -> Self {
        let used = round.pool.lock().expect(POOL).pop();
        let spare = used.unwrap_or_else(|| (0..round.plan.classes).map(|_| Vec::new()).collect());
        Self { round, spare, blocks: Vec::new() }
    }

    fn take(&mut self, class: ClassId) -> Scratch {
        let size = self.round.ground.size(class);
        self.spare[class].pop().unwrap_or_else(|| Scratch::new(size))
    }

    fn give(&mut self, class: ClassId, scratch: Scratch) {
        debug_assert!(scratch.is_untouched(), "a spare set is empty");
        self.spare[class].push(scratch);
    }

    /// Keeps of a set at a node what its filter lets through.
    fn filtered(&self, number: usize, node: usize, block: Block) -> Block {
        self.round.ground.filter(number, node).map_or(block, |mask| mask.within(block))
    }

    /// What a set at node `from` leads to at node `to`.
    fn forward(&mut self, chain: &Chain<'_>, number: usize, from: usize, to: usize, set: Scratch) -> Scratch {
        let mut set = set;
        for at in from..to {
            let way = self.round.way(chain.links[at], false);
            let mut next = self.take(chain.nodes[at + 1].class);
            set.drain(|block| way.walk(self.filtered(number, at, block), &mut next));
            self.give(chain.nodes[at].class, set);
            set = next;
        }
        if self.round.ground.filter(number, to).is_some() {
            let mut passed = self.take(chain.nodes[to].class);
            set.drain(|block| passed.add(self.filtered(number, to, block)));
            self.give(chain.nodes[to].class, set);
            set = passed;
        }
        set
    }

    /// Adds the rows of the head that a variant may change.
    fn back(&mut self, variant: &Variant<'_>, changing: &mut Scratch) {
        let Variant { chain, number, at, .. } = *variant;
        let mut set = self.take(chain.nodes[at].class);
        variant.each_node(|node| {
            set.insert(node);
        });
        for step in (0..at).rev() {
            let way = self.round.way(chain.links[step], true);
            let mut next = self.take(chain.nodes[step].class);
            set.drain(|block| way.walk(self.filtered(number, step + 1, block), &mut next));
            self.give(chain.nodes[step + 1].class, set);
            set = next;
        }
        set.drain(|block| changing.add(self.filtered(number, 0, block)));
        self.give(chain.nodes[0].class, set);
    }

    /// What is new in one row of a relation.
    fn row(
        &mut self,
        variants: &[Variant<'_>],
        head: RelationId,
        first: u32,
        rule: RuleId,
    ) -> Result<Option<(u32, Bits)>, Stopped> {
        self.round.watch.ask(rule, 0)?;
        let ends = self.round.plan.ends[&head];
        let mut row = self.take(ends.to);
        for variant in variants {
            self.add(variant, first, &mut row);
        }
        let known = self.round.sides[&(head, false)].all.row(first);
        self.blocks.clear();
        let blocks = &mut self.blocks;
        row.drain(|Block { at, word }| {
            let word = word & !known.map_or(0, |known| known.word(at));
            if word != 0 {
                blocks.push(Block { at, word });
            }
        });
        let fresh = Bits::new(blocks);
        self.give(ends.to, row);
        Ok((!fresh.is_empty()).then_some((first, fresh)))
    }

    /// Adds what one variant derives for one row.
    fn add(&mut self, variant: &Variant<'_>, first: u32, row: &mut Scratch) {
        let Variant { chain, number, at, .. } = *variant;
        if self.round.ground.filter(number, 0).is_some_and(|mask| !mask.contains(first)) {
            return;
        }
        let last = chain.nodes.len() - 1;
        let avoided = if chain.distinct {
            self.round.ground.translated(first, chain.nodes[0].class, chain.nodes[last].class)
        } else {
            None
        };
        // A set of its own if something must be left out of it.
        let mut apart = avoided.map(|_| self.take(chain.nodes[last].class));
        let out = apart.as_mut().unwrap_or(row);
        if at == 0 {
            if let Some(recent) = variant.recent.recent().row(first) {
                self.lead(chain, number, recent, out);
            }
        } else {
            let mut nodes = self.take(chain.nodes[0].class);
            nodes.insert(first);
            let mut nodes = self.forward(chain, number, 0, at, nodes);
            let recent = variant.recent.recent_firsts();
            nodes.drain(|block| {
                for node in recent.within(block).numbers() {
                    variant.end(node).into_iter().for_each(|pairs| out.union(pairs));
                }
            });
            self.give(chain.nodes[at].class, nodes);
        }
        if let (Some(mut apart), Some(avoided)) = (apart, avoided) {
            apart.remove(avoided);
            apart.drain(|block| row.add(block));
            self.give(chain.nodes[last].class, apart);
        }
    }

    /// Adds what the recent pairs of the first link lead to.
    fn lead(&mut self, chain: &Chain<'_>, number: usize, recent: &Bits, out: &mut Scratch) {
        if let [_, only] = &chain.links[..]
            && self.round.ground.filter(number, 2).is_none()
        {
            let way = self.round.way(*only, false);
            return recent.each_block(|block| way.walk(self.filtered(number, 1, block), out));
        }
        let mut set = self.take(chain.nodes[1].class);
        set.union(recent);
        let last = chain.nodes.len() - 1;
        let mut set = self.forward(chain, number, 1, last, set);
        set.drain(|block| out.add(block));
        self.give(chain.nodes[last].class, set);
    }
}
