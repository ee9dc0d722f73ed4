//! A session takes any statements and commands, one after the other, and lives.
//!
//! What is typed reaches no file: a session reads files only where it loads them, which is not asked of it here.

use super::input;
use entail::eval::{Effort, Limits};
use entail::explain::{Cut, Form};
use entail::report::{Style, draw};
use entail::session::{Dump, Failure, GraphOf, Input, LoadOptions, Reasons, Session};
use entail::syntax::{Ast, ItemKind, Statement, first_statement, parse_in};

/// So much is done for each statement.
const STEPS: u64 = 2_000;
const ROUNDS: usize = 12;

pub(super) fn run(bytes: &[u8]) {
    let Some((dialect, text)) = input::program(bytes) else { return };
    let mut session = Session::new();
    let nothing = Input::Text { name: "nothing".into(), text: String::new() };
    session.load(&[nothing], &LoadOptions { dialect, ..LoadOptions::default() }).expect("nothing is no mistake");
    session.effort = STEPS;
    let mut rest = text;
    loop {
        session.limits = Limits { effort: Some(Effort::of(STEPS)), max_rounds: Some(ROUNDS), ..Limits::default() };
        let (end, said) = match first_statement(dialect, rest) {
            Statement::Clause(end) => (end, statement(&mut session, &rest[..end])),
            Statement::Command(end) => (end, command(&mut session, rest[..end].trim())),
            Statement::Blank | Statement::Open(_) => break,
        };
        if let Err(failure) = said {
            let told = match failure {
                Failure::Diagnostics(diagnostics) => diagnostics,
                Failure::Stopped(stopped) => vec![session.describe(&stopped)],
            };
            assert!(!told.is_empty(), "{:?} fails without a reason", &rest[..end]);
            draw(session.sources(), &told, Style::default());
        }
        rest = &rest[end..];
    }
}

/// A clause, a question or a retraction.
fn statement(session: &mut Session, text: &str) -> Result<(), Failure> {
    let source = session.add_source("prompt", text);
    let (ast, mistakes) = parse_in(session.options().dialect, source, text);
    if !mistakes.is_empty() {
        return Err(Failure::Diagnostics(mistakes));
    }
    for item in ast.items {
        let kind = item.kind.clone();
        let one = Ast { items: vec![item], ..Ast::default() };
        match kind {
            ItemKind::Query(_) => {
                for answer in session.ask(&one)? {
                    answer.answer.rows(session.symbols()).for_each(drop);
                }
            }
            ItemKind::Retraction(_) => drop(session.retract_ast(&one)?),
            _ => drop(session.tell_ast(one)?),
        }
    }
    Ok(())
}

/// A line that starts with a dot, if it is a command that stays within the session.
fn command(session: &mut Session, line: &str) -> Result<(), Failure> {
    let (word, args) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
    match word {
        ".why" | ".whynot" => match session.explain("prompt", args)? {
            Reasons::Holds(explained) => {
                assert_eq!(session.check_proof(&explained), Ok(()), "{line}");
                for form in [Form::Text, Form::Json, Form::Dot, Form::Mermaid, Form::Html] {
                    explained.show(form, session, Cut::default(), line);
                }
            }
            Reasons::Fails(lacking) => drop((lacking.text(session), lacking.json(session))),
        },
        ".proofs" => drop(session.proofs("prompt", args, 3)?),
        ".critical" => drop(session.critical("prompt", args, 2)?.map(|found| found.text())),
        ".sources" => drop(session.origins("prompt", args)?.map(|found| found.text())),
        ".plan" if args.is_empty() => drop(session.plan()),
        ".plan" => drop(session.plan_of("prompt", args)?),
        ".assume" => drop(session.assume("prompt", args)?),
        ".keep" => drop(session.keep_layer()),
        ".drop" => drop(session.drop_layer()),
        ".diff" => {
            let diff = session.diff(0)?;
            drop((diff.text(session, 10), diff.json(session)));
        }
        ".remove" => drop(session.remove_rule(args.parse().unwrap_or(0))?),
        ".relations" => {
            let relations: Vec<_> = session.program().named().collect();
            relations.into_iter().for_each(|relation| drop(session.schema(relation)));
        }
        ".rules" => drop(session.rules()),
        ".dump" => session.dump(Dump::Told, &mut Vec::new()).expect("memory can be written to"),
        ".emit" => drop(session.emit_souffle()?),
        ".graph" => drop(session.graph(GraphOf::Strata)),
        _ => {}
    }
    Ok(())
}
