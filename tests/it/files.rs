//! What comes in and goes out by the parameters of `.input` and `.output`, in both dialects.

use crate::command::{Folder, Ran};
use std::io::Write;

/// Runs `p.dl` of a folder as a program of Soufflé's.
fn souffle(folder: &Folder, input: &str) -> Ran {
    folder.run_with_input(&["run", "--dialect", "souffle", "p.dl"], input)
}

/// What a program of Soufflé's prints, which says nothing else.
fn printed(program: &str, input: &str) -> String {
    let ran = souffle(&Folder::with(&[("p.dl", program)]), input);
    assert_eq!((ran.code, &*ran.stderr), (Some(0), ""), "{program}");
    ran.stdout
}

/// What is said of a program that is refused.
fn refused(files: &[(&str, &str)]) -> String {
    let ran = souffle(&Folder::with(files), "");
    assert!(ran.code == Some(3), "{ran:?}");
    ran.stderr
}

#[test]
fn rows_come_in_through_standard_input() {
    let program = ".decl a(x: number, y: symbol)\n.input a(IO=stdin, delimiter=\",\")\n.output a(IO=stdout)\n";
    let rows = "---------------\na\n===============\n1\tb\n2\tc\n===============\n";
    assert_eq!(printed(program, "2,c\n1,b\n"), rows);
    let program = ".decl a(x: number, y: symbol)\n.input a(IO=json)\n.output a(IO=json, format=object)\n";
    let rows = "[{\"x\": 1, \"y\": \"b\"},\n{\"x\": 2, \"y\": \"c\"}]\n";
    assert_eq!(printed(program, "[[2, \"c\"], {\"y\": \"b\", \"x\": 1}]"), rows);
    let folder = Folder::with(&[("p.dl", ".input a(IO=stdin)\n?- a(X).\n"), ("q.dl", ".decl a(x: number)\n")]);
    let ran = folder.run_with_input(&["run", "p.dl", "q.dl", "--format", "csv"], "3\n1\n");
    assert_eq!((&*ran.stdout, &*ran.stderr), ("X\n1\n3\n", ""));
}

#[test]
fn standard_input_fills_one_relation() {
    let twice = ".decl a(x: number)\n.decl b(x: number)\n.input a(IO=stdin)\n.input b(IO=json)\n.output a, b\n";
    let said = refused(&[("p.dl", twice)]);
    assert!(said.contains("standard input fills one relation only"), "{said}");
    // Where commands are typed, no rows are.
    let folder = Folder::with(&[("p.dl", ".decl a(x: number)\n.input a(IO=stdin)\n")]);
    let ran = folder.run_with_input(&["p.dl"], "a(X)?\n");
    assert!(ran.stderr.contains("standard input is not there to be read from"), "{ran:?}");
}

#[test]
fn a_mistake_in_standard_input_is_told_with_its_line() {
    let folder = Folder::with(&[("p.dl", ".decl a(x: number)\n.input a(IO=stdin)\n.output a\n")]);
    let ran = souffle(&folder, "1\ntwo\n");
    assert!(ran.stderr.contains("standard input:2: `two` is not a number"), "{ran:?}");
    assert_eq!(folder.files(), ["p.dl"]);
}

#[test]
fn json_files_hold_one_array_of_rows() {
    let types = ".type List = [head: number, tail: List]\n.type Shape = Circle { r: float } | Point {}\n\
                 .decl a(x: List, y: Shape, z: unsigned)\n";
    let write = format!(
        "{types}a([1, [2, nil]], $Circle(0.5), 4294967295).\na(nil, $Point(), 0).\n\
         .output a(IO=jsonfile)\n.output a(IO=jsonfile, filename=\"objects.json\", format=object)\n"
    );
    let folder = Folder::with(&[("p.dl", &write)]);
    let ran = souffle(&folder, "");
    assert_eq!((ran.code, &*ran.stderr), (Some(0), ""));
    let list = "[[null, {\"$Point\": []}, 0],\n[[1, [2, null]], {\"$Circle\": [0.5]}, 4294967295]]\n";
    let objects = "[{\"x\": null, \"y\": {\"$Point\": {}}, \"z\": 0},\n\
                   {\"x\": {\"head\": 1, \"tail\": {\"head\": 2, \"tail\": null}}, \"y\": {\"$Circle\": {\"r\": 0.5}}, \
                   \"z\": 4294967295}]\n";
    assert_eq!((&*folder.read("a.json"), &*folder.read("objects.json")), (list, objects));
    for file in ["a.json", "objects.json"] {
        folder.write("p.dl", &format!("{types}.input a(IO=jsonfile, filename=\"{file}\")\n.output a(IO=json)\n"));
        let ran = souffle(&folder, "");
        assert_eq!((&*ran.stdout, &*ran.stderr), (list, ""), "{file}");
    }
}

#[test]
fn a_relation_without_columns_is_null_in_json() {
    let program = ".decl a()\n.decl b()\na().\n.output a(IO=json)\n.output b(IO=json)\n";
    assert_eq!(printed(program, ""), "[null\n]\n[]\n");
    assert_eq!(printed(".decl a()\n.input a(IO=json)\n.printsize a\n", "[null\n]\n"), "a\t1\n");
}

#[test]
fn a_mistake_in_json_is_told_with_the_line_of_its_row() {
    let program = ".type Pair = [x: number, y: symbol]\n.decl a(p: Pair)\n.input a(IO=jsonfile)\n.output a\n";
    for (rows, told) in [
        ("[[[1, \"a\"]],\n[[1, 2]]]", "a.json:2: `[1,2]` is not a record, as column `p` needs"),
        ("[[[1, \"a\"]],\n[{\"x\": 1}]]", "a.json:2: `{\"x\":1}` is not a record, as column `p` needs"),
        ("[[[1, \"a\"]],\n{\"q\": null}]", "a.json:2: no column is called `q`"),
        ("[[[1, \"a\"]],\n[null]", "a.json:2: this is no array of rows in JSON: EOF while parsing a list"),
        ("[1]", "a.json:1: this row is neither an object nor an array"),
    ] {
        let said = refused(&[("p.dl", program), ("a.json", rows)]);
        assert!(said.contains(told), "{rows}: {said}");
    }
}

#[test]
fn facts_from_json_are_explained_by_their_lines() {
    let program = ".decl a(x: number)\n.input a(IO=jsonfile)\n.decl b(x: number)\nb(x) :- a(x).\n.output b\n";
    let folder = Folder::with(&[("p.dl", program), ("a.json", "[[1],\n[2]]\n")]);
    let ran = folder.run(&["explain", "--dialect", "souffle", "p.dl", "b(2)"]);
    assert!(ran.stdout.contains("a.json:2"), "{ran:?}");
}

#[test]
fn rows_have_the_name_and_the_header_that_are_asked_for() {
    let program = ".decl a(x: number, y: number)\na(1, 2).\n\
                   .output a(IO=stdout, name=\"b\", headers=true, attributeNames=\"left right\")\n\
                   .output a(IO=stdoutprintsize, name=\"c\")\n.printsize a(name=\"d\")\n.output a(name=\"e\")\n";
    let folder = Folder::with(&[("p.dl", program)]);
    let ran = souffle(&folder, "");
    let rows = "---------------\nb\nleft right\n===============\n1\t2\n===============\nc\t1\nd\t1\n";
    assert_eq!((&*ran.stdout, &*ran.stderr, &*folder.read("e.csv")), (rows, "", "1\t2\n"));
    folder.write("p.dl", ".decl a(x: number, y: number)\n.input a(name=\"e\", filename=\"e.csv\")\n.printsize a\n");
    assert_eq!(souffle(&folder, "").stdout, "a\t1\n");
    // The last of two values counts.
    folder.write("p.dl", ".decl a(x: number)\na(1).\n.output a(IO=file, IO=stdoutprintsize)\n");
    assert_eq!(souffle(&folder, "").stdout, "a\t1\n");
}

#[test]
fn one_relation_is_filled_by_several_files_and_written_to_several() {
    let program = ".decl a, b(x: number)\n.input a(filename=\"one.facts\")\n.input a(filename=\"two.facts\")\n\
                   .input b(filename=\"two.facts\")\n.output a, b\n.output a(filename=\"sub/a.txt\")\n\
                   .output a(compress=true)\n";
    let folder = Folder::with(&[("p.dl", program), ("one.facts", "1\n2\n"), ("two.facts", "2\n3\n")]);
    let ran = souffle(&folder, "");
    assert_eq!((ran.code, &*ran.stderr), (Some(0), ""));
    assert_eq!((&*folder.read("a.csv"), &*folder.read("b.csv")), ("1\n2\n3\n", "2\n3\n"));
    assert_eq!(folder.read("sub/a.txt"), "1\n2\n3\n");
    assert!(folder.files().contains(&"a.csv.gz".to_owned()));
}

#[test]
fn records_keep_their_delimiters_and_quotes() {
    let program = ".type Pair = [x: number, y: symbol]\n.decl a(p: Pair, n: number)\n.input a(delimiter=\",\")\n\
                   .output a(rfc4180=true, filename=\"q.csv\")\n.output a(delimiter=\"; \")\n";
    let folder = Folder::with(&[("p.dl", program), ("a.facts", "[1, \"b, \\\"c\\\\\"],7\nnil,8\n")]);
    let ran = souffle(&folder, "");
    assert_eq!((ran.code, &*ran.stderr), (Some(0), ""));
    assert_eq!(folder.read("a.csv"), "nil; 8\n[1, b, \"c\\]; 7\n");
    assert_eq!(folder.read("q.csv"), "\"nil\",8\n\"[1, \"\"b, \\\"\"c\\\\\"\"]\",7\n");
    let again = ".type Pair = [x: number, y: symbol]\n.decl a(p: Pair, n: number)\n\
                 .input a(rfc4180=true, filename=\"q.csv\")\n.output a(delimiter=\"; \", filename=\"again.csv\")\n";
    folder.write("p.dl", again);
    assert_eq!(souffle(&folder, "").stderr, "");
    assert_eq!(folder.read("again.csv"), folder.read("a.csv"));
    // A bracket that is never closed keeps the rest of its line together.
    folder.write("a.facts", "[1, b,7\n");
    folder.write("p.dl", program);
    let ran = souffle(&folder, "");
    assert!(ran.stderr.contains("a.facts:1: expected 2 fields, got 1"), "{ran:?}");
}

#[test]
fn numbers_without_a_sign_may_have_other_bases() {
    let program = ".decl a(x: unsigned)\n.input a(IO=stdin)\n.output a(IO=json)\n";
    assert_eq!(printed(program, "0xff\n0b101\n7\n0xFF\n"), "[[5],\n[7],\n[255]]\n");
}

#[test]
fn a_compressed_file_may_not_fill_more_than_the_memory() {
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    let line = [b"1\n".repeat(1 << 15)].concat();
    (0..2048).for_each(|_| packed.write_all(&line).expect("written"));
    let packed = packed.finish().expect("written");
    assert!(packed.len() < 1 << 20);
    let folder = Folder::with(&[("p.dl", ".decl a(x: number)\n.input a(filename=\"a.gz\")\n.printsize a\n")]);
    std::fs::write(folder.path("a.gz"), packed).expect("written");
    let run = |limit| folder.run(&["run", "--dialect", "souffle", "--memory-limit", limit, "p.dl"]);
    let ran = run("64M");
    assert!(ran.stderr.contains("`a.gz` holds more than 67108864 bytes"), "{ran:?}");
    assert_eq!(ran.stdout, "");
}

#[test]
fn what_no_reader_or_writer_is_called_is_refused() {
    for (directive, told) in [
        (".input a(IO=carrier_pigeon)", "`IO` takes `file`, `stdin`, `jsonfile`, `json` or `sqlite`"),
        (".output a(IO=files)", "`IO` takes `file`, `stdout`, `stdoutprintsize`, `jsonfile`, `json` or `sqlite`"),
    ] {
        let program = format!(".decl a(x: number)\n{directive}\n");
        let said = refused(&[("p.dl", &program)]);
        assert!(said.contains("E0208") && said.contains(told), "{said}");
        let native = Folder::with(&[("p.dl", &program)]).run(&["run", "p.dl"]);
        assert!(native.stderr.contains(told), "{native:?}");
    }
}

#[test]
fn the_native_dialect_takes_the_same_parameters() {
    let program = ".decl a(x: number, y: symbol)\n.input a(IO=jsonfile)\n.output a(IO=json, format=object)\n\
                   .output a(IO=stdout, rfc4180=true)\n.output a(IO=jsonfile, filename=\"b.json\")\n\
                   .output a(IO=stdoutprintsize)\n";
    let folder = Folder::with(&[("p.dl", program), ("a.json", "[[1, \"b\"]]\n")]);
    let ran = folder.run(&["run", "p.dl"]);
    assert_eq!((&*ran.stdout, &*ran.stderr), ("[{\"x\": 1, \"y\": \"b\"}]\n1,\"b\"\na\t1\n", ""));
    assert_eq!(folder.read("b.json"), "[[1, \"b\"]]\n");
    let ran = folder.run(&["query", "-q", "a(X, Y)", "a.json"]);
    assert!(ran.stderr.contains("is neither a program nor a file of rows"), "{ran:?}");
}

#[cfg(not(feature = "sqlite"))]
#[test]
fn a_build_without_databases_says_which_has_them() {
    for directive in [".input a(IO=sqlite)", ".output a(IO=sqlite, dbname=\"b.db\")"] {
        let said = refused(&[("p.dl", &format!(".decl a(x: number)\n{directive}\n"))]);
        assert!(said.contains("E0611") && said.contains("build `entail` with `--features sqlite`"), "{said}");
    }
}

#[cfg(feature = "sqlite")]
#[test]
fn rows_lie_in_tables_of_a_database() {
    let types = ".type Pair = [x: number, y: symbol]\n.decl a(n: number, s: symbol, f: float, u: unsigned, p: Pair)\n";
    let write = format!(
        "{types}a(1, \"it's \\\"b\\\"\", 0.5, 4294967295, [1, \"c\"]).\na(-2, \"\", 2.0, 0, nil).\n\
         .output a(IO=sqlite, dbname=\"all.db\")\n.decl b(s: symbol)\nb(\"c\"). b(\"\").\n\
         .output b(IO=sqlite, filename=\"file:./all.db?mode=rwc\", name=\"B b\")\n"
    );
    let folder = Folder::with(&[("p.dl", &write)]);
    for _ in 0..2 {
        let ran = souffle(&folder, "");
        assert_eq!((ran.code, &*ran.stderr), (Some(0), ""));
    }
    assert_eq!(folder.files(), ["all.db", "p.dl"]);
    let read = format!(
        "{types}.input a(IO=sqlite, filename=\"all.db\")\n.output a(IO=json)\n.decl b(s: symbol)\n\
         .input b(IO=sqlite, filename=\"all.db\", name=\"B b\")\n.output b(IO=json)\n\
         .decl raw(id: number)\n.input raw(IO=sqlite, filename=\"all.db\", name=\"_B b\")\n\
         .decl symbols(id: number, s: symbol)\n.input symbols(IO=sqlite, filename=\"all.db\", name=\"__SymbolTable\")\n\
         .decl named(s: symbol)\nnamed(s) :- raw(n), symbols(n, s).\n.output named(IO=json)\n"
    );
    folder.write("p.dl", &read);
    let ran = souffle(&folder, "");
    let (rows, texts) =
        ("[[-2, \"\", 2, 0, null],\n[1, \"it's \\\"b\\\"\", 0.5, 4294967295, [1, \"c\"]]]", "[[\"\"],\n[\"c\"]]");
    assert_eq!((&*ran.stdout, &*ran.stderr), (&*format!("{rows}\n{texts}\n{texts}\n"), ""));
    let ran = folder.run(&["explain", "--dialect", "souffle", "p.dl", "named(\"c\")"]);
    assert!(ran.stdout.contains("symbols("), "{ran:?}");
}

#[cfg(feature = "sqlite")]
#[test]
fn what_is_wrong_with_a_database_is_told() {
    let program = |directive| format!(".decl a(x: number, y: number)\n{directive}\n.output a\n");
    let said = refused(&[("p.dl", &program(".input a(IO=sqlite)")), ("a.sqlite", "no database")]);
    assert!(
        said.contains("E0612") && said.contains("there are no rows of `a` in it: file is not a database"),
        "{said}"
    );
    let said = refused(&[("p.dl", &program(".input a(IO=sqlite)"))]);
    assert!(said.contains("there is no `a.sqlite`"), "{said}");
    let folder = Folder::with(&[("p.dl", ".decl b(x: symbol)\nb(\"c\").\n.output b(IO=sqlite, filename=\"b.db\")\n")]);
    assert_eq!(souffle(&folder, "").code, Some(0));
    for (directive, told) in [
        (".input a(IO=sqlite, filename=\"b.db\")", "no such table: a"),
        (".input a(IO=sqlite, filename=\"b.db\", name=\"b\")", "expected 2 fields, got 1"),
        (
            ".input a(IO=sqlite, filename=\"b.db\", name=\"__SymbolTable\")",
            "b.db:1: `c` is not a number, as column `y` needs",
        ),
    ] {
        folder.write("p.dl", &program(directive));
        let ran = souffle(&folder, "");
        assert!(ran.stderr.contains(told), "{directive}: {}", ran.stderr);
    }
    // A table that others made stays as it is, and so does the file.
    folder.write("p.dl", ".decl b(x: symbol, y: symbol)\nb(\"c\", \"d\").\n.output b(IO=sqlite, filename=\"b.db\")\n");
    let before = std::fs::read(folder.path("b.db")).expect("a database");
    let ran = souffle(&folder, "");
    assert!(ran.stderr.contains("E0610") && ran.stderr.contains("_b"), "{ran:?}");
    assert_eq!(std::fs::read(folder.path("b.db")).expect("a database"), before);
    folder.write("p.dl", ".decl a()\na().\n.output a(IO=sqlite)\n");
    let ran = souffle(&folder, "");
    assert!(ran.stderr.contains("a table of a database has columns"), "{ran:?}");
    assert_eq!(folder.files(), ["b.db", "p.dl"]);
}
