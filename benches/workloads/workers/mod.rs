//! What this program does when it is started as one of the measured processes.
//!
//! In: the name of an engine and of a workload; the rows are in the current folder. Out: the size of the answer, printed.

mod ascent;
mod datafrog;
mod hand_written;
mod rows;

/// One workload, written for one engine.
struct Solution {
    workload: &'static str,
    solve: fn() -> usize,
}

fn solutions(engine: &str) -> &'static [Solution] {
    match engine {
        "hand-written" => hand_written::SOLUTIONS,
        "ascent" => ascent::single::SOLUTIONS,
        "ascent-parallel" => ascent::parallel::SOLUTIONS,
        "datafrog" => datafrog::SOLUTIONS,
        _ => &[],
    }
}

/// Whether a workload is written for an engine.
pub(crate) fn can(engine: &str, workload: &str) -> bool {
    solutions(engine).iter().any(|solution| solution.workload == workload)
}

/// Solves a workload.
pub(crate) fn solve(engine: &str, workload: &str) -> Option<usize> {
    let solution = solutions(engine).iter().find(|solution| solution.workload == workload)?;
    Some((solution.solve)())
}
