//! What we say about a text: a code, a sentence, the place, and one thing to try.

use super::{Code, Severity, Span};

/// One message about a program, a file or a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// Which rule was broken.
    pub code: Code,
    /// The sentence, in the user's own words and spelling.
    pub message: String,
    /// The place it is about; none where no text is to blame.
    pub span: Option<Span>,
    /// What to say under the place.
    pub label: String,
    /// Other places that are to blame, each with what to say under it.
    pub also: Vec<(Span, String)>,
    /// Facts worth knowing that have no place.
    pub notes: Vec<String>,
    /// One thing to try.
    pub help: Option<String>,
}

impl Diagnostic {
    /// A message about a place.
    pub fn new(code: Code, span: Span, message: impl Into<String>) -> Self {
        Self { span: Some(span), ..Self::bare(code, message) }
    }

    /// A message about no place in particular.
    pub fn bare(code: Code, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            span: None,
            label: String::new(),
            also: Vec::new(),
            notes: Vec::new(),
            help: None,
        }
    }

    /// What to say under the place.
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = label.into();
        self
    }

    /// A second place that is to blame.
    pub fn also(mut self, span: Span, label: impl Into<String>) -> Self {
        self.also.push((span, label.into()));
        self
    }

    /// A fact worth knowing.
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }

    /// One thing to try.
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Whether it is an error; the rest are warnings.
    pub fn is_error(&self) -> bool {
        self.code.severity() == Severity::Error
    }
}
