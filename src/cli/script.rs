//! `entail` without a terminal: statements from `-c`, `-f` or standard input, one after the other, without banner or
//! prompt. The first that fails ends it, unless `--keep-going` says otherwise.

use super::args::PromptArgs;
use super::console::Console;
use super::exit::Exit;
use super::open;
use super::terminal::say;
use crate::report::{Code, Diagnostic, SourceId, count, nearest};
use crate::session::{Failure, Session};
use crate::syntax::{self, Ast, Item, ItemKind, Statement};
use std::fs;
use std::io::{self, IsTerminal, Read, Write};
use std::ops::Range;
use std::path::Path;

/// Reads statements from a terminal and tells them to a conversation, until one of them ends it.
pub type Prompt = fn(&mut Conversation<'_>) -> Result<(), String>;

/// A session that is told statements, and answers on standard output.
#[derive(Debug)]
pub struct Conversation<'a> {
    script: Script<'a>,
}

impl Conversation<'_> {
    /// Carries out statements. Returns whether to go on: mistakes are told, and end nothing.
    pub fn tell(&mut self, text: &str) -> bool {
        self.script.session.limits.interrupt.clear();
        self.script.answered = false;
        !matches!(self.script.text("prompt", text), Ok(After::Leave))
    }
}

pub(super) fn script(args: &PromptArgs, used: fn() -> usize, prompt: Option<Prompt>) -> Exit {
    carry_out(args, used, prompt).unwrap_or_else(|exit| exit)
}

fn carry_out(args: &PromptArgs, used: fn() -> usize, prompt: Option<Prompt>) -> Result<Exit, Exit> {
    let console = Console::new(args.output.color.color);
    let session = open::open(&args.load, None, &args.limits, &console, used)?;
    let mut script = Script { session, console, args, answered: false, exit: Exit::Success };
    let script_file = args.script.as_deref().filter(|file| *file != Path::new("-"));
    let interactive = args.script.is_none() && io::stdin().is_terminal();
    match (script_file, prompt) {
        _ if !args.commands.is_empty() => {
            for command in &args.commands {
                script.text("-c", command)?;
            }
        }
        (Some(file), _) => {
            let text = fs::read_to_string(file);
            script.read(&file.display().to_string(), text)?;
        }
        (None, Some(prompt)) if interactive => return Ok(converse(script, prompt)),
        (None, _) => {
            let mut text = String::new();
            let read = io::stdin().lock().read_to_string(&mut text).map(|_| text);
            script.read("standard input", read)?;
        }
    }
    Ok(script.exit)
}

fn converse(script: Script<'_>, prompt: Prompt) -> Exit {
    if !script.args.limits.quiet {
        let program = script.session.program();
        let rules = program.named().map(|relation| program.relations[relation].rules.len()).sum();
        let (facts, rules) = (count(script.session.fact_count(), "fact"), count(rules, "rule"));
        say(&format!("entail {} · {facts}, {rules} · Ctrl-D to leave", env!("CARGO_PKG_VERSION")));
    }
    match prompt(&mut Conversation { script }) {
        Ok(()) => Exit::Success,
        Err(reason) => {
            say(&format!("error: the terminal cannot be read: {reason}"));
            Exit::Failure
        }
    }
}

/// What a conversation is made of.
#[derive(Debug)]
struct Script<'a> {
    session: Session,
    console: Console,
    args: &'a PromptArgs,
    /// Whether an answer was printed, from which the next is to be told apart.
    answered: bool,
    exit: Exit,
}

impl Script<'_> {
    fn read(&mut self, name: &str, text: io::Result<String>) -> Result<(), Exit> {
        match text {
            Ok(text) => self.text(name, &text).map(|_| ()),
            Err(error) => {
                let message = format!("cannot read {name}: {error}");
                Err(self.console.fail(&self.session, &Diagnostic::bare(Code::CannotRead, message).into()))
            }
        }
    }

    /// Carries out the statements of a text, one after the other. Clauses that follow each other are told together.
    fn text(&mut self, name: &str, text: &str) -> Result<After, Exit> {
        let source = self.session.add_source(name, text);
        let (mut at, mut clauses_from) = (0, 0);
        loop {
            let (end, statement) = match syntax::first_statement(&text[at..]) {
                Statement::Clause(length) => (at + length, Some(false)),
                Statement::Command(length) => (at + length, Some(true)),
                Statement::Open(_) | Statement::Blank => (text.len(), None),
            };
            if statement != Some(false) {
                // What is left open is parsed too, for the place where it is.
                let last = if statement.is_none() { end } else { at };
                self.clauses(source, text, clauses_from..last)?;
                clauses_from = end;
            }
            match statement {
                None => return Ok(After::GoOn),
                Some(true) if self.command(&text[at..end])? == After::Leave => return Ok(After::Leave),
                Some(_) => at = end,
            }
        }
    }

    /// Carries out a part of a text that holds no commands.
    fn clauses(&mut self, source: SourceId, text: &str, part: Range<usize>) -> Result<(), Exit> {
        // Blanks in place of what was carried out before keep the places right.
        let blank: String = text[..part.start].bytes().map(|byte| if byte == b'\n' { '\n' } else { ' ' }).collect();
        let (ast, mut diagnostics) = syntax::parse(source, &(blank + &text[part]));
        diagnostics.sort_by_key(|diagnostic| diagnostic.span);
        let mut mistakes = diagnostics.into_iter().peekable();
        let mut told: Vec<Item> = Vec::new();
        for item in ast.items {
            while let Some(mistake) = mistakes.next_if(|mistake| mistake.span < Some(item.span)) {
                self.tell(&mut told)?;
                self.failed(Failure::from(mistake))?;
            }
            match item.kind {
                ItemKind::Query(_) => {
                    self.tell(&mut told)?;
                    self.ask(item)?;
                }
                ItemKind::Retraction(_) => {
                    self.tell(&mut told)?;
                    let result = self.session.retract_ast(&alone(item));
                    result.map(|_| ()).or_else(|failure| self.failed(failure))?;
                }
                _ => told.push(item),
            }
        }
        self.tell(&mut told)?;
        mistakes.try_for_each(|mistake| self.failed(Failure::from(mistake)))
    }

    /// Carries out a line that starts with a dot.
    fn command(&mut self, line: &str) -> Result<After, Exit> {
        let line = line.trim();
        match COMMANDS.iter().find(|command| command.name == line) {
            Some(command) => Ok(command.after),
            None => {
                let word = line.split_whitespace().next().unwrap_or(line);
                let message = format!("no command is called `{}`", crate::formats::escape(word));
                let known: Vec<&str> = COMMANDS.iter().map(|command| command.name).collect();
                let help = match nearest(word, known.iter().copied()) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => format!("commands are {}", known.join(", ")),
                };
                self.failed(Diagnostic::bare(Code::UnknownDirective, message).help(help).into())?;
                Ok(After::GoOn)
            }
        }
    }

    /// Adds clauses: all at once, and if that fails one by one, so that those before the mistake count.
    fn tell(&mut self, items: &mut Vec<Item>) -> Result<(), Exit> {
        if items.is_empty() {
            return Ok(());
        }
        let items = std::mem::take(items);
        if let Ok(changed) = self.session.tell_ast(Ast { items: items.clone(), comments: Vec::new() }) {
            if !self.args.limits.quiet {
                self.console.diagnostics(&self.session, &changed.warnings);
            }
            return Ok(());
        }
        for item in items {
            let result = self.session.tell_ast(alone(item));
            result.map(|_| ()).or_else(|failure| self.failed(failure))?;
        }
        Ok(())
    }

    fn ask(&mut self, item: Item) -> Result<(), Exit> {
        let ast = alone(item);
        let answers = match super::signals::evaluating(|| self.session.ask(&ast)) {
            Ok(answers) => answers,
            Err(failure) => return self.failed(failure),
        };
        let format = self.console.format(self.args.output.format);
        for asked in &answers {
            let separate = std::mem::replace(&mut self.answered, true) && format.separates_answers();
            self.console.print(|out| {
                if separate {
                    writeln!(out)?;
                }
                self.console.answer(&self.session, asked, format, out)
            })?;
        }
        Ok(())
    }

    /// Says what went wrong, and whether to go on.
    fn failed(&mut self, failure: Failure) -> Result<(), Exit> {
        let exit = self.console.fail(&self.session, &failure);
        self.exit = self.exit.max(exit);
        if self.args.keep_going && exit != Exit::Interrupted { Ok(()) } else { Err(exit) }
    }
}

/// A line that starts with a dot.
struct Command {
    name: &'static str,
    after: After,
}

/// Whether a command ends the conversation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum After {
    GoOn,
    Leave,
}

static COMMANDS: &[Command] =
    &[Command { name: ".quit", after: After::Leave }, Command { name: ".exit", after: After::Leave }];

fn alone(item: Item) -> Ast {
    Ast { items: vec![item], comments: Vec::new() }
}
