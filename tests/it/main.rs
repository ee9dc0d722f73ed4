//! One test binary: programs, errors, laws, the command line, tidy.

mod browser;
mod cli;
mod codes;
mod command;
mod demand;
mod docs;
mod edits;
mod engines;
mod errors;
mod forms;
mod generator;
mod graphs;
mod laws;
mod manual;
mod meaning;
mod pages;
mod programs;
mod prompt;
mod questions;
mod shrink;
mod sizes;
mod terminal;
mod tidy;
mod transcripts;
