//! Strata whose recursive rules are chains: `h(X, Y) :- a(X, Z), h(Z, W), b(Y, W).`
//!
//! In: the rules of a stratum. Out: for each recursive rule the path that its atoms form between the variables of its
//! head, with what else must hold of each variable on the way; or nothing, if some recursive rule is no chain. Promise:
//! the path and its filters mean what the body means.
//!
//! A chain composes binary relations, so that it can be evaluated row by row with whole sets of values instead of
//! value by value: `eval` does so. Atoms of lower strata that are read for two of their variables are *views*; what
//! hangs on one variable alone is a *filter*. A relation of one column is read as a link from the *unit*, a node of one
//! value.

use super::lower::{Lowering, Scope};
use super::variables::{self, Variables};
use super::{Choices, Goal, Pipeline, Rewritten, Stats};
use crate::check::{Atom, CompareOp, Literal, RelationId, Rule, RuleId, Term, VarId, relations_of};
use crate::data::{Id, IdVec, Symbols, Type, id};
use std::collections::{BTreeMap, BTreeSet};

id! {
    /// A view of a chain plan.
    ViewId
}
id! {
    /// Columns and variables of a chain plan that range over the same values.
    ClassId
}

/// How the recursive rules of a stratum are evaluated, if all of them are chains.
#[derive(Debug)]
pub struct ChainPlan<'p> {
    /// The chains. A rule that is a disjunction is several.
    pub chains: Vec<Chain<'p>>,
    /// What they read of lower strata.
    pub views: IdVec<ViewId, View<'p>>,
    /// The classes of the two ends of each relation of the stratum.
    pub ends: BTreeMap<RelationId, Ends>,
    /// How many classes there are.
    pub classes: usize,
    /// The column that every chain hands on unchanged, if there is one.
    pub keeps: Option<Keeps>,
}

/// The class of the unit: one value.
pub const UNIT: ClassId = ClassId::FIRST;

impl ClassId {
    const FIRST: ClassId = ClassId(0);
}

/// The classes of the two ends of a link.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ends {
    /// Where it begins; [`UNIT`] for a relation of one column.
    pub from: ClassId,
    /// Where it ends.
    pub to: ClassId,
}

/// A column that every chain hands on from the one relation of the stratum that it reads, so that the rows of each of
/// its values can be found by themselves. (Wolfson and Silberschatz 1988 call such programs decomposable.)
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keeps {
    /// The first column: the first link is recursive, and no other.
    First,
    /// The second column: the last link is recursive, and no other.
    Second,
}

/// A recursive rule as a path from the first variable of its head, or the unit, to the last.
#[derive(Debug)]
pub struct Chain<'p> {
    /// The rule.
    pub rule: RuleId,
    /// What it derives.
    pub head: RelationId,
    /// The links of the path.
    pub links: Vec<Link>,
    /// What else must hold of the nodes, of which there is one more than links.
    pub nodes: Vec<Node<'p>>,
    /// Whether the two ends must differ.
    pub distinct: bool,
}

/// A relation on the path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Link {
    /// What it reads.
    pub source: Source,
    /// Whether it is walked from its second column to its first.
    pub reversed: bool,
}

/// What a link reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// A relation of the stratum.
    Growing(RelationId),
    /// A view.
    View(ViewId),
}

/// A variable on the path.
#[derive(Debug)]
pub struct Node<'p> {
    /// The variable; none at the unit.
    pub var: Option<VarId>,
    /// What it ranges over.
    pub class: ClassId,
    /// The values that it may have: a pipeline from values bound to its first output to those that pass.
    pub filter: Option<Filter<'p>>,
}

/// Steps that let some values of a variable through.
#[derive(Debug)]
pub struct Filter<'p> {
    /// The variable.
    pub var: VarId,
    /// The steps. Their output is the variable.
    pub pipeline: Pipeline<'p>,
}

/// An atom of a lower stratum, read for two variables.
#[derive(Debug)]
pub struct View<'p> {
    /// The rule that reads it first.
    pub rule: RuleId,
    /// The atom.
    pub atom: &'p Atom,
    /// Its relation's columns that are read, if nothing else is asked of it.
    pub columns: Option<(usize, usize)>,
    /// The steps that find the pairs, if something is.
    pub pipeline: Option<Pipeline<'p>>,
    /// What the two variables range over.
    pub ends: Ends,
}

/// The chains of a stratum; none if some recursive rule is no chain, if no rule is recursive, or if there is an equivalence
/// in them, which is quicker to look up than to lay out.
pub(super) fn chains<'p>(
    growing: &[RelationId],
    rules: &'p [Rewritten],
    stats: &Stats,
    symbols: &Symbols,
    choices: Choices,
) -> Option<ChainPlan<'p>> {
    let mut met: BTreeSet<RelationId> = growing.iter().copied().collect();
    rules.iter().for_each(|rewritten| relations_of(&rewritten.rule.body, &mut met));
    if met.into_iter().any(|relation| stats.is_equivalence(relation)) {
        return None;
    }
    let mut draft = Draft { growing, stats, symbols, choices, views: IdVec::new(), classes: Classes::default() };
    let mut chains = Vec::new();
    for rewritten in rules {
        for body in super::bodies(&rewritten.rule) {
            if reads_any(body, growing) {
                chains.push(draft.chain(rewritten, body)?);
            }
        }
    }
    if chains.is_empty() {
        return None;
    }
    Some(draft.finish(chains, rules))
}

/// Whether a body reads a relation that grows.
pub(super) fn reads_any(body: &[Literal], growing: &[RelationId]) -> bool {
    let mut read = BTreeSet::new();
    relations_of(body, &mut read);
    growing.iter().any(|relation| read.contains(relation))
}

struct Draft<'a, 'p> {
    growing: &'a [RelationId],
    stats: &'a Stats,
    symbols: &'a Symbols,
    choices: Choices,
    views: IdVec<ViewId, View<'p>>,
    classes: Classes,
}

/// An atom between two nodes.
struct Edge<'p> {
    atom: &'p Atom,
    from: Place,
    to: Place,
}

/// A node of the graph that a body is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Place {
    Unit,
    Var(VarId),
}

impl<'p> Draft<'_, 'p> {
    /// A body as a chain.
    fn chain(&mut self, rewritten: &'p Rewritten, body: &'p [Literal]) -> Option<Chain<'p>> {
        let rule = &rewritten.rule;
        let (start, end) = match &rule.args[..] {
            [Term::Variable(end)] => (Place::Unit, Place::Var(*end)),
            [Term::Variable(start), Term::Variable(end)] if start != end => (Place::Var(*start), Place::Var(*end)),
            _ => return None,
        };
        let shared = shared(rule, body);
        let edges: Vec<Edge<'p>> = body.iter().filter_map(|literal| self.edge(literal, &shared)).collect();
        let path = path(&edges, start, end)?;
        let is_on_path = |literal: &Literal| match literal {
            Literal::Atom(atom) => path.iter().any(|(edge, _)| std::ptr::eq(edges[*edge].atom, atom)),
            _ => false,
        };
        let others: Vec<&'p Literal> = body.iter().filter(|literal| !is_on_path(literal)).collect();
        if others.iter().any(|literal| reads_any(std::slice::from_ref(literal), self.growing)) {
            return None;
        }
        let mut places = vec![start];
        for (edge, reversed) in &path {
            places.push(if *reversed { edges[*edge].from } else { edges[*edge].to });
        }
        let (hanging, distinct) = hanging(others, &places, &shared)?;
        let mut chain = Chain { rule: rewritten.id, head: rule.head, links: Vec::new(), nodes: Vec::new(), distinct };
        for (place, literals) in places.iter().zip(hanging) {
            chain.nodes.push(self.node(rule, *place, literals)?);
        }
        for (at, (edge, reversed)) in path.into_iter().enumerate() {
            let (mut from, mut to) = (chain.nodes[at].class, chain.nodes[at + 1].class);
            if reversed {
                (from, to) = (to, from);
            }
            let source = self.source(rewritten, &edges[edge], Ends { from, to });
            chain.links.push(Link { source, reversed });
        }
        let head = self.classes.of_relation(rule.head, rule.args.len());
        self.classes.join(head.from, chain.nodes[0].class);
        self.classes.join(head.to, chain.nodes.last()?.class);
        Some(chain)
    }

    /// The atom as an edge, if it joins two nodes and asks nothing else where it grows.
    fn edge(&self, literal: &'p Literal, shared: &Variables) -> Option<Edge<'p>> {
        let Literal::Atom(atom) = literal else { return None };
        let grows = self.growing.contains(&atom.relation);
        let vars: Vec<Option<VarId>> = atom.args.iter().map(|arg| shared_variable(arg, shared)).collect();
        match (&vars[..], grows) {
            ([Some(only)], true) => Some(Edge { atom, from: Place::Unit, to: Place::Var(*only) }),
            ([Some(from), Some(to)], true) if from != to => {
                Some(Edge { atom, from: Place::Var(*from), to: Place::Var(*to) })
            }
            (_, true) => None,
            (vars, false) => {
                let mut distinct: Vec<VarId> = Vec::new();
                vars.iter().flatten().for_each(|var| {
                    if !distinct.contains(var) {
                        distinct.push(*var);
                    }
                });
                let [from, to] = distinct[..] else { return None };
                Some(Edge { atom, from: Place::Var(from), to: Place::Var(to) })
            }
        }
    }

    fn node(&mut self, rule: &'p Rule, place: Place, literals: Vec<&'p Literal>) -> Option<Node<'p>> {
        let Place::Var(var) = place else {
            return literals.is_empty().then_some(Node { var: None, class: UNIT, filter: None });
        };
        let class = self.classes.fresh();
        if literals.is_empty() {
            return Some(Node { var: Some(var), class, filter: None });
        }
        // A fault counts only for values that the chain meets, and a filter is asked of all.
        if literals.iter().any(|literal| may_fault(literal)) {
            return None;
        }
        let bound = Variables::from([var]);
        let lowering = Lowering::new(types(rule), self.stats, self.symbols, self.choices);
        let pipeline = lowering.pipeline(Goal::each(&literals), &bound, &[Term::Variable(var)], &Scope::default());
        Some(Node { var: Some(var), class, filter: Some(Filter { var, pipeline }) })
    }

    fn source(&mut self, rewritten: &'p Rewritten, edge: &Edge<'p>, ends: Ends) -> Source {
        let atom = edge.atom;
        if self.growing.contains(&atom.relation) {
            let own = self.classes.of_relation(atom.relation, atom.args.len());
            self.classes.join(own.from, ends.from);
            self.classes.join(own.to, ends.to);
            return Source::Growing(atom.relation);
        }
        let column = |place: Place| {
            atom.args.iter().position(|arg| matches!(arg, Term::Variable(var) if Place::Var(*var) == place))
        };
        let read = column(edge.from).zip(column(edge.to));
        let plain = atom.args.iter().enumerate().all(|(at, arg)| match arg {
            Term::Variable(var) => {
                let first = atom.args.iter().position(|other| matches!(other, Term::Variable(same) if same == var));
                first == Some(at)
            }
            Term::Wildcard | Term::Constant(_) | Term::Call { .. } => false,
        });
        if let Some(known) = read.filter(|_| plain).and_then(|columns| self.same_view(atom, columns)) {
            let known_ends = self.views[known].ends;
            self.classes.join(known_ends.from, ends.from);
            self.classes.join(known_ends.to, ends.to);
            return Source::View(known);
        }
        let literal = rewritten.rule.body.iter().flat_map(each_literal).find(|literal| is_atom(literal, atom));
        let pipeline = literal.filter(|_| !plain).map(|literal| {
            let lowering = Lowering::new(types(&rewritten.rule), self.stats, self.symbols, self.choices);
            let output = [edge.from, edge.to].map(|place| match place {
                Place::Var(var) => Term::Variable(var),
                Place::Unit => panic!("only a growing relation begins at the unit"),
            });
            lowering.pipeline(Goal::each(&[literal]), &Variables::new(), &output, &Scope::default())
        });
        let columns = read.filter(|_| plain);
        Source::View(self.views.push(View { rule: rewritten.id, atom, columns, pipeline, ends }))
    }

    /// The view that reads the same columns of the same relation.
    fn same_view(&self, atom: &Atom, columns: (usize, usize)) -> Option<ViewId> {
        let same = |view: &View| view.atom.relation == atom.relation && view.columns == Some(columns);
        self.views.enumerate().find(|(_, view)| same(view)).map(|(id, _)| id)
    }

    fn finish(mut self, mut chains: Vec<Chain<'p>>, rules: &[Rewritten]) -> ChainPlan<'p> {
        let arity = |relation: RelationId| {
            let derives = |rewritten: &&Rewritten| rewritten.rule.head == relation;
            rules.iter().find(derives).map_or(0, |rewritten| rewritten.rule.args.len())
        };
        let ends: Vec<(RelationId, Ends)> = self
            .growing
            .iter()
            .map(|relation| (*relation, self.classes.of_relation(*relation, arity(*relation))))
            .collect();
        let (dense, classes) = self.classes.dense();
        let renamed = |ends: Ends| Ends { from: dense[ends.from.index()], to: dense[ends.to.index()] };
        chains.iter_mut().flat_map(|chain| &mut chain.nodes).for_each(|node| node.class = dense[node.class.index()]);
        self.views.iter_mut().for_each(|view| view.ends = renamed(view.ends));
        let keeps =
            [Keeps::First, Keeps::Second].into_iter().find(|keeps| chains.iter().all(|chain| chain.keeps(*keeps)));
        let ends = ends.into_iter().map(|(relation, ends)| (relation, renamed(ends))).collect();
        ChainPlan { chains, views: self.views, ends, classes, keeps }
    }
}

impl<'p> ChainPlan<'p> {
    /// The pipelines of the views and the filters.
    pub fn pipelines(&self) -> impl Iterator<Item = &Pipeline<'p>> {
        let of_views = self.views.iter().filter_map(|view| view.pipeline.as_ref());
        let filters = self.chains.iter().flat_map(|chain| &chain.nodes).filter_map(|node| node.filter.as_ref());
        of_views.chain(filters.map(|filter| &filter.pipeline))
    }
}

impl Chain<'_> {
    /// Whether the rows of each value of a column follow from rows with the same value.
    fn keeps(&self, keeps: Keeps) -> bool {
        let [first, .., last] = &self.links[..] else {
            return matches!(&self.links[..], [only] if !only.reversed);
        };
        let (kept, others) = match keeps {
            Keeps::First => (first, &self.links[1..]),
            Keeps::Second => (last, &self.links[..self.links.len() - 1]),
        };
        let is_view = |link: &Link| matches!(link.source, Source::View(_));
        !is_view(kept) && !kept.reversed && others.iter().all(is_view)
    }
}

/// Variables that stand in the head or in more than one literal.
fn shared(rule: &Rule, body: &[Literal]) -> Variables {
    let mut met: BTreeMap<VarId, usize> = BTreeMap::new();
    let mut count = |vars: Variables| vars.into_iter().for_each(|var| *met.entry(var).or_default() += 1);
    for literal in body {
        let mut vars = Variables::new();
        variables::of_literal(literal, &mut vars);
        count(vars);
    }
    let mut head = Variables::new();
    rule.args.iter().for_each(|arg| variables::of_term(arg, &mut head));
    let several = met.into_iter().filter(|(_, times)| *times > 1).map(|(var, _)| var);
    several.chain(head).collect()
}

fn shared_variable(arg: &Term, shared: &Variables) -> Option<VarId> {
    match arg {
        Term::Variable(var) if shared.contains(var) => Some(*var),
        Term::Variable(_) | Term::Wildcard | Term::Constant(_) | Term::Call { .. } => None,
    }
}

/// The edges from one node to another, each with whether it is walked backwards; none if there is no way.
fn path(edges: &[Edge<'_>], start: Place, end: Place) -> Option<Vec<(usize, bool)>> {
    let mut came: BTreeMap<Place, Option<(usize, bool, Place)>> = BTreeMap::from([(start, None)]);
    let mut open = std::collections::VecDeque::from([start]);
    while let Some(place) = open.pop_front() {
        for (at, edge) in edges.iter().enumerate() {
            for (here, there, reversed) in [(edge.from, edge.to, false), (edge.to, edge.from, true)] {
                if here == place && !came.contains_key(&there) {
                    came.insert(there, Some((at, reversed, place)));
                    open.push_back(there);
                }
            }
        }
    }
    let mut path = Vec::new();
    let mut place = end;
    while let Some((edge, reversed, before)) = came.get(&place)? {
        path.push((*edge, *reversed));
        place = *before;
    }
    path.reverse();
    (!path.is_empty()).then_some(path)
}

/// The literals beside the path, by the node that they hang on; and whether one says that the ends differ. None if
/// some hang on no node or on several.
fn hanging<'p>(
    others: Vec<&'p Literal>,
    places: &[Place],
    shared: &Variables,
) -> Option<(Vec<Vec<&'p Literal>>, bool)> {
    let mut hanging: Vec<Vec<&'p Literal>> = places.iter().map(|_| Vec::new()).collect();
    let mut distinct = false;
    let mut open: Vec<(&'p Literal, Variables)> = Vec::new();
    for literal in others {
        let mut vars = Variables::new();
        variables::of_literal(literal, &mut vars);
        if let (Literal::Compare(comparison), [start @ Place::Var(_), .., end]) = (literal, places)
            && comparison.op == CompareOp::Ne
            && [[&comparison.left, &comparison.right], [&comparison.right, &comparison.left]].iter().any(|sides| {
                matches!(sides, [Term::Variable(a), Term::Variable(b)] if Place::Var(*a) == *start && Place::Var(*b) == *end)
            })
        {
            distinct = true;
        } else {
            open.push((literal, &vars & shared));
        }
    }
    while let Some((literal, mut reach)) = open.pop() {
        let mut group = vec![literal];
        let on_path = |reach: &Variables| -> Vec<usize> {
            (0..places.len()).filter(|at| matches!(places[*at], Place::Var(var) if reach.contains(&var))).collect()
        };
        // What shares a variable that is not on the path belongs together.
        while let Some(at) =
            open.iter().position(|(_, vars)| vars.intersection(&reach).any(|var| !places.contains(&Place::Var(*var))))
        {
            let (more, vars) = open.swap_remove(at);
            group.push(more);
            reach.extend(vars);
        }
        let [at] = on_path(&reach)[..] else { return None };
        hanging[at].append(&mut group);
    }
    // In the order they were written, so that plans are the same every time.
    hanging.iter_mut().for_each(|literals| literals.sort_by_key(|literal| std::ptr::from_ref(*literal)));
    Some((hanging, distinct))
}

fn may_fault(literal: &Literal) -> bool {
    match literal {
        Literal::Test(test) if test.binds().is_some() => true,
        Literal::Aggregate(_) => true,
        Literal::Or(branches) => branches.iter().flatten().any(may_fault),
        Literal::Atom(_) | Literal::Absent(_) | Literal::Compare(_) | Literal::Test(_) => {
            literal.terms().into_iter().any(Term::is_call)
        }
    }
}

fn types(rule: &Rule) -> Vec<Type> {
    rule.variables.iter().map(|variable| variable.ty).collect()
}

fn each_literal(literal: &Literal) -> Vec<&Literal> {
    match literal {
        Literal::Or(branches) => branches.iter().flatten().collect(),
        Literal::Atom(_) | Literal::Absent(_) | Literal::Compare(_) | Literal::Test(_) | Literal::Aggregate(_) => {
            vec![literal]
        }
    }
}

fn is_atom(literal: &Literal, wanted: &Atom) -> bool {
    matches!(literal, Literal::Atom(atom) if std::ptr::eq(atom, wanted))
}

/// Classes on their way to be joined; the first is the unit's.
#[derive(Debug, Default)]
struct Classes {
    /// For each class, one that it was joined with, or itself.
    parents: Vec<usize>,
    relations: BTreeMap<RelationId, Ends>,
}

impl Classes {
    fn fresh(&mut self) -> ClassId {
        if self.parents.is_empty() {
            self.parents.push(0);
        }
        self.parents.push(self.parents.len());
        ClassId::from_index(self.parents.len() - 1)
    }

    fn of_relation(&mut self, relation: RelationId, arity: usize) -> Ends {
        if let Some(ends) = self.relations.get(&relation) {
            return *ends;
        }
        let from = if arity == 1 { UNIT } else { self.fresh() };
        let ends = Ends { from, to: self.fresh() };
        self.relations.insert(relation, ends);
        ends
    }

    fn root(&self, class: ClassId) -> usize {
        let mut at = class.index();
        while self.parents[at] != at {
            at = self.parents[at];
        }
        at
    }

    fn join(&mut self, a: ClassId, b: ClassId) {
        let (a, b) = (self.root(a), self.root(b));
        let (first, second) = (a.min(b), a.max(b));
        self.parents[second] = first;
    }

    /// New names for all classes, without gaps, and how many there are.
    fn dense(&self) -> (Vec<ClassId>, usize) {
        let mut names: BTreeMap<usize, ClassId> = BTreeMap::new();
        names.insert(0, UNIT);
        let mut dense = Vec::new();
        for at in 0..self.parents.len().max(1) {
            let root = if self.parents.is_empty() { 0 } else { self.root(ClassId::from_index(at)) };
            let next = ClassId::from_index(names.len());
            dense.push(*names.entry(root).or_insert(next));
        }
        (dense, names.len())
    }
}
