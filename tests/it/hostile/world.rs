//! The folder of a hostile case, and the command in it.

use super::case::{Case, Thing};
use crate::command::Folder;
use std::fs::{self, File, OpenOptions};
use std::io::{Read, Write};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// A folder with the things of a case in it.
pub(super) struct World {
    folder: Folder,
}

/// How the command ended.
pub(super) struct Ended {
    /// Nothing if a signal ended it, or the test did because it took too long.
    pub(super) code: Option<i32>,
    pub(super) took: Duration,
    pub(super) stdout: String,
    pub(super) stderr: String,
}

impl World {
    pub(super) fn of(case: &Case) -> Self {
        let folder = Folder::with(&[]);
        for thing in &case.things {
            match thing {
                Thing::File { name, bytes } => {
                    folder.write(name, "");
                    fs::write(folder.path(name), bytes).expect("a file");
                }
                Thing::Folder(name) => fs::create_dir_all(folder.path(name)).expect("a folder"),
                Thing::Link { name, target } => {
                    std::os::unix::fs::symlink(target, folder.path(name)).expect("a link");
                }
                Thing::Fifo(name) => {
                    let made = Command::new("mkfifo").arg(folder.path(name)).status().expect("mkfifo is there");
                    assert!(made.success(), "mkfifo");
                }
                Thing::Sparse { name, bytes } => {
                    File::create(folder.path(name)).and_then(|file| file.set_len(*bytes)).expect("a file");
                }
            }
        }
        Self { folder }
    }

    /// The text of a file, if there is one.
    pub(super) fn text(&self, name: &str) -> Option<String> {
        fs::read(self.folder.path(name)).ok().map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
    }

    /// Runs the command in no more address space than the case gives it.
    pub(super) fn run(&self, case: &Case) -> Ended {
        let mut command = Command::new("sh");
        let limited = format!("ulimit -v {}; ulimit -c 0; exec \"$0\" \"$@\"", case.memory * 1024);
        command.args(["-c", &limited, env!("CARGO_BIN_EXE_entail")]).args(&case.args);
        command.current_dir(self.folder.path("")).envs(case.environment.iter().cloned());
        command.stdin(Stdio::piped()).stderr(Stdio::piped());
        command.stdout(match &case.stdout {
            Some(path) => Stdio::from(OpenOptions::new().write(true).open(path).expect("somewhere to write")),
            None => Stdio::piped(),
        });
        let started = Instant::now();
        let mut child = command.spawn().expect("sh starts");
        let mut stdin = child.stdin.take().expect("a pipe");
        let input = case.input.clone();
        thread::scope(|scope| {
            // A command that does not read its input closes the pipe.
            scope.spawn(move || stdin.write_all(&input).ok());
            let stdout = child.stdout.take().map(|pipe| scope.spawn(move || all_of(pipe)));
            let stderr = child.stderr.take().map(|pipe| scope.spawn(move || all_of(pipe)));
            let code = wait(&mut child, started + case.within);
            let text = |reader: Option<thread::ScopedJoinHandle<String>>| {
                reader.map(|reader| reader.join().expect("it reads")).unwrap_or_default()
            };
            Ended { code, took: started.elapsed(), stdout: text(stdout), stderr: text(stderr) }
        })
    }
}

fn all_of(mut pipe: impl Read) -> String {
    let mut bytes = Vec::new();
    pipe.read_to_end(&mut bytes).expect("a pipe can be read");
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Waits until the command ends, or ends it.
fn wait(child: &mut Child, deadline: Instant) -> Option<i32> {
    loop {
        if let Some(status) = child.try_wait().expect("it can be waited for") {
            return status.code();
        }
        if Instant::now() > deadline {
            child.kill().expect("it can be ended");
            child.wait().expect("it ends");
            return None;
        }
        thread::sleep(Duration::from_millis(2));
    }
}
