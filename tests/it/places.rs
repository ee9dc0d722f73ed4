//! Where a stored fact comes from: the line of the clause that states it, or of the row of a data file.

use crate::command::Folder;
use entail::session::{Input, LoadOptions, Reasons, Session};
use serde_json::Value as Json;
use std::fs;
use std::path::Path;

/// Files in a folder, and a session that has read some of them.
struct Case {
    folder: Folder,
    session: Session,
}

impl Case {
    fn new(files: &[(&str, &str)]) -> Self {
        let mut case = Self { folder: Folder::with(files), session: Session::new() };
        files.iter().for_each(|(name, _)| case.load(name));
        case
    }

    fn load(&mut self, name: &str) {
        let input = Input::Path(self.folder.path(name));
        self.session.load(&[input], &LoadOptions::default()).unwrap_or_else(|failure| panic!("{name}: {failure:?}"));
    }

    /// `file:line` of a stored fact.
    fn place(&mut self, fact: &str) -> String {
        self.places(fact).remove(0)
    }

    /// The same for all facts of a proof; nothing for those that are derived.
    fn places(&mut self, fact: &str) -> Vec<String> {
        let explained = match self.session.explain("question", fact) {
            Ok(Reasons::Holds(explained)) => explained,
            other => panic!("{fact}: {other:?}"),
        };
        let json: Json = serde_json::from_str(&explained.json(&self.session)).expect("it is JSON");
        let name = |file: &str| Path::new(file).file_name().expect("a name").to_string_lossy().into_owned();
        let place = |node: &Json| match (node["file"].as_str().map(name), node["line"].as_u64()) {
            (Some(file), Some(line)) => format!("{file}:{line}"),
            (file, _) => file.unwrap_or_default(),
        };
        json["nodes"].as_array().expect("nodes").iter().map(place).collect()
    }
}

#[test]
fn a_row_of_a_data_file_has_its_line() {
    let mut case = Case::new(&[
        ("p.dl", ".decl n(x: number, s: symbol)\n.decl d(day: date, w: float)\n"),
        ("n.csv", "s,x\na,1\nb,007\n"),
        ("n.tsv", "2\ttab\r\n3\tb b\r\n"),
        ("d.jsonl", "{\"day\": \"2025-02-18\", \"w\": 0.5}\n\n[\"2025-02-19\", 1e0]\n"),
        ("raw.facts", "x\ty\n\"z\tw"),
        ("one.csv", "\"\"\n\n\"\"\n"),
    ]);
    for (fact, place) in [
        ("n(1, a)", "n.csv:2"),
        ("n(7, b)", "n.csv:3"),
        ("n(2, tab)", "n.tsv:1"),
        ("n(3, \"b b\")", "n.tsv:2"),
        ("d(2025-02-18, 0.5)", "d.jsonl:1"),
        ("d(2025-02-19, 1.0)", "d.jsonl:3"),
        ("raw(\"\\\"z\", w)", "raw.facts:2"),
        ("one()", "one.csv:3"),
    ] {
        assert_eq!(case.place(fact), place, "{fact}");
    }
}

#[test]
fn a_row_begins_on_the_line_of_its_first_field() {
    let text = "\u{feff}name,text\r\nfirst,\"two\r\nlines\"\r\nsecond,\"a \"\"b\"\"\"\r\n\r\nthird,x\r\n";
    let mut case = Case::new(&[("t.csv", text)]);
    assert_eq!(case.place("t(first, X)"), "t.csv:2");
    assert_eq!(case.place("t(second, X)"), "t.csv:4");
    assert_eq!(case.place("t(third, X)"), "t.csv:6");
}

#[test]
fn a_row_that_stands_twice_has_its_first_line_in_the_file_loaded_first() {
    let mut case = Case::new(&[("q.csv", "x\na\nb\na\n"), ("q.tsv", "x\nc\na\nc\nd\n")]);
    assert_eq!(case.place("q(a)"), "q.csv:2");
    assert_eq!(case.place("q(c)"), "q.tsv:2");
    assert_eq!(case.place("q(d)"), "q.tsv:5");
    case.session.retract("prompt", "q(a)").expect("it is stored");
    case.load("q.tsv");
    assert_eq!(case.place("q(a)"), "q.tsv:3");
}

#[test]
fn a_citation_is_where_a_row_says_so() {
    let mut case = Case::new(&[("p.csv", "x,@\na,c1 c2\nb,\na,c3\n")]);
    assert_eq!(case.place("p(a)"), "p.csv:2");
    assert_eq!(case.place("p(a) @ c2"), "p.csv:2");
    assert_eq!(case.place("p(a) @ c3"), "p.csv:4");
    let mut case = Case::new(&[("p.jsonl", "{\"x\": \"a\", \"@\": \"c1\"}\n{\"x\": \"a\", \"@\": [\"c2\"]}\n")]);
    assert_eq!(case.place("p(a) @ c2"), "p.jsonl:2");
}

#[test]
fn rows_of_a_souffle_file_have_lines() {
    let mut case = Case::new(&[]);
    fs::write(case.folder.path("e.txt"), "a|-|1\nb|-|2\n").expect("written");
    let input = ".decl e(n: number, s: symbol)\n.input e(filename=\"e.txt\", delimiter=\"|\", columns=\"2:0\")\n";
    fs::write(case.folder.path("p.dl"), input).expect("written");
    case.load("p.dl");
    assert_eq!(case.place("e(2, b)"), "e.txt:2");
}

#[test]
fn all_rows_of_a_proof_are_found() {
    let rows: String = (0..200_000).map(|row| format!("{row},{}\n", row + 1)).collect();
    let mut case = Case::new(&[("e.csv", &format!("a,b\n{rows}"))]);
    case.session
        .tell("rules", "r(199000). r(Y) :- r(X), e(X, Y), Y <= 199100.")
        .unwrap_or_else(|failure| panic!("{failure:?}"));
    let mut places: Vec<String> = case.places("r(199100)");
    places.retain(|place| place.starts_with("e.csv"));
    let mut expected: Vec<String> = (199_000..199_100).map(|row| format!("e.csv:{}", row + 2)).collect();
    places.sort();
    expected.sort();
    assert_eq!(places, expected);
}

#[test]
fn a_file_that_is_not_what_it_was_has_no_lines() {
    let mut case = Case::new(&[("q.csv", "x\na\nb\n")]);
    let (path, away) = (case.folder.path("q.csv"), case.folder.path("away"));
    fs::rename(&path, &away).expect("renamed");
    assert_eq!(case.place("q(b)"), "q.csv");
    fs::create_dir(&path).expect("a folder");
    assert_eq!(case.place("q(b)"), "q.csv");
    fs::remove_dir(&path).expect("removed");
    fs::write(&path, "x\nb\na\nc\n").expect("written");
    assert_eq!(case.place("q(b)"), "q.csv");
    fs::rename(&away, &path).expect("renamed");
    assert_eq!(case.place("q(b)"), "q.csv:3");
    let earlier = fs::metadata(&path).and_then(|it| it.modified()).expect("a time") - std::time::Duration::from_secs(1);
    fs::File::options().append(true).open(&path).and_then(|file| file.set_modified(earlier)).expect("set");
    assert_eq!(case.place("q(b)"), "q.csv");
    case.load("q.csv");
    assert_eq!(case.place("q(b)"), "q.csv:3");
}

#[test]
fn only_a_file_that_must_have_a_row_is_named_without_a_line() {
    let mut case = Case::new(&[("q.csv", "x\na\nb\n"), ("q.tsv", "x\nb\nc\n"), ("q.jsonl", "[\"d\"]\n")]);
    fs::remove_file(case.folder.path("q.tsv")).expect("removed");
    assert_eq!(case.place("q(b)"), "q.csv:3");
    assert_eq!(case.place("q(c)"), "q.tsv");
    fs::remove_file(case.folder.path("q.csv")).expect("removed");
    assert_eq!(case.place("q(c)"), "");
    assert_eq!(case.place("q(d)"), "q.jsonl:1");
}

#[test]
fn a_file_too_long_to_be_read_again_is_named_without_a_line() {
    let row = format!("[\"{}\"]\n", "x".repeat(1000));
    let mut case = Case::new(&[("q.jsonl", &("[\"a\"]\n".to_owned() + &row.repeat(34_000)))]);
    assert_eq!(case.place("q(a)"), "q.jsonl");
}

#[test]
fn every_form_shows_the_line() {
    let folder = Folder::with(&[("p.dl", "q(X) :- p(X).\n"), ("p.csv", "x\na\nb\n")]);
    for (form, place) in [("text", "p.csv:3"), ("dot", "p.csv:3"), ("mermaid", "p#46;csv#58;3"), ("html", "p.csv:3")] {
        let ran = folder.run(&["explain", "p.dl", "p.csv", "q(b)", "--format", form]);
        assert!(ran.stdout.contains(place), "{form}: {ran:?}");
    }
    let ran = folder.run(&["explain", "p.dl", "p.csv", "q(b)", "--all", "2"]);
    assert!(ran.stdout.contains("p.csv:3"), "{ran:?}");
}
