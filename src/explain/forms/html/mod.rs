//! A proof as one page that needs nothing else: no network, no script, no font.
//!
//! In: a proof to be shown, and what was typed to get it. Out: HTML: the proof as a tree that folds and unfolds, the
//! footnotes beside it, the rules and the stored facts it uses, what it rests on, and how to get it again. Promise: it
//! is written in one pass and is as long as what it shows; a text of a fact is a text and nothing else; and even if one
//! were more, the page forbids itself to fetch or run anything.

mod tree;

use super::outline::{By, Cut, Telling, outline};
use super::text::rests_on;
use super::view::View;
use crate::check::{Role, RuleId};
use crate::data::{Id, IdVec, Value};
use crate::explain::proof::{NodeId, Via};
use crate::formats::html_text;
use crate::report::{count, grouped};
use std::fmt::Write;
use tree::tree;

/// Levels below which a branch goes on further down: elements that lie in each other without end overwhelm a browser.
const DEEP: usize = 16;

/// So many links lead from a footnote back to the facts that cite it.
const BACK: usize = 12;

/// So many rows of a table are in sight before it is unfolded.
const MANY: usize = 24;

const STYLE: &str = include_str!("style.css");

/// What was asked, so that it can be asked again.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// What was typed: a command line, or a command of the prompt.
    pub typed: &'a str,
    /// How many answers there are, of which the first is explained.
    pub answers: usize,
}

/// A proof as a page.
pub fn html(view: View<'_>, cut: Cut, asked: Asked<'_>) -> String {
    let mut page = Page {
        view,
        out: String::new(),
        rules: view.program.rules.iter().map(|_| None).collect(),
        used: Vec::new(),
        cited: vec![0; view.evidence.footnotes.len()],
    };
    page.head();
    page.header(asked);
    page.out.push_str("<div class=\"columns\">\n<main>\n<h2>Proof</h2>\n");
    tree(&mut page, &outline(view.proof, cut, DEEP));
    page.out.push_str(LEGEND);
    page.out.push_str("</main>\n");
    page.footnotes();
    page.out.push_str("</div>\n");
    page.rules();
    page.facts();
    page.footer(asked);
    page.out
}

const LEGEND: &str = "<p class=\"legend\"><span class=\"derived\">follows by a rule</span> \
<span class=\"stored\">is stored</span> <span class=\"condition\">is a condition</span></p>\n";

/// A page that is being written.
struct Page<'a> {
    view: View<'a>,
    out: String,
    /// The number of each rule that is used, in the order in which a reader meets them.
    rules: IdVec<RuleId, Option<usize>>,
    used: Vec<UsedRule>,
    /// How often each footnote was referred to so far.
    cited: Vec<usize>,
}

struct UsedRule {
    rule: RuleId,
    /// How many facts it derives.
    facts: usize,
}

impl<'a> Page<'a> {
    /// Writes markup of ours.
    fn put(&mut self, markup: std::fmt::Arguments<'_>) {
        self.out.write_fmt(markup).expect("writing to a string does not fail");
    }

    fn head(&mut self) {
        let title = html_text(&self.view.words().atom(&self.view.proof.nodes[self.view.proof.root()]));
        self.put(format_args!(
            "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <meta name=\"color-scheme\" content=\"light dark\">\n\
             <title>Why {title}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n"
        ));
    }

    /// The conclusion, as it is said and as it is written, and what it rests on.
    fn header(&mut self, asked: Asked<'_>) {
        let words = self.view.words();
        let node = &self.view.proof.nodes[self.view.proof.root()];
        let (said, written) = (words.fact(node), words.atom(node));
        self.put(format_args!("<header>\n<p class=\"kicker\">Why it holds</p>\n<h1>{}</h1>\n", html_text(&said)));
        let written = match (self.view.program.relations[node.relation].role, &node.via) {
            (Role::Query | Role::Constraint, Via::Rule { rule, .. }) => self.view.rule_text(*rule).to_owned(),
            (Role::Query | Role::Constraint | Role::Named | Role::Citations(_) | Role::Auxiliary, _)
            | (Role::CameUp(_) | Role::GivingWay(_), _) => written,
        };
        if written != said {
            self.put(format_args!("<p class=\"atom\"><code>{}</code></p>\n", lines(&written)));
        }
        if asked.answers > 1 {
            self.put(format_args!("<p>The first of {}.</p>\n", count(asked.answers, "answer")));
        }
        self.put(format_args!("<p class=\"rests\">{}</p>\n</header>\n", html_text(&rests_on(self.view.evidence))));
    }

    /// What a fact that is not stored follows by.
    fn by(&mut self, node: NodeId, by: By, telling: Telling) {
        match by {
            By::Rule(rule) => self.rule_link(rule, telling),
            By::Equivalence => {
                let place = html_text(&self.view.by_place(node, by).to_string());
                self.put(format_args!("<span class=\"place\">{place}</span>"));
            }
        }
    }

    /// A link to the rule that derives a fact.
    fn rule_link(&mut self, rule: RuleId, telling: Telling) {
        let number = *self.rules[rule].get_or_insert_with(|| {
            self.used.push(UsedRule { rule, facts: 0 });
            self.used.len()
        });
        if matches!(telling, Telling::Here | Telling::GoesOn(_)) {
            self.used[number - 1].facts += 1;
        }
        let place = html_text(&self.view.rule_place(rule).to_string());
        self.put(format_args!("<a class=\"place\" href=\"#r{number}\">{place}</a>"));
    }

    /// The marks of footnotes, or else the place of a stored fact.
    fn support(&mut self, node: NodeId, citations: &'a [Value], back: bool) {
        let marks = self.view.evidence.numbers(citations);
        if marks.is_empty() {
            if let Some(place) = self.view.place(node) {
                self.put(format_args!("<span class=\"place\">{}</span>", html_text(&place.to_string())));
            }
            return;
        }
        self.out.push_str("<span class=\"marks\">");
        for number in marks {
            let id = match back {
                true => {
                    self.cited[number - 1] += 1;
                    format!(" id=\"m{number}-{}\"", self.cited[number - 1])
                }
                false => String::new(),
            };
            self.put(format_args!("<a class=\"mark\"{id} href=\"#s{number}\">[{number}]</a>"));
        }
        self.out.push_str("</span>");
    }

    fn footnotes(&mut self) {
        let evidence = self.view.evidence;
        if evidence.footnotes.is_empty() {
            return;
        }
        self.out.push_str("<aside>\n<h2>Sources</h2>\n<ol class=\"notes\">\n");
        for (number, footnote) in (1..).zip(&evidence.footnotes) {
            self.put(format_args!("<li id=\"s{number}\"><span class=\"number\">[{number}]</span>"));
            self.tagged("quote", footnote.text.as_ref());
            for (at, (by, claims)) in footnote.attributed().into_iter().enumerate() {
                self.tagged("source", by.source.as_ref());
                self.tagged("kind", by.naming.as_ref());
                self.tagged("kind", by.modality.as_ref());
                let claims: Vec<String> = claims.into_iter().map(ToString::to_string).collect();
                let sentence = footnote.sentence.iter().filter(|_| at == 0).map(|sentence| format!(" · {sentence}"));
                let ids = claims.join(", ") + &sentence.collect::<String>();
                self.put(format_args!("<span class=\"id\">{}</span> ", html_text(&ids)));
            }
            let cited = self.cited[number - 1];
            self.put(format_args!("<span class=\"backs\">cited {}:", times(cited)));
            for mark in 1..=cited.min(BACK) {
                self.put(format_args!(" <a href=\"#m{number}-{mark}\">{mark}</a>"));
            }
            self.put(format_args!("{}</span></li>\n", if cited > BACK { " …" } else { "" }));
        }
        self.out.push_str("</ol>\n</aside>\n");
    }

    /// A value, if there is one, and a space.
    fn tagged(&mut self, class: &str, value: Option<&Value>) {
        if let Some(value) = value {
            self.put(format_args!("<span class=\"{class}\">{}</span> ", html_text(&value.to_string())));
        }
    }

    fn rules(&mut self) {
        if self.used.is_empty() {
            return;
        }
        self.out.push_str("<section>\n<h2>Rules</h2>\n<ol class=\"rules\">\n");
        for (number, UsedRule { rule, facts }) in (1..).zip(std::mem::take(&mut self.used)) {
            let place = html_text(&self.view.rule_place(rule).to_string());
            let (text, facts) = (lines(self.view.rule_text(rule)), count(facts, "fact"));
            self.put(format_args!(
                "<li id=\"r{number}\"><pre><code>{text}</code></pre><p><span class=\"place\">{place}</span> \
                 <span class=\"id\">{facts}</span></p></li>\n"
            ));
        }
        self.out.push_str("</ol>\n</section>\n");
    }

    /// The stored facts that the proof rests on.
    fn facts(&mut self) {
        let proof = self.view.proof;
        let stored = proof.nodes.enumerate().filter_map(|(id, node)| match &node.via {
            Via::Stored { citations } => Some((id, node, citations)),
            Via::Rule { .. } | Via::Equivalence { .. } => None,
        });
        let stored: Vec<_> = stored.collect();
        if stored.is_empty() {
            return;
        }
        let open = if stored.len() <= MANY { " open" } else { "" };
        self.put(format_args!(
            "<section>\n<h2>Stored facts</h2>\n<details class=\"facts\"{open}><summary>{}</summary>\n<table>\n",
            count(stored.len(), "fact")
        ));
        for (id, node, citations) in stored {
            let atom = html_text(&self.view.words().atom(node));
            self.put(format_args!("<tr data-fact=\"{}\"><td><code>{atom}</code></td><td>", id.index()));
            self.support(id, citations, false);
            self.out.push_str("</td></tr>\n");
        }
        self.out.push_str("</table>\n</details>\n</section>\n");
    }

    fn footer(&mut self, asked: Asked<'_>) {
        self.put(format_args!(
            "<footer>\n<h2>Ask again</h2>\n<pre><code>{}</code></pre>\n<p class=\"id\">entail {}</p>\n</footer>\n\
             </body>\n</html>\n",
            lines(asked.typed),
            env!("CARGO_PKG_VERSION")
        ));
    }
}

fn times(number: usize) -> String {
    if number == 1 { "once".into() } else { format!("{} times", grouped(number)) }
}

/// A text of several lines.
fn lines(text: &str) -> String {
    let lines = text.lines().map(|line| html_text(&line.replace('\t', "    ")));
    lines.collect::<Vec<_>>().join("\n")
}
