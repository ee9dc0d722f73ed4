//! What the documents show is what happens.
//!
//! - In `README.md` and `docs/`, a ```` ```console ```` block is a session of a shell: behind each `$` a command,
//!   below it what it prints. What stands behind ` | ` is left to the shell.
//! - A ```` ```entail ```` block is a program, and a ```` ```text ```` block behind it what `entail run` prints of it.
//! - A ```` ```entail NAME.dl ```` block is a file that the sessions below it can name.
//! - The tables between markers are made from the tables in the code.
//!
//! `UPDATE_DOCS=1 cargo test --test it docs` writes what happens into the documents.

use crate::command::{Folder, shipped};
use crate::programs::files;
use entail::commands::{COMMANDS, Group};
use entail::data::{BUILTINS, Notation, Type};
use entail::report::CODES;
use std::fs;
use std::io::Write;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The shipped knowledge, which every session has in its folder.
const SHIPPED: [&str; 2] = ["facts", "rules"];

#[test]
fn documents_show_what_happens() {
    let mut documents = vec![PathBuf::from("README.md")];
    documents.extend(files(Path::new("docs"), "md"));
    for path in documents {
        let written = fs::read_to_string(&path).expect("a document");
        let true_text = fill_tables(&run_blocks(&written));
        if std::env::var_os("UPDATE_DOCS").is_some() {
            fs::write(&path, &true_text).expect("a document can be written");
        } else if let Some((at, (shown, happens))) =
            written.lines().zip(true_text.lines()).enumerate().find(|(_, (shown, happens))| shown != happens)
        {
            panic!("{}:{} shows\n  {shown}\nbut what happens is\n  {happens}", path.display(), at + 1);
        } else {
            assert_eq!(written, true_text, "{}", path.display());
        }
    }
}

/// The document with what its blocks really print.
fn run_blocks(written: &str) -> String {
    let mut out = String::new();
    let mut program: Option<String> = None;
    let mut named: Vec<(String, String)> = Vec::new();
    let mut blocks = written.split_inclusive('\n').peekable();
    while let Some(line) = blocks.next() {
        out.push_str(line);
        let Some(kind) = line.trim_end().strip_prefix("```") else { continue };
        let mut body = String::new();
        let mut end = "";
        for line in blocks.by_ref() {
            if line.trim_end() == "```" {
                end = line;
                break;
            }
            body.push_str(line);
        }
        match kind {
            "console" => out.push_str(&run_console(&body, &named)),
            "entail" => {
                out.push_str(&body);
                program = Some(body);
            }
            "sh" => {
                run_commands(&body);
                out.push_str(&body);
            }
            "text" => match program.take() {
                Some(program) => out.push_str(&run_program(&program)),
                None => out.push_str(&body),
            },
            kind => {
                out.push_str(&body);
                if let Some(name) = kind.strip_prefix("entail ") {
                    named.push((name.to_owned(), body));
                }
            }
        }
        out.push_str(end);
    }
    out
}

/// A session of a shell in a folder with these files, with what its commands print, standard error included.
fn run_console(body: &str, named: &[(String, String)]) -> String {
    let files: Vec<(&str, &str)> = named.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    let mut out = String::new();
    for line in body.lines().filter(|line| line.starts_with("$ ")) {
        out.push_str(line);
        out.push('\n');
        let command =
            line.trim_start_matches("$ ").trim_start_matches("cargo run --release -- ").trim_start_matches("entail ");
        let (command, filter) = command.split_once(" | ").map_or((command, None), |(command, to)| (command, Some(to)));
        let words = words(command);
        let args: Vec<&str> = words.iter().map(String::as_str).collect();
        let folder = Folder::with(&files);
        for part in SHIPPED {
            symlink(shipped(part), folder.path(part)).expect("a link");
        }
        let ran = folder.run(&args);
        let said = ran.stdout + &ran.stderr;
        out.push_str(&filter.map_or(said.clone(), |filter| filtered(&said, filter)));
    }
    out
}

/// What a command of the system makes of a text.
fn filtered(text: &str, filter: &str) -> String {
    let mut shell = Command::new("sh");
    let mut child = shell.args(["-c", filter]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("a shell");
    let mut stdin = child.stdin.take().expect("a pipe");
    // `head` closes the pipe before it has read everything.
    let _ = stdin.write_all(text.as_bytes());
    drop(stdin);
    let output = child.wait_with_output().expect("the shell ends");
    String::from_utf8(output.stdout).expect("text")
}

/// Commands that a reader could type, on files like theirs: each succeeds.
fn run_commands(body: &str) {
    let mine = "reach(X, Y) :- edge(X, Y).\nreach(X, Z) :- reach(X, Y), edge(Y, Z).\n?- reach(a, X).\n";
    let folder = Folder::with(&[("mine.dl", mine), ("edge.csv", "x,y\na,b\nb,c\n"), ("statements", "p(a). p(X)?\n")]);
    for line in body.lines().filter_map(|line| line.strip_prefix("entail ")) {
        let line = line.split("  #").next().unwrap_or(line).trim();
        let (command, input) = line.split_once(" < ").map_or((line, ""), |(command, file)| (command, file));
        let input = if input.is_empty() { String::new() } else { folder.read(input) };
        let words = words(command);
        let args: Vec<&str> = words.iter().map(String::as_str).collect();
        let ran = folder.run_with_input(&args, &input);
        assert_eq!(ran.code, Some(0), "{line}: {}", ran.stderr);
    }
}

/// The words of a command line; single quotes hold words together.
fn words(line: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut quoted = false;
    for c in line.chars() {
        match c {
            '\'' => quoted = !quoted,
            ' ' if !quoted => words.push(String::new()),
            c => words.last_mut().expect("never empty").push(c),
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

fn run_program(program: &str) -> String {
    let ran = Folder::with(&[]).run_with_input(&["run", "-"], program);
    ran.stdout + &ran.stderr
}

/// The document with the tables between its markers.
fn fill_tables(text: &str) -> String {
    let text = fill(text, "builtins", &builtins());
    let text = fill(&text, "codes", &codes());
    let text = ["statements", "still-follows", "mistakes", "what-if", "rests-on"]
        .iter()
        .fold(text, |text, name| fill(&text, name, &transcript(name)));
    fill(&text, "commands", &commands())
}

/// A conversation that `transcripts` holds.
fn transcript(name: &str) -> String {
    let written = fs::read_to_string(format!("tests/transcripts/{name}.txt")).expect("a transcript");
    format!("```text\n{}```\n", crate::transcripts::hold(&written))
}

/// The table of commands as a manual, each with its conversation.
fn commands() -> String {
    let mut text = String::new();
    for group in Group::ALL {
        let title = group.title();
        text.push_str(&format!("### {}{}\n", title[..1].to_uppercase(), &title[1..]));
        for command in COMMANDS.iter().filter(|command| command.group == group) {
            let aliases: String = command.aliases.iter().map(|name| format!(", `.{name}`")).collect();
            text.push_str(&format!("\n#### `{}`{aliases}\n\n{}.", command.usage(), capital(command.help)));
            if !command.detail.is_empty() {
                text.push_str(&format!(" {}", command.detail));
            }
            text.push_str(&format!("\n\n{}", transcript(command.name)));
        }
        text.push('\n');
    }
    text
}

fn capital(text: &str) -> String {
    format!("{}{}", text[..1].to_uppercase(), &text[1..])
}

/// A part of a document that another test makes is as made.
pub(crate) fn holds(document: &str, marker: &str, made: &str) {
    let written = fs::read_to_string(document).expect("a document");
    let true_text = fill(&written, marker, made);
    if std::env::var_os("UPDATE_DOCS").is_some() {
        fs::write(document, &true_text).expect("a document can be written");
    } else {
        assert_eq!(written, true_text, "{document}");
    }
}

fn fill(text: &str, marker: &str, table: &str) -> String {
    let (open, close) = (format!("<!-- {marker} -->\n"), format!("<!-- /{marker} -->"));
    match (text.find(&open), text.find(&close)) {
        (Some(start), Some(end)) => format!("{}{table}{}", &text[..start + open.len()], &text[end..]),
        _ => text.to_owned(),
    }
}

fn builtins() -> String {
    let mut table = String::from("| written | gives | | for example |\n|---|---|---|---|\n");
    for row in BUILTINS {
        let params: Vec<&str> = row.params.iter().map(|ty| ty.name()).collect();
        let written = match row.notation {
            Notation::Infix => params.join(&format!(" {} ", row.name)),
            Notation::Prefix => format!("{}{}", row.name, params.concat()),
            Notation::Call if row.repeats => format!("{}({}, …)", row.name, params.join(", ")),
            Notation::Call => format!("{}({})", row.name, params.join(", ")),
            Notation::OneOf => format!("{} = {}({})", params[0], row.name, params[1..].join(", ")),
        };
        let several = if row.notation == Notation::OneOf { "each value" } else { "yes or no" };
        let gives = row.result.map_or(several, Type::name);
        let cell = |text: &str| text.replace('|', "\\|");
        table.push_str(&format!("| `{}` | {gives} | {} | `{}` |\n", cell(&written), row.doc, cell(row.example)));
    }
    table
}

fn codes() -> String {
    let rows = CODES.iter().map(|row| format!("| {} | {} |\n", row.id, row.title));
    format!("| code | |\n|---|---|\n{}", rows.collect::<String>())
}

#[test]
fn every_example_of_a_builtin_holds() {
    for row in BUILTINS {
        let program = format!("?- {}.\n", row.example);
        let printed = run_program(&program);
        let holds = printed == "holds\ntrue\n" || printed.starts_with("X\n");
        assert!(holds, "{}: {printed}", row.example);
    }
}
