//! Soufflé's own test programs, from a checkout that `ENTAIL_SOUFFLE` names: the same files with the same rows.
//!
//! The programs are those that Soufflé's own lists run. Rows are compared as sets of lines. What does not agree is held
//! against [`EXCEPTIONS`], a list with reasons, which may only shrink; it is printed by folder, and grouped by what was
//! first said of it. A copy of a repository may lack its largest files: where the checkout has no rows of a program, an
//! installed Soufflé is asked for them.

mod listed;

use crate::installed_souffle::souffle_binary;

use listed::{Listed, listed};
use rayon::iter::{IntoParallelRefIterator, ParallelIterator};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The suites whose programs are to be accepted and to give their rows.
const ANSWERED: [&str; 2] = ["evaluation", "example"];

/// The suites of what is accepted and what is refused.
const JUDGED: [&str; 2] = ["semantic", "syntactic"];

/// The programs that do not agree, below the reasons why.
static EXCEPTIONS: &str = include_str!("souffle-exceptions.txt");

#[test]
fn its_own_programs_give_the_same_rows() {
    let Some(checkout) = std::env::var_os("ENTAIL_SOUFFLE") else {
        println!("skipped: ENTAIL_SOUFFLE names no checkout of Soufflé");
        return;
    };
    let suites = ANSWERED.iter().chain(&JUDGED);
    let cases: Vec<Case> = suites.flat_map(|suite| cases(Path::new(&checkout), suite)).collect();
    let souffle = souffle_binary();
    let ran: Vec<(&Case, Verdict)> = cases.par_iter().map(|case| (case, case.run(souffle.as_deref()))).collect();
    tell(&ran);
    let is_worse = |verdict: &Verdict| matches!(verdict, Verdict::Differs(_));
    let failed: BTreeSet<&str> = ran.iter().filter(|(_, ran)| is_worse(ran)).map(|(case, _)| &*case.name).collect();
    let excepted: BTreeSet<&str> = exceptions().map(|(name, _)| name).collect();
    let list = |names: Vec<&&str>| names.into_iter().map(|name| format!("{name}\n")).collect::<String>();
    let (worse, better) = (list(failed.difference(&excepted).collect()), list(excepted.difference(&failed).collect()));
    assert!(worse.is_empty(), "these no longer agree:\n{worse}");
    assert!(better.is_empty(), "these agree now and are no exceptions:\n{better}");
}

#[test]
fn every_exception_has_a_reason() {
    let unexplained: Vec<&str> = exceptions().filter(|(_, reason)| reason.is_empty()).map(|(name, _)| name).collect();
    assert!(unexplained.is_empty(), "no reason stands above {unexplained:?}");
}

/// The names of [`EXCEPTIONS`], each with the reason above it; an empty line ends what a reason is given for.
fn exceptions() -> impl Iterator<Item = (&'static str, &'static str)> {
    let groups = EXCEPTIONS.split("\n\n").map(|group| group.trim().split_once('\n').unwrap_or((group, "")));
    groups.flat_map(|(first, names)| match first.strip_prefix("# ") {
        Some(reason) => names.lines().map(|name| (name, reason)).collect::<Vec<_>>(),
        None => std::iter::once(first).chain(names.lines()).map(|name| (name, "")).collect(),
    })
}

/// What became of a program.
enum Verdict {
    Agrees,
    /// It gives rows, but nobody says which it should give.
    NothingToCompare,
    /// In which way, in a line.
    Differs(String),
}

/// The lines of files by the files' names.
type RowsOfFiles = BTreeMap<String, BTreeSet<String>>;

/// One program with one folder of facts.
struct Case {
    /// `evaluation/access1`
    name: String,
    program: PathBuf,
    facts: PathBuf,
    /// Where the rows lie that should come out.
    expected: PathBuf,
    /// Whether it should be refused.
    refused: bool,
    /// Whether all rows go to standard output.
    to_stdout: bool,
    /// Where it includes files from.
    include_dirs: Vec<PathBuf>,
}

/// The programs of a suite, those that Soufflé itself runs.
fn cases(checkout: &Path, suite: &str) -> Vec<Case> {
    let folder = checkout.join("tests").join(suite);
    let text = fs::read_to_string(folder.join("CMakeLists.txt")).expect("a suite lists its programs");
    listed(&text).into_iter().flat_map(|listed| with_facts(&folder, suite, listed)).collect()
}

/// A program with each of its folders of facts.
fn with_facts(folder: &Path, suite: &str, listed: Listed) -> Vec<Case> {
    let Listed { name, refused, to_stdout, include_dirs, facts } = listed;
    let folder = folder.join(&name);
    let case = |facts: &str, expected: PathBuf, suffix: &str| Case {
        name: format!("{suite}/{name}{suffix}"),
        program: folder.join(format!("{name}.dl")),
        facts: folder.join(facts),
        expected,
        refused,
        to_stdout,
        include_dirs: include_dirs.iter().map(|name| folder.join(name)).collect(),
    };
    if facts.is_empty() {
        return vec![case("facts", folder.clone(), "")];
    }
    facts.iter().map(|it| case(it, folder.join(it), &format!("_{it}"))).collect()
}

impl Case {
    /// Runs it, and compares what comes out.
    fn run(&self, souffle: Option<&Path>) -> Verdict {
        self.compare(souffle).unwrap_or_else(Verdict::Differs)
    }

    fn compare(&self, souffle: Option<&Path>) -> Result<Verdict, String> {
        let out = tempfile::tempdir().expect("a folder");
        let ran = Command::new(env!("CARGO_BIN_EXE_entail"))
            .args(["run", "--dialect", "souffle", "--quiet", "--timeout", "60s", "-j", "1"])
            .arg(self.program.file_name().expect("a name"))
            .args([Path::new("-F"), &self.facts, Path::new("-D")])
            .arg(if self.to_stdout { Path::new("-") } else { out.path() })
            .args(self.include_dirs.iter().flat_map(|folder| [Path::new("-I"), folder]))
            .current_dir(self.folder())
            .output()
            .expect("it starts");
        let said = String::from_utf8_lossy(&ran.stderr);
        if self.refused {
            return if ran.status.success() { Err("accepted".into()) } else { Ok(Verdict::Agrees) };
        }
        if !ran.status.success() {
            let first = said.lines().find(|line| line.starts_with("error")).unwrap_or("nothing was said");
            return Err(first.to_owned());
        }
        let (mut expected, mut found) = (rows(&self.expected), rows(out.path()));
        found.extend(rows_of_databases(&self.expected, out.path()));
        if expected.is_empty() && !found.is_empty() {
            let Some(souffle) = souffle else { return Ok(Verdict::NothingToCompare) };
            expected = self.rows_of(souffle);
        }
        for (file, lines) in &expected {
            match found.get(file) {
                None => return Err(format!("no file {file}")),
                Some(found) if found != lines => return Err(differs(file, lines, found)),
                Some(_) => {}
            }
        }
        if let Some(file) = found.keys().find(|file| !expected.contains_key(*file)) {
            return Err(format!("one file too many: {file}"));
        }
        let printed = self.expected.join(self.program.with_extension("out").file_name().expect("a name"));
        let (expected, found) = (lines(&fs::read(printed).unwrap_or_default()), lines(&ran.stdout));
        if expected == found { Ok(Verdict::Agrees) } else { Err(differs("standard output", &expected, &found)) }
    }

    /// What Soufflé itself writes.
    fn rows_of(&self, souffle: &Path) -> RowsOfFiles {
        let out = tempfile::tempdir().expect("a folder");
        let ran = Command::new(souffle)
            .args([Path::new("-F"), &self.facts, Path::new("-D"), out.path()])
            .arg(&self.program)
            .current_dir(self.folder())
            .output()
            .expect("Soufflé starts");
        assert!(ran.status.success(), "{}: {}", self.name, String::from_utf8_lossy(&ran.stderr));
        rows(out.path())
    }

    fn folder(&self) -> &Path {
        self.program.parent().expect("a program lies in a folder")
    }
}

fn differs(what: &str, expected: &BTreeSet<String>, found: &BTreeSet<String>) -> String {
    let first = |one: &BTreeSet<String>, other| match one.difference(other).next() {
        Some(line) => format!("`{line}`"),
        None => "nothing".into(),
    };
    format!("differs in {what}: lacks {}, adds {}", first(expected, found), first(found, expected))
}

/// The rows of every `.csv` and `.json` in a folder.
fn rows(folder: &Path) -> RowsOfFiles {
    let Ok(entries) = fs::read_dir(folder) else { return BTreeMap::new() };
    let holds_rows = |path: &PathBuf| path.extension().is_some_and(|ending| ending == "csv" || ending == "json");
    let files = entries.map(|entry| entry.expect("an entry").path()).filter(holds_rows);
    let name = |path: &Path| path.file_name().expect("a name").to_string_lossy().into_owned();
    files.map(|path| (name(&path), lines(&fs::read(&path).expect("it is readable")))).collect()
}

/// The rows of databases, in files as Soufflé's own runner makes them: `B.sqlite.output.script` asks for those of `B.csv`.
#[cfg(feature = "sqlite")]
fn rows_of_databases(expected: &Path, out: &Path) -> RowsOfFiles {
    let entries = fs::read_dir(expected).expect("a folder").map(|entry| entry.expect("an entry").path());
    let mut files = BTreeMap::new();
    for script in entries.filter(|path| path.extension().is_some_and(|ending| ending == "script")) {
        let database = script.file_stem().expect("a name").to_string_lossy().into_owned();
        let Ok(connection) = rusqlite::Connection::open(out.join(&database)) else { continue };
        let query = fs::read_to_string(&script).expect("a script");
        let mut statement = connection.prepare(&query).expect("the relation was written");
        let rows = statement.query_map([], |row| row.get::<_, i64>(0).map(|number| number.to_string()));
        let rows = rows.expect("it has rows").collect::<Result<_, _>>().expect("the rows are numbers");
        files.insert(database.replace(".sqlite.output", ".csv"), rows);
    }
    files
}

#[cfg(not(feature = "sqlite"))]
fn rows_of_databases(_expected: &Path, _out: &Path) -> RowsOfFiles {
    BTreeMap::new()
}

fn lines(bytes: &[u8]) -> BTreeSet<String> {
    String::from_utf8_lossy(bytes).lines().map(str::to_owned).collect()
}

/// Prints how many agree by folder, and why the others do not.
fn tell(ran: &[(&Case, Verdict)]) {
    let mut by_suite: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    let mut by_reason: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for (case, verdict) in ran {
        let suite = case.name.split('/').next().unwrap_or_default();
        let (agree, all) = by_suite.entry(suite).or_default();
        *all += 1;
        match verdict {
            Verdict::Agrees => *agree += 1,
            Verdict::NothingToCompare => {
                println!("{}\tthe checkout has no rows of it, nor is Soufflé there", case.name)
            }
            Verdict::Differs(reason) => {
                println!("{}\t{reason}", case.name);
                by_reason.entry(kind(reason)).or_default().push(&case.name);
            }
        }
    }
    let mut reasons: Vec<_> = by_reason.into_iter().collect();
    reasons.sort_by_key(|(_, names)| std::cmp::Reverse(names.len()));
    println!();
    for (reason, names) in reasons {
        println!("{:4}  {reason}  {}", names.len(), names.iter().take(4).copied().collect::<Vec<_>>().join(" "));
    }
    println!();
    for (suite, (agree, all)) in by_suite {
        println!("{suite}: {agree} of {all} agree");
    }
}

/// A reason without what differs from program to program.
fn kind(reason: &str) -> String {
    if reason.starts_with("differs in") {
        return "other rows".into();
    }
    let quoted = |(at, part): (usize, &str)| if at % 2 == 1 { "…".to_owned() } else { part.to_owned() };
    reason.split('`').enumerate().map(quoted).collect::<Vec<_>>().join("`")
}
