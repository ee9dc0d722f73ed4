//! What stands behind the cursor in grey: the arguments that are still to come.

use super::cursor::{Place, place};
use crate::commands::Command;
use crate::session::Session;

/// The hint at the end of a text.
pub(super) fn hint(session: &Session, text: &str) -> Option<String> {
    if text.ends_with('\n') {
        return Some("  `.` adds, `?` asks, `~` takes back".into());
    }
    match place(session.options().dialect, text) {
        Place::Argument { name, index, word } => {
            let program = session.program();
            let columns = &program.relations[program.relation(name)?].columns;
            let names: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
            if word.is_empty() {
                return Some(format!("{})", names.get(index..).filter(|rest| !rest.is_empty())?.join(", ")));
            }
            let rest: String = names.get(index + 1..)?.iter().map(|name| format!(", {name}")).collect();
            (!rest.is_empty()).then(|| format!("{rest})"))
        }
        Place::CommandArgs { name, args: "" } => {
            Command::named(name).map(|command| command.args.to_owned()).filter(|args| !args.is_empty())
        }
        Place::Command(_) | Place::CommandArgs { .. } | Place::Relation(_) | Place::Comment => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_arguments_to_come_are_named() {
        let mut session = Session::new();
        session.tell("test", ".decl signed(actor: symbol, partner: symbol)").expect("the program is right");
        for (text, expected) in [
            ("signed(", Some("actor, partner)")),
            ("signed(ru", Some(", partner)")),
            ("signed(russia, ", Some("partner)")),
            ("signed(russia, india", None),
            ("signed(a, b, ", None),
            ("unknown(", None),
            (".import ", Some("FILE REL")),
            (".quit ", None),
        ] {
            assert_eq!(hint(&session, text).as_deref(), expected, "{text}");
        }
    }
}
