//! Files in and out: `.read`, `.import`, `.dump`, `.cd`.

use super::conversation::{After, Conversation};
use super::words::words;
use crate::console::Exit;
use crate::eval::Stopped;
use crate::report::{Code, Diagnostic, visible};
use crate::session::{Dump, Input};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

impl Conversation {
    /// `.read PATH...`
    pub(super) fn read(&mut self, args: &str) -> Result<After, Exit> {
        let inputs: Vec<Input> = words(args).iter().map(|path| Input::Path(expanded(path))).collect();
        if inputs.is_empty() {
            return self.misused("read", "name files or folders");
        }
        self.load(inputs)
    }

    /// `.import FILE REL`
    pub(super) fn import(&mut self, args: &str) -> Result<After, Exit> {
        match &words(args)[..] {
            [file, relation] => self.load(vec![Input::Rows { path: expanded(file), relation: relation.clone() }]),
            _ => self.misused("import", "name a file and a relation"),
        }
    }

    fn load(&mut self, inputs: Vec<Input>) -> Result<After, Exit> {
        let before = self.session.clone();
        let options = self.session.options().clone();
        let (result, took) = self.work(|session| session.load(&inputs, &options));
        match result {
            Ok(_) if self.session.limits.interrupt.is_raised() => {
                self.session.go_back(before);
                self.failed(Stopped::Interrupted(Default::default())).map(|()| After::GoOn)
            }
            Ok(changed) => {
                self.report(before, &changed, took);
                Ok(After::GoOn)
            }
            Err(failure) => self.failed(failure).map(|()| After::GoOn),
        }
    }

    /// `.dump [FILE] [--all]`
    pub(super) fn dump(&mut self, args: &str) -> Result<After, Exit> {
        let (flags, files): (Vec<String>, Vec<String>) = words(args).into_iter().partition(|word| word == "--all");
        let what = if flags.is_empty() { Dump::Told } else { Dump::All };
        let path = match &files[..] {
            [] => None,
            [file] => Some(expanded(file)),
            [..] => return self.misused("dump", "name one file, or none"),
        };
        let Some(path) = path else {
            if what == Dump::Told && !self.session.has_told() {
                self.console.remark("nothing was told in this session; `.dump --all` writes everything");
                return Ok(After::GoOn);
            }
            self.console.print(|out| self.session.dump(what, out))?;
            return Ok(After::GoOn);
        };
        match write_whole(&path, |out| self.session.dump(what, out)) {
            Ok(()) => {
                // What a layer takes back is told all the same, and missing from the file.
                self.undumped &= !self.session.layers().is_empty();
                self.console.remark(&format!("wrote {}", path.display()));
                Ok(After::GoOn)
            }
            Err(diagnostic) => self.refuse(diagnostic),
        }
    }

    /// `.cd [DIR]`
    pub(super) fn change_folder(&mut self, args: &str) -> Result<After, Exit> {
        if let [folder] = &words(args)[..]
            && let Err(error) = std::env::set_current_dir(expanded(folder))
        {
            let message = format!("cannot go to `{folder}`: {}", reason(&error));
            return self.refuse(Diagnostic::bare(Code::CannotRead, message));
        }
        match std::env::current_dir() {
            Ok(folder) => self.out(&format!("{}\n", visible(&folder.display().to_string()))),
            Err(error) => {
                let message = format!("this folder is gone: {}", reason(&error));
                self.refuse(Diagnostic::bare(Code::CannotRead, message))
            }
        }
    }
}

/// A path as typed, `~/` being the user's home.
pub(super) fn expanded(path: &str) -> PathBuf {
    match (path.strip_prefix("~/"), std::env::var_os("HOME")) {
        (Some(rest), Some(home)) => Path::new(&home).join(rest),
        _ => PathBuf::from(path),
    }
}

/// Writes a file whole, or not at all.
pub(crate) fn write_whole(path: &Path, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<(), Diagnostic> {
    crate::session::write_whole(path, write).map_err(|error| cannot_write(path, &error))
}

pub(super) fn cannot_write(path: &Path, error: &io::Error) -> Diagnostic {
    Diagnostic::bare(Code::CannotWrite, format!("cannot write `{}`: {}", path.display(), reason(error)))
}

fn reason(error: &io::Error) -> String {
    let text = error.to_string();
    text.split(" (os error").next().unwrap_or(&text).to_string()
}
