//! What is measured: the table of workloads.
//!
//! In: nothing. Out: for each workload its program, what its input is like and what counts as its answer. A new workload
//! is a row here, a generator in `inputs` and a program in `benches/programs`.

use crate::inputs::{self, Input, Maker, PROGRAM};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// One program on one kind of input.
pub(crate) struct Workload {
    pub(crate) name: &'static str,
    pub(crate) group: Group,
    /// The file in `benches/programs`; where there is none, the generator writes the program beside the rows.
    file: Option<&'static str>,
    /// The relation whose rows are counted.
    pub(crate) answer: &'static str,
    /// What the program derives, for engines that want it declared.
    pub(crate) derived: &'static [Derived],
    pub(crate) make: fn(&mut Maker) -> io::Result<()>,
    /// The scale at which every engine is through in a moment, and the answer is not empty.
    pub(crate) quick: f64,
    /// What it is about.
    pub(crate) about: &'static str,
}

/// A derived relation of numbers.
pub(crate) struct Derived {
    pub(crate) relation: &'static str,
    pub(crate) columns: usize,
}

/// Why something is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Group {
    /// The engines side by side.
    Main,
    /// One question, written in several ways: the answers are the same, and the times should be.
    Ways,
    /// Reading files.
    Load,
    /// What should cost in proportion to its size.
    Growth,
}

/// Every workload.
pub(crate) static WORKLOADS: &[Workload] = &[
    Workload {
        name: "tc",
        group: Group::Main,
        file: Some("tc"),
        answer: "tc",
        derived: &[pairs("tc")],
        make: inputs::tc,
        quick: 0.25,
        about: "closure of a random graph: nearly every pair",
    },
    Workload {
        name: "sg",
        group: Group::Main,
        file: Some("sg"),
        answer: "sg",
        derived: &[pairs("sg")],
        make: inputs::sg,
        quick: 0.25,
        about: "same generation in a random graph",
    },
    Workload {
        name: "reach",
        group: Group::Main,
        file: Some("reach"),
        answer: "reach",
        derived: &[ones("reach")],
        make: inputs::reach,
        quick: 0.02,
        about: "what one node reaches over 8 million edges: mostly loading",
    },
    Workload {
        name: "csda",
        group: Group::Main,
        file: Some("csda"),
        answer: "null_node",
        derived: &[pairs("null_node")],
        make: inputs::csda,
        quick: 0.02,
        about: "null values along functions of 500 nodes",
    },
    Workload {
        name: "cspa",
        group: Group::Main,
        file: Some("cspa"),
        answer: "value_flow",
        derived: &[pairs("value_flow"), pairs("memory_alias"), pairs("value_alias")],
        make: inputs::cspa,
        quick: 0.02,
        about: "pointer analysis of many small functions, mutual recursion",
    },
    Workload {
        name: "andersen",
        group: Group::Main,
        file: Some("andersen"),
        answer: "points_to",
        derived: &[pairs("points_to")],
        make: inputs::andersen,
        quick: 0.05,
        about: "pointer analysis where every variable may meet every other, non-linear recursion",
    },
    Workload {
        name: "dyck",
        group: Group::Main,
        file: Some("dyck"),
        answer: "dyck",
        derived: &[pairs("zero"), pairs("one"), pairs("dyck")],
        make: inputs::dyck,
        quick: 0.05,
        about: "balanced brackets along a line",
    },
    Workload {
        name: "triangle",
        group: Group::Main,
        file: Some("triangle"),
        answer: "triangle",
        derived: &[Derived { relation: "triangle", columns: 3 }],
        make: inputs::triangle,
        quick: 0.002,
        about: "a cyclic body around a hub: any order of binary joins is quadratic",
    },
    Workload { name: "left", file: Some("left"), about: "closure, recursion first in the body", ..CLOSURE },
    Workload { name: "right", file: Some("right"), about: "closure, recursion last in the body", ..CLOSURE },
    Workload { name: "both", file: Some("both"), about: "closure, recursion on both sides", ..CLOSURE },
    Workload {
        name: "mutual",
        file: Some("mutual"),
        derived: &[pairs("closure"), pairs("step")],
        about: "closure through two relations",
        ..CLOSURE
    },
    Workload {
        name: "integers",
        group: Group::Load,
        file: Some("integers"),
        answer: "pair",
        derived: &[],
        make: inputs::integers,
        quick: 0.002,
        about: "8 million rows of two integers",
    },
    Workload {
        name: "strings",
        group: Group::Load,
        file: Some("strings"),
        answer: "person",
        derived: &[],
        make: inputs::strings,
        quick: 0.01,
        about: "1 million rows of three strings",
    },
    Workload {
        name: "dates",
        group: Group::Load,
        file: Some("dates"),
        answer: "day",
        derived: &[],
        make: inputs::dates,
        quick: 0.01,
        about: "1 million rows of a date and an integer",
    },
    Workload {
        name: "chain",
        file: Some("reach"),
        answer: "reach",
        derived: &[ones("reach")],
        make: inputs::chain,
        about: "a recursion 1,000,000 deep",
        ..GROWTH
    },
    Workload {
        name: "trickle",
        file: Some("reach"),
        answer: "reach",
        derived: &[ones("reach")],
        make: inputs::trickle,
        about: "1,000,000 rounds that add one row each to 1,000,000 known ones",
        ..GROWTH
    },
    Workload {
        name: "turns",
        file: Some("turns"),
        answer: "even",
        derived: &[ones("even"), ones("odd")],
        make: inputs::turns,
        about: "two relations that take 1,000,000 turns",
        ..GROWTH
    },
    Workload {
        name: "count",
        answer: "n",
        derived: &[ones("n")],
        make: inputs::count,
        about: "counting to 1,000,000, a round each",
        ..GROWTH
    },
    Workload {
        name: "rules",
        answer: "last",
        make: inputs::rules,
        quick: 0.01,
        about: "10,000 rules in one chain",
        ..GROWTH
    },
    Workload {
        name: "strata",
        answer: "last",
        make: inputs::strata,
        quick: 0.01,
        about: "3,000 strata, each the negation of the one before",
        ..GROWTH
    },
    Workload {
        name: "atoms",
        answer: "walk",
        make: inputs::atoms,
        quick: 0.1,
        about: "a body of 64 atoms over 20,000 rows",
        ..GROWTH
    },
    Workload {
        name: "columns",
        answer: "turned",
        make: inputs::columns,
        quick: 0.1,
        about: "255 columns, 2,000 rows",
        ..GROWTH
    },
];

const CLOSURE: Workload = Workload {
    name: "",
    group: Group::Ways,
    file: None,
    answer: "closure",
    derived: &[pairs("closure")],
    make: inputs::closure,
    quick: 0.02,
    about: "",
};

const GROWTH: Workload = Workload {
    name: "",
    group: Group::Growth,
    file: None,
    answer: "",
    derived: &[],
    make: inputs::chain,
    quick: 0.001,
    about: "",
};

const fn ones(relation: &'static str) -> Derived {
    Derived { relation, columns: 1 }
}

const fn pairs(relation: &'static str) -> Derived {
    Derived { relation, columns: 2 }
}

/// The workload of a name.
pub(crate) fn named(name: &str) -> Option<&'static Workload> {
    WORKLOADS.iter().find(|workload| workload.name == name)
}

impl Workload {
    /// What its input is called: one question written in several ways is asked of one input.
    pub(crate) fn input_name(&self) -> &'static str {
        match self.group {
            Group::Ways => "closure",
            Group::Main | Group::Load | Group::Growth => self.name,
        }
    }

    /// Where its program is.
    pub(crate) fn program(&self, input: &Input) -> PathBuf {
        self.shipped("dl").unwrap_or_else(|| input.folder.join(PROGRAM))
    }

    /// Its program as a query of a database, where there is one.
    pub(crate) fn sql(&self) -> Option<String> {
        fs::read_to_string(self.shipped("sql")?).ok()
    }

    fn shipped(&self, ending: &str) -> Option<PathBuf> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/programs");
        Some(folder.join(format!("{}.{ending}", self.file?)))
    }
}
