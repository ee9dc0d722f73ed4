//! Reasons: `.why`, `.whynot`.

use super::conversation::{After, Conversation};
use super::files::write_whole;
use crate::console::Exit;
use crate::explain::{Cut, Form};
use crate::session::{Explained, Failure, Reasons};
use std::num::NonZeroUsize;
use std::path::Path;

impl Conversation {
    /// `.why [--format FORM] [--all N] [--depth N] [--rows N] FACT`
    pub(super) fn why(&mut self, args: &str) -> Result<After, Exit> {
        self.reasons("why", args, true)
    }

    /// `.whynot FACT`
    pub(super) fn why_not(&mut self, args: &str) -> Result<After, Exit> {
        self.reasons("whynot", args, false)
    }

    /// Shows why a fact holds or not, whatever was asked, and says so where the other was.
    fn reasons(&mut self, command: &str, args: &str, asks_why: bool) -> Result<After, Exit> {
        let wanted = match wanted(args) {
            Ok(wanted) if wanted.fact.is_empty() => return self.misused(command, "which fact?"),
            Ok(wanted) => wanted,
            Err(what) => return self.misused(command, &what),
        };
        if let (Some(most), true) = (wanted.all, asks_why)
            && let Some(after) = self.several(&wanted, most.get(), &format!(".{command} {args}"))?
        {
            return Ok(after);
        }
        let (result, _): (Result<Reasons, Failure>, _) = self.work(|session| session.explain("prompt", wanted.fact));
        match &result {
            Ok(Reasons::Holds(explained)) => {
                if !asks_why {
                    self.console.remark("it holds; this is why");
                }
                self.holds(explained, &wanted, &format!(".{command} {args}"))
            }
            Ok(Reasons::Fails(lacking)) => {
                if asks_why {
                    self.console.remark("it does not hold; this is why not");
                }
                match wanted.form.or_else(|| ending(self.once.as_deref()?)) {
                    Some(Form::Json) => self.give(&lacking.json(&self.session), Form::Json),
                    _ => self.give(&lacking.text(&self.session), Form::Text),
                }
            }
            Err(failure) => self.failed(failure.clone()).map(|()| After::GoOn),
        }
    }

    /// Shows a proof; the ending of the file that it goes to chooses the form, if nothing else does.
    fn holds(&mut self, explained: &Explained, wanted: &Wanted<'_>, typed: &str) -> Result<After, Exit> {
        let form = wanted.form.or_else(|| ending(self.once.as_deref()?)).unwrap_or(Form::Text);
        let after = self.give(&explained.show(form, &self.session, self.in_window(wanted.cut), typed), form)?;
        self.console.first(&explained.first);
        Ok(after)
    }

    /// Shows up to so many proofs, one after the other; nothing if there is none.
    fn several(&mut self, wanted: &Wanted<'_>, most: usize, typed: &str) -> Result<Option<After>, Exit> {
        let form = wanted.form.or_else(|| ending(self.once.as_deref()?)).unwrap_or(Form::Text);
        if !matches!(form, Form::Text | Form::Json) {
            return self.misused("why", "several proofs are shown as text or JSON").map(Some);
        }
        match self.work(|session| session.proofs("prompt", wanted.fact, most)).0 {
            Ok(proofs) if proofs.found.is_empty() => Ok(None),
            Ok(proofs) => {
                let after = self.give(&proofs.show(form, &self.session, self.in_window(wanted.cut), typed), form)?;
                self.console.proofs(&proofs, most);
                Ok(Some(after))
            }
            Err(failure) => self.failed(failure).map(|()| Some(After::GoOn)),
        }
    }

    /// The same cut for the window as it is now.
    fn in_window(&self, cut: Cut) -> Cut {
        Cut { columns: self.console.layout().width, ..cut }
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

/// What is to be explained, and how.
struct Wanted<'a> {
    form: Option<Form>,
    all: Option<NonZeroUsize>,
    cut: Cut,
    fact: &'a str,
}

/// The options in front of a fact, and the fact; or what is wrong with them.
fn wanted(args: &str) -> Result<Wanted<'_>, String> {
    let mut wanted = Wanted { form: None, all: None, cut: Cut::default(), fact: args };
    while let Some(rest) = wanted.fact.strip_prefix("--") {
        let (option, rest) = rest.split_once(['=', ' ']).unwrap_or((rest, ""));
        let (value, fact) = rest.trim_start().split_once(char::is_whitespace).unwrap_or((rest.trim_start(), ""));
        let number = || value.parse().map(Some).map_err(|_| format!("`--{option}` takes a number"));
        match option {
            "format" => {
                let names: Vec<&str> = Form::all().map(Form::name).collect();
                let form = Form::by_name(value).ok_or_else(|| format!("the forms are {}", names.join(", ")))?;
                wanted.form = Some(form);
            }
            "all" => wanted.all = Some(value.parse().map_err(|_| "`--all` takes a number from 1 on".to_owned())?),
            "depth" => wanted.cut.depth = number()?,
            "rows" => wanted.cut.rows = number()?,
            _ => return Err("the options are --format, --all, --depth and --rows".to_owned()),
        }
        wanted.fact = fact.trim_start();
    }
    Ok(wanted)
}
