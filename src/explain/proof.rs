//! A proof: why a fact holds, as a graph of facts.
//!
//! Promise: what is proved once is there once; a premise is always a node behind which its own proof lies, and no node
//! rests on itself. Everything shown was written or derived: `_` stays `_`.

use crate::check::{RelationId, RuleId, Term};
use crate::data::{BuiltinId, IdVec, Value, id};
use crate::syntax::{AggregateOp, CompareOp};

id! {
    /// A fact of a proof.
    NodeId
}

/// The proof of a fact, which is node 0.
#[derive(Debug, Clone, PartialEq)]
pub struct Proof {
    /// The facts, in the order in which a reader meets them.
    pub nodes: IdVec<NodeId, Node>,
}

impl Proof {
    /// The fact that is proved.
    pub fn root(&self) -> NodeId {
        self.nodes.ids().next().expect("a proof proves something")
    }

    /// The premises of the fact, of the facts among them, and so on for so many steps.
    pub(in crate::explain) fn near_the_top(&self, steps: usize) -> Vec<&Premise> {
        let (mut found, mut level) = (Vec::new(), vec![self.root()]);
        for _ in 0..steps {
            let nodes = std::mem::take(&mut level).into_iter().map(|node| &self.nodes[node]);
            for premise in nodes.flat_map(Node::premises) {
                found.push(premise);
                if let Premise::Fact(node) = premise {
                    level.push(*node);
                }
            }
        }
        found
    }

    /// How many rules follow each other between the fact and the farthest fact that its premises rest on: 0 for a stored
    /// one, and for one that stored pairs of an equivalence lead to. What absences and aggregates rest on is not counted.
    pub fn height(&self) -> usize {
        let mut heights: IdVec<NodeId, Option<usize>> = self.nodes.ids().map(|_| None).collect();
        let mut open = vec![self.root()];
        while let Some(id) = open.pop() {
            let node = &self.nodes[id];
            let facts = || {
                node.premises()
                    .iter()
                    .filter_map(|premise| if let Premise::Fact(id) = premise { Some(*id) } else { None })
            };
            if let Some(unknown) = facts().find(|fact| heights[*fact].is_none()) {
                open.extend([id, unknown]);
                continue;
            }
            let step = usize::from(matches!(node.via, Via::Rule { .. }));
            heights[id] = Some(step + facts().filter_map(|fact| heights[fact]).max().unwrap_or_default());
        }
        heights[self.root()].expect("the first was met")
    }
}

/// A fact, and how it comes to hold.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// The relation.
    pub relation: RelationId,
    /// The values.
    pub row: Vec<Value>,
    /// How it comes to hold.
    pub via: Via,
}

impl Node {
    /// What its rule asks for, or the pairs that lead to it; nothing for a stored fact.
    pub fn premises(&self) -> &[Premise] {
        match &self.via {
            Via::Stored { .. } => &[],
            Via::Rule { premises, .. } | Via::Equivalence { premises } => premises,
        }
    }

    /// The same, to be changed.
    pub fn premises_mut(&mut self) -> &mut [Premise] {
        match &mut self.via {
            Via::Stored { .. } => &mut [],
            Via::Rule { premises, .. } | Via::Equivalence { premises } => premises,
        }
    }
}

/// How a fact comes to hold.
#[derive(Debug, Clone, PartialEq)]
pub enum Via {
    /// It was loaded or told.
    Stored {
        /// The claims it cites.
        citations: Vec<Value>,
    },
    /// A rule derives it.
    Rule {
        /// The rule.
        rule: RuleId,
        /// What its body and its head ask for, in the order of the text.
        premises: Vec<Premise>,
    },
    /// Its relation is an equivalence, and other pairs of it lead from the first value to the second.
    Equivalence {
        /// The pairs, each of which has a value in common with the next, whichever way round it is; of a value with
        /// itself, one pair that it is part of.
        premises: Vec<Premise>,
    },
}

/// What holds, so that something else does.
#[derive(Debug, Clone, PartialEq)]
pub enum Premise {
    /// A fact.
    Fact(NodeId),
    /// No row is like this.
    Absent {
        /// The relation.
        relation: RelationId,
        /// The values; nothing for `_`.
        args: Vec<Option<Value>>,
        /// Facts that keep it absent.
        because: Vec<NodeId>,
    },
    /// Two sides compare like this.
    Compare {
        /// The sign.
        op: CompareOp,
        /// The left side.
        left: Side,
        /// The right side.
        right: Side,
    },
    /// A value was computed.
    Compute(Side),
    /// A builtin predicate holds, or does not.
    Test {
        /// The predicate.
        builtin: BuiltinId,
        /// Its arguments.
        args: Vec<Side>,
        /// Whether it does not hold.
        negated: bool,
    },
    /// An aggregate has this value.
    Aggregate(Box<Aggregate>),
}

impl Premise {
    /// Visits the nodes that it rests on, in the order in which they are shown.
    pub fn each_node(&self, visit: &mut dyn FnMut(NodeId)) {
        match self {
            Premise::Fact(node) => visit(*node),
            Premise::Absent { because, .. } => because.iter().for_each(|node| visit(*node)),
            Premise::Aggregate(aggregate) => {
                aggregate.rows.iter().flat_map(|row| &row.premises).for_each(|premise| premise.each_node(visit));
                aggregate.because.iter().for_each(|node| visit(*node));
            }
            Premise::Compare { .. } | Premise::Compute(_) | Premise::Test { .. } => {}
        }
    }

    /// The aggregate that it is, with its rows but not what they rest on.
    pub(in crate::explain) fn without_reasons(&self) -> Option<Aggregate> {
        let Premise::Aggregate(aggregate) = self else { return None };
        let row = |row: &Row| Row { premises: Vec::new(), ..row.clone() };
        let rows = aggregate.rows.iter().map(row).collect();
        Some(Aggregate { rows, because: Vec::new(), ..aggregate.as_ref().clone() })
    }

    /// Gives the nodes that it rests on other numbers.
    pub(in crate::explain) fn renumber(&mut self, number: &dyn Fn(NodeId) -> NodeId) {
        match self {
            Premise::Fact(node) => *node = number(*node),
            Premise::Absent { because, .. } => because.iter_mut().for_each(|node| *node = number(*node)),
            Premise::Aggregate(aggregate) => {
                let rows = aggregate.rows.iter_mut().flat_map(|row| &mut row.premises);
                rows.for_each(|premise| premise.renumber(number));
                aggregate.because.iter_mut().for_each(|node| *node = number(*node));
            }
            Premise::Compare { .. } | Premise::Compute(_) | Premise::Test { .. } => {}
        }
    }
}

/// A value, and the term that it is the value of.
#[derive(Debug, Clone, PartialEq)]
pub struct Side {
    /// The value.
    pub value: Value,
    /// The term, with values for its variables.
    pub term: Term,
}

impl Side {
    /// Whether the value had to be computed.
    pub fn is_computed(&self) -> bool {
        self.term.is_call()
    }
}

/// An aggregate with what it ranges over.
#[derive(Debug, Clone, PartialEq)]
pub struct Aggregate {
    /// Which.
    pub op: AggregateOp,
    /// Its value.
    pub value: Value,
    /// The aggregate as it could be written, with the values of its group: `count X : { r(a, X) }`.
    pub text: String,
    /// Every row, in order of the values that it is made of.
    pub rows: Vec<Row>,
    /// Facts that keep it from having more rows.
    pub because: Vec<NodeId>,
}

/// One row of an aggregate.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// The values of its variables by name, those without a name left out.
    pub values: Vec<(String, Value)>,
    /// The values of all of its variables, which tell rows apart; nothing for those that a branch leaves open.
    pub local: Vec<Option<Value>>,
    /// What the row contributes; nothing where rows are counted.
    pub target: Option<Side>,
    /// What holds, so that the row is there.
    pub premises: Vec<Premise>,
}
