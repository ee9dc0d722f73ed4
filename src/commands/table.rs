//! The table of dot-commands.

use super::conversation::{After, Conversation};
use crate::console::Exit;

/// One dot-command.
#[derive(Debug)]
pub struct Command {
    /// What it is called, without the dot.
    pub name: &'static str,
    /// What it is called as well.
    pub aliases: &'static [&'static str],
    /// Its arguments, as help shows them.
    pub args: &'static str,
    /// What it does, in a line.
    pub help: &'static str,
    /// What else there is to know.
    pub detail: &'static str,
    /// What it is about.
    pub group: Group,
    /// What its arguments are completed from.
    pub completes: Completes,
    pub(super) run: fn(&mut Conversation, &str) -> Result<After, Exit>,
}

/// What commands are about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Group {
    /// Facts and rules in and out.
    Knowledge,
    /// How answers are shown.
    Answers,
    /// Why answers hold, and what would change them.
    Reasons,
    /// What is run, and what it costs.
    Inside,
    /// The conversation itself.
    Session,
}

impl Group {
    /// The groups, in the order of the manual.
    pub const ALL: [Group; 5] = [Group::Knowledge, Group::Answers, Group::Reasons, Group::Inside, Group::Session];

    /// The heading in the manual.
    pub fn title(self) -> &'static str {
        match self {
            Group::Knowledge => "facts and rules",
            Group::Answers => "answers",
            Group::Reasons => "why, and what if",
            Group::Inside => "what runs, and what it costs",
            Group::Session => "the conversation",
        }
    }
}

/// What an argument is completed from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Completes {
    /// Nothing.
    Nothing,
    /// Files and folders.
    Files,
    /// Relations.
    Relations,
    /// A file first, then a relation.
    FileThenRelation,
    /// Commands.
    Commands,
    /// Settings.
    Settings,
    /// What claims have in common, then a value of it.
    Claims,
    /// These words.
    Words(&'static [&'static str]),
}

/// Every dot-command, in the order of the manual.
pub static COMMANDS: &[Command] = &[
    Command {
        name: "read",
        aliases: &["load"],
        args: "PATH...",
        help: "read programs and files of rows, or folders of them",
        detail: "All of it or nothing: a mistake in one file keeps all of them out. Rows fill the relation that their file is named after.",
        group: Group::Knowledge,
        completes: Completes::Files,
        run: Conversation::read,
    },
    Command {
        name: "import",
        aliases: &[],
        args: "FILE REL",
        help: "read rows into a relation, whatever the file is called",
        detail: "The file ends in .csv, .tsv, .jsonl or .facts.",
        group: Group::Knowledge,
        completes: Completes::FileThenRelation,
        run: Conversation::import,
    },
    Command {
        name: "relations",
        aliases: &["tables"],
        args: "[GLOB]",
        help: "list relations with their rows",
        detail: "A glob such as `div*` lists those that it matches. A derived relation that no question needed yet is not evaluated; nothing is computed to list it.",
        group: Group::Knowledge,
        completes: Completes::Relations,
        run: Conversation::relations,
    },
    Command {
        name: "schema",
        aliases: &[],
        args: "[REL]",
        help: "show columns, their types, and what a relation means",
        detail: "The text can be put into a program.",
        group: Group::Knowledge,
        completes: Completes::Relations,
        run: Conversation::schema,
    },
    Command {
        name: "rules",
        aliases: &["listing"],
        args: "[REL]",
        help: "list rules with their numbers and places",
        detail: "",
        group: Group::Knowledge,
        completes: Completes::Relations,
        run: Conversation::rules,
    },
    Command {
        name: "remove",
        aliases: &[],
        args: "N",
        help: "take rule number N away",
        detail: "Refused, with the reason, if what is left is no program any more. The file that the rule stands in is not changed.",
        group: Group::Knowledge,
        completes: Completes::Nothing,
        run: Conversation::remove,
    },
    Command {
        name: "undo",
        aliases: &[],
        args: "",
        help: "take the last change back",
        detail: "Loads, facts and rules that were told, retractions, removed rules: each can be taken back, the latest first.",
        group: Group::Knowledge,
        completes: Completes::Nothing,
        run: Conversation::undo,
    },
    Command {
        name: "dump",
        aliases: &[],
        args: "[FILE] [--all]",
        help: "write what was told as clauses that `.read` takes back",
        detail: "With --all, everything that is stored, citations included, and every rule.",
        group: Group::Knowledge,
        completes: Completes::Files,
        run: Conversation::dump,
    },
    Command {
        name: "mode",
        aliases: &[],
        args: "[FORMAT]",
        help: "choose how answers are printed",
        detail: "The formats are table, csv, tsv, json, jsonl, facts, dl, markdown and line.",
        group: Group::Answers,
        completes: Completes::Words(&["table", "csv", "tsv", "json", "jsonl", "facts", "dl", "markdown", "line"]),
        run: |conversation, args| conversation.set_or_show("mode", args),
    },
    Command {
        name: "maxrows",
        aliases: &[],
        args: "[N|all]",
        help: "show so many rows of a long answer",
        detail: "Formats for programs (csv tsv json jsonl facts dl) are always written whole.",
        group: Group::Answers,
        completes: Completes::Words(&["40", "all"]),
        run: |conversation, args| conversation.set_or_show("maxrows", args),
    },
    Command {
        name: "last",
        aliases: &[],
        args: "",
        help: "show the last answer whole",
        detail: "In a pager, where it is higher than the screen.",
        group: Group::Answers,
        completes: Completes::Nothing,
        run: Conversation::show_last,
    },
    Command {
        name: "pager",
        aliases: &[],
        args: "[auto|on|off]",
        help: "choose when long output is shown in a pager",
        detail: "`auto`: where all of something was asked for. `on`: whenever something is higher than the screen. The pager is $ENTAIL_PAGER, $PAGER or `less -FRX`.",
        group: Group::Answers,
        completes: Completes::Words(&["auto", "on", "off"]),
        run: |conversation, args| conversation.set_or_show("pager", args),
    },
    Command {
        name: "once",
        aliases: &[],
        args: "FILE",
        help: "write the next answer to a file",
        detail: "The ending of the file chooses the format (.csv .tsv .json .jsonl .md .dl .facts), else the mode does.",
        group: Group::Answers,
        completes: Completes::Files,
        run: Conversation::write_next,
    },
    Command {
        name: "tee",
        aliases: &[],
        args: "FILE|off",
        help: "add a copy of the conversation to a file",
        detail: "",
        group: Group::Answers,
        completes: Completes::Files,
        run: Conversation::copy,
    },
    Command {
        name: "timer",
        aliases: &[],
        args: "[on|off]",
        help: "say how long things take",
        detail: "",
        group: Group::Answers,
        completes: Completes::Words(&["on", "off"]),
        run: |conversation, args| conversation.set_or_show("timer", args),
    },
    Command {
        name: "why",
        aliases: &[],
        args: "[OPTION...] FACT",
        help: "show why a fact holds, down to the sentences that it rests on",
        detail: "`--all N` shows up to N proofs, `--depth N` so many steps, `--rows N` so many rows of each count, `--format FORM` another form. The forms are text, json, dot, mermaid and html; behind `.once FILE` the ending of the file chooses one (.txt .json .dot .mmd .html). Of a question with several answers the first is explained.",
        group: Group::Reasons,
        completes: Completes::Relations,
        run: Conversation::why,
    },
    Command {
        name: "whynot",
        aliases: &[],
        args: "FACT",
        help: "show what a fact that does not hold lacks, and what would make it hold",
        detail: "Every rule that could derive it is tried, the one that comes nearest first. Values that are not given are found.",
        group: Group::Reasons,
        completes: Completes::Relations,
        run: Conversation::why_not,
    },
    Command {
        name: "critical",
        aliases: &[],
        args: "FACT",
        help: "show which stored facts, and which sources, overturn a fact by their loss",
        detail: "Each alone first, then the smallest sets of two and three, as far as about a second's work allows. Of a question with several answers the first is meant.",
        group: Group::Reasons,
        completes: Completes::Relations,
        run: Conversation::critical,
    },
    Command {
        name: "sources",
        aliases: &[],
        args: "FACT",
        help: "list every claim that a fact may come from, with its sentence and source",
        detail: "Of every derivation, not only of the one that `.why` shows. Of a question with several answers the first is meant.",
        group: Group::Reasons,
        completes: Completes::Relations,
        run: Conversation::sources,
    },
    Command {
        name: "assume",
        aliases: &[],
        args: "[STATEMENT...]",
        help: "answer as if these facts and rules were there, and what is retracted were not",
        detail: "`.assume p(a). q(b)~ r(X) :- s(X).` opens a layer, in which everything is told and asked until `.keep` or `.drop`; the prompt counts the open layers. A layer may lie on another. All of it is assumed or nothing. Inside, `.dump` writes what is assumed too; leaving drops it.",
        group: Group::Reasons,
        completes: Completes::Relations,
        run: Conversation::assume,
    },
    Command {
        name: "without",
        aliases: &[],
        args: "KIND VALUE",
        help: "answer as if some claims had not been made",
        detail: "Opens a layer without the facts that rest only on them: `.without source moscow_times`. KIND is a column of `claim` or of `source`; a source that was read in another, its outlet, counts as that one too. A fact with another citation, or said without one, stays.",
        group: Group::Reasons,
        completes: Completes::Claims,
        run: Conversation::without,
    },
    Command {
        name: "diff",
        aliases: &[],
        args: "[N]",
        help: "list what is gained and lost by what is assumed, and by which of it",
        detail: "Of derived relations, and of constraints that are broken or mended. `[1] and [2]`: each of the changes is needed; `[1] or [2]`: none of them is, and each is enough; `together`: none is, and none is enough. Of several layers all count, or the latest N.",
        group: Group::Reasons,
        completes: Completes::Nothing,
        run: Conversation::diff,
    },
    Command {
        name: "keep",
        aliases: &[],
        args: "",
        help: "make what is assumed in the topmost layer real",
        detail: "It becomes part of the layer below, or of what is known.",
        group: Group::Reasons,
        completes: Completes::Nothing,
        run: Conversation::keep,
    },
    Command {
        name: "drop",
        aliases: &[],
        args: "",
        help: "forget the topmost layer, and all that was told in it",
        detail: "`.undo` brings it back.",
        group: Group::Reasons,
        completes: Completes::Nothing,
        run: Conversation::drop_layer,
    },
    Command {
        name: "plan",
        aliases: &[],
        args: "[QUERY]",
        help: "show what will run: join orders, indexes, estimates",
        detail: "Of a question, and of every rule that it needs; without one, of all rules. Nothing is evaluated.",
        group: Group::Inside,
        completes: Completes::Relations,
        run: Conversation::plan,
    },
    Command {
        name: "strata",
        aliases: &[],
        args: "",
        help: "show in which order relations are evaluated, and which depend on themselves",
        detail: "",
        group: Group::Inside,
        completes: Completes::Nothing,
        run: Conversation::strata,
    },
    Command {
        name: "profile",
        aliases: &[],
        args: "[FILE]",
        help: "show what each rule cost, or write it to a file as JSON",
        detail: "Of what is evaluated and kept now. `found` counts rows before duplicates are dropped.",
        group: Group::Inside,
        completes: Completes::Files,
        run: Conversation::profile,
    },
    Command {
        name: "stats",
        aliases: &[],
        args: "[on|off]",
        help: "say rounds, rows and memory now, or after each answer",
        detail: "",
        group: Group::Inside,
        completes: Completes::Words(&["on", "off"]),
        run: Conversation::stats,
    },
    Command {
        name: "set",
        aliases: &[],
        args: "[NAME [VALUE]]",
        help: "show or change limits and settings",
        detail: "",
        group: Group::Session,
        completes: Completes::Settings,
        run: Conversation::set,
    },
    Command {
        name: "show",
        aliases: &[],
        args: "",
        help: "show every setting",
        detail: "",
        group: Group::Session,
        completes: Completes::Nothing,
        run: |conversation, _| conversation.set(""),
    },
    Command {
        name: "edit",
        aliases: &[],
        args: "",
        help: "write statements in an editor",
        detail: "$VISUAL or $EDITOR opens with the last statement; what it leaves is carried out.",
        group: Group::Session,
        completes: Completes::Nothing,
        run: Conversation::edit,
    },
    Command {
        name: "history",
        aliases: &[],
        args: "[N]",
        help: "list the last N things typed",
        detail: "",
        group: Group::Session,
        completes: Completes::Nothing,
        run: Conversation::show_history,
    },
    Command {
        name: "shell",
        aliases: &["!"],
        args: "CMD",
        help: "run a command of the system",
        detail: "",
        group: Group::Session,
        completes: Completes::Files,
        run: Conversation::shell,
    },
    Command {
        name: "cd",
        aliases: &[],
        args: "[DIR]",
        help: "change the folder that paths start from",
        detail: "Without a folder, it is shown.",
        group: Group::Session,
        completes: Completes::Files,
        run: Conversation::change_folder,
    },
    Command {
        name: "help",
        aliases: &["h", "?"],
        args: "[CMD|CODE]",
        help: "list commands, or tell about a command or an error code",
        detail: "",
        group: Group::Session,
        completes: Completes::Commands,
        run: Conversation::help,
    },
    Command {
        name: "version",
        aliases: &[],
        args: "",
        help: "say which version this is",
        detail: "",
        group: Group::Session,
        completes: Completes::Nothing,
        run: |conversation, _| conversation.out(&format!("entail {}\n", env!("CARGO_PKG_VERSION"))),
    },
    Command {
        name: "quit",
        aliases: &["q"],
        args: "",
        help: "leave",
        detail: "Ctrl-D does it too.",
        group: Group::Session,
        completes: Completes::Nothing,
        run: |conversation, _| conversation.leave(None),
    },
    Command {
        name: "exit",
        aliases: &[],
        args: "[N]",
        help: "leave with exit code N",
        detail: "",
        group: Group::Session,
        completes: Completes::Nothing,
        run: Conversation::exit,
    },
];

impl Command {
    /// The command called so, its other names included.
    pub fn named(name: &str) -> Option<&'static Command> {
        COMMANDS.iter().find(|command| command.name == name || command.aliases.contains(&name))
    }

    /// The one command whose name begins like this.
    pub(super) fn begins(start: &str) -> Option<&'static Command> {
        let mut found = COMMANDS.iter().filter(|command| command.name.starts_with(start));
        found.next().filter(|_| found.next().is_none())
    }

    /// `.import FILE REL`
    pub fn usage(&self) -> String {
        format!(".{} {}", self.name, self.args).trim_end().to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_given_once() {
        let mut names: Vec<&str> = COMMANDS.iter().flat_map(|it| it.aliases.iter().copied().chain([it.name])).collect();
        let count = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), count);
        assert!(Command::begins("rel").is_some_and(|command| command.name == "relations"));
        assert!(Command::begins("re").is_none());
    }
}
