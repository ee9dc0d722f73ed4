//! What was measured, as Markdown that also reads well on a terminal.
//!
//! In: entries. Out: tables, and a paragraph that says where and when they were measured.

use crate::engines::Found;
use crate::questions::Answered;
use crate::run::{Cell, Entry, Faults, Setting};
use std::fs;
use std::io;
use std::path::Path;
use std::process::Command;
use std::thread;

/// What each workload cost in each engine.
pub(crate) fn costs(entries: &[Entry], engines: &[Found], setting: &Setting) -> String {
    let shown = shown(entries, engines);
    let mut rows = vec![header("", "answer", &shown)];
    for entry in entries {
        let mut row = vec![name(entry), entry.answer.map_or("?".to_owned(), grouped)];
        row.extend(shown.iter().map(|(at, _)| cost(&entry.cells[*at], setting)));
        rows.push(row);
    }
    table(&rows)
}

/// How many times the time of the first engine each other one takes, and the geometric mean of that over the workloads
/// that it finishes.
pub(crate) fn ratios(entries: &[Entry], engines: &[Found], setting: &Setting) -> String {
    let others: Vec<_> = shown(entries, engines).into_iter().filter(|(at, _)| *at != 0).collect();
    let mut rows = vec![others.iter().map(|(_, title)| title.clone()).collect::<Vec<_>>()];
    rows[0].insert(0, String::new());
    let mut found: Vec<Vec<f64>> = vec![Vec::new(); others.len()];
    for entry in entries {
        let Some(base) = entry.cells.first().and_then(Cell::wall) else { continue };
        let mut row = vec![name(entry)];
        for ((at, _), found) in others.iter().zip(&mut found) {
            row.push(match &entry.cells[*at] {
                Cell::Done(cost) => {
                    found.push(cost.wall / base);
                    times(cost.wall / base)
                }
                Cell::Over => format!("over {}", times(setting.limit.as_secs_f64() / base)),
                Cell::Failed => "failed".to_owned(),
                Cell::Absent => "-".to_owned(),
            });
        }
        rows.push(row);
    }
    let mut means = vec!["geometric mean".to_owned()];
    means.extend(found.iter().map(|ratios| match geometric_mean(ratios) {
        Some(mean) => format!("{} of {}", times(mean), ratios.len()),
        None => "-".to_owned(),
    }));
    rows.push(means);
    table(&rows)
}

/// What half the size and the whole size of each workload cost, wall time and peak memory, and how many times the time
/// the second is.
pub(crate) fn growth(halves: &[Entry], wholes: &[Entry], engines: &[Found], setting: &Setting) -> String {
    let shown = shown(wholes, engines);
    let mut rows = vec![header("", "answers", &shown)];
    for (half, whole) in halves.iter().zip(wholes) {
        let answer = |entry: &Entry| entry.answer.map_or("?".to_owned(), grouped);
        let mut row = vec![name(whole), format!("{}, {}", answer(half), answer(whole))];
        row.extend(shown.iter().map(|(at, _)| match (&half.cells[*at], &whole.cells[*at]) {
            (Cell::Done(small), Cell::Done(large)) => {
                let ratio = times(large.wall / small.wall);
                let (small_memory, large_memory) = (memory(small.memory), memory(large.memory));
                format!("{}, {} s: {ratio}; {small_memory}, {large_memory}", seconds(small.wall), seconds(large.wall))
            }
            (_, cell) => cost(cell, setting),
        }));
        rows.push(row);
    }
    table(&rows)
}

/// How soon answers came.
pub(crate) fn questions(asked: &[Answered]) -> String {
    let mut rows = vec![vec!["question".to_owned(), "time".to_owned(), "memory".to_owned()]];
    rows.extend(asked.iter().map(|answered| {
        vec![answered.about.clone(), format!("{:.1} ms", answered.milliseconds), memory(answered.memory)]
    }));
    table(&rows)
}

/// What workloads are about.
pub(crate) fn workloads(entries: &[Entry]) -> String {
    entries.iter().map(|entry| format!("- {}: {}\n", entry.workload.name, entry.workload.about)).collect()
}

/// Where, when and how it was measured.
pub(crate) fn circumstances(engines: &[Found], setting: &Setting) -> String {
    let mut versions: Vec<String> = Vec::new();
    for engine in engines {
        let version = engine.version();
        let named = format!("{} {version}", engine.name());
        if !version.is_empty() && !versions.contains(&named) {
            versions.push(named);
        }
    }
    format!(
        "{}; {}, commit {}. Whole processes: start, load, evaluate, count. Wall seconds / processor seconds / peak \
         memory, the median of {} run{} in which the engines took turns, seed {}, at most {} s a run. What other engines \
         compile is not counted. {}.\n",
        machine(),
        jiff::Timestamp::now().strftime("%Y-%m-%d"),
        commit(),
        setting.runs,
        if setting.runs == 1 { "" } else { "s" },
        setting.seed,
        setting.limit.as_secs(),
        versions.join(", "),
    )
}

/// What peers could not do.
pub(crate) fn notes(faults: &Faults) -> String {
    let first = |note: &String| note.lines().next().unwrap_or_default().to_owned();
    faults.notes.iter().map(|note| format!("- {}\n", first(note))).collect()
}

/// Writes a report: between the markers of a document that has them, else as a document of its own.
pub(crate) fn write(path: &Path, report: &str) -> io::Result<()> {
    const OPEN: &str = "<!-- measured -->\n";
    const CLOSE: &str = "<!-- /measured -->";
    let before = fs::read_to_string(path).unwrap_or_default();
    let text = match (before.find(OPEN), before.find(CLOSE)) {
        (Some(open), Some(close)) => format!("{}{report}{}", &before[..open + OPEN.len()], &before[close..]),
        _ => report.to_owned(),
    };
    fs::write(path, text)
}

/// The engines that have anything to show, with their places.
fn shown(entries: &[Entry], engines: &[Found]) -> Vec<(usize, String)> {
    let has_any = |at: usize| entries.iter().any(|entry| !matches!(entry.cells[at], Cell::Absent));
    let titles = engines.iter().map(Found::title).enumerate();
    titles.filter(|(at, _)| has_any(*at)).collect()
}

fn header(first: &str, second: &str, shown: &[(usize, String)]) -> Vec<String> {
    let titles = shown.iter().map(|(_, title)| title.clone());
    [first.to_owned(), second.to_owned()].into_iter().chain(titles).collect()
}

fn name(entry: &Entry) -> String {
    if entry.scale == 1.0 {
        entry.workload.name.to_owned()
    } else {
        format!("{} at {}", entry.workload.name, entry.scale)
    }
}

fn cost(cell: &Cell, setting: &Setting) -> String {
    match cell {
        Cell::Done(cost) => format!("{} / {} / {}", seconds(cost.wall), seconds(cost.cpu), memory(cost.memory)),
        Cell::Over => format!("over {} s", setting.limit.as_secs()),
        Cell::Failed => "failed".to_owned(),
        Cell::Absent => "-".to_owned(),
    }
}

fn seconds(value: f64) -> String {
    if value < 0.1 { format!("{value:.3}") } else { format!("{value:.2}") }
}

fn memory(megabytes: f64) -> String {
    format!("{} MB", grouped(megabytes.round() as u64))
}

fn times(ratio: f64) -> String {
    match ratio {
        ..0.1 => format!("{ratio:.3}x"),
        0.1..10.0 => format!("{ratio:.2}x"),
        _ => format!("{}x", grouped(ratio.round() as u64)),
    }
}

/// `24,651,218`
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

fn geometric_mean(ratios: &[f64]) -> Option<f64> {
    let sum: f64 = ratios.iter().map(|ratio| ratio.ln()).sum();
    (!ratios.is_empty()).then(|| (sum / ratios.len() as f64).exp())
}

/// A table of Markdown, its columns as wide as their cells.
fn table(rows: &[Vec<String>]) -> String {
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..rows[0].len()).map(width).collect();
    let mut out = String::new();
    for (at, row) in rows.iter().enumerate() {
        let cells: Vec<_> = row.iter().zip(&widths).map(|(cell, &width)| format!("{cell:width$}")).collect();
        out += &format!("| {} |\n", cells.join(" | "));
        if at == 0 {
            let rules: Vec<_> = widths.iter().map(|&width| "-".repeat(width)).collect();
            out += &format!("|-{}-|\n", rules.join("-|-"));
        }
    }
    out
}

fn machine() -> String {
    let of_file = |path: &str, key: &str| -> Option<String> {
        let text = fs::read_to_string(path).ok()?;
        let line = text.lines().find(|line| line.starts_with(key))?;
        Some(line.split_once(':')?.1.trim().to_owned())
    };
    let processor = of_file("/proc/cpuinfo", "model name").unwrap_or_else(|| std::env::consts::ARCH.to_owned());
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let kilobytes = of_file("/proc/meminfo", "MemTotal").and_then(|text| text.split(' ').next()?.parse::<f64>().ok());
    let memory = kilobytes.map(|kilobytes| format!(", {:.0} GB", kilobytes / 1e6)).unwrap_or_default();
    format!("{processor}, {cores} core{}{memory}", if cores == 1 { "" } else { "s" })
}

fn commit() -> String {
    let git = |args: &[&str]| {
        let output = Command::new("git").args(args).current_dir(env!("CARGO_MANIFEST_DIR")).output().ok()?;
        output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
    };
    let Some(commit) = git(&["rev-parse", "--short", "HEAD"]) else { return "unknown".to_owned() };
    match git(&["status", "--porcelain", "--untracked-files=no"]) {
        Some(changes) if changes.is_empty() => commit,
        _ => format!("{commit} with changes"),
    }
}
