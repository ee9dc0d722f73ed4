//! `entail` without a terminal: statements from `-c`, `-f` or standard input, one after the other, without banner or
//! prompt. The first that fails ends it, unless `--keep-going` says otherwise.

use super::args::PromptArgs;
use super::console::Console;
use super::exit::Exit;
use super::open;
use crate::report::{Code, Diagnostic};
use crate::session::{Failure, Session};
use crate::syntax::{self, Ast, Item, ItemKind};
use std::fs;
use std::io::{self, Read, Write};
use std::path::Path;

pub(super) fn script(args: &PromptArgs, used: fn() -> usize) -> Exit {
    carry_out(args, used).unwrap_or_else(|exit| exit)
}

fn carry_out(args: &PromptArgs, used: fn() -> usize) -> Result<Exit, Exit> {
    let console = Console::new(args.output.color.color);
    let session = open::open(&args.load, None, &args.limits, &console, used)?;
    let mut script = Script { session, console, args, answered: false, exit: Exit::Success };
    if !args.commands.is_empty() {
        for command in &args.commands {
            script.text("-c", command)?;
        }
    } else if let Some(file) = args.script.as_deref().filter(|file| *file != Path::new("-")) {
        let text = fs::read_to_string(file);
        script.read(&file.display().to_string(), text)?;
    } else {
        let mut text = String::new();
        let read = io::stdin().lock().read_to_string(&mut text).map(|_| text);
        script.read("standard input", read)?;
    }
    Ok(script.exit)
}

/// A session that is told statements.
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
            Ok(text) => self.text(name, &text),
            Err(error) => {
                let message = format!("cannot read {name}: {error}");
                Err(self.console.fail(&self.session, &Diagnostic::bare(Code::CannotRead, message).into()))
            }
        }
    }

    /// Carries out the statements of a text. Those before a mistake in the text are carried out.
    fn text(&mut self, name: &str, text: &str) -> Result<(), Exit> {
        let source = self.session.add_source(name, text);
        let (ast, mut diagnostics) = syntax::parse(source, text);
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

fn alone(item: Item) -> Ast {
    Ast { items: vec![item], comments: Vec::new() }
}
