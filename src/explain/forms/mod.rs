//! What explanations look like.
//!
//! In: a proof or what a fact lacks, with all that is needed to show it, the [`View`](view::View) or
//! [`Lack`](why_not_text::Lack). Out: text. Promise: all forms show the same facts.
//!
//! - `form`: the table of forms.
//! - `view`, `outline`: what is shown, and in which order from top to bottom.
//! - `text`, `json`, `graph`, `html`: a proof in each form.
//! - `why_not_text`, `why_not_json`: what a fact lacks.
//! - `rests_on_text`: what would overturn a fact, and what it may come from.

pub(in crate::explain) mod form;
pub(in crate::explain) mod graph;
pub(in crate::explain) mod html;
pub(in crate::explain) mod json;
pub(in crate::explain) mod outline;
pub(in crate::explain) mod rests_on_text;
pub(in crate::explain) mod text;
pub(in crate::explain) mod view;
pub(in crate::explain) mod why_not_json;
pub(in crate::explain) mod why_not_text;
