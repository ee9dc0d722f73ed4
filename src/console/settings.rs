//! Choices about the terminal that flags and commands share.

/// When to use colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Color {
    /// On a terminal that shows it.
    Auto,
    /// In any case.
    Always,
    /// In no case.
    Never,
}

impl Color {
    /// The choices, by the words that people type.
    pub(crate) const CHOICES: [(&'static str, Color); 3] =
        [("auto", Color::Auto), ("always", Color::Always), ("never", Color::Never)];

    /// The choice that a word names.
    pub(crate) fn from_word(word: &str) -> Option<Color> {
        Self::CHOICES.iter().find(|(name, _)| *name == word).map(|(_, color)| *color)
    }
}

/// When to show long output in a pager.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Paging {
    /// Where someone asked for all of something.
    Auto,
    /// Whenever something is higher than the screen.
    On,
    /// Never.
    Off,
}

impl Paging {
    /// The choices, by the words that people type.
    pub(crate) const CHOICES: [(&'static str, Paging); 3] =
        [("auto", Paging::Auto), ("on", Paging::On), ("off", Paging::Off)];
}
