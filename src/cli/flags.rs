//! Flags that several commands have.

use crate::console::Color;
use crate::data::Dialect;
use crate::session::Claims;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, ValueEnum};
use std::path::PathBuf;
use std::time::Duration;

#[derive(Debug, Clone, Args)]
pub(super) struct LoadArgs {
    /// Programs (.dl), rows (.csv .tsv .jsonl .facts), and folders of them; `-` is standard input
    #[arg(value_name = "PATH")]
    pub(super) paths: Vec<PathBuf>,
    /// Where `.input` looks for rows, instead of the program's folder
    #[arg(short = 'F', long = "fact-dir", value_name = "DIR")]
    pub(super) fact_dir: Option<PathBuf>,
    /// Where `.include` looks besides the program's folder
    #[arg(short = 'I', long = "include-dir", value_name = "DIR")]
    pub(super) include_dirs: Vec<PathBuf>,
    /// A folder that paths in programs may lead into
    #[arg(long, value_name = "DIR")]
    pub(super) allow_path: Vec<PathBuf>,
    /// A library whose functions programs may call, `functors` for libfunctors.so; may be given several times. Its code
    /// and the programs are trusted
    #[arg(short = 'l', long = "libraries", value_name = "NAME")]
    pub(super) libraries: Vec<PathBuf>,
    /// Where such libraries lie, instead of here
    #[arg(short = 'L', long = "library-dir", value_name = "DIR")]
    pub(super) library_dirs: Vec<PathBuf>,
    /// The language of programs and questions, and of what `.output` writes
    #[arg(long, value_name = "DIALECT", default_value = "entail", value_parser = dialects())]
    pub(super) dialect: Dialect,
    /// Soufflé's numbers have 64 bits instead of 32
    #[arg(long)]
    pub(super) wide: bool,
    /// Whether standard input holds something else than rows
    #[arg(skip)]
    pub(super) input_is_taken: bool,
}

impl LoadArgs {
    /// The language, with its numbers as wide as the flags say.
    pub(super) fn language(&self) -> Dialect {
        if self.wide { self.dialect.wide() } else { self.dialect }
    }
}

#[derive(Debug, Args)]
pub(super) struct ChangeArgs {
    /// A fact to add first; may be given several times
    #[arg(long = "assert", value_name = "FACT")]
    pub(super) asserted: Vec<String>,
    /// A fact, a pattern or a citation to take away first; may be given several times
    #[arg(long = "retract", value_name = "FACT")]
    pub(super) retracted: Vec<String>,
    /// Leave out what rests only on such claims, `source=moscow_times`; may be given several times
    #[arg(long = "without", value_name = "KIND=VALUE", value_parser = claims)]
    pub(super) without: Vec<Claims>,
}

impl ChangeArgs {
    /// Whether nothing is to be changed.
    pub(super) fn is_empty(&self) -> bool {
        self.asserted.is_empty() && self.retracted.is_empty() && self.without.is_empty()
    }
}

fn claims(text: &str) -> Result<Claims, String> {
    let (kind, value) = text.split_once('=').ok_or("write `KIND=VALUE`, such as `source=moscow_times`")?;
    Ok(Claims { kind: kind.into(), value: value.into() })
}

#[derive(Debug, Clone, Args)]
pub(super) struct LimitArgs {
    /// Threads; all cores if not given
    #[arg(short = 'j', long = "jobs", value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub(super) jobs: Option<u16>,
    /// End the run after so much time: 1, 1s, 500ms
    #[arg(long, value_name = "TIME", value_parser = crate::console::duration)]
    pub(super) timeout: Option<Duration>,
    /// End the run before the process uses more memory: 2G, 500M; default three quarters of what there is
    #[arg(long, value_name = "BYTES", value_parser = crate::console::bytes)]
    pub(super) memory_limit: Option<usize>,
    /// End the run when rules have derived more rows
    #[arg(long, value_name = "N")]
    pub(super) max_tuples: Option<usize>,
    /// End the run after more rounds
    #[arg(long, value_name = "N")]
    pub(super) max_rounds: Option<usize>,
    /// Say at the end what the run took
    #[arg(long)]
    pub(super) stats: bool,
    /// Write what each rule cost to a file, as JSON
    #[arg(long, value_name = "FILE")]
    pub(super) profile: Option<PathBuf>,
    /// Say nothing besides answers and errors
    #[arg(long)]
    pub(super) quiet: bool,
}

#[derive(Debug, Args)]
pub(super) struct OutputArgs {
    /// How answers are printed: table csv tsv json jsonl facts dl markdown line; a table on a terminal, else tsv
    #[arg(long, value_name = "FORMAT", value_parser = crate::console::format)]
    pub(super) format: Option<crate::formats::Format>,
    #[command(flatten)]
    pub(super) color: ColorArgs,
}

#[derive(Debug, Clone, Copy, Args)]
pub(super) struct ColorArgs {
    /// When to use colour
    #[arg(long, value_name = "WHEN", default_value = "auto", value_parser = colors())]
    pub(super) color: Color,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum TextOrJson {
    Text,
    Json,
}

pub(super) fn dialects() -> impl TypedValueParser<Value = Dialect> {
    PossibleValuesParser::new(Dialect::ALL.map(Dialect::name)).map(|word| {
        let named = Dialect::ALL.into_iter().find(|dialect| dialect.name() == word);
        named.expect("the choices are the names of dialects")
    })
}

fn colors() -> impl TypedValueParser<Value = Color> {
    PossibleValuesParser::new(Color::CHOICES.map(|(word, _)| word))
        .map(|word| Color::from_word(&word).expect("the choices are the words of colours"))
}
