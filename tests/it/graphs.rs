//! Programs as graphs: what is drawn, that no text breaks out of a drawing, and that Graphviz takes it.

use crate::command::{Folder, shipped};
use entail::formats::{Edge, Graph, Group, Node, Shape, write_dot, write_mermaid};
use entail::session::{GraphOf, Session};
use insta::assert_snapshot;
use std::io::Write;
use std::process::{Command, Stdio};

const PROGRAM: &str = "
    edge(a, b). link(b, c) @ c1.
    edge(Y, X) :- link(X, Y) @ _C.
    reach(X, Y) :- edge(X, Y).
    reach(X, Z) :- reach(X, Y), edge(Y, Z).
    lone(X) :- edge(X, _), not reach(X, X).
    far(X, N) :- edge(X, _), N = count Y : { reach(X, Y), not lone(Y) }, M = max Y : { edge(X, Y) }, M != a.
    far(X, 0) :- lone(X) ; not lone(X), edge(_, X).
    :- lone(X), not edge(X, X).
    ?- far(X, N).
";

/// A text that tries to be more than a text.
const HOSTILE: &str =
    "x\"]; n1 -> n9 [URL=\"javascript:1\"]\n%%{init: {}}%% `**b**` _i_ a_b <script>&lt;\\N\u{1b}[2J #quot; 1. é";

#[test]
fn a_graph_of_rules_shows_what_is_derived_from_what() {
    assert_snapshot!(dot(&graph(PROGRAM, GraphOf::Rules)), @r#"
    digraph {
      rankdir=LR;
      node [fontname="sans-serif"];
      edge [fontname="sans-serif"];
      n1 [label="edge", shape=box, peripheries=2];
      n2 [label="link", shape=box];
      n3 [label="reach", shape=ellipse];
      n4 [label="lone", shape=ellipse];
      n5 [label="far", shape=ellipse];
      n2 -> n1;
      n1 -> n3;
      n3 -> n3;
      n1 -> n4;
      n3 -> n4 [label="not", style=dashed];
      n1 -> n5 [label="plain, max", style=dashed];
      n3 -> n5 [label="count", style=dashed];
      n4 -> n5 [label="plain, not, count", style=dashed];
    }
    "#);
}

#[test]
fn a_graph_of_strata_has_a_box_for_each_in_order() {
    assert_snapshot!(mermaid(&graph(PROGRAM, GraphOf::Strata)), @r#"
    flowchart LR
      n2["link"]
      subgraph g1["stratum 1"]
        n1[["edge"]]
      end
      subgraph g2["stratum 2, recursive"]
        n3(["reach"])
      end
      subgraph g3["stratum 3"]
        n4(["lone"])
      end
      subgraph g4["stratum 4"]
        n5(["far"])
      end
      n2 --> n1
      n1 --> n3
      n3 --> n3
      n1 --> n4
      n3 -.->|"not"| n4
      n1 -.->|"plain, max"| n5
      n3 -.->|"count"| n5
      n4 -.->|"plain, not, count"| n5
    "#);
    assert_snapshot!(dot(&graph("e(a, b). p(X) :- e(X, _), not q(X). q(X) :- e(_, X). q(X) :- q(Y), e(X, Y).", GraphOf::Strata)), @r#"
    digraph {
      rankdir=LR;
      node [fontname="sans-serif"];
      edge [fontname="sans-serif"];
      n1 [label="e", shape=box];
      subgraph cluster_1 {
        label="stratum 1, recursive";
        fontname="sans-serif";
        n3 [label="q", shape=ellipse];
      }
      subgraph cluster_2 {
        label="stratum 2";
        fontname="sans-serif";
        n2 [label="p", shape=ellipse];
      }
      n1 -> n2;
      n3 -> n2 [label="not", style=dashed];
      n1 -> n3;
      n3 -> n3;
    }
    "#);
}

#[test]
fn a_program_without_rules_is_a_graph_without_edges() {
    assert_snapshot!(mermaid(&graph("p(a). .decl q(x: symbol)", GraphOf::Strata)), @r#"
    flowchart LR
      n1["p"]
      n2["q"]
    "#);
    assert_snapshot!(dot(&graph("", GraphOf::Rules)), @r#"
    digraph {
      rankdir=LR;
      node [fontname="sans-serif"];
      edge [fontname="sans-serif"];
    }
    "#);
}

#[test]
fn no_text_breaks_out_of_a_graph() {
    let graph = hostile();
    assert_snapshot!(dot(&graph), @r#"
    digraph {
      rankdir=LR;
      node [fontname="sans-serif"];
      edge [fontname="sans-serif"];
      n2 [label="", shape=box, peripheries=2];
      subgraph cluster_1 {
        label="x\"]; n1 -&gt; n9 [URL=\"javascript:1\"]\\n%%{init: {}}%% `**b**` _i_ a_b &lt;script&gt;&amp;lt;\\N\\x1b[2J #quot; 1. é";
        fontname="sans-serif";
        n1 [label="x\"]; n1 -&gt; n9 [URL=\"javascript:1\"]\\n%%{init: {}}%% `**b**` _i_ a_b &lt;script&gt;&amp;lt;\\N\\x1b[2J #quot; 1. é", shape=ellipse];
      }
      n1 -> n2 [label="x\"]; n1 -&gt; n9 [URL=\"javascript:1\"]\\n%%{init: {}}%% `**b**` _i_ a_b &lt;script&gt;&amp;lt;\\N\\x1b[2J #quot; 1. é", style=dashed];
    }
    "#);
    assert_snapshot!(mermaid(&graph), @r#"
    flowchart LR
      n2[[" "]]
      subgraph g1["x#34;#93;#59; n1 #45;#62; n9 #91;URL#61;#34;javascript#58;1#34;#93;#92;n#37;#37;#123;init#58; #123;#125;#125;#37;#37; #96;#42;#42;b#42;#42;#96; #95;i#95; a_b #60;script#62;#38;lt#59;#92;N#92;x1b#91;2J #35;quot#59; 1#46; é"]
        n1(["x#34;#93;#59; n1 #45;#62; n9 #91;URL#61;#34;javascript#58;1#34;#93;#92;n#37;#37;#123;init#58; #123;#125;#125;#37;#37; #96;#42;#42;b#42;#42;#96; #95;i#95; a_b #60;script#62;#38;lt#59;#92;N#92;x1b#91;2J #35;quot#59; 1#46; é"])
      end
      n1 -.->|"x#34;#93;#59; n1 #45;#62; n9 #91;URL#61;#34;javascript#58;1#34;#93;#92;n#37;#37;#123;init#58; #123;#125;#125;#37;#37; #96;#42;#42;b#42;#42;#96; #95;i#95; a_b #60;script#62;#38;lt#59;#92;N#92;x1b#91;2J #35;quot#59; 1#46; é"| n2
    "#);
}

#[test]
fn graphviz_shows_a_text_as_it_is() {
    // What is hidden is written out, and `&` stays an escape in SVG.
    let shown = HOSTILE.replace('&', "&amp;").replace('\n', "\\n").replace('\u{1b}', "\\x1b");
    if let Some(svg) = drawn(&dot(&hostile())) {
        let told = ["<", ">", "\"", "-"].iter().zip(["&lt;", "&gt;", "&quot;", "&#45;"]);
        let plain = told.fold(svg.clone(), |text, (character, escape)| text.replace(escape, character));
        assert_eq!(plain.matches(&format!(">{shown}</text>")).count(), 3, "{svg}");
        assert!(!svg.contains("<a "), "{svg}");
    }
}

#[test]
fn the_shipped_knowledge_is_drawn() {
    let (facts, rules) = (shipped("facts"), shipped("rules"));
    for of in ["rules", "strata"] {
        let ran = Folder::with(&[]).run(&["graph", &facts, &rules, "--of", of]);
        assert_eq!(ran.code, Some(0), "{}", ran.stderr);
        assert!(ran.stdout.contains("label=\"diversifying_away\", shape=ellipse"), "{}", ran.stdout);
        if let Some(svg) = drawn(&ran.stdout) {
            assert_eq!(svg.matches("class=\"edge\"").count(), ran.stdout.matches(" -> ").count());
        }
    }
}

#[test]
fn the_command_writes_either_language() {
    let folder = Folder::with(&[("p.dl", "p(a). q(X) :- p(X), not r(X). r(b).\n"), ("wrong.dl", "p(X).\n")]);
    for (args, first) in
        [(&["graph", "p.dl"][..], "digraph {"), (&["graph", "p.dl", "--format", "mermaid"], "flowchart LR")]
    {
        let ran = folder.run(args);
        assert_eq!((ran.code, ran.stdout.lines().next()), (Some(0), Some(first)), "{}", ran.stderr);
        assert_eq!(folder.run(args).stdout, ran.stdout);
    }
    let ran = folder.run(&["graph", "wrong.dl"]);
    assert!(ran.code == Some(3) && ran.stdout.is_empty() && ran.stderr.contains("wrong.dl:1"), "{ran:?}");
    assert_eq!(folder.run(&["graph", "p.dl", "--of", "nothing"]).code, Some(2));
}

fn graph(program: &str, of: GraphOf) -> Graph {
    let mut session = Session::new();
    session.tell("p.dl", program).unwrap_or_else(|failure| panic!("{failure:?}"));
    session.graph(of)
}

/// The same text wherever a graph has one.
fn hostile() -> Graph {
    let mut graph = Graph::default();
    let group = Some(graph.groups.push(Group { label: HOSTILE.into() }));
    let from = graph.nodes.push(Node { lines: vec![HOSTILE.into()], shape: Shape::Round, group });
    let to = graph.nodes.push(Node { lines: Vec::new(), shape: Shape::DoubleBox, group: None });
    graph.edges.push(Edge { from, to, label: HOSTILE.into(), dashed: true });
    graph
}

fn dot(graph: &Graph) -> String {
    let mut out = Vec::new();
    write_dot(graph, &mut out).expect("memory takes it");
    String::from_utf8(out).expect("text")
}

fn mermaid(graph: &Graph) -> String {
    let mut out = Vec::new();
    write_mermaid(graph, &mut out).expect("memory takes it");
    String::from_utf8(out).expect("text")
}

/// What Graphviz draws; nothing where it is not installed.
pub(crate) fn drawn(dot: &str) -> Option<String> {
    let mut command = Command::new("dot");
    command.arg("-Tsvg").stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().ok()?;
    let mut stdin = child.stdin.take().expect("a pipe");
    let text = dot.to_owned();
    let writer = std::thread::spawn(move || stdin.write_all(text.as_bytes()));
    let output = child.wait_with_output().expect("dot ends");
    let written = writer.join().expect("the writer ends");
    assert!(written.is_ok() && output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Some(String::from_utf8(output.stdout).expect("text"))
}
