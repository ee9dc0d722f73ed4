//! Answers to reasons: why a fact holds, why one does not, what it rests on.
//!
//! In: a program with its model, the [`Ground`]. Out: a [`Proof`] and its like, and these in words. Nothing is noted
//! while a program is evaluated: reasons are found afterwards, from the fact downwards.

mod closed;
mod evidence;
mod form;
mod graph;
mod ground;
mod heights;
mod html;
mod json;
mod outline;
mod proof;
mod solve;
mod terms;
mod text;
mod view;
mod why;
mod words;

pub use evidence::{Evidence, Footnote, relations as evidence_relations};
pub use form::Form;
pub use graph::graph;
pub use ground::{Fact, Ground};
pub use html::{Asked, html};
pub use json::json;
pub use outline::Cut;
pub use proof::{Aggregate, Node, NodeId, Premise, Proof, Row, Side, Via};
pub use text::text;
pub use view::{Place, View};
pub use why::{matched, why};
pub use words::Words;
