//! From flags to a loaded session: the part that every command shares.

use super::flags::{ChangeArgs, LimitArgs, LoadArgs};
use super::libraries;
use crate::console::Console;
use crate::console::Exit;
use crate::console::{Progress, clock, default_limit, evaluating, install, time_out};
use crate::eval::{Limits, MemoryLimit};
use crate::report::{Code, Diagnostic};
use crate::session::{Changed, Failure, Input, LoadOptions, Session};
use crate::syntax;
use std::io::{self, Read};
use std::path::Path;

/// A session with its files loaded and its facts changed as the flags say.
pub(super) fn open(
    load: &LoadArgs,
    change: Option<&ChangeArgs>,
    limits: &LimitArgs,
    console: &Console,
    used: fn() -> usize,
) -> Result<Session, Exit> {
    let (mut session, loaded) = self::load(load, limits, console, used);
    let changed = loaded.map_err(|failure| console.fail(&session, &failure))?;
    if !limits.quiet {
        console.diagnostics(&session, &changed.warnings);
    }
    if let Some(change) = change {
        self::change(&mut session, change, console)?;
    }
    Ok(session)
}

/// Changes the facts as the flags say.
pub(super) fn change(session: &mut Session, change: &ChangeArgs, console: &Console) -> Result<(), Exit> {
    evaluate(session, console, |session| apply(session, change))
}

/// A session with the limits of the flags, and what became of loading the files into it.
pub(super) fn load(
    load: &LoadArgs,
    limits: &LimitArgs,
    console: &Console,
    used: fn() -> usize,
) -> (Session, Result<Changed, Failure>) {
    let mut session = Session::new();
    session.limits = self::limits(limits, used);
    install(session.limits.interrupt.clone());
    if let Some(after) = limits.timeout {
        time_out(after, session.limits.interrupt.clone());
    }
    if let Some(jobs) = limits.jobs {
        // The pool of the process is made once, before anything runs on it.
        let _ = rayon::ThreadPoolBuilder::new().num_threads(usize::from(jobs)).build_global();
    }
    let progress = Progress::start(&session.limits.meter, console);
    let loaded = inputs(load)
        .and_then(|inputs| Ok((inputs, options(load)?)))
        .map_err(Failure::from)
        .and_then(|(inputs, options)| session.load(&inputs, &options));
    progress.stop();
    (session, loaded)
}

/// Runs an evaluation that can be interrupted and timed out, with its progress on the terminal.
pub(super) fn evaluate<R>(
    session: &mut Session,
    console: &Console,
    run: impl FnOnce(&mut Session) -> Result<R, Failure>,
) -> Result<R, Exit> {
    let progress = Progress::start(&session.limits.meter, console);
    let result = evaluating(|| run(session));
    progress.stop();
    result.map_err(|failure| console.fail(session, &failure))
}

fn limits(args: &LimitArgs, used: fn() -> usize) -> Limits {
    let bytes = args.memory_limit.or_else(default_limit);
    Limits {
        max_tuples: args.max_tuples,
        max_rounds: args.max_rounds,
        clock: Some(clock),
        memory: bytes.map(|bytes| MemoryLimit { bytes, used }),
        ..Limits::default()
    }
}

fn options(args: &LoadArgs) -> Result<LoadOptions, Diagnostic> {
    let is_taken = args.input_is_taken || args.paths.iter().any(|path| path == Path::new("-"));
    Ok(LoadOptions {
        fact_dir: args.fact_dir.clone(),
        include_dirs: args.include_dirs.clone(),
        allowed: args.allow_path.clone(),
        dialect: args.language(),
        libraries: libraries::open(args)?,
        standard_input: (!is_taken).then_some(|| Box::new(io::stdin())),
    })
}

/// What the paths name; `-` is the text of standard input.
fn inputs(args: &LoadArgs) -> Result<Vec<Input>, Diagnostic> {
    args.paths
        .iter()
        .map(|path| if path == Path::new("-") { standard_input() } else { Ok(Input::Path(path.clone())) })
        .collect()
}

fn standard_input() -> Result<Input, Diagnostic> {
    let mut text = String::new();
    io::stdin()
        .lock()
        .read_to_string(&mut text)
        .map_err(|error| Diagnostic::bare(Code::CannotRead, format!("cannot read standard input: {error}")))?;
    Ok(Input::Text { name: "standard input".into(), text })
}

/// Asserts, then retracts, then leaves claims out, in the order of the flags of each kind.
fn apply(session: &mut Session, change: &ChangeArgs) -> Result<(), Failure> {
    for fact in &change.asserted {
        let fact = syntax::ended(session.options().dialect, fact.trim(), '.');
        session.assert("--assert", &fact)?;
    }
    for fact in &change.retracted {
        session.retract("--retract", fact)?;
    }
    for claims in &change.without {
        session.without(claims)?;
    }
    Ok(())
}
