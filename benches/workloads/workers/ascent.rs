//! The workloads in Ascent, on one thread and on several.

/// The same programs for both macros: they differ in what they expand to.
macro_rules! programs {
    ($ascent:ident) => {
        use super::super::Solution;
        use super::super::rows::{ones, pairs, triples};

        pub(in super::super) static SOLUTIONS: &[Solution] = &[
            Solution { workload: "tc", solve: || left("arc") },
            Solution { workload: "sg", solve: sg },
            Solution { workload: "reach", solve: reach },
            Solution { workload: "csda", solve: csda },
            Solution { workload: "cspa", solve: cspa },
            Solution { workload: "andersen", solve: andersen },
            Solution { workload: "dyck", solve: dyck },
            Solution { workload: "triangle", solve: triangle },
            Solution { workload: "left", solve: || left("arc") },
            Solution { workload: "right", solve: right },
            Solution { workload: "both", solve: both },
            Solution { workload: "mutual", solve: mutual },
        ];

        ::ascent::$ascent! {
            struct Left;
            relation arc(u32, u32);
            relation closure(u32, u32);
            closure(x, y) <-- arc(x, y);
            closure(x, y) <-- closure(x, z), arc(z, y);
        }

        fn left(relation: &str) -> usize {
            let mut program = Left { arc: pairs(relation).into_iter().collect(), ..Left::default() };
            program.run();
            program.closure.iter().count()
        }

        ::ascent::$ascent! {
            struct Right;
            relation arc(u32, u32);
            relation closure(u32, u32);
            closure(x, y) <-- arc(x, y);
            closure(x, y) <-- arc(x, z), closure(z, y);
        }

        fn right() -> usize {
            let mut program = Right { arc: pairs("arc").into_iter().collect(), ..Right::default() };
            program.run();
            program.closure.iter().count()
        }

        ::ascent::$ascent! {
            struct Both;
            relation arc(u32, u32);
            relation closure(u32, u32);
            closure(x, y) <-- arc(x, y);
            closure(x, y) <-- closure(x, z), closure(z, y);
        }

        fn both() -> usize {
            let mut program = Both { arc: pairs("arc").into_iter().collect(), ..Both::default() };
            program.run();
            program.closure.iter().count()
        }

        ::ascent::$ascent! {
            struct Mutual;
            relation arc(u32, u32);
            relation closure(u32, u32);
            relation step(u32, u32);
            closure(x, y) <-- arc(x, y);
            closure(x, y) <-- step(x, y);
            step(x, y) <-- closure(x, z), arc(z, y);
        }

        fn mutual() -> usize {
            let mut program = Mutual { arc: pairs("arc").into_iter().collect(), ..Mutual::default() };
            program.run();
            program.closure.iter().count()
        }

        ::ascent::$ascent! {
            struct Sg;
            relation arc(u32, u32);
            relation sg(u32, u32);
            sg(x, y) <-- arc(p, x), arc(p, y), if x != y;
            sg(x, y) <-- arc(a, x), sg(a, b), arc(b, y);
        }

        fn sg() -> usize {
            let mut program = Sg { arc: pairs("arc").into_iter().collect(), ..Sg::default() };
            program.run();
            program.sg.iter().count()
        }

        ::ascent::$ascent! {
            struct Reach;
            relation arc(u32, u32);
            relation source(u32);
            relation reach(u32);
            reach(x) <-- source(x);
            reach(y) <-- reach(x), arc(x, y);
        }

        fn reach() -> usize {
            let (arc, source) = (pairs("arc").into_iter().collect(), ones("source").into_iter().collect());
            let mut program = Reach { arc, source, ..Reach::default() };
            program.run();
            program.reach.iter().count()
        }

        ::ascent::$ascent! {
            struct Csda;
            relation edge(u32, u32);
            relation null_edge(u32, u32);
            relation null_node(u32, u32);
            null_node(x, y) <-- null_edge(x, y);
            null_node(x, y) <-- null_node(x, w), edge(w, y);
        }

        fn csda() -> usize {
            let (edge, null_edge) = (pairs("edge").into_iter().collect(), pairs("null_edge").into_iter().collect());
            let mut program = Csda { edge, null_edge, ..Csda::default() };
            program.run();
            program.null_node.iter().count()
        }

        ::ascent::$ascent! {
            struct Cspa;
            relation assign(u32, u32);
            relation dereference(u32, u32);
            relation value_flow(u32, u32);
            relation memory_alias(u32, u32);
            relation value_alias(u32, u32);
            value_flow(y, x) <-- assign(y, x);
            value_flow(x, y) <-- assign(x, z), memory_alias(z, y);
            value_flow(x, y) <-- value_flow(x, z), value_flow(z, y);
            value_flow(x, x) <-- assign(x, _);
            value_flow(x, x) <-- assign(_, x);
            memory_alias(x, w) <-- dereference(y, x), value_alias(y, z), dereference(z, w);
            memory_alias(x, x) <-- assign(_, x);
            memory_alias(x, x) <-- assign(x, _);
            value_alias(x, y) <-- value_flow(z, x), value_flow(z, y);
            value_alias(x, y) <-- value_flow(z, x), memory_alias(z, w), value_flow(w, y);
        }

        fn cspa() -> usize {
            let (assign, dereference) =
                (pairs("assign").into_iter().collect(), pairs("dereference").into_iter().collect());
            let mut program = Cspa { assign, dereference, ..Cspa::default() };
            program.run();
            program.value_flow.iter().count()
        }

        ::ascent::$ascent! {
            struct Andersen;
            relation address_of(u32, u32);
            relation assign(u32, u32);
            relation load(u32, u32);
            relation store(u32, u32);
            relation points_to(u32, u32);
            points_to(y, x) <-- address_of(y, x);
            points_to(y, x) <-- assign(y, z), points_to(z, x);
            points_to(y, w) <-- load(y, x), points_to(x, z), points_to(z, w);
            points_to(z, w) <-- store(y, x), points_to(y, z), points_to(x, w);
        }

        fn andersen() -> usize {
            let (address_of, assign) =
                (pairs("address_of").into_iter().collect(), pairs("assign").into_iter().collect());
            let (load, store) = (pairs("load").into_iter().collect(), pairs("store").into_iter().collect());
            let mut program = Andersen { address_of, assign, load, store, ..Andersen::default() };
            program.run();
            program.points_to.iter().count()
        }

        ::ascent::$ascent! {
            struct Dyck;
            relation arc(u32, u32, u32);
            relation zero(u32, u32);
            relation one(u32, u32);
            relation dyck(u32, u32);
            zero(x, y) <-- arc(x, y, 0);
            one(x, y) <-- arc(x, y, 1);
            dyck(x, y) <-- zero(x, z), zero(z, y);
            dyck(x, y) <-- one(x, z), one(z, y);
            dyck(x, y) <-- zero(x, z), dyck(z, w), zero(w, y);
            dyck(x, y) <-- one(x, z), dyck(z, w), one(w, y);
            dyck(x, y) <-- dyck(x, z), dyck(z, y);
        }

        fn dyck() -> usize {
            let mut program = Dyck { arc: triples("arc").into_iter().collect(), ..Dyck::default() };
            program.run();
            program.dyck.iter().count()
        }

        ::ascent::$ascent! {
            struct Triangle;
            relation arc(u32, u32);
            relation triangle(u32, u32, u32);
            triangle(a, b, c) <-- arc(a, b), arc(b, c), arc(c, a);
        }

        fn triangle() -> usize {
            let mut program = Triangle { arc: pairs("arc").into_iter().collect(), ..Triangle::default() };
            program.run();
            program.triangle.iter().count()
        }
    };
}

pub(super) mod single {
    //! On one thread.
    programs!(ascent);
}

pub(super) mod parallel {
    //! On as many threads as `RAYON_NUM_THREADS` says.
    programs!(ascent_par);
}
