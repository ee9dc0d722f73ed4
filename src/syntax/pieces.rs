//! Statements to items that nest: a component is read as its head and its end, with statements between them.
//!
//! In: [`Piece`]s in the order of the text. Out: [`Placed`] items, flat, and from them the tree. Promise: a mistake
//! within a component costs one statement, and no stack grows with how deep components nest.

use super::ast::{Ast, Comment, ComponentDecl, Item, ItemKind};
use super::cursor::MAX_NESTING;
use super::docs::Placed;
use super::tokens::to_u32;
use crate::report::{Code, Diagnostic, Span};
use rustc_hash::FxHashMap;

/// One statement, or the beginning or end of a component.
pub(super) enum Piece {
    /// The items that a statement says: one for each head, each name of a `.decl`.
    Items(Vec<Item>),
    /// `.comp Graph<Node> : Base {`
    Open(ComponentDecl),
    /// `}`
    Close,
}

/// The items read so far.
#[derive(Default)]
pub(super) struct Pieces {
    pub(super) placed: Vec<Placed>,
    /// The components that are not closed yet: their positions in `placed`.
    open: Vec<usize>,
    /// How many items had been read when a component was closed.
    ends: Ends,
}

/// By the position of a component, the position behind what it holds.
#[derive(Default)]
pub(super) struct Ends(FxHashMap<usize, usize>);

impl Pieces {
    /// Whether a component is open.
    pub(super) fn in_component(&self) -> bool {
        !self.open.is_empty()
    }

    /// Takes what was read at `span`, the token `first` being its first. Returns what is wrong with it here.
    pub(super) fn take(&mut self, piece: Piece, span: Span, first: usize) -> Option<Diagnostic> {
        let first_token = to_u32(first);
        match piece {
            Piece::Items(items) => {
                self.placed.extend(items.into_iter().map(|item| Placed { item, first_token }));
                None
            }
            Piece::Open(component) => {
                self.open.push(self.placed.len());
                let item = Item { doc: None, kind: ItemKind::Component(component), span };
                self.placed.push(Placed { item, first_token });
                let message = format!("components nest deeper than {MAX_NESTING}");
                let deep = Diagnostic::new(Code::NestingTooDeep, span, message).help("declare it outside the others");
                (self.open.len() > usize::from(MAX_NESTING)).then_some(deep)
            }
            Piece::Close => match self.open.pop() {
                Some(component) => {
                    self.ends.0.insert(component, self.placed.len());
                    #[expect(clippy::indexing_slicing, reason = "a component that is open was placed")]
                    let whole = &mut self.placed[component].item.span;
                    *whole = whole.to(span);
                    None
                }
                None => Some(
                    Diagnostic::new(Code::UnexpectedToken, span, "this `}` closes nothing")
                        .help("drop it, or open a component with `.comp Name {`"),
                ),
            },
        }
    }

    /// Closes what the text left open, and complains about it.
    pub(super) fn finish(mut self, diagnostics: &mut Vec<Diagnostic>) -> (Vec<Placed>, Ends) {
        while let Some(component) = self.open.pop() {
            self.ends.0.insert(component, self.placed.len());
            #[expect(clippy::indexing_slicing, reason = "a component that is open was placed")]
            let head = self.placed[component].item.span;
            diagnostics.push(
                Diagnostic::new(Code::Unterminated, head, "this component is never closed")
                    .label("opened here")
                    .help("close it with `}`"),
            );
        }
        (self.placed, self.ends)
    }
}

impl Ends {
    /// The tree in which components hold what stands within them. Those that nest too deeply hold nothing.
    #[expect(clippy::expect_used, reason = "the outermost level ends behind every item")]
    pub(super) fn nest(&self, flat: Vec<Item>, comments: Vec<Comment>) -> Ast {
        let mut levels = vec![Level { end: usize::MAX, item: None, items: Vec::new() }];
        for (at, item) in flat.into_iter().enumerate() {
            while levels.last().is_some_and(|level| level.end == at) {
                close(&mut levels);
            }
            match self.0.get(&at) {
                Some(&end) => levels.push(Level { end, item: Some(item), items: Vec::new() }),
                None => levels.last_mut().expect("the outermost level stays").items.push(item),
            }
        }
        while levels.len() > 1 {
            close(&mut levels);
        }
        Ast { items: levels.pop().expect("the outermost level stays").items, comments }
    }
}

/// A component whose items are being gathered; the outermost level is none.
struct Level {
    end: usize,
    item: Option<Item>,
    items: Vec<Item>,
}

fn close(levels: &mut Vec<Level>) {
    let depth = levels.len();
    let Some(Level { item: Some(mut item), items, .. }) = levels.pop() else { return };
    if let ItemKind::Component(component) = &mut item.kind
        && depth <= usize::from(MAX_NESTING)
    {
        component.items = items;
    }
    #[expect(clippy::expect_used, reason = "the outermost level holds no item, and so was not closed here")]
    levels.last_mut().expect("the outermost level stays").items.push(item);
}
