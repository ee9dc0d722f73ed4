//! What chains run on: small numbers for values, views as lists, filters as bits.

use crate::check::RelationId;
use crate::data::{Column, Id, IdVec, Word};
use crate::eval::chunk::Chunk;
use crate::eval::limits::Stopped;
use crate::eval::machine::Machine;
use crate::plan::{ChainPlan, ClassId, Ends, Filter, Keeps, Link, Source, UNIT, View, ViewId};
use crate::store::{Block, Domain, Lists, Relation, Rows};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What the chains of a stratum run on.
pub(in crate::eval) struct Ground {
    pub(super) domains: IdVec<ClassId, Arc<Domain>>,
    /// The views, from their first variable to their second or the other way round, as far as some link walks them so.
    views: BTreeMap<(ViewId, bool), Lists>,
    /// The values that each node of each chain may have; none where all may.
    filters: Vec<Vec<Option<Mask>>>,
    /// What is stored and what starts the recursion.
    pub(super) base: BTreeMap<RelationId, Pairs>,
}

/// Pairs of numbers; the first are zero for a relation of one column.
#[derive(Debug, Default)]
pub(super) struct Pairs {
    pub(super) firsts: Vec<u32>,
    pub(super) seconds: Vec<u32>,
}

/// The rows that a view reads, and its two columns.
struct Read<'a> {
    batches: Vec<Cow<'a, Rows>>,
    columns: (Option<usize>, usize),
}

impl Read<'_> {
    fn columns(&self, first: bool) -> impl Iterator<Item = &Column> {
        let column = if first { self.columns.0 } else { Some(self.columns.1) };
        self.batches.iter().filter_map(move |rows| Some(rows.column(column?)))
    }

    fn pairs(&self, from: &Domain, to: &Domain) -> Pairs {
        let numbers = |first: bool, domain: &Domain| -> Vec<u32> {
            let mut columns = self.columns(first).map(|column| domain.numbers(column));
            let mut all = columns.next().unwrap_or_default();
            columns.for_each(|more| all.extend(more));
            all
        };
        let seconds = numbers(false, to);
        let firsts = if self.columns.0.is_some() { numbers(true, from) } else { vec![0; seconds.len()] };
        Pairs { firsts, seconds }
    }
}

impl Ground {
    /// None if the values of a class are too many.
    pub(super) fn new(plan: &ChainPlan<'_>, machine: &Machine<'_>) -> Result<Option<Self>, Stopped> {
        let store = machine.store;
        let views: Result<Vec<Read<'_>>, Stopped> = plan.views.iter().map(|view| read(view, machine)).collect();
        let views: IdVec<ViewId, Read<'_>> = views?.into_iter().collect();
        let bases = plan.ends.iter().map(|(relation, ends)| (*relation, base(&store[*relation], *ends)));
        let bases: BTreeMap<RelationId, Read<'_>> = bases.collect();
        let Some(domains) = domains(plan, &views, &bases) else { return Ok(None) };
        let pairs = |read: &Read<'_>, ends: Ends| read.pairs(&domains[ends.from], &domains[ends.to]);
        let mut laid_out: BTreeMap<(ViewId, bool), Lists> = BTreeMap::new();
        for (id, reversed) in directions(plan) {
            let ends = plan.views[id].ends;
            machine.watch.ask(machine.rule, 16 * views[id].batches.iter().map(|rows| rows.len()).sum::<usize>())?;
            let Pairs { firsts, seconds } = pairs(&views[id], ends);
            let (from, firsts, seconds) =
                if reversed { (ends.to, seconds, firsts) } else { (ends.from, firsts, seconds) };
            laid_out.insert((id, reversed), Lists::new(domains[from].size(), firsts, seconds));
        }
        let base = bases.iter().map(|(relation, read)| (*relation, pairs(read, plan.ends[relation]))).collect();
        let mut filters = Vec::new();
        for chain in &plan.chains {
            let masks = chain
                .nodes
                .iter()
                .map(|node| node.filter.as_ref().map(|filter| mask(filter, &domains[node.class], machine)).transpose());
            filters.push(masks.collect::<Result<Vec<_>, Stopped>>()?);
        }
        Ok(Some(Self { domains, views: laid_out, filters, base }))
    }

    /// A view as a link walks it, or against it.
    pub(super) fn lists(&self, link: Link, against: bool) -> Option<&Lists> {
        match link.source {
            Source::View(view) => Some(&self.views[&(view, link.reversed != against)]),
            Source::Growing(_) => None,
        }
    }

    /// The values that a node of a chain may have; none where all may.
    pub(super) fn filter(&self, chain: usize, node: usize) -> Option<&Mask> {
        self.filters[chain][node].as_ref()
    }

    /// How many numbers the values of a class take.
    pub(super) fn size(&self, class: ClassId) -> usize {
        self.domains[class].size()
    }

    /// The number in one class of the value that has this one in another.
    pub(super) fn translated(&self, number: u32, from: ClassId, to: ClassId) -> Option<u32> {
        if from == to { Some(number) } else { self.domains[to].number(self.domains[from].word(number)) }
    }
}

/// Some of the numbers below a bound: a bit for each.
#[derive(Debug)]
pub(super) struct Mask(Vec<u64>);

impl Mask {
    pub(super) fn none(bound: usize) -> Self {
        Mask(vec![0; bound.div_ceil(64)])
    }

    pub(super) fn insert(&mut self, number: u32) {
        self.0[(number / 64) as usize] |= 1 << (number % 64);
    }

    pub(super) fn remove(&mut self, number: u32) {
        self.0[(number / 64) as usize] &= !(1 << (number % 64));
    }

    #[inline]
    pub(super) fn contains(&self, number: u32) -> bool {
        self.0[(number / 64) as usize] >> (number % 64) & 1 == 1
    }

    /// The numbers of a block that are there too.
    #[inline]
    pub(super) fn within(&self, block: Block) -> Block {
        Block { word: block.word & self.0[block.at as usize], ..block }
    }
}

/// How the links of the chains walk their views. Where no column is handed on, each is also walked from the place of
/// new rows back to the head, where there is a link before that place.
fn directions(plan: &ChainPlan<'_>) -> BTreeSet<(ViewId, bool)> {
    let mut found = BTreeSet::new();
    for chain in &plan.chains {
        let last_growing = chain.links.iter().rposition(|link| matches!(link.source, Source::Growing(_)));
        for (at, link) in chain.links.iter().enumerate() {
            let Source::View(view) = link.source else { continue };
            match plan.keeps {
                Some(Keeps::First) => found.insert((view, link.reversed)),
                Some(Keeps::Second) => found.insert((view, !link.reversed)),
                None => {
                    if last_growing.is_some_and(|last| at < last) {
                        found.insert((view, !link.reversed));
                    }
                    found.insert((view, link.reversed))
                }
            };
        }
    }
    found
}

/// The rows of a view.
fn read<'a>(view: &View<'_>, machine: &Machine<'a>) -> Result<Read<'a>, Stopped> {
    match (&view.columns, &view.pipeline) {
        (Some((first, second)), _) => {
            Ok(Read { batches: machine.store[view.atom.relation].batches(), columns: (Some(*first), *second) })
        }
        (None, Some(pipeline)) => {
            let rows = machine.rows(pipeline, Chunk::start(pipeline.types.len()))?;
            Ok(Read { batches: vec![Cow::Owned(rows)], columns: (Some(0), 1) })
        }
        (None, None) => panic!("a view that does not read columns has a pipeline"),
    }
}

fn base(relation: &Relation, ends: Ends) -> Read<'_> {
    let columns = if ends.from == UNIT { (None, 0) } else { (Some(0), 1) };
    Read { batches: relation.batches(), columns }
}

/// Numbers for the values of each class.
fn domains(
    plan: &ChainPlan<'_>,
    views: &IdVec<ViewId, Read<'_>>,
    bases: &BTreeMap<RelationId, Read<'_>>,
) -> Option<IdVec<ClassId, Arc<Domain>>> {
    let of_views = plan.views.enumerate().map(|(id, view)| (&views[id], view.ends));
    let reads: Vec<(&Read<'_>, Ends)> =
        of_views.chain(plan.ends.iter().map(|(relation, ends)| (&bases[relation], *ends))).collect();
    let domain = |class: ClassId| {
        if class == UNIT {
            return Some(Arc::new(Domain::unit()));
        }
        let mut columns: Vec<&Column> = Vec::new();
        for (read, ends) in &reads {
            let at = [(ends.from, true), (ends.to, false)].into_iter().filter(|(end, _)| *end == class);
            at.for_each(|(_, first)| columns.extend(read.columns(first)));
        }
        Domain::of(&columns).map(Arc::new)
    };
    (0..plan.classes).map(ClassId::from_index).map(domain).collect()
}

/// The values of a class that a filter lets through.
fn mask(filter: &Filter<'_>, domain: &Domain, machine: &Machine<'_>) -> Result<Mask, Stopped> {
    let mut mask = Mask::none(domain.size());
    let mut from = 0;
    while from < domain.size() {
        let to = domain.size().min(from + Chunk::CAPACITY);
        let words: Vec<Word> = (from..to).map(|number| domain.word(number as u32)).collect();
        let mut seeds = Chunk::new(filter.pipeline.types.len());
        seeds.grow(words.len());
        seeds.set(filter.var, words);
        let passed = machine.rows(&filter.pipeline, seeds)?;
        domain.numbers(passed.column(0)).into_iter().for_each(|number| mask.insert(number));
        from = to;
    }
    Ok(mask)
}
