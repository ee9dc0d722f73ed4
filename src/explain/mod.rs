//! Answers to reasons: why a fact holds, why one does not, what it rests on.
//!
//! In: a program with its model, the [`Ground`]. Out: a [`Proof`] and its like, and these in words. Nothing is noted
//! while a program is evaluated: reasons are found afterwards, from the fact downwards.

mod alternatives;
mod checker;
mod closed;
mod critical;
mod evidence;
mod form;
mod graph;
mod ground;
mod heights;
mod html;
mod json;
mod nearest;
mod one_atom;
mod origins;
mod outline;
mod proof;
mod repairs;
mod rests_on_text;
mod rounds;
mod solve;
mod terms;
mod text;
mod view;
mod why;
mod why_not;
mod why_not_json;
mod why_not_text;
mod words;

pub use alternatives::proofs;
pub use checker::{Flaw, check};
pub use critical::{Critical, RestsOn, critical};
pub use evidence::{Evidence, Footnote, relations as evidence_relations};
pub use form::Form;
pub use graph::graph;
pub use ground::{Fact, Ground, MOST_WAYS};
pub use html::{Asked, html};
pub use json::json;
pub use one_atom::{Matches, OneAtom};
pub use origins::origins;
pub use outline::Cut;
pub use proof::{Aggregate, Node, NodeId, Premise, Proof, Row, Side, Via};
pub use repairs::{Change, Repair, Repairs, repairs};
pub use rests_on_text::{critical_text, origins_text};
pub use text::text;
pub use view::{Place, View};
pub use why::{why, why_without_facts};
pub use why_not::{Condition, Missing, MissingId, Misspelt, Tried, WhyNot, why_not};
pub use why_not_json::why_not_json;
pub use why_not_text::{Lack, why_not_text};
pub use words::Words;
