//! The forms that a proof is shown in: one row each, from which flags, completion and endings of files are made.

/// A form that a proof is shown in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// A tree of lines.
    Text,
    /// For programs.
    Json,
    /// A graph for Graphviz.
    Dot,
    /// A graph for documents on the web.
    Mermaid,
    /// A page that folds and unfolds.
    Html,
}

/// What a form is called.
struct FormRow {
    form: Form,
    name: &'static str,
    /// How files in it end.
    ending: &'static str,
    help: &'static str,
}

static FORMS: &[FormRow] = &[
    FormRow { form: Form::Text, name: "text", ending: "txt", help: "A tree of lines, footnotes below" },
    FormRow { form: Form::Json, name: "json", ending: "json", help: "One object, never cut" },
    FormRow { form: Form::Dot, name: "dot", ending: "dot", help: "A graph for Graphviz" },
    FormRow { form: Form::Mermaid, name: "mermaid", ending: "mmd", help: "A graph, as documents on the web show it" },
    FormRow { form: Form::Html, name: "html", ending: "html", help: "One page that folds and unfolds, for a report" },
];

impl Form {
    /// Every form, in the order in which help lists them.
    pub fn all() -> impl Iterator<Item = Form> {
        FORMS.iter().map(|row| row.form)
    }

    /// The form with that name.
    pub fn by_name(name: &str) -> Option<Form> {
        FORMS.iter().find(|row| row.name == name).map(|row| row.form)
    }

    /// The form of files with that ending.
    pub fn by_ending(ending: &str) -> Option<Form> {
        FORMS.iter().find(|row| row.ending == ending).map(|row| row.form)
    }

    /// As typed behind `--format`.
    pub fn name(self) -> &'static str {
        self.row().name
    }

    /// What it looks like, in a few words.
    pub fn help(self) -> &'static str {
        self.row().help
    }

    fn row(self) -> &'static FormRow {
        FORMS.iter().find(|row| row.form == self).expect("every form has a row")
    }
}
