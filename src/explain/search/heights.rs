//! How high a proof of a fact is at least, found from the fact downwards.
//!
//! In: facts that hold. Out: their heights, and those of all facts in their least proofs. A stored fact has height 0, a
//! derived one the least, over all ways to derive it, of one more than its highest premise; what an absence or an
//! aggregate rests on belongs to lower strata and is not counted. A pair of an equivalence is as high as it was put in, or
//! as the highest pair of the lowest path that leads to it.
//!
//! The ways to derive a fact are looked up in the model, then those of their premises, level by level. Whatever a proof
//! of height `n` needs lies within `n` levels, so the search ends with the level at which each goal has a proof no higher
//! than that; heights rise through the ways that are known by then (Knuth 1977 generalises Dijkstra's search to such
//! graphs). Nothing here recurs by facts: a proof may be a million steps high.

use super::barred::{Barred, Paths, Start, Way};
use super::links::{Link, Links};
use super::points::{Asked, Point, PointId, PointTable};
use super::rounds::Rounds;
use super::solve::Solution;
use super::terms::Setting;
use crate::check::{Atom, Literal, RelationId, RuleId, Term};
use crate::data::{Id, IdVec, Value, Word, id};
use crate::explain::ground::{Fact, Ground};
use crate::store::{Relation, Rows};
use std::collections::{BTreeMap, BTreeSet, VecDeque};
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
    table: PointTable,
    points: IdVec<PointId, Met>,
    ways: IdVec<WayId, NumberedWay>,
    /// The premises of all ways, end to end.
    premises: Vec<PointId>,
    /// The pairs that were put into equivalences.
    links: Links<'g, 'a>,
    /// What follows in equivalences from the stored pairs that may be used.
    closures: BTreeMap<RelationId, Relation>,
    searches: u32,
    /// Searches that led to too much, and were made from below.
    rounds: Vec<Rounds>,
    /// Whether one led to too much and could not: from below, facts are not told apart by their ways.
    pub(in crate::explain) is_too_much: bool,
}

/// What is known of a point.
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

/// A way by the numbers of its points.
struct NumberedWay {
    head: PointId,
    premises: Range<u32>,
    /// How much higher than its highest premise the head is.
    step: u32,
}

/// The way for a fact to come to hold that comes first, of those that are no higher than it must be.
pub(in crate::explain) enum Least<'a> {
    Rule {
        rule: RuleId,
        solution: Solution<'a>,
    },
    /// Of a pair of an equivalence: along these.
    Path(Vec<Fact>),
}

impl<'g, 'a> Heights<'g, 'a> {
    pub(in crate::explain) fn new(ground: &'g Ground<'a>, barred: &'g Barred) -> Self {
        Self {
            ground,
            barred,
            most_ways: ground.most_ways,
            table: PointTable::default(),
            points: IdVec::new(),
            ways: IdVec::new(),
            premises: Vec::new(),
            links: Links::new(ground),
            closures: BTreeMap::new(),
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
        let goals: Vec<PointId> = goals.iter().map(|goal| self.meet(Point::holds(goal.clone()))).collect();
        let mut level: Vec<PointId> = Vec::new();
        goals.iter().for_each(|goal| self.enter(*goal, &mut level));
        let mut open = goals;
        for depth in 0.. {
            open.retain(|goal| self.points[*goal].height.is_none_or(|height| height > depth));
            let is_too_much = self.ways.len() >= self.most_ways;
            if open.is_empty() || level.is_empty() || is_too_much || self.ground.go_on().is_break() {
                return;
            }
            let mut below = Vec::new();
            for point in level {
                for way in self.ways(point).map(|way| WayId::from_index(way as usize)) {
                    for at in self.ways[way].premises.clone() {
                        self.enter(self.premises[at as usize], &mut below);
                    }
                }
            }
            level = below;
        }
    }

    /// Adds a point to a level, unless this search met it before, with the points of paths that it is decided by: no rule
    /// lies between.
    fn enter(&mut self, point: PointId, level: &mut Vec<PointId>) {
        let mut open = vec![point];
        while let Some(point) = open.pop() {
            if std::mem::replace(&mut self.points[point].search, self.searches) == self.searches {
                continue;
            }
            level.push(point);
            if self.ways.len() < self.most_ways && self.table.point(point).is_of_paths(self.ground.program) {
                for way in self.ways(point).map(|way| WayId::from_index(way as usize)) {
                    open.extend(self.ways[way].premises.clone().map(|at| self.premises[at as usize]));
                }
            }
        }
    }

    /// The height of a fact that was found.
    pub(in crate::explain) fn of(&self, fact: &Fact) -> Option<u32> {
        let met = self.height(&Point::holds(fact.clone()));
        // Of the pairs on a path it is known how they were put in.
        let put_in = || self.height(&Point::put_in(fact.clone()));
        let met = met.or_else(put_in).or_else(|| self.is_stored(fact).then_some(0));
        met.or_else(|| self.rounds_of(fact).map(|(_, height)| height))
    }

    /// The height of a point that was met.
    fn height(&self, point: &Point) -> Option<u32> {
        self.table.find(point).and_then(|point| self.points[point].height)
    }

    /// The rounds that a fact was found in, and its height.
    fn rounds_of(&self, fact: &Fact) -> Option<(&Rounds, u32)> {
        self.rounds.iter().find_map(|rounds| Some((rounds, rounds.height(fact)?)))
    }

    /// How a fact that was found comes to hold: by the first rule, through the least rows, of those that make it no higher
    /// than it must be; a pair of an equivalence that was put in no lower, by the shortest path. None for a stored fact.
    pub(in crate::explain) fn least(&self, fact: &Fact) -> Option<Least<'a>> {
        let height = self.of(fact)?;
        if self.is_stored(fact) {
            return None;
        }
        let points = [Point::holds(fact.clone()), Point::put_in(fact.clone())];
        let is_met = points.iter().any(|point| self.table.find(point).is_some());
        let rounds = self.rounds_of(fact).filter(|_| !is_met).map(|(rounds, _)| rounds);
        self.derivation(fact, height, rounds).or_else(|| {
            let is_equivalence = self.ground.program.relations[fact.relation].is_equivalence;
            is_equivalence.then(|| self.path(fact, height, rounds)).flatten().map(Least::Path)
        })
    }

    /// The derivation of a fact that comes first.
    fn derivation(&self, fact: &Fact, height: u32, rounds: Option<&Rounds>) -> Option<Least<'a>> {
        let below = rounds.filter(|_| height > 0).map(|rounds| rounds.before(self.ground, height));
        if height == 0 {
            return None;
        }
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
            least.map(|ranked| Least::Rule { rule: *rule, solution: ranked.solution })
        })
    }

    /// The shortest path to a pair of an equivalence along pairs that are no higher than it, and were put in no higher than
    /// they are: if there is one that may be taken, for another pair may be kept out of it.
    fn path(&self, fact: &Fact, height: u32, rounds: Option<&Rounds>) -> Option<Vec<Fact>> {
        let trail = match self.barred.paths(fact) {
            Paths::Only(path) => return Some(path.to_vec()),
            Paths::Nothing => return None,
            Paths::Any => Trail::whole(fact),
            Paths::Along(start) => Trail::behind(fact, start),
        };
        let is_stored = |link: &Link| self.is_stored(&link.pair);
        let low = |pair: &Fact| self.height(&Point::put_in(pair.clone())).filter(|low| *low <= height);
        let along = |may_use: &dyn Fn(&Link) -> bool| {
            let may_use = |from: Word, link: &Link| trail.allows(from, link) && may_use(link);
            let rest = self.links.path(fact.relation, [trail.from, fact.row[1]], &trail.past, &may_use)?;
            Some([trail.start, &rest].concat())
        };
        match (height, rounds) {
            (0, _) => along(&is_stored),
            (_, Some(rounds)) => along(&|link| {
                rounds.height(&link.pair).is_some_and(|at| {
                    at <= height
                        && (self.is_stored(&link.pair) || self.derivation(&link.pair, at, Some(rounds)).is_some())
                })
            }),
            (_, None) => {
                let direct = self.links.direct(fact.relation, trail.from, &low);
                along(&|link| direct.contains(&link.pair))
            }
        }
    }

    /// The height of the highest premise of a solution; nothing if that is not known.
    pub(in crate::explain) fn height_of(&self, setting: Setting<'_, 'a>, solution: &Solution<'a>) -> Option<u32> {
        let premises = setting.premises(&setting.rule.body, solution);
        premises.iter().map(|premise| self.of(premise)).try_fold(0, |highest, height| Some(highest.max(height?)))
    }

    /// Whether there is a way for a fact to come to hold, if what it needs does.
    pub(in crate::explain) fn has_way(&self, fact: &Fact) -> bool {
        let is_equivalence = self.ground.program.relations[fact.relation].is_equivalence;
        self.is_stored(fact)
            || (is_equivalence && !matches!(self.barred.paths(fact), Paths::Nothing))
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

    fn meet(&mut self, point: Point) -> PointId {
        let (id, is_new) = self.table.add(point);
        if is_new {
            let Point { fact, asked } = self.table.point(id).clone();
            let is_lowest = match asked {
                Asked::Holds => self.is_stored(&fact) || self.follows_from_stored(&fact),
                Asked::PutIn => self.is_stored(&fact),
                Asked::Path | Asked::PathFor(_) => false,
            };
            let height = is_lowest.then_some(0);
            self.points.push(Met { height, ways: None, uses: Vec::new(), search: 0 });
        }
        id
    }

    /// Whether a fact is a pair of an equivalence to which stored pairs lead.
    fn follows_from_stored(&mut self, fact: &Fact) -> bool {
        let Self { ground, barred, .. } = *self;
        let described = &ground.program.relations[fact.relation];
        if !described.is_equivalence || !matches!(barred.paths(fact), Paths::Any) {
            return false;
        }
        if !self.closures.contains_key(&fact.relation) {
            let mut stored = ground.stored(fact.relation);
            let mut gone = Rows::new(stored.arity());
            let kept_out = barred.facts.iter().chain(barred.ways.keys()).filter(|it| it.relation == fact.relation);
            kept_out.filter(|pair| !self.is_stored(pair)).for_each(|pair| gone.push(&pair.row));
            stored.remove(gone);
            self.closures.insert(fact.relation, stored.closed());
        }
        self.closures[&fact.relation].contains(&fact.row)
    }

    /// The ways to derive a point, looked up once. A stored fact needs none.
    fn ways(&mut self, id: PointId) -> Range<u32> {
        if self.points[id].height == Some(0) {
            return 0..0;
        }
        let point = self.table.point(id).clone();
        if let Some(ways) = &self.points[id].ways {
            return ways.clone();
        }
        let first = self.ways.len();
        match &point.asked {
            _ if !point.is_of_paths(self.ground.program) => self.derivations(id, &point.fact),
            Asked::Holds | Asked::PutIn => self.ways_of_pair(id, &point.fact),
            Asked::Path => self.last_links(id, &Trail::whole(&point.fact), &point),
            Asked::PathFor(pair) => {
                if let Paths::Along(start) = self.barred.paths(pair) {
                    self.last_links(id, &Trail::behind(pair, start), &point);
                }
            }
        }
        let ways = small(first)..small(self.ways.len());
        self.points[id].ways = Some(ways.clone());
        for way in ways.clone().map(|way| WayId::from_index(way as usize)) {
            for at in self.ways[way].premises.clone() {
                self.points[self.premises[at as usize]].uses.push(way);
            }
            self.rise(way);
        }
        ways
    }

    /// Adds the ways in which rules derive a fact.
    fn derivations(&mut self, head: PointId, fact: &Fact) {
        let barred = self.barred;
        for rule in self.rules(fact) {
            let setting = Setting { ground: self.ground, rule: &self.ground.program.rules[*rule] };
            let _ = setting.derivations(&fact.row, &mut |solution| {
                if !barred.allows(fact, || setting.way(*rule, solution)) {
                    return ControlFlow::Continue(());
                }
                self.way(head, setting.premises(&setting.rule.body, solution).into_iter().map(Point::holds), 1);
                if self.ways.len() < self.most_ways { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
            });
        }
    }

    /// Adds the ways for a pair of an equivalence to hold: it was put in, or a path leads to it.
    fn ways_of_pair(&mut self, head: PointId, pair: &Fact) {
        self.way(head, [Point::put_in(pair.clone())], 0);
        let path = |from: Word, asked| Point::path(pair.relation, [from, pair.row[1]], asked);
        match self.barred.paths(pair) {
            Paths::Nothing => {}
            Paths::Any => self.way(head, [path(pair.row[0], Asked::Path)], 0),
            Paths::Only(only) => self.way(head, only.iter().cloned().map(Point::put_in), 0),
            Paths::Along(start) => {
                let trail = Trail::behind(pair, start);
                let rest = path(trail.from, Asked::PathFor(Box::new(pair.clone())));
                let begin = trail.start.iter().cloned().map(Point::put_in);
                self.way(head, begin.chain([rest]), 0);
            }
        }
    }

    /// Adds the ways for a path to lead to a value: by a pair at it, and a path to the other value of that.
    fn last_links(&mut self, head: PointId, trail: &Trail<'_>, point: &Point) {
        let (relation, to) = (point.fact.relation, point.fact.row[1]);
        for link in self.links.at(relation, to).iter() {
            let before = link.to;
            let back = Link { pair: link.pair.clone(), to };
            if trail.past.contains(&before) || !trail.allows(before, &back) {
                continue;
            }
            let last = Point::put_in(link.pair.clone());
            if before == trail.from || to == trail.from {
                self.way(head, [last], 0);
            } else if before != to {
                let path = Point::path(relation, [trail.from, before], point.asked.clone());
                self.way(head, [path, last], 0);
            }
            if self.ways.len() >= self.most_ways {
                return;
            }
        }
    }

    fn way(&mut self, head: PointId, premises: impl IntoIterator<Item = Point>, step: u32) {
        let start = small(self.premises.len());
        for premise in premises {
            let premise = self.meet(premise);
            if !self.premises[start as usize..].contains(&premise) {
                self.premises.push(premise);
            }
        }
        self.ways.push(NumberedWay { head, premises: start..small(self.premises.len()), step });
    }

    /// Lowers the head of a way to what its premises allow, and so on upwards.
    fn rise(&mut self, way: WayId) {
        let mut open = VecDeque::from([way]);
        while let Some(way) = open.pop_front() {
            let NumberedWay { head, premises, step } = &self.ways[way];
            let premises = &self.premises[premises.start as usize..premises.end as usize];
            let heights = premises.iter().map(|premise| self.points[*premise].height);
            let highest = heights.into_iter().try_fold(0, |highest, height| Some(highest.max(height?)));
            let Some(height) = highest.map(|highest: u32| highest + step) else { continue };
            let head = &mut self.points[*head];
            if head.height.is_none_or(|known| height < known) {
                head.height = Some(height);
                open.extend(head.uses.iter().copied());
            }
        }
    }
}

/// The paths that may lead to a pair of an equivalence.
struct Trail<'b> {
    /// What they begin with, and no value that it passes is passed again.
    start: &'b [Fact],
    past: Vec<Word>,
    /// Where they go on.
    from: Word,
    /// How they do not, and which pair they lead to: it is no part of them.
    but: Option<(&'b BTreeSet<Fact>, &'b Fact)>,
}

impl<'b> Trail<'b> {
    /// All of them.
    fn whole(pair: &Fact) -> Self {
        Self { start: &[], past: Vec::new(), from: pair.row[0], but: None }
    }

    fn behind(pair: &'b Fact, Start { pairs, but }: &'b Start) -> Self {
        let (mut past, mut from) = (Vec::new(), pair.row[0]);
        for link in pairs {
            past.push(from);
            from = if link.row[0] == from { link.row[1] } else { link.row[0] };
        }
        Self { start: pairs, past, from, but: Some((but, pair)) }
    }

    /// Whether a pair may be the next after a value.
    fn allows(&self, from: Word, link: &Link) -> bool {
        self.but.is_none_or(|(but, pair)| link.pair != *pair && (from != self.from || !but.contains(&link.pair)))
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
        let word = |term: &Term| self.word(term, &solution.binding).expect("a matched term has a value");
        let fact = |atom: &Atom| Fact { relation: atom.relation, row: atom.args.iter().map(word).collect() };
        atoms.map(|atom| self.ground.known_as(fact(atom))).collect()
    }
}

fn small(number: usize) -> u32 {
    u32::try_from(number).expect("a search gives up long before it has 2^32 ways")
}
