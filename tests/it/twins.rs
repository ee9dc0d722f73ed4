//! The programs of the speed table in two texts, Entail's and Soufflé's: the same answers by the same plans.

use crate::command::{Folder, Ran};
use crate::programs::files;
use entail::session::{Input, LoadOptions, Session};
use std::fs;
use std::path::Path;

#[test]
fn both_texts_of_a_workload_have_one_plan_and_one_answer() {
    let mut compared = 0;
    for path in files(Path::new("benches/programs"), "dl") {
        let own = fs::read_to_string(&path).expect("a program");
        // Soufflé has no days.
        if own.contains(": date") {
            continue;
        }
        let souffle = own.clone() + &missing_declarations(&own);
        let inputs = inputs(&own);
        let ask = |text: &str, dialect: &str| {
            let mut files = vec![("p.dl", text)];
            files.extend(inputs.iter().map(|(name, rows)| (name.as_str(), rows.as_str())));
            let folder = Folder::with(&files);
            let ran = folder.run(&["run", "--dialect", dialect, "p.dl", "-F", "."]);
            let planned = folder.run(&["--dialect", dialect, "p.dl", "-F", ".", "-c", ".plan"]);
            [said(ran, &path), said(planned, &path)]
        };
        assert_eq!(ask(&own, "entail"), ask(&souffle, "souffle"), "{}", path.display());
        compared += 1;
    }
    assert!(compared > 3, "only {compared} workloads");
}

fn said(ran: Ran, path: &Path) -> String {
    assert!(ran.code == Some(0) && ran.stderr.is_empty(), "{}: {ran:?}", path.display());
    ran.stdout
}

/// What Soufflé wants declared besides; it may stand behind its use.
fn missing_declarations(text: &str) -> String {
    let mut session = Session::new();
    let rules = text.lines().filter(|line| !line.starts_with(".input")).collect::<Vec<_>>().join("\n");
    let input = Input::Text { name: "program".into(), text: rules };
    session.load(&[input], &LoadOptions::default()).expect("the program is right");
    let program = session.program();
    let undeclared = program.named().filter(|id| !program.relations[*id].declared);
    undeclared.map(|id| format!(".decl {}\n", session.declaration(id))).collect()
}

/// A small file for each relation that is read.
fn inputs(text: &str) -> Vec<(String, String)> {
    let declared = text.lines().filter_map(|line| line.strip_prefix(".decl ")?.split_once('('));
    let small = |(name, columns): (&str, &str)| {
        let row = |number: usize| {
            let of = |(at, column): (usize, &str)| match (at, column.contains("symbol")) {
                (_, true) => format!("text {}", number + at),
                (2, false) => (number % 2).to_string(),
                (_, false) => ((number * (at + 2) + at) % 5).to_string(),
            };
            columns.split(',').enumerate().map(of).collect::<Vec<_>>().join(",") + "\n"
        };
        (format!("{name}.csv"), (0..8).map(row).collect())
    };
    declared.map(small).collect()
}
