//! The command with `--dialect souffle`: what it reads, writes and answers.

use crate::command::Folder;

const GRAPH: &str = ".decl edge(x: number, y: number)\n.input edge\n.decl path(x: number, y: number)\n.output path\n\
                     path(x, y) :- edge(x, y).\npath(x, z) :- path(x, y), edge(y, z).\n";

#[test]
fn rows_are_read_and_written_as_souffle_does() {
    let folder = Folder::with(&[("p.dl", GRAPH), ("facts/edge.facts", "1\t2\tmore\n2\t3\tand more\n")]);
    let ran = folder.run(&["run", "--dialect", "souffle", "p.dl", "-F", "facts", "-D", "out"]);
    assert_eq!((ran.code, &*ran.stderr, &*ran.stdout), (Some(0), "", ""));
    assert_eq!(folder.read("out/path.csv"), "1\t2\n1\t3\n2\t3\n");
    let ran = folder.run(&["run", "--dialect", "souffle", "p.dl", "-F", "facts", "-D", "-"]);
    let rows = "---------------\npath\nx\ty\n===============\n1\t2\n1\t3\n2\t3\n===============\n";
    assert_eq!(ran.stdout, rows, "{}", ran.stderr);
}

#[test]
fn its_programs_are_asked_and_explained() {
    let program = ".decl edge(x: symbol, y: symbol)\n.decl path(x: symbol, y: symbol)\nedge(\"a\", \"b\").\n\
                   edge(\"b\", \"c\").\npath(x, y) :- edge(x, y).\npath(x, z) :- path(x, y), edge(y, z).\n";
    let folder = Folder::with(&[("p.dl", program)]);
    let ran = folder.run(&["query", "--dialect", "souffle", "p.dl", "-q", "path(\"a\", x), x != \"b\""]);
    assert_eq!((&*ran.stdout, &*ran.stderr), ("x\nc\n", ""));
    let ran = folder.run(&["explain", "--dialect", "souffle", "p.dl", "path(\"a\", \"c\")"]);
    assert!(ran.stdout.contains("p.dl:6"), "{ran:?}");
    let ran =
        folder.run(&["query", "--dialect", "souffle", "p.dl", "-q", "path(x, y)", "--retract", "edge(\"b\", \"c\")"]);
    assert_eq!(ran.stdout, "x\ty\na\tb\n", "{}", ran.stderr);
}

#[test]
fn a_file_may_be_missing_if_no_output_needs_it() {
    let unneeded = format!("{GRAPH}.decl other(x: number)\n.input other\n");
    let folder = Folder::with(&[("p.dl", &unneeded), ("edge.facts", "1\t2\n")]);
    assert_eq!(folder.run(&["run", "--dialect", "souffle", "p.dl"]).code, Some(0));
    let folder = Folder::with(&[("p.dl", GRAPH)]);
    let ran = folder.run(&["run", "--dialect", "souffle", "p.dl"]);
    assert!(ran.code == Some(3) && ran.stderr.contains("there is no `edge.facts`"), "{ran:?}");
}

#[test]
fn compressed_rows_are_read_and_written() {
    let copy = ".decl a(x: number)\n.decl b(x: number)\n.output b(compress=true)\na(1). a(2).\nb(x) :- a(x).\n";
    let again = ".decl b(x: number)\n.input b(filename=\"b.csv.gz\")\n.output b\n";
    let folder = Folder::with(&[("p.dl", copy), ("q.dl", again)]);
    assert_eq!(folder.run(&["run", "--dialect", "souffle", "p.dl"]).code, Some(0));
    let ran = folder.run(&["run", "--dialect", "souffle", "q.dl"]);
    assert_eq!((ran.code, folder.read("b.csv")), (Some(0), "1\n2\n".to_owned()), "{}", ran.stderr);
}

#[test]
fn numbers_are_as_wide_as_asked_for() {
    let folder = Folder::with(&[("p.dl", ".decl a(x: number)\n.output a\na(5000000000).\n")]);
    let ran = folder.run(&["run", "--dialect", "souffle", "p.dl"]);
    assert!(ran.code == Some(3) && ran.stderr.contains("numbers of 64 bits need `--wide`"), "{ran:?}");
    assert_eq!(folder.run(&["run", "--dialect", "souffle", "--wide", "p.dl"]).code, Some(0));
    assert_eq!(folder.read("a.csv"), "5000000000\n");
}

#[test]
fn numbers_of_files_are_no_wider() {
    let program = ".type Pair = [x: number, y: float]\n.decl a(x: number, y: unsigned, z: float, p: Pair)\n.input a\n\
                   .decl b(x: number)\nb(x) :- a(x, _, 0.1, [_, 0.1]).\n.output a, b\n";
    let folder = Folder::with(&[("p.dl", program), ("a.facts", "-2147483648\t4294967295\t0.1\t[1, 0.1]\n")]);
    let ran = folder.run(&["run", "--dialect", "souffle", "p.dl"]);
    assert_eq!((ran.code, &*ran.stderr), (Some(0), ""));
    // Floats are those of 32 bits, which literals are too.
    assert_eq!(folder.read("b.csv"), "-2147483648\n");
    assert_eq!(folder.read("a.csv"), "-2147483648\t4294967295\t0.100000001\t[1, 0.100000001]\n");
    for (row, wide) in [
        ("2147483648\t1\t1\tnil", "`2147483648` has more than 32 bits, in column `x`"),
        ("1\t4294967296\t1\tnil", "`4294967296` has more than 32 bits, in column `y`"),
        ("1\t1\t1e39\tnil", "in column `z`"),
        ("1\t1\t1\t[2147483648, 1]", "`[2147483648, 1.0]` has more than 32 bits, in column `p`"),
    ] {
        folder.write("a.facts", &format!("1\t1\t1\tnil\n{row}\n"));
        let ran = folder.run(&["run", "--dialect", "souffle", "p.dl"]);
        assert!(ran.stderr.contains("a.facts: row 2") && ran.stderr.contains(wide), "{row}: {}", ran.stderr);
        assert_eq!(folder.run(&["run", "--dialect", "souffle", "--wide", "p.dl"]).code, Some(0), "{row}");
    }
}

#[test]
fn rounded_numbers_of_files_are_found_on_their_lines() {
    let program = ".decl e(x: number, y: float)\n.input e\n.decl p(x: number)\np(X) :- e(X, Y), Y > 1.0.\n";
    let folder = Folder::with(&[("p.dl", program), ("e.facts", "1\t0.1\n2\t83.48\n")]);
    let ran = folder.run(&["explain", "--dialect", "souffle", "p.dl", "p(2)"]);
    assert!(ran.stdout.contains("e(2, 83.4800033569336)  e.facts:2"), "{ran:?}");
}

#[test]
fn files_that_the_command_names_hold_numbers_of_32_bits_too() {
    let folder =
        Folder::with(&[("p.dl", ".decl a(x: number)\n.output a(IO=stdout)\n"), ("a.csv", "x\n1\n5000000000\n")]);
    let ran = folder.run(&["run", "--dialect", "souffle", "p.dl", "a.csv"]);
    assert!(ran.code == Some(3) && ran.stderr.contains("a.csv: row 2: `5000000000` has more than 32 bits"), "{ran:?}");
    assert_eq!(folder.run(&["run", "--dialect", "souffle", "--wide", "p.dl", "a.csv"]).code, Some(0));
}

#[test]
fn clauses_are_spelled_as_the_program_spells_them() {
    let program = ".type shape = Dot {} | Disc { r: float }\n.decl a(x: symbol, y: shape)\n\
                   a(\"b\", $Dot()). a(\"say \\\"c\\\"\", $Disc(2.0)).\n.decl yes()\nyes().\n";
    let folder = Folder::with(&[("p.dl", program)]);
    let ask = |query: &str| {
        let ran = folder.run(&["query", "--dialect", "souffle", "p.dl", "--format", "dl", "-q", query]);
        assert_eq!(ran.stderr, "");
        ran.stdout
    };
    assert_eq!(ask("a(x, y)"), "a(\"b\", $Dot()).\na(\"say \\\"c\\\"\", $Disc(2.0)).\n");
    assert_eq!(ask("yes()"), "yes().\n");
}

#[test]
fn lines_for_the_preprocessor_are_carried_out_and_places_stay_true() {
    let main = "#include \"part.inc\"\n#define LIMIT 3\n\n.output a\na(LIMIT).\na(y) :- b(x).\n";
    let folder = Folder::with(&[("p.dl", main), ("part.inc", ".decl a(x: number)\n.decl b(x: number)\nb(1).\n")]);
    let ran = folder.run(&["run", "--dialect", "souffle", "p.dl"]);
    if ran.stderr.contains("needs a C preprocessor") {
        assert!(ran.stderr.contains("install `mcpp` or `cpp`"));
        return;
    }
    assert!(ran.stderr.contains("p.dl:6:3"), "{}", ran.stderr);
    let widths =
        ".decl a(x: number)\n.output a(IO=stdout)\na(RAM_DOMAIN_SIZE).\n#if RAM_DOMAIN_SIZE == 64\na(1).\n#endif\n";
    folder.write("q.dl", widths);
    assert!(folder.run(&["run", "--dialect", "souffle", "q.dl"]).stdout.contains("\n32\n=="));
    assert!(folder.run(&["run", "--dialect", "souffle", "--wide", "q.dl"]).stdout.contains("\n1\n64\n=="));
    folder.write("sub/p.dl", "#include \"../secret.inc\"\n");
    folder.write("secret.inc", ".decl a(x: number)\n");
    let ran = folder.run(&["run", "--dialect", "souffle", "sub/p.dl"]);
    assert!(ran.stderr.contains("leads out of the program's folder"), "{}", ran.stderr);
}

#[test]
fn reasons_are_told_in_the_words_of_the_program() {
    let program = ".decl edge(x: symbol, y: symbol)\nedge(\"a\", \"b\"). edge(\"b\", \"c\").\n\
                   .decl end(x: symbol)\nend(y) :- edge(_, y), !edge(y, _), strlen(y) % 2 = 1.\n\
                   .decl many(n: number)\nmany(n) :- n = 1 + count : { edge(_, _) }, n > 2.\n";
    let folder = Folder::with(&[("p.dl", program)]);
    let explain = |args: &[&str]| {
        let ran = folder.run(&[&["explain", "--dialect", "souffle", "p.dl"], args].concat());
        assert_eq!(ran.stderr, "");
        ran.stdout
    };
    let told = explain(&["end(\"c\")"]);
    for line in ["end(\"c\")", "edge(\"b\", \"c\")", "!edge(\"c\", _)", "1 = strlen(\"c\") % 2 = 1"] {
        assert!(told.contains(line.split(" = 1").next().unwrap_or(line)), "{line}: {told}");
    }
    let told = explain(&["many(3)"]);
    assert!(told.contains("count : { edge(_, _) }"), "{told}");
    let told = explain(&["--why-not", "end(\"b\")"]);
    assert!(told.contains("!edge(\"b\", _), but edge(\"b\", \"c\") holds"), "{told}");
    assert!(told.contains("edge(\"b\", \"c\") were not stored"), "{told}");
}

#[test]
fn what_is_dumped_reads_back() {
    let program = ".decl a(x: symbol, y: float)\na(\"a b\", 0.5). a(\"c\", 2.0).\n.decl b(x: symbol)\n\
                   b(x) :- a(x, y), !(y > 1.0 ; x = \"d\"), strlen(x) % 2 = 1.\n.decl c()\nc() :- b(_).\n";
    let folder = Folder::with(&[("p.dl", program)]);
    let dump = |path: &str| folder.run(&["--dialect", "souffle", path, "-c", ".dump --all"]);
    let first = dump("p.dl");
    assert_eq!(first.stderr, "");
    assert!(first.stdout.contains("c() :- b(_).") && first.stdout.contains("a(\"c\", 2.0)."), "{}", first.stdout);
    folder.write("again.dl", &first.stdout);
    assert_eq!(dump("again.dl").stdout, first.stdout);
    let plan = folder.run(&["--dialect", "souffle", "p.dl", "-c", ".plan"]).stdout;
    assert!(plan.contains("% 2"), "{plan}");
}

#[test]
fn a_limit_ends_an_evaluation_and_reasons_know_of_it() {
    let program = ".decl e(x: number, y: number)\n.decl r(x: number, y: number)\ne(1, 2). e(2, 3). e(3, 4).\n\
                   r(x, y) :- e(x, y).\nr(x, z) :- r(x, y), e(y, z).\n.limitsize r(n=4)\n.printsize r\n";
    let folder = Folder::with(&[("p.dl", program)]);
    let run = |args: &[&str]| {
        let ran = folder.run(args);
        (ran.code, ran.stdout)
    };
    assert_eq!(run(&["run", "--dialect", "souffle", "p.dl"]), (Some(0), "r\t5\n".to_owned()));
    // A question reads the same rows, however it is answered.
    let asked = run(&["query", "--dialect", "souffle", "p.dl", "-q", "r(1, x)"]);
    assert_eq!(asked, (Some(0), "x\n2\n3\n".to_owned()));
    let (_, why) = run(&["explain", "--dialect", "souffle", "p.dl", "r(1, 3)"]);
    assert!(why.contains("e(2, 3)"), "{why}");
    let (_, lacks) = run(&["explain", "--dialect", "souffle", "--why-not", "p.dl", "r(1, 4)"]);
    let ended = "`.limitsize r(n=4)` ended the evaluation: its rules may derive it all the same.";
    assert!(lacks.contains(ended) && lacks.contains("of its 2 conditions 2 hold"), "{lacks}");
    let (_, json) = run(&["explain", "--dialect", "souffle", "--why-not", "--format", "json", "p.dl", "r(1, 4)"]);
    assert!(json.contains("\"limitedTo\": 4"), "{json}");
}

#[test]
fn a_component_may_hold_what_a_file_does() {
    let main = ".comp A {\n  .include \"sub/part.dl\"\n  q(x) :- p(x).\n  .decl q(x: number)\n}\n\
                .comp B {\n  .comp Inner {\n    .include \"sub/part.dl\"\n  }\n  .init inner = Inner\n}\n\
                .include \"sub/part.dl\"\n.init a = A\n.init b = B\n.printsize a.q, b.inner.p, p, b.inner.deep\n";
    let part = ".decl p(x: number)\np(1). p(2).\n.include \"deeper.dl\"\n";
    let files = [("p.dl", main), ("sub/part.dl", part), ("sub/deeper.dl", ".decl deep(x: symbol)\ndeep(\"a\").\n")];
    let folder = Folder::with(&files);
    let run = |folder: &Folder| folder.run(&["run", "--dialect", "souffle", "p.dl"]);
    let ran = run(&folder);
    assert_eq!((&*ran.stdout, &*ran.stderr), ("a.q\t2\nb.inner.p\t2\np\t2\nb.inner.deep\t1\n", ""));
    // Reasons and mistakes are told by the file that was included.
    let ran = folder.run(&["explain", "--dialect", "souffle", "p.dl", "a.q(1)"]);
    assert!(ran.stdout.contains("part.dl:2"), "{ran:?}");
    folder.write("sub/deeper.dl", ".decl deep(x: symbol)\ndeep(1).\n");
    let ran = run(&folder);
    assert!(ran.stderr.contains("deeper.dl:2"), "{ran:?}");
    folder.write("sub/deeper.dl", ".include \"part.dl\"\n");
    let ran = run(&folder);
    assert!(ran.stderr.contains("part.dl -> deeper.dl -> part.dl"), "{ran:?}");
    folder.write("p.dl", ".comp A {\n  .include \"../secret.dl\"\n  .include \"nothing.dl\"\n}\n.init a = A\n");
    let ran = run(&folder);
    for told in ["leads out of the program's folder", "there is no file `nothing.dl`"] {
        assert!(ran.stderr.contains(told), "{ran:?}");
    }
}

#[test]
fn a_program_knows_where_it_is_written() {
    let program = ".include \"sub/part.dl\"\n.decl a(file: symbol, line: number)\na(__FILE__, __LINE__).\n\
                   .output a(IO=json)\n";
    let folder = Folder::with(&[("p.dl", program), ("sub/part.dl", "\na(__FILE__, __LINE__).\n")]);
    let ran = folder.run(&["run", "--dialect", "souffle", "p.dl"]);
    assert_eq!((&*ran.stdout, &*ran.stderr), ("[[\"p.dl\", 3],\n[\"sub/part.dl\", 2]]\n", ""));
}

#[test]
fn statements_are_told_from_each_other_as_in_souffle() {
    let said = ".comp Graph<T> {\n  .decl edge(x: T, y: T)\n  .decl path(x: T, y: T)\n  path(x, y) :- edge(x, y).\n\
                path(x, z) :- path(x, y), edge(y, z).\n}\n.init g = Graph<number>\ng.edge(1, 2). g.edge(2, 3).\n\
                g.path(x, y), y % 2 = 1?\n.why g.path(1, 3)\n.relations\n.schema g.path\ng.edge(1, 2)~\ng.path(x, _)?\n";
    let folder = Folder::with(&[("s.txt", said)]);
    let ran = folder.run(&["--dialect", "souffle", "-f", "s.txt"]);
    assert_eq!((ran.code, &*ran.stderr), (Some(0), ""), "{}", ran.stdout);
    for part in ["x\ty\n1\t3\n2\t3\n", "g.edge(1, 2)", ".decl g.path(x: number, y: number)", "x\n2\n"] {
        assert!(ran.stdout.contains(part), "{part}: {}", ran.stdout);
    }
    let ran = folder.run(&["fmt", "--dialect", "souffle", "s.txt"]);
    assert!(ran.code == Some(2) && ran.stderr.contains("Entail's own language"), "{ran:?}");
}
