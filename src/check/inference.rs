//! Which type has each term? Union-find over the terms of all rules, the columns without a declaration, and the
//! literals.
//!
//! In: demands, "these two are of one type" and "this is a number", each with the place that makes it. Out: a type
//! for every node, and a [`Clash`] for each demand that cannot be met. Promise: the result does not depend on the
//! order of the demands, except for which of two places that clash is named first; a node that clashed once takes
//! part in no further clash.

use super::RelationId;
use super::overloads::{Choice, ChoiceId};
use crate::data::{Dialect, IdVec, RecordTypeId, RecordTypes, Type, Value, id};
use crate::report::Span;
use crate::syntax::AggregateOp;

id! {
    /// A term or a column whose type is asked for.
    NodeId
}

/// What is known of all nodes so far.
#[derive(Debug, Default)]
pub(super) struct Inference {
    /// Whose builtins are meant.
    pub(super) dialect: Dialect,
    /// What records are made of.
    pub(super) records: RecordTypes,
    nodes: IdVec<NodeId, Node>,
    pub(super) choices: IdVec<ChoiceId, Choice>,
    /// Choices to look at again, because something became known about an argument.
    pub(super) queue: Vec<ChoiceId>,
    pub(super) clashes: Vec<Clash>,
    /// Records of two types at once.
    pub(super) mixed: Vec<Mixed>,
}

#[derive(Debug)]
struct Node {
    parent: NodeId,
    size: u32,
    state: State,
    /// The type of records that it is of, where that is known.
    record: Option<RecordTypeId>,
    watchers: Vec<ChoiceId>,
}

/// What is known of a node.
#[derive(Debug, Clone, Copy)]
pub(super) enum State {
    /// Nothing.
    Open,
    /// An integer literal: a number, unless an unsigned or a float is needed.
    Literal(Origin),
    /// Its type.
    Known(Type, Origin),
    /// It was asked to be two things, and that has been said.
    Clashed,
}

/// The place that made a type known.
#[derive(Debug, Clone, Copy)]
pub(super) struct Origin {
    pub(super) span: Option<Span>,
    pub(super) why: Why,
}

/// How a place makes a type known.
#[derive(Debug, Clone, Copy)]
pub(super) enum Why {
    /// A `.decl`, or a program that was checked before.
    Column { relation: RelationId, column: usize, declared: bool },
    /// A data file.
    File { relation: RelationId, column: usize },
    /// A fact, and through it the column.
    Fact { relation: RelationId, column: usize },
    /// A literal.
    Literal,
    /// An operator or function, its argument or its value.
    Builtin(&'static str),
    /// An aggregate's value.
    Aggregate(AggregateOp),
    /// A function of a library, its argument or its value.
    Foreign,
    /// What stands behind `@`.
    Claim,
}

/// What a column demands of a term.
#[derive(Debug, Clone, Copy)]
pub(super) enum Slot {
    /// The type is settled.
    Fixed(Type, Origin),
    /// The type is inferred.
    Open(NodeId),
    /// The declaration was complained about; anything goes.
    Broken,
}

/// Two types that met.
#[derive(Debug, Clone)]
pub(super) struct Clash {
    /// Where they met.
    pub(super) at: Place,
    /// What was known before.
    pub(super) had: Known,
    /// What the place asks for.
    pub(super) asked: Known,
}

/// Two types of records that met.
#[derive(Debug, Clone)]
pub(super) struct Mixed {
    /// Where they met.
    pub(super) at: Place,
    /// What was known before.
    pub(super) had: RecordTypeId,
    /// What the place asks for.
    pub(super) asked: RecordTypeId,
}

/// A term's place, and how to call the term in a message.
#[derive(Debug, Clone)]
pub(super) struct Place {
    pub(super) span: Span,
    pub(super) subject: String,
}

/// A type and the place that made it known.
#[derive(Debug, Clone, Copy)]
pub(super) struct Known {
    pub(super) ty: Type,
    pub(super) origin: Origin,
}

impl State {
    fn known(self) -> Option<Known> {
        match self {
            State::Open | State::Clashed => None,
            State::Literal(origin) => Some(Known { ty: Type::Number, origin }),
            State::Known(ty, origin) => Some(Known { ty, origin }),
        }
    }

    /// Both at once, or nothing if they contradict each other.
    fn join(self, other: State) -> Option<State> {
        match (self, other) {
            (State::Clashed, _) | (_, State::Clashed) => Some(State::Clashed),
            (State::Open, state) | (state, State::Open) => Some(state),
            (State::Literal(origin), State::Literal(_)) => Some(State::Literal(origin)),
            (State::Literal(_), State::Known(ty, origin)) | (State::Known(ty, origin), State::Literal(_)) => {
                is_numeric(ty).then_some(State::Known(ty, origin))
            }
            (State::Known(ty, origin), State::Known(other, _)) => (ty == other).then_some(State::Known(ty, origin)),
        }
    }

    /// Whether both say as much.
    fn same(self, other: State) -> bool {
        match (self, other) {
            (State::Open, State::Open)
            | (State::Literal(_), State::Literal(_))
            | (State::Known(..), State::Known(..))
            | (State::Clashed, State::Clashed) => true,
            (State::Open | State::Literal(_) | State::Known(..) | State::Clashed, _) => false,
        }
    }

    /// Whether the node may still turn out to be of this type.
    pub(super) fn may_be(self, ty: Type) -> bool {
        match self {
            State::Open | State::Clashed => true,
            State::Literal(_) => is_numeric(ty),
            State::Known(known, _) => known == ty,
        }
    }
}

impl Inference {
    pub(super) fn node(&mut self, state: State) -> NodeId {
        let parent = self.nodes.next_id();
        self.nodes.push(Node { parent, size: 1, state, record: None, watchers: Vec::new() })
    }

    pub(super) fn state(&mut self, node: NodeId) -> State {
        let root = self.root(node);
        self.nodes[root].state
    }

    /// The type in the end: a literal that nobody wanted as a float is a number, what nothing is known of a symbol.
    pub(super) fn settled(&mut self, node: NodeId) -> Type {
        match self.state(node) {
            State::Open | State::Clashed => Type::Symbol,
            State::Literal(_) => Type::Number,
            State::Known(ty, _) => ty,
        }
    }

    /// The type of records that a node is of, where that is known.
    pub(super) fn record(&mut self, node: NodeId) -> Option<RecordTypeId> {
        let root = self.root(node);
        self.nodes[root].record
    }

    /// `node` is a record of this type.
    pub(super) fn require_record(&mut self, node: NodeId, asked: RecordTypeId, place: impl FnOnce() -> Place) {
        let root = self.root(node);
        match self.nodes[root].record {
            Some(had) if had == asked => {}
            Some(had) if !matches!(self.nodes[root].state, State::Clashed) => {
                self.mixed.push(Mixed { at: place(), had, asked });
                self.learn(root, State::Clashed);
            }
            Some(_) => {}
            None => {
                self.nodes[root].record = Some(asked);
                self.wake(root);
            }
        }
    }

    /// Has `choice` looked at again whenever more becomes known of `node`.
    pub(super) fn watch(&mut self, node: NodeId, choice: ChoiceId) {
        let root = self.root(node);
        self.nodes[root].watchers.push(choice);
    }

    /// Gives up on a node that was complained about.
    pub(super) fn give_up(&mut self, node: NodeId) {
        let root = self.root(node);
        self.learn(root, State::Clashed);
    }

    /// `node` is of this type.
    pub(super) fn require(&mut self, node: NodeId, asked: Known, place: impl FnOnce() -> Place) {
        let root = self.root(node);
        let had = self.nodes[root].state;
        let asked = State::Known(asked.ty, asked.origin);
        let joined = had.join(asked).unwrap_or_else(|| {
            self.clash(had, asked, place());
            State::Clashed
        });
        self.learn(root, joined);
    }

    /// `node` is what this column holds.
    pub(super) fn fill(&mut self, node: NodeId, slot: Slot, place: impl FnOnce() -> Place) {
        match slot {
            Slot::Fixed(ty, origin) => self.require(node, Known { ty, origin }, place),
            Slot::Open(column) => self.equal(node, column, place),
            Slot::Broken => {}
        }
    }

    /// This column holds a value in this state.
    pub(super) fn fill_value(&mut self, slot: Slot, state: State, place: impl FnOnce() -> Place) {
        match slot {
            Slot::Fixed(ty, origin) => {
                if state.join(State::Known(ty, origin)).is_none() {
                    let had = state.known().expect("only a known state contradicts");
                    self.clashes.push(Clash { at: place(), had, asked: Known { ty, origin } });
                }
            }
            Slot::Open(column) => {
                let root = self.root(column);
                let known = self.nodes[root].state;
                match known.join(state) {
                    Some(joined) => self.learn(root, joined),
                    // A wrong fact says nothing about the column, so that the next wrong one is seen too.
                    None => self.clashes.push(Clash {
                        at: place(),
                        had: state.known().expect("only a known state contradicts"),
                        asked: known.known().expect("only a known state contradicts"),
                    }),
                }
            }
            Slot::Broken => {}
        }
    }

    /// Both nodes are of one type.
    pub(super) fn equal(&mut self, left: NodeId, right: NodeId, place: impl FnOnce() -> Place) {
        let (left, right) = (self.root(left), self.root(right));
        if left == right {
            return;
        }
        let (had, asked) = (self.nodes[left].state, self.nodes[right].state);
        let met = had.join(asked);
        let clashes = met.is_none();
        let mut joined = met.unwrap_or(State::Clashed);
        let records = [left, right].map(|root| self.nodes[root].record);
        for root in [left, right] {
            if !joined.same(self.nodes[root].state) || records[0].is_some() != records[1].is_some() {
                self.wake(root);
            }
        }
        match records {
            _ if clashes => self.clash(had, asked, place()),
            [Some(had), Some(asked)] if had != asked && !matches!(joined, State::Clashed) => {
                self.mixed.push(Mixed { at: place(), had, asked });
                joined = State::Clashed;
            }
            _ => {}
        }
        let (small, large) = if self.nodes[left].size < self.nodes[right].size { (left, right) } else { (right, left) };
        let size = self.nodes[small].size;
        let mut watchers = std::mem::take(&mut self.nodes[small].watchers);
        self.nodes[small].parent = large;
        let root = &mut self.nodes[large];
        root.size += size;
        root.state = joined;
        root.record = records[0].or(records[1]);
        if root.watchers.len() < watchers.len() {
            std::mem::swap(&mut root.watchers, &mut watchers);
        }
        root.watchers.append(&mut watchers);
    }

    fn learn(&mut self, root: NodeId, joined: State) {
        if !joined.same(self.nodes[root].state) {
            self.wake(root);
        }
        self.nodes[root].state = joined;
    }

    fn wake(&mut self, root: NodeId) {
        self.queue.extend_from_slice(&self.nodes[root].watchers);
    }

    fn clash(&mut self, had: State, asked: State, at: Place) {
        let had = had.known().expect("only a known state contradicts");
        let asked = asked.known().expect("only a known state contradicts");
        self.clashes.push(Clash { at, had, asked });
    }

    fn root(&mut self, mut node: NodeId) -> NodeId {
        while self.nodes[node].parent != node {
            let above = self.nodes[self.nodes[node].parent].parent;
            self.nodes[node].parent = above;
            node = above;
        }
        node
    }
}

/// Whether an integer literal may be of this type.
fn is_numeric(ty: Type) -> bool {
    matches!(ty, Type::Number | Type::Unsigned | Type::Float)
}

/// What a literal says of its type.
pub(super) fn state_of(value: &Value, origin: Origin) -> State {
    match value {
        Value::Number(_) => State::Literal(origin),
        value => State::Known(value.ty(), origin),
    }
}
