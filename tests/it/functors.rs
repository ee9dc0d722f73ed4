//! Functions of shared libraries: what programs declare by `.functor` and call as `@f(X)`.
//!
//! The library of `tests/functors` is built by the C compiler of the system.

#![cfg(feature = "functors")]

use crate::command::Folder;
use crate::programs::{agree_with_the_twin, printed};
use entail::data::{Dialect, Libraries, Width};
use entail::session::{Input, LoadOptions, Session};
use std::env::consts::{DLL_PREFIX, DLL_SUFFIX};
use std::path::{Path, PathBuf};
use std::process::Command;

/// What both dialects declare.
const DECLARED: &str = ".functor longer(n: number, symbol): number\n.functor greeting(): symbol\n\
                        .functor product(unsigned): unsigned\n.functor half(x: float): float\n\
                        .functor label(number, unsigned, float, symbol, number, number, number): symbol\n\
                        .functor nothing(number): symbol\n.functor bytes(): symbol\n\
                        .functor inverse(float): float\n";

const OWN: &str = "word(\"ab\"). word(greeting).\n\
                   long(W, N) :- word(W), N = @longer(1, W).\n\
                   step(@longer(0, @greeting())).\nstep(@longer(N, \"x\")) :- step(N), N < 8.\n\
                   said(L) :- word(W), L = @label(-3, 7u, 0.25, W, 1, 2, 3), @longer(0, W) > 2.\n\
                   made(@product(20u), @half(3.0)).\n\
                   ?- long(W, N).\n?- step(N), not long(_, N).\n?- said(L).\n?- made(P, H).\n\
                   ?- M = max X : { word(W), X = @longer(0, W) }.\n";

const SOUFFLE: &str = ".decl word(w: symbol)\nword(\"ab\"). word(\"greeting\").\n\
                       .decl long(w: symbol, n: number)\nlong(w, n) :- word(w), n = @longer(1, w).\n\
                       .decl step(n: number)\nstep(@longer(0, @greeting())).\n\
                       step(@longer(n, \"x\")) :- step(n), n < 8.\n\
                       .decl made(p: unsigned, h: float)\nmade(@product(20u), @half(3)).\n\
                       ?- long(w, n).\n?- step(n).\n?- made(p, h).\n";

/// Builds the library beside the files of a folder, where numbers have so many bits.
fn build(folder: &Folder, name: &str, bits: u32) -> PathBuf {
    compile(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/functors/functions.c"), folder, name, bits)
}

fn compile(source: &Path, folder: &Folder, name: &str, bits: u32) -> PathBuf {
    let path = folder.path(&format!("{DLL_PREFIX}{name}{DLL_SUFFIX}"));
    let mut compiler = Command::new("cc");
    compiler.args(["-shared", "-fPIC", &format!("-DBITS={bits}"), "-o"]).arg(&path).arg(source);
    assert!(compiler.status().expect("there is a C compiler").success());
    path
}

#[allow(unsafe_code, reason = "the library is ours")]
fn options(dialect: Dialect, library: &Path) -> LoadOptions {
    let mut libraries = Libraries::default();
    // SAFETY: The library was built from a source of this package, for programs of this package.
    unsafe { libraries.open(library) }.expect("it opens");
    LoadOptions { dialect, libraries, ..LoadOptions::default() }
}

fn load(dialect: Dialect, library: &Path, text: &str) -> Session {
    let mut session = Session::new();
    let input = Input::Text { name: "program".into(), text: text.into() };
    session.load(&[input], &options(dialect, library)).unwrap_or_else(|failure| panic!("{failure:?}"));
    session
}

#[test]
fn every_engine_calls_the_functions() {
    let folder = Folder::with(&[]);
    let wide = build(&folder, "wide", 64);
    let narrow = build(&folder, "narrow", 32);
    let own = format!("{DECLARED}{OWN}");
    let souffle = format!("{DECLARED}{SOUFFLE}");
    let asked = |product: u64| {
        let long = "?- long(w, n).\n  w\tn\n  ab\t3\n  greeting\t9\n";
        format!("{long}?- step(n).\n  n\n  5\n  6\n  7\n  8\n?- made(p, h).\n  p\th\n  {product}\t1.5\n")
    };
    for (dialect, library, text, expected) in [
        (
            Dialect::Entail,
            &wide,
            &own,
            "?- long(W, N).\n  W\tN\n  ab\t3\n  greeting\t9\n?- step(N), not long(_, N).\n  N\n  5\n  6\n  7\n  8\n\
             ?- said(L).\n  L\n  -3 7 0.25 greeting 6\n?- made(P, H).\n  P\tH\n  2432902008176640000\t1.5\n\
             ?- M = max X : { word(W), X = @longer(0, W) }.\n  M\n  8\n",
        ),
        (Dialect::Souffle(Width::Bits64), &wide, &souffle, &asked(2_432_902_008_176_640_000)),
        (Dialect::Souffle(Width::Bits32), &narrow, &souffle, &asked(2_192_834_560)),
    ] {
        assert_eq!(printed(&mut load(dialect, library, text)), expected, "{dialect:?}");
        agree_with_the_twin(Path::new(dialect.name()), Ok(load(dialect, library, text)));
    }
}

#[test]
fn what_a_function_cannot_give_stops_the_run() {
    let folder = Folder::with(&[]);
    let library = build(&folder, "wide", 64);
    for (rule, fault) in [
        ("p(@nothing(0)).", "the library gave no UTF-8 text: `@nothing(0)`"),
        ("p(@bytes()).", "the library gave no UTF-8 text: `@bytes()`"),
        ("p(@inverse(0.0)).", "the result is not a finite number: `@inverse(0.0)`"),
        ("p(@longer(1, \"a\\u{0}b\")).", "a text with a zero byte in it cannot go to a library"),
    ] {
        let mut session = load(Dialect::Entail, &library, &format!("{DECLARED}{rule}\n?- p(X).\n"));
        let said = printed(&mut session);
        assert!(said.contains(fault), "{rule}: {said}");
    }
    let guarded = "n(0). n(1).\np(X) :- n(N), X = @nothing(N), N > 0.\n?- p(X).\n";
    let mut session = load(Dialect::Entail, &library, &format!("{DECLARED}{guarded}"));
    assert_eq!(printed(&mut session), "?- p(X).\n  X\n  something\n");
}

#[test]
fn the_command_opens_what_its_flags_name_and_nothing_else() {
    let folder = Folder::with(&[("p.dl", &format!("{DECLARED}{OWN}")), ("q.dl", &format!("{DECLARED}q(1).\n"))]);
    build(&folder, "functors", 64);
    std::fs::create_dir(folder.path("lib")).expect("a folder");
    std::fs::rename(
        folder.path(&format!("{DLL_PREFIX}functors{DLL_SUFFIX}")),
        folder.path(&format!("lib/{DLL_PREFIX}functors{DLL_SUFFIX}")),
    )
    .expect("it moves");
    let file = format!("lib/{DLL_PREFIX}functors{DLL_SUFFIX}");
    for args in [&["run", "p.dl", "-l", "functors", "-L", "lib"][..], &["run", "p.dl", "-l", &file]] {
        let ran = folder.run(args);
        assert!(ran.code == Some(0) && ran.stdout.contains("-3 7 0.25 greeting 6"), "{ran:?}");
    }
    for (args, said) in [
        (&["run", "p.dl"][..], "name the library: `-l functors`"),
        (&["run", "p.dl", "-l", "functors"], "there is no library"),
        (&["run", "p.dl", "-l", "./p.dl"], "cannot be opened"),
    ] {
        let ran = folder.run(args);
        assert!(ran.code == Some(3) && ran.stderr.contains(said), "{args:?}: {ran:?}");
        assert_eq!(ran.stderr.matches("error[").count(), 1, "{ran:?}");
    }
    // What nothing calls needs no library.
    assert_eq!(folder.run(&["run", "q.dl"]).code, Some(0));
    // A library is linked with others, whose functions nobody asked for.
    folder.write("s.dl", ".functor system(symbol): number\np(@system(\"touch touched\")).\n");
    let ran = folder.run(&["run", "s.dl", "-l", &file]);
    assert!(ran.stderr.contains("none of the libraries that were named has it as its own"), "{ran:?}");
    assert!(!folder.path("touched").exists());
}

#[test]
fn reasons_dumps_and_other_engines_are_told_of_calls() {
    let folder = Folder::with(&[("p.dl", &format!("{DECLARED}{OWN}"))]);
    build(&folder, "functors", 64);
    let told = |args: &[&str]| {
        let ran = folder.run(&[args, &["-l", "functors"]].concat());
        assert_eq!(ran.stderr, "", "{args:?}");
        ran.stdout
    };
    for (args, parts) in [
        (&["explain", "p.dl", "long(ab, 3)"][..], &["3 = @longer(1, ab)"][..]),
        (&["explain", "p.dl", "--why-not", "step(10)"], &["step(10) does not hold", "1 rule makes other rows only"]),
        (&["p.dl", "-c", ".dump --all"], &[".functor longer(x1: number, x2: symbol): number", "N = @longer(1, W)"]),
        (&["p.dl", "-c", "X = @longer(1, greeting)?"], &["9"]),
        (&["p.dl", "-c", ".plan"], &["@longer("]),
        (&["emit", "p.dl"], &[".functor product(x1: unsigned): unsigned", "long(W, N) :- word(W), N = @longer(1, W)."]),
    ] {
        let told = told(args);
        for part in parts {
            assert!(told.contains(part), "{args:?} lacks {part}: {told}");
        }
    }
}

#[test]
fn the_manual_tells_the_truth() {
    let manual = std::fs::read_to_string("docs/language.md").expect("the manual");
    let block = |fence: &str| {
        let (_, behind) = manual.split_once(&format!("```{fence}\n")).expect("the manual has the block");
        behind.split_once("```").expect("the block ends")
    };
    let (program, behind) = block("entail distance.dl");
    let folder = Folder::with(&[("distance.c", block("c").0), ("distance.dl", program)]);
    compile(&folder.path("distance.c"), &folder, "functors", 64);
    let ran = folder.run(&["run", "distance.dl", "-l", "functors"]);
    let (_, shown) = behind.split_once("```text\n").expect("the manual shows what it prints");
    assert_eq!((&*ran.stderr, &*ran.stdout), ("", shown.split_once("```").expect("the block ends").0));
}
