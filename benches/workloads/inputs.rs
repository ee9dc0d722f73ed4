//! What the workloads read.
//!
//! In: a workload, a scale and a seed. Out: a folder of `.csv` files, one a relation, the same on every machine; kept
//! below the target folder, so that a later run finds it. Promise: a folder that is there is whole.

use crate::dice::Dice;
use crate::workloads::Workload;
use std::fmt::Display;
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::Command;

/// The file beside the rows that says how many there are, and the answer where the generator knows it.
const NOTE: &str = "note.txt";

/// The program of a workload that has none of its own among the shipped ones.
pub(crate) const PROGRAM: &str = "program.dl";

/// The rows of one workload.
#[derive(Debug, Clone)]
pub(crate) struct Input {
    pub(crate) folder: PathBuf,
    pub(crate) rows: u64,
    /// The size of the answer, where it is known beforehand.
    pub(crate) answer: Option<u64>,
}

/// The input of a workload. It is made by another process, so that this one stays small: a process begins with the
/// peak memory of the one that starts it.
pub(crate) fn input(workload: &Workload, scale: f64, seed: u64) -> Input {
    let generator = crate::cache::hash(&[include_str!("inputs.rs"), include_str!("dice.rs")]);
    let folder = crate::cache::folder("inputs").join(format!("{}-{scale}-{seed}-{generator}", workload.input_name()));
    if !folder.join(NOTE).exists() {
        let mut command = Command::new(std::env::current_exe().expect("this program's own path"));
        command.args(["--worker", "make", workload.name, &scale.to_string(), &seed.to_string()]).arg(&folder);
        let status = command.status().expect("this program can be started");
        assert!(status.success(), "the input of {} cannot be made", workload.name);
    }
    let note = fs::read_to_string(folder.join(NOTE)).expect("a note");
    let mut numbers = note.split_whitespace().map(|word| word.parse().expect("a number"));
    Input { folder, rows: numbers.next().expect("a number of rows"), answer: numbers.next() }
}

/// Makes the input of a workload where `input` looks for it.
pub(crate) fn make(workload: &Workload, scale: f64, seed: u64, folder: &Path) -> io::Result<()> {
    let draft = folder.with_extension(format!("draft-{}", std::process::id()));
    fs::create_dir_all(&draft)?;
    let dice = Dice::new(workload.input_name(), seed);
    let mut maker = Maker { folder: &draft, scale, dice, rows: 0, answer: None };
    (workload.make)(&mut maker)?;
    let answer = maker.answer.map(|answer| answer.to_string()).unwrap_or_default();
    fs::write(draft.join(NOTE), format!("{} {answer}\n", maker.rows))?;
    match fs::rename(&draft, folder) {
        // Another run was faster; its rows are the same.
        Err(_) if folder.join(NOTE).exists() => fs::remove_dir_all(&draft),
        renamed => renamed,
    }
}

/// What a generator draws from and writes to.
pub(crate) struct Maker<'a> {
    folder: &'a Path,
    scale: f64,
    dice: Dice,
    rows: u64,
    answer: Option<u64>,
}

impl Maker<'_> {
    /// A size at this scale.
    fn sized(&self, size: u32) -> u32 {
        ((f64::from(size) * self.scale) as u32).max(2)
    }

    /// Writes a relation.
    fn write<const N: usize, T: Display>(
        &mut self,
        relation: &str,
        rows: impl IntoIterator<Item = [T; N]>,
    ) -> io::Result<()> {
        let mut out = BufWriter::new(File::create(self.folder.join(format!("{relation}.csv")))?);
        for row in rows {
            self.rows += 1;
            for (column, value) in row.iter().enumerate() {
                write!(out, "{}{value}", if column == 0 { "" } else { "," })?;
            }
            writeln!(out)?;
        }
        out.flush()
    }

    /// Writes the program.
    fn program(&self, text: &str) -> io::Result<()> {
        fs::write(self.folder.join(PROGRAM), text)
    }

    /// Edges between random nodes, each once and none from a node to itself.
    fn random_graph(&mut self, nodes: u32, edges: u32) -> Vec<[u32; 2]> {
        let mut rows: Vec<_> = (0..edges).map(|_| [self.dice.below(nodes), self.dice.below(nodes)]).collect();
        rows.retain(|[x, y]| x != y);
        once(rows)
    }

    /// Chains of so many nodes, and in them a shortcut from about each seventh.
    fn functions(&mut self, nodes: u32, length: u32) -> Vec<[u32; 2]> {
        let mut rows: Vec<_> = (0..nodes - 1).map(|x| [x, x + 1]).filter(|[_, y]| y % length != 0).collect();
        for x in (0..nodes - 1).step_by(7) {
            let y = (x + self.dice.between(2, 40)).min(nodes - 1);
            if x / length == y / length {
                rows.push([x, y]);
            }
        }
        once(rows)
    }
}

fn once<const N: usize>(mut rows: Vec<[u32; N]>) -> Vec<[u32; N]> {
    rows.sort_unstable();
    rows.dedup();
    rows
}

/// Dense closure: nearly every pair.
pub(crate) fn tc(to: &mut Maker) -> io::Result<()> {
    let nodes = to.sized(5000);
    let arcs = to.random_graph(nodes, (f64::from(nodes).powi(2) * 0.001) as u32);
    to.write("arc", arcs)
}

/// Same generation.
pub(crate) fn sg(to: &mut Maker) -> io::Result<()> {
    let nodes = to.sized(2000);
    let arcs = to.random_graph(nodes, (f64::from(nodes).powi(2) * 0.002) as u32);
    to.write("arc", arcs)
}

/// One source in a skewed graph: mostly loading.
pub(crate) fn reach(to: &mut Maker) -> io::Result<()> {
    let (nodes, edges) = (to.sized(1_000_000), to.sized(8_000_000));
    let arcs: Vec<_> = (0..edges).map(|_| [skewed(&mut to.dice, nodes), to.dice.below(nodes)]).collect();
    to.write("arc", arcs)?;
    to.write("source", [[1]])
}

fn skewed(dice: &mut Dice, nodes: u32) -> u32 {
    (f64::from(nodes) * dice.unit().powi(2)) as u32
}

/// Null values that flow along functions of 500 nodes. Node 0 holds one, for the question that is asked of this.
pub(crate) fn csda(to: &mut Maker) -> io::Result<()> {
    let nodes = to.sized(400_000);
    let edges = to.functions(nodes, 500);
    to.write("edge", edges)?;
    let mut nulls = vec![[0, 1]];
    for _ in 0..to.sized(60_000) {
        let drawn = to.dice.below(nodes);
        let start = drawn / 500 * 500 + drawn % 60;
        nulls.push([start, start + 1]);
    }
    to.write("null_edge", once(nulls))
}

/// Pointer analysis: functions of 60 variables and a few links across.
pub(crate) fn cspa(to: &mut Maker) -> io::Result<()> {
    let (functions, variables) = (to.sized(2500), 60);
    let (mut assign, mut dereference) = (Vec::new(), Vec::new());
    for function in 0..functions {
        let first = function * variables;
        let mut draw = |rows: &mut Vec<[u32; 2]>, low, high| {
            for _ in 0..to.dice.between(low, high) {
                rows.push([first + to.dice.below(variables), first + to.dice.below(variables)]);
            }
        };
        draw(&mut assign, 25, 45);
        draw(&mut dereference, 15, 25);
    }
    for _ in 0..to.sized(600) {
        assign.push([to.dice.below(functions * variables), to.dice.below(functions * variables)]);
    }
    to.write("assign", once(assign))?;
    to.write("dereference", once(dereference))
}

/// Pointer analysis without functions: every variable may meet every other.
pub(crate) fn andersen(to: &mut Maker) -> io::Result<()> {
    let variables = to.sized(6000);
    for (relation, rows) in [("address_of", 4000), ("assign", 3600), ("load", 450), ("store", 450)] {
        let rows = to.sized(rows);
        let rows: Vec<_> = (0..rows).map(|_| [to.dice.below(variables), to.dice.below(variables)]).collect();
        to.write(relation, once(rows))?;
    }
    Ok(())
}

/// Balanced brackets of two kinds along a line.
pub(crate) fn dyck(to: &mut Maker) -> io::Result<()> {
    let (nodes, arcs) = (to.sized(6000), to.sized(9000));
    let mut rows = Vec::new();
    for _ in 0..arcs {
        let x = to.dice.below(nodes);
        let y = (x + to.dice.below(61)).saturating_sub(30).min(nodes - 1);
        rows.push([x, y, to.dice.below(2)]);
    }
    to.write("arc", once(rows))
}

/// A cyclic body, and a hub that makes every order of binary joins quadratic.
pub(crate) fn triangle(to: &mut Maker) -> io::Result<()> {
    let spokes = to.sized(300_000);
    let out = (1..=spokes).map(|x| [0, x]);
    let back = (1..=spokes).map(|x| [x, 0]);
    let rim = (1..=spokes).map(|x| [x, x + 1]);
    // Each edge of the rim but the last closes one triangle, told from each of its corners.
    to.answer = Some(u64::from(spokes - 1) * 3);
    to.write("arc", out.chain(back).chain(rim))
}

/// The closure of functions of 100 nodes, which the ways to write it share.
pub(crate) fn closure(to: &mut Maker) -> io::Result<()> {
    let nodes = to.sized(40_000);
    let arcs = to.functions(nodes, 100);
    to.write("arc", arcs)
}

/// Rows of two integers.
pub(crate) fn integers(to: &mut Maker) -> io::Result<()> {
    let (rows, nodes) = (to.sized(8_000_000), to.sized(1_000_000));
    // The first number tells the rows apart, so that the answer is known.
    let rows: Vec<_> = (0..rows).map(|x| [x, to.dice.below(nodes)]).collect();
    to.answer = Some(rows.len() as u64);
    to.write("pair", rows)
}

/// Rows of three strings: one of its own, one of many, one of few.
pub(crate) fn strings(to: &mut Maker) -> io::Result<()> {
    let rows = to.sized(1_000_000);
    let of_many = to.sized(200_000);
    let mut drawn = Vec::new();
    for x in 0..rows {
        let place = to.dice.below(of_many);
        let kind = to.dice.below(50);
        drawn.push([format!("person_{x:07}"), format!("Street of Place {place}"), format!("kind_{kind}")]);
    }
    to.answer = Some(u64::from(rows));
    to.write("person", drawn)
}

/// Rows of a date and a number.
pub(crate) fn dates(to: &mut Maker) -> io::Result<()> {
    let rows = to.sized(1_000_000);
    let mut drawn = Vec::new();
    for x in 0..rows {
        let (year, month, day) = (to.dice.between(1900, 2030), to.dice.between(1, 13), to.dice.between(1, 29));
        drawn.push([format!("{year}-{month:02}-{day:02}"), x.to_string()]);
    }
    to.answer = Some(u64::from(rows));
    to.write("day", drawn)
}

/// A recursion as deep as the chain is long: a round for each edge, and one new row in each.
pub(crate) fn chain(to: &mut Maker) -> io::Result<()> {
    let edges = to.sized(1_000_000);
    to.answer = Some(u64::from(edges) + 1);
    to.write("source", [[0]])?;
    to.write("arc", (0..edges).map(|x| [x, x + 1]))
}

/// The same behind as many rows as there are rounds: each round must cost what is new in it, not what is known.
pub(crate) fn trickle(to: &mut Maker) -> io::Result<()> {
    let edges = to.sized(1_000_000);
    to.answer = Some(2 * u64::from(edges));
    // The known rows have no edges out of them, besides the first one's.
    to.write("source", (0..edges).map(|x| [2 * x + 1]))?;
    to.write("arc", (0..edges).map(|x| [if x == 0 { 1 } else { 2 * x }, 2 * x + 2]))
}

/// The same through two relations that take turns.
pub(crate) fn turns(to: &mut Maker) -> io::Result<()> {
    let edges = to.sized(1_000_000);
    to.answer = Some(u64::from(edges) / 2 + 1);
    to.write("source", [[0]])?;
    to.write("arc", (0..edges).map(|x| [x, x + 1]))
}

/// A recursion that counts: a round for each number.
pub(crate) fn count(to: &mut Maker) -> io::Result<()> {
    let numbers = to.sized(1_000_000);
    to.answer = Some(u64::from(numbers));
    to.program(&format!(".printsize n\nn(0).\nn(X + 1) :- n(X), X < {}.\n", numbers - 1))
}

/// A chain of rules, each relation derived from the one before it.
pub(crate) fn rules(to: &mut Maker) -> io::Result<()> {
    let rules = to.sized(10_000);
    let mut text = declared("p0", "x: number") + &format!(".printsize last\nlast(X) :- p{rules}(X).\n");
    for rule in 1..=rules {
        text += &format!("p{rule}(X) :- p{}(X).\n", rule - 1);
    }
    to.answer = Some(100);
    to.write("p0", (0..100).map(|x| [x]))?;
    to.program(&text)
}

/// A chain of negations, each a stratum of its own.
pub(crate) fn strata(to: &mut Maker) -> io::Result<()> {
    let strata = to.sized(3000);
    let mut text = declared("p0", "x: number") + &declared("all", "x: number");
    text += &format!(".printsize last\nlast(X) :- p{strata}(X).\n");
    for stratum in 1..=strata {
        text += &format!("p{stratum}(X) :- all(X), not p{}(X).\n", stratum - 1);
    }
    to.answer = Some(if strata.is_multiple_of(2) { 40 } else { 60 });
    to.write("all", (0..100).map(|x| [x]))?;
    to.write("p0", (0..40).map(|x| [x]))?;
    to.program(&text)
}

/// A body of many atoms, each bound to the next.
pub(crate) fn atoms(to: &mut Maker) -> io::Result<()> {
    let atoms = to.sized(64);
    let nodes = 20_000;
    let body: Vec<_> = (0..atoms).map(|x| format!("arc(X{x}, X{})", x + 1)).collect();
    let head = format!("walk(X0, X{atoms})");
    to.answer = Some(u64::from(nodes + 1 - atoms));
    to.write("arc", (0..nodes).map(|x| [x, x + 1]))?;
    to.program(&format!("{}.printsize walk\n{head} :- {}.\n", declared("arc", "x: number, y: number"), body.join(", ")))
}

/// A relation of many columns, joined on its first one and turned around.
pub(crate) fn columns(to: &mut Maker) -> io::Result<()> {
    let columns = to.sized(255);
    let rows = 2000;
    let typed: Vec<_> = (0..columns).map(|x| format!("x{x}: number")).collect();
    let variables: Vec<_> = (0..columns).map(|x| format!("X{x}")).collect();
    let turned: Vec<_> = variables.iter().rev().map(String::as_str).collect();
    let mut out = BufWriter::new(File::create(to.folder.join("wide.csv"))?);
    for row in 0..rows {
        let values: Vec<_> = (0..columns).map(|column| (row + column).to_string()).collect();
        writeln!(out, "{}", values.join(","))?;
    }
    out.flush()?;
    to.rows += rows as u64;
    to.answer = Some(rows as u64 / 2);
    to.write("key", (0..rows).step_by(2).map(|x| [x]))?;
    let declared = declared("wide", &typed.join(", ")) + &declared("key", "x: number");
    let (variables, turned) = (variables.join(", "), turned.join(", "));
    to.program(&format!("{declared}.printsize turned\nturned({turned}) :- key(X0), wide({variables}).\n"))
}

fn declared(relation: &str, columns: &str) -> String {
    format!(".decl {relation}({columns})\n.input {relation}(IO=file, filename=\"{relation}.csv\", delimiter=\",\")\n")
}
