//! What is a record made of? The types of its fields, once it is known which type it is of.
//!
//! In: records of parts, each a [`Choice`](super::overloads::Choice) that waits. Out: demands on the types of the parts,
//! or the reason why there are none.

use super::inference::{Inference, Known, Mixed, Origin, Place, Why};
use super::overloads::{ChoiceId, What};
use crate::data::{FormId, RecordTypes};
use crate::report::{Code, Diagnostic, Span, count};

impl Inference {
    /// Demands of the parts of a record what its type says of them, if that is known by now.
    pub(super) fn fields(&mut self, id: ChoiceId) -> Option<Diagnostic> {
        let choice = &self.choices[id];
        let (span, args) = (choice.span, choice.args.clone());
        let whole = choice.result.expect("a record has a value");
        let form = match choice.what {
            What::Record { form: Some(form) } => form,
            What::Record { form: None } => {
                let ty = self.record(whole)?;
                match self.records.plain(ty) {
                    Some(form) => form,
                    None => {
                        self.choices[id].settled = true;
                        return Some(branches_only(span, &self.records.get(ty).name));
                    }
                }
            }
            What::Builtin { .. } | What::Aggregate(_) => return None,
        };
        self.choices[id].settled = true;
        let records = self.records.clone();
        let found = records.form(form);
        if found.fields.len() != args.len() {
            self.give_up(whole);
            return Some(wrong_fields(span, form, &records, args.len()));
        }
        let origin = Origin { span: Some(span), why: Why::Literal };
        for ((node, ty), field) in args.into_iter().zip(found.types()).zip(&found.fields) {
            let place = || Place { span, subject: format!("field `{}`", field.name) };
            self.require(node, Known { ty: *ty, origin }, place);
            if let Some(record) = field.record {
                self.require_record(node, record, place);
            }
        }
        None
    }
}

/// A record of which nothing says what it is.
pub(super) fn unknown(span: Span) -> Diagnostic {
    Diagnostic::new(Code::UnknownRecord, span, "nothing says which type this record is of")
        .label("its fields could be anything")
        .help("declare the column that it stands in, or write `as([…], Type)`")
}

fn branches_only(span: Span, ty: &str) -> Diagnostic {
    Diagnostic::new(Code::SubtypeMismatch, span, format!("`{ty}` has branches, and this is none of them"))
        .label("a record without a name")
        .help("write `$Branch(…)`, with the name of a branch")
}

pub(super) fn wrong_fields(span: Span, form: FormId, records: &RecordTypes, given: usize) -> Diagnostic {
    let found = records.form(form);
    let names: Vec<&str> = found.fields.iter().map(|field| field.name.as_str()).collect();
    let message = format!("a `{}` has {}, not {given}", records.get(form.ty).name, count(names.len(), "field"));
    Diagnostic::new(Code::WrongArity, span, message)
        .label(format!("{} here", count(given, "field")))
        .help(format!("its fields are {}", if names.is_empty() { "none".to_string() } else { names.join(", ") }))
}

/// Two types of records that met.
pub(super) fn mixed(mixed: &Mixed, records: &RecordTypes) -> Diagnostic {
    let [had, asked] = [mixed.had, mixed.asked].map(|ty| records.get(ty).name.as_str());
    let message = format!("{} is a {had} and a {asked} at once", mixed.at.subject);
    Diagnostic::new(Code::SubtypeMismatch, mixed.at.span, message)
        .label(format!("a {asked} is needed here"))
        .help("records of two types are never equal, even where their fields are")
}
