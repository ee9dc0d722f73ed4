//! The oracle: random programs on every engine, held to what the slow twin says they mean.
//!
//! In: a range of seeds and the names of settings. Out: a table with a row for each setting. A program that differs is made
//! small, printed with its seed and written to a file beside the regressions, and the exit status is 1. Seeds may be run in
//! parts, whose tables add up.
//!
//! ```text
//! cargo run --release --example oracle -- --seed 0 --programs 20000
//! cargo run --release --example oracle -- --programs 100000 --setting "chains always" --setting "on demand"
//! ```

mod clingo;
// The generator, the engines and the rest are those of the tests; each uses a part of them.
#[allow(dead_code)]
#[path = "../../tests/it/engines.rs"]
mod engines;
#[allow(dead_code, unused_imports)]
#[path = "../../tests/it/generator/mod.rs"]
mod generator;
#[allow(dead_code)]
#[path = "../../tests/it/installed_souffle.rs"]
mod installed_souffle;
#[path = "../../tests/it/on_demand.rs"]
mod on_demand;
mod setting;
#[path = "../../tests/it/shrink.rs"]
mod shrink;
mod souffle;

use clap::Parser;
use setting::{Outcome, Setting, settings};
use std::num::NonZero;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

/// Holds every engine to the slow twin on random programs.
#[derive(Parser)]
struct Args {
    /// The first seed.
    #[arg(long, default_value_t = 0)]
    seed: u64,
    /// So many programs.
    #[arg(long, default_value_t = 20_000)]
    programs: u64,
    /// A setting to run; all of them without this.
    #[arg(long = "setting")]
    settings: Vec<String>,
    /// The folder in which programs that differ are written.
    #[arg(long, default_value = "tests/regressions")]
    write: PathBuf,
}

fn main() -> ExitCode {
    let args = Args::parse();
    let all = settings();
    if let Some(unknown) = args.settings.iter().find(|name| all.iter().all(|setting| setting.name != **name)) {
        let names: Vec<&str> = all.iter().map(|setting| setting.name).collect();
        eprintln!("no setting is called `{unknown}`; there are: {}", names.join(", "));
        return ExitCode::from(2);
    }
    let chosen =
        all.iter().filter(|setting| args.settings.is_empty() || args.settings.iter().any(|name| setting.name == *name));
    println!("{:<24}{:>12}{:>12}{:>12}{:>12}", "setting", "compared", "not empty", "faults", "different");
    let mut differences = 0;
    for setting in chosen {
        differences += run(setting, &args);
    }
    if differences == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// The program of a seed: of every eight, two are nothing but a recursion, and one is about rows that are not all kept.
fn text(seed: u64) -> String {
    match seed % 8 {
        3 | 7 => generator::recursion(seed),
        5 => generator::upkeep(seed),
        _ => generator::program(seed),
    }
}

/// What the programs of a setting came to.
#[derive(Default)]
struct Count {
    compared: usize,
    derived: usize,
    faults: usize,
    different: Vec<u64>,
}

impl Count {
    fn of(seed: u64, outcome: Outcome) -> Self {
        Count {
            compared: usize::from(outcome != Outcome::NoOpinion),
            derived: usize::from(outcome == Outcome::Derives),
            faults: usize::from(outcome == Outcome::Faults),
            different: if outcome == Outcome::Differs { vec![seed] } else { Vec::new() },
        }
    }

    fn and(mut self, other: Count) -> Self {
        self.compared += other.compared;
        self.derived += other.derived;
        self.faults += other.faults;
        self.different.extend(other.different);
        self
    }
}

fn run(setting: &Setting, args: &Args) -> usize {
    let next = AtomicU64::new(args.seed);
    let end = args.seed.saturating_add(args.programs);
    let work = || {
        let mut count = Count::default();
        loop {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            if seed >= end {
                return count;
            }
            count = count.and(Count::of(seed, setting.outcome(&text(seed))));
        }
    };
    // Not tasks of a pool: a task that waits for another pool begins the next one upon its own stack.
    let mut count = thread::scope(|scope| {
        let threads = thread::available_parallelism().map_or(1, NonZero::get);
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        workers.into_iter().map(|worker| worker.join().expect("it counts")).fold(Count::default(), Count::and)
    });
    count.different.sort_unstable();
    let Count { compared, derived, faults, different } = count;
    println!("{:<24}{compared:>12}{derived:>12}{faults:>12}{:>12}", setting.name, different.len());
    for seed in &different {
        let small = shrink::shrink(&text(*seed), |text| setting.outcome(text) == Outcome::Differs);
        let path = args.write.join(format!("{}-{seed}.dl", setting.name.replace(' ', "-")));
        println!("\nseed {seed}:\n{small}");
        if let Err(error) = std::fs::create_dir_all(&args.write).and_then(|()| std::fs::write(&path, small)) {
            eprintln!("{} cannot be written: {error}", path.display());
        }
    }
    different.len()
}
