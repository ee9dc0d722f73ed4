//! How high a proof of a fact is at least, found from the fact downwards.
//!
//! In: facts that hold. Out: their heights, and those of all facts in their least proofs. A stored fact has height 0, a
//! derived one the least, over all ways to derive it, of one more than its highest premise; what an absence or an
//! aggregate rests on belongs to lower strata and is not counted.
//!
//! The ways to derive a fact are looked up in the model, then those of their premises, level by level. Whatever a proof
//! of height `n` needs lies within `n` levels, so the search ends with the level at which each goal has a proof no higher
//! than that; heights rise through the ways that are known by then (Knuth 1977 generalises Dijkstra's search to such
//! graphs). Nothing here recurs by facts: a proof may be a million steps high.

use super::barred::{Barred, Way};
use super::rounds::Rounds;
use super::solve::Solution;
use super::terms::Setting;
use crate::check::{Literal, RuleId};
use crate::data::{Id, IdVec, Value, id};
use crate::explain::ground::{Fact, FactId, FactTable, Ground};
use std::collections::VecDeque;
use std::ops::ControlFlow;
use std::ops::Range;

id! {
    /// One way to derive a fact.
    WayId
}

/// The heights of the facts that were met.
pub(in crate::explain) struct Heights<'g, 'a> {
    ground: &'g Ground<'a>,
    barred: &'g Barred,
    /// Ways that a search may look at; then it is made from below.
    most_ways: usize,
    table: FactTable,
    facts: IdVec<FactId, Met>,
    ways: IdVec<WayId, NumberedWay>,
    /// The premises of all ways, end to end.
    premises: Vec<FactId>,
    searches: u32,
    /// Searches that led to too much, and were made from below.
    rounds: Vec<Rounds>,
    /// Whether one led to too much and could not: from below, facts are not told apart by their ways.
    pub(in crate::explain) is_too_much: bool,
}

/// What is known of a fact.
struct Met {
    /// The height of the lowest proof found so far.
    height: Option<u32>,
    /// The ways to derive it, once they were looked up.
    ways: Option<Range<u32>>,
    /// The ways in which it is a premise.
    uses: Vec<WayId>,
    /// The last search that met it.
    search: u32,
}

/// A way by the numbers of its facts.
struct NumberedWay {
    head: FactId,
    premises: Range<u32>,
}

/// The derivation of a fact that comes first.
pub(in crate::explain) struct Least<'a> {
    pub(in crate::explain) rule: RuleId,
    pub(in crate::explain) solution: Solution<'a>,
}

impl<'g, 'a> Heights<'g, 'a> {
    pub(in crate::explain) fn new(ground: &'g Ground<'a>, barred: &'g Barred) -> Self {
        Self {
            ground,
            barred,
            most_ways: ground.most_ways,
            table: FactTable::default(),
            facts: IdVec::new(),
            ways: IdVec::new(),
            premises: Vec::new(),
            searches: 0,
            rounds: Vec::new(),
            is_too_much: false,
        }
    }

    /// Finds the heights of these facts, which hold, and of what their least proofs are made of.
    pub(in crate::explain) fn find(&mut self, goals: &[Fact]) {
        self.search(goals);
        if self.ways.len() < self.most_ways {
            return;
        }
        self.is_too_much = !self.barred.ways.is_empty();
        if !self.is_too_much {
            *self = Self { rounds: std::mem::take(&mut self.rounds), ..Self::new(self.ground, self.barred) };
            match Rounds::run(self.ground, &self.barred.facts, goals) {
                Ok(rounds) => self.rounds.push(rounds),
                Err(stopped) => self.ground.stop(stopped),
            }
        }
    }

    fn search(&mut self, goals: &[Fact]) {
        self.searches += 1;
        let goals: Vec<FactId> = goals.iter().map(|goal| self.meet(goal.clone())).collect();
        let mut level: Vec<FactId> = Vec::new();
        let is_new = |met: &mut Met, search| std::mem::replace(&mut met.search, search) != search;
        level.extend(goals.iter().copied().filter(|goal| is_new(&mut self.facts[*goal], self.searches)));
        let mut open = goals;
        for depth in 0.. {
            open.retain(|goal| self.facts[*goal].height.is_none_or(|height| height > depth));
            let is_too_much = self.ways.len() >= self.most_ways;
            if open.is_empty() || level.is_empty() || is_too_much || self.ground.go_on().is_break() {
                return;
            }
            let mut below = Vec::new();
            for fact in level {
                let ways = self.ways(fact);
                for way in ways.map(|way| WayId::from_index(way as usize)) {
                    for at in self.ways[way].premises.clone() {
                        let premise = self.premises[at as usize];
                        if is_new(&mut self.facts[premise], self.searches) {
                            below.push(premise);
                        }
                    }
                }
            }
            level = below;
        }
    }

    /// The height of a fact that was found.
    pub(in crate::explain) fn of(&self, fact: &Fact) -> Option<u32> {
        let met = self.table.find(fact).and_then(|fact| self.facts[fact].height);
        met.or_else(|| self.is_stored(fact).then_some(0)).or_else(|| self.rounds_of(fact).map(|(_, height)| height))
    }

    /// The rounds that a fact was found in, and its height.
    fn rounds_of(&self, fact: &Fact) -> Option<(&Rounds, u32)> {
        self.rounds.iter().find_map(|rounds| Some((rounds, rounds.height(fact)?)))
    }

    /// The derivation of a fact that was found: the first rule, then the least rows, of those that make it no higher
    /// than it must be. None for a stored fact.
    pub(in crate::explain) fn least(&self, fact: &Fact) -> Option<Least<'a>> {
        let height = self.of(fact).filter(|height| *height > 0)?;
        let below = match self.table.find(fact) {
            Some(_) => None,
            None => self.rounds_of(fact).map(|(rounds, height)| rounds.before(self.ground, height)),
        };
        self.rules(fact).find_map(|rule| {
            let setting = Setting { ground: self.ground, rule: &self.ground.program.rules[*rule] };
            let mut least: Option<Ranked<'a>> = None;
            let positive = below.as_ref().unwrap_or(self.ground);
            let _ = setting.derivations_from(positive, &fact.row, &mut |solution| {
                let is_low =
                    || below.is_some() || self.height_of(setting, solution).is_some_and(|below| below < height);
                if self.barred.allows(fact, || setting.way(*rule, solution)) && is_low() {
                    keep_least(setting, &setting.rule.body, solution, &mut least);
                }
                ControlFlow::Continue(())
            });
            least.map(|ranked| Least { rule: *rule, solution: ranked.solution })
        })
    }

    /// The height of the highest premise of a solution; nothing if that is not known.
    pub(in crate::explain) fn height_of(&self, setting: Setting<'_, 'a>, solution: &Solution<'a>) -> Option<u32> {
        let premises = setting.premises(&setting.rule.body, solution);
        premises.iter().map(|premise| self.of(premise)).try_fold(0, |highest, height| Some(highest.max(height?)))
    }

    /// Whether there is a way for a fact to come to hold, if what it needs does.
    pub(in crate::explain) fn has_way(&self, fact: &Fact) -> bool {
        self.is_stored(fact)
            || self.rules(fact).any(|rule| {
                let setting = Setting { ground: self.ground, rule: &self.ground.program.rules[*rule] };
                let mut is_found = false;
                let _ = setting.derivations(&fact.row, &mut |solution| {
                    is_found = self.barred.allows(fact, || setting.way(*rule, solution));
                    if is_found { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
                });
                is_found
            })
    }

    /// The rules that may be used to derive a fact, in the order of the text.
    fn rules<'f>(&self, fact: &'f Fact) -> impl Iterator<Item = &'a RuleId> + use<'f, 'g, 'a> {
        let barred = self.barred;
        self.ground.program.relations[fact.relation].rules.iter().filter(|rule| barred.allows_rule(fact, **rule))
    }

    /// Whether a fact is proved by being stored.
    pub(in crate::explain) fn is_stored(&self, fact: &Fact) -> bool {
        let Self { ground, barred, .. } = self;
        ground.is_stored(fact) && !barred.facts.contains(fact) && barred.allows(fact, || Way::Stored)
    }

    fn meet(&mut self, fact: Fact) -> FactId {
        let height = self.is_stored(&fact).then_some(0);
        let (id, is_new) = self.table.add(fact);
        if is_new {
            self.facts.push(Met { height, ways: None, uses: Vec::new(), search: 0 });
        }
        id
    }

    /// The ways to derive a fact, looked up once. A stored fact needs none.
    fn ways(&mut self, fact: FactId) -> Range<u32> {
        if self.facts[fact].height == Some(0) {
            return 0..0;
        }
        if let Some(ways) = &self.facts[fact].ways {
            return ways.clone();
        }
        let first = self.ways.len();
        let (barred, derived) = (self.barred, self.table.fact(fact).clone());
        for rule in self.rules(&derived) {
            let setting = Setting { ground: self.ground, rule: &self.ground.program.rules[*rule] };
            let _ = setting.derivations(&derived.row, &mut |solution| {
                if !barred.allows(&derived, || setting.way(*rule, solution)) {
                    return ControlFlow::Continue(());
                }
                let start = small(self.premises.len());
                for premise in setting.premises(&setting.rule.body, solution) {
                    let premise = self.meet(premise);
                    if !self.premises[start as usize..].contains(&premise) {
                        self.premises.push(premise);
                    }
                }
                self.ways.push(NumberedWay { head: fact, premises: start..small(self.premises.len()) });
                if self.ways.len() < self.most_ways { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
            });
        }
        let ways = small(first)..small(self.ways.len());
        self.facts[fact].ways = Some(ways.clone());
        for way in ways.clone().map(|way| WayId::from_index(way as usize)) {
            for at in self.ways[way].premises.clone() {
                self.facts[self.premises[at as usize]].uses.push(way);
            }
            self.rise(way);
        }
        ways
    }

    /// Lowers the head of a way to what its premises allow, and so on upwards.
    fn rise(&mut self, way: WayId) {
        let mut open = VecDeque::from([way]);
        while let Some(way) = open.pop_front() {
            let NumberedWay { head, premises } = &self.ways[way];
            let premises = &self.premises[premises.start as usize..premises.end as usize];
            let heights = premises.iter().map(|premise| self.facts[*premise].height);
            let highest = heights.into_iter().try_fold(0, |highest, height| Some(highest.max(height?)));
            let Some(height) = highest.map(|highest: u32| highest + 1) else { continue };
            let head = &mut self.facts[*head];
            if head.height.is_none_or(|known| height < known) {
                head.height = Some(height);
                open.extend(head.uses.iter().copied());
            }
        }
    }
}

/// A solution and what it is ranked by.
pub(in crate::explain) struct Ranked<'a> {
    pub(in crate::explain) solution: Solution<'a>,
    rank: Rank,
}

/// Branches in the order of the text, then rows by value.
type Rank = (Vec<usize>, Vec<Vec<Value>>);

/// Keeps the solution of a body that comes first.
pub(in crate::explain) fn keep_least<'a>(
    setting: Setting<'_, 'a>,
    body: &'a [Literal],
    solution: &Solution<'a>,
    least: &mut Option<Ranked<'a>>,
) {
    let rows = setting.premises(body, solution).iter().map(|premise| setting.ground.values(premise)).collect();
    let rank = (solution.branches(body), rows);
    if least.as_ref().is_none_or(|known| rank < known.rank) {
        *least = Some(Ranked { solution: solution.clone(), rank });
    }
}

impl<'a> Setting<'_, 'a> {
    /// A solution of the rule's body as a way to derive what it derives.
    pub(in crate::explain) fn way(&self, rule: RuleId, solution: &Solution<'a>) -> Way {
        let body = &self.rule.body;
        Way::Rule { rule, branches: solution.branches(body), premises: self.premises(body, solution) }
    }

    /// The facts that the atoms of a solved body match, in the order of the text.
    pub(in crate::explain) fn premises(&self, body: &'a [Literal], solution: &Solution<'a>) -> Vec<Fact> {
        let literals = solution.reached(body).into_iter();
        let atoms = literals.filter_map(|literal| match literal {
            Literal::Atom(atom) => Some(atom),
            Literal::Absent(_) | Literal::Compare(_) | Literal::Test(_) | Literal::Aggregate(_) | Literal::Or(_) => {
                None
            }
        });
        let word = |term| self.word(term, &solution.binding).expect("a matched term has a value");
        atoms.map(|atom| Fact { relation: atom.relation, row: atom.args.iter().map(word).collect() }).collect()
    }
}

fn small(number: usize) -> u32 {
    u32::try_from(number).expect("a search gives up long before it has 2^32 ways")
}
