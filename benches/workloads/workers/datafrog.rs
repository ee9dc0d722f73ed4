//! The workloads in datafrog, which leaves the order of joins and every index to who writes the rules.
//!
//! A relation is keyed on its first column; `_by_second` names one whose columns are swapped.

use super::Solution;
use super::rows::{ones, pairs, triples};
use datafrog::{Iteration, Relation, RelationLeaper, Variable};

pub(super) static SOLUTIONS: &[Solution] = &[
    Solution { workload: "tc", solve: closure },
    Solution { workload: "sg", solve: sg },
    Solution { workload: "reach", solve: reach },
    Solution { workload: "csda", solve: csda },
    Solution { workload: "cspa", solve: cspa },
    Solution { workload: "andersen", solve: andersen },
    Solution { workload: "dyck", solve: dyck },
    Solution { workload: "triangle", solve: triangle },
    Solution { workload: "left", solve: closure },
];

type Pair = (u32, u32);

fn relation(name: &str) -> Relation<Pair> {
    pairs(name).into()
}

fn swapped(relation: &Relation<Pair>) -> Relation<Pair> {
    Relation::from_map(relation, |&(x, y)| (y, x))
}

fn closure() -> usize {
    let arc = relation("arc");
    flow(&arc, &arc)
}

fn csda() -> usize {
    flow(&relation("null_edge"), &relation("edge"))
}

/// The pairs of `start`, with the second carried along `edge`.
fn flow(start: &Relation<Pair>, edge: &Relation<Pair>) -> usize {
    let mut iteration = Iteration::new();
    let flow_by_second = iteration.variable::<Pair>("flow_by_second");
    flow_by_second.insert(swapped(start));
    while iteration.changed() {
        // flow(x, y) :- flow(x, z), edge(z, y).
        flow_by_second.from_join(&flow_by_second, edge, |_, &x, &y| (y, x));
    }
    flow_by_second.complete().len()
}

fn sg() -> usize {
    let arc = relation("arc");
    let mut iteration = Iteration::new();
    let sg = iteration.variable::<Pair>("sg");
    let step = iteration.variable::<Pair>("step");
    // sg(x, y) :- arc(p, x), arc(p, y), x != y.
    let siblings = Relation::from_join(&arc, &arc, |_, &x, &y| (x, y));
    sg.extend(siblings.iter().filter(|(x, y)| x != y));
    while iteration.changed() {
        // sg(x, y) :- arc(a, x), sg(a, b), arc(b, y).
        step.from_join(&sg, &arc, |_, &b, &x| (b, x));
        sg.from_join(&step, &arc, |_, &x, &y| (x, y));
    }
    sg.complete().len()
}

fn reach() -> usize {
    let arc = relation("arc");
    let mut iteration = Iteration::new();
    let reach = iteration.variable::<(u32, ())>("reach");
    reach.extend(ones("source").into_iter().map(|(x,)| (x, ())));
    while iteration.changed() {
        // reach(y) :- reach(x), arc(x, y).
        reach.from_join(&reach, &arc, |_, (), &y| (y, ()));
    }
    reach.complete().len()
}

fn cspa() -> usize {
    let (assign, dereference) = (relation("assign"), relation("dereference"));
    let assign_by_second = swapped(&assign);
    let mut iteration = Iteration::new();
    let flow = iteration.variable::<Pair>("value_flow");
    let flow_by_second = iteration.variable::<Pair>("value_flow_by_second");
    let memory = iteration.variable::<Pair>("memory_alias");
    let value = iteration.variable::<Pair>("value_alias");
    let behind_value = iteration.variable::<Pair>("behind_value");
    let behind_memory = iteration.variable::<Pair>("behind_memory");
    let itself: Relation<Pair> = assign.iter().flat_map(|&(y, x)| [(x, x), (y, y)]).collect();
    flow.extend(assign.iter());
    flow.extend(itself.iter());
    memory.insert(itself);
    while iteration.changed() {
        flow_by_second.from_map(&flow, |&(x, y)| (y, x));
        // value_flow(x, y) :- assign(x, z), memory_alias(z, y).
        flow.from_join(&memory, &assign_by_second, |_, &y, &x| (x, y));
        // value_flow(x, y) :- value_flow(x, z), value_flow(z, y).
        flow.from_join(&flow_by_second, &flow, |_, &x, &y| (x, y));
        // memory_alias(x, w) :- dereference(y, x), value_alias(y, z), dereference(z, w).
        behind_value.from_join(&value, &dereference, |_, &z, &x| (z, x));
        memory.from_join(&behind_value, &dereference, |_, &x, &w| (x, w));
        // value_alias(x, y) :- value_flow(z, x), value_flow(z, y).
        value.from_join(&flow, &flow, |_, &x, &y| (x, y));
        // value_alias(x, y) :- value_flow(z, x), memory_alias(z, w), value_flow(w, y).
        behind_memory.from_join(&memory, &flow, |_, &w, &x| (w, x));
        value.from_join(&behind_memory, &flow, |_, &x, &y| (x, y));
    }
    flow.complete().len()
}

fn andersen() -> usize {
    let (assign_by_second, load_by_second) = (swapped(&relation("assign")), swapped(&relation("load")));
    let store = relation("store");
    let mut iteration = Iteration::new();
    let points_to = iteration.variable::<Pair>("points_to");
    let loaded = iteration.variable::<Pair>("loaded");
    let stored = iteration.variable::<Pair>("stored");
    points_to.insert(relation("address_of"));
    while iteration.changed() {
        // points_to(y, x) :- assign(y, z), points_to(z, x).
        points_to.from_join(&points_to, &assign_by_second, |_, &x, &y| (y, x));
        // points_to(y, w) :- load(y, x), points_to(x, z), points_to(z, w).
        loaded.from_join(&points_to, &load_by_second, |_, &z, &y| (z, y));
        points_to.from_join(&loaded, &points_to, |_, &y, &w| (y, w));
        // points_to(z, w) :- store(y, x), points_to(y, z), points_to(x, w).
        stored.from_join(&points_to, &store, |_, &z, &x| (x, z));
        points_to.from_join(&stored, &points_to, |_, &z, &w| (z, w));
    }
    points_to.complete().len()
}

fn dyck() -> usize {
    let arcs = triples("arc");
    let labelled =
        |label| -> Relation<Pair> { arcs.iter().filter(|arc| arc.2 == label).map(|arc| (arc.0, arc.1)).collect() };
    let brackets = [labelled(0), labelled(1)];
    let mut iteration = Iteration::new();
    let dyck = iteration.variable::<Pair>("dyck");
    let dyck_by_second = iteration.variable::<Pair>("dyck_by_second");
    let opened: [Variable<Pair>; 2] = [iteration.variable("opened_zero"), iteration.variable("opened_one")];
    let by_second = [swapped(&brackets[0]), swapped(&brackets[1])];
    for (bracket, by_second) in brackets.iter().zip(&by_second) {
        // dyck(x, y) :- bracket(x, z), bracket(z, y).
        dyck.insert(Relation::from_join(by_second, bracket, |_, &x, &y| (x, y)));
    }
    while iteration.changed() {
        dyck_by_second.from_map(&dyck, |&(x, y)| (y, x));
        for kind in 0..2 {
            // dyck(x, y) :- bracket(x, z), dyck(z, w), bracket(w, y).
            opened[kind].from_join(&dyck, &by_second[kind], |_, &w, &x| (w, x));
            dyck.from_join(&opened[kind], &brackets[kind], |_, &x, &y| (x, y));
        }
        // dyck(x, y) :- dyck(x, z), dyck(z, y).
        dyck.from_join(&dyck_by_second, &dyck, |_, &x, &y| (x, y));
    }
    dyck.complete().len()
}

fn triangle() -> usize {
    let arc = relation("arc");
    let arc_by_second = swapped(&arc);
    // triangle(a, b, c) :- arc(a, b), arc(b, c), arc(c, a).
    let third = (arc.extend_with(|&(_, b)| b), arc_by_second.extend_with(|&(a, _)| a));
    Relation::from_leapjoin(&arc, third, |&(a, b), &c| (a, b, c)).len()
}
