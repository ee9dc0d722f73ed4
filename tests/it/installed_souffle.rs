//! Soufflé, where it is installed: what it derives from a program that was written for it.

use entail::data::{Type, Value};
use entail::session::Session;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;
use std::process::Command;

/// Where Soufflé is: what `ENTAIL_SOUFFLE_BIN` names, or what is called `souffle` on the path.
pub(crate) fn souffle_binary() -> Option<PathBuf> {
    let named = std::env::var_os("ENTAIL_SOUFFLE_BIN").map(PathBuf::from);
    let path = std::env::var_os("PATH").unwrap_or_default();
    let on_path = std::env::split_paths(&path).map(|folder| folder.join("souffle")).collect::<Vec<_>>();
    named.into_iter().chain(on_path).find(|file| file.is_file())
}

/// Why there are no rows.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Unanswered {
    /// It takes the program for none.
    Refused,
    /// It failed by itself, by an assertion for one, or came to no end.
    Failed,
}

/// What begins the fact by which an emitted program makes sure that it is run by a Soufflé of 64 bits.
const NEEDS_64_BITS: &str = "numbers_have_64_bits";

/// How long it may take.
const SECONDS: &str = "20";

/// The exit status with which it refuses a program.
const REFUSED: i32 = 1;

/// An installed Soufflé.
pub(crate) struct InstalledSouffle {
    binary: PathBuf,
    /// Whether it counts with 32 bits.
    is_narrow: bool,
}

impl InstalledSouffle {
    pub(crate) fn find() -> Option<Self> {
        let binary = souffle_binary()?;
        let version = Command::new(&binary).arg("--version").output().expect("Soufflé starts");
        let is_narrow = String::from_utf8_lossy(&version.stdout).contains("32 bits");
        Some(Self { binary, is_narrow })
    }

    /// Whether it has room for every value of a program and of what follows, and prints every value as it is printed here.
    pub(crate) fn has_room_for(&self, text: &str, session: &Session) -> bool {
        let program = session.program();
        let fits = |value: &Value| match value {
            Value::Number(number) => i32::try_from(*number).is_ok(),
            Value::Unsigned(number) => i32::try_from(*number).is_ok(),
            _ => true,
        };
        let all_fit = |id| {
            let columns = &program.relations[id].columns;
            columns.iter().all(|column| column.ty != Type::Float)
                && session.relation_rows(id).rows(session.symbols()).all(|row| row.iter().all(fits))
        };
        !self.is_narrow || (self.read_by_it(text).all(is_narrow) && program.relations.ids().all(all_fit))
    }

    /// The lines of a program without the one that stops a Soufflé of 32 bits.
    fn read_by_it<'t>(&self, text: &'t str) -> impl Iterator<Item = &'t str> {
        text.lines().filter(|line| !(self.is_narrow && line.starts_with(NEEDS_64_BITS)))
    }

    /// The lines of relations that a program derives which it has room for. What Soufflé says against it goes to standard
    /// error.
    pub(crate) fn rows<'n>(
        &self,
        text: &str,
        relations: impl IntoIterator<Item = &'n String>,
    ) -> Result<BTreeMap<String, BTreeSet<String>>, Unanswered> {
        let folder = tempfile::tempdir().expect("a folder");
        let kept = self.read_by_it(text);
        let kept = kept.filter(|line| !line.starts_with(".output") && !line.starts_with(".printsize"));
        let relations: Vec<&String> = relations.into_iter().collect();
        let outputs = relations.iter().map(|name| format!(".output {name}(IO=file, filename=\"{name}.rows\")"));
        let lines: Vec<String> = kept.map(str::to_owned).chain(outputs).collect();
        let program = folder.path().join("p.dl");
        fs::write(&program, lines.join("\n") + "\n").expect("written");
        // Its regular expressions may take exponential time.
        let mut souffle = Command::new("timeout");
        souffle.arg(SECONDS).arg(&self.binary).arg("-w").arg("-D").arg(folder.path()).arg(&program);
        let ran = souffle.output().expect("it starts");
        if !ran.status.success() {
            eprintln!("{}", String::from_utf8_lossy(&ran.stderr));
            return Err(if ran.status.code() == Some(REFUSED) { Unanswered::Refused } else { Unanswered::Failed });
        }
        let lines = |name: &str| {
            let rows = fs::read_to_string(folder.path().join(format!("{name}.rows"))).expect("rows");
            rows.lines().map(str::to_owned).collect()
        };
        Ok(relations.into_iter().map(|name| (name.clone(), lines(name))).collect())
    }
}

/// A row as Soufflé prints it.
pub(crate) fn line(row: &[String]) -> String {
    if row.is_empty() { "()".to_owned() } else { row.join("\t") }
}

/// Whether every number in a line has 32 bits.
fn is_narrow(line: &str) -> bool {
    let mut numbers = line.split(|c: char| !c.is_ascii_digit()).filter(|digits| !digits.is_empty());
    numbers.all(|digits| digits.parse::<i32>().is_ok())
}
