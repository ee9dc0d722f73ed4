//! Which characters a program is written with.
//!
//! Words are made of Unicode letters, digits and `_`. Control characters, and characters that change how the text
//! around them looks without being seen, may stand only inside quoted texts.

use crate::report::{Code, Diagnostic, Span};

/// Whether a character may stand in a word, behind its first.
pub(super) fn is_name_char(c: char) -> bool {
    c == '_' || c.is_ascii_alphanumeric() || (!c.is_ascii() && c.is_alphanumeric())
}

/// Whether a character is refused outside quoted texts: controls, bidirectional controls and zero-width characters.
pub(super) fn is_forbidden(c: char) -> bool {
    match c {
        '\t' | '\n' => false,
        c if c.is_ascii() => c.is_ascii_control(),
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{2028}' | '\u{2029}' | '\u{feff}' => true,
        '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' => true,
        c => c.is_control(),
    }
}

/// The first character of a comment that is refused, and its place. A line break may be written with two characters.
pub(super) fn first_forbidden_in_comment(comment: &str) -> Option<(usize, char)> {
    let breaks_line = |at| comment.get(at..).is_some_and(|rest| rest.starts_with("\r\n"));
    comment.char_indices().find(|&(at, found)| is_forbidden(found) && !breaks_line(at))
}

/// What is said about a refused character.
pub(super) fn forbidden(found: char, span: Span) -> Diagnostic {
    let mut bytes = [0; 4];
    let hex: Vec<_> = found.encode_utf8(&mut bytes).bytes().map(|byte| format!("{byte:02x}")).collect();
    let what = match found {
        '\0' => "a NUL character",
        '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}' | '\u{61c}' => {
            "a character that reverses the text around it"
        }
        '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}' | '\u{ad}' => "an invisible character",
        c if c.is_whitespace() => "a space that is not the ordinary one",
        _ => "a control character",
    };
    let number = u32::from(found);
    Diagnostic::new(Code::ForbiddenCharacter, span, format!("{what}, U+{number:04X}, outside a quoted text"))
        .label("here")
        .note(format!("byte {} of the text, in hex: {}", span.start, hex.join(" ")))
        .help("delete it, or put it between quotes")
}
