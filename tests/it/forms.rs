//! The forms of an explanation: text, JSON, two kinds of drawing, and a page. They show the same, and obey nothing.

use crate::command::{Folder, shipped};
use crate::programs::{files, folders};
use entail::explain::{Cut, Form, Premise, Via, Words};
use entail::formats::Shape;
use entail::session::{Explained, Failure, Input, LoadOptions, Reasons, Session};
use insta::assert_snapshot;
use regex::Regex;
use serde_json::Value as Json;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Every kind of premise.
const PROGRAM: &str = r#"
    part(wheel, 4, 1.5, 2020-01-02) @ c1. part(bell, 1, 0.25, 2021-03-04).
    sold(wheel). kept(wheel).
    left(X) :- sold(X), not kept(X).
    heavy(X, T) :- part(X, N, W, D), not left(X), N * 2 >= 2, contains("e", X), T = sum M * 2 : { part(_, M, _, _) },
        W > 1.0, D < 2021-01-01, G = N * 100 / 3, G != T.
    cited(X) :- part(X, _, _, _) @ _.
"#;

#[test]
fn the_forms_agree() {
    let mut compared = 0;
    for path in folders(Path::new("tests/programs")).iter().flat_map(|topic| files(topic, "dl")) {
        let Some(mut session) = loaded(std::slice::from_ref(&path)) else { continue };
        for goal in goals(&session) {
            if let Ok(Some(explained)) = why(&mut session, &goal) {
                agree(&session, &explained, &format!("{goal} in {}", path.display()));
                compared += 1;
            }
        }
    }
    assert!(compared > 100, "only {compared} facts were explained");
}

#[test]
fn the_forms_agree_on_the_shipped_knowledge() {
    let mut session = loaded(&["facts".into(), "rules".into()]).expect("it is right");
    for goal in goals(&session) {
        if let Some(explained) = why(&mut session, &goal).unwrap_or_else(|failure| panic!("{goal}: {failure:?}")) {
            agree(&session, &explained, &goal);
        }
    }
}

#[test]
fn json_has_every_kind_of_premise() {
    assert_snapshot!(told("heavy(wheel, T), cited(X)", Form::Json), @r##"
    {
      "schema": 1,
      "answer": 0,
      "nodes": [
        {
          "id": 0,
          "relation": "?-",
          "columns": [
            "T",
            "X"
          ],
          "args": [
            10,
            "wheel"
          ],
          "via": "rule",
          "rule": {
            "text": "heavy(wheel, T), cited(X)?",
            "file": "test",
            "line": 1
          },
          "premises": [
            {
              "kind": "fact",
              "node": 1
            },
            {
              "kind": "fact",
              "node": 5
            }
          ]
        },
        {
          "id": 1,
          "relation": "heavy",
          "args": [
            "wheel",
            10
          ],
          "via": "rule",
          "rule": {
            "text": "heavy(X, T) :- part(X, N, W, D), not left(X), N * 2 >= 2, contains(\"e\", X), T = sum M * 2 : { part(_, M, _, _) },\n        W > 1.0, D < 2021-01-01, G = N * 100 / 3, G != T.",
            "file": "bike.dl",
            "line": 5
          },
          "premises": [
            {
              "kind": "fact",
              "node": 2
            },
            {
              "kind": "absent",
              "atom": "left(wheel)",
              "because": [
                3
              ]
            },
            {
              "kind": "compare",
              "text": "4 * 2 = 8 >= 2"
            },
            {
              "kind": "test",
              "text": "contains(e, wheel)"
            },
            {
              "kind": "aggregate",
              "text": "10 = sum M * 2 : { part(_, M, _, _) }",
              "rows": [
                {
                  "premises": [
                    {
                      "kind": "fact",
                      "node": 4
                    },
                    {
                      "kind": "compute",
                      "text": "2 = 1 * 2"
                    }
                  ]
                },
                {
                  "premises": [
                    {
                      "kind": "fact",
                      "node": 2
                    },
                    {
                      "kind": "compute",
                      "text": "8 = 4 * 2"
                    }
                  ]
                }
              ],
              "because": []
            },
            {
              "kind": "compare",
              "text": "1.5 > 1.0"
            },
            {
              "kind": "compare",
              "text": "2020-01-02 < 2021-01-01"
            },
            {
              "kind": "compute",
              "text": "133 = 4 * 100 / 3"
            },
            {
              "kind": "compare",
              "text": "133 != 10"
            }
          ]
        },
        {
          "id": 2,
          "relation": "part",
          "args": [
            "wheel",
            4,
            1.5,
            "2020-01-02"
          ],
          "via": "stored",
          "file": "bike.dl",
          "line": 2,
          "citations": [
            "c1"
          ]
        },
        {
          "id": 3,
          "relation": "kept",
          "args": [
            "wheel"
          ],
          "via": "stored",
          "file": "bike.dl",
          "line": 3,
          "citations": []
        },
        {
          "id": 4,
          "relation": "part",
          "args": [
            "bell",
            1,
            0.25,
            "2021-03-04"
          ],
          "via": "stored",
          "file": "bike.dl",
          "line": 2,
          "citations": []
        },
        {
          "id": 5,
          "relation": "cited",
          "args": [
            "wheel"
          ],
          "via": "rule",
          "rule": {
            "text": "cited(X) :- part(X, _, _, _) @ _.",
            "file": "bike.dl",
            "line": 7
          },
          "premises": [
            {
              "kind": "fact",
              "node": 6
            }
          ]
        },
        {
          "id": 6,
          "relation": "part",
          "args": [
            "wheel",
            4,
            1.5,
            "2020-01-02"
          ],
          "citation": "c1",
          "via": "stored",
          "file": "bike.dl",
          "line": 2,
          "citations": [
            "c1"
          ]
        }
      ],
      "sources": [
        {
          "claim": "c1"
        }
      ]
    }
    "##);
}

#[test]
fn places_stay_within_the_window() {
    let mut session = session(PROGRAM);
    let explained = why(&mut session, "heavy(X, T)").expect("a question").expect("it holds");
    let text = |columns| explained.text(&session, Cut { columns, ..Cut::default() });
    let whole = text(None);
    let widest = whole.lines().map(|line| line.chars().count()).max().unwrap_or_default();
    assert_eq!(text(Some(widest + 1)), whole);
    let (mut padded, mut narrow) = (0, 0);
    for columns in 20..widest {
        for line in text(Some(columns)).lines().filter(|line| line.contains("   ")) {
            let between = line.trim_start_matches(['│', '├', '└', '─', ' ']).split("   ").count() > 1;
            padded += usize::from(between);
            narrow += usize::from(between && line.chars().count() <= columns);
        }
    }
    assert!(padded > 0 && padded == narrow, "{narrow} of {padded} lines stay within the window");
}

#[test]
fn json_is_never_cut() {
    let mut session = session(PROGRAM);
    let explained = why(&mut session, "heavy(X, T)").expect("a question").expect("it holds");
    let cut = Cut { depth: Some(0), rows: Some(0), columns: None };
    let show = |form| explained.show(form, &session, cut, "");
    assert_eq!(show(Form::Json), explained.json(&session));
    for form in [Form::Text, Form::Dot, Form::Html] {
        assert!(show(form).contains("9 premises not shown"), "{}", show(form));
    }
}

#[test]
fn facts_that_keep_something_absent_are_cut_like_rows() {
    let mut session = session(PROGRAM);
    let explained = why(&mut session, "heavy(X, T)").expect("a question").expect("it holds");
    let show = |rows| explained.show(Form::Text, &session, Cut { rows: Some(rows), ..Cut::default() }, "");
    assert!(show(0).contains("what keeps it so\n│     └─ … 1 fact not shown"), "{}", show(0));
    assert!(show(1).contains("kept(wheel)"), "{}", show(1));
}

#[test]
fn text_ends_with_a_place_or_a_footnote() {
    assert_snapshot!(told("heavy(wheel, T), cited(X)", Form::Text), @r##"
    T = 10, X = wheel                            test:1
    ├─ heavy(wheel, 10)                          bike.dl:5
    │  ├─ part(wheel, 4, 1.5, 2020-01-02)        [1]
    │  ├─ not left(wheel)
    │  │  └─ what keeps it so
    │  │     └─ kept(wheel)                      bike.dl:3
    │  ├─ 4 * 2 = 8 >= 2
    │  ├─ contains(e, wheel)
    │  ├─ 10 = sum M * 2 : { part(_, M, _, _) }
    │  │  ├─ M = 1, 2 = 1 * 2
    │  │  │  └─ part(bell, 1, 0.25, 2021-03-04)  bike.dl:2
    │  │  └─ M = 4, 8 = 4 * 2
    │  │     └─ part(wheel, 4, 1.5, 2020-01-02)  [1]
    │  ├─ 1.5 > 1.0
    │  ├─ 2020-01-02 < 2021-01-01
    │  ├─ 133 = 4 * 100 / 3
    │  └─ 133 != 10
    └─ cited(wheel)                              bike.dl:7
       └─ part(wheel, 4, 1.5, 2020-01-02) @ c1   [1]
    [1] c1
    Rests on 1 claim of no known source and 2 facts without a citation.
    "##);
}

#[test]
fn a_proof_is_drawn_with_what_it_rests_on() {
    assert_snapshot!(told("heavy(wheel, T)", Form::Dot), @r##"
    digraph {
      rankdir=LR;
      node [fontname="sans-serif"];
      edge [fontname="sans-serif"];
      n1 [label="heavy(wheel, 10)\nbike.dl:5", shape=ellipse];
      n2 [label="part(wheel, 4, 1.5, 2020-01-02)\n@ c1", shape=box];
      n3 [label="not left(wheel)", shape=hexagon];
      n4 [label="kept(wheel)\nbike.dl:3", shape=box];
      n5 [label="4 * 2 = 8 &gt;= 2", shape=hexagon];
      n6 [label="contains(e, wheel)", shape=hexagon];
      n7 [label="10 = sum M * 2 : { part(_, M, _, _)\n}", shape=hexagon];
      n8 [label="M = 1, 2 = 1 * 2", shape=hexagon];
      n9 [label="part(bell, 1, 0.25, 2021-03-04)\nbike.dl:2", shape=box];
      n10 [label="M = 4, 8 = 4 * 2", shape=hexagon];
      n11 [label="1.5 &gt; 1.0", shape=hexagon];
      n12 [label="2020-01-02 &lt; 2021-01-01", shape=hexagon];
      n13 [label="133 = 4 * 100 / 3", shape=hexagon];
      n14 [label="133 != 10", shape=hexagon];
      n1 -> n2;
      n1 -> n3;
      n3 -> n4 [label="what keeps it so", style=dashed];
      n1 -> n5;
      n1 -> n6;
      n1 -> n7;
      n7 -> n8;
      n8 -> n9;
      n7 -> n10;
      n10 -> n2;
      n1 -> n11;
      n1 -> n12;
      n1 -> n13;
      n1 -> n14;
    }
    "##);
    assert_snapshot!(told("heavy(wheel, T)", Form::Mermaid), @r##"
    flowchart LR
      n1(["heavy#40;wheel, 10#41;<br/>bike#46;dl#58;5"])
      n2["part#40;wheel, 4, 1#46;5, 2020#45;01#45;02#41;<br/>#64; c1"]
      n3{{"not left#40;wheel#41;"}}
      n4["kept#40;wheel#41;<br/>bike#46;dl#58;3"]
      n5{{"4 #42; 2 #61; 8 #62;#61; 2"}}
      n6{{"contains#40;e, wheel#41;"}}
      n7{{"10 #61; sum M #42; 2 #58; #123; part#40;#95;, M, #95;, #95;#41;<br/>#125;"}}
      n8{{"M #61; 1, 2 #61; 1 #42; 2"}}
      n9["part#40;bell, 1, 0#46;25, 2021#45;03#45;04#41;<br/>bike#46;dl#58;2"]
      n10{{"M #61; 4, 8 #61; 4 #42; 2"}}
      n11{{"1#46;5 #62; 1#46;0"}}
      n12{{"2020#45;01#45;02 #60; 2021#45;01#45;01"}}
      n13{{"133 #61; 4 #42; 100 #47; 3"}}
      n14{{"133 #33;#61; 10"}}
      n1 --> n2
      n1 --> n3
      n3 -.->|"what keeps it so"| n4
      n1 --> n5
      n1 --> n6
      n1 --> n7
      n7 --> n8
      n8 --> n9
      n7 --> n10
      n10 --> n2
      n1 --> n11
      n1 --> n12
      n1 --> n13
      n1 --> n14
    "##);
}

#[test]
fn what_is_proved_once_is_shown_once() {
    let text = "q(a). p(X) :- q(X). r(X) :- p(X), p(X), s(X). s(X) :- p(X).";
    let mut session = session(text);
    let explained = why(&mut session, "r(a)").expect("a question").expect("it holds");
    let page = explained.html(&session, Cut::default(), "");
    assert_eq!(page.matches("id=\"n1\"").count(), 1);
    assert_eq!(page.matches("href=\"#n1\">shown above").count(), 2);
}

#[test]
fn a_high_proof_is_as_long_as_it_is_high_and_no_deeper_than_a_browser_likes() {
    let levels = Regex::new("<details|</details>").expect("a pattern");
    let mut lengths = Vec::new();
    for steps in [400, 800] {
        let mut session = session(&format!("n(0). n(X + 1) :- n(X), X < {steps}."));
        let explained = why(&mut session, &format!("n({steps})")).expect("a question").expect("it holds");
        let page = explained.html(&session, Cut::default(), "");
        assert_eq!(page.matches("<details").count(), page.matches("</details>").count());
        assert_eq!(page.matches("<ul").count(), page.matches("</ul>").count());
        let deepest = levels.find_iter(&page).scan(0, |depth, found| {
            *depth += if found.as_str() == "<details" { 1 } else { -1 };
            Some(*depth)
        });
        assert!(deepest.max() <= Some(20));
        lengths.push(page.len() as f64);
    }
    assert!(lengths[1] / lengths[0] < 2.2, "{lengths:?}");
}

#[test]
fn no_text_breaks_out_of_a_form() {
    let hostile = "</span><script>1</script>\\\"'&amp;]; n9 -> n8\u{202e}\u{1b}[2J";
    let mut session = Session::new();
    let quoted = hostile
        .replace('\\', "\\\\")
        .replace('"', "\\\"")
        .replace('\u{202e}', "\\u{202e}")
        .replace('\u{1b}', "\\u{1b}");
    session
        .tell("<i>", &format!("p(\"{quoted}\"). q(X) :- p(X), X != \"\"."))
        .unwrap_or_else(|failure| panic!("{failure:?}"));
    let explained = why(&mut session, "q(X)").expect("a question").expect("it holds");
    for form in Form::all() {
        let told = explained.show(form, &session, Cut::default(), "<i>");
        assert!(!told.contains(['\u{202e}', '\u{1b}']), "{told}");
        assert!(form != Form::Html || !told.contains("<script") && !told.contains("<i>"), "{told}");
        assert!(form != Form::Dot || told.matches('\n').count() == 10, "{told}");
    }
    let json: Json = serde_json::from_str(&explained.json(&session)).expect("it is JSON");
    assert_eq!(json["nodes"][1]["args"][0], hostile);
}

#[test]
fn a_place_is_where_a_fact_was_said_last() {
    let folder = Folder::with(&[("p.dl", "p(a).\np(b).\nq(X) :- p(X), r(X).\n"), ("r.csv", "x\na\nb\n")]);
    let mut session = loaded(&[folder.path("p.dl"), folder.path("r.csv")]).expect("it is right");
    let place = |session: &mut Session, fact: &str, node: usize| {
        let explained = why(session, fact).expect("a question").expect("it holds");
        let json: Json = serde_json::from_str(&explained.json(session)).expect("it is JSON");
        let node = &json["nodes"][node];
        let name = Path::new(node["file"].as_str().unwrap_or_default()).file_name().unwrap_or_default();
        (name.to_string_lossy().into_owned(), node["line"].as_u64())
    };
    assert_eq!(place(&mut session, "q(b)", 1), ("p.dl".into(), Some(2)));
    assert_eq!(place(&mut session, "q(b)", 2), ("r.csv".into(), Some(3)));
    session.tell("prompt", "p(b).").expect("it is known already");
    assert_eq!(place(&mut session, "p(b)", 0), ("p.dl".into(), Some(2)));
    session.retract("prompt", "p(b)").expect("it is stored");
    session.tell("prompt", "p(c).\np(b) @ c1.").expect("a fact");
    assert_eq!(place(&mut session, "q(b)", 1), ("prompt".into(), Some(2)));
    assert_eq!(place(&mut session, "p(a)", 0), ("p.dl".into(), Some(1)));
    session.retract("prompt", "p(b) @ c1").expect("it is stored");
    session.tell("later", "p(d).\n\np(b) @ c2.").expect("a fact");
    assert_eq!(place(&mut session, "p(b)", 0), ("later".into(), Some(3)));
    assert_eq!(place(&mut session, "p(b) @ C", 0), ("later".into(), Some(3)));
}

#[test]
fn the_command_writes_every_form() {
    let folder = Folder::with(&[("p.dl", "p(a). q(X) :- p(X).\n")]);
    for (form, first) in [
        ("text", "q(a)"),
        ("json", "{"),
        ("dot", "digraph {"),
        ("mermaid", "flowchart LR"),
        ("html", "<!DOCTYPE html>"),
    ] {
        let ran = folder.run(&["explain", "p.dl", "q(X)", "--format", form]);
        assert!(ran.code == Some(0) && ran.stdout.starts_with(first) && ran.stderr.is_empty(), "{ran:?}");
        assert_eq!(folder.run(&["explain", "p.dl", "q(X)", "--format", form]).stdout, ran.stdout);
    }
    let page = folder.run(&["explain", "p.dl", "q(X)", "--format", "html"]).stdout;
    assert!(page.contains("<code>entail explain p.dl &#39;q(X)&#39; --format html</code>"), "{page}");
    assert_eq!(folder.run(&["explain", "p.dl", "q(X)", "--format", "pdf"]).code, Some(2));
    assert_eq!(folder.run(&["explain", "p.dl", "q(X)", "--all", "0"]).code, Some(2));
}

#[test]
fn as_many_proofs_are_shown_as_were_asked_for() {
    let folder = Folder::with(&[("p.dl", "a(1). b(1). c(1). p(X) :- a(X). p(X) :- b(X). p(X) :- c(X).\n")]);
    for (most, shown) in [("1", 1), ("2", 2), ("3", 3), ("4", 3)] {
        let told = folder.run(&["explain", "p.dl", "--all", most, "p(1)"]).stdout;
        let found = ["a(1)", "b(1)", "c(1)"].iter().filter(|fact| told.contains(**fact)).count();
        assert_eq!(found, shown, "{most}: {told}");
    }
}

#[test]
fn several_answers_are_counted() {
    let folder = Folder::with(&[("p.dl", "p(a). p(b).\n")]);
    for args in [
        &["explain", "p.dl", "p(X)"][..],
        &["explain", "p.dl", "--all", "2", "p(X)"],
        &["graph", "p.dl", "--of", "proof", "--fact", "p(X)"],
        &["p.dl", "-c", ".why p(X)"],
        &["p.dl", "-c", ".why --all 2 p(X)"],
        &["p.dl", "-c", ".critical p(X)"],
        &["p.dl", "-c", ".sources p(X)"],
    ] {
        let more = if args.join(" ").contains("--all") { "there is no other proof\n" } else { "" };
        assert_eq!(folder.run(args).stderr, format!("the first of 2 answers is meant: p(a)\n{more}"), "{args:?}");
        assert_eq!(folder.run(&[args, &["--quiet"]].concat()).stderr, "", "{args:?}");
    }
    assert_eq!(folder.run(&["p.dl", "-c", ".critical p(a)"]).stderr, "");
    // What `_` stands for makes no answer of its own.
    folder.write("q.dl", "q(a, 1). q(a, 2). q(b, 3).\n");
    let first = folder.run(&["explain", "q.dl", "q(X, _)"]).stderr;
    assert_eq!(first, "the first of 2 answers is meant: q(a, 1)\n");
    let ran = folder.run(&["explain", "p.dl", "p(X)", "--format", "html", "--quiet"]);
    assert!(ran.stderr.is_empty() && ran.stdout.contains("<p>The first of 2 answers.</p>"), "{ran:?}");
}

#[test]
fn a_proof_is_a_graph_like_others() {
    let folder = Folder::with(&[("p.dl", "p(a). q(X) :- p(X).\n")]);
    for format in ["dot", "mermaid"] {
        let drawn = folder.run(&["graph", "p.dl", "--of", "proof", "--fact", "q(a)", "--format", format]);
        assert_eq!(drawn.stdout, folder.run(&["explain", "p.dl", "q(a)", "--format", format]).stdout);
    }
    assert_eq!(folder.run(&["graph", "p.dl", "--of", "proof", "--fact", "q(b)"]).code, Some(1));
    assert_eq!(folder.run(&["graph", "p.dl", "--of", "proof"]).code, Some(2));
    assert_eq!(folder.run(&["graph", "p.dl", "--fact", "q(a)"]).code, Some(2));
}

#[test]
fn the_prompt_writes_reasons_to_a_file() {
    let folder = Folder::with(&[("p.dl", "p(a). q(X) :- p(X).\n")]);
    let script = ".once why.html\n.why q(a)\n.once plain\n.why --format json q(a)\n.why --format dot q(a)\n.why --format pdf q(a)\n";
    let ran = folder.run_with_input(&["p.dl", "--keep-going"], script);
    assert!(folder.read("why.html").starts_with("<!DOCTYPE html>"));
    assert!(folder.read("why.html").contains("<code>.why q(a)</code>"));
    assert!(folder.read("plain").starts_with("{\n  \"schema\": 1"));
    assert!(ran.stdout.starts_with("digraph {") && ran.stderr.contains("the forms are text, json"), "{ran:?}");
}

#[test]
fn the_shipped_conclusion_is_drawn() {
    let args = ["explain", &shipped("facts"), &shipped("rules"), "diversifying_away(russia, western_europe)"];
    let ran = Folder::with(&[]).run(&[&args[..], &["--format", "dot"]].concat());
    if let Some(svg) = crate::graphs::drawn(&ran.stdout) {
        assert_eq!(svg.matches("class=\"edge\"").count(), ran.stdout.matches(" -> ").count());
    }
}

/// All forms show the same facts and conditions.
fn agree(session: &Session, explained: &Explained, of: &str) {
    let facts: BTreeSet<String> = {
        let words = Words::new(session.program());
        explained.proof.nodes.iter().map(|node| words.fact(node)).collect()
    };
    let ids: BTreeSet<usize> = (0..explained.proof.nodes.len()).collect();
    let json: Json = serde_json::from_str(&explained.json(session)).expect("it is JSON");
    let nodes = json["nodes"].as_array().expect("nodes");
    let in_json: BTreeSet<usize> = nodes.iter().map(|node| number(&node["id"])).collect();
    assert_eq!(in_json, ids, "{of}");
    let mut met = BTreeSet::from([number(&json["answer"])]);
    referred_to(&json["nodes"], &mut met);
    assert_eq!(met, ids, "{of}: what premises refer to");

    let page = explained.html(session, Cut::default(), "");
    let in_page: Vec<usize> = all(&page, r#" id="n(\d+)""#).iter().map(|id| id.parse().expect("a number")).collect();
    assert_eq!(in_page.len(), ids.len(), "{of}");
    assert_eq!(in_page.into_iter().collect::<BTreeSet<_>>(), ids, "{of}");
    let said: BTreeSet<String> = all(&page, r#"<span class="said">(.*?)</span>"#).iter().map(|it| plain(it)).collect();

    let text = explained.text(session, Cut::default());
    let lines = Regex::new(
        r"^(?:│  |   )*(?:├─ |└─ )?(?:\(\d+\) )?(.*?)(?:  \((?:as above|(?:goes on at|see) \(\d+\))\))?(?: {2,}\S+)?$",
    );
    let lines = lines.expect("a pattern");
    let tree = text.lines().take_while(|line| !line.starts_with("[1] ") && !line.starts_with("Rests on "));
    let in_text =
        tree.filter(|line| !line.is_empty()).map(|line| lines.captures(line).expect("any line")[1].to_owned());
    let in_text: BTreeSet<String> = in_text.collect();
    let odd: Vec<&String> = in_text.symmetric_difference(&said).collect();
    assert!(odd.is_empty(), "{of}: {odd:?}");
    assert!(facts.is_subset(&said), "{of}: {facts:?} in {said:?}");

    let graph = explained.graph(session, Cut::default());
    let drawn = graph.nodes.iter().map(|node| {
        let last = if node.shape == Shape::Hexagon { 0 } else { 1 };
        node.lines[..node.lines.len() - last].join(" ")
    });
    let headings = ["what keeps it so", "what keeps further rows out"].map(str::to_owned);
    let in_graph: BTreeSet<String> = drawn.collect();
    let expected: BTreeSet<String> = said.into_iter().filter(|line| !headings.contains(line)).collect();
    let odd: Vec<&String> = in_graph.symmetric_difference(&expected).collect();
    assert!(odd.is_empty(), "{of}: {odd:?}");
    let of_facts = graph.nodes.iter().filter(|node| node.shape != Shape::Hexagon).count();
    assert_eq!(of_facts, ids.len(), "{of}: a fact is drawn once");
    let conditions: usize = explained
        .proof
        .nodes
        .iter()
        .map(|node| match &node.via {
            Via::Rule { premises, .. } => {
                premises.iter().filter(|premise| !matches!(premise, Premise::Fact(_))).count()
            }
            Via::Stored { .. } | Via::Equivalence { .. } => 0,
        })
        .sum();
    assert!(graph.nodes.len() >= ids.len() + conditions, "{of}: every condition is drawn");
    let dot = explained.show(Form::Dot, session, Cut::default(), "");
    let mermaid = explained.show(Form::Mermaid, session, Cut::default(), "");
    assert_eq!(dot.matches(", shape=").count(), graph.nodes.len(), "{of}");
    assert_eq!(mermaid.lines().count(), graph.nodes.len() + graph.edges.len() + 1, "{of}");
}

/// The nodes that premises name.
fn referred_to(json: &Json, met: &mut BTreeSet<usize>) {
    match json {
        Json::Array(items) => items.iter().for_each(|item| referred_to(item, met)),
        Json::Object(fields) => fields.iter().for_each(|(name, value)| match (name.as_str(), value) {
            ("node", id) => met.extend([number(id)]),
            ("because", Json::Array(ids)) => met.extend(ids.iter().map(number)),
            (_, value) => referred_to(value, met),
        }),
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => {}
    }
}

fn number(json: &Json) -> usize {
    json.as_u64().and_then(|number| usize::try_from(number).ok()).expect("a number")
}

fn all(text: &str, pattern: &str) -> Vec<String> {
    let pattern = Regex::new(pattern).expect("a pattern");
    pattern.captures_iter(text).map(|found| found[1].to_owned()).collect()
}

/// A text of a page as it is read.
fn plain(html: &str) -> String {
    let entities = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")];
    entities.iter().fold(html.to_owned(), |text, (entity, character)| text.replace(entity, character))
}

/// A question for every derived relation.
fn goals(session: &Session) -> Vec<String> {
    let program = session.program();
    let derived = program.named().map(|id| &program.relations[id]).filter(|relation| !relation.rules.is_empty());
    let variables = |count: usize| (0..count).map(|at| format!("V{at}")).collect::<Vec<_>>().join(", ");
    derived
        .map(|relation| match relation.columns.len() {
            0 => relation.name.clone(),
            count => format!("{}({})", relation.name, variables(count)),
        })
        .collect()
}

fn loaded(paths: &[PathBuf]) -> Option<Session> {
    let mut session = Session::new();
    let inputs: Vec<Input> = paths.iter().cloned().map(Input::Path).collect();
    session.load(&inputs, &LoadOptions::default()).ok()?;
    Some(session)
}

fn session(program: &str) -> Session {
    let mut session = Session::new();
    session.tell("bike.dl", program).unwrap_or_else(|failure| panic!("{failure:?}"));
    session
}

fn why(session: &mut Session, question: &str) -> Result<Option<Explained>, Failure> {
    session.explain("test", question).map(|reasons| match reasons {
        Reasons::Holds(explained) => Some(explained),
        Reasons::Fails(_) => None,
    })
}

fn told(question: &str, form: Form) -> String {
    let mut session = session(PROGRAM);
    let explained = why(&mut session, question).unwrap_or_else(|failure| panic!("{failure:?}"));
    explained.expect("it holds").show(form, &session, Cut::default(), "")
}
