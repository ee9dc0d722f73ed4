//! Where the prompt keeps things between two starts: history, rc file, and what was told and not written down.

use super::assistant::Assistant;
use crate::commands::Conversation;
use rustyline::Editor;
use rustyline::history::FileHistory;
use std::io;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

/// The history file, until it turns out that it cannot be written.
pub(super) struct Kept(Option<PathBuf>);

impl Kept {
    pub(super) fn path(&self) -> Option<&Path> {
        self.0.as_deref()
    }

    /// Adds the last entry to the file. Says once that it cannot, and goes on without.
    pub(super) fn append(&mut self, editor: &mut Editor<Assistant, FileHistory>, conversation: &Conversation) {
        let Some(path) = &self.0 else { return };
        if let Err(error) = editor.append_history(path) {
            conversation.say(&format!("warning: history is not kept: cannot write {}: {error}", path.display()));
            self.0 = None;
        }
    }
}

/// `$ENTAIL_HISTORY`, else `entail/history` where programs keep their state. Made if it is absent, for its owner only.
pub(super) fn history_file(conversation: &Conversation) -> Kept {
    let told = std::env::var_os("ENTAIL_HISTORY").filter(|path| !path.is_empty()).map(PathBuf::from);
    let Some(path) = told.or_else(|| state_file("history")) else {
        conversation.say("warning: history is not kept: neither ENTAIL_HISTORY, XDG_STATE_HOME nor HOME is set");
        return Kept(None);
    };
    match make(&path) {
        Ok(()) => Kept(Some(path)),
        Err(error) => {
            conversation.say(&format!("warning: history is not kept: cannot write {}: {error}", path.display()));
            Kept(None)
        }
    }
}

/// Where what was told is kept when the prompt is left.
pub(super) fn told_file() -> Option<PathBuf> {
    let path = state_file("told.dl")?;
    make_folder(&path).ok().map(|()| path)
}

/// The commands to start with.
pub(super) fn rc_file() -> Option<PathBuf> {
    Some(folder("XDG_CONFIG_HOME", ".config")?.join("entail/entailrc"))
}

fn state_file(name: &str) -> Option<PathBuf> {
    Some(folder("XDG_STATE_HOME", ".local/state")?.join("entail").join(name))
}

/// A folder that a variable names, or else one below the user's home.
fn folder(variable: &str, below_home: &str) -> Option<PathBuf> {
    let set = |name| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    set(variable).or_else(|| Some(set("HOME")?.join(below_home)))
}

fn make(path: &Path) -> io::Result<()> {
    make_folder(path)?;
    std::fs::OpenOptions::new().append(true).create(true).mode(0o600).open(path).map(|_| ())
}

fn make_folder(path: &Path) -> io::Result<()> {
    let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) else { return Ok(()) };
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)
}
