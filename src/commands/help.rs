//! `.help`: the table of commands, one command, or a diagnostic code.

use super::conversation::{After, Conversation};
use super::table::{COMMANDS, Command, Group};
use crate::console::Exit;
use crate::formats::escape;
use crate::report::{Code, Diagnostic, nearest};

const STATEMENTS: &str = "\
statements end in `.`, `?` or `~`, and may take several lines
  p(a, b).                add a fact; `p(a, b) @ c1.` cites a claim
  q(X) :- p(X, _).        add a rule
  p(a, X)?                ask; `?- p(a, X).` is the same
  p(a, b)~                take a stored fact back; `p(a, X)~` every match, `p(a, b) @ c1~` a citation
";

impl Conversation {
    /// `.help [CMD|CODE]`
    pub(super) fn help(&mut self, args: &str) -> Result<After, Exit> {
        let wanted = args.trim().trim_start_matches('.');
        if wanted.is_empty() {
            return self.out(&overview());
        }
        if let Some(command) = Command::named(wanted) {
            return self.out(&about(command));
        }
        if let Some(code) = Code::from_id(wanted) {
            let row = code.row();
            return self.out(&format!("{}: {}\n{}\n", row.id, row.title, row.explanation));
        }
        let message = format!("there is no help on `{}`", escape(wanted));
        let help = match nearest(wanted, COMMANDS.iter().map(|command| command.name)) {
            Some(near) => format!("did you mean `.help {near}`?"),
            None => "`.help` lists the commands".into(),
        };
        self.refuse(Diagnostic::bare(Code::UnknownCommand, message).help(help))
    }
}

fn overview() -> String {
    let width = COMMANDS.iter().map(|command| command.usage().len()).max().unwrap_or(0);
    let mut text = STATEMENTS.to_owned();
    for group in Group::ALL {
        text.push_str(&format!("{}\n", group.title()));
        for command in COMMANDS.iter().filter(|command| command.group == group) {
            text.push_str(&format!("  {:width$}  {}\n", command.usage(), command.help));
        }
    }
    text.push_str("`.help CMD` tells more about a command\n");
    text
}

fn about(command: &Command) -> String {
    let mut text = format!("{}\n  {}\n", command.usage(), command.help);
    if !command.detail.is_empty() {
        text.push_str(&format!("  {}\n", command.detail));
    }
    if !command.aliases.is_empty() {
        let names: Vec<String> = command.aliases.iter().map(|name| format!("`.{name}`")).collect();
        text.push_str(&format!("  also {}\n", names.join(", ")));
    }
    text
}
