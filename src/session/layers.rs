//! Layers of assumptions on top of the facts.
//!
//! In: changes that are only assumed. Out: a session in which they hold, and which knows what it was without them; a
//! layer may lie on another. Promise: a session with layers answers as one in which the same changes were made for
//! good, and a layer that is dropped leaves no trace.

use super::assumed::Assumed;
use super::change::Changed;
use super::without::Claims;
use super::{Failure, Session};
use crate::report::{Code, Diagnostic};
use crate::syntax::{self, Ast, Item, ItemKind};
use std::sync::Arc;

/// Changes that are assumed, and the session below them.
#[derive(Debug, Clone)]
pub struct Layer {
    pub(super) before: Arc<Session>,
    pub(super) changes: Arc<Vec<Assumed>>,
}

/// So many layers may lie on each other.
const MOST_LAYERS: usize = 100;

impl Layer {
    /// The session without this layer and those on top of it.
    pub fn before(&self) -> &Session {
        &self.before
    }

    /// What is assumed, in the order in which it was told.
    pub fn changes(&self) -> &[Assumed] {
        &self.changes
    }
}

impl Session {
    /// The layers that are open, the topmost last.
    pub fn layers(&self) -> &[Layer] {
        &self.layers
    }

    /// Opens a layer: what is changed from now on is only assumed.
    pub fn open_layer(&mut self) {
        let before = Arc::new(self.clone());
        self.layers.push(Layer { before, changes: Arc::default() });
    }

    /// Opens a layer in which the statements of a text hold: facts, rules, constraints and retractions, one after the
    /// other; none of them if one of them cannot be. The last may lack its dot.
    ///
    /// ```
    /// use entail::session::Session;
    ///
    /// let mut session = Session::new();
    /// session.tell("example", "road(a, b). reach(X, Y) :- road(X, Y). reach(X, Z) :- reach(X, Y), road(Y, Z).")?;
    /// session.assume("example", "road(b, c). road(a, b)~")?;
    /// assert!(!session.query("example", "reach(b, c)?")?[0].is_negative());
    /// let diff = session.diff(0)?;
    /// let expected = "- reach(a, b)  [2]\n+ reach(b, c)  [1]\n[1] road(b, c).\n[2] road(a, b)~\n\
    ///                 1 conclusion gained, 1 conclusion lost\n";
    /// assert_eq!(diff.text(&session, usize::MAX), expected);
    /// session.drop_layer();
    /// assert!(session.query("example", "reach(b, c)?")?[0].is_negative());
    /// # Ok::<(), entail::session::Failure>(())
    /// ```
    pub fn assume(&mut self, name: &str, text: &str) -> Result<Changed, Failure> {
        let text = syntax::ended(self.options.dialect, text.trim(), '.');
        let source = self.sources.add(name, text.clone());
        let (ast, diagnostics) = syntax::parse_in(self.options.dialect, source, &text);
        if !diagnostics.is_empty() {
            return Err(Failure::Diagnostics(diagnostics));
        }
        if let Some(stranger) = ast.items.iter().find(|item| !can_be_assumed(item)) {
            let diagnostic = Diagnostic::new(Code::NotAFact, stranger.span, "this cannot be assumed");
            let diagnostic = diagnostic.label("neither a fact, a rule nor a retraction");
            return Err(diagnostic.help("write `p(a)`, `p(X) :- q(X)` or `p(a)~`; ask once it is assumed").into());
        }
        let mut inside = self.inside()?;
        let changed = inside.make(ast);
        // Spans of what is reported lie in these.
        self.sources = inside.sources.clone();
        let changed = changed?;
        *self = inside;
        Ok(changed)
    }

    /// Opens a layer without what rests only on these claims.
    pub fn without_in_layer(&mut self, claims: &Claims) -> Result<Changed, Failure> {
        let mut inside = self.inside()?;
        let changed = inside.without(claims)?;
        *self = inside;
        Ok(changed)
    }

    /// Makes the topmost layer real: part of the layer below it, or of what is known. False if none is open.
    pub fn keep_layer(&mut self) -> bool {
        let Some(kept) = self.layers.pop() else { return false };
        self.record(kept.changes.iter().cloned());
        true
    }

    /// Forgets the topmost layer and everything that was changed in it. False if none is open.
    pub fn drop_layer(&mut self) -> bool {
        let Some(dropped) = self.layers.last().map(|layer| Arc::clone(&layer.before)) else { return false };
        self.go_back(Arc::unwrap_or_clone(dropped));
        true
    }

    /// A copy of the session with one more layer.
    fn inside(&self) -> Result<Session, Diagnostic> {
        if self.layers.len() >= MOST_LAYERS {
            let diagnostic = Diagnostic::bare(Code::CommandUsage, format!("{MOST_LAYERS} layers are open already"));
            return Err(diagnostic.help("keep or drop one of them"));
        }
        let mut inside = self.clone();
        inside.open_layer();
        Ok(inside)
    }

    /// Notes changes in the topmost layer, if one is open.
    pub(super) fn record(&mut self, changes: impl IntoIterator<Item = Assumed>) {
        if let Some(layer) = self.layers.last_mut() {
            Arc::make_mut(&mut layer.changes).extend(changes);
        }
    }

    /// Tells clauses and takes facts back, in the order of a tree; clauses that follow each other are told together.
    fn make(&mut self, ast: Ast) -> Result<Changed, Failure> {
        let mut all = Changed::default();
        let mut clauses = Vec::new();
        for item in ast.items {
            if !matches!(item.kind, ItemKind::Retraction(_)) {
                clauses.push(item);
                continue;
            }
            all.add(self.tell_together(std::mem::take(&mut clauses))?);
            all.add(self.retract_ast(&Ast { items: vec![item], comments: Vec::new() })?);
        }
        all.add(self.tell_together(clauses)?);
        Ok(all)
    }

    fn tell_together(&mut self, items: Vec<Item>) -> Result<Changed, Failure> {
        if items.is_empty() { Ok(Changed::default()) } else { self.tell_ast(Ast { items, comments: Vec::new() }) }
    }
}

fn can_be_assumed(item: &Item) -> bool {
    match item.kind {
        ItemKind::Fact(_) | ItemKind::Rule(_) | ItemKind::Constraint(_) | ItemKind::Retraction(_) => true,
        ItemKind::Relation(_)
        | ItemKind::Type(_)
        | ItemKind::Functor(_)
        | ItemKind::Lattice(_)
        | ItemKind::Subsumption(_) => true,
        ItemKind::Component(_) | ItemKind::Instance(_) => true,
        ItemKind::Query(_) | ItemKind::Io(_) | ItemKind::Include(_) => false,
        ItemKind::Override(_) | ItemKind::Pragma(_) => false,
    }
}
