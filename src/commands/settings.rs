//! Settings: one table of names, with how each is read and shown.

use super::conversation::{After, Conversation};
use crate::console::{Exit, Paging, bytes, duration, spelled_bytes, spelled_duration};
use crate::eval::MemoryLimit;
use crate::formats::Format;
use crate::report::{Code, Diagnostic, nearest};
use std::time::Duration;

/// What a conversation was set to, besides the limits of its session.
#[derive(Debug)]
pub(crate) struct Settings {
    /// The format of answers; the console's choice if none.
    pub(crate) format: Option<Format>,
    /// So many rows of a long answer are shown; all if none.
    pub(crate) max_rows: Option<usize>,
    /// Whether times are told.
    pub(crate) timer: bool,
    /// Whether costs are told behind each answer.
    pub(crate) stats: bool,
    /// How long an evaluation may take.
    pub(crate) timeout: Option<Duration>,
    /// The threads that evaluate; those of the process if none.
    pub(crate) pool: Option<rayon::ThreadPool>,
    /// How to measure memory.
    pub(crate) used: fn() -> usize,
}

impl Settings {
    pub(crate) fn new(used: fn() -> usize) -> Self {
        Self { format: None, max_rows: Some(40), timer: true, stats: false, timeout: None, pool: None, used }
    }
}

/// One setting.
struct Setting {
    /// What it is called.
    name: &'static str,
    /// What it does, in a line.
    help: &'static str,
    show: fn(&Conversation) -> String,
    set: fn(&mut Conversation, &str) -> Result<(), String>,
}

static SETTINGS: &[Setting] = &[
    Setting {
        name: "mode",
        help: "how answers are printed",
        show: |it| it.console.format(it.settings.format).name().into(),
        set: |it, value| {
            it.settings.format = Some(crate::console::format(value)?);
            Ok(())
        },
    },
    Setting {
        name: "maxrows",
        help: "rows of a long answer that are shown",
        show: |it| it.settings.max_rows.map_or("all".into(), |rows| rows.to_string()),
        set: |it, value| {
            it.settings.max_rows = number_or(value, "all")?;
            Ok(())
        },
    },
    Setting {
        name: "pager",
        help: "when long output is shown in a pager",
        show: |it| word_of(&Paging::CHOICES, it.console.paging).into(),
        set: |it, value| {
            it.console.paging = choice(&Paging::CHOICES, value)?;
            Ok(())
        },
    },
    Setting {
        name: "timer",
        help: "whether times are told",
        show: |it| on_off(it.settings.timer).into(),
        set: |it, value| {
            it.settings.timer = choice(&ON_OFF, value)?;
            Ok(())
        },
    },
    Setting {
        name: "stats",
        help: "whether rounds, rows and memory are told behind each answer",
        show: |it| on_off(it.settings.stats).into(),
        set: |it, value| {
            it.settings.stats = choice(&ON_OFF, value)?;
            Ok(())
        },
    },
    Setting {
        name: "threads",
        help: "threads that evaluate",
        show: |it| {
            it.settings.pool.as_ref().map_or_else(rayon::current_num_threads, |it| it.current_num_threads()).to_string()
        },
        set: |it, value| {
            let threads: usize = value.parse().map_err(|_| "give a number of threads".to_owned())?;
            if !(1..=1024).contains(&threads) {
                return Err("give 1 to 1024 threads".into());
            }
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
            it.settings.pool = Some(pool.map_err(|error| error.to_string())?);
            Ok(())
        },
    },
    Setting {
        name: "timeout",
        help: "the time that one evaluation may take",
        show: |it| it.settings.timeout.map_or("off".into(), spelled_duration),
        set: |it, value| {
            it.settings.timeout = if value == "off" { None } else { Some(duration(value)?) };
            Ok(())
        },
    },
    Setting {
        name: "memory-limit",
        help: "the memory that the process may use",
        show: |it| it.session.limits.memory.map_or("off".into(), |limit| spelled_bytes(limit.bytes)),
        set: |it, value| {
            let used = it.settings.used;
            let limit = |bytes| MemoryLimit { bytes, used };
            it.session.limits.memory = if value == "off" { None } else { Some(limit(bytes(value)?)) };
            Ok(())
        },
    },
    Setting {
        name: "max-tuples",
        help: "rows that one evaluation may derive",
        show: |it| it.session.limits.max_tuples.map_or("off".into(), |rows| rows.to_string()),
        set: |it, value| {
            it.session.limits.max_tuples = number_or(value, "off")?;
            Ok(())
        },
    },
    Setting {
        name: "max-rounds",
        help: "rounds that one evaluation may take",
        show: |it| it.session.limits.max_rounds.map_or("off".into(), |rounds| rounds.to_string()),
        set: |it, value| {
            it.session.limits.max_rounds = number_or(value, "off")?;
            Ok(())
        },
    },
];

/// The names of all settings.
pub(crate) fn settings_names() -> impl Iterator<Item = &'static str> {
    SETTINGS.iter().map(|setting| setting.name)
}

const ON_OFF: [(&str, bool); 2] = [("on", true), ("off", false)];

impl Conversation {
    /// `.set [NAME [VALUE]]`
    pub(super) fn set(&mut self, args: &str) -> Result<After, Exit> {
        let (name, value) = args.split_once(char::is_whitespace).unwrap_or((args, ""));
        if name.is_empty() {
            let width = SETTINGS.iter().map(|setting| setting.name.len()).max().unwrap_or(0);
            let line =
                |setting: &Setting| format!("{:width$}  {:<6}  {}\n", setting.name, (setting.show)(self), setting.help);
            let text: String = SETTINGS.iter().map(line).collect();
            return self.out(&text);
        }
        self.set_or_show(name, value)
    }

    /// Changes a setting, or shows it where there is no value.
    pub(super) fn set_or_show(&mut self, name: &str, value: &str) -> Result<After, Exit> {
        let Some(setting) = SETTINGS.iter().find(|setting| setting.name == name) else {
            let message = format!("no setting is called `{}`", crate::formats::escape(name));
            let help = match nearest(name, SETTINGS.iter().map(|setting| setting.name)) {
                Some(near) => format!("did you mean `{near}`?"),
                None => "`.set` lists them".into(),
            };
            return self.refuse(Diagnostic::bare(Code::CommandUsage, message).help(help));
        };
        let value = value.trim();
        if !value.is_empty()
            && let Err(reason) = (setting.set)(self, value)
        {
            let message = format!("`{name}` cannot be `{}`", crate::formats::escape(value));
            return self.refuse(Diagnostic::bare(Code::CommandUsage, message).help(reason));
        }
        self.console.remark(&format!("{name} is {}", (setting.show)(self)));
        Ok(After::GoOn)
    }
}

fn number_or(value: &str, none: &str) -> Result<Option<usize>, String> {
    match value.parse() {
        _ if value == none => Ok(None),
        Ok(0) | Err(_) => Err(format!("give a number of at least 1, or `{none}`")),
        Ok(number) => Ok(Some(number)),
    }
}

fn choice<T: Copy>(choices: &[(&str, T)], value: &str) -> Result<T, String> {
    let found = choices.iter().find(|(word, _)| *word == value).map(|(_, choice)| *choice);
    found.ok_or_else(|| {
        let words: Vec<&str> = choices.iter().map(|(word, _)| *word).collect();
        format!("it is one of {}", words.join(", "))
    })
}

fn word_of<T: PartialEq>(choices: &[(&'static str, T)], value: T) -> &'static str {
    choices.iter().find(|(_, choice)| *choice == value).map_or("", |(word, _)| word)
}

fn on_off(on: bool) -> &'static str {
    word_of(&ON_OFF, on)
}
