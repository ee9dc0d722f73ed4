//! What Tab offers: commands, relations, the values known for an argument, variables of the statement, files.

use super::cursor::{Place, place};
use crate::commands::{COMMANDS, Command, Completes, settings_names};
use crate::data::Dialect;
use crate::session::Session;
use rustyline::completion::{FilenameCompleter, Pair};

/// So many values are offered.
const OFFERED: usize = 200;

/// Where the completed word begins, and what may stand there.
pub(super) fn complete(session: &Session, line: &str, pos: usize) -> (usize, Vec<Pair>) {
    let before = &line[..pos];
    match place(session.options().dialect, before) {
        Place::Command(typed) => {
            let names = COMMANDS.iter().map(|command| command.name).filter(|name| name.starts_with(typed));
            let pairs = names.map(|name| plain(&format!(".{name}"), &format!(".{name} ")));
            (pos - typed.len() - 1, pairs.collect())
        }
        Place::CommandArgs { name, args } => command_args(session, before, name, args),
        Place::Argument { name, index, word } => (pos - word.len(), values(session, before, name, index, word)),
        Place::Relation(word) if may_be_variable(session, word) && is_ours(session) => {
            (pos - word.len(), variables(session, before, word))
        }
        Place::Relation(word) => (pos - word.len(), relations(session, word, "(")),
        Place::Comment => (pos, Vec::new()),
    }
}

fn command_args(session: &Session, before: &str, name: &str, args: &str) -> (usize, Vec<Pair>) {
    let pos = before.len();
    let word = args.rsplit(char::is_whitespace).next().unwrap_or(args);
    let start = pos - word.len();
    let is_first = word.len() == args.len();
    let of = |words: Vec<&'static str>| {
        let words = words.into_iter().filter(|it| it.starts_with(word)).map(|it| plain(it, it));
        (start, if is_first { words.collect() } else { Vec::new() })
    };
    match Command::named(name).map_or(Completes::Nothing, |command| command.completes) {
        Completes::Nothing => (pos, Vec::new()),
        Completes::Files => files(before),
        Completes::FileThenRelation if is_first => files(before),
        Completes::Relations | Completes::FileThenRelation => (start, relations(session, word, "")),
        Completes::Commands => of(COMMANDS.iter().map(|command| command.name).collect()),
        Completes::Settings => of(settings_names().collect()),
        Completes::Claims => (start, claims(session, args, word)),
        Completes::Words(words) => of(words.to_vec()),
    }
}

/// What claims have in common, and behind it the values of it.
fn claims(session: &Session, args: &str, word: &str) -> Vec<Pair> {
    let words: Vec<String> = match args[..args.len() - word.len()].trim() {
        "" => session.kinds_of_claims().into_iter().map(str::to_owned).collect(),
        kind => session.values_of_claims(kind).into_iter().collect(),
    };
    let begun = words.iter().filter(|it| it.starts_with(word)).take(OFFERED);
    begun.map(|it| plain(&crate::report::visible(it), it)).collect()
}

fn files(before: &str) -> (usize, Vec<Pair>) {
    FilenameCompleter::new().complete_path(before, before.len()).unwrap_or((before.len(), Vec::new()))
}

fn relations(session: &Session, word: &str, behind: &str) -> Vec<Pair> {
    let program = session.program();
    let found = program.named().map(|id| &program.relations[id]).filter(|relation| relation.name.starts_with(word));
    let mut pairs: Vec<Pair> = found
        .map(|relation| {
            let behind = if relation.columns.is_empty() { "" } else { behind };
            plain(&format!("{}/{}", relation.name, relation.columns.len()), &format!("{}{behind}", relation.name))
        })
        .collect();
    pairs.sort_by(|a, b| a.display.cmp(&b.display));
    pairs
}

/// The values known for an argument, as a program spells them.
fn values(session: &Session, before: &str, name: &str, index: usize, word: &str) -> Vec<Pair> {
    if may_be_variable(session, word) && !word.is_empty() {
        return variables(session, before, word);
    }
    let program = session.program();
    let Some(relation) = program.relation(name).filter(|id| index < program.relations[*id].columns.len()) else {
        return Vec::new();
    };
    let start = word.trim_start_matches(['"', '\'']);
    let known = session.values_in(relation, index, start, OFFERED);
    let is_last = index + 1 == program.relations[relation].columns.len();
    let spelled = known.iter().map(|value| crate::data::spelled_in(program.dialect, value));
    // A single value closes its argument.
    let behind = if known.len() == 1 && is_last { ")" } else { "" };
    spelled.map(|text| plain(&crate::report::visible(&text), &format!("{text}{behind}"))).collect()
}

fn is_ours(session: &Session) -> bool {
    session.options().dialect == Dialect::Entail
}

/// Whether a variable may begin like this: in Soufflé every bare word is one.
fn may_be_variable(session: &Session, word: &str) -> bool {
    let first = |c: char| if is_ours(session) { c.is_uppercase() } else { c.is_alphabetic() || c == '?' };
    word.starts_with(|c: char| first(c) || c == '_')
}

/// The variables of a text that begin like this: in Soufflé, the words that are no relation's or function's.
fn variables(session: &Session, before: &str, word: &str) -> Vec<Pair> {
    let text = &before[..before.len() - word.len()];
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '?');
    let mut names: Vec<&str> = Vec::new();
    for (at, name) in text.split(|c| !is_part(c)).map(|name| (name.as_ptr() as usize - text.as_ptr() as usize, name)) {
        let calls = text[at + name.len()..].starts_with('(');
        let is_one = may_be_variable(session, name) && (is_ours(session) || !calls);
        if is_one && name.starts_with(word) && name != "_" {
            names.push(name);
        }
    }
    names.sort_unstable();
    names.dedup();
    names.into_iter().map(|name| plain(name, name)).collect()
}

fn plain(display: &str, replacement: &str) -> Pair {
    Pair { display: display.into(), replacement: replacement.into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn offered(line: &str) -> Vec<String> {
        let mut session = Session::new();
        let text = ".decl signed(actor: symbol, partner: symbol)\nsigned(russia, india). signed(russia, \"The Hague\").\n\
                    signed(belarus, russia). signs(X) :- signed(X, _).";
        session.tell("test", text).expect("the program is right");
        let (start, pairs) = complete(&session, line, line.len());
        pairs.into_iter().map(|pair| format!("{}{}", &line[..start], pair.replacement)).collect()
    }

    #[test]
    fn what_fits_is_offered() {
        assert_eq!(offered("sign"), ["signed(", "signs("]);
        assert_eq!(offered("signed("), ["signed(belarus", "signed(russia"]);
        assert_eq!(offered("signed(russia, \"The"), ["signed(russia, \"The Hague\")"]);
        assert_eq!(offered("q(Xs) :- signed(X"), ["q(Xs) :- signed(Xs"]);
        assert_eq!(offered(".un"), [".undo "]);
        assert_eq!(offered(".mode ma"), [".mode markdown"]);
        assert_eq!(offered(".schema sig"), [".schema signed", ".schema signs"]);
        assert_eq!(offered("p(a) % sig"), [""; 0]);
    }
}
