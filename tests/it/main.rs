//! One test binary: programs, errors, laws, the command line, tidy.

mod cli;
mod codes;
mod command;
mod demand;
mod docs;
mod edits;
mod engines;
mod errors;
mod explain;
mod generator;
mod graphs;
mod laws;
mod layers;
mod manual;
mod meaning;
mod programs;
mod prompt;
mod questions;
mod shrink;
mod sizes;
mod terminal;
mod tidy;
mod transcripts;
mod without;
