//! Diagnostics for people: the message, the lines it is about with carets under them, notes and help.
//!
//! In: diagnostics and the sources they speak of. Out: text for a terminal. Promise: any span of any text draws, fast
//! and without panic; what a terminal would obey arrives escaped. This file alone knows the drawing library: it is
//! handed short excerpts, made harmless, never a whole text.

use super::visible::push_visible;
use super::{Diagnostic, Severity, SourceId, Sources, Span, grouped, visible};
use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use std::ops::Range;

/// How to draw.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Style {
    /// Whether the terminal shows colours.
    pub color: bool,
    /// How many columns the terminal has.
    pub width: usize,
    /// How many diagnostics to draw; the others are counted.
    pub limit: usize,
}

impl Default for Style {
    fn default() -> Self {
        Self { color: false, width: 120, limit: 20 }
    }
}

/// Draws diagnostics in the order given, a blank line between them. Of more than `limit`, the errors come first, and
/// what is not drawn is counted: `and 99,980 more errors`.
pub fn draw(sources: &Sources, diagnostics: &[Diagnostic], style: Style) -> String {
    let mut shown: Vec<&Diagnostic> = diagnostics.iter().collect();
    if shown.len() > style.limit {
        shown.sort_by_key(|diagnostic| !diagnostic.is_error());
    }
    let hidden = shown.split_off(style.limit.min(shown.len()));
    let renderer = if style.color { Renderer::styled() } else { Renderer::plain() };
    let renderer = renderer.decor_style(DecorStyle::Unicode).term_width(style.width.max(NARROWEST));
    let mut drawn: Vec<String> = shown.into_iter().map(|one| draw_one(sources, one, &renderer)).collect();
    drawn.extend(rest(&hidden));
    drawn.into_iter().map(|text| text + "\n").collect::<Vec<_>>().join("\n")
}

/// A terminal that says it is narrower is drawn for as if it had this width.
const NARROWEST: usize = 40;

/// `and 3 more errors, 1 more warning`
fn rest(hidden: &[&Diagnostic]) -> Option<String> {
    let errors = hidden.iter().filter(|diagnostic| diagnostic.is_error()).count();
    let parts: Vec<String> = [(errors, "error"), (hidden.len() - errors, "warning")]
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, word)| format!("{} more {word}{}", grouped(count), if count == 1 { "" } else { "s" }))
        .collect();
    (!parts.is_empty()).then(|| format!("and {}", parts.join(", ")))
}

fn draw_one(sources: &Sources, diagnostic: &Diagnostic, renderer: &Renderer) -> String {
    let level = match diagnostic.code.severity() {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let excerpts = excerpts(sources, diagnostic);
    let snippets = excerpts.iter().enumerate().map(|(index, excerpt)| excerpt.snippet(index));
    let notes = diagnostic.notes.iter().map(|note| Level::NOTE.message(visible_lines(note)));
    let help = diagnostic.help.iter().map(|help| Level::HELP.message(visible_lines(help)));
    let title = level.primary_title(visible(&diagnostic.message)).id(diagnostic.code.id());
    let group = Group::with_title(title).elements(snippets).elements(notes).elements(help);
    put_places(&renderer.render(&[group]), &excerpts)
}

/// Harmless, and still on several lines.
fn visible_lines(text: &str) -> String {
    text.lines().map(visible).collect::<Vec<_>>().join("\n")
}

/// Some lines of one source, as they will be drawn.
#[derive(Debug)]
struct Excerpt {
    /// `rules/regions.dl:61:8`
    place: String,
    /// The number of its first line.
    first_line: usize,
    /// The lines, harmless and not too long.
    text: String,
    /// The marks under it.
    marks: Vec<Mark>,
}

/// What is drawn under some bytes of an excerpt.
#[derive(Debug)]
struct Mark {
    bytes: Range<usize>,
    label: String,
    primary: bool,
}

impl Excerpt {
    /// For the library, with a stand-in for the place: its own would count columns in the excerpt.
    fn snippet(&self, index: usize) -> Snippet<'_, annotate_snippets::Annotation<'_>> {
        let annotation = |mark: &Mark| {
            let kind = if mark.primary { AnnotationKind::Primary } else { AnnotationKind::Context };
            kind.span(mark.bytes.clone()).label(Some(mark.label.clone()).filter(|label| !label.is_empty()))
        };
        Snippet::source(&self.text)
            .line_start(self.first_line)
            .path(format!("{STAND_IN}{index}"))
            .annotations(self.marks.iter().map(annotation))
    }
}

/// Begins the stand-in of a place. [`visible`] lets it through nowhere else.
const STAND_IN: char = '\u{ffff}';

/// Puts places where their stand-ins are: `<stand-in>0:1:1` becomes `rules/regions.dl:61:8`.
fn put_places(drawn: &str, excerpts: &[Excerpt]) -> String {
    let mut parts = drawn.split(STAND_IN);
    let mut out = parts.next().unwrap_or_default().to_owned();
    for (part, excerpt) in parts.zip(excerpts) {
        out.push_str(&excerpt.place);
        out.push_str(part.trim_start_matches(|letter: char| letter.is_ascii_digit() || letter == ':'));
    }
    out
}

/// The places of a diagnostic, those close together in one excerpt, the one it is about first.
fn excerpts(sources: &Sources, diagnostic: &Diagnostic) -> Vec<Excerpt> {
    let primary = diagnostic.span.iter().map(|span| (*span, diagnostic.label.as_str(), true));
    let also = diagnostic.also.iter().map(|(span, label)| (*span, label.as_str(), false));
    let mut clusters: Vec<Cluster> = Vec::new();
    for (span, label, primary) in primary.chain(also) {
        let Some(place) = Place::new(sources, span, label, primary) else { continue };
        match clusters.iter_mut().find(|cluster| cluster.takes(&place)) {
            Some(cluster) => cluster.places.push(place),
            None => clusters.push(Cluster { source: span.source, places: vec![place] }),
        }
    }
    clusters.iter().map(|cluster| cluster.excerpt(sources)).collect()
}

/// A place that lies in its text.
struct Place<'a> {
    source: SourceId,
    bytes: Range<usize>,
    lines: Range<usize>,
    label: &'a str,
    primary: bool,
}

/// More lines than this are not drawn at once.
const MOST_LINES: usize = 60;

impl<'a> Place<'a> {
    /// None where no such text was read. A place on very many lines is drawn as its first.
    #[expect(clippy::string_slice, reason = "bytes are clamped to whole characters of the text")]
    fn new(sources: &Sources, span: Span, label: &'a str, primary: bool) -> Option<Self> {
        let source = sources.find(span.source)?;
        let mut bytes = source.clamp(span);
        let newlines = |text: &str| text.bytes().filter(|&byte| byte == b'\n').count();
        let first = newlines(&source.text[..bytes.start]);
        let mut last = first + newlines(&source.text[bytes.clone()]);
        if last - first > MOST_LINES {
            bytes.end = line_end(&source.text, bytes.start);
            last = first;
        }
        Some(Self { source: span.source, bytes, lines: first..last + 1, label, primary })
    }
}

/// Places that are drawn in one excerpt. Never empty.
struct Cluster<'a> {
    source: SourceId,
    places: Vec<Place<'a>>,
}

impl Cluster<'_> {
    fn takes(&self, place: &Place) -> bool {
        let (first, last) = (self.first_line().min(place.lines.start), self.last_line().max(place.lines.end));
        self.source == place.source && last - first <= MOST_LINES
    }

    fn first_line(&self) -> usize {
        self.places.iter().map(|place| place.lines.start).min().unwrap_or_default()
    }

    fn last_line(&self) -> usize {
        self.places.iter().map(|place| place.lines.end).max().unwrap_or_default()
    }

    #[expect(clippy::string_slice, reason = "edges are clamped to whole characters of the text")]
    fn excerpt(&self, sources: &Sources) -> Excerpt {
        let text = &sources.get(self.source).text;
        let edges = || self.places.iter().flat_map(|place| [place.bytes.start, place.bytes.end]);
        let first = text[..edges().min().unwrap_or_default()].rfind('\n').map_or(0, |newline| newline + 1);
        let last = line_end(text, edges().max().unwrap_or_default());
        let mut copy = Copy { text, shown: String::new(), offsets: Vec::new() };
        let mut start = first;
        while start <= last {
            let end = line_end(text, start);
            copy.line(start..end, edges().filter(|edge| (start..=end).contains(edge)));
            start = end + 1;
            if start <= last {
                copy.shown.push('\n');
            }
        }
        let mark = |place: &Place| Mark {
            bytes: copy.offset(place.bytes.start)..copy.offset(place.bytes.end),
            label: visible(place.label).into_owned(),
            primary: place.primary,
        };
        let marks = self.places.iter().map(mark).collect();
        let (_, first_line) = sources.get(self.source).origin(self.first_line());
        Excerpt { place: self.place(sources), first_line, text: copy.shown, marks }
    }

    /// `rules/regions.dl:61:8`, of the first place.
    fn place(&self, sources: &Sources) -> String {
        let source = sources.get(self.source);
        let Some(place) = self.places.first() else { return visible(&source.name).into_owned() };
        let column = source.column(place.bytes.start);
        let (file, line) = source.origin(place.lines.start);
        format!("{}:{line}:{column}", visible(file))
    }
}

/// Where the line that an offset lies in ends, its newline not included.
#[expect(clippy::string_slice, reason = "it is an edge of a place, or the start of a line")]
fn line_end(text: &str, offset: usize) -> usize {
    text[offset..].find('\n').map_or(text.len(), |newline| offset + newline)
}

/// Lines of a text, copied into an excerpt.
struct Copy<'a> {
    text: &'a str,
    shown: String,
    /// For each copied character and each end of a line, where it was and where it is.
    offsets: Vec<(usize, usize)>,
}

/// So many bytes of a line are shown before the first edge of a place in it, and of all.
const LEAD: usize = 200;
const LONGEST: usize = 1200;

impl Copy<'_> {
    /// Copies a line, of a long one what lies around the edges.
    fn line(&mut self, line: Range<usize>, edges: impl Iterator<Item = usize>) {
        let from = edges.min().unwrap_or(line.start).saturating_sub(LEAD).max(line.start);
        let cut = line.len() > LONGEST;
        let start = if cut { self.text.floor_char_boundary(from) } else { line.start };
        let end = if cut { self.text.floor_char_boundary((from + LONGEST).min(line.end)) } else { line.end };
        #[expect(clippy::string_slice, reason = "it is cut where lines end or where characters begin")]
        let kept = &self.text[start..end];
        let kept = if end == line.end { kept.strip_suffix('\r').unwrap_or(kept) } else { kept };
        if start > line.start {
            self.shown.push('…');
        }
        for (at, character) in kept.char_indices() {
            self.offsets.push((start + at, self.shown.len()));
            push_visible(&mut self.shown, character);
        }
        self.offsets.push((start + kept.len(), self.shown.len()));
        if end < line.end {
            self.shown.push('…');
        }
    }

    /// Where a byte of the text is in the excerpt; for one that was left out, the last before it.
    fn offset(&self, byte: usize) -> usize {
        let after = self.offsets.partition_point(|&(was, _)| was <= byte);
        after.checked_sub(1).and_then(|last| self.offsets.get(last)).map_or(0, |(_, shown)| *shown)
    }
}

#[cfg(test)]
mod tests {
    use super::super::Code;
    use super::*;
    use crate::data::is_hidden;

    fn span(start: usize, end: usize) -> Span {
        let offset = |at: usize| u32::try_from(at).expect("a small offset");
        Span { source: SourceId::default(), start: offset(start), end: offset(end) }
    }

    fn drawn(text: &str, diagnostics: &[Diagnostic]) -> String {
        let mut sources = Sources::default();
        sources.add("prompt", text);
        draw(&sources, diagnostics, Style::default())
    }

    #[test]
    fn a_diagnostic_shows_message_place_second_place_and_help() {
        let text = "friend(X) :- not allied(X, russia).\n";
        let diagnostic = Diagnostic::new(Code::Unbound, span(7, 8), "`X` has no value here")
            .label("only a negated atom mentions it")
            .also(span(13, 34), "here")
            .note("a negated atom tests, it does not bind")
            .help("add a positive atom\nsuch as `state_code(X, _, _)`");
        insta::assert_snapshot!(drawn(text, &[diagnostic]), @r"
        error[E0301]: `X` has no value here
          ╭▸ prompt:1:8
          │
        1 │ friend(X) :- not allied(X, russia).
          │        ┯     ───────────────────── here
          │        │
          │        only a negated atom mentions it
          │
          ├ note: a negated atom tests, it does not bind
          ╰ help: add a positive atom
                  such as `state_code(X, _, _)`
        ");
    }

    #[test]
    fn far_places_have_excerpts_of_their_own() {
        let text = format!("p(a).\n{}q(X) :- p(X, b).\n", "% filler\n".repeat(100));
        let far = text.find("p(X, b)").expect("it is there");
        let diagnostic =
            Diagnostic::new(Code::WrongArity, span(far, far + 7), "`p` has one column").also(span(0, 4), "here");
        insta::assert_snapshot!(drawn(&text, &[diagnostic]), @r"
        error[E0202]: `p` has one column
            ╭▸ prompt:102:9
            │
        102 │ q(X) :- p(X, b).
            │         ━━━━━━━
            │
            ⸬  prompt:1:1
            │
          1 │ p(a).
            ╰╴──── here
        ");
    }

    #[test]
    fn the_end_of_a_long_line_shows_its_true_column() {
        let text = format!("p({}).", "é".repeat(5_000_000));
        let end = text.len();
        let text = drawn(&text, &[Diagnostic::new(Code::UnexpectedToken, span(end - 1, end), "no")]);
        assert!(text.contains("╭▸ prompt:1:5000004\n"), "{text}");
        assert!(text.contains("\n1 │ …éé") && text.contains("éé).\n"), "{text}");
        assert!(text.lines().all(|line| line.chars().count() < 120), "{text}");
    }

    #[test]
    fn what_is_not_drawn_is_counted() {
        let one = Diagnostic::bare(Code::UnknownRelation, "no");
        let warning = Diagnostic::bare(Code::UnusedVariable, "hm");
        assert!(drawn("", &vec![one.clone(); 100_000]).ends_with("\nand 99,980 more errors\n"));
        let mixed = [vec![warning; 21], vec![one]].concat();
        let text = drawn("", &mixed);
        assert!(text.starts_with("error[E0201]: no\n\nwarning[W0801]: hm\n"), "{text}");
        assert!(text.ends_with("\nand 2 more warnings\n"), "{text}");
    }

    #[test]
    fn nothing_that_a_terminal_obeys_is_drawn() {
        let nasty = "\u{1b}[2J \u{9b}31m \u{202e}abc\u{200b} \u{7} \u{ffff}0:1:1";
        let diagnostic = Diagnostic::new(Code::ForbiddenCharacter, span(0, 4), nasty)
            .label(nasty)
            .also(span(5, 12), nasty)
            .note(nasty)
            .help(nasty);
        let mut sources = Sources::default();
        sources.add(nasty, nasty);
        let text = draw(&sources, &[diagnostic], Style::default());
        assert!(!text.contains(|letter: char| is_hidden(letter) && letter != '\n'), "{text}");
    }

    /// A small pseudo-random generator (splitmix64).
    struct Dice(u64);

    impl Dice {
        fn below(&mut self, bound: usize) -> usize {
            self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            usize::try_from((mixed ^ (mixed >> 31)) % (bound as u64)).expect("below a usize")
        }
    }

    #[test]
    fn any_span_of_any_text_draws() {
        let pieces = [
            "\n",
            "\r\n",
            "\r",
            "\t",
            " ",
            "a",
            "p(X) :- q(X).",
            "é",
            "東京",
            "🦀",
            "👨\u{200d}👩",
            "\0",
            "\u{202e}",
            "e\u{301}",
            "// x",
            "{",
            "\n\n\n",
            "          ",
        ];
        for seed in 0..3000 {
            let mut dice = Dice(seed);
            let mut text = String::new();
            for _ in 0..dice.below(40) {
                let piece = pieces[dice.below(pieces.len())];
                text.push_str(&piece.repeat(if dice.below(20) == 0 { 400 } else { 1 }));
            }
            let mut sources = Sources::default();
            sources.add("a", text.as_str());
            sources.add("b", "x\ny");
            let mut any = || Span {
                source: crate::data::Id::from_index(dice.below(15) / 6),
                ..span(dice.below(text.len() + 3), dice.below(text.len() + 3))
            };
            let mut diagnostic =
                Diagnostic::new(Code::UnexpectedToken, any(), "m").label("l").also(any(), "second\n").also(any(), "");
            let whole = dice.below(10) == 0;
            if whole {
                diagnostic.span = Some(span(0, u32::MAX as usize));
            }
            let style = Style { color: dice.below(2) == 0, width: dice.below(200), limit: dice.below(3) };
            draw(&sources, &[diagnostic.clone(), diagnostic], style);
        }
    }
}
