//! Texts made to break a parser: too deep, too long, too many mistakes.

use super::parse;
use crate::report::{Code, SourceId};
use std::time::{Duration, Instant};

/// Runs on a small stack, as a thread of a web server or of a test would.
fn on_a_small_stack<T: Send + 'static>(run: impl FnOnce() -> T + Send + 'static) -> T {
    let thread = std::thread::Builder::new().stack_size(1 << 20).spawn(run).expect("a thread starts");
    thread.join().expect("the stack suffices")
}

/// The codes that a text is refused with.
fn codes(text: String) -> Vec<Code> {
    on_a_small_stack(move || parse(SourceId::default(), &text).1.iter().map(|told| told.code).collect())
}

/// A way to nest, `depth` levels deep.
struct Nest {
    before: &'static str,
    open: &'static str,
    middle: &'static str,
    close: &'static str,
    after: &'static str,
}

impl Nest {
    fn text(&self, depth: usize) -> String {
        [self.before, &self.open.repeat(depth), self.middle, &self.close.repeat(depth), self.after].concat()
    }
}

const fn nest(parts: [&'static str; 5]) -> Nest {
    let [before, open, middle, close, after] = parts;
    Nest { before, open, middle, close, after }
}

static NESTS: &[Nest] = &[
    nest(["q(X) :- X = ", "(", "1", ")", "."]),
    nest(["q(X) :- ", "(", "p(X)", ")", "."]),
    nest(["q(X) :- ", "(a ; ", "p(X)", ")", "."]),
    nest(["q(X) :- X = ", "f(", "1", ")", "."]),
    nest(["q(X) :- X = ", "- ", "1", "", "."]),
    nest(["q(X) :- X = ", "-", "Y", "", "."]),
    nest(["q(X) :- X = ", "2 ^ ", "2", "", "."]),
    nest(["q(X) :- X = ", "1 + (", "2", ")", "."]),
    nest(["q(X) :- X = 1", " + 1", "", "", "."]),
    nest(["q(X) :- X = ", "count : { p, X = ", "1", " }", "."]),
];

#[test]
fn nesting_works_up_to_the_limit() {
    for nest in NESTS {
        // A power is a level for the tree and one for its right side.
        let levels = if nest.open.contains(['^', '+']) && !nest.open.ends_with(" 1") { 63 } else { 127 };
        assert_eq!(codes(nest.text(levels)), [], "{}", nest.text(3));
    }
}

#[test]
fn nesting_beyond_the_limit_is_refused_on_a_small_stack() {
    for nest in NESTS {
        for depth in [130, 100_000] {
            assert_eq!(codes(nest.text(depth)), [Code::NestingTooDeep], "{} x {depth}", nest.open);
        }
    }
    for negation in ["not ", "!", "not (!"] {
        assert_eq!(codes(format!("q :- {}p(1).", negation.repeat(100_000))), [Code::NestingTooDeep], "{negation}");
    }
}

#[test]
fn the_tallest_tree_is_dropped_and_printed_on_a_small_stack() {
    let mut term = "1".to_owned();
    for _ in 0..126 {
        term = format!("({term}{})", " + 1".repeat(126));
    }
    assert_eq!(codes(format!("q(X) :- X = {term}.")), [Code::NestingTooDeep]);
    let printed = on_a_small_stack(|| {
        NESTS.iter().map(|nest| super::print(&parse(SourceId::default(), &nest.text(126)).0).len()).sum::<usize>()
    });
    assert!(printed > 126 * NESTS.len());
}

/// Everything that a clause may begin with, be made of, or be spoilt by.
static PIECES: &[&str] = &[
    "(",
    ")",
    "{",
    "}",
    ",",
    ";",
    ".",
    "?",
    "~",
    ":-",
    "?-",
    ":",
    "@",
    "!",
    "=",
    "<:",
    "+",
    "-",
    "*",
    "^",
    "\"",
    "'",
    "/*",
    "*/",
    "%",
    "//",
    "///",
    "\n",
    "\\",
    "#",
    "a",
    "X",
    "_",
    "1",
    "1.",
    "-1",
    "2025-02-18",
    "not ",
    "count ",
    "sum (",
    "count : {",
    "count - ",
    "max X : ",
    "mod ",
    "p(",
    "p(a",
    "p(a,",
    "p(a).",
    "p(a)\n",
    "p:-",
    "a ",
    "a,",
    "a;",
    "(a)=",
    ".decl ",
    "\n.decl ",
    "\n.decl p(",
    "\n.x ",
    "\"\n",
    "\"\\q\"",
    "\0",
    "\0 ",
    "\u{a0}",
    "\u{202e}x",
    "é",
    "→",
    "0x",
    "1e400 ",
    "p(X).",
    "/**/",
    "/// a\n",
    "% a\n",
    "{}",
    "()",
    "(p)",
];

#[test]
fn reading_takes_time_in_proportion_to_the_text() {
    for piece in PIECES {
        let time = |bytes: usize| {
            let text = piece.repeat(bytes / piece.len());
            let start = Instant::now();
            let (ast, told) = parse(SourceId::default(), &text);
            std::hint::black_box((ast.items.len(), told.len()));
            start.elapsed()
        };
        // Quadratic work would take sixteen times as long; a busy machine must not fail this.
        let (small, large) = (time(16 << 10), time(64 << 10));
        assert!(large < small * 10 + Duration::from_millis(100), "{piece:?}: {small:?}, then {large:?}");
    }
}
