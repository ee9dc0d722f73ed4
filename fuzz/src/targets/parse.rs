//! Any text is read: to a tree, and mistakes whose places lie in the text.

use super::input;
use entail::report::{Diagnostic, Sources, Style, draw};
use entail::syntax::{Statement, first_statement, parse_in};

pub(super) fn run(bytes: &[u8]) {
    let Some((dialect, text)) = input::program(bytes) else { return };
    let mut sources = Sources::default();
    let source = sources.add("program", text);
    let (ast, mistakes) = parse_in(dialect, source, text);
    let places = ast.items.iter().map(|item| item.span);
    for span in places.chain(mistakes.iter().filter_map(|mistake| mistake.span)) {
        assert!(text.get(span.start as usize..span.end as usize).is_some(), "{span:?} is no part of {text:?}");
    }
    assert!(mistakes.iter().all(Diagnostic::is_error), "{mistakes:?}");
    draw(&sources, &mistakes, Style::default());
    let mut rest = text;
    while let Statement::Clause(end) | Statement::Command(end) = first_statement(dialect, rest) {
        assert!(end > 0, "{rest:?} begins with an empty statement");
        rest = &rest[end..];
    }
}
