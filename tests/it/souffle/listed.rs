//! The programs of a suite that Soufflé itself runs, as the suite's `CMakeLists.txt` names them.
//!
//! In: that text. Out: what to run, and what should become of it. What stands behind `#`, or below a condition that does
//! not hold here, is not run: Soufflé has given up on it.

use std::iter::Peekable;
use std::str::SplitWhitespace;

/// A program that is run.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Listed {
    /// The folder that it lies in, below the suite's.
    pub(super) name: String,
    /// Whether it should be refused.
    pub(super) refused: bool,
    /// Whether all rows go to standard output.
    pub(super) to_stdout: bool,
    /// Where it includes files from.
    pub(super) include_dirs: Vec<String>,
    /// Its folders of facts, where it is run with each.
    pub(super) facts: Vec<String>,
}

/// The programs that a text lists.
pub(super) fn listed(text: &str) -> Vec<Listed> {
    let text: String = text.lines().map(|line| line.split('#').next().unwrap_or_default().to_owned() + "\n").collect();
    let mut found = Vec::new();
    let mut conditions: Vec<bool> = Vec::new();
    let mut within_function = false;
    for (command, arguments) in commands(&text) {
        match command {
            "if" => conditions.push(holds(arguments)),
            "else" => conditions.last_mut().into_iter().for_each(|condition| *condition = !*condition),
            "endif" => _ = conditions.pop(),
            "function" => within_function = true,
            "endfunction" => within_function = false,
            _ if command.contains("_test") && !within_function && conditions.iter().all(|condition| *condition) => {
                found.push(program(command, arguments));
            }
            _ => {}
        }
    }
    found
}

/// `if (NOT MSVC)` as `if` and `NOT MSVC`.
fn commands(text: &str) -> impl Iterator<Item = (&str, &str)> {
    text.split(')').filter_map(|call| call.split_once('(')).map(|(command, arguments)| (command.trim(), arguments))
}

/// Whether a condition holds for the build that runs the tests.
fn holds(condition: &str) -> bool {
    match condition {
        "FALSE" => false,
        "SOUFFLE_USE_SQLITE" => cfg!(feature = "sqlite"),
        "NOT ${CMAKE_SYSTEM_NAME} MATCHES \"Linux\"" => !cfg!(target_os = "linux"),
        _ => true,
    }
}

fn program(command: &str, arguments: &str) -> Listed {
    let mut listed = Listed {
        refused: command.contains("negative"),
        to_stdout: command.contains("output_stdout"),
        ..Listed::default()
    };
    let mut words = arguments.split_whitespace().peekable();
    while let Some(word) = words.next() {
        match word {
            "TEST_NAME" => listed.name = words.next().unwrap_or_default().to_owned(),
            "CATEGORY" | "EXTRA_DATA" => _ = words.next(),
            "NEGATIVE" => listed.refused = true,
            "INCLUDE_DIRS" => listed.include_dirs = values(&mut words),
            "FACTS_DIR_NAMES" => listed.facts = values(&mut words),
            _ if listed.name.is_empty() && !is_keyword(word) => listed.name = word.to_owned(),
            _ => {}
        }
    }
    listed
}

/// The words up to the next keyword.
fn values(words: &mut Peekable<SplitWhitespace<'_>>) -> Vec<String> {
    std::iter::from_fn(|| words.next_if(|word| !is_keyword(word))).map(str::to_owned).collect()
}

fn is_keyword(word: &str) -> bool {
    word.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_')
}

#[test]
fn what_is_switched_off_is_not_run() {
    let text = "function(positive_test NAME)\n  souffle_positive_test(${NAME} semantic)\nendfunction()\n\
                positive_test(a COMPILED)\n# later positive_test(b)\nif (FALSE)\nnegative_test(c)\nelse ()\n\
                negative_test(d)\nendif ()\nsouffle_run_test(\n  TEST_NAME e\n  INCLUDE_DIRS q1 q2\n  NEGATIVE\n  )\n";
    let named = |name: &str| Listed { name: name.to_owned(), ..Listed::default() };
    let include_dirs = vec!["q1".to_owned(), "q2".to_owned()];
    let expected =
        [named("a"), Listed { refused: true, ..named("d") }, Listed { refused: true, include_dirs, ..named("e") }];
    assert_eq!(listed(text), expected);
}
