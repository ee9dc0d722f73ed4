//! Any places in any text are drawn, at any width, and nothing of the text reaches a terminal as a command to it.

use super::input::Bytes;
use entail::report::{Code, Diagnostic, Source, Sources, Span, Style, draw, draw_json};

pub(super) fn run(bytes: &[u8]) {
    let mut bytes = Bytes(bytes);
    let [color, is_marked, is_far, ..] = bytes.flags::<8>();
    let style = Style { color, width: usize::from(bytes.byte()), limit: usize::from(bytes.byte() % 4) };
    let spans: Vec<(u16, u16)> = (0..bytes.byte() % 5).map(|_| (bytes.short(), bytes.short())).collect();
    let (name, text) = bytes.0.split_at(bytes.0.len().min(usize::from(bytes.byte() % 16)));
    let [name, text] = [name, text].map(String::from_utf8_lossy);
    let mut sources = Sources::default();
    let source = if is_marked { sources.add_preprocessed(name, text) } else { sources.add(name, text) };
    let offset = |at: u16| if is_far && at > 1 << 15 { u32::MAX - u32::from(at) } else { u32::from(at) };
    let mut spans = spans.into_iter().map(|(start, end)| Span { source, start: offset(start), end: offset(end) });
    let text = sources.get(source).text.clone();
    let message = text.get(..20).unwrap_or("message");
    let mut diagnostic = Diagnostic { span: spans.next(), ..Diagnostic::bare(Code::UnexpectedToken, message) };
    diagnostic = diagnostic.label(message).note(message).help(message);
    for span in spans {
        let range = Source::clamp(sources.get(source), span);
        assert!(text.get(range.clone()).is_some(), "{range:?} of {text:?}");
        let (line, column) = sources.line_column(span);
        assert!(line > 0 || is_marked, "{span:?} is on no line");
        assert!(column > 0, "{span:?} is in no column");
        diagnostic = diagnostic.also(span, message);
    }
    let both = [diagnostic.clone(), diagnostic];
    let drawn = draw(&sources, &both, style);
    let is_ours = |letter: char| matches!(letter, '\n' | '\t') || color && letter == '\u{1b}';
    let obeyed = |letter: &char| letter.is_control() && !is_ours(*letter);
    assert_eq!(drawn.chars().find(obeyed), None, "{drawn:?}");
    draw_json(&sources, &both);
}
