//! Entail beside other engines, on whole programs.
//!
//! In: `cargo bench --bench workloads -- --help` tells. Out: what each workload costs in each engine, how many times
//! Entail's time that is, and with `--growth` how cost grows with size. Promise: it fails where two engines find
//! different answers.
//!
//! - `workloads`: the table of what is measured.
//! - `inputs`, `dice`: what it reads, from a seed.
//! - `engines`, `translate`: the table of who is measured, and the programs in their dialects.
//! - `workers`: the programs that are written in Rust, as processes of their own.
//! - `run`, `measure`: taking turns, and what one process costs.
//! - `questions`: how soon answers come.
//! - `report`, `plot`: tables and a picture.
//! - `cache`: where what is made once is kept.

mod cache;
mod dice;
mod engines;
mod inputs;
mod measure;
mod plot;
mod questions;
mod report;
mod run;
mod translate;
mod workers;
mod workloads;

use clap::Parser;
use engines::{Found, Origin};
use plot::{Line, Panel, Point};
use run::{Entry, Faults, Setting};
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;
use workloads::{Group, WORKLOADS, Workload};

/// Measures Entail beside other engines.
#[derive(Debug, Parser)]
#[command(name = "workloads")]
struct Args {
    /// Workloads to measure; the main ones if none is named
    #[arg(value_parser = clap::builder::PossibleValuesParser::new(WORKLOADS.iter().map(|workload| workload.name)))]
    names: Vec<String>,
    /// Run everything once, small, in what needs nothing installed: are the answers right?
    #[arg(long)]
    quick: bool,
    /// Measure how cost grows from half the size to the size, loading, and how soon answers come
    #[arg(long)]
    growth: bool,
    /// Multiplies the sizes of inputs
    #[arg(long, default_value_t = 1.0, value_parser = scale)]
    scale: f64,
    /// Makes other inputs of the same kind
    #[arg(long, default_value_t = 0)]
    seed: u64,
    /// How often each is run; the median counts
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u16).range(1..))]
    runs: u16,
    /// Threads, for engines that have them
    #[arg(long, default_value_t = 2, value_parser = clap::value_parser!(u16).range(1..))]
    threads: u16,
    /// Seconds that a run may take
    #[arg(long, default_value_t = 100)]
    timeout: u64,
    /// Measure only engines whose title holds this; may be given several times
    #[arg(long, value_name = "WORD")]
    engine: Vec<String>,
    /// Write the tables to a file: between its `<!-- measured -->` markers if it has them
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
    /// Measure tc, csda and reach at several sizes and draw time against size
    #[arg(long, value_name = "FILE")]
    plot: Option<PathBuf>,
    /// What Cargo says to every bench
    #[arg(long, hide = true)]
    bench: bool,
}

fn scale(text: &str) -> Result<f64, String> {
    match text.parse() {
        Ok(scale) if scale > 0.0 && scale <= 1000.0 => Ok(scale),
        _ => Err("not between 0 and 1000".to_owned()),
    }
}

fn main() -> ExitCode {
    let words: Vec<String> = env::args().skip(1).collect();
    match words.split_first() {
        Some((first, rest)) if first == "--worker" => worker(rest),
        _ => measure_all(&Args::parse()),
    }
}

/// One of the processes that this program starts itself as.
fn worker(words: &[String]) -> ExitCode {
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words[..] {
        ["watch", limit, program, ..] => {
            let limit = Duration::from_millis(limit.parse().expect("milliseconds"));
            measure::watch(limit, program, &words[3..])
        }
        ["make", name, scale, seed, folder] => {
            let workload = workloads::named(name).expect("a workload");
            let (scale, seed) = (scale.parse().expect("a scale"), seed.parse().expect("a seed"));
            inputs::make(workload, scale, seed, Path::new(folder)).expect("rows can be written");
            ExitCode::SUCCESS
        }
        [engine, workload] => {
            println!("{}", workers::solve(engine, workload).expect("a workload of this engine"));
            ExitCode::SUCCESS
        }
        _ => ExitCode::FAILURE,
    }
}

fn measure_all(args: &Args) -> ExitCode {
    let wanted = |found: &Found| {
        let title = found.title().to_lowercase();
        let is_named = args.engine.is_empty() || args.engine.iter().any(|word| title.contains(&word.to_lowercase()));
        is_named && !(args.quick && found.engine.origin == Origin::Peer)
    };
    let engines: Vec<Found> = engines::found(args.threads.into()).into_iter().filter(wanted).collect();
    if engines.is_empty() {
        eprintln!("no engine is called that");
        return ExitCode::from(2);
    }
    let setting = Setting {
        seed: args.seed,
        runs: if args.quick { 1 } else { args.runs.into() },
        limit: Duration::from_secs(args.timeout),
    };
    let mut bench = Bench { args, engines, setting, faults: Faults::default(), report: String::new() };
    if args.quick {
        bench.quick();
    } else if args.growth {
        bench.growth();
    } else {
        let entries = bench.side_by_side();
        if let Some(path) = &args.plot {
            let picture = bench.plot(&entries);
            fs::write(path, picture).expect("the picture can be written");
        }
    }
    bench.finish()
}

/// A whole run of this program.
struct Bench<'a> {
    args: &'a Args,
    engines: Vec<Found>,
    setting: Setting,
    faults: Faults,
    report: String,
}

impl Bench<'_> {
    /// The workloads that are named, or those of some groups.
    fn chosen(&self, groups: &[Group]) -> Vec<&'static Workload> {
        let names = &self.args.names;
        let is_chosen = |workload: &&Workload| {
            if names.is_empty() {
                groups.contains(&workload.group)
            } else {
                names.iter().any(|name| name == workload.name)
            }
        };
        WORKLOADS.iter().filter(is_chosen).collect()
    }

    fn entries(&mut self, workloads: &[&'static Workload], scale: f64) -> Vec<Entry> {
        let measure =
            |workload: &&'static Workload| run::entry(workload, scale, &self.engines, &self.setting, &mut self.faults);
        let entries: Vec<Entry> = workloads.iter().map(measure).collect();
        run::agree(&entries, &mut self.faults);
        entries
    }

    fn say(&mut self, title: &str, text: &str) {
        let section = format!("### {title}\n\n{text}\n");
        print!("{section}");
        self.report += &section;
    }

    fn circumstances(&mut self) {
        let text = report::circumstances(&self.engines, &self.setting) + "\n";
        print!("{text}");
        self.report += &text;
    }

    /// Everything once, each at a scale of its own.
    fn quick(&mut self) {
        let all = self.chosen(&[Group::Main, Group::Ways, Group::Load, Group::Growth]);
        let mut entries = Vec::new();
        for workload in all {
            entries.extend(self.entries(&[workload], workload.quick));
        }
        run::agree(&entries, &mut self.faults);
        let costs = report::costs(&entries, &self.engines, &self.setting);
        self.say("Once, small", &costs);
        self.questions(0.02);
    }

    fn side_by_side(&mut self) -> Vec<Entry> {
        self.circumstances();
        let entries = self.entries(&self.chosen(&[Group::Main]), self.args.scale);
        self.tables("Side by side", &entries);
        entries
    }

    fn tables(&mut self, title: &str, entries: &[Entry]) {
        let costs = report::costs(entries, &self.engines, &self.setting) + "\n" + &report::workloads(entries);
        self.say(title, &costs);
        let ratios = report::ratios(entries, &self.engines, &self.setting);
        self.say(&format!("Times the time of {}", self.engines[0].title()), &ratios);
    }

    fn growth(&mut self) {
        self.circumstances();
        let named = ["reach", "csda", "triangle"];
        let is_growing = |workload: &&'static Workload| {
            workload.group != Group::Main || !self.args.names.is_empty() || named.contains(&workload.name)
        };
        let mut chosen = self.chosen(&[Group::Main, Group::Growth, Group::Ways, Group::Load]);
        chosen.retain(is_growing);
        let halves = self.entries(&chosen, self.args.scale / 2.0);
        let wholes = self.entries(&chosen, self.args.scale);
        let growth = report::growth(&halves, &wholes, &self.engines, &self.setting);
        self.say("From half the size to the size", &(growth + "\n" + &report::workloads(&wholes)));
        let ratios = report::ratios(&wholes, &self.engines, &self.setting);
        self.say(&format!("Times the time of {}", self.engines[0].title()), &ratios);
        if self.args.names.is_empty() {
            self.questions(self.args.scale);
        }
    }

    fn questions(&mut self, scale: f64) {
        let asked = questions::ask(&self.engines, scale, &self.setting, &mut self.faults);
        if !asked.is_empty() {
            self.say("How soon an answer comes", &report::questions(&asked));
        }
    }

    /// Three workloads at several sizes, the largest of them perhaps measured already.
    fn plot(&mut self, measured: &[Entry]) -> String {
        let engines = engines::strongest(&self.engines);
        let panels = ["tc", "csda", "reach"].map(|name| {
            let workload = workloads::named(name).expect("a workload");
            let mut lines: Vec<Line> =
                engines.iter().map(|found| Line { name: found.name(), points: Vec::new() }).collect();
            let mut at_work = engines.clone();
            for part in [0.125, 0.25, 0.5, 0.75, 1.0] {
                let scale = self.args.scale * part;
                let known = measured.iter().find(|entry| entry.workload.name == name && entry.scale == scale);
                let entry = match known {
                    Some(known) => known.only(&self.engines, &at_work),
                    None => run::entry(workload, scale, &at_work, &self.setting, &mut self.faults),
                };
                let size = (entry.rows + entry.answer.unwrap_or(0)) as f64;
                for (found, cell) in at_work.iter().zip(&entry.cells) {
                    let line = lines.iter_mut().find(|line| line.name == found.name());
                    if let (Some(line), Some(seconds)) = (line, cell.wall()) {
                        line.points.push(Point { size, seconds });
                    }
                }
                // What was too slow for one size is not tried on a larger one.
                let is_through: Vec<bool> = entry.cells.iter().map(|cell| cell.wall().is_some()).collect();
                let mut at = is_through.iter();
                at_work.retain(|_| at.next() == Some(&true));
            }
            Panel { title: name.to_owned(), lines }
        });
        plot::draw(&panels)
    }

    /// Writes the report, says what went wrong.
    fn finish(mut self) -> ExitCode {
        let notes = report::notes(&self.faults);
        if !notes.is_empty() {
            self.say("What failed in other engines", &notes);
        }
        if let Some(path) = &self.args.report {
            report::write(path, &self.report).expect("the report can be written");
        }
        for error in &self.faults.errors {
            eprintln!("error: {error}");
        }
        if self.faults.errors.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
    }
}
