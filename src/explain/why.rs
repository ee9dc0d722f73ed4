//! Why a fact holds: the least proof.
//!
//! In: a fact that holds. Out: its [`Proof`]. Of all proofs it is one of the least height; of those, each fact is derived
//! by the first rule, through the least rows by value, literal by literal. A stored fact is proved by being stored; a pair
//! of an equivalence that was put in, by how it was put in, and any other by the shortest path of such pairs.
//!
//! What an absence or an aggregate rests on lies in lower strata and is proved by itself. Facts wait in a list, so that
//! a proof may be as high as it likes.

use super::ground::{Fact, Ground};
use super::proof::{Aggregate, Node, NodeId, Premise, Proof, Row, Side, Via};
use super::search::barred::{Barred, Way};
use super::search::heights::{Heights, Least};
use super::search::solve::Solution;
use super::search::terms::{Binding, Setting};
use super::words::aggregate_text;
use crate::check::{self, Atom, CompareOp, Comparison, Literal, Term, VarId};
use crate::data::{Id, IdVec, Value};
use crate::eval::Stopped;
use indexmap::IndexMap;
use indexmap::map::Entry;
use rustc_hash::{FxBuildHasher, FxHashMap};
use std::collections::BTreeSet;

/// The least proof of a fact that holds.
pub fn why(ground: &Ground<'_>, goal: &Fact) -> Result<Proof, Stopped> {
    let proof = why_without_facts(ground, goal, &BTreeSet::new())?;
    Ok(proof.expect("a fact that holds has a proof"))
}

/// The least proof of a fact that does not rest on these being stored; nothing if there is none in this model.
pub fn why_without_facts(ground: &Ground<'_>, goal: &Fact, facts: &BTreeSet<Fact>) -> Result<Option<Proof>, Stopped> {
    match why_without(ground, goal, &Barred { facts: facts.clone(), ..Barred::default() })? {
        Found::Proof(proved) => Ok(Some(proved.proof)),
        Found::Nothing => Ok(None),
        Found::TooMuch => panic!("where no way is barred, all that is too much is found from below"),
    }
}

/// What a search for a proof led to.
pub(in crate::explain) enum Found {
    Proof(Proved),
    /// There is none.
    Nothing,
    /// There was too much to look at.
    TooMuch,
}

/// A proof, and the way in which each of its facts comes to hold.
pub(in crate::explain) struct Proved {
    pub(in crate::explain) proof: Proof,
    pub(in crate::explain) ways: FxHashMap<Fact, Way>,
}

/// The least proof of a fact of those that do without what is barred.
pub(in crate::explain) fn why_without(ground: &Ground<'_>, goal: &Fact, barred: &Barred) -> Result<Found, Stopped> {
    let heights = Heights::new(ground, barred);
    let mut proving = Proving { ground, heights, nodes: IndexMap::default(), open: Vec::new() };
    proving.node(goal.clone(), Known::ToHold);
    let is_proved = proving.prove_all();
    ground.end(())?;
    if proving.heights.is_too_much {
        return Ok(Found::TooMuch);
    }
    if !is_proved {
        return Ok(Found::Nothing);
    }
    let mut ways = FxHashMap::default();
    let nodes = proving.nodes.into_iter().map(|(fact, step)| {
        let Step::Done(via, way) = step else { panic!("every node of a proof is proved") };
        let node = Node { relation: fact.relation, row: ground.values(&fact), via };
        ways.insert(fact, way);
        node
    });
    let proof = in_reading_order(Proof { nodes: nodes.collect() });
    Ok(Found::Proof(Proved { proof, ways }))
}

struct Proving<'g, 'a> {
    ground: &'g Ground<'a>,
    heights: Heights<'g, 'a>,
    nodes: IndexMap<Fact, Step, FxBuildHasher>,
    /// The nodes that are to be proved.
    open: Vec<NodeId>,
}

/// How far a fact is with its proof.
enum Step {
    Met(Known),
    Done(Via, Way),
}

/// What is known of a fact before it is proved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Known {
    /// That it holds.
    ToHold,
    /// Its height: it is part of the least proof of a fact whose height was found.
    ToTheHeight,
}

impl<'a> Proving<'_, 'a> {
    fn node(&mut self, fact: Fact, known: Known) -> NodeId {
        let entry = self.nodes.entry(fact);
        let node = NodeId::from_index(entry.index());
        match entry {
            Entry::Vacant(free) => {
                free.insert(Step::Met(known));
                self.open.push(node);
            }
            Entry::Occupied(mut met) => {
                if let (Step::Met(before @ Known::ToHold), Known::ToTheHeight) = (met.get_mut(), known) {
                    *before = known;
                }
            }
        }
        node
    }

    /// Proves every fact that is there, and those that their proofs bring in. Whether all of them have a proof.
    fn prove_all(&mut self) -> bool {
        let mut later = Vec::new();
        loop {
            while let Some(node) = self.open.pop() {
                match self.nodes[node.index()] {
                    Step::Done(..) => {}
                    Step::Met(Known::ToHold) => later.push(node),
                    Step::Met(Known::ToTheHeight) => {
                        let done = if self.ground.go_on().is_continue() { self.done(node) } else { None };
                        let Some(done) = done else { return false };
                        self.nodes[node.index()] = done;
                    }
                }
            }
            // What absences and aggregates brought in: all of it is looked at together.
            later.retain(|node| matches!(self.nodes[node.index()], Step::Met(_)));
            if later.is_empty() {
                return true;
            }
            let fact = |node: &NodeId| self.nodes.get_index(node.index()).expect("a node has a fact").0.clone();
            let goals: Vec<Fact> = later.iter().map(fact).collect();
            self.heights.find(&goals);
            later.iter().for_each(|node| self.nodes[node.index()] = Step::Met(Known::ToTheHeight));
            self.open.append(&mut later);
        }
    }

    /// How a fact comes to hold; nothing if it cannot without what is barred.
    fn done(&mut self, node: NodeId) -> Option<Step> {
        let fact = self.nodes.get_index(node.index()).expect("a node has a fact").0.clone();
        let (rule, solution) = match self.heights.least(&fact) {
            Some(Least::Rule { rule, solution }) => (rule, solution),
            Some(Least::Path(path)) => {
                let pairs = path.iter().map(|pair| Premise::Fact(self.node(pair.clone(), Known::ToTheHeight)));
                return Some(Step::Done(Via::Equivalence { premises: pairs.collect() }, Way::Path(path)));
            }
            None => {
                let stored = || Step::Done(Via::Stored { citations: self.ground.citations(&fact) }, Way::Stored);
                return self.heights.is_stored(&fact).then(stored);
            }
        };
        let setting = Setting { ground: self.ground, rule: &self.ground.program.rules[rule] };
        let mut premises = self.premises(setting, &setting.rule.body, &solution, Known::ToTheHeight);
        premises.extend(setting.computed(&setting.rule.args, &solution.binding));
        Some(Step::Done(Via::Rule { rule, premises }, setting.way(rule, &solution)))
    }

    /// What makes a body hold, in the order of the text.
    fn premises(
        &mut self,
        setting: Setting<'_, 'a>,
        body: &'a [Literal],
        solution: &Solution<'a>,
        known: Known,
    ) -> Vec<Premise> {
        let mut premises = Vec::new();
        for literal in solution.reached(body) {
            let binding = &solution.binding;
            match literal {
                Literal::Atom(atom) => {
                    let word = |arg| setting.word(arg, binding).expect("a matched term has a value");
                    let fact = Fact { relation: atom.relation, row: atom.args.iter().map(word).collect() };
                    premises.push(Premise::Fact(self.node(self.ground.known_as(fact), known)));
                    premises.extend(setting.computed(&atom.args, binding));
                }
                Literal::Absent(atom) => {
                    premises.push(self.absent(setting, literal, atom, binding));
                    premises.extend(setting.computed(&atom.args, binding));
                }
                Literal::Compare(comparison) => premises.push(setting.compared(comparison, binding)),
                Literal::Test(test) => premises.push(Premise::Test {
                    builtin: test.builtin,
                    args: test.args.iter().map(|arg| setting.side(arg, binding)).collect(),
                    negated: test.negated,
                }),
                Literal::Aggregate(aggregate) => {
                    premises.push(self.aggregate(setting, aggregate, binding));
                }
                Literal::Or(_) => unreachable!("a solution's literals have no disjunction"),
            }
        }
        premises
    }

    fn absent(&mut self, setting: Setting<'_, 'a>, literal: &'a Literal, atom: &Atom, binding: &Binding) -> Premise {
        let known = |arg: &Term| match arg {
            Term::Wildcard => None,
            Term::Variable(_) | Term::Constant(_) | Term::Call { .. } => setting.value(arg, binding),
        };
        let args = atom.args.iter().map(known).collect();
        Premise::Absent { relation: atom.relation, args, because: self.because(setting.keeps(literal, binding)) }
    }

    fn aggregate(&mut self, setting: Setting<'_, 'a>, aggregate: &'a check::Aggregate, binding: &Binding) -> Premise {
        let mut rows: Vec<Row> = Vec::new();
        for solution in setting.rows_of(aggregate, binding).values() {
            let target = aggregate.target.as_ref();
            if target.is_some_and(|target| setting.value(target, &solution.binding).is_none()) {
                continue;
            }
            rows.push(Row {
                values: setting.named(&aggregate.local, &solution.binding),
                local: setting.local(&aggregate.local, &solution.binding),
                target: target.map(|target| setting.side(target, &solution.binding)),
                premises: self.premises(setting, &aggregate.body, solution, Known::ToHold),
            });
        }
        rows.sort_by_cached_key(|row| (row.target.as_ref().map(|target| target.value.clone()), row.local.clone()));
        let because = self.because(setting.further(aggregate, binding));
        let value = setting.value(&Term::Variable(aggregate.result), binding).expect("the aggregate holds");
        let known = |var| setting.value(&Term::Variable(var), binding);
        let text = aggregate_text(self.ground.program, setting.rule, aggregate, &known);
        Premise::Aggregate(Box::new(Aggregate { op: aggregate.op, value, text, rows, because }))
    }

    fn because(&mut self, facts: BTreeSet<Fact>) -> Vec<NodeId> {
        let mut facts: Vec<Fact> = facts.into_iter().collect();
        facts.sort_by_cached_key(|fact| (fact.relation, self.ground.values(fact)));
        facts.into_iter().map(|fact| self.node(fact, Known::ToHold)).collect()
    }
}

impl<'a> Setting<'_, 'a> {
    /// A term and its value.
    pub(in crate::explain) fn side(&self, term: &Term, binding: &Binding) -> Side {
        let value = self.value(term, binding).expect("what holds has a value");
        Side { value, term: self.filled(term, binding) }
    }

    /// A term with values for its variables.
    fn filled(&self, term: &Term, binding: &Binding) -> Term {
        match term {
            Term::Variable(_) => {
                Term::Constant(self.value(term, binding).expect("a variable that is bound has a value"))
            }
            Term::Wildcard | Term::Constant(_) => term.clone(),
            Term::Call { function, args, span } => Term::Call {
                function: function.clone(),
                args: args.iter().map(|arg| self.filled(arg, binding)).collect(),
                span: *span,
            },
        }
    }

    /// What is computed in the arguments of an atom.
    fn computed(&self, args: &[Term], binding: &Binding) -> Vec<Premise> {
        let calls = args.iter().filter(|arg| arg.is_call());
        calls.map(|call| Premise::Compute(self.side(call, binding))).collect()
    }

    /// A comparison; one that gives a variable its value is a computation.
    pub(in crate::explain) fn compared(&self, comparison: &Comparison, binding: &Binding) -> Premise {
        let Comparison { op, left, right, .. } = comparison;
        match (op, left, right) {
            (CompareOp::Eq, Term::Variable(_) | Term::Constant(_), Term::Call { .. }) => {
                Premise::Compute(self.side(right, binding))
            }
            (CompareOp::Eq, Term::Call { .. }, Term::Variable(_) | Term::Constant(_)) => {
                Premise::Compute(self.side(left, binding))
            }
            _ => Premise::Compare { op: *op, left: self.side(left, binding), right: self.side(right, binding) },
        }
    }

    /// The values of these variables; nothing for those that are not bound.
    pub(in crate::explain) fn local(&self, variables: &[VarId], binding: &Binding) -> Vec<Option<Value>> {
        let value = |var: &VarId| binding[var.index()].and_then(|_| self.value(&Term::Variable(*var), binding));
        variables.iter().map(value).collect()
    }

    /// The values of these variables, those without a name left out.
    pub(in crate::explain) fn named(&self, variables: &[VarId], binding: &Binding) -> Vec<(String, Value)> {
        let named = variables.iter().filter(|var| self.rule.variables[**var].named);
        let bound = named.filter(|var| binding[var.index()].is_some());
        bound
            .map(|var| {
                let value = self.value(&Term::Variable(*var), binding).expect("it is bound");
                (self.rule.variables[*var].name.clone(), value)
            })
            .collect()
    }
}

/// The same proof with its nodes numbered as a reader meets them who reads each premise to its end before the next.
fn in_reading_order(proof: Proof) -> Proof {
    let mut number: IdVec<NodeId, Option<NodeId>> = proof.nodes.ids().map(|_| None).collect();
    let mut order = Vec::with_capacity(proof.nodes.len());
    let mut open = vec![proof.root()];
    while let Some(node) = open.pop() {
        if number[node].is_some() {
            continue;
        }
        number[node] = Some(NodeId::from_index(order.len()));
        order.push(node);
        let mut below = Vec::new();
        let premises = proof.nodes[node].premises().iter();
        premises.for_each(|premise| premise.each_node(&mut |node| below.push(node)));
        open.extend(below.into_iter().rev());
    }
    let number = |node: NodeId| number[node].expect("every node is reached from the first");
    let mut nodes: Vec<Option<Node>> = proof.nodes.into_items().map(Some).collect();
    let in_order = order.into_iter().map(|node| {
        let mut node = nodes[node.index()].take().expect("each node is met once");
        node.premises_mut().iter_mut().for_each(|premise| premise.renumber(&number));
        node
    });
    Proof { nodes: in_order.collect() }
}
