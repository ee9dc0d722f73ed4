//! What is printed is read back as the same tree, and a layout is the same program.

use super::input;
use entail::data::Dialect;
use entail::report::SourceId;
use entail::syntax::{Ast, format, parse_in, print_in};

pub(super) fn run(bytes: &[u8]) {
    let Some((dialect, text)) = input::program(bytes) else { return };
    let Some(ast) = read(dialect, text) else { return };
    let printed = print_in(dialect, &ast);
    let again = read(dialect, &printed).unwrap_or_else(|| panic!("{text:?} is printed as {printed:?}, which is none"));
    assert_eq!(print_in(dialect, &again), printed, "{text:?}");
    assert_eq!(again.items.len(), ast.items.len(), "{text:?} is printed as {printed:?}");
    if dialect == Dialect::Entail {
        let laid_out = format(text, SourceId::default()).unwrap_or_else(|_| panic!("{text:?} has no mistakes"));
        let again = read(dialect, &laid_out).unwrap_or_else(|| panic!("{text:?} is laid out as {laid_out:?}"));
        assert_eq!(print_in(dialect, &again), printed, "{text:?} is laid out as {laid_out:?}");
        assert_eq!(format(&laid_out, SourceId::default()).as_deref(), Ok(&*laid_out), "{text:?} is laid out twice");
    }
}

/// The tree of a text without mistakes.
fn read(dialect: Dialect, text: &str) -> Option<Ast> {
    let (ast, mistakes) = parse_in(dialect, SourceId::default(), text);
    mistakes.is_empty().then_some(ast)
}
