//! Conversations, one file each: what is typed behind `> ` or `assuming 1> `, and below it what is answered.
//!
//! Each is held again with `--echo` and must go as written; the prompt's documentation shows the same files. Times are
//! written as `1 ms`, and folders as `~`. `UPDATE_DOCS=1 cargo test --test it transcripts` writes what happens.

use crate::command::{Folder, shipped};
use entail::commands::COMMANDS;
use entail::data::Dialect;
use entail::syntax::{Statement, first_statement};
use regex::Regex;
use std::fs;
use std::io::Write;
use std::path::Path;

/// The files that conversations are about.
const FILES: [(&str, &str); 7] = [
    ("road.csv", "from,to\nparis,lyon\nlyon,nice\n"),
    (
        "reach.dl",
        "/// {from} is connected with {to}.\n.decl reach(from: symbol, to: symbol)\n\
         reach(X, Y) :- road(X, Y).\nreach(X, Z) :- reach(X, Y), road(Y, Z).\n",
    ),
    ("lonely.dl", "lonely(X) :- town(X), not reach(_, X), not reach(X, _).\ntown(paris). town(ghent).\n"),
    ("steps.dl", "step(0).\nstep(N + 1) :- step(N), N < 5000.\n"),
    ("same.dl", "tie(a, b). tie(b, a).\ntie(X, Y) :- tie(Y, X).\n"),
    ("broken.dl", "road(paris, X).\n"),
    ("data/harbour.dl", "harbour(nice).\n"),
];

/// What is typed in a transcript.
struct Conversation {
    args: Vec<String>,
    script: String,
}

#[test]
fn conversations_go_as_they_are_written() {
    let mut entries: Vec<_> =
        fs::read_dir("tests/transcripts").expect("the folder").map(|entry| entry.expect("an entry").path()).collect();
    entries.sort();
    for path in entries {
        let written = fs::read_to_string(&path).expect("a transcript");
        let happens = hold(&written);
        if std::env::var_os("UPDATE_DOCS").is_some() {
            fs::write(&path, &happens).expect("a transcript can be written");
        } else {
            assert_eq!(written, happens, "{}", path.display());
        }
    }
}

#[test]
fn every_command_has_a_conversation_that_uses_it() {
    for command in COMMANDS {
        let path = format!("tests/transcripts/{}.txt", command.name);
        let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
        let uses =
            |typed: &str| typed.strip_prefix('.').and_then(|line| line.split_whitespace().next()) == Some(command.name);
        let used = text.lines().filter_map(typed).any(uses);
        assert!(used, "{path} does not use `.{}`", command.name);
    }
}

/// The transcript of what really happens.
pub(crate) fn hold(written: &str) -> String {
    let first = written.lines().next().expect("a transcript starts with its command");
    let Conversation { args, script } = read(written);
    let folder = Folder::with(&FILES);
    let args: Vec<String> = args.into_iter().map(|arg| if is_shipped(&arg) { shipped(&arg) } else { arg }).collect();
    let args: Vec<&str> = ["--echo"].into_iter().chain(args.iter().map(String::as_str)).collect();
    let mut command = folder.command(&args);
    command.env("EDITOR", "sed -i s/genoa/turin/").env("HOME", folder.path("home"));
    let mut child = command.spawn().expect("entail starts");
    let mut stdin = child.stdin.take().expect("a pipe");
    stdin.write_all(script.as_bytes()).expect("the script is read");
    drop(stdin);
    let output = child.wait_with_output().expect("entail ends");
    let said = String::from_utf8(output.stdout).expect("text") + &String::from_utf8(output.stderr).expect("text");
    let here = folder.path("").canonicalize().expect("the folder").display().to_string();
    let said = said.replace(&here, "~").replace(&format!("{}/", env!("CARGO_MANIFEST_DIR")), "");
    format!("{first}\n{}", timeless(&said))
}

fn is_shipped(arg: &str) -> bool {
    (arg == "facts" || arg == "rules") && Path::new(arg).exists()
}

/// The command line and the statements of a transcript.
fn read(written: &str) -> Conversation {
    let mut lines = written.lines().peekable();
    let first = lines.next().expect("a transcript starts with its command");
    let args = first.strip_prefix("$ entail").expect("a transcript starts with its command");
    let mut script = String::new();
    while let Some(line) = lines.next() {
        let Some(line) = typed(line) else { continue };
        let mut statement = line.to_owned();
        while matches!(first_statement(Dialect::Entail, &statement), Statement::Open(_))
            && let Some(more) = lines.next_if(|line| line.starts_with("  "))
        {
            statement = format!("{statement}\n{}", &more[2..]);
        }
        script.push_str(&format!("{statement}\n"));
        if statement == ".edit" {
            // What the editor left is shown as if it had been typed.
            lines.next();
        }
    }
    Conversation { args: args.split_whitespace().map(str::to_owned).collect(), script }
}

/// What is typed in a line, behind the prompt, which counts open layers of assumptions.
fn typed(line: &str) -> Option<&str> {
    let layers = line.strip_prefix("assuming ").map(|rest| rest.trim_start_matches(|c: char| c.is_ascii_digit()));
    layers.unwrap_or(line).strip_prefix("> ")
}

/// The text without what differs from run to run.
pub(crate) fn timeless(text: &str) -> String {
    let time = Regex::new(r"\b\d+(\.\d+)? (µs|ms|s)\b( {2,})?").expect("right");
    let text = time.replace_all(text, |found: &regex::Captures<'_>| match found.get(3) {
        Some(_) => "1 ms  ",
        None => "1 ms",
    });
    let memory = Regex::new(r"\d+(\.\d+)?[KMG] in use").expect("right");
    let text = memory.replace_all(&text, "5M in use");
    // A header, and the line below it, are as long as times are wide.
    let rule = Regex::new(r"(?m)^ time +(.*)\n─+$").expect("right");
    let header = |found: &regex::Captures<'_>| format!(" time    {}\n{}", &found[1], "─".repeat(72));
    rule.replace_all(&text, header).into_owned()
}
