//! Statements, one after the other: clauses, questions, retractions and commands.

use super::conversation::{After, Conversation};
use crate::console::{Exit, Manner};
use crate::report::{Code, Diagnostic, SourceId, Span};
use crate::session::Failure;
use crate::syntax::{self, Ast, Item, ItemKind, Statement};
use std::ops::Range;

/// Words that people type to other tools, with the command that is meant.
const BARE: [(&str, &str); 4] = [("help", ".help"), ("quit", ".quit"), ("exit", ".exit"), ("halt", ".quit")];

/// Directives of programs that mean nothing in a conversation, with what does what they are typed for.
const MISPLACED: [Directive; 4] = [
    Directive { word: "output", instead: "`.once FILE` writes the next answer to a file" },
    Directive { word: "printsize", instead: "`.relations` shows how many rows there are" },
    Directive { word: "input", instead: "`.import FILE REL` reads rows into a relation" },
    Directive { word: "include", instead: "`.read PATH` reads files and folders" },
];

/// A directive of programs, and the command that does what it is typed for.
#[derive(Debug, PartialEq)]
struct Directive {
    word: &'static str,
    instead: &'static str,
}

/// What comes next in a text.
#[derive(Debug, PartialEq)]
enum Next<'t> {
    /// A clause, a question or a retraction.
    Clause,
    /// A dot-command.
    Command(&'t str),
    /// A directive that means nothing here.
    Misplaced(&'static Directive),
    /// Nothing, or something that is not ended.
    End,
}

impl Conversation {
    /// Carries out the statements of a text, one after the other. Clauses that follow each other are told together.
    pub(crate) fn text(&mut self, name: &str, text: &str) -> Result<After, Exit> {
        let source = self.session.add_source(name, text);
        let (mut at, mut clauses_from) = (0, 0);
        loop {
            let (end, next) = self.next(text, at);
            if next != Next::Clause {
                // What is left open is parsed too, for the place where it is.
                let last = if next == Next::End { end } else { at };
                let mistakes = self.mistakes;
                self.clauses(source, text, clauses_from..last)?;
                if self.mistakes > mistakes && self.console.manner == Manner::Prompt {
                    return Ok(After::GoOn);
                }
                clauses_from = end;
            }
            if matches!(next, Next::Command(_) | Next::Misplaced(_)) {
                self.heard(text[at..end].trim());
            }
            match next {
                Next::End => return Ok(After::GoOn),
                Next::Clause => {}
                Next::Command(line) => {
                    if self.command(line)? == After::Leave {
                        return Ok(After::Leave);
                    }
                }
                Next::Misplaced(directive) => {
                    let message = format!("`.{}` belongs in a program file", directive.word);
                    let diagnostic = Diagnostic::bare(Code::CommandUsage, message);
                    self.failed(diagnostic.help(directive.instead))?;
                }
            }
            at = end;
        }
    }

    /// What comes next in a text, and where it ends.
    fn next<'t>(&self, text: &'t str, at: usize) -> (usize, Next<'t>) {
        let rest = &text[at..];
        let line = rest.trim_start().lines().next().unwrap_or_default();
        let line_end = at + rest.len() - rest.trim_start().len() + line.len();
        let bare = BARE.iter().find(|(word, _)| line.trim().trim_end_matches('.') == *word);
        if let Some((_, command)) = bare.filter(|_| self.console.manner.converses()) {
            return (line_end, Next::Command(command));
        }
        let word = line.strip_prefix('.').map(|line| line.split(|c: char| !c.is_alphanumeric()).next().unwrap_or(line));
        if let Some(directive) = word.and_then(|word| MISPLACED.iter().find(|directive| directive.word == word)) {
            return (line_end, Next::Misplaced(directive));
        }
        match syntax::first_statement(self.session.options().dialect, rest) {
            Statement::Clause(length) => (at + length, Next::Clause),
            Statement::Command(length) => (at + length, Next::Command(&rest[..length])),
            Statement::Open(_) | Statement::Blank => (text.len(), Next::End),
        }
    }

    /// Carries out a part of a text that holds no commands. At the prompt all of it counts or nothing.
    fn clauses(&mut self, source: SourceId, text: &str, part: Range<usize>) -> Result<(), Exit> {
        // Blanks in place of what was carried out before keep the places right.
        let blank: String = text[..part.start].bytes().map(|byte| if byte == b'\n' { '\n' } else { ' ' }).collect();
        let shown = text[part.clone()].trim();
        let (ast, mut diagnostics) = syntax::parse_in(self.session.options().dialect, source, &(blank + &text[part]));
        diagnostics.sort_by_key(|diagnostic| diagnostic.span);
        if self.console.manner == Manner::Prompt {
            return self.all_or_nothing(shown, ast, diagnostics);
        }
        let mut mistakes = diagnostics.into_iter().peekable();
        let mut told: Vec<Item> = Vec::new();
        for item in ast.items {
            while let Some(mistake) = mistakes.next_if(|mistake| mistake.span < Some(item.span)) {
                self.told(&mut told)?;
                self.echo_line(text, mistake.span);
                self.failed(mistake)?;
            }
            if self.console.manner == Manner::Echo {
                self.told(&mut told)?;
                let statement = self.session.sources().slice(item.span).to_owned();
                self.heard(&statement);
            }
            self.item(item, &mut told)?;
        }
        self.told(&mut told)?;
        mistakes.try_for_each(|mistake| {
            self.echo_line(text, mistake.span);
            self.failed(mistake)
        })
    }

    /// Shows a statement where that is asked for, and remembers it, as the prompt remembers what is typed.
    fn heard(&mut self, statement: &str) {
        self.console.echo(&self.prompt(), statement);
        if self.console.manner == Manner::Echo {
            self.history.push(statement.to_owned());
        }
    }

    /// The line that a mistake stands on, which is no statement.
    fn echo_line(&self, text: &str, span: Option<Span>) {
        let start = span.map_or(0, |span| text.floor_char_boundary(span.start as usize));
        let from = text[..start].rfind('\n').map_or(0, |newline| newline + 1);
        let to = text[start..].find('\n').map_or(text.len(), |newline| start + newline);
        self.console.echo(&self.prompt(), &text[from..to]);
    }

    fn all_or_nothing(&mut self, shown: &str, ast: Ast, mistakes: Vec<Diagnostic>) -> Result<(), Exit> {
        if !shown.is_empty() {
            self.console.echo(&self.prompt(), shown);
        }
        if !mistakes.is_empty() {
            return self.failed(Failure::Diagnostics(mistakes));
        }
        let (before, changes, mistakes) = (self.session.clone(), self.before.len(), self.mistakes);
        let mut told = Vec::new();
        for item in ast.items {
            self.item(item, &mut told)?;
            if self.mistakes > mistakes {
                break;
            }
        }
        if self.mistakes == mistakes {
            self.told(&mut told)?;
        }
        if self.mistakes > mistakes && self.before.len() > changes {
            self.session.go_back(before);
            self.before.truncate(changes);
            self.console.remark("nothing of what was typed was kept");
        }
        Ok(())
    }

    fn item(&mut self, item: Item, told: &mut Vec<Item>) -> Result<(), Exit> {
        match &item.kind {
            ItemKind::Query(_) => {
                self.told(told)?;
                self.ask(alone(item))
            }
            ItemKind::Retraction(_) => {
                self.told(told)?;
                self.retract(alone(item))
            }
            _ => {
                told.push(item);
                Ok(())
            }
        }
    }

    /// Adds clauses: all at once, and if that fails in a script one by one, so that those before the mistake count.
    fn told(&mut self, items: &mut Vec<Item>) -> Result<(), Exit> {
        if items.is_empty() {
            return Ok(());
        }
        let items = std::mem::take(items);
        match self.add(Ast { items: items.clone(), comments: Vec::new() }) {
            Ok(()) => Ok(()),
            Err(failure) if items.len() == 1 || self.console.manner == Manner::Prompt => self.failed(failure),
            Err(_) => items.into_iter().try_for_each(|item| match self.add(alone(item)) {
                Ok(()) => Ok(()),
                Err(failure) => self.failed(failure),
            }),
        }
    }
}

fn alone(item: Item) -> Ast {
    Ast { items: vec![item], comments: Vec::new() }
}
