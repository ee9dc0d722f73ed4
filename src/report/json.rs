//! Diagnostics for machines.
//!
//! In: diagnostics and the sources they speak of. Out: one JSON object a line for each, in the order given, none
//! left out. Promise: any span draws, and no character that a terminal obeys is left unescaped.

use super::{Diagnostic, Severity, SourceId, Sources, Span};
use crate::data::is_hidden;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// One line of JSON for each diagnostic: `code`, `severity`, `message`, the place (`file`, `line`, `column`,
/// `end_line`, `end_column`, `label`; all `null` without one), `also` with more places, `notes` and `help`.
///
/// Lines and columns count from 1, columns in characters; the end is the column behind the last character.
pub fn draw_json(sources: &Sources, diagnostics: &[Diagnostic]) -> String {
    let mut places = Places { sources, line_starts: BTreeMap::new() };
    let mut out = String::new();
    for diagnostic in diagnostics {
        let object = places.object(diagnostic);
        #[expect(clippy::expect_used, reason = "an object of texts and numbers has a JSON form")]
        let json = serde_json::to_string(&object).expect("an object of texts and numbers has a JSON form");
        out.push_str(&visible_json(&json));
        out.push('\n');
    }
    out
}

/// A diagnostic as JSON has it.
#[derive(serde::Serialize)]
struct Object<'a> {
    code: &'static str,
    severity: &'static str,
    message: &'a str,
    #[serde(flatten)]
    place: Place<'a>,
    also: Vec<Place<'a>>,
    notes: &'a [String],
    help: Option<&'a str>,
}

/// A place as JSON has it.
#[derive(serde::Serialize, Default)]
struct Place<'a> {
    file: Option<&'a str>,
    line: Option<usize>,
    column: Option<usize>,
    end_line: Option<usize>,
    end_column: Option<usize>,
    label: Option<&'a str>,
}

/// Finds lines and columns; each text is searched for its lines once.
struct Places<'a> {
    sources: &'a Sources,
    line_starts: BTreeMap<SourceId, Vec<usize>>,
}

impl<'a> Places<'a> {
    fn object(&mut self, diagnostic: &'a Diagnostic) -> Object<'a> {
        Object {
            code: diagnostic.code.id(),
            severity: match diagnostic.code.severity() {
                Severity::Error => "error",
                Severity::Warning => "warning",
            },
            message: &diagnostic.message,
            place: diagnostic.span.map(|span| self.place(span, &diagnostic.label)).unwrap_or_default(),
            also: diagnostic.also.iter().map(|(span, label)| self.place(*span, label)).collect(),
            notes: &diagnostic.notes,
            help: diagnostic.help.as_deref(),
        }
    }

    #[expect(clippy::indexing_slicing, reason = "the first line starts at 0, no later than any place")]
    #[expect(clippy::string_slice, reason = "places are clamped to whole characters of the text")]
    fn place(&mut self, span: Span, label: &'a str) -> Place<'a> {
        let label = Some(label).filter(|label| !label.is_empty());
        let Some(source) = self.sources.find(span.source) else { return Place { label, ..Place::default() } };
        let text = &source.text;
        let starts = self.line_starts.entry(span.source).or_insert_with(|| {
            std::iter::once(0).chain(text.match_indices('\n').map(|(newline, _)| newline + 1)).collect()
        });
        let line_column = |offset: usize| {
            let line = starts.partition_point(|&start| start <= offset);
            let column = text[starts[line - 1]..offset].chars().count() + 1;
            (Some(source.origin(line - 1).1), Some(column))
        };
        let bytes = source.clamp(span);
        let first = starts.partition_point(|&start| start <= bytes.start);
        let file = Some(source.origin(first - 1).0);
        let ((line, column), (end_line, end_column)) = (line_column(bytes.start), line_column(bytes.end));
        Place { file, line, column, end_line, end_column, label }
    }
}

/// A JSON text with hidden characters escaped, which only stand inside its strings; newlines between values stay.
pub fn visible_json(json: &str) -> Cow<'_, str> {
    let hidden = |character: char| is_hidden(character) && character != '\n';
    if !json.contains(hidden) {
        return Cow::Borrowed(json);
    }
    let mut out = String::with_capacity(json.len() + 8);
    json.chars().for_each(|character| match hidden(character) {
        true => push_escaped(&mut out, character),
        false => out.push(character),
    });
    Cow::Owned(out)
}

fn push_escaped(out: &mut String, character: char) {
    for unit in character.encode_utf16(&mut [0; 2]) {
        out.push_str(&format!("\\u{unit:04x}"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::Code;

    #[test]
    fn an_object_says_where_and_what() {
        let mut sources = Sources::default();
        let source = sources.add("a.dl", "p(é).\nq(\u{202e}x).\n");
        let place = |start, end| Span { source, start, end };
        let diagnostic = Diagnostic::new(Code::UnknownRelation, place(7, 12), "no\u{9b}pe \u{e0001}")
            .label("here")
            .also(place(99, 3), "and there")
            .help("try `p`");
        assert_eq!(
            draw_json(&sources, &[diagnostic, Diagnostic::bare(Code::Internal, "oh")]),
            concat!(
                r#"{"code":"E0201","severity":"error","message":"no\u009bpe \udb40\udc01","file":"a.dl","line":2,"#,
                r#""column":1,"end_line":2,"end_column":4,"label":"here","also":[{"file":"a.dl","line":3,"column":1,"#,
                r#""end_line":3,"end_column":1,"label":"and there"}],"notes":[],"help":"try `p`"}"#,
                "\n",
                r#"{"code":"E0901","severity":"error","message":"oh","file":null,"line":null,"column":null,"#,
                r#""end_line":null,"end_column":null,"label":null,"also":[],"notes":[],"help":null}"#,
                "\n",
            )
        );
    }
}
