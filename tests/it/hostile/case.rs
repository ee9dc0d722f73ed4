//! How a hostile case is written.
//!
//! In: a file of cases. Out: each with what is set up, what is run and what is asked of it. A case that cannot be read ends
//! the test with its place.

use std::path::Path;
use std::time::Duration;

/// A command in a world made for it, and what must come of it.
pub(super) struct Case {
    /// Where it is written, and its title.
    pub(super) name: String,
    pub(super) things: Vec<Thing>,
    pub(super) args: Vec<String>,
    pub(super) input: Vec<u8>,
    pub(super) environment: Vec<(String, String)>,
    /// Where standard output goes, if not to the test.
    pub(super) stdout: Option<String>,
    pub(super) within: Duration,
    /// Address space, in MiB.
    pub(super) memory: u64,
    /// Whether standard output is data, that may hold any character.
    pub(super) raw: bool,
    pub(super) checks: Vec<Check>,
}

/// Something in the folder in which the command runs.
pub(super) enum Thing {
    File {
        name: String,
        bytes: Vec<u8>,
    },
    Folder(String),
    Link {
        name: String,
        target: String,
    },
    Fifo(String),
    /// A file of so many bytes, all zero, that takes no room.
    Sparse {
        name: String,
        bytes: u64,
    },
}

/// What is asked.
pub(super) enum Check {
    /// It ends with one of these.
    Exit(Vec<i32>),
    /// Standard error has this.
    Says(String),
    /// Standard output has this.
    Prints(String),
    /// Neither has this.
    Never(String),
    /// A file has this.
    Wrote { file: String, part: String },
    /// There is no such file.
    Absent(String),
}

/// A debug build on a machine that does other things has so many times the time.
const PATIENCE: u32 = if cfg!(debug_assertions) { 30 } else { 1 };

/// The cases of a file, in its order.
pub(super) fn read(path: &Path) -> Vec<Case> {
    let text = std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let mut cases: Vec<Case> = Vec::new();
    let mut lines = text.lines().enumerate().peekable();
    while let Some((number, line)) = lines.next() {
        let place = format!("{}:{}", path.display(), number + 1);
        if let Some(title) = line.strip_prefix("-- ") {
            cases.push(Case::new(format!("{place} {title}")));
            continue;
        }
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let case = cases.last_mut().unwrap_or_else(|| panic!("{place}: a case begins with `-- `"));
        let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
        if word == "file" && !rest.contains(' ') {
            let mut bytes = Vec::new();
            while let Some((_, line)) = lines.next_if(|(_, line)| line.starts_with("    ")) {
                bytes.extend_from_slice(&line.as_bytes()[4..]);
                bytes.push(b'\n');
            }
            case.things.push(Thing::File { name: rest.to_owned(), bytes });
        } else {
            case.line(word, rest).unwrap_or_else(|| panic!("{place}: `{line}` means nothing"));
        }
    }
    cases
}

impl Case {
    fn new(name: String) -> Self {
        Self {
            name,
            things: Vec::new(),
            args: Vec::new(),
            input: Vec::new(),
            environment: Vec::new(),
            stdout: None,
            within: Duration::from_secs(2) * PATIENCE,
            memory: 2_000,
            raw: false,
            checks: Vec::new(),
        }
    }

    fn line(&mut self, word: &str, rest: &str) -> Option<()> {
        let owned = rest.to_owned();
        let pair = || rest.split_once(' ').map(|(name, rest)| (name.to_owned(), rest));
        match word {
            "file" => {
                let (name, expression) = pair()?;
                self.things.push(Thing::File { name, bytes: bytes(expression)? });
            }
            "folder" => self.things.push(Thing::Folder(owned)),
            "fifo" => self.things.push(Thing::Fifo(owned)),
            "link" => {
                let (name, target) = pair()?;
                self.things.push(Thing::Link { name, target: target.to_owned() });
            }
            "sparse" => {
                let (name, size) = pair()?;
                self.things.push(Thing::Sparse { name, bytes: size.parse().ok()? });
            }
            "run" => self.args = shlex::split(rest)?,
            "stdin" => self.input = bytes(rest)?,
            "stdout" => self.stdout = Some(owned),
            "env" => {
                let (name, value) = rest.split_once('=')?;
                self.environment.push((name.to_owned(), value.to_owned()));
            }
            "within" => self.within = Duration::from_millis(rest.parse().ok()?) * PATIENCE,
            "memory" => self.memory = rest.parse().ok()?,
            "raw" => self.raw = true,
            "exit" => {
                let codes: Option<Vec<i32>> = rest.split(' ').map(|code| code.parse().ok()).collect();
                self.checks.push(Check::Exit(codes?));
            }
            "says" => self.checks.push(Check::Says(owned)),
            "prints" => self.checks.push(Check::Prints(String::from_utf8(bytes(rest)?).ok()?)),
            "never" => self.checks.push(Check::Never(owned)),
            "wrote" => {
                let (file, part) = pair()?;
                self.checks.push(Check::Wrote { file, part: String::from_utf8(bytes(part)?).ok()? });
            }
            "absent" => self.checks.push(Check::Absent(owned)),
            _ => return None,
        }
        Some(())
    }
}

/// `"text"`, `"text"*100`, `hex:ff00`, one after the other: the bytes.
fn bytes(expression: &str) -> Option<Vec<u8>> {
    let mut all = Vec::new();
    let mut rest = expression.trim_start();
    while !rest.is_empty() {
        let (part, after) = match rest.strip_prefix("hex:") {
            Some(digits) => {
                let end = digits.find(|digit: char| !digit.is_ascii_hexdigit()).unwrap_or(digits.len());
                let pairs = (0..end).step_by(2).map(|at| u8::from_str_radix(digits.get(at..at + 2)?, 16).ok());
                (pairs.collect::<Option<Vec<u8>>>()?, &digits[end..])
            }
            None => {
                let mut texts = serde_json::Deserializer::from_str(rest).into_iter::<String>();
                let text = texts.next()?.ok()?;
                (text.into_bytes(), &rest[texts.byte_offset()..])
            }
        };
        let (times, after) = match after.strip_prefix('*') {
            Some(number) => {
                let end = number.find(' ').unwrap_or(number.len());
                (number[..end].parse().ok()?, &number[end..])
            }
            None => (1, after),
        };
        all.extend(part.repeat(times));
        rest = after.trim_start();
    }
    Some(all)
}
