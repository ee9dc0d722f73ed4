//! Every program of the corpus in Soufflé's dialect, beside what Soufflé itself makes of it: the same rows, or a refusal.
//!
//! Soufflé is what `ENTAIL_SOUFFLE_BIN` names, or what is called `souffle` on the path. Where it differs is held against
//! [`DIFFERENCES`], a program and the reason in each line.

use crate::installed_souffle::souffle_binary;
use crate::programs::{files, folders};
use rayon::iter::{IntoParallelRefIterator, ParallelIterator};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The programs of which Soufflé makes something else, and why.
static DIFFERENCES: &str = include_str!("beside-souffle.txt");

/// An instance that holds itself: Soufflé makes more and more of them, so it is not asked.
const ENDLESS: &str = "mistakes/endless";

#[test]
fn the_corpus_means_what_souffle_makes_of_it() {
    let Some(souffle) = souffle_binary() else {
        println!("skipped: `ENTAIL_SOUFFLE_BIN` names no Soufflé, and none is on the path");
        return;
    };
    let programs: Vec<PathBuf> =
        folders(Path::new("tests/souffle")).iter().flat_map(|topic| files(topic, "dl")).collect();
    let programs: Vec<PathBuf> = programs.into_iter().filter(|program| name(program) != ENDLESS).collect();
    let compared: Vec<(String, Option<String>)> =
        programs.par_iter().map(|program| (name(program), difference(&souffle, program))).collect();
    let differing: Vec<&(String, Option<String>)> = compared.iter().filter(|(_, it)| it.is_some()).collect();
    println!("{} of {} programs agree with Soufflé", compared.len() - differing.len(), compared.len());
    let listed: BTreeMap<&str, &str> = DIFFERENCES.lines().filter_map(|line| line.split_once(": ")).collect();
    for (name, difference) in differing {
        let difference = difference.as_deref().unwrap_or_default();
        assert!(listed.contains_key(name.as_str()), "{name}: {difference}");
    }
    let agree: BTreeSet<&str> = compared.iter().filter(|(_, it)| it.is_none()).map(|(name, _)| name.as_str()).collect();
    let stale: Vec<&&str> = listed.keys().filter(|name| agree.contains(**name)).collect();
    assert!(stale.is_empty(), "these agree and are no differences: {stale:?}");
}

/// `terms/numbers`
fn name(program: &Path) -> String {
    let topic = program.parent().and_then(Path::file_name).expect("a program lies in a topic");
    let name = program.file_stem().expect("a program has a name");
    format!("{}/{}", topic.to_string_lossy(), name.to_string_lossy())
}

/// What an engine makes of a program.
#[derive(Debug, PartialEq, Eq)]
enum Made {
    Refusal,
    /// The lines of each file that it wrote, those of standard output under no name.
    Rows(BTreeMap<String, BTreeSet<String>>),
}

fn difference(souffle: &Path, program: &Path) -> Option<String> {
    let theirs = made(Command::new(souffle).arg("--no-warn"), program);
    let ours = made(
        Command::new(env!("CARGO_BIN_EXE_entail")).args(["run", "--dialect", "souffle", "--quiet", "-j", "1"]),
        program,
    );
    (theirs != ours).then(|| format!("Soufflé makes {theirs:?} of it, and Entail {ours:?}"))
}

fn made(engine: &mut Command, program: &Path) -> Made {
    let out = tempfile::tempdir().expect("a folder");
    let program = program.canonicalize().expect("it is there");
    let folder = program.parent().expect("a folder");
    let ran = engine.current_dir(folder).arg("-D").arg(out.path()).arg("-F").arg(folder).arg(&program);
    let ran = ran.stdin(Stdio::null()).output().expect("it starts");
    if !ran.status.success() {
        return Made::Refusal;
    }
    let lines = |bytes: &[u8]| String::from_utf8_lossy(bytes).lines().map(str::to_owned).collect();
    let mut rows = BTreeMap::from([(String::new(), lines(&ran.stdout))]);
    for entry in fs::read_dir(out.path()).expect("a folder") {
        let path = entry.expect("an entry").path();
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        rows.insert(name, lines(&fs::read(&path).expect("it is readable")));
    }
    Made::Rows(rows)
}
