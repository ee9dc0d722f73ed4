//! Entail: a Datalog engine whose answers cite their sources.
//!
//! # The life of a rule
//!
//! 1. [`session::Session::load`] finds the files that the paths name and reads them ([`report::Sources`]).
//! 2. [`syntax::parse`] turns each text into a tree ([`syntax::Ast`]) and a list of mistakes. It never fails.
//! 3. [`formats::read`] turns the rows of data files into columns of words ([`formats::Table`]).
//! 4. [`check::check`] turns the trees into a [`check::Program`], in which names are ids, columns have types, every
//!    variable is bound and the strata are in order; or it says why not.
//! 5. The facts go into the store: relations of sorted runs, of rows of bits, or of classes ([`store::Relation`]).
//! 6. A question becomes a rule of its own ([`check::question`]); [`plan::needed`] says which strata it depends on.
//!    Where it gives a value, [`plan::on_demand`] may leave out what it does not lead to.
//! 7. [`plan::plan`] turns each rule of a stratum into pipelines of steps, or a whole stratum into chains
//!    ([`plan::ChainPlan`]), by the counts of the facts.
//! 8. [`eval::evaluate`] runs them round by round until nothing new follows; a relation that does not keep every row
//!    ([`check::Keeps`]) leaves out some after each round. What must come out is defined by [`eval::naive`], the slow
//!    twin.
//! 9. [`session::Answer`] sorts the rows by value.
//! 10. [`formats::write`] turns them into bytes.
//!
//! Whoever asks why afterwards is answered from the model: [`explain::why`] finds the least proof from the fact
//! downwards, [`explain::check`] looks at it once more, [`explain::why_not`] tells what a fact lacks.
//!
//! A program may also leave as another engine reads it: [`emit::souffle`] writes one that derives the same rows.
//!
//! The command adds four rooms to these: `console` speaks to the terminal, `commands` holds a conversation, statement
//! by statement, and `cli` and `repl` start one from arguments and from keys.
//!
//! Rooms are listed below in the order in which data flows through them; a room uses only those above it.
//!
//! # Example
//!
//! ```
//! use entail::session::Session;
//!
//! let mut session = Session::new();
//! session.tell("example", "edge(a, b). edge(b, c). reach(X, Y) :- edge(X, Y). reach(X, Z) :- reach(X, Y), edge(Y, Z).")?;
//! let answers = session.query("example", "reach(a, X)?")?;
//! let rows: Vec<String> = answers[0].answer.rows(session.symbols()).map(|row| row[0].to_string()).collect();
//! assert_eq!(rows, ["b", "c"]);
//! # Ok::<(), entail::session::Failure>(())
//! ```

pub mod data;
pub mod report;
pub mod formats;
pub mod syntax;
pub mod check;
pub mod emit;
pub mod plan;
pub mod store;
pub mod eval;
pub mod explain;
pub mod session;
#[cfg(feature = "cli")]
pub mod console;
#[cfg(feature = "cli")]
pub mod commands;
#[cfg(feature = "cli")]
pub mod cli;
#[cfg(feature = "repl")]
pub mod repl;

/// The example of the README, run by `cargo test`.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
pub struct Readme;
