//! Reasons: `.why`.

use super::conversation::{After, Conversation};
use super::files::write_whole;
use crate::console::Exit;
use crate::explain::{Cut, Form};
use crate::report::count;
use crate::session::Explained;
use std::path::Path;

impl Conversation {
    /// `.why [--format FORM] FACT`
    pub(super) fn why(&mut self, args: &str) -> Result<After, Exit> {
        let Ok((form, fact)) = form_and_fact(args) else {
            let names: Vec<&str> = Form::all().map(Form::name).collect();
            return self.misused("why", &format!("the forms are {}", names.join(", ")));
        };
        if fact.is_empty() {
            return self.misused("why", "which fact?");
        }
        let (result, _) = self.work(|session| session.why("prompt", fact));
        match result {
            Ok(Some(explained)) => self.show_reasons(&explained, form, &format!(".why {args}")),
            Ok(None) => self.out("it does not hold\n"),
            Err(failure) => self.failed(failure).map(|()| After::GoOn),
        }
    }

    /// Shows an explanation, or writes it to the file of `.once`, whose ending chooses the form if nothing else does.
    fn show_reasons(&mut self, explained: &Explained, form: Option<Form>, typed: &str) -> Result<After, Exit> {
        let once = self.once.take();
        let form = form.or_else(|| ending(once.as_deref()?)).unwrap_or(Form::Text);
        let told = explained.show(form, &self.session, Cut::default(), typed);
        match once {
            Some(path) => match write_whole(&path, |out| out.write_all(told.as_bytes())) {
                Ok(()) => self.console.remark(&format!("wrote the reasons to {}", path.display())),
                Err(diagnostic) => return self.refuse(diagnostic),
            },
            None => self.console.show(&told, form == Form::Text)?,
        }
        if explained.answers > 1 {
            self.console.remark(&format!("the first of {} is explained", count(explained.answers, "answer")));
        }
        Ok(After::GoOn)
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
