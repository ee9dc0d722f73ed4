//! The corpus: every program under `tests/programs`, on every engine, against one snapshot a topic.
//!
//! The snapshot holds what `entail run` prints. Besides, the engine's whole model must be the slow twin's, and the
//! bytes must be the same on any number of threads and after facts have come and gone.

use entail::data::{Dialect, Value, Width};
use entail::eval::naive::{self, Model};
use entail::formats::{Format, Layout, Row, write};
use entail::report::{Style, draw};
use entail::session::{Answer, Failure, Input, LoadOptions, OutputFolder, Printed, Session};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

#[test]
fn every_program_gives_its_answers() {
    for topic in topics() {
        let part = |path: &Path| path.file_name().expect("a topic has a name").to_string_lossy().into_owned();
        let name = format!("{}-{}", part(topic.parent().expect("a topic lies in a folder")), part(&topic));
        let programs = files(&topic, "dl");
        let shown: Vec<String> = programs.iter().map(|path| show(path)).collect();
        insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true }, {
            insta::assert_snapshot!(name, shown.join("\n"));
        });
    }
}

#[test]
fn the_corpus_is_large() {
    let count: usize = folders(Path::new("tests/programs")).iter().map(|topic| files(topic, "dl").len()).sum();
    assert!(count >= 120, "{count} programs");
}

#[test]
fn every_program_means_what_the_slow_twin_says() {
    for path in corpus() {
        agree_with_the_twin(&path, load(&[&path]));
    }
}

#[test]
fn the_knowledge_base_means_what_the_slow_twin_says() {
    let paths = [Path::new("facts"), Path::new("rules")];
    agree_with_the_twin(Path::new("facts rules"), load(&paths));
}

#[test]
fn every_program_gives_the_same_bytes_on_any_number_of_threads() {
    let pool = |threads| rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
    let pools = [pool(1), pool(2), pool(5)];
    for path in corpus() {
        let shown: BTreeSet<String> = pools.iter().map(|pool| pool.install(|| show(&path))).collect();
        assert_eq!(shown.len(), 1, "{}", path.display());
    }
}

#[test]
fn facts_that_came_and_went_leave_no_trace() {
    let mut tried = 0;
    for path in folders(Path::new("tests/programs")).iter().flat_map(|topic| files(topic, "dl")) {
        let Ok(mut session) = load(&[&path]) else { continue };
        let before = printed(&mut session);
        let told = session.tell("test", "zz_came_and_went(1). zz_came_and_went(2) @ c1.");
        told.unwrap_or_else(|failure| panic!("{}: {failure:?}", path.display()));
        session.evaluate_all().ok();
        session.retract("test", "zz_came_and_went(X)").expect("they are there");
        assert_eq!(printed(&mut session), before, "{}", path.display());
        tried += 1;
    }
    assert!(tried > 50, "only {tried} programs load");
}

/// What `entail run` would print of a program.
fn show(path: &Path) -> String {
    let mut session = Session::new();
    let text = match session.load(&[Input::Path(path.to_path_buf())], &options(path)) {
        Ok(_) => printed(&mut session),
        Err(failure) => fail(&session, &failure),
    };
    format!("── {} ──\n{text}", path.file_name().expect("a program has a name").to_string_lossy())
}

pub(crate) fn printed(session: &mut Session) -> String {
    let mut text = String::new();
    match session.outputs(&OutputFolder::Stdout) {
        Ok(printed) => printed.iter().for_each(|item| text.push_str(&print(session, item))),
        Err(failure) => return fail(session, &failure),
    }
    match session.broken_constraints() {
        Ok(broken) => {
            let described: Vec<_> = broken.iter().map(|broken| broken.describe(session)).collect();
            text + &draw(session.sources(), &described, Style::default())
        }
        Err(failure) => text + &fail(session, &failure),
    }
}

fn print(session: &Session, item: &Printed) -> String {
    let mut out = Vec::new();
    match item {
        Printed::Answer(asked) if asked.answer.is_yes_or_no() => {
            return format!("{}\n  {}\n", asked.query, !asked.answer.is_empty());
        }
        Printed::Answer(asked) => {
            let tsv = Format::by_name("tsv").expect("a format");
            let mut rows = asked.answer.rows(session.symbols()).map(|values| Row { values, citations: vec![] });
            write(tsv, &asked.query, &asked.answer.fields, &mut rows, &Layout::default(), &mut out).expect("written");
            let text = String::from_utf8(out).expect("text");
            return format!("{}\n{}", asked.query, text.lines().map(|line| format!("  {line}\n")).collect::<String>());
        }
        Printed::Rows(rows) | Printed::File(rows, _) => session.write_rows(rows, &mut out).expect("written"),
        Printed::Size { relation, rows } => return format!("{relation}\t{rows}\n"),
    }
    String::from_utf8(out).expect("text")
}

fn fail(session: &Session, failure: &Failure) -> String {
    let diagnostics = match failure {
        Failure::Diagnostics(diagnostics) => diagnostics.clone(),
        Failure::Stopped(stopped) => vec![session.describe(stopped)],
    };
    draw(session.sources(), &diagnostics, Style::default())
}

pub(crate) fn load(paths: &[&Path]) -> Result<Session, Failure> {
    let mut session = Session::new();
    let inputs: Vec<Input> = paths.iter().map(|path| Input::Path(path.to_path_buf())).collect();
    session.load(&inputs, &options(paths[0])).map(|_| session)
}

/// How a program is read: by its folder.
fn options(path: &Path) -> LoadOptions {
    let dialect = if path.starts_with("tests/souffle") { Dialect::Souffle(Width::Bits32) } else { Dialect::Entail };
    LoadOptions { dialect, ..LoadOptions::default() }
}

/// The topics of the corpus: the folders of programs in each language, and that of the programs that once differed.
fn topics() -> Vec<PathBuf> {
    let regressions = Path::new("tests/regressions");
    let topics = [Path::new("tests/programs"), Path::new("tests/souffle")].into_iter().flat_map(folders);
    topics.chain(regressions.is_dir().then(|| regressions.to_path_buf())).collect()
}

/// Every program of the corpus.
pub(crate) fn corpus() -> impl Iterator<Item = PathBuf> {
    topics().into_iter().flat_map(|topic| files(&topic, "dl"))
}

/// Evaluates everything on both engines and compares every relation, hidden ones included.
pub(crate) fn agree_with_the_twin(path: &Path, session: Result<Session, Failure>) {
    let Ok(mut session) = session else { return };
    let stored: Model = facts_of(&session);
    let expected = naive::model(session.program(), &stored);
    match (session.evaluate_all(), expected) {
        (Ok(()), Ok(model)) => {
            for (id, relation) in session.program().relations.enumerate() {
                let found = rows(&session, &session.relation_rows(id));
                assert_eq!(found, model[&id], "{} of {}", relation.name, path.display());
            }
        }
        (Err(Failure::Stopped(_)), Err(_)) => {}
        (found, expected) => panic!("{}: {found:?} but the slow twin {:?}", path.display(), expected.err()),
    }
}

/// The stored facts of a session, as the slow twin takes them.
fn facts_of(session: &Session) -> Model {
    let ids = session.program().relations.ids();
    ids.map(|id| (id, session.stored_rows(id).rows(session.symbols()).collect())).collect()
}

fn rows(session: &Session, answer: &Answer) -> BTreeSet<Vec<Value>> {
    answer.rows(session.symbols()).collect()
}

/// The folders in a folder, sorted.
pub(crate) fn folders(folder: &Path) -> Vec<PathBuf> {
    entries(folder).into_iter().filter(|path| path.is_dir()).collect()
}

/// The files in a folder with that ending, sorted.
pub(crate) fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    entries(folder).into_iter().filter(|path| path.extension().is_some_and(|found| found == ending)).collect()
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
    paths.sort();
    paths
}
