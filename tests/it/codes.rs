//! Every row of the table of diagnostic codes, broken once.
//!
//! A row that shows a wrong program breaks it by that program; the others need a file, a flag or a limit.

use crate::command::{Folder, Ran};
use entail::report::{CODES, Code};
use entail::session::{Failure, Input, LoadOptions, OutputFolder, Session};

#[test]
fn wrong_programs_break_their_rule_and_right_ones_none() {
    for row in CODES.iter().filter(|row| !row.wrong.is_empty()) {
        let wrong = codes(row.wrong);
        assert!(!wrong.is_empty() && wrong.iter().all(|code| *code == row.code), "{}: {wrong:?}", row.id);
        assert_eq!(codes(row.right), [], "{}", row.id);
    }
}

/// What is said of a program, evaluated to its end.
fn codes(text: &str) -> Vec<Code> {
    let mut session = Session::new();
    let input = Input::Text { name: "program".into(), text: text.into() };
    let of = |failure: Failure, session: &Session| match failure {
        Failure::Diagnostics(diagnostics) => diagnostics,
        Failure::Stopped(stopped) => vec![session.describe(&stopped)],
    };
    let mut said = match session.load(&[input], &LoadOptions::default()) {
        Ok(changed) => changed.warnings,
        Err(failure) => return of(failure, &session).iter().map(|diagnostic| diagnostic.code).collect(),
    };
    match session.outputs(&OutputFolder::Stdout) {
        Ok(_) => {}
        Err(failure) => said.extend(of(failure, &session)),
    }
    let broken = session.broken_constraints().expect("constraints evaluate");
    said.extend(broken.iter().map(|broken| broken.describe(&session)));
    said.iter().map(|diagnostic| diagnostic.code).collect()
}

/// A way to break a rule: files, arguments, and what is said.
struct Breach {
    code: Code,
    files: &'static [(&'static str, &'static str)],
    args: &'static [&'static str],
    says: &'static str,
    exit: i32,
}

const fn breach(
    code: Code,
    files: &'static [(&'static str, &'static str)],
    args: &'static [&'static str],
    says: &'static str,
) -> Breach {
    Breach { code, files, args, says, exit: 3 }
}

static DEEP: &str = concat!(
    "q(X) :- X = ",
    "- - - - - - - - - - - - - - - - - - - - - - - - - - ",
    "- - - - - - - - - - - - - - - - - - - - - - - - - - ",
    "- - - - - - - - - - - - - - - - - - - - - - - - - - ",
    "- - - - - - - - - - - - - - - - - - - - - - - - - - ",
    "- - - - - - - - - - - - - - - - - - - - - - - - - - ",
    "1."
);

static BREACHES: &[Breach] = &[
    breach(Code::CommandUsage, &[], &["-c", ".maxrows many"], "`maxrows` cannot be `many`"),
    breach(Code::UnknownCommand, &[], &["-c", ".undoo"], "did you mean `.undo`?"),
    breach(Code::NestingTooDeep, &[("p.dl", DEEP)], &["check", "p.dl"], "nesting deeper than 128"),
    breach(
        Code::BadParameter,
        &[("p.dl", "p(a).\n.output p(IO=sdtout)\n")],
        &["run", "p.dl"],
        "`IO` takes `file`, `stdout`, `stdoutprintsize`, `jsonfile`, `json` or `sqlite`",
    ),
    breach(
        Code::NotAFact,
        &[("p.dl", "p(a).\n")],
        &["query", "p.dl", "-q", "p(X)", "--assert", "p(X) :- p(X)."],
        "not a fact",
    ),
    breach(
        Code::UnknownComponent,
        &[("p.dl", ".comp Graph { .decl e(x: number) }\n.init g = Grahp\n")],
        &["run", "p.dl", "--dialect", "souffle"],
        "did you mean `Graph`?",
    ),
    breach(
        Code::BadOverride,
        &[("p.dl", ".comp A { .decl e(x: number) }\n.comp B : A { .override e }\n.init b = B\n")],
        &["run", "p.dl", "--dialect", "souffle"],
        "`e` is not declared to be overridable",
    ),
    breach(
        Code::NotInSouffle,
        &[("p.dl", "s(a). p(upper(X)) :- s(X).\n")],
        &["emit", "p.dl"],
        "`upper` cannot be said in Soufflé",
    ),
    breach(
        Code::BadInline,
        &[("p.dl", ".decl p(x: number) inline\np(1).\n.output p\n")],
        &["run", "p.dl", "--dialect", "souffle"],
        "`p` cannot be inline: it has no rows to be read or written",
    ),
    breach(
        Code::Interlocked,
        &[(
            "p.dl",
            ".decl p(x: number, y: number)\n.decl q(x: number, y: number)\nq(x, y) :- p(x, y), 0 = count : { p(x, a), a < y }, \
             0 = count : { p(b, y), b < x }.\n",
        )],
        &["run", "p.dl", "--dialect", "souffle"],
        "neither of two aggregates comes first: one needs `y`, and the other `x`",
    ),
    breach(Code::CannotRead, &[("edge.dl", "")], &["run", "egde.dl"], "did you mean `edge.dl`?"),
    breach(
        Code::WrongFieldCount,
        &[("p.csv", "a,b\n1,2\n3\n")],
        &["run", "p.csv"],
        "p.csv:3: expected 2 fields, got 1",
    ),
    breach(
        Code::BadField,
        &[("p.dl", ".decl p(n: number)\n"), ("p.csv", "1\n 2\n")],
        &["run", "p.dl", "p.csv"],
        "p.csv:2: ` 2` is not a number, as column `n` needs",
    ),
    breach(
        Code::BadHeader,
        &[("p.dl", ".decl p(n: number, m: number)\n"), ("p.csv", "n,k\n1,2\n")],
        &["run", "p.dl", "p.csv"],
        "does not name the columns n, m",
    ),
    breach(
        Code::AmbiguousInput,
        &[("p.dl", ".decl p(n: number)\n.input p\n"), ("p.csv", "1\n"), ("p.facts", "2\n")],
        &["run", "p.dl"],
        "two files could fill `p`",
    ),
    breach(Code::InputNotFound, &[("p.dl", ".decl p(n: number)\n.input p\n")], &["run", "p.dl"], "-F DIR"),
    breach(
        Code::PathOutside,
        &[("sub/p.dl", ".include \"../secret.dl\"\n"), ("secret.dl", "s(1).\n")],
        &["run", "sub/p.dl"],
        "leads out of the program's folder",
    ),
    breach(
        Code::IncludeCycle,
        &[("a.dl", ".include \"b.dl\"\n"), ("b.dl", ".include \"a.dl\"\n")],
        &["run", "a.dl"],
        "a.dl -> b.dl -> a.dl",
    ),
    breach(
        Code::WouldOverwrite,
        &[("p.dl", ".decl p(n: number)\n.input p\n.output p\n"), ("p.csv", "n\n1\n")],
        &["run", "p.dl"],
        "was read by this run",
    ),
    breach(
        Code::CannotWrite,
        &[("p.dl", "p(1).\n.output p\n"), ("file", "")],
        &["run", "p.dl", "-D", "file/folder"],
        "cannot write",
    ),
    breach(Code::UnknownFormat, &[("p.xlsx", "")], &["run", "p.xlsx"], "programs end in .dl"),
    breach(Code::MalformedRow, &[("p.csv", "a,b\n1,\"2\n")], &["run", "p.csv"], "p.csv:2: this quote is never closed"),
    Breach {
        code: Code::LimitReached,
        files: &[("p.dl", "n(0). n(X + 1) :- n(X).\n.printsize n\n")],
        args: &["run", "p.dl", "--max-rounds", "100"],
        says: "`--max-rounds 100` stopped the run after 101 rounds",
        exit: 4,
    },
    breach(
        Code::UnknownClaims,
        &[("p.dl", "p(a) @ c1. claim(c1, s1, times, asserted).\n.decl claim(claim, sentence, source, modality)\n")],
        &["query", "p.dl", "-q", "p(X)", "--without", "source=tmies"],
        "did you mean `times`?",
    ),
    breach(
        Code::NothingToRetract,
        &[("p.dl", "p(a).\n")],
        &["query", "p.dl", "-q", "p(X)", "--retract", "p(b)"],
        "no stored fact is `p(b)`",
    ),
];

#[test]
fn every_other_rule_is_broken_by_a_file_a_flag_or_a_limit() {
    for Breach { code, files, args, says, exit } in BREACHES {
        let Ran { code: ended, stdout, stderr } = Folder::with(files).run(args);
        assert!(stderr.contains(&format!("error[{}]", code.id())), "{}: {stderr}", code.id());
        assert!(stderr.contains(says), "{}: {stderr}", code.id());
        assert_eq!((ended, stdout.as_str()), (Some(*exit), ""), "{}", code.id());
    }
}

#[test]
fn every_row_is_broken_somewhere() {
    // An interrupt is sent by a test of the command line, a mistake of our own is planted by another.
    let elsewhere = [Code::Interrupted, Code::Internal];
    for row in CODES {
        let shown = !row.wrong.is_empty();
        let broken = BREACHES.iter().any(|breach| breach.code == row.code);
        assert!(shown || broken || elsewhere.contains(&row.code), "{} has no test", row.id);
        assert!(row.explanation.len() > 20, "{} is not explained", row.id);
    }
}
