//! A proof as JSON, for programs.
//!
//! In: a proof to be shown. Out: one object: the nodes, each with the rule and the premises that it holds by, the pairs
//! of an equivalence that lead to it, or the place and the citations that it is stored with, and the sources behind the
//! citations. Promise: all of it, never cut. Numbers and floats are numbers of JSON; symbols and dates are strings.
//!
//! A question of several literals is the relation `?-`, a broken constraint the relation `:-`; `columns` name what they
//! bind. A citation `p(a) @ c1` is a node of `p` with a `citation`.

use super::outline::By;
use super::view::View;
use crate::check::Role;
use crate::data::{Id, Value};
use crate::explain::evidence::{Attribution, Claim, Footnote};
use crate::explain::proof::{self, NodeId, Premise, Via};
use crate::explain::words::Words;
use crate::formats::json_text;
use serde::Serialize;

/// A proof as JSON.
pub fn json(view: View<'_>) -> String {
    let nodes = view.proof.nodes.ids().map(|id| Node::of(&view, id)).collect();
    let sources = view.evidence.footnotes.iter().flat_map(Source::of).collect();
    json_text(&Whole { schema: 1, answer: number(view.proof.root()), nodes, sources })
}

#[derive(Serialize)]
struct Whole<'a> {
    schema: usize,
    /// The node that is proved.
    answer: usize,
    nodes: Vec<Node<'a>>,
    sources: Vec<Source<'a>>,
}

#[derive(Serialize)]
struct Node<'a> {
    id: usize,
    relation: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    columns: Option<Vec<&'a str>>,
    args: Vec<&'a Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    citation: Option<&'a Value>,
    #[serde(flatten)]
    holds: Holds<'a>,
}

#[derive(Serialize)]
#[serde(tag = "via", rename_all = "lowercase")]
enum Holds<'a> {
    Rule {
        rule: Rule<'a>,
        premises: Vec<Reason>,
    },
    /// The pairs that lead from the first value to the second, and where the relation is declared.
    Equivalence {
        file: &'a str,
        line: Option<usize>,
        premises: Vec<Reason>,
    },
    Stored {
        #[serde(skip_serializing_if = "Option::is_none")]
        file: Option<&'a str>,
        #[serde(skip_serializing_if = "Option::is_none")]
        line: Option<usize>,
        citations: Vec<&'a Value>,
    },
}

#[derive(Serialize)]
pub(super) struct Rule<'a> {
    pub(super) text: &'a str,
    pub(super) file: &'a str,
    pub(super) line: Option<usize>,
}

#[derive(Serialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
enum Reason {
    Fact { node: usize },
    Absent { atom: String, because: Vec<usize> },
    Compare { text: String },
    Compute { text: String },
    Test { text: String },
    Aggregate { text: String, rows: Vec<Row>, because: Vec<usize> },
}

#[derive(Serialize)]
struct Row {
    premises: Vec<Reason>,
}

#[derive(Serialize)]
pub(super) struct Source<'a> {
    claim: &'a Value,
    #[serde(skip_serializing_if = "Option::is_none")]
    sentence: Option<&'a Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<&'a Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<&'a Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    naming: Option<&'a Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    modality: Option<&'a Value>,
}

impl<'a> Node<'a> {
    fn of(view: &View<'a>, id: NodeId) -> Self {
        let proof::Node { relation, row, via } = &view.proof.nodes[id];
        let described = &view.program.relations[*relation];
        let (mut args, mut columns, mut citation) = (&row[..], None, None);
        let relation = match described.role {
            Role::Named | Role::Auxiliary | Role::CameUp(_) | Role::GivingWay(_) => described.name.as_str(),
            Role::Citations(of) => {
                if let Some((claim, rest)) = row.split_last() {
                    (args, citation) = (rest, Some(claim));
                }
                &view.program.relations[of].name
            }
            role @ (Role::Query | Role::Constraint) => {
                columns = Some(described.columns.iter().map(|column| column.name.as_str()).collect());
                if role == Role::Query { "?-" } else { ":-" }
            }
        };
        let holds = match via {
            Via::Rule { rule, premises } => {
                let place = view.rule_place(*rule);
                let rule = Rule { text: view.rule_text(*rule), file: place.file, line: place.line };
                Holds::Rule { rule, premises: reasons(&view.words(), premises) }
            }
            Via::Equivalence { premises } => {
                let declared = view.by_place(id, By::Equivalence);
                let (file, line, premises) = (declared.file, declared.line, reasons(&view.words(), premises));
                Holds::Equivalence { file, line, premises }
            }
            Via::Stored { citations } => {
                let place = view.place(id);
                Holds::Stored {
                    file: place.map(|place| place.file),
                    line: place.and_then(|place| place.line),
                    citations: citations.iter().collect(),
                }
            }
        };
        Node { id: number(id), relation, columns, args: args.iter().collect(), citation, holds }
    }
}

impl<'a> Source<'a> {
    /// The claims of a footnote, each with the sentence.
    pub(super) fn of(footnote: &'a Footnote) -> impl Iterator<Item = Self> {
        let Footnote { sentence, text, claims } = footnote;
        claims.iter().map(move |Claim { claim, by: Attribution { source, naming, modality } }| {
            let [sentence, text, source, naming, modality] =
                [sentence, text, source, naming, modality].map(Option::as_ref);
            Source { claim, sentence, text, source, naming, modality }
        })
    }
}

fn reasons(words: &Words<'_>, premises: &[Premise]) -> Vec<Reason> {
    premises.iter().map(|premise| reason(words, premise)).collect()
}

fn reason(words: &Words<'_>, premise: &Premise) -> Reason {
    let text = || words.premise(premise).unwrap_or_default();
    match premise {
        Premise::Fact(node) => Reason::Fact { node: number(*node) },
        Premise::Absent { relation, args, because } => {
            let args: Vec<Option<&Value>> = args.iter().map(Option::as_ref).collect();
            Reason::Absent { atom: words.pattern(*relation, &args), because: numbers(because) }
        }
        Premise::Compare { .. } => Reason::Compare { text: text() },
        Premise::Compute(_) => Reason::Compute { text: text() },
        Premise::Test { .. } => Reason::Test { text: text() },
        Premise::Aggregate(aggregate) => {
            let rows = aggregate.rows.iter().map(|row| {
                let mut premises = reasons(words, &row.premises);
                let computed = row.target.iter().filter(|target| target.is_computed());
                premises.extend(computed.map(|target| Reason::Compute { text: words.equation(target) }));
                Row { premises }
            });
            Reason::Aggregate { text: text(), rows: rows.collect(), because: numbers(&aggregate.because) }
        }
    }
}

fn numbers(nodes: &[NodeId]) -> Vec<usize> {
    nodes.iter().map(|node| number(*node)).collect()
}

fn number(node: NodeId) -> usize {
    node.index()
}
