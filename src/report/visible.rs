//! Texts of strangers, made safe to look at.
//!
//! In: any text. Out: the same with every character that a terminal would obey or hide written as an escape, `\x1b`
//! or `\u{202e}`. Promise: what comes out moves no cursor, changes no colour and turns no line around.

use crate::data::is_hidden;
use std::borrow::Cow;

/// The text with hidden characters escaped. Tabs stay; a newline becomes `\n`.
pub fn visible(text: &str) -> Cow<'_, str> {
    if !text.contains(is_hidden) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 8);
    for character in text.chars() {
        push_visible(&mut shown, character);
    }
    Cow::Owned(shown)
}

/// Appends a character, escaped if it is hidden.
pub(super) fn push_visible(shown: &mut String, character: char) {
    match character {
        '\n' => shown.push_str("\\n"),
        '\r' => shown.push_str("\\r"),
        hidden if is_hidden(hidden) && hidden.is_ascii() => shown.push_str(&format!("\\x{:02x}", u32::from(hidden))),
        hidden if is_hidden(hidden) => shown.extend(hidden.escape_unicode()),
        plain => shown.push(plain),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_a_terminal_obeys_is_left() {
        assert_eq!(visible("red: \u{1b}[31m\u{9b}31m"), "red: \\x1b[31m\\u{9b}31m");
        assert_eq!(visible("a\u{202e}b\u{200b}c\r\n\0"), "a\\u{202e}b\\u{200b}c\\r\\n\\x00");
        assert!(
            !(0..=0x10_ffff).filter_map(char::from_u32).any(|hidden| visible(&hidden.to_string()).contains(is_hidden))
        );
    }

    #[test]
    fn plain_text_stays() {
        assert!(matches!(visible("Zoë\t東京 🦀 \u{fffd}"), Cow::Borrowed(_)));
    }
}
