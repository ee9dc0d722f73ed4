//! Texts of strangers in a page: shown as they are, and never obeyed.

use super::escape;

/// A text as it can stand in an element or in a quoted attribute: nothing in it is a tag, an entity or the end of a
/// quote, and what is hidden is written out.
pub fn html_text(text: &str) -> String {
    let shown = escape(text);
    let mut out = String::with_capacity(shown.len());
    for character in shown.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            plain => out.push(plain),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_of_a_text_is_markup() {
        assert_eq!(html_text("<b title='x'>&amp;\"</b>"), "&lt;b title=&#39;x&#39;&gt;&amp;amp;&quot;&lt;/b&gt;");
        assert_eq!(html_text("a\u{202e}b\n\u{0}"), "a\\u{202e}b\\n\\x00");
    }
}
