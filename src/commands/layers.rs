//! Assumptions: `.assume`, `.without`, `.diff`, `.keep`, `.drop`.

use super::changes::{done, known, undone};
use super::conversation::{After, Conversation};
use super::words::words;
use crate::console::Exit;
use crate::report::{Code, Diagnostic, count};
use crate::session::{Changed, Claims, Failure, Session};

impl Conversation {
    /// `.assume [STATEMENT...]`
    pub(super) fn assume(&mut self, args: &str) -> Result<After, Exit> {
        let nothing = if args.is_empty() { "what is told now is only assumed" } else { "nothing new" };
        self.open_layer(nothing, |session| session.assume("prompt", args))
    }

    /// `.without KIND VALUE`
    pub(super) fn without(&mut self, args: &str) -> Result<After, Exit> {
        let words = words(args);
        let named = match &words[..] {
            [kind, value] => Some((&**kind, &**value)),
            [both] => both.split_once('='),
            _ => None,
        };
        let Some((kind, value)) = named else {
            let kinds = self.session.kinds_of_claims().join(", ");
            let kinds = if kinds.is_empty() { String::new() } else { format!("; the kinds are {kinds}") };
            return self.misused("without", &format!("name a kind of claims and a value{kinds}"));
        };
        let claims = Claims { kind: kind.into(), value: value.into() };
        self.open_layer("no fact rests on such claims", |session| session.without_in_layer(&claims))
    }

    /// `.diff [N]`
    pub(super) fn diff(&mut self, args: &str) -> Result<After, Exit> {
        let open = self.session.layers().len();
        if open == 0 {
            return self.nothing_is_assumed();
        }
        let latest = match args.parse() {
            _ if args.is_empty() => open,
            Ok(latest) if (1..=open).contains(&latest) => latest,
            Ok(_) | Err(_) => {
                return self.misused("diff", &format!("{} open: how many of the latest count?", layers(open)));
            }
        };
        let (result, took) = self.work(|session| session.diff(open - latest));
        match result {
            Ok(diff) => {
                let most = self.settings.max_rows.unwrap_or(usize::MAX);
                self.console.show(&diff.text(&self.session, most), true)?;
                self.console.remark(self.timed(took).trim_start_matches(" · "));
                Ok(After::GoOn)
            }
            Err(failure) => self.failed(failure).map(|()| After::GoOn),
        }
    }

    /// `.keep`
    pub(super) fn keep(&mut self, _: &str) -> Result<After, Exit> {
        let before = self.session.clone();
        if !self.session.keep_layer() {
            return self.nothing_is_assumed();
        }
        let open = self.session.layers().len();
        self.undumped |= open == 0;
        let told = match open {
            0 => "kept: it is assumed no more, it is so".to_owned(),
            open => format!("kept in the layer below · {} open", layers(open)),
        };
        self.console.remark(&told);
        self.changed(before, "it is only assumed again".into());
        Ok(After::GoOn)
    }

    /// `.drop`
    pub(super) fn drop_layer(&mut self, _: &str) -> Result<After, Exit> {
        let before = self.session.clone();
        if !self.session.drop_layer() {
            return self.nothing_is_assumed();
        }
        let told = match self.session.layers().len() {
            0 => "dropped: nothing is assumed any more".to_owned(),
            open => format!("dropped · {} open", layers(open)),
        };
        self.console.remark(&told);
        self.changed(before, "it is assumed again".into());
        Ok(After::GoOn)
    }

    /// What stands before what is typed: how many layers are open, where any is.
    pub fn prompt(&self) -> String {
        match self.session.layers().len() {
            0 => "> ".into(),
            open => format!("assuming {open}> "),
        }
    }

    /// Forgets what is only assumed, as the end of a conversation does, and says so.
    pub(super) fn leave_layers(&mut self) {
        let open = self.session.layers().len();
        if open > 0 {
            while self.session.drop_layer() {}
            self.console.say(&format!("{} open: what was assumed is not kept", layers(open)));
        }
    }

    /// Opens a layer with changes in it, and tells what they are, or that there are none.
    fn open_layer(
        &mut self,
        nothing: &str,
        change: impl FnOnce(&mut Session) -> Result<Changed, Failure> + Send,
    ) -> Result<After, Exit> {
        let before = self.session.clone();
        let (result, took) = self.work(change);
        let changed = match result {
            Ok(changed) => changed,
            Err(failure) => return self.failed(failure).map(|()| After::GoOn),
        };
        if !self.console.quiet {
            self.console.diagnostics(&self.session, &changed.warnings);
        }
        let done = done(&changed);
        let undoing = match &done {
            Some(_) => format!("no longer assumed: {}", undone(&changed)),
            None => "the layer is gone".to_owned(),
        };
        let what = done.as_deref().unwrap_or(nothing);
        self.console.remark(&format!("assumed: {what}{}{}", known(&changed), self.timed(took)));
        self.changed(before, undoing);
        Ok(After::GoOn)
    }

    fn nothing_is_assumed(&mut self) -> Result<After, Exit> {
        let diagnostic = Diagnostic::bare(Code::CommandUsage, "nothing is assumed");
        self.refuse(diagnostic.help("`.assume p(a). q(b)~` assumes a fact, and that another is not there"))
    }
}

/// "2 layers are"
fn layers(open: usize) -> String {
    format!("{} {}", count(open, "layer"), if open == 1 { "is" } else { "are" })
}
