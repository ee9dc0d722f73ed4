//! Characters that nobody sees.

/// Whether a terminal obeys a character or shows nothing for it: controls other than a tab, bidirectional and
/// zero-width ones, line separators, tags, and what is no character at all.
pub fn is_hidden(character: char) -> bool {
    character.is_control() && character != '\t'
        || matches!(character,
            '\u{ad}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{180e}' | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{feff}' | '\u{ffa0}'
            | '\u{fff0}'..='\u{fffb}' | '\u{fffe}'..='\u{ffff}' | '\u{e0000}'..='\u{e0fff}')
}
