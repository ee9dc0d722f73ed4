//! Reasons: `.why`, `.whynot`.

use super::conversation::{After, Conversation};
use super::files::write_whole;
use crate::console::Exit;
use crate::explain::{Cut, Form};
use crate::report::count;
use crate::session::{Explained, Failure, Reasons};
use std::path::Path;

impl Conversation {
    /// `.why [--format FORM] FACT`
    pub(super) fn why(&mut self, args: &str) -> Result<After, Exit> {
        self.reasons("why", args, true)
    }

    /// `.whynot FACT`
    pub(super) fn why_not(&mut self, args: &str) -> Result<After, Exit> {
        self.reasons("whynot", args, false)
    }

    /// Shows why a fact holds or not, whatever was asked, and says so where the other was.
    fn reasons(&mut self, command: &str, args: &str, asks_why: bool) -> Result<After, Exit> {
        let Ok((form, fact)) = form_and_fact(args) else {
            let names: Vec<&str> = Form::all().map(Form::name).collect();
            return self.misused(command, &format!("the forms are {}", names.join(", ")));
        };
        if fact.is_empty() {
            return self.misused(command, "which fact?");
        }
        let (result, _): (Result<Reasons, Failure>, _) = self.work(|session| session.explain("prompt", fact));
        match &result {
            Ok(Reasons::Holds(explained)) => {
                if !asks_why {
                    self.console.remark("it holds; this is why");
                }
                self.holds(explained, form, &format!(".{command} {args}"))
            }
            Ok(Reasons::Fails(lacking)) => {
                if asks_why {
                    self.console.remark("it does not hold; this is why not");
                }
                match form.or_else(|| ending(self.once.as_deref()?)) {
                    Some(Form::Json) => self.give(&lacking.json(&self.session), Form::Json),
                    _ => self.give(&lacking.text(&self.session), Form::Text),
                }
            }
            Err(failure) => self.failed(failure.clone()).map(|()| After::GoOn),
        }
    }

    /// Shows a proof; the ending of the file that it goes to chooses the form, if nothing else does.
    fn holds(&mut self, explained: &Explained, form: Option<Form>, typed: &str) -> Result<After, Exit> {
        let form = form.or_else(|| ending(self.once.as_deref()?)).unwrap_or(Form::Text);
        let after = self.give(&explained.show(form, &self.session, Cut::default(), typed), form)?;
        if explained.answers > 1 {
            self.console.remark(&format!("the first of {} is explained", count(explained.answers, "answer")));
        }
        Ok(after)
    }

    /// Shows a text, or writes it to the file of `.once`.
    fn give(&mut self, text: &str, form: Form) -> Result<After, Exit> {
        let Some(path) = self.once.take() else {
            return self.console.show(text, form == Form::Text).map(|()| After::GoOn);
        };
        match write_whole(&path, |out| out.write_all(text.as_bytes())) {
            Ok(()) => {
                self.console.remark(&format!("wrote the reasons to {}", path.display()));
                Ok(After::GoOn)
            }
            Err(diagnostic) => self.refuse(diagnostic),
        }
    }
}

fn ending(path: &Path) -> Option<Form> {
    Form::by_ending(path.extension()?.to_str()?)
}

/// A form that nobody knows.
struct UnknownForm;

/// The form, if one is named, and the fact behind it.
fn form_and_fact(args: &str) -> Result<(Option<Form>, &str), UnknownForm> {
    let Some(rest) = args.strip_prefix("--format") else { return Ok((None, args)) };
    let rest = rest.trim_start_matches(['=', ' ']);
    let (name, fact) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
    Ok((Some(Form::by_name(name).ok_or(UnknownForm)?), fact.trim_start()))
}
