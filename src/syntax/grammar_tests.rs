//! What reads as what, and what is said of the rest.

use super::{AggregateOp, ItemKind, TermKind, parse, print};
use crate::data::{Value, spelled};
use crate::report::{Code, Diagnostic, SourceId};

/// The tree as text, with every group and sign where it was understood to be.
#[track_caller]
fn check(text: &str, printed: &str) {
    let (ast, diagnostics) = parse(SourceId::default(), text);
    assert_eq!(diagnostics, [], "{text}");
    assert_eq!(print(&ast).trim_end(), printed, "{text}");
}

/// The text is refused once, with this code, at this part of it.
#[track_caller]
fn check_error(text: &str, code: Code, at: &str) -> Diagnostic {
    let (_, diagnostics) = parse(SourceId::default(), text);
    assert_eq!(diagnostics.len(), 1, "{text}: {diagnostics:#?}");
    let only = diagnostics.into_iter().next().expect("there is one");
    assert_eq!(only.code, code, "{text}: {only:#?}");
    let span = only.span.expect("a place in the text");
    assert_eq!(&text[span.start as usize..span.end as usize], at, "{text}: {only:#?}");
    only
}

#[test]
fn the_shipped_programs_read_without_a_word() {
    let mut read = 0;
    for root in ["facts", "rules"] {
        for path in programs_below(root.as_ref()) {
            let text = std::fs::read_to_string(&path).expect("a shipped program is readable");
            let (ast, diagnostics) = parse(SourceId::default(), &text);
            assert_eq!(diagnostics, [], "{}", path.display());
            read += ast.items.len();
        }
    }
    assert!(read > 500, "only {read} items");
}

fn programs_below(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
    let entries = std::fs::read_dir(folder).expect("the shipped folders are there");
    let paths: Vec<_> = entries.map(|entry| entry.expect("a folder's entry is readable").path()).collect();
    let (folders, files): (Vec<_>, Vec<_>) = paths.into_iter().partition(|path| path.is_dir());
    let programs = files.into_iter().filter(|path| path.extension().is_some_and(|ending| ending == "dl"));
    programs.chain(folders.iter().flat_map(|folder| programs_below(folder))).collect()
}

#[test]
fn every_kind_of_item_reads() {
    check(".functor f(number, x: symbol): float", ".functor f(x1: number, x2: symbol): float");
    check("p(@f(1, a)) :- @f(X, b) < 2, q(X).", "p(@f(1, a)) :- @f(X, b) < 2, q(X).");
    check(
        ".lattice level<> { Bottom -> 0,\n Lub -> max(_, _) }\n.decl p(x, y: level<>)",
        ".lattice level<> { Bottom -> 0, Lub -> max(_, _) }\n.decl p(x, y: level<>)",
    );
    check("p(a, b) @ c1, c2.", "p(a, b) @ c1, c2.");
    check("p. q() .", "p.\nq.");
    check("?- p(X), q(X). p(X), q(X)?", "?- p(X), q(X).\n?- p(X), q(X).");
    check(":- p(X), not q(X, _).", ":- p(X), not q(X, _).");
    check("p(a)~ p(a) @ c1~", "p(a)~\np(a) @ c1~");
    check(".decl p(x: symbol, n)\n.decl q()\n.decl r\n", ".decl p(x: symbol, n)\n.decl q()\n.decl r()");
    check(".type State <: symbol.", ".type State <: symbol");
    check(".input p(IO=file, filename=\"p.csv\", rows=10)", ".input p(IO=file, filename=\"p.csv\", rows=10)");
    check(".output p .printsize p\n.limitsize p(n=3)", ".output p\n.printsize p\n.limitsize p(n=3)");
    check(".include 'a.dl'", ".include \"a.dl\"");
}

#[test]
fn a_symbol_that_is_spelled_reads_back() {
    let words = AggregateOp::ALL.map(AggregateOp::name).into_iter().chain(["not", "mod", "nil", "count_of", "é", "É"]);
    for word in words.chain(["", "two words", "_x", "x'", "a\u{1160}b", "\\\"\n\u{7}"]) {
        let value = Value::symbol(word);
        let text = format!("p({}).", spelled(&value));
        let (ast, diagnostics) = parse(SourceId::default(), &text);
        assert_eq!(diagnostics, [], "{text}");
        let ItemKind::Fact(fact) = &ast.items[0].kind else { panic!("{text} is no fact") };
        assert!(matches!(&fact.atom.args[0].kind, TermKind::Constant { value: read, .. } if *read == value), "{text}");
    }
}

#[test]
fn a_bracket_left_open_is_told_at_its_place() {
    check_error("p(a, b.", Code::Unterminated, "(");
    check_error("p(a,", Code::Unterminated, "(");
    check_error("p(N) :- N = count : { q(N), r(.", Code::Unterminated, "(");
}
