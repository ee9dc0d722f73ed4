//! How a line that starts with a dot finds its row in the table of commands.

use super::conversation::{After, Conversation};
use super::table::{COMMANDS, Command};
use crate::console::Exit;
use crate::formats::escape;
use crate::report::{Code, Diagnostic, nearest};

/// Names that other tools use, with the command that is meant.
const FOREIGN: [(&str, &str); 5] =
    [("\\q", "quit"), ("\\?", "help"), ("\\d", "relations"), ("\\i", "read"), ("\\timing", "timer")];

impl Conversation {
    /// Carries out a line that starts with a dot.
    pub(super) fn command(&mut self, line: &str) -> Result<After, Exit> {
        let line = line.trim();
        let (word, args) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
        let name = word.trim_start_matches('.');
        let abbreviated = || Command::begins(name).filter(|_| self.abbreviates && !name.is_empty());
        match Command::named(name).or_else(abbreviated) {
            Some(command) => (command.run)(self, args.trim()),
            None => self.unknown_command(word, name),
        }
    }

    /// Carries out a line in another tool's spelling, with a hint; none if it is not known.
    pub fn foreign(&mut self, line: &str) -> Option<After> {
        let line = line.trim();
        let (word, args) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
        let (_, name) = FOREIGN.iter().find(|(foreign, _)| *foreign == word)?;
        self.console.remark(&format!("here this is `.{name}`"));
        Some(self.tell(&format!(".{name} {args}")))
    }

    fn unknown_command(&mut self, word: &str, name: &str) -> Result<After, Exit> {
        let candidates = || COMMANDS.iter().flat_map(|command| command.aliases.iter().copied().chain([command.name]));
        let beginning: Vec<String> =
            COMMANDS.iter().filter(|it| it.name.starts_with(name)).map(|it| format!("`.{}`", it.name)).collect();
        let help = match nearest(name, candidates()) {
            _ if beginning.len() > 1 && self.abbreviates && !name.is_empty() => {
                format!("it could be {}", beginning.join(" or "))
            }
            Some(near) => format!("did you mean `.{near}`?"),
            None => "`.help` lists the commands".into(),
        };
        let message = format!("no command is called `{}`", escape(word));
        self.refuse(Diagnostic::bare(Code::UnknownCommand, message).help(help))
    }

    /// Says that a command was typed wrongly, and how it is used.
    pub(super) fn misused(&mut self, name: &str, what: &str) -> Result<After, Exit> {
        let command = Command::named(name).expect("commands complain under their own names");
        let diagnostic = Diagnostic::bare(Code::CommandUsage, format!("`.{name}`: {what}"));
        self.refuse(diagnostic.help(format!("`{}`: {}", command.usage(), command.help)))
    }

    /// Writes to standard output.
    pub(super) fn out(&mut self, text: &str) -> Result<After, Exit> {
        self.console.show(text, true).map(|()| After::GoOn)
    }
}
