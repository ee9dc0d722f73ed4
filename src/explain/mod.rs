//! Answers to reasons: why a fact holds, why one does not, what it rests on.
//!
//! In: a program with its model, the [`Ground`]. Out: a [`Proof`] and its like, and these in words. Nothing is noted
//! while a program is evaluated: reasons are found afterwards, from the fact downwards.
//!
//! - `ground`: what explanations stand on. `kept_up`: rules for rows that give way. `redirect`: conditions
//!   asked of other relations. `fragile`: where taking facts away may add rows. `search`: looking reasons up.
//! - `why`, `proof`, `alternatives`: why a fact holds. `checker`: a second opinion on that.
//! - `why_not`, `missing`, `near`, `apart`, `repairs`: what a fact lacks, and what would make it hold.
//! - `critical`, `origins`: what would overturn a fact, and what it may come from.
//! - `evidence`, `words`: the sentences behind a fact, and facts in words. `forms`: what all of it looks like.

mod alternatives;
mod apart;
mod checker;
mod critical;
mod evidence;
mod forms;
mod fragile;
mod ground;
mod kept_up;
mod missing;
mod near;
mod origins;
mod proof;
mod redirect;
mod repairs;
mod search;
mod why;
mod why_not;
mod words;

pub use alternatives::{Proofs, proofs};
pub use apart::Belongs;
pub use checker::check::{Flaw, check};
pub use critical::{Critical, RestsOn, critical};
pub use evidence::{Attribution, Claim, Evidence, Footnote, relations as evidence_relations};
pub use forms::form::Form;
pub use forms::graph::graph;
pub use forms::html::{Asked, html};
pub use forms::json::json;
pub use forms::outline::Cut;
pub use forms::rests_on_text::{critical_text, origins_text};
pub use forms::text::text;
pub use forms::view::{Place, View};
pub use forms::why_not_json::why_not_json;
pub use forms::why_not_text::{Lack, why_not_text};
pub use ground::{Fact, Ground, MOST_WAYS};
pub use kept_up::with_upkeep;
pub use missing::{Condition, Missing, MissingId, Misspelt, Tried, WhyNot};
pub use origins::origins;
pub use proof::{Aggregate, Node, NodeId, Premise, Proof, Row, Side, Via};
pub use repairs::change::{Change, Repair, Repairs};
pub use repairs::search::repairs;
pub use search::one_atom::{Matches, OneAtom};
pub use why::{why, why_without_facts};
pub use why_not::why_not;
pub use words::Words;
