//! The command line: flags, formats, exit codes, and what happens at its edges.

use crate::command::{Folder, Ran, shipped};
use std::io::{BufRead, BufReader, Read};
use std::process::Stdio;
use std::time::{Duration, Instant};

const EDGES: &str = "edge(a, b). edge(b, c).\nreach(X, Y) :- edge(X, Y).\nreach(X, Z) :- reach(X, Y), edge(Y, Z).\n";
const ENDLESS: &str = "n(0).\nn(X + 1) :- n(X).\n.printsize n\n.output n\n";

#[track_caller]
fn gives(ran: &Ran, code: i32, stdout: &str) {
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(code), stdout), "{}", ran.stderr);
}

#[test]
fn the_main_job_gives_its_answer() {
    let (facts, rules) = (shipped("facts"), shipped("rules"));
    let ran = Folder::with(&[]).run(&["query", &facts, &rules, "-q", "diversifying_away(russia, R)?"]);
    gives(&ran, 0, "R\nwestern_europe\n");
    assert_eq!(ran.stderr, "");
}

#[test]
fn a_typo_gets_the_nearest_name() {
    let (facts, rules) = (shipped("facts"), shipped("rules"));
    let ran = Folder::with(&[]).run(&["query", &facts, &rules, "-q", "diversifing_away(russia, R)?"]);
    gives(&ran, 3, "");
    assert!(ran.stderr.contains("did you mean `diversifying_away(actor, region)`?"), "{}", ran.stderr);
}

#[test]
fn a_query_is_spelt_in_three_ways() {
    let folder = Folder::with(&[("p.dl", EDGES)]);
    for query in ["?- reach(a, X).", "reach(a, X)?", "reach(a, X)"] {
        gives(&folder.run(&["query", "p.dl", "-q", query]), 0, "X\nb\nc\n");
    }
}

#[test]
fn what_is_typed_may_end_in_a_comment() {
    let folder = Folder::with(&[("p.dl", EDGES)]);
    let known = "reach(a, c) % note.";
    gives(&folder.run(&["query", "p.dl", "-q", known]), 0, "holds\ntrue\n");
    gives(&folder.run(&["query", "p.dl", "-q", "reach(a, c)? // why?\n"]), 0, "holds\ntrue\n");
    assert!(folder.run(&["explain", "p.dl", known]).stdout.starts_with("reach(a, c)"));
    assert!(folder.run(&["p.dl", "-c", ".why reach(a, c) /* note */"]).stdout.starts_with("reach(a, c)"));
    assert!(folder.run(&["p.dl", "-c", ".critical reach(a, c) // note"]).stdout.contains("edge(a, b)"));
    let changed =
        ["query", "p.dl", "-q", "reach(a, X)", "--assert", "edge(a, d) % new", "--retract", "edge(a, b). // old"];
    gives(&folder.run(&changed), 0, "X\nd\n");
    let assumed = folder.run(&["p.dl", "-c", ".assume edge(c, d) % perhaps", "-c", "reach(a, d)?"]);
    assert_eq!((assumed.code, assumed.stdout.as_str()), (Some(0), "holds\ntrue\n"), "{assumed:?}");
}

#[test]
fn answers_come_in_every_format() {
    let folder = Folder::with(&[("p.dl", "p(a, 1) @ c1. p(\"b c\", 2) @ c2, c1.")]);
    for (format, expected) in [
        ("table", " X    N\n────────\n a    1\n b c  2\n"),
        ("csv", "X,N\na,1\nb c,2\n"),
        ("tsv", "X\tN\na\t1\nb c\t2\n"),
        (
            "json",
            "{\"schema\":1,\"query\":\"p(X, N)?\",\"columns\":[\"X\",\"N\"],\"types\":[\"symbol\",\"number\"],\"rows\":[[\"a\",1],[\"b c\",2]]}\n",
        ),
        ("jsonl", "{\"X\":\"a\",\"N\":1}\n{\"X\":\"b c\",\"N\":2}\n"),
        ("facts", "a\t1\nb c\t2\n"),
        ("dl", "p(a, 1) @ c1.\np(\"b c\", 2) @ c1, c2.\n"),
        ("markdown", "| X | N |\n| --- | ---: |\n| a | 1 |\n| b c | 2 |\n"),
        ("line", "X = a\nN = 1\n\nX = b c\nN = 2\n"),
    ] {
        let ran = folder.run(&["query", "p.dl", "-q", "p(X, N)?", "--format", format]);
        gives(&ran, 0, expected);
    }
}

#[test]
fn a_question_without_variables_is_answered_yes_or_no() {
    let folder = Folder::with(&[("p.dl", EDGES)]);
    gives(
        &folder.run(&["query", "p.dl", "-q", "reach(a, c)?", "-q", "reach(c, a)?"]),
        0,
        "holds\ntrue\n\nholds\nfalse\n",
    );
    let ran = folder.run(&["query", "p.dl", "-q", "reach(c, a)?", "--format", "json"]);
    let expected = "{\"schema\":1,\"query\":\"reach(c, a)?\",\"columns\":[\"holds\"],\"types\":[\"boolean\"],\"rows\":[[false]]}\n";
    gives(&ran, 0, expected);
}

#[test]
fn the_exit_status_tells_a_negative_answer() {
    let folder = Folder::with(&[("p.dl", EDGES)]);
    gives(&folder.run(&["query", "p.dl", "-e", "-q", "reach(c, a)?"]), 1, "holds\nfalse\n");
    gives(&folder.run(&["query", "p.dl", "-e", "-q", "reach(c, X)?"]), 1, "X\n");
    gives(&folder.run(&["query", "p.dl", "-e", "-q", "reach(a, c)?"]), 0, "holds\ntrue\n");
}

#[test]
fn facts_are_asserted_and_retracted_first() {
    let folder = Folder::with(&[("p.dl", EDGES)]);
    let ran = folder.run(&["query", "p.dl", "-q", "reach(a, X)", "--assert", "edge(c, d)", "--retract", "edge(a, b)."]);
    gives(&ran, 0, "X\n");
    let ran = folder.run(&["query", "p.dl", "-q", "reach(a, X)", "--assert", "edge(c, d).", "--retract", "edge(b, X)"]);
    gives(&ran, 0, "X\nb\n");
    let cited = Folder::with(&[("p.dl", "p(a) @ c1, c2. p(b) @ c1. p(c) @ c1. p(c).")]);
    let args = ["query", "p.dl", "-q", "p(X)", "-q", "p(X) @ C", "--retract", "p(X) @ c1"];
    gives(&cited.run(&args), 0, "X\na\nc\n\nX\tC\na\tc2\n");
}

#[test]
fn a_run_does_what_the_text_asks_in_its_order() {
    let text =
        format!("{EDGES}.printsize reach\n?- reach(a, X).\n.output reach\n.output edge(IO=stdout)\n?- edge(X, c).\n");
    let folder = Folder::with(&[("p.dl", &text)]);
    gives(&folder.run(&["run", "p.dl", "-D", "new/out"]), 0, "reach\t3\nX\nb\nc\na\tb\nb\tc\n\nX\nb\n");
    assert_eq!(folder.read("new/out/reach.csv"), "X,Y\na,b\na,c\nb,c\n");
    gives(
        &folder.run(&["run", "p.dl", "-D", "-", "--format", "csv"]),
        0,
        "reach\t3\nX\nb\nc\nX,Y\na,b\na,c\nb,c\na\tb\nb\tc\n\nX\nb\n",
    );
}

#[test]
fn a_run_that_is_asked_nothing_says_so_with_sizes() {
    let ran = Folder::with(&[("p.dl", EDGES)]).run(&["run", "p.dl"]);
    gives(&ran, 0, "");
    assert!(ran.stderr.contains("reach\t3") && !ran.stderr.contains("edge\t"), "{}", ran.stderr);
    let ran = Folder::with(&[("p.dl", EDGES)]).run(&["run", "p.dl", "--quiet"]);
    assert_eq!(ran.stderr, "");
}

#[test]
fn outputs_are_read_back_with_their_citations() {
    let folder = Folder::with(&[("p.dl", "p(\"a,b\", 2025-02-18) @ c1, c2. p(x, 2025-02-19).\n.output p\n")]);
    gives(&folder.run(&["run", "p.dl", "-D", "out"]), 0, "");
    assert_eq!(folder.read("out/p.csv"), "x1,x2,@\n\"a,b\",2025-02-18,c1 c2\nx,2025-02-19,\n");
    gives(
        &folder.run(&["query", "out/p.csv", "-q", "p(X, D) @ C"]),
        0,
        "X\tD\tC\na,b\t2025-02-18\tc1\na,b\t2025-02-18\tc2\n",
    );
}

#[test]
fn rows_come_from_the_folder_of_the_program_or_the_one_given() {
    let program = ".decl edge(x: number, y: number)\n.input edge\n.printsize edge\n";
    let folder = Folder::with(&[("p.dl", program), ("edge.csv", "y,x\n1,2\n"), ("more/edge.facts", "1\t2\n3\t4\n")]);
    gives(&folder.run(&["run", "p.dl"]), 0, "edge\t1\n");
    gives(&folder.run(&["run", "p.dl", "-F", "more"]), 0, "edge\t2\n");
    gives(&folder.run_with_input(&["run", "-", "-F", "more"], program), 0, "edge\t2\n");
}

#[test]
fn statements_come_from_flags_files_and_pipes() {
    let folder = Folder::with(&[("p.dl", EDGES), ("script", "edge(c, d).\nreach(b, X)?\nedge(b, c)~\nreach(b, X)?\n")]);
    gives(&folder.run(&["p.dl", "-f", "script"]), 0, "X\nc\nd\n\nX\n");
    gives(&folder.run(&["p.dl", "-c", "edge(c, d).", "-c", "reach(c, X)?"]), 0, "X\nd\n");
    gives(&folder.run_with_input(&["p.dl"], "reach(b, X)?\n.quit\nreach(a, X)?\n"), 0, "X\nc\n");
}

#[test]
fn a_script_stops_at_its_first_mistake_unless_told_to_go_on() {
    let script = "p(a).\np(X)?\nq(X)?\np(b).\np(X)?\n";
    let ran = Folder::with(&[]).run_with_input(&[], script);
    gives(&ran, 3, "X\na\n");
    assert!(ran.stderr.contains("error[E0201]") && ran.stderr.contains("standard input:3:1"), "{}", ran.stderr);
    gives(&Folder::with(&[]).run_with_input(&["--keep-going"], script), 3, "X\na\n\nX\na\nb\n");
    let ran = Folder::with(&[]).run_with_input(&[], "p(a). p(X)?\nq(a, \n");
    gives(&ran, 3, "X\na\n");
    assert!(ran.stderr.contains("standard input:2:2"), "{}", ran.stderr);
}

#[test]
fn check_reports_everything_and_its_exit_code_the_worst() {
    let folder = Folder::with(&[
        ("wrong.dl", "p(X) :- q(X).\nr(a.\ns(X).\n"),
        ("warned.dl", "e(a, b). p(X) :- e(X, Y).\n?- p(X).\n"),
        ("broken.dl", "p(a). p(b).\n/// There is no b.\n:- p(X), X = b.\n"),
    ]);
    let ran = folder.run(&["check", "wrong.dl"]);
    gives(&ran, 3, "");
    assert!(ran.stderr.contains("E0102") && ran.stderr.contains("E0111"), "{}", ran.stderr);
    gives(&folder.run(&["check", "warned.dl"]), 0, "");
    gives(&folder.run(&["check", "warned.dl", "--deny-warnings"]), 1, "");
    let ran = folder.run(&["check", "broken.dl"]);
    gives(&ran, 1, "");
    assert!(ran.stderr.contains("There is no b.") && ran.stderr.contains("X = b"), "{}", ran.stderr);
    gives(&folder.run(&["run", "broken.dl", "--quiet"]), 0, "");
    let json = folder.run(&["check", "broken.dl", "--format", "json"]);
    let parsed: serde_json::Value = serde_json::from_str(&json.stdout).expect("an object a line");
    assert_eq!((json.code, &parsed["code"]), (Some(1), &serde_json::json!("E0703")), "{}", json.stdout);
}

#[test]
fn fmt_lays_files_out_and_names_those_that_would_change() {
    let folder = Folder::with(&[("sub/a.dl", "p(a).q(b).\n"), ("sub/b.dl", "p(a).\n")]);
    gives(&folder.run(&["fmt", "--check", "sub"]), 1, "sub/a.dl\n");
    gives(&folder.run(&["fmt", "sub"]), 0, "");
    assert_eq!(folder.read("sub/a.dl"), "p(a).\nq(b).\n");
    gives(&folder.run(&["fmt", "--check", "sub"]), 0, "");
    gives(&folder.run_with_input(&["fmt", "-"], "p( a )."), 0, "p(a).\n");
    folder.write("wrong.dl", "p(a");
    gives(&folder.run(&["fmt", "wrong.dl"]), 3, "");
    assert_eq!(folder.read("wrong.dl"), "p(a");
}

#[test]
fn help_explains_a_code() {
    let ran = Folder::with(&[]).run(&["help", "e0203"]);
    assert!(ran.code == Some(0) && ran.stdout.starts_with("E0203: ") && ran.stdout.contains("right:"), "{ran:?}");
    let ran = Folder::with(&[]).run(&["help"]);
    assert!(ran.code == Some(0) && ran.stdout.contains("E0901"), "{ran:?}");
    assert_eq!(Folder::with(&[]).run(&["help", "E9999"]).code, Some(2));
}

#[test]
fn what_cannot_be_read_as_a_command_is_a_usage_error() {
    for args in [
        &["--nonsense"][..],
        &["query", "p.dl"],
        &["run", "p.dl", "-j", "0"],
        &["run", "p.dl", "--timeout", "-1"],
        &["run", "p.dl", "--memory-limit", "0"],
        &["run", "p.dl", "--format", "xml"],
    ] {
        let ran = Folder::with(&[]).run(args);
        assert_eq!(ran.code, Some(2), "{args:?} {}", ran.stderr);
    }
}

#[test]
fn as_many_rows_as_the_limit_says_may_be_derived() {
    let folder = Folder::with(&[("p.dl", "e(1). e(2). e(3). e(4). e(5).\np(X) :- e(X).\np(X)?\n")]);
    assert_eq!(folder.run(&["run", "p.dl", "--max-tuples", "5"]).code, Some(0));
    let ran = folder.run(&["run", "p.dl", "--max-tuples", "4"]);
    assert!(ran.code != Some(0) && ran.stderr.contains("after 1 round and 5 derived rows"), "{ran:?}");
}

#[test]
fn a_limit_stops_a_run_and_leaves_no_file() {
    let wide = format!("n(0).\n{}t(X, Y, Z) :- n(X), n(Y), n(Z).\n.output t\n", "n(X + 1) :- n(X), X < 400. ");
    for (limit, value, program) in [
        ("--max-rounds", "50", ENDLESS),
        ("--max-tuples", "50", ENDLESS),
        ("--timeout", "200ms", ENDLESS),
        ("--memory-limit", "60M", &wide),
    ] {
        let folder = Folder::with(&[("p.dl", program)]);
        let ran = folder.run(&["run", "p.dl", limit, value]);
        gives(&ran, 4, "");
        assert!(ran.stderr.contains(limit) && ran.stderr.contains("p.dl:2"), "{limit}: {}", ran.stderr);
        assert_eq!(folder.files(), ["p.dl"]);
    }
    let folder = Folder::with(&[("p.dl", &format!("{EDGES}.limitsize reach(n=2)\n.output reach\n"))]);
    gives(&folder.run(&["run", "p.dl"]), 4, "");
    assert_eq!(folder.files(), ["p.dl"]);
}

#[test]
fn a_limit_stops_a_load() {
    let rows: String = (0..600_000).map(|n| format!("{n},{n}\n")).collect();
    let folder = Folder::with(&[("p.dl", ".decl q(x: number, y: number)\n.input q\n.printsize q\n"), ("q.csv", &rows)]);
    gives(&folder.run(&["run", "p.dl"]), 0, "q\t600000\n");
    let ran = folder.run(&["run", "p.dl", "--memory-limit", "4M"]);
    gives(&ran, 4, "");
    assert!(ran.stderr.contains("`--memory-limit 4194304` stopped"), "{}", ran.stderr);
}

#[cfg(unix)]
#[test]
fn rows_are_read_from_regular_files() {
    let folder = Folder::with(&[("p.dl", ".decl q(x: number)\n.input q(IO=file, filename=\"rows\")\n.printsize q\n")]);
    let made = std::process::Command::new("mkfifo").arg(folder.path("rows")).status();
    assert!(made.expect("mkfifo runs").success());
    let ran = folder.run(&["run", "p.dl"]);
    gives(&ran, 3, "");
    assert!(ran.stderr.contains("it is not a regular file"), "{}", ran.stderr);
    std::fs::remove_file(folder.path("rows")).expect("the pipe was there");
    std::fs::create_dir(folder.path("rows")).expect("a folder");
    let ran = folder.run(&["run", "p.dl"]);
    gives(&ran, 3, "");
    assert!(ran.stderr.contains("it is a folder"), "{}", ran.stderr);
    std::fs::remove_dir(folder.path("rows")).expect("the folder was there");
    std::os::unix::fs::symlink("/dev/zero", folder.path("rows")).expect("a link");
    let ran = folder.run(&["run", "p.dl"]);
    gives(&ran, 3, "");
    assert_eq!(folder.files(), ["p.dl", "rows"]);
}

#[test]
fn an_interrupt_ends_a_batch_with_130_and_leaves_no_file() {
    let folder = Folder::with(&[("p.dl", ENDLESS)]);
    let child = folder.command(&["run", "p.dl"]).spawn().expect("entail starts");
    std::thread::sleep(Duration::from_millis(400));
    let killed = std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status();
    assert!(killed.expect("kill runs").success());
    let begun = Instant::now();
    let output = child.wait_with_output().expect("entail ends");
    assert!(begun.elapsed() < Duration::from_secs(2));
    assert_eq!(output.status.code(), Some(130));
    let stderr = String::from_utf8(output.stderr).expect("text");
    assert!(stderr.contains("E0705") && stderr.contains("rounds"), "{stderr}");
    assert_eq!(folder.files(), ["p.dl"]);
}

#[test]
fn a_reader_that_goes_away_ends_a_run_quietly() {
    let mut rows = String::from("p(0).\n");
    (1..20_000).for_each(|n| rows.push_str(&format!("p({n}).\n")));
    let folder = Folder::with(&[("p.dl", &rows)]);
    let mut child = folder.command(&["query", "p.dl", "-q", "p(X), p(Y), X < 5"]).spawn().expect("entail starts");
    let mut line = String::new();
    BufReader::new(child.stdout.take().expect("a pipe")).read_line(&mut line).expect("a line");
    let mut stderr = String::new();
    child.stderr.take().expect("a pipe").read_to_string(&mut stderr).expect("text");
    assert_eq!((child.wait().expect("entail ends").code(), stderr.as_str(), line.as_str()), (Some(0), "", "X\tY\n"));
}

#[test]
fn a_full_disk_is_a_failure() {
    let folder = Folder::with(&[("p.dl", EDGES)]);
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full").expect("the device");
    let child = folder.command(&["query", "p.dl", "-q", "reach(X, Y)"]).stdout(Stdio::from(full)).spawn();
    let output = child.expect("entail starts").wait_with_output().expect("entail ends");
    assert_eq!(output.status.code(), Some(3));
    assert!(String::from_utf8_lossy(&output.stderr).contains("cannot write"), "{output:?}");
}

#[test]
fn untrusted_text_is_shown_and_not_sent() {
    let folder = Folder::with(&[("p.dl", "p(\"\\u{1b}[2Jx\").\n")]);
    gives(&folder.run(&["query", "p.dl", "-q", "p(X)", "--format", "table"]), 0, " X\n──────────\n \\x1b[2Jx\n");
    gives(&folder.run(&["query", "p.dl", "-q", "p(X)"]), 0, "X\n\u{1b}[2Jx\n");
}

#[test]
fn a_thread_count_changes_no_byte() {
    let mut text = String::from(EDGES);
    (0..400).for_each(|n: u32| text.push_str(&format!("edge(n{}, n{}).\n", n * 7919 % 307, n * 104_729 % 311)));
    text.push_str("far(X, N) :- edge(X, _), N = count Y : { reach(X, Y) }.\n?- far(X, N).\n");
    let folder = Folder::with(&[("p.dl", &text)]);
    let one = folder.run(&["run", "p.dl", "-j", "1"]);
    assert_eq!((one.code, one.stdout.lines().count() > 100), (Some(0), true), "{}", one.stderr);
    for jobs in ["2", "8"] {
        assert_eq!(folder.run(&["run", "p.dl", "-j", jobs]).stdout, one.stdout);
    }
}

#[test]
#[cfg(debug_assertions)]
fn a_mistake_of_our_own_ends_a_command_with_70() {
    let folder = Folder::with(&[("p.dl", EDGES)]);
    let child = folder.command(&["query", "p.dl", "-q", "reach(a, X)"]).env("ENTAIL_TEST_PANIC", "query").spawn();
    let output = child.expect("entail starts").wait_with_output().expect("entail ends");
    assert_eq!(output.status.code(), Some(70));
    assert!(String::from_utf8_lossy(&output.stderr).contains("internal error"), "{output:?}");
}

#[test]
fn other_folders_are_read_where_they_are_allowed() {
    let program = ".include \"base.dl\"\n.decl far(x: symbol)\n.input far(IO=file, filename=\"../data/far.txt\")\n?- near(X), far(X).\n";
    let files = [("main/p.dl", program), ("shared/base.dl", "near(a). near(b).\n"), ("data/far.txt", "b\nc\n")];
    let folder = Folder::with(&files);
    let ran = folder.run(&["run", "main/p.dl", "-I", "shared"]);
    assert!(ran.code == Some(3) && ran.stderr.contains("E0607") && !ran.stderr.contains("base.dl`"), "{}", ran.stderr);
    gives(&folder.run(&["run", "main/p.dl", "-I", "shared", "--allow-path", "data"]), 0, "X\nb\n");
}

#[test]
fn a_run_says_what_it_took_if_asked() {
    let ran = Folder::with(&[("p.dl", EDGES)]).run(&["query", "p.dl", "-q", "reach(a, X)", "--stats"]);
    gives(&ran, 0, "X\nb\nc\n");
    assert!(ran.stderr.starts_with("2 facts, ") && ran.stderr.contains("rows derived"), "{}", ran.stderr);
}

#[test]
fn what_rules_cost_is_written_as_json() {
    let folder = Folder::with(&[("p.dl", EDGES)]);
    for args in [
        &["run", "p.dl", "--profile", "costs.json"][..],
        &["query", "p.dl", "-q", "reach(a, X)", "--profile", "costs.json"],
        &["p.dl", "-c", "reach(a, X)?", "--profile", "costs.json"],
    ] {
        assert_eq!(folder.run(args).code, Some(0));
        let costs: serde_json::Value = serde_json::from_str(&folder.read("costs.json")).expect("JSON");
        let stratum = &costs["strata"][0];
        assert_eq!((&stratum["relations"][0], &stratum["rows"]), (&"reach".into(), &3.into()), "{costs}");
        assert_eq!(stratum["rules"][0]["place"], "p.dl:2", "{costs}");
        std::fs::remove_file(folder.path("costs.json")).expect("the file");
    }
    let ran = folder.run(&["query", "p.dl", "-q", "reach(a, X)", "--profile", "no/costs.json"]);
    assert!(ran.code == Some(3) && ran.stderr.contains("E0610"), "{ran:?}");
}

#[test]
fn colour_is_used_where_it_is_asked_for() {
    let folder = Folder::with(&[("p.dl", "p(a")]);
    assert!(!folder.run(&["check", "p.dl"]).stderr.contains('\u{1b}'));
    assert!(folder.run(&["check", "p.dl", "--color", "always"]).stderr.contains('\u{1b}'));
}

#[test]
fn a_diff_lists_what_is_gained_and_lost_with_its_causes() {
    let folder = Folder::with(&[("p.dl", EDGES)]);
    let changes = ["--assert", "edge(c, d)", "--assert", "edge(b, d).", "--retract", "edge(a, b)"];
    let ran = folder.run(&[&["diff", "p.dl"], &changes[..]].concat());
    let expected = "- reach(a, b)  [3]\n- reach(a, c)  [3]\n+ reach(b, d)  [1] or [2]\n+ reach(c, d)  [1]\n\
                    [1] edge(c, d).\n[2] edge(b, d).\n[3] edge(a, b)~\n2 conclusions gained, 2 conclusions lost\n";
    gives(&ran, 0, expected);
    let ran = folder.run(&["diff", "p.dl", "--assert", "edge(a, c)"]);
    gives(&ran, 0, "[1] edge(a, c).\nnothing is gained or lost\n");
    let program = ".decl price(item: symbol, cost: number, since: date)\nprice(tea, 3, 2025-01-01).\n\
                   dear(I, C * 1.5, D) :- price(I, N, D), C = to_float(N), N > 9.\n\
                   /// Nothing is dear.\n:- dear(Item, _, _).\n";
    let folder = Folder::with(&[("p.dl", program)]);
    let ran = folder.run(&["diff", "p.dl", "--assert", "price(\"a \\\"b\", 11, 2025-02-01)", "--format", "json"]);
    let cause = |indent: &str| {
        format!(
            "\"cause\": {{\n{indent}  \"kind\": \"each\",\n{indent}  \"changes\": [\n{indent}    1\n{indent}  ]\n{indent}}}"
        )
    };
    let expected = [
        "{\n  \"schema\": 1,\n  \"changes\": [\n    {\n      \"id\": 1,\n      \"layer\": 1,\n",
        "      \"text\": \"price(\\\"a \\\\\\\"b\\\", 11, 2025-02-01).\"\n    }\n  ],\n",
        "  \"gained\": [\n    {\n      \"relation\": \"dear\",\n      \"args\": [\n        \"a \\\"b\",\n",
        "        16.5,\n        \"2025-02-01\"\n      ],\n      ",
        &cause("      "),
        "\n    }\n  ],\n  \"lost\": [],\n  \"broken\": [\n    {\n      \"promise\": \"Nothing is dear.\",\n",
        "      \"place\": \"p.dl:5\",\n      \"values\": {\n        \"Item\": \"a \\\"b\"\n      },\n      ",
        &cause("      "),
        "\n    }\n  ],\n  \"mended\": [],\n  \"causes_missing\": null\n}\n",
    ];
    gives(&ran, 0, &expected.concat());
}

#[test]
fn a_diff_needs_a_change_and_obeys_limits() {
    let folder = Folder::with(&[("p.dl", "n(0).\nn(X + 1) :- n(X), go(Y), X < Y.\ngo(1).\n")]);
    for args in [&["diff", "p.dl"][..], &["diff", "p.dl", "--without", "source"]] {
        let ran = folder.run(args);
        assert_eq!((ran.code, ran.stdout.as_str()), (Some(2), ""), "{}", ran.stderr);
    }
    let ran = folder.run(&["diff", "p.dl", "--assert", "go(100000000)", "--max-tuples", "1000"]);
    gives(&ran, 4, "");
    assert!(ran.stderr.contains("error[E0702]"), "{}", ran.stderr);
    let ran = folder.run(&["diff", "p.dl", "--assert", "go(100000000)", "--timeout", "300ms"]);
    gives(&ran, 4, "");
    gives(&folder.run(&["diff", "p.dl", "--retract", "go(7)"]), 3, "");
}

#[test]
fn claims_are_left_out_by_every_command_that_answers() {
    let program = "p(a) @ c1. p(b) @ c2. p(c) @ c1, c2. q(X) :- p(X).\n?- q(X).\n\
                   claim(c1, times). claim(c2, post).\n.decl claim(claim: symbol, source: symbol)\n";
    let folder = Folder::with(&[("p.dl", program)]);
    let without = ["--without", "source=times"];
    gives(&folder.run(&[&["run", "p.dl"], &without[..]].concat()), 0, "X\nb\nc\n");
    gives(&folder.run(&[&["query", "p.dl", "-q", "q(X)"], &without[..]].concat()), 0, "X\nb\nc\n");
    let cited = folder.run(&[&["query", "p.dl", "-q", "p(X) @ C"], &without[..]].concat());
    gives(&cited, 0, "X\tC\nb\tc2\nc\tc2\n");
    assert_eq!(folder.run(&[&["explain", "p.dl", "q(a)"], &without[..]].concat()).code, Some(1));
    assert_eq!(folder.run(&[&["explain", "p.dl", "q(b)"], &without[..]].concat()).code, Some(0));
    let both = folder.run(&[&["diff", "p.dl", "--without", "source=post"], &without[..]].concat());
    let expected = "- q(a)  [2]\n- q(b)  [1]\n- q(c)  [1] and [2]\n[1] .without source post\n\
                    [2] .without source times\n3 conclusions lost\n";
    gives(&both, 0, expected);
}

#[cfg(not(feature = "functors"))]
#[test]
fn a_build_without_functors_says_how_to_have_them() {
    let folder = Folder::with(&[("p.dl", ".functor f(number): number\np(@f(1)).\n?- p(X).\n")]);
    for args in [&["run", "p.dl"][..], &["run", "p.dl", "-l", "functors"]] {
        let ran = folder.run(args);
        assert!(ran.code == Some(3) && ran.stderr.contains("build `entail` with `--features functors`"), "{ran:?}");
    }
}
