//! What can be typed behind `entail`: its commands, each with its flags.

use super::flags::{ChangeArgs, ColorArgs, LimitArgs, LoadArgs, OutputArgs, TextOrJson, dialects};
use crate::data::Dialect;
use crate::explain::Form;
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::{Args, Parser, Subcommand, ValueEnum};
use std::num::NonZeroUsize;
use std::path::PathBuf;

/// A Datalog engine with a prompt, and answers that cite their sources.
#[derive(Debug, Parser)]
#[command(name = "entail", version, args_conflicts_with_subcommands = true, disable_help_subcommand = true)]
pub(super) struct Cli {
    #[command(subcommand)]
    pub(super) command: Option<Command>,
    #[command(flatten)]
    pub(super) prompt: PromptArgs,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Evaluate, write what `.output` asks for, print `.printsize` and the answers of `?-`
    Run(RunArgs),
    /// Print the answers of the queries given with -q
    Query(QueryArgs),
    /// Show why a fact holds, down to the sentences that it rests on
    #[command(override_usage = "entail explain [OPTIONS] [PATH]... <FACT>")]
    Explain(ExplainArgs),
    /// Show what follows, and what no longer does, once facts are changed, and which change caused it
    Diff(DiffArgs),
    /// Look for mistakes and broken constraints
    Check(CheckArgs),
    /// Lay out programs as the project does
    Fmt(FmtArgs),
    /// Write a program and its facts as another engine reads them
    Emit(EmitArgs),
    /// Draw which relation depends on which, or a proof, for Graphviz or Mermaid
    Graph(GraphArgs),
    /// Print what makes a shell complete the command's words
    Completions(CompletionsArgs),
    /// Print the manual page
    Man,
    /// Explain a diagnostic code such as E0203, or list them all
    Help(HelpArgs),
}

#[derive(Debug, Args)]
pub(super) struct PromptArgs {
    #[command(flatten)]
    pub(super) load: LoadArgs,
    #[command(flatten)]
    pub(super) limits: LimitArgs,
    #[command(flatten)]
    pub(super) output: OutputArgs,
    /// A statement to run instead of a prompt; may be given several times
    #[arg(short = 'c', value_name = "STATEMENT")]
    pub(super) commands: Vec<String>,
    /// A file of statements to run instead of a prompt (`-` is standard input)
    #[arg(short = 'f', value_name = "FILE")]
    pub(super) script: Option<PathBuf>,
    /// Go on behind a statement that fails
    #[arg(long)]
    pub(super) keep_going: bool,
    /// Show each statement and answer as at the prompt, all on standard output
    #[arg(long, conflicts_with = "keep_going")]
    pub(super) echo: bool,
    /// Start without the commands of the rc file
    #[arg(short = 'X', long)]
    pub(super) no_rc: bool,
}

#[derive(Debug, Args)]
pub(super) struct RunArgs {
    #[command(flatten)]
    pub(super) load: LoadArgs,
    #[command(flatten)]
    pub(super) change: ChangeArgs,
    #[command(flatten)]
    pub(super) limits: LimitArgs,
    #[command(flatten)]
    pub(super) output: OutputArgs,
    /// Where `.output` writes, created if absent; `-` is standard output
    #[arg(short = 'D', long = "output-dir", value_name = "DIR", default_value = ".")]
    pub(super) output_dir: PathBuf,
}

#[derive(Debug, Args)]
pub(super) struct QueryArgs {
    #[command(flatten)]
    pub(super) load: LoadArgs,
    /// `?- g.`, `g?` or bare `g`; may be given several times
    #[arg(short = 'q', long = "query", value_name = "QUERY", required = true)]
    pub(super) queries: Vec<String>,
    /// Exit 1 if an answer is `false` or has no rows
    #[arg(short = 'e', long)]
    pub(super) exit_status: bool,
    #[command(flatten)]
    pub(super) change: ChangeArgs,
    #[command(flatten)]
    pub(super) limits: LimitArgs,
    #[command(flatten)]
    pub(super) output: OutputArgs,
}

#[derive(Debug, Args)]
pub(super) struct ExplainArgs {
    /// Paths as elsewhere, and behind them the fact, `p(a, b)`; with variables, its first answer is explained
    #[command(flatten)]
    pub(super) load: LoadArgs,
    /// The fact is said not to hold: exit 1 if it does
    #[arg(long)]
    pub(super) why_not: bool,
    /// The form of the explanation
    #[arg(long, value_name = "FORM", default_value = "text", value_parser = forms())]
    pub(super) format: Form,
    /// Show up to so many proofs that differ in a rule or a stored fact, the lowest first; as text or JSON
    #[arg(long, value_name = "N")]
    pub(super) all: Option<NonZeroUsize>,
    /// Show so many steps from the fact downwards; JSON is always whole
    #[arg(long, value_name = "N")]
    pub(super) depth: Option<usize>,
    /// Show so many rows of each aggregate, and facts that keep something absent; JSON is always whole
    #[arg(long, value_name = "N")]
    pub(super) rows: Option<usize>,
    #[command(flatten)]
    pub(super) change: ChangeArgs,
    #[command(flatten)]
    pub(super) limits: LimitArgs,
    #[command(flatten)]
    pub(super) color: ColorArgs,
}

impl ExplainArgs {
    /// The paths, and the fact behind them.
    pub(super) fn split(&self) -> (LoadArgs, String) {
        let mut load = self.load.clone();
        let fact = load.paths.pop().map(|fact| fact.to_string_lossy().into_owned());
        (load, fact.unwrap_or_default())
    }
}

#[derive(Debug, Args)]
pub(super) struct DiffArgs {
    #[command(flatten)]
    pub(super) load: LoadArgs,
    #[command(flatten)]
    pub(super) change: ChangeArgs,
    /// How to print what is gained and lost
    #[arg(long, value_enum, default_value_t = TextOrJson::Text)]
    pub(super) format: TextOrJson,
    #[command(flatten)]
    pub(super) limits: LimitArgs,
    #[command(flatten)]
    pub(super) color: ColorArgs,
}

#[derive(Debug, Args)]
pub(super) struct CheckArgs {
    #[command(flatten)]
    pub(super) load: LoadArgs,
    #[command(flatten)]
    pub(super) limits: LimitArgs,
    /// How to print what is found
    #[arg(long, value_enum, default_value_t = TextOrJson::Text)]
    pub(super) format: TextOrJson,
    /// Exit 1 on warnings too
    #[arg(long)]
    pub(super) deny_warnings: bool,
    #[command(flatten)]
    pub(super) color: ColorArgs,
}

#[derive(Debug, Args)]
pub(super) struct FmtArgs {
    /// Programs, and folders of programs; `-` is standard input
    #[arg(value_name = "PATH", required = true)]
    pub(super) paths: Vec<PathBuf>,
    /// Change nothing; exit 1 and name the files that would change
    #[arg(long)]
    pub(super) check: bool,
    /// The language of programs; only Entail's own is laid out
    #[arg(long, value_name = "DIALECT", default_value = "entail", value_parser = dialects())]
    pub(super) dialect: Dialect,
    #[command(flatten)]
    pub(super) color: ColorArgs,
}

#[derive(Debug, Args)]
pub(super) struct EmitArgs {
    #[command(flatten)]
    pub(super) load: LoadArgs,
    /// The engine that is to read it
    #[arg(long, value_enum, value_name = "ENGINE", default_value_t = Target::Souffle)]
    pub(super) target: Target,
    #[command(flatten)]
    pub(super) change: ChangeArgs,
    #[command(flatten)]
    pub(super) limits: LimitArgs,
    #[command(flatten)]
    pub(super) color: ColorArgs,
}

#[derive(Debug, Args)]
pub(super) struct GraphArgs {
    #[command(flatten)]
    pub(super) load: LoadArgs,
    /// What to draw
    #[arg(long, value_enum, value_name = "WHAT", default_value_t = GraphKind::Rules)]
    pub(super) of: GraphKind,
    /// The fact whose proof is drawn
    #[arg(long, value_name = "FACT", required_if_eq("of", "proof"))]
    pub(super) fact: Option<String>,
    /// The language to draw it in
    #[arg(long, value_enum, default_value_t = GraphFormat::Dot)]
    pub(super) format: GraphFormat,
    #[command(flatten)]
    pub(super) limits: LimitArgs,
    #[command(flatten)]
    pub(super) color: ColorArgs,
}

#[derive(Debug, Args)]
pub(super) struct CompletionsArgs {
    /// The shell
    #[arg(value_enum, value_name = "SHELL")]
    pub(super) shell: clap_complete::Shell,
}

#[derive(Debug, Args)]
pub(super) struct HelpArgs {
    /// A code such as E0203
    #[arg(value_name = "CODE")]
    pub(super) code: Option<String>,
}

fn forms() -> impl TypedValueParser<Value = Form> {
    let values = Form::all().map(|form| PossibleValue::new(form.name()).help(form.help()));
    PossibleValuesParser::new(values).map(|word| Form::by_name(&word).expect("the choices are the names of forms"))
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Target {
    /// A Soufflé program that derives the same rows
    Souffle,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum GraphKind {
    /// The relations, and which is derived from which
    Rules,
    /// The same, with the relations that are derived together in one box
    Strata,
    /// Why a fact holds
    Proof,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum GraphFormat {
    /// Graphviz
    Dot,
    /// Mermaid, as documents on the web show it
    Mermaid,
}
