//! The pairs that were put into an equivalence, and the ways along them.
//!
//! In: a model. Out: the pairs at a value, stored or derived by a rule; the shortest path from one value to another; which
//! of some pairs are not led around by lower ones.

use super::terms::Setting;
use crate::check::RelationId;
use crate::data::Part;
use crate::data::{Value, Word};
use crate::explain::ground::{Fact, Ground};
use crate::store::{Classes, Rows};
use rustc_hash::FxHashMap;
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::ops::ControlFlow;
use std::rc::Rc;

/// A pair that was put in, seen from one of its values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::explain) struct Link {
    /// The pair, as it was put in.
    pub(in crate::explain) pair: Fact,
    /// The value on its other side.
    pub(in crate::explain) to: Word,
}

/// A value of an equivalence.
type End = (RelationId, Word);

/// The pairs of equivalences, value by value, each looked up once.
pub(in crate::explain) struct Links<'g, 'a> {
    ground: &'g Ground<'a>,
    known: RefCell<FxHashMap<End, Rc<Vec<Link>>>>,
}

impl<'g, 'a> Links<'g, 'a> {
    pub(in crate::explain) fn new(ground: &'g Ground<'a>) -> Self {
        Self { ground, known: RefCell::default() }
    }

    /// The pairs at a value, in order of the values on their other sides.
    pub(in crate::explain) fn at(&self, relation: RelationId, from: Word) -> Rc<Vec<Link>> {
        if let Some(known) = self.known.borrow().get(&(relation, from)) {
            return Rc::clone(known);
        }
        let mut pairs: BTreeSet<Vec<Word>> = BTreeSet::new();
        for pattern in [[Some(from), None], [None, Some(from)]] {
            pairs.extend(self.ground.stored_like(relation, &pattern));
            for rule in &self.ground.program.relations[relation].rules {
                let setting = Setting { ground: self.ground, rule: &self.ground.program.rules[*rule] };
                let _ = setting.derived(&pattern, &mut |row| {
                    pairs.insert(row);
                    ControlFlow::Continue(())
                });
            }
        }
        let link = |row: Vec<Word>| {
            let to = if row[0] == from { row[1] } else { row[0] };
            Link { pair: Fact { relation, row }, to }
        };
        let mut links: Vec<Link> = pairs.into_iter().map(link).collect();
        let is_back = |link: &Link| link.pair.row[0] != from;
        links.sort_by_cached_key(|link| (self.value(relation, link.to), is_back(link)));
        let links = Rc::new(links);
        self.known.borrow_mut().insert((relation, from), Rc::clone(&links));
        links
    }

    fn value(&self, relation: RelationId, word: Word) -> Value {
        let ty = self.ground.program.relations[relation].columns[0].ty;
        word.decode(ty, &self.ground.symbols.read())
    }

    /// The shortest path of pairs that may be used from one value to another, past no value of these; of several, the one
    /// through the least values. Of a value with itself, the least pair at it.
    pub(in crate::explain) fn path(
        &self,
        relation: RelationId,
        [from, to]: [Word; 2],
        past: &[Word],
        may_use: &dyn Fn(Word, &Link) -> bool,
    ) -> Option<Vec<Fact>> {
        if from == to {
            let links = self.at(relation, from);
            return links.iter().find(|link| may_use(from, link)).map(|link| vec![link.pair.clone()]);
        }
        let mut came_by: FxHashMap<Word, (Word, Fact)> = FxHashMap::default();
        let mut open = VecDeque::from([from]);
        while let Some(here) = open.pop_front().filter(|_| self.ground.go_on().is_continue()) {
            for link in self.at(relation, here).iter() {
                let is_met = link.to == from || past.contains(&link.to) || came_by.contains_key(&link.to);
                if !is_met && may_use(here, link) {
                    came_by.insert(link.to, (here, link.pair.clone()));
                    open.push_back(link.to);
                }
            }
            if came_by.contains_key(&to) {
                break;
            }
        }
        let (mut path, mut here) = (Vec::new(), to);
        while here != from {
            let (before, pair) = came_by.get(&here)?;
            path.push(pair.clone());
            here = *before;
        }
        path.reverse();
        Some(path)
    }

    /// Of the pairs at a value and all that they lead to, as far as they have a height: those between two values that no
    /// lower pairs lead between.
    pub(in crate::explain) fn direct(
        &self,
        relation: RelationId,
        from: Word,
        height: &dyn Fn(&Fact) -> Option<u32>,
    ) -> BTreeSet<Fact> {
        let mut levels: BTreeMap<u32, BTreeSet<Fact>> = BTreeMap::new();
        let (mut met, mut open) = (BTreeSet::from([from]), vec![from]);
        while let Some(here) = open.pop().filter(|_| self.ground.go_on().is_continue()) {
            for link in self.at(relation, here).iter() {
                if let Some(height) = height(&link.pair) {
                    levels.entry(height).or_default().insert(link.pair.clone());
                    open.extend(met.insert(link.to).then_some(link.to));
                }
            }
        }
        let (mut direct, mut below) = (BTreeSet::new(), Classes::default());
        for pairs in levels.into_values() {
            let mut level = Rows::new(2);
            pairs.iter().for_each(|pair| level.push(&pair.row));
            direct.extend(pairs.into_iter().filter(|pair| !below.relate(pair.row[0], pair.row[1], Part::All)));
            below.extend(&[level]);
        }
        direct
    }
}
