//! What a package ships beside the command: completions for shells, and a manual page.

use crate::command::Folder;
use std::io::Write;
use std::process::{Command, Output, Stdio};

#[test]
fn every_shell_reads_its_completions() {
    for (shell, checker) in [
        ("bash", &["bash", "-n"][..]),
        ("zsh", &["zsh", "-n"]),
        ("fish", &["fish", "--no-execute"]),
        ("elvish", &[]),
        ("powershell", &[]),
    ] {
        let script = print(&["completions", shell]);
        for word in words() {
            assert!(script.contains(word.trim_start_matches('-')), "{shell} lacks {word}");
        }
        if let Some(output) = piped(checker, &script) {
            assert!(output.status.success() && output.stderr.is_empty(), "{shell}: {output:?}");
        }
    }
    assert_eq!(Folder::with(&[]).run(&["completions", "sh"]).code, Some(2));
}

#[test]
fn bash_completes_a_flag() {
    let script = print(&["completions", "bash"])
        + "\nCOMP_WORDS=(entail graph --form); COMP_CWORD=2; _entail entail --form graph; echo \"${COMPREPLY[@]}\"\n";
    if let Some(output) = piped(&["bash"], &script) {
        assert_eq!(String::from_utf8_lossy(&output.stdout), "--format\n", "{output:?}");
    }
}

#[test]
fn the_manual_page_tells_every_command_and_flag() {
    let page = print(&["man"]);
    // As `man` shows it: an escaped hyphen is a hyphen, and fonts are no letters.
    let plain = ["\\fB", "\\fI", "\\fR"].iter().fold(page.replace("\\-", "-"), |text, font| text.replace(font, ""));
    for word in words() {
        let told = plain.lines().any(|line| line.contains(&word) && !line.starts_with(".TH"));
        assert!(told, "the page lacks {word}");
    }
    for section in ["NAME", "SYNOPSIS", "DESCRIPTION", "OPTIONS", "COMMANDS", "\"EXIT STATUS\""] {
        assert!(plain.contains(&format!("\n.SH {section}\n")), "the page lacks {section}");
    }
    assert!(plain.contains("\nentail - A Datalog engine"), "{plain}");
}

#[test]
fn man_shows_the_manual_page() {
    // Only the `man` of Linux reads a page from a pipe; in some containers a stub stands in its place.
    let version = piped(&["man", "--version"], "").map(|output| output.stdout).unwrap_or_default();
    if !version.starts_with(b"man 2") {
        return;
    }
    let output = piped(&["man", "--warnings", "-l", "-"], &print(&["man"])).expect("man is there");
    let shown = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && output.stderr.is_empty(), "{output:?}");
    for text in ["entail run [OPTIONS] [PATH]...", "--max-rounds <N>", "EXIT STATUS"] {
        assert!(shown.contains(text), "man does not show {text}: {shown}");
    }
}

/// Every command and every long flag that `--help` tells of.
fn words() -> Vec<String> {
    let root = print(&["--help"]);
    let listed = root.lines().skip_while(|line| *line != "Commands:").skip(1).take_while(|line| !line.is_empty());
    let mut words: Vec<String> = listed
        .filter(|line| !line.starts_with("    "))
        .map(|line| line.split_whitespace().next().expect("a command").to_string())
        .collect();
    assert!(words.len() >= 8, "{words:?}");
    let helps: Vec<String> = words.iter().map(|command| print(&[command, "--help"])).chain([root]).collect();
    for line in helps.iter().flat_map(|help| help.lines()).map(str::trim_start).filter(|line| line.starts_with('-')) {
        let flags = line.split([' ', ',']).take_while(|word| word.is_empty() || word.starts_with('-'));
        words.extend(flags.filter(|word| word.starts_with("--")).map(str::to_string));
    }
    assert!(words.iter().any(|word| word == "--max-tuples"), "{words:?}");
    words
}

fn print(args: &[&str]) -> String {
    let ran = Folder::with(&[]).run(args);
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""), "{args:?}");
    ran.stdout
}

/// What a command says to a text; nothing where there is no such command.
fn piped(command: &[&str], text: &str) -> Option<Output> {
    let (program, args) = command.split_first()?;
    let mut command = Command::new(program);
    command.args(args).env("MANWIDTH", "100").env("LC_ALL", "C.UTF-8");
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().ok()?;
    let mut stdin = child.stdin.take().expect("a pipe");
    let text = text.to_owned();
    let writer = std::thread::spawn(move || {
        // A command that fails early closes the pipe.
        let _ = stdin.write_all(text.as_bytes());
    });
    let output = child.wait_with_output().expect("the command ends");
    writer.join().expect("the writer ends");
    Some(output)
}
