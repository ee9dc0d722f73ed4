//! Programs written for Soufflé: read back by our own reader of its dialect, and run by Soufflé where it is there.
//!
//! Law: what is written derives the same rows, question by question, or is refused at its place.

use crate::command::Folder;
use crate::generator;
use crate::installed_souffle::{InstalledSouffle, line};
use crate::programs::{corpus, load};
use entail::data::{Dialect, Value, Width};
use entail::report::Code;
use entail::session::{Failure, Input, LoadOptions, Session};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

type Rows = BTreeSet<Vec<String>>;

/// The rows of every relation that both have a name for, and of questions.
type Model = BTreeMap<String, Rows>;

#[test]
fn the_corpus_derives_the_same_rows() {
    let native = corpus().filter(|path| path.starts_with("tests/programs"));
    let (mut said, mut all) = (0, 0);
    for path in native {
        if let Ok(session) = load(&[&path]) {
            all += 1;
            said += usize::from(agrees(session, &path.display().to_string()));
        }
    }
    assert!(said * 10 >= all * 7, "{said} of {all} programs can be said in Soufflé");
}

#[test]
fn the_shipped_rules_derive_the_same_rows() {
    assert!(agrees(shipped(), "the shipped rules"), "the shipped rules can be said in Soufflé");
}

/// The shipped rules and facts.
fn shipped() -> Session {
    load(&[Path::new("facts"), Path::new("rules")]).expect("the shipped rules are right")
}

#[test]
fn random_programs_derive_the_same_rows() {
    let mut said = 0;
    for seed in 0..100 {
        let text = generator::program(seed);
        let mut session = Session::new();
        let input = Input::Text { name: format!("seed {seed}"), text };
        session.load(&[input], &LoadOptions::default()).expect("random programs are right");
        said += usize::from(agrees(session, &format!("seed {seed}")));
    }
    assert!(said >= 15, "{said} of 100 random programs can be said in Soufflé");
}

/// Whether a program can be said in Soufflé; what is said derives its rows.
fn agrees(mut session: Session, name: &str) -> bool {
    let text = match session.emit_souffle() {
        Ok(text) => text,
        Err(Failure::Diagnostics(told)) => {
            let refused = told.iter().all(|told| told.code == Code::NotInSouffle);
            assert!(refused, "{name}: {told:?}");
            return false;
        }
        Err(Failure::Stopped(_)) => return false,
    };
    assert_eq!(session.emit_souffle().ok().as_ref(), Some(&text), "{name}: the same program gives another text");
    let mut read = Session::new();
    let options = LoadOptions { dialect: Dialect::Souffle(Width::Bits64), ..LoadOptions::default() };
    let input = Input::Text { name: name.to_owned(), text: text.clone() };
    let loaded = read.load(&[input], &options);
    assert!(loaded.is_ok(), "{name}: {loaded:?}\n{text}");
    let evaluated = read.evaluate_all();
    assert!(evaluated.is_ok(), "{name}: {evaluated:?}\n{text}");
    let expected = model(&session);
    for (relation, rows) in expected {
        // A word of Soufflé's is not the name of a relation there.
        let found = read.program().relation(&relation).or_else(|| read.program().relation(&format!("x{relation}")));
        let id = found.unwrap_or_else(|| panic!("{name}: no `{relation}`\n{text}"));
        assert_eq!(rows_of(&read, id), rows, "{name}: `{relation}`\n{text}");
    }
    true
}

/// What a session derives, by the names that Soufflé has for it.
fn model(session: &Session) -> Model {
    let program = session.program();
    let plain = |name: &String| name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    let named = program.named().map(|id| (program.relations[id].name.clone(), id));
    let named = named.filter(|(name, _)| plain(name));
    let numbered = |stem: &'static str| {
        (1..).map(move |number| if number == 1 { stem.to_owned() } else { format!("{stem}_{number}") })
    };
    let asked = numbered("answer").zip(program.queries.iter().map(|query| query.relation));
    let broken = numbered("violation").zip(program.constraints.iter().map(|constraint| constraint.relation));
    let taken = |name: &String| program.relation(name).is_some();
    named
        .chain(asked.chain(broken).filter(|(name, _)| !taken(name)))
        .map(|(name, id)| (name, rows_of(session, id)))
        .collect()
}

fn rows_of(session: &Session, relation: entail::check::RelationId) -> Rows {
    session
        .relation_rows(relation)
        .rows(session.symbols())
        .map(|row| row.iter().map(Value::to_string).collect())
        .collect()
}

#[test]
fn what_soufflé_cannot_say_is_refused_at_its_place() {
    for (program, place, why) in [
        ("s(\"2025-02\"). p(E) :- s(X), E = earliest(X).", "1:33", "reads no periods of time"),
        ("n(2). p(X ^ 3) :- n(X).", "1:9", "not exact"),
        ("s(a). p(upper(X)) :- s(X).", "1:9", "does not change letters"),
        ("s(\"é\"). p(strlen(X)) :- s(X).", "1:11", "texts beyond ASCII"),
        ("s(\"12\"). p(N) :- s(X), N = to_number(X).", "1:28", "spells no number"),
        ("f(0.5). p(to_symbol(X)) :- f(X).", "1:11", "six digits"),
        ("s(a). p(X) :- s(X), match(\"\\\\w\", X).", "1:21", "plain patterns"),
        (".type P = [a: number, b: number] .decl r(x: P) r([1, 2]). p(X) :- r(X), X < [2, 1].", "1:73", "records"),
        ("s(a). t(b, c). p(K) :- K = count : { s(X) ; t(X, _) }.", "1:24", "no `;` into an aggregate"),
        (
            "n(1). e(1, 2). p(X) :- n(X). p(Y) :- p(X), Y = X, 2 <= count : { n(_), not e(_, X) }.",
            "1:56",
            "too far away",
        ),
        ("n(1). s(1). p(X) :- n(X). p(K) :- p(X), K = count : { s(X + 1), n(_) }.", "1:41", "too far away"),
        ("n(1). p(D) :- n(X), D = 2020-01-01 + X ^ 2.", "1:38", "not exact"),
    ] {
        let folder = Folder::with(&[("p.dl", program)]);
        let ran = folder.run(&["emit", "p.dl"]);
        let told =
            ran.stderr.contains("E0709") && ran.stderr.contains(&format!("p.dl:{place}\n")) && ran.stderr.contains(why);
        assert!(ran.code == Some(3) && told && ran.stdout.is_empty(), "{program}: {ran:?}");
    }
    let folder = Folder::with(&[("p.dl", "n(0). p(1 / X) :- n(X).")]);
    let ran = folder.run(&["emit", "--target", "souffle", "p.dl"]);
    assert!(ran.stderr.contains("division by zero"), "{ran:?}");
    let folder = Folder::with(&[("p.dl", ".decl n(x: number)\nn(0).\n")]);
    assert!(folder.run(&["emit", "--dialect", "souffle", "p.dl"]).stderr.contains("already"));
}

#[test]
fn a_program_is_written_as_souffle_has_it() {
    let program = "/// {a} knows {b}.\n.decl knows(a: symbol, b: symbol)\nknows(ann, \"Bo b\") @ c1.\nborn(ann, 2001-02-03).\n\
                   count(X) :- knows(X, _), not knows(_, X).\nyear_of(X, year(D)) :- born(X, D).\n\
                   cited(X) :- knows(_, X) @ _.\n.output year_of\n?- count(X).\n";
    let folder = Folder::with(&[("p.dl", program)]);
    let ran = folder.run(&["emit", "p.dl"]);
    assert_eq!(ran.stderr, "");
    insta::assert_snapshot!("emitted", ran.stdout, program);
}

#[test]
fn numbers_need_64_bits_where_they_are_computed_with() {
    for (program, wide) in [
        ("n(1). m(X) :- n(X).", false),
        ("n(1). m(K) :- K = count : n(_).", false),
        ("n(1). m(X + 1) :- n(X).", true),
        ("n(3000000000). m(X) :- n(X).", true),
        ("n(0.5).", true),
        ("n(1). m(S) :- S = sum X : n(X).", true),
    ] {
        let text = Folder::with(&[("p.dl", program)]).run(&["emit", "p.dl"]).stdout;
        assert_eq!(text.contains("9223372036854775807"), wide, "{program}\n{text}");
    }
}

/// What Soufflé itself does not finish: it makes a clause of each way through `;`, takes no relation of 33 columns in its
/// interpreter, and takes exponential time for some regular expressions.
const TOO_MUCH: [&str; 3] = ["or-sixteen-times.dl", "wide-thirty-three.dl", "match-is-linear.dl"];

/// Runs Soufflé on what is written, where `ENTAIL_SOUFFLE_BIN` names it or it is on the path.
#[test]
fn soufflé_derives_the_same_rows() {
    let Some(souffle) = InstalledSouffle::find() else {
        println!("skipped: `ENTAIL_SOUFFLE_BIN` names no Soufflé, and none is on the path");
        return;
    };
    let (mut same, mut refused, mut left) = (0, 0, 0);
    let native = corpus().filter(|path| path.starts_with("tests/programs"));
    let native = native.filter_map(|path| Some((load(&[&path]).ok()?, path)));
    for (mut session, path) in native.chain([(shipped(), PathBuf::from("rules"))]) {
        let Ok(text) = session.emit_souffle() else {
            refused += 1;
            continue;
        };
        let is_too_much = TOO_MUCH.iter().any(|name| path.ends_with(name));
        if is_too_much || !souffle.has_room_for(&text, &session) {
            left += 1;
            continue;
        }
        let model = model(&session).into_iter().filter(|(name, _)| text.contains(&format!(".decl {name}(")));
        compare(&souffle, model.collect(), &text, &path);
        same += 1;
    }
    println!(
        "{same} programs derive the same rows in Soufflé; {refused} are refused; {left} need 64 bits or are too much"
    );
    assert!(same >= 60, "{same}");
}

fn compare(souffle: &InstalledSouffle, model: Model, text: &str, path: &Path) {
    let found = souffle.rows(text, model.keys());
    let found = found.unwrap_or_else(|no| panic!("{}: {no:?}\n{text}", path.display()));
    for (name, rows) in model {
        let expected: String = rows.iter().map(|row| line(row) + "\n").collect();
        let expected: BTreeSet<String> = expected.lines().map(str::to_owned).collect();
        assert_eq!(found[&name], expected, "{}: `{name}`\n{text}", path.display());
    }
}
