//! A conversation: statements and dot-commands, carried out one after the other on one session.
//!
//! In: text, from a terminal, a pipe, a file or a flag. Out: answers, and what was done. Everything that starts with a
//! dot is a row of [`COMMANDS`], from which dispatch, help, completion and the manual are made.

mod answers;
mod changes;
mod conversation;
mod dispatch;
mod files;
mod help;
mod inside;
mod knowledge;
mod layers;
mod reasons;
mod rests_on;
mod settings;
mod statements;
mod system;
mod table;
mod words;

pub use conversation::{After, Conversation};
pub use table::{COMMANDS, Command, Completes, Group};

pub(crate) use conversation::Start;
pub(crate) use files::write_whole;
pub(crate) use settings::{Settings, settings_names};
pub(crate) use words::command_line;
