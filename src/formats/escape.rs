//! A text in one cell of something that people look at: nothing in it moves the cursor, a tab included.

use crate::report::visible;
use std::borrow::Cow;

/// The text with hidden characters and tabs written out.
pub fn escape(text: &str) -> Cow<'_, str> {
    let shown = visible(text);
    if shown.contains('\t') { Cow::Owned(shown.replace('\t', "\\t")) } else { shown }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_hidden_reaches_the_terminal() {
        assert_eq!(escape("plain ü 漢"), "plain ü 漢");
        assert_eq!(escape("\x1b[2J\t\u{9b}\u{202e}\n"), "\\x1b[2J\\t\\u{9b}\\u{202e}\\n");
    }
}
