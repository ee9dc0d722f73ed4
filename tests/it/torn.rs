//! Files are whole or as they were, wherever a run is killed or a call of the system fails.
//!
//! In: a run that writes two files over older ones. It is run again and again under `strace`, which kills it at every call
//! that it makes, and lets every call that may fail of a full or broken disk fail. Out: nothing, or the call after which a
//! file is neither the old nor the new one, or a failure that nobody is told of.

use crate::command::Folder;
use rayon::prelude::*;
use std::process::{Command, Output};

const PROGRAM: &str = ".decl p(x: number)\n.decl q(x: number)\np(1). p(2).\nq(X + 1) :- p(X).\n.output q\n.output p\n";
const OLD: &str = "x\n77\n";
const NEW: [(&str, &str); 2] = [("out/p.csv", "x\n1\n2\n"), ("out/q.csv", "x\n2\n3\n")];

/// What a run that writes calls, from its start on; not what it needs memory for, which differs from run to run.
const CALLS: &[&str] = &["openat", "mkdir", "write", "fsync", "renameat", "close", "statx", "fcntl", "read"];

/// Calls with which a disk says that it is full or broken.
const MAY_FAIL: &[(&str, &str)] = &[
    ("openat", "ENOSPC"),
    ("openat", "EACCES"),
    ("openat", "EMFILE"),
    ("write", "ENOSPC"),
    ("write", "EIO"),
    ("write", "EDQUOT"),
    ("fsync", "EIO"),
    ("renameat", "EIO"),
    ("renameat", "ENOSPC"),
    ("mkdir", "ENOSPC"),
];

fn is_there(command: &str) -> bool {
    Command::new(command).arg("-V").output().is_ok()
}

/// A folder with the program and older files; the run in it with something done to its calls.
fn run(inject: &str) -> (Folder, Output) {
    let folder = Folder::with(&[("p.dl", PROGRAM), ("out/p.csv", OLD), ("out/q.csv", OLD)]);
    let output = Command::new("strace")
        .args(["-f", "-qq", "-o", "/dev/null", "-e", inject, env!("CARGO_BIN_EXE_entail")])
        .args(["run", "p.dl", "-D", "out", "-j", "1", "--quiet"])
        .current_dir(folder.path(""))
        .output()
        .expect("strace runs");
    (folder, output)
}

/// The first file that is neither the old one nor the new one.
fn torn(folder: &Folder) -> Option<String> {
    let whole = |(file, new): &&(&str, &str)| [OLD, *new].contains(&folder.read(file).as_str());
    NEW.iter().find(|file| !whole(file)).map(|(file, _)| format!("{file} is {:?}", folder.read(file)))
}

/// How often a run makes a call.
fn count(call: &str) -> usize {
    let folder = Folder::with(&[("p.dl", PROGRAM), ("out/p.csv", OLD), ("out/q.csv", OLD)]);
    let made = Command::new("strace")
        .args(["-f", "-qq", "-o", "calls", "-e", &format!("trace={call}"), env!("CARGO_BIN_EXE_entail")])
        .args(["run", "p.dl", "-D", "out", "-j", "1", "--quiet"])
        .current_dir(folder.path(""))
        .status()
        .expect("strace runs");
    assert!(made.success(), "{call}");
    NEW.iter().for_each(|(file, new)| assert_eq!(folder.read(file), *new));
    folder.read("calls").lines().count()
}

#[test]
fn a_run_that_is_killed_leaves_every_file_whole() {
    if !is_there("strace") {
        assert!(std::env::var_os("ENTAIL_TEST_STRACE").is_none(), "strace is not installed");
        println!("strace is not installed: nothing was killed");
        return;
    }
    let points: Vec<(&str, usize)> =
        CALLS.iter().flat_map(|call| (1..=count(call)).map(move |at| (*call, at))).collect();
    assert!(points.len() > 60, "{} points", points.len());
    let wrong: Vec<String> = points
        .par_iter()
        .filter_map(|(call, at)| {
            let (folder, output) = run(&format!("inject={call}:signal=KILL:when={at}"));
            let killed = !output.status.success();
            let torn = torn(&folder).or((!killed).then(|| "the run was not killed".to_owned()))?;
            Some(format!("killed at {call} {at}: {torn}"))
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_call_that_fails_is_told_and_leaves_every_file_whole() {
    if !is_there("strace") {
        assert!(std::env::var_os("ENTAIL_TEST_STRACE").is_none(), "strace is not installed");
        println!("strace is not installed: nothing failed");
        return;
    }
    let points: Vec<(&str, &str, usize)> =
        MAY_FAIL.iter().flat_map(|(call, error)| (1..=count(call)).map(move |at| (*call, *error, at))).collect();
    let wrong: Vec<String> = points
        .par_iter()
        .filter_map(|(call, error, at)| {
            let (folder, output) = run(&format!("inject={call}:error={error}:when={at}"));
            let said = String::from_utf8_lossy(&output.stderr);
            let new = NEW.iter().all(|(file, new)| folder.read(file) == *new);
            let wrong = match output.status.code() {
                _ if torn(&folder).is_some() => torn(&folder),
                Some(0) if !new => Some("files are missing, and nobody was told".to_owned()),
                Some(0) => None,
                // What cannot even be started, the loader says.
                Some(127) => None,
                Some(3) if said.contains("error") && ["out", "p.dl"].iter().any(|file| said.contains(file)) => None,
                code => Some(format!("exit {code:?}, and it says {said:?}")),
            }?;
            Some(format!("{error} of {call} {at}: {wrong}"))
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
