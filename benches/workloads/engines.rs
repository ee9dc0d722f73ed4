//! Who is measured: the table of engines.
//!
//! In: nothing but what is installed. Out: for each engine how it is found, how a workload is started in it, and where
//! its output tells the size of the answer. A new engine is a row here, and a dialect in `translate` if it has one.

use crate::cache;
use crate::inputs::Input;
use crate::measure::{Outcome, Start, measure};
use crate::translate;
use crate::workers;
use crate::workloads::{Group, Workload};
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

/// One engine, with one number of threads.
pub(crate) struct Engine {
    name: &'static str,
    pub(crate) threads: Threads,
    pub(crate) origin: Origin,
    /// The program, where it is installed.
    find: fn() -> Option<PathBuf>,
    version: fn(&Path) -> String,
    start: fn(&Job) -> Result<Start, Obstacle>,
    count: fn(&str, &Workload) -> Option<u64>,
}

/// How many threads an engine may use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Threads {
    One,
    /// As many as the run is given.
    Given,
}

/// Where an engine comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Origin {
    /// This package.
    Entail,
    /// This package on the programs in Soufflé's text.
    Twin,
    /// Code in this program: always there.
    Built,
    /// Whatever is installed.
    Peer,
}

/// Why a workload is not measured in an engine.
#[derive(Debug)]
pub(crate) enum Obstacle {
    /// It cannot be written there.
    Absent,
    /// It cannot be prepared there.
    Failed(String),
}

/// What an engine is to do.
struct Job<'a> {
    program: &'a Path,
    workload: &'a Workload,
    input: &'a Input,
    threads: usize,
}

/// An engine that is there.
#[derive(Clone)]
pub(crate) struct Found {
    pub(crate) engine: &'static Engine,
    program: PathBuf,
    threads: usize,
}

static ENGINES: &[Engine] = &[
    ENTAIL,
    Engine { threads: Threads::One, ..ENTAIL },
    Engine { name: "Entail on Soufflé's text", origin: Origin::Twin, start: entail_on_souffle, ..ENTAIL },
    built("hand-written", |_| String::new(), |job| worker(job, "hand-written")),
    ASCENT,
    Engine { threads: Threads::Given, start: |job| worker(job, "ascent-parallel"), ..ASCENT },
    built("datafrog", |_| locked("datafrog"), |job| worker(job, "datafrog")),
    SOUFFLE,
    Engine { name: "Soufflé interpreted", start: souffle_interpreted, ..SOUFFLE },
    Engine { threads: Threads::One, ..DATATOAD },
    DATATOAD,
    Engine {
        name: "FlowLog",
        threads: Threads::Given,
        origin: Origin::Peer,
        find: || on_path("flowlog-compiler"),
        version: |program| said(program, "--version", "flowlog-compiler "),
        start: flowlog,
        count: flowlog_count,
    },
    Engine {
        name: "Nemo",
        threads: Threads::One,
        origin: Origin::Peer,
        find: || on_path("nmo"),
        version: |program| said(program, "--version", "nemo-cli "),
        start: nemo,
        count: bare_count,
    },
    Engine {
        name: "DuckDB",
        threads: Threads::Given,
        origin: Origin::Peer,
        find: || on_path("duckdb"),
        version: |program| said(program, "--version", "v"),
        start: duckdb,
        count: bare_count,
    },
];

const ENTAIL: Engine = Engine {
    name: "Entail",
    threads: Threads::Given,
    origin: Origin::Entail,
    find: || Some(PathBuf::from(env!("CARGO_BIN_EXE_entail"))),
    version: |_| env!("CARGO_PKG_VERSION").to_owned(),
    start: entail,
    count: named_count,
};

const ASCENT: Engine = built("Ascent", |_| locked("ascent"), |job| worker(job, "ascent"));

const SOUFFLE: Engine = Engine {
    name: "Soufflé compiled",
    threads: Threads::Given,
    origin: Origin::Peer,
    find: || on_path("souffle"),
    version: |program| said(program, "--version", "Version: "),
    start: souffle_compiled,
    count: named_count,
};

const DATATOAD: Engine = Engine {
    name: "datatoad",
    threads: Threads::Given,
    origin: Origin::Peer,
    find: || on_path("datatoad"),
    version: |_| String::new(),
    start: datatoad,
    count: datatoad_count,
};

/// A worker of this program.
const fn built(name: &'static str, version: fn(&Path) -> String, start: fn(&Job) -> Result<Start, Obstacle>) -> Engine {
    let find = || env::current_exe().ok();
    Engine { name, threads: Threads::One, origin: Origin::Built, find, version, start, count: bare_count }
}

/// The engines that are there.
pub(crate) fn found(threads: usize) -> Vec<Found> {
    let there = |engine: &'static Engine| {
        let program = (engine.find)()?;
        let threads = match engine.threads {
            Threads::One => 1,
            Threads::Given => threads,
        };
        Some(Found { engine, program, threads })
    };
    ENGINES.iter().filter_map(there).collect()
}

impl Found {
    /// What it is called beside the others.
    pub(crate) fn title(&self) -> String {
        format!("{}, {} thread{}", self.engine.name, self.threads, if self.threads == 1 { "" } else { "s" })
    }

    /// What it is called among engines of which each has one number of threads.
    pub(crate) fn name(&self) -> &'static str {
        self.engine.name
    }

    /// Which version it is, if it says so.
    pub(crate) fn version(&self) -> String {
        (self.engine.version)(&self.program)
    }

    /// The engine itself, to be asked something else in a folder.
    pub(crate) fn again(&self, folder: impl Into<PathBuf>) -> Start {
        Start::new(&self.program, folder)
    }

    /// How a workload is started; what can be done before the clock runs is done.
    pub(crate) fn start(&self, workload: &Workload, input: &Input) -> Result<Start, Obstacle> {
        let is_ours = matches!(self.engine.origin, Origin::Entail | Origin::Twin);
        if workload.group == Group::Growth && !is_ours {
            return Err(Obstacle::Absent);
        }
        (self.engine.start)(&Job { program: &self.program, workload, input, threads: self.threads })
    }

    /// The size of the answer, from what was printed.
    pub(crate) fn count(&self, printed: &str, workload: &Workload) -> Option<u64> {
        (self.engine.count)(printed, workload)
    }
}

/// The engines, each with the most threads that it may use and in one language.
pub(crate) fn strongest(engines: &[Found]) -> Vec<Found> {
    let is_weaker = |found: &Found, other: &Found| found.name() == other.name() && found.threads < other.threads;
    let is_strongest = |found: &&Found| !engines.iter().any(|other| is_weaker(found, other));
    engines.iter().filter(|found| found.engine.origin != Origin::Twin).filter(is_strongest).cloned().collect()
}

fn entail(job: &Job) -> Result<Start, Obstacle> {
    let start = Start::new(job.program, &job.input.folder).args(["run", "--quiet", "--fact-dir", "."]);
    Ok(start.args(["--jobs", &job.threads.to_string()]).args([job.workload.program(job.input)]))
}

/// Numbers as wide as those of our own text.
fn entail_on_souffle(job: &Job) -> Result<Start, Obstacle> {
    let start = Start::new(job.program, &job.input.folder).args(["run", "--quiet", "--fact-dir", "."]);
    let start = start.args(["--dialect", "souffle", "--wide", "--jobs", &job.threads.to_string()]);
    Ok(start.args([souffle_program(job)?]))
}

/// Another process of this program.
fn worker(job: &Job, engine: &str) -> Result<Start, Obstacle> {
    if !workers::can(engine, job.workload.name) {
        return Err(Obstacle::Absent);
    }
    let start = Start::new(job.program, &job.input.folder).args(["--worker", engine, job.workload.name]);
    Ok(start.variable("RAYON_NUM_THREADS", &job.threads.to_string()))
}

/// Compiled to C++ and from there, once and before the clock runs.
fn souffle_compiled(job: &Job) -> Result<Start, Obstacle> {
    let program = souffle_program(job)?;
    let compiled = program.with_extension("");
    if !compiled.exists() {
        let compiler = Start::new(job.program, cache::folder("souffle"));
        prepare(compiler.args(["-j", &job.threads.to_string(), "-o"]).args([&compiled, &program]))?;
    }
    Ok(Start::new(compiled, &job.input.folder).args(["-F", ".", "-j", &job.threads.to_string()]))
}

fn souffle_interpreted(job: &Job) -> Result<Start, Obstacle> {
    let program = souffle_program(job)?;
    Ok(Start::new(job.program, &job.input.folder).args(["-F", ".", "-j", &job.threads.to_string()]).args([program]))
}

fn souffle_program(job: &Job) -> Result<PathBuf, Obstacle> {
    let text = text_without(&[": date"], job)?;
    write("souffle", job.workload, &translate::souffle(&text), "dl")
}

/// Compiled to Rust and from there, once and before the clock runs.
fn flowlog(job: &Job) -> Result<Start, Obstacle> {
    let text = text_without(&[": date", ": symbol"], job)?;
    let program = write("flowlog", job.workload, &translate::flowlog(&text, job.workload.derived), "dl")?;
    let compiled = program.with_extension("");
    if !compiled.exists() {
        // It looks for what it compiled where Cargo puts it by itself.
        let compiler = Start::new(job.program, cache::folder("flowlog")).variable("CARGO_TARGET_DIR", "target");
        let compiler = compiler.args([&program]);
        prepare(compiler.args(["-D", "-", "-o"]).args([&compiled]))?;
    }
    Ok(Start::new(compiled, &job.input.folder).args(["-w", &job.threads.to_string()]))
}

fn datatoad(job: &Job) -> Result<Start, Obstacle> {
    let text = text_without(&[": date", ": symbol"], job)?;
    let program = write("datatoad", job.workload, &translate::datatoad(&text), "dt")?;
    Ok(Start::new(job.program, &job.input.folder).args(["-w", &job.threads.to_string()]).args([program]))
}

fn nemo(job: &Job) -> Result<Start, Obstacle> {
    let text = text_without(&[": date", ": symbol"], job)?;
    let derived = job.workload.derived.iter().find(|derived| derived.relation == job.workload.answer);
    let columns = derived.map_or(2, |derived| derived.columns);
    let program = write("nemo", job.workload, &translate::nemo(&text, job.workload.answer, columns), "rls")?;
    Ok(Start::new(job.program, &job.input.folder).args(["--report", "none"]).args([program]))
}

fn duckdb(job: &Job) -> Result<Start, Obstacle> {
    let sql = job.workload.sql().ok_or(Obstacle::Absent)?;
    let start = Start::new(job.program, &job.input.folder).args(["-init", "/dev/null", "-csv", "-noheader", "-c"]);
    Ok(start.args([format!("SET threads = {}; {sql}", job.threads)]))
}

/// The program, in our words, where it holds none of these: what the engine has no words for.
fn text_without(unknown: &[&str], job: &Job) -> Result<String, Obstacle> {
    let text = fs::read_to_string(job.workload.program(job.input));
    let text = text.map_err(|error| Obstacle::Failed(error.to_string()))?;
    if unknown.iter().any(|unknown| text.contains(unknown)) { Err(Obstacle::Absent) } else { Ok(text) }
}

/// Writes a program where others compile it to; another text has another name.
fn write(folder: &str, workload: &Workload, text: &str, ending: &str) -> Result<PathBuf, Obstacle> {
    let name = format!("{}-{}.{ending}", workload.name, cache::hash(&[text]));
    let path = cache::folder(folder).join(name);
    fs::write(&path, text).map_err(|error| Obstacle::Failed(error.to_string()))?;
    Ok(path)
}

/// How long another engine may compile.
const PATIENCE: Duration = Duration::from_secs(1200);

fn prepare(start: Start) -> Result<(), Obstacle> {
    match measure(&start, PATIENCE) {
        Outcome::Done(..) => Ok(()),
        Outcome::Over => Err(Obstacle::Failed(format!("not compiled after {} s", PATIENCE.as_secs()))),
        Outcome::Failed(words) => Err(Obstacle::Failed(words)),
    }
}

/// `tc\t24651218`, on a line of its own.
fn named_count(printed: &str, workload: &Workload) -> Option<u64> {
    let of_answer = |line: &str| line.strip_prefix(workload.answer)?.strip_prefix('\t')?.trim().parse().ok();
    printed.lines().find_map(of_answer)
}

/// The last line is the number.
fn bare_count(printed: &str, _: &Workload) -> Option<u64> {
    printed.lines().last()?.trim().parse().ok()
}

/// `  3466 tc  [forms: Identity]`, once for each thread.
fn datatoad_count(printed: &str, workload: &Workload) -> Option<u64> {
    let mut counts = printed.lines().filter_map(|line| {
        let mut words = line.split_whitespace();
        let count: u64 = words.next()?.parse().ok()?;
        (words.next()? == workload.answer).then_some(count)
    });
    let first = counts.next()?;
    Some(first + counts.sum::<u64>())
}

/// `[size][tc] t=() size=24651218`
fn flowlog_count(printed: &str, workload: &Workload) -> Option<u64> {
    let line = printed.lines().find(|line| line.contains(&format!("[size][{}]", workload.answer)))?;
    line.split_once("size=")?.1.trim().parse().ok()
}

/// An installed program, where it really lies: some look for their parts beside themselves.
fn on_path(name: &str) -> Option<PathBuf> {
    let folders = env::var_os("PATH")?;
    let mut paths = env::split_paths(&folders).map(|folder| folder.join(name));
    paths.find(|path| path.is_file())?.canonicalize().ok()
}

/// The word behind others in what a program says of itself.
fn said(program: &Path, flag: &str, before: &str) -> String {
    let output = Command::new(program).arg(flag).output();
    let text = output.map(|output| String::from_utf8_lossy(&output.stdout).into_owned()).unwrap_or_default();
    let rest = text.split_once(before).map_or("", |(_, rest)| rest);
    rest.split_whitespace().next().unwrap_or_default().to_owned()
}

/// The version of a crate that this program was built with.
fn locked(name: &str) -> String {
    let behind = include_str!("../../Cargo.lock").split_once(&format!("name = \"{name}\"\nversion = \""));
    behind.and_then(|(_, rest)| rest.split('"').next()).unwrap_or_default().to_owned()
}
