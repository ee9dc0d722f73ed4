//! What one run of a program costs.
//!
//! In: a program to start and how long it may take. Out: wall time, processor time and peak memory of the whole process,
//! and what it printed. Each run has a process of its own for its parent: what a parent knows of its ended children is
//! then what this one child took.

use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::signal::{Signal, kill};
use nix::sys::time::TimeValLike;
use nix::unistd::Pid;
use std::ffi::{OsStr, OsString};
use std::path::PathBuf;
use std::process::{Command, ExitCode, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

/// How a program is started.
#[derive(Debug, Clone)]
pub(crate) struct Start {
    pub(crate) program: PathBuf,
    pub(crate) args: Vec<OsString>,
    pub(crate) folder: PathBuf,
    pub(crate) variables: Vec<(&'static str, String)>,
}

impl Start {
    /// A program, to be run in a folder.
    pub(crate) fn new(program: impl Into<PathBuf>, folder: impl Into<PathBuf>) -> Start {
        Start { program: program.into(), args: Vec::new(), folder: folder.into(), variables: Vec::new() }
    }

    /// The same with more arguments.
    pub(crate) fn args<T: AsRef<OsStr>>(mut self, args: impl IntoIterator<Item = T>) -> Start {
        self.args.extend(args.into_iter().map(|arg| arg.as_ref().to_owned()));
        self
    }

    /// The same with a variable of the environment.
    pub(crate) fn variable(mut self, name: &'static str, value: &str) -> Start {
        self.variables.push((name, value.to_owned()));
        self
    }
}

/// What a run took.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Cost {
    pub(crate) wall: f64,
    pub(crate) cpu: f64,
    /// The peak, in megabytes.
    pub(crate) memory: f64,
}

impl Cost {
    /// The median of each, where there is a run.
    pub(crate) fn median(costs: &[Cost]) -> Option<Cost> {
        let middle = |of: fn(&Cost) -> f64| {
            let mut values: Vec<f64> = costs.iter().map(of).collect();
            values.sort_by(f64::total_cmp);
            values.get(values.len() / 2).copied()
        };
        Some(Cost { wall: middle(|c| c.wall)?, cpu: middle(|c| c.cpu)?, memory: middle(|c| c.memory)? })
    }
}

/// How a run ended.
#[derive(Debug, Clone)]
pub(crate) enum Outcome {
    /// By itself and well, having printed this.
    Done(Cost, String),
    /// It took too long.
    Over,
    /// Badly, with these last words.
    Failed(String),
}

/// Runs a program once.
pub(crate) fn measure(start: &Start, limit: Duration) -> Outcome {
    let mut command = Command::new(std::env::current_exe().expect("this program's own path"));
    command.args(["--worker", "watch", &limit.as_millis().to_string()]).arg(&start.program).args(&start.args);
    command.current_dir(&start.folder).stdin(Stdio::null());
    command.envs(start.variables.iter().map(|(name, value)| (name, value)));
    let output = command.output().expect("this program can be started");
    let text = String::from_utf8_lossy(&output.stdout);
    let (first, rest) = text.split_once('\n').unwrap_or((&text, ""));
    let mut words = first.split(' ');
    match words.next() {
        Some("done") => {
            let mut number = || words.next().and_then(|word| word.parse().ok()).expect("wall, processor, memory");
            Outcome::Done(Cost { wall: number(), cpu: number(), memory: number() }, rest.to_owned())
        }
        Some("over") => Outcome::Over,
        _ => Outcome::Failed(rest.lines().take(6).collect::<Vec<_>>().join("\n")),
    }
}

/// The process between: starts the program, waits for it, and prints a line of what it took before what it printed.
pub(crate) fn watch(limit: Duration, program: &str, args: &[&str]) -> ExitCode {
    let mut command = Command::new(program);
    command.args(args).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let started = Instant::now();
    let child = match command.spawn() {
        Ok(child) => child,
        Err(error) => {
            println!("failed\n{program} cannot be started: {error}");
            return ExitCode::SUCCESS;
        }
    };
    let id = Pid::from_raw(i32::try_from(child.id()).expect("an id of a process"));
    let (ended, end) = mpsc::channel::<()>();
    let watcher = thread::spawn(move || {
        let is_over = end.recv_timeout(limit) == Err(mpsc::RecvTimeoutError::Timeout);
        is_over && kill(id, Signal::SIGKILL).is_ok()
    });
    let output = child.wait_with_output().expect("a child can be waited for");
    let wall = started.elapsed().as_secs_f64();
    drop(ended);
    let was_over = watcher.join().expect("a watcher only waits");
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN).expect("the system knows what its processes use");
    if was_over {
        println!("over");
    } else if output.status.success() {
        let cpu = usage.user_time().num_microseconds() + usage.system_time().num_microseconds();
        let unit = if cfg!(target_vendor = "apple") { 1e6 } else { 1e3 };
        println!("done {wall} {} {}", cpu as f64 / 1e6, usage.max_rss() as f64 / unit);
        // Standard output last: an answer there is the last line.
        print!("{}{}", String::from_utf8_lossy(&output.stderr), String::from_utf8_lossy(&output.stdout));
    } else {
        println!("failed");
        print!("{}: {}", output.status, String::from_utf8_lossy(&output.stderr));
    }
    ExitCode::SUCCESS
}
