//! An explanation in its forms: text, JSON, a graph, a page.

use super::{Explained, Session};
use crate::explain::{self, Asked, Cut, Form, Proofs, View};
use crate::formats::{Graph, write_dot, write_mermaid};
use std::io::{self, Write};

impl Explained {
    /// The proof as a tree of lines.
    pub fn text(&self, session: &Session, cut: Cut) -> String {
        explain::text(self.view(session), cut)
    }

    /// The whole proof as one JSON object.
    pub fn json(&self, session: &Session) -> String {
        explain::json(self.view(session))
    }

    /// The proof as a graph to be drawn.
    pub fn graph(&self, session: &Session, cut: Cut) -> Graph {
        explain::graph(self.view(session), cut)
    }

    /// The proof as one page that needs nothing else. `typed` is what was typed to get it.
    pub fn html(&self, session: &Session, cut: Cut, typed: &str) -> String {
        explain::html(self.view(session), cut, Asked { typed, answers: self.first.answers })
    }

    /// The proof in one of its forms.
    pub fn show(&self, form: Form, session: &Session, cut: Cut, typed: &str) -> String {
        match form {
            Form::Text => self.text(session, cut),
            Form::Json => self.json(session),
            Form::Dot => drawn(&self.graph(session, cut), write_dot),
            Form::Mermaid => drawn(&self.graph(session, cut), write_mermaid),
            Form::Html => self.html(session, cut, typed),
        }
    }

    fn view<'a>(&'a self, session: &'a Session) -> View<'a> {
        let Self { program, proof, evidence, places, .. } = self;
        View { program, sources: session.sources(), proof, evidence, places }
    }
}

impl Proofs<Explained> {
    /// The proofs one after the other; as text, with their numbers.
    pub fn show(&self, form: Form, session: &Session, cut: Cut, typed: &str) -> String {
        let mut shown = String::new();
        for (number, explained) in (1..).zip(&self.found) {
            if form == Form::Text {
                let gap = if number > 1 { "\n" } else { "" };
                shown.push_str(&format!("{gap}Proof {number}\n"));
            }
            shown.push_str(&explained.show(form, session, cut, typed));
        }
        shown
    }
}

fn drawn(graph: &Graph, write: fn(&Graph, &mut dyn Write) -> io::Result<()>) -> String {
    let mut bytes = Vec::new();
    write(graph, &mut bytes).expect("memory takes every byte");
    String::from_utf8(bytes).expect("a drawing is text")
}
