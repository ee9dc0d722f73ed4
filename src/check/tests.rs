//! What a program may and may not say: each test is a sentence and a small program.

use super::*;
use crate::data::{Dialect, Libraries};
use crate::report::{CODES, Code, Diagnostic, Sources};
use crate::syntax::{Ast, parse};

/// A text that reads as a program, checked.
struct Checked {
    sources: Sources,
    program: Option<Program>,
    diagnostics: Vec<Diagnostic>,
}

fn read(text: &str, sources: &mut Sources) -> Ast {
    let id = sources.add("test", text);
    let (ast, diagnostics) = parse(id, text);
    assert!(diagnostics.is_empty(), "{text}\n{diagnostics:#?}");
    ast
}

fn checked(text: &str) -> Checked {
    checked_with(text, &[])
}

fn checked_with(text: &str, loaded: &[Loaded]) -> Checked {
    let mut sources = Sources::default();
    let ast = read(text, &mut sources);
    let (program, diagnostics) = check(Dialect::Entail, &Libraries::default(), &[ast], loaded);
    assert_eq!(program.is_some(), !diagnostics.iter().any(Diagnostic::is_error), "{text}\n{diagnostics:#?}");
    Checked { sources, program, diagnostics }
}

impl Checked {
    /// Code and covered text of every message.
    fn said(&self) -> Vec<(Code, &str)> {
        let covered = |message: &Diagnostic| message.span.map_or("", |span| self.sources.slice(span)).to_string();
        self.diagnostics.iter().map(|message| (message.code, &*covered(message).leak())).collect()
    }
}

/// The one complaint about a program, and the text it covers.
#[track_caller]
fn check_error(text: &str, code: Code, covered: &str) -> Diagnostic {
    let checked = checked(text);
    assert_eq!(checked.said(), [(code, covered)], "{text}\n{:#?}", checked.diagnostics);
    checked.diagnostics.into_iter().next().expect("there is one")
}

#[track_caller]
fn check_ok(text: &str) -> Program {
    let checked = checked(text);
    assert!(checked.diagnostics.is_empty(), "{text}\n{:#?}", checked.diagnostics);
    checked.program.expect("a program without complaints")
}

#[test]
fn the_shipped_knowledge_base_has_nothing_to_complain_about() {
    let mut sources = Sources::default();
    let mut asts = Vec::new();
    for folder in ["facts", "facts/reference", "facts/external", "rules"] {
        let mut paths: Vec<_> = std::fs::read_dir(folder)
            .expect("the folder ships")
            .map(|entry| entry.expect("the folder can be read").path())
            .filter(|path| path.extension().is_some_and(|ending| ending == "dl"))
            .collect();
        paths.sort();
        for path in paths {
            asts.push(read(&std::fs::read_to_string(&path).expect("the file can be read"), &mut sources));
        }
    }
    let columns = declarations(&asts).relations["state_code"].clone();
    let file = "facts/reference/state_code.csv".to_string();
    let loaded = [Loaded { name: "state_code".to_string(), columns, cited: false, file }];
    let (program, diagnostics) = check(Dialect::Entail, &Libraries::default(), &asts, &loaded);
    assert!(diagnostics.is_empty(), "{diagnostics:#?}");
    let program = program.expect("no errors");
    assert!(program.constraints.iter().all(|constraint| constraint.message.is_some()));
    assert_eq!(program.named().count(), 127);
}

#[test]
fn a_negated_atom_does_not_bind() {
    check_error("q(a). p(X) :- !q(X).", Code::Unbound, "X");
}

#[test]
fn every_code_is_explained_by_a_wrong_and_a_right_program() {
    let of_check = |id: &str| ["E02", "E03", "E04", "E05", "W08"].iter().any(|stage| id.starts_with(stage));
    for row in CODES.iter().filter(|row| of_check(row.id) && !row.wrong.is_empty()) {
        let wrong = checked(row.wrong);
        assert!(
            !wrong.diagnostics.is_empty() && wrong.diagnostics.iter().all(|diagnostic| diagnostic.code == row.code),
            "{}: {:?}",
            row.id,
            wrong.said()
        );
        check_ok(row.right);
    }
}

#[test]
fn a_dependency_on_its_own_absence_draws_the_cycle() {
    let found = checked("n(1). a(X) :- n(X), not b(X). b(X) :- c(X). c(X) :- a(X).");
    let [diagnostic] = &found.diagnostics[..] else { panic!("{:?}", found.said()) };
    assert_eq!(diagnostic.code, Code::Unstratified);
    assert!(diagnostic.message.contains("not b") || diagnostic.label.contains("not b"), "{diagnostic:#?}");
    assert!(diagnostic.also.len() >= 2, "{diagnostic:#?}");
}

#[test]
fn mistakes_are_told_where_they_are() {
    check_error("p(X) :- q(X).", Code::UnknownRelation, "q");
    check_error("p(a). q(X) :- p(X, b), p(X).", Code::WrongArity, "p(X, b)");
    check_error("p(a). q(X) :- p(X), X < 3.", Code::TypeMismatch, "3");
    check_error("p(a). q(Y) :- p(X), X = X.", Code::Unbound, "Y");
    check_error("p(1). q(X) :- p(X), X < Y + 1.", Code::Unbound, "Y");
}

#[test]
fn a_computed_argument_may_use_what_its_own_atom_binds() {
    check_ok("p(1, 2). q(X) :- p(X, X + 1). ?- q(X).");
}

#[test]
fn ten_thousand_rules_check_without_recursion() {
    let mut text = String::from("p0(1).\n");
    (0..10_000).for_each(|n| text.push_str(&format!("p{}(X) :- p{n}(X).\n", n + 1)));
    check_ok(&text);
}
