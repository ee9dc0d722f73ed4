//! How soon an answer comes: the first one on the shipped knowledge base, one more at the prompt, and a selective one on
//! a large model.
//!
//! In: how often to ask. Out: a row for each, in milliseconds. Promise: each got the answer it should, or a fault.

use crate::engines::{Found, Origin};
use crate::inputs::input;
use crate::measure::{Cost, Outcome, Start, measure};
use crate::run::{Faults, Setting};
use crate::workloads::named;

/// What was asked, and how long it took.
pub(crate) struct Answered {
    pub(crate) about: String,
    pub(crate) milliseconds: f64,
    /// The peak, in megabytes.
    pub(crate) memory: f64,
}

const QUESTION: &str = "diversifying_away(russia, R)?";

/// How many more questions are asked to tell what one more takes.
const MORE: usize = 100;

/// Asks everything of the Entail that may use most threads.
pub(crate) fn ask(engines: &[Found], scale: f64, setting: &Setting, faults: &mut Faults) -> Vec<Answered> {
    let Some(entail) = engines.iter().find(|found| found.engine.origin == Origin::Entail) else { return Vec::new() };
    let shipped = entail.again(env!("CARGO_MANIFEST_DIR"));
    let runs = setting.runs * 3;
    let mut asked = Vec::new();
    let mut push = |about: String, cost: Option<Cost>| {
        let cost = cost?;
        asked.push(Answered { about, milliseconds: cost.wall * 1e3, memory: cost.memory });
        Some(cost)
    };

    let first = shipped.clone().args(["query", "facts", "rules", "-q", QUESTION]);
    push(format!("`{QUESTION}` on the shipped knowledge base"), time(&first, runs, 1, setting, faults));

    let prompt = shipped.args(["facts", "rules"]);
    let one = time(&prompt.clone().args(["-c", QUESTION]), runs, 1, setting, faults);
    let many = prompt.args([["-c", QUESTION]; MORE + 1].concat());
    if let (Some(one), Some(many)) = (one, time(&many, runs, MORE + 1, setting, faults)) {
        let wall = (many.wall - one.wall) / MORE as f64;
        push("the same once more, at the prompt".to_owned(), Some(Cost { wall, ..many }));
    }

    let csda = named("csda").expect("a workload");
    let made = input(csda, scale, setting.seed);
    // Node 0 holds a null value and reaches the rest of its function.
    let reached = 499.min((400_000.0 * scale) as usize - 1);
    let load = ["--fact-dir", "."].map(str::to_owned);
    let program = csda.program(&made).display().to_string();
    let large = entail.again(&made.folder);
    let selective = large.clone().args(["query", &program, "-q", "null_node(0, Y)?"]).args(&load);
    let whole = large.args(["run", &program]).args(&load);
    push("csda whole".to_owned(), time(&whole, setting.runs, 0, setting, faults));
    push("csda, `null_node(0, Y)?`".to_owned(), time(&selective, setting.runs, reached, setting, faults));
    asked
}

/// The median of several runs, each of which answers with so many rows; 0 if its output is no answer.
fn time(start: &Start, runs: usize, rows: usize, setting: &Setting, faults: &mut Faults) -> Option<Cost> {
    let mut costs = Vec::new();
    for _ in 0..runs {
        match measure(start, setting.limit) {
            Outcome::Done(cost, printed) => {
                let answered = printed.lines().filter(|line| !line.is_empty() && !is_header(line)).count();
                if rows != 0 && answered != rows {
                    faults.errors.push(format!("{:?} answers {answered} rows, not {rows}", start.args));
                    return None;
                }
                costs.push(cost);
            }
            Outcome::Over => faults.notes.push(format!("{:?} is not done after {:?}", start.args, setting.limit)),
            Outcome::Failed(words) => faults.errors.push(format!("{:?}: {words}", start.args)),
        }
    }
    Cost::median(&costs)
}

/// The names of variables above the rows.
fn is_header(line: &str) -> bool {
    line.starts_with(|c: char| c.is_ascii_uppercase())
}
