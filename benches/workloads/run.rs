//! Running workloads in engines that take turns.
//!
//! In: workloads, engines and how often. Out: for each workload what it cost in each engine, the median of the runs.
//! Promise: all engines found the same answer, or the difference is among the faults.

use crate::engines::{Found, Obstacle, Origin};
use crate::inputs::{Input, input};
use crate::measure::{Cost, Outcome, Start, measure};
use crate::workloads::{Group, Workload};
use std::io::{self, IsTerminal};
use std::time::Duration;

/// How much is measured.
pub(crate) struct Setting {
    pub(crate) seed: u64,
    pub(crate) runs: usize,
    /// How long one run may take.
    pub(crate) limit: Duration,
}

/// One workload in several engines.
pub(crate) struct Entry {
    pub(crate) workload: &'static Workload,
    pub(crate) scale: f64,
    /// How many rows were read.
    pub(crate) rows: u64,
    pub(crate) answer: Option<u64>,
    /// One for each engine, in their order.
    pub(crate) cells: Vec<Cell>,
}

impl Entry {
    /// The same in some of the engines.
    pub(crate) fn only(&self, engines: &[Found], some: &[Found]) -> Entry {
        let place = |found: &Found| engines.iter().position(|other| other.title() == found.title());
        let cells = some.iter().map(|found| place(found).map_or(Cell::Absent, |at| self.cells[at].clone())).collect();
        Entry { cells, ..*self }
    }
}

/// One workload in one engine.
#[derive(Debug, Clone)]
pub(crate) enum Cell {
    Done(Cost),
    Over,
    Failed,
    Absent,
}

impl Cell {
    /// Wall seconds, where it was done.
    pub(crate) fn wall(&self) -> Option<f64> {
        match self {
            Cell::Done(cost) => Some(cost.wall),
            Cell::Over | Cell::Failed | Cell::Absent => None,
        }
    }
}

/// What went wrong.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    /// What must not be: two answers, or code of this package that fails.
    pub(crate) errors: Vec<String>,
    /// Peers that fail at something.
    pub(crate) notes: Vec<String>,
}

/// An engine at work on a workload.
struct Turn {
    start: Option<Start>,
    costs: Vec<Cost>,
    cell: Cell,
}

/// Measures one workload at one scale.
pub(crate) fn entry(
    workload: &'static Workload,
    scale: f64,
    engines: &[Found],
    setting: &Setting,
    faults: &mut Faults,
) -> Entry {
    let made = input(workload, scale, setting.seed);
    let mut turns: Vec<Turn> = engines.iter().map(|engine| prepare(engine, workload, &made, faults)).collect();
    let mut answer = made.answer;
    for round in 0..setting.runs {
        // Another one begins each round, so that none is always the one that finds the machine cold.
        for at in (0..engines.len()).map(|at| (at + round) % engines.len()) {
            let (engine, turn) = (&engines[at], &mut turns[at]);
            let Some(start) = &turn.start else { continue };
            progress(&format!("{} at {scale}: {}, run {}", workload.name, engine.title(), round + 1));
            match measure(start, setting.limit) {
                Outcome::Done(cost, printed) => {
                    turn.costs.push(cost);
                    compare(engine, workload, scale, engine.count(&printed, workload), &mut answer, faults);
                }
                Outcome::Over => turn.give_up(Cell::Over),
                Outcome::Failed(words) => {
                    complain(engine, format!("{} at {scale}: {}: {words}", workload.name, engine.title()), faults);
                    turn.give_up(Cell::Failed);
                }
            }
        }
    }
    progress("");
    let cells = turns.into_iter().map(Turn::cell).collect();
    Entry { workload, scale, rows: made.rows, answer, cells }
}

impl Turn {
    fn give_up(&mut self, cell: Cell) {
        self.start = None;
        self.cell = cell;
    }

    fn cell(self) -> Cell {
        match (self.start, Cost::median(&self.costs)) {
            (Some(_), Some(cost)) => Cell::Done(cost),
            _ => self.cell,
        }
    }
}

fn prepare(engine: &Found, workload: &Workload, made: &Input, faults: &mut Faults) -> Turn {
    progress(&format!("{}: {} gets ready", workload.name, engine.title()));
    let (start, cell) = match engine.start(workload, made) {
        Ok(start) => (Some(start), Cell::Absent),
        Err(Obstacle::Absent) => (None, Cell::Absent),
        Err(Obstacle::Failed(words)) => {
            complain(engine, format!("{}: {}: {words}", workload.name, engine.title()), faults);
            (None, Cell::Failed)
        }
    };
    Turn { start, costs: Vec::new(), cell }
}

/// Says on the terminal, if there is one, what is going on now.
fn progress(text: &str) {
    if io::stderr().is_terminal() {
        eprint!("\r\x1b[K{text}");
    }
}

/// The first count is the answer, unless the generator knew it; every other one must be the same.
fn compare(
    engine: &Found,
    workload: &Workload,
    scale: f64,
    count: Option<u64>,
    answer: &mut Option<u64>,
    faults: &mut Faults,
) {
    let place = || format!("{} at {scale}: {}", workload.name, engine.title());
    match (count, *answer) {
        (None, _) => faults.errors.push(format!("{} prints no count of {}", place(), workload.answer)),
        (Some(count), Some(answer)) if count != answer => {
            faults.errors.push(format!("{} finds {count} rows, not {answer}", place()));
        }
        (Some(count), _) => *answer = Some(count),
    }
}

fn complain(engine: &Found, words: String, faults: &mut Faults) {
    match engine.engine.origin {
        Origin::Entail | Origin::Twin | Origin::Built => faults.errors.push(words),
        Origin::Peer => faults.notes.push(words),
    }
}

/// One question written in several ways has one answer.
pub(crate) fn agree(entries: &[Entry], faults: &mut Faults) {
    let ways = entries.iter().filter(|entry| entry.workload.group == Group::Ways);
    for pair in ways.collect::<Vec<_>>().windows(2) {
        if pair[0].scale == pair[1].scale && pair[0].answer != pair[1].answer {
            let (one, other) = (pair[0].workload.name, pair[1].workload.name);
            faults.errors.push(format!("{one} and {other} differ: {:?}, {:?}", pair[0].answer, pair[1].answer));
        }
    }
}
